/* Options of a verb as a table: parsing, help, man page and completion come from it. */
#ifndef ZJ_BASE_OPT_H
#define ZJ_BASE_OPT_H

#include <stddef.h>

#include "base/job.h"

enum zj_opt_type { ZJ_OPT_T_END, ZJ_OPT_T_STR, ZJ_OPT_T_INT, ZJ_OPT_T_SIZE, ZJ_OPT_T_FLAG };

struct zj_opt {
    enum zj_opt_type type;
    size_t offset;
    const char *name;  /* long name without the dashes */
    char letter;       /* short form, 0: none */
    const char *value; /* its name in the help; "zh|en", all in small letters: one of these */
    const char *en, *zh;
};

#define ZJ_OPT_STR(args, member, name, value, en, zh)                                              \
    {ZJ_OPT_T_STR, offsetof(args, member), name, 0, value, en, zh}
#define ZJ_OPT_INT(args, member, name, value, en, zh) /* int64_t */                                \
    {ZJ_OPT_T_INT, offsetof(args, member), name, 0, value, en, zh}
#define ZJ_OPT_SIZE(args, member, name, value, en, zh) /* int64_t; 64M, 2G */                      \
    {ZJ_OPT_T_SIZE, offsetof(args, member), name, 0, value, en, zh}
#define ZJ_OPT_FLAG(args, member, name, en, zh)                                                    \
    {ZJ_OPT_T_FLAG, offsetof(args, member), name, 0, NULL, en, zh}
#define ZJ_OPT_END {ZJ_OPT_T_END, 0, NULL, 0, NULL, NULL, NULL}

/* Options every verb takes: they land in the job. */
extern const struct zj_opt zj_common_opts[];

/* Reads options out of argv; what is left (the operands, "-" included) is moved to the front and
 * counted in *argc. "--" ends the options. ZJ_EUSAGE names the wrong word. */
zj_err zj_opt_parse(struct zj_job *job, const struct zj_opt *opts, void *args, int *argc,
                    char **argv);

/* How many words the option takes that begins with `word`, if every verb takes it: 1, or 2 where its
 * value is the next; 0: it is none of these. */
int zj_opt_common_words(const char *word);

/* "64M", "2G", "1000": bytes. False where it is no size. */
bool zj_size_parse(const char *text, int64_t *out_bytes);

#endif
