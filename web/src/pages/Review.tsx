/* What the machine proposes and a person decides: accept, correct or reject, one column or many. */
import { useQuery } from '@tanstack/react-query';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { useDecide } from '../data/Decide';
import { Again, Flags, Grade, Proposal, Samples, fmtAbout, grades, isAgain, percent, useColumnName, useDataTypes, useTypeName } from '../data/parts';
import type { DataColumn } from '../data/parts';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Page } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { ExportButton } from '../ui/ExportButton';
import { Choice, Search } from '../ui/Filters';
import { Head, Nothing } from '../ui/Page';
import { paging, useUrl } from '../ui/url';

export default function Review() {
  const { t, word } = useLang();
  const user = useUser();
  const typeName = useTypeName();
  const types = useDataTypes().data?.rows ?? [];
  const columnName = useColumnName();
  const [url, setUrl] = useUrl();
  const [chosen, setChosen] = useState<DataColumn[]>([]);
  const { limit, offset } = paging(url);
  const isAll = url['all'] === '1';
  const filter = { offered: isAll ? 0 : 1, found: 1, type: url['type'], source: url['source'], q: url['q'], grade_min: url['grade'] ? grades.indexOf(url['grade']) + 1 : undefined, limit, offset };
  const query = useQuery({ queryKey: ['review', filter], queryFn: ({ signal }) => get<Page<DataColumn>>('/inventory/columns', filter, signal) });
  const { bar, dialogs, problem } = useDecide(chosen, () => setChosen([]));
  const verdict: Column<DataColumn> = {
    key: 'verdict',
    title: t('data.verdict'),
    width: 140,
    render: (row) => (
      <div className="told">
        {isAgain(row) ? <Again row={row} isBeside /> : row.verdict && `${word('verdict', row.verdict)} ${row.verdict === 'correct' ? typeName(row.final_type) : ''} ${row.reason}`}
      </div>
    ),
  };
  return (
    <>
      <Head title={t('nav.review')} sub={t('review.sub')} asOf={query.dataUpdatedAt} extra={<ExportButton path="/inventory/columns" params={filter} />} />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('data.search')} />
        <Choice name="type" label={t('data.type')} width={200} url={url} setUrl={setUrl} options={types.map((one) => ({ value: one.name, label: typeName(one.name), text: typeName(one.name) }))} />
        <Choice name="grade" label={t('data.grade')} url={url} setUrl={setUrl} options={grades.map((name) => ({ value: name, label: `≥ ${word('grade', name)}` }))} />
        <Checkbox checked={isAll} onChange={(event) => setUrl({ all: event.target.checked ? '1' : null })}>
          {t('review.all')}
        </Checkbox>
      </div>
      {problem}
      <DataTable<DataColumn>
        id="data-review"
        caption={t('nav.review')}
        rowKey={(row) => row.id}
        query={query}
        url={url}
        setUrl={setUrl}
        empty={<Nothing what={t('review.none')} hint={t('review.none_hint')} />}
        chosen={user.may_write ? chosen : undefined}
        onChoose={setChosen}
        actions={
          user.may_write && bar
        }
        columns={[
          {
            key: 'column',
            title: t('data.column'),
            render: (row) => (
              <>
                <div className="told">
                  <Link className="mono" to={`/data?source=${encodeURIComponent(row.source)}&object=${row.object_id}`}>
                    {columnName(row.name)}
                  </Link>
                </div>
                {row.comment && <div className="soft told">{row.comment}</div>}
                <div className="soft mono told">{row.path}</div>
              </>
            ),
          },
          {
            key: 'proposal',
            title: t('data.proposal'),
            render: (row) => (
              <div className="told">
                {isAgain(row) && !row.type ? t('data.no_proposal') : <Proposal row={row} />}
                {row.state !== 'suspected' && row.ratio > 0 && (
                  <div className="soft num" title={t('data.bound', { bound: percent(row.bound) })}>
                    {t('data.share')} {percent(row.ratio)}
                  </div>
                )}
              </div>
            ),
          },
          {
            key: 'grade',
            title: t('data.grade'),
            render: (row) => (
              <>
                <Grade of={row.verdict && !row.is_offered ? row.final_grade : row.grade} />
                <div>
                  <Flags row={isAgain(row) ? { is_personal: row.is_personal_proposed ?? row.is_personal, is_sensitive: row.is_sensitive_proposed ?? row.is_sensitive } : row} />
                </div>
              </>
            ),
          },
          { key: 'why', title: t('data.why'), width: 240, render: (row) => <div className="told">{row.why}</div> },
          // Before anything is decided a column of nothing would push the reasons off the page.
          ...(query.data?.rows.some((row) => row.verdict) ? [verdict] : []),
          { key: 'subjects', title: t('data.subjects'), right: true, render: (row) => fmtAbout(row.subjects) },
          { key: 'samples', title: t('data.samples'), render: (row) => <Samples of={row.samples} /> },
        ]}
      />
      {dialogs}
    </>
  );
}
