/* Division of administration (三员): system, security and audit administrator are three persons.
 * While it is on, what gives somebody a right waits for a second person: what a system
 * administrator asks for a security administrator grants, and the other way round. A lock takes
 * effect at once. */
#ifndef ZJ_SERVER_APPROVALS_H
#define ZJ_SERVER_APPROVALS_H

#include "server/accounts.h"

/* Is administration divided among three persons? */
zj_err zj_separation_is_on(struct zj_job *job, struct zj_store *store, bool *out);

enum zj_approval_kind { ZJ_APPROVE_ACCOUNT_ADD, ZJ_APPROVE_ACCOUNT_CHANGE, ZJ_APPROVE_MODE };

struct zj_approval {
    enum zj_approval_kind kind;
    struct zj_account account; /* as it would be; id 0: a new one */
    bool resets_password;
    bool separation; /* of MODE: as it would be */
};

/* Asks for it in the name of `by` (NULL: the command line). ZJ_EREFUSED: it could not be granted. */
zj_err zj_approval_ask(struct zj_job *job, struct zj_store *store,
                       const struct zj_approval *approval, const struct zj_account *by,
                       int64_t *out_id);

/* Grants it and does it, or not. A password that was made is added to out_password, for handing
 * over once. ZJ_EFORBIDDEN: not by him; ZJ_ECONFLICT: it was decided before. */
zj_err zj_approval_decide(struct zj_job *job, struct zj_store *store, const struct zj_account *by,
                          int64_t id, bool grants, const char *note, struct zj_buf *out_password);

/* An array of objects, newest first, of the scope; state NULL: all. */
zj_err zj_approval_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const char *state, struct zj_json *out, int64_t *out_count);

#endif
