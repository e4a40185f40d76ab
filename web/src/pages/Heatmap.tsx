/* For the bureau: companies by tasks of the plan, each cell with the facts behind it; and who is late. */
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Pagination, Select, Tabs } from 'antd';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtInt, fmtTimes } from '../format';
import { useLang } from '../i18n';
import type { Duty, Gap, Page } from '../types';
import { useClear } from '../ui/clear';
import { Search } from '../ui/Filters';
import { ExportButton, filterOf } from '../ui/ExportButton';
import { Head, Loaded, Nothing } from '../ui/Page';
import { SeverityMark, StateMark } from '../ui/Marks';
import { useRegisters } from '../ui/registers';
import { useSubjectUrl } from '../ui/subjects';
import { useUrl } from '../ui/url';
import type { UrlState } from '../ui/url';
import { taskName } from '../ui/plan';
import { useTaskOptions } from './Gaps';
import { Progress } from './Progress';

export interface Cell {
  task: number;
  duties: { met: number; open: number; due_soon: number; overdue: number };
  /** Of the open duties those that no day is set for. */
  undone: number;
  gaps: number;
  gaps_high: number;
  cases: number;
  state: 'good' | 'attention' | 'bad' | 'none';
}
/** As the board has it: what is open and not due yet is not met. */
type Shown = Cell['state'] | 'open';
export interface HeatOrg {
  code: string;
  name: string;
  kinds: string[] | string;
  cells: Cell[];
}
type SetUrl = (change: Record<string, string | number | null>) => void;

const tasks = Array.from({ length: 18 }, (_, at) => at + 1);
const page_size = 40;
const facts_max = 8;
const signs: Record<Shown, string> = { good: '✓', open: '○', attention: '!', bad: '▲', none: '·' };
const kindsOf = (org: HeatOrg) => (Array.isArray(org.kinds) ? org.kinds : String(org.kinds ?? '').split(';')).filter(Boolean);
export const overdueOf = (org: HeatOrg) => org.cells.reduce((n, cell) => n + cell.duties.overdue, 0);
const shownOf = ({ state, duties }: Cell): Shown => (state === 'good' && duties.open > 0 ? 'open' : state);
/** How many there are of what the legend says of the sign, and of nothing else. */
export const countOf = ({ state, duties, undone, gaps, gaps_high }: Cell) => (state === 'bad' ? duties.overdue + gaps_high : state === 'attention' ? duties.due_soon + undone + gaps : state === 'good' ? duties.open : 0);
const badness = (org: HeatOrg) => org.cells.reduce((n, cell) => n + (cell.state === 'bad' ? 100 : cell.state === 'attention' ? 1 : 0), 0);

export function useHeatmap() {
  return useQuery({ queryKey: ['heatmap'], queryFn: ({ signal }) => get<{ orgs: HeatOrg[] }>('/supervision/heatmap', undefined, signal) });
}

/** What a company has not handed in yet is told of, but not shown. */
const About = ({ to, id }: { to: string | null; id: string }) => (to ? <Link to={to}>{id}</Link> : <span className="mono">{id}</span>);

