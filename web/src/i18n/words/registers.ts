/* Registers: list, form, export. */
import type { Words } from '..';

export default {
  'register.search': ['搜索编号、名称…', 'Search code, name…'],
  'register.none': ['“{register}”还没有记录', '“{register}” has no row yet'],
  'register.none_hint': ['下载模板，填写后导入；也可逐条新增。', 'Download the template, fill it in and import it; or add rows one by one.'],

  'register.bureau': ['主管部门', 'Bureau'],
  'find.title': ['查找 {key}', 'Find {key}'],
  'find.none': ['没有您能查看的记录、义务或差距叫 {key}', 'No row, duty or gap that you may see is called {key}'],
  'find.none_hint': ['请核对编号；企业尚未提交的表单主管部门看不到。', 'Check the code; what a company has not handed in yet is not shown to a bureau.'],
  'find.several': ['有多处叫 {key}', 'Several are called {key}'],

  'row.add': ['新增', 'Add'],
  'row.new': ['新增：{register}', 'New: {register}'],
  'row.fields': ['内容', 'Fields'],
  'row.history': ['变更记录', 'History'],
  'row.no_history': ['没有变更记录', 'No change is on record'],
  'row.personal': ['个人信息，加密保存', 'personal, kept encrypted'],
  'row.saved': ['已保存。', 'Saved.'],
  'row.deleted': ['已删除。', 'Deleted.'],
  'row.delete': ['删除', 'Delete'],
  'row.delete_ask': ['删除“{name}”？', 'Delete “{name}”?'],
  'row.delete_what': ['记录将标记为已删除，审计日志保留；相关差距会重新判定。', 'The row is marked as deleted and stays in the audit log; its gaps are judged anew.'],
  'row.read_only': ['当前角色只能查看。', 'Your role may only read.'],

  'export.go': ['导出', 'Export'],
  'export.all': ['全部记录（{format}）', 'All rows ({format})'],
  'export.filtered': ['当前筛选结果（{format}）', 'Rows of the current filter ({format})'],
  'export.template': ['下载模板', 'Download the template'],

  'register.all_sub': ['按方案任务归类', 'By task of the plan'],
  'row.as_of': ['查看某日状态', 'As at a day'],
  'row.as_it_was': ['以下为 {day} 日终时的内容，只供查看。', 'As it was at the end of {day}; to look at only.'],
  'row.links': ['关联记录', 'Linked rows'],
  'row.not_found': ['“{register}”中没有 {key}', 'No {key} in “{register}”'],
  'row.not_handed_in': ['该表单可能仍在企业处办理；提交后主管部门才能查看。', 'The company may still be at work on this form; a bureau sees it once it is handed in.'],
  'row.several': ['有多个单位登记了 {key}', 'Several organisations have a {key}'],
  'row.save_more': ['保存并继续新增', 'Save and add another'],
  'row.revert': ['撤销修改', 'Undo changes'],
  'row.dirty': ['有未保存的修改（草稿已留存在本浏览器）', 'Unsaved changes (kept as a draft in this browser)'],
  'history.from': ['原值', 'Was'],
  'history.to': ['新值', 'Is'],

  'bulk.chosen': ['已选 {n} 行', '{n} chosen'],
  'bulk.edit': ['批量修改', 'Set a field'],
  'bulk.none': ['取消选择', 'Choose none'],
  'bulk.set': ['批量修改 {n} 行', 'Set a field in {n} rows'],
  'bulk.delete_ask': ['删除选中的 {n} 行？', 'Delete the {n} chosen rows?'],
  'bulk.failed': ['{n} 行未能完成', '{n} rows failed'],
} satisfies Words;
