/* The one way rows of registers change: row, list items, ranges, history, audit entry, marks and
 * counts together, inside the caller's transaction. */
#include <assert.h>
#include <stdio.h>

#include "base/addr.h"
#include "register/held.h"
#include "register/packs.h"
#include "register/refer.h"
#include "register/table.h"

enum { HASH_BYTES = 32, BLIND_BYTES = 16, CIPHER_EXTRA = 64 };

struct zj_writer {
    struct zj_store *store;
    struct zj_table table;
    struct zj_writer_opts opts;
    size_t key;
    struct zj_stmt *find_key, *find_id, *insert, *update, *keep, *next_id;
    struct zj_stmt *add_item, *drop_items, *add_range, *drop_ranges;
    struct zj_buf stored; /* plain cells of the row that is there, where the draft has none */
    struct zj_buf cipher; /* what the values of a row point into */
    struct zj_value values[ZJ_TABLE_COLS_MAX];
    struct zj_buf seen; /* a bit a row id: rows that were put already */
    struct zj_stmt *see; /* keys that a dry run would insert */
    struct zj_refs refs;
    struct zj_row_packs *packs, *numbers;
    int64_t live_org, live_change; /* not yet in reg_count */
    bool is_changed;
};

/* --- statements ------------------------------------------------------------------------------- */

static zj_err prepare_rows(struct zj_job *job, struct zj_writer *w)
{
    const struct zj_table *t = &w->table;
    ZJ_AUTO(zj_buf_release) struct zj_buf insert = {0}, update = {0}, keep = {0};
    char find_key[256], find_id[160], next_id[128];
    snprintf(find_key, sizeof find_key,
             "SELECT * FROM %s WHERE %s%s = $1 AND deleted_at = 0", t->name,
             t->reg->is_global ? "" : "org_id = $2 AND ", t->reg->fields[w->key].name);
    snprintf(find_id, sizeof find_id,
             "SELECT * FROM %s WHERE id = $1 AND org_id = $2 AND deleted_at = 0", t->name);
    snprintf(next_id, sizeof next_id, "SELECT COALESCE(MAX(id), 0) + 1 FROM %s", t->name);
    zj_table_insert_sql(t, &insert);
    zj_table_update_sql(t, &update);
    zj_table_keep_sql(t, &keep);
    zj_err err = zj_store_prepare(job, w->store, find_key, &w->find_key);
    if (!err)
        err = zj_store_prepare(job, w->store, find_id, &w->find_id);
    if (!err)
        err = zj_store_prepare(job, w->store, next_id, &w->next_id);
    if (!err)
        err = zj_store_prepare(job, w->store, zj_buf_cstr(&insert), &w->insert);
    if (!err)
        err = zj_store_prepare(job, w->store, zj_buf_cstr(&update), &w->update);
    if (!err)
        err = zj_store_prepare(job, w->store, zj_buf_cstr(&keep), &w->keep);
    return err;
}

