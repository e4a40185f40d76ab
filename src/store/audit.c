/* The audit chain.
 *
 *   hash(n) = SM3(hash(n-1)  seq at actor org action object row_id row_hash note)
 *             numbers as 8 bytes big-endian, texts with their length before them
 *
 * meta holds where the chain ends (audit_head: "seq hash") and, under a key that is not in the
 * database, a MAC of it (audit_mac): cutting entries off the end is found as well as changing them.
 * Within a transaction the last hash is kept in memory; every transaction reads it anew, because
 * another process may have written. */
#include <assert.h>
#include <stdio.h>

#include "store/backend.h"

static void put_be64(struct zj_buf *out, uint64_t value)
{
    zj_buf_reserve(out, 8);
    for (int shift = 56; shift >= 0; shift -= 8)
        out->at[out->len++] = (uint8_t)(value >> shift);
}

static void put_text(struct zj_buf *out, struct zj_span text)
{
    put_be64(out, text.len);
    zj_buf_span(out, text);
}

/* An entry as it stands in the table; spans are borrowed. */
struct stored {
    int64_t seq, at, org_id, row_id;
    struct zj_span actor, action, object, row_hash, note;
};

static void hash_entry(struct zj_audit_chain *chain, const struct stored *e,
                       uint8_t head[ZJ_SM3_BYTES])
{
    struct zj_buf *b = &chain->entry;
    b->len = 0;
    zj_buf_span(b, zj_span_of(head, ZJ_SM3_BYTES));
    put_be64(b, (uint64_t)e->seq);
    put_be64(b, (uint64_t)e->at);
    put_text(b, e->actor);
    put_be64(b, (uint64_t)e->org_id);
    put_text(b, e->action);
    put_text(b, e->object);
    put_be64(b, (uint64_t)e->row_id);
    put_text(b, e->row_hash);
    put_text(b, e->note);
    zj_hash_begin(chain->hash);
    zj_hash_add(chain->hash, zj_buf_all(b));
    zj_hash_end(chain->hash, head);
}

static struct zj_audit_chain *chain_of(struct zj_store *store)
{
    if (!store->audit.hash)
        store->audit.hash = zj_hash_new(ZJ_HASH_SM3);
    return &store->audit;
}

/* "12 9f86…": seq and hash; an empty chain has no head yet. */
static bool parse_head(struct zj_span text, int64_t *out_seq, uint8_t out_hash[ZJ_SM3_BYTES])
{
    ZJ_AUTO(zj_buf_release) struct zj_buf hash = {0};
    int64_t seq = 0;
    size_t at = 0;
    for (; at < text.len && text.at[at] >= '0' && text.at[at] <= '9' && at < 18; at++)
        seq = seq * 10 + (text.at[at] - '0');
    if (at == 0 || at >= text.len || text.at[at] != ' ' ||
        !zj_buf_from_hex(&hash, zj_span_part(text, at + 1, text.len)) || hash.len != ZJ_SM3_BYTES)
        return false;
    *out_seq = seq;
    memcpy(out_hash, hash.at, ZJ_SM3_BYTES);
    return true;
}

static zj_err load_head(struct zj_job *job, struct zj_store *store, int64_t *out_seq,
                        uint8_t out_hash[ZJ_SM3_BYTES])
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    bool is_found;
    *out_seq = 0;
    memset(out_hash, 0, ZJ_SM3_BYTES);
    zj_err err = zj_store_meta_get(job, store, "audit_head", &text, &is_found);
    if (!err && is_found && !parse_head(zj_buf_all(&text), out_seq, out_hash))
        err = zj_fail(job, ZJ_ESTORE,
                      zj_tr(job,
                            "the head of the audit chain is unreadable; run 'zhuji audit verify'",
                            "审计链头无法读取，请运行 zhuji audit verify"));
    return err;
}

