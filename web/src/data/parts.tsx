/* What the pages of data share: marks of grades and verdicts, the taxonomy. */
import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { get } from '../api';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Named } from '../i18n';

export interface DataColumn {
  id: number;
  object_id: number;
  source: string;
  path: string;
  kind: string;
  name: string;
  data_type: string;
  comment: string;
  is_gone: boolean;
  last_seen_at: string;
  value_count: number;
  sampled: number;
  distinct_count: number;
  type: string;
  state: string;
  category: string;
  grade: string;
  is_personal_proposed?: boolean;
  is_sensitive_proposed?: boolean;
  is_personal: boolean;
  is_sensitive: boolean;
  ratio: number;
  bound: number;
  /** null: the type stands for nobody. */
  subjects: number | null;
  why: string;
  others: string[];
  samples: string[];
  rules: string;
  verdict: string;
  final_type: string;
  final_grade: string;
  is_offered: boolean;
  actor: string;
  reason: string;
  verdict_at: string;
  /** What the verdict was given on: the rules, and what they proposed then. */
  verdict_rules?: string;
  verdict_on_type?: string;
  verdict_on_grade?: string;
}

/** Rules changed since the verdict: it holds, and something else is proposed. */
export const isAgain = (row: DataColumn) => row.is_offered && row.verdict !== '';

export interface DataType extends Named {
  name: string;
  category: string;
  grade: string;
  is_personal: boolean;
  is_sensitive: boolean;
}

export const grades = ['L1', 'L2', 'L3', 'L4', 'important', 'core'];
const colours: Record<string, string> = { L1: 'default', L2: 'default', L3: 'blue', L4: 'gold', important: 'volcano', core: 'red' };

/** Distinct subjects are counted by sketches: within two percent of what is there. */
export const fmtAbout = (count: number | null | undefined) => (count ? `≈ ${fmtInt(count)}` : '');

/** Grades differ by their word, not by colour alone. */
export function Grade({ of }: { of: string }) {
  const { word } = useLang();
  return of ? <Tag color={colours[of] ?? 'default'}>{word('grade', of)}</Tag> : null;
}

export function Flags({ row }: { row: { is_personal: boolean; is_sensitive: boolean } }) {
  const { t } = useLang();
  return (
    <>
      {row.is_personal && <Tag>{t('data.personal')}</Tag>}
      {row.is_sensitive && <Tag color="gold">{t('data.sensitive')}</Tag>}
    </>
  );
}

/** A class of the taxonomy: what people may name where no type does. */
export interface DataClass extends Named {
  name: string;
  grade: string;
}

export function useDataTypes() {
  return useQuery({ queryKey: ['inventory-types'], staleTime: Infinity, queryFn: ({ signal }) => get<{ rows: DataType[]; classes?: DataClass[] }>('/inventory/types', undefined, signal) });
}

export function useTypeName(): (name: string) => string {
  const { pick, word } = useLang();
  const known = useDataTypes().data;
  return (name) => {
    const one = known?.rows.find((type) => type.name === name) ?? known?.classes?.find((kind) => kind.name === name);
    return one ? pick(one) : word('type', name);
  };
}

/** The version of the rules, "5-2026.11.1-2026.11.1-2026.10.2": the newest of the packs, on pointing at it each by name. */
export function RuleVersion({ of, text }: { of: string; text?: string }) {
  const { t } = useLang();
  const [own = '', identifiers = '', taxonomy = '', columns = ''] = of.split('-');
  if (!columns) return <span className="mono">{of}</span>;
  const newest = [identifiers, taxonomy, columns].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0] ?? '';
  return (
    <span className="num nowrap" title={text ?? t('data.rules_parts', { own, identifiers, taxonomy, columns })}>
      {t('data.rules_newest', { version: newest, own })}
    </span>
  );
}

const ruleParts = ['own', 'identifiers', 'taxonomy', 'columns'] as const;

/** Which of the rules are other versions than those of the verdict. */
function RulesChange({ from, to }: { from: string; to: string }) {
  const { t } = useLang();
  const before = from.split('-');
  const now = to.split('-');
  if (before.length !== ruleParts.length || now.length !== ruleParts.length) return <div className="mono">{`${from} → ${to}`}</div>;
  const parts = ruleParts.flatMap((name, i) => (before[i] === now[i] ? [] : [t('data.rules_change', { part: t(`data.rules_part_${name}`), from: before[i] ?? '', to: now[i] ?? '' })]));
  return <div className="num">{parts.join(t('common.list'))}</div>;
}

/** Verdict and new proposal side by side, and which rules brought it; `isBeside` where the row shows the proposal itself. */
export function Again({ row, isBeside = false }: { row: DataColumn; isBeside?: boolean }) {
  const { t, word } = useLang();
  const typeName = useTypeName();
  const told = (key: string, name: string, type: string, grade: string) => (
    <div key={key}>
      <span className="soft">{name}</span> {type ? typeName(type) : t('data.no_proposal')} <Grade of={grade} />
    </div>
  );
  return (
    <>
      <span className="mark c-due_soon">{t('review.again')}</span>
      {row.verdict === 'reject' ? <div className="soft">{word('verdict', row.verdict)}</div> : told('holds', word('verdict', row.verdict), row.final_type, row.final_grade)}
      {row.verdict !== 'accept' && told('then', t('data.proposed_then'), row.verdict_on_type ?? '', row.verdict_on_grade ?? '')}
      {!isBeside && told('now', t('data.proposed_now'), row.type, row.grade)}
      <RulesChange from={row.verdict_rules ?? ''} to={row.rules} />
      {row.reason && <div>{t('data.with_reason', { reason: row.reason })}</div>}
    </>
  );
}

/** What has no columns is found as one, its content. */
export function useColumnName(): (name: string) => string {
  const { t } = useLang();
  return (name) => (name === '(content)' ? t('data.content') : name === '(text)' ? t('data.text') : name);
}

export function percent(value: number): string {
  if (value > 0 && value < 0.001) return '<0.1%';
  return `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)}%`;
}

/** What the machine proposes for a column, with how sure it is. */
export function Proposal({ row }: { row: DataColumn }) {
  const { t, word } = useLang();
  const typeName = useTypeName();
  if (!row.type) return null;
  return (
    <>
      {typeName(row.type)} <span className="soft">{word('found', row.state)}</span>
      {row.others.length > 0 && <div className="soft">{t('data.others', { types: row.others.map(typeName).join(t('common.list')) })}</div>}
    </>
  );
}

export function Samples({ of }: { of: string[] }) {
  return (
    <>
      {of.map((sample, i) => (
        <div key={i} className="mono">
          {sample}
        </div>
      ))}
    </>
  );
}
