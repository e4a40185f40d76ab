/* Reminders and copies sent to me: for information, gone once opened. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { post } from '../../api';
import { fmtInt, fmtTime } from '../../format';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import { Box } from '../../ui/Page';
import { useRegisters } from '../../ui/registers';
import { useTodoGroups, useWorkTypes } from '../../work/hooks';
import type { TodoNotice } from '../../work/types';
import { referrers } from '../row/RowLinks';

export function Notices() {
  const { t, pick } = useLang();
  const client = useQueryClient();
  const user = useUser();
  const groups = useTodoGroups().data;
  const types = useWorkTypes().data;
  const registers = useRegisters().data?.rows ?? [];
  const read = useMutation({
    mutationFn: (notices: TodoNotice[]) => Promise.all(notices.map((notice) => post(`/work/notices/${notice.notice_id}/read`))),
    onSettled: () => client.invalidateQueries({ queryKey: ['notices'] }),
  });
  const group = groups?.find((one) => one.kind === 'notice');
  if (!group || group.kind !== 'notice') return null;
  /** A case of the bureau's own is not the company's to open: it reads what was said of it there. */
  const urlOf = (notice: TodoNotice) => {
    const type = types?.find((one) => one.name === notice.type);
    const said = type?.is_bureaus_own && !user.sees_all ? referrers(registers, type.register)[0] : undefined;
    return said ? `/registers/${said.register.name}` : `/cases/${notice.id}`;
  };
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
              <Link to={urlOf(notice)} onClick={() => read.mutate([notice])}>
                {notice.title}
              </Link>
            </p>
          </li>
        ))}
      </ul>
    </Box>
  );
}
