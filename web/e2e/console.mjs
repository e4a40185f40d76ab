// Walks the console as its users do, and checks what the pages say against what the API says.
//   node console.mjs URL ADMIN PASSWORD OFFICER PASSWORD FOLDER
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as shared from './browser.mjs';

const [base, admin, adminFirst, officer, officerFirst, folder] = process.argv.slice(2);
const complaints = [];
const browser = await shared.launch();
const page = await shared.newPage(browser, complaints, (text) => text.includes('/gaps/99999999'));
const { check, count } = shared.checker(browser, page, folder);
const api = (path) => shared.api(page, path);
const login = (user, first) => shared.login(page, user, first);
const accessible = (name) => shared.accessible(page, name);
const numberIn = (text) => Number(text.replace(/[^0-9]/g, ''));
const open = async (path) => {
  await page.goto(base + path);
  await page.waitForSelector('.main h1');
};
const go = (path) => shared.go(page, path);
/** Nothing is waited for; a table without rows says so. */
const drawn = () =>
  page.waitForFunction(() => !document.querySelector('.ant-skeleton, .ant-spin-spinning') && [...document.querySelectorAll('.ant-table-placeholder')].every((one) => one.querySelector('.nothing')));
const h1 = () => page.locator('.main h1').first().innerText();
const rows = () => page.locator('.ant-table-tbody tr.ant-table-row');

async function logout() {
  await page.click('.top button.ant-dropdown-trigger');
  await page.locator('.ant-dropdown-menu-item', { hasText: /退出登录|Log out/ }).click();
  await page.waitForSelector('.login');
}

await page.goto(base);
await check('a wrong password is told in words, with the number of the request', async () => {
  await page.fill('input[autocomplete=username]', officer);
  await page.fill('input[autocomplete=current-password]', 'not the password');
  await page.click('button[type=submit]');
  const alert = page.locator('[role=alert]');
  await alert.waitFor();
  assert.match(await alert.innerText(), /[\u4e00-\u9fff]{4}/);
  assert.match(await alert.innerText(), /请求编号 \S+/);
});
await check('the login page is accessible', () => accessible('login'));
await check('the first login asks for an own password', () => login(officer, officerFirst));

let gaps;
await check('the board shows 18 tasks and 3 safeguards, with the figures of the API', async () => {
  await page.locator('.side a[href="/plan"]').click();
  await page.waitForSelector('.card');
  assert.equal(await h1(), '任务看板');
  assert.equal(await page.locator('.card').count(), 21);
  for (const text of await page.locator('.section').allInnerTexts()) assert.doesNotMatch(text, /\b[a-z_]+\.[a-z_]+\d*\b/, 'the name of a text in its place');
  const board = await api('/plan');
  const sum = (of) => board.tasks.reduce((n, task) => n + of(task), 0);
  gaps = { high: sum((t) => t.gaps.high), medium: sum((t) => t.gaps.medium) };
  assert.ok(gaps.high > 0, 'the demo has gaps');
  assert.equal(numberIn(await page.locator('.strip a.c-high').first().innerText()), gaps.high);
  assert.equal(numberIn(await page.locator('.strip a.c-overdue').innerText()), sum((t) => t.duties.overdue));
  const six = board.tasks.find((task) => task.task === 6);
  assert.equal(numberIn(await page.locator('.card', { has: page.locator('a[href="/tasks/6"]') }).locator('a.c-high').innerText()), six.gaps.high);
});
await check('the figure leads to just those rows', async () => {
  await page.locator('.strip a.c-high').first().click();
  await page.waitForURL(/\/gaps\?severity=high/);
  await page.waitForFunction((n) => document.querySelector('.tools [role=status]')?.textContent?.replace(/\D/g, '') === String(n), gaps.high);
  assert.equal(await rows().count(), Math.min(50, gaps.high));
  assert.equal(await page.locator('.ant-table-tbody .c-high').count(), Math.min(50, gaps.high));
});
await check('filters stay in the address', async () => {
  await open('/gaps?task=6&severity=high');
  await rows().first().waitFor();
  const want = (await api('/gaps?task=6&severity=high&limit=200')).rows;
  assert.equal(await rows().count(), want.length);
  assert.ok(want.every((gap) => gap.task === 6));
});
await check('gaps and duties are sorted by the server', async () => {
  await open('/duties?state=open');
  await rows().first().waitFor();
  await page.locator('th', { hasText: '期限' }).click();
  await page.waitForURL(/sort=due/);
  await page.locator('th', { hasText: '期限' }).click();
  await page.waitForURL(/sort=-due/);
  const dues = (await api('/duties?state=open&sort=-due&limit=50')).rows.map((duty) => duty.due ?? '9');
  assert.deepEqual(dues, [...dues].sort().reverse());
  await page.waitForFunction((due) => document.querySelector('.ant-table-tbody tr.ant-table-row')?.textContent.includes(due === '9' ? '–' : due), dues[0]);
  const subjects = (await api('/gaps?sort=subject&limit=100')).rows.map((gap) => gap.subject.id);
  assert.deepEqual(subjects, [...subjects].sort());
});
await check('one packet is one evidence that names all it carries, and a body is no fault', async () => {
  const gap = (await api('/gaps?rule=T13.undeclared-partner&limit=1')).rows[0];
  assert.match(gap.why, /居民身份证号、手机号码/);
  const detail = await api(`/gaps/${gap.id}`);
  const packets = detail.evidence_rows.map((row) => `${row.ev_source} ${row.ev_packet}`);
  assert.equal(new Set(packets).size, packets.length, 'no packet twice');
  const row = detail.evidence_rows[0];
  assert.deepEqual(row.carries.map((one) => one.data_type).sort(), ['CN_MOBILE', 'CN_RESIDENT_ID']);
  assert.equal(row.frame.part, 'body');
  const bytes = Buffer.from(row.frame.hex, 'hex');
  const body = JSON.parse(bytes.toString());
  assert.deepEqual(row.frame.found.map((one) => bytes.subarray(one.start, one.end).toString()).sort(), [body.mobile, body.id].sort());
  await open(`/gaps/${gap.id}`);
  await page.waitForSelector('.hex pre');
  const text = await page.locator('.main').innerText();
  assert.ok(text.includes('居民身份证号（1 条）、手机号码（1 条）'));
  assert.ok(text.includes(`${body.mobile} (`), 'what was found stands beside its bytes');
  assert.ok(!/不合规范|bad_start_line/.test(text));
});
await check('a gap tells why, what is declared and observed, and shows its frame', async () => {
  const gap = (await api('/gaps?rule=T6.optout-card-active&limit=1')).rows[0];
  await open(`/gaps/${gap.id}`);
  await page.waitForSelector('.lead');
  assert.equal(await page.locator('.lead').first().innerText(), gap.why);
  const detail = await api(`/gaps/${gap.id}`);
  const text = await page.locator('.main').innerText();
  const evidence = detail.evidence_rows[0];
  assert.ok(text.includes(gap.subject.id));
  assert.ok(text.includes(evidence.ev_source) && text.includes(evidence.ev_flow), 'capture and flow');
  assert.ok(text.includes(`#${Number(evidence.ev_packet).toLocaleString('en-US')}`), 'packet');
  assert.ok(text.includes('已放弃'), 'the state of the card in the register');
  const hex = (await page.locator('.hex pre .b').allInnerTexts()).join('').replace(/\s/g, '');
  assert.equal(hex, evidence.frame.hex.slice(0, 2048));
});
await check('a field lights up its bytes', async () => {
  const row = page.locator('.fields tr[tabindex]', { has: page.locator('th[title$=vin], th[title$=iccid], th[title$=phone]') }).first();
  await row.focus();
  const value = await row.locator('td').innerText();
  const lit = (await page.locator('.hex pre .b.on').allInnerTexts()).join('').replace(/\s/g, '');
  const asText = Buffer.from(lit, 'hex').toString('latin1');
  assert.ok(asText === value || lit.endsWith(value), `${value} is not ${asText} or ${lit}`);
});
await check('English by one click, without a reload', async () => {
  await page.evaluate(() => { globalThis.stays = 1; });
  const asked = [];
  const note = (request) => /\/api\/v1\/(?!events)/.test(request.url()) && asked.push(request.headers()['accept-language']);
  page.on('request', note);
  await page.click('button.lang');
  await page.waitForSelector('text=What to do');
  assert.equal(await page.evaluate(() => globalThis.stays), 1);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  assert.ok(!/[\u4e00-\u9fff]/.test(await page.locator('.side').innerText()), 'the menu is English');
  await page.waitForFunction(() => !/[\u4e00-\u9fff]/.test(document.querySelector('.lead').textContent));
  assert.ok(asked.length > 0 && asked.every((one) => one === 'en'), `after the click the server is asked in ${asked}`);
  page.off('request', note);
  await page.click('button.lang');
  await page.waitForSelector('text=处理建议');
});

