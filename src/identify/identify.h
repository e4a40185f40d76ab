/* Finds personal and vehicle data in bytes: patterns propose, validators decide, words around a
 * value and the key before it raise or lower what is found. */
#ifndef ZJ_IDENTIFY_IDENTIFY_H
#define ZJ_IDENTIFY_IDENTIFY_H

#include "base/buf.h"
#include "base/job.h"
#include "base/span.h"

/* The types, in the order of the list. */
enum zj_identify_type {
#define ZJ_DATA_TYPE(name, en, zh, is_personal) ZJ_TYPE_##name,
#include "base/data_types.def"
#undef ZJ_DATA_TYPE
    ZJ_TYPE_COUNT
};

struct zj_identify_type_info {
    const char *name;
    const char *en, *zh;
    bool is_personal;
};

const struct zj_identify_type_info *zj_identify_type_info(enum zj_identify_type type);

/* How a value stood in the bytes. */
enum zj_form {
    ZJ_FORM_PLAIN,
    ZJ_FORM_ESCAPED, /* \uXXXX, \xXX, %uXXXX or &#…; */
    ZJ_FORM_PERCENT, /* %XX, also coded twice */
    ZJ_FORM_WIDE,    /* full-width letters or digits */
    ZJ_FORM_GB18030,
    ZJ_FORM_UTF16,
    ZJ_FORM_UTF16BE,
    ZJ_FORM_HIDDEN, /* with characters inside that have no width */
    ZJ_FORM_COUNT
};
/* "plain", "escaped", "percent", "full-width", "GB18030", "UTF-16" (in either order of bytes),
 * "zero-width" */
const char *zj_form_name(enum zj_form form);
const char *zj_form_zh(enum zj_form form);

struct zj_find {
    uint32_t start, end; /* byte offsets, end exclusive */
    uint8_t type;        /* enum zj_identify_type */
    uint8_t score;       /* 0–100 */
    uint8_t form;        /* enum zj_form */
    const char *why;     /* static: which pattern and check, in English */
    const char *context; /* the word of the pack that spoke for it; NULL: none was needed */
};

const char *zj_why_zh(const char *why); /* of a find, in Chinese */

/* Shapes and checks alone, without words: fills up to `max` finds in the order of their start and
 * gives their count. No allocation, no pack; types that need words are not found. */
size_t zj_identify_scan(struct zj_span bytes, struct zj_find *out, size_t max);

/* All types, with the words, scores and thresholds of packs/identify. Read and compiled once; then
 * read-only, so threads share it. */
struct zj_identifier;
zj_err zj_identifier_open(struct zj_job *job, struct zj_identifier **out);
void zj_identifier_close(struct zj_identifier *identifier);
const char *zj_identifier_version(const struct zj_identifier *identifier);

/* Working memory, one for each thread. Must not outlive its identifier. */
struct zj_identify_scratch;
struct zj_identify_scratch *zj_identify_scratch(const struct zj_identifier *identifier);
void zj_identify_scratch_free(struct zj_identify_scratch *scratch);

/* Finds in one piece of bytes (a record, a message; at most 4 GiB), in the order of their start.
 * *out lives in the scratch until its next use. */
size_t zj_identify_find(struct zj_identify_scratch *scratch, struct zj_span bytes,
                        const struct zj_find **out);

/* Appends the bytes of a find as UTF-8, whatever form they stood in. */
void zj_identify_text(const struct zj_identifier *identifier, struct zj_span bytes,
                      enum zj_form form, struct zj_buf *out);

/* Finds in a value whose key or column is known by name ("owner_phone", "车主姓名"). */
size_t zj_identify_value(struct zj_identify_scratch *scratch, struct zj_span key,
                         struct zj_span value, const struct zj_find **out);

/* A stream in pieces of any size: what is found does not depend on where the pieces end. `base` is
 * the place of `bytes` in the stream; the offsets of the finds count from there. */
typedef void (*zj_identify_sink)(void *ctx, struct zj_span bytes, uint64_t base,
                                 const struct zj_find *finds, size_t count);
struct zj_identify_stream;
struct zj_identify_stream *zj_identify_stream(const struct zj_identifier *identifier,
                                              zj_identify_sink sink, void *ctx);
void zj_identify_feed(struct zj_identify_stream *stream, struct zj_span bytes);
void zj_identify_finish(
    struct zj_identify_stream *stream); /* what is held back; then a new stream */
void zj_identify_stream_free(struct zj_identify_stream *stream);

/* The same with the windows in the caller's hands, so that threads share a stream: its bytes are
 * cut by zj_identify_window, one window behind the other, and looked through in any order. A window
 * takes the state that the one before it left; where another was assumed it is looked through
 * again. */
