/* What a database has to give, and what the store keeps beside it. Not for other rooms.
 *
 * The SQL given to a backend is mostly what SQLite and PostgreSQL share; a backend rewrites the few
 * words of table definitions that differ (STRICT, BLOB, INTEGER PRIMARY KEY). */
#ifndef ZJ_STORE_BACKEND_H
#define ZJ_STORE_BACKEND_H

#include "base/crypto.h"
#include "store/store.h"

enum { STMT_CACHE_MAX = 256 };

struct zj_stmt {
    struct zj_store *store;
    struct zj_stmt *next; /* in the bucket of the cache */
    char *sql;
    uint64_t sql_hash;
    uint64_t used_at; /* tick of the last prepare: the oldest leaves a full cache */
    bool is_taken;
    bool is_cached;
};

struct zj_store_backend {
    const char *name;
    bool (*claims)(const char *dsn);
    zj_err (*open)(struct zj_job *job, const char *dsn, unsigned flags, struct zj_store **out);
    void (*close)(struct zj_store *store); /* frees it */

    zj_err (*exec)(struct zj_job *job, struct zj_store *store, const char *sql);
    zj_err (*begin)(struct zj_job *job, struct zj_store *store, bool is_relaxed);
    bool (*is_wanted)(struct zj_store *store);
    void (*give_way)(struct zj_store *store);
    /* One state for all reads until rollback, whatever others write meanwhile. */
    zj_err (*begin_snapshot)(struct zj_job *job, struct zj_store *store);
    zj_err (*commit)(struct zj_job *job, struct zj_store *store);
    void (*rollback)(struct zj_store *store);
    void (*heed_stop)(struct zj_store *store, const struct zj_job *job); /* NULL: not any more */
    int64_t (*last_id)(struct zj_store *store);
    int64_t (*changes)(struct zj_store *store);

    const char *has_table_sql; /* a row where the table $1 exists */
    /* Names of the tables that have a column named $1, in order. */
    const char *tables_with_column_sql;

    zj_err (*backup)(struct zj_job *job, struct zj_store *store, const char *path,
                     zj_progress_fn *progress, void *ctx);
    zj_err (*check)(struct zj_job *job, struct zj_store *store);

    zj_err (*prepare)(struct zj_job *job, struct zj_store *store, const char *sql,
                      struct zj_stmt **out); /* fills its own part only */
    void (*finalize)(struct zj_stmt *stmt);  /* frees it */
    zj_err (*step)(struct zj_job *job, struct zj_stmt *stmt, bool *out_row);
    void (*reset)(struct zj_stmt *stmt);
    void (*clear)(struct zj_stmt *stmt);
    void (*bind)(struct zj_stmt *stmt, int at, const struct zj_value *value);
    int (*col_count)(const struct zj_stmt *stmt);
    const char *(*col_name)(const struct zj_stmt *stmt, int col);
    enum zj_value_type (*col_type)(const struct zj_stmt *stmt, int col);
    int64_t (*col_int)(const struct zj_stmt *stmt, int col);
    double (*col_double)(const struct zj_stmt *stmt, int col);
    struct zj_span (*col_bytes)(const struct zj_stmt *stmt, int col);
};

struct zj_audit_chain {
    struct zj_hash *hash;
    struct zj_buf entry;
    int64_t seq; /* of the last entry, good while is_loaded */
    uint8_t head[ZJ_SM3_BYTES];
    bool is_loaded, is_changed;
};

struct zj_field_key; /* store/key.c */
struct zj_keys {
    uint8_t master[32];
    bool is_known;
    struct zj_field_key *fields; /* made on first use, kept as long as the store */
    uint8_t pool[4096];          /* of random bytes for nonces */
    size_t pool_left;
};

struct zj_store {
    const struct zj_store_backend *backend;
    char *dsn;
    unsigned flags;
    bool in_transaction;
    struct zj_write_queue *queue; /* borrowed; NULL: none */
    struct zj_stmt *cache[STMT_CACHE_MAX];
    size_t cached;
    uint64_t tick;
    struct zj_audit_chain audit;
    struct zj_keys keys;
};

/* store/migrate.c */
struct zj_migration {
    int number; /* 1, 2, … without gaps */
    const char *name;
    const char *sql;
    const char *sm3_before; /* in hex, of a text that did the same more slowly; NULL: none */
};
zj_err zj_store_migrate(struct zj_job *job, struct zj_store *store);

/* store/queue.c */
zj_err zj_write_queue_enter(struct zj_job *job, struct zj_write_queue *queue);
void zj_write_queue_leave(struct zj_write_queue *queue);

/* store/audit.c: called by the transaction. */
zj_err zj_audit_seal(struct zj_job *job, struct zj_store *store); /* before a commit */
void zj_audit_forget(struct zj_store *store);                     /* after its end */
void zj_audit_release(struct zj_store *store);

/* store/key.c */
zj_err zj_keys_open(struct zj_job *job, struct zj_store *store);
void zj_keys_release(struct zj_store *store);
/* HMAC under a key derived for `purpose`; false without the key. */
bool zj_keys_mac(struct zj_store *store, const char *purpose, struct zj_span bytes,
                 uint8_t out[ZJ_SM3_BYTES]);

#endif
