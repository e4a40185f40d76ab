/* From a code to what has it, wherever it stands: a rule to its duties or gaps, anything else to its row. */
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import { useOrgs } from '../ui/orgs';
import type { Page, Register, Row, Rule } from '../types';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { keyOf, titleOf, useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';

interface Hit {
  register: Register;
  row: Row;
}
const rows_max = 20;

async function hitsOf(registers: Register[], key: string, org: string | undefined, signal: AbortSignal): Promise<Hit[]> {
  const lists = await Promise.all(
    registers.map(async (register) => {
      const field = keyOf(register);
      // rows of a bureau belong to no company
      const of = register.side === 'bureau' || register.is_global ? undefined : org;
      const { rows } = await get<Page>(`/registers/${register.name}`, { [`f.${field.name}`]: key, org: of, limit: rows_max }, signal);
      // a filter of a column finds what begins with it
      return rows.filter((row) => String(row[field.name]) === key).map((row) => ({ register, row }));
    }),
  );
  return lists.flat();
}

function Rows({ registers, code, org }: { registers: Register[]; code: string; org?: string }) {
  const { t, pick } = useLang();
  const orgs = useOrgs();
  // the stars of masked codes are found by none
  const keyed = registers.filter((register) => keyOf(register).type === 'text' && !keyOf(register).flags.includes('identity'));
  const hits = useQuery({ queryKey: ['hits', code, org], queryFn: ({ signal }) => hitsOf(keyed, code, org, signal) });
  return (
    <Loaded of={hits}>
      {(found) => {
        const [only] = found;
        if (only && found.length === 1) return <Navigate replace to={`/registers/${only.register.name}/${String(only.row['id'])}`} />;
        if (!only) return <Box bare><Nothing what={t('find.none', { key: code })} hint={t('find.none_hint')} /></Box>;
        return (
          <Box title={t('find.several', { key: code })}>
            <ul>
              {found.map(({ register, row }) => (
                <li key={`${register.name} ${String(row['id'])}`}>
                  {pick(register)} <Link to={`/registers/${register.name}/${String(row['id'])}`}>{titleOf(register, row)}</Link> {orgs.find((one) => one.code === row['org'])?.name}
                </li>
              ))}
            </ul>
          </Box>
        );
      }}
    </Loaded>
  );
}

export default function Find() {
  const { t } = useLang();
  const [url] = useUrl();
  const registers = useRegisters();
  const rules = useQuery({ queryKey: ['rules', undefined], queryFn: ({ signal }) => get<Page<Rule>>('/rules', undefined, signal), staleTime: Infinity });
  const { key = '', org } = url;
  return (
    <>
      <Head title={t('find.title', { key })} />
      <Loaded of={rules}>
        {(known) => {
          const rule = known.rows.find((one) => one.id === key);
          if (rule) return <Navigate replace to={`/${rule.kind === 'gap' ? 'gaps' : 'duties'}?rule=${encodeURIComponent(key)}${org ? `&org=${encodeURIComponent(org)}` : ''}`} />;
          return <Loaded of={registers}>{(all) => <Rows registers={all.rows} code={key} org={org} />}</Loaded>;
        }}
      </Loaded>
    </>
  );
}
