/* What the sensor's detection rules saw, and what each rule looks for. */
import { Tabs } from 'antd';
import { Link } from 'react-router';
import { useLang } from '../i18n';
import { References } from '../ui/DetectionAbout';
import { useDetectionRules } from '../ui/detections';
import { Choice } from '../ui/Filters';
import { SeverityMark } from '../ui/Marks';
import { Head, Loaded } from '../ui/Page';
import { useUrl } from '../ui/url';
import { FactTable } from './Facts';

function Rules() {
  const { t, pick } = useLang();
  return (
    <Loaded of={useDetectionRules()}>
      {(data) => (
        <div className="box">
          <table className="rows">
            <caption className="vh">{t('detections.rules')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('gap.severity')}</th>
                <th scope="col">{t('col.rule')}</th>
                <th scope="col">{t('detections.about')}</th>
                <th scope="col">{t('rule.source')}</th>
              </tr>
            </thead>
            <tbody>
              {(data.rules ?? []).map((rule) => (
                <tr key={rule.name}>
                  <td>
                    <SeverityMark value={rule.severity} />
                  </td>
                  <th scope="row">
                    <Link to={`/detections?f.rule=${encodeURIComponent(rule.name)}`}>{pick(rule, rule.name)}</Link>
                  </th>
                  <td>{pick({ zh: rule.about_zh, en: rule.about_en })}</td>
                  <td className="soft"><References names={rule.references} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  );
}

export default function Detections() {
  const { t } = useLang();
  const [url, setUrl] = useUrl();
  const view = url['view'] === 'rules' ? 'rules' : 'rows';
  return (
    <>
      <Head
        title={t('nav.detections')}
        sub={t('detections.sub')}
        extra={
          view === 'rows' && (
            <Choice name="f.severity" label={t('gap.severity')} width={120} url={url} setUrl={setUrl} options={['high', 'medium', 'low'].map((value) => ({ value, label: <SeverityMark value={value} /> }))} />
          )
        }
      />
      <Tabs
        activeKey={view}
        items={[
          { key: 'rows', label: t('detections.rows') },
          { key: 'rules', label: t('detections.rules') },
        ]}
        onChange={(next) => setUrl({ view: next === 'rules' ? 'rules' : null })}
      />
      {view === 'rules' ? (
        <Rules />
      ) : (
        <div className="stack">
          <FactTable kind="detection" path="/detections" url={url} setUrl={setUrl} />
        </div>
      )}
    </>
  );
}
