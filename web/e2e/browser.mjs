// What the walks through the console share: a browser, a login, a count of checks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const password = 'Console-check-2026';
const wait_ms = 60_000;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });

/** A page of its own for one user. What its browser complains of is kept in `complaints`. */
export async function newPage(browser, complaints, isMeant = () => false) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce', bypassCSP: false });
  const page = await context.newPage();
  page.setDefaultTimeout(wait_ms);
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`;
    if (message.type() === 'error' && !/status of (401|422)/.test(text) && !isMeant(text)) complaints.push(text);
  });
  return page;
}

/** The first login: the one-time password, then one's own. */
export async function login(page, user, first) {
  await page.fill('input[autocomplete=username]', user);
  await page.fill('input[autocomplete=current-password]', first);
  await page.click('button[type=submit]');
  await page.waitForSelector('input[autocomplete=new-password]');
  await page.fill('input[autocomplete=current-password]', first);
  const fields = page.locator('input[autocomplete=new-password]');
  await fields.nth(0).fill(password);
  await fields.nth(1).fill(password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.shell');
}

/** What the API answers to the logged-in browser. */
export const api = (page, path, method = 'GET', body = undefined) =>
  page.evaluate(
    async ([at, verb, given]) => {
      const answer = await fetch(`/api/v1${at}`, { method: verb, headers: { 'Accept-Language': document.documentElement.lang, 'X-Zhuji': '1', 'Content-Type': 'application/json' }, body: given && JSON.stringify(given) });
      return answer.json();
    },
    [path, method, body],
  );

/** WCAG rules of axe-core; serious and critical ones must hold. `isColourKnown`: pages of the same parts were
 * measured for contrast already, which is the slow rule. */
export async function accessible(page, name, isColourKnown = false) {
  await page.waitForTimeout(isColourKnown ? 0 : 300);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate((known) => globalThis.axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: !known } } }), isColourKnown);
  const grave = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  const text = grave.flatMap((one) => one.nodes.slice(0, 4).map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
  assert.deepEqual(text, [], name);
}

/** To a page as its links lead there, without loading the console again; by way of one that is not, so that
 * nothing of the page before is taken for it. */
export async function go(page, path) {
  const push = (to) =>
    page.evaluate((address) => {
      history.pushState({}, '', address);
      dispatchEvent(new PopStateEvent('popstate', { state: {} }));
    }, to);
  await push('/no/such/page');
  await page.waitForSelector('.main .nothing code, .main .nothing .mono, .main .nothing strong');
  await page.waitForFunction(() => !document.querySelector('.main h1'));
  await push(path);
  await page.waitForSelector('.main h1');
}

/** The page answers: what runs in it has not taken it over. */
export async function answers(page, where, within_ms = 2000) {
  const isAlive = await Promise.race([page.evaluate(() => true), new Promise((tell) => { setTimeout(tell, within_ms, false); })]);
  assert.ok(isAlive, `no answer in ${within_ms} ms: ${where}`);
}

/** Words of Chinese pages that are names of things, units or codes. */
const terms = /^(?:zhuji|vin|iccid|mqtt|tcp|udp|http|https|tls|gb|jt|csv|xlsx|api|ip|url|excel|webhook|icalendar|app|ota|utc|utf|gbk|id|sbom|cve|cnnvd|cnvd|cwe|purl|sha|hex|imsi|msisdn|t-box|tbox|usb|pdf|word|k|i|v|r|l\d|english|kb|mb|rsu|obu|esim|ecu|can|json|eve|syslog|cef|ssl|un|dns|wifi|onnx|samr|miit|iov|vsoc)$/i;

/** What a page says of itself, not of the rows: menu, headings, labels, buttons. In the other language, or a bare
 * name of the program's own, it was left untranslated. */
export function strangers(page, lang) {
  return page.evaluate(
    ([tongue, known]) => {
      const isTerm = new RegExp(known, 'i');
      const own = 'nav, h2, h3, th, dt, label, button, summary, legend, caption, [role=tab], .sub, .nothing, .ant-select-placeholder, .ant-segmented-item, .mark, .legend';
      const out = new Set();
      const judge = (text, isOwn) => {
        const bare = /(?:^|\s)([a-z]+(?:_[a-z]+)+)(?=$|[\s:：，,（(])/.exec(text);
        if (bare) out.add(bare[1]);
        if (!isOwn || /^[YMDHms: -]+$|^\S+(?:@|:\/\/)\S+$/.test(text)) return;
        if (tongue === 'en' ? /[\u4e00-\u9fff]/.test(text) : (text.match(/[A-Za-z][A-Za-z-]*[A-Za-z]/g) ?? []).some((one) => /^[A-Z]?[a-z-]+$/.test(one) && !isTerm.test(one))) out.add(text.trim());
      };
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const at = walk.currentNode.parentElement;
        if (at.closest('script, style, code, pre, .mono, .hex, .data, [lang], svg, .brand, .anticon, textarea')) continue;
        judge(walk.currentNode.nodeValue, at.closest(own) !== null && at.closest('td, .top') === null);
      }
      for (const field of document.querySelectorAll('.main input[placeholder], .main [aria-label]')) if (!field.closest('.anticon, .mono, td, .hex, .ant-select-clear, .ant-picker-clear')) judge(field.getAttribute('aria-label') ?? field.getAttribute('placeholder'), true);
      return [...out];
    },
    [lang, terms.source],
  );
}

/** Counts; `goesOn`: the walk goes on after a failure, what builds on each other does not. */
export function checker(browser, page, folder) {
  const count = { done: 0, failed: 0 };
  const check = async (name, body, goesOn = false) => {
    try {
      await body();
      count.done += 1;
      console.log(`ok      ${name}`);
    } catch (error) {
      count.failed += 1;
      await page.screenshot({ path: join(folder, `failed-${count.failed}.png`) }).catch(() => undefined);
      console.log(`FAILED  ${name}\n${error.stack}`);
      if (goesOn) return;
      await browser.close();
      process.exit(1);
    }
  };
  return { check, count };
}
