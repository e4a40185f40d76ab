/* The catalogue of data: what inventories found, what people decided about it, and what the year's
 * run means. */
#ifndef ZJ_CATALOG_CATALOG_H
#define ZJ_CATALOG_CATALOG_H

#include "inventory/inventory.h"
#include "paper/paper.h"
#include "store/store.h"

/* The sheet of a run (task 11: scope, process, operators are recorded). */
struct zj_catalog_sheet {
    int64_t org_id;
    int year;            /* 0: this one */
    const char *scope;   /* the sources */
    const char *process; /* how it was done */
    const char *operators;
    const char *rules; /* zj_inv_rules_name; outlives the run */
    bool resumes; /* go on with the organisation's last run that did not end, if there is one */
};

struct zj_catalog_run;
/* Opens the sheet of a run; the caller ends it by zj_catalog_end or zj_catalog_run_free. */
zj_err zj_catalog_begin(struct zj_job *job, struct zj_store *store,
                        const struct zj_catalog_sheet *sheet, struct zj_catalog_run **out_run);
/* A sink for zj_inventory_run; lives as long as the run. */
const struct zj_inv_sink *zj_catalog_sink(struct zj_catalog_run *run);
/* Closes the sheet: `err` is what the inventory ended with. Frees the run. */
zj_err zj_catalog_end(struct zj_job *job, struct zj_catalog_run *run,
                      const struct zj_inv_totals *totals, zj_err err);
void zj_catalog_run_free(struct zj_catalog_run *run);      /* without closing; accepts NULL */
bool zj_catalog_goes_on(const struct zj_catalog_run *run); /* with one that did not end */

/* --- people -------------------------------------------------------------------------------------
 */
enum zj_verdict { ZJ_VERDICT_ACCEPT, ZJ_VERDICT_CORRECT, ZJ_VERDICT_REJECT };

/* What a person was shown as the machine's proposal. */
struct zj_catalog_seen {
    const char *type;
    int grade;
};
struct zj_catalog_decision {
    enum zj_verdict verdict;
    const char *type; /* to correct: a type or a class of the taxonomy, with a grade */
    int grade;
    const char *reason;                 /* wanted unless it is accepted */
    const struct zj_catalog_seen *seen; /* as many as ids; NULL: not told */
};
struct zj_catalog_judged {
    size_t changed;
    size_t next;  /* of these: rejected, and asked about again by the next type that they hold */
    size_t stale; /* not accepted or rejected: the proposal is another than was seen */
};
/* What a person says of columns, in one transaction with its audit entries. Ids that are not in the
 * scope are passed over. */
zj_err zj_catalog_judge(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const int64_t *ids, size_t count,
                        const struct zj_catalog_decision *decision,
                        struct zj_catalog_judged *out_judged);

/* --- reading ------------------------------------------------------------------------------------
 */
struct zj_catalog_filter {
    int64_t org_id;    /* 0: all of the scope */
    int64_t object_id; /* of one object */
    int64_t column_id;
    const char *source; /* of one source */
    const char *type, *search;
    int grade_min;
    bool is_offered; /* waits for a person */
    bool is_found;   /* something is proposed or decided */
    bool is_gone;    /* columns that are there no more, too */
    int64_t offset;
    int limit;
};

/* Arrays of rows; *out_total (may be NULL) counts without limit. */
typedef zj_err zj_catalog_list_fn(struct zj_job *job, struct zj_store *store,
                                  const struct zj_scope *scope,
                                  const struct zj_catalog_filter *filter, struct zj_json *out,
                                  int64_t *out_total);
zj_catalog_list_fn zj_catalog_runs;    /* run sheets, newest first */
zj_catalog_list_fn zj_catalog_unread;  /* of the run in object_id */
zj_catalog_list_fn zj_catalog_sources; /* systems and stores with their highest grade */
zj_catalog_list_fn zj_catalog_objects; /* tables and files */
/* Distinct subjects of each system: [{"system","type","subjects"}], "" for sources of no system. */
zj_err zj_catalog_subjects(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out);
/* Masked samples come only to the organisation itself and who may see personal data. */
zj_catalog_list_fn zj_catalog_columns;
zj_catalog_list_fn zj_catalog_grades;   /* how much of each grade, the highest first */
zj_catalog_list_fn zj_catalog_verdicts; /* of the column in column_id, newest first */

/* --- the year -----------------------------------------------------------------------------------
 */
/* New, gone and grown objects (30 % or more by rows or bytes). A year is all of its runs: each
 * source counts with its last run of the newest year and is compared with its last run of the year
 * that it was run in before. A source that was not run again is not gone. */
zj_catalog_list_fn zj_catalog_changes;
/* Classes graded important or higher with the eleven items of the catalogue as far as they are
 * known; never the data. */
zj_catalog_list_fn zj_catalog_important;
/* What the register of data assets does not list: the open gaps of that rule. */
zj_catalog_list_fn zj_catalog_unlisted;

/* What people add to a run's sheet when it is to be the yearly sorting; NULL: as the sheet has it. */
struct zj_catalog_words {
    const char *process, *operators;
    const char *reason; /* why it counts though places were not read */
};
struct zj_catalog_entered {
    int64_t run_id, row_id;
    const char *code; /* of the row; in the job's arena */
    bool was_there;   /* it had been entered before: nothing was written */
};
/* Enters a run that ended into the register of yearly sortings (task 11), once. run_id 0: the
 * organisation's last run that ended. ZJ_ECONFLICT: it did not end, or read nothing; ZJ_EREFUSED:
 * it left places out and no reason says why it counts. */
zj_err zj_catalog_enter(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        int64_t org_id, int64_t run_id, const struct zj_catalog_words *words,
                        struct zj_catalog_entered *out);

/* zj_inv_rules_name as a sentence, whatever it says. */
void zj_catalog_rules_words(const struct zj_job *job, const char *name, struct zj_buf *out);

/* --- for people ---------------------------------------------------------------------------------
 */
extern const struct zj_paper_table zj_paper_runs, zj_paper_run, zj_paper_sources, zj_paper_objects,
    zj_paper_grades, zj_paper_columns, zj_paper_changes, zj_paper_important, zj_paper_unread,
    zj_paper_year_unread, zj_paper_unlisted;
/* What people call a kind of object, "csv", and a column that has no name of its own, "(content)";
 * others stay as they are. */
const char *zj_catalog_kind_words(const struct zj_job *job, const char *kind);
const char *zj_catalog_column_words(const struct zj_job *job, const char *name);

/* The report of an organisation's year: the run sheets, sources, tables and files, the data list,
 * what the register lacks, the year before, the proposed catalogue, what could not be read.
 * ZJ_ENOTFOUND: no run within the scope. */
zj_err zj_catalog_report(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t org_id, struct zj_paper *paper);

#endif
