/* Duties: what the plan asks, of whom, by when; as a list and as a calendar of due days. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { Link } from 'react-router';
import { get } from '../api';
import { daysBetween, shiftMonth, today, weeksOf } from '../format';
import { useLang } from '../i18n';
import type { Duty, Page } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Choice, Search } from '../ui/Filters';
import { useRows } from '../ui/list';
import { StateMark } from '../ui/Marks';
import { Head, Loaded, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import type { UrlState } from '../ui/url';
import { useTaskOptions } from './Gaps';

const states = ['overdue', 'due_soon', 'open', 'met', 'not_applicable'];
const registers: Record<string, string> = { card: 'cards', system: 'systems', release: 'releases', partner: 'partners', vehicle: 'vehicles', export: 'exports' };

function SubjectLink({ duty }: { duty: Duty }) {
  const { word } = useLang();
  const register = registers[duty.subject.kind];
  return (
    <>
      <span className="soft">{word('subject', duty.subject.kind)}</span>{' '}
      {register ? (
        <Link className="mono" to={`/registers/${register}?q=${encodeURIComponent(duty.subject.id)}`}>
          {duty.subject.id}
        </Link>
      ) : (
        <span className="mono">{duty.subject.id}</span>
      )}
    </>
  );
}

function DueIn({ due, state }: { due: string | null; state: string }) {
  const { t } = useLang();
  if (!due) return <span className="soft">–</span>;
  const days = daysBetween(today(), due);
  const isRunning = ['overdue', 'due_soon', 'open'].includes(state);
  return (
    <span className="num nowrap">
      {due} {isRunning && <span className="soft">{days < 0 ? t('duties.late', { n: -days }) : t('duties.in', { n: days })}</span>}
    </span>
  );
}

export function useDutyColumns(): Column<Duty>[] {
  const { t, word } = useLang();
  return [
    { key: 'state', title: t('gap.state'), width: 92, render: (duty) => <StateMark value={duty.state} /> },
    { key: 'due', title: t('duties.due'), width: 180, render: (duty) => <DueIn due={duty.due} state={duty.state} /> },
    { key: 'duty', title: t('duties.what'), width: 240, render: (duty) => duty.title ?? word('dutyrule', duty.duty) },
    { key: 'subject', title: t('gap.subject'), width: 210, render: (duty) => <SubjectLink duty={duty} /> },
    { key: 'why', title: t('gap.why'), width: 340, render: (duty) => duty.why },
    { key: 'task', title: t('gap.task'), width: 76, render: (duty) => <Link to={`/tasks/${duty.task}`}>{t('task.n', { n: duty.task })}</Link> },
    { key: 'source', title: t('rule.source'), width: 220, extra: true, render: (duty) => <span className="soft">{duty.source}</span> },
  ];
}

const keyOf = (duty: Duty) => duty.id ?? `${duty.duty} ${duty.org} ${duty.subject.id} ${duty.due ?? ''}`;

function Calendar({ url, setUrl }: { url: UrlState; setUrl: (change: Record<string, string | null>) => void }) {
  const { t, word } = useLang();
  const now = today();
  const month = url['month'] ?? now.slice(0, 7);
  const query = useQuery({
    queryKey: ['duties', 'calendar', url['task'], url['state']],
    queryFn: ({ signal }) => get<Page<Duty>>('/duties', { task: url['task'], state: url['state'], limit: 500 }, signal),
  });
  return (
    <div className="box">
      <div className="tools">
        <Button icon={<LeftOutlined />} aria-label={t('duties.month_before')} onClick={() => setUrl({ month: shiftMonth(month, -1) })} />
        <strong className="num">{month}</strong>
        <Button icon={<RightOutlined />} aria-label={t('duties.month_after')} onClick={() => setUrl({ month: shiftMonth(month, 1) })} />
        <Button type="link" onClick={() => setUrl({ month: null })}>
          {t('duties.this_month')}
        </Button>
      </div>
      <Loaded of={query}>
        {(data) => (
          <table className="cal">
            <caption className="vh">{t('duties.calendar')}</caption>
            <thead>
              <tr>
                {(['1', '2', '3', '4', '5', '6', '7'] as const).map((day) => (
                  <th key={day} scope="col">
                    {word('weekday', day)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeksOf(month).map((week) => (
                <tr key={week[0]}>
                  {week.map((day) => {
                    const due = data.rows.filter((duty) => duty.due === day);
                    return (
                      <td key={day} className={day === now ? 'today' : day.startsWith(month) ? undefined : 'out'}>
                        <span className="day">{day.slice(8)}</span>
                        <ul>
                          {due.slice(0, 3).map((duty) => (
                            <li key={keyOf(duty)} title={`${duty.subject.id} ${duty.why}`}>
                              <StateMark value={duty.state} /> <Link to={`/tasks/${duty.task}`}>{t('task.n', { n: duty.task })}</Link> {duty.subject.id}
                            </li>
                          ))}
                          {due.length > 3 && <li className="soft">{t('duties.more', { n: due.length - 3 })}</li>}
                        </ul>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </div>
  );
}

export default function Duties() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const rows = useRows<Duty>('/duties', url, ['q', 'task', 'state', 'org']);
  const columns = useDutyColumns();
  const tasks = useTaskOptions();
  const isCalendar = url['view'] === 'calendar';
  return (
    <>
      <Head
        title={t('nav.duties')}
        sub={t('duties.sub')}
        asOf={rows.dataUpdatedAt}
        extra={
          <Segmented
            value={isCalendar ? 'calendar' : 'list'}
            options={[
              { value: 'list', label: t('duties.list') },
              { value: 'calendar', label: t('duties.calendar') },
            ]}
            onChange={(value) => setUrl({ view: value === 'calendar' ? 'calendar' : null })}
          />
        }
      />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('duties.search')} />
        <Choice name="state" label={t('gap.state')} url={url} setUrl={setUrl} options={states.map((value) => ({ value, label: <StateMark value={value} /> }))} />
        <Choice name="task" label={t('gap.task')} width={190} url={url} setUrl={setUrl} options={tasks} />
      </div>
      {isCalendar ? (
        <Calendar url={url} setUrl={setUrl} />
      ) : (
        <DataTable<Duty>
          id="duties"
          caption={t('nav.duties')}
          columns={columns}
          rowKey={keyOf}
          query={rows}
          url={url}
          setUrl={setUrl}
          empty={
            url['state'] || url['task'] || url['q'] ? (
              <Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />
            ) : (
              <Nothing what={t('duties.none')} hint={t('duties.none_hint')}>
                <Link to="/registers/systems">{t('duties.begin')}</Link>
              </Nothing>
            )
          }
        />
      )}
    </>
  );
}
