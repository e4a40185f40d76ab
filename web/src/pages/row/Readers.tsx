/* Task 1: who has read a policy, and who has yet to; reading is noted here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { get, post } from '../../api';
import { useLang } from '../../i18n';
import { meets } from '../../pages';
import { refreshRows, useUser } from '../../session';
import type { Row } from '../../types';
import { Loaded, Nothing, ProblemView } from '../../ui/Page';
import { Link } from 'react-router';
import { rowUrl } from '../../ui/registers';

interface Answer {
  people: number;
  read: number;
  missing: string[];
}

export function Readers({ policy }: { policy: Row }) {
  const { t } = useLang();
  const user = useUser();
  const client = useQueryClient();
  const org = user.sees_all ? String(policy['org'] ?? '') : undefined;
  const path = `/policies/${encodeURIComponent(String(policy['code']))}/readers`;
  const query = useQuery({ queryKey: ['readers', policy['id']], queryFn: ({ signal }) => get<Answer>(path, { org }, signal) });
  const note = useMutation({ mutationFn: (person: string) => post(path, { person }), onSuccess: () => refreshRows(client) });
  return (
    <Loaded of={query}>
      {({ people, read, missing }) => (
        <div className="stack">
          <p role="status">{t('readers.read', { n: read, of: people })}</p>
          <Progress percent={people ? Math.round((100 * read) / people) : 0} style={{ maxWidth: 420 }} aria-label={t('readers.title')} />
          {note.error && <ProblemView error={note.error} />}
          {missing.length === 0 ? (
            <Nothing what={t('readers.all')} />
          ) : (
            <table className="rows">
              <caption className="vh">{t('readers.missing')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('readers.missing')}</th>
                  <th scope="col">{t('users.do')}</th>
                </tr>
              </thead>
              <tbody>
                {missing.map((person) => (
                  <tr key={person}>
                    <th scope="row">
                      <Link className="mono" to={rowUrl('people', person)}>
                        {person}
                      </Link>
                    </th>
                    <td>
                      {meets(user, 'write') && (
                        <Button size="small" loading={note.isPending && note.variables === person} onClick={() => note.mutate(person)}>
                          {t('readers.note')}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
    </Loaded>
  );
}
