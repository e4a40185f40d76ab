/* Rules of the packs. */
import type { Words } from '..';

export default {
  'rule.kind': ['类别', 'Kind'],
  'rule.name': ['名称', 'Name'],
  'rule.source': ['依据', 'Source'],
  'rule.mark': ['核实程度', 'Standing'],

  'rulekind.gap': ['差距', 'Gap'],
  'rulekind.clock': ['事项时限', 'Deadline'],
  'rulekind.duty': ['义务', 'Duty'],

  'rulemark.sure': ['已核实', 'verified'],
  'rulemark.likely': ['较确定', 'likely'],
  'rulemark.unverified': ['待确认', 'to be confirmed'],

  'rules.sub': ['每条规则的依据、核实程度与启用情况；待确认的规则经管理员确认后才判定', 'Source, mark and state of each rule; what is not verified judges only once an administrator confirms it'],
  'rules.search': ['搜索规则、依据…', 'Search rules, sources…'],
  'rules.clock': ['时限', 'Clock'],
  'rules.confirm': ['确认启用', 'Confirm'],
  'rules.unconfirm': ['取消确认', 'Take back'],
  'unit.hours': ['{n} 小时', '{n} {n:hour|hours}'],
  'unit.days': ['{n} 天', '{n} {n:day|days}'],
  'unit.working_days': ['{n} 个工作日', '{n} {n:working day|working days}'],
  'unit.months': ['{n} 个月', '{n} {n:month|months}'],
  'unit.years': ['{n} 年', '{n} {n:year|years}'],
  'rulestate.on': ['启用', 'on'],
  'rulestate.off': ['未启用', 'off'],
  'rulestate.absent': ['缺少数据表', 'absent'],
  'rulestate.broken': ['规则有误', 'broken'],
} satisfies Words;
