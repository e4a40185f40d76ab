/* What inventories found of the data that a gap is about: files and columns with masked samples. */
import { Link } from 'react-router';
import { Grade, Samples, useColumnName, useTypeName } from '../data/parts';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import type { DataFind, GapDetail } from '../types';
import { Box, Nothing } from '../ui/Page';

export function FoundData({ gap, rows }: { gap: GapDetail; rows: DataFind[] }) {
  const { t, word } = useLang();
  const typeName = useTypeName();
  const columnName = useColumnName();
  const source = rows[0]?.source;
  const wanted = gap.subject.id.split(' · ').pop() ?? '';
  // Text holds the gap's type beside a stronger one, whose samples say nothing of it.
  const isBeside = (row: DataFind) => row.final_type !== wanted && row.others.includes(wanted);
  const total = gap.column_total ?? rows.length;
  return (
    <Box
      bare={rows.length > 0}
      title={`${t('noun.observation')}${t('common.colon')}${t('gap.found_in')}`}
      extra={
        source && (
          <>
            <Link to={`/data?source=${encodeURIComponent(source)}`}>{t('gap.open_map')}</Link> <Link to={`/data/review?source=${encodeURIComponent(source)}`}>{t('gap.open_review')}</Link>
          </>
        )
      }
    >
      {rows.length === 0 ? (
        <Nothing what={t('gap.nothing_observed')} />
      ) : (
        <div className="wide">
          <table className="rows">
            <caption className="vh">{t('gap.found_in')}</caption>
            <thead>
              <tr>
                {['data.object', 'data.column', 'data.proposal', 'data.grade', 'data.samples', 'gap.found_at'].map((key) => (
                  <th key={key} scope="col">
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <Link className="mono" style={{ overflowWrap: 'anywhere' }} to={`/data?source=${encodeURIComponent(row.source)}&object=${row.object_id}`}>
                      {row.path.startsWith(`${row.source}/`) ? row.path.slice(row.source.length + 1) : row.path}
                    </Link>
                  </th>
                  <td className="mono">{columnName(row.name)}</td>
                  <td>
                    {isBeside(row) ? (
                      <>
                        {typeName(wanted)} <span className="soft">{word('found', 'contains')}</span>
                      </>
                    ) : (
                      <>
                        {typeName(row.final_type)} <span className="soft">{row.verdict ? word('verdict', row.verdict) : word('found', row.state)}</span>
                      </>
                    )}
                  </td>
                  <td>
                    <Grade of={row.final_grade} />
                  </td>
                  <td>
                    <Samples of={isBeside(row) ? [] : row.samples} />
                  </td>
                  <td className="num">
                    #{row.run_id} {fmtTime(row.seen_at, false)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {total > rows.length && <p className="soft">{t('gap.found_more', { n: total, shown: rows.length })}</p>}
        </div>
      )}
    </Box>
  );
}
