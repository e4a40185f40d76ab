/* Numbers, times and sizes as the console shows them. Times are Beijing's, whatever the browser's. */
const beijing_ms = 8 * 3600 * 1000;

/** Accepts RFC 3339 text and epoch numbers in seconds, milliseconds, microseconds or nanoseconds. */
export function toDate(value: unknown): Date | null {
  if (value === null || value === undefined || value === '' || value === 0) return null;
  if (typeof value === 'number') {
    const ms = value > 1e17 ? value / 1e6 : value > 1e14 ? value / 1e3 : value > 1e11 ? value : value * 1e3;
    return new Date(ms);
  }
  // A date alone is a day in Beijing, not in Greenwich.
  const text = String(value);
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+08:00` : text);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function fmtTime(value: unknown, seconds = true): string {
  const date = toDate(value);
  if (!date) return '';
  const iso = new Date(date.getTime() + beijing_ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, seconds ? 19 : 16)}`;
}

/** A sentence with the times in it as the console writes times. */
export function fmtTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)/g, (time) => fmtTime(time, false));
}

export function fmtDate(value: unknown): string {
  return fmtTime(value).slice(0, 10);
}

export function today(): string {
  return fmtDate(Date.now());
}

const grouped = new Intl.NumberFormat('en-US');

export function fmtInt(value: unknown): string {
  const n = Number(value);
  return value === null || value === undefined || value === '' || Number.isNaN(n) ? '' : grouped.format(n);
}

/** In powers of ten, as the reports and the command line write them. */
export function fmtBytes(value: unknown): string {
  let n = Number(value);
  if (value === null || value === undefined || Number.isNaN(n)) return '';
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let at = 0;
  while (n >= 1000 && at < units.length - 1) {
    n /= 1000;
    at += 1;
  }
  return `${n.toFixed(at > 0 && n < 100 ? 1 : 0)} ${units[at]}`;
}

/** Whole days from one day to another, both YYYY-MM-DD. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
}

export function shiftMonth(month: string, by: number): string {
  const [year = 2026, number = 1] = month.split('-').map(Number);
  const date = new Date(Date.UTC(year, number - 1 + by, 1));
  return date.toISOString().slice(0, 7);
}

/** Weeks of a month from the Monday on or before its first day. */
export function weeksOf(month: string): string[][] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const start = first.getTime() - ((first.getUTCDay() + 6) % 7) * 86400000;
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => new Date(start + (week * 7 + day) * 86400000).toISOString().slice(0, 10)),
  ).filter((week) => week.some((day) => day.startsWith(month)));
}
