/* The plan board: its tasks with their state, what is due, and what changed. Every number is a link. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtInt, fmtTime, toDate } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Board, BoardTask, Duty, DutyState, Fleet, Gap, Page, Row, Severity } from '../types';
import { CountMark, SeverityMark, StateMark } from '../ui/Marks';
import { ExportButton } from '../ui/ExportButton';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { sections, taskName } from '../ui/plan';
import { useSince } from './visit';
import type { Since } from './visit';

const severities: Severity[] = ['high', 'medium', 'low'];
const live_ms = 5 * 60 * 1000;

function worst(task: BoardTask): string {
  const { gaps, duties } = task;
  if (duties.overdue > 0) return 'overdue';
  if (gaps.high > 0) return 'high';
  if (duties.due_soon > 0) return 'due_soon';
  if (gaps.medium > 0) return 'medium';
  if (gaps.low > 0) return 'low';
  if (task.state === 'none') return 'none';
  if (duties.open > 0) return 'open';
  return 'met';
}

function Delta({ n, title }: { n: number; title: string }) {
  return n === 0 ? null : (
    <span className="delta num" title={title}>
      {n > 0 ? `+${n}` : n}
    </span>
  );
}

function TaskCard({ task, since }: { task: BoardTask; since: Since | null }) {
  const { t, pick, word, lang } = useLang();
  const state = worst(task);
  const changed = since?.tasks.find((change) => change.task === task.task);
  const dueStates: DutyState[] = ['overdue', 'due_soon'];
  const isQuiet = severities.every((s) => task.gaps[s] === 0) && dueStates.every((s) => task.duties[s] === 0);
  return (
    <li className={`card w-${state}`}>
      <Link className="name" to={`/tasks/${task.task}`} title={lang === 'zh' ? task.asks_zh : task.asks_en}>
        <i>{task.task}</i>
        <span>{pick(task)}</span>
      </Link>
      <div className="marks">
        {dueStates.map(
          (s) =>
            task.duties[s] > 0 && (
              <CountMark key={s} kind={s} count={task.duties[s]} to={`/duties?task=${task.task}&state=${s}`} />
            ),
        )}
        {severities.map(
          (s) =>
            task.gaps[s] > 0 && (
              <CountMark key={s} kind={s} count={task.gaps[s]} to={`/gaps?task=${task.task}&severity=${s}`} />
            ),
        )}
        {isQuiet &&
          (task.state === 'none' ? (
            <span className="soft">{word('heat_state', 'none')}</span>
          ) : task.duties.open > 0 ? (
            <CountMark kind="open" count={task.duties.open} to={`/duties?task=${task.task}&state=open`} />
          ) : (
            <span className="mark c-met">
              <StateMark value="met" />
            </span>
          ))}
        {changed && <Delta n={changed.gaps + changed.overdue} title={t('plan.delta')} />}
      </div>
    </li>
  );
}

function sum(board: Board, of: (task: BoardTask) => number): number {
  return board.tasks.reduce((total, task) => total + of(task), 0);
}

function SensorTile() {
  const { t } = useLang();
  const sensors = useQuery({
    queryKey: ['sensors'],
    queryFn: ({ signal }) => get<Page>('/sensors', undefined, signal),
  });
  const rows = sensors.data?.rows ?? [];
  const names = [...new Set(rows.map((row) => String(row['sensor'])))];
  const last = rows.reduce((at, row) => Math.max(at, toDate(row['last_seen'])?.getTime() ?? 0), 0);
  const dropped = rows
    .filter((row: Row) => String(row['counter']).startsWith('drop_'))
    .reduce((n, row) => n + Number(row['value'] ?? 0), 0);
  const isLive = rows.some((row) => !row['is_file'] && Date.now() - (toDate(row['last_seen'])?.getTime() ?? 0) < live_ms);
  return (
    <section className="tile">
      <h2>{t('plan.sensors')}</h2>
      <div className="big">
        <Link to="/sensors">{fmtInt(names.length)}</Link>
        {names.length === 0 ? (
          <span>{t('plan.sensor_none')}</span>
        ) : (
          <>
            <span className={isLive ? 'mark c-met' : 'mark c-not_applicable'}>{t(isLive ? 'plan.sensor_live' : rows.every((row) => row['is_file']) ? 'plan.sensor_file' : 'plan.sensor_idle')}</span>
            {dropped > 0 && <Link to="/sensors">{t('plan.dropped', { n: fmtInt(dropped) })}</Link>}
          </>
        )}
      </div>
      {last > 0 && <div className="asof num">{t('plan.sensor_last', { time: fmtTime(last) })}</div>}
    </section>
  );
}

function SinceTile({ since }: { since: Since | null }) {
  const { t } = useLang();
  return (
    <section className="tile">
      <h2>{since ? t('plan.since', { time: fmtTime(since.at, false) }) : t('plan.since_none')}</h2>
      {!since ? (
        <p className="soft" style={{ margin: '4px 0 0' }}>
          {t('plan.since_hint')}
        </p>
      ) : since.tasks.length === 0 ? (
        <p style={{ margin: '4px 0 0' }}>{t('plan.since_same')}</p>
      ) : (
        <ul>
          {since.tasks.slice(0, 3).map((change) => (
            <li key={change.task}>
              <Link to={`/tasks/${change.task}`}>{taskName(t, change.task)}</Link>{' '}
              {change.gaps !== 0 && t('plan.since_gaps', { n: (change.gaps > 0 ? '+' : '') + change.gaps })}{' '}
              {change.overdue !== 0 && t('plan.since_overdue', { n: (change.overdue > 0 ? '+' : '') + change.overdue })}
            </li>
          ))}
          {since.tasks.length > 3 && <li className="soft">{t('plan.since_more', { n: since.tasks.length - 3 })}</li>}
        </ul>
      )}
    </section>
  );
}

function Strip({ board, since }: { board: Board; since: Since | null }) {
  const { t } = useLang();
  const fleet = useQuery({ queryKey: ['fleet'], queryFn: ({ signal }) => get<Fleet>('/fleet', undefined, signal) });
  const overdue = sum(board, (task) => task.duties.overdue);
  const soon = sum(board, (task) => task.duties.due_soon);
  return (
    <div className="strip">
      <section className="tile">
        <h2>{t('plan.gaps')}</h2>
        <div className="big">
          {severities.map((s) => (
            <CountMark big key={s} kind={s} count={sum(board, (task) => task.gaps[s])} to={`/gaps?severity=${s}`} />
          ))}
        </div>
      </section>
      <section className="tile">
        <h2>{t('plan.duties')}</h2>
        <div className="big">
          <CountMark big kind="overdue" count={overdue} to="/duties?state=overdue" />
          <CountMark big kind="due_soon" count={soon} to="/duties?state=due_soon" />
        </div>
      </section>
      <section className="tile">
        <h2>{t('plan.vehicles')}</h2>
        <div className="big">
          <Link to="/fleet">{fleet.data ? fmtInt(fleet.data.vehicles) : '–'}</Link>
          <Link to="/fleet" style={{ fontSize: 12, fontWeight: 400 }}>
            {t('plan.online', { n: fleet.data ? fmtInt(fleet.data.online_24h) : '–' })}
          </Link>
        </div>
      </section>
      <SensorTile />
      <SinceTile since={since} />
    </div>
  );
}

function Due() {
  const { t } = useLang();
  const overdue = useQuery({ queryKey: ['duties', 'home', 'overdue'], queryFn: ({ signal }) => get<Page<Duty>>('/duties', { state: 'overdue', limit: 6 }, signal) });
  const soon = useQuery({ queryKey: ['duties', 'home', 'due_soon'], queryFn: ({ signal }) => get<Page<Duty>>('/duties', { state: 'due_soon', limit: 6 }, signal) });
  const rows = [...(overdue.data?.rows ?? []), ...(soon.data?.rows ?? [])]
    .sort((a, b) => String(a.due ?? '9').localeCompare(String(b.due ?? '9')))
    .slice(0, 6);
  return (
    <Box bare title={t('plan.due')} extra={<Link to="/calendar">{t('duties.calendar')}</Link>}>
      {overdue.data && soon.data && rows.length === 0 ? (
        <Nothing what={t('plan.due_none')} />
      ) : (
        <ul className="todo">
          {rows.map((duty) => (
            <li key={`${duty.duty} ${duty.org} ${duty.subject.id} ${duty.due ?? ''}`}>
              <div className="row">
                <StateMark value={duty.state} />
                <span className="num">{duty.due}</span>
              </div>
              <p>
                <Link to={`/duties?task=${duty.task}&state=${duty.state}`}>
                  {taskName(t, duty.task)} · {duty.subject_name ?? duty.subject.id}
                </Link>{' '}
                <span className="soft">{duty.why}</span>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Box>
  );
}

function Newest() {
  const { t, word } = useLang();
  const gaps = useQuery({
    queryKey: ['gaps', 'home'],
    queryFn: ({ signal }) => get<Page<Gap>>('/gaps', { severity: 'high', limit: 6 }, signal),
  });
  return (
    <Box bare title={t('plan.high_gaps')} extra={<Link to="/gaps">{t('common.all')}</Link>}>
      {gaps.data?.rows.length === 0 ? (
        <Nothing what={t('plan.high_none')} />
      ) : (
        <ul className="todo">
          {gaps.data?.rows.map((gap) => (
            <li key={gap.id}>
              <div className="row">
                <SeverityMark value={gap.severity} />
                <span className="soft num">{fmtTime(gap.last_seen, false)}</span>
              </div>
              <p>
                <Link to={`/gaps/${gap.id}`}>{gap.title ?? word('gap', gap.gap)}</Link> <span className="soft mono">{gap.subject_name ?? gap.subject.id}</span>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Box>
  );
}

function Sections({ board, since }: { board: Board; since: Since | null }) {
  const { t, pick } = useLang();
  return (
    <div className="box">
      {sections.map(({ title, first, last }) => (
        <section className="section" key={title}>
          <h3>{t(title)}</h3>
          <ul className="cards todo" style={{ listStyle: 'none' }}>
            {board.tasks
              .filter((task) => task.task >= first && task.task <= last)
              .map((task) => (
                <TaskCard key={task.task} task={task} since={since} />
              ))}
          </ul>
        </section>
      ))}
      <section className="section">
        <h3>{t('section.safeguards')}</h3>
        <ul className="cards todo">
          {(board.safeguards ?? []).map((safeguard, at) => (
            <li className="card w-none" key={pick(safeguard)}>
              <Link className="name" to={`/tasks/${safeguard.task ?? 101 + at}`}>
                <i>{t(`safeguard.n${(at % 3) + 1}`)}</i>
                <span>{pick(safeguard)}</span>
              </Link>
              <div className="marks soft">{t('plan.no_rule')}</div>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

export default function Plan() {
  const { t } = useLang();
  const user = useUser();
  const board = useQuery({ queryKey: ['plan'], queryFn: ({ signal }) => get<Board>('/plan', undefined, signal) });
  const since = useSince(board.data, user.login);
  return (
    <>
      <Head title={t('plan.title')} sub={t('plan.sub')} asOf={board.dataUpdatedAt} extra={<ExportButton path="/plan" />} />
      <Loaded of={board}>
        {(data) => (
          <>
            <Strip board={data} since={since} />
            <div className="home">
              <Sections board={data} since={since} />
              <div className="stack">
                <Due />
                <Newest />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}
