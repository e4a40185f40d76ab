/* SQLite behind the store: one file, WAL, STRICT tables. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/backend.h"
#include "store/turn.h"

enum {
    APPLICATION_ID = 0x5a484a49, /* "ZHJI", in the header of the file */
    BUSY_MS = 30000,
    BUSY_PAUSE_MS = 20,
    TURN_TRIES = 16, /* between two attempts to be seen waiting */
    WAY_MS = 1000,   /* longest time that others are let in */
    STOP_STEPS = 20000, /* of SQLite's machine between two looks: about a millisecond */
    PARAMS_MAX = 250,
    BACKUP_STEP_PAGES = 2048,
};

struct sqlite_store {
    struct zj_store store;
    sqlite3 *db;
    bool is_relaxed, is_beginning;
    int turn; /* open while a beginning transaction waits for its turn; else -1 */
    const struct zj_job *heeds; /* NULL: statements run to their end */
};

struct sqlite_stmt {
    struct zj_stmt stmt;
    sqlite3_stmt *raw;
    int param_count;
    int *index_of; /* of $1 … $param_count: SQLite counts names in the order they stand in the text
                    */
};

static sqlite3 *db_of(const struct zj_store *store)
{
    return ((const struct sqlite_store *)store)->db;
}

static sqlite3_stmt *raw_of(const struct zj_stmt *stmt)
{
    return ((const struct sqlite_stmt *)stmt)->raw;
}

static bool is_full(int reason)
{
    return reason == ENOSPC || reason == EDQUOT;
}

static zj_err fail_io(struct zj_job *job, sqlite3 *db, int code, const char *text)
{
    const int reason = db ? sqlite3_system_errno(db) : 0;
    if (is_full(reason)) /* where it makes a file beside the store */
        return zj_fail(job, ZJ_EIO, "%s",
                       zj_tr(job, "the disk of the store is full", "存储所在磁盘已满"));
    const char *zh = "存储读写失败";
    if ((code & 0xff) == SQLITE_CANTOPEN)
        zh = "无法打开存储文件";
    else if ((code & 0xff) == SQLITE_READONLY)
        zh = "存储为只读";
    return zj_fail(job, ZJ_EIO, "%s%s%s", zj_tr(job, text, zh), reason ? ": " : "",
                   reason ? zj_strerror(job, reason) : "");
}

static zj_err fail(struct zj_job *job, sqlite3 *db, int code)
{
    const char *text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return zj_fail(
            job, ZJ_EBUSY, "%s",
            zj_tr(job, "another program is writing to the store", "存储正被其他程序写入"));
    case SQLITE_FULL:
        return zj_fail(job, ZJ_EIO,
                       zj_tr(job, "%s: the disk of the store is full", "%s：存储所在磁盘已满"),
                       db ? sqlite3_db_filename(db, "main") : "");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fail_io(job, db, code, text);
    case SQLITE_CONSTRAINT:
        return zj_fail(job, ZJ_ECONFLICT, "%s", text);
    case SQLITE_NOTADB:
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "not a store of Zhuji", "不是筑基的存储文件"));
    case SQLITE_INTERRUPT:
        return zj_fail(job, ZJ_EINTR, "%s", zj_tr(job, text, "已中断"));
    case SQLITE_CORRUPT:
        return zj_fail(job, ZJ_ESTORE, zj_tr(job, "%s", "存储文件已损坏（%s）"), text);
    default:
        return zj_fail(job, ZJ_ESTORE, "%s", text);
    }
}

static bool claims(const char *dsn)
{
    return !strstr(dsn, "://");
}

/* FULL: a commit that was acknowledged survives the loss of power. Relaxed transactions lower it
 * for themselves; ADR 2 says why. No mmap: a disk error would then end the process. */
static const char settings[] = "PRAGMA synchronous = FULL;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cache_size = -65536;"
                               "PRAGMA wal_autocheckpoint = 16384;"
                               "PRAGMA journal_size_limit = 67108864;";

static int should_stop(void *ctx)
{
    const struct sqlite_store *s = ctx;
    return s->heeds && zj_is_interrupted(s->heeds);
}

static void heed_stop(struct zj_store *store, const struct zj_job *job)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    s->heeds = job;
    sqlite3_progress_handler(s->db, job ? STOP_STEPS : 0, should_stop, s);
}

static const char *file_of(const struct sqlite_store *s)
{
    const char *path = sqlite3_db_filename(s->db, "main");
    return path ? path : "";
}

