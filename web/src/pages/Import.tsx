/* Import of a table in three steps: choose, check (nothing is written), write the good rows or none. */
import { DownloadOutlined, InboxOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Select, Space, Steps, Table, Upload } from 'antd';
import { useState } from 'react';
import { base, call, query } from '../api';
import { fmtBytes, fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Key } from '../i18n';
import { refreshRows, useUser } from '../session';
import type { ImportResult, Register } from '../types';
import { Box, Head, ProblemView } from '../ui/Page';
import { LinkButton } from '../ui/LinkButton';
import { useOrgs } from '../ui/orgs';
import { useUrl } from '../ui/url';
import { useRegisters } from '../ui/registers';

type Mode = 'check' | 'good' | 'all';
const counts: [name: 'read' | 'inserted' | 'updated' | 'unchanged' | 'warned' | 'refused', key: Key][] = [
  ['read', 'import.read'],
  ['inserted', 'import.inserted'],
  ['updated', 'import.updated'],
  ['unchanged', 'import.unchanged'],
  ['warned', 'import.warned'],
  ['refused', 'import.refused'],
];

function Result({ result, register }: { result: ImportResult; register: Register }) {
  const { t, lang, pick } = useLang();
  const label = (name?: string | null) => pick(register.fields.find((field) => field.name === name), name ?? t('import.whole_row'));
  return (
    <div className="stack">
      <div className="figures" role="status">
        {counts.map(([name, key]) => (
          <div className="tile" key={name}>
            <h2>{t(key)}</h2>
            <div className="big">
              <b style={name === 'refused' && result.refused > 0 ? { color: 'var(--high)' } : undefined}>{fmtInt(result[name])}</b>
            </div>
          </div>
        ))}
      </div>
      {result.faults.length > 0 && (
        <div className="box">
          <div className="tools">
            <strong>{t('import.faults', { n: fmtInt(result.faults.length) })}</strong>
            <span className="fill" />
            <Button icon={<DownloadOutlined />} href={`${base}/imports/${result.import_id}/errors.xlsx`} download>
              {t('import.workbook')}
            </Button>
          </div>
          <Table
            size="small"
            aria-label={t('import.faults', { n: result.faults.length })}
            rowKey={(fault) => `${fault.row} ${fault.field} ${fault.en}`}
            dataSource={result.faults}
            pagination={result.faults.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
            columns={[
              { title: t('import.row'), dataIndex: 'row', width: 90, render: (row: number) => <span className="num">{fmtInt(row)}</span> },
              { title: t('import.field'), dataIndex: 'field', width: 180, render: label },
              { title: t('import.value'), dataIndex: 'value', width: 240, render: (value?: string) => <span className="mono">{value}</span> },
              { title: t('import.why'), key: 'why', render: (_, fault) => (lang === 'zh' ? fault.zh || fault.en : fault.en || fault.zh) },
            ]}
          />
        </div>
      )}
    </div>
  );
}

export default function Import() {
  const { t, pick } = useLang();
  const user = useUser();
  const client = useQueryClient();
  const orgs = useOrgs();
  const [url, setUrl] = useUrl();
  const [file, setFile] = useState<File | null>(null);
  const registers = useRegisters();
  const register = registers.data?.rows.find((one) => one.name === url['register']);
  const org = url['org'];
  const needsOrg = user.sees_all === true && register !== undefined && !register.is_global && !org;

  const send = useMutation({
    mutationFn: ({ chosen, mode }: { chosen: File; mode: Mode }) =>
      call<ImportResult>('POST', `/registers/${register?.name}/import${query({ mode, filename: chosen.name, org })}`, chosen),
    onSuccess: (result) => {
      if (result.written) refreshRows(client);
    },
  });
  const start = (chosen: File) => {
    setFile(chosen);
    send.mutate({ chosen, mode: 'check' });
  };
  const again = () => {
    setFile(null);
    send.reset();
  };
  const result = send.data;
  const step = result?.written ? 2 : result ? 1 : 0;
  const fresh = result ? result.inserted + result.updated : 0;

  return (
    <>
      <Head title={t('nav.import')} sub={t('import.sub')} />
      <div className="stack">
        <Box>
          <Steps size="small" current={step} items={[{ title: t('import.step1') }, { title: t('import.step2') }, { title: t('import.step3') }]} />
        </Box>
        {send.error && <ProblemView error={send.error} retry={file ? () => start(file) : undefined} />}
        {step === 0 && (
          <Box>
            <div className="stack">
              <Space wrap>
                <Select
                  aria-label={t('import.register')}
                  placeholder={t('import.register')}
                  style={{ width: 260 }}
                  value={register?.name ?? null}
                  showSearch={{ optionFilterProp: 'text' }}
                  options={registers.data?.rows.map((one) => ({ value: one.name, label: pick(one), text: `${one.zh} ${one.en} ${one.name}` }))}
                  onChange={(name) => setUrl({ register: name })}
                />
                {user.sees_all && !register?.is_global && (
                  <Select aria-label={t('common.org')} placeholder={t('import.org')} showSearch={{ optionFilterProp: 'label' }} style={{ width: 260 }} value={org ?? null} options={orgs.map((one) => ({ value: one.code, label: one.name }))} onChange={(code) => setUrl({ org: code })} />
                )}
                {register && (
                  <Button icon={<DownloadOutlined />} href={`${base}/registers/${register.name}/export?template=1&format=xlsx`} download>
                    {t('export.template')}
                  </Button>
                )}
              </Space>
              <Upload.Dragger
                accept=".csv,.xlsx"
                maxCount={1}
                showUploadList={false}
                disabled={!register || needsOrg || !user.may_write || send.isPending}
                beforeUpload={(chosen) => {
                  start(chosen);
                  return false;
                }}
              >
                <p style={{ fontSize: 26, margin: '14px 0 4px', color: 'var(--accent)' }}>
                  <InboxOutlined />
                </p>
                <p>{send.isPending ? t('import.checking', { name: file?.name ?? '' }) : t(!user.may_write ? 'error.forbidden' : register ? (needsOrg ? 'import.org' : 'import.drop') : 'import.register_first')}</p>
                <p className="soft" style={{ marginBottom: 14 }}>
                  {t('import.formats')}
                </p>
              </Upload.Dragger>
            </div>
          </Box>
        )}
        {result && register && (
          <>
            {result.written ? (
              <Alert
                type={result.refused > 0 ? 'warning' : 'success'}
                showIcon
                title={t('import.done', { n: fmtInt(result.inserted + result.updated), register: pick(register) })}
                description={result.refused > 0 ? t('import.done_refused', { n: fmtInt(result.refused) }) : undefined}
              />
            ) : (
              <Alert
                type={result.refused > 0 ? 'warning' : 'info'}
                showIcon
                title={t(result.refused > 0 ? 'import.checked_faults' : 'import.checked', { name: file?.name ?? '' })}
                description={t(fresh > 0 ? 'import.nothing_yet' : 'import.nothing_new')}
              />
            )}
            <Result result={result} register={register} />
            <Space wrap>
              {result.written ? (
                <>
                  <LinkButton to={`/registers/${register.name}`} type="primary">{t('import.show', { register: pick(register) })}</LinkButton>
                  <Button onClick={again}>{t('import.another')}</Button>
                </>
              ) : (
                <>
                  <Button type="primary" disabled={fresh === 0 || !file} loading={send.isPending} onClick={() => file && send.mutate({ chosen: file, mode: 'good' })}>
                    {fresh > 0 ? t('import.write', { n: fmtInt(fresh) }) : t('import.write_nothing')}
                  </Button>
                  <Button onClick={again}>{t(result.refused > 0 ? 'import.write_none' : 'common.cancel')}</Button>
                  <span className="soft">
                    {t('import.numbers', { inserted: fmtInt(result.inserted), updated: fmtInt(result.updated), unchanged: fmtInt(result.unchanged), refused: fmtInt(result.refused) })}
                    {' · '}
                    {file?.name} · {fmtBytes(file?.size)}
                  </span>
                </>
              )}
            </Space>
          </>
        )}
      </div>
    </>
  );
}
