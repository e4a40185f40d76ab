// Answers /api/v1 from mock/data.mjs. Development only; nothing here reaches the bundle.
import * as data from './data.mjs';

const isLoggedIn = (req) => /zhuji_mock=1/.test(req.headers.cookie ?? '');
const send = (res, status, body, type = 'application/json') => {
  res.statusCode = status;
  res.setHeader('Content-Type', status >= 400 ? 'application/problem+json' : type);
  res.setHeader('X-Request-Id', 'mock-1');
  res.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const problem = (res, status, zh, en, more = {}) => send(res, status, { title: en, detail: en, detail_zh: zh, code: 'mock', ...more });
const read = (req) => new Promise((done) => {
  const parts = [];
  req.on('data', (part) => parts.push(part));
  req.on('end', () => done(Buffer.concat(parts).toString()));
});

function pageOf(rows, params) {
  let out = rows;
  const q = params.get('q');
  if (q) out = out.filter((row) => JSON.stringify(row).includes(q));
  for (const [name, value] of params) {
    if (name.startsWith('f.')) out = out.filter((row) => (value.endsWith('*') ? String(row[name.slice(2)]).startsWith(value.slice(0, -1)) : String(row[name.slice(2)]) === value));
    else if (!['q', 'sort', 'limit', 'offset'].includes(name) && rows[0] && name in rows[0]) out = out.filter((row) => String(row[name]) === value);
  }
  const sort = params.get('sort');
  if (sort) {
    const field = sort.replace('-', '');
    out = [...out].sort((a, b) => String(a[field]).localeCompare(String(b[field]), 'en', { numeric: true }) * (sort[0] === '-' ? -1 : 1));
  }
  const offset = Number(params.get('offset') ?? 0);
  return { rows: out.slice(offset, offset + Number(params.get('limit') ?? 50)), total: out.length };
}

const routes = [
  ['GET', /^\/me$/, (res) => send(res, 200, { user: data.user })],
  ['POST', /^\/me\/password$/, (res) => send(res, 200, {})],
  ['GET', /^\/plan$/, (res) => send(res, 200, data.board())],
  ['GET', /^\/plan\/tasks\/(\d+)$/, (res, m) => { const t = data.taskOf(Number(m[1])); t ? send(res, 200, t) : problem(res, 404, '未找到', 'not found'); }],
  ['GET', /^\/gaps$/, (res, m, p) => { const rule = p.get('rule'); send(res, 200, pageOf(rule ? data.gaps.filter((g) => g.gap === rule) : data.gaps, p)); }],
  ['GET', /^\/gaps\/(\d+)$/, (res, m) => {
    const gap = data.gaps[Number(m[1]) - 1];
    if (!gap) return problem(res, 404, '未找到', 'not found');
    const { kind, id } = gap.evidence[0];
    const row = data.facts[kind][id % data.facts[kind].length];
    const register = { card: 'cards', system: 'systems', release: 'releases', partner: 'partners' }[gap.subject.kind];
    return send(res, 200, { ...gap, rule: data.rules.find((r) => r.id === gap.gap), evidence_rows: [{ ...row, kind, frame: data.frameOf(row) }], register, register_row: register ? data.tables[register][id] ?? null : null });
  }],
  ['GET', /^\/duties$/, (res, m, p) => send(res, 200, pageOf(data.duties, p))],
  ['GET', /^\/registers$/, (res) => send(res, 200, { rows: data.registers.map((r) => ({ ...r, count: data.tables[r.name].length })) })],
  ['GET', /^\/registers\/(\w+)$/, (res, m, p) => send(res, 200, pageOf(data.tables[m[1]], p))],
  ['GET', /^\/registers\/(\w+)\/(\d+)\/history$/, (res) => send(res, 200, { rows: data.audit.slice(0, 3), total: 3 })],
  ['GET', /^\/registers\/(\w+)\/(\d+)$/, (res, m) => send(res, 200, data.tables[m[1]].find((r) => r.id === Number(m[2])))],
  ['GET', /^\/facts\/(\w+)\/(\d+)$/, (res, m) => { const row = data.facts[m[1]].find((r) => r.id === Number(m[2])); send(res, 200, { ...row, frame: data.frameOf(row) }); }],
  ['GET', /^\/registers\/(\w+)\/export$/, (res) => send(res, 200, '\ufeffcode\n', 'text/csv')],
  ['POST', /^\/registers\/(\w+)\/import$/, (res, m, p, body) => {
    const read = body.trim().split('\n').length - 1;
    send(res, 200, { import_id: 7, read, inserted: read - 1, updated: 0, unchanged: 0, warned: 0, refused: 1, written: p.get('mode') === 'good', faults: [{ row: 3, field: 'iccid', value: '8986001234', en: 'the check digit is wrong', zh: '校验位错误' }] });
  }],
  ['POST', /^\/registers\/(\w+)$/, (res, m, p, body) => {
    const row = JSON.parse(body);
    const reg = data.registers.find((r) => r.name === m[1]);
    const faults = reg.fields.filter((f) => f.required && !row[f.name]).map((f) => ({ field: f.name, zh: `${f.zh}必填`, en: `${f.en} is required` }));
    if (faults.length) return problem(res, 422, '部分内容被拒绝', 'some fields were refused', { faults });
    data.tables[m[1]].unshift({ id: Date.now(), org: data.user.org.code, ...row });
    return send(res, 201, { id: 1 });
  }],
  ['PUT', /^\/registers\/(\w+)\/(\d+)$/, (res, m, p, body) => { Object.assign(data.tables[m[1]].find((r) => r.id === Number(m[2])), JSON.parse(body)); send(res, 200, {}); }],
  ['DELETE', /^\/registers\/(\w+)\/(\d+)$/, (res, m) => { data.tables[m[1]] = data.tables[m[1]].filter((r) => r.id !== Number(m[2])); send(res, 204, ''); }],
  ['GET', /^\/imports\/(\d+)\/errors.xlsx$/, (res) => send(res, 200, 'xlsx', 'application/octet-stream')],
  ['GET', /^\/fleet$/, (res) => send(res, 200, data.fleet())],
  ['GET', /^\/facts\/(\w+)$/, (res, m, p) => send(res, 200, pageOf(data.facts[m[1]] ?? [], p))],
  ['GET', /^\/transfers$/, (res) => send(res, 200, data.transfers())],
  ['GET', /^\/detections$/, (res, m, p) => send(res, 200, pageOf(data.facts.detection, p))],
  ['GET', /^\/sensors$/, (res, m, p) => send(res, 200, pageOf(data.facts.sensor, p))],
  ['GET', /^\/orgs$/, (res) => send(res, 200, { rows: [{ id: 1, code: data.user.org.code, name: data.user.org.name }] })],
  ['GET', /^\/audit$/, (res, m, p) => send(res, 200, pageOf(data.audit, p))],
  ['POST', /^\/audit\/verify$/, (res) => send(res, 200, { ok: true, entries: 40, rows: 1480, bad_entry: null, bad_rows: 0, head: 'a3f1c2'.repeat(10) + 'abcd' })],
  ['GET', /^\/users$/, (res, m, p) => send(res, 200, pageOf(data.users, p))],
  ['POST', /^\/users$/, (res, m, p, body) => { data.users.push({ id: data.users.length + 1, ...JSON.parse(body), org: data.user.org }); send(res, 201, { id: 2, password: 'one-time-9f2k' }); }],
];

export async function handle(req, res, next) {
  const url = new URL(req.url, 'http://mock');
  if (!url.pathname.startsWith('/api/v1')) return next();
  const path = url.pathname.slice('/api/v1'.length);
  const body = req.method === 'GET' ? '' : await read(req);
  if (path === '/login') {
    const { password } = JSON.parse(body);
    if (password === 'wrong') return problem(res, 401, '账号或密码不正确。', 'The login or password is not right.');
    res.setHeader('Set-Cookie', 'zhuji_mock=1; Path=/; HttpOnly');
    return send(res, 200, { user: data.user });
  }
  if (path === '/logout') {
    res.setHeader('Set-Cookie', 'zhuji_mock=0; Path=/; HttpOnly');
    return send(res, 204, '');
  }
  if (!isLoggedIn(req)) return problem(res, 401, '未登录', 'not logged in');
  if (path === '/events') {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.flushHeaders();
    const timer = setInterval(() => res.write('event: change\ndata: {}\n\n'), 20000);
    req.on('close', () => clearInterval(timer));
    return undefined;
  }
  for (const [method, pattern, answer] of routes) {
    const m = pattern.exec(path);
    if (m && method === req.method) return answer(res, m, url.searchParams, body);
  }
  return problem(res, 404, '未找到', 'not found');
}
