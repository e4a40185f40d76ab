/* What was typed and not saved, kept in this browser and offered again. Personal data is never kept. */
import { Alert, Button, Space } from 'antd';
import type { FormInstance } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import type { Field, Row } from '../types';
import { useStored } from '../ui/stored';
import { formToRow, rowToForm } from './values';
import type { Values } from './values';

interface Stored {
  at: number;
  row: Row;
}
const pause_ms = 600;

interface Draft {
  /** To be called at each change of the form. */
  changed: () => void;
  forget: () => void;
  banner: React.ReactNode;
}

export function useDraft(name: string, form: FormInstance<Values>, fields: Field[], before: Row | null, restored: () => void): Draft {
  const { t } = useLang();
  const [stored, setStored] = useStored<Stored | null>(`draft.${name}`, null);
  const [offer, setOffer] = useState(stored);
  const timer = useRef(0);
  const kept = fields.filter((field) => !field.flags.includes('personal') && !field.flags.includes('official'));
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const changed = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setStored({ at: Date.now(), row: formToRow(kept, form.getFieldsValue(true), before) }), pause_ms);
  }, [kept, form, before, setStored]);
  const forget = useCallback(() => {
    window.clearTimeout(timer.current);
    setStored(null);
    setOffer(null);
  }, [setStored]);

  const banner = offer && (
    <Alert
      type="info"
      showIcon
      role="status"
      title={t('draft.found', { time: fmtTime(offer.at, false) })}
      action={
        <Space>
          <Button
            type="primary"
            size="small"
            onClick={() => {
              form.setFieldsValue(rowToForm(kept.filter((field) => field.name in offer.row), offer.row));
              setOffer(null);
              restored();
            }}
          >
            {t('draft.restore')}
          </Button>
          <Button size="small" onClick={forget}>
            {t('draft.forget')}
          </Button>
        </Space>
      }
    />
  );
  return { changed, forget, banner };
}
