/* The store suite: every case runs over every backend in the table below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "store/store.h"

struct world {
    struct zj_job job;
    struct zj_store *store;
    char dir[64];
    char path[96];
};

static struct world *world_of(void **state)
{
    return *state;
}

static void ok(struct world *w, zj_err err)
{
    if (err)
        fail_msg("%s: %s", zj_err_info(err)->name, w->job.message);
}

static int setup(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    zj_job_init(&w->job);
    snprintf(w->dir, sizeof w->dir, "/tmp/zhuji-store-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    snprintf(w->path, sizeof w->path, "%s/a.db", w->dir);
    ok(w, zj_store_open(&w->job, w->path, ZJ_STORE_CREATE, &w->store));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"a.db",     "a.db-wal", "a.db-shm", "a.db.key", "b.db",
                                        "b.db-wal", "b.db-shm", "b.db.key", "saved.key"};
    struct world *w = world_of(state);
    char path[128];
    zj_store_close(w->store);
    for (size_t i = 0; i < ZJ_COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", w->dir, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(w->dir), 0); /* nothing else was left behind */
    zj_job_release(&w->job);
    free(w);
    return 0;
}

static void reopen(struct world *w, unsigned flags)
{
    zj_store_close(w->store);
    w->store = NULL;
    ok(w, zj_store_open(&w->job, w->path, flags, &w->store));
}

static int64_t query(struct world *w, const char *sql)
{
    int64_t n;
    ok(w, zj_store_query_int(&w->job, w->store, sql, -1, &n));
    return n;
}

/* Writes past the store, as an intruder or a mistake would. */
static void behind(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(db);
}

static void statements(void **state)
{
    struct world *w = world_of(state);
    struct zj_stmt *a, *b;
    bool has_row;
    ok(w, zj_store_exec(&w->job, w->store,
                        "CREATE TABLE t (i INTEGER, d REAL, s TEXT, b BLOB) STRICT"));
    /* numbers out of order, one twice */
    ok(w, zj_store_prepare(&w->job, w->store,
                           "INSERT INTO t (b, s, d, i) VALUES ($4, $3, $2, $1 + $1)", &a));
    zj_stmt_bind_int(a, 1, 21);
    zj_stmt_bind_double(a, 2, 1.5);
    zj_stmt_bind_str(a, 3, "京");
    zj_stmt_bind_blob(a, 4, zj_span_of("\0\1", 2));
    ok(w, zj_stmt_run(&w->job, a));
    assert_int_equal(zj_store_last_id(w->store), 1);
    assert_int_equal(zj_store_changes(w->store), 1);
    zj_stmt_release(a);

    ok(w, zj_store_prepare(&w->job, w->store, "SELECT i, d, s, b, NULL AS n FROM t", &a));
    ok(w, zj_store_prepare(&w->job, w->store, "SELECT i, d, s, b, NULL AS n FROM t", &b));
    assert_ptr_not_equal(a, b); /* taken twice at once: two cursors */
    ok(w, zj_stmt_step(&w->job, a, &has_row));
    assert_true(has_row);
    assert_int_equal(zj_stmt_int(a, 0), 42);
    assert_true(zj_stmt_double(a, 1) == 1.5);
    assert_true(zj_span_eq_str(zj_stmt_text(a, 2), "京"));
    assert_true(zj_stmt_is_text(a, 2));
    assert_true(zj_span_eq(zj_stmt_blob(a, 3), zj_span_of("\0\1", 2)));
    assert_true(zj_stmt_is_null(a, 4));
    assert_string_equal(zj_stmt_col_name(a, 4), "n");
    ok(w, zj_stmt_step(&w->job, a, &has_row));
    assert_false(has_row);
    zj_stmt_release(b);
    zj_stmt_release(a);

    struct zj_stmt *again;
    ok(w, zj_store_prepare(&w->job, w->store, "SELECT i, d, s, b, NULL AS n FROM t", &again));
    assert_ptr_equal(again, a); /* from the cache */
    zj_stmt_release(again);
}

