/* The registers' descriptions: forms, columns and labels come from them. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api';
import type { Page, Register } from '../types';
import { useStored } from './stored';

export function useRegisters() {
  return useQuery({ queryKey: ['registers'], queryFn: ({ signal }) => get<Page<Register>>('/registers', undefined, signal) });
}

const none: string[] = [];

/** Names of the registers the user starred. */
export function useFavourites(): [string[], (name: string) => void] {
  const [names, setNames] = useStored<string[]>('favourites', none);
  return [names, (name) => setNames(names.includes(name) ? names.filter((one) => one !== name) : [...names, name])];
}
