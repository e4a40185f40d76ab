/* Writing JSON: a small streaming writer into a buffer. It puts commas itself. Text that is not
 * valid UTF-8 is written with U+FFFD for each wrong byte, so that the output is always JSON. */
#ifndef ZJ_BASE_JSON_H
#define ZJ_BASE_JSON_H

#include "base/buf.h"

enum { ZJ_JSON_DEPTH_MAX = 64 };

struct zj_json {
    struct zj_buf *out;
    unsigned depth;
    uint64_t has_member; /* bit a depth: a comma is due before the next value */
    bool after_key;
    /* Not NULL: called after each object of the first array of the document, {"rows":[{…},…; may
     * take out of `out` what is behind the bracket. */
    void (*on_row)(void *ctx);
    void *row_ctx;
};

static inline struct zj_json zj_json_to(struct zj_buf *out)
{
    return (struct zj_json){.out = out};
}

void zj_json_object(struct zj_json *j); /* { */
void zj_json_object_end(struct zj_json *j);
/* Takes back the end of the object just written, so that more members can follow. */
void zj_json_object_reopen(struct zj_json *j);
void zj_json_array(struct zj_json *j); /* [ */
void zj_json_array_end(struct zj_json *j);
void zj_json_key(struct zj_json *j, const char *key); /* key: ASCII without " and \ */

void zj_json_null(struct zj_json *j);
void zj_json_bool(struct zj_json *j, bool value);
void zj_json_int(struct zj_json *j, int64_t value);
void zj_json_uint(struct zj_json *j, uint64_t value);
/* value / 10^decimals, exactly: zj_json_fixed(j, 1055, 1) writes 105.5 */
void zj_json_fixed(struct zj_json *j, int64_t value, unsigned decimals);
void zj_json_double(struct zj_json *j, double value); /* shortest form that reads back; no NaN */
void zj_json_span(struct zj_json *j, struct zj_span text);
void zj_json_str(struct zj_json *j, const char *text); /* NULL writes null */
void zj_json_hex(struct zj_json *j, struct zj_span bytes); /* "0a1b…" */
/* "2016-01-01T02:59:00.000000+0800", as Suricata's EVE writes it; nanoseconds since 1970 UTC */
void zj_json_time(struct zj_json *j, int64_t time_ns);
__attribute__((format(printf, 2, 3))) void zj_json_printf(struct zj_json *j, const char *format,
                                                          ...); /* a string value */
void zj_json_raw(struct zj_json *j, struct zj_span json); /* a value that is JSON already */

/* A member in one call. */
static inline void zj_json_kstr(struct zj_json *j, const char *key, const char *text)
{
    zj_json_key(j, key);
    zj_json_str(j, text);
}

static inline void zj_json_kspan(struct zj_json *j, const char *key, struct zj_span text)
{
    zj_json_key(j, key);
    zj_json_span(j, text);
}

static inline void zj_json_kint(struct zj_json *j, const char *key, int64_t value)
{
    zj_json_key(j, key);
    zj_json_int(j, value);
}

/* RFC 3339 of microseconds since 1970 UTC, as the store holds times; 0 writes null. */
void zj_json_ktime(struct zj_json *j, const char *key, int64_t time_us);

static inline void zj_json_kbool(struct zj_json *j, const char *key, bool value)
{
    zj_json_key(j, key);
    zj_json_bool(j, value);
}

static inline void zj_json_kfixed(struct zj_json *j, const char *key, int64_t value,
                                  unsigned decimals)
{
    zj_json_key(j, key);
    zj_json_fixed(j, value, decimals);
}

#endif
