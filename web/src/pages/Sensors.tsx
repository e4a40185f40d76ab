/* Sensors: what each has read, what it dropped and why. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtBytes, fmtInt, fmtTime, toDate } from '../format';
import { useLang } from '../i18n';
import type { Page, Row } from '../types';
import { Box, Head, Loaded, Nothing } from '../ui/Page';

interface Counter {
  name: string;
  label?: { zh?: string; en?: string };
  value: number;
}
interface Sensor {
  name: string;
  last: number;
  counters: Counter[];
}

/** The server gives a row a counter, or a row a sensor with its counters; both become this. */
export function sensorsOf(rows: Row[]): Sensor[] {
  const sensors = new Map<string, Sensor>();
  for (const row of rows) {
    const name = String(row['sensor'] ?? row['name'] ?? '');
    const sensor = sensors.get(name) ?? { name, last: 0, counters: [] };
    sensor.last = Math.max(sensor.last, toDate(row['last_seen'])?.getTime() ?? 0);
    if (Array.isArray(row['counters'])) {
      for (const one of row['counters'] as Row[])
        sensor.counters.push({ name: String(one['name'] ?? one['counter']), label: one as Counter['label'], value: Number(one['value']) });
    } else if (row['counters'] && typeof row['counters'] === 'object') {
      for (const [counter, value] of Object.entries(row['counters'])) sensor.counters.push({ name: counter, value: Number(value) });
    } else if (row['counter']) {
      sensor.counters.push({ name: String(row['counter']), label: row as Counter['label'], value: Number(row['value']) });
    }
    sensors.set(name, sensor);
  }
  return [...sensors.values()];
}

const isLoss = (name: string) => name.startsWith('drop_') || ['unread_coding', 'unread_limit', 'unread_broken', 'unread_memory', 'unread_streams', 'link_down', 'bad_frames', 'lost_streams', 'tcp_gaps', 'tcp_gap_bytes', 'skipped_bytes', 'flows_evicted', 'packets_cut', 'tcp_overlap_differs'].includes(name);

const rowsOf = ({ name }: Sensor) => `/facts/sensor?f.sensor=${encodeURIComponent(name)}`;

function Counters({ counters, warn }: { counters: Counter[]; warn?: boolean }) {
  const { pick, word } = useLang();
  return (
    <dl className="pairs counters">
      {counters.map((counter) => (
        <div key={counter.name} style={{ display: 'contents' }}>
          <dt>{pick(counter.label) || word('counter', counter.name)}</dt>
          <dd className="num" style={warn && counter.value > 0 ? { color: 'var(--medium)', fontWeight: 600 } : undefined}>
            {counter.name.endsWith('bytes') ? fmtBytes(counter.value) : fmtInt(counter.value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The sensor that the server itself runs, where it was asked for one. */
interface Own {
  name: string;
  state: 'runs' | 'ended' | 'failed';
  message?: string;
}

function OwnSensor({ own }: { own: Own | undefined }) {
  const { t } = useLang();
  if (!own || own.state === 'ended') return null;
  return own.state === 'failed' ? (
    <Alert type="error" showIcon role="note" style={{ marginBottom: 14 }} title={t('sensors.failed', { name: own.name })} description={own.message} />
  ) : (
    <Alert type="success" showIcon role="note" style={{ marginBottom: 14 }} title={t('sensors.runs', { name: own.name })} />
  );
}

function Readings({ sensors }: { sensors: Sensor[] }) {
  const { t } = useLang();
  if (sensors.length === 0)
    return (
      <div className="box">
        <Nothing what={t('sensors.none')} hint={t('sensors.none_hint')}>
          <code className="mono">zhuji sense -i eth0 --system CODE --db zhuji.db</code>
        </Nothing>
      </div>
    );
  return (
    <div className="stack">
      {sensors.map((sensor) => (
        <Box
          key={sensor.name}
          title={<span className="mono">{sensor.name}</span>}
          extra={
            <span className="soft num">
              {t('plan.sensor_last', { time: fmtTime(sensor.last) || '–' })} · <Link style={{ textDecoration: 'underline' }} to={rowsOf(sensor)}>{t('sensors.rows')}</Link>
            </span>
          }
        >
          <div className="two">
            <div>
              <h3 className="minor">{t('sensors.read')}</h3>
              <Counters counters={sensor.counters.filter((counter) => !isLoss(counter.name))} />
            </div>
            <div>
              <h3 className="minor">{t('sensors.lost')}</h3>
              {sensor.counters.some((counter) => isLoss(counter.name) && counter.value > 0) ? (
                <Counters warn counters={sensor.counters.filter((counter) => isLoss(counter.name))} />
              ) : (
                <span className="mark c-met">{t('sensors.no_loss')}</span>
              )}
            </div>
          </div>
        </Box>
      ))}
    </div>
  );
}

export default function Sensors() {
  const { t } = useLang();
  const query = useQuery({ queryKey: ['sensors'], queryFn: ({ signal }) => get<Page & { own?: Own }>('/sensors', { limit: 500 }, signal) });
  return (
    <>
      <Head title={t('nav.sensors')} sub={t('sensors.sub')} asOf={query.dataUpdatedAt} />
      <Loaded of={query}>
        {(data) => (
          <>
            <OwnSensor own={data.own} />
            <Readings sensors={sensorsOf(data.rows)} />
          </>
        )}
      </Loaded>
    </>
  );
}
