/* The sheets of runs, what each could not read, and how a run becomes the sorting of the year. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, post } from '../api';
import { fmtBytes, fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { useComeBack } from '../ui/comeBack';
import { Box, Loaded, Nothing, ProblemView } from '../ui/Page';
import { RuleVersion } from './parts';

interface Run {
  id: number;
  org: string;
  year: number;
  scope: string;
  process: string;
  operators: string;
  rules: string;
  rules_text?: string;
  state: string;
  started_at: string;
  ended_at: string;
  files: number;
  skipped: number;
  objects: number;
  columns: number;
  found: number;
  unread: number;
  bytes: number;
  /** The row of the register of yearly sortings that it was entered as; 0: none. */
  entered?: number;
  entered_code?: string;
}

function Unread({ run, onClose }: { run: number; onClose: () => void }) {
  const { t } = useLang();
  useComeBack();
  const query = useQuery({ queryKey: ['unread', run], queryFn: ({ signal }) => get<Page<{ id: number; place: string; reason: string }>>(`/inventory/runs/${run}/unread`, { limit: 500 }, signal) });
  return (
    <Drawer open onClose={onClose} title={t('data.unread_of', { id: run })} size="large">
      <Loaded of={query}>
        {(data) => (
          <div className="wide"><table className="rows">
            <thead>
              <tr>
                <th scope="col">{t('data.place')}</th>
                <th scope="col">{t('data.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row" className="mono">
                    {row.place}
                  </th>
                  <td>{row.reason}</td>
                </tr>
              ))}
            </tbody>
          </table></div>
        )}
      </Loaded>
    </Drawer>
  );
}

