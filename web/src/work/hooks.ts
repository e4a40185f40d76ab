/* Reading and acting on cases. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, get } from '../api';
import { refreshRows } from '../session';
import type { Page, Row } from '../types';
import type { AskedCase, CaseDetail, TodoGroup, WorkType } from './types';

export function useWorkTypes() {
  return useQuery({
    queryKey: ['work-types'],
    queryFn: async ({ signal }) => (await get<{ types: WorkType[] }>('/work/types', undefined, signal)).types,
    staleTime: Infinity,
  });
}

export function useCase(id: number) {
  return useQuery({ queryKey: ['case', id], queryFn: ({ signal }) => get<CaseDetail>(`/work/cases/${id}`, undefined, signal) });
}

export function useTodoGroups() {
  return useQuery({ queryKey: ['notices'], queryFn: async ({ signal }) => (await get<{ groups: TodoGroup[] }>('/work/todo', undefined, signal)).groups });
}

/** What a case that is with the other side is asked of this one: the answer to an appeal. */
export function useAsked(): (id: number) => AskedCase['waits_for'] {
  const groups = useTodoGroups().data ?? [];
  return (id) => {
    for (const group of groups) {
      const row = group.kind === 'clock' ? group.rows.find((one) => one.id === id) : undefined;
      if (row?.waits_for) return row.waits_for;
    }
    return undefined;
  };
}

/** A list that belongs to a case: timeline, comments, snapshots, files. */
export function useOfCase<T>(id: number, part: string) {
  return useQuery({ queryKey: ['case', id, part], queryFn: async ({ signal }) => (await get<Page<T>>(`/work/cases/${id}/${part}`, undefined, signal)).rows });
}

export interface Deed {
  action: string;
  version?: number;
  comment?: string;
  to?: string;
  verdict?: 'agree' | 'refuse';
  fields?: Row;
}

/** The same key again does nothing again, so that a repeated click or a broken line is harmless. */
export function useAct(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, key }: { deed: Deed; key: string }) => call<CaseDetail>('POST', `/work/cases/${id}/actions`, deed, undefined, { 'Idempotency-Key': key }),
    onSuccess: () => refreshRows(client),
  });
}

export function useEdit(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { version?: number; fields: Row }) => call<CaseDetail>('PUT', `/work/cases/${id}`, body),
    onSuccess: () => refreshRows(client),
  });
}
