// Walks the eighteen tasks by both sides: the officer declares and hands in, the bureaus see and act, and
// where both must sign, both do.
//   node walk.mjs URL OFFICER PASSWORD BUREAU PASSWORD OTHER_BUREAU PASSWORD FOLDER [TASK… | pages]
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, api, checker, launch, login, newPage } from './browser.mjs';

const [base, officerLogin, officerFirst, bureauLogin, bureauFirst, otherLogin, otherFirst, folder, ...only] = process.argv.slice(2);
const complaints = [];
const browser = await launch();
const officer = await newPage(browser, complaints);
const bureau = await newPage(browser, complaints);
const other = await newPage(browser, complaints);
const { check, count } = checker(browser, officer, folder);

/** Steps that end a case badly, lead it back or lie beside its way: a walk takes the others. */
const wayBack = new Set(['fail', 'dismiss', 'refuse', 'decline', 'fail_test', 'send_back', 'reject', 'resume', 'roll_back', 'ask_correction', 'ask_more', 'recheck_fail', 'appeal', 'revoke', 'extend', 'supervise', 'close_ordinary', 'regrade', 'order', 'keep', 'take_findings']);
const steps_max = 16;

const goTo = async (page, path) => {
  await page.goto(base + path);
  await page.waitForSelector('.main h1');
};

/** Chooses in the list that is open now. */
const choose = (page, text) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: text }).first().click();

async function fill(page, field, value, prefix = '') {
  const at = page.locator(`[id="${prefix}${field.name}"]`);
  const label = (name) => field.values?.find((one) => one.name === name)?.zh ?? name;
  if (await at.isDisabled().catch(() => false)) return;
  switch (field.type) {
    case 'date':
    case 'time':
      await at.fill(field.type === 'date' ? value.slice(0, 10) : value.slice(0, 16).replace('T', ' '));
      await at.press('Enter');
      return;
    case 'bool':
      await at.locator('label', { hasText: ['yes', '1', 'true', '是'].includes(value) ? '是' : '否' }).click();
      return;
    case 'enum_list':
      await at.click();
      for (const one of value.split(';')) await choose(page, label(one));
      await at.press('Escape');
      return;
    case 'text_list':
    case 'endpoints':
      for (const one of value.split(';')) {
        await at.fill(one);
        await at.press('Enter');
      }
      return;
    case 'ref':
      await at.fill(value);
      await choose(page, value);
      return;
    default:
      if (field.values?.length) {
        await at.click();
        await choose(page, new RegExp(`^${label(value).replace(/[()]/g, '\\$&')}$`));
      } else await at.fill(value);
  }
}

await officer.goto(base);
await bureau.goto(base);
await other.goto(base);
await check('both sides log in', async () => {
  await login(officer, officerLogin, officerFirst);
  await login(bureau, bureauLogin, bureauFirst);
  await login(other, otherLogin, otherFirst);
});

const registers = (await api(officer, '/registers')).rows;
const types = (await api(officer, '/work/types')).types;
const byName = Object.fromEntries(registers.map((register) => [register.name, register]));
const company = (await api(officer, '/me')).user.org;
const office = (await api(bureau, '/me')).user.org;
const keyOf = (register) => register.fields.find((field) => field.flags.includes('key'));
const isOfficial = (field) => field.flags.includes('official');
const sampleOf = (field) => (field.refers === 'organisations' ? company.code : field.sample);

/** The rows that samples refer to, by the API. */
const seeded = new Set(['organisations']);
async function seed(name) {
  if (seeded.has(name)) return;
  seeded.add(name);
  const register = byName[name];
  for (const field of register.fields) if (field.type === 'ref') await seed(field.refers);
  const row = Object.fromEntries(register.fields.filter((field) => field.sample && !isOfficial(field)).map((field) => [field.name, sampleOf(field)]));
  const isBureaus = register.side === 'bureau';
  await api(isBureaus ? bureau : officer, `/registers/${name}${isBureaus ? `?org=${office.code}` : ''}`, 'POST', row);
}

/** A row by its form: the samples, under a key of its own where the key has no check digit. */
async function declare(page, register) {
  await goTo(page, `/registers/${register.name}/new`);
  await page.waitForSelector('.fieldset');
  const key = keyOf(register);
  const value = key.name === 'code' ? `WALK-${register.name.slice(0, 20).toUpperCase()}` : key.sample;
  const org = page.locator('[id="$org"]');
  if (await org.count()) {
    await org.fill(office.name);
    await choose(page, office.name);
  }
  for (const field of register.fields) {
    const sample = field === key ? value : sampleOf(field);
    if (sample && !isOfficial(field)) await fill(page, field, sample);
  }
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForURL(new RegExp(`/registers/${register.name}/\\d+`));
  return value;
}

