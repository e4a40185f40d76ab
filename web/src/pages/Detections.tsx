/* What the sensor's detection rules saw, with what each rule means. */
import { useLang } from '../i18n';
import { Choice } from '../ui/Filters';
import { SeverityMark } from '../ui/Marks';
import { Head } from '../ui/Page';
import { useUrl } from '../ui/url';
import { FactTable } from './Facts';

export default function Detections() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  return (
    <>
      <Head
        title={t('nav.detections')}
        sub={t('detections.sub')}
        asOf={Date.now()}
        extra={<Choice name="severity" label={t('gap.severity')} width={120} url={url} setUrl={setUrl} options={['high', 'medium', 'low'].map((value) => ({ value, label: <SeverityMark value={value} /> }))} />}
      />
      <div className="stack">
        <FactTable kind="detection" path="/detections" url={url} setUrl={setUrl} />
      </div>
    </>
  );
}
