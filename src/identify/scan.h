/* What the parts of the scan share: where finds go, and what stands around a value. */
#ifndef ZJ_IDENTIFY_SCAN_H
#define ZJ_IDENTIFY_SCAN_H

#include "identify/identify.h"

/* Groups of words of the pack, a bit each. */
enum zj_word_group {
#define ZJ_WORDS(name, has_value) ZJ_WORDS_##name,
#include "identify/words.def"
#undef ZJ_WORDS
    ZJ_WORDS_COUNT
};
#define ZJ_W(name) (UINT64_C(1) << ZJ_WORDS_##name)

/* The words around a value: in its own field, no more than 40 bytes before it and 12 behind. */
struct zj_context {
    uint64_t key;     /* groups of the word nearest before it */
    uint64_t near;    /* groups of all of them */
    const char *word; /* that one, or where none is, the one behind; NULL */
};

/* A number with a fraction, and what its key calls it. */
struct zj_geo_number {
    uint32_t start, end;
    int32_t e6;  /* the value in millionths */
    uint8_t key; /* 0 none, 1 latitude, 2 longitude */
    uint8_t decimals;
};

struct zj_scan {
    struct zj_span in;
    const struct zj_identifier *rules;   /* NULL: shapes alone */
    struct zj_identify_scratch *scratch; /* owns `out` and lets it grow; NULL: `max` is the end */
    const uint8_t *scores;               /* of the types */
    struct zj_find *out;
    size_t count, max;
    uint64_t outer; /* groups of the key or column that the whole value stands under */
    const char *outer_word;
    size_t context_at; /* the value of `context`; SIZE_MAX: none yet */
    struct zj_context context;
    size_t address_end;           /* addresses were read up to here */
    size_t map_end, degree_end;   /* likewise a map, degrees */
    size_t coded_end, secret_end; /* likewise long values, secrets */
    size_t group_end, ipv6_end;   /* likewise digits in groups, groups of IPv6 */
    struct zj_geo_number last;    /* waits for its partner; end 0: none */
    /* positions in sequence: a track from the third on */
    uint32_t track_start, track_end;
    int32_t track_lat_e6, track_lon_e6;
    unsigned track_len;
    int64_t track_moves_e6;
    bool track_is_timed;
    size_t track_find; /* its index in out, once it is one */
};

void zj_scan_init(struct zj_scan *s, struct zj_span in);

/* The finds of a thread grow; those of a caller that gave room end where it does. */
bool zj_scan_make_room(struct zj_scan *s);

/* `delta` is added to the type's score in the pack; `word` spoke for it. */
static inline void zj_scan_add_near(struct zj_scan *s, enum zj_identify_type type, size_t start,
                                    size_t end, int delta, const char *why, const char *word)
{
    const int score = s->scores[type] + delta;
    if (s->count == s->max && !zj_scan_make_room(s))
        return;
    s->out[s->count++] = (struct zj_find){
        .start = (uint32_t)start,
        .end = (uint32_t)end,
        .type = (uint8_t)type,
        .score = (uint8_t)(score < 0     ? 0
                           : score > 100 ? 100
                                         : score),
        .why = why,
        .context = word,
    };
}

static inline void zj_scan_add(struct zj_scan *s, enum zj_identify_type type, size_t start,
                               size_t end, int delta, const char *why)
{
    zj_scan_add_near(s, type, start, end, delta, why, NULL);
}

const struct zj_context *zj_context(struct zj_scan *s, size_t start, size_t end);

/* Where the key of the value at `at` ends: past quotes, spaces and one of : = > (, and the
 * full-width colon. */
size_t zj_scan_key_end(struct zj_span in, size_t at);

/* A maximal run of ASCII letters and digits; `digits` of its first bytes are digits. */
void zj_scan_run(struct zj_scan *s, size_t at, size_t len, size_t digits);
/* A space or dash between digits, and another one 5, 6, 7 or 9 bytes behind. */
void zj_scan_groups(struct zj_scan *s, size_t sep_at);
/* A dash with a digit before and seven behind. */
void zj_scan_landline(struct zj_scan *s, size_t dash_at);
/* An ASCII letter behind a byte of another script: a plate may stand here. */
void zj_scan_plate(struct zj_scan *s, size_t letter_at);
/* The plate at `at`, in any form, with no more than a word that says so; its length, 0: none. */
size_t zj_plate_len(struct zj_span in, size_t at, const char **out_why);
/* A point with a digit before and three behind. */
void zj_scan_point(struct zj_scan *s, size_t point_at);
/* A point of three near each other, digits around it. */
void zj_scan_ipv4(struct zj_scan *s, size_t point_at);
/* The first of five colons or dashes at every third byte. */
void zj_scan_mac(struct zj_scan *s, size_t mark_at);
/* The first of two points five bytes apart. */
void zj_scan_dotted_mac(struct zj_scan *s, size_t point_at);
/* A colon near two others, or two in a row. */
void zj_scan_ipv6(struct zj_scan *s, size_t colon_at);
void zj_scan_email(struct zj_scan *s, size_t at_sign);
/* An opening bracket with two digits behind. */
void zj_scan_bracket(struct zj_scan *s, size_t bracket_at);

/* Finds candidates in 64 bytes at a time and hands them to those above. */
void zj_scan_all(struct zj_scan *s);
/* The same without vector instructions, for processors that have none of those used. */
void zj_scan_all_plain(struct zj_scan *s);

static inline bool zj_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}
static inline bool zj_is_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}
static inline bool zj_is_alnum(uint8_t c)
{
    return zj_is_digit(c) || zj_is_letter(c);
}
static inline bool zj_is_hex(uint8_t c)
{
    return zj_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}
static inline uint8_t zj_byte_at(struct zj_span in, size_t at)
{
    return at < in.len ? in.at[at] : 0;
}

#endif
