/* One narrow SQL interface. SQLite (WAL, STRICT tables) stands behind it; the SQL, with $1
 * parameters, is mostly what SQLite and PostgreSQL have in common (README.md says what is not).
 *
 * A connection is used by one thread at a time. Every change of a declared row goes through an open
 * transaction that also appends to the audit chain. */
#ifndef ZJ_STORE_STORE_H
#define ZJ_STORE_STORE_H

#include "base/job.h"
#include "base/buf.h"
#include "base/json.h"

struct zj_store;
struct zj_stmt;

/* A stored cell. TEXT and BLOB are in bytes, INT in num. */
enum zj_value_type { ZJ_VALUE_NULL, ZJ_VALUE_INT, ZJ_VALUE_REAL, ZJ_VALUE_TEXT, ZJ_VALUE_BLOB };
struct zj_value {
    const char *column;
    enum zj_value_type type;
    int64_t num;
    double real;
    struct zj_span bytes;
};

enum zj_store_flags {
    ZJ_STORE_CREATE = 1, /* make it where it does not exist */
    ZJ_STORE_READONLY = 2,
    ZJ_STORE_KEYLESS = 4, /* open without the key file too: to check or copy, not to read or write
                             personal fields */
    ZJ_STORE_ALONE = 8,   /* with READONLY, to copy it: nobody else has it open until it is closed,
                             and its disk may be full: nothing is made beside it but an empty log,
                             and nothing is migrated */
};

/* Opens and migrates. dsn: a path ("zhuji.db"), ":memory:". The key file for encrypted fields is
 * PATH.key (mode 0600), made on creation. A store whose key is missing or wrong is not opened
 * unless KEYLESS; one made by a newer release is never opened. */
zj_err zj_store_open(struct zj_job *job, const char *dsn, unsigned flags, struct zj_store **out);
void zj_store_close(struct zj_store *store); /* accepts NULL; rolls back what is open */
static inline void zj_store_closep(struct zj_store **store)
{
    zj_store_close(*store);
}

/* Runs statements that give no rows. */
zj_err zj_store_exec(struct zj_job *job, struct zj_store *store, const char *sql);

zj_err zj_store_begin(struct zj_job *job, struct zj_store *store); /* for writing, at once */
/* The same for what can be observed again: its commit may be lost with the power, not with the
 * process. A declared change never goes through it. */
zj_err zj_store_begin_relaxed(struct zj_job *job, struct zj_store *store);
zj_err zj_store_commit(struct zj_job *job, struct zj_store *store);
void zj_store_rollback(struct zj_store *store); /* nothing open: does nothing */
/* The end of a transaction whose work ended with `err`: commits, or takes everything back. */
zj_err zj_store_end(struct zj_job *job, struct zj_store *store, zj_err err);

/* For who writes batch after batch: does another process wait to write, and letting those who wait
 * write first (for a second at most; no transaction is open). */
bool zj_store_is_wanted(struct zj_store *store);
void zj_store_give_way(struct zj_store *store);

/* From now on statements end with ZJ_EINTR soon after the job is asked to stop, and a wait for other
 * writers ends too; a transaction that is open then is lost. NULL: they run to their end again. */
void zj_store_heed_stop(struct zj_store *store, const struct zj_job *job);

/* Transactions of connections that share a queue are let in first come first served: for a process
 * with several writers. The queue outlives its connections. */
struct zj_write_queue;
struct zj_write_queue *zj_write_queue_new(void);
void zj_write_queue_free(struct zj_write_queue *queue); /* accepts NULL */
void zj_store_queue(struct zj_store *store, struct zj_write_queue *queue);

/* A prepared statement, cached in the connection by its text: release gives it back. */
zj_err zj_store_prepare(struct zj_job *job, struct zj_store *store, const char *sql,
                        struct zj_stmt **out);
