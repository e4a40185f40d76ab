/* Registers: what is declared. One file a register in form/: a table of fields, from which come the
 * SQL table, validation, labels, templates, import, export, forms and the API. */
#ifndef ZJ_REGISTER_REGISTER_H
#define ZJ_REGISTER_REGISTER_H

#include "base/json.h"
#include "store/store.h"

enum zj_field_type {
    ZJ_FIELD_TEXT,
    ZJ_FIELD_INT,
    ZJ_FIELD_DATE,      /* stored as text YYYY-MM-DD */
    ZJ_FIELD_ENUM,      /* one of `values` */
    ZJ_FIELD_ENUM_LIST, /* several, ';' between */
    ZJ_FIELD_TEXT_LIST, /* ';' between; searchable by rules through reg_item */
    ZJ_FIELD_ENDPOINTS, /* ';' between: CIDR, IP, host, each with :port or not; through reg_range */
    ZJ_FIELD_NOTE,      /* text of several lines, up to 4000 characters */
    ZJ_FIELD_BOOL,      /* yes or no; stored as 1 or 0, in JSON true or false */
    ZJ_FIELD_TIME,      /* stored as text YYYY-MM-DDTHH:MM:SS+08:00 */
    ZJ_FIELD_REF,       /* key of a row of the register `refers`, of the same organisation */
};

enum zj_field_flags {
    ZJ_FIELD_KEY = 1,      /* unique within the organisation */
    ZJ_FIELD_REQUIRED = 2,
    ZJ_FIELD_PERSONAL = 4, /* encrypted, with a blind index NAME_bi */
    ZJ_FIELD_INDEXED = 8,
    ZJ_FIELD_IN_LIST = 16, /* a column of the list page */
    ZJ_FIELD_UPPER = 32,   /* an identifier: stored in upper case, without blanks inside */
    ZJ_FIELD_LOWER = 64,   /* the same in lower case */
    ZJ_FIELD_OFFICIAL = 128, /* set by a bureau only: through a case, or by who acts for a bureau */
    ZJ_FIELD_COUNT = 256,  /* INT: none below nought */
    ZJ_FIELD_KEPT = 1024,  /* nobody reads it but who may write the register */
    ZJ_FIELD_IDENTITY = 2048, /* tells one card or vehicle: who supervises reads it masked */
    /* PERSONAL, or a REF to a person: told in plain to the bureau that reviews it, once handed in */
    ZJ_FIELD_FOR_BUREAU = 4096,
    ZJ_FIELD_BUREAUS = 8192, /* nobody reads it but who sees all organisations */
    ZJ_FIELD_PAST = 16384, /* DATE, TIME: of something done; a day ahead is warned of */
    ZJ_FIELD_LONE = 32768, /* text: warned of where another row of the organisation has the same */
    ZJ_FIELD_TO_SUBMIT = 512, /* of a case form: may stay empty in a draft only */
};

struct zj_field_value {
    const char *name, *en, *zh;
};

struct zj_field {
    const char *name;
    const char *en, *zh;
    enum zj_field_type type;
    unsigned flags;
    unsigned max_chars; /* 0: 200 */
    const struct zj_field_value *values; /* ENUM, ENUM_LIST, INT: ends with a NULL name */
    const char *also;        /* other names that a column of it may have, ';' between */
    const char *also_values; /* other words for its values: "电信=telecom;…" */
    /* Says what is wrong (a sentence in both languages), NULL: right. Empty values do not get here. */
    const char *(*check)(struct zj_span value, const char **out_zh);
    /* The same of what is accepted with a warning. */
    const char *(*doubt)(struct zj_span value, const char **out_zh);
    const char *known_in; /* the register whose keys these are; warned of once it has rows */
    const char *clause; /* of the plan, shown as help: "第6项" and what it asks, zh */
    const char *help_en, *help_zh;
    const char *sample; /* for the template */
    const char *refers; /* REF: the register */
    /* REF: a field of both registers; only rows that hold the same in it as this row are meant. */
    const char *refers_where;
    int64_t min, max;   /* INT: its bounds, where max is not 0 */
    const char *not_before; /* DATE, TIME: the field of this row that it may not lie before */
};

