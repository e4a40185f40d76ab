/* One value of a register's row, shown by its field. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Field, Page } from '../types';
import { isEmpty } from '../form/values';
import { rowUrl } from './registers';
import { isCode, useCountry } from './Value';

/** The code of a row elsewhere, and in a row's own page its name, as far as the reader may see it. */
function RefLink({ refers, code, org, isNamed }: { refers: string; code: string; org?: string; isNamed?: boolean }) {
  const { data } = useQuery({
    queryKey: ['ref-name', refers, code, org],
    enabled: isNamed === true,
    queryFn: async ({ signal }) => (await get<Page<{ code: string; name: string | null }>>(`/registers/${refers}/options`, { q: code, org }, signal)).rows.find((row) => row.code === code)?.name ?? null,
  });
  return (
    <>
      <Link className="mono" to={rowUrl(refers, code, org)}>
        {code}
      </Link>
      {data && data !== code && <> {data}</>}
    </>
  );
}

/** `isWhole`: all of a long text, as in a row's own page; else its beginning. `org`: whose row it is, to who sees several. */
export function useCell(): (field: Field, value: unknown, isWhole?: boolean, org?: unknown) => ReactNode {
  const { pick, word, t } = useLang();
  const country = useCountry();
  const { sees_all } = useUser();
  return (field, value, isWhole, org) => {
    if (isEmpty(value)) return <span className="soft">–</span>;
    const list = Array.isArray(value) ? value.map(String) : field.type.includes('list') || field.type === 'endpoints' ? String(value).split(';') : null;
    const named = (name: string) => pick(field.values?.find((one) => one.name === name), field.name === 'data_types' ? word('type', name) : name);
    if (list) return list.map(named).join('; ');
    if (field.type === 'ref') return <RefLink refers={field.refers ?? ''} code={String(value)} org={org && sees_all ? String(org) : undefined} isNamed={isWhole} />;
    if (field.type === 'bool') return t(value === true || value === 1 || value === 'yes' ? 'common.yes' : 'common.no');
    if (field.type === 'time') return <span className="num nowrap">{fmtTime(value, false)}</span>;
    if (field.name === 'country') return country(String(value));
    if (field.values?.length) return named(String(value));
    if (field.type === 'int') return <span className="num nowrap">{field.flags.includes('key') || /year/.test(field.name) ? String(value) : fmtInt(value)}</span>;
    if (field.type === 'date') return <span className="num nowrap">{String(value)}</span>;
    if (field.flags.includes('key') || isCode(field.name)) return <span className="mono">{String(value)}</span>;
    return isWhole ? <span className="long">{String(value)}</span> : <span className="clip" title={String(value).length > 60 ? String(value) : undefined}>{String(value)}</span>;
  };
}
