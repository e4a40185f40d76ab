/* The notice's sections and the tasks under each. */
export interface Section {
  /** Key of its title. */
  title: string;
  first: number;
  last: number;
}

export const sections: Section[] = [
  { title: 'section.1', first: 1, last: 2 },
  { title: 'section.2', first: 3, last: 6 },
  { title: 'section.3', first: 7, last: 9 },
  { title: 'section.4', first: 10, last: 16 },
  { title: 'section.5', first: 17, last: 18 },
];

const safeguards = ['task.safeguard_1', 'task.safeguard_2', 'task.safeguard_3'];

/** "第6项"; the safeguards, numbered from 101 on, are counted of their own. */
export function taskName(t: (key: string, vars?: { n: number }) => string, task: number): string {
  const own = safeguards[task - 101];
  return own ? t(own) : t('task.n', { n: task });
}
