/* Gaps: where what is declared and what is observed do not agree. */
import { Button } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { get } from '../api';
import { fmtTime, fmtTimes } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Board, Gap, Page, Rule } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { ExportButton, filterOf } from '../ui/ExportButton';
import { Choice, Search } from '../ui/Filters';
import { useRows } from '../ui/list';
import { SeverityMark } from '../ui/Marks';
import { useOrgs } from '../ui/orgs';
import { Head, Nothing } from '../ui/Page';
import { placeUrl, useKindName, useSubjectName } from '../ui/subjects';
import { useUrl } from '../ui/url';
import { Views } from '../ui/Views';
import { taskName } from '../ui/plan';

const filters = ['task', 'rule', 'severity', 'state', 'org'] as const;
export function useTaskOptions() {
  const { t, pick } = useLang();
  const board = useQuery({ queryKey: ['plan'], queryFn: ({ signal }) => get<Board>('/plan', undefined, signal) });
  return (board.data?.tasks ?? []).map((task) => ({
    value: String(task.task),
    label: `${taskName(t, task.task)} ${pick(task)}`,
    text: `${task.task} ${pick(task)}`,
  }));
}

/** Rules of one kind, to choose among. */
export function useRuleOptions(kind: 'gap' | 'duty') {
  const { pick } = useLang();
  const rules = useQuery({ queryKey: ['rules', undefined], queryFn: ({ signal }) => get<Page<Rule>>('/rules', undefined, signal), staleTime: Infinity });
  return (rules.data?.rows ?? []).filter((rule) => rule.kind === kind).map((rule) => ({ value: rule.id, label: pick(rule, rule.id), text: `${rule.id} ${pick(rule)}` }));
}

export function useGapColumns(): Column<Gap>[] {
  const { t, word } = useLang();
  const user = useUser();
  const orgs = useOrgs();
  const kindName = useKindName();
  const subjectName = useSubjectName();
  return [
    { key: 'severity', title: t('gap.severity'), width: 78, sortable: true, render: (gap) => <SeverityMark value={gap.severity} /> },
    {
      key: 'gap',
      title: t('gap.what'),
      width: 210,
      sortable: true,
      render: (gap) => <Link to={`/gaps/${gap.id}`}>{gap.title ?? word('gap', gap.gap)}</Link>,
    },
    {
      key: 'subject',
      title: t('gap.subject'),
      width: 190,
      sortable: true,
      render: (gap) => (
        <>
          <span className="soft">{kindName(gap.subject.kind)}</span>{' '}
          {gap.link ? (
            <Link className="mono" to={placeUrl(gap.link)}>
              {subjectName(gap)}
            </Link>
          ) : (
            <span className="mono">{subjectName(gap)}</span>
          )}
        </>
      ),
    },
    { key: 'why', title: t('gap.why'), width: 380, render: (gap) => fmtTimes(gap.why) },
    { key: 'task', title: t('gap.task'), width: 76, sortable: true, render: (gap) => <Link to={`/tasks/${gap.task}`}>{taskName(t, gap.task)}</Link> },
    { key: 'last_seen', title: t('col.last_seen'), width: 132, sortable: true, render: (gap) => <span className="num nowrap">{fmtTime(gap.last_seen, false)}</span> },
    { key: 'first_seen', title: t('col.first_seen'), width: 132, sortable: true, extra: true, render: (gap) => <span className="num nowrap">{fmtTime(gap.first_seen, false)}</span> },
    { key: 'state', title: t('gap.state'), width: 80, sortable: true, extra: true, render: (gap) => word('gapstate', gap.state) },
    { key: 'org', title: t('common.org'), width: 190, sortable: true, extra: !user.sees_all, render: (gap) => orgs.find((org) => org.code === gap.org)?.name ?? gap.org },
  ];
}

export default function Gaps() {
  const { t, word } = useLang();
  const user = useUser();
  const navigate = useNavigate();
  const [url, setUrl] = useUrl();
  const rows = useRows<Gap>('/gaps', url, ['q', 'sort', ...filters]);
  const orgs = useOrgs();
  const tasks = useTaskOptions();
  const columns = useGapColumns();
  const rules = useRuleOptions('gap');
  const isFiltered = [...filters, 'q'].some((name) => url[name]);
  return (
    <>
      <Head title={t('nav.gaps')} sub={t('gaps.sub')} asOf={rows.dataUpdatedAt} extra={<ExportButton path="/gaps" params={filterOf(url, ['q', 'sort', ...filters])} />} />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('gaps.search')} />
        <Choice name="severity" label={t('gap.severity')} width={128} url={url} setUrl={setUrl} options={['high', 'medium', 'low'].map((value) => ({ value, label: <SeverityMark value={value} /> }))} />
        <Choice name="task" label={t('gap.task')} width={190} url={url} setUrl={setUrl} options={tasks} />
        <Choice name="rule" label={t('gap.rule')} width={210} url={url} setUrl={setUrl} options={rules} />
        <Choice name="state" label={t('gap.state')} absent={word('gapstate', 'open')} width={112} url={url} setUrl={setUrl} options={['open', 'closed', 'all'].map((value) => ({ value, label: word('gapstate', value) }))} />
        {user.sees_all && <Choice name="org" label={t('common.org')} width={200} url={url} setUrl={setUrl} options={orgs.map((org) => ({ value: org.code, label: org.name, text: org.name }))} />}
        <Views id="gaps" url={url} setUrl={setUrl} />
        {isFiltered && (
          <Button type="link" onClick={() => setUrl({ q: null, ...Object.fromEntries(filters.map((name) => [name, null])) })}>
            {t('filter.clear')}
          </Button>
        )}
      </div>
      <DataTable<Gap>
        id="gaps"
        caption={t('nav.gaps')}
        columns={columns}
        rowKey={(gap) => gap.id}
        query={rows}
        url={url}
        setUrl={setUrl}
        onOpen={(gap) => void navigate(`/gaps/${gap.id}`)}
        empty={
          isFiltered ? (
            <Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />
          ) : (
            <Nothing what={t('gaps.none')} hint={t('gaps.none_hint')}>
              <Link to="/imports">{t('nav.import')}</Link>
              <Link to="/sensors">{t('nav.sensors')}</Link>
            </Nothing>
          )
        }
      />
    </>
  );
}
