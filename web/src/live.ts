/* The server's stream of changes, one for all tabs of a browser: a browser opens six connections to a server
 * and no more, and each stream would keep one for good, so that the seventh tab got no answer at all. The tab
 * that holds the lock listens and passes on what it hears; when it closes, the next one takes over. */
import { base } from './api';

const name = 'zhuji.events';
type News = 'open' | 'lost' | 'change' | 'ask';

/** Listens to the server itself until the returned function is called. */
function stream(tell: (news: News) => void): () => void {
  const source = new EventSource(`${base}/events`);
  source.addEventListener('open', () => tell('open'));
  source.addEventListener('error', () => tell('lost'));
  source.addEventListener('change', () => tell('change'));
  return () => source.close();
}

export function listen(setOpen: (isOpen: boolean) => void, changed: () => void): () => void {
  const hear = (news: News) => {
    if (news === 'change') changed();
    else if (news !== 'ask') setOpen(news === 'open');
  };
  // locks need https or localhost; elsewhere each tab listens for itself
  if (!('locks' in navigator)) return stream(hear);
  const channel = new BroadcastChannel(name);
  const leaving = new AbortController();
  let last: News = 'lost';
  let close: (() => void) | undefined;
  channel.onmessage = ({ data }: MessageEvent<News>) => {
    if (data === 'ask' && close) channel.postMessage(last);
    else hear(data);
  };
  channel.postMessage('ask' satisfies News);
  void navigator.locks
    .request(name, { signal: leaving.signal }, () => {
      close = stream((news) => {
        if (news !== 'change') last = news;
        hear(news);
        channel.postMessage(news);
      });
      return new Promise<void>((done) => leaving.signal.addEventListener('abort', () => done()));
    })
    .catch(() => undefined);
  return () => {
    leaving.abort();
    close?.();
    channel.close();
  };
}
