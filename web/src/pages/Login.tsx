import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { LangButton } from '../Shell';
import { post } from '../api';
import { useLang } from '../i18n';
import { useSession } from '../session';
import type { User } from '../types';
import { ProblemView } from '../ui/Page';
import { PasswordForm } from './Password';
import { endVisit } from './visit';

export function Login({ mustChange }: { mustChange?: boolean }) {
  const { t } = useLang();
  const { signedIn, refresh } = useSession();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t('login.title')} · ${t('app.name')}`;
  }, [t]);

  const login = async (values: { login: string; password: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      const { user } = await post<{ user: User }>('/login', values);
      endVisit(user.login);
      signedIn(user);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="login">
      <div className="left">
        <img src="/mark.svg" alt="" width="52" height="52" />
        <h1>{t('app.short')}</h1>
        <p>{t('login.lead')}</p>
        <dl>
          <dt>{t('noun.declaration')}</dt>
          <dd>{t('login.declaration')}</dd>
          <dt>{t('noun.observation')}</dt>
          <dd>{t('login.observation')}</dd>
          <dt>{t('noun.gap')}</dt>
          <dd>{t('login.gap')}</dd>
        </dl>
        <footer>{t('login.source')}</footer>
      </div>
      <main className="right">
        <LangButton />
        {mustChange ? (
          <div style={{ width: 320 }}>
            <h2>{t('top.password')}</h2>
            <PasswordForm isFirst onDone={refresh} />
          </div>
        ) : (
          <Form
            layout="vertical"
            size="large"
            requiredMark={false}
            onFinish={(values: { login: string; password: string }) => void login(values)}
          >
            <h2>{t('login.title')}</h2>
            {problem !== null && (
              <div style={{ marginBottom: 14 }}>
                <ProblemView error={problem} />
              </div>
            )}
            <Form.Item name="login" label={t('login.login')} rules={[{ required: true, message: t('form.required') }]}>
              <Input autoComplete="username" autoFocus />
            </Form.Item>
            <Form.Item name="password" label={t('login.password')} rules={[{ required: true, message: t('form.required') }]}>
              <Input.Password autoComplete="current-password" />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={isBusy} block>
              {t('login.go')}
            </Button>
          </Form>
        )}
      </main>
    </div>
  );
}
