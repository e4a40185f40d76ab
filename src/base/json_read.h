/* Reading JSON text: a parsed document and its values. The parser behind it stays in json_read.c.
 *
 * A value is borrowed and good as long as its document. Every getter takes NULL, so that a path
 * of getters needs one check at its end. Numbers are doubles: whole ones are exact up to 2^53. */
#ifndef ZJ_BASE_JSON_READ_H
#define ZJ_BASE_JSON_READ_H

#include "base/job.h"
#include "base/span.h"

enum { ZJ_JDOC_DEPTH_MAX = 64 };

enum zj_jtype {
    ZJ_J_NONE,
    ZJ_J_NULL,
    ZJ_J_BOOL,
    ZJ_J_NUMBER,
    ZJ_J_STRING,
    ZJ_J_ARRAY,
    ZJ_J_OBJECT
};

struct zj_jdoc;
struct zj_jval;

/* One JSON value and nothing but white space after it. ZJ_EINPUT where it is none: not UTF-8,
 * deeper than ZJ_JDOC_DEPTH_MAX, a NUL inside a string; ZJ_ELIMIT above bytes_max. */
zj_err zj_jdoc_parse(struct zj_job *job, struct zj_span text, size_t bytes_max,
                     struct zj_jdoc **out_doc);
void zj_jdoc_free(struct zj_jdoc *doc);

static inline void zj_jdoc_freep(struct zj_jdoc **doc)
{
    zj_jdoc_free(*doc);
}

/* Good as long as the document. */
const struct zj_jval *zj_jdoc_root(const struct zj_jdoc *doc);

enum zj_jtype zj_jval_type(const struct zj_jval *value); /* NULL: ZJ_J_NONE */

/* A member of an object, the first of that name; NULL where there is none. */
const struct zj_jval *zj_jval_get(const struct zj_jval *object, const char *key);
/* By a path of members and places: "subject.id", "cells.0.state". */
const struct zj_jval *zj_jval_at(const struct zj_jval *value, const char *path);

/* The children of an array or object: for (v = zj_jval_first(a); v; v = zj_jval_next(v)). */
const struct zj_jval *zj_jval_first(const struct zj_jval *parent);
const struct zj_jval *zj_jval_next(const struct zj_jval *child);
size_t zj_jval_count(const struct zj_jval *parent);
const char *zj_jval_key(const struct zj_jval *member); /* NULL outside of an object */

/* The value, or the fallback where it is of another type. */
const char *zj_jval_cstr(const struct zj_jval *value, const char *fallback);
struct zj_span zj_jval_text(const struct zj_jval *value); /* empty where it is no string */
double zj_jval_num(const struct zj_jval *value, double fallback);
int64_t zj_jval_int(const struct zj_jval *value, int64_t fallback); /* also: not whole, too big */
bool zj_jval_bool(const struct zj_jval *value, bool fallback);

#endif
