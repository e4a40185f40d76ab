/* Tables in and out: import, export of what is shown or of all, the empty template. */
import { DownloadOutlined, UploadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { base, query } from '../../api';
import { useLang } from '../../i18n';
import type { Register } from '../../types';
import { LinkButton } from '../../ui/LinkButton';

export const exportUrl = (register: Register, params: Record<string, string>) => `${base}/registers/${register.name}/export${query(params)}`;

export function Sheets({ register, filter, isWritable }: { register: Register; filter: Record<string, string>; isWritable: boolean }) {
  const { t } = useLang();
  const isFiltered = Object.keys(filter).length > 0;
  const item = (key: string, label: string, params: Record<string, string>) => ({
    key,
    label: (
      <a href={exportUrl(register, params)} download>
        {label}
      </a>
    ),
  });
  return (
    <>
      {isWritable && (
        <LinkButton to={`/imports?register=${register.name}`} icon={<UploadOutlined aria-hidden />}>
          {t('import.go')}
        </LinkButton>
      )}
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...(['xlsx', 'csv'] as const).map((format) => item(format, t(isFiltered ? 'export.filtered' : 'export.all', { format: format.toUpperCase() }), { ...filter, format })),
            { type: 'divider' as const },
            item('template', t('export.template'), { template: '1', format: 'xlsx' }),
          ],
        }}
      >
        <Button icon={<DownloadOutlined aria-hidden />}>{t('export.go')}</Button>
      </Dropdown>
    </>
  );
}
