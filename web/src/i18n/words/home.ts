/* Home, calendar. */
import type { Words } from '..';

export default {
  'home.todo': ['待办', 'To do'],
  'home.todo_none': ['没有待办事项。', 'Nothing waits for you.'],
  'home.overdue': ['逾期 {n}', '{n} late'],
  'home.deadlines': ['30 天内到期与逾期', 'Late, and due within 30 days'],
  'home.deadlines_none': ['30 天内没有到期事项。', 'Nothing falls due within 30 days.'],
  'home.since': ['自 {day}', 'since {day}'],
  'home.week': ['最近 7 天', 'The last seven days'],
  'home.shortcuts': ['快捷入口', 'Shortcuts'],
  'change.gap_opened': ['新增差距', 'New gap'],
  'change.gap_closed': ['差距消除', 'Gap closed'],
  'change.case': ['事项进展', 'Case moved'],
  'calendar.sub': ['义务与事项的到期日', 'When duties and cases fall due'],
} satisfies Words;
