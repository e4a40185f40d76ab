/* Bytes of a frame, and where a decoded value stands in them. */

export function bytesOf(hex: string): Uint8Array {
  const clean = hex.replace(/[^0-9a-fA-F]/g, '');
  return Uint8Array.from({ length: clean.length >> 1 }, (_, i) => parseInt(clean.slice(2 * i, 2 * i + 2), 16));
}

export const toHex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** Where a value stands in the frame: as text, as BCD digits, or as the hexadecimal it is printed in.
 * Found only where there is one place for it. */
export function locate(hex: string, value: unknown): { at: number; len: number } | null {
  const text = String(value ?? '');
  const tries: string[] = [];
  if (text.length >= 3) tries.push(toHex(new TextEncoder().encode(text)));
  if (/^\d{6,}$/.test(text)) tries.push(text.length % 2 ? `0${text}` : text);
  if (/^0x[0-9a-f]{4,}$/i.test(text)) tries.push(text.slice(2).toLowerCase());
  const time = /^20(\d\d)-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)$/.exec(text);
  if (time) {
    tries.push(time.slice(1).join(''));
    tries.push(time.slice(1).map((part) => Number(part).toString(16).padStart(2, '0')).join(''));
  }
  for (const wanted of tries) {
    let at = -1;
    for (let from = hex.indexOf(wanted); from >= 0; from = hex.indexOf(wanted, from + 1)) {
      if (from % 2) continue;
      if (at >= 0) return null;
      at = from / 2;
    }
    if (at >= 0) return { at, len: wanted.length / 2 };
  }
  return null;
}

/** Nested fields as lines: items[0].lon … */
export function flatten(value: unknown, name = ''): [string, string][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null))
    return [[name, value.join(', ')]];
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten(inner, Array.isArray(value) ? `${name}[${key}]` : name ? `${name}.${key}` : key),
    );
  return [[name, String(value)]];
}
