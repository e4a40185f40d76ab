/* Creating and editing one register row: fields, help and faults come from the register's description. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Drawer, Form, Input, InputNumber, Select, Space, Tabs, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { call, get, Problem, query } from '../api';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { refreshRows, useUser } from '../session';
import type { Field, Page, Register, Row } from '../types';
import { Loaded, Nothing, ProblemView } from '../ui/Page';
import { useOrgs } from './Gaps';

type Values = Record<string, unknown>;
const isList = (field: Field) => ['enum_list', 'text_list', 'endpoints'].includes(field.type);

function toForm(field: Field, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return isList(field) ? [] : undefined;
  if (isList(field)) return Array.isArray(value) ? value : String(value).split(';').map((part) => part.trim());
  if (field.type === 'date') return dayjs(String(value));
  return value;
}

function fromForm(field: Field, value: unknown): string | number | null {
  if (value === null || value === undefined || value === '') return '';
  if (isList(field)) return (value as unknown[]).join(';');
  if (field.type === 'date') return dayjs(value as string).format('YYYY-MM-DD');
  return field.type === 'int' ? Number(value) : String(value).trim();
}

function Control({ field, ...rest }: { field: Field; disabled?: boolean; id?: string; value?: never; onChange?: never }) {
  const { pick, t } = useLang();
  const options = field.values?.map((value) => ({ value: value.name, label: pick(value, value.name) }));
  switch (field.type) {
    case 'int':
      return <InputNumber style={{ width: '100%' }} {...rest} />;
    case 'date':
      return <DatePicker style={{ width: '100%' }} format="YYYY-MM-DD" placeholder="YYYY-MM-DD" {...rest} />;
    case 'enum':
      return <Select allowClear options={options} {...rest} />;
    case 'enum_list':
      return <Select mode="multiple" options={options} {...rest} />;
    case 'text_list':
    case 'endpoints':
      return <Select mode="tags" tokenSeparators={[';', '；', '\n', ' ']} open={false} suffixIcon={null} placeholder={t('form.list_hint')} {...rest} />;
    default:
      return (field.max_chars ?? 0) > 400 ? <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} {...rest} /> : <Input {...rest} />;
  }
}

function History({ register, id }: { register: Register; id: number }) {
  const { t, word } = useLang();
  const query = useQuery({
    queryKey: ['history', register.name, id],
    queryFn: ({ signal }) => get<Page>(`/registers/${register.name}/${id}/history`, undefined, signal),
  });
  return (
    <Loaded of={query}>
      {(data) =>
        data.rows.length === 0 ? (
          <Nothing what={t('row.no_history')} />
        ) : (
          <ul className="todo">
            {data.rows.map((row, at) => (
              <li key={at}>
                <div className="row">
                  <strong>{word('action', String(row['action']))}</strong>
                  <span className="soft num">{fmtTime(row['at'])}</span>
                </div>
                <p className="soft">
                  {String(row['user'] ?? '')} {String(row['note'] ?? '')}
                </p>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

interface Props {
  register: Register;
  /** null: closed; {}: a new row. */
  row: Row | null;
  onClose: () => void;
}

