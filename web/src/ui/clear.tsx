/* The button that empties a choice, named in the reader's language: the library names it in English alone. */
import { CloseCircleFilled } from '@ant-design/icons';
import { useLang } from '../i18n';

export function useClear() {
  const { t } = useLang();
  return { clearIcon: <CloseCircleFilled aria-hidden />, label: t('common.clear') };
}
