/* The packs behind the proposals. Inside of this room. */
#ifndef ZJ_INVENTORY_RULES_H
#define ZJ_INVENTORY_RULES_H

#include "identify/identify.h"
#include "inventory/columns.h"
#include "inventory/inventory.h"

struct zj_inv_rules {
    struct zj_identifier *identifier;
    struct zj_taxonomy *taxonomy;
    struct zj_columns *columns;
    char name[96];
};

#endif
