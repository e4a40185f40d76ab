/* Home: what waits for me, what I was told of, what changed since the last visit, and where I often go. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import { meets } from '../pages';
import { useUser } from '../session';
import type { Board, Severity } from '../types';
import { CountMark } from '../ui/Marks';
import { Head } from '../ui/Page';
import { useFavourites, useRegisters } from '../ui/registers';
import { Changed } from './home/Changed';
import { Late } from './home/Late';
import { Notices } from './home/Notices';
import { Todo } from './home/Todo';
import { useSince } from './visit';

const severities: Severity[] = ['high', 'medium', 'low'];

function Figures({ board }: { board: Board | undefined }) {
  const { t } = useLang();
  if (!board) return null;
  const gaps = (severity: Severity) => board.tasks.reduce((n, task) => n + task.gaps[severity], 0);
  const duties = (state: 'overdue' | 'due_soon' | 'open') => board.tasks.reduce((n, task) => n + task.duties[state], 0);
  return (
    <div className="strip three">
      <section className="tile">
        <h2>{t('plan.duties')}</h2>
        <div className="big">
          {(['overdue', 'due_soon', 'open'] as const).map((state) => (
            <CountMark big key={state} kind={state} count={duties(state)} to={`/duties?state=${state}`} />
          ))}
        </div>
      </section>
      <section className="tile">
        <h2>{t('plan.gaps')}</h2>
        <div className="big">
          {severities.map((severity) => (
            <CountMark big key={severity} kind={severity} count={gaps(severity)} to={`/gaps?severity=${severity}`} />
          ))}
        </div>
      </section>
      <Shortcuts />
    </div>
  );
}

function Shortcuts() {
  const { t, pick } = useLang();
  const user = useUser();
  const [favourites] = useFavourites();
  const registers = useRegisters().data?.rows.filter((register) => favourites.includes(register.name)) ?? [];
  const links: [to: string, title: string][] = [
    ['/cases/new', t('case.new')],
    ...(meets(user, 'write') ? [['/imports', t('nav.import')] as [string, string]] : []),
    ...(meets(user, 'bureau') ? ([['/supervision', t('nav.heatmap')], ['/supervision/briefings', t('nav.briefings')]] as [string, string][]) : []),
    ['/plan', t('nav.plan')],
    ...registers.map((register) => [`/registers/${register.name}`, pick(register)] as [string, string]),
  ];
  return (
    <section className="tile">
      <h2>{t('home.shortcuts')}</h2>
      <div className="shortcuts">
        {links.map(([to, title]) => (
          <Link key={to} to={to}>
            {title}
          </Link>
        ))}
      </div>
    </section>
  );
}

export default function Home() {
  const { t } = useLang();
  const user = useUser();
  const board = useQuery({ queryKey: ['plan'], queryFn: ({ signal }) => get<Board>('/plan', undefined, signal) });
  const since = useSince(board.data, user.login);
  return (
    <>
      <Head title={t('nav.home')} sub={user.org?.name} asOf={board.dataUpdatedAt} />
      <Figures board={board.data} />
      <div className="desk">
        <Todo />
        <div className="stack">
          {meets(user, 'bureau') && <Late />}
          <Notices />
          <Changed since={since?.at ?? null} />
        </div>
      </div>
    </>
  );
}
