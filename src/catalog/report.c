/* The report of a year's runs: what task 11 asks to be on record, in one file. */
#include "catalog/rows.h"

enum { PAGE_BYTES_MAX = 64 << 20 };

struct part {
    const struct zj_paper_table *table;
    zj_catalog_list_fn *list;
    bool is_found; /* only columns in which something was found or decided */
};

static const struct part parts[] = {
    {&zj_paper_grades, zj_catalog_grades, false},
    {&zj_paper_sources, zj_catalog_sources, false},
    {&zj_paper_objects, zj_catalog_objects, false},
    {&zj_paper_columns, zj_catalog_columns, true},
    {&zj_paper_unlisted, zj_catalog_unlisted, false},
    {&zj_paper_changes, zj_catalog_changes, false},
    {&zj_paper_important, zj_catalog_important, false},
    {&zj_paper_year_unread, zj_rows_year_unread, false},
};

struct report {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_scope *scope;
    struct zj_paper *paper;
    struct zj_buf text;
};

/* One page of a list; *out_count of its rows. */
static zj_err put_page(struct report *r, zj_catalog_list_fn *list,
                       const struct zj_catalog_filter *filter, int64_t *out_count)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    r->text.len = 0;
    struct zj_json j = zj_json_to(&r->text);
    zj_err err = list(r->job, r->store, r->scope, filter, &j, NULL);
    if (!err)
        err = zj_jdoc_parse(r->job, zj_buf_all(&r->text), PAGE_BYTES_MAX, &doc);
    if (!err && zj_is_interrupted(r->job))
        err = ZJ_EINTR;
    const struct zj_jval *row = err ? NULL : zj_jval_first(zj_jdoc_root(doc));
    *out_count = 0;
    for (; row && !err; row = zj_jval_next(row), ++*out_count)
        if (!zj_jval_bool(zj_jval_get(row, "is_gone"), false)) /* it is among the changes */
            err = zj_paper_row(r->job, r->paper, row);
    return err;
}

static zj_err put_part(struct report *r, const struct part *part, int64_t org_id)
{
    struct zj_catalog_filter page = {
        .org_id = org_id, .limit = ZJ_ROWS_LIMIT, .is_found = part->is_found};
    int64_t count = 0;
    zj_err err = zj_paper_begin(r->job, r->paper, part->table);
    do {
        if (!err)
            err = put_page(r, part->list, &page, &count);
        page.offset += count;
    } while (!err && count == ZJ_ROWS_LIMIT);
    return err;
}

zj_err zj_catalog_report(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t org_id, struct zj_paper *paper)
{
    struct report r = {.job = job, .store = store, .scope = scope, .paper = paper};
    const struct zj_catalog_filter runs = {.org_id = org_id};
    int64_t count = 0;
    zj_err err = zj_paper_begin(job, paper, &zj_paper_run);
    if (!err)
        err = put_page(&r, zj_rows_year_runs, &runs, &count);
    if (!err && !count)
        err = zj_fail(job, ZJ_ENOTFOUND, "%s",
                      zj_tr(job, "no inventory has been run yet: zhuji inventory --db … SOURCE",
                            "还没有盘点记录，请先运行 zhuji inventory --db … SOURCE"));
    for (size_t i = 0; i < ZJ_COUNT(parts) && !err; i++)
        err = put_part(&r, &parts[i], org_id);
    zj_buf_release(&r.text);
    return err;
}