enum zj_register_side {
    ZJ_SIDE_COMPANY,
    /* Rows belong to a bureau. A company sees those that name it in a field `organisation`. */
    ZJ_SIDE_BUREAU,
};

/* One row being checked: the cells in field order. */
struct zj_row {
    const struct zj_span *cells;
};

struct zj_row_fault {
    int field; /* index, -1: the row */
    bool is_warning;
    char en[400], zh[400];
};

/* Fields that a row of another register has given, say a number that was issued. They are kept, and
 * so are the row and its key, while that row holds the same number. */
struct zj_hold {
    const char *by;        /* the other register; NULL: nothing is held */
    const char *by_ref;    /* its field that names this row */
    const char *by_number; /* its field that is the same as `number` here */
    const char *number;
    const char *fields; /* what is kept, blanks between */
};

struct zj_register {
    const char *name; /* "cards"; the table is reg_cards */
    const char *en, *zh;
    int task;         /* of the plan; 0: all */
    const struct zj_field *fields;
    size_t field_count;
    bool is_global;   /* organisations: rows are organisations themselves */
    /* Across fields; gives the count of faults written, at most max. NULL: none. */
    size_t (*check_row)(const struct zj_row *row, struct zj_row_fault *out, size_t max);
    enum zj_register_side side;
    bool is_case_form; /* its rows are the forms of cases */
    const char *pack;  /* folder of facts its rows are checked against; NULL: none */
    struct zj_hold held;
    const char *rates_by; /* the field that rates are counted by; NULL: by organisation alone */
    const char *told_by; /* fields that name a row where one is chosen; NULL: the title */
    /* Which rows r an organisation `me` reads beside its own: SQL over the two. NULL: of a bureau's
     * register those that name it in a field `organisation`, of others none. */
    const char *told;
};

extern const struct zj_register *const zj_registers[];
extern const size_t zj_register_count;
const struct zj_register *zj_register_find(const char *name); /* NULL: no such register */
/* The field that names a row to people: name or title; NULL where there is none. */
const struct zj_field *zj_register_title(const struct zj_register *reg);

/* Makes reg_* tables that are missing and adds columns that are. */
zj_err zj_registers_migrate(struct zj_job *job, struct zj_store *store);

/* Each reg_* table has: id, org_id, the fields (TEXT/INTEGER; PERSONAL: BLOB and NAME_bi BLOB),
 * created_at, updated_at, deleted_at (0: live), batch_id, row_hash BLOB.
 * reg_item (register, row_id, org_id, field, value) holds list cells one value a row;
 * reg_range (register, row_id, org_id, field, lo, hi, port, host) holds endpoints: lo and hi as
 * zj_addr_key text, port 0 = any, host '' unless a name. */

/* Code of an organisation to its id; ZJ_ENOTFOUND names it. Without a code (NULL): the only one that
 * is no bureau; ZJ_EUSAGE where there is none or several. */
zj_err zj_org_find(struct zj_job *job, struct zj_store *store, const char *code, int64_t *out_id);
/* Its name, in the job's arena; of 0 that it is all of them. *out_is_synthetic: demo data, which names
 * itself so, is among them. */
zj_err zj_org_name(struct zj_job *job, struct zj_store *store, int64_t org_id,
                   const char **out_name, bool *out_is_synthetic);

/* Whether a row that is a case's form may be changed past its case. */
typedef zj_err zj_row_free_fn(struct zj_job *job, struct zj_store *store, const char *reg,
                              int64_t row_id, bool *out_is_free);

struct zj_import_opts {
    int64_t org_id;
    bool dry_run;
    bool all_or_nothing;
    const char *errors_path; /* error workbook, NULL: none */
    const char *name; /* what the file is called to people; NULL: its path */
    bool keeps_official; /* who imports may not set official fields */
    zj_row_free_fn *is_free; /* asked before a case's form is changed; NULL: none is kept */
    /* Others work with the store meanwhile: short transactions, and no index is missing until the
     * end. It takes longer. */
    bool gives_way;
};

struct zj_import_result {
    int64_t read, inserted, updated, unchanged, warned, refused;
    bool is_written; /* false: dry run, or all-or-nothing with refusals */
};

