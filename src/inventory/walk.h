/* The files of a source, in the order of their names, each where it lies: what links inside of the
 * source lead to is met there anyway, so that none is followed and loops end. Links to folders and
 * links that lead out are told. No file is visited twice. */
#ifndef ZJ_INVENTORY_WALK_H
#define ZJ_INVENTORY_WALK_H

#include "base/buf.h"
#include "inventory/inventory.h"

struct zj_file {
    char *source; /* shared by all files of a source; the list frees it */
    char *path;   /* to open */
    uint64_t size;
    int64_t mtime_ns;
    struct zj_buf lines; /* results that wait for their turn */
    bool is_done, is_known;
    bool has_unread; /* something of it could not be read: it is tried again next time */
    bool is_taken;    /* a worker has it or had it */
    unsigned threads; /* that read it where it is cut into slices; 0: one */
};

struct zj_files {
    struct zj_file *at;
    size_t count, cap;
    char **sources;
    size_t source_count;
    uint64_t bytes;
};

zj_err zj_walk(struct zj_job *job, const char *source, const struct zj_inv_sink *sink,
               struct zj_files *files);
void zj_files_release(struct zj_files *files);

/* A file's size, time and the hash of its first bytes: what must be the same for it to be taken as
 * unchanged. Also names the rules it was judged by. Empty where it cannot be read. */
void zj_file_state(const struct zj_file *file, const char *rules, char *out, size_t size);

#endif
