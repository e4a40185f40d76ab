/* Reminders and copies sent to me: for information, gone once opened. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { get, post } from '../../api';
import { fmtInt, fmtTime } from '../../format';
import { useLang } from '../../i18n';
import { Box } from '../../ui/Page';
import type { TodoGroup, TodoNotice } from '../../work/types';

export function Notices() {
  const { t, pick } = useLang();
  const client = useQueryClient();
  const todo = useQuery({ queryKey: ['notices'], queryFn: ({ signal }) => get<{ groups: TodoGroup[] }>('/work/todo', undefined, signal) });
  const read = useMutation({
    mutationFn: (notices: TodoNotice[]) => Promise.all(notices.map((notice) => post(`/work/notices/${notice.notice_id}/read`))),
    onSettled: () => client.invalidateQueries({ queryKey: ['notices'] }),
  });
  const group = todo.data?.groups.find((one) => one.kind === 'notice');
  if (!group || group.kind !== 'notice') return null;
  return (
    <Box
      bare
      title={`${pick(group)} · ${fmtInt(group.count)}`}
      extra={
        <Button size="small" loading={read.isPending} onClick={() => read.mutate(group.rows)}>
          {t('home.read', { n: group.rows.length })}
        </Button>
      }
    >
      <ul className="todo">
        {group.rows.map((notice) => (
          <li key={notice.notice_id}>
            <div className="row soft">
              <span>{pick(notice, notice.action)}</span>
              <span className="num">{fmtTime(notice.at, false)}</span>
            </div>
            <p>
              <Link to={`/cases/${notice.id}`} onClick={() => read.mutate([notice])}>
                {notice.title}
              </Link>
            </p>
          </li>
        ))}
      </ul>
    </Box>
  );
}
