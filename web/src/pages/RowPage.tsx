/* One row of a register: its form, how it was on a day, what refers to it, what happened to it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Tabs } from 'antd';
import dayjs from 'dayjs';
import { Link, useNavigate, useParams } from 'react-router';
import { call, get } from '../api';
import { useLang } from '../i18n';
import { refreshRows, useUser } from '../session';
import type { Page, Register, Row } from '../types';
import { useCell } from '../ui/Cell';
import { LinkButton } from '../ui/LinkButton';
import { Box, Head, Loaded, Nothing, ProblemView } from '../ui/Page';
import { keyOf, mayWrite, titleOf, useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';
import { useWorkTypes } from '../work/hooks';
import type { Case } from '../work/types';
import { Missing } from './Missing';
import { GapsForPool, Publication } from './PoolFit';
import { Readers } from './row/Readers';
import { RowForm } from './row/RowForm';
import { RowHistory } from './row/RowHistory';
import { referrers, RowLinks } from './row/RowLinks';
import { Session } from './row/Session';
import { StartCase } from './row/StartCase';

function AsItWas({ register, row }: { register: Register; row: Row }) {
  const { pick } = useLang();
  const cell = useCell();
  return (
    <dl className="pairs">
      {register.fields.map((field) => (
        <div key={field.name} style={{ display: 'contents' }}>
          <dt>{pick(field, field.name)}</dt>
          <dd>{cell(field, row[field.name], row, true)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A row that is the form of a case is dealt with there. */
function FormOf({ register, id }: { register: Register; id: number }) {
  const { t, pick } = useLang();
  const type = useWorkTypes().data?.find((one) => one.register === register.name);
  const cases = useQuery({
    queryKey: ['case-of', type?.name, id],
    enabled: type !== undefined,
    queryFn: ({ signal }) => get<Page<Case>>('/work/cases', { type: type?.name, row_id: id, limit: 1 }, signal),
  });
  const mine = cases.data?.rows[0];
  if (!type || !mine) return null;
  return <Alert className="gap-below" type="info" showIcon role="note" title={t('case.form_of', { type: pick(type) })} action={<LinkButton to={`/cases/${mine.id}`}>{t('case.find')}</LinkButton>} />;
}

function useDelete(register: Register, row: Row) {
  const { t } = useLang();
  const { modal, message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/registers/${register.name}/${String(row['id'])}`),
    onSuccess: () => {
      void message.success(t('row.deleted'));
      void navigate(`/registers/${register.name}`);
      refreshRows(client);
    },
  });
  const ask = () =>
    modal.confirm({
      title: t('row.delete_ask', { name: titleOf(register, row) }),
      content: t('row.delete_what'),
      okText: t('row.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => remove.mutateAsync().catch(() => undefined),
    });
  return { ask, error: remove.error };
}

function OldRow({ register, id }: { register: Register; id: number }) {
  const { t, pick } = useLang();
  const user = useUser();
  const [url, setUrl] = useUrl();
  const as_of = url['as_of'];
  const query = useQuery({
    queryKey: ['row', register.name, id, as_of],
    queryFn: ({ signal }) => get<Row>(`/registers/${register.name}/${id}`, { as_of }, signal),
  });
  const row = query.data;
  // Published by another organisation: read, not changed.
  const isOthers = !user.sees_all && !register.is_global && Boolean(row?.['org']) && user.org !== null && row?.['org'] !== user.org.code;
  const mayChange = mayWrite(user, register) && !isOthers;
  const isRead = Boolean(as_of) || register.is_case_form || !mayChange;
  const isReferredTo = referrers(useRegisters().data?.rows ?? [], register.name).length > 0;
  const remove = useDelete(register, row ?? { id });
  const key = row ? String(row[keyOf(register).name] ?? id) : String(id);
  const title = row ? titleOf(register, row) : key;
  return (
    <>
      <Head
        name={`${pick(register)} ${key}`}
        title={title}
        sub={
          <>
            <Link to={`/registers/${register.name}`}>{pick(register)}</Link> {title !== key && <span className="mono">{key}</span>}
          </>
        }
        asOf={query.dataUpdatedAt}
        extra={
          <>
            <DatePicker
              aria-label={t('row.as_of')}
              placeholder={t('row.as_of')}
              value={as_of ? dayjs(as_of) : null}
              maxDate={dayjs()}
              onChange={(day) => setUrl({ as_of: day ? day.format('YYYY-MM-DD') : null })}
            />
            {row && <StartCase register={register} row={row} />}
            {mayChange && !register.is_case_form && (
              <Button danger onClick={remove.ask}>
                {t('row.delete')}
              </Button>
            )}
          </>
        }
      />
      {register.is_case_form && <FormOf register={register} id={id} />}
      {remove.error && <ProblemView error={remove.error} />}
      {register.name === 'pool_items' && !as_of && row && user.roles.includes('bureau') && (
        <div className="gap-below">
          <Publication id={id} published_on={row['published_on']} />
        </div>
      )}
      {register.name === 'pool_items' && !as_of && row && <GapsForPool id={id} />}
      {register.name === 'briefings' && !user.sees_all && !as_of && row && <Session id={id} />}
      <Loaded of={query}>
        {(data) => (
          <Tabs
            activeKey={url['tab'] ?? 'fields'}
            onChange={(tab) => setUrl({ tab: tab === 'fields' ? null : tab })}
            destroyOnHidden
            items={[
              {
                key: 'fields',
                label: t('row.fields'),
                children: (
                  <Box>
                    {isRead ? (
                      <div className="stack">
                        {as_of && <Alert type="info" showIcon role="note" title={t('row.as_it_was', { day: as_of })} />}
                        <AsItWas register={register} row={data} />
                      </div>
                    ) : (
                      <RowForm register={register} row={data} />
                    )}
                  </Box>
                ),
              },
              ...(register.name === 'policies' ? [{ key: 'readers', label: t('readers.title'), children: <Box><Readers policy={data} /></Box> }] : []),
              ...(isReferredTo ? [{ key: 'links', label: t('row.links'), children: <RowLinks register={register} row={data} /> }] : []),
              { key: 'history', label: t('row.history'), children: <Box><RowHistory register={register} id={id} /></Box> },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

function NewRow({ register }: { register: Register }) {
  const { t, pick } = useLang();
  const user = useUser();
  return (
    <>
      <Head title={t('row.new', { register: pick(register) })} sub={<Link to={`/registers/${register.name}`}>{pick(register)}</Link>} />
      <Box>
        {mayWrite(user, register) ? <RowForm register={register} row={null} /> : <Nothing what={t('row.read_only')} />}
      </Box>
    </>
  );
}

export default function RowPage() {
  const { name, id } = useParams();
  const all = useRegisters();
  return (
    <Loaded of={all}>
      {(data) => {
        const register = data.rows.find((one) => one.name === name);
        if (!register) return <Missing />;
        return id === 'new' ? <NewRow key={register.name} register={register} /> : <OldRow key={`${register.name} ${id}`} register={register} id={Number(id)} />;
      }}
    </Loaded>
  );
}
