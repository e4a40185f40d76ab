/* What was submitted and approved, never changed since; and the difference between any two. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { get } from '../../api';
import { fmtTime } from '../../format';
import { useLang } from '../../i18n';
import type { Page, Register } from '../../types';
import { Loaded, Nothing } from '../../ui/Page';
import { useOfCase } from '../../work/hooks';
import type { FieldDiff, Snapshot } from '../../work/types';
import { Changes } from '../row/RowHistory';

/** The form as it is now, in place of a snapshot. */
const present = 0;

function Diff({ id, register, from, to }: { id: number; register: Register | undefined; from: number; to: number }) {
  const { t } = useLang();
  const diff = useQuery({
    queryKey: ['case', id, 'diff', from, to],
    queryFn: async ({ signal }) => {
      const answer = await get<FieldDiff[] | Page<FieldDiff>>(`/work/cases/${id}/diff`, { from, to }, signal);
      return Array.isArray(answer) ? answer : answer.rows;
    },
  });
  return <Loaded of={diff}>{(rows) => (rows.length === 0 ? <Nothing what={t('case.no_diff')} /> : <Changes register={register} changes={rows} />)}</Loaded>;
}

interface Props {
  id: number;
  register: Register | undefined;
  /** The form as it is now is the company's; others see what was handed in. */
  seesPresent: boolean;
}

function Chosen({ id, register, seesPresent, rows }: Props & { rows: Snapshot[] }) {
  const { t, word } = useLang();
  const newest = rows.reduce((n, row) => Math.max(n, row.n), 0);
  const [from, setFrom] = useState(seesPresent ? newest : Math.max(newest - 1, 1));
  const [to, setTo] = useState(seesPresent ? present : newest);
  const label = (row: Snapshot) => `#${row.n} ${word('snapshot', row.kind)} ${fmtTime(row.at, false)}`;
  const options = rows.map((row) => ({ value: row.n, label: label(row) }));
  return (
    <div className="stack">
      <div className="bar" style={{ margin: 0 }}>
        <Select aria-label={t('case.diff_from')} style={{ width: 280 }} value={from} options={options} onChange={setFrom} /> →{' '}
        <Select aria-label={t('case.diff_to')} style={{ width: 280 }} value={to} options={seesPresent ? [{ value: present, label: t('case.now') }, ...options] : options} onChange={setTo} />
      </div>
      <Diff id={id} register={register} from={from} to={to} />
    </div>
  );
}

export function Snapshots({ id, register, seesPresent }: Props) {
  const { t, word } = useLang();
  const snapshots = useOfCase<Snapshot>(id, 'snapshots');
  return (
    <Loaded of={snapshots}>
      {(rows) =>
        rows.length === 0 ? (
          <Nothing what={t('case.no_snapshots')} />
        ) : (
          <div className="stack">
            <table className="rows">
              <thead>
                <tr>
                  <th scope="col">{t('audit.seq')}</th>
                  <th scope="col">{t('case.what')}</th>
                  <th scope="col">{t('audit.at')}</th>
                  <th scope="col">{t('audit.user')}</th>
                  <th scope="col">{t('audit.hash')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.n}>
                    <td className="num">{row.n}</td>
                    <td>{word('snapshot', row.kind)}</td>
                    <td className="num nowrap">{fmtTime(row.at)}</td>
                    <td>{row.actor}</td>
                    <td className="mono soft" title={row.hash}>
                      {row.hash.slice(0, 16)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Chosen key={rows.length} id={id} register={register} seesPresent={seesPresent} rows={rows} />
          </div>
        )
      }
    </Loaded>
  );
}
