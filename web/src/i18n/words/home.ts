/* Home, calendar. */
import type { Words } from '..';

export default {
  'home.asked': ['待{what}', 'waits: {what}'],
  'home.todo': ['待办', 'To do'],
  'home.todo_none': ['没有待办事项。', 'Nothing waits for you.'],
  'home.overdue': ['逾期 {n}', '{n} late'],
  'home.today': ['今天到期', 'due today'],
  'home.rest': ['显示其余 {n} 项', 'Show the other {n}'],
  'home.read': ['这 {n} 条已阅', 'These {n} are read'],
  'home_group.overdue': ['已逾期', 'Overdue'],
  'home_group.due_soon': ['30 天内到期', 'Due within 30 days'],
  'home_group.open': ['其他待办', 'Other'],
  'home.since': ['自 {day}', 'since {day}'],
  'home.week': ['最近 7 天', 'The last seven days'],
  'home.shortcuts': ['快捷入口', 'Shortcuts'],
  'change.gap_opened': ['新增差距', 'New gap'],
  'change.gap_closed': ['差距消除', 'Gap closed'],
  'change.case': ['事项进展', 'Case moved'],
  'calendar.sub': ['义务与事项的到期日', 'When duties and cases fall due'],
} satisfies Words;
