/* What can be done about a gap: declare what was seen, mend what is declared, or give notice of it. */
import { Space } from 'antd';
import { useTypeName } from '../data/parts';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { GapDetail } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { keyOf, mayWrite, useRegisters } from '../ui/registers';
import { useWorkTypes } from '../work/hooks';

/** Where the subject of a gap stands in a new row; else it is the row's key. */
const fieldOf: Record<string, string> = {
  'T3.undeclared-asset': 'addresses',
  'T9.unfiled-release-commanded': 'version',
  'T13.undeclared-partner': 'endpoints',
  'T14.export-without-record': 'endpoints',
};

/** A row of the data list as far as the inventory knows it. */
function assetOf(gap: GapDetail, typeName: (name: string) => string): string {
  const rows = gap.columns ?? [];
  const objects = [...new Map(rows.map((row) => [row.object_id, row])).values()];
  const has = (grade: string) => rows.some((row) => row.final_grade === grade);
  const type = rows[0]?.final_type ?? '';
  const row: Record<string, string | number> = {
    name: typeName(type),
    level: has('core') ? 'core' : has('important') ? 'important' : 'general',
    is_personal: rows.some((one) => one.is_personal) ? 'yes' : 'no',
    is_sensitive: rows.some((one) => one.is_sensitive) ? 'yes' : 'no',
    store: rows[0]?.store ?? '',
    records: objects.reduce((sum, one) => sum + one.row_count, 0),
    bytes: objects.reduce((sum, one) => sum + one.bytes, 0),
    data_types: type,
  };
  return Object.entries(row)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

export function GapActions({ gap, registerName }: { gap: GapDetail; registerName: string }) {
  const { t, pick } = useLang();
  const typeName = useTypeName();
  const user = useUser();
  const register = useRegisters().data?.rows.find((one) => one.name === registerName);
  const notice = useWorkTypes().data?.find((type) => type.name === 'threat_notice');
  if (gap.state === 'closed') return null;
  const isDeclared = Boolean(gap.register_row);
  const prefill = !register ? '' : gap.columns ? assetOf(gap, typeName) : `${fieldOf[gap.gap] ?? keyOf(register).name}=${encodeURIComponent(gap.subject.id)}`;
  return (
    <Space wrap>
      {register && mayWrite(user, register) && (
        <>
          {isDeclared ? (
            <LinkButton type="primary" to={`/registers/${register.name}/${String(gap.register_row?.['id'])}`}>
              {t('gap.edit_row')}
            </LinkButton>
          ) : (
            <LinkButton type="primary" to={`/registers/${register.name}/new?${prefill}`}>
              {gap.columns ? t('gap.declare_data') : t('gap.declare', { register: pick(register) })}
            </LinkButton>
          )}
          {gap.gap === 'T9.unfiled-release-commanded' && <LinkButton to="/cases/new?type=release_filing">{t('gap.file_release')}</LinkButton>}
        </>
      )}
      {notice && user.roles.includes('bureau') && (
        <LinkButton type="primary" to={`/cases/new?type=threat_notice&org=${encodeURIComponent(gap.org)}&target=${encodeURIComponent(gap.subject.id)}&title=${encodeURIComponent(gap.title ?? gap.gap)}&detail=${encodeURIComponent(gap.why)}`}>
          {t('gap.give_notice')}
        </LinkButton>
      )}
      <LinkButton to={`/gaps?rule=${gap.gap}`}>{t('gap.same_rule')}</LinkButton>
    </Space>
  );
}
