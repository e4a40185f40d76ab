/* Which identified data goes where: data types, destinations, countries. */
import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { lazy, Suspense } from 'react';
import { Link, useNavigate } from 'react-router';
import { get } from '../api';
import { asHtml } from '../charts/html';
import { fmtBytes, fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Transfers } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import { useCountry } from '../ui/Value';
import { FactTable } from './Facts';

const Chart = lazy(() => import('../charts/Chart'));

type Node = Transfers['nodes'][number];

/** Links name their ends by id where nodes have one, else by name; a width is the count of items. */
interface Answer {
  nodes: (Omit<Node, 'id'> & { id?: string })[];
  links: { source: string; target: string; items?: number; value?: number; bytes?: number }[];
  rows: Transfers['rows'];
}

function read(answer: Answer): Transfers {
  return {
    rows: answer.rows,
    nodes: answer.nodes.map((node) => ({ ...node, id: node.id ?? node.name })),
    links: answer.links.map((link) => ({ ...link, items: link.items ?? link.value ?? 0, bytes: link.bytes ?? 0 })),
  };
}

const colours = { type: '#1b5fa6', destination: '#6b7785', partner: '#8a5aa8', mainland: '#2f8f6b', abroad: '#b3261e' };
/** "-" is a private address: in no country, and not abroad. */
const isPrivate = (node: Node | undefined) => node?.kind === 'country' && node.name === '-';
const isAbroad = (node: Node) => node.kind === 'country' && node.name !== 'CN' && !isPrivate(node);

function colour(node: Node): string {
  if (node.kind === 'type') return colours.type;
  if (isPrivate(node)) return colours.destination;
  if (node.kind === 'country') return isAbroad(node) ? colours.abroad : colours.mainland;
  return node.is_partner ? colours.partner : colours.destination;
}

/** What a node is called on the page, by its id. */
function useLabels(data: Transfers): (id: string) => string {
  const { word } = useLang();
  const country = useCountry();
  return (id) => {
    const node = data.nodes.find((one) => one.id === id);
    if (!node) return id;
    return node.kind === 'type' ? word('type', node.name) : node.kind === 'country' ? country(node.name) : node.name;
  };
}

const rowsOf = (node: Node) =>
  node.kind === 'type' ? `/facts/transfer?f.data_type=${encodeURIComponent(node.name)}` : `/facts/transfer?f.${node.is_partner ? 'partner' : /^[0-9a-f.:]+$/.test(node.name) ? 'dst' : 'host'}=${encodeURIComponent(node.name)}`;

function Sankey({ data }: { data: Transfers }) {
  const { t } = useLang();
  const navigate = useNavigate();
  const label = useLabels(data);
  const option = {
    tooltip: {
      trigger: 'item',
      formatter: (item: { dataType: string; name: string; value: number; data: { source?: string; target?: string } }) =>
        asHtml(
          item.dataType === 'edge'
            ? `${label(item.data.source ?? '')} → ${label(item.data.target ?? '')}: ${fmtInt(item.value)}`
            : `${label(item.name)}: ${fmtInt(item.value)}`,
        ),
    },
    series: [
      {
        type: 'sankey',
        left: 8,
        right: 120,
        top: 10,
        bottom: 10,
        nodeGap: 16,
        nodeWidth: 12,
        layoutIterations: 48,
        labelLayout: { hideOverlap: true },
        emphasis: { focus: 'trajectory' },
        lineStyle: { color: 'source', opacity: 0.22, curveness: 0.5 },
        label: { fontSize: 12, color: '#1d2733' },
        data: data.nodes.map((node) => ({
          name: node.id,
          itemStyle: { color: colour(node) },
          label: { formatter: () => (isAbroad(node) ? '▲ ' : node.is_partner ? '◆ ' : '') + label(node.id) },
        })),
        links: data.links.map((link) => ({ source: link.source, target: link.target, value: link.items })),
      },
    ],
  };
  const tallest = Math.max(...(['type', 'destination', 'country'] as const).map((kind) => data.nodes.filter((node) => node.kind === kind).length));
  return (
    <Suspense fallback={<div style={{ height: 320 }} />}>
      <Chart
        option={option}
        label={t('transfers.label', { n: data.links.length })}
        height={Math.min(640, Math.max(300, 34 * tallest))}
        onPick={({ name, dataType }) => {
          const node = data.nodes.find((one) => one.id === name);
          if (dataType === 'node' && node && node.kind !== 'country') void navigate(rowsOf(node));
        }}
      />
    </Suspense>
  );
}

