/* The bar above a list: each control writes to the address. */
import { Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useLang } from '../i18n';
import { useClear } from './clear';
import type { UrlState } from './url';

type SetUrl = (change: Record<string, string | null>) => void;

export function Search({ url, setUrl, hint }: { url: UrlState; setUrl: SetUrl; hint: string }) {
  const [text, setText] = useState(url['q'] ?? '');
  useEffect(() => setText(url['q'] ?? ''), [url]);
  return (
    <Input.Search
      allowClear
      aria-label={hint}
      placeholder={hint}
      value={text}
      style={{ width: 280 }}
      onChange={(event) => setText(event.target.value)}
      onSearch={(value) => setUrl({ q: value.trim() || null })}
    />
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  options: { value: string; label: React.ReactNode; text?: string }[];
  url: UrlState;
  setUrl: SetUrl;
  width?: number;
  /** What the list shows where nothing is chosen, if that is not everything. */
  absent?: string;
}

export function Choice({ name, label, options, url, setUrl, width = 150, absent }: ChoiceProps) {
  const { t, lang } = useLang();
  // inside a sentence an English label begins small, unless it is an abbreviation
  const what = lang === 'en' && /^[A-Z][a-z ]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
  const clear = useClear();
  return (
    <Select
      aria-label={label}
      allowClear={clear}
      showSearch={options.length > 9 ? { optionFilterProp: 'text' } : false}
      placeholder={absent ?? t('filter.any', { what })}
      style={{ width }}
      popupMatchSelectWidth={false}
      value={url[name] ?? null}
      options={options}
      onChange={(value: string | null) => setUrl({ [name]: value ?? null })}
    />
  );
}
