/* Deadlines: what is late, and what falls due in the next thirty days. */
import { Link } from 'react-router';
import { daysBetween, today } from '../../format';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import { StateMark } from '../../ui/Marks';
import { Box, Loaded, Nothing } from '../../ui/Page';
import { shiftDay, useDue } from '../../work/due';

const ahead_days = 30;
const behind_days = 730;
const shown_max = 12;

export function Deadlines() {
  const { t } = useLang();
  const user = useUser();
  const now = today();
  const due = useDue(shiftDay(now, -behind_days), shiftDay(now, ahead_days));
  return (
    <Box bare title={t('home.deadlines')} extra={<Link to="/calendar">{t('duties.calendar')}</Link>}>
      <Loaded of={due}>
        {(all) => {
          const rows = [...all].sort((a, b) => a.day.localeCompare(b.day));
          if (rows.length === 0) return <Nothing what={t('home.deadlines_none')} />;
          return (
            <ul className="todo">
              {rows.slice(0, shown_max).map((row) => {
                const days = daysBetween(now, row.day);
                return (
                  <li key={row.key}>
                    <div className="row">
                      <StateMark value={row.state} />
                      <span className="num">
                        {row.day} {days < 0 ? t('duties.late', { n: -days }) : t('duties.in', { n: days })}
                      </span>
                    </div>
                    <p>
                      <Link to={row.to}>{row.title}</Link> {user.sees_all && <span className="soft">{row.orgName}</span>}
                    </p>
                  </li>
                );
              })}
              {rows.length > shown_max && (
                <li>
                  <Link to="/duties?state=overdue">{t('duties.more', { n: rows.length - shown_max })}</Link>
                </li>
              )}
            </ul>
          );
        }}
      </Loaded>
    </Box>
  );
}
