/* Task 4: the checklist of a system's level, item by item, results of many items set at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Progress, Segmented, Select, Space, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, get, Problem } from '../api';
import { RefPicker } from '../form/RefPicker';
import { today } from '../format';
import { useLang } from '../i18n';
import type { Named } from '../i18n';
import { meets } from '../pages';
import { refreshRows, useUser } from '../session';
import type { FieldValue, Page, Row } from '../types';
import { useOrgs } from '../ui/orgs';
import { Head, Loaded, Nothing } from '../ui/Page';
import { useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';

interface Item extends Named {
  id: string;
  area: string;
  level: number;
}
interface Catalogue extends Named {
  name: string;
  source?: string;
  mark?: string;
  items: Item[];
}
const rows_max = 500;
const systems_max = 100;
const verdictColour: Record<string, string> = { met: 'c-met', partly: 'c-due_soon', unmet: 'c-overdue', na: 'c-not_applicable' };

function useResults(system: string, catalogue: string, org?: string) {
  return useQuery({
    queryKey: ['control-results', system, catalogue, org],
    queryFn: async ({ signal }) => {
      const { rows } = await get<Page>('/registers/control_results', { 'f.system': system, 'f.catalogue': catalogue, org, limit: rows_max }, signal);
      return Object.fromEntries(rows.map((row) => [String(row['item']), row])) as Record<string, Row>;
    },
  });
}

/** Sets one result for several items: changes the rows that are there, makes those that are not. */
function useSet(system: string, catalogue: string, results: Record<string, Row>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ items, result }: { items: string[]; result: string }) => {
      for (const item of items) {
        const old = results[item];
        const fields = { result, checked_on: today() };
        if (old) await call('PUT', `/registers/control_results/${String(old['id'])}`, fields);
        else await call('POST', '/registers/control_results', { code: `${system}-${item}`, system, catalogue, item, ...fields });
      }
    },
    onSettled: () => refreshRows(client),
  });
}

interface ListProps {
  catalogue: Catalogue;
  items: Item[];
  results: Record<string, Row>;
  values: FieldValue[];
  system: string;
}

