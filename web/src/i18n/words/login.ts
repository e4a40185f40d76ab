/* Login and passwords. */
import type { Words } from '..';

export default {
  'login.title': ['登录', 'Log in'],
  'login.login': ['登录名', 'Login'],
  'login.password': ['口令', 'Password'],
  'login.go': ['登录', 'Log in'],
  'login.lead': ['企业申报了什么，线上看到了什么，两者相差什么。', 'What the company declares, what the wire shows, and where the two differ.'],
  'login.declaration': ['登记簿、备案与登记：平台、车辆、卡、合作方、升级包。', 'Registers and filings: platforms, vehicles, cards, partners, releases.'],
  'login.observation': ['探针从流量中看到的车辆、服务、指令与数据流向。', 'Vehicles, services, commands and transfers that sensors see in traffic.'],
  'login.gap': ['申报没有得到印证，或观测没有申报依据。', 'A declaration that nothing confirms, or an observation that nothing covers.'],
  'login.source': ['依据《北京车联网安全筑基工作方案》（京信网安发〔2024〕50号）', 'For the Beijing connected-vehicle security plan (京信网安发〔2024〕50号)'],

  'password.first': ['首次登录请先设置自己的口令。', 'Set a password of your own before you go on.'],
  'password.one_time': ['一次性口令', 'One-time password'],
  'password.old': ['当前口令', 'Current password'],
  'password.new': ['新口令', 'New password'],
  'password.again': ['再次输入新口令', 'New password once more'],
  'password.rule': ['至少 {n} 个字符。', 'At least {n} characters.'],
  'password.differs': ['两次输入不一致。', 'The two entries differ.'],
  'password.save': ['保存口令', 'Save password'],
  'password.done': ['口令已更新。', 'The password is changed.'],
} satisfies Words;
