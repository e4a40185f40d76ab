/* A register: what is declared. Columns, filters, form and import all come from its description. */
import { DownloadOutlined, PlusOutlined, StarFilled, StarOutlined, UploadOutlined } from '@ant-design/icons';
import { Alert, Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Register, Row } from '../types';
import { useCell } from '../ui/Cell';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Choice, Search } from '../ui/Filters';
import { LinkButton } from '../ui/LinkButton';
import { useRows } from '../ui/list';
import { useOrgs } from '../ui/orgs';
import { Head, Loaded, Nothing } from '../ui/Page';
import { keyOf, mayWrite, useFavourites, useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';
import type { UrlState } from '../ui/url';
import { Views } from '../ui/Views';
import { useWorkTypes } from '../work/hooks';
import { Missing } from './Missing';
import { Bulk } from './register/Bulk';
import { Rates } from './register/Rates';
import { exportUrl, Sheets } from './register/Sheets';

type SetUrl = (change: Record<string, string | null>) => void;
/** Registers with more choices than this show the first ones in the bar; the rest filter by the address. */
const choices_max = 3;

function useColumns(register: Register): Column<Row>[] {
  const { t, pick } = useLang();
  const user = useUser();
  const cell = useCell();
  const orgs = useOrgs();
  const key = keyOf(register);
  const columns: Column<Row>[] = register.fields.map((field) => ({
    key: field.name,
    title: pick(field, field.name),
    extra: !(field.flags.includes('in_list') || field === key),
    sortable: !field.flags.includes('personal'),
    width: field === key ? 200 : undefined,
    render: (row) =>
      field === key ? (
        <Link className="mono" to={`/registers/${register.name}/${String(row['id'])}`}>
          {String(row[field.name] ?? row['id'])}
        </Link>
      ) : (
        cell(field, row[field.name], row)
      ),
  }));
  if (user.sees_all && !register.is_global)
    columns.push({ key: 'org', title: t(register.side === 'bureau' ? 'register.bureau' : 'common.org'), extra: register.side === 'bureau', width: 200, render: (row) => orgs.find((org) => org.code === row['org'])?.name ?? <span className="mono">{String(row['org'] ?? '')}</span> });
  return columns;
}

function Star({ name }: { name: string }) {
  const { t } = useLang();
  const [favourites, toggle] = useFavourites();
  const isStarred = favourites.includes(name);
  return (
    <Button
      type="text"
      aria-pressed={isStarred}
      aria-label={t('nav.favourite')}
      title={t('nav.favourite')}
      icon={isStarred ? <StarFilled style={{ color: '#b97700' }} /> : <StarOutlined />}
      onClick={() => toggle(name)}
    />
  );
}

function Filters({ register, url, setUrl, isFiltered }: { register: Register; url: UrlState; setUrl: SetUrl; isFiltered: boolean }) {
  const { t, pick } = useLang();
  const user = useUser();
  const orgs = useOrgs();
  const enums = register.fields.filter((field) => field.type === 'enum' && field.values?.length);
  const shown = enums.filter((field, at) => at < choices_max || url[`f.${field.name}`]);
  return (
    <div className="bar">
      <Search url={url} setUrl={setUrl} hint={t('register.search')} />
      {shown.map((field) => (
        <Choice
          key={field.name}
          name={`f.${field.name}`}
          label={pick(field, field.name)}
          url={url}
          setUrl={setUrl}
          options={(field.values ?? []).map((value) => ({ value: value.name, label: pick(value, value.name), text: pick(value, value.name) }))}
        />
      ))}
      {user.sees_all && !register.is_global && <Choice name="org" label={t('common.org')} width={200} url={url} setUrl={setUrl} options={orgs.map((org) => ({ value: org.code, label: org.name, text: org.name }))} />}
      <DatePicker
        aria-label={t('row.as_of')}
        placeholder={t('row.as_of')}
        style={{ width: 150 }}
        value={url['as_of'] ? dayjs(url['as_of']) : null}
        maxDate={dayjs()}
        onChange={(day) => setUrl({ as_of: day ? day.format('YYYY-MM-DD') : null })}
      />
      <Views id={`register.${register.name}`} url={url} setUrl={setUrl} />
      {isFiltered && (
        <Button type="link" onClick={() => setUrl(Object.fromEntries(Object.keys(url).map((name) => [name, null])))}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}

function Rows({ register }: { register: Register }) {
  const { t, pick } = useLang();
  const user = useUser();
  const navigate = useNavigate();
  const [url, setUrl] = useUrl();
  const rows = useRows<Row>(`/registers/${register.name}`, url, ['q', 'match', 'sort', 'org', 'as_of']);
  const columns = useColumns(register);
  const [chosen, setChosen] = useState<Row[]>([]);
  const isWritable = mayWrite(user, register);
  const type = useWorkTypes().data?.find((one) => one.register === register.name);
  const filter = Object.fromEntries(Object.entries(url).filter(([name]) => ['q', 'match', 'sort', 'org'].includes(name) || name.startsWith('f.')));
  const isFiltered = Object.keys(url).some((name) => ['q', 'org', 'as_of'].includes(name) || name.startsWith('f.'));
  const importUrl = `/imports?register=${register.name}`;
  return (
    <>
      <Head
        title={pick(register)}
        sub={
          <>
            <Star name={register.name} />
            {register.task > 0 && <Link to={`/tasks/${register.task}`}>{register.task > 100 ? t('section.safeguards') : t('task.n', { n: register.task })}</Link>}
          </>
        }
        asOf={rows.dataUpdatedAt}
        extra={
          <>
            <Sheets register={register} filter={filter} isWritable={isWritable} />
            {register.is_case_form && type && (
              <LinkButton to={`/cases?mine=all&type=${type.name}`}>{t('nav.cases')}</LinkButton>
            )}
            {isWritable && (
              <LinkButton to={register.is_case_form && type ? `/cases/new?type=${type.name}` : `/registers/${register.name}/new`} type="primary" icon={<PlusOutlined aria-hidden />}>
                {t('row.add')}
              </LinkButton>
            )}
          </>
        }
      />
      <Filters register={register} url={url} setUrl={setUrl} isFiltered={isFiltered} />
      {url['as_of'] && <Alert className="gap-below" type="info" showIcon role="note" title={t('row.as_it_was', { day: url['as_of'] })} />}
      {url['q'] && rows.data?.match === 'start' && (
        <Alert
          className="gap-below"
          type="info"
          showIcon
          role="note"
          title={t('register.by_start', { q: url['q'] })}
          action={
            <Button type="link" size="small" onClick={() => setUrl({ match: 'anywhere' })}>
              {t('register.anywhere')}
            </Button>
          }
        />
      )}
      <DataTable<Row>
        id={`register.${register.name}`}
        caption={pick(register)}
        columns={columns}
        rowKey={(row) => Number(row['id'])}
        query={rows}
        url={url}
        setUrl={setUrl}
        chosen={isWritable && !url['as_of'] ? chosen : undefined}
        onChoose={setChosen}
        tools={chosen.length > 0 && <Bulk register={register} rows={chosen} onDone={() => setChosen([])} />}
        onOpen={(row) => void navigate(`/registers/${register.name}/${String(row['id'])}`)}
        empty={
          isFiltered ? (
            <Nothing what={t('filter.nothing')} hint={t(url['q'] && register.fields.some((field) => field.flags.includes('personal')) ? 'register.whole_only' : 'filter.nothing_hint')} />
          ) : (
            <Nothing what={t('register.none', { register: pick(register) })} hint={isWritable ? t('register.none_hint') : undefined}>
              {isWritable && (
                <>
                  <Button href={exportUrl(register, { template: '1', format: 'xlsx' })} icon={<DownloadOutlined aria-hidden />}>
                    {t('export.template')}
                  </Button>
                  <LinkButton to={importUrl} type="primary" icon={<UploadOutlined aria-hidden />}>
                    {t('import.go')}
                  </LinkButton>
                </>
              )}
            </Nothing>
          )
        }
      />
    </>
  );
}

export default function RegisterPage() {
  const { name } = useParams();
  const user = useUser();
  const all = useRegisters();
  return (
    <Loaded of={all}>
      {(data) => {
        const register = data.rows.find((one) => one.name === name);
        if (register && keyOf(register).flags.includes('identity') && user.roles.includes('bureau')) return <Rates register={register} />;
        return register ? <Rows key={register.name} register={register} /> : <Missing />;
      }}
    </Loaded>
  );
}
