import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const format = await load('format.ts');
const hex = await load('ui/hex.ts');
const hours = await load('charts/hours.ts');
const visit = await load('pages/visit.ts');
const asset = await load('pages/asset.ts');

test('times are shown in Beijing time, whatever they come as', () => {
  const want = '2026-09-30 08:00:05'; // midnight and five seconds UTC
  for (const given of ['2026-09-30T00:00:05Z', '2026-09-30T08:00:05+08:00', 1790726405, 1790726405000, 1790726405000000])
    assert.equal(format.fmtTime(given), want);
  assert.equal(format.fmtDate('2026-09-30'), '2026-09-30');
  assert.equal(format.fmtTime('2026-09-29T23:59:00Z', false), '2026-09-30 07:59');
  for (const nothing of [null, undefined, '', 0, 'no time']) assert.equal(format.fmtTime(nothing), '');
});

test('numbers and sizes', () => {
  assert.equal(format.fmtInt(1234567), '1,234,567');
  assert.equal(format.fmtInt(null), '');
  assert.equal(format.fmtBytes(999), '999 B');
  assert.equal(format.fmtBytes(1536), '1.5 kB');
  assert.equal(format.fmtBytes(10 * 1024 * 1024), '10.5 MB');
});

test('days and weeks', () => {
  assert.equal(format.daysBetween('2026-11-23', '2026-12-01'), 8);
  assert.equal(format.daysBetween('2026-03-01', '2026-02-28'), -1);
  assert.equal(format.shiftMonth('2026-01', -1), '2025-12');
  assert.equal(format.shiftMonth('2026-12', 1), '2027-01');
  const weeks = format.weeksOf('2026-02'); // begins on a Sunday
  assert.deepEqual([weeks[0][0], weeks[0][6], weeks.length, weeks.at(-1)[6]], ['2026-01-26', '2026-02-01', 5, '2026-03-01']);
});

test('no line crosses hours that nobody saw', () => {
  const seen = ['2026-09-01T08:00:00+08:00', '2026-11-22T01:00:00+08:00', '2026-11-22T02:00:00+08:00'];
  const points = hours.hourPoints(seen, new Map([[seen[0], 38], [seen[2], 5]]));
  const day = 24 * 3600_000;
  assert.deepEqual(points.map((point) => point.value[1]), [38, null, 0, 5]); // seen with others only: 0
  assert.deepEqual(points.map((point) => point.alone ?? false), [true, false, false, false]);
  assert.equal(points[2].value[0] - points[0].value[0], 82 * day - 7 * 3600_000); // September 1st 08:00 to November 22nd 01:00
  assert.equal(points[0].value[0] % day, 8 * 3600_000); // 08:00 of Beijing, whatever the browser's zone
  assert.deepEqual(hours.lastDays(seen, 1), seen.slice(1));
  assert.deepEqual(hours.lastDays(seen, 0), seen);
  assert.deepEqual(hours.hourPoints([], new Map()), []);
});

test('a value is found in the bytes where it stands once', () => {
  // 0100, 6 bytes of BCD, then text
  const frame = '7e0100002d013912345678002a' + Buffer.from('LZ0EA1A01R1000207').toString('hex') + '7e';
  assert.deepEqual(hex.locate(frame, 'LZ0EA1A01R1000207'), { at: 13, len: 17 });
  assert.deepEqual(hex.locate(frame, '13912345678'), { at: 5, len: 6 });
  assert.deepEqual(hex.locate(frame, '0x0100'), { at: 1, len: 2 });
  assert.equal(hex.locate('ab01ab01', '0xab01'), null, 'two places are no place');
  assert.equal(hex.locate('0ab010', '0xab01'), null, 'not across half bytes');
  assert.equal(hex.locate(frame, '7'), null, 'too short to mean anything');
  const login = Buffer.from([26, 11, 23, 4, 31, 55]).toString('hex');
  assert.deepEqual(hex.locate(`2323${login}`, '2026-11-23 04:31:55'), { at: 2, len: 6 });
});

test('nested fields become lines', () => {
  assert.deepEqual(hex.flatten({ cmd: '0x02', items: [{ name: 'location', value: { lon: 1.5 } }], codes: [1, 2], none: null }), [
    ['cmd', '0x02'],
    ['items[0].name', 'location'],
    ['items[0].value.lon', '1.5'],
    ['codes', '1, 2'],
  ]);
});

test('a visit is compared with how the board stood', () => {
  const board = (high, overdue) => ({ tasks: [{ task: 6, gaps: { high, medium: 1, low: 0 }, duties: { overdue } }, { task: 7, gaps: { high: 0, medium: 0, low: 0 }, duties: { overdue: 0 } }] });
  const base = visit.countsOf(board(3, 0));
  assert.deepEqual(visit.compare(base, visit.countsOf(board(5, 1))), [{ task: 6, gaps: 2, overdue: 1 }]);
  assert.deepEqual(visit.compare(base, visit.countsOf(board(3, 0))), []);
});

