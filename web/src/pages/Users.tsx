/* Accounts: who may log in, for which organisation, in which roles. Administrators only. */
import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { call } from '../api';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { refreshRows, useUser } from '../session';
import type { User } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { useWhole } from '../ui/list';
import { useOrgs } from '../ui/orgs';
import { Head, Nothing, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';

export const roles = ['admin', 'officer', 'auditor', 'viewer', 'bureau', 'expert', 'assessor', 'sysadmin', 'secadmin', 'auditadmin'] as const;
type Account = User & { locked: boolean; waits_until?: string | null };

export function OneTime({ password }: { password: string }) {
  const { t } = useLang();
  return (
    <>
      {t('users.one_time')} <strong className="mono">{password}</strong>
    </>
  );
}

function Create({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t, word } = useLang();
  const me = useUser();
  const client = useQueryClient();
  const orgs = useOrgs();
  const create = useMutation({
    mutationFn: (values: { login: string; name?: string; org?: string; roles: string[] }) =>
      call<{ id: number; password?: string; approval?: number }>('POST', '/users', me.org ? { org: me.org.code, ...values } : values),
    onSuccess: () => refreshRows(client),
  });
  const close = () => {
    create.reset();
    onClose();
  };
  return (
    <Modal open={isOpen} title={t('users.add')} footer={null} onCancel={close} destroyOnHidden width={420}>
      {create.data ? (
        <>
          <Alert
            type="success"
            showIcon
            title={t(create.data.approval ? 'users.waits' : 'users.added')}
            description={create.data.password && <OneTime password={create.data.password} />}
          />
          <Button style={{ marginTop: 14 }} type="primary" block onClick={close}>
            {t('common.done')}
          </Button>
        </>
      ) : (
        <Form layout="vertical" onFinish={(values) => create.mutate(values)}>
          {create.error && (
            <div style={{ marginBottom: 14 }}>
              <ProblemView error={create.error} />
            </div>
          )}
          <Form.Item name="login" label={t('login.login')} rules={[{ required: true, message: t('form.required') }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="name" label={t('users.name')}>
            <Input autoComplete="off" />
          </Form.Item>
          {me.sees_all && (
            <Form.Item name="org" label={t('common.org')} extra={t('users.org_hint')}>
              <Select allowClear options={orgs.map((org) => ({ value: org.code, label: org.name }))} />
            </Form.Item>
          )}
          <Form.Item name="roles" label={t('users.roles')} rules={[{ required: true, message: t('form.required') }]}>
            <Select mode="multiple" options={roles.map((role) => ({ value: role, label: word('role', role) }))} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={create.isPending} block>
            {t('users.add')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

export default function Users() {
  const { t, word } = useLang();
  const [url, setUrl] = useUrl();
  const [isOpen, setOpen] = useState(false);
  const me = useUser();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const rows = useWhole<Account>('/users');
  const change = useMutation({
    mutationFn: ({ id, body }: { id: number; body: object }) => call<{ id: number; password?: string; approval?: number }>('PUT', `/users/${id}`, body),
    onSuccess: (answer) => {
      refreshRows(client);
      if (answer.approval) modal.info({ title: t('users.waits') });
      if (answer.password) modal.success({ title: t('users.reset_done'), content: <OneTime password={answer.password} /> });
    },
  });
  const askReset = (user: Account) =>
    modal.confirm({
      title: t('users.reset_ask', { login: user.login }),
      content: t('users.reset_what'),
      okText: t('users.reset'),
      cancelText: t('common.cancel'),
      onOk: () => change.mutateAsync({ id: user.id, body: { reset_password: true } }).catch(() => undefined),
    });
  const columns: Column<Account>[] = [
    { key: 'login', title: t('login.login'), width: 120, render: (user) => <strong>{user.login}</strong> },
    { key: 'name', title: t('users.name'), width: 150, render: (user) => user.name },
    { key: 'org', title: t('common.org'), width: 220, render: (user) => (typeof user.org === 'string' ? user.org : user.org?.name) || t('top.all_orgs') },
    { key: 'roles', title: t('users.roles'), width: 150, render: (user) => user.roles.map((role) => word('role', role)).join(' · ') },
    { key: 'last_login', title: t('users.last_login'), width: 160, render: (user) => <span className="num">{fmtTime(user.last_login, false) || t('users.never')}</span> },
    { key: 'state', title: t('gap.state'), width: 96, render: (user) => user.waits_until && !user.locked ? t('users.locked_till', { time: fmtTime(user.waits_until, false).slice(11) }) : t(user.locked ? 'users.locked' : user.must_change ? 'users.must_change' : 'users.active') },
    {
      key: 'do',
      title: t('users.do'),
      width: 150,
      render: (user) =>
        user.id !== me.id && (
          <Space>
            <button type="button" className="link" onClick={() => change.mutate({ id: user.id, body: { locked: !user.locked } })}>
              {t(user.locked ? 'users.unlock' : 'users.lock')}
            </button>
            <button type="button" className="link" onClick={() => askReset(user)}>
              {t('users.reset')}
            </button>
          </Space>
        ),
    },
  ];
  return (
    <>
      <Head
        title={t('nav.users')}
        sub={t('users.sub')}
        asOf={rows.dataUpdatedAt}
        extra={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
            {t('users.add')}
          </Button>
        }
      />
      {change.error && (
        <div style={{ marginBottom: 12 }}>
          <ProblemView error={change.error} />
        </div>
      )}
      <DataTable<Account>
        id="users"
        caption={t('nav.users')}
        columns={columns}
        rowKey={(user) => user.id}
        query={rows}
        url={url}
        setUrl={setUrl}
        empty={<Nothing what={t('users.none')} />}
        whole
      />
      <Create isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
