/* The pack in memory, and the working memory of a thread. */
#ifndef ZJ_IDENTIFY_ENGINE_H
#define ZJ_IDENTIFY_ENGINE_H

#include "base/buf.h"
#include "identify/scan.h"

struct zj_word {
    const char *text;  /* lower case, without spaces */
    const char *shown; /* as the pack has it */
    uint64_t groups;
    uint64_t gaps;       /* before which characters a space, '_' or '-' may stand */
    uint64_t head, mask; /* up to eight bytes before the first gap, and which of them count */
    uint16_t pair;       /* the first two bytes */
    uint16_t next;       /* in the same bucket; 0: none */
    uint8_t len;
    uint8_t sure; /* bytes of the text that `head` has compared, two at least */
};

enum { ZJ_WORD_BUCKETS = 4096, ZJ_WORD_TRIPLES = 8192, ZJ_WORDS_MAX = 8000 };

/* Looked up at a place in text by its first two bytes. */
struct zj_words {
    struct zj_word *all; /* from 1 */
    size_t count;
    uint16_t bucket[ZJ_WORD_BUCKETS];
    uint64_t pairs[65536 / 64];             /* first two bytes of all words */
    uint64_t triples[ZJ_WORD_TRIPLES / 64]; /* first three, by a hash */
    bool has_short;                         /* of two bytes, or that may have a gap behind them */
};

/* Characters of the basic plane, a bit each. */
struct zj_chars {
    uint64_t bits[65536 / 64];
};

/* What a literal starts, by its id: a word with a value behind it, or a form. */
enum zj_literal_kind {
    ZJ_LIT_WORD,
    ZJ_LIT_ROAD,   /* the word before a house number */
    ZJ_LIT_TOWN,   /* the same of a place, behind which things are also counted */
    ZJ_LIT_HAMLET, /* the same of a numbered part of a village */
    ZJ_LIT_AREA,   /* the code of a landline in brackets */
    ZJ_LIT_MISSION,
    ZJ_LIT_NMEA,
    ZJ_LIT_PEM,
    ZJ_LIT_JWT,
    ZJ_LIT_CLOUD_KEY,
    ZJ_LIT_USERINFO,
    ZJ_LIT_FMR,
    ZJ_LIT_MAP,
    ZJ_LIT_GB32960,
    ZJ_LIT_JT808,
    ZJ_LIT_INSERT,
    ZJ_LIT_DEGREE,
    ZJ_LIT_MICRODEGREE,
};

struct zj_literal {
    const char *text;
    uint8_t len;
    uint8_t kind; /* enum zj_literal_kind */
    bool is_caseless;
    uint16_t first, last; /* of a word: in `starts`, the words that begin with it, or are it */
};

struct zj_literals; /* compiled; literal.c */

struct zj_identifier {
    struct zj_arena arena;
    const char *version;
    struct zj_words words, placeholders, units, not_names, after_name, provinces, compound;
    struct zj_chars surname, given;
    uint8_t score[ZJ_TYPE_COUNT];
    uint8_t rank[ZJ_TYPE_COUNT]; /* of types that claim the same bytes the lowest stays */
    uint8_t report;
    struct zj_literals *literals;
    uint16_t *gbk; /* code points of the two-byte characters */
};

struct zj_hit {
    uint32_t end;
    uint16_t literal;
};

enum { ZJ_COLUMNS_MAX = 128 };

/* Columns of the table that the lines belong to. */
struct zj_columns {
    uint64_t groups[ZJ_COLUMNS_MAX];
    const char *words[ZJ_COLUMNS_MAX];
    unsigned count; /* 0: no table */
    unsigned pair;  /* latitude and longitude stand in this one and the one before; 0: none */
    uint8_t delimiter;
};

enum { ZJ_MEMO_MAX = 40, ZJ_MEMOS = 256 };

/* What stands before a value in its field, and the words in it. */
struct zj_memo {
    uint64_t key; /* its last eight bytes, or all of a shorter one */
    struct zj_context left;
    uint8_t len; /* 0: not used */
    uint8_t text[ZJ_MEMO_MAX];
};