zj_err zj_audit_append(struct zj_job *job, struct zj_store *store,
                       const struct zj_audit_entry *entry)
{
    struct zj_audit_chain *chain = chain_of(store);
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    if (!store->in_transaction)
        return zj_fail(job, ZJ_EBUG, "an audit entry outside a transaction");
    zj_err err = chain->is_loaded ? ZJ_OK : load_head(job, store, &chain->seq, chain->head);
    if (!err)
        err = zj_store_prepare(job, store,
                               "INSERT INTO audit (seq, at, actor, org_id, action, object, row_id, "
                               "row_hash, note, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                               "$10)",
                               &stmt);
    if (err)
        return err;
    const struct stored e = {chain->seq + 1,
                             zj_now_us(job),
                             entry->org_id,
                             entry->row_id,
                             zj_span_str(job->actor),
                             zj_span_str(entry->action),
                             zj_span_str(entry->object),
                             entry->row_hash,
                             entry->note};
    uint8_t head[ZJ_SM3_BYTES];
    memcpy(head, chain->head, sizeof head);
    hash_entry(chain, &e, head);
    zj_stmt_bind_int(stmt, 1, e.seq);
    zj_stmt_bind_int(stmt, 2, e.at);
    zj_stmt_bind_span(stmt, 3, e.actor);
    zj_stmt_bind_int(stmt, 4, e.org_id);
    zj_stmt_bind_span(stmt, 5, e.action);
    zj_stmt_bind_span(stmt, 6, e.object);
    zj_stmt_bind_int(stmt, 7, e.row_id);
    if (e.row_hash.len)
        zj_stmt_bind_blob(stmt, 8, e.row_hash);
    else
        zj_stmt_bind_null(stmt, 8);
    zj_stmt_bind_span(stmt, 9, e.note);
    zj_stmt_bind_blob(stmt, 10, zj_span_of(head, sizeof head));
    err = zj_stmt_run(job, stmt);
    if (err)
        return zj_fail(job, err, "audit");
    memcpy(chain->head, head, sizeof head);
    chain->seq++;
    chain->is_loaded = true;
    chain->is_changed = true;
    return ZJ_OK;
}

zj_err zj_audit_seal(struct zj_job *job, struct zj_store *store)
{
    const struct zj_audit_chain *chain = &store->audit;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0}, mac_text = {0};
    uint8_t mac[ZJ_SM3_BYTES];
    if (!chain->is_changed)
        return ZJ_OK;
    zj_buf_i64(&text, chain->seq);
    zj_buf_byte(&text, ' ');
    zj_buf_hex(&text, zj_span_of(chain->head, sizeof chain->head));
    zj_err err = zj_store_meta_set(job, store, "audit_head", zj_buf_all(&text));
    if (!err && zj_keys_mac(store, "audit head", zj_buf_all(&text), mac)) {
        zj_buf_hex(&mac_text, zj_span_of(mac, sizeof mac));
        err = zj_store_meta_set(job, store, "audit_mac", zj_buf_all(&mac_text));
    }
    return err;
}

void zj_audit_forget(struct zj_store *store)
{
    store->audit.is_loaded = false;
    store->audit.is_changed = false;
}

void zj_audit_release(struct zj_store *store)
{
    zj_hash_free(store->audit.hash);
    zj_buf_release(&store->audit.entry);
}

static bool is_plain_zero(const struct zj_value *v)
{
    switch (v->type) {
    case ZJ_VALUE_NULL:
        return true;
    case ZJ_VALUE_INT:
        return v->num == 0;
    case ZJ_VALUE_REAL:
        return v->real == 0;
    case ZJ_VALUE_TEXT:
    case ZJ_VALUE_BLOB:
        return v->bytes.len == 0;
    }
    return true;
}

void zj_store_row_hash(struct zj_store *store, const char *table, const struct zj_value *values,
                       size_t count, uint8_t out[32])
{
    struct zj_audit_chain *chain = chain_of(store);
    struct zj_buf *b = &chain->entry;
    b->len = 0;
    put_text(b, zj_span_str(table));
    for (size_t i = 0; i < count; i++) {
        const struct zj_value *v = &values[i];
        uint64_t bits = (uint64_t)v->num;
        if (is_plain_zero(v) || strcmp(v->column, "id") == 0 || strcmp(v->column, "row_hash") == 0)
            continue;
        put_text(b, zj_span_str(v->column));
        zj_buf_byte(b, (uint8_t)v->type);
        if (v->type == ZJ_VALUE_REAL)
            memcpy(&bits, &v->real, sizeof bits);
        if (v->type == ZJ_VALUE_TEXT || v->type == ZJ_VALUE_BLOB)
            put_text(b, v->bytes);
        else
            put_be64(b, bits);
    }
    zj_hash_begin(chain->hash);
    zj_hash_add(chain->hash, zj_buf_all(b));
    zj_hash_end(chain->hash, out);
}

/* --- checking ------------------------------------------------------------------------------------
 */

static void read_entry(const struct zj_stmt *stmt, struct stored *e)
{
    e->seq = zj_stmt_int(stmt, 0);
    e->at = zj_stmt_int(stmt, 1);
    e->actor = zj_stmt_text(stmt, 2);
    e->org_id = zj_stmt_int(stmt, 3);
    e->action = zj_stmt_text(stmt, 4);
    e->object = zj_stmt_text(stmt, 5);
    e->row_id = zj_stmt_int(stmt, 6);
    e->row_hash = zj_stmt_blob(stmt, 7);
    e->note = zj_stmt_text(stmt, 8);
}

