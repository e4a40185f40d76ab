/* The month: duties and cases on the days they fall due. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtInt, shiftMonth, today, weeksOf } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Duty, Page } from '../types';
import { Choice } from '../ui/Filters';
import { StateMark } from '../ui/Marks';
import { Head, Loaded } from '../ui/Page';
import { useUrl } from '../ui/url';
import type { Case } from '../work/types';
import { useSubjectUrl } from './Duties';
import { useOrgs, useTaskOptions } from './Gaps';

const looked_at = 500;
const shown_max = 4;

interface Due {
  key: string;
  day: string;
  state: string;
  title: string;
  task: number;
  to: string;
}

function useDue(task: string | undefined, org: string | undefined) {
  const { word } = useLang();
  const subjectUrl = useSubjectUrl();
  return useQuery({
    queryKey: ['calendar', task, org],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const [duties, cases] = await Promise.all([
        get<Page<Duty>>('/duties', { task, org, limit: looked_at }, signal),
        get<Page<Case>>('/work/cases', { task, org, sort: 'due', limit: looked_at }, signal),
      ]);
      const rows: Due[] = [
        ...duties.rows.flatMap((duty) => (duty.due ? [{ key: `d ${duty.id ?? duty.duty} ${duty.subject.id}`, day: duty.due, state: duty.state, title: `${duty.title ?? word('dutyrule', duty.duty)} · ${duty.subject.id}`, task: duty.task, to: subjectUrl(duty) }] : [])),
        ...cases.rows.flatMap((one) => (one.due_at && !one.closed_at ? [{ key: `c ${one.id}`, day: one.due_at.slice(0, 10), state: one.is_overdue ? 'overdue' : 'open', title: one.title || one.subject, task: one.task, to: `/cases/${one.id}` }] : [])),
      ];
      return { rows, left: Math.max(0, (duties.total ?? 0) - looked_at) + Math.max(0, (cases.total ?? 0) - looked_at) };
    },
  });
}

function Day({ day, month, due }: { day: string; month: string; due: Due[] }) {
  const { t } = useLang();
  const [isWhole, setWhole] = useState(false);
  return (
    <td className={day === today() ? 'today' : day.startsWith(month) ? undefined : 'out'}>
      <span className="day">{day.slice(8)}</span>
      <ul className={isWhole ? 'whole' : undefined}>
        {(isWhole ? due : due.slice(0, shown_max)).map((one) => (
          <li key={one.key} title={one.title}>
            <StateMark value={one.state} /> <Link to={one.to}>{one.title}</Link>
          </li>
        ))}
        {due.length > shown_max && !isWhole && (
          <li>
            <button type="button" className="link" onClick={() => setWhole(true)}>
              {t('duties.more', { n: due.length - shown_max })}
            </button>
          </li>
        )}
      </ul>
    </td>
  );
}

function Month({ month, rows }: { month: string; rows: Due[] }) {
  const { t, word } = useLang();
  return (
    <table className="cal">
      <caption className="vh">{t('duties.calendar')}</caption>
      <thead>
        <tr>
          {['1', '2', '3', '4', '5', '6', '7'].map((day) => (
            <th key={day} scope="col">
              {word('weekday', day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <Day key={day} day={day} month={month} due={rows.filter((one) => one.day === day)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function CalendarPage() {
  const { t } = useLang();
  const user = useUser();
  const [url, setUrl] = useUrl();
  const month = url['month'] ?? today().slice(0, 7);
  const query = useDue(url['task'], url['org']);
  const tasks = useTaskOptions();
  const orgs = useOrgs();
  const showsMet = url['met'] === '1';
  return (
    <>
      <Head title={t('duties.calendar')} sub={t('calendar.sub')} asOf={query.dataUpdatedAt} />
      <div className="box">
        <div className="tools">
          <Button icon={<LeftOutlined />} aria-label={t('duties.month_before')} onClick={() => setUrl({ month: shiftMonth(month, -1) })} />
          <strong className="num">{month}</strong>
          <Button icon={<RightOutlined />} aria-label={t('duties.month_after')} onClick={() => setUrl({ month: shiftMonth(month, 1) })} />
          <Button type="link" onClick={() => setUrl({ month: null })}>
            {t('duties.this_month')}
          </Button>
          <Choice name="task" label={t('gap.task')} width={190} url={url} setUrl={setUrl} options={tasks} />
          {user.sees_all && <Choice name="org" label={t('common.org')} width={200} url={url} setUrl={setUrl} options={orgs.map((org) => ({ value: org.code, label: org.name, text: org.name }))} />}
          <Checkbox checked={showsMet} onChange={(event) => setUrl({ met: event.target.checked ? '1' : null })}>
            {t('calendar.met')}
          </Checkbox>
        </div>
        <Loaded of={query}>
          {(data) => (
            <>
              {data.left > 0 && <Alert type="warning" showIcon role="note" title={t('calendar.cut', { n: fmtInt(data.left) })} />}
              <Month month={month} rows={showsMet ? data.rows : data.rows.filter((row) => row.state !== 'met')} />
            </>
          )}
        </Loaded>
      </div>
    </>
  );
}
