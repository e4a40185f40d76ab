/* What data there is: reads files, archives and databases, profiles every column, and proposes what
 * it holds and how it is graded. A person decides; here are only proposals. No value leaves this
 * room whole: samples are masked where they are taken. */
#ifndef ZJ_INVENTORY_INVENTORY_H
#define ZJ_INVENTORY_INVENTORY_H

#include "base/hll.h"
#include "base/job.h"
#include "base/json.h"
#include "base/json_read.h"

enum {
    ZJ_INV_PROPOSALS_MAX = 16,
    ZJ_INV_SAMPLES_MAX = 3,
    ZJ_INV_SKETCHES_MAX = 8,
    ZJ_INV_GRADE_IMPORTANT = 5, /* 1–4 are the four general levels */
    ZJ_INV_GRADE_CORE = 6,
};

/* How sure a proposal is. */
enum zj_inv_state {
    ZJ_INV_SUSPECTED, /* the name says so, the values do not show it */
    ZJ_INV_CONTAINS,  /* found inside longer text */
    ZJ_INV_CONFIRMED, /* the values are of this type */
};

struct zj_inv_proposal {
    const char *type; /* "CN_MOBILE" */
    enum zj_inv_state state;
    const char *category; /* of the taxonomy: "A5.2" */
    int grade;
    bool is_personal, is_sensitive;
    uint64_t hits;     /* values of the sample that hold it; in text: all that were found */
    double ratio;      /* hits of sampled values */
    double bound;      /* its Wilson lower bound at 95 % */
    uint64_t subjects; /* distinct values of a type that stands for subjects, estimated; else 0 */
    const char *why, *why_zh;
};

struct zj_inv_column {
    const char *name, *data_type, *comment; /* the last two may be NULL */
    uint64_t values;                        /* not empty */
    uint64_t sampled;                       /* distinct values looked at */
    uint64_t distinct;                      /* estimated */
    bool is_unread; /* may not be selected: what a former run found in it stays true */
    size_t proposal_count;
    struct zj_inv_proposal proposals[ZJ_INV_PROPOSALS_MAX]; /* strongest first */
    size_t sample_count;
    const char *samples[ZJ_INV_SAMPLES_MAX]; /* masked */
};

/* The distinct numbers of one type that stands for subjects (`subjects` of the taxonomy), of all
 * columns of an object together. Sketches of several objects are merged: the same number in two
 * files is one subject. */
struct zj_inv_sketch {
    const char *type;
    uint64_t subjects;         /* estimated for the whole object, which may have been sampled */
    const struct zj_hll *seen; /* of what was read */
};

/* How many subjects a union of sketches holds: what the union counts, scaled as the parts were
 * where they were sampled; not less than the largest part and not more than all parts. */
struct zj_inv_union {
    struct zj_hll seen;
    uint64_t parts, counted, most; /* sums of subjects and of counts; the largest part */
};
void zj_inv_union_add(struct zj_inv_union *u, const struct zj_hll *seen, uint64_t subjects);
uint64_t zj_inv_union_count(const struct zj_inv_union *u);

/* A table, a sheet, a text file, a recording: what a data list names. */
struct zj_inv_object {
    const char *source; /* the operand: a path or a DSN without its password */
    const char *path;   /* within it: "day1.zip!cars.csv", "public.owner" */
    const char *kind;   /* name of the reader; of databases also "view", "matview", "foreign" */
    const char *comment;
    const char *view_of; /* of a view: the tables it shows; it is not read, they are. Else NULL */
    uint64_t rows, bytes;
    bool is_estimate; /* of rows: from the catalogue of a database */
    bool is_least;    /* there are more rows than `rows`, nobody knows how many */
    bool is_partial;  /* reading it broke off: what a former run found in it stays true */
    int grade;        /* of the whole, 0: nothing was found */
    bool is_personal, is_sensitive;
    uint64_t subjects; /* persons or vehicles: of the type that counts the most */
    const char *grade_why, *grade_why_zh; /* NULL: the highest column */
    size_t column_count;
    const struct zj_inv_column *columns;
    size_t sketch_count;
    struct zj_inv_sketch sketches[ZJ_INV_SKETCHES_MAX]; /* not part of its JSON */
};

/* A file or a table, as a run that goes on knows it again. */
struct zj_inv_part {
    const char *place;
    const char *state; /* "": not read wholly, to be read again */
    uint64_t bytes;
    bool is_table; /* its state does not tell whether it changed: it is known within one run only */
};

/* Files that are known to hold no data of the business: counted, not listed. */
enum zj_inv_other {
    ZJ_INV_PROGRAMS, /* and libraries, object code */
    ZJ_INV_FONTS,
    ZJ_INV_SYSTEM, /* icons, indexes of git, time zones … */
    ZJ_INV_OTHERS,
};

/* Where results go. Everything is borrowed for the call. */
struct zj_inv_sink {
    zj_err (*object)(struct zj_job *job, void *ctx, const struct zj_inv_object *object);
    /* What could not be read, or only in part. */
    zj_err (*unread)(struct zj_job *job, void *ctx, const char *place, const char *reason);
    /* One of those. NULL: not wanted. */
    zj_err (*other)(struct zj_job *job, void *ctx, enum zj_inv_other kind);
    /* A file or table is read to its end. NULL: not wanted. */
    zj_err (*finished)(struct zj_job *job, void *ctx, const struct zj_inv_part *part);
    /* True: results of this part in this state are at hand, it is not read. NULL: read all. */
    bool (*is_known)(void *ctx, const struct zj_inv_part *part);
    void *ctx;
};

