/* A sink that folds facts into the store. Rows are kept in memory and written in one short
 * transaction: other writers wait for a batch, never for the traffic. */
#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "facts/tables.h"

enum {
    BATCH_ROWS = 100000, /* many: a page of an index is then written once for several rows */
    BATCH_BYTES = 64 << 20,
    BATCH_NS = 1000000000,
    AHEAD = 8, /* rows fetched before their turn */
    AHEAD_BYTES = 384,
    DIRTY_MAX = 2000, /* subjects of a kind in one batch; more: "anything in it" */
};

enum use { FIND, INSERT, UPDATE, UPDATE_WITH_FIRST, USE_COUNT };

struct statement {
    struct zj_buf sql;
    struct zj_stmt *stmt; /* held while a batch is written */
};

/* Where a row that waits begins, and its place in the order of writing. */
struct waiting {
    uint64_t order[3]; /* kind and the first 23 bytes of the column, as big-endian numbers */
    uint32_t at, number;
};

static const char store_sensor[] = "store"; /* whose counters are the sink's own */

struct facts_sink {
    struct zj_sink sink;
    struct zj_store *store;
    int64_t default_org;
    struct networks *networks;
    struct zj_geo *geo;
    bool is_ready, waits_for_ever;
    bool met_known;                /* the last identity that was looked up was there */
    bool reads_files, has_dropped; /* dropped: the counters of an earlier reading */
    struct zj_buf seen;            /* struct zj_seen, as they came */
    int64_t waits; /* not yet among the counters */
    struct known *known;
    struct tally *tally;
    struct zj_hash *hash;
    struct statement statements[ZJ_FACT_KIND_COUNT][USE_COUNT];

    struct zj_buf rows; /* what waits: a kind byte and the cells, one row after the other */
    struct waiting *waiting, *spare; /* spare: room to sort in */
    size_t row_count;
    int64_t first_ns; /* when the first row of the batch came */
    size_t dirty_count[ZJ_FACT_KIND_COUNT];
    struct zj_buf scratch;
    struct zj_buf ciphers[2]; /* borrowed by a statement: of the frame, of the set */
};

static bool has_text(enum zj_col_type type)
{
    return type == ZJ_COL_TEXT || type == ZJ_COL_HOST || type == ZJ_COL_BLOB;
}

/* --- rows that wait
 * ------------------------------------------------------------------------------- */

static void hold(struct facts_sink *s, enum zj_fact_id id, const struct zj_cell *cells)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    const int order_by = zj_fact_tables[id].order_by;
    struct waiting *w = &s->waiting[s->row_count];
    *w = (struct waiting){{0}, (uint32_t)s->rows.len, (uint32_t)s->row_count};
    uint8_t order[sizeof w->order] = {(uint8_t)id};
    if (order_by >= 0 && cells[order_by].text.len)
        memcpy(order + 1, cells[order_by].text.at,
               cells[order_by].text.len < 23 ? cells[order_by].text.len : 23);
    for (size_t i = 0; i < ZJ_COUNT(w->order); i++)
        w->order[i] = zj_load_be64(order + 8 * i);
    zj_buf_byte(&s->rows, (uint8_t)id);
    for (size_t i = 0; i < kind->col_count; i++) {
        const struct zj_cell *cell = &cells[i];
        if (kind->cols[i].type == ZJ_COL_ADDR) {
            zj_buf_span(&s->rows, zj_span_of(cell->addr.bytes, sizeof cell->addr.bytes));
        } else if (has_text(kind->cols[i].type)) {
            const uint32_t len = (uint32_t)cell->text.len;
            zj_buf_span(&s->rows, zj_span_of(&len, sizeof len));
            zj_buf_span(&s->rows, zj_span_of(cell->text.at, len));
        } else {
            zj_buf_span(&s->rows, zj_span_of(&cell->num, sizeof cell->num));
        }
    }
    s->row_count++;
}

static inline bool is_before(const struct waiting *x, const struct waiting *y)
{
    for (size_t i = 0; i < ZJ_COUNT(x->order); i++)
        if (x->order[i] != y->order[i])
            return x->order[i] < y->order[i];
    return x->number < y->number;
}

