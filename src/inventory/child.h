/* What all children of this room share, and how they talk: a child does the work on bytes that
 * strangers wrote, confined by base/sandbox.h, and writes lines of JSON to one descriptor:
 * {"object":{…},"sketches":[…]}  {"unread":[place,reason]}  {"other":kind}  {"at":bytes}  {"done":n}. */
#ifndef ZJ_INVENTORY_CHILD_H
#define ZJ_INVENTORY_CHILD_H

#include "inventory/reader.h"

enum {
    ZJ_CHILD_FD = 3,
    ZJ_CHILD_LINE_MAX = 64 << 20,
};
#define ZJ_CHILD_MEMORY INT64_C(3000000000) /* of address space */

/* The child's side. Writing that fails ends the child. */
struct zj_child {
    struct zj_inv_sink sink; /* what it finds goes to the parent */
    struct zj_buf line;
};
void zj_child_init(struct zj_child *child);
void zj_child_unread(struct zj_child *child, const char *place, const char *reason);
void zj_child_number(struct zj_child *child, const char *key, uint64_t value);

/* Closes all but `fd`, which becomes ZJ_CHILD_FD, and `fds` (-1: none), which move to higher
 * numbers. Standard input and output are /dev/null then. */
void zj_child_keep_only(int fd, int *fds, size_t count);

/* What a child was given to read. */
struct zj_child_task {
    const char *source, *path;
};
/* The parent's side: one line of an object or of what was not read to the sink. A child speaks of
 * its task alone, "a.zip" or "a.zip!b.csv"; what else it says is told as nonsense. `scratch` is cleared
 * for it. */
zj_err zj_child_take(struct zj_job *job, struct zj_job *scratch, const struct zj_inv_sink *sink,
                     const struct zj_child_task *task, struct zj_span line);
bool zj_child_is_result(struct zj_span line); /* such a line, none of the numbers */
void zj_put_unread(struct zj_buf *line, const char *place, const char *reason);
/* How a child ended that should not have, in one sentence. */
void zj_child_end_reason(const struct zj_job *job, int status, char *out, size_t cap);

#endif
