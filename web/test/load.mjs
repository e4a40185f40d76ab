// A TypeScript module without imports of its own, for tests of what it computes.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

export async function load(path) {
  const text = readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8').replace(/^import .*$/gm, '');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: 'ESNext', target: 'ES2022' } });
  return import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`);
}
