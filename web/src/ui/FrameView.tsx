/* The frame of an observation: what part of a message it is, what is wrong with it, and its bytes. */
import { Alert } from 'antd';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Frame } from '../types';
import { HexView } from './HexView';

export function FrameView({ frame }: { frame: Frame | undefined }) {
  const user = useUser();
  const { t } = useLang();
  if (!frame?.hex) return <span className="soft">{t(user.sees_personal ? 'frame.none' : 'frame.hidden')}</span>;
  return (
    <div className="stack">
      {frame.part && <Alert type="info" showIcon role="note" title={t(frame.part === 'body' ? 'frame.body' : 'frame.cut', { n: frame.hex.length / 2 })} />}
      {frame.valid === false && <Alert type="warning" showIcon role="note" title={t('frame.invalid', { error: frame.error ?? '' })} />}
      <HexView frame={frame} />
    </div>
  );
}
