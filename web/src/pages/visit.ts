/* What changed since the last visit. A visit ends with the next login, two minutes after its window was shut, or
 * after half an hour without a page that counts; the board as it then stood is what the next is compared with. */
import { useEffect, useState } from 'react';
import type { Board } from '../types';

const storageKey = 'zhuji.visit';
const visit_ms = 30 * 60 * 1000;
/** Without the window: what it keeps for itself goes with it. */
const shut_ms = 2 * 60 * 1000;

/** By task: open gaps and overdue duties. */
export type Counts = Record<string, { gaps: number; overdue: number }>;
interface Stored {
  seen: number;
  now: Counts;
  base: Counts | null;
  base_at: number;
  is_over?: boolean;
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

export function endVisit(login: string): void {
  const key = `${storageKey}.${login}`;
  const before = load(key);
  if (before) localStorage.setItem(key, JSON.stringify({ ...before, is_over: true } satisfies Stored));
}

/** null: this is the first visit. */
export function useSince(board: Board | undefined, login: string): Since | null {
  const key = `${storageKey}.${login}`;
  const [since, setSince] = useState<Since | null>(null);
  useEffect(() => {
    if (!board) return;
    const now = countsOf(board);
    const before = load(key);
    const pause_ms = sessionStorage.getItem(key) === null ? shut_ms : visit_ms;
    sessionStorage.setItem(key, 'open');
    const isNewVisit = before !== null && (before.is_over === true || Date.now() - before.seen > pause_ms);
    const base = isNewVisit ? before.now : (before?.base ?? null);
    const base_at = isNewVisit ? before.seen : (before?.base_at ?? 0);
    localStorage.setItem(key, JSON.stringify({ seen: Date.now(), now, base, base_at } satisfies Stored));
    setSince(base ? { at: base_at, tasks: compare(base, now) } : null);
  }, [board, key]);
  return since;
}
