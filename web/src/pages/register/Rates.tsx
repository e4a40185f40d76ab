/* Cards and vehicles as who supervises reads them: how many each organisation has, never which ones. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api';
import { fmtInt } from '../../format';
import { useLang } from '../../i18n';
import type { Register } from '../../types';
import { DataTable } from '../../ui/DataTable';
import type { Column } from '../../ui/DataTable';
import { Head, Nothing } from '../../ui/Page';

interface Rate {
  org: { code: string; name: string };
  counts: Record<string, number>;
  count: number;
}

export function Rates({ register }: { register: Register }) {
  const { t, pick } = useLang();
  const rates = useQuery({ queryKey: ['rates', register.name], queryFn: ({ signal }) => get<{ by: string; rows: Rate[]; total: number }>(`/registers/${register.name}/rates`, undefined, signal) });
  const values = register.fields.find((field) => field.name === register.rates_by)?.values ?? [];
  const columns: Column<Rate>[] = [
    { key: 'org', title: t('common.org'), render: (row) => (register.task > 0 ? <Link to={`/supervision?cell=${row.org.code}.${register.task}`}>{row.org.name}</Link> : row.org.name) },
    { key: 'count', title: t('rates.count'), right: true, width: 110, render: (row) => <span className="num">{fmtInt(row.count)}</span> },
    ...values
      .filter((value) => rates.data?.rows.some((row) => row.counts[value.name]))
      .map((value) => ({
        key: value.name,
        title: pick(value, value.name),
        right: true,
        width: 140,
        render: (row: Rate) => {
          const n = row.counts[value.name] ?? 0;
          return <span className="num nowrap">{n === 0 ? '–' : `${fmtInt(n)} · ${((100 * n) / row.count).toFixed(1)} %`}</span>;
        },
      })),
  ];
  return (
    <>
      <Head title={pick(register)} sub={t('rates.sub')} asOf={rates.dataUpdatedAt} />
      <DataTable<Rate> id={`rates.${register.name}`} caption={pick(register)} columns={columns} rowKey={(row) => row.org.code} query={rates} url={{}} setUrl={() => undefined} whole empty={<Nothing what={t('register.none', { register: pick(register) })} />} />
    </>
  );
}
