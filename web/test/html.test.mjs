// What a chart's tooltip shows is HTML, and a host may be called anything by who speaks on the wire.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { load } from './load.mjs';

const { asHtml } = await load('charts/html.ts');
const src = new URL('../src', import.meta.url).pathname;

test('marks of HTML become characters', () => {
  assert.equal(asHtml(`<img src=x onerror="a('b')">&`), '&#60;img src=x onerror=&#34;a(&#39;b&#39;)&#34;&#62;&#38;');
  assert.equal(asHtml('ota.example.com → 上海'), 'ota.example.com → 上海');
});

test('every tooltip with words of its own takes names through it', () => {
  const files = readdirSync(src, { recursive: true }).filter((name) => /\.tsx?$/.test(name));
  const own = files.filter((name) => /tooltip: \{[^}]*formatter/s.test(readFileSync(join(src, name), 'utf8')));
  assert.ok(own.length >= 2, `found: ${own}`);
  for (const name of own) assert.match(readFileSync(join(src, name), 'utf8'), /asHtml\(/, name);
});

test('nothing sets HTML by itself', () => {
  for (const name of readdirSync(src, { recursive: true }).filter((one) => /\.tsx?$/.test(one)))
    assert.doesNotMatch(readFileSync(join(src, name), 'utf8'), /dangerouslySetInnerHTML|\.(inner|outer)HTML|insertAdjacentHTML|document\.write/, name);
});
