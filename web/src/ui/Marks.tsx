/* Severity and state: a shape and a word first, colour third. */
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import type { DutyState, Severity } from '../types';

type Kind = Severity | DutyState;

const shapes: Record<Kind, ReactElement> = {
  high: <path d="M6 1l5.500 10h-11z" fill="currentColor" />,
  medium: <path d="M6 .5L11.500 6 6 11.500.5 6z" fill="currentColor" />,
  low: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  overdue: <path d="M1 1h10v10H1zM5.200 2.500v4.500h1.600V2.500zM5.200 8v1.600h1.600V8z" fill="currentColor" fillRule="evenodd" />,
  due_soon: (
    <g fill="none" stroke="currentColor" strokeWidth="1.600">
      <circle cx="6" cy="6" r="5" />
      <path d="M6 3v3.200l2.200 1.400" />
    </g>
  ),
  open: <circle cx="6" cy="6" r="4.200" fill="none" stroke="currentColor" strokeWidth="1.600" />,
  met: <path d="M1.500 6.500l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="2" />,
  not_applicable: <path d="M2 6h8" stroke="currentColor" strokeWidth="2" />,
};

export function Shape({ kind, size = 11 }: { kind: Kind; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      {shapes[kind]}
    </svg>
  );
}

const isKind = (kind: string): kind is Kind => kind in shapes;

export function SeverityMark({ value }: { value: string }) {
  const { word } = useLang();
  return (
    <span className={`mark c-${value}`}>
      {isKind(value) && <Shape kind={value} />}
      {word('severity', value)}
    </span>
  );
}

/** `isBrief`: the word is read out and stands at the pointer only, for places of little width. */
export function StateMark({ value, isBrief }: { value: string; isBrief?: boolean }) {
  const { word } = useLang();
  const name = word('duty', value);
  return (
    <span className={`mark c-${value}`} title={isBrief ? name : undefined}>
      {isKind(value) && <Shape kind={value} />}
      {isBrief && isKind(value) ? <span className="vh">{name}</span> : name}
    </span>
  );
}

/** A number of gaps or duties that leads to the rows behind it. */
export function CountMark({ kind, count, to, big }: { kind: Kind; count: number; to: string; big?: boolean }) {
  const { t, word } = useLang();
  const what = kind in { high: 1, medium: 1, low: 1 } ? word('severity', kind) : word('duty', kind);
  return (
    <Link className={`mark c-${count > 0 ? kind : 'not_applicable'}`} to={to} title={t('mark.count', { what, n: count })}>
      <Shape kind={kind} size={big ? 14 : 11} />
      {big ? (
        <>
          {fmtInt(count)}
          <span>{what}</span>
        </>
      ) : (
        <>
          <span className="vh">{what} </span>
          {fmtInt(count)}
        </>
      )}
    </Link>
  );
}
