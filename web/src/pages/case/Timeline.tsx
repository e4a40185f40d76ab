/* Who did what with a case, when, with what opinion. */
import { fmtTime } from '../../format';
import { useLang } from '../../i18n';
import type { WorkEvent, WorkType } from '../../work/types';

export function Timeline({ type, events }: { type: WorkType; events: WorkEvent[] }) {
  const { t, pick, word } = useLang();
  const action = (name: string) => {
    const found = type.actions.find((one) => one.name === name);
    return found ? pick(found, name) : word('event', name);
  };
  const state = (name: string | null) => pick(type.states.find((one) => one.name === name), name ?? '');
  return (
    <ol className="timeline" aria-label={t('case.timeline')}>
      {events.map((event, at) => (
        <li key={at}>
          <div>
            <strong>{action(event.action)}</strong> {event.to_state && event.to_state !== event.from_state && <span>→ {state(event.to_state)}</span>}
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
