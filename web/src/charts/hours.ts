/* Hours on an axis of time: far apart where they are, and no line across hours that nobody saw. */
const hour_ms = 3600_000;
const beijing_ms = 8 * hour_ms;

/** On an axis in UTC an hour stands where it is in Beijing, so that days begin at midnight there. */
export const onAxis = (hour: string): number => Date.parse(hour) + beijing_ms;
export const fromAxis = (at: number): number => at - beijing_ms;

export interface HourPoint {
  value: [number, number | null];
  /** No hour before or behind it: no line shows it. */
  alone?: boolean;
}

/** Points of one line over the hours that were seen, sorted; an hour that others were seen in counts 0. Between hours
 * that do not follow each other stands a point without a value. */
export function hourPoints(hours: string[], line: ReadonlyMap<string, number>): HourPoint[] {
  const points: HourPoint[] = [];
  hours.forEach((hour, at) => {
    const x = onAxis(hour);
    const before = at > 0 ? onAxis(hours[at - 1] ?? hour) : -Infinity;
    const after = at + 1 < hours.length ? onAxis(hours[at + 1] ?? hour) : Infinity;
    if (at > 0 && x - before > hour_ms) points.push({ value: [before + hour_ms, null] });
    points.push({ value: [x, line.get(hour) ?? 0], ...(x - before > hour_ms && after - x > hour_ms ? { alone: true } : {}) });
  });
  return points;
}

/** The last so many days before the newest hour, with it; 0: all. */
export function lastDays(hours: string[], days: number): string[] {
  const newest = hours.at(-1);
  return days && newest ? hours.filter((hour) => Date.parse(hour) > Date.parse(newest) - days * 24 * hour_ms) : hours;
}