struct zj_identify_scratch {
    const struct zj_identifier *rules;
    void *hs; /* scratch of the literal stage */
    struct zj_hit *hits;
    size_t hit_count, hit_max;
    struct zj_find *finds;
    size_t find_count, find_max;
    struct zj_find *room; /* for merging */
    size_t room_max;
    struct zj_buf text; /* decoded text */
    uint32_t *places;   /* of its bytes in the input, one more than bytes */
    size_t places_max;
    struct zj_buf frame;   /* an unescaped frame */
    struct zj_memo *memos; /* ZJ_MEMOS of them */
    struct zj_columns columns;
    bool is_start; /* the next piece is the beginning of its stream */
};

/* words.c */
void zj_words_add(struct zj_arena *arena, struct zj_words *words, const char *text,
                  uint64_t groups);
/* May a word begin here? Seldom, so it is asked first: by the two bytes, and by the rule that words
 * are whole. */
static inline bool zj_words_may_be(const struct zj_words *words, struct zj_span in, size_t at)
{
    const uint8_t *p = in.at + at;
    const bool is_letter = zj_is_letter(p[0]);
    if (is_letter && at && zj_is_letter(p[-1]) && !(p[0] <= 'Z' && p[-1] >= 'a'))
        return false;
    const unsigned a = is_letter ? p[0] | 32u : p[0];
    const unsigned b = zj_is_letter(p[1]) ? p[1] | 32u : p[1];
    const unsigned pair = a << 8 | b;
    return words->pairs[pair / 64] >> pair % 64 & 1;
}
/* Of the first three bytes of a word, the first the lowest. */
static inline unsigned zj_word_triple(uint32_t head)
{
    return (head & 0xffffff) * 0x9e3779b1u >> 19;
}
/* May a word begin with the character at `p`, of three bytes? Asked first of words in Chinese. */
static inline bool zj_words_may_be_han(const struct zj_words *words, const uint8_t *p)
{
    const unsigned triple = zj_word_triple(p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16);
    return words->has_short || (words->triples[triple / 64] >> triple % 64 & 1);
}
/* The longest word that starts at `at`, whole in the sense of the pack; NULL: none. */
const struct zj_word *zj_words_at(const struct zj_words *words, struct zj_span in, size_t at,
                                  size_t *out_len);
/* The same where `among` are all words that begin with some bytes that stand there; NULL: none. */
const struct zj_word *zj_words_among(const struct zj_words *words, const uint16_t *among,
                                     size_t count, struct zj_span in, size_t at, size_t *out_len);
/* Is `text` the word, in one of its forms, or the beginning of it? */
bool zj_word_begins(const struct zj_word *word, struct zj_span text);
/* Without the rule that ASCII words are whole. */
const struct zj_word *zj_words_prefix(const struct zj_words *words, struct zj_span in, size_t at,
                                      size_t *out_len);
bool zj_word_is_whole(struct zj_span in, size_t at, size_t len);
/* Groups of the words in all of `text`; *out_word: the last one. */
uint64_t zj_words_in(const struct zj_words *words, struct zj_span text, const char **out_word);

/* pack.c */
zj_err zj_pack_load(struct zj_job *job, struct zj_identifier *out);

/* literal.c */
zj_err zj_literals_compile(struct zj_job *job, struct zj_identifier *rules);
void zj_literals_free(struct zj_literals *literals);
void *zj_literals_scratch(const struct zj_literals *literals);
void zj_literals_scratch_free(void *scratch);
/* All places of all literals, in the order of their end, into scratch->hits. */
void zj_literals_find(struct zj_identify_scratch *scratch, struct zj_span in);
const struct zj_literal *zj_literal(const struct zj_identifier *rules, unsigned id);
/* The word at `at`, where the literal of a word was found. */
const struct zj_word *zj_literal_word(const struct zj_identifier *rules,
                                      const struct zj_literal *literal, struct zj_span in,
                                      size_t at, size_t *out_len);
