/* The questions of an examination or a quiz, answered and handed in. */
import { Button, Checkbox, Radio } from 'antd';
import { useState } from 'react';
import { useLang } from '../../i18n';
import { Box, ProblemView } from '../../ui/Page';

export interface Question {
  code: string;
  text: string;
  options: string[];
  is_multiple: boolean;
}
/** The letters chosen for each question. */
export type Answers = Record<string, string>;

/** What an option is answered by: A is the first. */
const letter = (at: number) => String.fromCharCode('A'.charCodeAt(0) + at);
const bare = (option: string) => option.replace(/^[A-Za-z][.、．:：)）]\s*/, '');

interface Props {
  questions: Question[];
  isPending: boolean;
  error: Error | null;
  onHandIn: (answers: Answers) => void;
}

export function Sheet({ questions, isPending, error, onHandIn }: Props) {
  const { t } = useLang();
  const [answers, setAnswers] = useState<Record<string, string[]>>({});
  const left = questions.filter((question) => !answers[question.code]?.length).length;
  return (
    <div className="stack">
      {questions.map((question, at) => {
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
      {error && <ProblemView error={error} />}
      <div>
        <Button type="primary" disabled={left > 0} loading={isPending} onClick={() => onHandIn(Object.fromEntries(Object.entries(answers).map(([code, letters]) => [code, [...letters].sort().join('')])))}>
          {t('exam.hand_in')}
        </Button>{' '}
        {left > 0 && <span className="soft">{t('exam.left', { n: left })}</span>}
      </div>
    </div>
  );
}
