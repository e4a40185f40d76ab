#include "facts/tables.h"

#include <stdio.h>

#define NONE -1

/* clang-format off */
static const struct fact_index identity_indexes[] = {
    {"iccid", "iccid"}, {"phone", "phone) WHERE phone <> ''"}, {"org", "org_id"},
    {"firmware", "firmware, org_id) WHERE firmware <> ''"}, {NULL, NULL}};
static const struct fact_index service_indexes[] = {
    {"addr", "addr_key"}, {"org", "org_id"}, {NULL, NULL}};
static const struct fact_index transfer_indexes[] = {{"dst", "dst"}, {"org", "org_id"}, {NULL, NULL}};
static const struct fact_index command_indexes[] = {
    {"version", "version"}, {"host", "host"}, {"org", "org_id"}, {NULL, NULL}};
static const struct fact_index detection_indexes[] = {{"rule", "rule"}, {"org", "org_id"}, {NULL, NULL}};
static const struct fact_index hourly_indexes[] = {{"hour", "hour"}, {NULL, NULL}};
static const struct fact_index sensor_indexes[] = {{NULL, NULL}};

const struct fact_table zj_fact_tables[ZJ_FACT_KIND_COUNT] = {
    [ZJ_FACT_IDENTITY] = {
        .own_side = {ZJ_ID_SERVER, NONE}, .place_of = NONE,
        .dirty_key = {ZJ_ID_ICCID, ZJ_ID_PHONE, ZJ_ID_VIN},
        .watched = {ZJ_ID_OTHER_FRAMES, NONE, NONE}, .has_day = true, .order_by = ZJ_ID_VIN,
        .indexes = identity_indexes},
    [ZJ_FACT_SERVICE] = {
        .own_side = {ZJ_SV_ADDR, NONE}, .place_of = NONE,
        .dirty_key = {ZJ_SV_ADDR, ZJ_SV_PORT, NONE}, .dirty_is_endpoint = true,
        .watched = {ZJ_SV_IS_PUBLIC, ZJ_SV_IS_VEHICLE, NONE}, .has_day = true,
        .order_by = NONE, .indexes = service_indexes},
    [ZJ_FACT_TRANSFER] = {
        .own_side = {ZJ_TR_SRC, NONE}, .place_of = ZJ_TR_DST, .dirty_key = {ZJ_TR_DST, NONE, NONE},
        .watched = {NONE, NONE, NONE}, .has_day = true, .order_by = NONE, .indexes = transfer_indexes},
    [ZJ_FACT_COMMAND] = {
        .own_side = {ZJ_CM_SENDER, NONE}, .place_of = NONE,
        .dirty_key = {ZJ_CM_VERSION, ZJ_CM_HOST, NONE},
        .watched = {NONE, NONE, NONE}, .has_day = true, .order_by = NONE, .indexes = command_indexes},
    [ZJ_FACT_DETECTION] = {
        .own_side = {ZJ_DT_DST, ZJ_DT_SRC}, .place_of = NONE, .dirty_key = {ZJ_DT_RULE, NONE, NONE},
        .watched = {NONE, NONE, NONE}, .has_day = true, .order_by = NONE, .indexes = detection_indexes},
    [ZJ_FACT_HOURLY] = {
        .own_side = {ZJ_HR_SERVER, NONE}, .place_of = NONE, .dirty_key = {NONE, NONE, NONE},
        .watched = {NONE, NONE, NONE}, .order_by = NONE, .indexes = hourly_indexes},
    [ZJ_FACT_SENSOR] = {
        .own_side = {NONE, NONE}, .place_of = NONE, .dirty_key = {NONE, NONE, NONE},
        .watched = {NONE, NONE, NONE}, .order_by = NONE, .indexes = sensor_indexes},
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
    err = zj_store_prepare(
        job, store, zj_arena_printf(&job->arena, "SELECT * FROM %s WHERE 1 = 0", table), &stmt);
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
                  "  org_id INTEGER NOT NULL,\n  fact_key BLOB NOT NULL",
                  kind->name);
    for (size_t i = 0; i < kind->col_count; i++) {
        zj_buf_printf(sql, ",\n  %s %s", kind->cols[i].name, sql_type(&kind->cols[i]));
        if (zj_fact_has_key_column(&kind->cols[i]))
            zj_buf_printf(sql, ",\n  %s_key TEXT NOT NULL DEFAULT ''", kind->cols[i].name);
    }
    if (zj_fact_tables[id].place_of != NONE)
        zj_buf_str(sql, ",\n  country TEXT NOT NULL DEFAULT ''");
    zj_buf_str(sql, ",\n  UNIQUE (");
    if (zj_fact_tables[id].order_by != NONE)
        zj_buf_printf(sql, "%s, ", kind->cols[zj_fact_tables[id].order_by].name);
    zj_buf_str(sql, "fact_key, org_id)\n) STRICT;\n");
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
    zj_err err = known_columns(job, store, zj_arena_printf(&job->arena, "fact_%s", name), &known);
    if (err)
        return err;
    if (known.len == 0)
        create_sql(id, sql);
    else
        add_sql(id, zj_buf_all(&known), sql);
    for (size_t i = 0; sql->len && table->indexes[i].name; i++)
        zj_buf_printf(sql, "CREATE INDEX IF NOT EXISTS fact_%s_%s ON fact_%s (%s%s;\n", name,
                      table->indexes[i].name, name, table->indexes[i].columns,
                      strchr(table->indexes[i].columns, ')') ? "" : ")");
    return ZJ_OK;
}

