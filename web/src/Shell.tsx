/* The frame around every page: login where nobody is logged in, else menu, top bar and page. */
import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown, Skeleton } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { post } from './api';
import { fmtTime } from './format';
import { useLang } from './i18n';
import { Keys } from './Keys';
import { Login } from './pages/Login';
import { PasswordDialog } from './pages/Password';
import { meets, menuGroups, pages } from './pages';
import type { MenuGroup } from './pages';
import { useLive, useSession, useUser } from './session';
import { ProblemView } from './ui/Page';
import { RegisterMenu } from './ui/RegisterMenu';

export function LangButton() {
  const { lang, setLang } = useLang();
  return (
    <Button className="lang" lang={lang === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}>
      {lang === 'zh' ? 'English' : '中文'}
    </Button>
  );
}

function Live() {
  const { t } = useLang();
  const isLive = useLive();
  return (
    <span className="live" role="status" title={t(isLive ? 'live.hint' : 'live.off_hint')}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" fill={isLive ? '#1d6f42' : 'none'} stroke={isLive ? '#1d6f42' : '#56626f'} strokeWidth="1.500" />
      </svg>
      {t(isLive ? 'live.on' : 'live.off')}
    </span>
  );
}

function Group({ name, children }: { name: MenuGroup; children?: ReactNode }) {
  const { t } = useLang();
  const user = useUser();
  const rows = pages.filter((page) => page.menu?.[0] === name && meets(user, page.needs));
  if (rows.length === 0) return null;
  return (
    <>
      <h2>{t(`nav.group_${name}`)}</h2>
      {children}
      <ul>
        {rows.map(({ path, menu, isExact }) => (
          <li key={path}>
            <NavLink to={`/${path}`} end={isExact}>
              {t(menu?.[1] ?? path)}
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  );
}

/** On a narrow window the menu is shut until it is asked for. */
function Side() {
  const { t } = useLang();
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const isOpen = openAt === pathname;
  return (
    <nav className={`side${isOpen ? ' is-open' : ''}`} aria-label={t('nav.label')}>
      <div className="side-head">
        <Link className="brand" to="/">
          <img src="/mark.svg" alt="" />
          <span>
            {t('app.short')} <small>{t('app.tag')}</small>
          </span>
        </Link>
        <button type="button" className="side-toggle" aria-expanded={isOpen} onClick={() => setOpenAt(isOpen ? null : pathname)}>
          {t('nav.menu')}
        </button>
      </div>
      {menuGroups.map((name) => (
        <Group key={name} name={name}>
          {name === 'declared' && <RegisterMenu />}
        </Group>
      ))}
    </nav>
  );
}

function Top() {
  const { t, word } = useLang();
  const user = useUser();
  const { signedOut } = useSession();
  const navigate = useNavigate();
  const [isChanging, setChanging] = useState(false);
  const logout = async () => {
    await post('/logout').catch(() => undefined);
    signedOut();
    void navigate('/');
  };
  return (
    <header className="top">
      <span className="who">{user.org?.name ?? t('top.all_orgs')}</span>
      <span className="fill" />
      {meets(user, undefined) && <Live />}
      <LangButton />
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            {
              key: 'who',
              disabled: true,
              label: (
                <span style={{ color: 'var(--soft)' }}>
                  {user.roles.map((role) => word('role', role)).join(' · ')}
                  {user.last_login && <div>{t('top.last_login', { time: fmtTime(user.last_login, false) })}</div>}
                </span>
              ),
            },
            { type: 'divider' },
            ...(meets(user, undefined) ? [{ key: 'tokens', label: <Link to="/tokens">{t('tokens.title')}</Link> }] : []),
            { key: 'password', label: t('top.password'), onClick: () => setChanging(true) },
            { key: 'logout', label: t('top.logout'), onClick: () => void logout() },
          ],
        }}
      >
        <Button type="text">
          {user.name || user.login} <DownOutlined aria-hidden style={{ fontSize: 10 }} />
        </Button>
      </Dropdown>
      <PasswordDialog isOpen={isChanging} onDone={() => setChanging(false)} />
    </header>
  );
}

export function Shell() {
  const { user, isKnown, error, refresh } = useSession();
  const { t } = useLang();
  if (!isKnown) {
    return (
      <main className="main">{error ? <ProblemView error={error} retry={refresh} /> : <Skeleton active={false} />}</main>
    );
  }
  if (!user) return <Login />;
  if (user.must_change) return <Login mustChange />;
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Keys />
      <Side />
      <div>
        <Top />
        <main className="main" id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}
