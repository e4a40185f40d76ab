/* What the machine proposes and a person decides: accept, correct or reject, one column or many. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, post } from '../api';
import { Again, Flags, Grade, Proposal, Samples, grades, isAgain, percent, useColumnName, useDataTypes, useTypeName } from '../data/parts';
import type { DataColumn } from '../data/parts';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { useComeBack } from '../ui/comeBack';
import { DataTable } from '../ui/DataTable';
import { ExportButton } from '../ui/ExportButton';
import { Choice, Search } from '../ui/Filters';
import { Head, Nothing, ProblemView } from '../ui/Page';
import { paging, useUrl } from '../ui/url';

interface Decision {
  verdict: 'accept' | 'correct' | 'reject';
  type?: string;
  grade?: string;
  reason?: string;
}

function DecisionDialog({ verdict, count, onDecide, onClose, error, isBusy }: { verdict: 'correct' | 'reject'; count: number; onDecide: (decision: Decision) => void; onClose: () => void; error: unknown; isBusy: boolean }) {
  const { t, word } = useLang();
  useComeBack();
  const types = useDataTypes().data?.rows ?? [];
  const typeName = useTypeName();
  const [form] = Form.useForm<{ type?: string; grade?: string; reason: string }>();
  return (
    <Modal open title={t(`review.${verdict}_title`, { n: count })} onCancel={onClose} onOk={() => form.submit()} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={isBusy} destroyOnHidden>
      <Form form={form} layout="vertical" onFinish={(values) => onDecide({ verdict, ...values })}>
        {verdict === 'correct' && (
          <>
            <Form.Item name="type" label={t('data.type')} rules={[{ required: true, message: t('review.type_needed') }]}>
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                options={types.map((one) => ({ value: one.name, label: `${typeName(one.name)} (${one.category})` }))}
                onChange={(name: string) => form.setFieldValue('grade', types.find((one) => one.name === name)?.grade)}
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

export default function Review() {
  const { t, word } = useLang();
  const user = useUser();
  const { message } = App.useApp();
  const client = useQueryClient();
  const typeName = useTypeName();
  const types = useDataTypes().data?.rows ?? [];
  const columnName = useColumnName();
  const [url, setUrl] = useUrl();
  const [chosen, setChosen] = useState<DataColumn[]>([]);
  const [dialog, setDialog] = useState<'correct' | 'reject' | null>(null);
  const { limit, offset } = paging(url);
  const isAll = url['all'] === '1';
  const filter = { offered: isAll ? 0 : 1, found: 1, type: url['type'], source: url['source'], q: url['q'], grade_min: url['grade'] ? grades.indexOf(url['grade']) + 1 : undefined, limit, offset };
  const query = useQuery({ queryKey: ['review', filter], queryFn: ({ signal }) => get<Page<DataColumn>>('/inventory/columns', filter, signal) });
  const decide = useMutation({
    mutationFn: (decision: Decision) => post<{ changed: number; stale?: number }>('/inventory/verdicts', { ids: chosen.map((row) => row.id), seen: chosen.map((row) => ({ type: row.type, grade: row.grade })), ...decision }),
    onSuccess: ({ changed, stale = 0 }) => {
      if (stale > 0) message.warning(t('review.stale', { n: stale }), 8);
      if (changed > 0) message.success(t('review.done', { n: changed }));
      setChosen([]);
      setDialog(null);
      void client.invalidateQueries();
    },
  });
  return (
    <>
      <Head title={t('nav.review')} sub={t('review.sub')} asOf={query.dataUpdatedAt} extra={<ExportButton path="/inventory/columns" params={filter} />} />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('data.search')} />
        <Choice name="type" label={t('data.type')} width={200} url={url} setUrl={setUrl} options={types.map((one) => ({ value: one.name, label: typeName(one.name), text: typeName(one.name) }))} />
        <Choice name="grade" label={t('data.grade')} url={url} setUrl={setUrl} options={grades.map((name) => ({ value: name, label: `≥ ${word('grade', name)}` }))} />
        <Checkbox checked={isAll} onChange={(event) => setUrl({ all: event.target.checked ? '1' : null })}>
          {t('review.all')}
        </Checkbox>
      </div>
      {decide.error && !dialog ? <ProblemView error={decide.error} /> : null}
      <DataTable<DataColumn>
        id="data-review"
        caption={t('nav.review')}
        rowKey={(row) => row.id}
        query={query}
        url={url}
        setUrl={setUrl}
        empty={<Nothing what={t('review.none')} hint={t('review.none_hint')} />}
        chosen={user.may_write ? chosen : undefined}
        onChoose={setChosen}
        actions={
          user.may_write && (
            <>
              {chosen.length > 0 && <span role="status">{t('review.chosen', { n: chosen.length })}</span>}
              <Button type="primary" disabled={chosen.length === 0} loading={decide.isPending && !dialog} onClick={() => decide.mutate({ verdict: 'accept' })}>
                {t('review.accept')}
              </Button>
              <Button disabled={chosen.length === 0} onClick={() => setDialog('correct')}>
                {t('review.correct')}
              </Button>
              <Button danger disabled={chosen.length === 0} onClick={() => setDialog('reject')}>
                {t('review.reject')}
              </Button>
            </>
          )
        }
        columns={[
          {
            key: 'column',
            title: t('data.column'),
            render: (row) => (
              <>
                <Link className="mono told" to={`/data?source=${encodeURIComponent(row.source)}&object=${row.object_id}`}>
                  {columnName(row.name)}
                </Link>
                {row.comment && <div className="soft">{row.comment}</div>}
              </>
            ),
          },
          { key: 'object', title: t('data.object'), width: 190, render: (row) => <div className="told mono">{row.path}</div> },
          { key: 'proposal', title: t('data.proposal'), render: (row) => (isAgain(row) && !row.type ? t('data.no_proposal') : <Proposal row={row} />) },
          {
            key: 'grade',
            title: t('data.grade'),
            render: (row) => (
              <>
                <Grade of={row.verdict && !row.is_offered ? row.final_grade : row.grade} />
                <Flags row={isAgain(row) ? { is_personal: row.is_personal_proposed ?? row.is_personal, is_sensitive: row.is_sensitive_proposed ?? row.is_sensitive } : row} />
              </>
            ),
          },
          {
            key: 'verdict',
            title: t('data.verdict'),
            width: 230,
            render: (row) => (
              <div className="told">
                {isAgain(row) ? <Again row={row} isBeside /> : row.verdict && `${word('verdict', row.verdict)} ${row.verdict === 'correct' ? typeName(row.final_type) : ''} ${row.reason}`}
              </div>
            ),
          },
          { key: 'why', title: t('data.why'), width: 210, render: (row) => <div className="told">{row.why}</div> },
          { key: 'share', title: t('data.share'), right: true, render: (row) => (row.state === 'suspected' ? '' : <span title={t('data.bound', { bound: percent(row.bound) })}>{percent(row.ratio)}</span>) },
          { key: 'subjects', title: t('data.subjects'), right: true, render: (row) => (row.subjects ? fmtInt(row.subjects) : '') },
          { key: 'samples', title: t('data.samples'), render: (row) => <Samples of={row.samples} /> },
        ]}
      />
      {dialog && <DecisionDialog verdict={dialog} count={chosen.length} onDecide={(decision) => decide.mutate(decision)} onClose={() => setDialog(null)} error={decide.error} isBusy={decide.isPending} />}
    </>
  );
}
