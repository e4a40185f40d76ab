/* One cell of an observation or a register row, shown by what it is. */
import type { ReactNode } from 'react';
import { fmtBytes, fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import type { Lang } from '../i18n';
import { DetectionName } from './detections';
import { SeverityMark } from './Marks';
import { useOrgs } from './orgs';

const regionNames: Partial<Record<Lang, Intl.DisplayNames>> = {};

/** The name of an ISO 3166-1 code; the special regions have their official form in the catalogue. */
export function useCountry(): (code: string) => string {
  const { lang, t, word } = useLang();
  return (code) => {
    if (code === '-') return t('country.private');
    if (!code || code === 'unknown') return t('country.unknown');
    const own = word('country', code);
    if (own !== code || !/^[A-Z]{2}$/.test(code)) return own;
    const names = (regionNames[lang] ??= new Intl.DisplayNames([lang === 'zh' ? 'zh-CN' : 'en'], { type: 'region', fallback: 'code' }));
    return names.of(code) ?? code;
  };
}

const times = new Set(['first_seen', 'last_seen', 'ev_time', 'other_seen', 'hour', 'at', 'created_at', 'updated_at', 'last_login']);
const ints = new Set(['logins', 'life_frames', 'other_frames', 'items', 'count', 'flows', 'frames', 'bad_frames', 'vehicles', 'value', 'ev_packet', 'tcp_gap_bytes']);
const codes = new Set(['vin', 'iccid', 'imsi', 'msisdn', 'phone', 'server', 'client', 'addr', 'src', 'dst', 'sender', 'subject', 'target', 'host', 'path', 'version', 'firmware', 'ev_flow', 'ev_source', 'code', 'hash', 'package_sha256', 'name_key']);
const words: Record<string, string> = { protocol: 'protocol', security: 'security', data_type: 'type', subject_kind: 'subject', counter: 'counter' };

export const isNumber = (name: string) => ints.has(name) || name === 'bytes' || name === 'port';
export const isCode = (name: string) => codes.has(name);

function OrgName({ code }: { code: string }) {
  return useOrgs().find((org) => org.code === code)?.name ?? code;
}

export function Value({ name, value, kind }: { name: string; value: unknown; kind?: string }): ReactNode {
  const { t, word } = useLang();
  const country = useCountry();
  if (value === null || value === undefined || value === '') return <span className="soft">–</span>;
  if (times.has(name)) return <span className="num nowrap">{fmtTime(value)}</span>;
  if (name === 'port' && Number(value) === 0) return <span className="soft">–</span>;
  if (name === 'bytes') return <span className="num nowrap">{fmtBytes(value)}</span>;
  if (ints.has(name)) return <span className="num">{fmtInt(value)}</span>;
  if (name === 'severity') return <SeverityMark value={String(value)} />;
  if (name === 'rule') return <DetectionName name={String(value)} />;
  if (name === 'org') return <OrgName code={String(value)} />;
  if (name === 'country') return country(String(value));
  if (name === 'client_cert') return Number(value) < 0 ? t('common.not_seen') : t(Number(value) ? 'common.yes' : 'common.no');
  if (name === 'kind' && kind === 'command') return word('command', String(value));
  if (typeof value === 'boolean' || name.startsWith('is_')) return t(value ? 'common.yes' : 'common.no');
  const group = words[name];
  if (group) return word(group, String(value));
  if (Array.isArray(value)) return value.map(String).join('; ');
  if (typeof value === 'object') return <span className="mono">{JSON.stringify(value)}</span>;
  return codes.has(name) ? <span className="mono">{String(value)}</span> : String(value);
}