// ISO 3779: weights and values by position; the ninth character checks the others.
function vin(body) {
  const values = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 };
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const sum = [...body].reduce((n, c, at) => n + (values[c] ?? Number(c)) * weights[at], 0) % 11;
  return body.slice(0, 8) + (sum === 10 ? 'X' : sum) + body.slice(9);
}
const good = [vin('LZ0TESTA0R1990001'), vin('LZ0TESTA0R1990002')];
const bad = good[0].slice(0, 8) + (good[0][8] === '1' ? '2' : '1') + good[0].slice(9);

let before;
await check('the import wizard checks, names the faulty row, and writes the good ones', async () => {
  const file = join(folder, 'vehicles.csv');
  writeFileSync(file, `vin,model,plate,made_on,sold_on\n${good[0]},M1,,2026-01-05,\n${bad},M1,,2026-01-05,\n${good[1]},M2,,2026-01-06,\n`);
  before = (await api('/registers/vehicles?limit=1')).total;
  await open('/imports?register=vehicles');
  await page.setInputFiles('input[type=file]', file);
  await page.waitForSelector('.figures');
  const figures = (await page.locator('.figures .tile b').allInnerTexts()).map(Number);
  assert.deepEqual(figures, [3, 2, 0, 0, 0, 1], 'read, new, changed, unchanged, warned, refused');
  const fault = await rows().first().innerText();
  assert.match(fault, /^3\s/, 'the row as Excel counts it');
  assert.ok(fault.includes(bad));
  assert.equal((await api('/registers/vehicles?limit=1')).total, before, 'the check writes nothing');
  await page.locator('button', { hasText: '写入 2 行' }).click();
  await page.waitForSelector('text=已写入');
  assert.equal((await api('/registers/vehicles?limit=1')).total, before + 2);
  const book = await page.evaluate(async (href) => (await (await fetch(href)).arrayBuffer()).byteLength, await page.locator('a[href$="errors.xlsx"]').getAttribute('href'));
  assert.ok(book > 2000, 'the error workbook');
  await accessible('import');
});
await check('a file without anything new is told as that, and is not written', async () => {
  const file = join(folder, 'vehicles-again.csv');
  writeFileSync(file, `vin,model,plate,made_on,sold_on\n${good[0]},M1,,2026-01-05,\n${bad},M1,,2026-01-05,\n${good[1]},M2,,2026-01-06,\n`);
  await open('/imports?register=vehicles');
  await page.setInputFiles('input[type=file]', file);
  await page.waitForSelector('text=没有新增或变化的行');
  assert.ok(await page.locator('button', { hasText: /^无需写入$/ }).isDisabled());
  assert.equal(await page.locator('button', { hasText: /^写入/ }).count(), 0);
  assert.ok((await page.locator('.main').innerText()).includes('新增 0 · 更新 0 · 无变化 2 · 拒绝 1'));
});
await check('search, form with its faults, change, history and delete', async () => {
  await open(`/registers/vehicles?q=${good[1]}`);
  await page.locator('.ant-table-tbody a', { hasText: good[1] }).click();
  await page.waitForSelector('#model');
  await page.fill('#model', 'M2-changed');
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForSelector('.ant-message-success');
  await page.locator('[role=tab]', { hasText: '变更记录' }).click();
  await page.locator('.timeline li').nth(1).waitFor();
  await open(`/registers/vehicles?q=${good[1]}`);
  await page.waitForFunction(() => [...document.querySelectorAll('.ant-table-tbody td')].some((cell) => cell.textContent === 'M2-changed'));

  await page.locator('.head a.ant-btn-primary').click();
  await page.fill('#vin', bad);
  await page.locator('.foot button.ant-btn-primary').click();
  await page.locator('.ant-form-item-explain-error').first().waitFor();
  assert.match(await page.locator('.ant-form-item-explain-error').first().innerText(), /[\u4e00-\u9fff]/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'vin', 'the first fault has the focus');
  await accessible('form');

  await open('/registers/vehicles/new');
  await page.locator('[role=status]', { hasText: '草稿' }).locator('button.ant-btn-primary').click();
  assert.equal(await page.inputValue('#vin'), bad, 'the draft comes back');
  await page.fill('#vin', good[0]);

  await open(`/registers/vehicles?q=${good[1]}`);
  await rows().first().locator('input[type=checkbox]').check();
  await page.locator('.tools button.ant-btn-dangerous').click();
  await page.locator('.ant-modal-confirm button.ant-btn-dangerous').click();
  await page.waitForFunction(() => document.querySelector('.tools [role=status]')?.textContent?.replace(/\D/g, '') === '0');
});
await check('a register is found and kept in the menu; a view is kept by name', async () => {
  await page.fill('.registers input', '车辆');
  await page.locator('.registers a', { hasText: '车辆' }).first().click();
  await page.locator('.head button[aria-pressed]').click();
  await page.fill('.registers input', '');
  await page.locator('.registers > ul a[href="/registers/vehicles"]').waitFor();
  await page.locator('.head button[aria-pressed=true]').click();
  await open(`/registers/vehicles?q=${good[0]}`);
  await page.locator('.bar button', { hasText: '视图' }).click();
  await page.locator('.ant-dropdown-menu-item', { hasText: '保存当前视图' }).click();
  await page.locator('.ant-modal-confirm input').fill('一辆车');
  await page.locator('.ant-modal-confirm button.ant-btn-primary').click();
  await open('/registers/vehicles');
  await page.locator('.bar button', { hasText: '视图' }).click();
  await page.locator('.ant-dropdown-menu-item', { hasText: '一辆车' }).click();
  await page.waitForURL(new RegExp(`q=${good[0]}`));
});
await check('the history tells what changed, and a day of the past is shown as it was', async () => {
  await open('/registers/systems/1');
  const old = await page.inputValue('#name');
  await page.fill('#name', `${old} 2`);
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForSelector('.ant-message-success');
  await page.locator('[role=tab]', { hasText: '变更记录' }).click();
  await page.locator('.changes .to', { hasText: `${old} 2` }).first().waitFor();
  await open('/registers/vehicles?as_of=2020-01-01');
  await page.waitForFunction(() => document.querySelector('.tools [role=status]')?.textContent?.replace(/\D/g, '') === '0');
});
await check('the grading wizard gives the level and fills the record', async () => {
  await open('/grading?system=PLT-GB');
  const pick = (at, n) => page.locator('.ladder').nth(at).locator('label', { hasText: new RegExp(`^${n} `) }).click();
  await pick(0, 3);
  await pick(1, 2);
  await pick(2, 4);
  // K = log2((2^3 + 2^2 + 2^4) / 3) = log2(28 / 3) = 3.2
  await page.waitForSelector('.grade b');
  await page.waitForFunction(() => document.querySelector('.grade b')?.textContent === '第三级' && document.querySelector('.grade')?.textContent.includes('3.2'));
  await page.locator('.main a.ant-btn-primary').click();
  await page.waitForSelector('#rationale');
  assert.deepEqual([await page.inputValue('#i'), await page.inputValue('#v'), await page.inputValue('#r'), await page.inputValue('#method')], ['3', '2', '4', 'telecom']);
  await page.fill('#code', 'GR-E2E');
  await page.fill('#decided_on', '2026-01-05');
  await page.press('#decided_on', 'Enter');
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForURL(/registers\/gradings\/\d+/);
});
await check('the checklist sets many items at once', async () => {
  await open('/controls?system=PLT-JT&level=1');
  const area = page.locator('section.box').first();
  await area.locator('header input[type=checkbox]').check();
  const items = await area.locator('tbody tr').count();
  await page.locator('.bar button', { hasText: /^不适用$/ }).click();
  await page.waitForFunction(() => !document.querySelector('.bar .ant-space'));
  const { rows: results } = await api('/registers/control_results?f.system=PLT-JT&f.result=na&limit=100');
  assert.ok(results.length >= items, `${results.length} of ${items}`);
});
await check('an examination is taken, marked and recorded', async () => {
  const questions = (await api('/registers/questions?limit=100')).rows;
  const { course } = questions[0];
  const person = (await api('/registers/people?limit=1')).rows[0].code;
  await open(`/exam?course=${course}&person=${person}`);
  const mine = questions.filter((one) => one.course === course).sort((a, b) => (a.code < b.code ? -1 : 1));
  await page.locator('.ladder').first().waitFor();
  for (const [at, question] of mine.entries())
    for (const letter of question.answer) await page.locator('.ladder').nth(at).locator('label', { hasText: new RegExp(`^${letter}\\. `) }).click();
  await page.locator('button', { hasText: '交卷' }).click();
  await page.locator('[role=status]', { hasText: '100 分，合格' }).waitFor();
  const last = (await api(`/registers/exams?f.person=${person}&sort=-taken_on`)).rows.find((row) => row.score === 100 && row.course === course);
  assert.equal(last.is_passed, true);
});
await check('a case: remark on a field, attachment by its hash, draft kept, taken back', async () => {
  await open('/cases/new?type=filing&system=PLT-GB');
  await page.fill('#code', 'F-E2E');
  await page.click('#kind');
  await page.locator('.ant-select-item-option').first().click();
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForURL(/cases\/\d+/);
  await page.locator('[data-field=topology] button.remark').click();
  await page.locator('[data-field=topology] textarea[aria-label]').fill('补一张图');
  await page.locator('[data-field=topology] button', { hasText: '添加' }).click();
  await page.locator('[data-field=topology] .notes li', { hasText: '补一张图' }).waitFor();
  await page.locator('[role=tab]', { hasText: '附件' }).click();
  const bytes = Buffer.from('拓扑图');
  writeFileSync(join(folder, '拓扑.txt'), bytes);
  await page.setInputFiles('.in-tabs input[type=file]', join(folder, '拓扑.txt'));
  await page.locator('td.mono', { hasText: createHash('sha256').update(bytes).digest('hex') }).waitFor();
  await page.locator('.main button', { hasText: /^作废$/ }).click();
  await page.locator('.ant-modal textarea').fill('不再需要');
  await page.locator('.ant-modal input[type=checkbox]').check();
  await page.locator('.ant-modal-footer button.ant-btn-primary').click();
  await page.locator('.steps .now', { hasText: '已作废' }).waitFor();
});
await check('cases are sorted by the server, and acted on together with a result for each', async () => {
  const times = (await api('/work/cases?sort=-opened_at&limit=200')).rows.map((one) => one.opened_at);
  assert.deepEqual(times, [...times].sort().reverse());
  const made = await page.evaluate(async () => {
    const send = (path, body) => fetch(`/api/v1${path}`, { method: 'POST', headers: { 'X-Zhuji': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((answer) => answer.json());
    const ids = [];
    for (const code of ['F-ALL1', 'F-ALL2']) ids.push((await send('/work/cases', { type: 'filing', fields: { code, system: 'PLT-GB', kind: 'change' } })).id);
    return ids;
  });
  await open('/cases?mine=opened&type=filing&state=draft');
  const sorted = page.waitForResponse(/work\/cases\?.*sort=opened_at/);
  await page.locator('th', { hasText: '发起时间' }).click();
  await sorted;
  const boxes = page.locator('.ant-table-tbody input[type=checkbox]');
  await boxes.nth(1).waitFor();
  await page.locator('.tools button', { hasText: '选择本页全部' }).click();
  await page.locator('.tools [role=status]', { hasText: `已选 ${await boxes.count()} ` }).waitFor();
  await page.locator('.tools button', { hasText: '批量办理' }).click();
  await page.click('#bulk-act_action');
  await page.locator('.ant-select-item-option', { hasText: '抄送' }).click();
  await page.click('#bulk-act_to');
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: 'officer' }).first().click();
  await accessible('a dialog for many cases');
  await page.locator('.ant-modal button[type=submit]').click();
  await page.locator('.ant-modal [role=status]', { hasText: `已办理 ${await boxes.count()} 件，未能办理 0 件` }).waitFor();
  for (const id of made) assert.ok((await api(`/work/cases/${id}/timeline`)).rows.some((event) => event.action === 'copy'), `case ${id}`);
  await page.keyboard.press('Escape');
  await page.locator('.ant-modal').waitFor({ state: 'detached' });
});
await check('a gap leads to the declaration that closes it, filled in', async () => {
  const gap = (await api('/gaps?rule=T13.undeclared-partner&limit=1')).rows[0];
  await open(`/gaps/${gap.id}`);
  await page.locator('.main a.ant-btn-primary', { hasText: '登记到' }).click();
  await page.waitForSelector('.fieldset');
  assert.ok((await page.locator('[data-field=endpoints]').innerText()).includes(gap.subject.id));
});
await check('gaps of one source are entered into the data list together, with class, persons and counts', async () => {
  const all = (await api('/gaps?rule=T11.unlisted-data&limit=200')).rows;
  const source = (gap) => gap.subject.id.slice(0, gap.subject.id.lastIndexOf(' · '));
  const gap = all.find((one) => /CN_MOBILE$/.test(one.subject.id) && all.some((other) => other !== one && source(other) === source(one)));
  const same = all.filter((one) => source(one) === source(gap)).map((one) => one.subject.id.split(' · ').pop());
  await open(`/gaps/${gap.id}`);
  const button = page.locator('.main a.ant-btn-primary', { hasText: '登记入数据清单' });
  await button.waitFor();
  assert.match(await button.getAttribute('href'), /category=service&.*subjects=\d+/);
  await page.locator('.main button', { hasText: '全选' }).click();
  await page.locator('.main a.ant-btn-primary:not(.ant-btn-loading)', { hasText: `将 ${same.length} 类一并登记` }).click();
  await page.waitForSelector('.fieldset');
  await page.waitForFunction(() => document.querySelector('[data-field=code] input').value !== '');
  await page.locator('.main form button.ant-btn-primary').last().click();
  await page.waitForURL(/\/registers\/data_assets\/\d+$/);
  const row = await api(`/registers/data_assets/${page.url().split('/').pop()}`);
  assert.deepEqual(String(row.data_types).split(';').sort(), [...same].sort());
  assert.ok(row.category && row.subjects > 0 && row.records > 0 && row.is_personal, JSON.stringify(row));
  await page.waitForFunction(async (id) => (await (await fetch(`/api/v1/gaps/${id}`)).json()).state === 'closed', gap.id);
  await page.waitForFunction(async (prefix) => !(await (await fetch('/api/v1/gaps?rule=T11.unlisted-data&limit=200')).json()).rows.some((one) => one.subject.id.startsWith(prefix)), `${source(gap)} · `);
});
await check('exports give the filter and the template', async () => {
  const [csv, book] = await page.evaluate(async (q) => [
    await (await fetch(`/api/v1/registers/vehicles/export?format=csv&q=${q}`)).text(),
    (await (await fetch('/api/v1/registers/cards/export?template=1&format=xlsx')).arrayBuffer()).byteLength,
  ], good[0]);
  assert.equal(csv.trim().split('\n').length, 2);
  assert.ok(csv.includes(good[0]));
  assert.ok(book > 3000);
});
await check('a change elsewhere shows without a reload', async () => {
  await open('/');
  const shows = (n) => page.waitForFunction((want) => Number(document.querySelector('.side a[href="/registers/vehicles"] .num')?.textContent?.replace(/\D/g, '')) === want, n);
  await shows(before + 1); // two imported, one deleted
  const made = vin('LZ0TESTA0R1990003');
  const status = await page.evaluate(async (one) => (await fetch('/api/v1/registers/vehicles', { method: 'POST', headers: { 'X-Zhuji': '1', 'Content-Type': 'application/json' }, body: JSON.stringify({ vin: one }) })).status, made);
  assert.equal(status, 201);
  await shows(before + 2);
});

await check('the fleet agrees with the API, as a chart and as a table', async () => {
  await open('/fleet');
  const fleet = await api('/fleet');
  assert.ok(fleet.vehicles > 0);
  await page.waitForSelector('.chart svg path', { state: 'attached' });
  assert.equal(numberIn(await page.locator('.figure a').innerText()), fleet.vehicles);
  const shares = await page.locator('.shares').first().innerText();
  for (const one of fleet.by_protocol) assert.ok(shares.includes(String(one.vehicles)), one.name);
  await page.locator('.ant-segmented-item', { hasText: '表' }).first().click();
  assert.equal(await page.locator('.fields tbody tr').count(), new Set(fleet.series.map((point) => point.hour)).size);
});
await check('transfers name data types, destinations and countries', async () => {
  await open('/transfers');
  await page.waitForSelector('.chart svg text', { state: 'attached' });
  const text = await page.locator('.chart svg').innerHTML();
  const data = await api('/transfers');
  const abroad = data.nodes.filter((node) => node.kind === 'country' && !['CN', '-'].includes(node.name));
  assert.ok(abroad.length > 0, 'the demo sends data abroad');
  assert.ok(text.includes('▲'), 'what goes abroad is marked');
  assert.ok(text.includes('车辆识别代号'));
  // the table holds what the diagram shows, what goes abroad first, then strangers, then partners
  await rows().first().waitFor();
  const outside = (await api('/facts/transfer?outside=1&sort=worst&limit=500')).rows;
  const every = (await api('/facts/transfer?limit=500')).rows;
  assert.ok(outside.length > 0 && outside.length < every.length);
  assert.ok(outside.every((row) => row.src.startsWith('10.1.') && !row.dst.startsWith('10.')), 'from own networks to others');
  const rank = outside.map((row) => (['CN', '-'].includes(row.country) ? 2 : 0) + (row.partner ? 1 : 0));
  assert.deepEqual(rank, [...rank].sort());
  assert.equal(await rows().count(), outside.length);
  assert.match(await rows().first().innerText(), /美国/);
  const partner = data.nodes.find((node) => node.is_partner).name;
  const theirs = (await api(`/facts/transfer?f.partner=${encodeURIComponent(partner)}&limit=500`)).rows;
  assert.ok(theirs.length > 0 && theirs.length < every.length && theirs.every((row) => row.partner === partner), 'a partner of the diagram leads to its rows');
  await page.locator('.head .ant-segmented-item', { hasText: '全部' }).click();
  await page.waitForFunction((n) => document.querySelectorAll('.ant-table-tbody tr.ant-table-row').length === n, every.length);
  assert.match(await page.locator('.head').innerText(), /含车辆上行和内网/);
  await open('/transfers?view=table&all=1');
  await page.waitForSelector('.fields tbody tr');
  assert.equal(await page.locator('.fields tbody tr').count(), (await api('/transfers?all=1')).links.length);
});
await check('a run that ended is entered once as the sorting of the year, and the duty counts it', async () => {
  const duty = async () => (await api('/duties?rule=T11.inventory')).rows.find((one) => one.page);
  const before = await duty();
  await go('/data?view=runs');
  const row = page.locator('table.rows tbody tr').first();
  await row.locator('button', { hasText: '登记为本年度数据梳理' }).click();
  const dialog = page.locator('.ant-modal');
  assert.notEqual(await dialog.locator('textarea').first().inputValue(), '', 'the process is that of the sheet');
  await dialog.locator('input').fill('');
  await dialog.locator('.ant-btn-primary').click();
  await dialog.locator('.ant-form-item-explain-error').waitFor();
  await dialog.locator('input').fill('PE-3');
  await dialog.locator('.ant-btn-primary').click();
  const link = row.locator('a', { hasText: '已登记' });
  await link.waitFor();
  await drawn();
  const [run] = (await api('/inventory/runs')).rows;
  const kept = await api(`/registers/inventory_runs/${run.entered}`);
  assert.deepEqual([kept.run, kept.operators, kept.scope, kept.objects, kept.columns, kept.found], [run.id, 'PE-3', run.scope, run.objects, run.columns, run.found]);
  const again = await shared.api(page, `/inventory/runs/${run.id}/enter`, 'POST', {});
  assert.deepEqual(again, { id: run.entered, code: kept.code, is_new: false });
  await page.waitForFunction(async (why) => (await (await fetch('/api/v1/duties?rule=T11.inventory')).json()).rows.find((one) => one.page).why !== why, before.why);
  assert.equal((await duty()).state, 'met');
  await link.click();
  await page.waitForURL(/\/registers\/inventory_runs\/\d+$/);
});
await check('a proposal that changed after it was shown is not accepted, and that is told', async () => {
  const [first] = (await api('/inventory/columns?offered=1&found=1&limit=500')).rows;
  // the page is shown another grade than the store holds: as if a run came in between
  await page.route('**/api/v1/inventory/columns?*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const row of body.rows ?? []) if (row.id === first.id) row.grade = 'core';
    await route.fulfill({ response: answer, json: body });
  });
  await go('/data/review');
  await drawn();
  await page.locator(`.ant-table-tbody tr[data-row-key="${first.id}"] input[type=checkbox]`).check();
  await page.locator('.tools button.ant-btn-primary').click();
  await page.locator('.ant-message-warning', { hasText: '1 列的建议在显示之后又有变化' }).waitFor();
  await page.unroute('**/api/v1/inventory/columns?*');
  const now = (await api(`/inventory/columns?column=${first.id}&limit=1`)).rows[0];
  assert.deepEqual([now.verdict, now.is_offered, now.final_grade], ['', true, first.final_grade]);
});
await check('columns in which nothing was found are given a class by hand, several at once', async () => {
  const missed = (await api('/inventory/columns?limit=500')).rows.filter((row) => !row.type && !row.verdict);
  const object = missed[0].object_id;
  const want = missed.filter((row) => row.object_id === object);
  await go(`/data?source=${encodeURIComponent(missed[0].source)}&object=${object}`);
  await drawn();
  await page.locator('.box label.ant-checkbox-wrapper', { hasText: '只看有发现的列' }).click();
  for (const row of want) await page.locator('table.rows tbody tr', { has: page.locator('button', { hasText: new RegExp(`^${row.name}$`) }) }).locator('input[type=checkbox]').check();
  await page.locator('.tools button', { hasText: '更正' }).click();
  const dialog = page.locator('.ant-modal');
  await dialog.locator('.ant-select').first().click();
  await page.keyboard.type('E3');
  await page.locator('.ant-select-item-option', { hasText: /^E3 / }).click();
  await dialog.locator('textarea').fill('工单与诉求');
  await dialog.locator('.ant-btn-primary').click();
  await dialog.waitFor({ state: 'detached' });
  const after = (await api(`/inventory/columns?object=${object}&limit=500`)).rows.filter((row) => want.some((one) => one.id === row.id));
  for (const row of after) assert.deepEqual([row.final_type, row.verdict, row.reason], ['E3', 'correct', '工单与诉求']);
  await page.waitForFunction((n) => [...document.querySelectorAll('table.rows tbody td')].filter((td) => /^更正 订单与经营/.test(td.textContent)).length === n, want.length);
});
await check('detections and observations show the rows and their frames', async () => {
  const detections = await api('/detections?limit=50');
  assert.ok(detections.total > 0);
  await open('/detections');
  await rows().first().waitFor();
  assert.equal(await rows().count(), detections.rows.length);
  assert.ok((await rows().first().innerText()).includes(detections.rows[0].subject));
  const command = detections.rows.find((row) => row.rule === 'unknown-platform-command');
  const whole = rows().filter({ hasText: command.subject }).filter({ hasText: '未知平台' });
  assert.ok(!/:0\b/.test(await whole.innerText()), 'a command to a vehicle goes to no port');
  await whole.locator('td').last().click();
  await page.waitForSelector('.ant-drawer .hex pre');
  const told = await page.locator('.ant-drawer').innerText();
  for (const text of ['UN R155 附件5 16.1', '处理建议', command.note_zh, command.ev_flow]) assert.ok(told.includes(text), text);
  const links = await page.locator('.ant-drawer .lead ~ .ant-space a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(links.some((to) => to.includes(`vehicles/find?key=${command.subject}`)) && links.some((to) => to.includes(`gaps?q=${command.subject}`)));
  await page.goto(`${base}${links[0]}`);
  await page.waitForFunction((vin) => document.querySelector('.main')?.innerText.includes(vin), command.subject);
  await open('/detections');
  await rows().first().waitFor();
  await rows().first().locator('button.link').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.ant-drawer .hex pre');
  await page.keyboard.press('Escape');
  const table = await page.locator('.ant-table-content, .ant-table-body').first().evaluate((at) => at.scrollWidth - at.clientWidth);
  assert.ok(page.viewportSize().width < 1366 || table <= 0, `at 1366 the columns fit, ${table} px are out of sight`);
  await page.locator('button', { hasText: '导出' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.ant-dropdown-menu-item', { hasText: 'CSV' }).click()]);
  assert.match(file.suggestedFilename(), /\.csv$/);
  const identity = (await api('/facts/identity?limit=1')).rows[0];
  await open(`/facts/identity?f.vin=${identity.vin}`);
  await rows().first().waitFor();
  assert.ok((await rows().allInnerTexts()).every((row) => row.includes(identity.vin)));
  await page.locator('button.link', { hasText: identity.vin }).first().click();
  await page.waitForSelector('.ant-drawer .hex pre');
});
await check('the audit chain is verified', async () => {
  await open('/audit');
  await rows().first().waitFor();
  await page.locator('.head button.ant-btn-primary').click();
  await page.waitForSelector('text=审计链完整');
});
await check('unknown pages and rows are told in words', async () => {
  await page.goto(`${base}/no/such/page`);
  await page.waitForSelector('text=没有这个页面');
  await open('/').catch(() => undefined);
  await page.goto(`${base}/gaps/99999999`);
  await page.waitForSelector('[role=alert]');
  assert.match(await page.locator('[role=alert]').innerText(), /请求编号/);
});
await check('keys go to the search and to pages, and tell themselves', async () => {
  await open('/gaps');
  await page.keyboard.press('/');
  assert.match(await page.evaluate(() => document.activeElement.placeholder), /搜索/);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.waitForURL(/duties/);
  await page.keyboard.press('?');
  await page.waitForSelector('.keys kbd');
  await page.keyboard.press('Escape');
});
await check('the keyboard reaches the content and the menu', async () => {
  await open('/');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
});

await check('every register has its list and its form', async () => {
  for (const register of (await api('/registers')).rows) {
    await go(`/registers/${register.name}`);
    assert.equal(await h1(), register.zh);
    await go(`/registers/${register.name}/new`);
    if (register.side === 'bureau') await page.locator('.nothing', { hasText: '当前角色只能查看' }).waitFor();
    else {
      await page.waitForSelector('.fieldset');
      assert.equal(await page.locator('.field').count(), register.fields.length, register.name);
    }
    assert.deepEqual(await shared.strangers(page, 'zh'), [], register.name);
    await shared.accessible(page, register.name, true);
  }
}, true);

const walk = ['/', '/plan', '/cases', '/cases?mine=all', '/cases/new', '/cases/new?type=filing', '/calendar', '/reminders', '/tasks/6', '/tasks/1', '/gaps', '/gaps/1', '/duties', '/rules', '/registers', '/lifecycle', '/grading', '/controls', '/controls?system=PLT-GB', '/exam', '/registers/cards', '/registers/partners', '/registers/systems/1', '/registers/systems/1?tab=links', '/registers/systems/new', '/imports', '/fleet', '/data', '/data/review', '/data/test', '/transfers', '/detections', '/detections?view=rules', '/facts/identity', '/facts/command', '/sensors', '/tokens', '/audit'];
for (const lang of ['zh', 'en']) {
  await page.evaluate((to) => localStorage.setItem('zhuji.lang', to), lang);
  await open('/');
  for (const path of walk) {
    await check(`${lang} ${path} is accessible and in its language`, async () => {
      await go(path);
      await drawn();
      const title = await h1();
      if (!/^.registers.\w+.\d/.test(path)) assert.equal(/[\u4e00-\u9fff]/.test(title), lang === 'zh', title);
      assert.equal(await page.locator('.main [role=alert]').count(), 0);
      assert.deepEqual(await shared.strangers(page, lang), []);
      // the same parts and colours in both languages
      await shared.accessible(page, path, lang === 'en');
    }, true);
  }
}
await page.evaluate(() => localStorage.setItem('zhuji.lang', 'zh'));
await open('/');

await check('no page takes the browser over, whichever it comes from, on a slow machine', async () => {
  const links = await page.locator('.side > ul a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.ok(links.length > 15, `${links.length} pages in the menu`);
  const slow = await page.context().newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  for (const step of [1, 5])
    for (let at = 0, n = 0; n < links.length; n += 1, at = (at + step) % links.length) {
      await page.locator(`.side > ul a[href="${links[at]}"]`).click();
      await shared.answers(page, `${links[at]} after ${new URL(page.url()).pathname}`);
    }
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await slow.detach();
});
await check('more tabs than a browser has connections are all served, and all hear of changes', async () => {
  const tabs = [];
  for (let n = 0; n < 7; n += 1) {
    const tab = await page.context().newPage();
    tabs.push(tab);
    await tab.goto(`${base}/sensors`, { timeout: 60_000 });
    await tab.waitForSelector('.main h1');
    await tab.waitForFunction(() => document.querySelector('.live')?.textContent.includes('实时'));
  }
  for (const tab of tabs) await tab.close();
});
await check('home tells each thing once and shows all that it counts', async () => {
  await open('/');
  await page.waitForSelector('.todo-group');
  const folded = page.locator('.todo-group button.link');
  while ((await folded.count()) > 0) await folded.first().click();
  const counted = numberIn(await page.locator('.desk h2').first().innerText());
  assert.equal(await page.locator('.todo-group li').count(), counted);
  const hrefs = await page.locator('.todo-group li a').evaluateAll((all) => all.map((one) => `${one.getAttribute('href')} ${one.textContent}`));
  const mine = await api('/work/cases?mine=todo&limit=200');
  assert.equal(hrefs.filter((one) => one.startsWith('/cases/')).length, mine.total);
  assert.equal(await page.locator('.todo-group').first().locator('.c-overdue').count(), await page.locator('.todo-group').first().locator('li').count());
});
await check('a filing offers the gradings of its own system only', async () => {
  await go('/cases/new?type=filing&system=PLT-GB');
  await page.locator('#grading').click();
  await page.locator('.ant-select-item-option').first().waitFor();
  const own = (await api('/registers/gradings?f.system=PLT-GB&limit=50')).rows.filter((row) => row.system === 'PLT-GB').map((row) => row.code);
  const all = (await api('/registers/gradings?limit=50')).total;
  assert.ok(own.length > 0 && own.length < all);
  const offered = await page.locator('.ant-select-item-option').allInnerTexts();
  assert.deepEqual(offered.map((text) => text.split(' ')[0]).sort(), own.sort());
  await page.keyboard.press('Escape');
});
await check('a token is made, shown once, used, listed and revoked', async () => {
  await page.click('.top button.ant-dropdown-trigger');
  await page.locator('.ant-dropdown-menu-item a', { hasText: '接口令牌' }).click();
  await page.locator('.nothing strong', { hasText: '还没有令牌' }).waitFor();
  await page.locator('.head button.ant-btn-primary').click();
  await page.fill('#name', '每日报表');
  await page.locator('.ant-modal button[type=submit]').click();
  const token = await page.locator('.ant-modal .secret').innerText();
  assert.match(token, /^zj_[\w-]{43}$/); // 32 bytes in base64url
  const may = (path) => page.evaluate(async ([at, bearer]) => (await fetch(at, { headers: { Authorization: `Bearer ${bearer}` } })).status, [path, token]);
  assert.equal(await may('/api/v1/gaps?limit=1'), 200);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('.ant-modal button', { hasText: '复制' }).click();
  await page.locator('.ant-message-success', { hasText: '已复制' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
  await accessible('a new token');
  await page.locator('.ant-modal button.ant-btn-primary').click();
  const row = page.locator('table.rows tbody tr');
  await row.first().waitFor();
  assert.match(await row.innerText(), /每日报表\s+读取\s/);
  assert.ok(!(await page.content()).includes(token), 'it is not shown again');
  assert.deepEqual(await shared.strangers(page, 'zh'), []);
  await accessible('tokens');
  await row.locator('button', { hasText: /^停 ?用$/ }).click();
  await page.locator('.ant-modal-confirm button.ant-btn-dangerous').click();
  await page.locator('.nothing strong', { hasText: '还没有令牌' }).waitFor();
  assert.equal(await may('/api/v1/gaps?limit=1'), 401);
});
await check('a calendar address is given once, and another of it ends the first', async () => {
  await go('/reminders');
  const first = async () => {
    await page.locator('.main button.ant-btn-primary').first().click();
    await page.locator('[role=status] .mono', { hasText: 'calendar.ics' }).waitFor();
    return page.locator('[role=status] .mono').innerText();
  };
  const address = await first();
  const fetched = (url) => page.evaluate(async (at) => { const answer = await fetch(at); return [answer.status, await answer.text()]; }, url);
  const [status, text] = await fetched(address);
  assert.equal(status, 200);
  assert.match(text, /^BEGIN:VCALENDAR/);
  assert.match(text, /BEGIN:VEVENT/);
  await page.reload();
  await page.waitForSelector('.main h1');
  assert.notEqual(await first(), address);
});

await check('the administrator makes an account with a one-time password', async () => {
  await page.evaluate(() => localStorage.setItem('zhuji.lang', 'zh'));
  await open('/');
  await logout();
  await login(admin, adminFirst);
  await open('/users');
  await rows().first().waitFor();
  await page.locator('.head button.ant-btn-primary').click();
  await page.fill('#login', 'reader');
  await page.click('#org');
  await page.locator('.ant-select-item-option').first().click();
  await page.click('#roles');
  await page.locator('.ant-select-item-option', { hasText: '查看员' }).click();
  await page.keyboard.press('Escape');
  await page.locator('.ant-modal button[type=submit]').click();
  await page.waitForSelector('.ant-modal strong.mono');
  assert.ok((await page.locator('.ant-modal strong.mono').innerText()).length >= 10);
  await accessible('users');
});

await check('a channel of reminders is added, tried, switched off and removed', async () => {
  await page.keyboard.press('Escape');
  await open('/channels');
  await page.locator('.head button.ant-btn-primary').click();
  await page.fill('#target', 'duty@example.com');
  await page.locator('.ant-modal button[type=submit]').click();
  const row = page.locator('table tr', { hasText: 'duty@example.com' }).first();
  await row.waitFor();
  await row.locator('button', { hasText: '发送测试' }).click();
  await page.locator('tr', { hasText: '测试提醒' }).waitFor();
  await row.locator('button[role=switch]').click();
  await page.waitForFunction(() => document.querySelector('button[role=switch]')?.getAttribute('aria-checked') === 'false');
  assert.equal((await api('/notify/channels')).rows[0].is_on, false);
  assert.deepEqual(await shared.strangers(page, 'zh'), []);
  await accessible('channels');
  await row.locator('button.ant-btn-dangerous').click();
  await page.locator('.ant-modal-confirm button.ant-btn-dangerous').click();
  await page.waitForFunction(() => document.querySelector('.nothing strong')?.textContent === '还没有提醒渠道');
});

await check('the browser had nothing to complain of', async () => assert.deepEqual(complaints, []));
await browser.close();
console.log(`console: ${count.done} checks, ${count.failed} failed`);
process.exit(count.failed ? 1 : 0);
