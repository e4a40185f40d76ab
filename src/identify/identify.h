/* Finds personal and vehicle data in bytes: patterns propose, validators decide. */
#ifndef ZJ_IDENTIFY_IDENTIFY_H
#define ZJ_IDENTIFY_IDENTIFY_H

#include "base/span.h"

/* The types this release finds; names are those of interfaces.md ("CN_RESIDENT_ID"). */
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

struct zj_find {
    uint32_t start, end; /* byte offsets, end exclusive */
    uint8_t type;        /* enum zj_identify_type */
    uint8_t score;       /* 0–100 */
    const char *why;     /* static: which pattern and check */
};

/* Scans bytes and fills up to `max` finds in the order of their start; gives their count. Finds
 * beyond `max` are not reported. No allocation. */
size_t zj_identify_scan(struct zj_span bytes, struct zj_find *out, size_t max);

#endif
