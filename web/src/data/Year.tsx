/* The yearly run: what changed since the year before, and what belongs into the catalogue. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api';
import { fmtBytes, fmtInt } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { Box, Loaded, Nothing } from '../ui/Page';
import { Grade } from './parts';

interface Change {
  object_id: number;
  source: string;
  path: string;
  grade: string;
  change: string;
  rows_before: number | null;
  rows_now: number;
  bytes_before: number | null;
  bytes_now: number;
}

export function Changes({ org }: { org: string | undefined }) {
  const { t, word } = useLang();
  const query = useQuery({ queryKey: ['inventory-changes', org], queryFn: ({ signal }) => get<Page<Change>>('/inventory/changes', { org, limit: 500 }, signal) });
  return (
    <Loaded of={query}>
      {(data) =>
        data.rows.length === 0 ? (
          <div className="box">
            <Nothing what={t('data.no_changes')} hint={t('data.no_changes_hint')} />
          </div>
        ) : (
          <Box bare>
            <div className="wide"><table className="rows">
              <caption className="vh">{t('data.changes')}</caption>
              <thead>
                <tr>
                  {['change', 'object', 'source', 'grade', 'before', 'now', 'bytes'].map((key) => (
                    <th key={key} scope="col">
                      {t(`data.${key}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.rows.map((row) => (
                  <tr key={row.object_id}>
                    <td>{word('change', row.change)}</td>
                    <th scope="row" className="mono">
                      {row.path}
                    </th>
                    <td className="mono">{row.source}</td>
                    <td>
                      <Grade of={row.grade} />
                    </td>
                    <td className="num">{fmtInt(row.rows_before)}</td>
                    <td className="num">{fmtInt(row.rows_now)}</td>
                    <td className="num">{fmtBytes(row.bytes_now)}</td>
                  </tr>
                ))}
              </tbody>
            </table></div>
          </Box>
        )
      }
    </Loaded>
  );
}

interface Important {
  object_id: number;
  path?: string;
  /** Of the class of data; older servers: the path. */
  title: string;
  source: string;
  /** Ids of the taxonomy, its names, and the value that the form takes. */
  category: string;
  category_names?: string;
  axis?: string;
  purpose?: string;
  safeguards?: string;
  grade: string;
  records: number;
  bytes: number;
  carrier: string;
  carrier_text?: string;
  responsible: string;
  sharing: string;
  export: string;
  subjects: number;
  grade_why: string;
}

function filing(row: Important): string {
  const level = row.grade === 'core' ? 'core' : 'important';
  const fields = { type: 'important_data', title: row.title, source: row.path ?? row.source, category: row.axis ?? '', level, records: String(row.records), bytes: String(row.bytes), carrier: row.carrier_text ?? row.carrier, responsible: row.responsible, purpose: row.purpose ?? '', safeguards: row.safeguards ?? '', sharing: row.sharing, export: row.export };
  const known = Object.entries(fields).filter(([, value]) => value !== '');
  return `/cases/new?${new URLSearchParams(known).toString()}`;
}

export function ImportantData({ org }: { org: string | undefined }) {
  const { t } = useLang();
  const user = useUser();
  const query = useQuery({ queryKey: ['inventory-important', org], queryFn: ({ signal }) => get<Page<Important>>('/inventory/important', { org, limit: 500 }, signal) });
  return (
    <Loaded of={query}>
      {(data) =>
        data.rows.length === 0 ? (
          <div className="box">
            <Nothing what={t('data.no_important')} hint={t('data.no_important_hint')} />
          </div>
        ) : (
          <Box bare>
            <p className="soft" style={{ padding: '8px 12px' }}>
              {t('data.important_note')}
            </p>
            <div className="wide"><table className="rows">
              <caption className="vh">{t('data.important')}</caption>
              <thead>
                <tr>
                  {['object', 'source', 'category', 'grade', 'records', 'bytes', 'carrier', 'responsible', 'sharing', 'abroad', 'why'].map((key) => (
                    <th key={key} scope="col">
                      {t(`data.${key}`)}
                    </th>
                  ))}
                  <th scope="col" className="stick" aria-label={t('data.file')} />
                </tr>
              </thead>
              <tbody>
                {data.rows.map((row) => (
                  <tr key={row.object_id}>
                    <th scope="row" className="mono told-wide">
                      {row.path ?? row.title}
                    </th>
                    <td className="mono told-wide">{row.source}</td>
                    <td title={row.category.replaceAll(',', t('common.list'))}>{row.path ? row.title : row.category.replaceAll(',', t('common.list'))}</td>
                    <td>
                      <Grade of={row.grade} />
                    </td>
                    <td className="num">{fmtInt(row.records)}</td>
                    <td className="num">{fmtBytes(row.bytes)}</td>
                    <td>{row.carrier_text ?? row.carrier}</td>
                    <td>{row.responsible}</td>
                    <td>{row.sharing}</td>
                    <td>{row.export}</td>
                    <td>{row.grade_why}</td>
                    <td className="stick">{user.may_write && <LinkButton to={filing(row)}>{t('data.file')}</LinkButton>}</td>
                  </tr>
                ))}
              </tbody>
            </table></div>
          </Box>
        )
      }
    </Loaded>
  );
}
