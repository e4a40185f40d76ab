/* What changed since the last visit. A visit ends after half an hour without the page open; the board
 * as it then stood is what the next visit is compared with. */
import { useEffect, useState } from 'react';
import type { Board } from '../types';

const storageKey = 'zhuji.visit';
const visit_ms = 30 * 60 * 1000;

/** By task: open gaps and overdue duties. */
export type Counts = Record<string, { gaps: number; overdue: number }>;
interface Stored {
  seen: number;
  now: Counts;
  base: Counts | null;
  base_at: number;
}

export interface Since {
  at: number;
  tasks: { task: number; gaps: number; overdue: number }[];
}

export function countsOf(board: Board): Counts {
  return Object.fromEntries(
    board.tasks.map((task) => [
      task.task,
      { gaps: task.gaps.high + task.gaps.medium + task.gaps.low, overdue: task.duties.overdue },
    ]),
  );
}

export function compare(base: Counts, now: Counts): Since['tasks'] {
  return Object.entries(now)
    .map(([task, counts]) => ({
      task: Number(task),
      gaps: counts.gaps - (base[task]?.gaps ?? 0),
      overdue: counts.overdue - (base[task]?.overdue ?? 0),
    }))
    .filter((change) => change.gaps !== 0 || change.overdue !== 0);
}

function load(key: string): Stored | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Stored | null;
  } catch {
    return null;
  }
}

/** null: this is the first visit. */
export function useSince(board: Board | undefined, login: string): Since | null {
  const key = `${storageKey}.${login}`;
  const [since, setSince] = useState<Since | null>(null);
  useEffect(() => {
    if (!board) return;
    const now = countsOf(board);
    const before = load(key);
    const isNewVisit = before !== null && Date.now() - before.seen > visit_ms;
    const base = isNewVisit ? before.now : (before?.base ?? null);
    const base_at = isNewVisit ? before.seen : (before?.base_at ?? 0);
    localStorage.setItem(key, JSON.stringify({ seen: Date.now(), now, base, base_at } satisfies Stored));
    setSince(base ? { at: base_at, tasks: compare(base, now) } : null);
  }, [board, key]);
  return since;
}
