/* The deadlines of a case: what each asks, until when, and how long is left. */
import { Tag } from 'antd';
import { fmtTime, toDate } from '../../format';
import { useLang } from '../../i18n';
import { Shape } from '../../ui/Marks';
import { leftUntil } from '../../work/left';
import type { Clock, Sign } from '../../work/types';

const soon_ms = 3 * 24 * 3600 * 1000;

export function Left({ due, isOverdue }: { due: string | null; isOverdue?: boolean }) {
  const { t } = useLang();
  const date = toDate(due);
  if (!date) return <span className="soft">–</span>;
  const left = leftUntil(date, new Date());
  const kind = isOverdue || date.getTime() < Date.now() ? 'overdue' : date.getTime() - Date.now() < soon_ms ? 'due_soon' : 'open';
  return (
    <span className={`mark c-${kind}`} title={fmtTime(due)}>
      <Shape kind={kind} />
      {t(left.key, { n: left.n, m: left.m })}
    </span>
  );
}

export function Clocks({ clocks }: { clocks: Clock[] }) {
  const { t, pick, word } = useLang();
  if (clocks.length === 0) return null;
  // a deadline often bears the name of the field it runs from
  const from = (clock: Clock) => {
    const name = pick({ zh: clock.from_zh, en: clock.from_en });
    return name === pick(clock) ? '' : name;
  };
  return (
    <ul className="clocks" aria-label={t('case.clocks')}>
      {clocks.map((clock) => (
        <li key={`${clock.key} ${clock.started_at}`}>
          <strong title={clock.source ?? undefined}>{pick(clock, clock.key)}</strong> {clock.mark && clock.mark !== 'sure' && <Tag>{word('rulemark', clock.mark)}</Tag>}
          {from(clock) && <div className="minor">{from(clock)}</div>}
          <div>
            {clock.met_at ? (
              <span className={`mark c-${clock.is_overdue ? 'overdue' : 'met'}`}>
                <Shape kind={clock.is_overdue ? 'overdue' : 'met'} />
                {t(clock.is_overdue ? 'case.clock_met_late' : 'case.clock_met', { time: fmtTime(clock.met_at, false) })}
              </span>
            ) : (
              <Left due={clock.due_at} isOverdue={clock.is_overdue} />
            )}{' '}
            <span className="soft num">{clock.due_at && t('case.clock_due', { time: fmtTime(clock.due_at, false) })}</span>
          </div>
          {clock.source && <small className="soft">{clock.source}</small>}
        </li>
      ))}
    </ul>
  );
}

/** Which bureau has signed what in this round. */
export function Signs({ signs }: { signs: Sign[] }) {
  const { t, pick, word } = useLang();
  if (signs.length === 0) return null;
  return (
    <ul className="clocks" aria-label={t('case.signs')}>
      {signs.map((sign) => (
        <li key={`${sign.role} ${sign.round} ${sign.at}`} className={sign.is_current === false ? 'soft' : undefined}>
          <strong>{pick(sign, sign.role)}</strong>
          <div>
            <span className={`mark c-${sign.verdict === 'agree' ? 'met' : 'overdue'}`}>
              <Shape kind={sign.verdict === 'agree' ? 'met' : 'overdue'} />
              {word('verdict', sign.verdict)}
            </span>{' '}
            <span className="soft num">
              {sign.actor} {fmtTime(sign.at, false)} · {t('case.round', { n: sign.round })}
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
