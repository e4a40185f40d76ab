/* What every case can, whatever its type: withdraw, return, reassign, remind, copy, invite, discard;
 * and requests that come twice. Not for other rooms. */
#ifndef ZJ_WORK_COMMON_H
#define ZJ_WORK_COMMON_H

#include "work/case.h"

enum { ZJ_COMMENT_BYTES_MAX = 8000 };

bool zj_common_is_offered(const struct zj_case *c, unsigned party,
                          const struct zj_case_action *action);
zj_err zj_common_do(struct zj_act *act);
/* The state it leads to; NULL: the case stays where it is. */
const char *zj_common_target(const struct zj_act *act);

/* Member "targets" of the object just written: the steps or people an action may name. */
zj_err zj_common_targets_put(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                             const struct zj_case_action *action, struct zj_json *out);

/* *out_id: the case of a request with this key that was carried out; 0: none. ZJ_ECONFLICT: the key
 * was used for something else. */
zj_err zj_once_find(struct zj_desk *desk, const char *key, const char *what, int64_t *out_id);
zj_err zj_once_keep(struct zj_desk *desk, const char *key, const char *what, int64_t id);

#endif
