/* Columns of codes: order numbers, serials, digests. What has the form of a type among them may
 * have it by chance. Inside of this room. */
#ifndef ZJ_INVENTORY_CODES_H
#define ZJ_INVENTORY_CODES_H

#include "base/span.h"

/* A value of the sample. */
struct zj_coded {
    uint32_t shape; /* of a code: its length, its marks, whether it has digits and letters; else 0 */
    uint64_t types; /* found in it, one bit each */
};

/* A code is one word of ASCII letters and digits with marks such as '-' and '_' between. */
uint32_t zj_code_shape(struct zj_span value);

/* What the codes of a column say of one type. */
struct zj_code_share {
    uint32_t hits, looked; /* of the codes that have the shape of a hit and are of no other type */
    bool is_codes;         /* the column is one of codes, and the type is found in codes alone */
};
struct zj_code_share zj_code_share(const struct zj_coded *values, size_t count, size_t type,
                                   unsigned codes_percent);

#endif
