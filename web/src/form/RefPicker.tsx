/* A row of another register, found by typing, with a link to it. */
import { LinkOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select, Space } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import type { Page, Row } from '../types';
import { keyOf, rowUrl, titleOf, useRegisters } from '../ui/registers';

const shown_max = 20;

interface Props {
  refers: string;
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
  disabled?: boolean;
  /** Only rows of this organisation (a bureau's form for a company). */
  org?: string;
}

export function RefPicker({ refers, id, value, onChange, disabled, org }: Props) {
  const { t, pick } = useLang();
  const register = useRegisters().data?.rows.find((one) => one.name === refers);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const search = useDeferredValue(text);
  const key = register && keyOf(register);
  const found = useQuery({
    queryKey: ['ref', refers, search, org],
    queryFn: ({ signal }) => get<Page>(`/registers/${refers}`, { q: search, limit: shown_max, org }, signal),
    enabled: isOpen && key !== undefined,
    placeholderData: keepPreviousData,
  });
  const options = (found.data?.rows ?? []).map((row: Row) => {
    const code = String(row[key?.name ?? 'code'] ?? '');
    const title = register && titleOf(register, row);
    return { value: code, label: title && title !== code ? `${code} ${title}` : code };
  });
  return (
    <Space.Compact style={{ width: '100%' }}>
      <Select
        id={id}
        allowClear
        showSearch={{ filterOption: false, onSearch: setText }}
        disabled={disabled}
        value={value}
        style={{ width: '100%' }}
        options={options}
        loading={found.isFetching}
        notFoundContent={found.isFetching ? t('form.searching') : t('form.ref_none', { register: pick(register, refers) })}
        placeholder={t('form.ref_hint', { register: pick(register, refers) })}
        onOpenChange={setOpen}
        onChange={(next?: string) => onChange?.(next)}
      />
      {value && (
        <Link className="ant-btn ant-btn-default ref-link" to={rowUrl(refers, value)} aria-label={t('form.ref_open', { key: value })}>
          <LinkOutlined aria-hidden />
        </Link>
      )}
    </Space.Compact>
  );
}