async function seenByBureau(register, key) {
  if (keyOf(register).flags.includes('identity')) {
    await goTo(bureau, `/registers/${register.name}`);
    await bureau.locator('.ant-table-tbody tr.ant-table-row', { hasText: company.name }).first().waitFor();
    assert.ok(!(await bureau.locator('.main').innerText()).includes(key), `${register.name}: a bureau reads ${key}`);
    return;
  }
  await goTo(bureau, `/registers/${register.name}?q=${encodeURIComponent(key)}`);
  await bureau.locator('.ant-table-tbody tr.ant-table-row', { hasText: key }).first().waitFor();
}

const caseOf = (page, id) => api(page, `/work/cases/${id}`);

async function attach(page, id) {
  const file = join(folder, 'attachment.txt');
  writeFileSync(file, `attachment of case ${id}\n`);
  await goTo(page, `/cases/${id}?tab=files`);
  await page.setInputFiles('.in-tabs input[type=file]', file);
  await page.locator('.in-tabs td.mono').first().waitFor();
}

/** What a case lacks before it can be handed in, from the samples. */
async function complete(page, id, register) {
  const { faults, edits } = await caseOf(page, id);
  const lacking = register.fields.filter((field) => edits.includes(field.name) && faults.some((fault) => fault.field === field.name) && sampleOf(field));
  if (lacking.length === 0) return;
  for (const field of lacking) await fill(page, field, sampleOf(field));
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForSelector('.ant-message-success');
}

/** A row by the API: the samples, and what is given. */
const add = (page, name, given) => api(page, `/registers/${name}`, 'POST', { ...Object.fromEntries(byName[name].fields.filter((field) => field.sample && !isOfficial(field)).map((field) => [field.name, sampleOf(field)])), ...given });

/** What has to be done elsewhere before a step. */
const before = {
  'card_change register': async (page, fields) => {
    const cards = byName['cards'];
    await goTo(page, `/registers/cards/find?key=${fields.iccid}`);
    await page.waitForSelector('.fieldset');
    for (const name of ['state', 'registered_on', 'owner_kind', 'owner_name', 'owner_id_kind', 'owner_id_number', 'owner_phone']) {
      const field = cards.fields.find((one) => one.name === name);
      await fill(page, field, field.sample);
    }
    await page.locator('.foot button.ant-btn-primary').click();
    await page.waitForSelector('.ant-message-success');
  },
  'share activate': (page, fields) => add(page, 'partner_evidence', { code: 'WALK-EV', partner: fields.partner, verified_on: '2026-01-05', valid_to: '2199-12-31' }),
  'algorithm clear': async (page) => {
    for (const kind of ['permission', 'emergency', 'intervention']) await add(page, 'algorithm_rules', { code: `WALK-${kind}`, kind, effective_on: '2026-01-05' });
  },
  'vulnerability tell_users': (page, fields) => add(page, 'user_notices', { code: 'WALK-UN', vulnerability: fields.code }),
  'progress conclude': (page, fields) => add(page, 'progress_marks', { code: 'WALK-MARK', round: fields.code, organisation: company.code }),
};

/** One step of a case by its button; false where there is nothing this side would do. */
async function step(page, id, register, taken) {
  const old = await caseOf(page, id);
  const action = old.may.find((one) => !one.is_common && !(one.to === null && taken.has(one.name)) && !wayBack.has(one.name) && (!one.blocked || old.may_edit || one.needs.includes('file') || before[`${old.case.type} ${one.name}`]));
  if (!action) return false;
  await goTo(page, `/cases/${id}`);
  await page.waitForSelector('.steps');
  if (action.needs.includes('file') && old.files === 0) {
    await attach(page, id);
    return step(page, id, register, taken);
  }
  const first = before[`${old.case.type} ${action.name}`];
  if (first) {
    await first(page, old.fields);
    await goTo(page, `/cases/${id}`);
  }
  if (old.may_edit) await complete(page, id, register);
  await page.locator('.main button', { hasText: new RegExp(`^${action.zh}$`) }).first().click();
  const dialog = page.locator('.ant-modal');
  await dialog.waitFor();
  for (const field of register.fields.filter((one) => action.fields.includes(one.name)))
    if (field.sample && !old.fields[field.name]) await fill(page, field, sampleOf(field), 'deed_');
  if (action.needs.includes('comment')) await dialog.locator('textarea').last().fill('浏览测试');
  const tick = dialog.locator('input[type=checkbox]:not(:checked)');
  if (await tick.count()) await tick.check();
  await dialog.locator('.ant-modal-footer button.ant-btn-primary').click();
  await page.waitForFunction(() => !document.querySelector('.ant-modal-wrap:not([style*="display: none"]) .ant-modal') || document.querySelector('.ant-modal [role=alert], .ant-modal .ant-form-item-explain-error'));
  const refused = await page.locator('.ant-modal [role=alert], .ant-modal .ant-form-item-explain-error').allInnerTexts();
  assert.deepEqual(refused, [], `${action.name} of case ${id}`);
  const after = await caseOf(page, id);
  assert.ok(after.case.version > old.case.version, `${action.name} changed nothing`);
  taken.add(action.name);
  return true;
}

