#include "store/store.h"

#include <assert.h>

#include "store/backend.h"

#define ZJ_BACKEND(name) extern const struct zj_store_backend zj_store_backend_##name;
#include "store/backends.def"
#undef ZJ_BACKEND

static const struct zj_store_backend *const backends[] = {
#define ZJ_BACKEND(name) &zj_store_backend_##name,
#include "store/backends.def"
#undef ZJ_BACKEND
};

static const struct zj_store_backend *find_backend(const char *dsn)
{
    for (size_t i = 0; i < ZJ_COUNT(backends); i++)
        if (backends[i]->claims(dsn))
            return backends[i];
    return NULL;
}

zj_err zj_store_open(struct zj_job *job, const char *dsn, unsigned flags, struct zj_store **out)
{
    const struct zj_store_backend *backend = find_backend(dsn);
    if (!backend)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%.12s…: this release keeps its store in SQLite: give a path",
                             "%.12s…：本版本仅支持 SQLite，请给出文件路径"),
                       dsn);
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    zj_err err = backend->open(job, dsn, flags, &store);
    if (err)
        return err;
    store->backend = backend;
    store->dsn = zj_strdup(dsn);
    store->flags = flags;
    err = zj_store_migrate(job, store);
    if (!err)
        err = zj_keys_open(job, store);
    if (err)
        return zj_fail(job, err, "%s", dsn);
    *out = ZJ_TAKE(store);
    return ZJ_OK;
}

void zj_store_close(struct zj_store *store)
{
    if (!store)
        return;
    zj_store_rollback(store);
    for (size_t i = 0; i < ZJ_COUNT(store->cache); i++)
        while (store->cache[i]) {
            struct zj_stmt *stmt = store->cache[i];
            store->cache[i] = stmt->next;
            free(stmt->sql);
            store->backend->finalize(stmt);
        }
    zj_audit_release(store);
    zj_keys_release(store);
    free(store->dsn);
    store->backend->close(store);
}

zj_err zj_store_exec(struct zj_job *job, struct zj_store *store, const char *sql)
{
    return store->backend->exec(job, store, sql);
}

static zj_err begin(struct zj_job *job, struct zj_store *store, bool is_relaxed)
{
    if (store->in_transaction)
        return zj_fail(job, ZJ_EBUG, "a transaction is open already");
    if (store->flags & ZJ_STORE_READONLY)
        return zj_fail(job, ZJ_EFORBIDDEN,
                       zj_tr(job, "the store is open for reading only", "存储以只读方式打开"));
    zj_err err = store->queue ? zj_write_queue_enter(job, store->queue) : ZJ_OK;
    if (err)
        return err;
    err = store->backend->begin(job, store, is_relaxed);
    store->in_transaction = !err;
    if (err && store->queue)
        zj_write_queue_leave(store->queue);
    return err;
}

bool zj_store_is_wanted(struct zj_store *store)
{
    return store->backend->is_wanted(store);
}

void zj_store_give_way(struct zj_store *store)
{
    store->backend->give_way(store);
}

void zj_store_heed_stop(struct zj_store *store, const struct zj_job *job)
{
    store->backend->heed_stop(store, job);
}

void zj_store_queue(struct zj_store *store, struct zj_write_queue *queue)
{
    store->queue = queue;
}

static void end_transaction(struct zj_store *store)
{
    store->in_transaction = false;
    zj_audit_forget(store);
    if (store->queue)
        zj_write_queue_leave(store->queue);
}

zj_err zj_store_begin(struct zj_job *job, struct zj_store *store)
{
    return begin(job, store, false);
}

zj_err zj_store_begin_relaxed(struct zj_job *job, struct zj_store *store)
{
    return begin(job, store, true);
}

zj_err zj_store_commit(struct zj_job *job, struct zj_store *store)
{
    if (!store->in_transaction)
        return zj_fail(job, ZJ_EBUG, "no transaction is open");
    zj_err err = zj_audit_seal(job, store);
    if (!err)
        err = store->backend->commit(job, store);
    if (err) {
        zj_store_rollback(store);
        return err;
    }
    end_transaction(store);
    return ZJ_OK;
}