static zj_err prepare_lists(struct zj_job *job, struct zj_writer *w)
{
    zj_err err = zj_store_prepare(job, w->store,
                                  "INSERT INTO reg_item (register, row_id, org_id, field, value) "
                                  "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                                  &w->add_item);
    if (!err)
        err = zj_store_prepare(job, w->store,
                               "INSERT INTO reg_range (register, row_id, org_id, field, lo, hi, "
                               "port, host) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                               &w->add_range);
    if (!err)
        err = zj_store_prepare(job, w->store,
                               "DELETE FROM reg_item WHERE register = $1 AND row_id = $2",
                               &w->drop_items);
    if (!err)
        err = zj_store_prepare(job, w->store,
                               "DELETE FROM reg_range WHERE register = $1 AND row_id = $2",
                               &w->drop_ranges);
    return err;
}

static zj_err prepare_seen(struct zj_job *job, struct zj_writer *w)
{
    zj_err err = zj_store_exec(job, w->store,
                               "CREATE TEMP TABLE IF NOT EXISTS writer_seen "
                               "(key TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM writer_seen");
    return err ? err
               : zj_store_prepare(job, w->store,
                                  "INSERT INTO writer_seen (key) VALUES ($1) "
                                  "ON CONFLICT DO NOTHING",
                                  &w->see);
}

zj_err zj_writer_open(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                      const struct zj_writer_opts *opts, struct zj_writer **out)
{
    ZJ_AUTO(zj_writer_closep) struct zj_writer *w = zj_alloc(sizeof *w);
    w->store = store;
    w->opts = *opts;
    w->key = zj_register_key(reg);
    zj_err err = zj_table_load(job, store, reg, &w->table);
    if (!err)
        err = prepare_rows(job, w);
    if (!err)
        err = prepare_lists(job, w);
    if (!err && opts->is_dry && opts->refuses_twice)
        err = prepare_seen(job, w);
    if (!err)
        *out = ZJ_TAKE(w);
    return err;
}

void zj_writer_close(struct zj_writer *w)
{
    if (!w)
        return;
    struct zj_stmt *const all[] = {w->find_key, w->find_id,  w->next_id,    w->insert,
                                   w->update,   w->keep,     w->add_item,   w->add_range,
                                   w->drop_items, w->drop_ranges, w->see};
    for (size_t i = 0; i < ZJ_COUNT(all); i++)
        zj_stmt_release(all[i]);
    zj_refs_release(&w->refs);
    zj_row_packs_free(w->packs);
    zj_row_packs_free(w->numbers);
    zj_buf_release(&w->stored);
    zj_buf_release(&w->seen);
    zj_buf_release(&w->cipher);
    free(w);
}

/* --- the row that is there -------------------------------------------------------------------- */

static struct zj_span stored_key(const struct zj_writer *w, const struct zj_stmt *row)
{
    for (size_t i = 0; i < w->table.col_count; i++)
        if (w->table.cols[i].kind == ZJ_TABLE_FIELD && w->table.cols[i].field == (int)w->key)
            return zj_stmt_text(row, (int)i);
    return (struct zj_span){0};
}

static int64_t stored_int(const struct zj_writer *w, const struct zj_stmt *row,
                          enum zj_table_col_kind kind)
{
    for (size_t i = 0; i < w->table.col_count; i++)
        if (w->table.cols[i].kind == kind)
            return zj_stmt_int(row, (int)i);
    return 0;
}

/* Fills the draft's missing cells from the stored row. */
static zj_err merge(struct zj_job *job, struct zj_writer *w, const struct zj_stmt *row,
                    struct zj_draft *draft)
{
    size_t starts[ZJ_TABLE_COLS_MAX + 1];
    zj_err err = ZJ_OK;
    w->stored.len = 0;
    for (size_t i = 0; i < w->table.col_count && !err; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        starts[i] = w->stored.len;
        if (col->kind == ZJ_TABLE_FIELD && !draft->cells[col->field].at)
            err = zj_table_cell(job, w->store, &w->table, row, i, &w->stored);
    }
    starts[w->table.col_count] = w->stored.len;
    zj_buf_byte(&w->stored, 0);
    for (size_t i = 0; i < w->table.col_count && !err; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        if (col->kind == ZJ_TABLE_FIELD && !draft->cells[col->field].at)
            draft->cells[col->field] =
                zj_span_of(w->stored.at + starts[i], starts[i + 1] - starts[i]);
    }
    return err;
}

/* What only a bureau sets must be as it was; `row` NULL: a row that is new. */
static zj_err refuse_official(struct zj_job *job, struct zj_writer *w, const struct zj_stmt *row,
                              struct zj_draft *draft)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < w->table.col_count && w->opts.keeps_official && !err; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        ZJ_AUTO(zj_buf_release) struct zj_buf have = {0};
        if (col->kind != ZJ_TABLE_FIELD || !draft->cells[col->field].at ||
            !(w->table.reg->fields[col->field].flags & ZJ_FIELD_OFFICIAL))
            continue;
        if (row)
            err = zj_table_cell(job, w->store, &w->table, row, i, &have);
        if (!err && !zj_span_eq(draft->cells[col->field], zj_buf_all(&have)))
            zj_row_fault_add(&draft->faults, col->field, false,
                             "set by the bureau only: leave it as it is",
                             "该项由主管部门填写，请勿修改。");
    }
    return err;
}

static zj_err held_by(struct zj_job *job, struct zj_writer *w, const struct zj_stmt *row,
                      struct zj_buf *out)
{
    const struct zj_register *reg = w->table.reg;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < w->table.col_count && !err && reg->held.by && w->opts.keeps_held; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        if (col->kind == ZJ_TABLE_FIELD &&
            strcmp(reg->fields[col->field].name, reg->held.number) == 0)
            err = zj_held_by(job, w->store, reg, stored_int(w, row, ZJ_TABLE_ORG),
                             stored_key(w, row), zj_stmt_text(row, (int)i), out);
    }
    return err;
}

