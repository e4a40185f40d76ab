/* On paper a list is one plain table whose head stands on every page. */
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** True while the page is being printed, or shown as it would be. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => window.matchMedia('print').matches);
  useEffect(() => {
    // the browser takes its picture as soon as the event is over
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    const paper = window.matchMedia('print');
    const changed = () => (paper.matches ? begin() : end());
    paper.addEventListener('change', changed);
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      paper.removeEventListener('change', changed);
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinting;
}
