/* What a person says of columns, one or many: accept, correct or reject. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { post } from '../api';
import { useLang } from '../i18n';
import { useComeBack } from '../ui/comeBack';
import { ProblemView } from '../ui/Page';
import { grades, useDataTypes, useTypeName } from './parts';
import type { DataColumn } from './parts';

interface Decision {
  verdict: 'accept' | 'correct' | 'reject';
  type?: string;
  grade?: string;
  reason?: string;
}

function DecisionDialog({ verdict, count, onDecide, onClose, error, isBusy }: { verdict: 'correct' | 'reject'; count: number; onDecide: (decision: Decision) => void; onClose: () => void; error: unknown; isBusy: boolean }) {
  const { t, word } = useLang();
  useComeBack();
  const known = useDataTypes().data;
  const { pick } = useLang();
  const typeName = useTypeName();
  const gradeOf = (name: string) => [...(known?.rows ?? []), ...(known?.classes ?? [])].find((one) => one.name === name)?.grade;
  const [form] = Form.useForm<{ type?: string; grade?: string; reason: string }>();
  return (
    <Modal open title={t(`review.${verdict}_title`, { n: count })} onCancel={onClose} onOk={() => form.submit()} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={isBusy} destroyOnHidden>
      <Form form={form} layout="vertical" onFinish={(values) => onDecide({ verdict, ...values })}>
        {verdict === 'correct' && (
          <>
            <Form.Item name="type" label={t('review.type_or_class')} rules={[{ required: true, message: t('review.type_needed') }]}>
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                options={[
                  { label: t('review.types'), title: t('review.types'), options: (known?.rows ?? []).map((one) => ({ value: one.name, label: `${typeName(one.name)} (${one.category})` })) },
                  { label: t('review.classes'), title: t('review.classes'), options: (known?.classes ?? []).map((one) => ({ value: one.name, label: `${one.name} ${pick(one)}` })) },
                ]}
                onChange={(name: string) => form.setFieldValue('grade', gradeOf(name))}
              />
            </Form.Item>
            <Form.Item name="grade" label={t('data.grade')}>
              <Select options={grades.map((name) => ({ value: name, label: word('grade', name) }))} />
            </Form.Item>
          </>
        )}
        <Form.Item name="reason" label={t('review.reason')} rules={[{ required: true, whitespace: true, message: t('review.reason_needed') }]}>
          <Input.TextArea rows={3} maxLength={300} />
        </Form.Item>
      </Form>
      {error ? <ProblemView error={error} /> : null}
    </Modal>
  );
}

/** The buttons for the chosen columns, their dialogs, and what went wrong. */
export function useDecide(chosen: DataColumn[], onDone: () => void): { bar: ReactNode; dialogs: ReactNode; problem: ReactNode } {
  const { t } = useLang();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<'correct' | 'reject' | null>(null);
  const decide = useMutation({
    mutationFn: (decision: Decision) => post<{ changed: number; next?: number; stale?: number }>('/inventory/verdicts', { ids: chosen.map((row) => row.id), seen: chosen.map((row) => ({ type: row.type, grade: row.grade })), ...decision }),
    onSuccess: ({ changed, next = 0, stale = 0 }) => {
      if (stale > 0) void message.warning(t('review.stale', { n: stale }), 8);
      if (changed > 0) void message.success(t('review.done', { n: changed }));
      if (next > 0) void message.info(t('review.next', { n: next }), 8);
      onDone();
      setDialog(null);
      void client.invalidateQueries();
    },
  });
  const isNone = chosen.length === 0;
  return {
    bar: (
      <>
        {!isNone && <span role="status">{t('review.chosen', { n: chosen.length })}</span>}
        <Button type="primary" disabled={isNone} loading={decide.isPending && !dialog} onClick={() => decide.mutate({ verdict: 'accept' })}>
          {t('review.accept')}
        </Button>
        <Button disabled={isNone} onClick={() => setDialog('correct')}>
          {t('review.correct')}
        </Button>
        <Button danger disabled={isNone} onClick={() => setDialog('reject')}>
          {t('review.reject')}
        </Button>
      </>
    ),
    dialogs: dialog && <DecisionDialog verdict={dialog} count={chosen.length} onDecide={(decision) => decide.mutate(decision)} onClose={() => setDialog(null)} error={decide.error} isBusy={decide.isPending} />,
    problem: decide.error && !dialog ? <ProblemView error={decide.error} /> : null,
  };
}