async function begin(page, type, register) {
  await goTo(page, `/cases/new?type=${type.name}`);
  await page.waitForSelector('.fieldset');
  if (page === bureau && (await page.locator('[id="$org"]').count())) {
    await page.locator('[id="$org"]').fill(company.name);
    await choose(page, company.name);
  }
  const key = keyOf(register);
  for (const field of register.fields) {
    const isShown = (await page.locator(`[id="${field.name}"]`).count()) > 0;
    if (isShown && (field === key || (field.flags.includes('required') && sampleOf(field)))) await fill(page, field, field === key ? `WALK-${type.name.toUpperCase()}` : sampleOf(field));
  }
  await page.locator('.foot button.ant-btn-primary').click();
  await page.waitForURL(/\/cases\/\d+/);
  return Number(new URL(page.url()).pathname.split('/')[2]);
}

/** A case from its opening through the steps of both sides; gives who took one. */
async function walk(type) {
  const register = byName[type.register];
  for (const field of register.fields) if (field.type === 'ref') await seed(field.refers);
  const opener = type.opens === 'bureau' ? bureau : officer;
  const id = await begin(opener, type, register);
  await accessible(opener, type.name);
  const acted = new Set();
  const taken = new Set();
  for (let n = 0; n < steps_max; n += 1) {
    const { case: now } = await caseOf(opener, id);
    const turns = (now.side === 'bureau' ? [bureau, other, officer] : [officer, bureau, other]).filter((page) => page === opener || now.submitted_at);
    let isDone = false;
    for (const page of turns) {
      if (!(await step(page, id, register, taken))) continue;
      acted.add(page === officer ? 'company' : 'bureau');
      if (page === other) acted.add('the other bureau');
      isDone = true;
      break;
    }
    if (!isDone) break;
  }
  await goTo(opener, `/cases/${id}?tab=snapshots`);
  const { rows } = await api(opener, `/work/cases/${id}/timeline`);
  await opener.waitForFunction((n) => document.querySelectorAll('.timeline li').length === n, rows.length);
  return acted;
}

/** What a task asks beyond rows and cases. */
const also = {
  2: [
    'a company signs in for a session',
    async () => {
      const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
      const code = 'WALK-SESSION';
      const { id } = await api(bureau, `/registers/briefings?org=${office.code}`, 'POST', { code, title: '浏览测试', kind: 'standard', held_on: today });
      await goTo(officer, `/registers/briefings/${id}`);
      await officer.locator('button', { hasText: /^签 ?到$/ }).click();
      await officer.locator('[role=status]', { hasText: '已于' }).waitFor();
      const { rows: seen } = await api(bureau, `/registers/briefing_attendance?f.briefing=${code}&limit=100`);
      assert.ok(seen.some((row) => row.organisation === company.code), 'the bureau does not see the sign-in');
    },
  ],
  3: [
    'a filing that has its number has a certificate',
    async () => {
      const { rows } = await api(officer, '/work/cases?type=filing&limit=100');
      const filed = rows.find((row) => row.number && row.state === 'passed');
      for (const page of [officer, bureau]) {
        await goTo(page, `/cases/${filed.id}`);
        const [paper] = await Promise.all([page.waitForEvent('download'), page.locator('.main button', { hasText: '备案证明' }).click()]);
        assert.match(paper.suggestedFilename(), /\.pdf$/);
      }
    },
  ],
  17: [
    'the bureau publishes what a company offers, and others read it',
    async () => {
      const { rows } = await api(bureau, '/registers/pool_items?limit=100');
      const item = rows.find((row) => !row.published_on);
      assert.ok(item, 'everything is published');
      await goTo(bureau, `/registers/pool_items/${item.id}`);
      await bureau.locator('button', { hasText: '发布到资源池' }).click();
      await bureau.locator('button', { hasText: /^撤 ?下$/ }).waitFor();
      assert.ok((await api(bureau, `/registers/pool_items/${item.id}`)).published_on);
    },
  ],
};

/** Whose steps a walk must have taken: of each side that has one which is no way back. */
const sidesOf = (type) => new Set(type.actions.filter((action) => !action.is_common && !wayBack.has(action.name) && ['company', 'bureau'].includes(action.side)).map((action) => action.side));

