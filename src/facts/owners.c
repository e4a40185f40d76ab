/* Whose a fact is that no network tells: the only company's, or that of the organisation whose
 * registers have the vehicle or the card. */
#include "facts/tables.h"

zj_err zj_owners_only(struct zj_job *job, struct zj_store *store, int64_t *out)
{
    return zj_store_query_int(job, store,
                              "SELECT CASE WHEN count(*) = 1 THEN min(id) ELSE 0 END "
                              "FROM reg_organisations WHERE deleted_at = 0 AND "
                              "COALESCE(kinds, '') NOT LIKE '%bureau%' AND "
                              "COALESCE(kinds, '') <> 'assessor'",
                              0, out);
}

zj_err zj_facts_only_org(struct zj_job *job, struct zj_store *store, int64_t *out)
{
    bool has_register;
    *out = 0;
    zj_err err = zj_store_has_table(job, store, "reg_organisations", &has_register);
    return err || !has_register ? err : zj_owners_only(job, store, out);
}

static zj_err ask_owner(struct zj_job *job, struct zj_store *store, const char *sql,
                        struct zj_span number, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    if (!number.len || *out)
        return ZJ_OK;
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, number);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && has_row)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

/* Two organisations may have declared one number: then it tells nothing. */
#define OWNER_OF(register, column, number)                                                         \
    "SELECT min(org_id) FROM " register " WHERE " column " = " number                              \
                                        " AND deleted_at = 0 HAVING min(org_id) = max(org_id)"

zj_err zj_owners_declared(struct zj_job *job, struct zj_store *store, enum zj_fact_id id,
                          const struct zj_cell *cells, int64_t *out)
{
    struct zj_span vin = {0}, iccid = {0};
    *out = 0;
    if (id == ZJ_FACT_IDENTITY) {
        vin = cells[ZJ_ID_VIN].text;
        iccid = cells[ZJ_ID_ICCID].text;
    } else if (id == ZJ_FACT_DETECTION && zj_span_eq_str(cells[ZJ_DT_SUBJECT_KIND].text, "vin")) {
        vin = cells[ZJ_DT_SUBJECT].text;
    }
    zj_err err = ask_owner(job, store, OWNER_OF("reg_vehicles", "vin", "$1"), vin, out);
    if (!err)
        err = ask_owner(job, store, OWNER_OF("reg_cards", "vin", "$1"), vin, out);
    return err ? err : ask_owner(job, store, OWNER_OF("reg_cards", "iccid", "$1"), iccid, out);
}

static zj_err run(struct zj_job *job, struct zj_store *store, const char *table, const char *sql,
                  bool *out_moved)
{
    zj_err err = zj_store_exec(job, store, sql);
    if (err || zj_store_changes(store) == 0)
        return err;
    *out_moved = true;
    return zj_store_mark_dirty(job, store, table, (struct zj_span){0});
}

zj_err zj_owners_adopt(struct zj_job *job, struct zj_store *store, int64_t org_id, bool *out_moved)
{
    zj_err err = ZJ_OK;
    for (int id = 0; !err && id < ZJ_FACT_KIND_COUNT; id++) {
        const char *table = zj_arena_printf(&job->arena, "fact_%s", zj_fact_kinds[id].name);
        err = run(job, store, table,
                  zj_arena_printf(&job->arena,
                                  "UPDATE %s SET org_id = %lld WHERE org_id = 0 AND NOT EXISTS "
                                  "(SELECT 1 FROM %s AS o WHERE o.fact_key = %s.fact_key AND "
                                  "o.org_id = %lld%s)",
                                  table, (long long)org_id, table, table, (long long)org_id,
                                  zj_fact_same_order(job, (enum zj_fact_id)id)),
                  out_moved);
    }
    if (err)
        return err;
    return zj_store_exec(job, store,
                         zj_arena_printf(&job->arena,
                                         "UPDATE fact_seen SET org_id = %lld WHERE org_id = 0 AND "
                                         "NOT EXISTS (SELECT 1 FROM fact_seen AS o WHERE "
                                         "o.org_id = %lld AND o.ends = fact_seen.ends AND "
                                         "o.from_ns = fact_seen.from_ns)",
                                         (long long)org_id, (long long)org_id));
}

/* A column of what is nobody's that a register may have. */
static const struct claim {
    enum zj_fact_id id;
    const char *where;
    const char *owner;
} claims[] = {
    {ZJ_FACT_IDENTITY, "vin <> ''", OWNER_OF("reg_vehicles", "vin", "fact_identity.vin")},
    {ZJ_FACT_IDENTITY, "vin <> ''", OWNER_OF("reg_cards", "vin", "fact_identity.vin")},
    {ZJ_FACT_IDENTITY, "iccid <> ''", OWNER_OF("reg_cards", "iccid", "fact_identity.iccid")},
    {ZJ_FACT_DETECTION, "subject_kind = 'vin'",
     OWNER_OF("reg_vehicles", "vin", "fact_detection.subject")},
    {ZJ_FACT_DETECTION, "subject_kind = 'vin'",
     OWNER_OF("reg_cards", "vin", "fact_detection.subject")},
};

zj_err zj_owners_claim(struct zj_job *job, struct zj_store *store, bool *out_moved)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < ZJ_COUNT(claims); i++) {
        const struct claim *c = &claims[i];
        const char *table = zj_arena_printf(&job->arena, "fact_%s", zj_fact_kinds[c->id].name);
        err = run(job, store, table,
                  zj_arena_printf(&job->arena,
                                  "UPDATE %s SET org_id = (%s) WHERE org_id = 0 AND %s "
                                  "AND EXISTS (%s) AND NOT EXISTS (SELECT 1 FROM %s AS o WHERE "
                                  "o.fact_key = %s.fact_key%s AND o.org_id = (%s))",
                                  table, c->owner, c->where, c->owner, table, table,
                                  zj_fact_same_order(job, c->id), c->owner),
                  out_moved);
    }
    return err;
}

zj_err zj_facts_nobodys(struct zj_job *job, struct zj_store *store, int64_t *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_buf_str(&sql, "SELECT 0");
    for (int id = 0; id < ZJ_FACT_SENSOR; id++)
        zj_buf_printf(&sql, " + (SELECT count(*) FROM fact_%s WHERE org_id = 0)",
                      zj_fact_kinds[id].name);
    return zj_store_query_int(job, store, zj_buf_cstr(&sql), 0, out);
}
