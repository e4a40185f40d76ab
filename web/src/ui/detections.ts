/* Detection rules as the packs in force have them: what one is called stands there and nowhere else. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api';
import { useLang } from '../i18n';
import type { Named } from '../i18n';
import type { Page } from '../types';

export interface DetectionRule extends Named {
  name: string;
  severity: string;
  about_en?: string;
  about_zh?: string;
  todo_en?: string | null;
  todo_zh?: string | null;
  references?: string[];
}

export function useDetectionRules() {
  return useQuery({
    queryKey: ['detection-rules'],
    queryFn: ({ signal }) => get<Page & { rules?: DetectionRule[] }>('/detections', { limit: 1 }, signal),
    staleTime: 600_000,
  });
}

/** The title of a rule; its name where the packs have it no longer. */
export function DetectionName({ name }: { name: string }): string {
  const { pick } = useLang();
  return pick(useDetectionRules().data?.rules?.find((rule) => rule.name === name), name);
}
