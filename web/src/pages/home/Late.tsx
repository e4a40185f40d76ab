/* For a bureau: which companies are late, and with how much. */
import { Link } from 'react-router';
import { fmtInt } from '../../format';
import { useLang } from '../../i18n';
import { Shape } from '../../ui/Marks';
import { Box, Loaded, Nothing } from '../../ui/Page';
import { overdueOf, useHeatmap } from '../Heatmap';

const shown_max = 8;

export function Late() {
  const { t } = useLang();
  const heat = useHeatmap();
  return (
    <Box bare title={t('heat.late')} extra={<Link to="/supervision?view=late">{t('common.all')}</Link>}>
      <Loaded of={heat}>
        {({ orgs }) => {
          const late = orgs.filter((org) => overdueOf(org) > 0).sort((a, b) => overdueOf(b) - overdueOf(a));
          if (late.length === 0) return <Nothing what={t('heat.none_late')} />;
          return (
            <ul className="todo lines">
              {late.slice(0, shown_max).map((org) => (
                <li key={org.code}>
                  <p>{org.name}</p>
                  <Link className="mark c-overdue" to={`/duties?org=${org.code}&state=overdue`}>
                    <Shape kind="overdue" />
                    {t('home.overdue', { n: fmtInt(overdueOf(org)) })}
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Box>
  );
}
