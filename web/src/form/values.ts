/* Between a row of the API and the values of a form. */
import dayjs from 'dayjs';
import type { Field, Row } from '../types';

export type Values = Record<string, unknown>;

const lists = new Set<Field['type']>(['enum_list', 'text_list', 'endpoints']);
export const isList = (field: Field) => lists.has(field.type);
export const isEmpty = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** A moment as its Beijing clock shows it, so that no browser's zone shifts it. */
const clock = (value: unknown) => dayjs(String(value).slice(0, 19).replace(' ', 'T'));

export function toForm(field: Field, value: unknown): unknown {
  if (isEmpty(value)) return isList(field) ? [] : undefined;
  if (isList(field)) return Array.isArray(value) ? value : String(value).split(';').map((part) => part.trim());
  if (field.type === 'date') return dayjs(String(value));
  if (field.type === 'time') return clock(value);
  if (field.type === 'bool') return value === true || value === 1 || value === 'yes' ? 'yes' : 'no';
  if (field.values?.length) return String(value);
  return value;
}

export function fromForm(field: Field, value: unknown): string | number {
  if (isEmpty(value)) return '';
  if (isList(field)) return (value as unknown[]).join(';');
  if (field.type === 'date') return dayjs(value as string).format('YYYY-MM-DD');
  if (field.type === 'time') return `${dayjs(value as string).format('YYYY-MM-DDTHH:mm:ss')}+08:00`;
  return field.type === 'int' ? Number(value) : String(value).trim();
}

export const rowToForm = (fields: Field[], row: Row | null): Values => Object.fromEntries(fields.map((field) => [field.name, toForm(field, row?.[field.name])]));

/** What a form gives to the server: everything of a new row, of an old one what was changed. A masked
 * personal value that nobody touched so keeps what is stored. */
export function formToRow(fields: Field[], values: Values, before: Row | null): Row {
  const out: Row = {};
  for (const field of fields) {
    const value = fromForm(field, values[field.name]);
    if (before ? value !== fromForm(field, toForm(field, before[field.name])) : value !== '') out[field.name] = value;
  }
  return out;
}
