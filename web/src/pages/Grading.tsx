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

interface Ladder extends Named {
  name: 'i' | 'v' | 'r';
  values: (Named & { value: number })[];
}
interface Method extends Named {
  name: string;
  source?: string;
  mark?: string;
  factors: Ladder[];
}
interface Computed {
  level: number;
  score?: number;
  why_zh?: string;
  why_en?: string;
}

function Result({ method, values, system }: { method: Method; values: Record<string, string>; system: string | undefined }) {
  const { t, lang, word } = useLang();
  const user = useUser();
  const isWhole = method.factors.every((factor) => values[factor.name]);
  const computed = useQuery({
    queryKey: ['grading', values],
    enabled: isWhole,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Computed>('/grading/compute', values, signal),
  });
  if (!isWhole) return <p className="soft">{t('grading.choose')}</p>;
  if (computed.error) return <ProblemView error={computed.error} retry={() => void computed.refetch()} />;
  const { data } = computed;
  if (!data) return null;
  const record = new URLSearchParams({ ...values, level: String(data.level), method: method.name, ...(system ? { system } : {}) });
  return (
    <div className="stack" role="status">
      <div className="grade">
        <b>{t('grading.level', { n: word('level', String(data.level)) })}</b>
        {data.score !== undefined && <span className="num">{t('grading.score', { n: data.score.toFixed(2) })}</span>}
      </div>
      <p className="lead">{lang === 'zh' ? data.why_zh : data.why_en}</p>
      {meets(user, 'write') && (
        <LinkButton type="primary" to={`/registers/gradings/new?${record}`}>
          {t('grading.record')}
        </LinkButton>
      )}
    </div>
  );
}

export default function Grading() {
  const { t, pick, word } = useLang();
  const [url, setUrl] = useUrl();
  const query = useQuery({ queryKey: ['grading-method'], queryFn: ({ signal }) => get<Method>('/grading/method', undefined, signal), staleTime: Infinity });
  return (
    <>
      <Head title={t('nav.grading')} sub={t('grading.sub')} />
      <Loaded of={query}>
        {(method) => (
          <div className="two grading">
            <div className="stack">
              <Box title={t('grading.system')}>
                <RefPicker refers="systems" value={url['system']} onChange={(system) => setUrl({ system })} />
              </Box>
              {method.factors.map((factor) => (
                <Box key={factor.name} title={pick(factor, factor.name)}>
                  <Radio.Group
                    aria-label={pick(factor, factor.name)}
                    className="ladder"
                    value={Number(url[factor.name]) || undefined}
                    options={factor.values.map((step) => ({ value: step.value, label: `${step.value} · ${pick(step)}` }))}
                    onChange={(event) => setUrl({ [factor.name]: String(event.target.value) })}
                  />
                </Box>
              ))}
            </div>
            <Box title={t('grading.result')}>
              <div className="stack">
                <Result method={method} values={Object.fromEntries(method.factors.flatMap(({ name }) => (url[name] ? [[name, url[name] ?? '']] : [])))} system={url['system']} />
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
        )}
      </Loaded>
    </>
  );
}
