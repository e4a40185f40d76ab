/* The rules that judge: source, how sure it is, whom they bind, whether they run. One that is not
 * verified runs only once the administrator has confirmed it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { Link } from 'react-router';
import { call, get } from '../api';
import { useLang } from '../i18n';
import type { Named } from '../i18n';
import { meets } from '../pages';
import { refreshRows, useUser } from '../session';
import type { Page } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Choice, Search } from '../ui/Filters';
import { Head, Nothing, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';
import { taskName } from '../ui/plan';
import { useTaskOptions } from './Gaps';

interface Rule extends Named {
  id: string;
  kind: string;
  task: number;
  source: string;
  mark: string;
  state: string;
  note?: string;
  clock?: string;
}

/** Clocks of cases that are not verified stand apart: they judge nothing until they are confirmed. */
interface Rules extends Page<Rule> {
  clocks?: Rule[];
}
const marks = ['sure', 'likely', 'unverified'];

function Confirm({ rule }: { rule: Rule }) {
  const { t } = useLang();
  const client = useQueryClient();
  const isOn = rule.state === 'on';
  const confirm = useMutation({
    mutationFn: () => call('PUT', `/rules/${encodeURIComponent(rule.id)}`, { confirmed: !isOn }),
    onSuccess: () => refreshRows(client),
  });
  return (
    <>
      <Button size="small" loading={confirm.isPending} onClick={() => confirm.mutate()}>
        {t(isOn ? 'rules.unconfirm' : 'rules.confirm')}
      </Button>
      {confirm.error && <ProblemView error={confirm.error} />}
    </>
  );
}

export default function Rules() {
  const { t, pick, word } = useLang();
  const user = useUser();
  const [url, setUrl] = useUrl();
  const tasks = useTaskOptions();
  const query = useQuery({ queryKey: ['rules', url['task']], queryFn: ({ signal }) => get<Rules>('/rules', { task: url['task'] }, signal) });
  const all = [...(query.data?.rows ?? []), ...(query.data?.clocks ?? []).filter((one) => !url['task'] || String(one.task) === url['task'])];
  const q = (url['q'] ?? '').toLowerCase();
  const rows = all.filter(
    (rule) => (!url['kind'] || rule.kind === url['kind']) && (!url['mark'] || rule.mark === url['mark']) && (!url['state'] || rule.state === url['state']) && (!q || `${rule.id} ${rule.zh} ${rule.en} ${rule.source}`.toLowerCase().includes(q)),
  );
  const states = [...new Set(all.map((rule) => rule.state))];
  /** "20 working_days" in words; a day of the year as it stands. */
  const clock = (text = '') => {
    const [n, unit] = text.split(' ');
    return unit ? t(`unit.${unit}`, { n: n ?? '' }) : text || <span className="soft">–</span>;
  };
  const columns: Column<Rule>[] = [
    { key: 'id', title: t('gap.rule'), width: 160, render: (rule) => <span className="mono">{rule.id}</span> },
    { key: 'name', title: t('rule.name'), width: 200, render: (rule) => pick(rule) },
    { key: 'kind', title: t('rule.kind'), width: 90, render: (rule) => word('rulekind', rule.kind) },
    { key: 'task', title: t('gap.task'), width: 76, render: (rule) => <Link to={`/tasks/${rule.task}`}>{taskName(t, rule.task)}</Link> },
    { key: 'clock', title: t('rules.clock'), width: 96, render: (rule) => clock(rule.clock) },
    { key: 'source', title: t('rule.source'), width: 190, render: (rule) => rule.source },
    { key: 'mark', title: t('rule.mark'), width: 90, render: (rule) => <Tag>{word('rulemark', rule.mark)}</Tag> },
    { key: 'state', title: t('gap.state'), width: 90, render: (rule) => <>{word('rulestate', rule.state)} {rule.note && <div className="soft">{rule.note}</div>}</> },
  ];
  if (meets(user, 'admin')) columns.push({ key: 'do', title: t('users.do'), width: 130, render: (rule) => (rule.mark === 'unverified' ? <Confirm rule={rule} /> : null) });
  return (
    <>
      <Head title={t('nav.rules')} sub={t('rules.sub')} asOf={query.dataUpdatedAt} />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('rules.search')} />
        <Choice name="task" label={t('gap.task')} width={190} url={url} setUrl={setUrl} options={tasks} />
        <Choice name="kind" label={t('rule.kind')} width={110} url={url} setUrl={setUrl} options={['duty', 'gap', 'clock'].map((value) => ({ value, label: word('rulekind', value) }))} />
        <Choice name="mark" label={t('rule.mark')} width={130} url={url} setUrl={setUrl} options={marks.map((value) => ({ value, label: word('rulemark', value) }))} />
        <Choice name="state" label={t('gap.state')} width={150} url={url} setUrl={setUrl} options={states.map((value) => ({ value, label: word('rulestate', value) }))} />
      </div>
      <DataTable<Rule> id="rules" caption={t('nav.rules')} columns={columns} rowKey={(rule) => rule.id} query={{ ...query, data: query.data && { rows, total: rows.length } }} url={url} setUrl={setUrl} whole empty={<Nothing what={t('filter.nothing')} />} />
    </>
  );
}