static zj_err walk_chain(struct zj_job *job, struct zj_store *store, struct zj_audit_report *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_audit_chain *chain = chain_of(store);
    bool has_row;
    zj_err err =
        zj_store_prepare(job, store,
                         "SELECT seq, at, actor, org_id, action, object, row_id, row_hash, "
                         "note, hash FROM audit ORDER BY seq",
                         &stmt);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        struct stored e;
        read_entry(stmt, &e);
        const int64_t wanted_seq = out->entries + 1;
        e.seq = wanted_seq; /* a gap shows as a hash that does not fit */
        hash_entry(chain, &e, out->head);
        const bool fits =
            zj_stmt_int(stmt, 0) == wanted_seq &&
            zj_span_eq(zj_stmt_blob(stmt, 9), zj_span_of(out->head, sizeof out->head));
        out->entries++;
        if (fits)
            continue;
        out->bad_entry = wanted_seq;
        break;
    }
    return err;
}

static zj_err check_head(struct zj_job *job, struct zj_store *store, struct zj_audit_report *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf head = {0}, stored_mac = {0}, want_mac = {0};
    bool has_head, has_mac;
    int64_t seq = 0;
    uint8_t hash[ZJ_SM3_BYTES] = {0}, mac[ZJ_SM3_BYTES];
    zj_err err = zj_store_meta_get(job, store, "audit_head", &head, &has_head);
    if (!err)
        err = zj_store_meta_get(job, store, "audit_mac", &stored_mac, &has_mac);
    if (err)
        return err;
    const bool is_read = !has_head || parse_head(zj_buf_all(&head), &seq, hash);
    out->head_fits = is_read && seq == out->entries && memcmp(hash, out->head, sizeof hash) == 0;
    if (has_head && zj_keys_mac(store, "audit head", zj_buf_all(&head), mac)) {
        zj_buf_hex(&want_mac, zj_span_of(mac, sizeof mac));
        out->head_is_keyed = has_mac && zj_span_eq(zj_buf_all(&want_mac), zj_buf_all(&stored_mac));
        out->head_fits = out->head_fits && out->head_is_keyed;
    }
    if (!out->head_fits && !out->bad_entry)
        out->bad_entry = out->entries + 1;
    return ZJ_OK;
}

static void note_bad_row(struct zj_audit_report *out, const char *table, int64_t row_id)
{
    if (out->bad_rows++)
        return;
    snprintf(out->bad_table, sizeof out->bad_table, "%s", table);
    out->bad_row_id = row_id;
}

enum { COLUMNS_MAX = 128 };

static void hash_current(struct zj_store *store, const char *table, const struct zj_stmt *row,
                         uint8_t out[ZJ_SM3_BYTES])
{
    struct zj_value values[COLUMNS_MAX];
    const int count = zj_stmt_col_count(row);
    assert(count <= COLUMNS_MAX);
    for (int i = 0; i < count; i++) {
        const enum zj_value_type type = zj_stmt_type(row, i);
        values[i] = (struct zj_value){.column = zj_stmt_col_name(row, i), .type = type};
        if (type == ZJ_VALUE_INT)
            values[i].num = zj_stmt_int(row, i);
        else if (type == ZJ_VALUE_REAL)
            values[i].real = zj_stmt_double(row, i);
        else if (type != ZJ_VALUE_NULL)
            values[i].bytes = zj_stmt_blob(row, i);
    }
    zj_store_row_hash(store, table, values, (size_t)count, out);
}

static int64_t column_int(const struct zj_stmt *row, const char *name)
{
    for (int i = 0; i < zj_stmt_col_count(row); i++)
        if (strcmp(zj_stmt_col_name(row, i), name) == 0)
            return zj_stmt_int(row, i);
    return 0;
}

/* The last entry of each row of a table, in the order of their ids. */
struct last_entries {
    struct zj_stmt *stmt;
    bool has_row;
    int64_t row_id;
    uint8_t hash[ZJ_SM3_BYTES];
    bool is_purged;
    bool is_over;
};

static zj_err next_last(struct zj_job *job, struct last_entries *l)
{
    zj_err err = ZJ_OK;
    if (!l->has_row) {
        l->is_over = true;
        return ZJ_OK;
    }
    l->row_id = zj_stmt_int(l->stmt, 0);
    while (!err && l->has_row && zj_stmt_int(l->stmt, 0) == l->row_id) {
        const struct zj_span hash = zj_stmt_blob(l->stmt, 1);
        memset(l->hash, 0, sizeof l->hash);
        if (hash.len == sizeof l->hash)
            memcpy(l->hash, hash.at, sizeof l->hash);
        l->is_purged = zj_span_eq_str(zj_stmt_text(l->stmt, 2), "purge");
        err = zj_stmt_step(job, l->stmt, &l->has_row);
    }
    return err;
}

