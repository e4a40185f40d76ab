// The two catalogues have the same keys, nothing is empty, every key used exists, and every text of
// the console comes from them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import ts from 'typescript';

const src = new URL("../src", import.meta.url).pathname;

async function catalogue(name) {
  const text = readFileSync(join(src, 'i18n', `${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: 'ESNext', target: 'ES2022' } });
  const module = await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`);
  return module[name];
}

const files = readdirSync(src, { recursive: true }).filter((name) => /\.tsx?$/.test(name));
const sources = files.map((name) => [name, readFileSync(join(src, name), 'utf8')]);
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

const zh = await catalogue('zh');
const en = await catalogue('en');

test('both catalogues have the same keys', () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
});

test('no text is empty, and both have the same holes', () => {
  for (const key of Object.keys(zh)) {
    assert.ok(zh[key].trim(), `zh ${key}`);
    assert.ok(en[key]?.trim(), `en ${key}`);
    assert.deepEqual(holes(en[key]), holes(zh[key]), key);
  }
});

test('Chinese is Chinese and English is English', () => {
  for (const key of Object.keys(zh)) {
    const plain = en[key].replace('京信网安发〔2024〕50号', '');
    assert.ok(!/[\u4e00-\u9fff]/.test(plain), `en ${key}: ${en[key]}`);
  }
});

test('every key asked for exists', () => {
  for (const [name, text] of sources) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([^']+)'/g)) assert.ok(key in zh, `${name}: ${key}`);
  }
});

test('no key is left over', () => {
  const all = sources.filter(([name]) => !name.startsWith('i18n')).map(([, text]) => text).join('\n');
  const groups = new Set([...all.matchAll(/word\(\s*'([^']+)'/g)].map((m) => m[1]));
  for (const [, group] of all.matchAll(/`(\w+)\.\w*\$\{/g)) groups.add(group);
  // Columns whose values are words name their group in a table of ui/Value.tsx.
  const table = /const words[^{]*\{([^}]*)\}/.exec(sources.find(([name]) => name.endsWith('Value.tsx'))[1])[1];
  for (const [, group] of table.matchAll(/: '(\w+)'/g)) groups.add(group);
  for (const key of Object.keys(zh)) {
    const used = all.includes(`'${key}'`) || all.includes(`"${key}"`) || groups.has(key.split('.')[0]);
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
