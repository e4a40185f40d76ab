/* One gap: why in words, declared beside observed, and the evidence down to the bytes of the frame. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Tag } from 'antd';
import { Link, useParams } from 'react-router';
import { get } from '../api';
import { fmtInt, fmtTime } from '../format';
import { useLang } from '../i18n';
import type { EvidenceRow, GapDetail, Row } from '../types';
import { FrameView } from '../ui/FrameView';
import { SeverityMark } from '../ui/Marks';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { FoundData } from './FoundData';
import { GapActions } from './GapActions';
import { PoolForGap } from './PoolFit';
import { Value } from '../ui/Value';
import { useRegisters } from '../ui/registers';
import { useKindName, useSubjectName } from '../ui/subjects';
import { taskName } from '../ui/plan';

/** Columns of an observation that its own lines show, not the list of facts. */
const elsewhere = new Set(['kind', 'id', 'org', 'org_id', 'frame', 'ev_source', 'ev_packet', 'ev_time', 'ev_flow', 'ev_frame', 'fact', 'warnings', 'carries', 'captures', 'note_zh']);
/** What a gap is about is set off in both columns. */
const clashing: Record<string, string[]> = {
  'T3.undeclared-asset': ['addr', 'port'],
  'T4.vehicle-plaintext': ['level', 'security'],
  'T6.card-not-registered': ['state', 'iccid'],
  'T6.optout-card-active': ['state', 'other_frames'],
  'T6.card-two-vins': ['vin'],
  'T9.unfiled-release-commanded': ['version', 'host', 'filed_on'],
  'T13.undeclared-partner': ['dst', 'data_type'],
  'T13.undeclared-type': ['data_types', 'data_type'],
  'T14.export-without-record': ['dst', 'country', 'data_type'],
};
const registers: Record<string, string> = { card: 'cards', system: 'systems', release: 'releases', partner: 'partners' };

export const factKind = (row: Row) => String(row['fact'] ?? row['fact_kind'] ?? row['kind'] ?? '');