/* Runs of `width` at `from` become runs of twice that at `to`. */
static void merge_runs(const struct waiting *from, struct waiting *to, size_t count, size_t width)
{
    for (size_t start = 0; start < count; start += 2 * width) {
        const size_t middle = start + width < count ? start + width : count;
        const size_t end = middle + width < count ? middle + width : count;
        size_t a = start, b = middle;
        for (size_t at = start; at < end; at++) {
            const bool is_b = a == middle || (b < end && is_before(&from[b], &from[a]));
            to[at] = from[is_b ? b++ : a++];
        }
    }
}

/* The library's sort calls for every comparison, which was a tenth of what storing a row takes. */
static void sort_waiting(struct facts_sink *s)
{
    for (size_t width = 1; width < s->row_count; width *= 2) {
        struct waiting *sorted = s->spare;
        merge_runs(s->waiting, sorted, s->row_count, width);
        s->spare = s->waiting;
        s->waiting = sorted;
    }
}

static enum zj_fact_id take(struct zj_reader *in, struct zj_cell *cells)
{
    const enum zj_fact_id id = (enum zj_fact_id)zj_rd_u8(in);
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    for (size_t i = 0; i < kind->col_count; i++) {
        uint32_t len;
        if (kind->cols[i].type == ZJ_COL_ADDR) {
            memcpy(cells[i].addr.bytes, zj_rd_span(in, 16).at, 16);
        } else if (has_text(kind->cols[i].type)) {
            memcpy(&len, zj_rd_span(in, sizeof len).at, sizeof len);
            cells[i].text = zj_rd_span(in, len);
        } else {
            memcpy(&cells[i].num, zj_rd_span(in, sizeof cells[i].num).at, sizeof cells[i].num);
        }
    }
    assert(!in->ran_out);
    return id;
}

/* --- one row
 * -------------------------------------------------------------------------------------- */

/* Everything a key is made of, with lengths, so that "ab","c" is not "a","bc". */
static void key_of(struct facts_sink *s, const struct zj_fact_kind *kind,
                   const struct zj_cell *cells, uint8_t out[ZJ_SHA256_BYTES])
{
    struct zj_buf *b = &s->scratch;
    b->len = 0;
    for (size_t i = 0; i < kind->col_count; i++) {
        if (kind->cols[i].fold != ZJ_FOLD_KEY)
            continue;
        struct zj_span part = zj_span_of(&cells[i].num, sizeof cells[i].num);
        if (has_text(kind->cols[i].type))
            part = cells[i].text;
        else if (kind->cols[i].type == ZJ_COL_ADDR)
            part = zj_span_of(cells[i].addr.bytes, sizeof cells[i].addr.bytes);
        const uint32_t len = (uint32_t)part.len;
        zj_buf_span(b, zj_span_of(&len, sizeof len));
        zj_buf_span(b, part);
    }
    zj_hash_begin(s->hash);
    zj_hash_add(s->hash, zj_buf_all(b));
    zj_hash_end(s->hash, out);
}

/* What comes in from outside is no transfer of anybody's, and comes from every vehicle: such rows
 * fold into one without a sender, so that the table grows with partners and not with the fleet. */
static int64_t receiver_of(struct facts_sink *s, enum zj_fact_id id, struct zj_cell *cells)
{
    if (id != ZJ_FACT_TRANSFER || zj_networks_find(s->networks, &cells[ZJ_TR_SRC].addr))
        return 0;
    const int64_t org_id = zj_networks_find(s->networks, &cells[ZJ_TR_DST].addr);
    if (org_id)
        cells[ZJ_TR_SRC].addr = (struct zj_addr){{0}};
    return org_id;
}

static zj_err owner_of(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                       struct zj_cell *cells, int64_t *out)
{
    const int *own = zj_fact_tables[id].own_side;
    *out = receiver_of(s, id, cells);
    for (int i = 0; i < 2 && !*out; i++)
        *out = own[i] < 0 ? 0 : zj_networks_find(s->networks, &cells[own[i]].addr);
    if (!*out)
        *out = s->default_org ? s->default_org : zj_networks_only_org(s->networks);
    if (*out || !zj_networks_has_declared(s->networks))
        return ZJ_OK;
    return zj_owners_declared(job, s->store, id, cells, out);
}

static bool is_zero(const struct zj_addr *addr)
{
    static const struct zj_addr zero;
    return zj_addr_eq(addr, &zero);
}