export function RowDrawer({ register, row, onClose }: Props) {
  const { t, pick, lang } = useLang();
  const { modal, message } = App.useApp();
  const user = useUser();
  const client = useQueryClient();
  const orgs = useOrgs();
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<unknown>(null);
  const [isDirty, setDirty] = useState(false);
  const id = typeof row?.['id'] === 'number' ? row['id'] : null;
  const title = id === null ? t('row.new', { register: pick(register) }) : t('row.edit', { register: pick(register) });

  useEffect(() => {
    if (!row) return;
    setProblem(null);
    setDirty(false);
    form.resetFields();
    form.setFieldsValue(Object.fromEntries(register.fields.map((field) => [field.name, toForm(field, row[field.name])])));
  }, [row, register, form]);

  const settled = () => {
    onClose();
    refreshRows(client);
  };
  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = Object.fromEntries(
        register.fields
          .map((field) => [field.name, fromForm(field, values[field.name])] as const)
          // A masked personal field that nobody touched keeps what is stored.
          .filter(([name, value]) => id === null || value !== fromForm(register.fields.find((f) => f.name === name) as Field, toForm(register.fields.find((f) => f.name === name) as Field, row?.[name]))),
      );
      const org = typeof values['$org'] === 'string' ? values['$org'] : undefined;
      return id === null ? call('POST', `/registers/${register.name}${query({ org })}`, body) : call('PUT', `/registers/${register.name}/${id}`, body);
    },
    onSuccess: () => {
      void message.success(t('row.saved'));
      settled();
    },
    onError: (error) => {
      const faults = error instanceof Problem ? (error.body.faults ?? []) : [];
      const known = faults.filter((fault) => register.fields.some((field) => field.name === fault.field));
      form.setFields(
        known.map((fault) => ({ name: fault.field as string, errors: [(lang === 'zh' ? fault.zh : fault.en) ?? fault.en ?? ''] })),
      );
      if (known[0]) form.scrollToField(known[0].field as string, { block: 'center' });
      setProblem(error);
    },
  });
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/registers/${register.name}/${id}`),
    onSuccess: () => {
      void message.success(t('row.deleted'));
      settled();
    },
    onError: setProblem,
  });

  const key = register.fields.find((field) => field.flags.includes('key'));
  const close = () => {
    if (!isDirty) return onClose();
    modal.confirm({ title: t('row.leave'), okText: t('row.leave_yes'), cancelText: t('row.leave_no'), onOk: onClose });
  };
  const askDelete = () =>
    modal.confirm({
      title: t('row.delete_ask', { name: String(row?.[key?.name ?? 'id'] ?? '') }),
      content: t('row.delete_what'),
      okText: t('row.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => remove.mutateAsync().catch(() => undefined),
    });

  const fields = (
    <Form
      form={form}
      layout="vertical"
      disabled={!user.may_write}
      onValuesChange={() => setDirty(true)}
      onFinish={(values) => save.mutate(values)}
      scrollToFirstError
    >
      {problem !== null && (
        <div style={{ marginBottom: 14 }}>
          <ProblemView error={problem} />
        </div>
      )}
      {id === null && user.sees_all && !register.is_global && (
        <Form.Item name="$org" label={t('common.org')} rules={[{ required: true, message: t('form.required') }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={orgs.map((org) => ({ value: org.code, label: org.name }))} />
        </Form.Item>
      )}
      {register.fields.map((field) => (
        <Form.Item
          key={field.name}
          name={field.name}
          label={
            <span>
              {pick(field, field.name)} {field.flags.includes('personal') && <span className="soft">{t('row.personal')}</span>}
            </span>
          }
          extra={pick({ zh: field.help_zh, en: field.help_en }) || undefined}
          tooltip={field.clause || undefined}
          rules={field.flags.includes('required') ? [{ required: true, message: t('form.required') }] : undefined}
        >
          <Control field={field} disabled={!user.may_write || (field.flags.includes('personal') && !user.sees_personal && id !== null)} />
        </Form.Item>
      ))}
    </Form>
  );

  return (
    <Drawer
      open={row !== null}
      title={title}
      aria-label={title}
      size={520}
      onClose={close}
      forceRender
      footer={
        user.may_write ? (
          <Space style={{ display: 'flex', justifyContent: 'space-between' }}>
            {id !== null ? (
              <Button danger onClick={askDelete} loading={remove.isPending}>
                {t('row.delete')}
              </Button>
            ) : (
              <span />
            )}
            <Space>
              <Button onClick={close}>{t('common.cancel')}</Button>
              <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
                {t('common.save')}
              </Button>
            </Space>
          </Space>
        ) : (
          <Tooltip title={t('error.forbidden')}>
            <span className="soft">{t('row.read_only')}</span>
          </Tooltip>
        )
      }
    >
      {id === null ? (
        fields
      ) : (
        <Tabs
          items={[
            { key: 'fields', label: t('row.fields'), children: fields, forceRender: true },
            { key: 'history', label: t('row.history'), children: <History register={register} id={id} /> },
          ]}
        />
      )}
    </Drawer>
  );
}
