/* Paste text, see what is found and why. The text goes to the server and is not kept there. */
import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { post } from '../api';
import { useTypeName } from '../data/parts';
import { useLang } from '../i18n';
import { Box, Head, Nothing, ProblemView } from '../ui/Page';

interface Find {
  type: string;
  start: number;
  end: number;
  score: number;
  why: string;
  why_zh?: string;
  context?: string | null;
  form?: string;
  form_zh?: string;
}

function whyOf(find: Find, lang: string): string {
  const why = lang === 'zh' ? find.why_zh || find.why : find.why;
  const form = lang === 'zh' ? find.form_zh || find.form : find.form;
  return form && find.form !== 'plain' ? `${why}${lang === 'zh' ? '；' : '; '}${form}` : why;
}

/** Offsets count bytes of UTF-8. */
function part(bytes: Uint8Array, find: Find): string {
  return new TextDecoder().decode(bytes.slice(find.start, find.end));
}

function Marked({ text, finds }: { text: string; finds: Find[] }) {
  const typeName = useTypeName();
  const { lang } = useLang();
  const bytes = new TextEncoder().encode(text);
  const decode = (from: number, to: number) => new TextDecoder().decode(bytes.slice(from, to));
  const out: React.ReactNode[] = [];
  let at = 0;
  for (const find of [...finds].sort((a, b) => a.start - b.start)) {
    if (find.start < at) continue;
    out.push(decode(at, find.start));
    out.push(
      <mark key={find.start} title={`${typeName(find.type)} · ${whyOf(find, lang)}`}>
        {decode(find.start, find.end)}
      </mark>,
    );
    at = find.end;
  }
  out.push(decode(at, bytes.length));
  return <p style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{out}</p>;
}

function Finds({ text, finds }: { text: string; finds: Find[] }) {
  const { t, lang } = useLang();
  const typeName = useTypeName();
  const bytes = new TextEncoder().encode(text);
  if (finds.length === 0) return <Nothing what={t('ruletest.none')} />;
  return (
    <>
      <Marked text={text} finds={finds} />
      <table className="rows">
        <caption className="vh">{t('ruletest.result', { n: finds.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ruletest.value')}</th>
            <th scope="col">{t('data.type')}</th>
            <th scope="col">{t('ruletest.score')}</th>
            <th scope="col">{t('data.why')}</th>
            <th scope="col">{t('ruletest.context')}</th>
            <th scope="col">{t('ruletest.at')}</th>
          </tr>
        </thead>
        <tbody>
          {finds.map((find) => (
            <tr key={`${find.start} ${find.type}`}>
              <th scope="row" className="mono">
                {part(bytes, find)}
              </th>
              <td>{typeName(find.type)}</td>
              <td className="num">{(find.score > 1 ? find.score / 100 : find.score).toFixed(2)}</td>
              <td>{whyOf(find, lang)}</td>
              <td>{find.context}</td>
              <td className="num">{`${find.start}–${find.end}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

export default function RuleTest() {
  const { t } = useLang();
  const [text, setText] = useState('');
  const test = useMutation({ mutationFn: (sent: string) => post<{ finds?: Find[]; found?: Find[] }>('/identify/test', { text: sent }).then((answer) => ({ sent, finds: answer.finds ?? answer.found ?? [] })) });
  return (
    <>
      <Head title={t('nav.rule_test')} sub={t('ruletest.sub')} />
      <div className="stack">
        <Box title={t('ruletest.text')}>
          <Input.TextArea aria-label={t('ruletest.text')} rows={6} placeholder={t('ruletest.sample')} value={text} onChange={(event) => setText(event.target.value)} />
          <div style={{ marginTop: 8 }}>
            <Button type="primary" loading={test.isPending} onClick={() => test.mutate(text || t('ruletest.sample'))}>
              {t('ruletest.run')}
            </Button>
          </div>
        </Box>
        {test.error ? <ProblemView error={test.error} /> : null}
        {test.data && (
          <Box title={t('ruletest.result', { n: test.data.finds.length })}>
            <Finds text={test.data.sent} finds={test.data.finds} />
          </Box>
        )}
      </div>
    </>
  );
}
