/* The state of a list lives in the address, so that it can be sent to a colleague. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

export type UrlState = Record<string, string>;

export function useUrl(): [UrlState, (change: Record<string, string | number | null | undefined>) => void] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => Object.fromEntries(params.entries()), [params]);
  /** A change of anything but the page goes back to the first page. */
  const change = useCallback(
    (next: Record<string, string | number | null | undefined>) => {
      setParams(
        (now) => {
          const out = new URLSearchParams(now);
          if (!('page' in next)) out.delete('page');
          for (const [key, value] of Object.entries(next)) {
            if (value === null || value === undefined || value === '') out.delete(key);
            else out.set(key, String(value));
          }
          return out;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return [state, change];
}

export const pageSizes = [20, 50, 100, 200];

export function paging(state: UrlState): { page: number; size: number; limit: number; offset: number } {
  const page = Math.max(1, Number(state['page']) || 1);
  const size = pageSizes.includes(Number(state['size'])) ? Number(state['size']) : 50;
  return { page, size, limit: size, offset: (page - 1) * size };
}
