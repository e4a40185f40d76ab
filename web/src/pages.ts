/* Every page in one table: its address, its module, its place in the menu and whom it is for. A page is
 * loaded when it is first opened. A new page is its file under pages/, its texts under i18n/words/ and a
 * line here. What `needs` hides is hidden only: the server refuses it anyway. */
import type { ComponentType } from 'react';
import type { User } from './types';

export type MenuGroup = 'work' | 'plan' | 'declared' | 'observed' | 'bureau' | 'admin';
/** In the order of the menu; the title is nav.group_NAME. */
export const menuGroups: MenuGroup[] = ['work', 'plan', 'bureau', 'declared', 'observed', 'admin'];

export type Need = 'admin' | 'auditor' | 'bureau' | 'write';

export interface PageEntry {
  path: string;
  load: () => Promise<{ default: ComponentType }>;
  /** The group of the menu and the key of the title there. */
  menu?: [group: MenuGroup, title: string];
  needs?: Need;
  /** The menu does not mark it on the pages below it. */
  isExact?: boolean;
}

export const pages: PageEntry[] = [
  { path: '', load: () => import('./pages/Home'), menu: ['work', 'nav.home'], isExact: true },
  { path: 'cases', load: () => import('./pages/Cases'), menu: ['work', 'nav.cases'] },
  { path: 'cases/new', load: () => import('./pages/NewCase') },
  { path: 'cases/:id', load: () => import('./pages/CasePage') },
  { path: 'calendar', load: () => import('./pages/Calendar'), menu: ['work', 'duties.calendar'] },
  { path: 'reminders', load: () => import('./pages/Reminders'), menu: ['work', 'nav.reminders'] },
  { path: 'plan', load: () => import('./pages/Plan'), menu: ['plan', 'nav.plan'] },
  { path: 'tasks/:n', load: () => import('./pages/Task') },
  { path: 'gaps', load: () => import('./pages/Gaps'), menu: ['plan', 'nav.gaps'] },
  { path: 'gaps/:id', load: () => import('./pages/GapDetail') },
  { path: 'duties', load: () => import('./pages/Duties'), menu: ['plan', 'nav.duties'] },
  { path: 'rules', load: () => import('./pages/Rules'), menu: ['plan', 'nav.rules'] },
  { path: 'supervision', load: () => import('./pages/Heatmap'), menu: ['bureau', 'nav.heatmap'], needs: 'bureau', isExact: true },
  { path: 'supervision/briefings', load: () => import('./pages/Briefings'), menu: ['bureau', 'nav.briefings'], needs: 'bureau' },
  { path: 'registers', load: () => import('./pages/Registers'), menu: ['declared', 'nav.registers'], isExact: true },
  { path: 'imports', load: () => import('./pages/Import'), menu: ['declared', 'nav.import'], needs: 'write' },
  { path: 'grading', load: () => import('./pages/Grading'), menu: ['declared', 'nav.grading'] },
  { path: 'controls', load: () => import('./pages/Controls'), menu: ['declared', 'nav.controls'] },
  { path: 'lifecycle', load: () => import('./pages/Lifecycle'), menu: ['declared', 'nav.lifecycle'] },
  { path: 'exam', load: () => import('./pages/Exam'), menu: ['declared', 'nav.exam'], needs: 'write' },
  { path: 'find', load: () => import('./pages/Find') },
  { path: 'registers/:name', load: () => import('./pages/RegisterPage') },
  { path: 'registers/:name/find', load: () => import('./pages/FindRow') },
  { path: 'registers/:name/:id', load: () => import('./pages/RowPage') },
  { path: 'fleet', load: () => import('./pages/Fleet'), menu: ['observed', 'nav.fleet'] },
  { path: 'data', load: () => import('./pages/DataMap'), menu: ['observed', 'nav.data'], isExact: true },
  { path: 'data/review', load: () => import('./pages/Review'), menu: ['observed', 'nav.review'] },
  { path: 'data/test', load: () => import('./pages/RuleTest'), menu: ['observed', 'nav.rule_test'] },
  { path: 'transfers', load: () => import('./pages/Transfers'), menu: ['observed', 'nav.transfers'] },
  { path: 'detections', load: () => import('./pages/Detections'), menu: ['observed', 'nav.detections'] },
  { path: 'facts', load: () => import('./pages/Facts'), menu: ['observed', 'nav.facts'] },
  { path: 'facts/:kind', load: () => import('./pages/Facts') },
  { path: 'sensors', load: () => import('./pages/Sensors'), menu: ['observed', 'nav.sensors'] },
  { path: 'tokens', load: () => import('./pages/Tokens') },
  { path: 'audit', load: () => import('./pages/Audit'), menu: ['admin', 'nav.audit'], needs: 'auditor' },
  { path: 'users', load: () => import('./pages/Users'), menu: ['admin', 'nav.users'], needs: 'admin' },
  { path: 'channels', load: () => import('./pages/Channels'), menu: ['admin', 'nav.channels'], needs: 'admin' },
  { path: 'approvals', load: () => import('./pages/Approvals'), menu: ['admin', 'nav.approvals'], needs: 'admin' },
];

/** Administrators of the system, its security and its audit see no data of organisations. */
const blind = ['auditor', 'sysadmin', 'secadmin', 'auditadmin'];
const roles: Partial<Record<Need, string[]>> = { admin: ['admin', 'sysadmin', 'secadmin'], auditor: ['auditor', 'auditadmin'] };

export function meets(user: User, need: Need | undefined): boolean {
  if (!need) return user.roles.some((role) => !blind.includes(role));
  if (need === 'write') return user.may_write;
  if (need === 'bureau') return user.sees_all === true && meets(user, undefined);
  return roles[need]?.some((role) => user.roles.includes(role)) === true;
}
