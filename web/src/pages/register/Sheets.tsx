/* Tables in and out: import, export of what is shown or of all, the empty template. */
import { UploadOutlined } from '@ant-design/icons';
import { base, query } from '../../api';
import { useLang } from '../../i18n';
import type { Register } from '../../types';
import { ExportButton } from '../../ui/ExportButton';
import { LinkButton } from '../../ui/LinkButton';

export const exportUrl = (register: Register, params: Record<string, string>) => `${base}/registers/${register.name}/export${query(params)}`;

export function Sheets({ register, filter, isWritable }: { register: Register; filter: Record<string, string>; isWritable: boolean }) {
  const { t } = useLang();
  return (
    <>
      {isWritable && (
        <LinkButton to={`/imports?register=${register.name}`} icon={<UploadOutlined aria-hidden />}>
          {t('import.go')}
        </LinkButton>
      )}
      <ExportButton path={`/registers/${register.name}/export`} params={filter} formats={['xlsx', 'csv']} template={isWritable} />
    </>
  );
}
