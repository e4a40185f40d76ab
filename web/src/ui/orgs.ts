/* The organisations that the reader sees. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api';
import type { Page } from '../types';

interface Org {
  id: number;
  code: string;
  name: string;
  /** No bureau and no third party. */
  is_company: boolean;
}

export function useOrgs(): Org[] {
  const orgs = useQuery({
    queryKey: ['orgs'],
    queryFn: ({ signal }) => get<Page<Org>>('/orgs', undefined, signal),
  });
  return orgs.data?.rows ?? [];
}

/** Who the duties of the plan are for. */
export const useCompanies = (): Org[] => useOrgs().filter((org) => org.is_company);
