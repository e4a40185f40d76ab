/* What a detection means: its rule in words, what to do, where it stands in the catalogues, and what else
 * is known of its subject. */
import { Space, Tag } from 'antd';
import { Link } from 'react-router';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Row } from '../types';
import { useWorkTypes } from '../work/hooks';
import { useDetectionRules } from './detections';
import { LinkButton } from './LinkButton';
import { rowUrl } from './registers';

/** Each as it is cited: "R155 4.1" is UN R155, Annex 5, 4.1. */
export function References({ names }: { names: string[] | undefined }) {
  const { t } = useLang();
  return (
    <span className="refs">
      {names?.map((name) => {
        const [, group = '', number = ''] = /^(R155|ATM|catalogue) (.+)$/.exec(name) ?? [];
        return <Tag key={name}>{group ? t(`ref.${group}`, { n: number }) : name}</Tag>;
      })}
    </span>
  );
}

const withoutPort = (address: string) => address.replace(/^\[(.+)\]:\d+$/, '$1').replace(/^([\d.]+):\d+$/, '$1');

/** Where more is told of the subject: [page, name of the link]. */
function placesOf(row: Row, org: string | undefined): [string, string][] {
  const subject = String(row['subject']);
  const id = encodeURIComponent(subject);
  const port = Number(row['port']);
  if (subject.includes('*')) return []; // masked: a bureau finds nothing by it
  const flow: [string, string][] = port > 0 ? [[`/facts/service?f.addr=${encodeURIComponent(String(row['dst']))}&f.port=${port}`, 'detections.see_service']] : [];
  const same: [string, string] = [`/detections?f.subject=${id}`, 'detections.see_same'];
  switch (row['subject_kind']) {
    case 'vin':
      return [
        [rowUrl('vehicles', subject, org), 'detections.see_vehicle'],
        [`/registers/cards?f.vin=${id}`, 'detections.see_cards'],
        [`/facts/identity?f.vin=${id}`, 'detections.see_identity'],
        [`/facts/command?f.target=${id}`, 'detections.see_commands'],
        ...flow,
        [`/gaps?q=${id}`, 'detections.see_gaps'],
        same,
      ];
    case 'phone':
      return [[`/registers/cards?f.msisdn=${id}`, 'detections.see_card'], [`/facts/identity?f.phone=${id}`, 'detections.see_identity'], [`/facts/command?f.target=${id}`, 'detections.see_commands'], ...flow, same];
    default: {
      const address = encodeURIComponent(withoutPort(row['subject_kind'] === 'address' ? subject : String(row['src'])));
      return [[`/facts/identity?f.client=${address}`, 'detections.see_client'], ...flow, [`/gaps?q=${address}`, 'detections.see_gaps'], same];
    }
  }
}

export function DetectionAbout({ row }: { row: Row }) {
  const { t, pick, lang } = useLang();
  const user = useUser();
  const types = useWorkTypes().data;
  const incident = types?.find((type) => type.name === 'incident');
  const notice = types?.find((type) => type.name === 'threat_notice');
  const rule = useDetectionRules().data?.rules?.find((one) => one.name === row['rule']);
  const title = rule ? pick(rule, rule.name) : String(row['rule']);
  const note = String((lang === 'zh' && row['note_zh']) || row['note']);
  return (
    <div className="stack" style={{ marginBottom: 16 }}>
      <p className="lead">
        {title}
        {t('common.colon')}
        {note}
      </p>
      {rule && <span className="soft">{pick({ zh: rule.about_zh, en: rule.about_en })}</span>}
      {rule?.todo_zh && (
        <div>
          <strong>{t('gap.todo')}</strong>
          {t('common.colon')}
          {pick({ zh: rule.todo_zh, en: rule.todo_en })}
        </div>
      )}
      {rule?.references && (
        <div>
          <span className="soft">
            {t('rule.source')}
            {t('common.colon')}
          </span>
          <References names={rule.references} />
        </div>
      )}
      <Space wrap size={[14, 6]}>
        {placesOf(row, user.sees_all ? String(row['org']) : undefined).map(([to, name]) => (
          <Link key={name} to={to}>
            {t(name)}
          </Link>
        ))}
      </Space>
      {notice && user.roles.includes('bureau') && (
        <div>
          <LinkButton type="primary" to={`/cases/new?type=threat_notice&org=${encodeURIComponent(String(row['org']))}&target=${encodeURIComponent(String(row['subject']))}&title=${encodeURIComponent(title)}&detail=${encodeURIComponent(note)}`}>
            {t('gap.give_notice')}
          </LinkButton>
        </div>
      )}
      {incident && user.may_write && (
        <div>
          <LinkButton type="primary" to={`/cases/new?type=incident&title=${encodeURIComponent(`${title} ${String(row['subject'])}`)}&found_at=${encodeURIComponent(String(row['first_seen']))}&cause=${encodeURIComponent(note)}`}>
            {t('detections.incident')}
          </LinkButton>
        </div>
      )}
    </div>
  );
}