void zj_store_rollback(struct zj_store *store)
{
    if (!store->in_transaction)
        return;
    store->backend->rollback(store);
    end_transaction(store);
}

zj_err zj_store_end(struct zj_job *job, struct zj_store *store, zj_err err)
{
    if (!err)
        return zj_store_commit(job, store);
    zj_store_rollback(store);
    return err;
}

/* FNV-1a, over eight bytes at a time: a statement is looked up for every row that is written. */
static uint64_t hash_text(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u, word;
    size_t left = strlen(text);
    for (; left >= sizeof word; left -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        h = (h ^ word) * 0x100000001b3u;
        h ^= h >> 32; /* the buckets are chosen by the low bits */
    }
    for (; left; left--, text++)
        h = (h ^ (uint8_t)*text) * 0x100000001b3u;
    return h;
}

static void drop_oldest(struct zj_store *store)
{
    struct zj_stmt **oldest = NULL;
    for (size_t i = 0; i < ZJ_COUNT(store->cache); i++)
        for (struct zj_stmt **at = &store->cache[i]; *at; at = &(*at)->next)
            if (!(*at)->is_taken && (!oldest || (*at)->used_at < (*oldest)->used_at))
                oldest = at;
    if (!oldest)
        return;
    struct zj_stmt *stmt = *oldest;
    *oldest = stmt->next;
    store->cached--;
    free(stmt->sql);
    store->backend->finalize(stmt);
}

zj_err zj_store_prepare(struct zj_job *job, struct zj_store *store, const char *sql,
                        struct zj_stmt **out)
{
    const uint64_t hash = hash_text(sql);
    struct zj_stmt **bucket = &store->cache[hash % ZJ_COUNT(store->cache)];
    bool is_known = false;
    store->tick++;
    for (struct zj_stmt *s = *bucket; s; s = s->next) {
        if (s->sql_hash != hash || strcmp(s->sql, sql) != 0)
            continue;
        is_known = true;
        if (s->is_taken)
            break; /* in use further up: this caller gets one of its own */
        s->is_taken = true;
        s->used_at = store->tick;
        *out = s;
        return ZJ_OK;
    }
    struct zj_stmt *stmt;
    zj_err err = store->backend->prepare(job, store, sql, &stmt);
    if (err)
        return err;
    stmt->store = store;
    stmt->sql = zj_strdup(sql);
    stmt->sql_hash = hash;
    stmt->used_at = store->tick;
    stmt->is_taken = true;
    if (!is_known) {
        if (store->cached >= STMT_CACHE_MAX)
            drop_oldest(store);
        stmt->is_cached = true;
        stmt->next = *bucket;
        *bucket = stmt;
        store->cached++;
    }
    *out = stmt;
    return ZJ_OK;
}

void zj_stmt_release(struct zj_stmt *stmt)
{
    if (!stmt)
        return;
    assert(stmt->is_taken);
    const struct zj_store_backend *backend = stmt->store->backend;
    stmt->is_taken = false;
    if (stmt->is_cached) {
        backend->reset(stmt);
        backend->clear(stmt);
        return;
    }
    free(stmt->sql);
    backend->finalize(stmt);
}

void zj_stmt_bind_int(struct zj_stmt *stmt, int at, int64_t value)
{
    stmt->store->backend->bind(stmt, at, &(struct zj_value){.type = ZJ_VALUE_INT, .num = value});
}

void zj_stmt_bind_double(struct zj_stmt *stmt, int at, double value)
{
    stmt->store->backend->bind(stmt, at, &(struct zj_value){.type = ZJ_VALUE_REAL, .real = value});
}

void zj_stmt_bind_span(struct zj_stmt *stmt, int at, struct zj_span text)
{
    stmt->store->backend->bind(stmt, at, &(struct zj_value){.type = ZJ_VALUE_TEXT, .bytes = text});
}

void zj_stmt_bind_str(struct zj_stmt *stmt, int at, const char *text)
{
    if (text)
        zj_stmt_bind_span(stmt, at, zj_span_str(text));
    else
        zj_stmt_bind_null(stmt, at);
}

void zj_stmt_bind_blob(struct zj_stmt *stmt, int at, struct zj_span bytes)
{
    stmt->store->backend->bind(stmt, at, &(struct zj_value){.type = ZJ_VALUE_BLOB, .bytes = bytes});
}

