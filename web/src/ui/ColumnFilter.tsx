/* A condition on one column of the observations: the column, and how its value begins. */
import { Input, Select, Space } from 'antd';
import { useState } from 'react';
import { useLang } from '../i18n';

/** Columns with few values are asked for as a whole, numbers too. */
const whole = new Set(['port', 'protocol', 'security', 'edition', 'data_type', 'severity', 'rule', 'subject_kind', 'kind', 'counter', 'tls_version']);

interface Props {
  columns: string[];
  setUrl: (change: Record<string, string | null>) => void;
}

export function ColumnFilter({ columns, setUrl }: Props) {
  const { t, word } = useLang();
  const [column, setColumn] = useState(columns[0] ?? '');
  const [text, setText] = useState('');
  const apply = () => {
    const value = text.trim();
    if (!value) return;
    setUrl({ [`f.${column}`]: whole.has(column) || value.endsWith('*') ? value : `${value}*` });
    setText('');
  };
  return (
    <Space.Compact>
      <Select
        aria-label={t('filter.column')}
        style={{ width: 150 }}
        popupMatchSelectWidth={false}
        value={column}
        options={columns.map((name) => ({ value: name, label: word('col', name) }))}
        onChange={setColumn}
      />
      <Input.Search
        aria-label={t('filter.begins', { what: word('col', column) })}
        placeholder={t('filter.begins', { what: word('col', column) })}
        style={{ width: 230 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onSearch={apply}
      />
    </Space.Compact>
  );
}
