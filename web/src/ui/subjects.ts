/* What duties and gaps are about: mostly a row of a register. */
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Duty, Place } from '../types';
import { registerOf, rowUrl, useRegisters } from './registers';

export const placeUrl = (place: NonNullable<Place>): string => (place.case ? `/cases/${place.case}` : `/registers/${place.register}/${place.id}`);

/** Where what a duty is about can be mended; null: nowhere that this reader sees. */
export function useSubjectUrl(): (duty: Pick<Duty, 'subject' | 'evidence' | 'link'> & { org?: string }) => string | null {
  const all = useRegisters().data?.rows;
  const { sees_all } = useUser();
  return ({ subject, org, evidence, link }) => {
    if (link !== undefined) return link && placeUrl(link);
    const register = registerOf(subject.kind, all);
    if (!register) return null;
    const row = evidence?.find((one) => one.register === register.name);
    return row ? `/registers/${register.name}/${row.id}` : rowUrl(register.name, subject.id, sees_all ? org : undefined);
  };
}

/** What it is called: of found data the place and the type, the type in the reader's words; of what has no
 * code of its own its case. */
export function useSubjectName(): (of: Pick<Duty, 'subject' | 'subject_name'>) => string {
  const { t } = useLang();
  return ({ subject: { id }, subject_name }) => (/^case\/\d+$/.test(id) ? `${t('case.title')} ${id.slice('case/'.length)}` : (subject_name ?? id));
}

/** What kind of thing it is, in the reader's language: the catalogue's word, else the name of the register. */
export function useKindName(): (kind: string) => string {
  const { word, pick } = useLang();
  const all = useRegisters().data?.rows;
  return (kind) => (word('subject', kind) === kind ? pick(registerOf(kind, all), kind) : word('subject', kind));
}
