/* What waits for me: cases, duties and notices, by kind, the late ones first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api';
import { fmtInt, fmtTime } from '../../format';
import { useLang } from '../../i18n';
import type { Row } from '../../types';
import { Shape } from '../../ui/Marks';
import { Box, Loaded, Nothing } from '../../ui/Page';
import type { TodoGroup } from '../../work/types';
import { Left } from '../case/Clocks';

const listOf = (group: TodoGroup) => (group.kind === 'duty' ? `/duties?task=${group.task}` : group.kind === 'notice' ? '/cases?mine=all' : `/cases?task=${group.task}`);

function Line({ group, row }: { group: TodoGroup; row: Row }) {
  const { t } = useLang();
  const due = row['due_at'] ?? row['due'];
  const to = group.kind === 'duty' ? `/duties?task=${group.task}&q=${encodeURIComponent(String((row['subject'] as { id?: string } | undefined)?.id ?? ''))}` : `/cases/${String(row['case_id'] ?? row['id'])}`;
  const text = row['title'] || row['text'] || row['subject'] || row['why'] || `#${String(row['id'])}`;
  return (
    <li>
      <p>
        <Link to={to}>{typeof text === 'object' ? String((text as { id?: string }).id ?? '') : String(text)}</Link>{' '}
        {due ? <Left due={String(due)} isOverdue={row['is_overdue'] === true || row['state'] === 'overdue'} /> : <span className="soft num">{fmtTime(row['at'], false)}</span>}
      </p>
      {row['org'] && typeof row['org'] === 'object' ? <span className="soft">{String((row['org'] as { name?: string }).name ?? '')}</span> : null}
      {group.kind === 'notice' && <span className="soft"> {t('home.notice')}</span>}
    </li>
  );
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
                    <Link to={listOf(group)}>{pick(group)}</Link> <span className="num">{fmtInt(group.count)}</span>{' '}
                    {group.overdue > 0 && (
                      <span className="mark c-overdue">
                        <Shape kind="overdue" />
                        {t('home.overdue', { n: group.overdue })}
                      </span>
                    )}
                  </h3>
                  <ul className="todo">
                    {group.rows.map((row) => (
                      <Line key={String(row['id'])} group={group} row={row} />
                    ))}
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
