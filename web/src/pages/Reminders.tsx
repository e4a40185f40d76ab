/* What was reminded of, and the calendar that one's own program can subscribe to. */
import { CopyOutlined } from '@ant-design/icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Space } from 'antd';
import { Link } from 'react-router';
import { call, get, post } from '../api';
import { daysBetween, fmtDate, fmtTime, fmtTimes, today } from '../format';
import { useLang } from '../i18n';
import { meets } from '../pages';
import { useUser } from '../session';
import type { Page } from '../types';
import { DataTable } from '../ui/DataTable';
import type { Column } from '../ui/DataTable';
import { copyText } from '../ui/copy';
import { Choice } from '../ui/Filters';
import { useRows } from '../ui/list';
import { Shape } from '../ui/Marks';
import { useOrgs } from '../ui/orgs';
import { Box, Head, Nothing, ProblemView } from '../ui/Page';
import { useUrl } from '../ui/url';
import { taskName } from '../ui/plan';

interface Reminder {
  id: number;
  kind: string;
  task: number;
  org: string;
  subject: string;
  title: string;
  due: string;
  at: string;
}
const kinds = ['overdue', 'T-1', 'T-7', 'T-30'];
const shapeOf = (kind: string) => (kind === 'overdue' ? 'overdue' : kind === 'T-30' ? 'open' : 'due_soon');

/** A deadline of a case stands under its number. */
const caseOf = (one: Reminder) => /^case\/(\d+)$/.exec(one.subject)?.[1];
const placeOf = (one: Reminder) => (caseOf(one) ? `/cases/${caseOf(one)}` : `/duties?task=${one.task}&q=${encodeURIComponent(one.subject)}`);

/** A reminder stays in the list: what is left is counted from its date, not from when it was sent. */
function Due({ due }: { due: string }) {
  const { t } = useLang();
  const days = daysBetween(today(), fmtDate(due));
  return (
    <span className="num nowrap" title={fmtTimes(due)}>
      {fmtDate(due)} <span className="soft">{days < 0 ? t('duties.late', { n: -days }) : days === 0 ? t('home.today') : t('duties.in', { n: days })}</span>
    </span>
  );
}

/** The address stands here once: the server keeps only what recognises it. */
function Feed() {
  const { t } = useLang();
  const { message } = App.useApp();
  const open = useMutation({ mutationFn: () => post<{ url: string }>('/calendar/feed') });
  const close = useMutation({ mutationFn: () => call('DELETE', '/calendar/feed'), onSuccess: () => open.reset() });
  const address = open.data && `${window.location.origin}${open.data.url}`;
  const copy = async (text: string) => {
    if (await copyText(text)) void message.success(t('copy.done'));
    else void message.warning(t('copy.failed'));
  };
  return (
    <Box title={t('remind.feed')}>
      <div className="stack">
        <p>{t('remind.feed_hint')}</p>
        {(open.error ?? close.error) && <ProblemView error={open.error ?? close.error} />}
        {address && (
          <Alert
            type="success"
            showIcon
            role="status"
            title={<span className="mono">{address}</span>}
            description={t('remind.feed_once')}
            action={
              <Button icon={<CopyOutlined aria-hidden />} onClick={() => void copy(address)}>
                {t('copy.do')}
              </Button>
            }
          />
        )}
        {close.isSuccess && !address && <Alert type="info" showIcon role="status" title={t('remind.feed_closed')} />}
        <Space wrap>
          <Button type="primary" loading={open.isPending} onClick={() => open.mutate()}>
            {t('remind.feed_open')}
          </Button>
          <Button loading={close.isPending} onClick={() => close.mutate()}>
            {t('remind.feed_close')}
          </Button>
        </Space>
      </div>
    </Box>
  );
}

export default function Reminders() {
  const { t, word } = useLang();
  const user = useUser();
  const orgs = useOrgs();
  const [url, setUrl] = useUrl();
  const rows = useRows<Reminder>('/reminders', url, ['kind', 'org']);
  const digest = useQuery({ queryKey: ['digest'], queryFn: ({ signal }) => get<Page>('/reminders/digest', undefined, signal) });
  const columns: Column<Reminder>[] = [
    {
      key: 'kind',
      title: t('remind.kind'),
      width: 130,
      render: (one) => (
        <span className={`mark c-${shapeOf(one.kind)}`}>
          <Shape kind={shapeOf(one.kind)} />
          {word('reminder', one.kind)}
        </span>
      ),
    },
    { key: 'due', title: t('duties.due'), width: 180, render: (one) => <Due due={one.due} /> },
    { key: 'title', title: t('duties.what'), width: 320, render: (one) => <Link to={placeOf(one)}>{fmtTimes(one.title)}</Link> },
    { key: 'subject', title: t('gap.subject'), width: 180, render: (one) => (caseOf(one) ? t('subject.case') : <span className="mono">{one.subject}</span>) },
    { key: 'task', title: t('gap.task'), width: 76, render: (one) => (one.task > 0 ? <Link to={`/tasks/${one.task}`}>{taskName(t, one.task)}</Link> : <span className="soft">–</span>) },
    { key: 'org', title: t('common.org'), width: 190, extra: !user.sees_all, render: (one) => orgs.find((org) => org.code === one.org)?.name ?? one.org },
    { key: 'at', title: t('remind.at'), width: 132, render: (one) => <span className="num nowrap">{fmtTime(one.at, false)}</span> },
  ];
  return (
    <>
      <Head title={t('nav.reminders')} sub={t('remind.sub')} asOf={digest.dataUpdatedAt} extra={meets(user, 'admin') && <Link to="/channels">{t('nav.channels')}</Link>} />
      <div className="stack">
        <Feed />
        <div>
          <div className="bar">
            <Choice name="kind" label={t('remind.kind')} url={url} setUrl={setUrl} options={kinds.map((value) => ({ value, label: word('reminder', value) }))} />
            {user.sees_all && <Choice name="org" label={t('common.org')} width={200} url={url} setUrl={setUrl} options={orgs.map((org) => ({ value: org.code, label: org.name, text: org.name }))} />}
          </div>
          <DataTable<Reminder>
            id="reminders"
            caption={t('nav.reminders')}
            columns={columns}
            rowKey={(one) => one.id}
            query={rows}
            url={url}
            setUrl={setUrl}
            empty={
              <Nothing what={t('remind.none')} hint={t('remind.none_hint')}>
                <Link to="/duties">{t('nav.duties')}</Link>
              </Nothing>
            }
          />
        </div>
      </div>
    </>
  );
}
