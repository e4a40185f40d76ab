/* Texts that recur in facts (hosts, paths, versions), held once and named by a small number. */
#ifndef ZJ_SENSE_FACTS_STRINGS_H
#define ZJ_SENSE_FACTS_STRINGS_H

#include "base/buf.h"

enum { ZJ_STRING_MAX = 255 };

struct zj_strings {
    struct zj_arena arena;
    struct zj_span *items;
    uint32_t count, cap;
    uint32_t *slots;
    uint32_t slot_mask;
    int64_t bytes, bytes_left;
    uint64_t seed;
    uint64_t *dropped;
    struct zj_buf scratch;
};

void zj_strings_init(struct zj_strings *s, int64_t memory_bytes, uint64_t seed, uint64_t *dropped);
void zj_strings_release(struct zj_strings *s);
/* Less than an eighth of the memory is left. */
bool zj_strings_is_scarce(const struct zj_strings *s);
void zj_strings_clear(struct zj_strings *s); /* no number is good any more */

/* The number of a text, cut to ZJ_STRING_MAX bytes; text that is not UTF-8 is taken for GBK.
 * 0: empty, or the memory for texts is full (counted). */
uint32_t zj_string_id(struct zj_strings *s, struct zj_span text);
struct zj_span zj_string(const struct zj_strings *s, uint32_t id); /* good as long as `s` */

#endif
