/* What can be done about a gap: declare what was seen, mend what is declared, or give notice of it. */
import { useQuery } from '@tanstack/react-query';
import { Button, Select, Space } from 'antd';
import { useState } from 'react';
import { get } from '../api';
import { useTypeName } from '../data/parts';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { DataFind, Gap, GapDetail, Page } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { keyOf, mayWrite, useRegisters } from '../ui/registers';
import { useWorkTypes } from '../work/hooks';
import { assetOf, linkOf } from './asset';

/** Where the subject of a gap stands in a new row; else it is the row's key. */
const fieldOf: Record<string, string> = {
  'T3.undeclared-asset': 'addresses',
  'T9.unfiled-release-commanded': 'version',
  'T13.undeclared-partner': 'endpoints',
  'T14.export-without-record': 'endpoints',
};

const typeOf = (gap: Pick<GapDetail, 'subject'>) => gap.subject.id.split(' · ').pop() ?? '';

const page_rows = 500;

async function columnsOf(source: string, org: string, type: string, signal: AbortSignal): Promise<DataFind[]> {
  const all: DataFind[] = [];
  for (;;) {
    const page = await get<Page<DataFind>>('/inventory/columns', { source, org, type, found: 1, limit: page_rows, offset: all.length }, signal);
    all.push(...page.rows);
    if (page.rows.length === 0 || all.length >= (page.total ?? 0)) return all;
  }
}

/** One row of the data list for this gap, and for others of the same source that are chosen with it. */
function DeclareData({ gap }: { gap: GapDetail }) {
  const { t } = useLang();
  const typeName = useTypeName();
  const [more, setMore] = useState<string[]>([]);
  const own = gap.columns ?? [];
  const source = gap.subject.id.slice(0, gap.subject.id.lastIndexOf(' · '));
  const others = useQuery({ queryKey: ['gaps-of-source', gap.gap, gap.org, source], queryFn: ({ signal }) => get<Page<Gap>>('/gaps', { rule: gap.gap, org: gap.org, q: source, limit: 200 }, signal) });
  const types = (others.data?.rows ?? []).filter((one) => one.id !== gap.id && one.subject.id.slice(0, one.subject.id.lastIndexOf(' · ')) === source).map(typeOf);
  const wanted = [typeOf(gap), ...more];
  const nameOf = (names: string[]) => (names.length > 3 ? t('gap.types_and_more', { names: names.slice(0, 3).join(t('common.list')), n: names.length }) : names.join(t('common.list')));
  const isPart = (gap.column_total ?? own.length) > own.length;
  const found = useQuery({
    queryKey: ['columns-of-source', gap.org, source, wanted],
    enabled: more.length > 0 || isPart,
    queryFn: async ({ signal }) => (await Promise.all(wanted.map((type) => columnsOf(source, gap.org, type, signal)))).flat(),
  });
  const rows = found.data ?? own;
  return (
    <Space wrap>
      <LinkButton type="primary" loading={(more.length > 0 || isPart) && found.isPending} to={`/registers/data_assets/new?${linkOf(assetOf(source, rows, wanted, nameOf(wanted.map(typeName))))}`}>
        {more.length > 0 ? t('gap.declare_types', { n: wanted.length }) : t('gap.declare_data')}
      </LinkButton>
      {types.length > 0 && (
        <>
          <Select mode="multiple" aria-label={t('gap.with_types', { n: types.length })} placeholder={t('gap.with_types', { n: types.length })} style={{ minWidth: 340 }} value={more} onChange={setMore} maxTagCount={2} options={types.map((name) => ({ value: name, label: typeName(name) }))} />
          <Button type="link" onClick={() => setMore(more.length === types.length ? [] : types)}>
            {t(more.length === types.length ? 'gap.none_of_types' : 'gap.all_types')}
          </Button>
        </>
      )}
    </Space>
  );
}

export function GapActions({ gap, registerName }: { gap: GapDetail; registerName: string }) {
  const { t, pick } = useLang();
  const user = useUser();
  const register = useRegisters().data?.rows.find((one) => one.name === registerName);
  const notice = useWorkTypes().data?.find((type) => type.name === 'threat_notice');
  if (gap.state === 'closed') return null;
  const isDeclared = Boolean(gap.register_row);
  const prefill = !register ? '' : `${fieldOf[gap.gap] ?? keyOf(register).name}=${encodeURIComponent(gap.subject.id)}`;
  return (
    <Space wrap>
      {register && mayWrite(user, register) && (
        <>
          {isDeclared ? (
            <LinkButton type="primary" to={`/registers/${register.name}/${String(gap.register_row?.['id'])}`}>
              {t('gap.edit_row')}
            </LinkButton>
          ) : gap.columns ? (
            <DeclareData gap={gap} />
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
