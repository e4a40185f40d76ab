/* How long is left of a deadline, in the largest two units that say something. */
export interface Left {
  /** days, hours or minutes left, or gone since. */
  key: 'left.days' | 'left.hours' | 'left.minutes' | 'left.late_days' | 'left.late_hours' | 'left.late_minutes';
  n: number;
  m: number;
}

const minute_ms = 60_000;

export function leftUntil(due: Date, now: Date): Left {
  const ms = due.getTime() - now.getTime();
  const late = ms < 0 ? 'late_' : '';
  const minutes = Math.floor(Math.abs(ms) / minute_ms);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return { key: `left.${late}days` as Left['key'], n: days, m: hours % 24 };
  if (hours > 0) return { key: `left.${late}hours` as Left['key'], n: hours, m: minutes % 60 };
  return { key: `left.${late}minutes` as Left['key'], n: minutes, m: 0 };
}