enum { ZJ_IDENTIFY_WINDOW = 256 << 10 };
/* How many of the bytes are the next window; 0: ZJ_IDENTIFY_WINDOW are wanted, but at the end. */
size_t zj_identify_window(struct zj_span bytes, bool is_end);
struct zj_identify_state;
struct zj_identify_state *zj_identify_state(void); /* of the beginning of a stream */
void zj_identify_state_free(struct zj_identify_state *state);
void zj_identify_state_copy(struct zj_identify_state *to, const struct zj_identify_state *from);
bool zj_identify_state_same(const struct zj_identify_state *a, const struct zj_identify_state *b);
/* As zj_identify_find; the state becomes that of the next window. */
size_t zj_identify_next(struct zj_identify_scratch *scratch, struct zj_identify_state *io_state,
                        struct zj_span window, const struct zj_find **out);

/* Classes of data and their grades, of packs/identify/taxonomy.yaml. What it gives are proposals.
 */
enum zj_data_grade {
    ZJ_GRADE_NONE,
    ZJ_GRADE_L1,
    ZJ_GRADE_L2,
    ZJ_GRADE_L3,
    ZJ_GRADE_L4,
    ZJ_GRADE_IMPORTANT,
    ZJ_GRADE_CORE,
    ZJ_GRADE_COUNT
};
const char *zj_data_grade_name(enum zj_data_grade grade); /* "L3", "important"; "" for none */

struct zj_category {
    const char *id; /* "A5.2" */
    const char *zh, *en;
    const char *axis; /* rd, production, management, operation, service */
    const char *mark;
    enum zj_data_grade grade;
    bool is_personal, is_sensitive;
};

/* What an asset is known to be, beyond what is found in it. */
enum zj_asset_fact {
    ZJ_ASSET_OUTSIDE_MEDIA = 1 << 0,
    ZJ_ASSET_SENSITIVE_AREA = 1 << 1,
    ZJ_ASSET_AGGREGATE_FLOW = 1 << 2,
    ZJ_ASSET_CHARGING_NETWORK = 1 << 3,
    ZJ_ASSET_JOINABLE_OWNER = 1 << 4,
    ZJ_ASSET_SURVEY_GRADE = 1 << 5,
    ZJ_ASSET_IMPORTANT_DATA = 1 << 6,
    ZJ_ASSET_CRITICAL_INFRASTRUCTURE = 1 << 7,
};

struct zj_asset {
    uint64_t types;                        /* bit of enum zj_identify_type: what it holds */
    uint64_t row_types;                    /* those that share a row */
    const char *const *categories;         /* known otherwise; NULL-terminated, or NULL */
    unsigned facts;                        /* enum zj_asset_fact */
    uint64_t subjects, sensitive_subjects; /* distinct persons (base/hll.h) */
    uint64_t area_km2;
    enum zj_data_grade given; /* by people, in the place of what types and categories say */
};

enum { ZJ_GRADE_RULES_MAX = 12 };

struct zj_grading {
    enum zj_data_grade grade;
    bool is_personal, is_sensitive;
    bool warns;          /* perhaps a state secret: a person must look at once */
    bool keeps_subjects; /* the sketch of its persons is kept */
    size_t rule_count;
    struct {
        const char *id, *zh, *en, *source;
        bool changes;            /* grade, flags or what must be done; else it only keeps count */
    } rules[ZJ_GRADE_RULES_MAX]; /* those that hold, in their order */
};

struct zj_taxonomy;
/* Reads packs/identify/taxonomy.yaml. ZJ_EPACK names the line that is wrong. What the functions
 * below give is good until it is closed. */
zj_err zj_taxonomy_open(struct zj_job *job, struct zj_taxonomy **out);
void zj_taxonomy_close(struct zj_taxonomy *taxonomy); /* accepts NULL */
const char *zj_taxonomy_version(const struct zj_taxonomy *taxonomy);
size_t zj_taxonomy_categories(const struct zj_taxonomy *taxonomy, const struct zj_category **out);
/* NULL: no such class. */
const struct zj_category *zj_taxonomy_category(const struct zj_taxonomy *taxonomy, const char *id);
/* The class of a type, and its own grade, which may differ from the class's. */
const struct zj_category *zj_taxonomy_of(const struct zj_taxonomy *taxonomy,
                                         enum zj_identify_type type, enum zj_data_grade *out_grade);
/* Does a number of this type stand for a subject? */
bool zj_taxonomy_counts(const struct zj_taxonomy *taxonomy, enum zj_identify_type type);
void zj_taxonomy_grade(const struct zj_taxonomy *taxonomy, const struct zj_asset *asset,
                       struct zj_grading *out);
/* "assessment", "contract" or "exempt"; *out_rule names the rule. */
const char *zj_taxonomy_export(const struct zj_taxonomy *taxonomy, const struct zj_asset *asset,
                               const char **out_rule);

#endif
