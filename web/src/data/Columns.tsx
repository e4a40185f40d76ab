/* The columns of one table or file, with the reason for each proposal and every verdict. */
import { useQuery } from '@tanstack/react-query';
import { Checkbox } from 'antd';
import { Fragment, useState } from 'react';
import { get } from '../api';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { Box, Loaded, Nothing } from '../ui/Page';
import { useDecide } from './Decide';
import { Again, Flags, Grade, Proposal, RuleVersion, Samples, fmtAbout, percent, isAgain, useColumnName, useTypeName } from './parts';
import type { DataColumn } from './parts';

interface Verdict {
  id: number;
  verdict: string;
  type: string;
  grade: string;
  reason: string;
  actor: string;
  at: string;
  rules: string;
}

function History({ column }: { column: number }) {
  const { t, word } = useLang();
  const typeName = useTypeName();
  const query = useQuery({ queryKey: ['verdicts', column], queryFn: ({ signal }) => get<Page<Verdict>>(`/inventory/columns/${column}/verdicts`, undefined, signal) });
  return (
    <Loaded of={query}>
      {(data) => (
        <ul>
          {data.rows.map((one) => (
            <li key={one.id}>
              {word('verdict', one.verdict)} {one.type && typeName(one.type)} {one.grade && word('grade', one.grade)} {one.reason} <span className="soft">{t('data.by', { who: one.actor, at: fmtTime(one.at, false) })}</span> {one.rules && <RuleVersion of={one.rules} />}
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function Details({ row }: { row: DataColumn }) {
  const { t } = useLang();
  return (
    <dl className="pairs">
      <dt>{t('data.why')}</dt>
      <dd>{row.why}</dd>
      <dt>{t('data.rules')}</dt>
      <dd>
        <RuleVersion of={row.rules} />
      </dd>
      <dt>{t('data.values')}</dt>
      <dd className="num">{fmtInt(row.value_count)}</dd>
      <dt>{t('data.distinct')}</dt>
      <dd className="num">{fmtInt(row.distinct_count)}</dd>
      {row.verdict && (
        <>
          <dt>{t('data.history')}</dt>
          <dd>
            <History column={row.id} />
          </dd>
        </>
      )}
    </dl>
  );
}

export function Columns({ object }: { object: number }) {
  const { t, word } = useLang();
  const typeName = useTypeName();
  const columnName = useColumnName();
  const [open, setOpen] = useState<number | null>(null);
  const [isAll, setAll] = useState(false);
  const [chosen, setChosen] = useState<DataColumn[]>([]);
  const user = useUser();
  const { bar, dialogs, problem } = useDecide(chosen, () => setChosen([]));
  const isChosen = (row: DataColumn) => chosen.some((one) => one.id === row.id);
  const choose = (rows: DataColumn[], isOn: boolean) => setChosen([...chosen.filter((one) => !rows.some((row) => row.id === one.id)), ...(isOn ? rows : [])]);
  const query = useQuery({ queryKey: ['inventory-columns', object, isAll], queryFn: ({ signal }) => get<Page<DataColumn>>('/inventory/columns', { object, found: isAll ? 0 : 1, gone: isAll ? 1 : 0, limit: 500 }, signal) });
  const present = (query.data?.rows ?? []).filter((row) => !row.is_gone);
  return (
    <Loaded of={query}>
      {(data) => (
        <Box
          bare
          title={t('data.column_list')}
          extra={
            <Checkbox checked={!isAll} onChange={(event) => setAll(!event.target.checked)}>
              {t('data.only_found')}
            </Checkbox>
          }
        >
          {user.may_write && <div className="tools">{bar}</div>}
          {problem}
          <div className="wide"><table className="rows">
            <caption className="vh">{t('data.column_list')}</caption>
            <thead>
              <tr>
                {user.may_write && (
                  <th scope="col">
                    <Checkbox
                      aria-label={t('data.choose_all')}
                      disabled={present.length === 0}
                      checked={present.length > 0 && present.every(isChosen)}
                      indeterminate={present.some(isChosen) && !present.every(isChosen)}
                      onChange={(event) => choose(present, event.target.checked)}
                    />
                  </th>
                )}
                {['column', 'comment', 'grade', 'proposal', 'share', 'subjects', 'samples', 'verdict'].map((key) => (
                  <th key={key} scope="col">
                    {t(`data.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <Fragment key={row.id}>
                  <tr>
                    {user.may_write && (
                      <td>
                        <Checkbox disabled={row.is_gone} aria-label={t('data.choose', { name: columnName(row.name) })} checked={isChosen(row)} onChange={(event) => choose([row], event.target.checked)} />
                      </td>
                    )}
                    <th scope="row">
                      <button type="button" className="link mono" aria-expanded={open === row.id} onClick={() => setOpen(open === row.id ? null : row.id)}>
                        {columnName(row.name)}
                      </button>
                      <div className="soft">{row.data_type}</div>
                      {row.is_gone && <div className="soft">{t('data.column_gone', { at: fmtTime(row.last_seen_at, false) })}</div>}
                    </th>
                    <td>{row.comment}</td>
                    <td>
                      <Grade of={row.final_grade} />
                      <Flags row={row} />
                    </td>
                    <td>
                      <Proposal row={row} />
                    </td>
                    <td className="num">{row.type && row.ratio > 0 && row.state !== 'suspected' && (!row.verdict || row.final_type === row.type) ? percent(row.ratio) : ''}</td>
                    <td className="num">{fmtAbout(row.subjects)}</td>
                    <td>
                      <Samples of={row.samples} />
                    </td>
                    <td>
                      {isAgain(row) ? <Again row={row} /> : row.verdict && `${word('verdict', row.verdict)}${row.verdict === 'correct' ? ` ${typeName(row.final_type)}` : ''}`}
                      {row.is_offered && !row.verdict && <span className="mark c-due_soon">{t('data.offered')}</span>}
                    </td>
                  </tr>
                  {open === row.id && (
                    <tr>
                      <td colSpan={user.may_write ? 9 : 8}>
                        <Details row={row} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table></div>
          {data.rows.length === 0 && <Nothing what={t(isAll ? 'data.no_columns' : 'data.no_found')} hint={isAll ? undefined : t('data.no_found_hint')} />}
          {dialogs}
        </Box>
      )}
    </Loaded>
  );
}
