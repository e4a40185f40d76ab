/* One action on many cases: what may be done with the chosen ones, told case by case. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, get, Problem } from '../../api';
import { useLang } from '../../i18n';
import { refreshRows } from '../../session';
import { useComeBack } from '../../ui/comeBack';
import { Shape } from '../../ui/Marks';
import { Loaded } from '../../ui/Page';
import { useWorkTypes } from '../../work/hooks';
import type { Case, CaseDetail, WorkAction } from '../../work/types';

interface Option {
  name: string;
  label: string;
  /** The chosen cases with which it may be done now. */
  cases: CaseDetail[];
  actions: WorkAction[];
}

interface Outcome {
  one: Case;
  /** What was done with it, or why nothing. */
  done?: string;
  why?: string;
}

function useOptions(details: CaseDetail[]): Option[] {
  const { pick } = useLang();
  const types = useWorkTypes().data ?? [];
  const options = new Map<string, Option>();
  for (const detail of details)
    for (const action of detail.may) {
      if (action.is_for_one || action.blocked) continue;
      // the states that a case can be returned to are its kind's own
      const kind = action.name === 'return' ? pick(types.find((type) => type.name === detail.case.type)) : '';
      const label = `${pick(action, action.name)}${kind && ` ${kind}`}`;
      const key = `${action.name} ${label}`;
      const option = options.get(key) ?? { name: key, label, cases: [], actions: [] };
      option.cases.push(detail);
      option.actions.push(action);
      options.set(key, option);
    }
  // the steps of the cases' own come before what can be done with any
  const isCommon = (option: Option) => option.actions[0]?.is_common === true;
  return [...options.values()].sort((a, b) => Number(isCommon(a)) - Number(isCommon(b)) || b.cases.length - a.cases.length);
}

/** What all of the actions may lead to. */
const sharedTargets = (actions: WorkAction[]): string[] => (actions[0]?.targets ?? []).filter((target) => actions.every((action) => action.targets?.includes(target)));

interface Answer {
  rows: { id: number; is_done: boolean; why?: string }[];
}

function useRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ option, comment, to }: { option: Option; comment?: string; to?: string }): Promise<Outcome[]> => {
      const cases = option.cases.map(({ case: one }) => one);
      const body = { action: option.actions[0]?.name, cases: cases.map(({ id, version }) => ({ id, version })), comment, to };
      const { rows } = await call<Answer>('POST', '/work/cases/actions', body, undefined, { 'Idempotency-Key': crypto.randomUUID() });
      return cases.map((one) => {
        const answer = rows.find((row) => row.id === one.id);
        return { one, done: answer?.is_done ? option.label : undefined, why: answer?.why };
      });
    },
    onSuccess: () => refreshRows(client),
  });
}

function Outcomes({ outcomes }: { outcomes: Outcome[] }) {
  const { t } = useLang();
  const failed = outcomes.filter((one) => !one.done).length;
  return (
    <div className="stack">
      <Alert type={failed > 0 ? 'warning' : 'success'} showIcon role="status" title={t('bulk.acted', { n: outcomes.length - failed, failed })} />
      <table className="rows">
        <caption className="vh">{t('bulk.outcomes')}</caption>
        <tbody>
          {outcomes.map(({ one, done, why }) => (
            <tr key={one.id}>
              <th scope="row">
                <Link to={`/cases/${one.id}`}>{one.title || one.subject}</Link>
              </th>
              <td>
                <span className={`mark c-${done ? 'met' : 'overdue'}`}>
                  <Shape kind={done ? 'met' : 'overdue'} />
                  {done ?? why}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Values {
  action?: string;
  to?: string;
  comment?: string;
}

function Choose({ details, onClose }: { details: CaseDetail[]; onClose: () => void }) {
  const { t, pick, word, lang } = useLang();
  const types = useWorkTypes().data ?? [];
  const [form] = Form.useForm<Values>();
  const options = useOptions(details);
  const run = useRun();
  const wanted = Form.useWatch('action', form);
  const option = options.find((one) => one.name === wanted) ?? options[0];
  if (run.data) return <Outcomes outcomes={run.data} />;
  if (!option) return <Alert type="info" showIcon role="status" title={t('bulk.no_action')} />;
  const needs = (what: 'comment' | 'to') => option.actions.some((action) => action.needs.includes(what));
  const type = types.find((one) => one.name === option.cases[0]?.case.type);
  const targets = sharedTargets(option.actions).map((name) => {
    const state = type?.states.find((one) => one.name === name);
    return { value: name, label: state ? pick(state, name) : word('side', name) };
  });
  const required = [{ required: true, whitespace: true, message: t('form.required') }];
  return (
    <Form form={form} name="bulk-act" layout="vertical" initialValues={{ action: option.name }} onFinish={({ comment, to }) => run.mutate({ option, comment: comment?.trim() || undefined, to: to?.trim() || undefined })}>
      <Form.Item name="action" label={t('bulk.action')}>
        <Select options={options.map((one) => ({ value: one.name, label: t('bulk.action_of', { action: one.label, n: one.cases.length, all: details.length }) }))} onChange={() => form.setFieldValue('to', undefined)} />
      </Form.Item>
      {option.cases.length < details.length && <p className="soft">{t('bulk.left_out', { what: details.filter((one) => !option.cases.includes(one)).map((one) => one.case.title || one.case.subject).join(t('common.list')) })}</p>}
      {needs('to') && (
        <Form.Item name="to" label={t(targets.length > 0 ? 'case.to' : 'case.to_login')} rules={required}>
          {targets.length > 0 ? <Select options={targets} /> : <Input autoComplete="off" />}
        </Form.Item>
      )}
      <Form.Item name="comment" label={t('case.opinion')} rules={needs('comment') ? required : undefined}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} showCount />
      </Form.Item>
      {run.error && <Alert type="error" showIcon role="alert" title={run.error instanceof Problem ? run.error.text(lang) : String(run.error)} />}
      <Space>
        <Button type="primary" htmlType="submit" loading={run.isPending}>
          {t('bulk.act_on', { action: option.label, n: option.cases.length })}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </Space>
    </Form>
  );
}

function Dialog({ cases, onClose }: { cases: Case[]; onClose: () => void }) {
  const { t } = useLang();
  useComeBack();
  const details = useQuery({
    queryKey: ['bulk', ...cases.map((one) => one.id)],
    queryFn: ({ signal }) => Promise.all(cases.map((one) => get<CaseDetail>(`/work/cases/${one.id}`, undefined, signal))),
    // what was begun with stays while it is done
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Modal open title={t('bulk.act_title', { n: cases.length })} footer={null} onCancel={onClose} width={640} destroyOnHidden>
      <Loaded of={details}>{(all) => <Choose details={all} onClose={onClose} />}</Loaded>
    </Modal>
  );
}

/** The results stay to be read where what was done takes the cases out of the list. */
export function BulkActs({ cases, onDone }: { cases: Case[]; onDone: () => void }) {
  const { t } = useLang();
  const [open, setOpen] = useState<Case[] | null>(null);
  return (
    <>
      {cases.length > 0 && (
        <Space>
          <span role="status">{t('bulk.chosen', { n: cases.length })}</span>
          <Button size="small" type="primary" onClick={() => setOpen(cases)}>
            {t('bulk.act')}
          </Button>
          <Button size="small" type="text" onClick={onDone}>
            {t('bulk.none')}
          </Button>
        </Space>
      )}
      {open && (
        <Dialog
          cases={open}
          onClose={() => {
            setOpen(null);
            onDone();
          }}
        />
      )}
    </>
  );
}
