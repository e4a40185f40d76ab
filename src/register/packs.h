/* Checks of rows against facts that are data: the method of grading and the catalogues of controls,
 * which warn and never refuse, for a method or a catalogue of another version may be right too; and
 * the patterns of numbers that are issued here. */
#ifndef ZJ_REGISTER_PACKS_H
#define ZJ_REGISTER_PACKS_H

#include "register/field.h"

struct zj_row_packs;
void zj_row_packs_free(struct zj_row_packs *packs); /* accepts NULL */

/* Reads the packs at the first row that needs them, into *packs. */
zj_err zj_row_packs_check(struct zj_job *job, struct zj_row_packs **packs,
                          const struct zj_register *reg, struct zj_draft *draft);

/* Has the number the form of one that is issued here, by packs/numbers? Also of a year or a type whose
 * first is not issued yet. Reads them at the first call, into *packs. */
zj_err zj_number_is_issued_here(struct zj_job *job, struct zj_row_packs **packs,
                                struct zj_span number, bool *out);

#endif
