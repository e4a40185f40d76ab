/* A YAML file as a tree, read by libyaml with limits: packs are small and strict. */
#ifndef ZJ_BASE_YAML_H
#define ZJ_BASE_YAML_H

#include "base/job.h"
#include "base/span.h"

enum zj_yaml_kind { ZJ_YAML_SCALAR, ZJ_YAML_LIST, ZJ_YAML_MAP };

enum { ZJ_YAML_BYTES_MAX = 1 << 20, ZJ_YAML_DEPTH_MAX = 16, ZJ_YAML_NODES_MAX = 20000 };

struct zj_yaml {
    enum zj_yaml_kind kind;
    int line;                  /* from 1 */
    const char *key;           /* of a map's member, else NULL */
    const char *text;          /* of a scalar */
    struct zj_yaml *first;     /* children of a list or map, in order */
    struct zj_yaml *next;
};

/* Reads one document. Nodes live in `arena`. The message of a failure names the line; `name` stands
 * in it for the file. Anchors, aliases and tags are refused, and so is a key that comes twice. */
zj_err zj_yaml_parse(struct zj_job *job, struct zj_arena *arena, const char *name,
                     struct zj_span text, struct zj_yaml **out);
zj_err zj_yaml_load(struct zj_job *job, struct zj_arena *arena, const char *path,
                    struct zj_yaml **out);

const struct zj_yaml *zj_yaml_find(const struct zj_yaml *map, const char *key);

/* How a map's members land in a struct: every member must be named here, and every required one be
 * present. */
struct zj_yaml_field {
    const char *key;
    enum zj_yaml_kind kind;
    bool is_required;
    size_t offset; /* of a const char * (scalar) or a const struct zj_yaml * (list, map) */
};

/* A scalar that lands in the member of its own name. */
#define ZJ_YAML_TEXT(type, member, required)                                                       \
    {                                                                                              \
        #member, ZJ_YAML_SCALAR, required, offsetof(type, member)                                  \
    }

zj_err zj_yaml_read(struct zj_job *job, const char *name, const struct zj_yaml *map,
                    const struct zj_yaml_field *fields, size_t count, void *out);

/* ZJ_EPACK with the file, the line and what is wrong there. */
zj_err zj_yaml_fault(struct zj_job *job, const char *file, int line, const char *what);

/* Every *.yaml of a folder in the order of names, paths in `arena`; no such folder: nothing. */
zj_err zj_yaml_each(struct zj_job *job, struct zj_arena *arena, const char *dir,
                    zj_err (*take)(void *ctx, struct zj_job *job, const char *file), void *ctx);

#endif