void zj_stmt_release(struct zj_stmt *stmt); /* accepts NULL; resets and clears bindings */
static inline void zj_stmt_releasep(struct zj_stmt **stmt)
{
    zj_stmt_release(*stmt);
}

/* Parameters count from 1; text and blob are borrowed until the next step or reset. */
void zj_stmt_bind_int(struct zj_stmt *stmt, int at, int64_t value);
void zj_stmt_bind_double(struct zj_stmt *stmt, int at, double value);
void zj_stmt_bind_span(struct zj_stmt *stmt, int at, struct zj_span text);
void zj_stmt_bind_str(struct zj_stmt *stmt, int at, const char *text); /* NULL: SQL NULL */
void zj_stmt_bind_blob(struct zj_stmt *stmt, int at, struct zj_span bytes);
void zj_stmt_bind_null(struct zj_stmt *stmt, int at);

/* Next row: *out_row tells whether there is one. */
zj_err zj_stmt_step(struct zj_job *job, struct zj_stmt *stmt, bool *out_row);
/* For statements without rows: one step and a reset. */
zj_err zj_stmt_run(struct zj_job *job, struct zj_stmt *stmt);
void zj_stmt_reset(struct zj_stmt *stmt);

/* Columns count from 0; spans are good until the next step. */
int zj_stmt_col_count(const struct zj_stmt *stmt);
const char *zj_stmt_col_name(const struct zj_stmt *stmt, int col);
enum zj_value_type zj_stmt_type(const struct zj_stmt *stmt, int col);
bool zj_stmt_is_null(const struct zj_stmt *stmt, int col);
bool zj_stmt_is_text(const struct zj_stmt *stmt, int col);
int64_t zj_stmt_int(const struct zj_stmt *stmt, int col);
double zj_stmt_double(const struct zj_stmt *stmt, int col);
struct zj_span zj_stmt_text(const struct zj_stmt *stmt, int col);
struct zj_span zj_stmt_blob(const struct zj_stmt *stmt, int col);

/* Runs a query that gives at most one number; `absent` where it gives no row or NULL. */
zj_err zj_store_query_int(struct zj_job *job, struct zj_store *store, const char *sql,
                          int64_t absent, int64_t *out);

zj_err zj_store_has_table(struct zj_job *job, struct zj_store *store, const char *table,
                          bool *out_has);

/* One word about the store: meta. Get appends to out and sets *out_found. */
zj_err zj_store_meta_get(struct zj_job *job, struct zj_store *store, const char *key,
                         struct zj_buf *out, bool *out_found);
zj_err zj_store_meta_set(struct zj_job *job, struct zj_store *store, const char *key,
                         struct zj_span value);

int64_t zj_store_last_id(struct zj_store *store); /* row id of the last insert */
int64_t zj_store_changes(struct zj_store *store); /* rows of the last change */

/* --- who asks, and what of the store he may see ------------------------------------------------
 */
struct zj_scope {
    int64_t user_id; /* 0: the command line */
    int64_t org_id;  /* the organisation he belongs to */
    bool sees_all;   /* bureau staff and the command line: all organisations */
    bool may_write;
    bool sees_personal; /* may see decrypted owners' data */
    bool may_decide;    /* may set what only a bureau sets, as sees_all may */
};

/* Who acts for a bureau: it reads rates of cards and vehicles, never which ones they are. */
static inline bool zj_scope_supervises(const struct zj_scope *scope)
{
    return scope->sees_all && scope->may_decide && !scope->may_write && !scope->sees_personal;
}

/* --- audit chain --------------------------------------------------------------------------------
 */
/* hash(n) = SM3(hash(n-1) ‖ canonical bytes of entry n). row_hash is SM3 of the row as stored, so
 * that a row changed behind Zhuji's back is found as well as a broken chain. */
struct zj_audit_entry {
    int64_t org_id;
    const char *action;      /* "insert", "update", "delete", "login", "import", "export" … */
    const char *object;      /* table or thing */
    int64_t row_id;          /* 0: none */
    struct zj_span row_hash; /* 32 bytes, or empty */
    struct zj_span note;     /* UTF-8, no personal data */
};