/** What the register wants of a run: how it was done, by whom, and why it counts though places were not read. */
function EnterDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const { t } = useLang();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<{ process: string; operators: string; reason?: string }>();
  useComeBack();
  const enter = useMutation({
    mutationFn: (words: { process: string; operators: string; reason?: string }) => post<{ id: number; code: string; is_new: boolean }>(`/inventory/runs/${run.id}/enter`, words),
    onSuccess: ({ code, is_new }) => {
      void message.success(t(is_new ? 'data.entered_done' : 'data.entered_before', { code }), 6);
      void client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Modal open title={t('data.enter_title', { year: run.year })} onCancel={onClose} onOk={() => form.submit()} okText={t('data.enter_ok')} cancelText={t('common.cancel')} confirmLoading={enter.isPending} destroyOnHidden>
      <dl className="pairs">
        <dt>{t('data.scope')}</dt>
        <dd className="mono" style={{ whiteSpace: 'pre-line' }}>
          {run.scope}
        </dd>
        <dt>{t('data.time')}</dt>
        <dd className="num">
          {fmtTime(run.started_at, false)} – {fmtTime(run.ended_at, false)}
        </dd>
        <dt>{t('data.objects')}</dt>
        <dd className="num">{t('data.enter_counts', { objects: fmtInt(run.objects), columns: fmtInt(run.columns), found: fmtInt(run.found), unread: fmtInt(run.unread) })}</dd>
      </dl>
      <Form form={form} layout="vertical" initialValues={{ process: run.process, operators: run.operators }} onFinish={(words) => enter.mutate(words)}>
        <Form.Item name="process" label={t('data.process')} rules={[{ required: true, whitespace: true, message: t('data.process_needed') }]}>
          <Input.TextArea rows={2} maxLength={2000} placeholder={t('data.process_hint')} />
        </Form.Item>
        <Form.Item name="operators" label={t('data.operators')} rules={[{ required: true, whitespace: true, message: t('data.operators_needed') }]}>
          <Input maxLength={300} />
        </Form.Item>
        {run.unread > 0 && (
          <Form.Item name="reason" label={t('data.enter_reason', { n: run.unread })} extra={t('data.enter_reason_why')} rules={[{ required: true, whitespace: true, message: t('review.reason_needed') }]}>
            <Input.TextArea rows={2} maxLength={1000} />
          </Form.Item>
        )}
      </Form>
      {enter.error && <ProblemView error={enter.error} />}
    </Modal>
  );
}

/** A run counts for the duty once it is a row of the register; what did not end or read nothing never does. */
function Entry({ run, onEnter }: { run: Run; onEnter: () => void }) {
  const { t } = useLang();
  const user = useUser();
  if (run.entered) return <Link to={`/registers/inventory_runs/${run.entered}`}>{t('data.entered_as', { code: run.entered_code ?? '' })}</Link>;
  if (!['done', 'partial'].includes(run.state)) return <span className="soft">{t('data.enter_unended')}</span>;
  if (run.objects === 0) return <span className="soft">{t('data.enter_empty')}</span>;
  if (!user.may_write) return <span className="soft">{t('data.enter_not_yet')}</span>;
  return (
    <Button type="primary" size="small" onClick={onEnter}>
      {t('data.enter')}
    </Button>
  );
}

export function Runs({ org }: { org: string | undefined }) {
  const { t, word } = useLang();
  const [unread, setUnread] = useState<number | null>(null);
  const [entering, setEntering] = useState<Run | null>(null);
  const query = useQuery({ queryKey: ['inventory-runs', org], queryFn: ({ signal }) => get<Page<Run>>('/inventory/runs', { org, limit: 200 }, signal) });
  return (
    <Loaded of={query}>
      {(data) => data.rows.length === 0 ? (
        <div className="box">
          <Nothing what={t('data.none')} hint={t('data.none_hint')}>
            <code className="mono">zhuji inventory --db zhuji.db /data postgresql://reader@host/db</code>
          </Nothing>
        </div>
      ) : (
        <Box bare>
          <p className="soft" style={{ padding: '8px 12px' }}>
            {t('data.runs_note')}
          </p>
          <div className="wide"><table className="rows">
            <caption className="vh">{t('data.runs')}</caption>
            <thead>
              <tr>
                <th scope="col">{[t('data.year'), t('data.rules')].join(' · ')}</th>
                {['state', 'scope'].map((key) => (
                  <th key={key} scope="col">
                    {t(`data.${key}`)}
                  </th>
                ))}
                <th scope="col">{[t('data.process'), t('data.operators')].join(' · ')}</th>
                {['time', 'files', 'objects', 'found', 'unread', 'bytes'].map((key) => (
                  <th key={key} scope="col">
                    {t(`data.${key}`)}
                  </th>
                ))}
                <th scope="col" className="stick">
                  {t('data.entry')}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row" className="nowrap">
                    {row.year} <span className="soft">#{row.id}</span>
                    <div className="soft">
                      <RuleVersion of={row.rules} text={row.rules_text} />
                    </div>
                  </th>
                  <td>{word('runstate', row.state)}</td>
                  <td className="mono told-wide" style={{ whiteSpace: 'pre-line' }}>
                    {row.scope}
                  </td>
                  <td className="told">
                    {row.process}
                    {row.operators && <div className="soft">{row.operators}</div>}
                  </td>
                  <td className="num">
                    {fmtTime(row.started_at, false)}
                    <div className="soft">{row.ended_at && t('data.until', { time: fmtTime(row.ended_at, false) })}</div>
                  </td>
                  <td className="num">{fmtInt(row.files + row.skipped)}</td>
                  <td className="num">{fmtInt(row.objects)}</td>
                  <td className="num">{fmtInt(row.found)}</td>
                  <td className="num">
                    {row.unread > 0 ? (
                      <button type="button" className="link" onClick={() => setUnread(row.id)}>
                        {fmtInt(row.unread)}
                      </button>
                    ) : (
                      0
                    )}
                  </td>
                  <td className="num">{fmtBytes(row.bytes)}</td>
                  <td className="stick">
                    <Entry run={row} onEnter={() => setEntering(row)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table></div>
          {unread !== null && <Unread run={unread} onClose={() => setUnread(null)} />}
          {entering && <EnterDialog run={entering} onClose={() => setEntering(null)} />}
        </Box>
      )}
    </Loaded>
  );
}
