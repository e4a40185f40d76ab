/* What happened to a row: who, when, and which fields from what to what. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api';
import { fmtTime } from '../../format';
import { useLang } from '../../i18n';
import type { Page, Register } from '../../types';
import { useCell } from '../../ui/Cell';
import { Loaded, Nothing } from '../../ui/Page';

export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}
interface Entry {
  at: string;
  action: string;
  user?: string;
  note?: string;
  changes?: FieldChange[];
}

export function Changes({ register, changes }: { register: Register | undefined; changes: FieldChange[] }) {
  const { t, pick } = useLang();
  const cell = useCell();
  return (
    <table className="rows changes">
      <thead>
        <tr>
          <th scope="col">{t('import.field')}</th>
          <th scope="col">{t('history.from')}</th>
          <th scope="col">{t('history.to')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => {
          const field = register?.fields.find((one) => one.name === change.field);
          const show = (value: unknown) => (field ? cell(field, value, {}, true) : String(value ?? '–'));
          return (
            <tr key={change.field}>
              <th scope="row">{pick(field, change.field)}</th>
              <td className="from">{show(change.from)}</td>
              <td className="to">{show(change.to)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function RowHistory({ register, id }: { register: Register; id: number }) {
  const { t, word } = useLang();
  const query = useQuery({
    queryKey: ['history', register.name, id],
    queryFn: ({ signal }) => get<Page<Entry>>(`/registers/${register.name}/${id}/history`, undefined, signal),
    staleTime: 0,
  });
  return (
    <Loaded of={query}>
      {(data) =>
        data.rows.length === 0 ? (
          <Nothing what={t('row.no_history')} />
        ) : (
          <ol className="timeline">
            {data.rows.map((entry, at) => (
              <li key={at}>
                <div>
                  <strong>{word('action', entry.action)}</strong> <span className="soft num">{fmtTime(entry.at)}</span> {word('actor', entry.user)} <span className="soft">{entry.note}</span>
                </div>
                {entry.changes && entry.changes.length > 0 && <Changes register={register} changes={entry.changes} />}
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}
