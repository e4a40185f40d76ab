#include "facts/tables.h"

#include <stdio.h>

#define NONE -1

/* clang-format off */
static const char *const identity_indexes[] = {"iccid", "vin", "phone", "org_id", NULL};
static const char *const service_indexes[] = {"addr_key", "org_id", NULL};
static const char *const transfer_indexes[] = {"dst", "org_id", NULL};
static const char *const command_indexes[] = {"version", "host", "org_id", NULL};
static const char *const detection_indexes[] = {"rule", "org_id", NULL};
static const char *const hourly_indexes[] = {"hour", NULL};
static const char *const sensor_indexes[] = {NULL};

/* A day's first sighting counts as a change: rules tell when something was last seen. */
#define NEW_DAY "excluded.last_seen / 86400000000 > fact.last_seen / 86400000000"

const struct fact_table zj_fact_tables[ZJ_FACT_KIND_COUNT] = {
    [ZJ_FACT_IDENTITY] = {
        {ZJ_ID_SERVER, NONE}, NONE, {ZJ_ID_ICCID, ZJ_ID_PHONE, ZJ_ID_VIN}, false,
        "(fact.other_frames = 0 AND excluded.other_frames > 0) OR " NEW_DAY, identity_indexes},
    [ZJ_FACT_SERVICE] = {
        {ZJ_SV_ADDR, NONE}, NONE, {ZJ_SV_ADDR, ZJ_SV_PORT, NONE}, true,
        "fact.is_public < excluded.is_public OR fact.is_vehicle < excluded.is_vehicle OR " NEW_DAY,
        service_indexes},
    [ZJ_FACT_TRANSFER] = {
        {ZJ_TR_SRC, NONE}, ZJ_TR_DST, {ZJ_TR_DST, NONE, NONE}, false, NEW_DAY, transfer_indexes},
    [ZJ_FACT_COMMAND] = {
        {ZJ_CM_SENDER, NONE}, NONE, {ZJ_CM_VERSION, ZJ_CM_HOST, NONE}, false, NEW_DAY,
        command_indexes},
    [ZJ_FACT_DETECTION] = {
        {ZJ_DT_DST, ZJ_DT_SRC}, NONE, {ZJ_DT_RULE, NONE, NONE}, false, NEW_DAY, detection_indexes},
    [ZJ_FACT_HOURLY] = {
        {ZJ_HR_SERVER, NONE}, NONE, {NONE, NONE, NONE}, false, NULL, hourly_indexes},
    [ZJ_FACT_SENSOR] = {
        {NONE, NONE}, NONE, {NONE, NONE, NONE}, false, NULL, sensor_indexes},
};
/* clang-format on */

bool zj_fact_has_key_column(const struct zj_col *col)
{
    return col->type == ZJ_COL_ADDR || col->type == ZJ_COL_HOST;
}

static const char *sql_type(const struct zj_col *col)
{
    switch (col->type) {
    case ZJ_COL_TEXT:
    case ZJ_COL_HOST:
    case ZJ_COL_ADDR:
        return "TEXT NOT NULL DEFAULT ''";
    case ZJ_COL_INT:
    case ZJ_COL_BOOL:
    case ZJ_COL_TIME:
        return "INTEGER NOT NULL DEFAULT 0";
    case ZJ_COL_BLOB:
        return "BLOB";
    }
    return "TEXT";
}

static bool has_column(struct zj_span known, const char *name)
{
    struct zj_buf line = {0};
    zj_buf_printf(&line, "\n%s\n", name);
    const bool is_there = memmem(known.at, known.len, line.at, line.len) != NULL;
    zj_buf_release(&line);
    return is_there;
}

