/* Cases: to do, done, begun by me, all. The list lives in the address. */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Tabs } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { ExportButton, filterOf } from '../ui/ExportButton';
import { Choice, Search } from '../ui/Filters';
import { LinkButton } from '../ui/LinkButton';
import { useRows } from '../ui/list';
import { useOrgs } from '../ui/orgs';
import { Head, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import { Views } from '../ui/Views';
import { useAsked, useWorkTypes } from '../work/hooks';
import type { Case, WorkType } from '../work/types';
import { BulkActs } from './case/BulkActs';
import { Left } from './case/Clocks';
import { useTaskOptions } from './Gaps';

const mines = ['todo', 'done', 'opened', 'all'] as const;
const filters = ['q', 'type', 'task', 'state', 'side', 'org', 'overdue'] as const;

export function useCaseColumns(types: WorkType[]): Column<Case>[] {
  const { t, pick, word } = useLang();
  const user = useUser();
  const askedFor = useAsked();
  const typeOf = (row: Case) => types.find((type) => type.name === row.type);
  const columns: Column<Case>[] = [
    { key: 'title', title: t('case.title'), width: 260, render: (row) => <Link to={`/cases/${row.id}`}>{row.title || row.subject || `#${row.id}`}</Link> },
    { key: 'type', title: t('case.type'), width: 150, sortable: true, render: (row) => pick(typeOf(row), row.type) },
    {
      key: 'state',
      title: t('gap.state'),
      width: 130,
      sortable: true,
      render: (row) => {
        const asked = askedFor(row.id);
        return (
          <>
            {pick(typeOf(row)?.states.find((state) => state.name === row.state), row.state)}
            {asked && <div className="asked">{t('home.asked', { what: pick(asked) })}</div>}
          </>
        );
      },
    },
    { key: 'side', title: t('case.side'), width: 90, render: (row) => word('side', row.side) },
    { key: 'due', title: t('case.left'), width: 150, sortable: true, render: (row) => <Left due={askedFor(row.id)?.due_at ?? row.due_at} isOverdue={askedFor(row.id)?.is_overdue ?? row.is_overdue} /> },
    { key: 'number', title: t('case.number'), width: 150, render: (row) => (row.number ? <span className="mono">{row.number}</span> : <span className="soft">–</span>) },
    { key: 'subject', title: t('gap.subject'), width: 150, extra: true, render: (row) => <span className="mono">{row.subject}</span> },
    { key: 'task', title: t('gap.task'), width: 80, extra: true, render: (row) => (row.task > 0 && row.task < 100 ? <Link to={`/tasks/${row.task}`}>{t('task.n', { n: row.task })}</Link> : '') },
    { key: 'opened_at', extra: user.sees_all, title: t('case.opened'), width: 132, sortable: true, render: (row) => <span className="num nowrap">{fmtTime(row.opened_at, false)}</span> },
    { key: 'submitted_at', title: t('case.submitted'), width: 132, sortable: true, extra: !user.sees_all, render: (row) => <span className="num nowrap">{fmtTime(row.submitted_at, false)}</span> },
  ];
  if (user.sees_all) columns.splice(1, 0, { key: 'org', title: t('common.org'), width: 190, sortable: true, render: (row) => row.org.name });
  return columns;
}

export default function Cases() {
  const { t, pick, word } = useLang();
  const user = useUser();
  const navigate = useNavigate();
  const [url, setUrl] = useUrl();
  const types = useWorkTypes().data ?? [];
  const mine = mines.find((one) => one === url['mine']) ?? 'todo';
  const rows = useRows<Case>('/work/cases', url, [...filters.filter((name) => name !== 'q'), 'sort'], { ...(mine === 'all' ? {} : { mine }), ...(url['q'] ? { search: url['q'] } : {}) });
  const columns = useCaseColumns(types);
  const orgs = useOrgs();
  const tasks = useTaskOptions();
  const type = types.find((one) => one.name === url['type']);
  const isFiltered = filters.some((name) => url[name]);
  const [marked, setMarked] = useState<Case[]>([]);
  // what a filter has taken out of the list is acted on no more
  const chosen = marked.filter((one) => rows.data?.rows.some((row) => row.id === one.id));
  const mayAct = user.org !== null && (user.may_write || user.roles.includes('bureau'));
  return (
    <>
      <Head
        title={t('nav.cases')}
        sub={t('cases.sub')}
        asOf={rows.dataUpdatedAt}
        extra={
          <>
            <ExportButton path="/work/cases" params={{ ...filterOf(url, [...filters.filter((name) => name !== 'q'), 'sort']), mine: mine === 'all' ? undefined : mine, search: url['q'] }} />
            <LinkButton type="primary" icon={<PlusOutlined aria-hidden />} to={`/cases/new${type ? `?type=${type.name}` : ''}`}>
              {t('case.new')}
            </LinkButton>
          </>
        }
      />
      <Tabs activeKey={mine} items={mines.map((key) => ({ key, label: word('mine', key) }))} onChange={(key) => setUrl({ mine: key === 'todo' ? null : key })} />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('cases.search')} />
        <Choice name="type" label={t('case.type')} width={170} url={url} setUrl={(change) => setUrl({ ...change, state: null })} options={types.map((one) => ({ value: one.name, label: pick(one), text: pick(one) }))} />
        {type && <Choice name="state" label={t('gap.state')} width={140} url={url} setUrl={setUrl} options={type.states.map((state) => ({ value: state.name, label: pick(state), text: pick(state) }))} />}
        <Choice name="task" label={t('gap.task')} width={190} url={url} setUrl={setUrl} options={tasks} />
        {user.sees_all && <Choice name="org" label={t('common.org')} width={200} url={url} setUrl={setUrl} options={orgs.map((org) => ({ value: org.code, label: org.name, text: org.name }))} />}
        <Checkbox checked={url['overdue'] === '1'} onChange={(event) => setUrl({ overdue: event.target.checked ? '1' : null })}>
          {t('cases.overdue')}
        </Checkbox>
        <Views id="cases" url={url} setUrl={setUrl} />
        {isFiltered && (
          <Button type="link" onClick={() => setUrl(Object.fromEntries(filters.map((name) => [name, null])))}>
            {t('filter.clear')}
          </Button>
        )}
      </div>
      <DataTable<Case>
        id="cases"
        caption={t('nav.cases')}
        columns={columns}
        rowKey={(row) => row.id}
        query={rows}
        url={url}
        setUrl={setUrl}
        chosen={mayAct ? chosen : undefined}
        onChoose={setMarked}
        tools={mayAct && <BulkActs cases={chosen} onDone={() => setMarked([])} />}
        onOpen={(row) => void navigate(`/cases/${row.id}`)}
        empty={<Nothing what={t(isFiltered ? 'filter.nothing' : 'cases.none')} hint={isFiltered ? t('filter.nothing_hint') : word('cases_none', mine)} />}
      />
    </>
  );
}
