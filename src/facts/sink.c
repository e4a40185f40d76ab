/* A sink that folds facts into the store. Rows are kept in memory and written in one short
 * transaction: other writers wait for a batch, never for the traffic. */
#include <stdio.h>

#include "base/progress.h"
#include "facts/tables.h"

enum {
    BATCH_ROWS = 10000,
    BATCH_NS = 1000000000,
    DIRTY_MAX = 2000, /* subjects of a kind in one batch; more: "anything in it" */
};

struct held_row {
    enum zj_fact_id kind;
    size_t cells_at; /* in cells */
};

struct facts_sink {
    struct zj_sink sink;
    struct zj_store *store;
    int64_t default_org;
    struct networks *networks;
    struct zj_geo *geo;
    bool is_ready;
    struct zj_hash *hash;
    struct zj_buf upsert[ZJ_FACT_KIND_COUNT];

    struct held_row rows[BATCH_ROWS];
    size_t row_count;
    struct zj_cell *cells;
    size_t cell_count, cell_cap;
    struct zj_buf bytes; /* texts of the cells: their spans hold offsets until they are written */
    int64_t first_ns;    /* when the first row of the batch came */

    size_t dirty_count[ZJ_FACT_KIND_COUNT];
    int64_t batch_us;
    struct zj_buf scratch, frame;
};

static bool has_text(enum zj_col_type type)
{
    return type == ZJ_COL_TEXT || type == ZJ_COL_HOST || type == ZJ_COL_BLOB;
}

static void hold(struct facts_sink *s, enum zj_fact_id id, const struct zj_cell *cells)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    if (s->cell_cap - s->cell_count < kind->col_count) {
        s->cell_cap = s->cell_cap ? 2 * s->cell_cap : 65536;
        s->cells = zj_realloc(s->cells, s->cell_cap * sizeof *s->cells);
    }
    s->rows[s->row_count++] = (struct held_row){id, s->cell_count};
    for (size_t i = 0; i < kind->col_count; i++) {
        struct zj_cell *cell = &s->cells[s->cell_count++];
        *cell = cells[i];
        if (!has_text(kind->cols[i].type))
            continue;
        cell->num = (int64_t)s->bytes.len;
        zj_buf_span(&s->bytes, cells[i].text);
    }
}

static void drop_batch(struct facts_sink *s)
{
    s->row_count = s->cell_count = s->bytes.len = 0;
}

/* Everything a key is made of, with lengths, so that "ab","c" is not "a","bc". */
static void key_of(struct facts_sink *s, const struct zj_fact_kind *kind, const struct zj_cell *cells,
                   uint8_t out[ZJ_SHA256_BYTES])
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

static int64_t owner_of(struct facts_sink *s, enum zj_fact_id id, const struct zj_cell *cells)
{
    const int *own = zj_fact_tables[id].own_side;
    for (int i = 0; i < 2; i++) {
        const int64_t org_id = own[i] < 0 ? 0 : zj_networks_find(s->networks, &cells[own[i]].addr);
        if (org_id)
            return org_id;
    }
    return s->default_org;
}

static bool is_zero(const struct zj_addr *addr)
{
    static const struct zj_addr zero;
    return zj_addr_eq(addr, &zero);
}

/* Text stays readable until the step: `texts` has room for an address and its key a column. */
struct address_text {
    char text[ZJ_ADDR_TEXT], key[ZJ_ADDR_KEY];
};

static int bind_cell(struct facts_sink *s, struct zj_stmt *stmt, int at, const struct zj_col *col,
                     const struct zj_cell *cell, struct address_text *text)
{
    struct zj_addr addr;
    switch (col->type) {
    case ZJ_COL_TEXT:
        zj_stmt_bind_span(stmt, at, cell->text);
        return at + 1;
    case ZJ_COL_HOST:
        text->key[0] = '\0';
        if (zj_addr_parse(cell->text, &addr))
            zj_addr_key(&addr, text->key);
        zj_stmt_bind_span(stmt, at, cell->text);
        zj_stmt_bind_str(stmt, at + 1, text->key);
        return at + 2;
    case ZJ_COL_INT:
        zj_stmt_bind_int(stmt, at, cell->num);
        return at + 1;
    case ZJ_COL_BOOL:
        zj_stmt_bind_int(stmt, at, cell->num != 0);
        return at + 1;
    case ZJ_COL_TIME:
        zj_stmt_bind_int(stmt, at, cell->num / 1000);
        return at + 1;
    case ZJ_COL_ADDR:
        text->text[0] = text->key[0] = '\0';
        if (!is_zero(&cell->addr)) {
            zj_addr_format(&cell->addr, text->text);
            zj_addr_key(&cell->addr, text->key);
        }
        zj_stmt_bind_str(stmt, at, text->text);
        zj_stmt_bind_str(stmt, at + 1, text->key);
        return at + 2;
    case ZJ_COL_BLOB:
        s->frame.len = 0;
        if (cell->text.len) {
            zj_store_encrypt(s->store, "fact.ev_frame", cell->text, &s->frame);
            zj_stmt_bind_blob(stmt, at, zj_buf_all(&s->frame));
        } else {
            zj_stmt_bind_null(stmt, at);
        }
        return at + 1;
    }
    return at + 1;
}