function Checklist({ catalogue, items, results, values, system }: ListProps) {
  const { t, pick, word, lang } = useLang();
  const user = useUser();
  const [chosen, setChosen] = useState<string[]>([]);
  const set = useSet(system, catalogue.name, results);
  const isWritable = meets(user, 'write');
  const areas = [...new Set(items.map((item) => item.area))];
  const resultOf = (item: Item) => String(results[item.id]?.['result'] ?? '');
  const done = items.filter((item) => ['met', 'na'].includes(resultOf(item))).length;
  const toggle = (ids: string[], isOn: boolean) => setChosen((now) => (isOn ? [...new Set([...now, ...ids])] : now.filter((id) => !ids.includes(id))));
  return (
    <div className="stack">
      <div className="bar" style={{ margin: 0 }}>
        <span role="status">{t('controls.done', { n: done, of: items.length })}</span>
        <Progress style={{ width: 220 }} percent={items.length ? Math.round((100 * done) / items.length) : 0} aria-label={t('nav.controls')} />
        {isWritable && chosen.length > 0 && (
          <Space>
            <span>{t('bulk.chosen', { n: chosen.length })}</span>
            {values.map((value) => (
              <Button key={value.name} size="small" loading={set.isPending} onClick={() => set.mutate({ items: chosen, result: value.name }, { onSuccess: () => setChosen([]) })}>
                {pick(value, value.name)}
              </Button>
            ))}
          </Space>
        )}
      </div>
      {set.error && <Alert type="error" showIcon role="alert" title={set.error instanceof Problem ? set.error.text(lang) : String(set.error)} />}
      {areas.map((area) => {
        const own = items.filter((item) => item.area === area);
        const ids = own.map((item) => item.id);
        return (
          <section className="box" key={area}>
            <header>
              {isWritable && <Checkbox aria-label={t('controls.choose_area', { area: word('control_domain', area) })} checked={ids.every((id) => chosen.includes(id))} onChange={(event) => toggle(ids, event.target.checked)} />}
              <h2>{word('control_domain', area)}</h2>
            </header>
            <table className="rows checklist">
              <colgroup>
                <col style={{ width: 40 }} />
                <col style={{ width: 90 }} />
                <col />
                <col style={{ width: 270 }} />
                <col style={{ width: 120 }} />
              </colgroup>
              <tbody>
                {own.map((item) => {
                  const row = results[item.id];
                  const result = resultOf(item);
                  return (
                    <tr key={item.id}>
                      <td>{isWritable && <Checkbox aria-label={item.id} checked={chosen.includes(item.id)} onChange={(event) => toggle([item.id], event.target.checked)} />}</td>
                      <td className="mono nowrap">{item.id}</td>
                      <td>
                        {pick(item)} <span className="soft">{t('controls.from', { n: word('level', String(item.level)) })}</span>
                      </td>
                      <td className="nowrap">
                        {isWritable ? (
                          <Segmented size="small" aria-label={`${item.id} ${t('controls.result')}`} value={result} options={values.map((value) => ({ value: value.name, label: pick(value, value.name) }))} onChange={(next) => set.mutate({ items: [item.id], result: next })} />
                        ) : (
                          <span className={`mark ${verdictColour[result] ?? ''}`}>{pick(values.find((value) => value.name === result), '–')}</span>
                        )}
                      </td>
                      <td className="nowrap">{row ? <Link to={`/registers/control_results/${String(row['id'])}`}>{String(row['checked_on'] || t('controls.evidence'))}</Link> : <span className="soft">–</span>}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </section>
        );
      })}
    </div>
  );
}

function OfSystem({ catalogue, system, level, only, org }: { catalogue: Catalogue; system: string; level: number; only: string; org?: string }) {
  const values = useRegisters().data?.rows.find((register) => register.name === 'control_results')?.fields.find((field) => field.name === 'result')?.values ?? [];
  const results = useResults(system, catalogue.name, org);
  return (
    <Loaded of={results}>
      {(data) => {
        const items = catalogue.items.filter((item) => item.level <= level && (only === 'all' || !['met', 'na'].includes(String(data[item.id]?.['result'] ?? ''))));
        return <Checklist key={`${catalogue.name} ${system}`} catalogue={catalogue} items={items} results={data} values={values} system={system} />;
      }}
    </Loaded>
  );
}

/** The systems to choose from, with the level that decides which items apply. */
function Systems({ org }: { org?: string }) {
  const { t, word } = useLang();
  const [url] = useUrl();
  const systems = useQuery({ queryKey: ['systems', org], queryFn: ({ signal }) => get<Page>('/registers/systems', { org, limit: systems_max, sort: 'code' }, signal) });
  const to = (row: Row) => `?${new URLSearchParams({ ...url, system: String(row['code']) })}`;
  return (
    <Loaded of={systems}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Nothing what={t('controls.no_systems')}>
            <Link to="/registers/systems">{t('duties.begin')}</Link>
          </Nothing>
        ) : (
          <section className="box">
            <table className="rows">
              <caption className="vh">{t('controls.choose')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('controls.choose')}</th>
                  <th scope="col">{t('controls.level')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={String(row['id'])}>
                    <td>
                      <Link to={to(row)}>{String(row['name'] || row['code'])}</Link> <span className="mono soft">{String(row['code'])}</span>
                    </td>
                    <td>{row['level'] ? t('grading.level', { n: word('level', String(row['level'])) }) : <span className="soft">{t('controls.no_level')}</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )
      }
    </Loaded>
  );
}

export default function Controls() {
  const { t, pick, word } = useLang();
  const [url, setUrl] = useUrl();
  const query = useQuery({ queryKey: ['controls'], queryFn: async ({ signal }) => (await get<{ catalogues: Catalogue[] }>('/controls', undefined, signal)).catalogues, staleTime: Infinity });
  const user = useUser();
  const orgs = useOrgs();
  /* two companies may have a system of one code: who sees several says whose it is */
  const org = user.sees_all ? url['org'] : undefined;
  const mustChoose = user.sees_all && !org;
  const code = mustChoose ? undefined : url['system'];
  const system = useQuery({
    queryKey: ['system', code, org],
    enabled: code !== undefined,
    queryFn: async ({ signal }) => (await get<Page>('/registers/systems', { 'f.code': code, org, limit: systems_max }, signal)).rows.find((row) => row['code'] === code) ?? null,
  });
  const level = Number(url['level']) || Number(system.data?.['level']) || 0;
  return (
    <>
      <Head title={t('nav.controls')} sub={<Link to="/tasks/4">{t('task.n', { n: 4 })}</Link>} extra={<Link to="/registers/control_results">{t('common.table')}</Link>} />
      <Loaded of={query}>
        {(catalogues) => {
          const catalogue = catalogues.find((one) => one.name === url['catalogue']) ?? catalogues[0];
          if (!catalogue) return <Nothing what={t('controls.none')} />;
          return (
            <div className="stack">
              <div className="bar" style={{ margin: 0 }}>
                {user.sees_all && <Select aria-label={t('common.org')} placeholder={t('lifecycle.choose')} showSearch={{ optionFilterProp: 'label' }} style={{ width: 260 }} value={org ?? null} options={orgs.map((one) => ({ value: one.code, label: one.name }))} onChange={(chosen) => setUrl({ org: chosen, system: null, level: null })} />}
                <div style={{ width: 320 }}>
                  <RefPicker refers="systems" org={org} disabled={mustChoose} value={code} onChange={(next) => setUrl({ system: next, level: null })} />
                </div>
                {catalogues.length > 1 && <Select aria-label={t('controls.catalogue')} style={{ width: 280 }} value={catalogue.name} options={catalogues.map((one) => ({ value: one.name, label: pick(one, one.name) }))} onChange={(name) => setUrl({ catalogue: name })} />}
                {catalogues.length === 1 && <strong>{pick(catalogue, catalogue.name)}</strong>}
                {catalogue.mark && catalogue.mark !== 'sure' && <Tag>{word('rulemark', catalogue.mark)}</Tag>}
                {code && <Select aria-label={t('controls.level')} style={{ width: 120 }} value={level || null} placeholder={t('controls.level')} options={[1, 2, 3, 4, 5].map((n) => ({ value: n, label: t('grading.level', { n: word('level', String(n)) }) }))} onChange={(n) => setUrl({ level: String(n) })} />}
                <Segmented aria-label={t('controls.open')} value={url['only'] === 'open' ? 'open' : 'all'} options={[{ value: 'all', label: t('common.all') }, { value: 'open', label: t('controls.open') }]} onChange={(only) => setUrl({ only: only === 'open' ? 'open' : null })} />
              </div>
              {catalogue.source && <p className="soft">{catalogue.source}</p>}
              {mustChoose ? <Nothing what={t('lifecycle.choose')} /> : !code ? <Systems org={org} /> : level === 0 ? <Nothing what={t('controls.no_level')}><Link to={`/grading?system=${encodeURIComponent(code)}`}>{t('nav.grading')}</Link></Nothing> : <OfSystem catalogue={catalogue} system={code} level={level} only={url['only'] ?? 'all'} org={org} />}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
