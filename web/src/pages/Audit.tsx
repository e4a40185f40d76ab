/* The audit log: who did what, in a chain whose every entry holds the hash of the one before. */
import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { post } from '../api';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import type { Row } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Search } from '../ui/Filters';
import { useRows } from '../ui/list';
import { Head, Nothing, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';

interface Verdict {
  ok?: boolean;
  valid?: boolean;
  entries?: number;
  count?: number;
  head?: string;
  broken_at?: number | null;
  bad?: number | null;
  why?: string;
}

export default function Audit() {
  const { t, word } = useLang();
  const [url, setUrl] = useUrl();
  const rows = useRows<Row>('/audit', url, ['action', 'object']);
  const verify = useMutation({ mutationFn: () => post<Verdict>('/audit/verify') });
  const verdict = verify.data;
  const isGood = verdict?.ok ?? verdict?.valid;
  const text = (row: Row, ...names: string[]) => String(names.map((name) => row[name]).find((value) => value !== undefined && value !== null) ?? '');
  const columns: Column<Row>[] = [
    { key: 'seq', title: t('audit.seq'), width: 90, right: true, render: (row) => <span className="num">{fmtInt(text(row, 'seq', 'id', 'n'))}</span> },
    { key: 'at', title: t('audit.at'), width: 160, render: (row) => <span className="num nowrap">{fmtTime(row['at'] ?? row['time'])}</span> },
    { key: 'user', title: t('audit.user'), width: 140, render: (row) => text(row, 'user', 'login', 'user_login') || t('audit.system') },
    { key: 'action', title: t('audit.action'), width: 110, render: (row) => word('action', text(row, 'action')) },
    { key: 'object', title: t('audit.object'), width: 160, render: (row) => <span className="mono">{text(row, 'object')}</span> },
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
            type={isGood ? 'success' : 'error'}
            title={isGood ? t('audit.good', { n: fmtInt(verdict.entries ?? verdict.count ?? 0) }) : t('audit.bad', { at: String(verdict.broken_at ?? verdict.bad ?? '?') })}
            description={
              <>
                {verdict.why && <div>{verdict.why}</div>}
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
          <Search url={url} setUrl={setUrl} hint={t('audit.search')} />
        </div>
        <DataTable<Row>
          id="audit"
          caption={t('nav.audit')}
          columns={columns}
          rowKey={(row) => text(row, 'seq', 'id', 'n')}
          query={rows}
          url={url}
          setUrl={setUrl}
          empty={<Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />}
        />
      </div>
    </>
  );
}
