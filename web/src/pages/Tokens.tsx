/* One's own tokens for programs: made and shown once, listed, ended. */
import { CopyOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { call, get, post, Problem } from '../api';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { copyText } from '../ui/copy';
import { Box, Head, Loaded, Nothing, ProblemView } from '../ui/Page';

type Scope = 'read' | 'write' | 'ingest';
interface Token {
  id: number;
  name: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string;
  last_used: string | null;
}
interface Wish {
  name: string;
  scopes: Scope[];
  days: number;
}
const scopes: Scope[] = ['read', 'write', 'ingest'];
const lives = [30, 90, 365, 1095];
const address = '/me/tokens';
const queryKey = ['tokens'];

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useLang();
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(token)) void message.success(t('copy.done'));
    else void message.warning(t('copy.failed'));
  };
  return (
    <div className="stack">
      <Alert type="success" showIcon role="status" title={t('tokens.made')} description={t('tokens.use')} />
      <strong className="mono secret">{token}</strong>
      <Button icon={<CopyOutlined aria-hidden />} onClick={() => void copy()} block>
        {t('copy.do')}
      </Button>
      <Button type="primary" block onClick={onClose}>
        {t('common.done')}
      </Button>
    </div>
  );
}

function Create({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useLang();
  const user = useUser();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (wish: Wish) => post<{ token: string }>(address, wish),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  const close = () => {
    create.reset();
    onClose();
  };
  return (
    <Modal open={isOpen} title={t('tokens.add')} footer={null} onCancel={close} mask={{ closable: false }} destroyOnHidden width={480}>
      {create.data ? (
        <Made token={create.data.token} onClose={close} />
      ) : (
        <Form<Wish> layout="vertical" initialValues={{ scopes: ['read'], days: 365 }} onFinish={(wish) => create.mutate(wish)}>
          {create.error && (
            <div style={{ marginBottom: 14 }}>
              <ProblemView error={create.error} />
            </div>
          )}
          <Form.Item name="name" label={t('tokens.name')} extra={t('tokens.name_hint')} rules={[{ required: true, whitespace: true, message: t('form.required') }]}>
            <Input autoComplete="off" maxLength={60} />
          </Form.Item>
          <Form.Item name="scopes" label={t('tokens.scopes')} rules={[{ required: true, message: t('form.required') }]}>
            <Checkbox.Group options={scopes.map((scope) => ({ value: scope, label: t(`token_scope.${scope}`), disabled: scope !== 'read' && !user.may_write }))} />
          </Form.Item>
          <Form.Item name="days" label={t('tokens.days')}>
            <Select options={lives.map((days) => ({ value: days, label: t('tokens.in_days', { n: days }) }))} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={create.isPending} block>
            {t('tokens.add')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

function List({ rows }: { rows: Token[] }) {
  const { t, lang, word } = useLang();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const end = (token: Token) =>
    modal.confirm({
      title: t('tokens.end_ask', { name: token.name }),
      content: t('tokens.end_what'),
      okText: t('tokens.end'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () =>
        call('DELETE', `${address}/${token.id}`).then(
          () => client.invalidateQueries({ queryKey }),
          (error: unknown) => void message.error(error instanceof Problem ? error.text(lang) : String(error)),
        ),
    });
  if (rows.length === 0) return <Nothing what={t('tokens.none')} hint={t('tokens.none_hint')} />;
  return (
    <div className="wide">
      <table className="rows">
        <caption className="vh">{t('tokens.title')}</caption>
        <thead>
          <tr>
            {['name', 'scopes', 'created_at', 'last_used', 'expires_at'].map((name) => (
              <th scope="col" key={name}>
                {t(`tokens.${name}`)}
              </th>
            ))}
            <th scope="col">{t('users.do')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td>
              <td>{token.scopes.map((scope) => word('token_scope', scope)).join(' · ')}</td>
              <td className="num">{fmtTime(token.created_at, false)}</td>
              <td className="num">{fmtTime(token.last_used, false) || t('tokens.never')}</td>
              <td className="num">{fmtTime(token.expires_at, false)}</td>
              <td>
                <Button size="small" danger aria-label={`${t('tokens.end')} ${token.name}`} onClick={() => end(token)}>
                  {t('tokens.end')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function Tokens() {
  const { t } = useLang();
  const [isOpen, setOpen] = useState(false);
  const tokens = useQuery({ queryKey, queryFn: ({ signal }) => get<Page<Token>>(address, undefined, signal) });
  return (
    <>
      <Head
        title={t('tokens.title')}
        sub={t('tokens.sub')}
        asOf={tokens.dataUpdatedAt}
        extra={
          <>
            <a href="/api/openapi.json" target="_blank" rel="noreferrer">
              {t('tokens.document')}
            </a>
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen(true)}>
              {t('tokens.add')}
            </Button>
          </>
        }
      />
      <Box bare>
        <Loaded of={tokens}>{(page) => <List rows={page.rows} />}</Loaded>
      </Box>
      <Create isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