/* A number that was issued, its day and the key of the row stay as they are. */
static zj_err refuse_held(struct zj_job *job, struct zj_writer *w, const struct zj_stmt *row,
                          struct zj_draft *draft)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf by = {0};
    char en[200], zh[200];
    zj_err err = held_by(job, w, row, &by);
    if (err || by.len == 0)
        return err;
    zj_held_tell(w->table.reg, zj_buf_all(&by), en, zh, sizeof en);
    for (size_t i = 0; i < w->table.col_count; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        if (col->kind == ZJ_TABLE_FIELD && draft->cells[col->field].at &&
            zj_held_field(w->table.reg, (size_t)col->field) &&
            !zj_span_eq(draft->cells[col->field], zj_stmt_text(row, (int)i)))
            zj_row_fault_add(&draft->faults, col->field, false, en, zh);
    }
    return ZJ_OK;
}

static zj_err refuse_foreign(struct zj_job *job, struct zj_writer *w, const struct zj_stmt *row,
                             int64_t org_id, struct zj_draft *draft)
{
    const struct zj_register *reg = w->table.reg;
    struct zj_span had = {0};
    if (!reg->held.by || !w->opts.keeps_held)
        return ZJ_OK;
    for (size_t i = 0; i < w->table.col_count && row; i++)
        if (w->table.cols[i].kind == ZJ_TABLE_FIELD &&
            strcmp(reg->fields[w->table.cols[i].field].name, reg->held.number) == 0)
            had = zj_stmt_text(row, (int)i);
    return zj_held_refuse_foreign(job, w->store, &w->numbers, reg, org_id,
                                  row ? stored_key(w, row) : draft->cells[w->key], had, draft);
}

/* Whether the draft says what the row says already. Personal cells compare by their blind index,
 * which the store's key makes as good as the value. */
static bool is_same(struct zj_writer *w, const struct zj_stmt *row, const struct zj_draft *draft)
{
    const struct zj_register *reg = w->table.reg;
    for (size_t i = 0; i < w->table.col_count; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        if (col->kind != ZJ_TABLE_FIELD && col->kind != ZJ_TABLE_BLIND)
            continue;
        const struct zj_field *f = &reg->fields[col->field];
        const struct zj_span cell = draft->cells[col->field];
        uint8_t blind[BLIND_BYTES];
        char number[24];
        struct zj_span have = zj_stmt_blob(row, (int)i), want = cell;
        if (f->flags & ZJ_FIELD_PERSONAL) {
            if (col->kind == ZJ_TABLE_FIELD)
                continue;
            zj_field_blind(w->store, reg, (size_t)col->field, cell, blind);
            want = cell.len ? zj_span_of(blind, sizeof blind) : (struct zj_span){0};
        } else if (f->type == ZJ_FIELD_BOOL) {
            have = zj_stmt_is_null(row, (int)i) ? (struct zj_span){0}
                                                : zj_span_str(zj_stmt_int(row, (int)i) ? "yes" : "no");
        } else if (f->type == ZJ_FIELD_INT) {
            snprintf(number, sizeof number, "%lld", (long long)zj_stmt_int(row, (int)i));
            have = zj_stmt_is_null(row, (int)i) ? (struct zj_span){0} : zj_span_str(number);
        }
        if (!zj_span_eq(have, want))
            return false;
    }
    return true;
}

/* --- the values of a row ---------------------------------------------------------------------- */

struct row_meta {
    int64_t id, org_id, created_at, updated_at;
};

static int64_t number_of(struct zj_span digits)
{
    int64_t n = 0;
    const bool minus = digits.len && digits.at[0] == '-';
    for (size_t i = minus; i < digits.len; i++)
        n = n * 10 + (digits.at[i] - '0');
    return minus ? -n : n;
}

