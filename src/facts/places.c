/* Countries of stored destinations, told anew when the database of countries is another one: rows of
 * before it was there would stay unknown for ever, and unknown is not domestic. */
#include <stdio.h>

#include "base/clock.h"
#include "facts/tables.h"

static zj_err set_country(struct zj_job *job, struct zj_store *store, struct zj_span dst,
                          const char *country)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "UPDATE fact_transfer SET country = $1 WHERE dst = $2", &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, country);
    zj_stmt_bind_span(stmt, 2, dst);
    err = zj_stmt_run(job, stmt);
    return err ? err : zj_store_mark_dirty(job, store, "fact_transfer", dst);
}

/* Addresses one after the other, for rows are written between. */
static zj_err next_place(struct zj_job *job, struct zj_store *store, struct zj_buf *dst,
                         struct zj_buf *country, bool *out_has)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT dst, country FROM fact_transfer WHERE dst > $1 "
                                  "ORDER BY dst LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, zj_buf_all(dst));
    err = zj_stmt_step(job, stmt, out_has);
    dst->len = country->len = 0;
    if (!err && *out_has) {
        zj_buf_span(dst, zj_stmt_text(stmt, 0));
        zj_buf_span(country, zj_stmt_text(stmt, 1));
    }
    return err;
}

static zj_err tell_anew(struct zj_job *job, struct zj_store *store, const struct zj_geo *geo)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf dst = {0}, country = {0};
    bool has_row = true;
    zj_err err = ZJ_OK;
    while (!(err = next_place(job, store, &dst, &country, &has_row)) && has_row) {
        char now[ZJ_COUNTRY_TEXT];
        struct zj_addr addr;
        if (!zj_addr_parse(zj_buf_all(&dst), &addr))
            continue;
        zj_geo_country(geo, &addr, now);
        if (!zj_span_eq_str(zj_buf_all(&country), now))
            err = set_country(job, store, zj_buf_all(&dst), now);
        if (err)
            return err;
    }
    return err;
}

zj_err zj_facts_places(struct zj_job *job, struct zj_store *store)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf known = {0};
    struct zj_geo *geo = NULL;
    char built_at[24];
    bool is_found;
    zj_err err = zj_geo_open(job, &geo);
    if (err || !geo) { /* without one nothing can be told better than before */
        zj_job_clear(job);
        return ZJ_OK;
    }
    /* the letter is of how it is judged here: another one, and all is told anew */
    snprintf(built_at, sizeof built_at, "%lldb", (long long)zj_geo_built_at(geo));
    err = zj_store_meta_get(job, store, "facts_geo", &known, &is_found);
    if (err || zj_span_eq_str(zj_buf_all(&known), built_at)) {
        zj_geo_close(geo);
        return err;
    }
    err = zj_store_begin(job, store);
    if (!err)
        err = tell_anew(job, store, geo);
    if (!err)
        err = zj_store_meta_set(job, store, "facts_geo", zj_span_str(built_at));
    err = zj_store_end(job, store, err);
    zj_geo_close(geo);
    return err;
}
