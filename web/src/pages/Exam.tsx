/* Task 16: one person takes the examination of a course; the server marks it and records the result. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Radio } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, post } from '../api';
import { RefPicker } from '../form/RefPicker';
import { useLang } from '../i18n';
import { refreshRows } from '../session';
import { Box, Head, Loaded, Nothing, ProblemView } from '../ui/Page';
import { rowUrl } from '../ui/registers';
import { useUrl } from '../ui/url';

interface Question {
  code: string;
  text: string;
  options: string[];
  is_multiple: boolean;
}
interface Paper {
  title: string;
  questions: Question[];
}
interface Result {
  code: string;
  right: number;
  questions: number;
  score: number;
  is_passed: boolean;
}
/** What an option is answered by: A is the first. */
const letter = (at: number) => String.fromCharCode('A'.charCodeAt(0) + at);
const bare = (option: string) => option.replace(/^[A-Za-z][.、．:：)）]\s*/, '');

function Sheet({ course, person, paper }: { course: string; person: string; paper: Paper }) {
  const { t } = useLang();
  const client = useQueryClient();
  const [answers, setAnswers] = useState<Record<string, string[]>>({});
  const take = useMutation({
    mutationFn: () => post<Result>(`/courses/${encodeURIComponent(course)}/exams`, { person, answers: Object.fromEntries(Object.entries(answers).map(([code, letters]) => [code, [...letters].sort().join('')])) }),
    onSuccess: () => refreshRows(client),
  });
  const left = paper.questions.filter((question) => !answers[question.code]?.length).length;
  if (take.data) {
    const { score, right, questions, is_passed, code } = take.data;
    return (
      <Alert
        type={is_passed ? 'success' : 'error'}
        showIcon
        role="status"
        title={t(is_passed ? 'exam.passed' : 'exam.failed', { score })}
        description={
          <>
            {t('exam.right', { n: right, of: questions })} <Link to={rowUrl('exams', code)}>{t('exam.record')}</Link>
          </>
        }
      />
    );
  }
  return (
    <div className="stack">
      {paper.questions.map((question, at) => {
        const options = question.options.map((option, n) => ({ value: letter(n), label: `${letter(n)}. ${bare(option)}` }));
        const label = `${at + 1}. ${question.text}`;
        return (
          <Box key={question.code} title={label} extra={<span className="soft">{t(question.is_multiple ? 'exam.several' : 'exam.one')}</span>}>
            {question.is_multiple ? (
              <Checkbox.Group className="ladder" aria-label={label} options={options} value={answers[question.code] ?? []} onChange={(chosen) => setAnswers({ ...answers, [question.code]: chosen.map(String) })} />
            ) : (
              <Radio.Group className="ladder" aria-label={label} options={options} value={answers[question.code]?.[0]} onChange={(event) => setAnswers({ ...answers, [question.code]: [String(event.target.value)] })} />
            )}
          </Box>
        );
      })}
      {take.error && <ProblemView error={take.error} />}
      <div>
        <Button type="primary" disabled={left > 0} loading={take.isPending} onClick={() => take.mutate()}>
          {t('exam.hand_in')}
        </Button>{' '}
        {left > 0 && <span className="soft">{t('exam.left', { n: left })}</span>}
      </div>
    </div>
  );
}

export default function Exam() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const { course, person } = url;
  const paper = useQuery({
    queryKey: ['paper', course],
    enabled: course !== undefined,
    queryFn: ({ signal }) => get<Paper>(`/courses/${encodeURIComponent(course ?? '')}/paper`, undefined, signal),
  });
  return (
    <>
      <Head title={t('nav.exam')} sub={<Link to="/tasks/16">{t('task.n', { n: 16 })}</Link>} extra={<Link to="/registers/exams">{t('exam.results')}</Link>} />
      <div className="stack narrow">
        <Box title={t('exam.who')}>
          <div className="two">
            <RefPicker refers="courses" value={course} onChange={(next) => setUrl({ course: next })} />
            <RefPicker refers="people" value={person} onChange={(next) => setUrl({ person: next })} />
          </div>
        </Box>
        {!course || !person ? (
          <Nothing what={t('exam.choose')} />
        ) : (
          <Loaded of={paper}>
            {(data) => (data.questions.length === 0 ? <Nothing what={t('exam.empty')}><Link to={`/registers/questions?f.course=${encodeURIComponent(course)}`}>{t('exam.questions')}</Link></Nothing> : <Sheet key={`${course} ${person}`} course={course} person={person} paper={data} />)}
          </Loaded>
        )}
      </div>
    </>
  );
}
