/* The way to where what an action lacks is entered. */
import type { Lack } from './types';

const asQuery = (params: Record<string, string>) => {
  const text = new URLSearchParams(params).toString();
  return text ? `?${text}` : '';
};

/** `type`: the kind of case whose form the rows of that register are. */
export function lackUrl({ register, org, id, key, field, is_new, with: shared = {} }: Lack, type?: string): string {
  const at: Record<string, string> = field ? { field } : {};
  if (is_new) return type ? `/cases/new${asQuery({ type, ...shared })}` : `/registers/${register}/new${asQuery({ ...shared, ...at })}`;
  if (id) return `/registers/${register}/${id}${asQuery(at)}`;
  const whose: Record<string, string> = org ? { org } : {};
  if (key) return `/registers/${register}/find${asQuery({ key, ...whose })}`;
  return `/registers/${register}${asQuery({ ...Object.fromEntries(Object.entries(shared).map(([name, value]) => [`f.${name}`, value])), ...whose })}`;
}