/* What a statement borrows until its step. */
struct texts {
    struct {
        char text[ZJ_ADDR_TEXT], key[ZJ_ADDR_KEY];
    } addresses[4];
    size_t count;
    char country[ZJ_COUNTRY_TEXT];
};

static int bind_address(struct zj_stmt *stmt, int at, const struct zj_col *col,
                        const struct zj_cell *cell, struct texts *texts)
{
    assert(texts->count < ZJ_COUNT(texts->addresses));
    char *text = texts->addresses[texts->count].text, *key = texts->addresses[texts->count].key;
    struct zj_addr addr = cell->addr;
    const bool is_host = col->type == ZJ_COL_HOST;
    const bool is_there = is_host ? zj_addr_parse(cell->text, &addr) : !is_zero(&addr);
    texts->count++;
    text[0] = key[0] = '\0';
    if (is_there) {
        zj_addr_format(&addr, text);
        zj_addr_key(&addr, key);
    }
    if (is_host)
        zj_stmt_bind_span(stmt, at, cell->text);
    else
        zj_stmt_bind_str(stmt, at, text);
    zj_stmt_bind_str(stmt, at + 1, key);
    return at + 2;
}

static int bind_cell(struct facts_sink *s, struct zj_stmt *stmt, int at, const struct zj_col *col,
                     const struct zj_cell *cell, struct texts *texts)
{
    struct zj_buf *cipher;
    switch (col->type) {
    case ZJ_COL_ADDR:
    case ZJ_COL_HOST:
        return bind_address(stmt, at, col, cell, texts);
    case ZJ_COL_TEXT:
        zj_stmt_bind_span(stmt, at, cell->text);
        break;
    case ZJ_COL_INT:
        zj_stmt_bind_int(stmt, at, cell->num);
        break;
    case ZJ_COL_BOOL:
        zj_stmt_bind_int(stmt, at, cell->num != 0);
        break;
    case ZJ_COL_TIME:
        zj_stmt_bind_int(stmt, at, cell->num / 1000);
        break;
    case ZJ_COL_BLOB:
        zj_stmt_bind_null(stmt, at);
        if (cell->text.len == 0)
            break;
        cipher = &s->ciphers[col->fold == ZJ_FOLD_JOIN];
        cipher->len = 0;
        zj_store_encrypt(s->store, ZJ_FACT_BLOB, cell->text, cipher);
        zj_stmt_bind_blob(stmt, at, zj_buf_all(cipher));
        break;
    }
    return at + 1;
}

static zj_err statement(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id, enum use use,
                        struct zj_stmt **out)
{
    struct statement *st = &s->statements[id][use];
    zj_err err = ZJ_OK;
    if (!st->stmt)
        err = zj_store_prepare(job, s->store, zj_buf_cstr(&st->sql), &st->stmt);
    *out = st->stmt;
    return err;
}

static uint32_t flags_of(enum zj_fact_id id, const struct zj_cell *cells)
{
    uint32_t flags = 0;
    for (int i = 0; i < 3; i++) {
        const int col = zj_fact_tables[id].watched[i];
        flags |= (uint32_t)(col >= 0 && cells[col].num > 0) << i;
    }
    return flags;
}

static int32_t day_of(const struct zj_fact_kind *kind, const struct zj_cell *cells)
{
    const size_t last_seen = kind->col_count - 6; /* of the tail every kind ends in */
    return (int32_t)(cells[last_seen].num / 1000 / INT64_C(86400000000));
}

/* Looks the row up in the store; out->id stays 0 where it is not there. */
static zj_err find(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                   const uint8_t *fact_key, int64_t org_id, const struct zj_cell *cells,
                   struct known_row *out)
{
    const int order_by = zj_fact_tables[id].order_by;
    struct zj_stmt *stmt;
    bool has_row;
    zj_err err = statement(s, job, id, FIND, &stmt);
    if (err)
        return err;
    zj_stmt_bind_blob(stmt, 1, zj_span_of(fact_key, FACT_KEY_BYTES));
    zj_stmt_bind_int(stmt, 2, org_id);
    if (order_by >= 0)
        zj_stmt_bind_span(stmt, 3, cells[order_by].text);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && has_row) {
        out->id = zj_stmt_int(stmt, 0);
        out->day = (int32_t)(zj_stmt_int(stmt, 1) / INT64_C(86400000000));
        for (int col = 2; col < zj_stmt_col_count(stmt); col++)
            out->flags |= (uint32_t)(zj_stmt_int(stmt, col) > 0) << (col - 2);
    }
    zj_stmt_reset(stmt);
    return err;
}