/* Inside the transaction of the change it tells of. The actor is job->actor. */
zj_err zj_audit_append(struct zj_job *job, struct zj_store *store,
                       const struct zj_audit_entry *entry);

/* The hash of a row as stored: SM3 over the table's name and, in table order, name, type and value
 * of every column. `id` and `row_hash` are left out (the entry ties the hash to the id), and so is
 * every cell that is NULL, empty or 0: a column added later leaves the hashes of old rows good.
 * This is the one definition: who writes a hashed row calls it for the values it stores, puts the
 * result into the row's column `row_hash` and into the audit entry whose object is the table's
 * name; `zhuji audit verify` calls it for what it reads back from every table with such a column.
 */
void zj_store_row_hash(struct zj_store *store, const char *table, const struct zj_value *values,
                       size_t count, uint8_t out[32]);

struct zj_audit_report {
    int64_t entries, rows; /* checked */
    int64_t bad_entry;     /* first seq that does not fit or is missing, 0: none */
    int64_t bad_rows;      /* rows that differ from their last entry, have none, or are gone */
    char bad_table[64];    /* the first of them */
    int64_t bad_row_id;
    bool head_fits;     /* the chain ends where the store says it ends */
    bool head_is_keyed; /* and the key file vouches for that (false: opened without the key) */
    uint8_t head[32];   /* hash of the last entry: note it elsewhere */
};
zj_err zj_audit_verify(struct zj_job *job, struct zj_store *store, struct zj_audit_report *out);

struct zj_audit_query {
    const char *object, *action, *actor; /* NULL: all */
    int64_t row_id;                      /* 0: all; with object */
    int64_t before_seq;                  /* keyset paging: entries before this one; 0: the last */
    int limit;                           /* 0: 100; at most 1000 */
    bool as_lines;                       /* an object a line instead of an array */
};
/* Writes an array of {"seq","at","actor","org_id","action","object","row_id","note","hash"}, newest
 * first, of the scope's organisation only unless it sees all. */
zj_err zj_audit_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const struct zj_audit_query *query, struct zj_json *out);

/* --- personal fields ----------------------------------------------------------------------------
 */
/* nonce(16) ‖ SM4-CTR ‖ HMAC-SM3(16), keys derived for the field's name; field: "cards.owner_name".
 */
void zj_store_encrypt(struct zj_store *store, const char *field, struct zj_span plain,
                      struct zj_buf *out);
/* False where the key or the bytes are wrong; out is left as it was. */
bool zj_store_decrypt(struct zj_store *store, const char *field, struct zj_span cipher,
                      struct zj_buf *out);
/* Keyed HMAC-SM3 of the normalised value, 16 bytes: equality search without the value. */
void zj_store_blind_index(struct zj_store *store, const char *field, struct zj_span plain,
                          uint8_t out[16]);

/* --- upkeep -------------------------------------------------------------------------------------
 */
/* A consistent copy while others read and write; it takes the place of `path` only when it is
 * whole and on disk. The key file goes with it as PATH.key unless with_key is false. progress (may
 * be NULL) is told how many of how many pages are copied. */
typedef void zj_progress_fn(void *ctx, int64_t done, int64_t total);
zj_err zj_store_backup(struct zj_job *job, struct zj_store *store, const char *path, bool with_key,
                       zj_progress_fn *progress, void *ctx);
zj_err zj_store_check(struct zj_job *job, struct zj_store *store); /* integrity_check */

/* What changed since rules last looked: kind is a table ("cards", "fact_identity"), key the subject
 * (an ICCID …), "" for "anything in it". Folded: many changes of one key are one row. A negative `since` says that
 * a pass of rules is at it; a change then counts anew. */
zj_err zj_store_mark_dirty(struct zj_job *job, struct zj_store *store, const char *kind,
                           struct zj_span key);

#endif