const tasks = only.length > 0 ? only.filter((one) => one !== 'pages').map(Number) : [...Array.from({ length: 18 }, (_, at) => at + 1), 0];
for (const task of tasks) {
  for (const register of registers.filter((one) => one.task === task && !one.is_case_form && !one.is_global))
    await check(
      `task ${task}: ${register.name} is declared by its form, and the bureau sees it`,
      async () => {
        for (const field of register.fields) if (field.type === 'ref') await seed(field.refers);
        const key = keyOf(register);
        const isThere = key.name !== 'code' && seeded.has(register.name);
        await seenByBureau(register, isThere ? key.sample : await declare(register.side === 'bureau' ? bureau : officer, register));
      },
      true,
    );
  for (const type of types.filter((one) => (one.task > 18 ? 0 : one.task) === task))
    await check(
      `task ${task}: ${type.name} goes from hand to hand`,
      async () => {
        const acted = await walk(type);
        for (const side of sidesOf(type)) assert.ok(acted.has(side), `${type.name}: no step of the ${side}`);
        if (type.actions.some((action) => action.needs.includes('sign'))) assert.ok(acted.has('the other bureau'), `${type.name}: one bureau alone has signed`);
      },
      true,
    );
  if (also[task]) await check(`task ${task}: ${also[task][0]}`, also[task][1], true);
  await check(`task ${task}: its page, seen by both`, async () => {
    for (const page of [officer, bureau]) {
      await goTo(page, task === 0 ? '/tasks/101' : `/tasks/${task}`);
      await page.waitForFunction(() => !document.querySelector('.ant-skeleton'));
      assert.equal(await page.locator('.main [role=alert]').count(), 0);
    }
  }, true);
}

const pages = [
  [bureau, ['/', '/cases', '/cases?mine=all', '/calendar', '/plan', '/duties', '/gaps', '/rules', '/supervision', `/supervision?cell=${company.code}.5`, '/supervision?view=late', '/supervision?view=progress', '/supervision/briefings', '/registers', '/registers/briefings', '/grading?i=1&v=2&r=3']],
  [officer, ['/', '/cases', '/controls?system=PLT-GB', '/lifecycle', '/exam', '/registers/policies/1?tab=readers', '/registers/policies/1?tab=history', '/registers/systems/1?tab=links']],
];
for (const lang of only.includes('pages') ? ['zh', 'en'] : [])
  for (const [page, paths] of pages) {
    await page.evaluate((to) => localStorage.setItem('zhuji.lang', to), lang);
    for (const path of paths)
      await check(`${lang} ${page === bureau ? 'bureau' : 'company'} ${path} is accessible`, async () => {
        await goTo(page, path);
        await page.waitForFunction(() => !document.querySelector('.ant-skeleton, .ant-spin-spinning'));
        assert.equal(await page.locator('.main [role=alert]').count(), 0);
        await accessible(page, path);
      }, true);
  }

if (only.includes('pages')) {
  await check('a bureau opens a detection, reads no number of a vehicle in it, and gives notice of it', async () => {
    const { rows } = await api(officer, '/detections?limit=100');
    const row = rows.find((one) => one.subject_kind === 'vin');
    await bureau.evaluate(() => localStorage.setItem('zhuji.lang', 'zh'));
    await goTo(bureau, `/detections?open=${row.id}`);
    const drawer = bureau.locator('.ant-drawer');
    await drawer.locator('.lead').waitFor();
    await drawer.locator('text=原始帧含个人信息').waitFor();
    const text = await drawer.innerText();
    const spelled = Buffer.from(row.subject).toString('hex');
    assert.ok(text.includes(company.name), 'whose it is');
    assert.ok(text.includes(row.src) && text.includes(row.ev_flow) && text.includes('.pcap'), 'the evidence');
    const seen = `${text} ${JSON.stringify(await api(bureau, `/facts/detection/${row.id}`))}`;
    assert.ok(!seen.includes(row.subject) && !seen.replace(/\s/g, '').includes(spelled), 'the VIN is shown');
    await accessible(bureau, 'a detection, for the bureau');
    await drawer.locator('a.ant-btn-primary').click();
    await bureau.waitForURL(/\/cases\/new\?type=threat_notice/);
    await bureau.waitForSelector('.fieldset');
    assert.ok(new URL(bureau.url()).searchParams.get('org') === company.code, 'to whom');
  }, true);
}

await check('neither browser had anything to complain of', async () => assert.deepEqual(complaints, []));
await browser.close();
console.log(`walk: ${count.done} checks, ${count.failed} failed`);
process.exit(count.failed ? 1 : 0);