static zj_err insert(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                     const uint8_t *fact_key, int64_t org_id, const struct zj_cell *cells)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    const int place_of = zj_fact_tables[id].place_of;
    struct texts texts = {.count = 0};
    struct zj_stmt *stmt;
    zj_err err = statement(s, job, id, INSERT, &stmt);
    if (err)
        return err;
    zj_stmt_bind_blob(stmt, 1, zj_span_of(fact_key, FACT_KEY_BYTES));
    zj_stmt_bind_int(stmt, 2, org_id);
    int at = 3;
    for (size_t i = 0; i < kind->col_count; i++)
        at = bind_cell(s, stmt, at, &kind->cols[i], &cells[i], &texts);
    if (place_of >= 0) {
        zj_geo_country(s->geo, &cells[place_of].addr, texts.country);
        zj_stmt_bind_str(stmt, at, texts.country);
    }
    return zj_stmt_run(job, stmt);
}

static bool has_first(const struct zj_fact_kind *kind, const struct zj_cell *cells)
{
    for (size_t i = 0; i < kind->col_count; i++)
        if (kind->cols[i].fold == ZJ_FOLD_FIRST &&
            (has_text(kind->cols[i].type) ? cells[i].text.len != 0 : cells[i].num != 0))
            return true;
    return false;
}

/* *out_is_there is false where somebody removed the row meanwhile. */
static zj_err update(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id, int64_t row_id,
                     const struct zj_cell *cells, bool *out_is_there)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    const bool with_first = has_first(kind, cells);
    struct texts texts = {.count = 0};
    struct zj_cell joined[ZJ_HR_COLS];
    uint8_t room[ZJ_DISTINCT_BYTES];
    struct zj_stmt *stmt;
    zj_err err = ZJ_OK;
    if (id == ZJ_FACT_HOURLY) {
        memcpy(joined, cells, sizeof joined);
        cells = joined;
        err = zj_hours_join(job, s->store, row_id, joined, room);
    }
    if (!err)
        err = statement(s, job, id, with_first ? UPDATE_WITH_FIRST : UPDATE, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, row_id);
    int at = 2;
    for (size_t i = 0; i < kind->col_count; i++)
        if (zj_fact_is_updated(&kind->cols[i], with_first))
            at = bind_cell(s, stmt, at, &kind->cols[i], &cells[i], &texts);
    err = zj_stmt_run(job, stmt);
    *out_is_there = !err && zj_store_changes(s->store) == 1;
    return err;
}

/* --- telling the rules
 * ------------------------------------------------------------------------------ */

static void subject_of(enum zj_fact_id id, const struct zj_cell *cells, struct zj_buf *out)
{
    const struct fact_table *table = &zj_fact_tables[id];
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    char text[ZJ_ADDR_TEXT];
    for (int i = 0; i < 3 && out->len == 0 && table->dirty_key[i] >= 0; i++) {
        const int col = table->dirty_key[i];
        if (kind->cols[col].type == ZJ_COL_ADDR) {
            zj_addr_format(&cells[col].addr, text);
            zj_buf_str(out, text);
        } else {
            zj_buf_span(out, cells[col].text);
        }
    }
    if (table->dirty_is_endpoint)
        zj_buf_printf(out, ":%lld", (long long)cells[table->dirty_key[1]].num);
}

static zj_err mark(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                   const struct zj_cell *cells)
{
    char table[64];
    if (zj_fact_tables[id].dirty_key[0] < 0 || s->dirty_count[id] > DIRTY_MAX)
        return ZJ_OK;
    snprintf(table, sizeof table, "fact_%s", zj_fact_kinds[id].name);
    s->scratch.len = 0;
    if (++s->dirty_count[id] <= DIRTY_MAX)
        subject_of(id, cells, &s->scratch);
    return zj_store_mark_dirty(job, s->store, table, zj_buf_all(&s->scratch));
}

/* --- a batch
 * ---------------------------------------------------------------------------------------- */

