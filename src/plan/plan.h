/* Duties and gaps as data: YAML with SQL in packs/, evaluated over declarations and facts. */
#ifndef ZJ_PLAN_PLAN_H
#define ZJ_PLAN_PLAN_H

#include "base/json.h"
#include "paper/paper.h"
#include "store/store.h"

struct zj_plan; /* the loaded packs: tasks, gap rules, duty rules, regions */

/* dir NULL: the packs beside the program or under the installed prefix. */
zj_err zj_plan_load(struct zj_job *job, const char *dir, struct zj_plan **out);
void zj_plan_free(struct zj_plan *plan);

/* The plan's own tables, where they are missing. Evaluation does it too. */
zj_err zj_plan_migrate(struct zj_job *job, struct zj_store *store);

/* Reads the arrangements of one year into the store, in place of those of the packs. */
zj_err zj_plan_calendar_import(struct zj_job *job, struct zj_store *store, const char *path,
                               int *out_year, int *out_days);

/* Brings tables gap and duty up to date with what changed (full: with everything). */
zj_err zj_plan_evaluate(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        bool full);

struct zj_plan_filter {
    int64_t id;       /* one row; 0: all */
    int task;         /* 0: all */
    int64_t org_id;   /* 0: all in scope */
    const char *rule; /* "T6.optout-card-active"; NULL: all */
    const char *severity, *search; /* of the subject, of gaps also of why; NULL: all */
    /* NULL: all; of duties also "past": what was overdue and is not any more, with ended_at and as
     * its state late (done after the day), moved (counted from another day) or gone (binds no more) */
    const char *state;
    const char *sort;     /* a column, -column downwards; NULL: worst first */
    const char *at_least; /* of this severity or worse; NULL: all */
    int64_t changed_since_us; /* gaps that opened or closed since; 0: all */
    int64_t offset;
    int limit;     /* 0: all */
    bool as_lines; /* JSON Lines instead of an array */
    /* For reading very long lists: rows in the order of their ids, from after_id on, at a cost that
     * does not grow with the place. *last_id is the last row's, unchanged where there is none. */
    bool by_id;
    int64_t after_id;
    int64_t *last_id;
};

/* Each an array of objects ("gap", "task", "severity" …), worst first. Gaps without a state asked
 * for are the open ones; state "all" gives the closed as well. out_total may be NULL. */
zj_err zj_plan_gaps(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    const struct zj_scope *scope, const struct zj_plan_filter *filter,
                    struct zj_json *out, int64_t *out_total);
zj_err zj_plan_duties(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                      const struct zj_scope *scope, const struct zj_plan_filter *filter,
                      struct zj_json *out, int64_t *out_total);
/* {"tasks":[{"task":6,"zh","en","gaps":{"high":n…},"duties":{"overdue":n…},"rules":n}…]} */
zj_err zj_plan_board(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                     const struct zj_scope *scope, struct zj_json *out);

/* The same for people, as files. The heat map has a column a task; arena: what it lives in. */
extern const struct zj_paper_table zj_paper_gaps, zj_paper_duties, zj_paper_board,
    zj_paper_progress;
/* What these lists call severities and states. */
extern const struct zj_paper_word zj_words_severity[], zj_words_gap_state[], zj_words_duty_state[];
const struct zj_paper_table *zj_plan_heatmap_paper(const struct zj_plan *plan,
                                                   struct zj_arena *arena);

/* {"task","group","zh","en","text_zh","text_en"}; false where there is no such task. */
bool zj_plan_task(const struct zj_plan *plan, int task, struct zj_json *out);
/* --- what falls due -----------------------------------------------------------------------------
 */

/* [{"org","name","overdue","day","week","month","next"}] by organisation, the most overdue first. */
zj_err zj_plan_digest(struct zj_job *job, struct zj_store *store, int64_t org_id, bool as_lines,
                      struct zj_json *out);

/* What a case is called in a language, from what is stored of it; lives in the job's arena. */
typedef const char *zj_case_title_fn(struct zj_job *job, const char *type, const char *title,
                                     const char *subject, enum zj_lang lang);

struct zj_reminder_filter {
    zj_case_title_fn *title_of; /* NULL: titles of cases as they are stored */
    int64_t org_id;   /* 0: his own, and for a bureau what its side must do */
    int64_t since_id; /* reminders after this one; 0: all */
    const char *kind; /* T-30, T-7, T-1, overdue; NULL: all */
    int64_t limit, offset;
};
/* Array of {"id","kind","task","org","rule","subject","title","due","due_text","at"}, newest first,
 * titles in the job's language, due_text as people write it. Each is made once for a due day, when an
 * evaluation finds it; a duty that a case with a running clock carries is told by that case alone. */
zj_err zj_plan_reminders(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_reminder_filter *filter, struct zj_json *out,
                         int64_t *out_total);

/* The deadlines of a scope as iCalendar (RFC 5545): duties not met and clocks of cases that run, in
 * the job's language. title_of NULL: titles of cases as they are stored. */
zj_err zj_plan_ics(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                   const struct zj_scope *scope, zj_case_title_fn *title_of, struct zj_buf *out);

/* --- the resource pool --------------------------------------------------------------------------
 */

/* Published items that say they solve the gap's task or rule: {"rows":[{"id","code","title","kind",
 * "org_name","contact"}]}; none of a gap that the scope does not see. */
zj_err zj_plan_pool_of_gap(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           int64_t gap_id, struct zj_json *out);
/* The scope's open gaps that an item fits: {"rows":[{"task","rule","gaps"}],"total"}. */
zj_err zj_plan_gaps_of_pool(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, int64_t item_id, struct zj_json *out);