/** What stands behind one cell: duties not met, gaps, and the ways to all of them. */
function Facts({ org, cell, onClose }: { org: HeatOrg; cell: Cell; onClose: () => void }) {
  const { t } = useLang();
  const subjectUrl = useSubjectUrl();
  const facts = useQuery({
    queryKey: ['heat-facts', org.code, cell.task],
    queryFn: async ({ signal }) => {
      const about = { org: org.code, task: cell.task, limit: facts_max };
      const [duties, gaps] = await Promise.all([get<Page<Duty>>('/duties', about, signal), get<Page<Gap>>('/gaps', about, signal)]);
      return { duties: duties.rows, gaps: gaps.rows };
    },
  });
  const all = (path: string) => `${path}${path.includes('?') ? '&' : '?'}org=${org.code}&task=${cell.task}`;
  return (
    <section className="box heat-facts" aria-label={t('heat.facts')}>
      <header>
        <h2>
          {org.name} · {taskName(t, cell.task)}
        </h2>
        <span className="fill" />
        <Link to={all('/duties')}>{t('heat.duties', { n: Object.values(cell.duties).reduce((a, b) => a + b, 0) })}</Link>
        <Link to={all('/gaps')}>{t('heat.gaps', { n: cell.gaps })}</Link>
        <Link to={all('/cases?mine=all')}>{t('heat.cases', { n: cell.cases })}</Link>
        <Button size="small" onClick={onClose}>
          {t('heat.close')}
        </Button>
      </header>
      <Loaded of={facts}>
        {({ duties, gaps }) =>
          duties.length + gaps.length === 0 ? (
            <Nothing what={t('heat.nothing')} />
          ) : (
            <table className="rows">
              <tbody>
                {duties.map((duty) => (
                  <tr key={`${duty.duty} ${duty.subject.id} ${duty.due}`}>
                    <td>
                      <StateMark value={duty.state} />
                    </td>
                    <td className="num nowrap">{duty.due}</td>
                    <td>
                      {duty.title ?? duty.duty} · <About to={subjectUrl(duty)} id={duty.subject.id} />
                    </td>
                    <td>{fmtTimes(duty.why)}</td>
                  </tr>
                ))}
                {gaps.map((gap) => (
                  <tr key={gap.id}>
                    <td>
                      <SeverityMark value={gap.severity} />
                    </td>
                    <td className="num nowrap">{gap.last_seen.slice(0, 10)}</td>
                    <td>
                      <Link to={`/gaps/${gap.id}`}>{gap.title ?? gap.gap}</Link> · {gap.subject_name ?? gap.subject.id}
                    </td>
                    <td>{fmtTimes(gap.why)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </section>
  );
}

function Map({ orgs, url, setUrl }: { orgs: HeatOrg[]; url: UrlState; setUrl: SetUrl }) {
  const { t, word } = useLang();
  const names = useTaskOptions();
  const page = Math.max(1, Number(url['page']) || 1);
  const [wanted, number] = (url['cell'] ?? '').split('.');
  const org = orgs.find((one) => one.code === wanted);
  const chosen = org?.cells.find((cell) => cell.task === Number(number));
  return (
    <div className="stack">
      {org && chosen && <Facts org={org} cell={chosen} onClose={() => setUrl({ cell: null, page })} />}
      <div className="box heat-box" tabIndex={0} role="region" aria-label={t('nav.heatmap')}>
        <table className="heat">
          <caption className="vh">{t('nav.heatmap')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('common.org')}</th>
              {tasks.map((task) => (
                <th key={task} scope="col">
                  <Link to={`/tasks/${task}`} title={names[task - 1]?.label}>
                    {task}
                    <span className="name">
                      {names[task - 1]?.label.replace(/^\S+(?: \d+)? /, '')}
                    </span>
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {orgs.slice((page - 1) * page_size, page * page_size).map((one) => (
              <tr key={one.code}>
                <th scope="row">
                  <Link to={`/duties?org=${one.code}`}>{one.name}</Link>
                </th>
                {tasks.map((task) => {
                  const cell = one.cells.find((each) => each.task === task);
                  if (!cell) return <td key={task} className="h-none" />;
                  const count = countOf(cell);
                  const shown = shownOf(cell);
                  const title = `${one.name} · ${taskName(t, task)}: ${word('heat_state', shown)}; ${t('heat.cell', { overdue: cell.duties.overdue, soon: cell.duties.due_soon, open: cell.duties.open, gaps: cell.gaps, cases: cell.cases })}`;
                  return (
                    <td key={task} className={`h-${shown}`}>
                      <button type="button" title={title} aria-pressed={one === org && cell === chosen} onClick={() => setUrl({ cell: `${one.code}.${task}`, page })}>
                        <span aria-hidden>
                          {signs[shown]} {count > 0 && fmtInt(count)}
                        </span>
                        <span className="vh">{title}</span>
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {orgs.length > page_size && <Pagination current={page} total={orgs.length} pageSize={page_size} showSizeChanger={false} onChange={(next) => setUrl({ page: next })} />}
      <p className="legend">
        <span className="soft spaced">{t('heat.count')}</span>
        {(['bad', 'attention', 'open', 'good', 'none'] as const).map((state) => (
          <span key={state} className={`key h-${state}`}>
            {signs[state]} {word('heat_state', state)}
          </span>
        ))}
      </p>
    </div>
  );
}

function Late({ orgs }: { orgs: HeatOrg[] }) {
  const { t } = useLang();
  const late = orgs.filter((org) => overdueOf(org) > 0).sort((a, b) => overdueOf(b) - overdueOf(a));
  if (late.length === 0) return <Nothing what={t('heat.none_late')} />;
  return (
    <div className="box">
      <table className="rows">
        <caption className="vh">{t('heat.late')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('common.org')}</th>
            <th scope="col">{t('heat.overdue')}</th>
            <th scope="col">{t('heat.by_task')}</th>
          </tr>
        </thead>
        <tbody>
          {late.map((org) => (
            <tr key={org.code}>
              <th scope="row">{org.name}</th>
              <td className="num">
                <Link to={`/duties?org=${org.code}&state=overdue`}>{fmtInt(overdueOf(org))}</Link>
              </td>
              <td>
                {org.cells
                  .filter((cell) => cell.duties.overdue > 0)
                  .map((cell, at) => (
                    <span key={cell.task}>
                      {at > 0 && ' · '}
                      <Link to={`/duties?org=${org.code}&task=${cell.task}&state=overdue`}>
                        {taskName(t, cell.task)} {fmtInt(cell.duties.overdue)}
                      </Link>
                    </span>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Companies({ view }: { view: string }) {
  const { t, pick } = useLang();
  const clear = useClear();
  const [url, setUrl] = useUrl();
  const query = useHeatmap();
  const kinds = useRegisters().data?.rows.find((register) => register.name === 'organisations')?.fields.find((field) => field.name === 'kinds')?.values ?? [];
  return (
    <>
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('heat.search')} />
        <Select allowClear={clear} aria-label={t('heat.kind')} placeholder={t('heat.kind')} style={{ width: 200 }} value={url['kind'] ?? null} options={kinds.map((kind) => ({ value: kind.name, label: pick(kind, kind.name) }))} onChange={(kind: string | null) => setUrl({ kind: kind ?? null })} />
      </div>
      <Loaded of={query}>
        {({ orgs }) => {
          const q = (url['q'] ?? '').toLowerCase();
          const kind = url['kind'];
          const shown = orgs.filter((org) => (!q || org.name.toLowerCase().includes(q) || org.code.toLowerCase().includes(q)) && (!kind || kindsOf(org).includes(kind))).sort((a, b) => badness(b) - badness(a));
          if (shown.length === 0) return <Nothing what={t('filter.nothing')} />;
          return view === 'late' ? <Late orgs={shown} /> : <Map orgs={shown} url={url} setUrl={setUrl} />;
        }}
      </Loaded>
    </>
  );
}

export default function Heatmap() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const query = useHeatmap();
  const view = ['late', 'progress'].find((one) => one === url['view']) ?? 'map';
  return (
    <>
      <Head
        title={t('nav.heatmap')}
        sub={t('heat.sub')}
        asOf={query.dataUpdatedAt}
        extra={
          <>
            {view === 'progress' ? <ExportButton path="/supervision/progress" /> : <ExportButton path="/supervision/heatmap" params={filterOf(url, ['q', 'kind'])} />}
            <Button icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
              {t('common.print')}
            </Button>
          </>
        }
      />
      <Tabs
        activeKey={view}
        items={[
          { key: 'map', label: t('heat.map') },
          { key: 'late', label: t('heat.late') },
          { key: 'progress', label: t('heat.progress') },
        ]}
        onChange={(next) => setUrl({ view: next === 'map' ? null : next })}
      />
      {view === 'progress' ? <Progress /> : <Companies view={view} />}
    </>
  );
}