/* "\nid\norg_id\n…", empty where there is no such table. */
static zj_err known_columns(struct zj_job *job, struct zj_store *store, const char *table,
                            struct zj_buf *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool is_there;
    zj_err err = zj_store_has_table(job, store, table, &is_there);
    if (err || !is_there)
        return err;
    err = zj_store_prepare(job, store,
                           zj_arena_printf(&job->arena, "SELECT * FROM %s WHERE 1 = 0", table),
                           &stmt);
    if (err)
        return err;
    zj_buf_byte(out, '\n');
    for (int i = 0; i < zj_stmt_col_count(stmt); i++) {
        zj_buf_str(out, zj_stmt_col_name(stmt, i));
        zj_buf_byte(out, '\n');
    }
    return ZJ_OK;
}

static void create_sql(enum zj_fact_id id, struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    zj_buf_printf(sql,
                  "CREATE TABLE fact_%s (\n  id INTEGER PRIMARY KEY NOT NULL,\n"
                  "  org_id INTEGER NOT NULL,\n  fact_key BLOB NOT NULL,\n"
                  "  changed_at INTEGER NOT NULL",
                  kind->name);
    for (size_t i = 0; i < kind->col_count; i++) {
        zj_buf_printf(sql, ",\n  %s %s", kind->cols[i].name, sql_type(&kind->cols[i]));
        if (zj_fact_has_key_column(&kind->cols[i]))
            zj_buf_printf(sql, ",\n  %s_key TEXT NOT NULL DEFAULT ''", kind->cols[i].name);
    }
    if (zj_fact_tables[id].place_of != NONE)
        zj_buf_str(sql, ",\n  country TEXT NOT NULL DEFAULT ''");
    zj_buf_str(sql, ",\n  UNIQUE (fact_key, org_id)\n) STRICT;\n");
}

static void add_sql(enum zj_fact_id id, struct zj_span known, struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    for (size_t i = 0; i < kind->col_count; i++) {
        const struct zj_col *col = &kind->cols[i];
        if (has_column(known, col->name))
            continue;
        zj_buf_printf(sql, "ALTER TABLE fact_%s ADD COLUMN %s %s;\n", kind->name, col->name,
                      sql_type(col));
        if (zj_fact_has_key_column(col))
            zj_buf_printf(sql, "ALTER TABLE fact_%s ADD COLUMN %s_key TEXT NOT NULL DEFAULT '';\n",
                          kind->name, col->name);
    }
}

/* What has to be done for a kind; empty where the table is as it should be. */
static zj_err plan_table(struct zj_job *job, struct zj_store *store, enum zj_fact_id id,
                         struct zj_buf *sql)
{
    const struct fact_table *table = &zj_fact_tables[id];
    const char *name = zj_fact_kinds[id].name;
    ZJ_AUTO(zj_buf_release) struct zj_buf known = {0};
    zj_err err =
        known_columns(job, store, zj_arena_printf(&job->arena, "fact_%s", name), &known);
    if (err)
        return err;
    if (known.len == 0)
        create_sql(id, sql);
    else
        add_sql(id, zj_buf_all(&known), sql);
    for (size_t i = 0; sql->len && table->indexes[i]; i++)
        zj_buf_printf(sql, "CREATE INDEX IF NOT EXISTS fact_%s_%s ON fact_%s (%s);\n", name,
                      table->indexes[i], name, table->indexes[i]);
    return ZJ_OK;
}

static const char owner_sql[] = "CREATE TABLE IF NOT EXISTS fact_owner (\n"
                                "  addr_key TEXT PRIMARY KEY NOT NULL,\n"
                                "  org_id INTEGER NOT NULL\n) STRICT";

static zj_err make_tables(struct zj_job *job, struct zj_store *store, bool may_write,
                          bool *out_missing)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    *out_missing = false;
    for (int id = 0; id < ZJ_FACT_KIND_COUNT; id++) {
        sql.len = 0;
        zj_err err = plan_table(job, store, (enum zj_fact_id)id, &sql);
        if (!err && sql.len) {
            *out_missing = true;
            if (may_write)
                err = zj_store_exec(job, store, zj_buf_cstr(&sql));
        }
        if (err)
            return zj_fail(job, err, "fact_%s", zj_fact_kinds[id].name);
    }
    return ZJ_OK;
}

