/* Change of one's own password: in a dialog, and before anything else at the first login. */
import { Alert, App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../api';
import { useLang } from '../i18n';
import { useSession } from '../session';
import { ProblemView } from '../ui/Page';

export const password_chars_min = 10;

export function PasswordForm({ isFirst, onDone }: { isFirst?: boolean; onDone: () => void }) {
  const { t } = useLang();
  const { message } = App.useApp();
  const { refresh } = useSession();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  const save = async (values: { old: string; new: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      await post('/me/password', { old: values.old, new: values.new });
      void message.success(t('password.done'));
      refresh();
      onDone();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(values: { old: string; new: string }) => void save(values)}>
      {isFirst && <Alert type="info" showIcon title={t('password.first')} style={{ marginBottom: 14 }} />}
      {problem !== null && (
        <div style={{ marginBottom: 14 }}>
          <ProblemView error={problem} />
        </div>
      )}
      <Form.Item name="old" label={t(isFirst ? 'password.one_time' : 'password.old')} rules={[{ required: true, message: t('form.required') }]}>
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Form.Item
        name="new"
        label={t('password.new')}
        extra={t('password.rule', { n: password_chars_min })}
        rules={[{ required: true, min: password_chars_min, message: t('password.rule', { n: password_chars_min }) }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('password.again')}
        dependencies={['new']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue('new') ? Promise.resolve() : Promise.reject(new Error(t('password.differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={isBusy} block>
        {t('password.save')}
      </Button>
    </Form>
  );
}

export function PasswordDialog({ isOpen, onDone }: { isOpen: boolean; onDone: () => void }) {
  const { t } = useLang();
  return (
    <Modal open={isOpen} title={t('top.password')} footer={null} onCancel={onDone} destroyOnHidden width={380}>
      <PasswordForm onDone={onDone} />
    </Modal>
  );
}