static void set_field(struct zj_writer *w, struct zj_value *value, const struct zj_table_col *col,
                      struct zj_span cell)
{
    const struct zj_register *reg = w->table.reg;
    const struct zj_field *f = &reg->fields[col->field];
    const size_t from = w->cipher.len;
    char name[ZJ_TABLE_NAME];
    if (cell.len == 0)
        return;
    if (col->kind == ZJ_TABLE_BLIND) {
        uint8_t blind[BLIND_BYTES];
        zj_field_blind(w->store, reg, (size_t)col->field, cell, blind);
        zj_buf_span(&w->cipher, zj_span_of(blind, sizeof blind));
    } else if (f->flags & ZJ_FIELD_PERSONAL) {
        zj_field_key_name(reg, (size_t)col->field, name);
        zj_store_encrypt(w->store, name, cell, &w->cipher);
    } else if (zj_field_is_number(f)) {
        value->type = ZJ_VALUE_INT;
        value->num = f->type == ZJ_FIELD_BOOL ? zj_span_eq_str(cell, "yes") : number_of(cell);
        return;
    } else {
        value->type = ZJ_VALUE_TEXT;
        value->bytes = cell;
        return;
    }
    value->type = ZJ_VALUE_BLOB;
    value->bytes = zj_span_of(w->cipher.at + from, w->cipher.len - from);
}

static void set_values(struct zj_writer *w, const struct row_meta *meta,
                       const struct zj_draft *draft)
{
    size_t room = HASH_BYTES;
    for (size_t i = 0; i < w->table.reg->field_count; i++)
        room += draft->cells[i].len + CIPHER_EXTRA;
    w->cipher.len = 0;
    zj_buf_reserve(&w->cipher, room); /* so that nothing moves while values point into it */
    for (size_t i = 0; i < w->table.col_count; i++) {
        const struct zj_table_col *col = &w->table.cols[i];
        struct zj_value *value = &w->values[i];
        *value = (struct zj_value){.column = col->name, .type = ZJ_VALUE_INT};
        switch (col->kind) {
        case ZJ_TABLE_ID:
            value->num = meta->id;
            break;
        case ZJ_TABLE_ORG:
            value->num = meta->org_id;
            break;
        case ZJ_TABLE_CREATED:
            value->num = meta->created_at;
            break;
        case ZJ_TABLE_UPDATED:
            value->num = meta->updated_at;
            break;
        case ZJ_TABLE_BATCH:
            value->num = w->opts.batch_id;
            break;
        case ZJ_TABLE_DELETED:
            break;
        case ZJ_TABLE_FIELD:
        case ZJ_TABLE_BLIND:
            value->type = ZJ_VALUE_NULL;
            set_field(w, value, col, draft->cells[col->field]);
            break;
        case ZJ_TABLE_HASH:
        case ZJ_TABLE_OTHER: /* the history keeps what it held */
            value->type = ZJ_VALUE_NULL;
            break;
        }
    }
}

static void bind_value(struct zj_stmt *stmt, int at, const struct zj_value *v)
{
    switch (v->type) {
    case ZJ_VALUE_NULL:
        zj_stmt_bind_null(stmt, at);
        return;
    case ZJ_VALUE_INT:
        zj_stmt_bind_int(stmt, at, v->num);
        return;
    case ZJ_VALUE_REAL:
        zj_stmt_bind_double(stmt, at, v->real);
        return;
    case ZJ_VALUE_TEXT:
        zj_stmt_bind_span(stmt, at, v->bytes);
        return;
    case ZJ_VALUE_BLOB:
        zj_stmt_bind_blob(stmt, at, v->bytes);
        return;
    }
}

/* --- lists ------------------------------------------------------------------------------------ */

static zj_err add_item(struct zj_job *job, struct zj_writer *w, const struct row_meta *meta,
                       const char *field, struct zj_span value)
{
    zj_stmt_bind_str(w->add_item, 1, w->table.reg->name);
    zj_stmt_bind_int(w->add_item, 2, meta->id);
    zj_stmt_bind_int(w->add_item, 3, meta->org_id);
    zj_stmt_bind_str(w->add_item, 4, field);
    zj_stmt_bind_span(w->add_item, 5, value);
    return zj_stmt_run(job, w->add_item);
}

