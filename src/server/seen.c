/* A row of a register with its version, so that nobody overwrites what he has not read (RFC 9110,
 * 8.8.3 and 13.1.1). */
#include <stdlib.h>
#include <string.h>

#include "register/register.h"
#include "server/core.h"

enum { NO_VERSION = -1 }; /* no row has it */

zj_err zj_row_answer(struct zj_call *call, const struct zj_register *reg, int64_t id,
                     const struct zj_scope *scope)
{
    int64_t changed_us = 0;
    /* the version first: who then reads what is newer is refused, and loads again */
    zj_err err = zj_register_changed(call->job, call->store, reg, id, &changed_us);
    if (!err)
        err = zj_register_get(call->job, call->store, scope, reg, id, &call->json);
    /* the draft of a form is none of who supervises, nor when it was changed */
    if (!err && !(reg->is_case_form && zj_scope_supervises(scope)))
        zj_http_respond_header(call->res, "ETag",
                               zj_arena_printf(call->arena, "\"%lld\"", (long long)changed_us));
    return err;
}

int64_t zj_row_seen(const struct zj_call *call)
{
    const char *tag = zj_http_header(call->req, "If-Match");
    char *end;
    if (!tag || strcmp(tag, "*") == 0)
        return 0;
    const long long changed_us = tag[0] == '"' ? strtoll(tag + 1, &end, 10) : NO_VERSION;
    return changed_us > 0 && strcmp(end, "\"") == 0 ? changed_us : NO_VERSION;
}
