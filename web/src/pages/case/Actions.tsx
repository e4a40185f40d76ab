/* What may be done with a case now: a button each, and a dialog for what the action needs. */
import { App, Button, Form, Input, Modal, Radio, Select, Space } from 'antd';
import { useRef, useState } from 'react';
import { Control } from '../../form/Control';
import { faultsOf, showFaults } from '../../form/Fields';
import { formToRow, rowToForm } from '../../form/values';
import type { Values } from '../../form/values';
import { useLang } from '../../i18n';
import type { Register } from '../../types';
import { ProblemView } from '../../ui/Page';
import { useAct } from '../../work/hooks';
import type { Deed } from '../../work/hooks';
import type { CaseDetail, WorkAction, WorkType } from '../../work/types';

interface Props {
  detail: CaseDetail;
  type: WorkType;
  register: Register | undefined;
  /** States in which the case has been: it can be returned to them. */
  visited: string[];
  /** Saves what was typed before anything is done; false: it could not be saved. */
  saveFirst: () => Promise<number | undefined | false>;
}

/** Where an action may lead: states for a return; for people and sides a login or side is asked. */
function useTargets(action: WorkAction, { detail, type, visited }: Props) {
  const { pick, word } = useLang();
  const names =
    action.targets ??
    (action.name === 'return'
      ? [...new Set(visited)].filter((name) => name !== detail.case.state)
      : action.name === 'copy'
        ? ['company', 'bureau'].filter((side) => side !== detail.case.side)
        : []);
  return names.map((name) => {
    const state = type.states.find((one) => one.name === name);
    return { value: name, label: state ? pick(state, name) : word('side', name) };
  });
}

function Dialog(props: Props & { action: WorkAction; onClose: () => void }) {
  const { detail, action, register, saveFirst, onClose } = props;
  const { t, pick, lang } = useLang();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const act = useAct(detail.case.id);
  const key = useRef(crypto.randomUUID());
  const fields = (register?.fields ?? []).filter((field) => action.fields.includes(field.name));
  const targets = useTargets(action, props);
  const needs = (what: WorkAction['needs'][number]) => action.needs.includes(what);
  const [isSaving, setSaving] = useState(false);

  const finish = async (values: Values) => {
    setSaving(true);
    const version = await saveFirst().finally(() => setSaving(false));
    if (version === false) {
      onClose();
      return;
    }
    const text = (name: string) => (values[name] ? String(values[name]).trim() : undefined);
    const deed: Deed = { action: action.name, version: version ?? detail.case.version, comment: text('$comment'), to: text('$to') };
    if (needs('sign')) deed.verdict = values['$verdict'] === 'refuse' ? 'refuse' : 'agree';
    if (fields.length > 0) deed.fields = formToRow(fields, values, null);
    act.mutate(
      { deed, key: key.current },
      {
        onSuccess: () => {
          void message.success(t('case.acted', { action: pick(action, action.name) }));
          onClose();
        },
        onError: (error) => {
          key.current = crypto.randomUUID();
          showFaults(form, fields, faultsOf(error), lang);
        },
      },
    );
  };

  const required = [{ required: true, message: t('form.required') }];
  return (
    <Modal
      open
      title={pick(action, action.name)}
      okText={pick(action, action.name)}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger: action.name === 'discard' }}
      confirmLoading={act.isPending || isSaving}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form form={form} name="deed" layout="vertical" initialValues={{ ...rowToForm(fields, detail.fields), $verdict: 'agree' }} onFinish={(values) => void finish(values)}>
        {act.error && (
          <div className="gap-below">
            <ProblemView error={act.error} />
          </div>
        )}
        {needs('sign') && (
          <Form.Item name="$verdict" label={t('case.verdict')}>
            <Radio.Group
              options={[
                { value: 'agree', label: t('verdict.agree') },
                { value: 'refuse', label: t('verdict.refuse') },
              ]}
            />
          </Form.Item>
        )}
        {needs('to') && (
          <Form.Item name="$to" label={t(targets.length > 0 ? 'case.to' : 'case.to_login')} rules={required}>
            {targets.length > 0 ? <Select options={targets} /> : <Input autoComplete="off" />}
          </Form.Item>
        )}
        {fields.map((field) => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={pick(field, field.name)}
            extra={pick({ zh: field.help_zh, en: field.help_en }) || undefined}
            rules={action.required?.includes(field.name) ? required : undefined}
          >
            <Control field={field} />
          </Form.Item>
        ))}
        <Form.Item name="$comment" label={t('case.opinion')} rules={needs('comment') ? required : undefined}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} showCount />
        </Form.Item>
        {needs('file') && (detail.files ?? 0) === 0 && <p className="soft">{t('case.needs_file')}</p>}
      </Form>
    </Modal>
  );
}

export function Actions(props: Props) {
  const { detail } = props;
  const { t, pick } = useLang();
  const [chosen, setChosen] = useState<WorkAction | null>(null);
  const own = detail.may.filter((action) => !action.is_common);
  const actions = [...own, ...detail.may.filter((action) => action.is_common)];
  const first = own.find((action) => !action.blocked);
  return (
    <div className="deeds">
      <Space wrap>
        {actions.map((action) => (
          <Button key={action.name} type={action === first ? 'primary' : 'default'} danger={action.name === 'discard'} disabled={Boolean(action.blocked)} onClick={() => setChosen(action)}>
            {pick(action, action.name)}
          </Button>
        ))}
      </Space>
      <ul className="blocked">
        {actions
          .filter((action) => action.blocked)
          .map((action) => (
            <li key={action.name}>
              {pick(action, action.name)}
              {t('common.colon')}
              {action.blocked}
            </li>
          ))}
      </ul>
      {chosen && <Dialog {...props} action={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}