static void subject_of(enum zj_fact_id id, const struct zj_cell *cells, struct zj_buf *out)
{
    const struct fact_table *table = &zj_fact_tables[id];
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    char text[ZJ_ADDR_TEXT];
    out->len = 0;
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

static zj_err write_row(struct facts_sink *s, struct zj_job *job, enum zj_fact_id id,
                        const struct zj_cell *cells)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    const int place_of = zj_fact_tables[id].place_of;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct address_text texts[4];
    char country[ZJ_COUNTRY_TEXT];
    uint8_t key[ZJ_SHA256_BYTES];
    size_t text_count = 0;
    bool has_row = false;
    int at = 4;
    zj_err err = zj_store_prepare(job, s->store, zj_buf_cstr(&s->upsert[id]), &stmt);
    if (err)
        return err;
    key_of(s, kind, cells, key);
    zj_stmt_bind_int(stmt, 1, owner_of(s, id, cells));
    zj_stmt_bind_blob(stmt, 2, zj_span_of(key, FACT_KEY_BYTES));
    zj_stmt_bind_int(stmt, 3, s->batch_us);
    for (size_t i = 0; i < kind->col_count; i++) {
        at = bind_cell(s, stmt, at, &kind->cols[i], &cells[i], &texts[text_count]);
        text_count += zj_fact_has_key_column(&kind->cols[i]);
    }
    if (place_of >= 0) {
        zj_geo_country(s->geo, &cells[place_of].addr, country);
        zj_stmt_bind_str(stmt, at, country);
    }
    err = zj_stmt_step(job, stmt, &has_row);
    const bool is_changed = !err && has_row && zj_stmt_int(stmt, 0) == s->batch_us;
    return is_changed ? mark(s, job, id, cells) : err;
}

static zj_err write_rows(struct facts_sink *s, struct zj_job *job)
{
    for (size_t r = 0; r < s->row_count; r++) {
        const struct zj_fact_kind *kind = &zj_fact_kinds[s->rows[r].kind];
        struct zj_cell *cells = s->cells + s->rows[r].cells_at;
        for (size_t i = 0; i < kind->col_count; i++)
            if (has_text(kind->cols[i].type))
                cells[i].text.at = s->bytes.at + cells[i].num;
        zj_err err = write_row(s, job, s->rows[r].kind, cells);
        if (err)
            return zj_fail(job, err, "fact_%s", kind->name);
    }
    return ZJ_OK;
}

/* Each batch gets a time of its own: that is how a row tells whether this batch changed it. */
static void stamp(struct facts_sink *s, const struct zj_job *job)
{
    const int64_t now_us = zj_now_ns(job) / 1000;
    s->batch_us = now_us > s->batch_us ? now_us : s->batch_us + 1;
    memset(s->dirty_count, 0, sizeof s->dirty_count);
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
    stamp(s, job);
    err = write_rows(s, job);
    if (!err)
        err = zj_store_commit(job, s->store);
    zj_store_rollback(s->store);
    return err;
}

static zj_err facts_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    if (s->row_count == 0)
        return ZJ_OK;
    zj_err err = write_batch(s, job);
    drop_batch(s); /* what failed is told, and not tried for ever */
    return err ? zj_fail(job, err, "%s", zj_tr(job, "storing observations", "写入观测数据")) : ZJ_OK;
}

static zj_err facts_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    const int64_t now_ns = zj_tick_ns();
    if (s->row_count == 0)
        s->first_ns = now_ns;
    hold(s, kind, cells);
    return s->row_count == BATCH_ROWS || now_ns - s->first_ns >= BATCH_NS ? facts_flush(sink, job)
                                                                          : ZJ_OK;
}

static void facts_free(struct zj_sink *sink)
{
    struct facts_sink *s = (struct facts_sink *)sink;
    for (size_t i = 0; i < ZJ_COUNT(s->upsert); i++)
        zj_buf_release(&s->upsert[i]);
    zj_networks_free(s->networks);
    zj_geo_close(s->geo);
    zj_hash_free(s->hash);
    free(s->cells);
    zj_buf_release(&s->bytes);
    zj_buf_release(&s->scratch);
    zj_buf_release(&s->frame);
    free(s);
}

struct zj_sink *zj_facts_sink(struct zj_store *store, int64_t default_org)
{
    struct facts_sink *s = zj_alloc(sizeof *s);
    s->sink = (struct zj_sink){.fact = facts_fact, .flush = facts_flush, .free = facts_free};
    s->store = store;
    s->default_org = default_org;
    s->networks = zj_networks_new();
    s->hash = zj_hash_new(ZJ_HASH_SHA256);
    for (size_t i = 0; i < ZJ_COUNT(s->upsert); i++)
        zj_fact_upsert_sql((enum zj_fact_id)i, &s->upsert[i]);
    return &s->sink;
}
