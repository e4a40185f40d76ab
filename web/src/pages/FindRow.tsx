/* From a row's key to its page: what duties, gaps and other rows refer to stands there by its key. */
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page, Register } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { useOrgs } from '../ui/orgs';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { keyOf, titleOf, useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';
import { useWorkTypes } from '../work/hooks';
import { Missing } from './Missing';

const rows_max = 20;

/** Nothing there that the reader may see: what a company has not handed in yet is its own. */
function NotFound({ register, value, org }: { register: Register; value: string; org?: string }) {
  const { t, pick } = useLang();
  const user = useUser();
  const type = useWorkTypes().data?.find((one) => one.register === register.name);
  const isDraft = user.sees_all && register.is_case_form;
  const whose = org ? `&org=${encodeURIComponent(org)}` : '';
  return (
    <Nothing what={t('row.not_found', { key: value, register: pick(register) })} hint={isDraft ? t('row.not_handed_in') : undefined}>
      {type && <LinkButton to={`/cases?mine=all&type=${type.name}${whose}`}>{t('nav.cases')}</LinkButton>}
      <LinkButton to={`/registers/${register.name}${whose.replace('&', '?')}`}>{pick(register)}</LinkButton>
    </Nothing>
  );
}

function Found({ register, value, org }: { register: Register; value: string; org?: string }) {
  const { pick, t } = useLang();
  const orgs = useOrgs();
  const name = `f.${keyOf(register).name}`;
  const query = useQuery({ queryKey: ['find', register.name, value, org], queryFn: ({ signal }) => get<Page>(`/registers/${register.name}`, { [name]: value, org, limit: rows_max }, signal) });
  return (
    <Loaded of={query}>
      {({ rows }) => {
        // a filter of a column finds what begins with it
        const exact = rows.filter((row) => String(row[keyOf(register).name]) === value);
        const [only] = exact;
        if (only && exact.length === 1) return <Navigate replace to={`/registers/${register.name}/${String(only['id'])}`} />;
        return (
          <>
            <Head title={value} sub={<Link to={`/registers/${register.name}`}>{pick(register)}</Link>} />
            {only ? (
              <Box title={t('row.several', { key: value })}>
                <ul>
                  {exact.map((row) => (
                    <li key={String(row['id'])}>
                      <Link to={`/registers/${register.name}/${String(row['id'])}`}>{titleOf(register, row)}</Link> {orgs.find((one) => one.code === row['org'])?.name ?? String(row['org'] ?? '')}
                    </li>
                  ))}
                </ul>
              </Box>
            ) : (
              <Box bare>
                <NotFound register={register} value={value} org={org} />
              </Box>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

export default function FindRow() {
  const { name } = useParams();
  const [url] = useUrl();
  const all = useRegisters();
  return (
    <Loaded of={all}>
      {(data) => {
        const register = data.rows.find((one) => one.name === name);
        return register ? <Found register={register} value={url['key'] ?? ''} org={url['org']} /> : <Missing />;
      }}
    </Loaded>
  );
}
