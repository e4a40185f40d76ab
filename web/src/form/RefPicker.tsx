/* A row of another register, found by typing, with a link to it. */
import { LinkOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select, Space } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import type { Page } from '../types';
import { rowUrl, useRegisters } from '../ui/registers';

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
  const found = useQuery({
    queryKey: ['ref', refers, search, org],
    queryFn: ({ signal }) => get<Page<{ code: string; name: string }>>(`/registers/${refers}/options`, { q: search, org }, signal),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const options = (found.data?.rows ?? []).map(({ code, name }) => ({ value: code, label: name && name !== code ? `${code} ${name}` : code }));
  return (
    <Space.Compact style={{ width: '100%' }}>
      <Select
        id={id}
        aria-label={id ? undefined : pick(register, refers)}
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
