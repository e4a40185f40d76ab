/* Observations: the rows behind every figure, by kind, with their evidence. */
import { useQuery } from '@tanstack/react-query';
import { Drawer, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import type { EvidenceRow, Frame, Row } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Search } from '../ui/Filters';
import { HexView } from '../ui/HexView';
import { useRows } from '../ui/list';
import { LinkButton } from '../ui/LinkButton';
import { Head, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import type { UrlState } from '../ui/url';
import { isNumber, Value } from '../ui/Value';

/** Columns of each kind in reading order; those after the bar are shown on demand. */
export const factColumns: Record<string, string> = {
  identity: 'vin iccid phone protocol edition security server port logins life_frames other_frames last_seen | client bytes firmware first_seen ev_source ev_packet',
  service: 'addr port protocol edition security is_public is_vehicle flows frames bad_frames bytes last_seen | name tls_version client_cert first_seen ev_source ev_packet',
  transfer: 'data_type src dst host port protocol country items bytes last_seen | first_seen ev_source ev_packet',
  command: 'kind protocol sender port version host target count last_seen | path first_seen ev_source ev_packet',
  detection: 'severity rule subject_kind subject note src dst port protocol count last_seen | first_seen ev_source ev_packet',
  hourly: 'hour server port protocol security vehicles frames bytes | first_seen last_seen',
  sensor: 'sensor counter value last_seen | first_seen',
};
const kinds = Object.keys(factColumns);

function FactDrawer({ kind, row, onClose }: { kind: string; row: Row | null; onClose: () => void }) {
  const { t, word } = useLang();
  const id = row?.['id'];
  const query = useQuery({
    queryKey: ['fact', kind, id],
    queryFn: ({ signal }) => get<EvidenceRow>(`/facts/${kind}/${String(id)}`, undefined, signal),
    enabled: row !== null,
    retry: false,
  });
  const full: Row = query.data ?? row ?? {};
  const frame = (query.data?.frame ?? row?.['frame']) as Frame | undefined;
  return (
    <Drawer open={row !== null} onClose={onClose} title={word('fact', kind)} aria-label={word('fact', kind)} size={860} destroyOnHidden>
      <dl className="pairs" style={{ marginBottom: 16 }}>
        {Object.entries(full)
          .filter(([name, value]) => !['id', 'frame', 'ev_frame', 'kind_of'].includes(name) && !name.endsWith('_key') && value !== null && typeof value !== 'object')
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{word('col', name)}</dt>
              <dd>
                <Value name={name} value={value} kind={kind} />
              </dd>
            </div>
          ))}
      </dl>
      {frame?.hex ? <HexView frame={frame} /> : query.isFetched && <span className="soft">{t('frame.none')}</span>}
    </Drawer>
  );
}

interface TableProps {
  kind: string;
  path?: string;
  url: UrlState;
  setUrl: (change: Record<string, string | number | null>) => void;
}

export function FactTable({ kind, path, url, setUrl }: TableProps) {
  const { t, word } = useLang();
  const [open, setOpen] = useState<Row | null>(null);
  const [main = '', more = ''] = (factColumns[kind] ?? '').split(' | ');
  const names = [...main.split(' '), ...more.split(' ')].filter(Boolean);
  const filtered = [...names, 'id'].filter((name) => url[name]);
  const rows = useRows<Row>(path ?? `/facts/${kind}`, url, [...names, 'id']);
  const extra = new Set(more.split(' '));
  const columns: Column<Row>[] = names.map((name, at) => ({
    key: name,
    title: word('col', name),
    extra: extra.has(name),
    sortable: name !== 'country',
    right: isNumber(name),
    render: (row) =>
      at === 0 || (name === 'iccid' && !row['vin'] && kind === 'identity') || (name === 'phone' && !row['vin'] && !row['iccid']) ? (
        <button type="button" className="link" onClick={() => setOpen(row)}>
          <Value name={name} value={row[name]} kind={kind} />
        </button>
      ) : (
        <Value name={name} value={row[name]} kind={kind} />
      ),
  }));
  return (
    <>
      <div className="bar" style={{ margin: 0 }}>
        <Search url={url} setUrl={setUrl} hint={t('facts.search')} />
        {filtered.map((name) => (
          <Tag key={name} closable closeIcon={<span aria-label={t('filter.remove')}>×</span>} onClose={() => setUrl({ [name]: null })}>
            {word('col', name)}
            {t('common.colon')}
            <Value name={name} value={url[name]} kind={kind} />
          </Tag>
        ))}
      </div>
      <DataTable<Row>
        id={`fact.${kind}`}
        caption={word('fact', kind)}
        columns={columns}
        rowKey={(row) => String(row['id'] ?? JSON.stringify(row))}
        query={rows}
        url={url}
        setUrl={setUrl}
        onOpen={setOpen}
        empty={
          url['q'] || filtered.length > 0 ? (
            <Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />
          ) : (
            <Nothing what={t('facts.none')} hint={t('facts.none_hint')}>
              <LinkButton to="/sensors">{t('nav.sensors')}</LinkButton>
            </Nothing>
          )
        }
      />
      <FactDrawer kind={kind} row={open} onClose={() => setOpen(null)} />
    </>
  );
}

export default function Facts() {
  const { kind = 'identity' } = useParams();
  const { t, word } = useLang();
  const navigate = useNavigate();
  const [url, setUrl] = useUrl();
  return (
    <>
      <Head title={t('nav.facts')} name={word('fact', kind)} sub={t('facts.sub')} asOf={Date.now()} />
      <Tabs
        activeKey={kind}
        items={kinds.map((name) => ({ key: name, label: word('fact', name) }))}
        onChange={(next) => void navigate(`/facts/${next}`)}
      />
      <div className="stack">
        <FactTable key={kind} kind={kind} url={url} setUrl={setUrl} />
      </div>
    </>
  );
}
