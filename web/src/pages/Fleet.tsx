/* The fleet as the wire shows it: how many vehicles, by which protocol and edition, encrypted or not. */
import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { fromAxis, hourPoints, lastDays } from '../charts/hours';
import type { HourPoint } from '../charts/hours';
import { asHtml } from '../charts/html';
import { fmtBytes, fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { series as palette } from '../theme';
import type { Fleet } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { useUrl } from '../ui/url';
import { FactTable } from './Facts';

const Chart = lazy(() => import('../charts/Chart'));
type Measure = 'vehicles' | 'frames' | 'bytes';
const measures: Measure[] = ['vehicles', 'frames', 'bytes'];
const spans = [0, 30, 7, 1];
const dashes = ['solid', 'dashed', 'dotted'];

interface Tip {
  value: [number, number | null];
  seriesName: string;
  marker: string;
}

/** Days where the axis shows days, hours between them. */
const axisTime = (at: number) => {
  const time = fmtTime(fromAxis(at), false).slice(5);
  return time.endsWith(' 00:00') ? time.slice(0, 5) : time;
};
const tip = (points: Tip[], fmt: (value: unknown) => string) =>
  [fmtTime(fromAxis(points[0]?.value[0] ?? 0), false), ...points.filter((point) => point.value[1] !== null).map((point) => `${point.marker}${asHtml(point.seriesName)} <b>${fmt(point.value[1])}</b>`)].join('<br>');

function Load({ fleet }: { fleet: Fleet }) {
  const { t, word } = useLang();
  const [measure, setMeasure] = useState<Measure>('vehicles');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const [days, setDays] = useState(0);
  const data = useMemo(() => {
    const hours = lastDays([...new Set(fleet.series.map((point) => point.hour))].sort(), days);
    const lines = new Map<string, Map<string, number>>();
    for (const point of fleet.series) {
      const name = `${word('protocol', point.protocol)} · ${word('security', point.security)}`;
      const line = lines.get(name) ?? new Map<string, number>();
      line.set(point.hour, (line.get(point.hour) ?? 0) + point[measure]);
      lines.set(name, line);
    }
    return { hours, lines: [...lines.entries()] };
  }, [fleet.series, measure, days, word]);
  const fmt = measure === 'bytes' ? fmtBytes : fmtInt;
  const option = useMemo(
    () => ({
      color: palette,
      grid: { left: 62, right: 16, top: 36, bottom: 26 },
      legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 18, itemHeight: 3, textStyle: { color: '#3a4754' } },
      useUTC: true,
      tooltip: { trigger: 'axis', formatter: (points: Tip[]) => tip(points, fmt) },
      xAxis: { type: 'time', axisLabel: { color: '#56626f', hideOverlap: true, formatter: (at: number) => axisTime(at) }, axisLine: { lineStyle: { color: '#c3ccd6' } }, minInterval: 3600_000 },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { color: '#56626f', formatter: (value: number) => fmt(value) }, splitLine: { lineStyle: { color: '#e9edf1' } } },
      series: data.lines.map(([name, line], at) => ({
        name,
        type: 'line',
        symbol: 'circle',
        symbolSize: (_value: unknown, point: { data: HourPoint }) => (point.data.alone ? 8 : data.hours.length < 30 ? 4 : 0),
        showSymbol: true,
        lineStyle: { width: 2, type: dashes[at % dashes.length] },
        data: hourPoints(data.hours, line),
      })),
    }),
    [data, fmt],
  );
  return (
    <Box
      title={t('fleet.over_time')}
      extra={
        <>
          <Segmented size="small" aria-label={t('fleet.span')} value={days} options={spans.map((value) => ({ value, label: t(value ? 'fleet.last_days' : 'common.all', { n: value }) }))} onChange={setDays} />
          <Segmented size="small" aria-label={t('common.shown')} value={measure} options={measures.map((value) => ({ value, label: t(`fleet.${value}` as 'fleet.vehicles') }))} onChange={setMeasure} />
          <Segmented size="small" aria-label={t('common.shown')} value={view} options={[{ value: 'chart', label: t('common.chart') }, { value: 'table', label: t('common.table') }]} onChange={setView} />
        </>
      }
    >
      {data.hours.length === 0 ? (
        <Nothing what={t('fleet.no_load')} hint={t('facts.none_hint')} />
      ) : view === 'chart' ? (
        <Suspense fallback={<div style={{ height: 250 }} />}>
          <Chart option={option} label={t('fleet.over_time')} height={250} />
        </Suspense>
      ) : (
        <div style={{ maxHeight: 250, overflow: 'auto' }} tabIndex={0} role="region" aria-label={t('fleet.over_time')}>
          <table className="fields">
            <thead>
              <tr>
                <th scope="col">{t('col.hour')}</th>
                {data.lines.map(([name]) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...data.hours].reverse().map((hour) => (
                <tr key={hour}>
                  <th scope="row" className="num">
                    {fmtTime(hour, false)}
                  </th>
                  {data.lines.map(([name, line]) => (
                    <td key={name}>{fmt(line.get(hour) ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Box>
  );
}

/** Shares of a whole as bars, each a link to the rows behind it. */
function Shares({ title, rows, group, column, total }: { title: string; rows: { name: string; vehicles: number; protocol?: string }[]; group: string; column: string; total: number }) {
  const { t, word } = useLang();
  const whole = Math.max(1, total, rows.reduce((n, row) => n + row.vehicles, 0));
  return (
    <Box title={title}>
      {rows.length === 0 ? (
        <span className="soft">{t('facts.none')}</span>
      ) : (
        <table className="shares">
          <caption className="vh">{title}</caption>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.protocol ?? ''} ${row.name}`}>
                <th scope="row">
                  {row.protocol && <>{word('protocol', row.protocol)} </>}
                  {word(group, row.name) || t('common.unknown')}
                </th>
                <td>
                  <span className={`bar-fill ${group}-${row.name}`} style={{ width: `${Math.max(2, (100 * row.vehicles) / whole)}%` }} />
                </td>
                <td className="num">
                  <Link to={`/facts/identity?f.${column}=${encodeURIComponent(row.name)}`}>{fmtInt(row.vehicles)}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Box>
  );
}

export default function FleetPage() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const query = useQuery({ queryKey: ['fleet'], queryFn: ({ signal }) => get<Fleet>('/fleet', undefined, signal) });
  return (
    <>
      <Head title={t('nav.fleet')} sub={t('fleet.sub')} asOf={query.dataUpdatedAt} />
      <Loaded of={query}>
        {(fleet) =>
          fleet.vehicles === 0 ? (
            <div className="box">
              <Nothing what={t('fleet.none')} hint={t('facts.none_hint')}>
                <LinkButton to="/sensors">{t('nav.sensors')}</LinkButton>
              </Nothing>
            </div>
          ) : (
            <div className="stack">
              <div className="shares-row">
                <section className="box">
                  <div className="in">
                    <div className="tile-title">{t('plan.vehicles')}</div>
                    <div className="figure">
                      <Link to="/facts/identity">{fmtInt(fleet.vehicles)}</Link>
                    </div>
                    <div className="soft">{t('plan.online', { n: fmtInt(fleet.online_24h) })}</div>
                  </div>
                </section>
                <Shares title={t('fleet.by_protocol')} rows={fleet.by_protocol} group="protocol" column="protocol" total={fleet.vehicles} />
                <Shares title={t('fleet.by_edition')} rows={fleet.by_edition} group="edition" column="edition" total={fleet.vehicles} />
                <Shares title={t('fleet.by_security')} rows={fleet.by_security} group="security" column="security" total={fleet.vehicles} />
              </div>
              <p className="soft">{t('fleet.counted')}</p>
              <Load fleet={fleet} />
              <FactTable kind="identity" url={url} setUrl={setUrl} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}
