/* What can be done with the chosen rows of a register: one field set in all, or all deleted. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Modal, Progress, Select, Space } from 'antd';
import { useState } from 'react';
import { call, Problem } from '../../api';
import { Control } from '../../form/Control';
import { fromForm } from '../../form/values';
import type { Values } from '../../form/values';
import { useLang } from '../../i18n';
import { refreshRows } from '../../session';
import type { Register, Row } from '../../types';
import { useComeBack } from '../../ui/comeBack';
import { keyOf } from '../../ui/registers';

interface Failure {
  key: string;
  why: string;
}

/** Calls for each row in turn; a row that fails does not stop the others. */
function useEach(register: Register, rows: Row[]) {
  const { lang } = useLang();
  const client = useQueryClient();
  const [done, setDone] = useState(0);
  const run = useMutation({
    mutationFn: async (what: { method: 'PUT' | 'DELETE'; body?: Row }) => {
      const failures: Failure[] = [];
      setDone(0);
      for (const row of rows) {
        await call(what.method, `/registers/${register.name}/${String(row['id'])}`, what.body).catch((error: unknown) => {
          const fault = error instanceof Problem ? error.body.faults?.[0] : undefined;
          const why = (lang === 'zh' ? fault?.zh : fault?.en) ?? (error instanceof Problem ? error.text(lang) : String(error));
          failures.push({ key: String(row[keyOf(register).name]), why });
        });
        setDone((count) => count + 1);
      }
      return failures;
    },
    onSuccess: () => refreshRows(client),
  });
  return { run, done };
}

function Failures({ failures }: { failures: Failure[] }) {
  const { t } = useLang();
  return (
    <Alert
      type="error"
      showIcon
      title={t('bulk.failed', { n: failures.length })}
      description={
        <ul>
          {failures.slice(0, 10).map((failure) => (
            <li key={failure.key}>
              <span className="mono">{failure.key}</span> {failure.why}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function SetField({ register, rows, onClose }: { register: Register; rows: Row[]; onClose: () => void }) {
  const { t, pick } = useLang();
  useComeBack();
  const [form] = Form.useForm<Values>();
  const fields = register.fields.filter((field) => !field.flags.includes('key') && !field.flags.includes('official') && !field.flags.includes('personal'));
  const [name, setName] = useState(fields[0]?.name ?? '');
  const field = fields.find((one) => one.name === name);
  const { run, done } = useEach(register, rows);
  const finish = (values: Values) => {
    if (field) run.mutate({ method: 'PUT', body: { [name]: fromForm(field, values[name]) } }, { onSuccess: (failures) => failures.length === 0 && onClose() });
  };
  return (
    <Modal open title={t('bulk.set', { n: rows.length })} onCancel={onClose} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={run.isPending} onOk={() => form.submit()}>
      <Form form={form} name="bulk" layout="vertical" onFinish={finish}>
        <Form.Item label={t('import.field')} htmlFor="bulk-field">
          <Select id="bulk-field" showSearch={{ optionFilterProp: 'label' }} value={name} options={fields.map((one) => ({ value: one.name, label: pick(one, one.name) }))} onChange={setName} />
        </Form.Item>
        {field && (
          <Form.Item key={name} name={name} label={t('import.value')} extra={pick({ zh: field.help_zh, en: field.help_en }) || undefined}>
            <Control field={field} />
          </Form.Item>
        )}
      </Form>
      {run.isPending && <Progress percent={Math.round((100 * done) / rows.length)} />}
      {run.data && run.data.length > 0 && <Failures failures={run.data} />}
    </Modal>
  );
}

export function Bulk({ register, rows, onDone }: { register: Register; rows: Row[]; onDone: () => void }) {
  const { t } = useLang();
  const { modal } = App.useApp();
  const [isSetting, setSetting] = useState(false);
  const { run } = useEach(register, rows);
  const remove = async () => {
    const failures = await run.mutateAsync({ method: 'DELETE' });
    if (failures.length > 0) void modal.error({ title: t('row.delete'), content: <Failures failures={failures} /> });
    onDone();
  };
  const askDelete = () =>
    modal.confirm({
      title: t('bulk.delete_ask', { n: rows.length }),
      content: t('row.delete_what'),
      okText: t('row.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: remove,
    });
  return (
    <Space>
      <span role="status">{t('bulk.chosen', { n: rows.length })}</span>
      <Button size="small" onClick={() => setSetting(true)}>
        {t('bulk.edit')}
      </Button>
      <Button size="small" danger onClick={askDelete}>
        {t('row.delete')}
      </Button>
      <Button size="small" type="text" onClick={onDone}>
        {t('bulk.none')}
      </Button>
      {isSetting && (
        <SetField
          register={register}
          rows={rows}
          onClose={() => {
            setSetting(false);
            onDone();
          }}
        />
      )}
    </Space>
  );
}
