/* What a database server says, in the language of the job: its own words behind a sentence of ours,
 * which its code chooses whatever language the server speaks. */
#include <string.h>

#include "base/reason.h"
#include "inventory/source.h"

static const struct {
    const char *codes, *en, *zh;
} faults[] = {
#define ZJ_SERVER_FAULT(codes, en, zh) {codes, en, zh},
#include "inventory/server_faults.def"
#undef ZJ_SERVER_FAULT
};

/* A class of SQLSTATE has two characters, a number of MySQL at least three. */
static bool is_listed(const char *codes, const char *code)
{
    for (const char *word = codes; *word;) {
        const size_t len = strcspn(word, " ");
        if (strncmp(word, code, len) == 0 && (code[len] == '\0' || (len == 2 && strlen(code) == 5)))
            return true;
        word += len + (word[len] == ' ');
    }
    return false;
}

const char *zj_server_said(struct zj_job *job, const char *code, const char *said)
{
    size_t i = 0;
    while (faults[i].codes[0] && !is_listed(faults[i].codes, code))
        i++;
    return zj_arena_printf(&job->arena, zj_tr(job, "%s (%s)", "%s（%s）"),
                           zj_tr(job, faults[i].en, faults[i].zh), said);
}

const char *zj_server_fault(struct zj_job *job, const char *code, const char *said)
{
    return zj_reason_is_known(said) ? said : zj_server_said(job, code, said);
}
