/* The states of a case type as a graph: the way a case takes, and where each state stands in a drawing. */
import type { WorkAction, WorkState, WorkType } from './types';

export interface Edge {
  from: string;
  to: string;
  actions: string[];
}

/** What leads from one state to another, the actions of all types left out. */
export function edgesOf(type: WorkType): Edge[] {
  const edges = new Map<string, Edge>();
  for (const action of type.actions) {
    if (action.is_common || !action.to) continue;
    for (const from of action.from) {
      const key = `${from} ${action.to}`;
      const edge = edges.get(key) ?? { from, to: action.to, actions: [] };
      edge.actions.push(action.name);
      edges.set(key, edge);
    }
  }
  return [...edges.values()];
}

/** The shortest way to the first state, in the order of the table, in which nobody has anything to do. */
export function wayOn(type: WorkType, from: string): string[] {
  const edges = edgesOf(type);
  const before = new Map<string, string | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift())
    for (const edge of edges)
      if (edge.from === at && !before.has(edge.to)) {
        before.set(edge.to, at);
        queue.push(edge.to);
      }
  const rests = (state: WorkState) => state.is_final || state.side === 'none';
  const goal = rests(type.states.find((state) => state.name === from) ?? { name: from, side: 'none', is_final: true }) ? undefined : type.states.find((state) => rests(state) && before.has(state.name));
  const way: string[] = [];
  for (let at: string | null | undefined = goal?.name ?? from; at; at = before.get(at)) way.unshift(at);
  return way;
}

/** Final states that end nothing but the work itself. */
const peaceful = new Set(['archived', 'restored']);

/** Does the action put an end to the case, or to what it is about, off its usual way? */
export function isEnding(type: WorkType, from: string, action: WorkAction): boolean {
  if (action.name === 'discard') return true;
  const to = type.states.find((state) => state.name === action.to);
  if (!to || to.name === from || wayOn(type, from).includes(to.name)) return false;
  return to.is_final ? !peaceful.has(to.name) : action.name === 'ask_cancel';
}

export interface Step {
  state: WorkState;
  kind: 'done' | 'now' | 'ahead';
}

/** `visited`: states in the order of the timeline, the present one last. Loops are shown once. */
export function stepsOf(type: WorkType, visited: string[]): Step[] {
  const find = (name: string) => type.states.find((state) => state.name === name);
  const now = visited.at(-1) ?? type.states[0]?.name ?? '';
  const done: string[] = [];
  for (const name of visited.slice(0, -1)) {
    const at = done.indexOf(name);
    if (at >= 0) done.length = at;
    done.push(name);
  }
  const again = done.indexOf(now);
  if (again >= 0) done.length = again;
  const ahead = wayOn(type, now).slice(1);
  const steps = [...done.map((name) => ({ name, kind: 'done' as const })), { name: now, kind: 'now' as const }, ...ahead.map((name) => ({ name, kind: 'ahead' as const }))];
  return steps.flatMap(({ name, kind }) => {
    const state = find(name);
    return state ? [{ state, kind }] : [];
  });
}

export interface Place {
  state: WorkState;
  column: number;
  row: number;
}

/** Columns by distance from the first state; rows in the order of the table. */
export function layout(type: WorkType): Place[] {
  const edges = edgesOf(type);
  const column = new Map<string, number>();
  const first = type.states[0];
  if (!first) return [];
  column.set(first.name, 0);
  const queue = [first.name];
  for (let at = queue.shift(); at !== undefined; at = queue.shift())
    for (const edge of edges)
      if (edge.from === at && !column.has(edge.to)) {
        column.set(edge.to, (column.get(at) ?? 0) + 1);
        queue.push(edge.to);
      }
  const rows = new Map<number, number>();
  return type.states
    .filter((state) => column.has(state.name))
    .map((state) => {
      const at = column.get(state.name) ?? 0;
      const row = rows.get(at) ?? 0;
      rows.set(at, row + 1);
      return { state, column: at, row };
    });
}
