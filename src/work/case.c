/* Cases in the store: reading one for somebody, writing it back. */
#include "work/case.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/crypto.h"

enum { VALUES_MAX = 24 };

struct zj_value zj_value_int(const char *column, int64_t value)
{
    return (struct zj_value){.column = column, .type = ZJ_VALUE_INT, .num = value};
}

struct zj_value zj_value_text(const char *column, const char *text)
{
    return (struct zj_value){
        .column = column, .type = ZJ_VALUE_TEXT, .bytes = zj_span_str(text ? text : "")};
}

static zj_err next_id(struct zj_desk *desk, const char *table, int64_t *out)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT max(id) FROM %s", table);
    zj_err err = zj_store_query_int(desk->job, desk->store, sql, 0, out);
    ++*out;
    return err;
}

/* INSERT or UPDATE of all columns: $1 is the id, then the values, then the hash. */
static const char *put_sql(struct zj_desk *desk, const char *table, bool is_new,
                           const struct zj_value *values, size_t count)
{
    struct zj_buf sql = {0};
    zj_buf_printf(&sql, is_new ? "INSERT INTO %s (id" : "UPDATE %s SET ", table);
    for (size_t i = 0; i < count; i++)
        if (is_new)
            zj_buf_printf(&sql, ", %s", values[i].column);
        else
            zj_buf_printf(&sql, "%s = $%zu, ", values[i].column, i + 2);
    if (is_new) {
        zj_buf_str(&sql, ", row_hash) VALUES ($1");
        for (size_t i = 0; i <= count; i++)
            zj_buf_printf(&sql, ", $%zu", i + 2);
        zj_buf_byte(&sql, ')');
    } else {
        zj_buf_printf(&sql, "row_hash = $%zu WHERE id = $1", count + 2);
    }
    const char *text = zj_arena_span(&desk->job->arena, zj_buf_all(&sql));
    zj_buf_release(&sql);
    return text;
}

zj_err zj_work_row_put(struct zj_desk *desk, const char *table, int64_t *id, bool is_new,
                       int64_t org_id, const struct zj_value *values, size_t count,
                       const char *note)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    uint8_t hash[ZJ_SM3_BYTES];
    assert(count <= VALUES_MAX);
    zj_err err = is_new && !*id ? next_id(desk, table, id) : ZJ_OK;
    if (!err)
        err = zj_store_prepare(desk->job, desk->store, put_sql(desk, table, is_new, values, count),
                               &stmt);
    if (err)
        return err;
    zj_store_row_hash(desk->store, table, values, count, hash);
    zj_stmt_bind_int(stmt, 1, *id);
    for (size_t i = 0; i < count; i++)
        if (values[i].type == ZJ_VALUE_INT)
            zj_stmt_bind_int(stmt, (int)i + 2, values[i].num);
        else
            zj_stmt_bind_span(stmt, (int)i + 2, values[i].bytes);
    zj_stmt_bind_blob(stmt, (int)count + 2, zj_span_of(hash, sizeof hash));
    err = zj_stmt_run(desk->job, stmt);
    const struct zj_audit_entry entry = {.org_id = org_id,
                                         .action = is_new ? "insert" : "update",
                                         .object = table,
                                         .row_id = *id,
                                         .row_hash = zj_span_of(hash, sizeof hash),
                                         .note = zj_span_str(note ? note : "")};
    return err ? err : zj_audit_append(desk->job, desk->store, &entry);
}

static zj_err put_case(struct zj_desk *desk, struct zj_case *c, bool is_new, const char *note)
{
    const struct zj_value values[] = {
        zj_value_text("type", c->type->name),
        zj_value_int("org_id", c->org_id),
        zj_value_int("opener_org_id", c->opener_org_id),
        zj_value_text("opener", c->opener),
        zj_value_text("opener_side", c->opener_side),
        zj_value_text("register", c->type->reg),
        zj_value_int("row_id", c->row_id),
        zj_value_text("subject", c->subject),
        zj_value_text("title", c->title),
        zj_value_text("state", c->state->name),
        zj_value_text("side", zj_party_name(c->state->side)),
        zj_value_int("round", c->round),
        zj_value_int("opened_at", c->opened_at),
        zj_value_int("submitted_at", c->submitted_at),
        zj_value_int("state_at", c->state_at),
        zj_value_int("due_at", c->due_at),
        zj_value_int("closed_at", c->closed_at),
        zj_value_text("number", c->number),
        zj_value_text("assignee", c->assignee),
        zj_value_int("version", c->version),
    };
    char key[24];
    zj_err err = zj_work_row_put(desk, "work_case", &c->id, is_new, c->org_id, values,
                                 ZJ_COUNT(values), note);
    snprintf(key, sizeof key, "%lld", (long long)c->id);
    return err ? err
               : zj_store_mark_dirty(desk->job, desk->store, "work_case", zj_span_str(key));
}

zj_err zj_case_insert(struct zj_desk *desk, struct zj_case *c)
{
    return put_case(desk, c, true, c->type->name);
}

zj_err zj_case_save(struct zj_desk *desk, struct zj_case *c, const char *note)
{
    c->version++;
    return put_case(desk, c, false, note);
}

unsigned zj_opener_party(const struct zj_case *c)
{
    return strcmp(c->opener_side, "bureau") == 0 ? ZJ_PARTY_BUREAU : ZJ_PARTY_COMPANY;
}

static zj_err no_such_case(struct zj_desk *desk, int64_t id)
{
    return zj_fail(desk->job, ZJ_ENOTFOUND, zj_tr(desk->job, "no case %lld", "没有事项 %lld"),
                   (long long)id);
}

