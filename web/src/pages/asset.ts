/* A row of the data list for data that inventories found, as far as they know it. */
import type { DataFind } from '../types';

const gradeOrder = ['L1', 'L2', 'L3', 'L4', 'important', 'core'];

/** Persons of these types in one source, as far as they are known to be counted once: types are not added up,
 * and what several tables hold is a sum of nothing where the source has no count of its own. */
function subjectsOf(rows: DataFind[], objects: number): number {
  const counts = rows.map((row) => row.source_subjects ?? (objects === 1 ? row.object_subjects : 0) ?? 0);
  return Math.max(0, ...counts);
}

/** The row speaks of its source alone; a store is named where all of it lies in one. What is not known is left out. */
export function assetOf(source: string, all: DataFind[], types: string[], name: string): Record<string, string | number> {
  const rows = all.filter((row) => types.includes(row.final_type) || row.others.some((other) => types.includes(other)));
  const objects = [...new Map(rows.map((row) => [row.object_id, row])).values()];
  const highest = rows.reduce<DataFind | undefined>((best, row) => (best && gradeOrder.indexOf(best.final_grade) >= gradeOrder.indexOf(row.final_grade) ? best : row), undefined);
  const isPersonal = rows.some((one) => one.is_personal);
  const stores = [...new Set(rows.map((one) => one.store))];
  const row: Record<string, string | number> = {
    name,
    category: highest?.category_axis ?? '',
    level: highest?.final_grade === 'core' || highest?.final_grade === 'important' ? highest.final_grade : 'general',
    is_personal: isPersonal ? 'yes' : 'no',
    is_sensitive: rows.some((one) => one.is_sensitive) ? 'yes' : 'no',
    store: stores.length === 1 ? (stores[0] ?? '') : '',
    source,
    records: objects.reduce((sum, one) => sum + one.row_count, 0),
    subjects: isPersonal ? subjectsOf(rows, objects.length) || '' : '',
    bytes: objects.reduce((sum, one) => sum + one.bytes, 0),
    data_types: types.join(';'),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''));
}

export const linkOf = (row: Record<string, string | number>) =>
  Object.entries(row)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