static void failures(void **state)
{
    struct world *w = world_of(state);
    struct zj_stmt *stmt;
    assert_int_equal(zj_store_exec(&w->job, w->store, "SELEKT"), ZJ_ESTORE);
    zj_job_clear(&w->job);
    assert_int_equal(zj_store_prepare(&w->job, w->store, "SELECT x FROM absent", &stmt), ZJ_ESTORE);
    assert_non_null(strstr(w->job.message, "no such table"));
    zj_job_clear(&w->job);
    /* "x" is a name, never a text */
    assert_int_equal(zj_store_prepare(&w->job, w->store, "SELECT \"x\"", &stmt), ZJ_ESTORE);
    zj_job_clear(&w->job);
    ok(w, zj_store_exec(&w->job, w->store, "CREATE TABLE u (x INTEGER UNIQUE) STRICT"));
    ok(w, zj_store_exec(&w->job, w->store, "INSERT INTO u VALUES (1)"));
    assert_int_equal(zj_store_exec(&w->job, w->store, "INSERT INTO u VALUES (1)"), ZJ_ECONFLICT);
    zj_job_clear(&w->job);
    assert_int_equal(zj_store_exec(&w->job, w->store, "INSERT INTO u VALUES ('x')"), ZJ_ECONFLICT);
    zj_job_clear(&w->job);
    ok(w,
       zj_store_exec(&w->job, w->store, "CREATE TABLE child (u INTEGER REFERENCES u (x)) STRICT"));
    assert_int_equal(zj_store_exec(&w->job, w->store, "INSERT INTO child VALUES (2)"),
                     ZJ_ECONFLICT); /* foreign keys hold */
    zj_job_clear(&w->job);
}

static void transactions(void **state)
{
    struct world *w = world_of(state);
    ok(w, zj_store_exec(&w->job, w->store, "CREATE TABLE t (x INTEGER) STRICT"));
    ok(w, zj_store_begin(&w->job, w->store));
    ok(w, zj_store_exec(&w->job, w->store, "INSERT INTO t VALUES (1)"));
    zj_store_rollback(w->store);
    zj_store_rollback(w->store); /* nothing open: does nothing */
    assert_int_equal(query(w, "SELECT count(*) FROM t"), 0);
    ok(w, zj_store_begin_relaxed(&w->job, w->store));
    assert_int_equal(query(w, "PRAGMA synchronous"), 1);
    assert_int_equal(zj_store_begin(&w->job, w->store), ZJ_EBUG);
    zj_job_clear(&w->job);
    ok(w, zj_store_exec(&w->job, w->store, "INSERT INTO t VALUES (1)"));
    ok(w, zj_store_commit(&w->job, w->store));
    ok(w, zj_store_begin(&w->job, w->store));
    assert_int_equal(query(w, "PRAGMA synchronous"), 2);
    ok(w, zj_store_exec(&w->job, w->store, "INSERT INTO t VALUES (2)"));
    reopen(w, 0); /* closing rolls back */
    assert_int_equal(query(w, "SELECT count(*) FROM t"), 1);
}

