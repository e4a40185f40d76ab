/* What waits for a second person: accounts, their roles, and whether administration is divided. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Space } from 'antd';
import { useRef } from 'react';
import { post } from '../api';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { refreshRows, useUser } from '../session';
import type { Page } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Choice } from '../ui/Filters';
import { useWhole } from '../ui/list';
import { Head, Nothing, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';
import { OneTime } from './Users';

interface Approval {
  id: number;
  kind: 'account_add' | 'account_change' | 'mode';
  org: { code: string; name: string } | null;
  login: string;
  name: string;
  roles: string[];
  locked: boolean;
  resets_password: boolean;
  separation: boolean;
  asked_by: string;
  asked_role: string[];
  asked_at: string;
  state: 'open' | 'approved' | 'rejected';
  decided_by: string;
  decided_at: string | null;
  note: string;
}

/** The one who decides: the other of the two administrators. */
const decider = (row: Approval) => (row.asked_role.includes('secadmin') ? 'sysadmin' : 'secadmin');

export default function Approvals() {
  const { t, word } = useLang();
  const me = useUser();
  const [url, setUrl] = useUrl();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const note = useRef('');
  const rows = useWhole<Approval>('/approvals', { state: url['state'] });
  const isDivided = (rows.data as (Page<Approval> & { separation?: boolean }) | undefined)?.separation === true;
  const done = { onSuccess: () => refreshRows(client) };
  const decide = useMutation({
    mutationFn: ({ id, what }: { id: number; what: 'approve' | 'reject' }) =>
      post<{ password?: string }>(`/approvals/${id}/${what}`, { note: note.current }),
    onSuccess: (answer) => {
      refreshRows(client);
      if (answer.password) modal.success({ title: t('approvals.granted'), content: <OneTime password={answer.password} /> });
    },
  });
  const divide = useMutation({ mutationFn: (separation: boolean) => post('/approvals', { separation }), ...done });
  const what = (row: Approval) => {
    if (row.kind === 'mode') return t(row.separation ? 'approvals.divide' : 'approvals.join');
    if (row.kind === 'account_add') return t('approvals.add', { login: row.login });
    return t(row.resets_password ? 'approvals.reset' : row.locked ? 'approvals.change_locked' : 'approvals.change', { login: row.login });
  };
  const ask = (row: Approval, how: 'approve' | 'reject') => {
    note.current = '';
    modal.confirm({
      title: what(row),
      content: <Input.TextArea aria-label={t('approvals.note')} placeholder={t('approvals.note')} rows={2} onChange={(event) => (note.current = event.target.value)} />,
      okText: t(how === 'approve' ? 'approvals.approve' : row.asked_by === me.login ? 'approvals.take_back' : 'approvals.reject'),
      okButtonProps: { danger: how === 'reject' },
      cancelText: t('common.cancel'),
      onOk: () => decide.mutateAsync({ id: row.id, what: how }).catch(() => undefined),
    });
  };
  const columns: Column<Approval>[] = [
    { key: 'id', title: t('approvals.number'), width: 70, right: true, render: (row) => <span className="num">{row.id}</span> },
    { key: 'what', title: t('approvals.what'), render: (row) => <strong>{what(row)}</strong> },
    { key: 'org', title: t('common.org'), width: 200, render: (row) => (row.kind === 'mode' ? '' : row.org?.name || t('top.all_orgs')) },
    { key: 'roles', title: t('users.roles'), width: 160, render: (row) => row.roles.map((role) => word('role', role)).join(' · ') },
    {
      key: 'asked',
      title: t('approvals.asked'),
      width: 190,
      render: (row) => (
        <>
          {word('actor', row.asked_by)} <span className="num soft nowrap">{fmtTime(row.asked_at, false)}</span>
        </>
      ),
    },
    {
      key: 'state',
      title: t('gap.state'),
      width: 210,
      render: (row) =>
        row.state === 'open' ? (
          t('approvals.waits', { role: word('role', decider(row)) })
        ) : (
          <>
            {t(row.state === 'approved' ? 'approvals.approved' : 'approvals.rejected')} {row.decided_by}{' '}
            <span className="num soft nowrap">{fmtTime(row.decided_at, false)}</span>
            {row.note && <div className="soft">{row.note}</div>}
          </>
        ),
    },
    {
      key: 'do',
      title: t('users.do'),
      width: 130,
      render: (row) =>
        row.state === 'open' && (
          <Space>
            {me.roles.includes(decider(row)) && row.asked_by !== me.login && (
              <button type="button" className="link" onClick={() => ask(row, 'approve')}>
                {t('approvals.approve')}
              </button>
            )}
            {(me.roles.includes(decider(row)) || row.asked_by === me.login) && (
              <button type="button" className="link" onClick={() => ask(row, 'reject')}>
                {t(row.asked_by === me.login ? 'approvals.take_back' : 'approvals.reject')}
              </button>
            )}
          </Space>
        ),
    },
  ];
  const error = decide.error ?? divide.error;
  return (
    <>
      <Head
        title={t('nav.approvals')}
        sub={t('approvals.sub')}
        asOf={rows.dataUpdatedAt}
        extra={
          me.sees_all &&
          rows.data && (
            <Button loading={divide.isPending} onClick={() => divide.mutate(!isDivided)}>
              {t(isDivided ? 'approvals.ask_join' : 'approvals.ask_divide')}
            </Button>
          )
        }
      />
      {rows.data && (
        <Alert
          style={{ marginBottom: 12 }}
          type={isDivided ? 'success' : 'info'}
          showIcon
          title={t(isDivided ? 'approvals.is_divided' : 'approvals.is_joined')}
          description={t(isDivided ? 'approvals.divided_means' : 'approvals.joined_means')}
        />
      )}
      {error && (
        <div style={{ marginBottom: 12 }}>
          <ProblemView error={error} />
        </div>
      )}
      <DataTable<Approval>
        id="approvals"
        caption={t('nav.approvals')}
        columns={columns}
        rowKey={(row) => row.id}
        query={rows}
        url={url}
        setUrl={setUrl}
        tools={
          <Choice
            name="state"
            label={t('gap.state')}
            url={url}
            setUrl={setUrl}
            options={(['open', 'approved', 'rejected'] as const).map((state) => ({ value: state, label: t(`approvals.state_${state}`), text: t(`approvals.state_${state}`) }))}
          />
        }
        empty={<Nothing what={t('approvals.none')} />}
        whole
      />
    </>
  );
}
