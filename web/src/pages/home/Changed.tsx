/* What changed since the last visit: each gap that came or went, each case that moved, by time. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api';
import { fmtTime, toDate } from '../../format';
import { useLang } from '../../i18n';
import type { Gap, Page } from '../../types';
import { Box, Loaded, Nothing } from '../../ui/Page';
import { useWorkTypes } from '../../work/hooks';
import type { Case } from '../../work/types';

const shown_max = 12;
const looked_at = 200;

interface Change {
  key: string;
  at: number;
  what: string;
  title: string;
  to: string;
}

export function Changed({ since }: { since: number | null }) {
  const { t, word, pick } = useLang();
  const types = useWorkTypes().data ?? [];
  const changes = useQuery({
    queryKey: ['changes', since],
    enabled: since !== null,
    queryFn: async ({ signal }) => {
      const [gaps, cases] = await Promise.all([
        get<Page<Gap>>('/gaps', { state: 'all', limit: looked_at }, signal),
        get<Page<Case>>('/work/cases', { limit: looked_at }, signal),
      ]);
      const ms = (text: unknown) => toDate(text)?.getTime() ?? 0;
      const gapName = (gap: Gap) => `${gap.title ?? word('gap', gap.gap)} · ${gap.subject.id}`;
      const rows: Change[] = [
        ...gaps.rows.map((gap) => ({ key: `new ${gap.id}`, at: ms(gap.opened_at ?? gap.first_seen), what: 'gap_opened', title: gapName(gap), to: `/gaps/${gap.id}` })),
        ...gaps.rows.filter((gap) => gap.closed_at).map((gap) => ({ key: `closed ${gap.id}`, at: ms(gap.closed_at), what: 'gap_closed', title: gapName(gap), to: `/gaps/${gap.id}` })),
        ...cases.rows.map((one) => {
          const type = types.find((each) => each.name === one.type);
          const state = pick(type?.states.find((each) => each.name === one.state), one.state);
          return { key: `case ${one.id}`, at: ms(one.state_at ?? one.submitted_at ?? one.opened_at), what: 'case', title: `${one.title || one.subject} → ${state}`, to: `/cases/${one.id}` };
        }),
      ];
      return rows.filter((row) => row.at > (since ?? 0)).sort((a, b) => b.at - a.at);
    },
  });
  const title = since ? t('plan.since', { time: fmtTime(since, false) }) : t('plan.since_none');
  return (
    <Box bare title={title}>
      {since === null ? (
        <Nothing what={t('plan.since_hint')} />
      ) : (
        <Loaded of={changes}>
          {(rows) =>
            rows.length === 0 ? (
              <Nothing what={t('plan.since_same')} />
            ) : (
              <ul className="todo">
                {rows.slice(0, shown_max).map((row) => (
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
                {rows.length > shown_max && <li className="soft">{t('duties.more', { n: rows.length - shown_max })}</li>}
              </ul>
            )
          }
        </Loaded>
      )}
    </Box>
  );
}
