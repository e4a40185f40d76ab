/* Tables in and out: import, export of what is shown or of all, the empty template. */
import { UploadOutlined } from '@ant-design/icons';
import { base, query } from '../../api';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import type { Register } from '../../types';
import { ExportButton } from '../../ui/ExportButton';
import { LinkButton } from '../../ui/LinkButton';

export const exportUrl = (register: Register, params: Record<string, string>) => `${base}/registers/${register.name}/export${query(params)}`;

export function Sheets({ register, filter, isWritable }: { register: Register; filter: Record<string, string>; isWritable: boolean }) {
  const { t } = useLang();
  const user = useUser();
  // Single cards and vehicles are the company's: who supervises reads rates.
  const isKept = user.roles.includes('bureau') && register.fields.some((field) => field.flags.includes('identity'));
  return (
    <>
      {isWritable && (
        <LinkButton to={`/imports?register=${register.name}`} icon={<UploadOutlined aria-hidden />}>
          {t('import.go')}
        </LinkButton>
      )}
      {!isKept && <ExportButton path={`/registers/${register.name}/export`} params={filter} formats={['xlsx', 'csv']} template={isWritable} />}
    </>
  );
}
