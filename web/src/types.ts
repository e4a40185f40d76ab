/* What the API gives, as far as the console reads it. */
import type { Named } from './i18n';

export interface User {
  id: number;
  login: string;
  name: string;
  org: { id: number; code: string; name: string } | null;
  roles: string[];
  sees_personal: boolean;
  sees_all?: boolean;
  may_write: boolean;
  must_change: boolean;
  last_login?: string | null;
}

export type Severity = 'high' | 'medium' | 'low';
export type DutyState = 'overdue' | 'due_soon' | 'open' | 'met' | 'not_applicable';

export interface BoardTask extends Named {
  task: number;
  asks_zh?: string;
  asks_en?: string;
  gaps: Record<Severity, number>;
  duties: Record<DutyState, number>;
  /** As the heat map's cells. */
  state: 'good' | 'attention' | 'bad' | 'none';
  rules: number;
}

export interface Safeguard extends Named {
  task?: number;
}

export interface Board {
  tasks: BoardTask[];
  safeguards?: Safeguard[];
}

export interface Rule extends Named {
  id: string;
  source?: string;
  mark?: string;
  severity?: Severity;
  kind?: string;
}

export interface Subject {
  kind: string;
  id: string;
}

export type Row = Record<string, unknown>;

/** Where the thing itself can be seen: its case, else its row; null: not by this reader. */
export type Place = { case?: number | null; register: string; id: number } | null;

export interface Gap {
  id: number;
  gap: string;
  task: number;
  severity: Severity;
  org: string;
  subject: Subject;
  /** What people call it: of found data the type in words. */
  subject_name?: string;
  why: string;
  state?: string;
  title?: string;
  todo?: string;
  source?: string;
  mark?: string;
  evidence: Row[];
  first_seen: string;
  last_seen: string;
  opened_at?: string;
  closed_at?: string | null;
  link?: Place;
}

export interface Frame {
  hex?: string;
  protocol?: string;
  edition?: string | number;
  valid?: boolean;
  error?: string;
  /** A piece of a body, or the beginning of a frame that was longer; absent: a whole frame. */
  part?: 'body' | 'cut';
  fields?: Record<string, unknown>;
  /** Identified data in the bytes, end exclusive. */
  found?: { type: string; start: number; end: number }[];
}

export interface EvidenceRow extends Row {
  kind: string;
  id: number;
  frame?: Frame;
  /** Of transfers: every type of data in this packet. */
  carries?: { data_type: string; items: number; id: number }[];
  /** What was read under the name of the capture, by its bytes; several where files of one name differed. */
  captures?: { sha256: string; bytes: number; first_read: string; last_read: string }[];
}

export interface DataFind {
  id: number;
  object_id: number;
  source: string;
  path: string;
  name: string;
  final_type: string;
  final_grade: string;
  others: string[];
  state: string;
  verdict: string;
  samples: string[];
  row_count: number;
  bytes: number;
  subjects: number | null;
  is_personal: boolean;
  is_sensitive: boolean;
  store: string;
  /** The value of the data list for its class, the subjects of this type in the whole source, and those of its table. */
  category_axis?: string;
  source_subjects?: number | null;
  object_subjects?: number | null;
  run_id: number;
  seen_at: string;
}

export interface GapDetail extends Gap {
  evidence_rows?: EvidenceRow[];
  /** Gaps about data: what inventories found. */
  columns?: DataFind[];
  column_total?: number;
  register_row?: Row | null;
  register?: string;
  rule?: Rule;
}

export interface Duty {
  id?: number;
  duty: string;
  title?: string;
  mark?: string;
  task: number;
  org: string;
  subject: Subject;
  /** What people call it: of found data the type in words. */
  subject_name?: string;
  state: DutyState;
  due: string | null;
  /** Of one that was overdue once: until when. */
  ended_at?: string;
  why: string;
  /** What to do next, and on which page. */
  todo?: string;
  page?: string;
  source: string;
  /** The rows it was judged by. */
  evidence?: { register: string; id: number }[];
  link?: Place;
}

export interface TaskDetail extends Named {
  task: number;
  gap_count?: number;
  duty_count?: number;
  text_zh?: string;
  text_en?: string;
  asks_zh?: string;
  asks_en?: string;
  duties: Duty[];
  gaps: Gap[];
  rules: Rule[];
}

export interface Page<T = Row> {
  rows: T[];
  total?: number;
  /** There are more: `total` is where counting stopped. */
  total_is_bounded?: boolean;
  /** How a search matched: fields that start with its text, or that hold it. */
  match?: 'start' | 'anywhere';
}

export interface FieldValue extends Named {
  name: string;
}

export interface Field extends Named {
  name: string;
  type: 'text' | 'int' | 'date' | 'time' | 'bool' | 'note' | 'ref' | 'enum' | 'enum_list' | 'text_list' | 'endpoints';
  flags: ('key' | 'required' | 'personal' | 'indexed' | 'in_list' | 'official' | 'identity')[];
  /** ref: the register whose key it holds. */
  refers?: string;
  values?: FieldValue[];
  clause?: string | null;
  help_en?: string | null;
  help_zh?: string | null;
  max_chars?: number;
  sample?: string | null;
}

export interface Register extends Named {
  name: string;
  task: number;
  count?: number;
  /** Whose rows they are; absent: the company's. */
  side?: 'company' | 'bureau';
  /** Its rows are the forms of cases. */
  is_case_form?: boolean;
  /** Its rows are organisations themselves. */
  is_global?: boolean;
  /** The field that rates are counted by. */
  rates_by?: string;
  fields: Field[];
}

export interface ImportResult {
  import_id: number;
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  warned: number;
  refused: number;
  written: boolean;
  faults: import('./api').Fault[];
}

export interface Fleet {
  vehicles: number;
  online_24h: number;
  by_protocol: { name: string; vehicles: number }[];
  by_edition: { name: string; protocol?: string; vehicles: number }[];
  by_security: { name: string; vehicles: number }[];
  series: { hour: string; protocol: string; security: string; vehicles: number; frames: number; bytes: number }[];
}

export interface Transfers {
  nodes: { id: string; name: string; kind: 'type' | 'destination' | 'country'; is_partner?: boolean }[];
  links: { source: string; target: string; items: number; bytes: number }[];
  rows: Row[];
}
