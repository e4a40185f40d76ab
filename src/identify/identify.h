/* Finds personal and vehicle data in bytes: patterns propose, validators decide, words around a
 * value and the key before it raise or lower what is found. */
#ifndef ZJ_IDENTIFY_IDENTIFY_H
#define ZJ_IDENTIFY_IDENTIFY_H

#include "base/job.h"
#include "base/span.h"

/* The types; names are those of interfaces.md ("CN_RESIDENT_ID"). */
enum zj_identify_type {
#define ZJ_IDENTIFY_TYPE(name, en, zh, is_personal) ZJ_TYPE_##name,
#include "identify/types.def"
#undef ZJ_IDENTIFY_TYPE
    ZJ_TYPE_COUNT
};

struct zj_identify_type_info {
    const char *name;
    const char *en, *zh;
    bool is_personal;
};

const struct zj_identify_type_info *zj_identify_type_info(enum zj_identify_type type);

/* How a value stood in the bytes. */
enum zj_form { ZJ_FORM_PLAIN, ZJ_FORM_ESCAPED, ZJ_FORM_GB18030, ZJ_FORM_UTF16, ZJ_FORM_COUNT };
const char *zj_form_name(enum zj_form form); /* "plain", "escaped", "GB18030", "UTF-16" */

struct zj_find {
    uint32_t start, end; /* byte offsets, end exclusive */
    uint8_t type;        /* enum zj_identify_type */
    uint8_t score;       /* 0–100 */
    uint8_t form;        /* enum zj_form */
    const char *why;     /* static: which pattern and check */
    const char *context; /* the word of the pack that spoke for it; NULL: none was needed */
};

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

#endif
