/* A list of rows held by the server: it sorts, filters and pages; the table shows and remembers. */
import { ReloadOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover, Table, Tooltip } from 'antd';
import type { TableColumnType } from 'antd';
import { useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import { ProblemView } from './Page';
import { usePrinting } from './print';
import { pageSizes, paging } from './url';
import type { UrlState } from './url';

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  width?: number;
  sortable?: boolean;
  /** Left out until the reader asks for it. */
  extra?: boolean;
  right?: boolean;
}

/** What is clicked is the row itself, no link or control in it, and no text was being marked. */
const isOfRow = (event: MouseEvent) => !(event.target as Element).closest('a, button, input, label') && !window.getSelection()?.toString();

/** Columns up to this width keep it on paper. */
const narrow_px = 100;

interface Props<T> {
  id: string;
  caption: string;
  columns: Column<T>[];
  rowKey: (row: T) => string | number;
  query: { data: { rows: T[]; total?: number; total_is_bounded?: boolean } | undefined; error: unknown; isFetching: boolean; refetch: () => unknown };
  url: UrlState;
  setUrl: (change: Record<string, string | number | null>) => void;
  empty: ReactNode;
  tools?: ReactNode;
  actions?: ReactNode;
  onOpen?: (row: T) => void;
  /** One click anywhere in a row opens it; else two. */
  opensByClick?: boolean;
  /** The rows are all there: no pages. */
  whole?: boolean;
  /** Rows can be chosen; undefined: they cannot. */
  chosen?: T[];
  onChoose?: (rows: T[]) => void;
}

function useShown<T>(id: string, columns: Column<T>[]): [Set<string>, (keys: string[]) => void] {
  const storageKey = `zhuji.columns.${id}`;
  const [chosen, setChosen] = useState<string[] | null>(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
      return Array.isArray(stored) ? stored.map(String) : null;
    } catch {
      return null;
    }
  });
  const shown = new Set(chosen ?? columns.filter((column) => !column.extra).map((column) => column.key));
  return [
    shown,
    (keys) => {
      localStorage.setItem(storageKey, JSON.stringify(keys));
      setChosen(keys);
    },
  ];
}

export function DataTable<T extends object>(props: Props<T>) {
  const { id, caption, columns, rowKey, query, url, setUrl, empty, tools, actions, onOpen, opensByClick, whole, chosen, onChoose } = props;
  const { t } = useLang();
  const isPrinting = usePrinting();
  const [shown, setShown] = useShown(id, columns);
  const { page, size } = paging(url);
  const sort = url['sort'] ?? '';
  const total = query.data?.total ?? query.data?.rows.length ?? 0;

  if (query.error && !query.data) return <ProblemView error={query.error} retry={() => void query.refetch()} isOfAddress />;

  const antColumns: TableColumnType<T>[] = columns
    .filter((column) => shown.has(column.key))
    .map((column) => ({
      key: column.key,
      title: column.title,
      width: isPrinting && (column.width ?? 0) > narrow_px ? undefined : column.width,
      align: column.right ? 'right' : 'left',
      sorter: column.sortable,
      showSorterTooltip: false,
      sortOrder: sort === column.key ? 'ascend' : sort === `-${column.key}` ? 'descend' : null,
      render: (_: unknown, row: T) => column.render(row),
    }));

  const chooser = (
    <Checkbox.Group
      style={{ display: 'grid', gap: 4, maxHeight: 360, overflowY: 'auto' }}
      value={[...shown]}
      options={columns.map((column) => ({ label: column.title, value: column.key }))}
      onChange={(keys) => keys.length > 0 && setShown(columns.map((c) => c.key).filter((key) => keys.includes(key)))}
    />
  );

  return (
    <div className="box">
      <div className="tools">
        <span className="num" role="status">
          {t(query.data?.total_is_bounded ? 'table.rows_at_least' : 'table.rows', { n: fmtInt(total) })}
        </span>
        {chosen && chosen.length === 0 && total > 0 && (
          <Button size="small" type="text" onClick={() => onChoose?.(query.data?.rows ?? [])}>
            {t('table.choose_all')}
          </Button>
        )}
        {tools}
        <span className="fill" />
        {actions}
        <Popover trigger="click" placement="bottomRight" content={chooser} title={t('table.columns')}>
          <Button icon={<SettingOutlined aria-hidden />}>{t('table.columns')}</Button>
        </Popover>
        <Tooltip title={t('common.refresh')}>
          <Button aria-label={t('common.refresh')} icon={<ReloadOutlined aria-hidden />} onClick={() => void query.refetch()} />
        </Tooltip>
      </div>
      <Table<T>
        aria-label={caption}
        size="small"
        columns={antColumns}
        dataSource={query.data?.rows ?? []}
        rowKey={rowKey}
        loading={query.isFetching && !query.data}
        sticky={isPrinting ? undefined : { offsetHeader: 46 }}
        scroll={isPrinting ? undefined : { x: 'max-content' }}
        locale={{ emptyText: query.data ? empty : ' ' }}
        rowSelection={
          !isPrinting && chosen ? {
            selectedRowKeys: chosen.map(rowKey),
            onChange: (_keys, rows) => onChoose?.(rows),
            columnWidth: 36,
            // The table copies its header into a hidden row that measures; a control there could take the focus.
            hideSelectAll: true,
            getCheckboxProps: (row) => ({ 'aria-label': t('table.choose', { row: String(rowKey(row)) }) }),
          } : undefined
        }
        onRow={
          onOpen &&
          ((row) =>
            opensByClick
              ? { className: 'opens', onClick: (event) => isOfRow(event) && onOpen(row) }
              : { onDoubleClick: () => onOpen(row) })
        }
        pagination={
          whole || (total <= size && page === 1)
            ? false
            : { current: page, pageSize: size, total, showSizeChanger: true, pageSizeOptions: pageSizes, showQuickJumper: true, showTitle: false }
        }
        onChange={(pages, _filters, sorter, extra) => {
          const by = Array.isArray(sorter) ? sorter[0] : sorter;
          if (extra.action === 'sort')
            setUrl({ sort: by?.order ? `${by.order === 'descend' ? '-' : ''}${String(by.columnKey)}` : null });
          else if (extra.action === 'paginate')
            setUrl({ page: pages.current === 1 ? null : (pages.current ?? 1), size: pages.pageSize === 50 ? null : (pages.pageSize ?? null) });
        }}
      />
    </div>
  );
}
