/* Duties: what the plan asks, of whom, by when. */
import { CalendarOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from 'react-router';
import { daysBetween, fmtTime, fmtTimes, today } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Duty } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { ExportButton, filterOf } from '../ui/ExportButton';
import { Choice, Search } from '../ui/Filters';
import { useRows } from '../ui/list';
import { StateMark } from '../ui/Marks';
import { LinkButton } from '../ui/LinkButton';
import { useOrgs } from '../ui/orgs';
import { Head, Nothing } from '../ui/Page';
import { Views } from '../ui/Views';
import { useKindName, useSubjectName, useSubjectUrl } from '../ui/subjects';
import { useUrl } from '../ui/url';
import { taskName } from '../ui/plan';
import { useRuleOptions, useTaskOptions } from './Gaps';

const filters = ['q', 'task', 'rule', 'state', 'org'] as const;
/** The last: what was overdue and is not any more. */
const states = ['overdue', 'due_soon', 'open', 'met', 'not_applicable', 'past'];

function SubjectLink({ duty }: { duty: Duty }) {
  const to = useSubjectUrl()(duty);
  const kindName = useKindName();
  const name = useSubjectName()(duty);
  return (
    <>
      <span className="soft">{kindName(duty.subject.kind)}</span>{' '}
      {to ? (
        <Link className="mono" to={to}>
          {name}
        </Link>
      ) : (
        <span className="mono">{name}</span>
      )}
    </>
  );
}

/** Why, and what to do next where it is not met. */
function Why({ duty }: { duty: Duty }) {
  const isDue = ['overdue', 'due_soon', 'open'].includes(duty.state);
  return (
    <>
      {fmtTimes(duty.why)}
      {isDue && duty.todo && <div>{duty.page ? <Link to={duty.page}>{duty.todo}</Link> : duty.todo}</div>}
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
      {due} {isRunning && <span className="soft">{days < 0 ? t('duties.late', { n: -days }) : days === 0 ? t('home.today') : t('duties.in', { n: days })}</span>}
    </span>
  );
}

export function useDutyColumns(): Column<Duty>[] {
  const { t, word } = useLang();
  const user = useUser();
  const orgs = useOrgs();
  return [
    { key: 'state', title: t('gap.state'), width: 92, sortable: true, render: (duty) => <StateMark value={duty.state} /> },
    { key: 'due', title: t('duties.due'), width: 180, sortable: true, render: (duty) => <><DueIn due={duty.due} state={duty.state} />{duty.ended_at && <div className="soft num">{t('duties.ended', { time: fmtTime(duty.ended_at, false) })}</div>}</> },
    { key: 'duty', title: t('duties.what'), width: 240, sortable: true, render: (duty) => duty.title ?? word('dutyrule', duty.duty) },
    { key: 'subject', title: t('gap.subject'), width: 210, sortable: true, render: (duty) => <SubjectLink duty={duty} /> },
    { key: 'why', title: t('gap.why'), width: 300, render: (duty) => <Why duty={duty} /> },
    { key: 'task', title: t('gap.task'), width: 76, sortable: true, render: (duty) => <Link to={`/tasks/${duty.task}`}>{taskName(t, duty.task)}</Link> },
    { key: 'org', title: t('common.org'), width: 190, sortable: true, extra: !user.sees_all, render: (duty) => orgs.find((org) => org.code === duty.org)?.name ?? duty.org },
    { key: 'source', title: t('rule.source'), width: 220, extra: true, render: (duty) => <span className="soft">{duty.source}</span> },
  ];
}

const keyOf = (duty: Duty) => duty.id ?? `${duty.duty} ${duty.org} ${duty.subject.id} ${duty.due ?? ''}`;

export default function Duties() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const user = useUser();
  const orgs = useOrgs();
  const rows = useRows<Duty>('/duties', url, [...filters, 'sort']);
  const isFiltered = filters.some((name) => url[name]);
  const columns = useDutyColumns();
  const tasks = useTaskOptions();
  const rules = useRuleOptions('duty');
  return (
    <>
      <Head
        title={t('nav.duties')}
        sub={t('duties.sub')}
        asOf={rows.dataUpdatedAt}
        extra={
          <>
            <ExportButton path="/duties" params={filterOf(url, [...filters, 'sort'])} />
            <LinkButton to="/calendar" icon={<CalendarOutlined aria-hidden />}>{t('duties.calendar')}</LinkButton>
          </>
        }
      />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('duties.search')} />
        <Choice name="state" label={t('gap.state')} url={url} setUrl={setUrl} options={states.map((value) => ({ value, label: <StateMark value={value} /> }))} />
        <Choice name="task" label={t('gap.task')} width={190} url={url} setUrl={setUrl} options={tasks} />
        <Choice name="rule" label={t('gap.rule')} width={210} url={url} setUrl={setUrl} options={rules} />
        {user.sees_all && <Choice name="org" label={t('common.org')} width={200} url={url} setUrl={setUrl} options={orgs.map((org) => ({ value: org.code, label: org.name, text: org.name }))} />}
        <Views id="duties" url={url} setUrl={setUrl} />
        {isFiltered && (
          <Button type="link" onClick={() => setUrl(Object.fromEntries(filters.map((name) => [name, null])))}>
            {t('filter.clear')}
          </Button>
        )}
      </div>
      <DataTable<Duty>
        id="duties"
        caption={t('nav.duties')}
        columns={columns}
        rowKey={keyOf}
        query={rows}
        url={url}
        setUrl={setUrl}
        empty={
          isFiltered ? (
            <Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />
          ) : (
            <Nothing what={t('duties.none')} hint={t('duties.none_hint')}>
              <Link to="/registers/systems">{t('duties.begin')}</Link>
            </Nothing>
          )
        }
      />
    </>
  );
}
