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

/** WCAG rules of axe-core; serious and critical ones must hold. */
export async function accessible(page, name) {
  await page.waitForTimeout(300);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const grave = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  const text = grave.flatMap((one) => one.nodes.slice(0, 4).map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
  assert.deepEqual(text, [], name);
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