zj_err zj_facts_migrate(struct zj_job *job, struct zj_store *store)
{
    bool is_missing;
    zj_err err = make_tables(job, store, false, &is_missing); /* mostly all is there: no lock */
    if (!err && is_missing) {
        err = zj_store_begin(job, store);
        if (!err)
            err = make_tables(job, store, true, &is_missing);
        if (!err)
            err = zj_store_exec(job, store, owner_sql);
        if (!err)
            err = zj_store_commit(job, store);
        zj_store_rollback(store);
    }
    return err ? err : zj_facts_attribute(job, store);
}

static void fold_sql(const struct zj_col *col, const char *name, struct zj_buf *sql)
{
    const char *empty = col->type == ZJ_COL_TEXT || zj_fact_has_key_column(col) ? "''" : "0";
    switch (col->fold) {
    case ZJ_FOLD_KEY:
        break;
    case ZJ_FOLD_SUM:
        zj_buf_printf(sql, ", %s = fact.%s + excluded.%s", name, name, name);
        break;
    case ZJ_FOLD_MIN:
        zj_buf_printf(sql,
                      ", %s = CASE WHEN excluded.%s <> 0 AND (excluded.%s < fact.%s OR fact.%s = 0)"
                      " THEN excluded.%s ELSE fact.%s END",
                      name, name, name, name, name, name, name);
        break;
    case ZJ_FOLD_MAX:
        zj_buf_printf(sql,
                      ", %s = CASE WHEN excluded.%s > fact.%s THEN excluded.%s ELSE fact.%s END",
                      name, name, name, name, name);
        break;
    case ZJ_FOLD_FIRST:
        if (col->type == ZJ_COL_BLOB)
            zj_buf_printf(sql, ", %s = COALESCE(fact.%s, excluded.%s)", name, name, name);
        else
            zj_buf_printf(sql, ", %s = CASE WHEN fact.%s = %s THEN excluded.%s ELSE fact.%s END",
                          name, name, empty, name, name);
        break;
    case ZJ_FOLD_LAST:
        zj_buf_printf(sql, ", %s = CASE WHEN excluded.%s = %s THEN fact.%s ELSE excluded.%s END",
                      name, name, empty, name, name);
        break;
    }
}

static void fold_all_sql(const struct zj_fact_kind *kind, struct zj_buf *sql)
{
    for (size_t i = 0; i < kind->col_count; i++) {
        const struct zj_col *col = &kind->cols[i];
        char key[80];
        fold_sql(col, col->name, sql);
        if (!zj_fact_has_key_column(col))
            continue;
        snprintf(key, sizeof key, "%s_key", col->name);
        fold_sql(col, key, sql);
    }
}

void zj_fact_upsert_sql(enum zj_fact_id id, struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    const struct fact_table *table = &zj_fact_tables[id];
    int param = 3;
    zj_buf_printf(sql, "INSERT INTO fact_%s AS fact (org_id, fact_key, changed_at", kind->name);
    for (size_t i = 0; i < kind->col_count; i++) {
        zj_buf_printf(sql, ", %s", kind->cols[i].name);
        param++;
        if (zj_fact_has_key_column(&kind->cols[i])) {
            zj_buf_printf(sql, ", %s_key", kind->cols[i].name);
            param++;
        }
    }
    if (table->place_of != NONE) {
        zj_buf_str(sql, ", country");
        param++;
    }
    zj_buf_str(sql, ") VALUES (");
    for (int i = 1; i <= param; i++)
        zj_buf_printf(sql, "%s$%d", i > 1 ? ", " : "", i);
    zj_buf_printf(sql,
                  ") ON CONFLICT (fact_key, org_id) DO UPDATE SET changed_at = CASE WHEN %s "
                  "THEN excluded.changed_at ELSE fact.changed_at END",
                  table->watched ? table->watched : "1 = 0");
    fold_all_sql(kind, sql);
    if (table->place_of != NONE)
        zj_buf_str(sql, ", country = CASE WHEN excluded.country = '' THEN fact.country "
                        "ELSE excluded.country END");
    zj_buf_str(sql, " RETURNING changed_at");
}
