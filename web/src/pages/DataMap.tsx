/* What data there is: systems and stores, their tables and files, their columns; and the yearly run. */
import { useQuery } from '@tanstack/react-query';
import { Breadcrumb, Segmented } from 'antd';
import { Link } from 'react-router';
import { get } from '../api';
import { Columns } from '../data/Columns';
import { Flags, Grade, fmtAbout, useTypeName } from '../data/parts';
import { Runs } from '../data/Runs';
import { Changes, ImportantData } from '../data/Year';
import { fmtBytes, fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { DataTable } from '../ui/DataTable';
import { ExportButton, filterOf } from '../ui/ExportButton';
import { Choice, Search } from '../ui/Filters';
import { useOrgs } from '../ui/orgs';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { paging, useUrl } from '../ui/url';
import type { UrlState } from '../ui/url';

/** Distinct subjects of a system, by the type of number that shows the most. */
interface SystemCount {
  system: string;
  type: string;
  subjects: number;
}

interface Source {
  org: string;
  source: string;
  store: string;
  store_name: string;
  system: string;
  objects: number;
  row_count: number;
  is_estimate: boolean;
  bytes: number;
  grade: string;
  is_personal: boolean;
  is_sensitive: boolean;
  subjects: number;
  offered: number;
  kept: number;
  seen_at: string;
}

interface DataObject {
  id: number;
  source: string;
  path: string;
  kind: string;
  kind_text?: string;
  comment: string;
  row_count: number;
  is_estimate: boolean;
  bytes: number;
  grade: string;
  is_personal: boolean;
  is_sensitive: boolean;
  subjects: number;
  grade_why: string;
  column_count: number;
  found: number;
  offered: number;
  is_gone: boolean;
  is_kept: boolean;
  is_partial: boolean;
  is_least: boolean;
  view_of: string;
}

/** The path below its source: what differs from row to row. */
const below = (row: DataObject) => (row.path.startsWith(row.source) && row.path !== row.source ? row.path.slice(row.source.length).replace(/^[/!]/, '') : row.path);

function NoRun() {
  const { t } = useLang();
  return (
    <div className="box">
      <Nothing what={t('data.none')} hint={t('data.none_hint')}>
        <code className="mono">zhuji inventory --db zhuji.db /data postgresql://reader@host/db</code>
      </Nothing>
    </div>
  );
}

/** One box a system, a row a source, with the store that the register knows it as. */
function Sources({ rows, counts }: { rows: Source[]; counts: SystemCount[] }) {
  const { t } = useLang();
  const typeName = useTypeName();
  const told = (system: string) => {
    const count = counts.find((one) => one.system === system);
    return count && <span className="soft" title={t('data.subjects_how')}>{t('data.system_subjects', { n: fmtInt(count.subjects), type: typeName(count.type) })}</span>;
  };
  const systems = [...new Set(rows.map((row) => row.system))];
  return (
    <div className="stack">
      {systems.map((system) => (
        <Box key={system} bare extra={told(system)} title={system ? <span className="mono">{system}</span> : t('data.no_system')}>
          <div className="wide"><table className="rows">
            <caption className="vh">{system || t('data.no_system')}</caption>
            <thead>
              <tr>
                {['source', 'store', 'grade', 'objects', 'rows', 'bytes', 'subjects', 'offered', 'seen'].map((key) => (
                  <th key={key} scope="col">
                    {t(`data.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows
                .filter((row) => row.system === system)
                .map((row) => (
                  <tr key={`${row.org} ${row.source}`}>
                    <th scope="row">
                      <Link className="mono" to={`/data?source=${encodeURIComponent(row.source)}`}>
                        {row.source}
                      </Link>
                    </th>
                    <td>{row.store ? `${row.store_name} (${row.store})` : <Link to={`/registers/data_stores/new?location=${encodeURIComponent(row.source)}`}>{t('data.no_store')}</Link>}</td>
                    <td>
                      <Grade of={row.grade} />
                      <Flags row={row} />
                    </td>
                    <td className="num">
                      {fmtInt(row.objects)}
                      {row.kept > 0 && <div className="soft">{t('data.kept_count', { n: row.kept })}</div>}
                    </td>
                    <td className="num">{`${row.is_estimate ? '≈ ' : ''}${fmtInt(row.row_count)}`}</td>
                    <td className="num">{fmtBytes(row.bytes)}</td>
                    <td className="num">{fmtAbout(row.subjects)}</td>
                    <td className="num">{row.offered > 0 ? <Link to={`/data/review?source=${encodeURIComponent(row.source)}`}>{fmtInt(row.offered)}</Link> : 0}</td>
                    <td className="num">{fmtTime(row.seen_at, false)}</td>
                  </tr>
                ))}
            </tbody>
          </table></div>
        </Box>
      ))}
    </div>
  );
}

function Objects({ url, setUrl }: { url: UrlState; setUrl: (change: Record<string, string | number | null>) => void }) {
  const { t } = useLang();
  const { limit, offset } = paging(url);
  const filter = { source: url['source'], q: url['q'], org: url['org'], limit, offset };
  const query = useQuery({ queryKey: ['inventory-objects', filter], queryFn: ({ signal }) => get<Page<DataObject>>('/inventory/objects', filter, signal) });
  return (
    <DataTable<DataObject>
      id="data-objects"
      caption={t('data.objects')}
      rowKey={(row) => row.id}
      query={query}
      url={url}
      setUrl={setUrl}
      empty={<Nothing what={t('data.none')} />}
      tools={<Search url={url} setUrl={setUrl} hint={t('data.search')} />}
      columns={[
        {
          key: 'path',
          title: t('data.object'),
          render: (row) => (
            <>
              <Link className="mono" to={`/data?source=${encodeURIComponent(row.source)}&object=${row.id}`}>
                {below(row)}
              </Link>
              {row.is_gone && <span className="soft"> {t('data.gone')}</span>}
              {row.is_kept && <span className="soft"> {t('data.kept')}</span>}
              {row.is_partial && <span className="soft"> {t('data.partial')}</span>}
              {row.view_of && <div className="soft">{t('data.view_of', { of: row.view_of })}</div>}
              {row.comment && <div className="soft">{row.comment}</div>}
            </>
          ),
        },
        { key: 'kind', title: t('data.kind'), render: (row) => row.kind_text ?? row.kind },
        {
          key: 'grade',
          title: t('data.grade'),
          render: (row) => (
            <>
              <Grade of={row.grade} />
              <Flags row={row} />
              {row.grade_why && <div className="soft">{row.grade_why}</div>}
            </>
          ),
        },
        { key: 'rows', title: t('data.rows'), right: true, render: (row) => row.view_of ? '' : <span title={row.is_least ? t('data.least') : row.is_estimate ? t('data.estimate') : undefined}>{`${row.is_least ? '≥ ' : row.is_estimate ? '≈ ' : ''}${fmtInt(row.row_count)}`}</span> },
        { key: 'bytes', title: t('data.bytes'), right: true, render: (row) => fmtBytes(row.bytes) },
        { key: 'columns', title: t('data.columns'), right: true, render: (row) => fmtInt(row.column_count) },
        { key: 'found', title: t('data.found'), right: true, render: (row) => fmtInt(row.found) },
        { key: 'subjects', title: t('data.subjects'), right: true, render: (row) => fmtAbout(row.subjects) },
        { key: 'offered', title: t('data.offered'), right: true, render: (row) => fmtInt(row.offered) },
      ]}
    />
  );
}

function Trail({ source, object }: { source: string; object: string | undefined }) {
  const { t } = useLang();
  const query = useQuery({ queryKey: ['inventory-object', object], enabled: object !== undefined, queryFn: ({ signal }) => get<Page<DataObject>>('/inventory/objects', { object, limit: 1 }, signal) });
  const row = query.data?.rows[0];
  return (
    <Breadcrumb
      items={[
        { title: <Link to="/data">{t('data.all_sources')}</Link> },
        { title: <Link to={`/data?source=${encodeURIComponent(source)}`}>{source}</Link> },
        ...(row ? [{ title: <span className="mono">{below(row)}</span> }] : []),
      ]}
    />
  );
}

function MapView({ url, setUrl }: { url: UrlState; setUrl: (change: Record<string, string | number | null>) => void }) {
  const source = url['source'];
  const object = url['object'];
  const filter = { org: url['org'], limit: 500 };
  const query = useQuery({ queryKey: ['inventory-sources', filter], queryFn: ({ signal }) => get<Page<Source> & { systems?: SystemCount[] }>('/inventory/sources', filter, signal) });
  if (source === undefined) return <Loaded of={query}>{(data) => (data.rows.length === 0 ? <NoRun /> : <Sources rows={data.rows} counts={data.systems ?? []} />)}</Loaded>;
  return (
    <div className="stack">
      <Trail source={source} object={object} />
      {object ? <Columns object={Number(object)} /> : <Objects url={url} setUrl={setUrl} />}
    </div>
  );
}

const views = ['map', 'changes', 'important', 'runs'] as const;
const lists = { map: '/inventory/sources', objects: '/inventory/objects', columns: '/inventory/columns', changes: '/inventory/changes', important: '/inventory/important', runs: '/inventory/runs' };

export default function DataMap() {
  const { t } = useLang();
  const user = useUser();
  const orgs = useOrgs();
  const [url, setUrl] = useUrl();
  const view = views.find((name) => name === url['view']) ?? 'map';
  const org = url['org'];
  return (
    <>
      <Head
        title={t('nav.data')}
        sub={t('data.sub')}
        extra={
          <>
            {(org || !user.sees_all) && <ExportButton path="/inventory/report" params={{ org }} formats={['pdf', 'xlsx']} label={t('data.report')} />}
            <ExportButton path="/inventory/columns" params={{ org, source: url['source'], found: 1 }} label={t('data.export')} />
            <ExportButton path={lists[view === 'map' ? (url['object'] ? 'columns' : url['source'] === undefined ? 'map' : 'objects') : view]} params={{ org, ...filterOf(url, ['source', 'object', 'q']) }} />
          </>
        }
      />
      <div className="bar">
        <Segmented aria-label={t('common.shown')} value={view} options={views.map((name) => ({ value: name, label: t(`data.${name}`) }))} onChange={(value) => setUrl({ view: value === 'map' ? null : String(value), source: null, object: null, q: null })} />
        {user.sees_all && <Choice name="org" label={t('common.org')} width={240} url={url} setUrl={setUrl} options={orgs.map((one) => ({ value: one.code, label: one.name, text: one.name }))} />}
      </div>
      {view === 'map' && <MapView url={url} setUrl={setUrl} />}
      {view === 'changes' && <Changes org={org} />}
      {view === 'important' && <ImportantData org={org} />}
      {view === 'runs' && <Runs org={org} />}
    </>
  );
}
