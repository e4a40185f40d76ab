import { useLocation, useRouteError } from 'react-router';
import { useLang } from '../i18n';
import type { Need } from '../pages';
import { LinkButton } from '../ui/LinkButton';
import { Nothing, ProblemView } from '../ui/Page';

export function Missing() {
  const { t } = useLang();
  const { pathname } = useLocation();
  return (
    <Nothing what={t('missing.title')} hint={t('missing.hint', { path: pathname })}>
      <LinkButton to="/" type="primary">{t('nav.home')}</LinkButton>
    </Nothing>
  );
}

/** A page that is not for this role: which role it needs, and who can give it. */
export function Forbidden({ needs }: { needs: Need | undefined }) {
  const { t, word } = useLang();
  return (
    <Nothing what={t('forbidden.title')} hint={t('forbidden.hint', { need: word('need', needs) })}>
      <LinkButton to="/" type="primary">{t('nav.home')}</LinkButton>
    </Nothing>
  );
}

/** A fault of the console itself: said in words, with a way out. */
export function Broken() {
  const error = useRouteError();
  return <ProblemView error={error} retry={() => window.location.reload()} />;
}