size_t zj_literal_count(const struct zj_identifier *rules);
/* Is a literal that ends at `end` kept, by what stands around it? */
bool zj_literal_is_wanted(const struct zj_literal *literal, struct zj_span in, size_t end);

/* keyed.c: what a literal starts. */
void zj_scan_hits(struct zj_scan *s);
/* The value that stands behind a key of these groups, and begins at or soon behind `at`. */
void zj_scan_keyed(struct zj_scan *s, uint64_t groups, const char *word, size_t at, bool is_cell);

/* name.c, address.c, secret.c, content.c, frames.c */
size_t zj_name_len(const struct zj_scan *s, size_t at, bool is_cell, const char **out_why);
/* The name at `at` where a number of a person, by the words, stands in the same record. */
size_t zj_name_beside(const struct zj_scan *s, size_t at);
void zj_scan_address(struct zj_scan *s, enum zj_literal_kind kind, size_t road_at,
                     size_t number_at);
bool zj_scan_secret(struct zj_scan *s, size_t at, const char *word, bool is_cell);
void zj_scan_pem(struct zj_scan *s, size_t at);
void zj_scan_jwt(struct zj_scan *s, size_t at);
void zj_scan_cloud_key(struct zj_scan *s, size_t at, size_t prefix_len);
void zj_scan_userinfo(struct zj_scan *s, size_t at);
bool zj_scan_biometric(struct zj_scan *s, size_t at, const char *word);
void zj_scan_fmr(struct zj_scan *s, size_t at);
void zj_scan_nmea(struct zj_scan *s, size_t at);
void zj_scan_map(struct zj_scan *s, size_t at, struct zj_span marker);
/* By its first bytes; most pieces may not. */
bool zj_may_be_content(struct zj_span in);
bool zj_scan_content(struct zj_scan *s); /* true for media: nothing else is looked for */
void zj_scan_gb32960(struct zj_scan *s, size_t at);
void zj_scan_jt808(struct zj_scan *s, size_t at);
void zj_scan_area(struct zj_scan *s, size_t at);
void zj_scan_degrees(struct zj_scan *s, size_t at);
void zj_scan_micro_degrees(struct zj_scan *s, size_t at, size_t key_end);
/* Are two cells a position, in degrees or in millionths or ten-millionths of them? */
bool zj_are_degrees(struct zj_span lat, struct zj_span lon);

/* plate.c */
void zj_scan_mission(struct zj_scan *s, size_t at, size_t end);

/* column.c */
void zj_scan_columns(struct zj_scan *s, bool is_start);
void zj_scan_insert(struct zj_scan *s, size_t at);

/* form.c */
enum zj_text_kind { ZJ_TEXT_PLAIN, ZJ_TEXT_LINES, ZJ_TEXT_UTF16LE, ZJ_TEXT_UTF16BE };
enum zj_text_kind zj_text_kind(struct zj_span in);
/* Does the line need decoding, and from what? */
enum zj_form zj_line_form(struct zj_span line);
void zj_text_decode(struct zj_identify_scratch *scratch, struct zj_span in, enum zj_form form);
/* In what form a value of a line with escapes really stood. */
enum zj_form zj_escaped_form(struct zj_span raw, size_t decoded_len);
/* `end` without the characters before it that have no width. */
size_t zj_visible_end(struct zj_span raw, size_t start, size_t end);
uint16_t *zj_gbk_table(void);

/* resolve.c */
void zj_sort_finds(struct zj_find *finds, size_t count); /* quick where nearly sorted */
/* Two sorted parts become one; `room` holds as many finds as the second. */
void zj_merge_finds(struct zj_find *finds, size_t first, size_t count, struct zj_find *room);
/* Leaves one find where several claim the same bytes, drops the weak; the count of what is left. */
size_t zj_resolve(const struct zj_identifier *rules, struct zj_find *finds, size_t count);

/* identify.c: scans one piece of a stream; finds are added to the scratch. */
void zj_scan_piece(struct zj_identify_scratch *scratch, struct zj_span in, uint64_t groups,
                   const char *word);

#endif
