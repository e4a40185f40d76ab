/* What many pages say. */
import type { Words } from '..';

export default {
  'common.as_of': ['截至 {time}', 'as of {time}'],
  'common.beijing': ['北京时间（UTC+8）', 'Beijing time (UTC+8)'],
  'common.retry': ['重试', 'Try again'],
  'common.refresh': ['刷新', 'Refresh'],
  'common.all': ['全部', 'All'],
  'common.org': ['单位', 'Organisation'],
  'common.cancel': ['取消', 'Cancel'],
  'common.save': ['保存', 'Save'],
  'common.done': ['完成', 'Done'],
  'common.yes': ['是', 'Yes'],
  'common.no': ['否', 'No'],
  'common.unknown': ['未知', 'Unknown'],
  'common.not_seen': ['未见', 'not seen'],
  'common.colon': ['：', ': '],
  'common.chart': ['图', 'Chart'],
  'common.table': ['表', 'Table'],

  'noun.declaration': ['申报', 'Declared'],
  'noun.observation': ['观测', 'Observed'],
  'noun.gap': ['差距', 'Gap'],

  'error.own': ['页面出错：{message}', 'The page failed: {message}'],
  'error.forbidden': ['当前角色没有这项权限，请联系系统管理员。', 'Your role does not have this right. The administrator can grant it.'],
  'error.unreachable': ['请检查网络，或确认服务正在运行，然后重试。', 'Check the network, or whether the service runs, then try again.'],
  'error.gone': ['它可能已被删除，或属于您无权查看的单位。', 'It may have been deleted, or belong to an organisation that you may not see.'],
  'error.mend': ['请按提示修改后再提交。', 'Mend what is said above and send it again.'],
  'error.again': ['请重试；若仍失败，请将请求编号告知管理员。', 'Try again; if it still fails, give the request number to the administrator.'],
  'error.id': ['请求编号 {id}', 'Request {id}'],

  'missing.title': ['没有这个页面', 'There is no such page'],
  'missing.hint': ['地址 {path} 不对应任何页面。', 'The address {path} leads to no page.'],

  'form.required': ['此项必填。', 'This is required.'],
  'form.list_hint': ['输入后按回车，可填多个', 'Press Enter after each value'],

  'table.rows': ['共 {n} 条', '{n} rows'],
  'table.columns': ['列', 'Columns'],

  'filter.any': ['全部{what}', 'Any {what}'],
  'filter.clear': ['清除筛选', 'Clear filters'],
  'filter.remove': ['移除此条件', 'Remove this condition'],
  'filter.nothing': ['没有符合条件的记录', 'No row matches'],
  'filter.nothing_hint': ['已按当前搜索与筛选条件查找；可放宽或清除条件。', 'The current search and filters were applied; loosen or clear them.'],
  'filter.column': ['按列筛选', 'Filter by column'],
  'filter.begins': ['{what}，按开头匹配', '{what} begins with'],

  'country.unknown': ['未知', 'Unknown'],
  'country.private': ['内网', 'Private network'],
  'country.HK': ['中国香港', 'Hong Kong, China'],
  'country.MO': ['中国澳门', 'Macao, China'],
  'country.TW': ['中国台湾', 'Taiwan, China'],

  'subject.card': ['卡', 'Card'],
  'subject.system': ['系统', 'System'],
  'subject.address': ['地址', 'Address'],
  'subject.release': ['发布', 'Release'],
  'subject.partner': ['合作方', 'Partner'],
  'subject.export': ['出境记录', 'Export record'],
  'subject.organisation': ['单位', 'Organisation'],
  'subject.vehicle': ['车辆', 'Vehicle'],
  'subject.vin': ['车辆', 'Vehicle'],
  'subject.phone': ['终端', 'Terminal'],
  'subject.client': ['客户端', 'Client'],
  'subject.registers': ['登记簿', 'Registers'],
} satisfies Words;
