/* A million rows must stay cheap: who holds a value is kept as sixteen bytes in a table by its hash,
 * and the row behind it is read only where two seem to be alike. What is told is so always what
 * stands in the store, but in a dry run, whose rows stand nowhere. */
#include "register/doubt.h"

#include <stdio.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/hash.h"

enum { SLOTS_FIRST = 1 << 10, SLOTS_MAX = 1 << 22, VALUE_BYTES = 64 };

struct slot {
    uint64_t hash;    /* of the value; 0: nobody's */
    uint32_t id, row; /* who holds it; id 0: in no table, row 0: of no file */
};

struct holders {
    struct slot *slots;
    size_t count, room;
};

struct missing {
    struct zj_stmt *find;
    int64_t count, first_row;
    char value[VALUE_BYTES];
};

struct zj_doubts {
    struct zj_store *store;
    const struct zj_register *reg;
    struct zj_doubts_opts opts;
    char today[ZJ_TIME_TEXT];
    uint64_t seed;
    bool has_rows; /* there were some before */
    int64_t uncompared;
    struct zj_stmt *get[ZJ_FIELDS_MAX], *find[ZJ_FIELDS_MAX];
    struct holders holders[ZJ_FIELDS_MAX];
    struct missing missing[ZJ_FIELDS_MAX];
};

static void warn(struct zj_draft *draft, size_t field, const char *en, const char *zh)
{
    zj_row_fault_add(&draft->faults, (int)field, true, en, zh);
}

/* --- who holds a value ------------------------------------------------------------------------ */

static struct slot *find_slot(const struct holders *h, uint64_t hash)
{
    size_t at = (size_t)hash & (h->room - 1);
    while (h->slots[at].hash && h->slots[at].hash != hash)
        at = (at + 1) & (h->room - 1);
    return &h->slots[at];
}

static void widen(struct holders *h)
{
    const struct holders old = *h;
    h->room = old.room ? old.room * 2 : SLOTS_FIRST;
    h->slots = zj_alloc(h->room * sizeof *h->slots);
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].hash)
            *find_slot(h, old.slots[i].hash) = old.slots[i];
    free(old.slots);
}

/* Where the hash stands or is to stand; NULL: there is no room for it any more. */
static struct slot *place_of(struct zj_doubts *d, struct holders *h, uint64_t hash)
{
    if (h->count * 8 >= h->room * 7 && h->room < SLOTS_MAX)
        widen(h);
    struct slot *slot = find_slot(h, hash);
    if (!slot->hash && h->count * 8 >= h->room * 7) {
        d->uncompared++;
        return NULL;
    }
    return slot;
}

static void hold(struct holders *h, struct slot *slot, uint64_t hash, int64_t id, int64_t row)
{
    h->count += slot->hash == 0;
    *slot = (struct slot){hash, id > 0 && id <= UINT32_MAX ? (uint32_t)id : 0,
                          row > 0 && row <= UINT32_MAX ? (uint32_t)row : 0};
}

static uint64_t hash_of(const struct zj_doubts *d, struct zj_span value)
{
    return zj_hash(value, d->seed) | 1;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Statements over the field: who of the others holds a value; what row `id` holds. */
static zj_err prepare_alike(struct zj_job *job, struct zj_doubts *d, size_t field)
{
    const struct zj_register *reg = d->reg;
    const char *key = reg->fields[zj_register_key(reg)].name, *name = reg->fields[field].name;
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT %s FROM reg_%s WHERE %s = $1 AND org_id = $2 AND deleted_at = 0 AND id <> $3 "
             "LIMIT 1",
             key, reg->name, name);
    zj_err err = zj_store_prepare(job, d->store, sql, &d->find[field]);
    snprintf(sql, sizeof sql, "SELECT %s, %s FROM reg_%s WHERE id = $1 AND deleted_at = 0", key,
             name, reg->name);
    return err ? err : zj_store_prepare(job, d->store, sql, &d->get[field]);
}