/* What the proposals rest on: packs of identification, the taxonomy, and this room's own tables.
 * Read and compiled once, then read-only. */
struct zj_inv_rules;
zj_err zj_inv_rules_open(struct zj_job *job, struct zj_inv_rules **out);
void zj_inv_rules_close(struct zj_inv_rules *rules);             /* accepts NULL */
const char *zj_inv_rules_name(const struct zj_inv_rules *rules); /* their versions in one word */

struct zj_inv_opts {
    const struct zj_inv_rules *rules;
    unsigned workers;        /* child processes that read; 0: one a core */
    int64_t bytes_per_s_max; /* of all workers together; 0: as fast as it goes */
    bool reads_all_rows;     /* databases: whole tables instead of samples */
    uint64_t tables_max;     /* of one database; 0: 100,000 */
    int64_t timeout_ms;      /* of one statement of a database; 0: 60 s */
    uint64_t inflated_max;   /* of one file, all its archives together; 0: 64 GiB */
    uint64_t slice_bytes;    /* large files of lines are read in pieces of so many; 0: 128 MiB */
    uint64_t batch_bytes;    /* files up to this share a worker's process; 0: 16 MB */
};

struct zj_inv_totals {
    uint64_t files, skipped, objects, columns, found, unread, bytes;
    uint64_t others[ZJ_INV_OTHERS];
    uint64_t views; /* of the objects: not read, since they show tables that are */
};

/* Reads the sources in order. What cannot be read is told and the rest goes on: ZJ_EINPUT then. */
zj_err zj_inventory_run(struct zj_job *job, char *const *sources, size_t count,
                        const struct zj_inv_opts *opts, const struct zj_inv_sink *sink,
                        struct zj_inv_totals *out_totals);

/* A source as it is shown and stored: a DSN without its password. In the job's arena. */
const char *zj_inv_source_name(struct zj_job *job, const char *source);
/* Why a DSN cannot be read as it is written, without a word of it; NULL: nothing is wrong with it. */
const char *zj_inv_source_fault(struct zj_job *job, const char *source);

/* Why a place was not read, as a sink was told it in either language, in the job's; what nobody here
 * says stays as it is. In the job's arena, or `text`. */
const char *zj_inv_reason(struct zj_job *job, const char *text);

const char *zj_inv_state_name(enum zj_inv_state state);
const char *zj_inv_grade_name(int grade); /* "L3", "important", "core"; "" for 0 */

bool zj_inv_type_is_known(const char *name);
/* What people call it; false, and nothing written, where there is no such type. */
bool zj_inv_type_words(const char *name, const char **out_en, const char **out_zh);
/* The taxonomy: [{"name","en","zh","category","grade","is_personal","is_sensitive"}]. */
zj_err zj_inv_types_write(struct zj_job *job, struct zj_json *j);

/* --- grades, when people have decided -----------------------------------------------------------
 */

/* The taxonomy by itself. */
struct zj_inv_classes;
zj_err zj_inv_classes_open(struct zj_job *job, struct zj_inv_classes **out);
void zj_inv_classes_close(struct zj_inv_classes *classes); /* accepts NULL */

struct zj_inv_class {
    const char *id, *en, *zh; /* "A5.2" */
    const char *axis;         /* second axis of the ministry: rd, production … */
    int grade;
    bool is_personal, is_sensitive;
};
bool zj_inv_class_at(const struct zj_inv_classes *classes, size_t at, struct zj_inv_class *out);
/* Of a type, or of a class named as one is, "E2": people may say which class a column is of without
 * a type. False: no such type, no such class. */
bool zj_inv_class_of(const struct zj_inv_classes *classes, const char *type,
                     struct zj_inv_class *out);
bool zj_inv_class_named(const struct zj_inv_classes *classes, const char *id,
                        struct zj_inv_class *out);

/* What an object holds by what machine and people say of its columns. */
struct zj_inv_holding {
    const char *type, *category; /* the category may be another than the type's */
    int grade;                   /* given to the column */
    bool is_confirmed;           /* shares its rows, not only inside of text */
};
struct zj_inv_graded {
    int grade;
    bool is_personal, is_sensitive;
    const char *why, *why_zh; /* in the job's arena; NULL: the highest column */
};
void zj_inv_grade(struct zj_job *job, const struct zj_inv_classes *classes,
                  const struct zj_inv_holding *held, size_t count, uint64_t subjects,
                  struct zj_inv_graded *out);
/* Does a number of this type stand for a subject? */
bool zj_inv_type_counts(const struct zj_inv_classes *classes, const char *type);

/* An object as one line of JSON, and back; strings of the result live in the job's arena. */
void zj_inv_object_write(struct zj_json *j, const struct zj_inv_object *object);
zj_err zj_inv_object_read(struct zj_job *job, const struct zj_jval *value,
                          struct zj_inv_object *out);

#endif
