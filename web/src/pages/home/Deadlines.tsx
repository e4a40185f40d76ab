/* Deadlines: what is late, and what falls due in the next thirty days. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api';
import { daysBetween, today } from '../../format';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import type { Duty, Page } from '../../types';
import { StateMark } from '../../ui/Marks';
import { Box, Loaded, Nothing } from '../../ui/Page';
import type { Case } from '../../work/types';
import { useSubjectUrl } from '../Duties';

const ahead_days = 30;
const shown_max = 14;

interface Due {
  key: string;
  day: string;
  state: string;
  title: string;
  to: string;
  org?: string;
}

function useDue() {
  const { word } = useLang();
  const subjectUrl = useSubjectUrl();
  return useQuery({
    queryKey: ['deadlines'],
    queryFn: async ({ signal }) => {
      const [overdue, soon, open, cases] = await Promise.all([
        ...['overdue', 'due_soon', 'open'].map((state) => get<Page<Duty>>('/duties', { state, limit: 100 }, signal)),
        get<Page<Case>>('/work/cases', { mine: 'todo', limit: 100 }, signal),
      ] as const);
      const duties = [...(overdue?.rows ?? []), ...(soon?.rows ?? []), ...(open?.rows ?? [])] as Duty[];
      const now = today();
      const rows: Due[] = [
        ...duties.flatMap((duty) => (duty.due ? [{ key: `duty ${duty.id ?? duty.duty} ${duty.org} ${duty.subject.id}`, day: duty.due, state: duty.state, title: `${duty.title ?? word('dutyrule', duty.duty)} · ${duty.subject.id}`, to: subjectUrl(duty) }] : [])),
        ...((cases?.rows ?? []) as Case[]).flatMap((one) => (one.due_at ? [{ key: `case ${one.id}`, day: one.due_at.slice(0, 10), state: one.is_overdue ? 'overdue' : 'due_soon', title: one.title || one.subject, to: `/cases/${one.id}`, org: one.org.name }] : [])),
      ];
      return rows.filter((row) => daysBetween(now, row.day) <= ahead_days).sort((a, b) => a.day.localeCompare(b.day));
    },
  });
}

export function Deadlines() {
  const { t } = useLang();
  const user = useUser();
  const due = useDue();
  const now = today();
  return (
    <Box bare title={t('home.deadlines')} extra={<Link to="/calendar">{t('duties.calendar')}</Link>}>
      <Loaded of={due}>
        {(rows) =>
          rows.length === 0 ? (
            <Nothing what={t('home.deadlines_none')} />
          ) : (
            <ul className="todo">
              {rows.slice(0, shown_max).map((row) => {
                const days = daysBetween(now, row.day);
                return (
                  <li key={row.key}>
                    <div className="row">
                      <StateMark value={row.state} />
                      <span className="num">
                        {row.day} {days < 0 ? t('duties.late', { n: -days }) : t('duties.in', { n: days })}
                      </span>
                    </div>
                    <p>
                      <Link to={row.to}>{row.title}</Link> {user.sees_all && <span className="soft">{row.org}</span>}
                    </p>
                  </li>
                );
              })}
              {rows.length > shown_max && (
                <li>
                  <Link to="/duties?state=overdue">{t('duties.more', { n: rows.length - shown_max })}</Link>
                </li>
              )}
            </ul>
          )
        }
      </Loaded>
    </Box>
  );
}
