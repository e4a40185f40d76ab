/* Registers: list, form, export. */
import type { Words } from '..';

export default {
  'register.search': ['搜索编号、名称…', 'Search code, name…'],
  'register.none': ['“{register}”还没有记录', '“{register}” has no row yet'],
  'register.none_hint': ['下载模板，填写后导入；也可逐条新增。', 'Download the template, fill it in and import it; or add rows one by one.'],

  'row.add': ['新增', 'Add'],
  'row.new': ['新增：{register}', 'New: {register}'],
  'row.edit': ['修改：{register}', 'Edit: {register}'],
  'row.fields': ['内容', 'Fields'],
  'row.history': ['变更记录', 'History'],
  'row.no_history': ['没有变更记录', 'No change is on record'],
  'row.personal': ['个人信息，加密保存', 'personal, kept encrypted'],
  'row.saved': ['已保存。', 'Saved.'],
  'row.deleted': ['已删除。', 'Deleted.'],
  'row.delete': ['删除', 'Delete'],
  'row.delete_ask': ['删除“{name}”？', 'Delete “{name}”?'],
  'row.delete_what': ['记录将标记为已删除，审计日志保留；相关差距会重新判定。', 'The row is marked as deleted and stays in the audit log; its gaps are judged anew.'],
  'row.leave': ['放弃未保存的修改？', 'Leave without saving?'],
  'row.leave_yes': ['放弃修改', 'Leave'],
  'row.leave_no': ['继续编辑', 'Go on editing'],
  'row.read_only': ['当前角色只能查看。', 'Your role may only read.'],

  'export.go': ['导出', 'Export'],
  'export.all': ['全部记录（{format}）', 'All rows ({format})'],
  'export.filtered': ['当前筛选结果（{format}）', 'Rows of the current filter ({format})'],
  'export.template': ['下载模板', 'Download the template'],
} satisfies Words;
