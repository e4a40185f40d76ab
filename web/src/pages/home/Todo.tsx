/* What waits for me, each thing once: cases on my desk and, for a company, the duties that are late or fall
 * due; the most urgent first. A duty that a case already deals with is that case. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get } from '../../api';
import { daysBetween, fmtDate, fmtInt, fmtTimes, today } from '../../format';
import { useLang } from '../../i18n';
import { meets } from '../../pages';
import { useUser } from '../../session';
import type { Duty, Page } from '../../types';
import { Shape } from '../../ui/Marks';
import { Box, Loaded, Nothing } from '../../ui/Page';
import { useSubjectUrl } from '../../ui/subjects';
import { shiftDay } from '../../work/due';
import { useAsked, useWorkTypes } from '../../work/hooks';
import type { Case, WorkType } from '../../work/types';

const asked_max = 200;
const shown_max = 8;
const soon_days = 30;
type Urgency = 'overdue' | 'due_soon' | 'open';
const urgencies: Urgency[] = ['overdue', 'due_soon', 'open'];

interface Thing {
  key: string;
  urgency: Urgency;
  due: string;
  title: string;
  about: string;
  to: string;
}

/** Is the duty about the form of one of these cases? */
const isDealtWith = (duty: Duty, cases: Case[], types: WorkType[]) =>
  duty.evidence?.some((row) => cases.some((one) => one.row_id === row.id && types.find((type) => type.name === one.type)?.register === row.register)) === true;

function useThings() {
  const { t, pick } = useLang();
  const user = useUser();
  const types = useWorkTypes().data ?? [];
  const subjectUrl = useSubjectUrl();
  const askedFor = useAsked();
  const hasDuties = meets(user, 'write') && !user.sees_all;
  const query = useQuery({
    queryKey: ['todo', hasDuties],
    queryFn: async ({ signal }) => {
      const duties = (state: string) => (hasDuties ? get<Page<Duty>>('/duties', { state, sort: 'due', limit: asked_max }, signal) : Promise.resolve<Page<Duty>>({ rows: [] }));
      const [cases, overdue, soon] = await Promise.all([get<Page<Case>>('/work/cases', { mine: 'todo', sort: 'due', limit: asked_max }, signal), duties('overdue'), duties('due_soon')]);
      return { cases: cases.rows, duties: [...overdue.rows, ...soon.rows] };
    },
  });
  const state = (one: Case) => pick(types.find((type) => type.name === one.type)?.states.find((each) => each.name === one.state), one.state);
  const now = today();
  const ofCase = (one: Case): Thing => {
    const asked = askedFor(one.id);
    // the deadline of the case itself is the other side's
    const due = fmtDate(asked ? asked.due_at : one.due_at);
    const isLate = asked ? asked.is_overdue : one.is_overdue;
    return {
      key: `case ${one.id}`,
      urgency: isLate ? 'overdue' : due && due <= shiftDay(now, soon_days) ? 'due_soon' : 'open',
      due,
      title: one.title || one.subject,
      about: [pick(types.find((type) => type.name === one.type), one.type), asked ? t('home.asked', { what: pick(asked) }) : state(one), user.sees_all ? one.org.name : '', t('home.since', { day: fmtDate(one.state_at ?? one.opened_at) })].filter(Boolean).join(' · '),
      to: `/cases/${one.id}`,
    };
  };
  const ofDuty = (duty: Duty): Thing => ({
    key: `duty ${duty.id ?? `${duty.duty} ${duty.subject.id}`}`,
    urgency: duty.state === 'overdue' ? 'overdue' : 'due_soon',
    due: duty.due ?? '',
    title: duty.title ?? duty.duty,
    about: fmtTimes(duty.why),
    to: duty.page ?? subjectUrl(duty) ?? `/duties?task=${duty.task}&q=${encodeURIComponent(duty.subject.id)}`,
  });
  const things = query.data && [...query.data.cases.map(ofCase), ...query.data.duties.filter((duty) => !isDealtWith(duty, query.data.cases, types)).map(ofDuty)].sort((a, b) => (a.due || '9').localeCompare(b.due || '9'));
  return { ...query, data: things };
}

function Due({ thing }: { thing: Thing }) {
  const { t } = useLang();
  if (!thing.due) return null;
  const days = daysBetween(today(), thing.due);
  return (
    <span className={`mark c-${thing.urgency}`} title={thing.due}>
      <Shape kind={thing.urgency} />
      {days < 0 ? t('duties.late', { n: -days }) : days === 0 ? t('home.today') : t('duties.in', { n: days })}
    </span>
  );
}

function Group({ urgency, things }: { urgency: Urgency; things: Thing[] }) {
  const { t, word } = useLang();
  const [isWhole, setWhole] = useState(false);
  if (things.length === 0) return null;
  const shown = isWhole ? things : things.slice(0, shown_max);
  return (
    <section className="todo-group">
      <h3>
        {word('home_group', urgency)} <span className="num">{fmtInt(things.length)}</span>
      </h3>
      <ul className="todo lines">
        {shown.map((thing) => (
          <li key={thing.key}>
            <p>
              <Link to={thing.to}>{thing.title}</Link>
              <small>{thing.about}</small>
            </p>
            <Due thing={thing} />
          </li>
        ))}
        {things.length > shown.length && (
          <li>
            <button type="button" className="link" onClick={() => setWhole(true)}>
              {t('home.rest', { n: things.length - shown.length })}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

export function Todo() {
  const { t } = useLang();
  const things = useThings();
  return (
    <Box bare title={`${t('home.todo')}${things.data ? ` · ${fmtInt(things.data.length)}` : ''}`} extra={<Link to="/calendar">{t('duties.calendar')}</Link>}>
      <Loaded of={things}>
        {(all) =>
          all.length === 0 ? (
            <Nothing what={t('home.todo_none')}>
              <Link to="/cases?mine=all">{t('nav.cases')}</Link>
              <Link to="/plan">{t('nav.plan')}</Link>
            </Nothing>
          ) : (
            urgencies.map((urgency) => <Group key={urgency} urgency={urgency} things={all.filter((thing) => thing.urgency === urgency)} />)
          )
        }
      </Loaded>
    </Box>
  );
}
