/* Names that hold data: keys of a map, a first row that is no header, comments. Inside of this
 * room. */
#ifndef ZJ_INVENTORY_NAMES_H
#define ZJ_INVENTORY_NAMES_H

#include "base/mem.h"
#include "identify/identify.h"

enum { ZJ_NAME_SHAPE = 32 };

/* Runs of digits, letters and other characters, one character for each: "2025-01" is "9-9". */
struct zj_span zj_name_shape(struct zj_span name, uint8_t shape[ZJ_NAME_SHAPE]);

/* Is a name that nobody gave: a value is found in it, or it has as many digits as one. */
bool zj_name_is_value(struct zj_identify_scratch *scratch, struct zj_span name);
/* Would be a person's, in a column that is named so. */
bool zj_name_is_person(struct zj_identify_scratch *scratch, struct zj_span name);

/* "col7", "owners.(key)": what was no name got one here. */
bool zj_name_is_given_here(const char *name);

/* The text with the values in it masked, in the arena; the text itself where there are none.
 * NULL stays NULL. */
const char *zj_name_masked(struct zj_identify_scratch *scratch, struct zj_arena *arena,
                           const char *text);

#endif
