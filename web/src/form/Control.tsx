/* The control of one field, by its type. */
import { DatePicker, Input, InputNumber, Radio, Select } from 'antd';
import { useLang } from '../i18n';
import type { Field } from '../types';
import { useClear } from '../ui/clear';
import { RefPicker } from './RefPicker';
import type { Only } from './RefPicker';

const wide = { width: '100%' };
/** Enter takes the date; it does not hand in the form as well. */
const keepInForm = (event: React.KeyboardEvent) => {
  if (event.key === 'Enter') event.preventDefault();
};

/** Form.Item gives id, value and onChange. */
interface Props {
  field: Field;
  disabled?: boolean;
  org?: string;
  only?: Only;
  id?: string;
  value?: never;
  onChange?: never;
}

export function Control({ field, org, only, ...rest }: Props) {
  const { pick, t } = useLang();
  const clear = useClear();
  const options = field.values?.map((value) => ({ value: value.name, label: pick(value, value.name) }));
  switch (field.type) {
    case 'int':
      return options ? <Select allowClear={clear} options={options} {...rest} /> : <InputNumber style={wide} controls={false} {...rest} />;
    case 'date':
      return <DatePicker style={wide} onKeyDown={keepInForm} format="YYYY-MM-DD" placeholder="YYYY-MM-DD" {...rest} />;
    case 'time':
      return <DatePicker style={wide} onKeyDown={keepInForm} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" placeholder="YYYY-MM-DD HH:mm" {...rest} />;
    case 'bool':
      return (
        <Radio.Group
          options={[
            { value: 'yes', label: t('common.yes') },
            { value: 'no', label: t('common.no') },
          ]}
          {...rest}
        />
      );
    case 'enum':
      return <Select allowClear={clear} showSearch={(options?.length ?? 0) > 9 ? { optionFilterProp: 'label' } : false} options={options} {...rest} />;
    case 'enum_list':
      return <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options} {...rest} />;
    case 'text_list':
    case 'endpoints':
      return <Select mode="tags" tokenSeparators={[';', '；', '\n', ' ']} open={false} suffixIcon={null} placeholder={t('form.list_hint')} {...rest} />;
    case 'ref':
      return <RefPicker refers={field.refers ?? ''} org={org} only={only} {...rest} />;
    case 'note':
      return <Input.TextArea autoSize={{ minRows: 3, maxRows: 14 }} maxLength={field.max_chars} showCount {...rest} />;
    default:
      return (field.max_chars ?? 0) > 400 ? <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} {...rest} /> : <Input maxLength={field.max_chars} {...rest} />;
  }
}