static zj_err hold_stored(struct zj_job *job, struct zj_doubts *d, size_t field)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL;
    char sql[192];
    bool has_row = true;
    snprintf(sql, sizeof sql,
             "SELECT id, %s FROM reg_%s WHERE org_id = $1 AND deleted_at = 0 AND %s IS NOT NULL",
             d->reg->fields[field].name, d->reg->name, d->reg->fields[field].name);
    zj_err err = zj_store_prepare(job, d->store, sql, &rows);
    if (err)
        return err;
    zj_stmt_bind_int(rows, 1, d->opts.org_id);
    while (!(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        const uint64_t hash = hash_of(d, zj_stmt_text(rows, 1));
        struct slot *slot = place_of(d, &d->holders[field], hash);
        if (slot && !slot->hash)
            hold(&d->holders[field], slot, hash, zj_stmt_int(rows, 0), 0);
    }
    return err;
}

static zj_err has_any(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                      int64_t org_id, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT 1 FROM reg_%s WHERE org_id = $1 AND deleted_at = 0 LIMIT 1",
             reg->name);
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    return zj_stmt_step(job, stmt, out);
}

/* A register that has no rows yet misses none. */
static zj_err prepare_known(struct zj_job *job, struct zj_doubts *d, size_t field)
{
    const struct zj_register *to = zj_register_find(d->reg->fields[field].known_in);
    char sql[192];
    bool has_rows = false;
    zj_err err = has_any(job, d->store, to, d->opts.org_id, &has_rows);
    if (err || !has_rows)
        return err;
    snprintf(sql, sizeof sql,
             "SELECT 1 FROM reg_%s WHERE %s = $1 AND org_id = $2 AND deleted_at = 0", to->name,
             to->fields[zj_register_key(to)].name);
    return zj_store_prepare(job, d->store, sql, &d->missing[field].find);
}

static zj_err prepare(struct zj_job *job, struct zj_doubts *d)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < d->reg->field_count && !err; i++) {
        const struct zj_field *f = &d->reg->fields[i];
        if (f->flags & ZJ_FIELD_LONE) {
            err = has_any(job, d->store, d->reg, d->opts.org_id, &d->has_rows);
            if (!err)
                err = prepare_alike(job, d, i);
            if (!err && d->opts.has_no_index && d->has_rows)
                err = hold_stored(job, d, i);
        }
        if (!err && f->known_in)
            err = prepare_known(job, d, i);
    }
    return err;
}

zj_err zj_doubts_open(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                      const struct zj_doubts_opts *opts, struct zj_doubts **out)
{
    ZJ_AUTO(zj_doubts_closep) struct zj_doubts *d = zj_alloc(sizeof *d);
    d->store = store;
    d->reg = reg;
    d->opts = *opts;
    zj_date_format(zj_date_of_time(zj_now_ns(job)), d->today);
    zj_random(&d->seed, sizeof d->seed);
    zj_err err = prepare(job, d);
    if (!err)
        *out = ZJ_TAKE(d);
    return err;
}

void zj_doubts_close(struct zj_doubts *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < ZJ_FIELDS_MAX; i++) {
        zj_stmt_release(d->get[i]);
        zj_stmt_release(d->find[i]);
        zj_stmt_release(d->missing[i].find);
        free(d->holders[i].slots);
    }
    free(d);
}

/* --- one row ---------------------------------------------------------------------------------- */

static void tell_alike(const struct zj_doubts *d, size_t field, uint32_t row, struct zj_span key,
                       struct zj_draft *draft)
{
    const struct zj_field *f = &d->reg->fields[field];
    const struct zj_field *k = &d->reg->fields[zj_register_key(d->reg)];
    const int len = (int)key.len;
    const char *at = (const char *)key.at;
    char en[300], zh[300];
    if (row && key.len) {
        snprintf(en, sizeof en, "row %u (%s %.*s) has the same %s: check which is right", row, k->en,
                 len, at, f->en);
        snprintf(zh, sizeof zh, "与第 %u 行（%s %.*s）的%s相同，请核对。", row, k->zh, len, at, f->zh);
    } else if (row) {
        snprintf(en, sizeof en, "row %u has the same %s: check which is right", row, f->en);
        snprintf(zh, sizeof zh, "与第 %u 行的%s相同，请核对。", row, f->zh);
    } else {
        snprintf(en, sizeof en, "%s %.*s has the same %s: check which is right", k->en, len, at,
                 f->en);
        snprintf(zh, sizeof zh, "与已登记的 %s %.*s 的%s相同，请核对。", k->zh, len, at, f->zh);
    }
    warn(draft, field, en, zh);
}

