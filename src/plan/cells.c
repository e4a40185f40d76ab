/* The counts of board and heat map, a row a company and task, kept by triggers: whoever changes a duty, a gap or
 * a case changes them in the same transaction, and both are read without counting. */
#include "plan/cells.h"

#define DUTY(row)                                                                                  \
    row ".state = 'met', " row ".state = 'open' AND " row ".due <> '', " row                       \
        ".state = 'due_soon', " row ".state = 'overdue', " row ".state = 'open' AND " row          \
        ".due = '', " row ".state = 'not_applicable'"
#define GAP(row)                                                                                   \
    row ".state = 'open', " row ".state = 'open' AND " row ".severity = 'high', " row              \
        ".state = 'open' AND " row ".severity = 'medium'"
#define COLUMNS                                                                                    \
    "(org_id, task, met, open, due_soon, overdue, undone, not_applicable, gaps, gaps_high,"        \
    " gaps_medium)"

#define PUT_DUTY                                                                                   \
    "INSERT INTO plan_cell " COLUMNS " VALUES (new.org_id, new.task, " DUTY("new") ", 0, 0, 0)"    \
    " ON CONFLICT (org_id, task) DO UPDATE SET met = met + excluded.met,"                          \
    " open = open + excluded.open, due_soon = due_soon + excluded.due_soon,"                       \
    " overdue = overdue + excluded.overdue, undone = undone + excluded.undone,"                    \
    " not_applicable = not_applicable + excluded.not_applicable;\n"
#define TAKE_DUTY                                                                                  \
    "UPDATE plan_cell SET (met, open, due_soon, overdue, undone, not_applicable) ="                \
    " (met - (old.state = 'met'),"                                                                 \
    " open - (old.state = 'open' AND old.due <> ''), due_soon - (old.state = 'due_soon'),"         \
    " overdue - (old.state = 'overdue'), undone - (old.state = 'open' AND old.due = ''),"          \
    " not_applicable - (old.state = 'not_applicable'))"                                            \
    " WHERE org_id = old.org_id AND task = old.task;\n"
#define PUT_GAP                                                                                    \
    "INSERT INTO plan_cell " COLUMNS " VALUES (new.org_id, new.task, 0, 0, 0, 0, 0, 0, "           \
    GAP("new") ") ON CONFLICT (org_id, task) DO UPDATE SET gaps = gaps + excluded.gaps,"           \
    " gaps_high = gaps_high + excluded.gaps_high,"                                                 \
    " gaps_medium = gaps_medium + excluded.gaps_medium;\n"
#define TAKE_GAP                                                                                   \
    "UPDATE plan_cell SET gaps = gaps - (old.state = 'open'), gaps_high = gaps_high -"             \
    " (old.state = 'open' AND old.severity = 'high'), gaps_medium = gaps_medium -"                 \
    " (old.state = 'open' AND old.severity = 'medium')"                                            \
    " WHERE org_id = old.org_id AND task = old.task;\n"
#define PUT_CASE                                                                                   \
    "INSERT INTO case_cell (org_id, type, n) VALUES (new.org_id, new.type, new.closed_at = 0 AND"  \
    " new.submitted_at > 0) ON CONFLICT (org_id, type) DO UPDATE SET n = n + excluded.n;\n"
#define TAKE_CASE                                                                                  \
    "UPDATE case_cell SET n = n - (old.closed_at = 0 AND old.submitted_at > 0)"                    \
    " WHERE org_id = old.org_id AND type = old.type;\n"

