/* The month: duties and cases on the days they fall due. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { shiftMonth, today, weeksOf } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import { Choice } from '../ui/Filters';
import { StateMark } from '../ui/Marks';
import { useOrgs } from '../ui/orgs';
import { Head, Loaded } from '../ui/Page';
import { useUrl } from '../ui/url';
import { useDue } from '../work/due';
import type { Due } from '../work/due';
import { useTaskOptions } from './Gaps';

const shown_max = 4;

function Day({ day, month, due }: { day: string; month: string; due: Due[] }) {
  const { t, word } = useLang();
  const [isWhole, setWhole] = useState(false);
  return (
    <td className={day === today() ? 'today' : day.startsWith(month) ? undefined : 'out'}>
      <span className="day">{day.slice(8)}</span>
      <ul className={isWhole ? 'whole' : undefined}>
        {(isWhole ? due : due.slice(0, shown_max)).map((one) => (
          <li key={one.key} title={`${word('duty', one.state)}${t('common.colon')}${one.title}`}>
            <StateMark value={one.state} isBrief /> <Link to={one.to}>{one.title}</Link>
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
  const days = weeksOf(month).flat();
  const query = useDue(days[0] ?? month, days.at(-1) ?? month);
  const tasks = useTaskOptions();
  const orgs = useOrgs();
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
        </div>
        <Loaded of={query}>
          {(rows) => <Month month={month} rows={rows.filter((row) => (!url['task'] || row.task === Number(url['task'])) && (!url['org'] || row.org === url['org']))} />}
        </Loaded>
      </div>
    </>
  );
}
