/* What may be done with a case now: a button each, and a dialog for what the action needs. */
import { Alert, App, Button, Checkbox, Form, Input, Modal, Radio, Select, Space } from 'antd';
import { useRef, useState } from 'react';
import { Problem } from '../../api';
import { Control } from '../../form/Control';
import { faultsOf, showFaults } from '../../form/Fields';
import { formToRow, isEmpty, rowToForm } from '../../form/values';
import type { Values } from '../../form/values';
import { Link } from 'react-router';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import type { Field, Register } from '../../types';
import { fmtInt } from '../../format';
import { useComeBack } from '../../ui/comeBack';
import { ProblemView } from '../../ui/Page';
import { useRegisters } from '../../ui/registers';
import { useAct, useAsked, useWorkTypes } from '../../work/hooks';
import { lackUrl } from '../../work/lack';
import { isEnding } from '../../work/graph';
import type { Deed } from '../../work/hooks';
import type { CaseDetail, Lack, WorkAction, WorkType } from '../../work/types';

interface Props {
  detail: CaseDetail;
  type: WorkType;
  register: Register | undefined;
  /** States in which the case has been: it can be returned to them. */
  visited: string[];
  /** Saves what was typed before anything is done; false: it could not be saved. */
  saveFirst: () => Promise<number | undefined | false>;
  goToField: (field: string) => void;
  /** What was typed in the form and not saved. */
  typed: () => Values | undefined;
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

/** What the dialog begins with: what was typed, else what stands, else what the rules propose. */
function valuesOf(fields: Field[], detail: CaseDetail, typed: Values | undefined): Values {
  const stored = rowToForm(fields, detail.fields);
  const proposed = rowToForm(fields, detail.proposed ?? null);
  return Object.fromEntries(
    fields.map(({ name }) => {
      const own = typed && name in typed ? typed[name] : stored[name];
      return [name, isEmpty(own) ? proposed[name] : own];
    }),
  );
}

/** What the rules propose for a field, and the numbers of the form it rests on. */
function Reason({ field, fields, detail }: { field: Field; fields: Field[]; detail: CaseDetail }) {
  const { t, pick } = useLang();
  const proposed = detail.proposed?.[field.name];
  if (isEmpty(proposed)) return null;
  const grade = pick(field.values?.find((value) => value.name === String(proposed)), String(proposed));
  const shown = fields.flatMap((one) => {
    const value = detail.fields[one.name];
    if (one.values?.length || isEmpty(value)) return [];
    if (one.type === 'int') return [`${pick(one, one.name)} ${fmtInt(value)}`];
    return one.type === 'bool' && (value === true || value === 1 || value === 'yes') ? [pick(one, one.name)] : [];
  });
  return (
    <div>
      {t('case.proposed', { grade })}
      {shown.length > 0 && ` ${t('case.proposed_by', { what: shown.join(t('common.comma')) })}`}
      {field.clause && <div className="clause">{field.clause}</div>}
    </div>
  );
}

/** Names what ends, and wants it said again. */
function Ending({ action, detail, type }: { action: WorkAction; detail: CaseDetail; type: WorkType }) {
  const { t, pick } = useLang();
  const title = detail.case.title || detail.case.subject;
  const what = title.startsWith(pick(type)) ? title : `${pick(type)} ${title}`;
  const state = type.states.find((one) => one.name === action.to);
  return (
    <>
      <Alert
        className="gap-below"
        type="error"
        showIcon
        role="alert"
        title={state ? t(state.is_final ? 'case.ends' : 'case.asks_end', { action: pick(action, action.name), what, state: pick(state, state.name) }) : t('case.ends_draft', { what })}
      />
      <Form.Item name="$sure" valuePropName="checked" rules={[{ validator: (_, value) => (value ? Promise.resolve() : Promise.reject(new Error(t('case.sure_needed')))) }]}>
        <Checkbox>{t('case.sure', { action: pick(action, action.name), what })}</Checkbox>
      </Form.Item>
    </>
  );
}

function Dialog(props: Props & { action: WorkAction; onClose: () => void }) {
  const { detail, action, type, register, saveFirst, typed, goToField, onClose } = props;
  const { t, pick, lang } = useLang();
  const { message } = App.useApp();
  useComeBack();
  const [form] = Form.useForm<Values>();
  const act = useAct(detail.case.id);
  const key = useRef(crypto.randomUUID());
  const fields = (register?.fields ?? []).filter((field) => action.fields.includes(field.name));
  const targets = useTargets(action, props);
  const needs = (what: WorkAction['needs'][number]) => action.needs.includes(what);
  const [isSaving, setSaving] = useState(false);
  const [initial] = useState<Values>(() => ({ ...valuesOf(fields, detail, typed()), $verdict: 'agree' }));
  const ends = isEnding(type, detail.case.state, action);
  const leave = (field: string) => {
    onClose();
    goToField(field);
  };

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
      okButtonProps={{ danger: ends }}
      confirmLoading={act.isPending || isSaving}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form form={form} name="deed" layout="vertical" initialValues={initial} onFinish={(values) => void finish(values)}>
        {act.error && (
          <div className="gap-below">
            <ProblemView error={act.error} />
            {act.error instanceof Problem && <LackLink lack={act.error.body.link} detail={detail} goToField={leave} />}
          </div>
        )}
        {ends && <Ending action={action} detail={detail} type={type} />}
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
            extra={isEmpty(detail.proposed?.[field.name]) ? pick({ zh: field.help_zh, en: field.help_en }) || undefined : <Reason field={field} fields={fields} detail={detail} />}
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

/** To what is lacking: a field of this form, or a row elsewhere. */
function LackLink({ lack, detail, goToField }: { lack?: Lack | null; detail: CaseDetail; goToField: (field: string) => void }) {
  const { t, pick } = useLang();
  const user = useUser();
  const types = useWorkTypes().data ?? [];
  const registers = useRegisters().data?.rows ?? [];
  if (!lack) return null;
  const register = registers.find((one) => one.name === lack.register);
  const name = pick(register?.fields.find((one) => one.name === lack.field), pick(register, lack.register));
  const type = types.find((one) => one.register === lack.register);
  if (lack.field && type?.name === detail.case.type && (!lack.id || lack.id === detail.case.row_id) && !lack.is_new) {
    const { field } = lack;
    return (
      <button type="button" className="link" onClick={() => goToField(field)}>
        {t('case.lack_field', { field: name })}
      </button>
    );
  }
  return <Link to={lackUrl({ ...lack, org: user.sees_all ? lack.org : undefined }, type?.name)}>{t(lack.is_new ? 'case.lack_new' : 'case.lack_row', { what: [pick(register, lack.register), lack.key, lack.field ? name : ''].filter(Boolean).join(' ') })}</Link>;
}

export function Actions(props: Props) {
  const { detail, type, goToField } = props;
  const { t, pick } = useLang();
  const [chosen, setChosen] = useState<WorkAction | null>(null);
  const asked = useAsked()(detail.case.id)?.actions.split(' ') ?? [];
  // what a clock asks for comes before the case's other steps, those before what can be done with any case
  const rank = (action: WorkAction) => (action.is_common ? 2 : asked.includes(action.name) ? 0 : 1);
  const actions = [...detail.may].sort((one, other) => rank(one) - rank(other));
  const ends = (action: WorkAction) => isEnding(type, detail.case.state, action);
  // The step ahead stays the first even while something is missing for it: nothing else takes its place.
  const first = actions.find((action) => !action.is_common && !ends(action));
  return (
    <div className="deeds">
      <Space wrap>
        {actions.map((action) => (
          <Button key={action.name} type={action === first ? 'primary' : 'default'} danger={ends(action)} disabled={Boolean(action.blocked)} onClick={() => setChosen(action)}>
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
              {action.blocked} <LackLink lack={action.blocked_link} detail={detail} goToField={goToField} />
            </li>
          ))}
      </ul>
      {chosen && <Dialog {...props} action={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}