const char zj_cells_schema[] =
    "DROP TRIGGER IF EXISTS duty_cell_add;\n"
    "DROP TRIGGER IF EXISTS duty_cell_drop;\n"
    "DROP TRIGGER IF EXISTS duty_cell_move;\n"
    "DROP TRIGGER IF EXISTS gap_cell_add;\n"
    "DROP TRIGGER IF EXISTS gap_cell_drop;\n"
    "DROP TRIGGER IF EXISTS gap_cell_move;\n"
    "DROP TABLE IF EXISTS plan_cell;\n"
    "CREATE TABLE IF NOT EXISTS plan_cell (\n"
    "  org_id INTEGER NOT NULL,\n"
    "  task INTEGER NOT NULL,\n"
    "  met INTEGER NOT NULL,\n"
    "  open INTEGER NOT NULL,\n"
    "  due_soon INTEGER NOT NULL,\n"
    "  overdue INTEGER NOT NULL,\n"
    "  undone INTEGER NOT NULL,\n" /* open, and nothing sets a day */
    "  not_applicable INTEGER NOT NULL,\n"
    "  gaps INTEGER NOT NULL,\n"
    "  gaps_high INTEGER NOT NULL,\n"
    "  gaps_medium INTEGER NOT NULL,\n"
    "  PRIMARY KEY (org_id, task)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS case_cell (\n"
    "  org_id INTEGER NOT NULL,\n"
    "  type TEXT NOT NULL,\n"
    "  n INTEGER NOT NULL,\n" /* handed in and not closed */
    "  PRIMARY KEY (org_id, type)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "DELETE FROM case_cell;\n"
    "INSERT INTO plan_cell SELECT org_id, task, sum(state = 'met'), sum(state = 'open' AND"
    " due <> ''), sum(state = 'due_soon'), sum(state = 'overdue'), sum(state = 'open' AND"
    " due = ''), sum(state = 'not_applicable'), 0, 0, 0 FROM duty WHERE true"
    " GROUP BY org_id, task;\n"
    "INSERT INTO plan_cell SELECT org_id, task, 0, 0, 0, 0, 0, 0, count(*),"
    " sum(severity = 'high'), sum(severity = 'medium')"
    " FROM gap WHERE state = 'open' GROUP BY org_id, task ON CONFLICT (org_id, task) DO UPDATE"
    " SET gaps = excluded.gaps, gaps_high = excluded.gaps_high,"
    " gaps_medium = excluded.gaps_medium;\n"
    "INSERT INTO case_cell SELECT org_id, type, count(*) FROM work_case WHERE closed_at = 0 AND"
    " submitted_at > 0 GROUP BY org_id, type;\n"

    "CREATE TRIGGER IF NOT EXISTS duty_cell_add AFTER INSERT ON duty BEGIN\n" PUT_DUTY "END;\n"
    "CREATE TRIGGER IF NOT EXISTS duty_cell_drop AFTER DELETE ON duty BEGIN\n" TAKE_DUTY "END;\n"
    "CREATE TRIGGER IF NOT EXISTS duty_cell_move AFTER UPDATE OF org_id, task, state, due ON duty"
    " WHEN old.state <> new.state OR (old.due = '') <> (new.due = '') OR old.task <> new.task OR"
    " old.org_id <> new.org_id BEGIN\n" TAKE_DUTY PUT_DUTY "END;\n"
    "CREATE TRIGGER IF NOT EXISTS gap_cell_add AFTER INSERT ON gap BEGIN\n" PUT_GAP "END;\n"
    "CREATE TRIGGER IF NOT EXISTS gap_cell_drop AFTER DELETE ON gap BEGIN\n" TAKE_GAP "END;\n"
    "CREATE TRIGGER IF NOT EXISTS gap_cell_move AFTER UPDATE OF org_id, task, state, severity ON"
    " gap WHEN old.state <> new.state OR old.severity <> new.severity OR old.task <> new.task OR"
    " old.org_id <> new.org_id BEGIN\n" TAKE_GAP PUT_GAP "END;\n"
    "CREATE TRIGGER IF NOT EXISTS case_cell_add AFTER INSERT ON work_case BEGIN\n" PUT_CASE
    "END;\n"
    "CREATE TRIGGER IF NOT EXISTS case_cell_drop AFTER DELETE ON work_case BEGIN\n" TAKE_CASE
    "END;\n"
    "CREATE TRIGGER IF NOT EXISTS case_cell_move AFTER UPDATE OF org_id, type, closed_at,"
    " submitted_at ON work_case WHEN (old.closed_at = 0 AND old.submitted_at > 0) <>"
    " (new.closed_at = 0 AND new.submitted_at > 0) OR old.org_id <> new.org_id OR"
    " old.type <> new.type BEGIN\n" TAKE_CASE PUT_CASE "END;\n";

int64_t *zj_cell_count(struct zj_cell *c, int column)
{
    int64_t *const counts[] = {&c->met,  &c->open,      &c->due_soon,   &c->overdue, &c->undone,
                               &c->not_applicable, &c->gaps, &c->gaps_high, &c->gaps_medium};
    _Static_assert(sizeof counts / sizeof *counts == ZJ_CELL_COLUMN_COUNT, "one place a column");
    return counts[column];
}

/* Cases do not count: one that is carried on is no duty, and its end leaves none behind. */
const char *zj_cell_state(const struct zj_cell *c)
{
    if (c->overdue || c->gaps_high)
        return "bad";
    if (c->due_soon || c->undone || c->gaps)
        return "attention";
    return c->met || c->open ? "good" : "none";
}