/* Others are writing: called again and again, 0 gives up. */
static int wait_for_writers(void *ctx, int tries)
{
    struct sqlite_store *s = ctx;
    if (s->is_beginning && s->turn < 0 && tries % TURN_TRIES == 0)
        s->turn = zj_turn_wait(file_of(s));
    if (tries >= BUSY_MS / BUSY_PAUSE_MS || should_stop(ctx))
        return 0;
    sqlite3_sleep(tries < 8 ? 1 << tries / 2 : BUSY_PAUSE_MS);
    return 1;
}

static int get_pragma(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    return code;
}

/* A new file becomes a store of ours; a file of somebody else is left as it is. */
static zj_err claim_file(struct zj_job *job, sqlite3 *db, unsigned flags)
{
    int64_t id = 0, tables = 0;
    int code = get_pragma(db, "PRAGMA application_id", &id);
    if (code == SQLITE_OK)
        code = get_pragma(db, "SELECT count(*) FROM sqlite_master", &tables);
    if (code != SQLITE_OK)
        return fail(job, db, code);
    if (id == APPLICATION_ID)
        return ZJ_OK;
    if (tables != 0 || !(flags & ZJ_STORE_CREATE))
        return fail(job, NULL, SQLITE_NOTADB);
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA journal_mode = WAL",
             APPLICATION_ID);
    code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? ZJ_OK : fail(job, db, code);
}

static zj_err configure(struct zj_job *job, struct sqlite_store *s, unsigned flags)
{
    sqlite3 *db = s->db;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_handler(db, flags & ZJ_STORE_ALONE ? NULL : wait_for_writers, s);
    /* "x" is a name and never text, as in PostgreSQL */
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* before the first read: the index of the log is then in memory, not in a file beside it */
    int code = flags & ZJ_STORE_ALONE
                   ? sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL)
                   : SQLITE_OK;
    zj_err err = code == SQLITE_OK ? claim_file(job, db, flags) : fail(job, db, code);
    if (err)
        return err;
    code = sqlite3_exec(db, settings, NULL, NULL, NULL);
    return code == SQLITE_OK ? ZJ_OK : fail(job, db, code);
}

static zj_err open_store(struct zj_job *job, const char *dsn, unsigned flags, struct zj_store **out)
{
    const bool in_memory = strcmp(dsn, ":memory:") == 0;
    if (!in_memory && !(flags & ZJ_STORE_CREATE) && access(dsn, F_OK) != 0)
        return zj_fail(job, ZJ_ENOTFOUND,
                       zj_tr(job, "%s: no store there; 'zhuji init' makes one",
                             "%s：存储不存在，请先运行 zhuji init"),
                       dsn);
    if (!in_memory && (flags & ZJ_STORE_CREATE)) {
        /* made by us first, so that nobody else may read it */
        int fd = open(dsn, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        if (fd < 0)
            return zj_fail(job, ZJ_EIO, "%s: %s", dsn, zj_strerror(job, errno));
        close(fd);
    }
    /* without the counting of memory, which is a lock around every allocation; refused, and rightly
     * so, where a connection is open already */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct sqlite_store *s = zj_alloc(sizeof *s);
    s->turn = -1;
    const bool is_read = (flags & ZJ_STORE_READONLY) && !(flags & ZJ_STORE_ALONE);
    const int how = is_read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE; /* to lock is to write */
    int code = sqlite3_open_v2(dsn, &s->db, how | SQLITE_OPEN_NOMUTEX, NULL);
    zj_err err = code == SQLITE_OK ? configure(job, s, flags) : fail(job, s->db, code);
    if (err) {
        sqlite3_close(s->db);
        free(s);
        return zj_fail(job, err, "%s", dsn);
    }
    *out = &s->store;
    return ZJ_OK;
}

static void close_store(struct zj_store *store)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    if (!(store->flags & ZJ_STORE_READONLY)) {
        sqlite3_busy_timeout(s->db, 0); /* statistics can wait for the next time */
        sqlite3_exec(s->db, "PRAGMA optimize", NULL, NULL, NULL);
    }
    int code = sqlite3_close(s->db);
    assert(code == SQLITE_OK); /* else a statement was not released */
    free(s);
}

static zj_err exec(struct zj_job *job, struct zj_store *store, const char *sql)
{
    int code = sqlite3_exec(db_of(store), sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? ZJ_OK : fail(job, db_of(store), code);
}

static zj_err begin(struct zj_job *job, struct zj_store *store, bool is_relaxed)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    if (s->is_relaxed != is_relaxed) {
        zj_err err = exec(job, store,
                          is_relaxed ? "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072"
                                     : "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536");
        if (err)
            return err;
        s->is_relaxed = is_relaxed;
    }
    s->is_beginning = true;
    const zj_err err = exec(job, store, "BEGIN IMMEDIATE");
    s->is_beginning = false;
    zj_turn_end(file_of(s), s->turn);
    s->turn = -1;
    return err;
}