/* The key under which known.c holds a row: the same fact of two organisations is two rows. */
static void known_key(enum zj_fact_id id, const uint8_t *fact_key, int64_t org_id,
                      uint8_t out[FACT_KEY_BYTES])
{
    memcpy(out, fact_key, FACT_KEY_BYTES);
    for (int i = 0; i < 8; i++)
        out[8 + i] ^= (uint8_t)(org_id >> 8 * i);
    out[0] ^= (uint8_t)id;
}

/* The terminal is there under a name that says more or less. */
static zj_err merge(struct facts_sink *s, struct zj_job *job, int64_t org_id,
                    const struct zj_cell *cells, struct known_row *out, bool *out_was_there)
{
    struct merge m;
    zj_err err = zj_merge_find(job, s->store, org_id, cells, &m);
    if (err || !m.id)
        return err;
    if (m.is_renamed) {
        uint8_t hash[ZJ_SHA256_BYTES];
        struct zj_cell with[ZJ_ID_COLS];
        memcpy(with, cells, sizeof with);
        with[ZJ_ID_VIN].text = zj_merge_name(&m, MERGE_VIN);
        with[ZJ_ID_ICCID].text = zj_merge_name(&m, MERGE_ICCID);
        with[ZJ_ID_PHONE].text = zj_merge_name(&m, MERGE_PHONE);
        key_of(s, &zj_fact_kinds[ZJ_FACT_IDENTITY], with, hash);
        err = zj_merge_rename(job, s->store, &m, hash);
        if (!err && !m.had_vin && with[ZJ_ID_VIN].text.len)
            err = zj_tally_named(job, s->store, s->tally, org_id, with, &m);
    }
    if (!err)
        err = update(s, job, ZJ_FACT_IDENTITY, m.id, cells, out_was_there);
    out->id = m.id;
    *out_was_there &= !m.is_renamed; /* a new name is news to the rules */
    return err;
}

/* A row this sink has not met: *out is what is in the store of it, id 0 where it was not there. */
static zj_err meet(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                   const uint8_t *fact_key, int64_t org_id, struct zj_cell *cells,
                   struct known_row *out, bool *out_was_there)
{
    const bool is_identity = id == ZJ_FACT_IDENTITY;
    const bool asks_first = is_identity && !s->met_known;
    bool is_new_vehicle = false, has_number = true;
    zj_err err = ZJ_OK;
    if (asks_first)
        err = zj_tally_is_new_vehicle(job, s->store, cells, &is_new_vehicle, &has_number);
    if (!err && !is_new_vehicle)
        err = find(s, job, id, fact_key, org_id, cells, out);
    if (is_identity)
        s->met_known = out->id != 0;
    if (err)
        return err;
    if (out->id)
        return update(s, job, id, out->id, cells, out_was_there);
    if (is_identity && !asks_first)
        err = zj_tally_is_new_vehicle(job, s->store, cells, &is_new_vehicle, &has_number);
    if (!err && is_identity && (!is_new_vehicle || (cells[ZJ_ID_PHONE].text.len && has_number)))
        err = merge(s, job, org_id, cells, out, out_was_there);
    if (err || out->id)
        return err;
    /* told by a capture that adds no message: it was not known before, and it did happen */
    if (id == ZJ_FACT_DETECTION && !cells[ZJ_DT_COUNT].num)
        cells[ZJ_DT_COUNT].num = 1;
    if (is_identity)
        err = zj_tally_identity(job, s->store, s->tally, org_id, cells, is_new_vehicle);
    if (!err)
        err = insert(s, job, id, fact_key, org_id, cells);
    if (!err)
        out->id = zj_store_last_id(s->store);
    return err;
}

static zj_err write_row(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                        struct zj_cell *cells)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    uint8_t hash[ZJ_SHA256_BYTES];
    struct known_row met = {0};
    bool was_there = false;
    int64_t org_id;
    zj_err err = owner_of(s, job, id, cells, &org_id);
    if (err)
        return err;
    key_of(s, kind, cells, hash);
    known_key(id, hash, org_id, met.key);
    struct known_row *row = zj_known_find(s->known, met.key);
    if (row)
        err = update(s, job, id, row->id, cells, &was_there);
    if (!err && !was_there) {
        if (row)
            row->id = 0; /* removed meanwhile */
        row = &met;
        err = meet(s, job, id, hash, org_id, cells, row, &was_there);
    }
    if (err)
        return err;
    const uint32_t flags = row->flags | flags_of(id, cells);
    const int32_t day = day_of(kind, cells);
    const bool is_news =
        !was_there || flags != row->flags || (zj_fact_tables[id].has_day && day > row->day);
    row->flags = flags;
    row->day = day > row->day ? day : row->day;
    if (row == &met)
        zj_known_add(s->known, row);
    return is_news ? mark(s, job, id, cells) : ZJ_OK;
}

