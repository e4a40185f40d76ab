/* The registers' descriptions: forms, columns and labels come from them. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api';
import type { Field, Page, Register, Row, User } from '../types';
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

const nameless: Field = { name: 'id', type: 'int', flags: ['key'] };
export const keyOf = (register: Register): Field => register.fields.find((field) => field.flags.includes('key')) ?? register.fields[0] ?? nameless;

/** What names a row to people: its name or title, else its key. */
export function titleOf(register: Register, row: Row): string {
  const field = register.fields.find((one) => one.name === 'name' || one.name === 'title') ?? keyOf(register);
  return String(row[field.name] || row[keyOf(register).name] || row['id'] || '');
}

/** The address of the row with this key; two organisations may have rows of one key. */
export const rowUrl = (register: string, key: string, org?: string) => `/registers/${register}/find?key=${encodeURIComponent(key)}${org ? `&org=${encodeURIComponent(org)}` : ''}`;

/** The name of the row with this key, where it has another than its key and the reader may see it. */
export function useRefName(refers: string, code: string | undefined, org: string | undefined, isWanted: boolean): string | undefined {
  const { data } = useQuery({
    queryKey: ['ref-name', refers, code, org],
    enabled: isWanted && Boolean(code),
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await get<Page<{ code: string; name: string | null }>>(`/registers/${refers}/options`, { q: code, org }, signal)).rows.find((row) => row.code === code)?.name ?? null,
  });
  return data && data !== code ? data : undefined;
}

/** Registers whose name is not that of their rows with an s. */
const irregular: Record<string, string> = { policy: 'policies', person: 'people', vulnerability: 'vulnerabilities', advisory: 'advisories' };

/** The register that holds the rows a duty or a gap calls `kind`. */
export function registerOf(kind: string, registers: Register[] | undefined): Register | undefined {
  const names = [irregular[kind] ?? `${kind}s`, kind];
  return registers?.find((register) => names.includes(register.name));
}

/** Rows of a bureau's register are the bureau's to write, all others the company's. */
export const mayWrite = (user: User, register: Register): boolean => (register.side === 'bureau' ? user.roles.includes('bureau') : user.may_write);