/* Streams FILE.csv or FILE.xlsx in constant memory. on_fault is told every refusal and warning
 * (row numbers are those of the file as Excel counts them). */
zj_err zj_register_import(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                          const char *path, const struct zj_import_opts *opts,
                          void (*on_fault)(void *ctx, int64_t row, const struct zj_row_fault *fault,
                                           struct zj_span value),
                          void *ctx, struct zj_import_result *out);

enum zj_sheet_format { ZJ_SHEET_CSV, ZJ_SHEET_XLSX };
/* How columns are called; an import takes them all. Usual: CSV by machine name, which programs rely
 * on, a workbook by the label in the job's language. */
enum zj_headers { ZJ_HEADERS_USUAL, ZJ_HEADERS_NAME, ZJ_HEADERS_EN, ZJ_HEADERS_ZH };
/* "zh", "en", "name"; NULL or "" is usual. ZJ_EUSAGE names what is none of them. */
zj_err zj_headers_parse(struct zj_job *job, const char *text, enum zj_headers *out);
struct zj_query;

struct zj_export_opts {
    bool is_template; /* empty, to fill in; no store is needed */
    enum zj_sheet_format format;
    enum zj_headers headers;
};

/* The rows the scope and query allow, or an empty template. */
zj_err zj_register_export(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, const struct zj_query *query,
                          const struct zj_export_opts *opts, const char *path);

enum { ZJ_QUERY_FILTERS_MAX = 8, ZJ_QUERY_LIMIT_MAX = 500 };

/* What of a list is wanted. The tenant filter is added by the builder, never by the caller. */
struct zj_query {
    /* NULL or "": none. Text in any field; of a large register what starts with it, where anything
     * does. PERSONAL: the whole text, by index. */
    const char *search;
    bool searches_anywhere; /* in a large register too */
    struct {
        const char *field;
        const char *value;
    } filters[ZJ_QUERY_FILTERS_MAX];
    size_t filter_count;
    const char *sort; /* field, "-field" descending; NULL: newest first */
    int64_t org_id;   /* only this organisation; 0: all in scope */
    int64_t after_id; /* keyset paging: rows after this cursor (0: the first page) */
    int64_t offset;   /* for page numbers; bounded by the builder */
    int limit;
    int64_t as_at_us; /* as the register stood before this moment (since 1970); 0: as it stands */
    int64_t row_id;   /* only this row; 0: all */
};

/* The end of a Beijing day "2026-09-30" as a moment for as_at_us; false where it is no date. */
bool zj_as_at_of(struct zj_span date, int64_t *out_us);

/* Writes {"rows":[{"id":…,"org":CODE,field:value…}],"total":N,"total_is_bounded":bool,"match":"start"
 * or "anywhere" of a search,"next":cursor or null}. Personal fields come masked unless the scope may
 * see them. */
zj_err zj_register_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const struct zj_register *reg, const struct zj_query *query,
                        struct zj_json *out);
/* Live rows that the scope may see. */
zj_err zj_register_live(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const struct zj_register *reg, int64_t *out_count);
/* {"by":"state","rows":[{"org":{"code","name"},"counts":{"registered":n…},"count":n}],"total":n}: how
 * many live rows each organisation that the scope sees has, by the field `rates_by`. */
zj_err zj_register_rates(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_register *reg, struct zj_json *out);
/* For a form that refers to the register: {"rows":[{"code","name"}]} of what the query finds. */
zj_err zj_register_options(struct zj_job *job, struct zj_store *store,
                           const struct zj_scope *scope, const struct zj_register *reg,
                           const struct zj_query *query, struct zj_json *out);
/* A code that a new row of the organisation may have: the one after its last, "IN-4" after "IN-3";
 * organisation 0: after the last of all. "" where keys are not codes of one's own. Appends. */
zj_err zj_register_next_code(struct zj_job *job, struct zj_store *store,
                             const struct zj_scope *scope, const struct zj_register *reg,
                             int64_t org_id, struct zj_buf *out);
/* What refers to a row: [{"register","field","en","zh","count"}], none that has no rows. */
zj_err zj_register_links(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_register *reg, int64_t id, struct zj_json *out);
/* Its versions, newest first: [{"at","action","user","changes":[{"field","from","to"}]}]. */
zj_err zj_register_history(struct zj_job *job, struct zj_store *store,
                           const struct zj_scope *scope, const struct zj_register *reg, int64_t id,
                           struct zj_json *out);
