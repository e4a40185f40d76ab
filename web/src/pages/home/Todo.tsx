/* What waits for me: cases, duties and notices, by kind, the late ones first. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { get, post } from '../../api';
import { fmtDate, fmtInt, fmtTime } from '../../format';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import { Shape, StateMark } from '../../ui/Marks';
import { Box, Loaded, Nothing } from '../../ui/Page';
import { useSubjectUrl } from '../../ui/subjects';
import { useWorkTypes } from '../../work/hooks';
import type { Case, TodoGroup } from '../../work/types';
import { Left } from '../case/Clocks';

const listOf = (group: TodoGroup) => (group.kind === 'duty' ? `/duties?task=${group.task}` : group.kind === 'case' && group.rows[0] ? `/cases?type=${group.rows[0].type}` : '/cases?mine=all');

function Lines({ group }: { group: TodoGroup }) {
  const { t, pick } = useLang();
  const client = useQueryClient();
  const types = useWorkTypes().data ?? [];
  const read = useMutation({ mutationFn: (notice: number) => post(`/work/notices/${notice}/read`), onSuccess: () => client.invalidateQueries({ queryKey: ['todo'] }) });
  const user = useUser();
  const subjectUrl = useSubjectUrl();
  const state = (one: Case) => pick(types.find((type) => type.name === one.type)?.states.find((each) => each.name === one.state), one.state);
  const line = (key: number, to: string, title: string, about: ReactNode, opened?: () => void) => (
    <li key={key}>
      <div className="row">{about}</div>
      <p>
        <Link to={to} onClick={opened}>
          {title}
        </Link>
      </p>
    </li>
  );
  if (group.kind === 'case')
    return group.rows.map((one) =>
      line(
        one.id,
        `/cases/${one.id}`,
        one.title || one.subject,
        <>
          <span className="soft">{[state(one), user.sees_all ? one.org.name : '', t('home.since', { day: fmtDate(one.state_at ?? one.opened_at) })].filter(Boolean).join(' · ')}</span> {one.due_at && <Left due={one.due_at} isOverdue={one.is_overdue} />}
        </>,
      ),
    );
  if (group.kind === 'duty')
    return group.rows.map((duty) =>
      line(
        duty.id,
        subjectUrl({ subject: duty.subject, task: group.task }),
        pick(duty, duty.duty),
        <>
          <StateMark value={duty.state} /> <span className="num soft">{duty.due}</span>
        </>,
      ),
    );
  return group.rows.map((notice) => line(notice.notice_id, `/cases/${notice.id}`, notice.title, <span className="soft">{`${pick(notice, notice.action)} ${fmtTime(notice.at, false)}`}</span>, () => read.mutate(notice.notice_id)));
}

export function Todo() {
  const { t, pick } = useLang();
  const todo = useQuery({ queryKey: ['todo'], queryFn: ({ signal }) => get<{ groups: TodoGroup[]; count: number }>('/work/todo', undefined, signal) });
  return (
    <Box bare title={`${t('home.todo')}${todo.data ? ` · ${fmtInt(todo.data.count)}` : ''}`} extra={<Link to="/cases">{t('common.all')}</Link>}>
      <Loaded of={todo}>
        {({ groups }) =>
          groups.length === 0 ? (
            <Nothing what={t('home.todo_none')} />
          ) : (
            <>
              {groups.map((group) => (
                <section className="todo-group" key={`${group.kind} ${group.task} ${group.en}`}>
                  <h3>
                    <Link to={listOf(group)}>{`${group.kind === 'duty' ? `${t('task.n', { n: group.task })} ` : ''}${pick(group)}`}</Link> <span className="num">{fmtInt(group.count)}</span>{' '}
                    {group.overdue > 0 && (
                      <span className="mark c-overdue">
                        <Shape kind="overdue" />
                        {t('home.overdue', { n: group.overdue })}
                      </span>
                    )}
                  </h3>
                  <ul className="todo">
                    <Lines group={group} />
                  </ul>
                </section>
              ))}
            </>
          )
        }
      </Loaded>
    </Box>
  );
}
