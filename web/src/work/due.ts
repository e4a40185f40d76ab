/* What falls due between two days, duties and cases alike, as lists and the calendar show it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '../api';
import { today } from '../format';
import { useLang } from '../i18n';
import type { Page } from '../types';
import type { DueDay } from './types';

export interface Due {
  key: string;
  day: string;
  state: string;
  title: string;
  to: string;
  task: number;
  org: string;
  orgName: string;
}

const soon_days = 30;
const day_ms = 86_400_000;

export const shiftDay = (day: string, by: number) => new Date(Date.parse(day) + by * day_ms).toISOString().slice(0, 10);

/** A case whose title is the name of its deadline already does not say it twice. */
const caseTitle = (title: string, clock: string) => (title.includes(clock) ? title : `${title} · ${clock}`);

export function useDue(from: string, to: string) {
  const { pick } = useLang();
  return useQuery({
    queryKey: ['due', from, to],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<DueDay>>('/work/calendar', { from, to }, signal),
    select: (data): Due[] => {
      const now = today();
      return data.rows.map((row) => ({
        key: `${row.kind} ${row.id} ${row.key ?? ''} ${row.day}`,
        day: row.day,
        state: row.is_overdue ? 'overdue' : row.kind === 'duty' ? row.state : row.day <= shiftDay(now, soon_days) ? 'due_soon' : 'open',
        title: row.kind === 'duty' ? pick(row, row.title) : caseTitle(row.title, pick(row, row.key)),
        to: row.kind === 'duty' ? `/duties?task=${row.task}&q=${encodeURIComponent(row.subject ?? '')}` : `/cases/${row.id}`,
        task: row.task,
        org: row.org.code,
        orgName: row.org.name,
      }));
    },
  });
}
