/* Task 2: a company signs in for a session of the bureau and answers its quiz. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input, Space } from 'antd';
import { useState } from 'react';
import { get, post } from '../../api';
import { useLang } from '../../i18n';
import { meets } from '../../pages';
import { refreshRows, useUser } from '../../session';
import { Box, Loaded, ProblemView } from '../../ui/Page';
import { Sheet } from '../exam/Sheet';
import type { Answers, Question } from '../exam/Sheet';

interface Stand {
  held_on: string;
  closes_on: string;
  is_open: boolean;
  can_sign_in: boolean;
  attendance: { id: number; signed_in_on: string; quiz_score?: number } | null;
  question_count: number;
  questions?: Question[];
}

function Quiz({ id, questions }: { id: number; questions: Question[] }) {
  const { t } = useLang();
  const client = useQueryClient();
  const take = useMutation({ mutationFn: (answers: Answers) => post(`/briefings/${id}/quiz`, { answers }), onSuccess: () => client.invalidateQueries({ queryKey: ['session', id] }) });
  return (
    <>
      <h2>{t('session.quiz')}</h2>
      <p className="soft">{t('session.quiz_once')}</p>
      <Sheet questions={questions} isPending={take.isPending} error={take.error} onHandIn={(answers) => take.mutate(answers)} />
    </>
  );
}

function SignIn({ id }: { id: number }) {
  const { t } = useLang();
  const user = useUser();
  const client = useQueryClient();
  const [person, setPerson] = useState(user.name || user.login);
  const sign = useMutation({
    mutationFn: () => post(`/briefings/${id}/attendance`, { person }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['session', id] });
      refreshRows(client);
    },
  });
  return (
    <>
      {sign.error && <ProblemView error={sign.error} />}
      <Space wrap>
        <label htmlFor="session-person">{t('session.person')}</label>
        <Input id="session-person" value={person} maxLength={100} onChange={(event) => setPerson(event.target.value)} />
        <Button type="primary" disabled={!person.trim()} loading={sign.isPending} onClick={() => sign.mutate()}>
          {t('session.sign_in')}
        </Button>
      </Space>
    </>
  );
}

export function Session({ id }: { id: number }) {
  const { t } = useLang();
  const user = useUser();
  const query = useQuery({ queryKey: ['session', id], queryFn: ({ signal }) => get<Stand>(`/briefings/${id}/attendance`, undefined, signal) });
  return (
    <Box title={t('session.title')}>
      <Loaded of={query}>
        {(stand) => (
          <div className="stack">
            {stand.attendance ? (
              <Alert
                type="success"
                showIcon
                role="status"
                title={t('session.signed_in', { day: stand.attendance.signed_in_on })}
                description={stand.attendance.quiz_score !== undefined ? t('session.score', { score: stand.attendance.quiz_score }) : stand.question_count === 0 ? t('session.no_quiz') : undefined}
              />
            ) : (
              <Alert type="info" showIcon role="status" title={t(stand.is_open ? 'session.open' : 'session.shut', { from: stand.held_on, to: stand.closes_on })} />
            )}
            {stand.can_sign_in && meets(user, 'write') && <SignIn id={id} />}
            {stand.questions && stand.questions.length > 0 && meets(user, 'write') && <Quiz id={id} questions={stand.questions} />}
          </div>
        )}
      </Loaded>
    </Box>
  );
}
