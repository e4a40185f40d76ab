/* The fields of a register as items of a form: label, control, and beside it what the plan asks. */
import { Form } from 'antd';
import type { FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { Problem } from '../api';
import type { Fault } from '../api';
import { useLang } from '../i18n';
import type { Lang } from '../i18n';
import { useUser } from '../session';
import type { Field } from '../types';
import { useRegisters } from '../ui/registers';
import { Control } from './Control';
import type { Only } from './RefPicker';
import type { Values } from './values';

/** Where the row a field refers to itself belongs to a row that this form names as well, only such rows fit:
 * of a filing's gradings those of its system. */
function useOnly(fields: Field[]): (field: Field) => Only | undefined {
  const registers = useRegisters().data?.rows;
  const values = Form.useWatch([]) as Values | undefined;
  return (field) => {
    const referred = field.type === 'ref' ? registers?.find((one) => one.name === field.refers) : undefined;
    const shared = referred?.fields.find((theirs) => theirs.type === 'ref' && fields.some((own) => own !== field && own.name === theirs.name && own.refers === theirs.refers));
    const value = shared && values?.[shared.name];
    return shared && typeof value === 'string' && value ? { field: shared.name, value } : undefined;
  };
}

interface Props {
  fields: Field[];
  /** The row is not new: what is masked stays so. */
  isOld: boolean;
  /** Shown, and not to be changed by the caller. */
  isShut: (field: Field) => boolean;
  org?: string;
  /** What a page adds under one field: comments. */
  under?: (field: Field) => ReactNode;
}

function Help({ field }: { field: Field }) {
  const { t, pick } = useLang();
  const help = pick({ zh: field.help_zh, en: field.help_en });
  return (
    <div className="help">
      {help && <p>{help}</p>}
      {field.clause && (
        <p className="clause">
          {t('rule.source')}
          {t('common.colon')}
          {field.clause}
        </p>
      )}
      {field.flags.includes('official') && <p>{t('form.official')}</p>}
      {field.flags.includes('personal') && <p>{t('row.personal')}</p>}
    </div>
  );
}

export function Fields({ fields, isOld, isShut, org, under }: Props) {
  const { t, pick } = useLang();
  const user = useUser();
  const only = useOnly(fields);
  return (
    <div className="fieldset">
      {fields.map((field) => {
        const isMasked = field.flags.includes('personal') && !user.sees_personal && isOld;
        return (
          <div className="field" key={field.name} data-field={field.name}>
            <Form.Item
              name={field.name}
              label={pick(field, field.name)}
              rules={field.flags.includes('required') && !isShut(field) ? [{ required: true, message: t('form.required') }] : undefined}
            >
              <Control field={field} org={org} only={only(field)} disabled={isMasked || isShut(field)} />
            </Form.Item>
            <Help field={field} />
            {under?.(field)}
          </div>
        );
      })}
    </div>
  );
}

/** Each fault goes to its field, in words; the first is scrolled to. Gives those that belong to no field. */
export function showFaults(form: FormInstance<Values>, fields: Field[], faults: Fault[], lang: Lang): Fault[] {
  const text = (fault: Fault) => (lang === 'zh' ? fault.zh || fault.en : fault.en || fault.zh) ?? '';
  const mine = fields.map((field) => ({ name: field.name, faults: faults.filter((fault) => fault.field === field.name) }));
  form.setFields(
    mine.map(({ name, faults: own }) => ({
      name,
      errors: own.filter((fault) => !fault.warning).map(text),
      warnings: own.filter((fault) => fault.warning).map(text),
    })),
  );
  const first = mine.find((one) => one.faults.some((fault) => !fault.warning));
  if (first) form.scrollToField(first.name, { block: 'center', focus: true });
  return faults.filter((fault) => !fields.some((field) => field.name === fault.field));
}

export const faultsOf = (error: unknown): Fault[] => (error instanceof Problem ? (error.body.faults ?? []) : []);
