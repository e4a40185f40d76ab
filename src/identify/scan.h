/* What the parts of the scan share: where finds go, and what stands around a value. */
#ifndef ZJ_IDENTIFY_SCAN_H
#define ZJ_IDENTIFY_SCAN_H

#include "identify/identify.h"

/* A number with a fraction, and what its key calls it. */
struct zj_geo_number {
    uint32_t start, end;
    int32_t e6;  /* the value in millionths */
    uint8_t key; /* 0 none, 1 latitude, 2 longitude */
    uint8_t decimals;
};

struct zj_scan {
    struct zj_span in;
    struct zj_find *out;
    size_t count, max;
    struct zj_geo_number last; /* waits for its partner; end 0: none */
    /* positions in sequence: a track from the third on */
    uint32_t track_start, track_end;
    int32_t track_lat_e6, track_lon_e6;
    unsigned track_len;
    bool track_moves;
    size_t track_find; /* its index in out, once it is one */
};

void zj_scan_add(struct zj_scan *s, enum zj_identify_type type, size_t start, size_t end,
                 uint8_t score, const char *why);

/* The key of the value at `at`: up to 24 bytes of the word before it, past quotes, spaces and one
 * of : = > (, and the full-width colon. Borrowed; empty where none. */
struct zj_span zj_scan_key(struct zj_span in, size_t at);
size_t zj_scan_key_end(struct zj_span in, size_t at); /* where that word ends */

/* Does `text` hold one of the words, without regard to ASCII case? Words are separated by '|'. */
bool zj_scan_has_word(struct zj_span text, const char *words);

/* A maximal run of ASCII letters and digits; `digits` of its first bytes are digits. */
void zj_scan_run(struct zj_scan *s, size_t at, size_t len, size_t digits);
/* An ASCII letter behind a byte of another script: a plate may stand here. */
void zj_scan_plate(struct zj_scan *s, size_t letter_at);
/* A point with a digit before and three behind. */
void zj_scan_point(struct zj_scan *s, size_t point_at);

/* Finds candidates in 64 bytes at a time and hands them to the three above. */
void zj_scan_all(struct zj_scan *s);
/* The same without vector instructions, for processors that have none of those used. */
void zj_scan_all_plain(struct zj_scan *s);

#endif
