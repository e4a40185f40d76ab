/* A code for a new row: the next after the last, as the server counts. It can be typed over. */
import { useQuery } from '@tanstack/react-query';
import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { get } from '../api';
import type { Register } from '../types';
import { keyOf } from '../ui/registers';
import type { Values } from './values';

export function useNextCode(form: FormInstance<Values>, register: Register, isNew: boolean): void {
  const key = keyOf(register).name;
  const { data } = useQuery({
    queryKey: ['next-code', register.name],
    enabled: isNew && key === 'code',
    queryFn: async ({ signal }) => (await get<{ code: string }>(`/registers/${register.name}/next-code`, undefined, signal)).code,
  });
  useEffect(() => {
    if (data && !form.getFieldValue(key) && !form.isFieldTouched(key)) form.setFieldValue(key, data);
  }, [data, form, key]);
}