/* The counters of a capture that is read again take the place of those of before. */
static zj_err drop_counters(struct facts_sink *s, struct zj_job *job, const struct zj_cell *cells)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    if (!s->reads_files || s->has_dropped ||
        zj_span_eq_str(cells[ZJ_SN_SENSOR].text, store_sensor))
        return ZJ_OK;
    s->has_dropped = true;
    zj_err err = zj_store_prepare(job, s->store, "DELETE FROM fact_sensor WHERE sensor = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, cells[ZJ_SN_SENSOR].text);
    return zj_stmt_run(job, stmt);
}

static zj_err write_rows(struct facts_sink *s, struct zj_job *job)
{
    struct zj_cell cells[ZJ_FACT_COLS_MAX] = {0};
    sort_waiting(s);
    for (size_t i = 0; i < s->row_count; i++) {
        if (i + AHEAD < s->row_count) /* sorted rows lie anywhere in what waits */
            for (uint32_t at = 0; at < AHEAD_BYTES; at += 64)
                __builtin_prefetch(s->rows.at + s->waiting[i + AHEAD].at + at);
        struct zj_reader in =
            zj_reader_of(zj_span_part(zj_buf_all(&s->rows), s->waiting[i].at, s->rows.len));
        const enum zj_fact_id id = take(&in, cells);
        zj_err err = id == ZJ_FACT_SENSOR ? drop_counters(s, job, cells) : ZJ_OK;
        if (!err)
            err = write_row(s, job, id, cells);
        if (err)
            return zj_fail(job, err, "fact_%s", zj_fact_kinds[id].name);
    }
    return ZJ_OK;
}

static void release_stmts(struct facts_sink *s)
{
    for (size_t i = 0; i < ZJ_FACT_KIND_COUNT; i++)
        for (size_t use = 0; use < USE_COUNT; use++) {
            zj_stmt_release(s->statements[i][use].stmt);
            s->statements[i][use].stmt = NULL;
        }
}

static zj_err get_ready(struct facts_sink *s, struct zj_job *job)
{
    if (s->is_ready)
        return ZJ_OK;
    zj_err err = zj_facts_migrate(job, s->store);
    if (!err)
        err = zj_geo_open(job, &s->geo);
    s->is_ready = !err;
    return err;
}

static zj_err write_batch(struct facts_sink *s, struct zj_job *job)
{
    bool is_changed;
    zj_err err = get_ready(s, job);
    if (!err)
        err = zj_networks_refresh(job, s->store, s->networks, &is_changed);
    if (!err && is_changed)
        err = zj_facts_attribute(job, s->store);
    if (!err)
        err = zj_store_begin_relaxed(job, s->store);
    if (err)
        return err;
    memset(s->dirty_count, 0, sizeof s->dirty_count);
    err = write_rows(s, job);
    release_stmts(s);
    if (!err)
        err = zj_tally_write(job, s->store, s->tally);
    if (!err)
        err = zj_seen_write(job, s->store, s->default_org, zj_buf_all(&s->seen));
    err = zj_store_end(job, s->store, err);
    if (err) { /* nothing of this batch was kept */
        zj_known_clear(s->known);
        zj_tally_clear(s->tally);
    }
    return err;
}

/* Nothing is lost while somebody else writes: the sensor behind holds what comes, and counts what
 * it then cannot hold. */
static zj_err write_at_last(struct facts_sink *s, struct zj_job *job)
{
    zj_err err = write_batch(s, job);
    while (err == ZJ_EBUSY && s->waits_for_ever && !zj_is_interrupted(job)) {
        s->waits++;
        fprintf(stderr, "%s\n",
                zj_tr(job, "facts wait: another program is writing to the store",
                      "观测数据等待写入：存储正被其他程序写入"));
        zj_job_clear(job);
        err = write_batch(s, job);
    }
    return err;
}

