/* Inside the room: one walk over a message serves both reading and printing, so that both give the
 * same verdict. A walker has a JSON writer (print) or a message (read); the helpers write where
 * there is a writer and only move on where there is none. */
#ifndef ZJ_WIRE_WALK_H
#define ZJ_WIRE_WALK_H

#include "wire/wire.h"

enum { ZJ_WALK_OOR_MAX = 24 };

struct zj_walk {
    struct zj_reader r;
    struct zj_json *j;  /* NULL: reading only */
    struct zj_msg *msg; /* NULL: printing only */
    const char *error;  /* the first thing wrong */
    const char *edition;
    size_t oor_count;
    size_t text_used; /* of msg->scratch */
    const char *oor[ZJ_WALK_OOR_MAX]; /* names of fields outside their table, sorted, each once */
};

/* Either a writer or a message. Leaves the list of names as it is: it is long, and empty. */
static inline void zj_walk_begin(struct zj_walk *w, struct zj_json *j, struct zj_msg *msg)
{
    w->r = (struct zj_reader){0};
    w->j = j;
    w->msg = msg;
    w->error = w->edition = NULL;
    w->oor_count = w->text_used = 0;
}

static inline void zj_walk_fail(struct zj_walk *w, const char *error)
{
    if (!w->error)
        w->error = error;
}

/* Ends a loop over input: something is wrong, or the bytes have run out. */
static inline bool zj_walk_is_over(const struct zj_walk *w)
{
    return w->error || w->r.ran_out;
}

/* What a helper writes where there is a writer. */
void zj_walk_add_oor(struct zj_walk *w, const char *name);
void zj_walk_write_oor(struct zj_walk *w);
void zj_walk_write_hex(struct zj_walk *w, const char *key, uint64_t value, int digits);
void zj_walk_write_text(struct zj_walk *w, const char *key, struct zj_span text);
void zj_walk_write_bytes(struct zj_walk *w, const char *key, struct zj_span bytes);
void zj_walk_open(struct zj_walk *w, const char *key, bool is_array);

static inline void zj_walk_oor(struct zj_walk *w, const char *name)
{
    if (w->j)
        zj_walk_add_oor(w, name);
}

/* "out_of_range":[…] where there is any, and forgets them. */
static inline void zj_walk_oor_print(struct zj_walk *w)
{
    if (w->j && w->oor_count)
        zj_walk_write_oor(w);
}

static inline void zj_walk_key(struct zj_walk *w, const char *key)
{
    if (w->j)
        zj_json_key(w->j, key);
}

static inline void zj_walk_int(struct zj_walk *w, const char *key, int64_t value)
{
    if (w->j)
        zj_json_kint(w->j, key, value);
}

static inline void zj_walk_fixed(struct zj_walk *w, const char *key, int64_t value,
                                 unsigned decimals)
{
    if (w->j)
        zj_json_kfixed(w->j, key, value, decimals);
}

static inline void zj_walk_bool(struct zj_walk *w, const char *key, bool value)
{
    if (w->j)
        zj_json_kbool(w->j, key, value);
}

static inline void zj_walk_str(struct zj_walk *w, const char *key, const char *value)
{
    if (w->j)
        zj_json_kstr(w->j, key, value);
}

/* "0x00ff"; key NULL: inside an array. */
static inline void zj_walk_hex(struct zj_walk *w, const char *key, uint64_t value, int digits)
{
    if (w->j)
        zj_walk_write_hex(w, key, value, digits);
}

/* "00ff" */
static inline void zj_walk_bytes(struct zj_walk *w, const char *key, struct zj_span bytes)
{
    if (w->j)
        zj_walk_write_bytes(w, key, bytes);
}

/* Without the padding at the end; GBK becomes UTF-8. */
static inline void zj_walk_text(struct zj_walk *w, const char *key, struct zj_span text)
{
    if (w->j)
        zj_walk_write_text(w, key, text);
}

static inline void zj_walk_object(struct zj_walk *w, const char *key)
{
    if (w->j)
        zj_walk_open(w, key, false);
}

static inline void zj_walk_object_end(struct zj_walk *w)
{
    if (w->j)
        zj_json_object_end(w->j);
}

static inline void zj_walk_array(struct zj_walk *w, const char *key)
{
    if (w->j)
        zj_walk_open(w, key, true);
}

static inline void zj_walk_array_end(struct zj_walk *w)
{
    if (w->j)
        zj_json_array_end(w->j);
}

/* Six numbers as sent, the year from 2000; written as "2024-02-29 23:59:59", real or not. */
struct zj_walk_time {
    unsigned year, month, day, hour, minute, second;
};
/* Beijing time as seconds since 1970 UTC; false where there is no such time. */
bool zj_walk_time_read(const struct zj_walk_time *t, int64_t *out_s);
void zj_walk_time(struct zj_walk *w, const char *key, const struct zj_walk_time *t);

/* Copies into what is left of msg->scratch; empty where it does not fit. */
struct zj_span zj_walk_keep(struct zj_walk *w, const void *bytes, size_t len);

/* The host of "http://host:port/path", "host:port/path" or "host". */
struct zj_span zj_walk_host(struct zj_span url);

/* Static names for errors that carry a byte: ZJ_BYTE_NAMES("unknown_x_0x") is 256 literals. */
#define ZJ_BYTE_ROW(p, h)                                                                          \
    p h "0", p h "1", p h "2", p h "3", p h "4", p h "5", p h "6", p h "7", p h "8", p h "9",      \
        p h "a", p h "b", p h "c", p h "d", p h "e", p h "f"
#define ZJ_BYTE_NAMES(p)                                                                           \
    ZJ_BYTE_ROW(p, "0"), ZJ_BYTE_ROW(p, "1"), ZJ_BYTE_ROW(p, "2"), ZJ_BYTE_ROW(p, "3"),            \
        ZJ_BYTE_ROW(p, "4"), ZJ_BYTE_ROW(p, "5"), ZJ_BYTE_ROW(p, "6"), ZJ_BYTE_ROW(p, "7"),        \
        ZJ_BYTE_ROW(p, "8"), ZJ_BYTE_ROW(p, "9"), ZJ_BYTE_ROW(p, "a"), ZJ_BYTE_ROW(p, "b"),        \
        ZJ_BYTE_ROW(p, "c"), ZJ_BYTE_ROW(p, "d"), ZJ_BYTE_ROW(p, "e"), ZJ_BYTE_ROW(p, "f")

#endif