static zj_err add_range(struct zj_job *job, struct zj_writer *w, const struct row_meta *meta,
                        const char *field, struct zj_span value)
{
    struct zj_endpoint endpoint;
    char lo[ZJ_ADDR_KEY] = "", hi[ZJ_ADDR_KEY] = "";
    const bool is_right = zj_endpoint_parse(value, &endpoint);
    assert(is_right); /* it was checked on the way in */
    if (!endpoint.is_host) {
        zj_addr_key(&endpoint.lo, lo);
        zj_addr_key(&endpoint.hi, hi);
    }
    zj_stmt_bind_str(w->add_range, 1, w->table.reg->name);
    zj_stmt_bind_int(w->add_range, 2, meta->id);
    zj_stmt_bind_int(w->add_range, 3, meta->org_id);
    zj_stmt_bind_str(w->add_range, 4, field);
    zj_stmt_bind_str(w->add_range, 5, lo);
    zj_stmt_bind_str(w->add_range, 6, hi);
    zj_stmt_bind_int(w->add_range, 7, endpoint.port);
    if (endpoint.is_host)
        zj_stmt_bind_span(w->add_range, 8, endpoint.host);
    else
        zj_stmt_bind_str(w->add_range, 8, "");
    return zj_stmt_run(job, w->add_range);
}

static bool is_list(const struct zj_field *f)
{
    return f->type == ZJ_FIELD_ENUM_LIST || f->type == ZJ_FIELD_TEXT_LIST ||
           f->type == ZJ_FIELD_ENDPOINTS;
}

static bool has_lists(const struct zj_register *reg)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (is_list(&reg->fields[i]))
            return true;
    return false;
}

static zj_err drop_lists(struct zj_job *job, struct zj_writer *w, int64_t row_id)
{
    zj_err err = ZJ_OK;
    struct zj_stmt *const both[] = {w->drop_items, w->drop_ranges, w->see};
    for (size_t i = 0; i < 2 && !err; i++) {
        zj_stmt_bind_str(both[i], 1, w->table.reg->name);
        zj_stmt_bind_int(both[i], 2, row_id);
        err = zj_stmt_run(job, both[i]);
    }
    return err;
}

static zj_err add_lists(struct zj_job *job, struct zj_writer *w, const struct row_meta *meta,
                        const struct zj_draft *draft)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < w->table.reg->field_count; i++) {
        const struct zj_field *f = &w->table.reg->fields[i];
        struct zj_span list = draft->cells[i], item;
        while (is_list(f) && !err && zj_list_next(&list, &item)) {
            err = add_item(job, w, meta, f->name, item);
            if (!err && f->type == ZJ_FIELD_ENDPOINTS)
                err = add_range(job, w, meta, f->name, item);
        }
    }
    return err;
}

/* --- what goes with every change -------------------------------------------------------------- */

static zj_err keep_version(struct zj_job *job, struct zj_writer *w, int64_t row_id, int64_t at)
{
    zj_stmt_bind_int(w->keep, 1, row_id);
    zj_stmt_bind_int(w->keep, 2, at);
    return zj_stmt_run(job, w->keep);
}

static zj_err note_change(struct zj_job *job, struct zj_writer *w, const struct row_meta *meta,
                          const char *action, const uint8_t hash[HASH_BYTES], struct zj_span key)
{
    const struct zj_audit_entry entry = {.org_id = meta->org_id,
                                         .action = action,
                                         .object = w->table.name,
                                         .row_id = meta->id,
                                         .row_hash = zj_span_of(hash, HASH_BYTES)};
    zj_err err = zj_audit_append(job, w->store, &entry);
    w->is_changed = true;
    if (!err && w->opts.marks_rows)
        err = zj_store_mark_dirty(job, w->store, w->table.reg->name, key);
    return err;
}

static zj_err add_live(struct zj_job *job, struct zj_writer *w, int64_t org_id, int64_t by)
{
    zj_err err = ZJ_OK;
    if (w->live_org != org_id) {
        err = zj_writer_settle(job, w);
        w->live_org = org_id;
    }
    w->live_change += by;
    return err;
}

zj_err zj_writer_settle(struct zj_job *job, struct zj_writer *w)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = ZJ_OK;
    if (w->live_change) {
        err = zj_store_prepare(job, w->store,
                               "INSERT INTO reg_count (register, org_id, live) VALUES ($1, $2, $3) "
                               "ON CONFLICT (register, org_id) DO UPDATE SET live = reg_count.live "
                               "+ excluded.live",
                               &stmt);
        if (err)
            return err;
        zj_stmt_bind_str(stmt, 1, w->table.reg->name);
        zj_stmt_bind_int(stmt, 2, w->live_org);
        zj_stmt_bind_int(stmt, 3, w->live_change);
        err = zj_stmt_run(job, stmt);
        w->live_change = 0;
    }
    if (!err && w->is_changed && !w->opts.marks_rows)
        err = zj_store_mark_dirty(job, w->store, w->table.reg->name, (struct zj_span){0});
    w->is_changed = false;
    return err;
}

