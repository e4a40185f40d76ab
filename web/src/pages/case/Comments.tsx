/* Remarks on a case: on one field, or on the whole. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import { call, post } from '../../api';
import { fmtTime } from '../../format';
import { useLang } from '../../i18n';
import { ProblemView } from '../../ui/Page';
import { useOfCase } from '../../work/hooks';
import type { Comment } from '../../work/types';

export function useComments(id: number) {
  return useOfCase<Comment>(id, 'comments');
}

function One({ caseId, comment }: { caseId: number; comment: Comment }) {
  const { t, word } = useLang();
  const client = useQueryClient();
  const resolve = useMutation({
    mutationFn: () => call('POST', `/work/cases/${caseId}/comments/${comment.id}/resolve`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ['case', caseId, 'comments'] }),
  });
  return (
    <li className={comment.resolved_at ? 'resolved' : undefined}>
      <div className="soft">
        {word('side', comment.side)} {comment.actor} <span className="num">{fmtTime(comment.at, false)}</span>{' '}
        {comment.resolved_at ? (
          t('comment.resolved')
        ) : (
          <button type="button" className="link" onClick={() => resolve.mutate()}>
            {t('comment.resolve')}
          </button>
        )}
      </div>
      <div className="long">{comment.text}</div>
    </li>
  );
}

/** `field` '': the whole case. */
export function Thread({ caseId, field, comments, isOpen }: { caseId: number; field: string; comments: Comment[]; isOpen: boolean }) {
  const { t } = useLang();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => post(`/work/cases/${caseId}/comments`, { field, text: text.trim() }),
    onSuccess: () => {
      setText('');
      return client.invalidateQueries({ queryKey: ['case', caseId, 'comments'] });
    },
  });
  const mine = comments.filter((comment) => (comment.field ?? '') === field);
  if (mine.length === 0 && !isOpen) return null;
  return (
    <div className="notes">
      {mine.length > 0 && (
        <ul>
          {mine.map((comment) => (
            <One key={comment.id} caseId={caseId} comment={comment} />
          ))}
        </ul>
      )}
      {add.error && <ProblemView error={add.error} />}
      {isOpen && (
        <Space.Compact style={{ width: '100%', maxWidth: 640 }}>
          <Input.TextArea aria-label={t('comment.text')} placeholder={t('comment.text')} autoSize={{ minRows: 1, maxRows: 5 }} value={text} maxLength={2000} onChange={(event) => setText(event.target.value)} />
          <Button loading={add.isPending} disabled={text.trim() === ''} onClick={() => add.mutate()}>
            {t('comment.add')}
          </Button>
        </Space.Compact>
      )}
    </div>
  );
}
