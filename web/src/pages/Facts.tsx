/* Observations: the rows behind every figure, by kind, with their evidence. */
import { useQuery } from '@tanstack/react-query';
import { Drawer, Tabs, Tag } from 'antd';
import { useNavigate, useParams } from 'react-router';
import { get } from '../api';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { EvidenceRow, Row } from '../types';
import { ColumnFilter } from '../ui/ColumnFilter';
import { Search } from '../ui/Filters';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { DetectionAbout } from '../ui/DetectionAbout';
import { ExportButton, filterOf } from '../ui/ExportButton';
import { FrameView } from '../ui/FrameView';
import { useRows } from '../ui/list';
import { LinkButton } from '../ui/LinkButton';
import { AsOf, Head, Loaded, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import type { UrlState } from '../ui/url';
import { isNumber, Value } from '../ui/Value';

/** Columns of each kind in reading order; those after the bar are shown on demand. */
const factColumns: Record<string, string> = {
  identity: 'vin iccid phone protocol edition security server port logins life_frames other_frames last_seen | client bytes firmware first_seen ev_source ev_packet',
  service: 'addr port protocol edition security is_public is_vehicle flows frames bad_frames bytes last_seen | name tls_version client_cert first_seen ev_source ev_packet',
  transfer: 'data_type src dst host partner country items bytes last_seen | port protocol first_seen ev_source ev_packet',
  command: 'kind protocol sender port version host target count last_seen | path first_seen ev_source ev_packet',
  detection: 'severity rule subject note src dst count last_seen | subject_kind port protocol first_seen ev_source ev_packet',
  hourly: 'hour server port protocol security vehicles frames bytes | first_seen last_seen',
  sensor: 'sensor counter value last_seen | first_seen',
};
const kinds = Object.keys(factColumns);
/** A sensor writes its note in both languages; one of before only the English. */
const noteIn = (lang: string, row: Row) => (lang === 'zh' && row['note_zh']) || row['note'];
/** The end of a detection; commands to a vehicle go to no port that means anything. */
const withPort = (row: Row) => {
  const dst = String(row['dst'] ?? '');
  return Number(row['port']) ? `${dst.includes(':') ? `[${dst}]` : dst}:${String(row['port'])}` : dst;
};
const searchable: Record<string, string[]> = {
  identity: ['vin', 'iccid', 'phone', 'server', 'client', 'firmware'],
  service: ['addr', 'name', 'port', 'tls_version'],
  transfer: ['dst', 'host', 'src', 'port'],
  command: ['target', 'version', 'host', 'sender'],
  detection: ['subject', 'src', 'dst'],
  hourly: ['server', 'port'],
  sensor: ['sensor'],
};

function FactDrawer({ kind, id, onClose }: { kind: string; id: string | undefined; onClose: () => void }) {
  const user = useUser();
  const { lang, t, word } = useLang();
  const query = useQuery({
    queryKey: ['fact', kind, id],
    queryFn: ({ signal }) => get<EvidenceRow>(`/facts/${kind}/${id}`, undefined, signal),
    enabled: id !== undefined,
  });
  const isDetection = kind === 'detection';
  const hidden = new Set(['id', 'frame', 'ev_frame', 'fact', 'note_zh', kind === 'command' ? '' : 'kind', ...(isDetection ? ['rule', 'note'] : []), ...(user.sees_all ? [] : ['org'])]);
  return (
    <Drawer open={id !== undefined} onClose={onClose} title={word('fact', kind)} aria-label={word('fact', kind)} size={860} destroyOnHidden>
      <Loaded of={query}>
        {(row) => (
          <>
            {isDetection && <DetectionAbout row={row} />}
            <dl className="pairs" style={{ marginBottom: 16 }}>
              {Object.entries(row)
                .filter(([name, value]) => !hidden.has(name) && !(name === 'port' && Number(value) === 0) && !name.endsWith('_key') && value !== null && value !== '' && typeof value !== 'object')
                .map(([name, value]) => (
                  <div key={name} style={{ display: 'contents' }}>
                    <dt>{word('col', name)}</dt>
                    <dd>
                      <Value name={name} value={name === 'note' ? noteIn(lang, row) : value} kind={kind} />
                    </dd>
                  </div>
                ))}
              {(row.captures ?? []).map((capture) => (
                <div key={capture.sha256} style={{ display: 'contents' }}>
                  <dt>{t('col.capture')}</dt>
                  <dd>{t('gap.capture', { sha256: capture.sha256, bytes: fmtInt(capture.bytes), time: fmtTime(capture.first_read) })}</dd>
                </div>
              ))}
            </dl>
            <FrameView frame={row.frame} />
          </>
        )}
      </Loaded>
    </Drawer>
  );
}

interface TableProps {
  kind: string;
  path?: string;
  url: UrlState;
  setUrl: (change: Record<string, string | number | null>) => void;
  /** What the page asks for beside the address, and what it sorts by where the reader does not. */
  fixed?: Record<string, string>;
}

export function FactTable({ kind, path, url, setUrl, fixed }: TableProps) {
  const user = useUser();
  const { lang, t, word } = useLang();
  const [main = '', more = ''] = (factColumns[kind] ?? '').split(' | ');
  const names = [...main.split(' '), ...(user.sees_all ? ['org'] : []), ...more.split(' ')].filter(Boolean);
  const filters = Object.keys(url).filter((name) => name.startsWith('f.'));
  const rows = useRows<Row>(path ?? `/facts/${kind}`, url, ['q', 'sort', 'org'], fixed);
  const extra = new Set(['org', ...more.split(' ')]);
  const open = (row: Row) => setUrl({ open: String(row['id']), page: url['page'] ?? null });

  /** The first filled name of a row opens it. */
  const handle = (row: Row) => (kind === 'detection' ? 'rule' : names.find((name) => row[name] !== '' && row[name] !== null && row[name] !== undefined));
  const columns: Column<Row>[] = names.map((name) => ({
    key: name,
    title: word('col', name),
    extra: extra.has(name),
    sortable: !['country', 'partner', 'org'].includes(name),
    right: isNumber(name),
    render: (row) =>
      name === handle(row) ? (
        <button type="button" className="link" onClick={() => open(row)}>
          <Value name={name} value={row[name]} kind={kind} />
        </button>
      ) : name === 'note' ? (
        <div className="note">{String(noteIn(lang, row) ?? '')}</div>
      ) : name === 'dst' && kind === 'detection' ? (
        <span className="mono">{withPort(row)}</span>
      ) : name === 'src' && kind === 'transfer' && !row['src'] ? (
        <span className="soft">{t('transfers.vehicles')}</span>
      ) : name === 'partner' && row['partner'] ? (
        <>◆ {String(row['partner'])}</>
      ) : (
        <Value name={name} value={row[name]} kind={kind} />
      ),
  }));
  return (
    <>
      <div className="bar" style={{ margin: 0 }}>
        <Search url={url} setUrl={setUrl} hint={t('facts.search')} />
        <ColumnFilter key={kind} columns={searchable[kind] ?? []} setUrl={setUrl} />
        {filters.map((name) => (
          <Tag key={name} closable closeIcon={<span aria-label={t('filter.remove')}>×</span>} onClose={() => setUrl({ [name]: null })}>
            {word('col', name.slice(2))}
            {t('common.colon')}
            <Value name={name.slice(2)} value={url[name]} kind={kind} />
          </Tag>
        ))}
      </div>
      <DataTable<Row>
        id={`fact.${kind}`}
        caption={word('fact', kind)}
        columns={columns}
        rowKey={(row) => String(row['id'])}
        query={rows}
        url={url}
        setUrl={setUrl}
        onOpen={open}
        opensByClick
        actions={<ExportButton path={path ?? `/facts/${kind}`} params={{ ...fixed, ...filterOf(url, ['q', 'sort', 'org']) }} />}
        tools={<AsOf at={rows.dataUpdatedAt} />}
        empty={
          filters.length > 0 || url['q'] ? (
            <Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />
          ) : (
            <Nothing what={t('facts.none')} hint={t('facts.none_hint')}>
              <LinkButton to="/sensors">{t('nav.sensors')}</LinkButton>
            </Nothing>
          )
        }
      />
      <FactDrawer kind={kind} id={url['open']} onClose={() => setUrl({ open: null, page: url['page'] ?? null })} />
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
      <Head title={t('nav.facts')} name={word('fact', kind)} sub={t('facts.sub')} />
      <Tabs activeKey={kind} items={kinds.map((name) => ({ key: name, label: word('fact', name) }))} onChange={(next) => void navigate(`/facts/${next}`)} />
      <div className="stack">
        <FactTable key={kind} kind={kind} url={url} setUrl={setUrl} />
      </div>
    </>
  );
}
