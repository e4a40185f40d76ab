/* Fields that somebody else has given, kept while what gave them is there: struct zj_hold of a
 * register says which. */
#ifndef ZJ_REGISTER_HELD_H
#define ZJ_REGISTER_HELD_H

#include "register/packs.h"

/* The code of the row that has given this row its number; empty where none has. */
zj_err zj_held_by(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                  int64_t org_id, struct zj_span key, struct zj_span number, struct zj_buf *out);

/* Is the field, its number or its key, which the holding row knows it by, one that is kept? */
bool zj_held_field(const struct zj_register *reg, size_t field);

/* A fault of the draft where it gives the row `key` a number that is not its own: one of a row that
 * holds another, or one of the form of those that are issued here (packs/numbers, read into
 * *numbers). `had` is what the row says already. */
zj_err zj_held_refuse_foreign(struct zj_job *job, struct zj_store *store,
                              struct zj_row_packs **numbers, const struct zj_register *reg,
                              int64_t org_id, struct zj_span key, struct zj_span had,
                              struct zj_draft *draft);

/* "… of the filing FIL-1": what is said of such a field or row in both languages. */
void zj_held_tell(const struct zj_register *reg, struct zj_span by, char *en, char *zh, size_t size);

#endif
