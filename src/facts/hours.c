/* Vehicles of an hour: what several workers, flushes, sensors and captures saw of it is joined, so
 * that the number is that of all together and not of the one that saw most. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/distinct.h"
#include "facts/read.h"

enum { HOURS_MAX = 20000 };

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

/* Of the rows whose ids stand in `ids`, the comma between them. */
static zj_err count_joined(struct zj_job *job, struct zj_store *store, struct zj_span ids,
                           int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_distinct all = {0}, one;
    const char *next = zj_arena_span(&job->arena, ids);
    int64_t most = 0;
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store, "SELECT vehicles, vehicles_seen FROM fact_hourly WHERE id = $1", &stmt);
    while (!err && *next) {
        char *end;
        zj_stmt_bind_int(stmt, 1, strtoll(next, &end, 10));
        next = *end ? end + 1 : end;
        err = zj_stmt_step(job, stmt, &has_row);
        if (!err && has_row) {
            const int64_t vehicles = zj_stmt_int(stmt, 0);
            most = vehicles > most ? vehicles : most;
            if (read_set(store, zj_stmt_blob(stmt, 1), &one))
                zj_distinct_join(&all, &one);
        }
        zj_stmt_reset(stmt);
    }
    const int64_t count = zj_distinct_count(&all);
    *out = count > most ? count : most;
    return err;
}

zj_err zj_hours_write(struct zj_job *job, struct zj_store *store, struct conditions *c,
                      struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char time[ZJ_TIME_TEXT];
    bool has_row;
    const char *sql = zj_arena_printf(
        &job->arena,
        "SELECT f.hour, f.protocol, f.security, max(f.vehicles), sum(f.frames), sum(f.bytes),"
        " count(*), group_concat(f.id) FROM fact_hourly f%s GROUP BY f.hour, f.protocol, f.security"
        " ORDER BY f.hour DESC LIMIT %d",
        zj_buf_cstr(&c->sql), HOURS_MAX);
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_where_bind(c, stmt);
    zj_json_key(out, "hours");
    zj_json_array(out);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        int64_t vehicles = zj_stmt_int(stmt, 3);
        if (zj_stmt_int(stmt, 6) > 1)
            err = count_joined(job, store, zj_stmt_text(stmt, 7), &vehicles);
        zj_time_format(zj_stmt_int(stmt, 0) * 1000, time);
        zj_json_object(out);
        zj_json_kstr(out, "hour", time);
        zj_json_kspan(out, "protocol", zj_stmt_text(stmt, 1));
        zj_json_kspan(out, "security", zj_stmt_text(stmt, 2));
        zj_json_kint(out, "vehicles", vehicles);
        zj_json_kint(out, "frames", zj_stmt_int(stmt, 4));
        zj_json_kint(out, "bytes", zj_stmt_int(stmt, 5));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}