/* --- telling people -----------------------------------------------------------------------------
 */

/* kind "webhook" (target an https address, secret the key of the signature) or "mail" (target an
 * address). Only reminders made from now on are sent. org_id 0: of all organisations. Its messages are
 * in the job's language. Audited. */
struct zj_channel {
    int64_t org_id;
    const char *kind, *target, *secret;
};
zj_err zj_channel_add(struct zj_job *job, struct zj_store *store, const struct zj_channel *channel,
                      int64_t *out_id);
/* ZJ_ENOTFOUND: no such, or not the scope's. */
zj_err zj_channel_remove(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t id);
/* Off, nothing new is written down for it and what waits stays. ZJ_ENOTFOUND as above. Audited. */
zj_err zj_channel_switch(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t id, bool is_on);
/* A message that says it is a trial, sent like all others; off, it is refused. *out_message is its
 * number in the outbox. */
zj_err zj_channel_try(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      int64_t id, int64_t *out_message);
/* [{"id","org","kind","target","lang","is_on","waiting","failed"}], secrets never. */
zj_err zj_channel_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       struct zj_json *out);
/* The server that mails go through; url "" takes it away. Audited. */
zj_err zj_mail_server_set(struct zj_job *job, struct zj_store *store, const char *url,
                          const char *user, const char *password, const char *from);

/* {"url","user","from","has_password"} */
zj_err zj_mail_server_get(struct zj_job *job, struct zj_store *store, struct zj_json *out);

/* New reminders become messages, one a channel. title_of NULL: titles of cases as they are stored. */
zj_err zj_outbox_fill(struct zj_job *job, struct zj_store *store, zj_case_title_fn *title_of);
/* Sends what is due, each at most once in a call; what fails is tried again after 1, 2, 4 … minutes,
 * twelve times. *out_sent counts. Holds no transaction while it sends. */
zj_err zj_outbox_send(struct zj_job *job, struct zj_store *store, int64_t *out_sent);
/* [{"id","channel","subject","state","tries","receipt","created_at","next_at","sent_at"}] */
zj_err zj_outbox_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      struct zj_json *out);

/* --- for the bureaus: callers see to it that only they ask ------------------------------------- */

/* Which task a case type belongs to; ends with a NULL type. */
struct zj_case_tasks {
    const char *type;
    int task;
};

struct zj_heatmap_filter {
    const char *search, *kind; /* part of name or code; a kind of organisation; NULL: all */
    bool is_by_name;           /* else the worst first */
    int64_t limit, offset;
    const struct zj_case_tasks *case_tasks; /* NULL: cases are not counted */
};
/* {"orgs":[{"code","name","kinds","bad","attention","cells":[{"task","state","duties":{…},"gaps",
 * "cases"}…]}…],"total"}: state is good, attention, bad or none. */
zj_err zj_plan_heatmap(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       const struct zj_heatmap_filter *filter, struct zj_json *out);
/* {"companies","tasks":[{"task","companies","companies_done","companies_bad","duties":{…}…}]} */
zj_err zj_plan_progress(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        const struct zj_case_tasks *case_tasks, struct zj_json *out);
/* {"year","sessions","companies","target_sessions","target_companies","rows":[…]} */
zj_err zj_plan_briefings(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                         const char *year, struct zj_json *out);

/* The level of a system by the three elements, 1 to 5 each; method NULL: the first. False where an
 * element or the method is unknown. */
struct zj_grade {
    const char *method, *version;
    int level;
    int sum;      /* 2^I + 2^V + 2^R */
    int k_tenths; /* K, to show: the level does not follow from it */
};
bool zj_plan_grade(const struct zj_plan *plan, const char *method, int i, int v, int r,
                   struct zj_grade *out);
/* {"name","version","zh","en","source","mark","factors":[{"name","zh","en","values":[…]}],"levels"} of
 * one method (NULL: the first); false: no such. And all of them. */
bool zj_plan_method(const struct zj_plan *plan, const char *name, struct zj_json *out);
void zj_plan_methods(const struct zj_plan *plan, struct zj_json *out);
/* [{"name","zh","en","source","mark","items":[{"id","area","zh","en","level","clause"}]}], items up to
 * a level (0: all), of one catalogue (NULL: all). */
void zj_plan_controls(const struct zj_plan *plan, const char *catalogue, int level,
                      struct zj_json *out);

/* For callers that check words from outside. */
bool zj_plan_has_rule(const struct zj_plan *plan, const char *id);
bool zj_plan_has_task(const struct zj_plan *plan, int task);

/* [{"id","kind","task","zh","en","source","mark"}] of one task, or of all (0). */
void zj_plan_rules(const struct zj_plan *plan, int task, struct zj_json *out);
/* The same with "state" (on, off, absent, broken), "note", "clock" and "bound" (the kinds of
 * organisations), as the last evaluation left them. */
zj_err zj_plan_rule_states(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                           int task, bool as_lines, struct zj_json *out);
/* An unverified rule runs once somebody vouches for it (audited). ZJ_ENOTFOUND: no such rule;
 * ZJ_EUSAGE: it is not unverified. */
zj_err zj_plan_confirm(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       const char *rule, bool is_confirmed);
/* A periodic report that no register holds was handed in (audited). duty_id: of the duty. */
zj_err zj_plan_done(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    const struct zj_scope *scope, int64_t duty_id, const char *done_on,
                    const char *note);

#endif
