/* What is accepted and yet looks wrong: a telephone number of odd form, a date that lies ahead where
 * it tells of something done, one value on two rows, a vehicle that is not registered. */
#ifndef ZJ_REGISTER_DOUBT_H
#define ZJ_REGISTER_DOUBT_H

#include "register/field.h"

struct zj_doubts_opts {
    int64_t org_id;
    bool is_dry;
    bool is_import;    /* rows of a file, told by their numbers; missing targets are told in sum */
    bool has_no_index; /* of the register's fields, for now */
};

struct zj_doubts;
zj_err zj_doubts_open(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                      const struct zj_doubts_opts *opts, struct zj_doubts **out);
void zj_doubts_close(struct zj_doubts *doubts); /* accepts NULL */
static inline void zj_doubts_closep(struct zj_doubts **doubts)
{
    zj_doubts_close(*doubts);
}

/* Warns in the draft of a row that was put; `id` 0: a row that a dry run would insert. *out_in_sum:
 * something about this row is told with others at the end. */
zj_err zj_doubts_check(struct zj_job *job, struct zj_doubts *doubts, int64_t id, int64_t row,
                       struct zj_draft *draft, bool *out_in_sum);

/* Tells what stands for many rows, once each. */
void zj_doubts_tell(const struct zj_doubts *doubts,
                    void (*tell)(void *ctx, int64_t row, const struct zj_row_fault *fault,
                                 struct zj_span value),
                    void *ctx);

#endif
