/* Words for what raised a grade. Inside of this room; what others see is in inventory.h. */
#ifndef ZJ_INVENTORY_CLASSES_H
#define ZJ_INVENTORY_CLASSES_H

#include "identify/identify.h"
#include "inventory/inventory.h"

/* The rules that raised the grade, in one sentence each; nothing is written where none did. */
void zj_grading_words(struct zj_arena *arena, const struct zj_grading *grading,
                      const char **out_why, const char **out_why_zh);

#endif
