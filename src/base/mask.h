/* A value as a person may see it who may not see it: enough to tell what it is. */
#ifndef ZJ_BASE_MASK_H
#define ZJ_BASE_MASK_H

#include "base/buf.h"

/* Appends the first three and the last two characters with stars between, the first character alone
 * where there are fewer than ten; at most 24 stars. Bytes that are no UTF-8 become stars. */
void zj_mask_value(struct zj_buf *out, struct zj_span value);

/* Appends a text with the cards, numbers and vehicles in it masked: letters and digits without a
 * break that are 17 in number, 19 or 20, or 11 digits and more. */
void zj_mask_identities(struct zj_buf *out, struct zj_span text);

#endif
