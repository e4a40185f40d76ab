/* One case, for whoever may see it: where it stands, its deadlines, its form, and what may be done now. */
import { Tabs } from 'antd';
import { useRef } from 'react';
import type { Ref } from 'react';
import { Link, useParams } from 'react-router';
import { fmtTime } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Register } from '../types';
import { Box, Head, Loaded } from '../ui/Page';
import { usePrinting } from '../ui/print';
import { useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';
import { useCase, useOfCase, useWorkTypes } from '../work/hooks';
import type { CaseDetail, Comment, WorkEvent, WorkType } from '../work/types';
import { Actions } from './case/Actions';
import { CaseForm } from './case/CaseForm';
import type { CaseFormHandle } from './case/CaseForm';
import { Certificate } from './case/Certificate';
import { Clocks, Signs } from './case/Clocks';
import { Thread, useComments } from './case/Comments';
import { Files } from './case/Files';
import { ReadForm } from './case/ReadForm';
import { Snapshots } from './case/Snapshots';
import { Steps } from './case/Steps';
import { Timeline } from './case/Timeline';
import { referrers, RowLinks } from './row/RowLinks';

/** The states that a case has been in, the present one last. */
function visitedOf(type: WorkType, events: WorkEvent[], now: string): string[] {
  const states = [...events].sort((a, b) => a.at.localeCompare(b.at)).flatMap((event) => (event.to ? [event.to] : []));
  const first = type.states[0]?.name;
  const all = first && states[0] !== first ? [first, ...states] : states;
  const out = all.filter((name, at) => name !== all[at - 1]);
  return out.at(-1) === now ? out : [...out, now];
}

function About({ detail, type }: { detail: CaseDetail; type: WorkType }) {
  const { t, pick, word } = useLang();
  const user = useUser();
  const one = detail.case;
  const state = type.states.find((each) => each.name === one.state);
  const isAgain = Boolean(one.first_submitted_at) && one.first_submitted_at !== one.submitted_at;
  return (
    <div className="facts">
      <strong>{pick(state, one.state)}</strong>
      {one.side !== 'none' && <span>{t('case.waits', { side: word('side', one.side) })}</span>}
      {user.sees_all && <Link to={`/cases?org=${one.org.code}&mine=all`}>{one.org.name}</Link>}
      {one.number && (
        <span>
          {t('case.number')} <strong className="mono">{one.number}</strong>
        </span>
      )}
      {detail.has_certificate && <Certificate id={one.id} />}
      <span className="soft">{t('case.round', { n: one.round })}</span>
      {one.assignee && <span className="soft">{t('case.assignee', { who: one.assignee })}</span>}
      <span className="soft num">
        {one.submitted_at ? `${t('case.submitted_at', { time: fmtTime(one.submitted_at, false) })}${isAgain ? ` · ${t('case.first_submitted', { time: fmtTime(one.first_submitted_at, false) })}` : ''}` : t('case.opened_at', { time: fmtTime(one.opened_at, false) })}
      </span>
    </div>
  );
}

/** The form to be filled in stays, with what was typed, while paper shows it as it reads. */
function FormOrPaper({ ref, ...props }: { detail: CaseDetail; register: Register; comments: Comment[]; ref: Ref<CaseFormHandle> }) {
  const isPrinting = usePrinting();
  if (!props.detail.may_edit) return <ReadForm {...props} />;
  return (
    <>
      <div className="on-screen">
        <CaseForm ref={ref} {...props} />
      </div>
      {isPrinting && <ReadForm {...props} />}
    </>
  );
}

function Body({ detail, type, register }: { detail: CaseDetail; type: WorkType; register: Register | undefined }) {
  const { t, pick } = useLang();
  const user = useUser();
  const [url, setUrl] = useUrl();
  const registers = useRegisters().data?.rows ?? [];
  // What names this case's form in other registers: of a round its praise and criticism.
  const links = register ? referrers(registers, register.name) : [];
  const { id } = detail.case;
  const events = useOfCase<WorkEvent>(id, 'timeline').data ?? [];
  const comments = useComments(id).data ?? [];
  const form = useRef<CaseFormHandle>(null);
  const visited = visitedOf(type, events, detail.case.state);
  const waiting = detail.unverified?.filter((clock) => clock.state === 'off') ?? [];
  return (
    <div className="stack">
      <Box>
        <div className="stack">
          <About detail={detail} type={type} />
          <Steps type={type} visited={visited} />
          {waiting.length > 0 && (
            <p className="soft case-note">
              {t('case.clocks_unverified', { what: waiting.map((clock) => pick(clock, clock.id)).join(t('common.list')) })} <Link to="/rules?mark=unverified&kind=clock">{t('nav.rules')}</Link>
            </p>
          )}
          {detail.clocks.length + detail.signs.length > 0 && (
            <div className="facts">
              <Clocks clocks={detail.clocks} />
              <Signs signs={detail.signs} />
            </div>
          )}
          <Actions detail={detail} type={type} register={register} visited={visited} saveFirst={() => form.current?.save() ?? Promise.resolve(undefined)} typed={() => form.current?.typed()} goToField={(field) => form.current?.goTo(field)} />
          {detail.may.length === 0 && <p className="soft">{t('case.nothing_to_do')}</p>}
        </div>
      </Box>
      <div className="case">
        <div className="box in-tabs">
          <Tabs
            activeKey={url['tab'] ?? 'form'}
            onChange={(tab) => setUrl({ tab: tab === 'form' ? null : tab })}
            items={[
              { key: 'form', label: t('case.form'), children: register && <FormOrPaper ref={form} detail={detail} register={register} comments={comments} /> },
              ...(register && links.length > 0 ? [{ key: 'links', label: links.length === 1 ? pick(links[0]?.register) : t('row.links'), children: <RowLinks register={register} row={detail.fields} /> }] : []),
              { key: 'files', label: t('case.files', { n: detail.files ?? 0 }), children: <Files id={id} /> },
              { key: 'snapshots', label: t('case.snapshots'), children: <Snapshots id={id} register={register} seesPresent={!user.sees_all && user.org?.code === detail.case.org.code} /> },
            ]}
          />
        </div>
        <div className="stack">
          <Box title={t('case.timeline')}>
            <Timeline type={type} events={events} />
          </Box>
          <Box title={t('comment.title')}>
            <Thread caseId={id} field="" comments={comments} isOpen />
          </Box>
        </div>
      </div>
    </div>
  );
}

export default function CasePage() {
  const { id } = useParams();
  const { t, pick } = useLang();
  const types = useWorkTypes();
  const query = useCase(Number(id));
  const registers = useRegisters();
  return (
    <Loaded of={types}>
      {(all) => (
        <Loaded of={query}>
          {(detail) => {
            const type = all.find((one) => one.name === detail.case.type);
            const title = detail.case.title || detail.case.subject;
            return (
              <>
                <Head
                  name={`${pick(type)} ${title}`}
                  title={title}
                  sub={
                    <>
                      <Link to={`/cases?type=${detail.case.type}&mine=all`}>{pick(type, detail.case.type)}</Link> {detail.case.task > 0 && detail.case.task < 100 && <Link to={`/tasks/${detail.case.task}`}>{t('task.n', { n: detail.case.task })}</Link>}
                    </>
                  }
                  asOf={query.dataUpdatedAt}
                  extra={<Link to="/cases">{t('gap.back')}</Link>}
                />
                {type && <Body key={detail.case.id} detail={detail} type={type} register={registers.data?.rows.find((one) => one.name === type.register)} />}
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}
