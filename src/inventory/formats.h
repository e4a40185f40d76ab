/* Kinds of files that no reader reads (formats.def): what they are called, and what a person can do
 * so that their content is read. */
#ifndef ZJ_INVENTORY_FORMATS_H
#define ZJ_INVENTORY_FORMATS_H

#include "inventory/input.h"
#include "inventory/inventory.h"

struct zj_format {
    const char *en, *zh;
    const char *way_en, *way_zh; /* "save it as .xlsx"; NULL: it is counted and not told */
    enum zj_inv_other other;     /* as what it is counted */
};

/* Whether these bytes are text in UTF-8 or a charset that holds ASCII: hardly any control
 * character. */
bool zj_head_is_text(struct zj_span head);

/* By the first bytes, else by the extension; false: none of them. `in` is looked into for what lies
 * deeper, NULL where only the head is at hand. */
bool zj_format_of(struct zj_span head, const char *extension, struct zj_in *in,
                  struct zj_format *out);

#endif
