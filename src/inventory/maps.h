/* Maps in documents whose keys nothing is found in (names of people, accounts, numbers of their own
 * kind): told by how many members an object has and how alike they are. Inside of this room. */
#ifndef ZJ_INVENTORY_MAPS_H
#define ZJ_INVENTORY_MAPS_H

#include "inventory/table.h"

/* Columns that stand for members of a map become "(key)" and "(value)", as keys.h has them. */
void zj_maps_fold(struct zj_inv_table *table);
/* Are the keys behind this path, which ends in its mark, those of a map that was folded? */
bool zj_maps_has(const struct zj_inv_table *table, struct zj_span path);
/* Of the largest map that stands by itself, in no list and no other map. */
uint64_t zj_maps_members(const struct zj_inv_table *table);
/* What was a map in one slice is one in all. */
void zj_maps_merge(struct zj_inv_table *table, const struct zj_inv_table *from);

#endif
