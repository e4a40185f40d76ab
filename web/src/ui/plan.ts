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
