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
    const char *oor[ZJ_WALK_OOR_MAX]; /* names of fields outside their table, sorted, each once */
    size_t oor_count;
    size_t text_used; /* of msg->scratch */
};

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

void zj_walk_oor(struct zj_walk *w, const char *name);
/* "out_of_range":[…] where there is any, and forgets them. */
void zj_walk_oor_print(struct zj_walk *w);

void zj_walk_key(struct zj_walk *w, const char *key);
void zj_walk_int(struct zj_walk *w, const char *key, int64_t value);
void zj_walk_fixed(struct zj_walk *w, const char *key, int64_t value, unsigned decimals);
void zj_walk_bool(struct zj_walk *w, const char *key, bool value);
void zj_walk_str(struct zj_walk *w, const char *key, const char *value);
void zj_walk_hex(struct zj_walk *w, const char *key, uint64_t value, int digits); /* "0x00ff" */
void zj_walk_bytes(struct zj_walk *w, const char *key, struct zj_span bytes);     /* "00ff" */
/* Without the padding at the end; GBK becomes UTF-8. */
void zj_walk_text(struct zj_walk *w, const char *key, struct zj_span text);
void zj_walk_object(struct zj_walk *w, const char *key); /* key NULL: inside an array */
void zj_walk_object_end(struct zj_walk *w);
void zj_walk_array(struct zj_walk *w, const char *key);
void zj_walk_array_end(struct zj_walk *w);
/* A text value inside an array, and "0x…". */
void zj_walk_text_item(struct zj_walk *w, struct zj_span text);
void zj_walk_hex_item(struct zj_walk *w, uint64_t value, int digits);

/* "2024-02-29 23:59:59" of six numbers, year from 2000; also msg->time_s where `is_own` and the
 * date exists. False, and "time" out of range, where it does not. */
struct zj_walk_time {
    unsigned year, month, day, hour, minute, second;
};
bool zj_walk_time_is_real(const struct zj_walk_time *t);
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
