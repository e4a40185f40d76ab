/* Who is told of deadlines by mail or webhook: channels, the mail server, and what was sent. */
import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Radio, Space, Switch, Tag } from 'antd';
import { useState } from 'react';
import { call, get, post, Problem } from '../api';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { Box, Head, Loaded, Nothing, ProblemView } from '../ui/Page';

interface Channel {
  id: number;
  org: string;
  kind: 'mail' | 'webhook';
  target: string;
  is_on: boolean;
  waiting: number;
  failed: number;
}
interface Message {
  id: number;
  channel: number;
  subject: string;
  state: 'waiting' | 'sent' | 'failed';
  tries: number;
  receipt: string;
  created_at: string;
  sent_at: string | null;
}
interface Mail {
  url: string;
  user: string;
  from: string;
  has_password: boolean;
}
const refresh_ms = 5000;
const secret_min = 16;
const secret_max = 256;

function Add({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useLang();
  const client = useQueryClient();
  const [form] = Form.useForm<{ kind: string; target: string; secret?: string }>();
  const kind = Form.useWatch('kind', form) ?? 'mail';
  const add = useMutation({
    mutationFn: (values: { kind: string; target: string; secret?: string }) => post('/notify/channels', values),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['channels'] });
      onClose();
    },
  });
  return (
    <Modal open={isOpen} title={t('channel.add')} footer={null} onCancel={onClose} destroyOnHidden width={480}>
      <Form form={form} layout="vertical" initialValues={{ kind: 'mail' }} onFinish={(values) => add.mutate(values)}>
        {add.error && <ProblemView error={add.error} />}
        <Form.Item name="kind" label={t('channel.kind')}>
          <Radio.Group
            options={[
              { value: 'mail', label: t('channel_kind.mail') },
              { value: 'webhook', label: t('channel_kind.webhook') },
            ]}
          />
        </Form.Item>
        <Form.Item name="target" label={t(kind === 'mail' ? 'channel.address' : 'channel.url')} rules={[{ required: true, message: t('form.required') }]}>
          <Input placeholder={kind === 'mail' ? 'duty@example.com' : 'https://example.com/hook'} maxLength={500} />
        </Form.Item>
        {kind === 'webhook' && (
          <Form.Item name="secret" label={t('channel.secret')} extra={t('channel.secret_hint')} rules={[{ required: true, min: secret_min, max: secret_max, message: t('channel.secret_rule') }]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={add.isPending}>
          {t('channel.add')}
        </Button>
      </Form>
    </Modal>
  );
}

function Channels({ rows }: { rows: Channel[] }) {
  const { t, lang, word } = useLang();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['channels'] });
    void client.invalidateQueries({ queryKey: ['outbox'] });
  };
  const say = (error: unknown) => void message.error(error instanceof Problem ? error.text(lang) : String(error));
  const flip = useMutation({ mutationFn: (one: Channel) => call('PUT', `/notify/channels/${one.id}`, { is_on: !one.is_on }), onSuccess: refresh, onError: say });
  const attempt = useMutation({
    mutationFn: (one: Channel) => post(`/notify/channels/${one.id}/test`),
    onSuccess: () => {
      refresh();
      void message.success(t('channel.tried'));
    },
    onError: say,
  });
  const remove = (one: Channel) =>
    modal.confirm({
      title: t('channel.remove_ask', { target: one.target }),
      content: t('channel.remove_what'),
      okText: t('row.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => call('DELETE', `/notify/channels/${one.id}`).then(refresh, say),
    });
  if (rows.length === 0) return <Nothing what={t('channel.none')} hint={t('channel.none_hint')} />;
  return (
    <div className="wide">
      <table className="rows">
        <caption className="vh">{t('nav.channels')}</caption>
        <thead>
          <tr>
            {(['channel.kind', 'channel.target', 'channel.on', 'channel.state'] as const).map((key) => (
              <th scope="col" key={key}>
                {t(key)}
              </th>
            ))}
            <th scope="col">{t('channel.do')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <td>{word('channel_kind', one.kind)}</td>
              <td className="mono">{one.target}</td>
              <td>
                <Switch checked={one.is_on} loading={flip.isPending && flip.variables?.id === one.id} aria-label={`${t('channel.on')} ${one.target}`} onChange={() => flip.mutate(one)} />
              </td>
              <td className="num">
                {t('channel.waiting', { n: one.waiting })}
                {one.failed > 0 && <span className="mark c-overdue"> {t('channel.failed', { n: one.failed })}</span>}
              </td>
              <td>
                <Space>
                  <Button size="small" disabled={!one.is_on} loading={attempt.isPending && attempt.variables?.id === one.id} onClick={() => attempt.mutate(one)}>
                    {t('channel.try')}
                  </Button>
                  <Button size="small" danger onClick={() => remove(one)}>
                    {t('row.delete')}
                  </Button>
                </Space>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MailServer() {
  const { t } = useLang();
  const { message } = App.useApp();
  const client = useQueryClient();
  const mail = useQuery({ queryKey: ['mail'], queryFn: ({ signal }) => get<Mail>('/notify/mail', undefined, signal) });
  const save = useMutation({
    mutationFn: ({ password, ...values }: { url?: string; user?: string; from?: string; password?: string }) => call('PUT', '/notify/mail', { url: values.url ?? '', user: values.user ?? '', from: values.from ?? '', ...(password ? { password } : {}) }),
    onSuccess: () => {
      void message.success(t('row.saved'));
      void client.invalidateQueries({ queryKey: ['mail'] });
    },
  });
  return (
    <Box title={t('mail.title')}>
      <Loaded of={mail}>
        {(now) => (
          <Form className="narrow" layout="vertical" initialValues={now} onFinish={(values) => save.mutate(values)}>
            {save.error && <ProblemView error={save.error} />}
            <Form.Item name="url" label={t('mail.url')} extra={t('mail.url_hint')}>
              <Input placeholder="smtps://mail.example.com:465" />
            </Form.Item>
            <Form.Item name="from" label={t('mail.from')}>
              <Input placeholder="zhuji@example.com" />
            </Form.Item>
            <Form.Item name="user" label={t('mail.user')}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="password" label={t('mail.password')} extra={now.has_password ? t('mail.password_kept') : undefined}>
              <Input.Password autoComplete="new-password" />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Form>
        )}
      </Loaded>
    </Box>
  );
}

function Outbox({ channels }: { channels: Channel[] }) {
  const { t, word } = useLang();
  const outbox = useQuery({ queryKey: ['outbox'], queryFn: ({ signal }) => get<Page<Message>>('/notify/outbox', undefined, signal), refetchInterval: refresh_ms });
  return (
    <Box bare title={t('outbox.title')}>
      <Loaded of={outbox}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Nothing what={t('outbox.none')} />
          ) : (
            <div className="wide">
              <table className="rows">
                <caption className="vh">{t('outbox.title')}</caption>
                <thead>
                  <tr>
                    {(['outbox.at', 'outbox.subject', 'channel.target', 'channel.state', 'outbox.tries', 'outbox.receipt'] as const).map((key) => (
                      <th scope="col" key={key}>
                        {t(key)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((one) => (
                    <tr key={one.id}>
                      <td className="num nowrap">{fmtTime(one.created_at, false)}</td>
                      <td>{one.subject}</td>
                      <td className="mono">{channels.find((channel) => channel.id === one.channel)?.target}</td>
                      <td>
                        <Tag color={one.state === 'sent' ? 'success' : one.state === 'failed' ? 'error' : undefined}>{word('outbox_state', one.state)}</Tag>
                      </td>
                      <td className="num">{one.tries}</td>
                      <td>{one.receipt}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Box>
  );
}

export default function ChannelsPage() {
  const { t } = useLang();
  const user = useUser();
  const [isAdding, setAdding] = useState(false);
  const channels = useQuery({ queryKey: ['channels'], queryFn: ({ signal }) => get<Page<Channel>>('/notify/channels', undefined, signal), refetchInterval: refresh_ms });
  return (
    <>
      <Head
        title={t('nav.channels')}
        sub={t('channel.sub')}
        asOf={channels.dataUpdatedAt}
        extra={
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
            {t('channel.add')}
          </Button>
        }
      />
      <Loaded of={channels}>
        {({ rows }) => (
          <div className="stack">
            <Box bare title={t('nav.channels')}>
              <Channels rows={rows} />
            </Box>
            {!user.org && <MailServer />}
            <Outbox channels={rows} />
          </div>
        )}
      </Loaded>
      <Add isOpen={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}
