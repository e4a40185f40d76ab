/* One's own tokens for programs. */
import type { Words } from '..';

export default {
  'tokens.title': ['接口令牌', 'API tokens'],
  'tokens.sub': ['程序用令牌访问接口，权限不超过本人权限；停用账号或重设口令后令牌失效', 'Programs use the API with a token; it may do a part of what you may, and ends when your account is locked or its password reset'],
  'tokens.document': ['接口文档（OpenAPI）', 'API document (OpenAPI)'],
  'tokens.add': ['新建令牌', 'Make a token'],
  'tokens.name': ['用途', 'What it is for'],
  'tokens.name_hint': ['例如：每日报表、机房探针 1', 'Such as: daily report, sensor of room 1'],
  'tokens.scopes': ['权限', 'Rights'],
  'tokens.days': ['有效期', 'Good for'],
  'tokens.in_days': ['{n} 天', '{n} days'],
  'tokens.created_at': ['创建时间', 'Made'],
  'tokens.last_used': ['上次使用', 'Last used'],
  'tokens.never': ['从未使用', 'never'],
  'tokens.expires_at': ['到期时间', 'Ends'],
  'tokens.made': ['令牌已创建，请立即复制：关闭后不再显示。', 'The token is made. Copy it now: it is not shown again.'],
  'tokens.use': ['请求头：Authorization: Bearer 令牌', 'As a header: Authorization: Bearer TOKEN'],
  'tokens.end': ['停用', 'Revoke'],
  'tokens.end_ask': ['停用令牌“{name}”？', 'Revoke the token “{name}”?'],
  'tokens.end_what': ['使用它的程序随即无法访问，且不能恢复。', 'Programs that use it are refused at once, and it does not come back.'],
  'tokens.none': ['还没有令牌', 'No token yet'],
  'tokens.none_hint': ['报表程序、远端探针等通过令牌访问接口。', 'Reports, sensors elsewhere and other programs use the API with a token.'],
  'token_scope.read': ['读取', 'Read'],
  'token_scope.write': ['写入', 'Write'],
  'token_scope.ingest': ['上报观测数据', 'Send observations'],

  'copy.do': ['复制', 'Copy'],
  'copy.done': ['已复制。', 'Copied.'],
  'copy.failed': ['浏览器不允许复制，请手动选取。', 'The browser does not let the page copy: select it by hand.'],
} satisfies Words;
