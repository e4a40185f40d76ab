/* Gaps. */
import type { Words } from '..';

export default {
  'gap.T3.undeclared-asset': ['在网资产未申报', 'Undeclared asset on the wire'],
  'gap.T4.vehicle-plaintext': ['车联网协议明文传输', 'Vehicle protocol in clear'],
  'gap.T6.card-not-registered': ['未实名登记的卡在网', 'Unregistered card on the wire'],
  'gap.T6.optout-card-active': ['已放弃功能的卡仍在传输', 'Opted-out card still active'],
  'gap.T6.card-two-vins': ['一卡两车', 'One card, two vehicles'],
  'gap.T9.unfiled-release-commanded': ['下发了未报备的升级版本', 'Unfiled release commanded'],
  'gap.T13.undeclared-partner': ['数据流向未登记的对象', 'Data to an undeclared receiver'],
  'gap.T13.undeclared-type': ['向合作方提供未登记的数据类型', 'Undeclared data type to a partner'],
  'gap.T14.export-without-record': ['数据出境无有效记录', 'Export without a valid record'],
  'gap.severity': ['级别', 'Severity'],
  'gap.what': ['差距', 'Gap'],
  'gap.subject': ['对象', 'Subject'],
  'gap.why': ['原因', 'Why'],
  'gap.task': ['任务', 'Task'],
  'gap.rule': ['规则', 'Rule'],
  'gap.state': ['状态', 'State'],
  'gap.todo': ['处理建议', 'What to do'],
  'gap.back': ['返回列表', 'Back to the list'],
  'gap.span': ['{from} 至 {to}', '{from} to {to}'],
  'gap.closed': ['该差距已于 {time} 消除。以下是发现时的说明与证据，现状请查看登记簿。', 'This gap closed at {time}. What follows is what was found then; the register shows how things stand.'],
  'gap.nothing_declared': ['没有对应的申报', 'Nothing is declared for it'],
  'gap.nothing_declared_hint': ['发现差距时，在“{register}”中没有找到这一对象。', 'When the gap was found the register “{register}” did not have this subject.'],
  'gap.open_register': ['打开“{register}”', 'Open “{register}”'],
  'gap.edit_row': ['修改申报', 'Edit the declaration'],
  'gap.nothing_observed': ['观测记录已不在库中', 'The observation is no longer kept'],
  'gap.open_fact': ['查看观测记录', 'Show the observation'],
  'gap.evidence_n': ['证据 {n}', 'Evidence {n}'],

  'gaps.sub': ['申报与观测不一致之处', 'Where declarations and observations do not agree'],
  'gaps.search': ['搜索卡号、地址、说明…', 'Search card, address, reason…'],
  'gaps.none': ['目前没有差距', 'There is no gap at present'],
  'gaps.none_hint': ['差距由申报与观测对照得出：请确认登记簿已导入，探针正在采集。', 'Gaps come from comparing declarations with observations: see that the registers are imported and a sensor is capturing.'],

  'gapstate.open': ['未处理', 'Open'],
  'gapstate.closed': ['已消除', 'Closed'],
  'gapstate.all': ['全部', 'All'],

  'severity.high': ['高', 'High'],
  'severity.medium': ['中', 'Medium'],
  'severity.low': ['低', 'Low'],

  'mark.count': ['{what}：{n}，查看明细', '{what}: {n}, show them'],
} satisfies Words;