function Pairs({ rows }: { rows: { name: string; label: string; value: unknown; kind?: string; clash?: boolean; text?: string }[] }) {
  return (
    <dl className="pairs">
      {rows.map((row) => (
        <div key={row.name} style={{ display: 'contents' }}>
          <dt>{row.label}</dt>
          <dd className={row.clash ? 'clash' : undefined}>{row.text ?? <Value name={row.name} value={row.value} kind={row.kind} />}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The types of data in a packet by their names, with how often each was seen there. */
function useCarried() {
  const { t, word } = useLang();
  return (row: EvidenceRow | undefined) => row?.carries?.map((one) => t('gap.carried', { type: word('type', one.data_type), n: fmtInt(one.items) })).join(t('common.list'));
}

const registerOf = (gap: GapDetail) => gap.register ?? registers[gap.subject.kind] ?? (gap.task === 3 ? 'systems' : gap.task === 14 ? 'exports' : gap.task === 13 ? 'partners' : gap.gap === 'T11.unlisted-data' ? 'data_assets' : '');

function Declared({ gap }: { gap: GapDetail }) {
  const { t, pick } = useLang();
  const all = useRegisters();
  const row = gap.register_row;
  const name = registerOf(gap);
  const register = all.data?.rows.find((one) => one.name === name);
  const title = register ? `${t('noun.declaration')}：${pick(register)}`.replace('：', t('common.colon')) : t('noun.declaration');
  if (!row || !register) {
    return (
      <Box title={title}>
        <Nothing what={t('gap.nothing_declared')} hint={register && t('gap.nothing_declared_hint', { register: pick(register) })}>
          {register && <Link to={`/registers/${register.name}?q=${encodeURIComponent(gap.subject.id)}`}>{t('gap.open_register', { register: pick(register) })}</Link>}
        </Nothing>
      </Box>
    );
  }
  const clash = clashing[gap.gap] ?? [];
  return (
    <Box title={title} extra={<Link to={`/registers/${register.name}/${String(row['id'])}`}>{t('gap.edit_row')}</Link>}>
      <Pairs
        rows={register.fields.map((field) => {
          const value = row[field.name];
          const named = field.values?.find((one) => one.name === value);
          return { name: field.name, label: pick(field), value, clash: clash.includes(field.name), text: named ? pick(named) : undefined };
        })}
      />
    </Box>
  );
}

function Observed({ gap, row }: { gap: GapDetail; row: EvidenceRow | undefined }) {
  const { t, word } = useLang();
  const carried = useCarried();
  if (!row) {
    return (
      <Box title={t('noun.observation')}>
        <Nothing what={t('gap.nothing_observed')} />
      </Box>
    );
  }
  const kind = factKind(row);
  const clash = clashing[gap.gap] ?? [];
  return (
    <Box
      title={`${t('noun.observation')}${t('common.colon')}${word('fact', kind)}`}
      extra={<Link to={`/facts/${kind}?open=${row.id}`}>{t('gap.open_fact')}</Link>}
    >
      <Pairs
        rows={Object.entries(row)
          .filter(([name, value]) => !elsewhere.has(name) && !(row.carries && name === 'items') && value !== null && value !== '' && !name.endsWith('_key'))
          .map(([name, value]) => ({ name, label: word('col', name), value, kind, clash: clash.includes(name), text: name === 'data_type' ? carried(row) : undefined }))}
      />
    </Box>
  );
}

/** Shown again, the file is the same where `sha256sum` gives the same. */
const digestOf = (t: ReturnType<typeof useLang>['t'], capture: NonNullable<EvidenceRow['captures']>[number]) => t('gap.capture', { sha256: capture.sha256, bytes: fmtInt(capture.bytes), time: fmtTime(capture.first_read) });

function Evidence({ row, at }: { row: EvidenceRow; at: number }) {
  const { t, word } = useLang();
  const carried = useCarried();
  const frame = row.frame;
  return (
    <Box
      title={t('gap.evidence_n', { n: at + 1 })}
      extra={
        frame?.protocol && (
          <span className="soft">
            {word('protocol', frame.protocol)} {frame.edition}
          </span>
        )
      }
    >
      <div className="stack">
        <Pairs
          rows={[
            { name: 'ev_source', label: t('col.ev_source'), value: row['ev_source'] },
            ...(row.captures ?? []).map((capture) => ({ name: 'capture', label: t('col.capture'), value: '', text: digestOf(t, capture) })),
            { name: 'ev_packet', label: t('col.ev_packet'), value: row['ev_packet'], text: row['ev_packet'] ? `#${fmtInt(row['ev_packet'])}` : undefined },
            { name: 'ev_time', label: t('col.ev_time'), value: row['ev_time'] },
            { name: 'ev_flow', label: t('col.ev_flow'), value: row['ev_flow'] },
            ...(row.carries ? [{ name: 'carries', label: t('gap.carries'), value: '', text: carried(row) }] : []),
          ]}
        />
        <FrameView frame={frame} />
      </div>
    </Box>
  );
}

export default function GapPage() {
  const { id } = useParams();
  const { t, word } = useLang();
  const kindName = useKindName();
  const subjectName = useSubjectName();
  const query = useQuery({ queryKey: ['gap', id], queryFn: ({ signal }) => get<GapDetail>(`/gaps/${id}`, undefined, signal) });
  return (
    <Loaded of={query}>
      {(gap) => {
        const rows = gap.evidence_rows ?? [];
        return (
          <>
            <Head
              title={gap.title ?? word('gap', gap.gap)}
              sub={
                <>
                  {kindName(gap.subject.kind)} <span className="mono">{subjectName(gap)}</span>
                </>
              }
              asOf={query.dataUpdatedAt}
              extra={<Link to="/gaps">{t('gap.back')}</Link>}
            />
            <div className="stack">
              <Box>
                <div className="stack">
                  <div className="bar" style={{ margin: 0, gap: 14 }}>
                    <SeverityMark value={gap.severity} />
                    <Link to={`/tasks/${gap.task}`}>{taskName(t, gap.task)}</Link>
                    <span className="mono soft">{gap.gap}</span>
                    {gap.state && <span>{word('gapstate', gap.state)}</span>}
                    <span className="soft num">
                      {t('gap.span', { from: fmtTime(gap.first_seen, false), to: fmtTime(gap.last_seen, false) })}
                    </span>
                  </div>
                  {gap.state === 'closed' && <Alert type="success" showIcon role="note" title={t('gap.closed', { time: fmtTime(gap.closed_at, false) })} />}
                  <p className="lead">{gap.why}</p>
                  {gap.todo && gap.state !== 'closed' && (
                    <div>
                      <strong>{t('gap.todo')}</strong>
                      {t('common.colon')}
                      {gap.todo}
                    </div>
                  )}
                  <GapActions gap={gap} registerName={registerOf(gap)} />
                  {gap.source && (
                    <div className="soft">
                      {t('rule.source')}
                      {t('common.colon')}
                      {gap.source} {gap.mark && gap.mark !== 'sure' && <Tag>{word('rulemark', gap.mark)}</Tag>}
                    </div>
                  )}
                </div>
              </Box>
              <div className="versus">
                <Declared gap={gap} />
                {gap.columns ? <FoundData gap={gap} rows={gap.columns} /> : <Observed gap={gap} row={rows[0]} />}
              </div>
              {gap.state !== 'closed' && <PoolForGap id={Number(id)} />}
              {rows.map((row, at) => (
                <Evidence key={`${factKind(row)}-${row.id}`} row={row} at={at} />
              ))}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
