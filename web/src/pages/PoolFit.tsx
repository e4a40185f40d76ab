/* Task 17: what the resource pool has for a gap, and which gaps an item of it fits. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import type { Page } from '../types';
import { Box, Loaded, Nothing } from '../ui/Page';
import { useRuleOptions } from './Gaps';

interface Item {
  id: number;
  code: string;
  title: string;
  org_name: string;
  contact: string;
}

export function PoolForGap({ id }: { id: number }) {
  const { t } = useLang();
  const query = useQuery({ queryKey: ['gap-pool', id], queryFn: ({ signal }) => get<Page<Item>>(`/gaps/${id}/pool`, undefined, signal) });
  return (
    <Box title={t('pool.fitting')} extra={<Link to="/registers/pool_items">{t('pool.all')}</Link>}>
      <Loaded of={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Nothing what={t('pool.none')} />
          ) : (
            <ul className="plain">
              {rows.map((item) => (
                <li key={item.id}>
                  <Link to={`/registers/pool_items/${item.id}`}>{item.title}</Link> <span className="soft">{[item.org_name, item.contact].filter(Boolean).join(' · ')}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Box>
  );
}

interface Fit {
  rows: { task: number; rule: string; gaps: number }[];
  total: number;
}

export function GapsForPool({ id }: { id: number }) {
  const { t } = useLang();
  const rules = useRuleOptions('gap');
  const query = useQuery({ queryKey: ['pool-gaps', id], queryFn: ({ signal }) => get<Fit>(`/pool/${id}/gaps`, undefined, signal) });
  return (
    <Box title={t('pool.gaps')}>
      <Loaded of={query}>
        {({ rows, total }) =>
          total === 0 ? (
            <Nothing what={t('pool.no_gaps')} />
          ) : (
            <>
              <p role="status">{t('pool.fits', { n: total })}</p>
              <ul className="plain">
                {rows.map((row) => (
                  <li key={row.rule}>
                    <Link to={`/gaps?rule=${encodeURIComponent(row.rule)}`}>{t('pool.fits_rule', { rule: rules.find((rule) => rule.value === row.rule)?.label ?? row.rule, n: row.gaps })}</Link>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </Box>
  );
}