/* --- insert, update, delete ------------------------------------------------------------------- */

static void hash_and_bind(struct zj_writer *w, struct zj_stmt *stmt, uint8_t hash[HASH_BYTES])
{
    zj_store_row_hash(w->store, w->table.name, w->values, w->table.col_count, hash);
    for (size_t i = 0; i < w->table.col_count; i++) {
        if (w->table.cols[i].kind == ZJ_TABLE_HASH)
            zj_stmt_bind_blob(stmt, (int)i + 1, zj_span_of(hash, HASH_BYTES));
        else
            bind_value(stmt, (int)i + 1, &w->values[i]);
    }
}

/* Notes that a row was put; true where it was before. */
static bool see_id(struct zj_writer *w, int64_t id)
{
    const size_t at = (size_t)id / 8;
    const uint8_t bit = (uint8_t)(1 << id % 8);
    if (w->seen.len <= at) {
        zj_buf_reserve(&w->seen, at + 1 - w->seen.len);
        memset(w->seen.at + w->seen.len, 0, w->seen.cap - w->seen.len);
        w->seen.len = w->seen.cap;
    }
    const bool was_seen = w->seen.at[at] & bit;
    w->seen.at[at] |= bit;
    return was_seen;
}

static zj_err insert_row(struct zj_job *job, struct zj_writer *w, int64_t org_id,
                         const struct zj_draft *draft, int64_t *out_id)
{
    const struct zj_register *reg = w->table.reg;
    uint8_t hash[HASH_BYTES];
    bool has_row;
    const int64_t now_us = zj_now_us(job);
    struct row_meta meta = {.org_id = org_id, .created_at = now_us, .updated_at = now_us};
    zj_err err = zj_stmt_step(job, w->next_id, &has_row);
    meta.id = err ? 0 : zj_stmt_int(w->next_id, 0);
    zj_stmt_reset(w->next_id);
    if (reg->is_global)
        meta.org_id = meta.id;
    if (err)
        return err;
    set_values(w, &meta, draft);
    hash_and_bind(w, w->insert, hash);
    err = zj_stmt_run(job, w->insert);
    if (!err && zj_store_changes(w->store) == 0)
        err = zj_fail(job, ZJ_ECONFLICT, "%s: key", reg->name);
    if (!err && has_lists(reg))
        err = add_lists(job, w, &meta, draft);
    if (!err)
        err = note_change(job, w, &meta, "insert", hash, draft->cells[w->key]);
    if (!err)
        err = add_live(job, w, meta.org_id, 1);
    if (!err && w->opts.refuses_twice)
        (void)see_id(w, meta.id); /* it is new */
    *out_id = meta.id;
    return err;
}

static zj_err run_update(struct zj_job *job, struct zj_writer *w, const struct row_meta *meta,
                         uint8_t hash[HASH_BYTES])
{
    zj_err err = keep_version(job, w, meta->id, meta->updated_at);
    if (err)
        return err;
    hash_and_bind(w, w->update, hash);
    zj_stmt_bind_int(w->update, (int)w->table.col_count + 1, meta->id);
    return zj_stmt_run(job, w->update);
}

static zj_err update_row(struct zj_job *job, struct zj_writer *w, const struct row_meta *meta,
                         struct zj_span old_key, const struct zj_draft *draft)
{
    uint8_t hash[HASH_BYTES];
    set_values(w, meta, draft);
    zj_err err = run_update(job, w, meta, hash);
    if (!err && has_lists(w->table.reg)) {
        err = drop_lists(job, w, meta->id);
        if (!err)
            err = add_lists(job, w, meta, draft);
    }
    if (!err)
        err = note_change(job, w, meta, "update", hash, draft->cells[w->key]);
    if (!err && w->opts.marks_rows && !zj_span_eq(old_key, draft->cells[w->key]))
        err = zj_store_mark_dirty(job, w->store, w->table.reg->name, old_key);
    return err;
}

