/* Where a gap or duty leads its reader: to the case that carries the row it was found on, or to the
 * row. A form that was not handed in yet is the company's own: others are led nowhere. */
#include "plan/link.h"

enum { EVIDENCE_BYTES_MAX = 1 << 20 };

void zj_links_release(struct zj_links *links)
{
    zj_stmt_release(links->find_case);
    links->find_case = NULL;
}

/* The first row of a register among the evidence. */
static zj_err first_row(struct zj_links *links, struct zj_span evidence, const char **out_register,
                        int64_t *out_id)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    *out_register = NULL;
    zj_err err = zj_jdoc_parse(links->job, evidence, EVIDENCE_BYTES_MAX, &doc);
    if (err)
        return err;
    for (const struct zj_jval *v = zj_jval_first(zj_jdoc_root(doc)); v; v = zj_jval_next(v)) {
        const char *name = zj_jval_cstr(zj_jval_get(v, "register"), NULL);
        if (!name)
            continue;
        *out_register = zj_arena_strdup(&links->job->arena, name);
        *out_id = zj_jval_int(zj_jval_get(v, "id"), 0);
        return ZJ_OK;
    }
    return ZJ_OK;
}

static zj_err find_case(struct zj_links *links, const char *reg, int64_t row_id, bool *out_has)
{
    bool has_table = true;
    zj_err err = ZJ_OK;
    *out_has = false;
    if (!links->find_case)
        err = zj_store_has_table(links->job, links->store, "work_case", &has_table);
    if (!err && !links->find_case && has_table)
        err = zj_store_prepare(links->job, links->store,
                               "SELECT id, submitted_at > 0 OR opener_side = 'bureau' FROM"
                               " work_case WHERE register = $1 AND row_id = $2",
                               &links->find_case);
    if (err || !links->find_case)
        return err;
    zj_stmt_bind_str(links->find_case, 1, reg);
    zj_stmt_bind_int(links->find_case, 2, row_id);
    return zj_stmt_step(links->job, links->find_case, out_has);
}

zj_err zj_link_put(struct zj_links *links, struct zj_span evidence, struct zj_json *out)
{
    const char *reg;
    int64_t id = 0, case_id = 0;
    bool has_case = false, is_visible = true;
    zj_err err = first_row(links, evidence, &reg, &id);
    if (!err && reg)
        err = find_case(links, reg, id, &has_case);
    if (!err && has_case) {
        case_id = zj_stmt_int(links->find_case, 0);
        is_visible = !links->sees_all || zj_stmt_int(links->find_case, 1);
    }
    if (links->find_case)
        zj_stmt_reset(links->find_case);
    if (err)
        return err;
    zj_json_key(out, "link");
    if (!reg || !is_visible) {
        zj_json_null(out);
        return ZJ_OK;
    }
    zj_json_object(out);
    if (has_case)
        zj_json_kint(out, "case", case_id);
    zj_json_kstr(out, "register", reg);
    zj_json_kint(out, "id", id);
    zj_json_object_end(out);
    return ZJ_OK;
}
