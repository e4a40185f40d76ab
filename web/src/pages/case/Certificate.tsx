/* The certificate of a filing that has its number, as a page of PDF. */
import { FileProtectOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { Problem, download } from '../../api';
import { useLang } from '../../i18n';

export function Certificate({ id }: { id: number }) {
  const { t, lang } = useLang();
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await download(`/work/cases/${id}/certificate`, { lang });
    } catch (error) {
      message.error(error instanceof Problem ? error.text(lang) : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" icon={<FileProtectOutlined aria-hidden />} loading={isBusy} onClick={() => void save()}>
      {t('case.certificate')}
    </Button>
  );
}