/* Whether row `slot->id` still holds the value; tells it then. */
static zj_err tell_holder(struct zj_job *job, struct zj_doubts *d, size_t field,
                          const struct slot *slot, struct zj_draft *draft, bool *out_holds)
{
    struct zj_stmt *get = d->get[field];
    bool has_row;
    zj_stmt_bind_int(get, 1, slot->id);
    zj_err err = zj_stmt_step(job, get, &has_row);
    *out_holds = !err && has_row && zj_span_eq(zj_stmt_text(get, 1), draft->cells[field]);
    if (*out_holds)
        tell_alike(d, field, slot->row, zj_stmt_text(get, 0), draft);
    zj_stmt_reset(get);
    return err;
}

static zj_err find_stored(struct zj_job *job, struct zj_doubts *d, size_t field, int64_t id,
                          struct zj_draft *draft)
{
    struct zj_stmt *find = d->find[field];
    bool has_row;
    zj_stmt_bind_span(find, 1, draft->cells[field]);
    zj_stmt_bind_int(find, 2, d->opts.org_id);
    zj_stmt_bind_int(find, 3, id);
    zj_err err = zj_stmt_step(job, find, &has_row);
    if (!err && has_row)
        tell_alike(d, field, 0, zj_stmt_text(find, 0), draft);
    zj_stmt_reset(find);
    return err;
}

static zj_err check_alike(struct zj_job *job, struct zj_doubts *d, size_t field, int64_t id,
                          int64_t row, struct zj_draft *draft)
{
    struct holders *h = &d->holders[field];
    zj_err err = ZJ_OK;
    bool holds = false;
    if (d->opts.is_import) {
        const uint64_t hash = hash_of(d, draft->cells[field]);
        struct slot *slot = place_of(d, h, hash);
        const bool is_other = slot && slot->hash && (!id || slot->id != id);
        if (is_other && slot->id) {
            err = tell_holder(job, d, field, slot, draft, &holds);
        } else if (is_other) {
            holds = true;
            tell_alike(d, field, slot->row, (struct zj_span){0}, draft);
        }
        if (slot && !holds)
            hold(h, slot, hash, d->opts.is_dry ? 0 : id, row);
    }
    if (!err && !holds && d->has_rows && !d->opts.has_no_index)
        err = find_stored(job, d, field, id, draft);
    return err;
}

static zj_err check_known(struct zj_job *job, struct zj_doubts *d, size_t field, int64_t row,
                          struct zj_draft *draft, bool *out_in_sum)
{
    const struct zj_register *to = zj_register_find(d->reg->fields[field].known_in);
    struct missing *m = &d->missing[field];
    bool is_found;
    zj_stmt_bind_span(m->find, 1, draft->cells[field]);
    zj_stmt_bind_int(m->find, 2, d->opts.org_id);
    zj_err err = zj_stmt_step(job, m->find, &is_found);
    zj_stmt_reset(m->find);
    if (err || is_found)
        return err;
    if (!d->opts.is_import) {
        char en[200], zh[200];
        snprintf(en, sizeof en, "in no row of '%s': add it there, or correct it", to->en);
        snprintf(zh, sizeof zh, "“%s”登记表中没有，请先登记或更正。", to->zh);
        warn(draft, field, en, zh);
        return ZJ_OK;
    }
    *out_in_sum = true;
    if (m->count++ == 0) {
        m->first_row = row;
        snprintf(m->value, sizeof m->value, "%.*s", (int)draft->cells[field].len,
                 (const char *)draft->cells[field].at);
    }
    return ZJ_OK;
}

