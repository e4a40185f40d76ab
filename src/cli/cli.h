/* Verbs of the command line: one file a verb, one line in verbs.def. The help, the man page and the
 * completion are printed from these descriptors. */
#ifndef ZJ_CLI_CLI_H
#define ZJ_CLI_CLI_H

#include "base/opt.h"

struct zj_verb {
    const char *name;
    const char *args; /* "FILE..." */
    const char *en, *zh;
    const char *const *examples; /* whole command lines, NULL-terminated */
    const struct zj_opt *opts;   /* NULL: only the common ones */
    int argc_min, argc_max;      /* operands; argc_max 0 with argc_min 0: none; -1: any number */
    size_t args_bytes;           /* of the verb's own struct args */
    const char *papers; /* files for people that -o writes: "xlsx, csv, pdf"; NULL: none */
    bool is_service; /* runs until it is told to stop: SIGTERM is a good end */
    /* `args` is zeroed and filled from opts before; argv holds the operands. */
    zj_err (*run)(struct zj_job *job, const void *args, int argc, char **argv);
};

extern const struct zj_verb *const zj_verbs[];
extern const size_t zj_verb_count;

#endif