/* One row as it stood, ZJ_ENOTFOUND where it was not there; a row deleted since is told too. */
zj_err zj_register_get_at(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, int64_t id, int64_t as_at_us,
                          struct zj_json *out);
/* One row as an object. ZJ_ENOTFOUND also where it is another organisation's. */
zj_err zj_register_get(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const struct zj_register *reg, int64_t id, struct zj_json *out);
/* Inserts (id 0) or updates from cells in field order (an unset cell has at == NULL and keeps its
 * value on update). ZJ_EREFUSED: *out_faults says why. */
zj_err zj_register_put(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const struct zj_register *reg, int64_t id, const struct zj_span *cells,
                       int64_t *out_id, struct zj_row_fault *out_faults, size_t max_faults,
                       size_t *out_fault_count);
/* The same of a row as it was read: changed at seen_us. ZJ_ECHANGED where that is not how it stands;
 * 0: however it stands. */
zj_err zj_register_put_seen(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_register *reg, int64_t id,
                            int64_t seen_us, const struct zj_span *cells, int64_t *out_id,
                            struct zj_row_fault *out_faults, size_t max_faults,
                            size_t *out_fault_count);
/* When a live row was changed last (since 1970); by itself it checks no rights. */
zj_err zj_register_changed(struct zj_job *job, struct zj_store *store,
                           const struct zj_register *reg, int64_t id, int64_t *out_us);
/* zj_register_put inside an open transaction, for a room that keeps the rights itself: the row is
 * org_id's, and every field may be written. */
zj_err zj_register_set(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                       int64_t org_id, int64_t id, const struct zj_span *cells, int64_t *out_id,
                       struct zj_row_fault *out_faults, size_t max_faults,
                       size_t *out_fault_count);
/* Whether the scope may add (id 0) or change rows; ZJ_EFORBIDDEN says why not. */
zj_err zj_register_may_write(struct zj_job *job, const struct zj_scope *scope,
                             const struct zj_register *reg, int64_t id);
zj_err zj_register_delete(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, int64_t id);
/* --- training -----------------------------------------------------------------------------------
 */

/* The questions of a course without their answers: {"course","title","questions":[{"code","text",
 * "options":[…],"is_multiple"}]}. */
zj_err zj_exam_paper(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const char *course, struct zj_json *out);

struct zj_exam_answer {
    struct zj_span question, letters;
};
/* Marks the answers against all questions of the course, each of one weight, and writes the row of
 * exams: {"code","right","questions","score","is_passed"}. */
zj_err zj_exam_take(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                    const char *course, const char *person, const struct zj_exam_answer *answers,
                    size_t count, struct zj_json *out);

/* --- briefings ---------------------------------------------------------------------------------
 */

/* How a company stands to a session that the scope sees, by its row: {"id","held_on","closes_on",
 * "can_sign_in","is_open","attendance":null or {"id","code","signed_in_on","quiz_score"},"question_count",
 * "questions":[…]}; the questions once it has signed in and until it has answered them. */
zj_err zj_briefing_stand(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t id, struct zj_json *out);
/* Signs the company in, from the day of the session until its sign-in closes; once is enough. The
 * row is the bureau's. ZJ_ECONFLICT says when it may. */
zj_err zj_briefing_sign_in(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           int64_t id, const char *person);
/* Marks the quiz, once, and keeps the score with the sign-in: {"right","questions","score"}. */
zj_err zj_briefing_quiz(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        int64_t id, const struct zj_exam_answer *answers, size_t count,
                        struct zj_json *out);

/* Notes that a person has read a policy today; once is enough: {"code","read_on"}. */
zj_err zj_policy_read(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      const char *policy, const char *person, struct zj_json *out);
/* {"policy","people","read","missing":[codes of people at work who have not, at most 500]}. */
zj_err zj_policy_readers(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const char *policy, struct zj_json *out);

/* The descriptor, for forms: {"name","en","zh","task","fields":[{"name","type","flags",…}]}. */
void zj_register_describe(const struct zj_register *reg, struct zj_json *out);

#endif
