/* The form of one register's row, new or old: made of the register's description. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Select, Space } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Problem, call, query } from '../../api';
import type { Fault } from '../../api';
import { useDraft } from '../../form/draft';
import { Fields, faultsOf, showFaults } from '../../form/Fields';
import { useNextCode } from '../../form/nextCode';
import { formToRow, rowToForm } from '../../form/values';
import type { Values } from '../../form/values';
import { useLang } from '../../i18n';
import { refreshRows, useUser } from '../../session';
import type { Register, Row } from '../../types';
import { FactLinks } from '../../ui/Cell';
import { useOrgs } from '../../ui/orgs';
import { ProblemView } from '../../ui/Page';

interface Saved extends Row {
  id?: number;
  warnings?: Fault[];
}

export function RowForm({ register, row }: { register: Register; row: Row | null }) {
  const { t, lang } = useLang();
  const { message } = App.useApp();
  const user = useUser();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const orgs = useOrgs();
  const [form] = Form.useForm<Values>();
  const [isDirty, setDirty] = useState(false);
  const typed = useRef(false);
  typed.current = isDirty;
  const [isMore, setMore] = useState(false);
  const { fields } = register;
  const initial = useMemo(() => rowToForm(fields, row ?? Object.fromEntries(params)), [fields, row, params]);
  const draft = useDraft(`${register.name}.${String(row?.['id'] ?? 'new')}`, form, fields, row, () => setDirty(true));

  // the version that stands in the form, which is older than the row's while something is typed
  const version = useRef(row?.['$etag']);
  useEffect(() => {
    // A row that comes again from the server fills the form only while nothing was typed.
    if (typed.current) return;
    form.setFieldsValue(initial);
    version.current = row?.['$etag'];
  }, [form, initial, row]);

  useNextCode(form, register, row === null);

  // where something is lacking, a link leads to the very field
  const wanted = params.get('field');
  useEffect(() => {
    if (wanted) form.scrollToField(wanted, { block: 'center', focus: true });
  }, [form, wanted]);

  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = formToRow(fields, values, row);
      const org = typeof values['$org'] === 'string' ? values['$org'] : undefined;
      const seen = version.current ? { 'If-Match': String(version.current) } : undefined;
      return row ? call<Saved>('PUT', `/registers/${register.name}/${String(row['id'])}`, body, undefined, seen) : call<Saved>('POST', `/registers/${register.name}${query({ org })}`, body);
    },
    onSuccess: (saved) => {
      void message.success(t('row.saved'));
      setDirty(false);
      version.current = saved?.['$etag'];
      draft.forget();
      refreshRows(client);
      showFaults(form, fields, saved?.warnings ?? [], lang);
      if (row) return;
      if (isMore) form.resetFields();
      else void navigate(`/registers/${register.name}/${saved.id}`, { replace: true });
    },
    onError: (error) => showFaults(form, fields, faultsOf(error), lang),
  });
  const reload = () => {
    setDirty(false);
    typed.current = false;
    draft.forget();
    save.reset();
    form.setFieldsValue(initial);
    version.current = row?.['$etag'];
    refreshRows(client);
  };
  const isChanged = save.error instanceof Problem && save.error.status === 412;
  const submit = (andMore: boolean) => {
    setMore(andMore);
    form.submit();
  };
  // Whose row it is, where the account belongs to nobody or writes for others.
  const isForOthers = !row && !register.is_global && (user.org === null || (user.sees_all && register.side !== 'bureau'));
  return (
    <Form
      form={form}
      layout="vertical"
      onValuesChange={() => {
        setDirty(true);
        draft.changed();
      }}
      onFinish={(values) => save.mutate(values)}
      scrollToFirstError={{ block: 'center', focus: true }}
    >
      <div className="stack">
        {draft.banner}
        {save.error && !isChanged && <ProblemView error={save.error} />}
        {isChanged && (
          <Alert
            type="warning"
            showIcon
            role="alert"
            title={save.error instanceof Problem && save.error.text(lang)}
            description={t('row.changed_what')}
            action={<Button onClick={reload}>{t('row.reload')}</Button>}
          />
        )}
        {isForOthers && (
          <Form.Item name="$org" label={t('common.org')} rules={[{ required: true, message: t('form.required') }]}>
            <Select showSearch={{ optionFilterProp: 'label' }} style={{ maxWidth: 520 }} options={orgs.map((org) => ({ value: org.code, label: org.name }))} />
          </Form.Item>
        )}
        <Fields
          fields={fields}
          isOld={row !== null}
          isShut={(field) => field.flags.includes('official') && !user.roles.includes('bureau')}
          under={(field) => field.name === 'facts' && row && <div><FactLinks value={row[field.name]} of={row} /></div>}
        />
        <Space className="foot">
          <Button type="primary" loading={save.isPending} onClick={() => submit(false)}>
            {t('common.save')}
          </Button>
          {!row && <Button onClick={() => submit(true)}>{t('row.save_more')}</Button>}
          {row && isDirty && (
            <Button
              onClick={() => {
                form.setFieldsValue(initial);
                version.current = row['$etag'];
                setDirty(false);
                draft.forget();
              }}
            >
              {t('row.revert')}
            </Button>
          )}
          {isDirty && <span className="soft">{t('row.dirty')}</span>}
        </Space>
      </div>
    </Form>
  );
}