/* Finds the row to change; *out_row stays open (the caller resets it). */
static zj_err find_row(struct zj_job *job, struct zj_writer *w, enum zj_put_mode mode,
                       int64_t org_id, int64_t id, struct zj_span key, struct zj_stmt **out_row,
                       bool *out_found)
{
    struct zj_stmt *stmt = mode == ZJ_PUT_UPDATE ? w->find_id : w->find_key;
    if (mode == ZJ_PUT_UPDATE) {
        zj_stmt_bind_int(stmt, 1, id);
        zj_stmt_bind_int(stmt, 2, org_id);
    } else {
        zj_stmt_bind_span(stmt, 1, key);
        if (!w->table.reg->is_global)
            zj_stmt_bind_int(stmt, 2, org_id);
    }
    *out_row = stmt;
    return zj_stmt_step(job, stmt, out_found);
}

/* Another live row of this key: only a change of the key can meet one. */
static zj_err refuse_taken_key(struct zj_job *job, struct zj_writer *w, int64_t org_id, int64_t id,
                               struct zj_draft *draft)
{
    struct zj_stmt *row;
    bool is_found;
    zj_err err = find_row(job, w, ZJ_PUT_UPSERT, org_id, 0, draft->cells[w->key], &row, &is_found);
    if (!err && is_found && stored_int(w, row, ZJ_TABLE_ID) != id)
        zj_row_fault_add(&draft->faults, (int)w->key, false,
                         "another row has this key: change that row, or use another key",
                         "已有相同主键的记录，请修改原记录或更换主键。");
    zj_stmt_reset(row);
    return err;
}

static zj_err look_up(struct zj_job *job, struct zj_writer *w, enum zj_put_mode mode,
                      int64_t org_id, int64_t id, struct zj_draft *draft,
                      enum zj_put_result *out_result, struct row_meta *out_meta,
                      struct zj_buf *out_old_key)
{
    struct zj_stmt *row;
    bool is_found;
    zj_err err = find_row(job, w, mode, org_id, id, draft->cells[w->key], &row, &is_found);
    *out_result = ZJ_PUT_INSERTED;
    if (!err && is_found) {
        *out_meta = (struct row_meta){.id = stored_int(w, row, ZJ_TABLE_ID),
                                      .org_id = stored_int(w, row, ZJ_TABLE_ORG),
                                      .created_at = stored_int(w, row, ZJ_TABLE_CREATED),
                                      .updated_at = zj_now_us(job)};
        zj_buf_span(out_old_key, stored_key(w, row));
        err = refuse_official(job, w, row, draft);
        if (!err)
            err = refuse_held(job, w, row, draft);
        if (!err)
            err = refuse_foreign(job, w, row, out_meta->org_id, draft);
        if (!err)
            err = merge(job, w, row, draft);
        *out_result = !err && is_same(w, row, draft) ? ZJ_PUT_UNCHANGED : ZJ_PUT_UPDATED;
    }
    zj_stmt_reset(row);
    if (!err && !is_found)
        err = refuse_official(job, w, NULL, draft);
    if (!err && !is_found)
        err = refuse_foreign(job, w, NULL, org_id, draft);
    if (!err && !is_found && mode == ZJ_PUT_UPDATE)
        err = zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no row %lld in %s", "%2$s 中没有记录 %1$lld"),
                      (long long)id, w->table.reg->name);
    if (!err && is_found && mode == ZJ_PUT_INSERT)
        zj_row_fault_add(&draft->faults, (int)w->key, false,
                         "a row with this key is there already: change it instead",
                         "已有相同主键的记录，请直接修改该记录。");
    return err;
}

static zj_err refuse_kept(struct zj_job *job, struct zj_writer *w, int64_t id,
                          struct zj_draft *draft)
{
    bool is_free = true;
    zj_err err = w->opts.is_free(job, w->store, w->table.reg->name, id, &is_free);
    if (!err && !is_free)
        zj_row_fault_add(&draft->faults, (int)w->key, false,
                         "this form was handed in: change it through its case",
                         "该表单已提交，请通过对应事项办理变更。");
    return err;
}

