/* Named views of a list: the filters and the order of the address, kept for the user. */
import { DownOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, Input } from 'antd';
import { useLang } from '../i18n';
import { useStored } from './stored';
import type { UrlState } from './url';

type SetUrl = (change: Record<string, string | null>) => void;
interface View {
  name: string;
  state: UrlState;
}
const none: View[] = [];
/** Not part of a view: which page of the list is shown. */
const passing = new Set(['page', 'open']);

export function Views({ id, url, setUrl }: { id: string; url: UrlState; setUrl: SetUrl }) {
  const { t } = useLang();
  const { modal } = App.useApp();
  const [views, setViews] = useStored<View[]>(`views.${id}`, none);
  const state = Object.fromEntries(Object.entries(url).filter(([name]) => !passing.has(name)));
  const apply = (view: View) => setUrl({ ...Object.fromEntries(Object.keys(url).map((name) => [name, null])), ...view.state });
  const keep = () => {
    let name = '';
    void modal.confirm({
      title: t('views.keep'),
      icon: null,
      content: <Input autoFocus aria-label={t('views.name')} placeholder={t('views.name')} maxLength={40} onChange={(event) => (name = event.target.value.trim())} />,
      okText: t('common.save'),
      cancelText: t('common.cancel'),
      onOk: () => (name ? setViews([...views.filter((view) => view.name !== name), { name, state }]) : Promise.reject(new Error(t('form.required')))),
    });
  };
  const here = views.find((view) => JSON.stringify(view.state) === JSON.stringify(state));
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...views.map((view) => ({ key: `view ${view.name}`, label: view.name, onClick: () => apply(view) })),
          ...(views.length > 0 ? [{ type: 'divider' as const }] : []),
          { key: 'keep', label: t('views.keep'), disabled: Object.keys(state).length === 0 || here !== undefined, onClick: keep },
          ...(here ? [{ key: 'drop', label: t('views.drop', { name: here.name }), onClick: () => setViews(views.filter((view) => view !== here)) }] : []),
        ],
      }}
    >
      <Button>
        {here?.name ?? t('views.title')} <DownOutlined style={{ fontSize: 10 }} aria-hidden />
      </Button>
    </Dropdown>
  );
}
