/* Work: cases. A case is a row of a register (its form) and a state; what leads from one state to
 * the next, and who may do it, is a table (case_type.h, cases.def). Every change is one transaction
 * with its event, its snapshot and its entries in the audit chain. */
#ifndef ZJ_WORK_WORK_H
#define ZJ_WORK_WORK_H

#include "base/json.h"
#include "paper/paper.h"
#include "register/register.h"
#include "work/case_type.h"

/* The loaded packs: clocks, patterns of numbers, the bureaus that sign. Read-only, so that threads
 * may share it. */
struct zj_work;
/* dir NULL: the packs beside the program or under the installed prefix. */
zj_err zj_work_load(struct zj_job *job, const char *dir, struct zj_work **out);
void zj_work_free(struct zj_work *work); /* accepts NULL */
static inline void zj_work_freep(struct zj_work **work)
{
    zj_work_free(*work);
}

/* Somebody at work. For a company: its org_id. is_bureau: sees every case that was submitted, and
 * acts for the bureau org_id. sees_all without is_bureau: reads like a bureau, does nothing. */
struct zj_work_who {
    int64_t user_id, org_id;
    const char *login;
    bool is_bureau, sees_all, may_act, sees_personal;
};

enum { ZJ_WORK_FAULTS_MAX = 32, ZJ_WORK_FIELDS_MAX = 64 };

/* Where what an act lacks is to be entered: a row (by id and key) or a new one (with what it begins
 * with), and the field there. NULL register: nowhere in particular. */
struct zj_work_link {
    const struct zj_register *reg;
    const char *key, *field; /* NULL: none */
    const char *org;         /* whose row: the organisation's code */
    int64_t row_id;
    bool is_new; /* else, without a row: the list of rows that have `with` */
    struct {
        const char *field, *value;
    } with[2];
};

struct zj_desk {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_work *work;
    struct zj_work_who who;
    /* Of the last call that gave ZJ_EREFUSED: what is wrong with which field of which register. */
    const struct zj_register *fault_register;
    struct zj_row_fault faults[ZJ_WORK_FAULTS_MAX];
    size_t fault_count;
    struct zj_work_link link;
};
/* Of what the last refusal lacked, {"register","org","id","key","field","is_new","with":{…}}. */
void zj_work_link_put(const struct zj_work_link *link, struct zj_json *out);

struct zj_work_field {
    const char *name;
    struct zj_span value;
};

struct zj_work_new {
    const char *type;
    int64_t org_id; /* whose case; 0: his own organisation's */
    int64_t row_id; /* a row of the form's register that is there already; 0: a new one */
    const struct zj_work_field *fields;
    size_t field_count;
    const char *key; /* asked twice with one key, it is done once; NULL: none */
};
/* A case in its first state. ZJ_EREFUSED: the faults say why. */
zj_err zj_work_open(struct zj_desk *desk, const struct zj_work_new *what, int64_t *out_id);

/* `version` is the one the caller has read; 0: whatever it is. ZJ_ECONFLICT: it is another now. */
zj_err zj_work_edit(struct zj_desk *desk, int64_t id, int64_t version,
                    const struct zj_work_field *fields, size_t field_count);

struct zj_work_deed {
    const char *action;
    int64_t version;
    const char *comment; /* NULL: none */
    const char *to;      /* a state, a login: what the action asks for */
    bool refuses;        /* of an action that both bureaus sign: no */
    bool is_one_of_many; /* done to several cases at once: what asks for a look at each is refused */
    const struct zj_work_field *fields;
    size_t field_count;
    const char *key;
};
zj_err zj_work_do(struct zj_desk *desk, int64_t id, const struct zj_work_deed *deed);

/* ZJ_ENOTFOUND also where the caller may not know of it. */
zj_err zj_work_get(struct zj_desk *desk, int64_t id, struct zj_json *out);

struct zj_work_filter {
    const char *type, *state, *side, *mine, *search; /* NULL: all; mine: todo, done, opened */
    int task;       /* 0: all */
    int64_t org_id; /* 0: all */
    int64_t row_id; /* of the form; 0: all */
    bool is_overdue;
    int64_t changed_since_us; /* in another state since; 0: all */
    const char *sort; /* "due": by deadline; NULL: newest first */
    int64_t limit, offset;
    bool as_lines; /* an object a line instead of {"rows","total"} */
};
zj_err zj_work_list(struct zj_desk *desk, const struct zj_work_filter *filter,
                    struct zj_json *out);
