/* A code for a new row: the next after the newest that end in a number. It can be typed over. */
import { useQuery } from '@tanstack/react-query';
import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { get } from '../api';
import type { Page, Register } from '../types';
import { keyOf } from '../ui/registers';
import type { Values } from './values';

const looked_at = 50;

/** "FIL-09" and "FIL-10" give "FIL-11"; codes without a number at their end give none. */
export function nextCode(codes: string[]): string | undefined {
  const parts = codes.flatMap((code) => {
    const [, prefix, digits] = /^(.*?)(\d{1,9})$/.exec(code) ?? [];
    return digits ? [{ prefix: prefix ?? '', digits }] : [];
  });
  const [newest] = parts;
  if (!newest) return undefined;
  const last = Math.max(...parts.filter((one) => one.prefix === newest.prefix).map((one) => Number(one.digits)));
  return `${newest.prefix}${String(last + 1).padStart(newest.digits.length, '0')}`;
}

export function useNextCode(form: FormInstance<Values>, register: Register, isNew: boolean): void {
  const key = keyOf(register).name;
  const { data } = useQuery({
    queryKey: ['next-code', register.name],
    enabled: isNew && key === 'code',
    queryFn: async ({ signal }) => nextCode((await get<Page>(`/registers/${register.name}`, { limit: looked_at }, signal)).rows.map((row) => String(row[key]))) ?? null,
  });
  useEffect(() => {
    if (data && !form.getFieldValue(key) && !form.isFieldTouched(key)) form.setFieldValue(key, data);
  }, [data, form, key]);
}
