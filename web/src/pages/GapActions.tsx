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

/** Where the subject of a gap stands in a new row; else it is the row's key. */
const fieldOf: Record<string, string> = {
  'T3.undeclared-asset': 'addresses',
  'T9.unfiled-release-commanded': 'version',
  'T13.undeclared-partner': 'endpoints',
  'T14.export-without-record': 'endpoints',
};

const typeOf = (gap: Pick<GapDetail, 'subject'>) => gap.subject.id.split(' · ').pop() ?? '';
const gradeOrder = ['L1', 'L2', 'L3', 'L4', 'important', 'core'];

/** Persons of these types in one source, as far as they are known to be counted once: types are not added up,
 * and what several tables hold is a sum of nothing where the source has no count of its own. */
function subjectsOf(rows: DataFind[], objects: number): number {
  const counts = rows.map((row) => row.source_subjects ?? (objects === 1 ? row.object_subjects : 0) ?? 0);
  return Math.max(0, ...counts);
}

/** A row of the data list for these types in this source, as far as the inventory knows it. */
function assetOf(source: string, all: DataFind[], types: string[], typeName: (name: string) => string, t: (key: string, values?: Record<string, string | number>) => string): string {
  const rows = all.filter((row) => types.includes(row.final_type) || row.others.some((name) => types.includes(name)));
  const objects = [...new Map(rows.map((row) => [row.object_id, row])).values()];
  const highest = rows.reduce<DataFind | undefined>((best, row) => (best && gradeOrder.indexOf(best.final_grade) >= gradeOrder.indexOf(row.final_grade) ? best : row), undefined);
  const names = types.map(typeName);
  const isPersonal = rows.some((one) => one.is_personal);
  const stores = [...new Set(rows.map((one) => one.store))];
  const row: Record<string, string | number> = {
    name: names.length > 3 ? t('gap.types_and_more', { names: names.slice(0, 3).join(t('common.list')), n: names.length }) : names.join(t('common.list')),
    category: highest?.category_axis ?? '',
    level: highest?.final_grade === 'core' || highest?.final_grade === 'important' ? highest.final_grade : 'general',
    is_personal: isPersonal ? 'yes' : 'no',
    is_sensitive: rows.some((one) => one.is_sensitive) ? 'yes' : 'no',
    store: stores.length === 1 ? (stores[0] ?? '') : '',
    source,
    records: objects.reduce((sum, one) => sum + one.row_count, 0),
    subjects: isPersonal ? subjectsOf(rows, objects.length) || '' : '',
    bytes: objects.reduce((sum, one) => sum + one.bytes, 0),
    data_types: types.join(';'),
  };
  return Object.entries(row)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

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
  const isPart = (gap.column_total ?? own.length) > own.length;
  const found = useQuery({
    queryKey: ['columns-of-source', gap.org, source, wanted],
    enabled: more.length > 0 || isPart,
    queryFn: async ({ signal }) => (await Promise.all(wanted.map((type) => columnsOf(source, gap.org, type, signal)))).flat(),
  });
  const rows = found.data ?? own;
  return (
    <Space wrap>
      <LinkButton type="primary" loading={(more.length > 0 || isPart) && found.isPending} to={`/registers/data_assets/new?${assetOf(source, rows, wanted, typeName, t)}`}>
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
