/* Task 16: one person takes the examination of a course; the server marks it and records the result. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { Link } from 'react-router';
import { get, post } from '../api';
import { RefPicker } from '../form/RefPicker';
import { useLang } from '../i18n';
import { refreshRows } from '../session';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { rowUrl } from '../ui/registers';
import { useUrl } from '../ui/url';
import { Sheet } from './exam/Sheet';
import type { Answers, Question } from './exam/Sheet';

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

function Taken({ course, person, paper }: { course: string; person: string; paper: Paper }) {
  const { t } = useLang();
  const client = useQueryClient();
  const take = useMutation({
    mutationFn: (answers: Answers) => post<Result>(`/courses/${encodeURIComponent(course)}/exams`, { person, answers }),
    onSuccess: () => refreshRows(client),
  });
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
  return <Sheet questions={paper.questions} isPending={take.isPending} error={take.error} onHandIn={(answers) => take.mutate(answers)} />;
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
            {(data) => (data.questions.length === 0 ? <Nothing what={t('exam.empty')}><Link to={`/registers/questions?f.course=${encodeURIComponent(course)}`}>{t('exam.questions')}</Link></Nothing> : <Taken key={`${course} ${person}`} course={course} person={person} paper={data} />)}
          </Loaded>
        )}
      </div>
    </>
  );
}
