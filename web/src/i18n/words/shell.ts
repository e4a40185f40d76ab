/* The frame: menu, top bar, roles. */
import type { Words } from '..';

export default {
  'app.name': ['筑基 Zhuji', 'Zhuji'],
  'app.short': ['筑基', 'Zhuji'],
  'app.tag': ['车联网安全', 'vehicle security'],

  'nav.label': ['主菜单', 'Main menu'],
  'nav.skip': ['跳到正文', 'Skip to content'],
  'nav.group_plan': ['方案', 'Plan'],
  'nav.group_work': ['工作', 'Work'],
  'nav.group_bureau': ['监管', 'Supervision'],
  'nav.registers': ['全部登记簿', 'All registers'],
  'nav.favourite': ['收藏到菜单', 'Keep in the menu'],
  'nav.find_register': ['查找登记簿', 'Find a register'],
  'nav.group_declared': ['申报', 'Declared'],
  'nav.group_observed': ['观测', 'Observed'],
  'nav.group_admin': ['管理', 'Administration'],
  'nav.plan': ['任务看板', 'Plan board'],
  'nav.gaps': ['差距', 'Gaps'],
  'nav.duties': ['义务与期限', 'Duties and dates'],
  'nav.import': ['表格导入', 'Import a table'],
  'nav.fleet': ['在网车辆', 'Fleet'],
  'nav.transfers': ['数据流向', 'Data transfers'],
  'nav.detections': ['威胁检测', 'Detections'],
  'nav.facts': ['观测记录', 'Observations'],
  'nav.sensors': ['探针', 'Sensors'],
  'nav.audit': ['审计日志', 'Audit log'],
  'nav.users': ['用户', 'Users'],

  'top.all_orgs': ['全部单位', 'All organisations'],
  'top.password': ['修改密码', 'Change password'],
  'top.logout': ['退出登录', 'Log out'],
  'top.last_login': ['上次登录 {time}', 'Last login {time}'],

  'live.on': ['实时', 'Live'],
  'live.off': ['未连接', 'Not connected'],
  'live.hint': ['数据变化时页面自动更新', 'The page follows changes of the data by itself'],
  'live.off_hint': ['与服务器的实时连接已断开，正在重连；可手动刷新', 'The live connection is lost and being restored; you can refresh by hand'],

  'role.admin': ['系统管理员', 'Administrator'],
  'role.officer': ['安全员', 'Security officer'],
  'role.auditor': ['审计员', 'Auditor'],
  'role.viewer': ['查看员', 'Viewer'],
  'role.bureau': ['主管部门', 'Bureau'],

  'forbidden.title': ['当前角色不能使用此页面', 'This page is not for your role'],
  'forbidden.hint': ['此页面需要“{need}”权限，请联系本单位的系统管理员。', 'It needs the right “{need}”; ask your administrator.'],
  'need.admin': ['系统管理', 'administration'],
  'need.auditor': ['审计', 'audit'],
  'need.bureau': ['监管', 'supervision'],
  'need.write': ['填报', 'declaring'],
} satisfies Words;
