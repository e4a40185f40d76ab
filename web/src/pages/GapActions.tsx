/* What can be done about a gap: declare what was seen, mend what is declared, or give notice of it. */
import { Space } from 'antd';
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

export function GapActions({ gap, registerName }: { gap: GapDetail; registerName: string }) {
  const { t, pick } = useLang();
  const user = useUser();
  const register = useRegisters().data?.rows.find((one) => one.name === registerName);
  const notice = useWorkTypes().data?.find((type) => type.name === 'threat_notice');
  if (gap.state === 'closed') return null;
  const isDeclared = Boolean(gap.register_row);
  const prefill = register && `${fieldOf[gap.gap] ?? keyOf(register).name}=${encodeURIComponent(gap.subject.id)}`;
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
              {t('gap.declare', { register: pick(register) })}
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
