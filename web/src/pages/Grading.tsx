/* Task 3: the level of a system from its three factors, by the method that the pack gives; then its record. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Radio, Tag } from 'antd';
import { get } from '../api';
import { RefPicker } from '../form/RefPicker';
import { useLang } from '../i18n';
import type { Named } from '../i18n';
import { meets } from '../pages';
import { useUser } from '../session';
import { LinkButton } from '../ui/LinkButton';
import { Box, Head, Loaded, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';

interface Factor extends Named {
  name: 'i' | 'v' | 'r';
  help_zh?: string;
  help_en?: string;
  values: (Named & { value: number })[];
}
interface Method extends Named {
  name: string;
  source?: string;
  mark?: string;
  factors: Factor[];
}
interface Computed {
  level: number;
  score: string;
  why_zh: string;
  why_en: string;
}

function Result({ method, values, system }: { method: Method; values: Record<string, number>; system: string | undefined }) {
  const { t, pick, word } = useLang();
  const user = useUser();
  const isWhole = method.factors.every((factor) => values[factor.name]);
  const computed = useQuery({
    queryKey: ['grading', method.name, values],
    enabled: isWhole,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Computed>('/grading/compute', values, signal),
  });
  if (!isWhole) return <p className="soft">{t('grading.choose')}</p>;
  if (computed.error) return <ProblemView error={computed.error} retry={() => void computed.refetch()} />;
  const { data } = computed;
  if (!data) return null;
  const record = new URLSearchParams({ ...Object.fromEntries(Object.entries(values).map(([key, n]) => [key, String(n)])), level: String(data.level), method: method.name, ...(system ? { system } : {}) });
  return (
    <div className="stack" role="status">
      <div className="grade">
        <b>{t('grading.level', { n: word('level', String(data.level)) })}</b>
        <span className="num">K = {data.score}</span>
      </div>
      <p className="num">{pick({ zh: data.why_zh, en: data.why_en })}</p>
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
  const values = Object.fromEntries(method.factors.flatMap(({ name }) => (url[name] ? [[name, Number(url[name])]] : [])));
  return (
    <div className="two grading">
      <div className="stack">
        <Box title={t('grading.system')}>
          <RefPicker refers="systems" value={url['system']} onChange={(system) => setUrl({ system })} />
        </Box>
        {method.factors.map((factor) => (
          <Box key={factor.name} title={pick(factor, factor.name)}>
            <p className="soft">{pick({ zh: factor.help_zh, en: factor.help_en })}</p>
            <Radio.Group
              className="ladder"
              aria-label={pick(factor, factor.name)}
              value={values[factor.name]}
              options={factor.values.map((step) => ({ value: step.value, label: `${step.value} · ${pick(step)}` }))}
              onChange={(event) => setUrl({ [factor.name]: String(event.target.value) })}
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
                {pick(method, method.name)} {method.mark && method.mark !== 'sure' && <Tag>{word('rulemark', method.mark)}</Tag>}
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
  const query = useQuery({ queryKey: ['grading-method'], queryFn: ({ signal }) => get<Method>('/grading/method', undefined, signal), staleTime: Infinity });
  return (
    <>
      <Head title={t('nav.grading')} sub={t('grading.sub')} />
      <Loaded of={query}>{(method) => <Wizard method={method} />}</Loaded>
    </>
  );
}
