/* A frame in hexadecimal beside its decoded fields. A field that can be found in the bytes lights up
 * there when it is pointed at or focused. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLang } from '../i18n';
import type { Frame } from '../types';
import { bytesOf, flatten, locate, toHex } from './hex';

interface Part {
  name: string;
  at: number;
  len: number;
}

/** Fixed heads of the vehicle protocols: (name of the field, position, length). */
const heads: Record<string, [string, number, number][]> = {
  gb32960: [
    ['cmd', 2, 1],
    ['ack', 3, 1],
    ['vin', 4, 17],
    ['enc', 21, 1],
    ['data_len', 22, 2],
  ],
  jt808: [
    ['msg_id', 1, 2],
    ['props', 3, 2],
  ],
};

const row_bytes = 16;
const bytes_max = 4096;

export function HexView({ frame }: { frame: Frame }) {
  const { t, word } = useLang();
  const [on, setOn] = useState<string | null>(null);
  const bytes = useMemo(() => bytesOf(frame.hex ?? ''), [frame.hex]);
  const found = useMemo(() => {
    const seen = new Map<string, number>();
    return (frame.found ?? []).map((one) => {
      const nth = (seen.get(one.type) ?? 0) + 1;
      seen.set(one.type, nth);
      const name = word('type', one.type);
      return { name: nth > 1 ? `${name} ${nth}` : name, at: one.start, len: one.end - one.start };
    });
  }, [frame.found, word]);
  const fields = useMemo<[string, string][]>(
    () => [
      ...found.map(({ name, at, len }): [string, string] => [name, `${new TextDecoder().decode(bytes.subarray(at, at + len))} (${t('frame.bytes', { from: at, to: at + len - 1 })})`]),
      ...flatten(frame.fields ?? {}),
    ],
    [found, frame.fields, bytes, t],
  );
  const parts = useMemo<Part[]>(() => {
    const hex = toHex(bytes);
    const fixed = (heads[frame.protocol ?? ''] ?? []).map(([name, at, len]) => ({ name, at, len }));
    const names = new Set([...fixed, ...found].map((part) => part.name));
    const placed = fields
      .filter(([name]) => !names.has(name))
      .flatMap(([name, value]) => {
        const place = locate(hex, value);
        return place ? [{ name, ...place }] : [];
      });
    return [...found, ...fixed, ...placed].filter((part) => part.at + part.len <= bytes.length);
  }, [bytes, fields, found, frame.protocol]);

  const partOf = (at: number) => parts.findIndex((part) => at >= part.at && at < part.at + part.len);
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (on) box.current?.querySelector('.b.on')?.scrollIntoView({ block: 'nearest' });
  }, [on]);
  const placed = new Set(parts.map((part) => part.name));
  const shown = bytes.subarray(0, bytes_max);
  const lines = Array.from({ length: Math.ceil(shown.length / row_bytes) }, (_, i) => i * row_bytes);

  return (
    <div className="hex">
      <pre ref={box} role="region" tabIndex={0} aria-label={t('frame.hex')}>
        {lines.map((start) => (
          <div key={start}>
            <span className="off">{start.toString(16).padStart(4, '0')}  </span>
            {Array.from(shown.subarray(start, start + row_bytes), (byte, i) => {
              const part = partOf(start + i);
              const name = parts[part]?.name;
              return (
                <span
                  key={i}
                  className={part < 0 ? 'b' : `b s${part % 2}${name === on ? ' on' : ''}`}
                  title={name}
                  onMouseEnter={() => setOn(name ?? null)}
                  onMouseLeave={() => setOn(null)}
                >
                  {byte.toString(16).padStart(2, '0')}{' '}
                </span>
              );
            })}
            <span className="asc">
              {'   '.repeat(Math.max(0, row_bytes - (shown.length - start)))}{' '}
              {Array.from(shown.subarray(start, start + row_bytes), (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')}
            </span>
          </div>
        ))}
        {bytes.length > bytes_max && <div className="off">{t('frame.more', { n: bytes.length - bytes_max })}</div>}
      </pre>
      <table className="fields">
        <caption className="vh">{t('frame.fields')}</caption>
        <tbody>
          {fields.map(([name, value]) => (
            <tr
              key={name}
              className={name === on ? 'on' : undefined}
              tabIndex={placed.has(name) ? 0 : undefined}
              onMouseEnter={() => setOn(name)}
              onMouseLeave={() => setOn(null)}
              onFocus={() => setOn(name)}
              onBlur={() => setOn(null)}
            >
              <th scope="row" title={name}>
                {name.replace(/[a-z]\w*/g, (part) => word('field', part))}
              </th>
              <td>{value === '' ? <span className="soft">–</span> : value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
