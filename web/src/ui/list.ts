/* The rows of one list page: what the address asks for, kept while the next page is fetched. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '../api';
import type { Page } from '../types';
import { paging } from './url';
import type { UrlState } from './url';

/** All rows of a short list, which the server gives at once. */
export function useWhole<T>(path: string, params: Record<string, string | undefined> = {}) {
  return useQuery({ queryKey: ['rows', path, params], queryFn: ({ signal }) => get<Page<T>>(path, params, signal), placeholderData: keepPreviousData });
}

/** `names`: what of the address goes to the server as it stands; so do all filters of columns, "f.COLUMN". */
export function useRows<T>(path: string, url: UrlState, names: readonly string[] = [], fixed: Record<string, string> = {}) {
  const { limit, offset } = paging(url);
  const params: Record<string, string | number> = { ...fixed, limit, offset };
  for (const name of names) if (url[name]) params[name] = url[name];
  for (const [name, value] of Object.entries(url)) if (name.startsWith('f.')) params[name] = value;
  return useQuery({
    queryKey: ['rows', path, params],
    queryFn: ({ signal }) => get<Page<T>>(path, params, signal),
    placeholderData: keepPreviousData,
  });
}