static bool is_wanted(struct zj_store *store)
{
    return zj_turn_is_wanted(file_of((struct sqlite_store *)store));
}

static void give_way(struct zj_store *store)
{
    for (int ms = 0; ms < WAY_MS && is_wanted(store) && !should_stop(store); ms += 2)
        sqlite3_sleep(2);
}

static zj_err begin_snapshot(struct zj_job *job, struct zj_store *store)
{
    return exec(job, store, "BEGIN; SELECT 1 FROM sqlite_master"); /* the first read takes it */
}

static zj_err commit(struct zj_job *job, struct zj_store *store)
{
    return exec(job, store, "COMMIT");
}

static void rollback(struct zj_store *store)
{
    /* a failure has rolled back already: nothing is left to report */
    (void)sqlite3_exec(db_of(store), "ROLLBACK", NULL, NULL, NULL);
}

static int64_t last_id(struct zj_store *store)
{
    return sqlite3_last_insert_rowid(db_of(store));
}

static int64_t changes(struct zj_store *store)
{
    return sqlite3_changes64(db_of(store));
}

static zj_err check(struct zj_job *job, struct zj_store *store)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db_of(store), "PRAGMA integrity_check(1)", -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    zj_err err = ZJ_OK;
    if (code != SQLITE_ROW)
        err = fail(job, db_of(store), code);
    else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") != 0)
        err = zj_fail(job, ZJ_ESTORE, "%s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return err;
}

static zj_err copy_pages(struct zj_job *job, struct zj_store *store, sqlite3 *to,
                         zj_progress_fn *progress, void *ctx)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", db_of(store), "main");
    if (!copy)
        return fail(job, to, sqlite3_errcode(to));
    int code;
    do {
        code = sqlite3_backup_step(copy, BACKUP_STEP_PAGES);
        if (progress)
            progress(ctx, sqlite3_backup_pagecount(copy) - sqlite3_backup_remaining(copy),
                     sqlite3_backup_pagecount(copy));
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(20);
    } while ((code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) &&
             !zj_is_interrupted(job));
    sqlite3_backup_finish(copy);
    if (code == SQLITE_DONE)
        return ZJ_OK;
    if (zj_is_interrupted(job))
        return zj_fail(job, ZJ_EINTR, "%s", sqlite3_errstr(SQLITE_INTERRUPT));
    return (code & 0xff) == SQLITE_FULL || is_full(sqlite3_system_errno(to))
               ? zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, ENOSPC))
               : fail(job, to, code);
}

/* One read transaction spans the whole copy: otherwise every write of another process would start
 * it again from the first page, and a busy store would never be copied. */
static zj_err backup(struct zj_job *job, struct zj_store *store, const char *path,
                     zj_progress_fn *progress, void *ctx)
{
    sqlite3 *to = NULL;
    zj_err err = begin_snapshot(job, store);
    if (err)
        return err;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    err = code == SQLITE_OK ? copy_pages(job, store, to, progress, ctx) : fail(job, to, code);
    rollback(store);
    sqlite3_close(to);
    return err;
}

static zj_err prepare(struct zj_job *job, struct zj_store *store, const char *sql,
                      struct zj_stmt **out)
{
    sqlite3_stmt *raw = NULL;
    int code = sqlite3_prepare_v3(db_of(store), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, NULL);
    if (code != SQLITE_OK)
        return zj_fail(job, fail(job, db_of(store), code), "%.200s", sql);
    assert(raw); /* a text without a statement is a mistake of the caller */
    struct sqlite_stmt *s = zj_alloc(sizeof *s);
    s->raw = raw;
    s->param_count = sqlite3_bind_parameter_count(raw);
    assert(s->param_count <= PARAMS_MAX);
    s->index_of = zj_alloc(sizeof *s->index_of * (PARAMS_MAX + 1));
    int highest = 0;
    for (int i = 1; i <= s->param_count; i++) {
        const char *name = sqlite3_bind_parameter_name(raw, i);
        assert(name && name[0] == '$');
        const int n = (int)strtol(name + 1, NULL, 10);
        assert(n >= 1 && n <= PARAMS_MAX);
        s->index_of[n] = i;
        highest = n > highest ? n : highest;
    }
    s->param_count = highest;
    *out = &s->stmt;
    return ZJ_OK;
}

