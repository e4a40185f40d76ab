/* Checks of rows against facts that are data: the method of grading and the catalogues of controls.
 * Each warns and never refuses: a method or a catalogue of another version may be right too. */
#ifndef ZJ_REGISTER_PACKS_H
#define ZJ_REGISTER_PACKS_H

#include "register/field.h"

struct zj_row_packs;
void zj_row_packs_free(struct zj_row_packs *packs); /* accepts NULL */

/* Reads the packs at the first row that needs them, into *packs. */
zj_err zj_row_packs_check(struct zj_job *job, struct zj_row_packs **packs,
                          const struct zj_register *reg, struct zj_draft *draft);

#endif
