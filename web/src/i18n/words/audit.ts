/* The audit log. */
import type { Words } from '..';

export default {
  'audit.sub': ['每条记录都含前一条的哈希，改动可被发现', 'Each entry holds the hash of the one before, so changes show'],
  'audit.verify': ['校验审计链', 'Verify the chain'],
  'audit.good': ['审计链完整：{n} 条记录，{rows} 行数据与哈希一致。', 'The chain is whole: {n} entries, and {rows} rows agree with their hashes.'],
  'audit.bad': ['审计链在第 {at} 条处断裂。', 'The chain is broken at entry {at}.'],
  'audit.head': ['链头哈希', 'Head of the chain'],
  'audit.seq': ['序号', 'No.'],
  'audit.at': ['时间', 'Time'],
  'audit.user': ['用户', 'User'],
  'audit.action': ['操作', 'Action'],
  'audit.object': ['对象', 'Object'],
  'audit.row': ['行', 'Row'],
  'audit.note': ['说明', 'Note'],
  'audit.hash': ['哈希', 'Hash'],
  'audit.bad_rows': ['审计链完整，但有 {n} 行数据与其哈希不符。', 'The chain is whole, but {n} rows differ from their hash.'],

  'action.insert': ['新增', 'Insert'],
  'action.update': ['修改', 'Change'],
  'action.delete': ['删除', 'Delete'],
  'action.import': ['导入', 'Import'],
  'action.export': ['导出', 'Export'],
  'action.login': ['登录', 'Login'],
  'action.logout': ['退出', 'Logout'],
  'action.login_failed': ['登录失败', 'Failed login'],
  'action.password': ['修改密码', 'Password change'],
  'action.verify': ['校验', 'Verify'],
  'action.init': ['初始化', 'Initialise'],
  'action.backup': ['备份', 'Backup'],

  'actor.cli': ['命令行', 'command line'],
  'actor.nobody': ['未登录', 'not logged in'],
  'actor.sensor': ['探针', 'sensor'],

  'object.session': ['会话', 'Session'],
  'object.user_account': ['账号', 'Account'],
  'object.api_token': ['令牌', 'Token'],
  'object.audit': ['审计链', 'Audit chain'],
} satisfies Words;
