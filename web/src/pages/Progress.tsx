/* For the bureau: each task over all companies, computed from duties, gaps and cases; nothing is typed in. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Named } from '../i18n';
import type { DutyState } from '../types';
import { CountMark } from '../ui/Marks';
import { Loaded } from '../ui/Page';
import { taskName } from '../ui/plan';

interface TaskProgress extends Named {
  task: number;
  companies: number;
  companies_done: number;
  companies_bad: number;
  duties: Record<Exclude<DutyState, 'not_applicable'>, number>;
  gaps: number;
  cases: number;
}
const states = ['overdue', 'due_soon', 'open', 'met'] as const;

export function Progress() {
  const { t, pick } = useLang();
  const query = useQuery({ queryKey: ['progress'], queryFn: ({ signal }) => get<{ companies: number; tasks: TaskProgress[] }>('/supervision/progress', undefined, signal) });
  return (
    <Loaded of={query}>
      {({ tasks }) => (
        <div className="box">
          <table className="rows">
            <caption className="vh">{t('heat.progress')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('gap.task')}</th>
                <th scope="col">{t('progress.companies')}</th>
                <th scope="col">{t('progress.done')}</th>
                <th scope="col">{t('progress.bad')}</th>
                <th scope="col">{t('plan.duties')}</th>
                <th scope="col">{t('plan.gaps')}</th>
                <th scope="col">{t('nav.cases')}</th>
              </tr>
            </thead>
            <tbody>
              {tasks.map((task) => (
                <tr key={task.task}>
                  <th scope="row">
                    <Link to={`/tasks/${task.task}`}>
                      {taskName(t, task.task)} {pick(task)}
                    </Link>
                  </th>
                  <td className="num">{fmtInt(task.companies)}</td>
                  <td className="num">{fmtInt(task.companies_done)}</td>
                  <td className="num">{fmtInt(task.companies_bad)}</td>
                  <td className="nowrap">
                    {states.map(
                      (state) =>
                        task.duties[state] > 0 && (
                          <span key={state} className="spaced">
                            <CountMark kind={state} count={task.duties[state]} to={`/duties?task=${task.task}&state=${state}`} />
                          </span>
                        ),
                    )}
                  </td>
                  <td className="num">{task.gaps > 0 ? <Link to={`/gaps?task=${task.task}`}>{fmtInt(task.gaps)}</Link> : '0'}</td>
                  <td className="num">{task.cases > 0 ? <Link to={`/cases?mine=all&task=${task.task}`}>{fmtInt(task.cases)}</Link> : '0'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  );
}