static void opening(void **state)
{
    struct world *w = world_of(state);
    struct zj_store *other = NULL;
    struct stat st;
    char path[128], key[128], saved[128];
    assert_int_equal(stat(w->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(key, sizeof key, "%s.key", w->path);
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(query(w, "SELECT count(*) FROM migration"),
                     query(w, "SELECT max(number) FROM migration"));

    snprintf(path, sizeof path, "%s/none.db", w->dir);
    assert_int_equal(zj_store_open(&w->job, path, 0, &other), ZJ_ENOTFOUND);
    zj_job_clear(&w->job);
    assert_int_equal(zj_store_open(&w->job, "postgresql://u:secret@h/d", 0, &other), ZJ_EUSAGE);
    assert_null(strstr(w->job.message, "secret"));
    zj_job_clear(&w->job);

    snprintf(path, sizeof path, "%s/b.db", w->dir);
    FILE *f = fopen(path, "w");
    fputs("just a text of more than a hundred bytes, which is no database at all, but somebody's "
          "notes of some day and evening\n",
          f);
    fclose(f);
    assert_int_equal(zj_store_open(&w->job, path, ZJ_STORE_CREATE, &other), ZJ_EINPUT);
    zj_job_clear(&w->job);

    /* a key that is gone, of another store, or readable by others */
    zj_store_close(w->store);
    w->store = NULL;
    snprintf(saved, sizeof saved, "%s/saved.key", w->dir);
    assert_int_equal(rename(key, saved), 0);
    assert_int_equal(zj_store_open(&w->job, w->path, ZJ_STORE_CREATE, &other), ZJ_EINPUT);
    assert_non_null(strstr(w->job.message, "missing"));
    zj_job_clear(&w->job);
    ok(w, zj_store_open(&w->job, w->path, ZJ_STORE_KEYLESS, &other));
    zj_store_close(other);
    other = NULL;
    f = fopen(key, "w");
    fputs("zhuji key 1\n000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", f);
    fclose(f);
    assert_int_equal(zj_store_open(&w->job, w->path, 0, &other), ZJ_EINPUT);
    assert_non_null(strstr(w->job.message, "chmod 600"));
    zj_job_clear(&w->job);
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(zj_store_open(&w->job, w->path, 0, &other), ZJ_EINPUT);
    assert_non_null(strstr(w->job.message, "another store"));
    zj_job_clear(&w->job);
    assert_int_equal(rename(saved, key), 0);
    ok(w, zj_store_open(&w->job, w->path, 0, &w->store));
}

static void newer_release(void **state)
{
    struct world *w = world_of(state);
    struct zj_store *other = NULL;
    behind(w->path, "INSERT INTO migration VALUES (999, 'later', x'00', 0)");
    assert_int_equal(zj_store_open(&w->job, w->path, 0, &other), ZJ_ECONFLICT);
    assert_non_null(strstr(w->job.message, "newer release"));
    zj_job_clear(&w->job);
    behind(w->path, "DELETE FROM migration WHERE number = 999;"
                    "UPDATE migration SET sm3 = x'00' WHERE number = 1");
    assert_int_equal(zj_store_open(&w->job, w->path, 0, &other), ZJ_ECONFLICT);
    zj_job_clear(&w->job);
}

static void fields(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf a = {0}, b = {0}, plain = {0};
    uint8_t x[16], y[16];
    const struct zj_span name = ZJ_SPAN_LIT("张三");
    zj_store_encrypt(w->store, "cards.owner_name", name, &a);
    zj_store_encrypt(w->store, "cards.owner_name", name, &b);
    assert_int_equal(a.len, 16 + name.len + 16);
    assert_false(zj_span_eq(zj_buf_all(&a), zj_buf_all(&b))); /* a nonce each */
    reopen(w, 0);
    assert_true(zj_store_decrypt(w->store, "cards.owner_name", zj_buf_all(&a), &plain));
    assert_true(zj_span_eq(zj_buf_all(&plain), name));
    assert_false(zj_store_decrypt(w->store, "cards.owner_phone", zj_buf_all(&a), &plain));
    for (size_t i = 0; i < a.len; i++) {
        a.at[i] ^= 1;
        assert_false(zj_store_decrypt(w->store, "cards.owner_name", zj_buf_all(&a), &plain));
        a.at[i] ^= 1;
        assert_false(zj_store_decrypt(w->store, "cards.owner_name", zj_span_of(a.at, i), &plain));
    }
    assert_int_equal(plain.len, name.len); /* left as it was */
    b.len = plain.len = 0;
    zj_store_encrypt(w->store, "cards.owner_name", (struct zj_span){0}, &b);
    assert_true(zj_store_decrypt(w->store, "cards.owner_name", zj_buf_all(&b), &plain));
    assert_int_equal(plain.len, 0);

    zj_store_blind_index(w->store, "cards.owner_name", name, x);
    zj_store_blind_index(w->store, "cards.owner_name", name, y);
    assert_memory_equal(x, y, 16);
    zj_store_blind_index(w->store, "cards.owner_phone", name, y);
    assert_memory_not_equal(x, y, 16);
    zj_buf_release(&a);
    zj_buf_release(&b);
    zj_buf_release(&plain);
}

/* A table as a register has it, with rows 1 … n written as a register writes them. */
static zj_err try_row(struct world *w, int64_t id, const char *text)
{
    struct zj_stmt *stmt;
    uint8_t hash[32];
    const struct zj_value values[] = {
        {.column = "id", .type = ZJ_VALUE_INT, .num = id},
        {.column = "text", .type = ZJ_VALUE_TEXT, .bytes = zj_span_str(text)},
        {.column = "deleted_at", .type = ZJ_VALUE_INT}};
    zj_store_row_hash(w->store, "reg_t", values, ZJ_COUNT(values), hash);
    zj_err err = zj_store_prepare(&w->job, w->store,
                                  "INSERT INTO reg_t (id, text, deleted_at, row_hash) "
                                  "VALUES ($1, $2, 0, $3) ON CONFLICT (id) DO UPDATE SET "
                                  "text = excluded.text, row_hash = excluded.row_hash",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_str(stmt, 2, text);
    zj_stmt_bind_blob(stmt, 3, zj_span_of(hash, sizeof hash));
    err = zj_stmt_run(&w->job, stmt);
    zj_stmt_release(stmt);
    return err ? err
               : zj_audit_append(&w->job, w->store,
                                 &(struct zj_audit_entry){.action = "update",
                                                          .object = "reg_t",
                                                          .row_id = id,
                                                          .row_hash = zj_span_of(hash, 32)});
}

static void put_row(struct world *w, int64_t id, const char *text)
{
    ok(w, try_row(w, id, text));
}

static void fill(struct world *w)
{
    ok(w, zj_store_exec(&w->job, w->store,
                        "CREATE TABLE reg_t (id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL, "
                        "deleted_at INTEGER NOT NULL, row_hash BLOB) STRICT"));
    for (int64_t id = 1; id <= 3; id++) {
        ok(w, zj_store_begin(&w->job, w->store));
        put_row(w, id, "first");
        ok(w, zj_store_commit(&w->job, w->store));
    }
    ok(w, zj_store_begin(&w->job, w->store));
    put_row(w, 2, "second");
    ok(w, zj_store_commit(&w->job, w->store));
    ok(w, zj_store_begin(&w->job, w->store)); /* rolled back: leaves no trace */
    put_row(w, 3, "never");
    zj_store_rollback(w->store);
}

static struct zj_audit_report verify(struct world *w)
{
    struct zj_audit_report report;
    ok(w, zj_audit_verify(&w->job, w->store, &report));
    return report;
}

static void audit_whole(void **state)
{
    struct world *w = world_of(state);
    struct zj_audit_report r = verify(w);
    assert_true(r.head_fits && r.entries == 0 && !r.bad_entry);
    assert_int_equal(
        zj_audit_append(&w->job, w->store, &(struct zj_audit_entry){.action = "x", .object = "y"}),
        ZJ_EBUG);
    zj_job_clear(&w->job);
    fill(w);
    r = verify(w);
    assert_int_equal(r.entries, 4);
    assert_int_equal(r.rows, 3);
    assert_int_equal(r.bad_entry, 0);
    assert_int_equal(r.bad_rows, 0);
    assert_true(r.head_fits && r.head_is_keyed);
    /* a column added later with a plain default changes nothing */
    behind(w->path, "ALTER TABLE reg_t ADD COLUMN more TEXT NOT NULL DEFAULT ''");
    assert_int_equal(verify(w).bad_rows, 0);
}

static void audit_tampered(void **state)
{
    struct world *w = world_of(state);
    static const struct {
        const char *what, *sql;
        int64_t bad_entry, bad_rows;
    } cases[] = {
        {"a row", "UPDATE reg_t SET text = 'x' WHERE id = 3", 0, 1},
        {"a row and its hash", "UPDATE reg_t SET text = 'x', row_hash = x'00' WHERE id = 3", 0, 1},
        {"a row added", "INSERT INTO reg_t VALUES (9, 'x', 0, NULL)", 0, 1},
        {"a row removed", "DELETE FROM reg_t WHERE id = 1", 0, 1},
        {"the last row removed", "DELETE FROM reg_t WHERE id = 3", 0, 1},
        {"rows swapped", "UPDATE reg_t SET id = 10 - id", 0, 6},
        {"the table removed", "DROP TABLE reg_t", 0, 3},
        {"an entry's actor", "UPDATE audit SET actor = 'x' WHERE seq = 2", 2, 0},
        {"an entry's time", "UPDATE audit SET at = at + 1 WHERE seq = 3", 3, 0},
        {"an entry removed", "DELETE FROM audit WHERE seq = 1", 1, 1},
        {"the last entry removed", "DELETE FROM audit WHERE seq = 4", 4, 1},
        {"the last entry and the head",
         "DELETE FROM audit WHERE seq = 4; UPDATE meta SET value = '3 ' || (SELECT "
         "lower(hex(hash)) "
         "FROM audit WHERE seq = 3) WHERE key = 'audit_head'",
         4, 1},
        {"an entry's hash", "UPDATE audit SET hash = zeroblob(32) WHERE seq = 4", 4, 0},
    };
    fill(w);
    char copy[128];
    snprintf(copy, sizeof copy, "%s/b.db", w->dir);
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_store *original = w->store;
        ok(w, zj_store_backup(&w->job, original, copy, true, NULL, NULL));
        behind(copy, cases[i].sql);
        ok(w, zj_store_open(&w->job, copy, 0, &w->store));
        const struct zj_audit_report r = verify(w);
        if (r.bad_entry != cases[i].bad_entry || r.bad_rows != cases[i].bad_rows)
            fail_msg("%s: entry %lld, rows %lld", cases[i].what, (long long)r.bad_entry,
                     (long long)r.bad_rows);
        zj_store_close(w->store);
        w->store = original;
    }
}

/* Two connections in turn: each goes on from the other's last hash. */
static void audit_two_writers(void **state)
{
    struct world *w = world_of(state);
    struct zj_store *first = w->store, *second;
    fill(w);
    ok(w, zj_store_open(&w->job, w->path, 0, &second));
    for (int64_t id = 10; id < 20; id++) {
        w->store = id % 2 ? first : second;
        ok(w, zj_store_begin(&w->job, w->store));
        put_row(w, id, "turn");
        ok(w, zj_store_commit(&w->job, w->store));
    }
    const struct zj_audit_report r = verify(w);
    assert_int_equal(r.entries, 14);
    assert_int_equal(r.bad_entry, 0);
    assert_true(r.head_fits);
    zj_store_close(second);
    w->store = first;
}

static void dirty(void **state)
{
    struct world *w = world_of(state);
    ok(w, zj_store_begin(&w->job, w->store));
    for (int i = 0; i < 3; i++)
        ok(w, zj_store_mark_dirty(&w->job, w->store, "cards", ZJ_SPAN_LIT("8986")));
    ok(w, zj_store_mark_dirty(&w->job, w->store, "cards", ZJ_SPAN_LIT("")));
    ok(w, zj_store_commit(&w->job, w->store));
    assert_int_equal(query(w, "SELECT count(*) FROM dirty"), 2);
}

static void backup(void **state)
{
    struct world *w = world_of(state);
    struct zj_store *copy;
    struct zj_audit_report r;
    char path[128];
    fill(w);
    ok(w, zj_store_check(&w->job, w->store));
    snprintf(path, sizeof path, "%s/b.db", w->dir);
    ok(w, zj_store_backup(&w->job, w->store, path, true, NULL, NULL));
    ok(w, zj_store_backup(&w->job, w->store, path, true, NULL, NULL)); /* over the last one */
    ok(w, zj_store_open(&w->job, path, 0, &copy));
    ok(w, zj_audit_verify(&w->job, copy, &r));
    assert_true(r.head_fits && r.entries == 4 && r.rows == 3 && !r.bad_rows);
    ok(w, zj_store_check(&w->job, copy));
    assert_int_equal(zj_store_backup(&w->job, copy, w->path, true, NULL, NULL), ZJ_ECONFLICT);
    zj_job_clear(&w->job);
    zj_store_close(copy);
}

/* The disk fills at every size in turn: each write is whole or told of, and the store stays sound.
 * RLIMIT_FSIZE stands for the disk; it makes writes fail with EFBIG. */
static void disk_full(void **state)
{
    struct world *w = world_of(state);
    struct rlimit before, now;
    struct stat st;
    int refused = 0;
    char wal[128], blob[6000];
    memset(blob, 'x', sizeof blob - 1);
    blob[sizeof blob - 1] = '\0';
    fill(w);
    snprintf(wal, sizeof wal, "%s-wal", w->path);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (int64_t i = 0; i < 40; i++) {
        assert_int_equal(stat(wal, &st), 0);
        now = before;
        now.rlim_cur = (rlim_t)st.st_size + (rlim_t)(i % 20) * 1024;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
        zj_err err = zj_store_begin(&w->job, w->store);
        if (!err)
            err = try_row(w, 100 + i, blob);
        if (!err)
            err = zj_store_commit(&w->job, w->store);
        zj_store_rollback(w->store);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        refused += err != ZJ_OK;
        if (err) {
            assert_int_equal(err, ZJ_EIO);
            assert_true(w->job.message[0]);
        }
        zj_job_clear(&w->job);
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM reg_t WHERE id = %d", (int)(100 + i));
        assert_int_equal(query(w, sql), err ? 0 : 1); /* acknowledged: there; refused: not there */
    }
    assert_in_range(refused, 1, 39);
    ok(w, zj_store_check(&w->job, w->store));
    const struct zj_audit_report r = verify(w);
    assert_true(r.head_fits && !r.bad_entry && !r.bad_rows);
    assert_int_equal(r.rows, 3 + 40 - refused);
    reopen(w, 0);
    assert_true(verify(w).head_fits);
}

static void read_only(void **state)
{
    struct world *w = world_of(state);
    fill(w);
    reopen(w, ZJ_STORE_READONLY);
    assert_int_equal(query(w, "SELECT count(*) FROM reg_t"), 3);
    assert_int_equal(zj_store_begin(&w->job, w->store), ZJ_EFORBIDDEN);
    zj_job_clear(&w->job);
    assert_true(verify(w).head_fits);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(statements),        CASE(failures), CASE(transactions), CASE(opening),
        CASE(newer_release),     CASE(fields),   CASE(audit_whole),  CASE(audit_tampered),
        CASE(audit_two_writers), CASE(dirty),    CASE(backup),       CASE(read_only),
        CASE(disk_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
