/* How long is left of a deadline: in days of the calendar, as all lists count them; on its last day in hours. */
export interface Left {
  /** days, hours or minutes left, or gone since. */
  key: 'left.days' | 'left.hours' | 'left.minutes' | 'left.late_days' | 'left.late_hours' | 'left.late_minutes';
  n: number;
  m: number;
}

const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
/** The number of a day in Beijing. */
const dayOf = (date: Date) => Math.floor((date.getTime() + 8 * hour_ms) / (24 * hour_ms));

export function leftUntil(due: Date, now: Date): Left {
  const ms = due.getTime() - now.getTime();
  const late = ms < 0 ? 'late_' : '';
  const days = Math.abs(dayOf(due) - dayOf(now));
  if (days > 0) return { key: `left.${late}days` as Left['key'], n: days, m: 0 };
  const minutes = Math.floor(Math.abs(ms) / minute_ms);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return { key: `left.${late}hours` as Left['key'], n: hours, m: minutes % 60 };
  return { key: `left.${late}minutes` as Left['key'], n: minutes, m: 0 };
}
