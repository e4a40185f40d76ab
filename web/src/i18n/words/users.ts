/* Accounts. */
import type { Words } from '..';

export default {
  'users.sub': ['谁可以登录，属于哪个单位，担任什么角色', 'Who may log in, for which organisation, in which roles'],
  'users.add': ['新增用户', 'Add a user'],
  'users.added': ['用户已创建。', 'The account is made.'],
  'users.one_time': ['一次性口令（只显示这一次）：', 'One-time password (shown only now):'],
  'users.name': ['姓名', 'Name'],
  'users.roles': ['角色', 'Roles'],
  'users.org_hint': ['留空表示不属于任何单位（主管部门）。', 'Empty: of no organisation (a bureau).'],
  'users.last_login': ['上次登录', 'Last login'],
  'users.never': ['从未', 'never'],
  'users.none': ['没有用户', 'There is no user'],
  'users.locked': ['已锁定', 'Locked'],
  'users.locked_till': ['口令连错，锁定至 {time}', 'Wrong passwords, locked till {time}'],
  'users.must_change': ['待改口令', 'must change password'],
  'users.active': ['正常', 'Active'],
  'users.do': ['操作', 'Actions'],
  'users.lock': ['锁定', 'Lock'],
  'users.unlock': ['解锁', 'Unlock'],
  'users.reset': ['重置口令', 'Reset the password'],
  'users.reset_ask': ['重置“{login}”的口令？', 'Reset the password of “{login}”?'],
  'users.reset_what': ['将生成一次性口令，其现有会话全部结束。', 'A one-time password is made, and its sessions end.'],
  'users.reset_done': ['口令已重置。', 'The password is reset.'],
} satisfies Words;
