#include "register/packs.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/paths.h"
#include "base/yaml.h"

/* The documents of packs/grading and packs/controls, as they stand. */
struct zj_row_packs {
    struct zj_arena arena;
    struct doc {
        const struct zj_yaml *map;
        struct doc *next;
    } *docs;
};

static zj_err take_doc(void *ctx, struct zj_job *job, const char *file)
{
    struct zj_row_packs *packs = ctx;
    struct zj_yaml *map;
    zj_err err = zj_yaml_load(job, &packs->arena, file, &map);
    if (err)
        return err;
    struct doc *doc = zj_arena_alloc(&packs->arena, sizeof *doc);
    *doc = (struct doc){map, packs->docs};
    packs->docs = doc;
    return ZJ_OK;
}

static zj_err read_docs(struct zj_job *job, const char *folder, struct zj_row_packs **out)
{
    struct zj_row_packs *packs = zj_alloc(sizeof *packs);
    const char *dir = zj_data_path(job, folder);
    zj_err err = dir ? zj_yaml_each(job, &packs->arena, dir, take_doc, packs) : ZJ_OK;
    if (err)
        zj_row_packs_free(packs);
    else
        *out = packs;
    return err;
}

void zj_row_packs_free(struct zj_row_packs *packs)
{
    if (!packs)
        return;
    zj_arena_release(&packs->arena);
    free(packs);
}

static const char *member(const struct zj_yaml *map, const char *key)
{
    const struct zj_yaml *found = zj_yaml_find(map, key);
    return found && found->kind == ZJ_YAML_SCALAR ? found->text : "";
}

/* The document whose `key` says `value`; NULL: none. */
static const struct zj_yaml *find_doc(const struct zj_row_packs *packs, const char *key,
                                      struct zj_span value)
{
    for (const struct doc *d = packs->docs; d; d = d->next)
        if (zj_span_eq_str(value, member(d->map, key)))
            return d->map;
    return NULL;
}

static struct zj_span cell(const struct zj_register *reg, const struct zj_draft *draft,
                           const char *name)
{
    return draft->cells[zj_register_field(reg, zj_span_str(name))];
}

static void warn(const struct zj_register *reg, struct zj_draft *draft, const char *name,
                 const char *en, const char *zh)
{
    zj_row_fault_add(&draft->faults, zj_register_field(reg, zj_span_str(name)), true, en, zh);
}

/* --- controls --------------------------------------------------------------------------------- */

static void check_control(const struct zj_row_packs *packs, const struct zj_register *reg,
                          struct zj_draft *draft)
{
    const struct zj_yaml *catalogue = find_doc(packs, "catalogue", cell(reg, draft, "catalogue"));
    const struct zj_yaml *items = catalogue ? zj_yaml_find(catalogue, "items") : NULL;
    const struct zj_span number = cell(reg, draft, "item");
    if (!catalogue) {
        warn(reg, draft, "catalogue", "no such catalogue of controls is installed",
             "系统中没有该控制项目录。");
        return;
    }
    for (const struct zj_yaml *item = items ? items->first : NULL; item; item = item->next)
        if (zj_span_eq_str(number, member(item, "item")))
            return;
    warn(reg, draft, "item", "the catalogue has no item of this number", "目录中没有该编号的控制项。");
}

/* --- grading ---------------------------------------------------------------------------------- */

static int digit(struct zj_span value)
{
    return value.len == 1 ? value.at[0] - '0' : 0;
}

/* The level of the method by the sum 2^I + 2^V + 2^R; 0: it gives none. */
static int level_of(const struct zj_yaml *method, int sum)
{
    const struct zj_yaml *levels = zj_yaml_find(method, "levels");
    for (const struct zj_yaml *row = levels ? levels->first : NULL; row; row = row->next)
        if (sum <= (int)strtol(member(row, "sum_max"), NULL, 10))
            return (int)strtol(member(row, "level"), NULL, 10);
    return 0;
}

static void check_grading(const struct zj_row_packs *packs, const struct zj_register *reg,
                          struct zj_draft *draft)
{
    const struct zj_yaml *method = find_doc(packs, "method", cell(reg, draft, "method"));
    const int i = digit(cell(reg, draft, "i")), v = digit(cell(reg, draft, "v"));
    const int r = digit(cell(reg, draft, "r")), said = digit(cell(reg, draft, "level"));
    char en[120], zh[120];
    if (!method) {
        warn(reg, draft, "method", "no such method of grading is installed", "系统中没有该定级方法。");
        return;
    }
    const int level = level_of(method, (1 << i) + (1 << v) + (1 << r));
    if (level == 0 || level == said)
        return;
    snprintf(en, sizeof en, "the method gives level %d: correct it, or say why in the rationale",
             level);
    snprintf(zh, sizeof zh, "按该方法应为第 %d 级，请更正或在定级理由中说明。", level);
    warn(reg, draft, "level", en, zh);
}

static const struct {
    const char *folder;
    void (*check)(const struct zj_row_packs *packs, const struct zj_register *reg,
                  struct zj_draft *draft);
} checks[] = {{"packs/controls", check_control}, {"packs/grading", check_grading}};

zj_err zj_row_packs_check(struct zj_job *job, struct zj_row_packs **packs,
                          const struct zj_register *reg, struct zj_draft *draft)
{
    zj_err err = ZJ_OK;
    if (!reg->pack)
        return ZJ_OK;
    if (!*packs)
        err = read_docs(job, reg->pack, packs);
    for (size_t i = 0; i < ZJ_COUNT(checks) && !err; i++)
        if (strcmp(checks[i].folder, reg->pack) == 0 && (*packs)->docs)
            checks[i].check(*packs, reg, draft);
    return err;
}

/* --- numbers ----------------------------------------------------------------------------------- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* "DJ{year}-{n:6}": four digits for the year, any for the number, whose width may be mistyped. */
static bool has_form(struct zj_span number, const char *pattern)
{
    enum { YEAR_DIGITS = 4 };
    size_t at = 0;
    while (*pattern) {
        const char *close = *pattern == '{' ? strchr(pattern, '}') : NULL;
        if (!close) {
            if (at == number.len || lower(number.at[at++]) != lower((uint8_t)*pattern++))
                return false;
            continue;
        }
        const size_t most = strncmp(pattern, "{year", 5) == 0 ? YEAR_DIGITS : number.len;
        const size_t from = at;
        while (at < number.len && at - from < most && is_digit(number.at[at]))
            at++;
        if (at == from)
            return false;
        pattern = close + 1;
    }
    return at == number.len;
}

zj_err zj_number_is_issued_here(struct zj_job *job, struct zj_row_packs **packs,
                                struct zj_span number, bool *out)
{
    bool is_found = false;
    zj_err err = *packs ? ZJ_OK : read_docs(job, "packs/numbers", packs);
    if (err)
        return err;
    for (const struct doc *d = (*packs)->docs; d && !is_found; d = d->next) {
        const struct zj_yaml *list = zj_yaml_find(d->map, "numbers");
        for (const struct zj_yaml *one = list ? list->first : NULL; one; one = one->next)
            is_found |= has_form(number, member(one, "pattern"));
    }
    *out = is_found;
    return ZJ_OK;
}
