/* Parts that every page is put together from. */
import { Alert, Button, Skeleton } from 'antd';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { Problem } from '../api';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { useSession } from '../session';

export function AsOf({ at }: { at?: number | string | null }) {
  const { t } = useLang();
  const time = fmtTime(at);
  return time ? (
    <span className="asof num" title={t('common.beijing')}>
      {t('common.as_of', { time })}
    </span>
  ) : null;
}

interface HeadProps {
  title: ReactNode;
  /** For the window's title where `title` is no text. */
  name?: string;
  sub?: ReactNode;
  extra?: ReactNode;
  asOf?: number | string | null;
}

export function Head({ title, name, sub, extra, asOf }: HeadProps) {
  const { t } = useLang();
  const text = name ?? (typeof title === 'string' ? title : '');
  useEffect(() => {
    document.title = text ? `${text} · ${t('app.name')}` : t('app.name');
  }, [text, t]);
  const org = useSession().user?.org?.name ?? t('top.all_orgs');
  return (
    <header className="head">
      <p className="on-paper">{`${org} · ${t('app.name')} · ${t('common.as_of', { time: fmtTime(Date.now(), false) })}`}</p>
      <h1>{title}</h1>
      <div className="sub">{sub}</div>
      <div className="extra">
        <AsOf at={asOf} />
        {extra}
      </div>
    </header>
  );
}

export function Box({ title, extra, children, bare }: { title?: ReactNode; extra?: ReactNode; children: ReactNode; bare?: boolean }) {
  return (
    <section className="box">
      {(title || extra) && (
        <header>
          <h2>{title}</h2>
          <span className="fill" />
          {extra}
        </header>
      )}
      {bare ? children : <div className="in">{children}</div>}
    </section>
  );
}

/** Nothing to show: what is missing, and what to do next. */
export function Nothing({ what, hint, children }: { what: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="nothing">
      <strong>{what}</strong>
      {hint}
      {children && <div className="do">{children}</div>}
    </div>
  );
}

/** What the address asks for cannot be had, as of an old link: the page without its conditions can. */
function ClearAddress() {
  const { t } = useLang();
  const { pathname, search } = useLocation();
  return search ? <Link to={pathname}>{t('filter.clear')}</Link> : null;
}

export function ProblemView({ error, retry, isOfAddress }: { error: unknown; retry?: () => void; isOfAddress?: boolean }) {
  const { t, lang } = useLang();
  const problem = error instanceof Problem ? error : null;
  const text = problem ? problem.text(lang) : t('error.own', { message: String((error as Error)?.message ?? error) });
  const advice =
    problem?.status === 403
      ? t('error.forbidden')
      : problem?.status === 0
        ? t('error.unreachable')
        : problem?.status === 404
          ? t('error.gone')
          : [400, 409, 413, 422].includes(problem?.status ?? 0)
            ? t('error.mend')
          : t('error.again');
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={text}
      description={
        <>
          {isOfAddress && problem?.status === 400 ? <ClearAddress /> : advice}
          {problem?.requestId && <div className="mono">{t('error.id', { id: problem.requestId })}</div>}
        </>
      }
      action={retry && <Button onClick={retry}>{t('common.retry')}</Button>}
    />
  );
}

interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Waiting, failed, or the thing itself. */
export function Loaded<T>({ of, children }: { of: QueryLike<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <ProblemView error={of.error} retry={() => void of.refetch()} isOfAddress />;
  return <Skeleton active={false} paragraph={{ rows: 6 }} />;
}
