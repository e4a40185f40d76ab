/* Who did what with a case, when, with what opinion. */
import { fmtTime } from '../../format';
import { useLang } from '../../i18n';
import type { WorkEvent, WorkType } from '../../work/types';

export function Timeline({ type, events }: { type: WorkType; events: WorkEvent[] }) {
  const { t, pick, word } = useLang();
  const state = (name: string) => pick(type.states.find((one) => one.name === name), name);
  return (
    <ol className="timeline" aria-label={t('case.timeline')}>
      {events.map((event) => (
        <li key={event.id}>
          <div>
            <strong>{pick(event, event.action)}</strong> {event.to && event.to !== event.from && <span>→ {state(event.to)}</span>}
          </div>
          <div className="soft">
            {word('side', event.side)} {word('actor', event.actor)} <span className="num">{fmtTime(event.at)}</span>
          </div>
          {event.note && <div className="long">{event.note}</div>}
        </li>
      ))}
    </ol>
  );
}
