/* Task 17: what the resource pool has for a gap, and which gaps an item of it fits. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { call, get } from '../api';
import { fmtDate, today } from '../format';
import { useLang } from '../i18n';
import { refreshRows } from '../session';
import type { Page } from '../types';
import { Box, Loaded, Nothing, ProblemView } from '../ui/Page';
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

/** Who supervises takes an item into the pool that all companies read, or out of it. */
export function Publication({ id, published_on }: { id: number; published_on: unknown }) {
  const { t } = useLang();
  const client = useQueryClient();
  const set = useMutation({ mutationFn: () => call('PUT', `/registers/pool_items/${id}`, { published_on: published_on ? '' : today() }), onSuccess: () => refreshRows(client) });
  return (
    <Box title={t('pool.publication')}>
      {set.error && <ProblemView error={set.error} />}
      <p>
        {published_on ? t('pool.published', { day: fmtDate(published_on) }) : t('pool.unpublished')}{' '}
        <Button type={published_on ? 'default' : 'primary'} loading={set.isPending} onClick={() => set.mutate()}>
          {t(published_on ? 'pool.withdraw' : 'pool.publish')}
        </Button>
      </p>
    </Box>
  );
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
