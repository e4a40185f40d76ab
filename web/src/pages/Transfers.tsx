/* Which identified data goes where: data types, destinations, countries. */
import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { get } from '../api';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Transfers } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import { useCountry } from '../ui/Value';
import { FactTable } from './Facts';

const Chart = lazy(() => import('../charts/Chart'));

/** Node kinds by what the server calls them. */
const isType = (kind: string) => kind.includes('type');
const isCountry = (kind: string) => kind.includes('country') || kind.includes('region');

function Sankey({ data }: { data: Transfers }) {
  const { t, word } = useLang();
  const country = useCountry();
  const navigate = useNavigate();
  const option = useMemo(() => {
    const colour = (kind: string, name: string) =>
      isType(kind) ? '#1b5fa6' : isCountry(kind) ? (name === 'CN' ? '#2f8f6b' : '#b3261e') : '#6b7785';
    const label = (kind: string, name: string) => (isType(kind) ? word('type', name) : isCountry(kind) ? country(name) : name);
    const kinds = new Map(data.nodes.map((node) => [node.name, node.kind]));
    return {
      tooltip: {
        trigger: 'item',
        formatter: (item: { dataType: string; name: string; value: number; data: { source?: string; target?: string } }) =>
          item.dataType === 'edge'
            ? `${label(kinds.get(item.data.source ?? '') ?? '', item.data.source ?? '')} → ${label(kinds.get(item.data.target ?? '') ?? '', item.data.target ?? '')}: ${fmtInt(item.value)}`
            : `${label(kinds.get(item.name) ?? '', item.name)}: ${fmtInt(item.value)}`,
      },
      series: [
        {
          type: 'sankey',
          left: 8,
          right: 110,
          top: 10,
          bottom: 10,
          nodeGap: 12,
          nodeWidth: 12,
          layoutIterations: 48,
          emphasis: { focus: 'trajectory' },
          lineStyle: { color: 'source', opacity: 0.22, curveness: 0.5 },
          label: { fontSize: 12, color: '#1d2733' },
          data: data.nodes.map((node) => ({
            name: node.name,
            itemStyle: { color: colour(node.kind, node.name) },
            label: {
              formatter: () => {
                const text = label(node.kind, node.name);
                const isAbroad = isCountry(node.kind) && node.name !== 'CN';
                return isAbroad ? `▲ ${text}` : text;
              },
            },
          })),
          links: data.links,
        },
      ],
    };
  }, [data, word, country]);
  return (
    <Suspense fallback={<div style={{ height: 380 }} />}>
      <Chart
        option={option}
        label={t('transfers.label', { n: data.links.length })}
        height={Math.min(640, Math.max(320, 34 * Math.max(...['type', 'dest', 'country'].map((kind) => data.nodes.filter((node) => node.kind.includes(kind)).length), 1)))}
        onPick={({ name, dataType }) => {
          const kind = data.nodes.find((node) => node.name === name)?.kind ?? '';
          if (dataType !== 'node') return;
          if (isType(kind)) void navigate(`/facts/transfer?data_type=${encodeURIComponent(name)}`);
          else if (!isCountry(kind)) void navigate(`/facts/transfer?q=${encodeURIComponent(name)}`);
        }}
      />
    </Suspense>
  );
}

function LinkTable({ data }: { data: Transfers }) {
  const { t, word } = useLang();
  const country = useCountry();
  const kinds = new Map(data.nodes.map((node) => [node.name, node.kind]));
  const name = (node: string) => {
    const kind = kinds.get(node) ?? '';
    return isType(kind) ? word('type', node) : isCountry(kind) ? country(node) : node;
  };
  return (
    <div style={{ maxHeight: 420, overflow: 'auto' }} tabIndex={0} role="region" aria-label={t('nav.transfers')}>
      <table className="fields">
        <thead>
          <tr>
            <th scope="col">{t('transfers.from')}</th>
            <th scope="col">{t('transfers.to')}</th>
            <th scope="col">{t('col.items')}</th>
          </tr>
        </thead>
        <tbody>
          {[...data.links]
            .sort((a, b) => b.value - a.value)
            .map((link) => (
              <tr key={`${link.source} ${link.target}`}>
                <th scope="row">{name(link.source)}</th>
                <td>{name(link.target)}</td>
                <td>
                  {isType(kinds.get(link.source) ?? '') ? (
                    <Link to={`/facts/transfer?data_type=${encodeURIComponent(link.source)}&q=${encodeURIComponent(link.target)}`}>{fmtInt(link.value)}</Link>
                  ) : (
                    fmtInt(link.value)
                  )}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

export default function TransfersPage() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const query = useQuery({ queryKey: ['transfers'], queryFn: ({ signal }) => get<Transfers>('/transfers', undefined, signal) });
  const view = url['view'] === 'table' ? 'table' : 'chart';
  return (
    <>
      <Head title={t('nav.transfers')} sub={t('transfers.sub')} asOf={query.dataUpdatedAt} />
      <Loaded of={query}>
        {(data) =>
          data.links.length === 0 ? (
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
                    <i style={{ background: '#1b5fa6' }} /> {t('transfers.types')} <i style={{ background: '#6b7785' }} /> {t('transfers.destinations')}{' '}
                    <i style={{ background: '#2f8f6b' }} /> {t('transfers.mainland')} <i style={{ background: '#b3261e' }} /> ▲ {t('transfers.abroad')}
                  </span>
                }
                extra={<Segmented size="small" value={view} options={[{ value: 'chart', label: t('common.chart') }, { value: 'table', label: t('common.table') }]} onChange={(value) => setUrl({ view: value === 'table' ? 'table' : null })} />}
              >
                {view === 'chart' ? <Sankey data={data} /> : <LinkTable data={data} />}
              </Box>
              <FactTable kind="transfer" url={url} setUrl={setUrl} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}
