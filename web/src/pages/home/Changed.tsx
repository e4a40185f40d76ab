/* What changed since the last visit, or in the last week: each gap that came or went, each case that moved. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../../api';
import { fmtTime, toDate } from '../../format';
import { useLang } from '../../i18n';
import type { Gap, Page } from '../../types';
import { Box, Loaded, Nothing } from '../../ui/Page';
import { useSubjectName } from '../../ui/subjects';
import { useWorkTypes } from '../../work/hooks';
import type { Case } from '../../work/types';

const shown_max = 6;
const page_rows = 500;
const week_ms = 7 * 24 * 3600 * 1000;

interface Change {
  key: string;
  at: number;
  what: string;
  title: string;
  to: string;
}

const ms = (text: unknown) => toDate(text)?.getTime() ?? 0;

/** Names each change in the reader's language, newest first. */
function useNaming(): (gaps: Gap[], cases: Case[]) => Change[] {
  const { word, pick } = useLang();
  const types = useWorkTypes().data ?? [];
  const subjectName = useSubjectName();
  const gapName = (gap: Gap) => `${gap.title ?? word('gap', gap.gap)} · ${subjectName(gap)}`;
  const stateOf = (one: Case) => pick(types.find((type) => type.name === one.type)?.states.find((state) => state.name === one.state), one.state);
  return (gaps, cases) =>
    [
      ...gaps.map((gap) => ({ key: `new ${gap.id}`, at: ms(gap.opened_at ?? gap.first_seen), what: 'gap_opened', title: gapName(gap), to: `/gaps/${gap.id}` })),
      ...gaps.filter((gap) => gap.closed_at).map((gap) => ({ key: `closed ${gap.id}`, at: ms(gap.closed_at), what: 'gap_closed', title: gapName(gap), to: `/gaps/${gap.id}` })),
      ...cases.map((one) => ({ key: `case ${one.id}`, at: ms(one.state_at ?? one.opened_at), what: 'case', title: `${one.title || one.subject} → ${stateOf(one)}`, to: `/cases/${one.id}` })),
    ].sort((a, b) => b.at - a.at);
}

/** Every row of a list, a page after the other. */
async function all<T>(path: string, query: Record<string, string | number>, signal: AbortSignal): Promise<T[]> {
  const rows: T[] = [];
  for (;;) {
    const page = await get<Page<T>>(path, { ...query, limit: page_rows, offset: rows.length }, signal);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= (page.total ?? 0)) return rows;
  }
}

export function Changed({ since }: { since: number | null }) {
  const { t, word } = useLang();
  const name = useNaming();
  const [isWhole, setWhole] = useState(false);
  const [week] = useState(() => Date.now() - week_ms);
  const from = since ?? week;
  const changes = useQuery({
    queryKey: ['changes', from],
    queryFn: async ({ signal }) => {
      const changed_since = new Date(from).toISOString();
      const [gaps, cases] = await Promise.all([
        all<Gap>('/gaps', { state: 'all', sort: '-changed', changed_since }, signal),
        all<Case>('/work/cases', { changed_since }, signal),
      ]);
      return { gaps, cases };
    },
  });
  const title = since ? t('plan.since', { time: fmtTime(since, false) }) : t('home.week');
  return (
    <Box bare title={title}>
      <Loaded of={changes}>
        {({ gaps, cases }) => {
          const rows = name(gaps, cases).filter((row) => row.at > from);
          if (rows.length === 0) return <Nothing what={t('plan.since_same')} />;
          return (
            <ul className="todo">
              {(isWhole ? rows : rows.slice(0, shown_max)).map((row) => (
                <li key={row.key}>
                  <div className="row">
                    <strong>{word('change', row.what)}</strong>
                    <span className="soft num">{fmtTime(row.at, false)}</span>
                  </div>
                  <p>
                    <Link to={row.to}>{row.title}</Link>
                  </p>
                </li>
              ))}
              {rows.length > shown_max && !isWhole && (
                <li>
                  <button type="button" className="link" onClick={() => setWhole(true)}>
                    {t('home.rest', { n: rows.length - shown_max })}
                  </button>
                </li>
              )}
            </ul>
          );
        }}
      </Loaded>
    </Box>
  );
}
