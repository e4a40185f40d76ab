/* The form of a case for whose turn it is: what he may change is open, all else is shown; any field can be
 * remarked on. */
import { CommentOutlined } from '@ant-design/icons';
import { Alert, App, Button, Form, Space } from 'antd';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { Ref } from 'react';
import { useDraft } from '../../form/draft';
import { Fields, faultsOf, showFaults } from '../../form/Fields';
import { formToRow, isEmpty, rowToForm } from '../../form/values';
import type { Values } from '../../form/values';
import { useLang } from '../../i18n';
import type { Field, Register } from '../../types';
import { ProblemView } from '../../ui/Page';
import { useEdit } from '../../work/hooks';
import type { CaseDetail, Comment } from '../../work/types';
import { Thread } from './Comments';

export interface CaseFormHandle {
  /** Saves what was typed: the version since then; undefined where nothing was; false where it was refused. */
  save: () => Promise<number | undefined | false>;
  /** What stands in the form where something was typed. */
  typed: () => Values | undefined;
  goTo: (field: string) => void;
}

function Lacking({ detail, register, onGo }: { detail: CaseDetail; register: Register; onGo: (field: string) => void }) {
  const { t, lang, pick } = useLang();
  if (detail.faults.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      role="note"
      title={t('case.lacks', { n: detail.faults.length })}
      description={
        <ul className="faults">
          {detail.faults.map((fault, at) => {
            const field = register.fields.find((one) => one.name === fault.field);
            return (
              <li key={at}>
                {field ? (
                  <button type="button" className="link" onClick={() => onGo(field.name)}>
                    {pick(field, field.name)}
                  </button>
                ) : (
                  t('import.whole_row')
                )}
                {t('common.colon')}
                {(lang === 'zh' ? fault.zh : fault.en) ?? fault.en}
              </li>
            );
          })}
        </ul>
      }
    />
  );
}

interface Props {
  detail: CaseDetail;
  register: Register;
  comments: Comment[];
  ref: Ref<CaseFormHandle>;
}

export function CaseForm({ detail, register, comments, ref }: Props) {
  const { t, lang } = useLang();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const { id } = detail.case;
  const { fields } = register;
  const edit = useEdit(id);
  const [isDirty, setDirty] = useState(false);
  const typed = useRef(false);
  typed.current = isDirty;
  const [talk, setTalk] = useState<string | null>(null);
  const initial = useMemo(() => rowToForm(fields, detail.fields), [fields, detail.fields]);
  const editable = (field: Field) => (detail.edits ? detail.edits.includes(field.name) : !field.flags.includes('official'));
  const mine = fields.filter(editable);
  const draft = useDraft(`case.${id}`, form, mine, detail.fields, () => setDirty(true));

  useEffect(() => {
    if (!typed.current) form.setFieldsValue(initial);
  }, [form, initial]);

  const save = useCallback(async () => {
    if (!typed.current) return undefined;
    const values = await form.validateFields().catch(() => null);
    if (!values) return false;
    try {
      const saved = await edit.mutateAsync({ version: detail.case.version, fields: formToRow(mine, form.getFieldsValue(true), detail.fields) });
      setDirty(false);
      draft.forget();
      return saved?.case?.version;
    } catch (error) {
      showFaults(form, fields, faultsOf(error), lang);
      return false;
    }
  }, [form, edit, detail, mine, draft, fields, lang]);
  const goTo = useCallback((field: string) => form.scrollToField(field, { block: 'center', focus: true }), [form]);
  useImperativeHandle(ref, () => ({ save, goTo, typed: () => (typed.current ? (form.getFieldsValue(true) as Values) : undefined) }), [save, goTo, form]);

  const saveAndSay = async () => {
    if ((await save()) !== false) void message.success(t('row.saved'));
  };
  return (
    <Form
      form={form}
      layout="vertical"
      scrollToFirstError={{ block: 'center', focus: true }}
      onValuesChange={() => {
        setDirty(true);
        draft.changed();
      }}
      onFinish={() => void saveAndSay()}
    >
      <div className="stack">
        {draft.banner}
        {edit.error && <ProblemView error={edit.error} />}
        <Lacking detail={detail} register={register} onGo={goTo} />
        <Fields
          fields={fields.filter((field) => editable(field) || !isEmpty(detail.fields[field.name]))}
          isOld
          org={detail.case.org.code}
          isShut={(field) => !editable(field)}
          under={(field) => (
            <div className="notes">
              <button type="button" className="link remark" aria-expanded={talk === field.name} onClick={() => setTalk(talk === field.name ? null : field.name)}>
                <CommentOutlined aria-hidden /> {t('comment.on_field', { n: comments.filter((one) => one.field === field.name && !one.resolved_at).length })}
              </button>
              <Thread caseId={id} field={field.name} comments={comments} isOpen={talk === field.name} />
            </div>
          )}
        />
        <Space className="foot">
          <Button type="primary" ghost htmlType="submit" loading={edit.isPending} disabled={!isDirty}>
            {t('case.save')}
          </Button>
          {isDirty && <span className="soft">{t('row.dirty')}</span>}
        </Space>
      </div>
    </Form>
  );
}
