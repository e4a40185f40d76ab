/* One value of a register's row, shown by its field. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Field, Row } from '../types';
import { isEmpty } from '../form/values';
import { rowUrl, useRefName, useRegisters } from './registers';
import { isCode, useCountry } from './Value';

/** The code of a row elsewhere, and in a row's own page its name, as far as the reader may see it; an
 * organisation goes by its name. */
function RefLink({ refers, code, org, isNamed }: { refers: string; code: string; org?: string; isNamed?: boolean }) {
  const isOrg = refers === 'organisations';
  const name = useRefName(refers, code, org, isNamed === true || isOrg);
  return (
    <>
      <Link className={isOrg && name ? undefined : 'mono'} title={code} to={rowUrl(refers, code, org)}>
        {isOrg && name ? name : code}
      </Link>
      {!isOrg && name && <> {name}</>}
    </>
  );
}

/** Facts that a praise or criticism rests on, each with the way to it. */
export function FactLinks({ value, of }: { value: unknown; of: Row }) {
  const codes = (Array.isArray(value) ? value.map(String) : String(value ?? '').split(';')).map((code) => code.trim()).filter(Boolean);
  const org = of['organisation'] ? `&org=${encodeURIComponent(String(of['organisation']))}` : '';
  return codes.map((code, at) => (
    <span key={code}>
      {at > 0 && '; '}
      <Link className="mono" to={`/find?key=${encodeURIComponent(code)}${org}`}>
        {code}
      </Link>
    </span>
  ));
}

/** `of`: the row that has the value; `isWhole`: all of a long text, as in a row's own page; else its beginning. */
export function useCell(): (field: Field, value: unknown, of: Row, isWhole?: boolean) => ReactNode {
  const { pick, word, t } = useLang();
  const country = useCountry();
  const { sees_all } = useUser();
  const registers = useRegisters().data?.rows;
  /** Rows of a bureau that name no company are the bureau's to read. */
  const isHidden = (refers?: string) => {
    const register = registers?.find((one) => one.name === refers);
    return !sees_all && register?.side === 'bureau' && !register.fields.some((one) => one.name === 'organisation');
  };
  return (field, value, of, isWhole) => {
    if (isEmpty(value)) return <span className="soft">–</span>;
    if (field.name === 'facts') return <FactLinks value={value} of={of} />;
    const list = Array.isArray(value) ? value.map(String) : field.type.includes('list') || field.type === 'endpoints' ? String(value).split(';') : null;
    const named = (name: string) => pick(field.values?.find((one) => one.name === name), field.name === 'data_types' ? word('type', name) : name);
    if (list) return list.map(named).join('; ');
    if (field.type === 'ref' && isHidden(field.refers)) return <span className="mono">{String(value)}</span>;
    if (field.type === 'ref') return <RefLink refers={field.refers ?? ''} code={String(value)} org={of['org'] && sees_all && field.refers !== 'organisations' ? String(of['org']) : undefined} isNamed={isWhole} />;
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