static void finalize(struct zj_stmt *stmt)
{
    struct sqlite_stmt *s = (struct sqlite_stmt *)stmt;
    sqlite3_finalize(s->raw);
    free(s->index_of);
    free(s);
}

static zj_err step(struct zj_job *job, struct zj_stmt *stmt, bool *out_row)
{
    int code = sqlite3_step(raw_of(stmt));
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *out_row = code == SQLITE_ROW;
        return ZJ_OK;
    }
    zj_err err = fail(job, db_of(stmt->store), code);
    sqlite3_reset(raw_of(stmt));
    return err;
}

static void reset(struct zj_stmt *stmt)
{
    sqlite3_reset(raw_of(stmt)); /* repeats the error of the step, which was reported there */
}

static void clear(struct zj_stmt *stmt)
{
    sqlite3_clear_bindings(raw_of(stmt));
}

static void bind(struct zj_stmt *stmt, int at, const struct zj_value *value)
{
    const struct sqlite_stmt *s = (const struct sqlite_stmt *)stmt;
    assert(at >= 1 && at <= s->param_count);
    const int index = s->index_of[at];
    if (index == 0)
        return; /* a number the text leaves out */
    const char *bytes = value->bytes.at ? (const char *)value->bytes.at : "";
    int code = SQLITE_OK;
    switch (value->type) {
    case ZJ_VALUE_NULL:
        code = sqlite3_bind_null(s->raw, index);
        break;
    case ZJ_VALUE_INT:
        code = sqlite3_bind_int64(s->raw, index, value->num);
        break;
    case ZJ_VALUE_REAL:
        code = sqlite3_bind_double(s->raw, index, value->real);
        break;
    case ZJ_VALUE_TEXT:
        code =
            sqlite3_bind_text64(s->raw, index, bytes, value->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case ZJ_VALUE_BLOB:
        code = sqlite3_bind_blob64(s->raw, index, bytes, value->bytes.len, SQLITE_STATIC);
        break;
    }
    assert(code == SQLITE_OK); /* else bound in the middle of stepping */
}

static int col_count(const struct zj_stmt *stmt)
{
    return sqlite3_column_count(raw_of(stmt));
}

static const char *col_name(const struct zj_stmt *stmt, int col)
{
    return sqlite3_column_name(raw_of(stmt), col);
}

static enum zj_value_type col_type(const struct zj_stmt *stmt, int col)
{
    switch (sqlite3_column_type(raw_of(stmt), col)) {
    case SQLITE_INTEGER:
        return ZJ_VALUE_INT;
    case SQLITE_FLOAT:
        return ZJ_VALUE_REAL;
    case SQLITE_TEXT:
        return ZJ_VALUE_TEXT;
    case SQLITE_BLOB:
        return ZJ_VALUE_BLOB;
    default:
        return ZJ_VALUE_NULL;
    }
}

static int64_t col_int(const struct zj_stmt *stmt, int col)
{
    return sqlite3_column_int64(raw_of(stmt), col);
}

static double col_double(const struct zj_stmt *stmt, int col)
{
    return sqlite3_column_double(raw_of(stmt), col);
}

static struct zj_span col_bytes(const struct zj_stmt *stmt, int col)
{
    sqlite3_stmt *raw = raw_of(stmt);
    const void *at = sqlite3_column_type(raw, col) == SQLITE_BLOB
                         ? sqlite3_column_blob(raw, col)
                         : (const void *)sqlite3_column_text(raw, col);
    return zj_span_of(at ? at : "", (size_t)sqlite3_column_bytes(raw, col));
}

const struct zj_store_backend zj_store_backend_sqlite = {
    .name = "sqlite",
    .claims = claims,
    .open = open_store,
    .close = close_store,
    .exec = exec,
    .begin = begin,
    .is_wanted = is_wanted,
    .give_way = give_way,
    .begin_snapshot = begin_snapshot,
    .commit = commit,
    .rollback = rollback,
    .heed_stop = heed_stop,
    .last_id = last_id,
    .changes = changes,
    .has_table_sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
    .tables_with_column_sql =
        "SELECT t.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c "
        "WHERE t.type = 'table' AND c.name = $1 ORDER BY t.name",
    .backup = backup,
    .check = check,
    .prepare = prepare,
    .finalize = finalize,
    .step = step,
    .reset = reset,
    .clear = clear,
    .bind = bind,
    .col_count = col_count,
    .col_name = col_name,
    .col_type = col_type,
    .col_int = col_int,
    .col_double = col_double,
    .col_bytes = col_bytes,
};
