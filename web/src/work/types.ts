/* Cases, as the API gives them. */
import type { Fault } from '../api';
import type { Named } from '../i18n';
import type { DutyState, Row, Subject } from '../types';

export type Side = 'company' | 'bureau' | 'expert' | 'none';
export type ActionNeed = 'comment' | 'to' | 'fields' | 'sign' | 'file';

export interface WorkState extends Named {
  name: string;
  side: Side;
  is_final: boolean;
  is_editable?: boolean;
}

export interface WorkAction extends Named {
  name: string;
  from: string[];
  to: string | null;
  side: Side | 'both';
  needs: ActionNeed[];
  fields: string[];
  /** Fields that must be there once it is done. */
  required?: string[];
  is_common?: boolean;
  /** Not to be done with several cases together. */
  is_for_one?: boolean;
  /** Of an action that may be done now: what `to` may be. */
  targets?: string[];
  /** Why it would be refused now, in the reader's language, and where that is mended. */
  blocked?: string | null;
  blocked_link?: Lack | null;
}

/** Where what is lacking is entered: a row, a new one with what it begins with, or the rows that share `with`. */
export interface Lack {
  register: string;
  org?: string | null;
  id?: number | null;
  key?: string | null;
  field?: string | null;
  is_new?: boolean;
  with?: Record<string, string>;
}

export interface WorkType extends Named {
  name: string;
  task: number;
  register: string;
  opens: Side | 'both';
  /** Its cases are the bureau's own, about no single company. */
  is_bureaus_own?: boolean;
  clause?: string | null;
  states: WorkState[];
  actions: WorkAction[];
}

export interface Case {
  id: number;
  type: string;
  task: number;
  org: { code: string; name: string };
  subject: string;
  title: string;
  state: string;
  side: Side;
  round: number;
  opened_at: string;
  /** Handed over last, and first. */
  submitted_at: string | null;
  first_submitted_at?: string | null;
  state_at?: string | null;
  due_at: string | null;
  closed_at?: string | null;
  is_overdue: boolean;
  number: string | null;
  assignee?: string | null;
  version?: number;
  row_id?: number;
}

export interface Clock extends Named {
  key: string;
  source?: string | null;
  mark?: string | null;
  /** The field of the form that it runs from. */
  from_zh?: string | null;
  from_en?: string | null;
  started_at: string;
  due_at: string | null;
  met_at: string | null;
  is_overdue: boolean;
}

export interface Sign extends Named {
  role: string;
  verdict: string;
  at: string;
  actor: string;
  round: number;
  action?: string;
  is_current?: boolean;
}

export interface CaseDetail {
  case: Case;
  fields: Row;
  faults: Fault[];
  /** What a form names by code, told to who reviews it. */
  told?: Record<string, { name?: string | null; phone?: string | null }>;
  /** The actions that the caller may do now. */
  may: WorkAction[];
  may_edit: boolean;
  /** Fields that the caller may change. */
  edits?: string[];
  clocks: Clock[];
  /** Deadlines of its kind that are not verified: counted once an administrator has confirmed them. */
  /** A filing with its number: GET …/certificate gives the page. */
  has_certificate?: boolean;
  unverified?: (Named & { id: string; source?: string | null; state: string })[];
  signs: Sign[];
  files?: number;
  /** What the rules make of the numbers in the form, by field. */
  proposed?: Row | null;
}

export interface WorkEvent extends Named {
  id: number;
  at: string;
  actor: string;
  side: Side;
  action: string;
  from: string | null;
  to: string | null;
  note: string | null;
  /** Its number, 0: none was taken. */
  snapshot: number;
  round: number;
}

export interface Comment {
  id: number;
  field: string | null;
  at: string;
  actor: string;
  side: Side;
  text: string;
  resolved_at: string | null;
}

export interface CaseFile {
  field: string | null;
  name: string;
  bytes: number;
  sha256: string;
  at: string;
  actor: string;
}

export interface Snapshot {
  n: number;
  kind: string;
  at: string;
  actor: string;
  round?: number;
  hash: string;
}

export interface FieldDiff extends Named {
  field: string;
  from: unknown;
  to: unknown;
}

export interface TodoDuty extends Named {
  id: number;
  duty: string;
  subject: Subject;
  state: DutyState;
  due: string | null;
}

/** Somebody reminded of a case, or sent a copy of it. */
export interface TodoNotice extends Named {
  notice_id: number;
  /** Of the case. */
  id: number;
  action: string;
  at: string;
  type: string;
  title: string;
  org: { code: string; name: string };
}

interface Group extends Named {
  task: number;
  count: number;
  overdue: number;
}
/** A case that is with the other side, while a clock asks this one: an appeal waits for its answer. */
export interface AskedCase extends Case {
  waits_for?: Named & { key: string; /** That answer it, spaces between. */ actions: string; due_at: string | null; is_overdue: boolean };
}
export type TodoGroup = Group & ({ kind: 'case'; rows: Case[] } | { kind: 'clock'; rows: AskedCase[] } | { kind: 'duty'; rows: TodoDuty[] } | { kind: 'notice'; rows: TodoNotice[] });

/** What falls due on a day; its title says about what. The words of a case are those of its clock, of a duty why. */
export interface DueDay extends Named {
  day: string;
  kind: 'case' | 'duty';
  id: number;
  task: number;
  org: { code: string; name: string };
  title: string;
  is_overdue: boolean;
  type?: string;
  duty?: string;
  subject?: string;
  key?: string;
  /** Of a case its state, of a duty overdue, due soon or open. */
  state: string;
}