static void check_past(const struct zj_doubts *d, size_t field, struct zj_draft *draft)
{
    const struct zj_span cell = draft->cells[field];
    char en[120], zh[120];
    if (cell.len < 10 || memcmp(cell.at, d->today, 10) <= 0)
        return;
    snprintf(en, sizeof en, "lies ahead, yet tells what was done; today is %s", d->today);
    snprintf(zh, sizeof zh, "晚于今天（%s），请核对。", d->today);
    warn(draft, field, en, zh);
}

/* A range with more addresses than any network of one organisation: 0.0.0.0/0 would declare all. */
static void check_ranges(size_t field, struct zj_draft *draft)
{
    struct zj_span list = draft->cells[field], item;
    struct zj_endpoint endpoint;
    while (zj_list_next(&list, &item)) {
        if (!zj_endpoint_parse(item, &endpoint) || endpoint.is_host)
            continue;
        const size_t first = zj_addr_is_v4(&endpoint.lo) ? 12 : 0; /* of the address's bytes */
        if (endpoint.lo.bytes[first] == endpoint.hi.bytes[first])
            continue;
        warn(draft, field, "holds a range wider than any one network has: all of it counts as declared",
             "含有过大的地址范围，其中的所有地址都会视为已申报，请核对。");
        return;
    }
}

zj_err zj_doubts_check(struct zj_job *job, struct zj_doubts *d, int64_t id, int64_t row,
                       struct zj_draft *draft, bool *out_in_sum)
{
    zj_err err = ZJ_OK;
    *out_in_sum = false;
    for (size_t i = 0; i < d->reg->field_count && !err; i++) {
        const struct zj_field *f = &d->reg->fields[i];
        const char *zh = NULL, *en;
        if (draft->cells[i].len == 0)
            continue;
        if (f->doubt && (en = f->doubt(draft->cells[i], &zh)) != NULL)
            warn(draft, i, en, zh);
        if (f->type == ZJ_FIELD_ENDPOINTS)
            check_ranges(i, draft);
        if (f->flags & ZJ_FIELD_PAST)
            check_past(d, i, draft);
        if (f->flags & ZJ_FIELD_LONE)
            err = check_alike(job, d, i, id, row, draft);
        if (!err && d->missing[i].find)
            err = check_known(job, d, i, row, draft, out_in_sum);
    }
    return err;
}

/* --- in sum ----------------------------------------------------------------------------------- */

void zj_doubts_tell(const struct zj_doubts *d,
                    void (*tell)(void *ctx, int64_t row, const struct zj_row_fault *fault,
                                 struct zj_span value),
                    void *ctx)
{
    struct zj_row_fault fault = {.field = -1, .is_warning = true};
    for (size_t i = 0; i < d->reg->field_count; i++) {
        const struct missing *m = &d->missing[i];
        if (m->count == 0)
            continue;
        const struct zj_register *to = zj_register_find(d->reg->fields[i].known_in);
        fault.field = (int)i;
        snprintf(fault.en, sizeof fault.en,
                 "in no row of '%s'; so is the %s of %lld rows, this the first: add them there, or "
                 "correct it",
                 to->en, d->reg->fields[i].en, (long long)m->count);
        snprintf(fault.zh, sizeof fault.zh,
                 "“%s”登记表中没有，本文件共有 %lld 行的%s如此（此为首行），请先登记或更正。", to->zh,
                 (long long)m->count, d->reg->fields[i].zh);
        tell(ctx, m->first_row, &fault, zj_span_str(m->value));
    }
    if (d->uncompared == 0)
        return;
    fault.field = -1;
    snprintf(fault.en, sizeof fault.en, "too many rows: %lld values were not compared with others",
             (long long)d->uncompared);
    snprintf(fault.zh, sizeof fault.zh, "行数过多，有 %lld 个值未参与重复比对。",
             (long long)d->uncompared);
    tell(ctx, 0, &fault, (struct zj_span){0});
}