static const char helper_sql[] = "CREATE TABLE IF NOT EXISTS fact_owner (\n"
                                 "  addr_key TEXT PRIMARY KEY NOT NULL,\n"
                                 "  org_id INTEGER NOT NULL\n) STRICT;\n"
                                 "CREATE TABLE IF NOT EXISTS fact_seen (\n"
                                 "  org_id INTEGER NOT NULL,\n"
                                 "  ends INTEGER NOT NULL,\n"
                                 "  from_ns INTEGER NOT NULL,\n"
                                 "  to_ns INTEGER NOT NULL,\n"
                                 "  rest_bytes INTEGER NOT NULL,\n"
                                 "  PRIMARY KEY (org_id, ends, from_ns)\n"
                                 ") STRICT;\n"
                                 "CREATE TABLE IF NOT EXISTS fact_digest (\n"
                                 "  org_id INTEGER NOT NULL,\n" /* 0: read for all */
                                 "  source TEXT NOT NULL,\n"
                                 "  sha256 TEXT NOT NULL,\n"
                                 "  bytes INTEGER NOT NULL,\n"
                                 "  first_read INTEGER NOT NULL,\n"
                                 "  last_read INTEGER NOT NULL,\n"
                                 "  PRIMARY KEY (org_id, source, sha256)\n"
                                 ") STRICT;\n"
                                 "CREATE TABLE IF NOT EXISTS fact_tally (\n"
                                 "  org_id INTEGER NOT NULL,\n"
                                 "  what TEXT NOT NULL,\n" /* vehicle, identity */
                                 "  protocol TEXT NOT NULL,\n"
                                 "  edition TEXT NOT NULL,\n"
                                 "  security TEXT NOT NULL,\n"
                                 "  count INTEGER NOT NULL,\n"
                                 "  PRIMARY KEY (org_id, what, protocol, edition, security)\n"
                                 ") STRICT";

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

/* Stores of before have none, or one without its lines by protocol. */
static zj_err has_whole_tally(struct zj_job *job, struct zj_store *store, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool is_there, has_row = false;
    zj_err err = zj_store_has_table(job, store, "fact_tally", &is_there);
    if (!err && is_there)
        err = zj_store_prepare(
            job, store,
            "SELECT 1 FROM fact_tally WHERE what = 'identity' AND NOT EXISTS "
            "(SELECT 1 FROM fact_tally WHERE what = 'protocol')",
            &stmt);
    if (!err && is_there)
        err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out = is_there && !has_row;
    return err;
}

zj_err zj_facts_migrate(struct zj_job *job, struct zj_store *store)
{
    bool is_missing, has_tally = true, has_seen = true, has_digests = true;
    zj_err err = make_tables(job, store, false, &is_missing); /* mostly all is there: no lock */
    if (!err)
        err = has_whole_tally(job, store, &has_tally);
    if (!err)
        err = zj_store_has_table(job, store, "fact_seen", &has_seen);
    if (!err)
        err = zj_store_has_table(job, store, "fact_digest", &has_digests);
    is_missing |= !has_tally || !has_seen || !has_digests;
    if (!err && is_missing) {
        err = zj_store_begin(job, store);
        if (!err)
            err = make_tables(job, store, true, &is_missing);
        if (!err)
            err = zj_store_exec(job, store, helper_sql);
        if (!err && !has_tally)
            err = zj_tally_rebuild(job, store);
        err = zj_store_end(job, store, err);
    }
    if (!err)
        err = zj_facts_places(job, store);
    return err ? err : zj_facts_attribute(job, store);
}

bool zj_fact_is_updated(const struct zj_col *col, bool with_first)
{
    return col->fold != ZJ_FOLD_KEY && (with_first || col->fold != ZJ_FOLD_FIRST);
}

