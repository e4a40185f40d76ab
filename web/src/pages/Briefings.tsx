/* Task 2: briefings held and distinct companies reached, against what the plan asks for the year. */
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { Link } from 'react-router';
import { get } from '../api';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Row } from '../types';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { rowUrl } from '../ui/registers';
import { useUrl } from '../ui/url';

interface Coverage {
  year: string;
  source?: string;
  target_sessions_max?: number;
  sessions: number;
  companies: number;
  target_sessions: number;
  target_companies: number;
  rows: Row[];
}

function Gauge({ title, n, of, most, to }: { title: string; n: number; of: number; most?: number; to: string }) {
  const { t } = useLang();
  return (
    <section className="tile">
      <h2>{title}</h2>
      <div className="big">
        <Link to={to}>{fmtInt(n)}</Link> <span>{t('briefings.of', { n: most && most > of ? `${of}–${most}` : of })}</span>
      </div>
      <Progress percent={of > 0 ? Math.min(100, Math.round((100 * n) / of)) : 0} status={n >= of ? 'success' : 'normal'} aria-label={title} />
    </section>
  );
}

export default function Briefings() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const year = url['year'];
  const query = useQuery({ queryKey: ['briefings', year], queryFn: ({ signal }) => get<Coverage>('/supervision/briefings', { year }, signal) });
  return (
    <>
      <Head
        title={t('nav.briefings')}
        sub={<Link to="/tasks/2">{t('task.n', { n: 2 })}</Link>}
        asOf={query.dataUpdatedAt}
        extra={
          <Button icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
            {t('common.print')}
          </Button>
        }
      />
      <Loaded of={query}>
        {(data) => (
          <div className="stack">
            <div className="tools box">
              {[-1, 0, 1].map((by) => String(Number(data.year) + by)).map((one) => (
                <Button key={one} type={one === data.year ? 'primary' : 'default'} onClick={() => setUrl({ year: one })}>
                  {one}
                </Button>
              ))}
            </div>
            <div className="two">
              <Gauge title={t('briefings.sessions')} n={data.sessions} of={data.target_sessions} most={data.target_sessions_max} to="/registers/briefings" />
              <Gauge title={t('briefings.companies')} n={data.companies} of={data.target_companies} to="/registers/briefing_attendance" />
            </div>
            {data.source && <p className="soft">{data.source}</p>}
            <Box bare title={t('briefings.held')} extra={<Link to="/registers/briefings">{t('common.all')}</Link>}>
              {data.rows.length === 0 ? (
                <Nothing what={t('briefings.none')}>
                  <Link to="/registers/briefings/new">{t('row.add')}</Link>
                </Nothing>
              ) : (
                <table className="rows">
                  <thead>
                    <tr>
                      <th scope="col">{t('briefings.day')}</th>
                      <th scope="col">{t('case.title')}</th>
                      <th scope="col">{t('briefings.reached')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.rows.map((row) => (
                      <tr key={String(row['code'])}>
                        <td className="num nowrap">{String(row['held_on'] ?? '–')}</td>
                        <th scope="row">
                          <Link to={rowUrl('briefings', String(row['code']))}>{String(row['title'] ?? row['code'])}</Link>
                        </th>
                        <td className="num">
                          <Link to={`/registers/briefing_attendance?f.briefing=${encodeURIComponent(String(row['code']))}`}>{fmtInt(row['companies'])}</Link>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Box>
          </div>
        )}
      </Loaded>
    </>
  );
}