/* Entries whose row is gone from the table: right only after a purge. */
static zj_err skip_gone(struct zj_job *job, struct last_entries *l, const char *table,
                        int64_t before, struct zj_audit_report *out)
{
    zj_err err = ZJ_OK;
    while (!err && !l->is_over && l->row_id < before) {
        if (!l->is_purged)
            note_bad_row(out, table, l->row_id);
        err = next_last(job, l);
    }
    return err;
}

static zj_err check_rows(struct zj_job *job, struct zj_store *store, const char *table,
                         struct zj_stmt *rows, struct last_entries *l, struct zj_audit_report *out)
{
    bool has_row = false;
    zj_err err = next_last(job, l);
    while (!err && rows && !(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        uint8_t hash[ZJ_SM3_BYTES];
        const int64_t id = column_int(rows, "id");
        err = skip_gone(job, l, table, id, out);
        if (err)
            break;
        hash_current(store, table, rows, hash);
        out->rows++;
        if (l->is_over || l->row_id != id || memcmp(hash, l->hash, sizeof hash) != 0)
            note_bad_row(out, table, id);
        if (!l->is_over && l->row_id == id)
            err = next_last(job, l);
    }
    return err ? err : skip_gone(job, l, table, INT64_MAX, out);
}

static zj_err check_table(struct zj_job *job, struct zj_store *store, const char *table,
                          bool is_there, struct zj_audit_report *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL, *entries = NULL;
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY id", table);
    zj_err err = is_there ? zj_store_prepare(job, store, sql, &rows) : ZJ_OK;
    if (!err)
        err = zj_store_prepare(job, store,
                               "SELECT row_id, row_hash, action FROM audit WHERE object = $1 AND "
                               "row_hash IS NOT NULL ORDER BY row_id, seq",
                               &entries);
    if (err)
        return err;
    zj_stmt_bind_str(entries, 1, table);
    struct last_entries l = {.stmt = entries};
    err = zj_stmt_step(job, entries, &l.has_row);
    return err ? err : check_rows(job, store, table, rows, &l, out);
}

/* First the tables there are, then those only the chain knows of. */
static zj_err list_tables(struct zj_job *job, struct zj_store *store, struct zj_buf *out_names)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store, store->backend->tables_with_column_sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, "row_hash");
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (zj_span_eq_str(zj_stmt_text(stmt, 0), "audit"))
            continue;
        zj_buf_span(out_names, zj_stmt_text(stmt, 0));
        zj_buf_byte(out_names, '\n');
    }
    return err;
}

static bool has_line(struct zj_span lines, struct zj_span line)
{
    while (lines.len) {
        const uint8_t *end = memchr(lines.at, '\n', lines.len);
        const size_t len = end ? (size_t)(end - lines.at) : lines.len;
        if (zj_span_eq(zj_span_part(lines, 0, len), line))
            return true;
        lines = zj_span_part(lines, len + 1, lines.len);
    }
    return false;
}

static zj_err check_dropped(struct zj_job *job, struct zj_store *store, struct zj_span known,
                            struct zj_audit_report *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store, "SELECT DISTINCT object FROM audit WHERE row_hash IS NOT NULL", &stmt);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        const struct zj_span name = zj_stmt_text(stmt, 0);
        if (has_line(known, name))
            continue;
        err = check_table(job, store, zj_arena_span(&job->arena, name), false, out);
    }
    return err;
}

static zj_err verify(struct zj_job *job, struct zj_store *store, struct zj_audit_report *report)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    zj_err err = walk_chain(job, store, report);
    if (!err)
        err = check_head(job, store, report);
    if (!err)
        err = list_tables(job, store, &names);
    struct zj_span left = zj_buf_all(&names);
    while (!err && left.len) {
        const size_t len = (size_t)((const uint8_t *)memchr(left.at, '\n', left.len) - left.at);
        const char *table = zj_arena_span(&job->arena, zj_span_part(left, 0, len));
        err = check_table(job, store, table, true, report);
        left = zj_span_part(left, len + 1, left.len);
    }
    return err ? err : check_dropped(job, store, zj_buf_all(&names), report);
}

zj_err zj_audit_verify(struct zj_job *job, struct zj_store *store, struct zj_audit_report *out)
{
    struct zj_audit_report report = {0};
    /* chain, head and rows of one moment: others go on writing meanwhile */
    const bool is_own = !store->in_transaction;
    zj_err err = is_own ? store->backend->begin_snapshot(job, store) : ZJ_OK;
    if (err)
        return err;
    err = verify(job, store, &report);
    if (is_own)
        store->backend->rollback(store);
    if (!err)
        *out = report;
    return err;
}
