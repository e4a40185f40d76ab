/* Task 10: rules and procedures for each stage of data at each level; an empty cell is what is missing. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page, Register, Row } from '../types';
import { Choice } from '../ui/Filters';
import { useOrgs } from '../ui/orgs';
import { Head, Loaded, Nothing } from '../ui/Page';
import { mayWrite, useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';

const rows_max = 500;

function Matrix({ register, rows }: { register: Register; rows: Row[] }) {
  const { t, pick } = useLang();
  const user = useUser();
  const values = (name: string) => register.fields.find((field) => field.name === name)?.values ?? [];
  const stages = values('stage');
  const levels = values('level');
  const cells = stages.flatMap((stage) => levels.map((level) => rows.filter((row) => row['stage'] === stage.name && row['level'] === level.name)));
  const filled = cells.filter((cell) => cell.length > 0).length;
  return (
    <div className="stack">
      <p role="status">{t('lifecycle.filled', { n: filled, of: cells.length })}</p>
      <div className="box">
        <table className="rows matrix">
          <caption className="vh">{pick(register)}</caption>
          <thead>
            <tr>
              <th scope="col">{t('lifecycle.stage')}</th>
              {levels.map((level) => (
                <th key={level.name} scope="col">
                  {pick(level, level.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.name}>
                <th scope="row">{pick(stage, stage.name)}</th>
                {levels.map((level) => {
                  const own = rows.filter((row) => row['stage'] === stage.name && row['level'] === level.name);
                  return (
                    <td key={level.name} className={own.length === 0 ? 'empty' : undefined}>
                      {own.map((row) => (
                        <div key={String(row['id'])}>
                          <Link to={`/registers/${register.name}/${String(row['id'])}`}>{String(row['rule'] || row['procedure'] || row['code'])}</Link>
                          {row['rule'] && row['procedure'] ? <div className="soft">{String(row['procedure'])}</div> : null}
                        </div>
                      ))}
                      {own.length === 0 && (
                        <>
                          <span className="mark c-due_soon">{t('lifecycle.empty')}</span>{' '}
                          {mayWrite(user, register) && <Link to={`/registers/${register.name}/new?stage=${stage.name}&level=${level.name}`}>{t('row.add')}</Link>}
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export default function Lifecycle() {
  const { t } = useLang();
  const user = useUser();
  const [url, setUrl] = useUrl();
  const orgs = useOrgs();
  const org = url['org'];
  const register = useRegisters().data?.rows.find((one) => one.name === 'lifecycle');
  const query = useQuery({
    queryKey: ['lifecycle', org],
    enabled: register !== undefined,
    queryFn: ({ signal }) => get<Page>('/registers/lifecycle', { org, limit: rows_max }, signal),
  });
  return (
    <>
      <Head title={t('nav.lifecycle')} sub={<Link to="/tasks/10">{t('task.n', { n: 10 })}</Link>} asOf={query.dataUpdatedAt} extra={<Link to="/registers/lifecycle">{t('common.table')}</Link>} />
      {user.sees_all && (
        <div className="bar">
          <Choice name="org" label={t('common.org')} width={240} url={url} setUrl={setUrl} options={orgs.map((one) => ({ value: one.code, label: one.name, text: one.name }))} />
        </div>
      )}
      {user.sees_all && !org ? <Nothing what={t('lifecycle.choose')} /> : register && <Loaded of={query}>{(data) => <Matrix register={register} rows={data.rows} />}</Loaded>}
    </>
  );
}
