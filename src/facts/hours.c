/* Vehicles of an hour: what several workers, flushes, sensors and captures saw of it is joined, so
 * that the number is that of all together and not of the one that saw most. */
#include "base/distinct.h"
#include "facts/read.h"

static bool read_set(struct zj_store *store, struct zj_span cipher, struct zj_distinct *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf plain = {0};
    return cipher.len && zj_store_decrypt(store, ZJ_FACT_BLOB, cipher, &plain) &&
           zj_distinct_unpack(zj_buf_all(&plain), out);
}

zj_err zj_hours_join(struct zj_job *job, struct zj_store *store, int64_t row_id,
                     struct zj_cell *cells, uint8_t room[ZJ_DISTINCT_BYTES])
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_distinct all, more;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT vehicles_seen FROM fact_hourly WHERE id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, row_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err || !has_row || !zj_distinct_unpack(cells[ZJ_HR_VEHICLES_SEEN].text, &more) ||
        !read_set(store, zj_stmt_blob(stmt, 0), &all))
        return err; /* a sensor of before tells the number alone */
    zj_distinct_join(&all, &more);
    cells[ZJ_HR_VEHICLES_SEEN].text = zj_distinct_pack(&all, room);
    cells[ZJ_HR_VEHICLES].num = zj_distinct_count(&all);
    return ZJ_OK;
}

zj_err zj_hours_count(struct zj_job *job, struct zj_store *store, struct conditions *c,
                      int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_freep) struct zj_distinct *all = zj_alloc(sizeof *all);
    struct zj_distinct one;
    int64_t most = 0; /* of one row: as many there were at least */
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(&job->arena, "SELECT f.vehicles, f.vehicles_seen FROM fact_hourly f%s",
                        zj_buf_cstr(&c->sql)),
        &stmt);
    if (err)
        return err;
    zj_where_bind(c, stmt);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        const int64_t vehicles = zj_stmt_int(stmt, 0);
        most = vehicles > most ? vehicles : most;
        if (read_set(store, zj_stmt_blob(stmt, 1), &one))
            zj_distinct_join(all, &one);
    }
    const int64_t count = zj_distinct_count(all);
    *out = count > most ? count : most;
    return err;
}
