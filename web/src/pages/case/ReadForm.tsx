/* The form of a case as whoever may not change it reads it: field by field, with remarks on each. */
import { CommentOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useLang } from '../../i18n';
import type { Register } from '../../types';
import { useCell } from '../../ui/Cell';
import type { CaseDetail, Comment } from '../../work/types';
import { Thread } from './Comments';

interface Props {
  detail: CaseDetail;
  register: Register;
  comments: Comment[];
}

export function ReadForm({ detail, register, comments }: Props) {
  const { t, pick } = useLang();
  const cell = useCell();
  const [talk, setTalk] = useState<string | null>(null);
  /** Who reviews it is told who stands behind a code. */
  const told = (name: string) => {
    const person = detail.told?.[name];
    return person && <span className="told-by"> {[person.name, person.phone].filter(Boolean).join(' ')}</span>;
  };
  return (
    <table className="rows read">
      <caption className="vh">{pick(register)}</caption>
      <tbody>
        {register.fields.map((field) => {
          const open = comments.filter((one) => one.field === field.name && !one.resolved_at).length;
          return (
            <tr key={field.name}>
              <th scope="row">{pick(field, field.name)}</th>
              <td>
                {cell(field, detail.fields[field.name], { ...detail.fields, org: detail.case.org.code }, !detail.told?.[field.name])}
                {told(field.name)}
                <Thread caseId={detail.case.id} field={field.name} comments={comments} isOpen={talk === field.name} />
              </td>
              <td>
                <button type="button" className="link remark" aria-expanded={talk === field.name} aria-label={`${pick(field, field.name)} ${t('comment.on_field', { n: open })}`} onClick={() => setTalk(talk === field.name ? null : field.name)}>
                  <CommentOutlined aria-hidden /> {open > 0 ? open : ''}
                </button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
