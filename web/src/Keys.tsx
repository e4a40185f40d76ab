/* Keys that work on every page: / goes to the search, g and a letter to a page, ? tells all of them. */
import { Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useLang } from './i18n';
import { meets, pages } from './pages';
import { useUser } from './session';

/** After g. */
const places: Record<string, [to: string, title: string]> = {
  h: ['/', 'nav.home'],
  c: ['/cases', 'nav.cases'],
  p: ['/plan', 'nav.plan'],
  g: ['/gaps', 'nav.gaps'],
  d: ['/duties', 'nav.duties'],
  r: ['/registers', 'nav.registers'],
  n: ['/cases/new', 'case.new'],
  k: ['/calendar', 'duties.calendar'],
  m: ['/reminders', 'nav.reminders'],
  i: ['/imports', 'nav.import'],
  s: ['/supervision', 'nav.heatmap'],
  f: ['/fleet', 'nav.fleet'],
  t: ['/transfers', 'nav.transfers'],
  w: ['/detections', 'nav.detections'],
};
const pause_ms = 1200;

const isTyping = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('.main input[type=search], .main .ant-input-search input') ?? document.querySelector<HTMLInputElement>('.registers input');
  field?.focus();
  return field !== null;
}

export function Keys() {
  const { t } = useLang();
  const user = useUser();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const went = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isSecond = Date.now() - went.current < pause_ms;
      went.current = 0;
      const place = isSecond ? places[event.key] : undefined;
      if (place) void navigate(place[0]);
      else if (event.key === 'g') went.current = Date.now();
      else if (event.key === '?') setOpen(true);
      else if (event.key !== '/' || !focusSearch()) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [navigate]);
  const mine = Object.entries(places).filter(([, [to]]) => meets(user, pages.find((page) => `/${page.path}` === to)?.needs));
  const lines: [keys: string, what: string][] = [
    ['/', t('keys.search')],
    ...mine.map(([key, [, title]]) => [`g ${key}`, t(title)] as [string, string]),
    ['Tab', t('keys.tab')],
    ['Enter', t('keys.enter')],
    ['Esc', t('keys.escape')],
    ['?', t('keys.title')],
  ];
  return (
    <Modal open={isOpen} title={t('keys.title')} footer={null} onCancel={() => setOpen(false)} width={420}>
      <dl className="keys">
        {lines.map(([keys, what]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