static void hold_waits(struct facts_sink *s, struct zj_job *job)
{
    const int64_t now_ns = zj_now_ns(job);
    const struct zj_cell cells[ZJ_FACT_COLS_MAX] = {
        [ZJ_SN_SENSOR] = {.text = zj_span_str(store_sensor)},
        [ZJ_SN_COUNTER] = {.text = ZJ_SPAN_LIT("store_waits")},
        [ZJ_SN_VALUE] = {.num = s->waits},
        [ZJ_SN_FIRST_SEEN] = {.num = now_ns},
        [ZJ_SN_LAST_SEEN] = {.num = now_ns},
    };
    s->waits = 0;
    hold(s, ZJ_FACT_SENSOR, cells);
}

static zj_err facts_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    if (s->row_count == 0 && s->seen.len == 0)
        return ZJ_OK;
    zj_err err = write_at_last(s, job);
    s->rows.len = s->row_count = s->seen.len = 0; /* what failed is told, and not tried for ever */
    if (s->waits && !err)
        hold_waits(s, job);
    return err ? zj_fail(job, err, "%s", zj_tr(job, "storing observations", "写入观测数据"))
               : ZJ_OK;
}

static zj_err facts_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    const int64_t now_ns = zj_tick_ns();
    if (s->row_count == 0)
        s->first_ns = now_ns;
    hold(s, kind, cells);
    const bool is_due = s->row_count == BATCH_ROWS || s->rows.len >= BATCH_BYTES ||
                        now_ns - s->first_ns >= BATCH_NS;
    return is_due ? facts_flush(sink, job) : ZJ_OK;
}

static void facts_free(struct zj_sink *sink)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    for (size_t i = 0; i < ZJ_FACT_KIND_COUNT; i++)
        for (size_t use = 0; use < USE_COUNT; use++)
            zj_buf_release(&s->statements[i][use].sql);
    zj_networks_free(s->networks);
    zj_known_free(s->known);
    zj_tally_free(s->tally);
    free(s->waiting);
    free(s->spare);
    zj_geo_close(s->geo);
    zj_hash_free(s->hash);
    zj_buf_release(&s->rows);
    zj_buf_release(&s->scratch);
    for (size_t i = 0; i < ZJ_COUNT(s->ciphers); i++)
        zj_buf_release(&s->ciphers[i]);
    zj_buf_release(&s->seen);
    free(s);
}

static zj_err facts_seen(struct zj_sink *sink, struct zj_job *job, const struct zj_seen *seen)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    zj_buf_span(&s->seen, zj_span_of(seen, sizeof *seen));
    return s->seen.len >= BATCH_BYTES ? facts_flush(sink, job) : ZJ_OK;
}

void zj_facts_sink_files(struct zj_sink *sink)
{
    sink->seen = facts_seen;
    ((struct facts_sink *)sink)->reads_files = true;
}

void zj_facts_sink_waits(struct zj_sink *sink)
{
    ((struct facts_sink *)sink)->waits_for_ever = true;
}

struct zj_sink *zj_facts_sink(struct zj_store *store, int64_t default_org)
{
    struct facts_sink *s = zj_alloc(sizeof *s);
    s->sink = (struct zj_sink){.fact = facts_fact, .flush = facts_flush, .free = facts_free};
    s->store = store;
    s->default_org = default_org;
    s->networks = zj_networks_new();
    s->known = zj_known_new();
    s->tally = zj_tally_new();
    s->waiting = zj_alloc(BATCH_ROWS * sizeof *s->waiting);
    s->spare = zj_alloc(BATCH_ROWS * sizeof *s->spare);
    s->hash = zj_hash_new(ZJ_HASH_SHA256);
    for (int id = 0; id < ZJ_FACT_KIND_COUNT; id++) {
        zj_fact_find_sql((enum zj_fact_id)id, &s->statements[id][FIND].sql);
        zj_fact_insert_sql((enum zj_fact_id)id, &s->statements[id][INSERT].sql);
        zj_fact_update_sql((enum zj_fact_id)id, false, &s->statements[id][UPDATE].sql);
        zj_fact_update_sql((enum zj_fact_id)id, true, &s->statements[id][UPDATE_WITH_FIRST].sql);
    }
    return &s->sink;
}