/* `name = ` what it becomes when $n is folded in; $last is when that was. */
static void fold_sql(const struct zj_col *col, const char *name, int n, int last,
                     struct zj_buf *sql)
{
    const bool is_text = col->type == ZJ_COL_TEXT || zj_fact_has_key_column(col);
    const char *empty = is_text ? "''" : "0";
    switch (col->fold) {
    case ZJ_FOLD_KEY:
        break;
    case ZJ_FOLD_SUM:
        zj_buf_printf(sql, "%s = %s + $%d", name, name, n);
        break;
    case ZJ_FOLD_MIN:
        zj_buf_printf(sql, "%s = CASE WHEN $%d <> 0 AND ($%d < %s OR %s = 0) THEN $%d ELSE %s END",
                      name, n, n, name, name, n, name);
        break;
    case ZJ_FOLD_MAX:
        zj_buf_printf(sql, "%s = CASE WHEN $%d > %s THEN $%d ELSE %s END", name, n, name, n, name);
        break;
    case ZJ_FOLD_FIRST:
        if (col->type == ZJ_COL_BLOB)
            zj_buf_printf(sql, "%s = COALESCE(%s, $%d)", name, name, n);
        else
            zj_buf_printf(sql, "%s = CASE WHEN %s = %s THEN $%d ELSE %s END", name, name, empty, n,
                          name);
        break;
    case ZJ_FOLD_JOIN: /* joined already with what is there */
        zj_buf_printf(sql, "%s = COALESCE($%d, %s)", name, n, name);
        break;
    case ZJ_FOLD_LAST:
        /* a capture of before, read later, tells nothing newer */
        zj_buf_printf(sql, "%s = CASE WHEN $%d = %s OR $%d < last_seen THEN %s ELSE $%d END", name,
                      n, empty, last, name, n);
        break;
    }
}

void zj_fact_find_sql(enum zj_fact_id id, struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    zj_buf_str(sql, "SELECT id, last_seen");
    for (int i = 0; i < 3; i++)
        if (zj_fact_tables[id].watched[i] != NONE)
            zj_buf_printf(sql, ", %s", kind->cols[zj_fact_tables[id].watched[i]].name);
    zj_buf_printf(sql, " FROM fact_%s WHERE fact_key = $1 AND org_id = $2", kind->name);
    if (zj_fact_tables[id].order_by != NONE)
        zj_buf_printf(sql, " AND %s = $3", kind->cols[zj_fact_tables[id].order_by].name);
}

void zj_fact_insert_sql(enum zj_fact_id id, struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    int params = 2;
    zj_buf_printf(sql, "INSERT INTO fact_%s (fact_key, org_id", kind->name);
    for (size_t i = 0; i < kind->col_count; i++) {
        zj_buf_printf(sql, ", %s", kind->cols[i].name);
        params++;
        if (zj_fact_has_key_column(&kind->cols[i])) {
            zj_buf_printf(sql, ", %s_key", kind->cols[i].name);
            params++;
        }
    }
    if (zj_fact_tables[id].place_of != NONE) {
        zj_buf_str(sql, ", country");
        params++;
    }
    zj_buf_str(sql, ") VALUES (");
    for (int i = 1; i <= params; i++)
        zj_buf_printf(sql, "%s$%d", i > 1 ? ", " : "", i);
    zj_buf_byte(sql, ')');
}

/* The number of the parameter of last_seen in an update. */
static int last_param(const struct zj_fact_kind *kind, bool with_first)
{
    int param = 2;
    for (size_t i = 0; strcmp(kind->cols[i].name, "last_seen") != 0; i++)
        if (zj_fact_is_updated(&kind->cols[i], with_first))
            param += zj_fact_has_key_column(&kind->cols[i]) ? 2 : 1;
    return param;
}

void zj_fact_update_sql(enum zj_fact_id id, bool with_first, struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    const int last = last_param(kind, with_first);
    int param = 2;
    zj_buf_printf(sql, "UPDATE fact_%s SET ", kind->name);
    for (size_t i = 0; i < kind->col_count; i++) {
        const struct zj_col *col = &kind->cols[i];
        char key[80];
        if (!zj_fact_is_updated(col, with_first))
            continue;
        if (param > 2)
            zj_buf_str(sql, ", ");
        fold_sql(col, col->name, param++, last, sql);
        if (!zj_fact_has_key_column(col))
            continue;
        snprintf(key, sizeof key, "%s_key", col->name);
        zj_buf_str(sql, ", ");
        fold_sql(col, key, param++, last, sql);
    }
    zj_buf_str(sql, " WHERE id = $1");
}
