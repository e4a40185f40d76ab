/* Compound files of Microsoft ([MS-CFB]): streams by their names. Inside of this room. */
#ifndef ZJ_INVENTORY_COMPOUND_H
#define ZJ_INVENTORY_COMPOUND_H

#include "base/buf.h"

#define ZJ_COMPOUND_MAGIC ZJ_SPAN_LIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

struct zj_compound {
    struct zj_span bytes;
    size_t sector;
    struct zj_buf fat, mini_fat; /* le32 for each sector: the next of its chain */
    struct zj_buf folder;        /* entries of 128 bytes */
    struct zj_buf mini;          /* what small streams lie in */
};

/* Little-endian numbers; 0 where they do not lie wholly in `s`. */
static inline uint16_t zj_le16(struct zj_span s, size_t at)
{
    return at + 2 <= s.len ? (uint16_t)(s.at[at] + 256U * s.at[at + 1]) : 0;
}
static inline uint32_t zj_le32(struct zj_span s, size_t at)
{
    return at + 4 <= s.len ? (uint32_t)zj_le16(s, at + 2) << 16 | zj_le16(s, at) : 0;
}

/* Of the header, [MS-CFB] 2.2, and of an entry of the folder, 2.6. */
enum { ZJ_COMPOUND_FOLDER_AT = 48, ZJ_COMPOUND_ENTRY = 128 };
static inline size_t zj_compound_sector(struct zj_span header)
{
    enum { SHIFT_AT = 30 };
    return zj_le16(header, SHIFT_AT) == 12 ? 4096 : 512;
}
/* A name has up to 31 characters of two bytes and a NUL. */
bool zj_compound_is_named(struct zj_span entry, const char *name);

/* `bytes` stay where they are. False: none, or broken. Release it in either case. */
bool zj_compound_open(struct zj_span bytes, struct zj_compound *out);
/* Appends the stream of this name, as much of it as there is; false: there is none. */
bool zj_compound_stream(const struct zj_compound *c, const char *name, struct zj_buf *out);
void zj_compound_release(struct zj_compound *c);

#endif
