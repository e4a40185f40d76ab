/* Duties and the calendar of due days. */
import type { Words } from '..';

export default {
  'duty.overdue': ['逾期', 'Overdue'],
  'duty.due_soon': ['将到期', 'Due soon'],
  'duty.open': ['进行中', 'Open'],
  'duty.met': ['已满足', 'Met'],
  'duty.not_applicable': ['不适用', 'Not applicable'],
  'duty.past': ['曾逾期', 'Was overdue'],
  'duty.late': ['逾期完成', 'Done late'],
  'duty.moved': ['已重新起算', 'Counted anew'],
  'duty.gone': ['已不适用', 'Asks no more'],
  'duties.ended': ['至 {time}', 'until {time}'],

  'duties.calendar': ['到期日历', 'Calendar'],
  'duties.sub': ['方案要求、对象、期限与状态', 'What the plan asks, for what, by when'],
  'duties.due': ['期限', 'Due'],
  'duties.what': ['义务', 'Duty'],
  'duties.in': ['还有 {n} 天', 'in {n} {n:day|days}'],
  'duties.late': ['逾期 {n} 天', '{n} {n:day|days} late'],
  'duties.more': ['另有 {n} 项', '{n} more'],
  'duties.month_before': ['上一月', 'Month before'],
  'duties.month_after': ['下一月', 'Month after'],
  'duties.this_month': ['本月', 'This month'],
  'duties.none': ['目前没有义务', 'There is no duty at present'],
  'duties.none_hint': ['义务由登记簿产生：登记平台、系统与发布后，期限会列在这里。', 'Duties come from the registers: declare platforms, systems and releases, and their dates appear here.'],
  'duties.begin': ['登记平台与系统', 'Declare systems'],
  'duties.search': ['搜索对象…', 'Search the subject…'],

  'weekday.1': ['一', 'Mon'],
  'weekday.2': ['二', 'Tue'],
  'weekday.3': ['三', 'Wed'],
  'weekday.4': ['四', 'Thu'],
  'weekday.5': ['五', 'Fri'],
  'weekday.6': ['六', 'Sat'],
  'weekday.7': ['日', 'Sun'],
} satisfies Words;
