/* All rows of a list, as its filter stands, as a file that the server writes. */
import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { Problem, download } from '../api';
import { useLang } from '../i18n';

interface Props {
  /** Of the list that the page shows. */
  path: string;
  params?: Record<string, string | number | null | undefined>;
  formats?: readonly string[];
  label?: string;
  /** The empty table to fill in can be had as well. */
  template?: boolean;
}

const pages = ['limit', 'offset', 'page', 'size'];

export function ExportButton({ path, params, formats = ['xlsx', 'pdf', 'csv'], label, template }: Props) {
  const { t, lang } = useLang();
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const filter = Object.fromEntries(Object.entries(params ?? {}).filter(([name, value]) => value && !pages.includes(name)));
  const isFiltered = Object.keys(filter).some((name) => name !== 'sort');
  const save = async (format: string) => {
    setBusy(true);
    try {
      await download(path, format === 'template' ? { template: 1, format: 'xlsx' } : { ...filter, format, lang });
    } catch (error) {
      message.error(error instanceof Problem ? error.text(lang) : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [...formats.map((format) => ({ key: format, label: t(isFiltered ? 'export.filtered' : 'export.all', { format: format.toUpperCase() }) })), ...(template ? [{ type: 'divider' as const }, { key: 'template', label: t('export.template') }] : [])],
        onClick: ({ key }) => void save(key),
      }}
    >
      <Button icon={<DownloadOutlined aria-hidden />} loading={isBusy}>
        {label ?? t('export.go')}
      </Button>
    </Dropdown>
  );
}

/** What of the address a list is asked with: these names, and the filters of columns. */
export function filterOf(url: Record<string, string | undefined>, names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(url).filter(([name]) => names.includes(name) || name.startsWith('f.')));
}
