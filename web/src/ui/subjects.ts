/* What duties and gaps are about: mostly a row of a register. */
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Duty } from '../types';
import { registerOf, rowUrl, useRegisters } from './registers';

/** Where the row that a duty is about can be mended; else the list of its task. */
export function useSubjectUrl(): (duty: Pick<Duty, 'subject' | 'task' | 'evidence'> & { org?: string }) => string {
  const all = useRegisters().data?.rows;
  const { sees_all } = useUser();
  return ({ subject, task, org, evidence }) => {
    const register = registerOf(subject.kind, all);
    if (!register) return `/tasks/${task}`;
    const row = evidence?.find((one) => one.register === register.name);
    return row ? `/registers/${register.name}/${row.id}` : rowUrl(register.name, subject.id, sees_all ? org : undefined);
  };
}

/** What kind of thing it is, in the reader's language: the catalogue's word, else the name of the register. */
export function useKindName(): (kind: string) => string {
  const { word, pick } = useLang();
  const all = useRegisters().data?.rows;
  return (kind) => (word('subject', kind) === kind ? pick(registerOf(kind, all), kind) : word('subject', kind));
}
