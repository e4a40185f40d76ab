/* The registers' descriptions: forms, columns and labels come from them. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api';
import type { Page, Register } from '../types';

export function useRegisters() {
  return useQuery({ queryKey: ['registers'], queryFn: ({ signal }) => get<Page<Register>>('/registers', undefined, signal) });
}