void zj_stmt_bind_null(struct zj_stmt *stmt, int at)
{
    stmt->store->backend->bind(stmt, at, &(struct zj_value){.type = ZJ_VALUE_NULL});
}

zj_err zj_stmt_step(struct zj_job *job, struct zj_stmt *stmt, bool *out_row)
{
    return stmt->store->backend->step(job, stmt, out_row);
}

zj_err zj_stmt_run(struct zj_job *job, struct zj_stmt *stmt)
{
    bool has_row;
    zj_err err = stmt->store->backend->step(job, stmt, &has_row);
    stmt->store->backend->reset(stmt);
    return err;
}

void zj_stmt_reset(struct zj_stmt *stmt)
{
    stmt->store->backend->reset(stmt);
}

int zj_stmt_col_count(const struct zj_stmt *stmt)
{
    return stmt->store->backend->col_count(stmt);
}

const char *zj_stmt_col_name(const struct zj_stmt *stmt, int col)
{
    return stmt->store->backend->col_name(stmt, col);
}

enum zj_value_type zj_stmt_type(const struct zj_stmt *stmt, int col)
{
    return stmt->store->backend->col_type(stmt, col);
}

bool zj_stmt_is_null(const struct zj_stmt *stmt, int col)
{
    return zj_stmt_type(stmt, col) == ZJ_VALUE_NULL;
}

bool zj_stmt_is_text(const struct zj_stmt *stmt, int col)
{
    return zj_stmt_type(stmt, col) == ZJ_VALUE_TEXT;
}

int64_t zj_stmt_int(const struct zj_stmt *stmt, int col)
{
    return stmt->store->backend->col_int(stmt, col);
}

double zj_stmt_double(const struct zj_stmt *stmt, int col)
{
    return stmt->store->backend->col_double(stmt, col);
}

struct zj_span zj_stmt_text(const struct zj_stmt *stmt, int col)
{
    return stmt->store->backend->col_bytes(stmt, col);
}

struct zj_span zj_stmt_blob(const struct zj_stmt *stmt, int col)
{
    return stmt->store->backend->col_bytes(stmt, col);
}

int64_t zj_store_last_id(struct zj_store *store)
{
    return store->backend->last_id(store);
}

int64_t zj_store_changes(struct zj_store *store)
{
    return store->backend->changes(store);
}

zj_err zj_store_query_int(struct zj_job *job, struct zj_store *store, const char *sql,
                          int64_t absent, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (!err)
        err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    *out = has_row && !zj_stmt_is_null(stmt, 0) ? zj_stmt_int(stmt, 0) : absent;
    return ZJ_OK;
}

zj_err zj_store_has_table(struct zj_job *job, struct zj_store *store, const char *table,
                          bool *out_has)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store, store->backend->has_table_sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, table);
    return zj_stmt_step(job, stmt, out_has);
}

zj_err zj_store_meta_get(struct zj_job *job, struct zj_store *store, const char *key,
                         struct zj_buf *out, bool *out_found)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store, "SELECT value FROM meta WHERE key = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, key);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    if (has_row)
        zj_buf_span(out, zj_stmt_text(stmt, 0));
    *out_found = has_row;
    return ZJ_OK;
}

zj_err zj_store_meta_set(struct zj_job *job, struct zj_store *store, const char *key,
                         struct zj_span value)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO meta (key, value) VALUES ($1, $2) "
                                  "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, key);
    zj_stmt_bind_span(stmt, 2, value);
    return zj_stmt_run(job, stmt);
}

zj_err zj_store_mark_dirty(struct zj_job *job, struct zj_store *store, const char *kind,
                           struct zj_span key)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO dirty (kind, key, since) VALUES ($1, $2, $3) "
                                  "ON CONFLICT (kind, key) DO UPDATE SET since = excluded.since "
                                  "WHERE dirty.since < 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, kind);
    zj_stmt_bind_span(stmt, 2, key);
    zj_stmt_bind_int(stmt, 3, zj_now_us(job));
    return zj_stmt_run(job, stmt);
}

zj_err zj_store_check(struct zj_job *job, struct zj_store *store)
{
    return store->backend->check(job, store);
}
