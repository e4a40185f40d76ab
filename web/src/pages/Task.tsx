/* One task of the plan: what it asks, its duties, its gaps, and the rules that judge them. */
import { useQuery } from '@tanstack/react-query';
import { Table, Tag } from 'antd';
import { Link, useParams } from 'react-router';
import { get } from '../api';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import { useUser } from '../session';
import type { Duty, Gap, TaskDetail } from '../types';
import { SeverityMark } from '../ui/Marks';
import { Box, Head, Loaded, Nothing } from '../ui/Page';
import { useWorkTypes } from '../work/hooks';
import { useDutyColumns } from './Duties';
import { useGapColumns } from './Gaps';
import { LinkButton } from '../ui/LinkButton';
import { useRegisters } from '../ui/registers';
import { taskName } from '../ui/plan';
import { mayOpen } from './NewCase';

const shown_max = 20;

/** Where the task is declared and dealt with: its registers with their rows, and its cases. */
function Declares({ task }: { task: number }) {
  const { pick, t } = useLang();
  const user = useUser();
  const mine = useRegisters().data?.rows.filter((register) => register.task === task) ?? [];
  const types = useWorkTypes().data?.filter((type) => type.task === task) ?? [];
  if (mine.length + types.length === 0) return null;
  return (
    <Box title={t('task.declares')} extra={types.length > 0 && <Link to={`/cases?task=${task}&mine=all`}>{t('task.cases')}</Link>}>
      <div className="shortcuts">
        {mine.map((register) => (
          <Link key={register.name} to={`/registers/${register.name}`}>
            {pick(register)} <span className="num soft">{fmtInt(register.count)}</span>
          </Link>
        ))}
      </div>
      {types.some((type) => mayOpen(user, type)) && (
        <div className="shortcuts begin">
          {types
            .filter((type) => mayOpen(user, type))
            .map((type) => (
              <LinkButton key={type.name} size="small" to={`/cases/new?type=${type.name}`}>
                {t('case.new_of', { type: pick(type) })}
              </LinkButton>
            ))}
        </div>
      )}
    </Box>
  );
}

/** Nothing found means something only where a rule has looked. */
function None({ kind, hasRule }: { kind: 'duty' | 'gap'; hasRule: boolean }) {
  const { t } = useLang();
  if (kind === 'duty') return <Nothing what={t(hasRule ? 'task.no_duty' : 'task.no_duty_rule')} hint={t(hasRule ? 'task.no_duty_hint' : 'task.no_rule_hint')} />;
  return <Nothing what={t(hasRule ? 'task.no_gap' : 'task.no_gap_rule')} hint={t(hasRule ? 'gaps.none_hint' : 'task.no_rule_hint')} />;
}

export default function TaskPage() {
  const { n } = useParams();
  const { t, lang, pick, word } = useLang();
  const query = useQuery({ queryKey: ['task', n], queryFn: ({ signal }) => get<TaskDetail>(`/plan/tasks/${n}`, undefined, signal) });
  const duties = useDutyColumns().filter((column) => !column.extra && column.key !== 'task');
  const gaps = useGapColumns().filter((column) => ['severity', 'gap', 'subject', 'why', 'last_seen'].includes(column.key));
  return (
    <Loaded of={query}>
      {(task) => {
        const asks = lang === 'zh' ? task.text_zh || task.asks_zh : task.text_en || task.asks_en || task.text_zh;
        const hasDutyRule = task.rules.some((rule) => rule.kind === 'duty');
        const hasGapRule = task.rules.some((rule) => rule.kind === 'gap');
        const name = `${taskName(t, task.task)} ${pick(task)}`;
        return (
          <>
            <Head title={name} asOf={query.dataUpdatedAt} extra={<Link to="/plan">{t('nav.plan')}</Link>} />
            <div className="stack">
              {asks && (
                <Box title={t('task.asks')}>
                  <p className="lead">{asks}</p>
                </Box>
              )}
              <Declares task={task.task} />
              <Box bare title={`${t('plan.duties')} · ${task.duty_count ?? task.duties.length}`} extra={<Link to={`/duties?task=${task.task}`}>{t('common.all')}</Link>}>
                {task.duties.length === 0 ? (
                  <None kind="duty" hasRule={hasDutyRule} />
                ) : (
                  <Table<Duty>
                    size="small"
                    aria-label={t('plan.duties')}
                    rowKey={(duty) => `${duty.duty} ${duty.org} ${duty.subject.id} ${duty.due ?? ''}`}
                    dataSource={task.duties.slice(0, shown_max)}
                    columns={duties.map((column) => ({ ...column, render: (_: unknown, row) => column.render(row) }))}
                    pagination={false}
                  />
                )}
              </Box>
              <Box bare title={`${t('plan.gaps')} · ${task.gap_count ?? task.gaps.length}`} extra={<Link to={`/gaps?task=${task.task}`}>{t('common.all')}</Link>}>
                {task.gaps.length === 0 ? (
                  <None kind="gap" hasRule={hasGapRule} />
                ) : (
                  <Table<Gap>
                    size="small"
                    aria-label={t('plan.gaps')}
                    rowKey={(gap) => gap.id}
                    dataSource={task.gaps.slice(0, shown_max)}
                    columns={gaps.map((column) => ({ ...column, render: (_: unknown, row) => column.render(row) }))}
                    pagination={false}
                  />
                )}
              </Box>
              <Box bare title={`${t('task.rules')} · ${task.rules.length}`}>
                {task.rules.length === 0 ? (
                  <Nothing what={t('task.no_rule')} hint={t('task.no_rule_hint')} />
                ) : (
                  <Table
                    size="small"
                    aria-label={t('task.rules')}
                    rowKey="id"
                    dataSource={task.rules}
                    pagination={false}
                    columns={[
                      { title: t('gap.rule'), dataIndex: 'id', width: 240, render: (id: string) => <span className="mono">{id}</span> },
                      { title: t('rule.kind'), dataIndex: 'kind', width: 90, render: (kind?: string) => word('rulekind', kind) },
                      { title: t('rule.name'), key: 'name', render: (_, rule) => pick(rule) },
                      { title: t('gap.severity'), dataIndex: 'severity', width: 90, render: (value?: string) => value && <SeverityMark value={value} /> },
                      { title: t('rule.source'), dataIndex: 'source' },
                      { title: t('rule.mark'), dataIndex: 'mark', width: 110, render: (mark?: string) => mark && <Tag>{word('rulemark', mark)}</Tag> },
                    ]}
                  />
                )}
              </Box>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
