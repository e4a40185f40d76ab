/* What one user keeps in this browser: favourites, drafts, saved views. All readers of a name see a change. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useUser } from '../session';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** undefined where nothing is stored or it is not JSON. */
export function parseStored(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value under `name` of the logged-in user; `null` forgets it. */
export function useStored<T>(name: string, otherwise: T): [T, (value: T | null) => void] {
  const { login } = useUser();
  const key = `zhuji.${login}.${name}`;
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(key));
  const value = useMemo(() => (parseStored(text) as T | undefined) ?? otherwise, [text, otherwise]);
  const set = useCallback(
    (next: T | null) => {
      if (next === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(next));
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [value, set];
}
