// Every text stands in i18n/words/ in both languages, every key used exists, none is left over, and no page
// has a text of its own.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { load } from './load.mjs';

const src = new URL("../src", import.meta.url).pathname;

/** [file, key, Chinese, English] of every text. */
async function texts() {
  const out = [];
  for (const name of readdirSync(join(src, 'i18n/words'))) {
    const { default: words } = await load(`i18n/words/${name}`);
    for (const [key, [zh, en]] of Object.entries(words)) out.push([name, key, zh, en]);
  }
  return out;
}

const files = readdirSync(src, { recursive: true }).filter((name) => /\.tsx?$/.test(name));
const sources = files.map((name) => [name, readFileSync(join(src, name), 'utf8')]);
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
const all = await texts();
const keys = new Set(all.map(([, key]) => key));

test('every text is there in both languages, with the same holes', () => {
  for (const [name, key, zh, en] of all) {
    assert.ok(zh?.trim(), `${name} ${key}: no Chinese`);
    assert.ok(en?.trim(), `${name} ${key}: no English`);
    assert.deepEqual(holes(en), holes(zh), key);
  }
});

test('no key stands in two files or twice in one', () => {
  for (const name of readdirSync(join(src, 'i18n/words'))) {
    const text = readFileSync(join(src, 'i18n/words', name), 'utf8');
    const own = [...text.matchAll(/^  '([^']+)': \[/gm)].map((m) => m[1]);
    assert.equal(new Set(own).size, own.length, name);
  }
  assert.equal(keys.size, all.length, all.map(([, key]) => key).find((key, at, list) => list.indexOf(key) !== at));
});

test('English is English', () => {
  for (const [, key, , en] of all) assert.ok(!/[\u4e00-\u9fff]/.test(en.replace('京信网安发〔2024〕50号', '')), `${key}: ${en}`);
});

test('every key asked for exists', () => {
  for (const [name, text] of sources) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([^']+)'/g)) assert.ok(keys.has(key), `${name}: ${key}`);
  }
});

test('every key put together begins as some key does', () => {
  for (const [name, text] of sources) {
    for (const [, start] of text.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)) assert.ok([...keys].some((key) => key.startsWith(start)), `${name}: ${start}`);
  }
});

test('every column of an observation has a name, every time is shown as one', () => {
  const columns = [...readFileSync(join(src, '../../src/base/fact.c'), 'utf8').matchAll(/\{"(\w+)", +ZJ_COL_(\w+)/g)];
  const times = /const times = new Set\(\[(.*?)\]/.exec(sources.find(([name]) => name.endsWith('ui/Value.tsx'))[1])[1];
  assert.ok(columns.length > 60);
  for (const [, name, type] of columns) {
    if (type !== 'BLOB' && !name.endsWith('_zh')) assert.ok(keys.has(`col.${name}`), `col.${name}`);
    if (type === 'TIME') assert.ok(times.includes(`'${name}'`), `${name} is a time`);
  }
});

test('no key is left over', () => {
  const code = sources.filter(([name]) => !name.startsWith('i18n')).map(([, text]) => text).join('\n');
  const groups = new Set([...code.matchAll(/word\(\s*'([^']+)'/g)].map((m) => m[1]));
  for (const [, group] of code.matchAll(/`(\w+)\.\w*\$\{/g)) groups.add(group);
  // Columns whose values are words name their group in a table of ui/Value.tsx.
  const table = /const words[^{]*\{([^}]*)\}/.exec(sources.find(([name]) => name.endsWith('Value.tsx'))[1])[1];
  for (const [, group] of table.matchAll(/: '(\w+)'/g)) groups.add(group);
  for (const key of keys) {
    const used = code.includes(`'${key}'`) || code.includes(`"${key}"`) || groups.has(key.split('.')[0]);
    assert.ok(used, `${key} is used nowhere`);
  }
});

test('no Chinese stands in a page but for the name of the language', () => {
  for (const [name, text] of sources) {
    if (name.startsWith('i18n') || name === 'api.ts') continue;
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replaceAll("'中文'", '');
    assert.ok(!/[\u4e00-\u9fff]/.test(code), `${name}: ${code.match(/.*[\u4e00-\u9fff].*/)?.[0]}`);
  }
});
