/* Attachments of a case: kept under their SHA-256, which is shown so that it can be checked. */
import { UploadOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Upload } from 'antd';
import { base, call, query } from '../../api';
import { fmtBytes, fmtTime } from '../../format';
import { useLang } from '../../i18n';
import { Loaded, Nothing, ProblemView } from '../../ui/Page';
import { useOfCase } from '../../work/hooks';
import type { CaseFile } from '../../work/types';

export function Files({ id }: { id: number }) {
  const { t } = useLang();
  const client = useQueryClient();
  const files = useOfCase<CaseFile>(id, 'files');
  const add = useMutation({
    mutationFn: (file: File) => call('POST', `/work/cases/${id}/files${query({ name: file.name })}`, file),
    onSuccess: () => client.invalidateQueries({ queryKey: ['case', id] }),
  });
  return (
    <div className="stack">
      {add.error && <ProblemView error={add.error} />}
      <Upload
        showUploadList={false}
        beforeUpload={(file) => {
          add.mutate(file);
          return false;
        }}
      >
        <Button icon={<UploadOutlined aria-hidden />} loading={add.isPending}>
          {t('case.add_file')}
        </Button>{' '}
        <span className="soft">{t('case.file_limit')}</span>
      </Upload>
      <Loaded of={files}>
        {(rows) =>
          rows.length === 0 ? (
            <Nothing what={t('case.no_files')} />
          ) : (
            <table className="rows">
              <thead>
                <tr>
                  <th scope="col">{t('case.file')}</th>
                  <th scope="col">{t('case.size')}</th>
                  <th scope="col">SHA-256</th>
                  <th scope="col">{t('audit.user')}</th>
                  <th scope="col">{t('audit.at')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((file) => (
                  <tr key={`${file.sha256} ${file.at}`}>
                    <th scope="row">
                      <a href={`${base}/work/files/${file.sha256}`} download={file.name}>
                        {file.name}
                      </a>
                    </th>
                    <td className="num">{fmtBytes(file.bytes)}</td>
                    <td className="mono" style={{ overflowWrap: 'anywhere' }}>
                      {file.sha256}
                    </td>
                    <td>{file.actor}</td>
                    <td className="num nowrap">{fmtTime(file.at, false)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </div>
  );
}