const graph = await load('work/graph.ts');
const { leftUntil } = await load('work/left.ts');

// draft → review → (returned → review) → approved, and a way out that no step leads to
const type = {
  states: ['draft', 'review', 'returned', 'approved', 'discarded'].map((name) => ({ name, side: 'company', is_final: ['approved', 'discarded'].includes(name) })),
  actions: [
    { name: 'submit', from: ['draft', 'returned'], to: 'review' },
    { name: 'refuse', from: ['review'], to: 'returned' },
    { name: 'approve', from: ['review'], to: 'approved' },
    { name: 'remark', from: ['review'], to: null },
    { name: 'discard', from: ['draft', 'review'], to: 'discarded', is_common: true },
  ],
};

test('the way of a case: what it went through, where it is, the shortest way on', () => {
  const names = (visited) => graph.stepsOf(type, visited).map((step) => `${step.state.name} ${step.kind}`);
  assert.deepEqual(names(['draft']), ['draft now', 'review ahead', 'approved ahead']);
  assert.deepEqual(names(['draft', 'review', 'returned']), ['draft done', 'review done', 'returned now', 'review ahead', 'approved ahead']);
  assert.deepEqual(names(['draft', 'review', 'returned', 'review']), ['draft done', 'review now', 'approved ahead'], 'a loop is shown once');
  assert.deepEqual(names(['draft', 'review', 'approved']), ['draft done', 'review done', 'approved now']);
});

test('every state that can be reached has its place of its own in the drawing', () => {
  const places = graph.layout(type);
  assert.deepEqual(places.map((place) => [place.state.name, place.column, place.row]), [
    ['draft', 0, 0],
    ['review', 1, 0],
    ['returned', 2, 0],
    ['approved', 2, 1],
  ]);
});

test('what is left of a deadline, in words', () => {
  const at = (text) => new Date(text);
  const now = at('2026-11-23T08:00:00+08:00');
  assert.deepEqual(leftUntil(at('2026-11-25T11:30:00+08:00'), now), { key: 'left.days', n: 2, m: 0 });
  assert.deepEqual(leftUntil(at('2026-11-23T09:05:00+08:00'), now), { key: 'left.hours', n: 1, m: 5 });
  assert.deepEqual(leftUntil(at('2026-11-23T07:30:00+08:00'), now), { key: 'left.late_minutes', n: 30, m: 0 });
  assert.deepEqual(leftUntil(at('2026-11-20T06:00:00+08:00'), now), { key: 'left.late_days', n: 3, m: 0 });
  // The calendar counts: half an hour past a Beijing midnight is a day late, and the last evening before it is the day itself.
  assert.deepEqual(leftUntil(at('2026-11-22T23:59:59+08:00'), at('2026-11-23T00:30:00+08:00')), { key: 'left.late_days', n: 1, m: 0 });
  assert.deepEqual(leftUntil(at('2026-11-24T00:30:00+08:00'), at('2026-11-23T23:30:00+08:00')), { key: 'left.days', n: 1, m: 0 });
});

test('a row of the data list carries the place of its gap and no count that nobody made', () => {
  const find = (object_id, row) => ({ object_id, final_type: 'CN_MOBILE', others: [], final_grade: 'L3', row_count: 1000, bytes: 10, is_personal: true, is_sensitive: false, store: '', source_subjects: null, object_subjects: 900, ...row });
  // two tables of 1,000 rows, 1,500 numbers in both together
  const phones = asset.assetOf('/a', [find(1, { source_subjects: 1500 }), find(2, { source_subjects: 1500 })], ['CN_MOBILE'], 'x');
  assert.deepEqual([phones.source, phones.store, phones.records, phones.subjects], ['/a', undefined, 2000, 1500]);
  // cards have no count over tables: the largest table's is not it
  const card = { final_type: 'BANK_CARD', is_sensitive: true };
  assert.equal(asset.assetOf('/a', [find(1, card), find(2, card)], ['BANK_CARD'], 'x').subjects, undefined);
  assert.equal(asset.assetOf('/a', [find(1, card)], ['BANK_CARD'], 'x').subjects, 900); // of one table it is
  // a store only where all of it lies there, and types inside of text too
  assert.equal(asset.assetOf('/a', [find(1, { store: 'S1' }), find(2, { store: 'S1' })], ['CN_MOBILE'], 'x').store, 'S1');
  assert.equal(asset.assetOf('/a', [find(1, { store: 'S1' }), find(2, {})], ['CN_MOBILE'], 'x').store, undefined);
  assert.equal(asset.assetOf('/a', [find(1, { others: ['VIN'], source_subjects: 7 })], ['VIN'], 'x').records, 1000);
  assert.equal(asset.linkOf({ source: '/a b', name: '1' }), 'source=%2Fa%20b&name=1');
});
