/* A row of another register, found by typing, with a link to it. */
import { LinkOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select, Space } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import type { Page, Register, Row } from '../types';
import { useClear } from '../ui/clear';
import { useCompanies } from '../ui/orgs';
import { keyOf, rowUrl, useRefName, useRegisters } from '../ui/registers';

const options_max = 20;
const told_max = 3;

/** Only rows whose `field` holds `value`: the gradings of the system that the form is about. */
export interface Only {
  field: string;
  value: string;
}

/** What tells rows without a name apart: the first things their list shows. */
function labelOf(register: Register, row: Row, pick: ReturnType<typeof useLang>['pick']): string {
  const told = register.fields.filter((field) => field !== keyOf(register) && field.flags.includes('in_list') && row[field.name] !== null && row[field.name] !== '' && row[field.name] !== undefined);
  const texts = told.slice(0, told_max).map((field) => pick(field.values?.find((value) => value.name === String(row[field.name])), `${field.type === 'int' ? `${pick(field, field.name)} ` : ''}${String(row[field.name])}`));
  return [String(row[keyOf(register).name]), ...texts].join(' · ');
}

/** Rows that may be chosen: by code and name, or, where rows have no name or only some fit, from the list. */
function useChoices(register: Register | undefined, refers: string, search: string, isOpen: boolean, org?: string, only?: Only) {
  const { pick } = useLang();
  const isNamed = register?.fields.some((field) => field.name === 'name' || field.name === 'title') ?? true;
  return useQuery({
    queryKey: ['ref', refers, search, org, only],
    queryFn: async ({ signal }) => {
      if (!register || (isNamed && !only)) {
        const { rows } = await get<Page<{ code: string; name: string }>>(`/registers/${refers}/options`, { q: search, org }, signal);
        return rows.map(({ code, name }) => ({ value: code, label: name && name !== code ? `${code} ${name}` : code }));
      }
      const { rows } = await get<Page>(`/registers/${refers}`, { q: search, org, limit: options_max, ...(only ? { [`f.${only.field}`]: only.value } : {}) }, signal);
      const fitting = only ? rows.filter((row) => String(row[only.field]) === only.value) : rows;
      return fitting.map((row) => ({ value: String(row[keyOf(register).name]), label: labelOf(register, row, pick) }));
    },
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
}

interface Props {
  refers: string;
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
  disabled?: boolean;
  /** Only rows of this organisation (a bureau's form for a company). */
  org?: string;
  only?: Only;
}

export function RefPicker({ refers, id, value, onChange, disabled, org, only }: Props) {
  const { t, pick } = useLang();
  const clear = useClear();
  const register = useRegisters().data?.rows.find((one) => one.name === refers);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const search = useDeferredValue(text);
  const found = useChoices(register, refers, search, isOpen, org, only);
  const companies = useCompanies();
  // Whoever is named in a form as an organisation is one that the plan gives tasks to.
  const choices = found.data?.filter((choice) => refers !== 'organisations' || companies.some((one) => one.code === choice.value));
  const name = useRefName(refers, value, org, true);
  return (
    <Space.Compact style={{ width: '100%' }}>
      <Select
        id={id}
        aria-label={id ? undefined : pick(register, refers)}
        allowClear={clear}
        showSearch={{ filterOption: false, onSearch: setText }}
        disabled={disabled}
        value={value}
        style={{ width: '100%' }}
        labelRender={({ label, value: code }) => (isOpen ? (label ?? code) : name ? `${code} ${name}` : (label ?? code))}
        options={choices ?? []}
        loading={found.isFetching}
        notFoundContent={found.isFetching ? t('form.searching') : t(only ? 'form.ref_none_of' : 'form.ref_none', { register: pick(register, refers), of: only?.value ?? '' })}
        placeholder={t('form.ref_hint', { register: pick(register, refers) })}
        onOpenChange={setOpen}
        onChange={(next?: string) => onChange?.(next)}
      />
      {value && (
        <Link className="ant-btn ant-btn-default ref-link" to={rowUrl(refers, value, org)} aria-label={t('form.ref_open', { key: value })}>
          <LinkOutlined aria-hidden />
        </Link>
      )}
    </Space.Compact>
  );
}
