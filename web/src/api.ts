/* The one way to the server: cookie session, a header on unsafe methods, problems as errors. */
import type { Lang } from './i18n';

export interface Fault {
  row?: number;
  field?: string | null;
  value?: string;
  en?: string;
  zh?: string;
  warning?: boolean;
}

export interface ProblemBody {
  title?: string;
  title_zh?: string;
  detail?: string;
  detail_zh?: string;
  code?: string;
  status?: number;
  /** The request's number. */
  instance?: string;
  faults?: Fault[];
  /** Where what was lacking is entered. */
  link?: import('./work/types').Lack;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
    readonly requestId: string,
  ) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
  }

  text(lang: Lang): string {
    const zh = this.body.detail_zh || this.body.title_zh;
    const en = this.body.detail || this.body.title;
    return (lang === 'zh' ? zh || en : en || zh) || `HTTP ${this.status}`;
  }
}

export const base = '/api/v1';

/** Sentences that the server makes (why a gap holds, what is wrong) come in this language. */
let language: Lang = 'zh';
export function speak(lang: Lang): void {
  language = lang;
}
const accepted = () => (language === 'zh' ? 'zh-CN' : 'en');

type Params = Record<string, string | number | boolean | null | undefined>;

export function query(params?: Params): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== '') out.set(key, String(value));
  }
  const text = out.toString();
  return text ? `?${text}` : '';
}

/** Told when the session has ended, so that the shell can show the login. */
let onSessionEnd: () => void = () => {};
export function whenSessionEnds(then: () => void): void {
  onSessionEnd = then;
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id') ?? '';
  let body: ProblemBody = {};
  try {
    body = (await response.json()) as ProblemBody;
  } catch {
    body = { title: `HTTP ${response.status} ${response.statusText}`.trim() };
  }
  return new Problem(response.status, body, requestId || (body.instance ?? ''));
}

/** What has a version carries it as $etag: an edit sends it back, and overwrites nothing that is newer. */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more?: Record<string, string>,
): Promise<T> {
  const headers: Record<string, string> = {
    ...more,
    Accept: 'application/json',
    'Accept-Language': accepted(),
  };
  let payload: BodyInit | undefined;
  if (body instanceof Blob) {
    payload = body;
    headers['Content-Type'] = 'application/octet-stream';
  } else if (body !== undefined) {
    payload = JSON.stringify(body);
    headers['Content-Type'] = 'application/json';
  }
  if (method !== 'GET') headers['X-Zhuji'] = '1';

  let response: Response;
  try {
    response = await fetch(base + path, { method, headers, body: payload, signal, credentials: 'same-origin' });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(0, { code: 'unreachable', detail: 'The server does not answer.', detail_zh: '服务器没有响应。' }, '');
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && path !== '/login' && path !== '/me') onSessionEnd();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  const parsed: unknown = text ? JSON.parse(text) : undefined;
  const $etag = response.headers.get('etag');
  return ($etag && parsed ? { ...parsed, $etag } : parsed) as T;
}

export const get = <T>(path: string, params?: Params, signal?: AbortSignal) =>
  call<T>('GET', path + query(params), undefined, signal);
export const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body ?? {});

/** A file that the server makes, saved under the name it gives. A problem is thrown, not saved. */
export async function download(path: string, params?: Params): Promise<void> {
  const response = await fetch(`${base}${path}${query(params)}`, { headers: { 'Accept-Language': accepted() }, credentials: 'same-origin' });
  if (!response.ok) throw await problemOf(response);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export';
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
