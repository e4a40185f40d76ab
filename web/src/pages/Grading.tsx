/* Task 3: the level of a system from its three factors, by the method that the pack gives; then its record. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Radio, Tag } from 'antd';
import { get, post } from '../api';
import { RefPicker } from '../form/RefPicker';
import { useLang } from '../i18n';
import type { Named } from '../i18n';
import { meets } from '../pages';
import { useUser } from '../session';
import type { Page } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { Box, Head, Loaded, Nothing, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';

interface Element extends Named {
  key: 'i' | 'v' | 'r';
  help_zh?: string;
  help_en?: string;
  min: number;
  max: number;
}
interface Method extends Named {
  method: string;
  version: string;
  source?: string;
  mark?: string;
  elements: Element[];
  levels: { level: number; sum_max: number }[];
}
interface Computed {
  level: number;
  sum: number;
  k_tenths: number;
}

/** The sums that make a level, as the method's table has them. */
function rangeOf(method: Method, level: number): [from: number, to: number] {
  const at = method.levels.findIndex((one) => one.level === level);
  return [(method.levels[at - 1]?.sum_max ?? 0) + 1, method.levels[at]?.sum_max ?? 0];
}

function Result({ method, values, system }: { method: Method; values: Record<string, number>; system: string | undefined }) {
  const { t, word } = useLang();
  const user = useUser();
  const isWhole = method.elements.every((element) => values[element.key]);
  const computed = useQuery({
    queryKey: ['grading', method.method, values],
    enabled: isWhole,
    placeholderData: keepPreviousData,
    queryFn: () => post<Computed>('/grading/compute', { method: method.method, ...values }),
  });
  if (!isWhole) return <p className="soft">{t('grading.choose')}</p>;
  if (computed.error) return <ProblemView error={computed.error} retry={() => void computed.refetch()} />;
  const { data } = computed;
  if (!data) return null;
  const [from, to] = rangeOf(method, data.level);
  const record = new URLSearchParams({ ...Object.fromEntries(Object.entries(values).map(([key, n]) => [key, String(n)])), level: String(data.level), method: method.method, ...(system ? { system } : {}) });
  return (
    <div className="stack" role="status">
      <div className="grade">
        <b>{t('grading.level', { n: word('level', String(data.level)) })}</b>
        <span className="num">K = {(data.k_tenths / 10).toFixed(1)}</span>
      </div>
      <p className="num">{t('grading.why', { sum: data.sum, from, to, n: word('level', String(data.level)) })}</p>
      {meets(user, 'write') && (
        <div>
          <LinkButton type="primary" to={`/registers/gradings/new?${record}`}>
            {t('grading.record')}
          </LinkButton>
        </div>
      )}
    </div>
  );
}

function Wizard({ method }: { method: Method }) {
  const { t, pick, word } = useLang();
  const [url, setUrl] = useUrl();
  const values = Object.fromEntries(method.elements.flatMap(({ key }) => (url[key] ? [[key, Number(url[key])]] : [])));
  return (
    <div className="two grading">
      <div className="stack">
        <Box title={t('grading.system')}>
          <RefPicker refers="systems" value={url['system']} onChange={(system) => setUrl({ system })} />
        </Box>
        {method.elements.map((element) => (
          <Box key={element.key} title={pick(element, element.key)}>
            <p className="soft">{pick({ zh: element.help_zh, en: element.help_en })}</p>
            <Radio.Group
              aria-label={pick(element, element.key)}
              optionType="button"
              value={values[element.key]}
              options={Array.from({ length: element.max - element.min + 1 }, (_, at) => ({ value: element.min + at, label: String(element.min + at) }))}
              onChange={(event) => setUrl({ [element.key]: String(event.target.value) })}
            />
          </Box>
        ))}
      </div>
      <Box title={t('grading.result')}>
        <div className="stack">
          <Result method={method} values={values} system={url['system']} />
          <Alert
            type="info"
            showIcon
            role="note"
            title={
              <>
                {pick(method, method.method)} {method.mark && method.mark !== 'sure' && <Tag>{word('rulemark', method.mark)}</Tag>}
              </>
            }
            description={method.source}
          />
        </div>
      </Box>
    </div>
  );
}

export default function Grading() {
  const { t } = useLang();
  const query = useQuery({ queryKey: ['grading-methods'], queryFn: async ({ signal }) => (await get<Page<Method>>('/grading/methods', undefined, signal)).rows, staleTime: Infinity });
  return (
    <>
      <Head title={t('nav.grading')} sub={t('grading.sub')} />
      <Loaded of={query}>{([method]) => (method ? <Wizard method={method} /> : <Nothing what={t('grading.none')} />)}</Loaded>
    </>
  );
}
