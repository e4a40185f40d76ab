/* Brings a store to this release's schema: forward only, each step in one transaction, recorded
 * with the SM3 of its text, so that a store made by other steps is never written to. */
#include <assert.h>

#include "store/backend.h"

#define ZJ_MIGRATION(name) extern const struct zj_migration zj_migration_##name;
#include "store/migrations.def"
#undef ZJ_MIGRATION

static const struct zj_migration *const migrations[] = {
#define ZJ_MIGRATION(name) &zj_migration_##name,
#include "store/migrations.def"
#undef ZJ_MIGRATION
};

static const char make_table[] = "CREATE TABLE IF NOT EXISTS migration (\n"
                                 "  number INTEGER PRIMARY KEY NOT NULL,\n"
                                 "  name TEXT NOT NULL,\n"
                                 "  sm3 BLOB NOT NULL,\n"
                                 "  applied_at INTEGER NOT NULL\n"
                                 ") STRICT";

static void checksum(const struct zj_migration *m, uint8_t out[ZJ_SM3_BYTES])
{
    zj_sm3(zj_span_str(m->sql), out);
}

/* Is it the digest of the text that the step had in an earlier build, to the same end? */
static bool is_earlier(const struct zj_migration *m, struct zj_span sm3)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf hex = {0};
    zj_buf_hex(&hex, sm3);
    return m->sm3_before && zj_span_eq_str(zj_buf_all(&hex), m->sm3_before);
}

static zj_err check_one(struct zj_job *job, const struct zj_stmt *row, int64_t number)
{
    uint8_t sm3[ZJ_SM3_BYTES];
    const struct zj_span name = zj_stmt_text(row, 1);
    if (number > (int64_t)ZJ_COUNT(migrations))
        return zj_fail(
            job, ZJ_ECONFLICT,
            zj_tr(job,
                  "made by a newer release (schema %lld '%.*s', this one knows %zu); "
                  "install that release",
                  "由更新的版本创建（结构版本 %lld“%.*s”，本程序支持到 %zu），请升级程序"),
            (long long)number, (int)name.len, (const char *)name.at, ZJ_COUNT(migrations));
    checksum(migrations[number - 1], sm3);
    if (!zj_span_eq(zj_stmt_blob(row, 2), zj_span_of(sm3, sizeof sm3)) &&
        !is_earlier(migrations[number - 1], zj_stmt_blob(row, 2)))
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "its schema step %lld is not the one this release made",
                             "结构步骤 %lld 与本程序不一致"),
                       (long long)number);
    return ZJ_OK;
}

/* *out_applied: how many of our steps the store has. */
static zj_err check_applied(struct zj_job *job, struct zj_store *store, size_t *out_applied)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    size_t applied = 0;
    zj_err err = zj_store_prepare(
        job, store, "SELECT number, name, sm3 FROM migration ORDER BY number DESC", &stmt);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        const int64_t number = zj_stmt_int(stmt, 0);
        applied = applied ? applied : (size_t)number;
        err = check_one(job, stmt, number);
    }
    if (!err)
        *out_applied = applied;
    return err;
}

static zj_err record(struct zj_job *job, struct zj_store *store, const struct zj_migration *m)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    uint8_t sm3[ZJ_SM3_BYTES];
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO migration (number, name, sm3, applied_at) "
                                  "VALUES ($1, $2, $3, $4)",
                                  &stmt);
    if (err)
        return err;
    checksum(m, sm3);
    zj_stmt_bind_int(stmt, 1, m->number);
    zj_stmt_bind_str(stmt, 2, m->name);
    zj_stmt_bind_blob(stmt, 3, zj_span_of(sm3, sizeof sm3));
    zj_stmt_bind_int(stmt, 4, zj_now_us(job));
    return zj_stmt_run(job, stmt);
}

/* Looks again inside the transaction: another process may have done the step meanwhile. */
static zj_err apply_next(struct zj_job *job, struct zj_store *store, size_t *applied)
{
    zj_err err = zj_store_begin(job, store);
    if (err)
        return err;
    err = check_applied(job, store, applied);
    if (!err && *applied < ZJ_COUNT(migrations)) {
        const struct zj_migration *m = migrations[*applied];
        err = zj_store_exec(job, store, m->sql);
        if (!err)
            err = record(job, store, m);
        if (!err)
            err = zj_store_commit(job, store);
        if (err)
            zj_fail(job, err, "schema step %d '%s'", m->number, m->name);
        else
            ++*applied;
    }
    zj_store_rollback(store);
    return err;
}

zj_err zj_store_migrate(struct zj_job *job, struct zj_store *store)
{
    size_t applied = 0;
    for (size_t i = 0; i < ZJ_COUNT(migrations); i++)
        assert(migrations[i]->number == (int)i + 1); /* the order of migrations.def */
    const bool may_write = !(store->flags & ZJ_STORE_READONLY);
    zj_err err = may_write ? zj_store_exec(job, store, make_table) : ZJ_OK;
    if (!err)
        err = check_applied(job, store, &applied);
    if (store->flags & ZJ_STORE_ALONE) /* to copy it: of whatever release it is */
        return err;
    if (!err && !may_write && applied < ZJ_COUNT(migrations))
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "made by an older release; open it for writing once",
                             "由较旧版本创建，请先以可写方式打开一次"));
    while (!err && applied < ZJ_COUNT(migrations))
        err = apply_next(job, store, &applied);
    return err;
}
