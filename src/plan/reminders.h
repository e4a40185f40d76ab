/* Making reminders. Not for other rooms. */
#ifndef ZJ_PLAN_REMINDERS_H
#define ZJ_PLAN_REMINDERS_H

#include "plan/pack.h"

/* Inside a transaction. pass: only duties that this pass wrote; 0: all, and the clocks of cases. */
zj_err zj_plan_remind(struct zj_job *job, struct zj_store *store, int64_t now_ns, int64_t pass);

/* Columns of a reminder r that its title is told from, behind the caller's own: stored en, stored zh,
 * and of its case type, title and subject (NULL: it is a duty's). */
#define ZJ_REMINDER_TITLE " r.title_en, r.title_zh, rc.type, rc.title, rc.subject"
#define ZJ_REMINDER_CASE                                                                           \
    " LEFT JOIN work_case rc ON substr(r.rule, 1, 5) = 'case/'"                                    \
    " AND rc.id = CAST(substr(r.subject, 6) AS INTEGER)"
/* Those columns, from `col` on, as one title. */
struct zj_span zj_reminder_title(struct zj_job *job, const struct zj_stmt *row, int col,
                                 zj_case_title_fn *title_of, enum zj_lang lang);

#endif
