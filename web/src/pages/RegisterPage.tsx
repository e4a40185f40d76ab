/* A register: what is declared. Columns, filters, form and import all come from its description. */
import { DownloadOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { base, get, query } from '../api';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Field, Register, Row } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { Choice, Search } from '../ui/Filters';
import { useRows } from '../ui/list';
import { Head, Loaded, Nothing } from '../ui/Page';
import { Missing } from './Missing';
import { LinkButton } from '../ui/LinkButton';
import { useUrl } from '../ui/url';
import { isCode, useCountry } from '../ui/Value';
import { RowDrawer } from './RowDrawer';
import { useRegisters } from '../ui/registers';

function useCell(): (field: Field, value: unknown) => React.ReactNode {
  const { pick, word } = useLang();
  const country = useCountry();
  return (field, value) => {
    if (value === null || value === undefined || value === '') return <span className="soft">–</span>;
    const list = Array.isArray(value) ? value.map(String) : field.type.includes('list') || field.type === 'endpoints' ? String(value).split(';') : null;
    const named = (name: string) => pick(field.values?.find((one) => one.name === name), field.name === 'data_types' ? word('type', name) : name);
    if (list) return list.map(named).join('; ');
    if (field.name === 'country') return country(String(value));
    if (field.values?.length) return named(String(value));
    if (field.flags.includes('key') || isCode(field.name)) return <span className="mono">{String(value)}</span>;
    return <span className={field.type === 'date' || field.type === 'int' ? 'num nowrap' : undefined}>{String(value)}</span>;
  };
}

function Rows({ register }: { register: Register }) {
  const { t, pick } = useLang();
  const user = useUser();
  const [url, setUrl] = useUrl();
  const rows = useRows<Row>(`/registers/${register.name}`, url, ['q', 'sort', 'org']);
  const [open, setOpen] = useState<Row | null>(null);
  const cell = useCell();
  const wanted = url['open'];

  useEffect(() => {
    if (!wanted) return;
    if (wanted === 'new') setOpen({});
    else void get<Row | { row: Row }>(`/registers/${register.name}/${wanted}`).then((row) => setOpen('row' in row ? (row.row as Row) : row), () => setUrl({ open: null }));
  }, [wanted, register.name, setUrl]);
  const close = () => {
    setOpen(null);
    if (wanted) setUrl({ open: null });
  };

  const key = register.fields.find((field) => field.flags.includes('key')) ?? register.fields[0];
  const columns: Column<Row>[] = register.fields.map((field) => ({
    key: field.name,
    title: pick(field, field.name),
    extra: !(field.flags.includes('in_list') || field === key),
    sortable: !field.flags.includes('personal'),
    width: field === key ? 200 : undefined,
    render: (row) =>
      field === key ? (
        <button className="link mono" type="button" onClick={() => setOpen(row)}>
          {String(row[field.name] ?? row['id'])}
        </button>
      ) : (
        cell(field, row[field.name])
      ),
  }));
  if (user.sees_all && !register.is_global)
    columns.push({ key: 'org', title: t('common.org'), extra: false, render: (row) => <span className="mono">{String(row['org'] ?? '')}</span> });

  const enums = register.fields.filter((field) => field.type === 'enum' && field.values?.length);
  const isFiltered = Boolean(url['q']) || Object.keys(url).some((name) => name.startsWith('f.'));
  const filter = Object.fromEntries(Object.entries(url).filter(([name]) => name === 'q' || name === 'sort' || name.startsWith('f.')));
  const exportUrl = (more: Record<string, string>) => `${base}/registers/${register.name}/export${query(more)}`;
  const importUrl = `/imports?register=${register.name}`;
  const create = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!user.may_write} onClick={() => setOpen({})}>
      {t('row.add')}
    </Button>
  );
  return (
    <>
      <Head
        title={pick(register)}
        sub={register.task ? <Link to={`/tasks/${register.task}`}>{t('task.n', { n: register.task })}</Link> : undefined}
        asOf={rows.dataUpdatedAt}
        extra={
          <>
            <LinkButton to={importUrl} icon={<UploadOutlined />} disabled={!user.may_write}>
                {t('import.go')}
              </LinkButton>
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  ...(['xlsx', 'csv'] as const).map((format) => ({
                    key: format,
                    label: (
                      <a href={exportUrl({ ...filter, format })} download>
                        {t(isFiltered ? 'export.filtered' : 'export.all', { format: format.toUpperCase() })}
                      </a>
                    ),
                  })),
                  { type: 'divider' as const },
                  {
                    key: 'template',
                    label: (
                      <a href={exportUrl({ template: '1', format: 'xlsx' })} download>
                        {t('export.template')}
                      </a>
                    ),
                  },
                ],
              }}
            >
              <Button icon={<DownloadOutlined />}>{t('export.go')}</Button>
            </Dropdown>
            {create}
          </>
        }
      />
      <div className="bar">
        <Search url={url} setUrl={setUrl} hint={t('register.search')} />
        {enums.map((field) => (
          <Choice
            key={field.name}
            name={`f.${field.name}`}
            label={pick(field, field.name)}
            url={url}
            setUrl={setUrl}
            options={(field.values ?? []).map((value) => ({ value: value.name, label: pick(value, value.name), text: pick(value, value.name) }))}
          />
        ))}
        {isFiltered && (
          <Button type="link" onClick={() => setUrl(Object.fromEntries(Object.keys(filter).map((name) => [name, null])))}>
            {t('filter.clear')}
          </Button>
        )}
      </div>
      <DataTable<Row>
        id={`register.${register.name}`}
        caption={pick(register)}
        columns={columns}
        rowKey={(row) => Number(row['id'])}
        query={rows}
        url={url}
        setUrl={setUrl}
        onOpen={setOpen}
        empty={
          isFiltered ? (
            <Nothing what={t('filter.nothing')} hint={t('filter.nothing_hint')} />
          ) : (
            <Nothing what={t('register.none', { register: pick(register) })} hint={t('register.none_hint')}>
              <Button href={exportUrl({ template: '1', format: 'xlsx' })} icon={<DownloadOutlined />}>
                {t('export.template')}
              </Button>
              <LinkButton to={importUrl} type="primary" icon={<UploadOutlined />}>
                  {t('import.go')}
                </LinkButton>
            </Nothing>
          )
        }
      />
      <RowDrawer register={register} row={open} onClose={close} />
    </>
  );
}

export default function RegisterPage() {
  const { name } = useParams();
  const all = useRegisters();
  return (
    <Loaded of={all}>
      {(data) => {
        const register = data.rows.find((one) => one.name === name);
        return register ? <Rows key={register.name} register={register} /> : <Missing />;
      }}
    </Loaded>
  );
}