extern const struct zj_paper_table zj_paper_cases; /* the list for people, as a file */
/* 备案证明 of a filing that has its number, on one page. ZJ_ECONFLICT: it has none. */
extern const struct zj_paper_table zj_paper_certificate;
zj_err zj_work_certificate(struct zj_desk *desk, int64_t id, struct zj_paper *paper);
/* Whose case it is. ZJ_ENOTFOUND also where the caller may not know of it. */
zj_err zj_work_org(struct zj_desk *desk, int64_t id, int64_t *out_org_id);
zj_err zj_work_todo(struct zj_desk *desk, struct zj_json *out);
/* Deadlines from one Beijing day to another, as days since 1970. */
zj_err zj_work_calendar(struct zj_desk *desk, int32_t from, int32_t to, struct zj_json *out);
zj_err zj_work_notice_read(struct zj_desk *desk, int64_t notice_id);

/* Of one case, what its reader may see, as arrays; ZJ_ENOTFOUND: no such case, or not his. */
zj_err zj_work_timeline(struct zj_desk *desk, int64_t id, struct zj_json *out);
zj_err zj_work_snapshots(struct zj_desk *desk, int64_t id, struct zj_json *out);
/* Snapshot numbers; `to` 0: the form as it is now, for who may see that. */
zj_err zj_work_diff(struct zj_desk *desk, int64_t id, int64_t from, int64_t to,
                    struct zj_json *out);

/* Remarks on the case, or on a field of its form; settled ones stay in the list. */
zj_err zj_work_comments(struct zj_desk *desk, int64_t id, struct zj_json *out);
zj_err zj_work_comment(struct zj_desk *desk, int64_t id, const char *field, struct zj_span text,
                       int64_t *out_comment);
zj_err zj_work_resolve(struct zj_desk *desk, int64_t id, int64_t comment_id);

enum { ZJ_WORK_FILE_BYTES_MAX = 20 << 20, ZJ_WORK_FILES_MAX = 200 };
/* Attachments without their bytes. */
zj_err zj_work_files(struct zj_desk *desk, int64_t id, struct zj_json *out);
/* Keeps the bytes under their SHA-256, once whoever hands them in. */
zj_err zj_work_file_add(struct zj_desk *desk, int64_t id, const char *field, const char *name,
                        struct zj_span bytes, char out_sha256[65]);
/* A file of a case that the caller may see. */
zj_err zj_work_file_get(struct zj_desk *desk, const char *sha256, struct zj_buf *out_bytes,
                        const char **out_name);

/* Does what time alone brings about; counts what it did. To be called once in a while. */
zj_err zj_work_tick(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                    int64_t *out_done);

/* Clocks that nobody had verified, of one type of case or of all (NULL): [{"id","kind","task","type",
 * "zh","en","source","mark","state"}], state on where somebody vouches for it, else off. */
zj_err zj_work_unverified(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                          const char *type, struct zj_json *out);
/* Somebody vouches for one, by its id, or does no longer (audited); it starts with the next act.
 * ZJ_ENOTFOUND: no such; ZJ_EUSAGE: it is not unverified. */
bool zj_work_is_clock(const char *id);
zj_err zj_work_confirm(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                       const char *id, bool is_confirmed);

/* What a case is called in a language, from what is stored of it (zj_case_title_fn of plan). */
const char *zj_work_title(struct zj_job *job, const char *type, const char *title,
                          const char *subject, enum zj_lang lang);

/* {"types":[…]}, from the tables. */
void zj_work_types(struct zj_json *out);

/* May a row of a form be changed past its case? False while somebody else has the case, and once
 * it was submitted: then it is changed through the case only. */
zj_err zj_work_row_is_free(struct zj_job *job, struct zj_store *store, const char *reg,
                           int64_t row_id, bool *out_is_free);
/* May it be deleted? Not while it is the form of a case, unless that was discarded. */
zj_err zj_work_row_may_go(struct zj_job *job, struct zj_store *store, const char *reg,
                          int64_t row_id, bool *out_may_go);

#endif
