/* Two languages, one hook. Chinese is the default; switching re-renders and reloads nothing. The texts
 * stand in words/, a file for each page or family of pages: a new page brings its own. */
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

export type Lang = 'zh' | 'en';
/** "family.name"; test/catalogue.test.mjs holds every key that a page asks for to one in words/. */
export type Key = string;
/** A file of words/: each text in both languages. */
export type Words = Record<Key, readonly [zh: string, en: string]>;
export type Vars = Record<string, string | number>;
/** A thing that the server names in both languages. */
export interface Named {
  zh?: string | null;
  en?: string | null;
}

const files = import.meta.glob<Words>('./words/*.ts', { eager: true, import: 'default' });
const words: Words = Object.assign({}, ...Object.values(files));
const column: Record<Lang, 0 | 1> = { zh: 0, en: 1 };
const storageKey = 'zhuji.lang';

/** "{n}" is the value of n; "{n:row|rows}" the word for one, or for any other number. */
function fill(text: string, vars?: Vars): string {
  if (!vars) return text;
  return text
    .replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_whole, name: string, one: string, other: string) => (String(vars[name]) === '1' ? one : other))
    .replace(/\{(\w+)\}/g, (whole, name) => String(vars[name] ?? whole));
}

export function translate(lang: Lang, key: Key, vars?: Vars): string {
  return fill(words[key]?.[column[lang]] ?? key, vars);
}

interface Tongue {
  lang: Lang;
  setLang: (lang: Lang) => void;
  t: (key: Key, vars?: Vars) => string;
  /** The text under `${group}.${name}`, or the bare name where the catalogue has none. */
  word: (group: string, name: string | null | undefined) => string;
  pick: (named: Named | null | undefined, otherwise?: string) => string;
}

const Context = createContext<Tongue | null>(null);

export function LangProvider({ children }: { children: ReactNode }) {
  const [lang, setState] = useState<Lang>(() => (localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh'));
  const setLang = useCallback((next: Lang) => {
    localStorage.setItem(storageKey, next);
    setState(next);
  }, []);
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  }, [lang]);

  const tongue = useMemo<Tongue>(() => {
    return {
      lang,
      setLang,
      t: (key, vars) => translate(lang, key, vars),
      word: (group, name) => (name ? (words[`${group}.${name}`]?.[column[lang]] ?? name) : ''),
      pick: (named, otherwise = '') =>
        (lang === 'zh' ? named?.zh || named?.en : named?.en || named?.zh) || otherwise,
    };
  }, [lang, setLang]);
  return <Context.Provider value={tongue}>{children}</Context.Provider>;
}

export function useLang(): Tongue {
  const tongue = useContext(Context);
  if (!tongue) throw new Error('useLang outside LangProvider');
  return tongue;
}
