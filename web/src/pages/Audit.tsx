/* The audit log: who did what, in a chain whose every entry holds the hash of the one before. */
import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { Link } from 'react-router';
import { post } from '../api';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import type { Row } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Choice } from '../ui/Filters';
import { useRows } from '../ui/list';
import { Head, Nothing, ProblemView } from '../ui/Page';
import { useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';

interface Verdict {
  ok: boolean;
  entries: number;
  rows: number;
  bad_entry?: number | null;
  bad_rows?: number | unknown[] | null;
  head?: string;
}
const actions = ['insert', 'update', 'delete', 'import', 'export', 'login', 'login_failed', 'logout'];

export default function Audit() {
  const { t, word, pick } = useLang();
  const registers = useRegisters();
  const [url, setUrl] = useUrl();
  const rows = useRows<Row>('/audit', url, ['action', 'object', 'user', 'row_id', 'org']);
  const verify = useMutation({ mutationFn: () => post<Verdict>('/audit/verify') });
  const verdict = verify.data;
  const bad_rows = Array.isArray(verdict?.bad_rows) ? verdict.bad_rows.length : Number(verdict?.bad_rows ?? 0);
  const text = (row: Row, name: string) => String(row[name] ?? '');
  /** A register's row leads to the row; other things have their word. */
  const objectOf = (row: Row) => {
    const object = text(row, 'object');
    const register = registers.data?.rows.find((one) => object === `reg_${one.name}` || object === one.name);
    if (!register) return word('object', object);
    return Number(row['row_id']) && text(row, 'action') !== 'delete' ? <Link to={`/registers/${register.name}/${text(row, 'row_id')}`}>{pick(register)}</Link> : pick(register);
  };
  const columns: Column<Row>[] = [
    { key: 'seq', title: t('audit.seq'), width: 90, right: true, render: (row) => <span className="num">{fmtInt(text(row, 'seq'))}</span> },
    { key: 'at', title: t('audit.at'), width: 160, render: (row) => <span className="num nowrap">{fmtTime(row['at'])}</span> },
    { key: 'user', title: t('audit.user'), width: 140, render: (row) => word('actor', text(row, 'user')) },
    { key: 'action', title: t('audit.action'), width: 110, render: (row) => word('action', text(row, 'action')) },
    { key: 'object', title: t('audit.object'), width: 160, render: (row) => objectOf(row) },
    { key: 'row_id', title: t('audit.row'), width: 80, right: true, render: (row) => (Number(row['row_id']) ? <span className="num">{text(row, 'row_id')}</span> : '') },
    { key: 'note', title: t('audit.note'), render: (row) => text(row, 'note') },
    { key: 'org', title: t('common.org'), width: 170, extra: true, render: (row) => <span className="mono">{text(row, 'org')}</span> },
    { key: 'hash', title: t('audit.hash'), width: 170, render: (row) => <span className="mono soft" title={text(row, 'hash')}>{text(row, 'hash').slice(0, 16)}</span> },
  ];
  return (
    <>
      <Head
        title={t('nav.audit')}
        sub={t('audit.sub')}
        asOf={rows.dataUpdatedAt}
        extra={
          <Button type="primary" icon={<SafetyCertificateOutlined />} loading={verify.isPending} onClick={() => verify.mutate()}>
            {t('audit.verify')}
          </Button>
        }
      />
      <div className="stack">
        {verify.error && <ProblemView error={verify.error} retry={() => verify.mutate()} />}
        {verdict && (
          <Alert
            showIcon
            role="status"
            type={verdict.ok ? 'success' : 'error'}
            title={
              verdict.ok
                ? t('audit.good', { n: fmtInt(verdict.entries), rows: fmtInt(verdict.rows) })
                : verdict.bad_entry
                  ? t('audit.bad', { at: fmtInt(verdict.bad_entry) })
                  : t('audit.bad_rows', { n: fmtInt(bad_rows) })
            }
            description={
              <>
                {verdict.head && (
                  <div>
                    {t('audit.head')} <span className="mono">{verdict.head}</span>
                  </div>
                )}
              </>
            }
          />
        )}
        <div className="bar" style={{ margin: 0 }}>
          <Choice name="action" label={t('audit.action')} url={url} setUrl={setUrl} options={actions.map((value) => ({ value, label: word('action', value), text: word('action', value) }))} />
          <Choice name="object" label={t('audit.object')} width={190} url={url} setUrl={setUrl} options={(registers.data?.rows ?? []).map((register) => ({ value: `reg_${register.name}`, label: pick(register), text: pick(register) }))} />
          {Object.keys(url).some((name) => ['row_id', 'user'].includes(name)) && (
            <Button type="link" onClick={() => setUrl({ row_id: null, user: null, object: null, action: null })}>
              {t('filter.clear')}
            </Button>
          )}
        </div>
        <DataTable<Row>
          id="audit"
          caption={t('nav.audit')}
          columns={columns}
          rowKey={(row) => text(row, 'seq')}
          query={rows}
          url={url}
          setUrl={setUrl}
          empty={<Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />}
        />
      </div>
    </>
  );
}