static zj_err refuse_second(struct zj_job *job, struct zj_writer *w, enum zj_put_result result,
                            int64_t id, struct zj_draft *draft)
{
    bool was_seen = false;
    zj_err err = ZJ_OK;
    if (result != ZJ_PUT_INSERTED) {
        was_seen = see_id(w, id);
    } else if (w->see) {
        zj_stmt_bind_span(w->see, 1, draft->cells[w->key]);
        err = zj_stmt_run(job, w->see);
        was_seen = !err && zj_store_changes(w->store) == 0;
    }
    if (was_seen)
        zj_row_fault_add(&draft->faults, (int)w->key, false,
                         "this key stands in the file before: remove one of the two rows",
                         "该主键在文件中重复出现，请删除其中一行。");
    return err;
}

zj_err zj_writer_put(struct zj_job *job, struct zj_writer *w, enum zj_put_mode mode,
                     int64_t org_id, int64_t id, struct zj_draft *draft,
                     enum zj_put_result *out_result, int64_t *out_id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf old_key = {0};
    struct row_meta meta = {0};
    enum zj_put_result result = ZJ_PUT_REFUSED;
    zj_err err = ZJ_OK;
    const bool has_key = draft->cells[w->key].len > 0;
    *out_result = ZJ_PUT_REFUSED;
    if (!zj_draft_is_refused(draft) && (has_key || mode == ZJ_PUT_UPDATE))
        err = look_up(job, w, mode, org_id, id, draft, &result, &meta, &old_key);
    if (err)
        return err;
    zj_draft_finish(draft, w->table.reg);
    if (!zj_draft_is_refused(draft) && result == ZJ_PUT_UPDATED && mode == ZJ_PUT_UPDATE)
        err = refuse_taken_key(job, w, org_id, id, draft);
    if (!err && !zj_draft_is_refused(draft) && result == ZJ_PUT_UPDATED && w->opts.is_free &&
        w->table.reg->is_case_form)
        err = refuse_kept(job, w, meta.id, draft);
    if (!err && !zj_draft_is_refused(draft))
        err = zj_refs_check(job, w->store, &w->refs, w->table.reg, org_id, draft);
    if (!err && !zj_draft_is_refused(draft))
        err = zj_row_packs_check(job, &w->packs, w->table.reg, draft);
    if (!err && !zj_draft_is_refused(draft) && w->opts.refuses_twice)
        err = refuse_second(job, w, result, meta.id, draft);
    if (err || zj_draft_is_refused(draft))
        return err;
    *out_result = result;
    *out_id = meta.id;
    if (w->opts.is_dry || result == ZJ_PUT_UNCHANGED)
        return ZJ_OK;
    if (result == ZJ_PUT_INSERTED)
        return insert_row(job, w, org_id, draft, out_id);
    return update_row(job, w, &meta, zj_buf_all(&old_key), draft);
}

static zj_err refuse_delete(struct zj_job *job, struct zj_writer *w, int64_t org_id, int64_t id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf by = {0};
    char en[200], zh[200];
    struct zj_stmt *row;
    bool is_found;
    zj_err err = find_row(job, w, ZJ_PUT_UPDATE, org_id, id, (struct zj_span){0}, &row, &is_found);
    if (!err && is_found)
        err = held_by(job, w, row, &by);
    zj_stmt_reset(row);
    if (err || by.len == 0)
        return err;
    zj_held_tell(w->table.reg, zj_buf_all(&by), en, zh, sizeof en);
    return zj_fail(job, ZJ_ECONFLICT, zj_tr(job, "the row has a number %s", "该记录的编号%s"),
                   zj_tr(job, en, zh));
}

zj_err zj_writer_delete(struct zj_job *job, struct zj_writer *w, int64_t org_id, int64_t id)
{
    ZJ_AUTO(zj_draft_release) struct zj_draft draft = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf key = {0};
    struct row_meta meta = {0};
    enum zj_put_result result;
    uint8_t hash[HASH_BYTES];
    zj_err err = look_up(job, w, ZJ_PUT_UPDATE, org_id, id, &draft, &result, &meta, &key);
    if (!err)
        err = refuse_delete(job, w, org_id, id);
    if (err)
        return err;
    set_values(w, &meta, &draft);
    for (size_t i = 0; i < w->table.col_count; i++)
        if (w->table.cols[i].kind == ZJ_TABLE_DELETED)
            w->values[i].num = meta.updated_at;
    err = run_update(job, w, &meta, hash);
    if (!err)
        err = drop_lists(job, w, id);
    if (!err)
        err = note_change(job, w, &meta, "delete", hash, zj_buf_all(&key));
    return err ? err : add_live(job, w, meta.org_id, -1);
}