function LinkTable({ data }: { data: Transfers }) {
  const { t } = useLang();
  const label = useLabels(data);
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  return (
    <div style={{ maxHeight: 420, overflow: 'auto' }} tabIndex={0} role="region" aria-label={t('nav.transfers')}>
      <table className="fields">
        <thead>
          <tr>
            <th scope="col">{t('transfers.from')}</th>
            <th scope="col">{t('transfers.to')}</th>
            <th scope="col">{t('col.items')}</th>
            <th scope="col">{t('col.bytes')}</th>
          </tr>
        </thead>
        <tbody>
          {[...data.links]
            .sort((a, b) => b.items - a.items)
            .map((link) => {
              const source = nodes.get(link.source);
              return (
                <tr key={`${link.source} ${link.target}`}>
                  <th scope="row">{label(link.source)}</th>
                  <td>{label(link.target)}</td>
                  <td>{source ? <Link to={rowsOf(source)}>{fmtInt(link.items)}</Link> : fmtInt(link.items)}</td>
                  <td>{fmtBytes(link.bytes)}</td>
                </tr>
              );
            })}
        </tbody>
      </table>
    </div>
  );
}

function Flows({ data, view }: { data: Transfers; view: 'chart' | 'table' }) {
  const { t } = useLang();
  if (data.links.length === 0) return <Nothing what={t('transfers.inside_only')} />;
  return view === 'chart' ? <Sankey data={data} /> : <LinkTable data={data} />;
}

export default function TransfersPage() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const view = url['view'] === 'table' ? 'table' : 'chart';
  const isEvery = url['all'] === '1';
  const query = useQuery({
    queryKey: ['transfers', isEvery],
    queryFn: async ({ signal }) => {
      const data = read(await get<Answer>('/transfers', isEvery ? { all: '1' } : undefined, signal));
      // Nothing leaves: is there anything that stays, or was nothing seen at all?
      const inside = isEvery || data.links.length > 0 ? data : read(await get<Answer>('/transfers', { all: '1' }, signal));
      return { ...data, isNone: inside.links.length === 0 };
    },
  });
  return (
    <>
      <Head
        title={t('nav.transfers')}
        sub={t(isEvery ? 'transfers.sub_every' : 'transfers.sub')}
        asOf={query.dataUpdatedAt}
        extra={<Segmented aria-label={t('common.shown')} value={isEvery ? 'every' : 'outside'} options={[{ value: 'outside', label: t('transfers.outside') }, { value: 'every', label: t('transfers.every') }]} onChange={(value) => setUrl({ all: value === 'every' ? '1' : null, page: null })} />}
      />
      <Loaded of={query}>
        {(data) =>
          data.isNone ? (
            <div className="box">
              <Nothing what={t('transfers.none')} hint={t('transfers.none_hint')}>
                <LinkButton to="/registers/organisations">{t('transfers.networks')}</LinkButton>
                <LinkButton to="/sensors">{t('nav.sensors')}</LinkButton>
              </Nothing>
            </div>
          ) : (
            <div className="stack">
              <Box
                title={
                  <span className="legend">
                    <i style={{ background: colours.type }} /> {t('transfers.types')} <i style={{ background: colours.partner }} /> ◆ {t('transfers.partners')}{' '}
                    <i style={{ background: colours.destination }} /> {t('transfers.destinations')} <i style={{ background: colours.mainland }} /> {t('transfers.mainland')}{' '}
                    <i style={{ background: colours.abroad }} /> ▲ {t('transfers.abroad')}
                  </span>
                }
                extra={
                  <Segmented size="small" aria-label={t('common.shown')} value={view} options={[{ value: 'chart', label: t('common.chart') }, { value: 'table', label: t('common.table') }]} onChange={(value) => setUrl({ view: value === 'table' ? 'table' : null })} />
                }
              >
                <Flows data={data} view={view} />
              </Box>
              <FactTable kind="transfer" url={url} setUrl={setUrl} fixed={{ sort: 'worst', ...(isEvery ? {} : { outside: '1' }) }} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}