const char *zj_side_name(const struct zj_case *c, unsigned party)
{
    return party == ZJ_PARTY_EXPERT && c->is_companys_guest ? "assessor" : zj_party_name(party);
}

static zj_err is_granted(struct zj_desk *desk, struct zj_case *c, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT kind FROM work_grant WHERE case_id = $1 AND user_id = $2"
                                  " AND round = $3 AND (until = 0 OR until > $4)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_int(stmt, 2, desk->who.user_id);
    zj_stmt_bind_int(stmt, 3, c->round);
    zj_stmt_bind_int(stmt, 4, zj_now_us(desk->job));
    err = zj_stmt_step(desk->job, stmt, out);
    c->is_companys_guest =
        !err && *out && zj_span_eq_str(zj_stmt_text(stmt, 0), "assessor");
    return err;
}

/* As what the caller stands at the case; NONE: he may not know of it. */
static zj_err party_of(struct zj_desk *desk, struct zj_case *c, unsigned *out)
{
    const bool is_known_to_all = c->submitted_at > 0;
    bool has_grant = false;
    zj_err err = ZJ_OK;
    *out = ZJ_PARTY_NONE;
    if (desk->who.is_bureau || desk->who.sees_all) {
        if (is_known_to_all || zj_opener_party(c) == ZJ_PARTY_BUREAU)
            *out = ZJ_PARTY_BUREAU;
    } else if (desk->who.org_id && desk->who.org_id == c->org_id) {
        if (is_known_to_all || zj_opener_party(c) == ZJ_PARTY_COMPANY)
            *out = ZJ_PARTY_COMPANY;
    } else if (desk->who.user_id) {
        err = is_granted(desk, c, &has_grant);
        if (has_grant && (is_known_to_all || c->is_companys_guest))
            *out = ZJ_PARTY_EXPERT;
    }
    return err;
}

static const char *keep(struct zj_desk *desk, const struct zj_stmt *row, int col)
{
    return zj_arena_span(&desk->job->arena, zj_stmt_text(row, col));
}

static zj_err read_case(struct zj_desk *desk, const struct zj_stmt *row, struct zj_case *c)
{
    *c = (struct zj_case){
        .id = zj_stmt_int(row, 0),
        .org_id = zj_stmt_int(row, 2),
        .opener_org_id = zj_stmt_int(row, 3),
        .opener = keep(desk, row, 4),
        .opener_side = keep(desk, row, 5),
        .row_id = zj_stmt_int(row, 6),
        .subject = keep(desk, row, 7),
        .title = keep(desk, row, 8),
        .round = zj_stmt_int(row, 10),
        .opened_at = zj_stmt_int(row, 11),
        .submitted_at = zj_stmt_int(row, 12),
        .state_at = zj_stmt_int(row, 13),
        .due_at = zj_stmt_int(row, 14),
        .closed_at = zj_stmt_int(row, 15),
        .number = keep(desk, row, 16),
        .assignee = keep(desk, row, 17),
        .version = zj_stmt_int(row, 18),
        .type = zj_case_type_find(keep(desk, row, 1)),
    };
    if (c->type) {
        c->state = zj_case_state_find(c->type, keep(desk, row, 9));
        c->reg = zj_register_find(c->type->reg);
    }
    if (!c->type || !c->state || !c->reg)
        return zj_fail(desk->job, ZJ_EBUG, "case %lld: its type or state is not known here",
                       (long long)c->id);
    return ZJ_OK;
}

zj_err zj_case_load(struct zj_desk *desk, int64_t id, struct zj_case *out, unsigned *out_party)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        "SELECT id, type, org_id, opener_org_id, opener, opener_side, row_id, subject, title,"
        " state, round, opened_at, submitted_at, state_at, due_at, closed_at, number, assignee,"
        " version FROM work_case WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && !has_row)
        return no_such_case(desk, id);
    if (!err)
        err = read_case(desk, stmt, out);
    if (!err)
        err = party_of(desk, out, out_party);
    if (!err && *out_party == ZJ_PARTY_NONE)
        return no_such_case(desk, id);
    return err;
}

struct standing {
    bool has_case, is_discarded, is_handed_in, is_bureaus;
};

static zj_err case_of_row(struct zj_job *job, struct zj_store *store, const char *reg,
                          int64_t row_id, struct standing *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT submitted_at, opener_side, state FROM work_case"
                                  " WHERE register = $1 AND row_id = $2",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, reg);
    zj_stmt_bind_int(stmt, 2, row_id);
    *out = (struct standing){0};
    err = zj_stmt_step(job, stmt, &out->has_case);
    if (err || !out->has_case)
        return err;
    out->is_handed_in = zj_stmt_int(stmt, 0) > 0;
    out->is_bureaus = zj_span_eq_str(zj_stmt_text(stmt, 1), "bureau");
    out->is_discarded = zj_span_eq_str(zj_stmt_text(stmt, 2), "discarded");
    return ZJ_OK;
}

zj_err zj_work_row_is_free(struct zj_job *job, struct zj_store *store, const char *reg,
                           int64_t row_id, bool *out_is_free)
{
    struct standing at;
    zj_err err = case_of_row(job, store, reg, row_id, &at);
    if (!err)
        *out_is_free = !at.has_case || (!at.is_handed_in && !at.is_bureaus);
    return err;
}

zj_err zj_work_row_may_go(struct zj_job *job, struct zj_store *store, const char *reg,
                          int64_t row_id, bool *out_may_go)
{
    struct standing at;
    zj_err err = case_of_row(job, store, reg, row_id, &at);
    if (!err)
        *out_may_go = !at.has_case || (at.is_discarded && !at.is_bureaus);
    return err;
}
