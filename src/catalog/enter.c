/* From the sheet of a run to the register of yearly sortings: what task 11 wants on record. A run
 * that left places out is entered with a reason only. */
#include <string.h>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "register/register.h"

enum { CELLS_MAX = 32, FAULTS_MAX = 4, SCOPE_CHARS = 3900 };

struct sheet {
    int64_t id, org_id, unread, objects;
    const char *state;
};

/* The columns after the sheet's own are called as the register calls its fields. */
static const char sheet_sql[] =
    "SELECT r.id, r.org_id, r.state, r.started_at, r.ended_at, r.year, r.scope, r.process, "
    "r.operators, r.id AS run, r.objects, r.columns, r.found, (SELECT count(*) FROM inv_column c "
    "JOIN inv_count n ON n.object_id = c.object_id WHERE n.run_id = r.id AND c.final_type <> '' "
    "AND (c.final_personal = 1 OR EXISTS (SELECT 1 FROM inv_held h WHERE h.column_id = c.id AND "
    "h.is_personal = 1))) AS personal, r.unread FROM inv_run r WHERE ($1 = 1 OR r.org_id = "
    "$2) AND ($3 = 0 OR r.org_id = $3) AND (r.id = $4 OR ($4 = 0 AND r.state IN ('done', "
    "'partial'))) ORDER BY r.id DESC LIMIT 1";
enum { COL_STATE = 2, COL_STARTED, COL_ENDED, COL_FIRST, COL_OBJECTS = 10, COL_UNREAD = 14 };

static int field_at(const struct zj_register *reg, const char *name)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (strcmp(reg->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void set(const struct zj_register *reg, struct zj_span *cells, const char *name,
                const char *text)
{
    const int at = field_at(reg, name);
    if (at >= 0 && at < CELLS_MAX && text)
        cells[at] = zj_span_str(text);
}

static const char *day_of(struct zj_job *job, int64_t us)
{
    char text[ZJ_TIME_TEXT];
    zj_date_format(zj_date_of_time(us * 1000), text);
    return zj_arena_strdup(&job->arena, text);
}

/* Sources one a line, as many as the field holds. */
static const char *scope_of(struct zj_job *job, const char *scope)
{
    size_t len = strlen(scope);
    if (len <= SCOPE_CHARS)
        return scope;
    for (len = SCOPE_CHARS; len && scope[len] != '\n'; len--)
        ;
    return zj_arena_printf(&job->arena, "%.*s\n…", (int)len, scope);
}

static void take_cells(struct zj_job *job, const struct zj_stmt *row,
                       const struct zj_register *reg, struct zj_span *cells)
{
    for (int col = COL_FIRST; col < zj_stmt_col_count(row); col++) {
        const char *text =
            zj_stmt_type(row, col) == ZJ_VALUE_INT
                ? zj_arena_printf(&job->arena, "%lld", (long long)zj_stmt_int(row, col))
                : zj_arena_span(&job->arena, zj_stmt_text(row, col));
        const char *name = zj_stmt_col_name(row, col);
        set(reg, cells, name, strcmp(name, "scope") == 0 ? scope_of(job, text) : text);
    }
    set(reg, cells, "started_on", day_of(job, zj_stmt_int(row, COL_STARTED)));
    set(reg, cells, "finished_on", day_of(job, zj_stmt_int(row, COL_ENDED)));
}

static zj_err read_sheet(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const int64_t of[2], const struct zj_register *reg, struct sheet *out,
                         struct zj_span *cells)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, store, sheet_sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, scope->sees_all);
    zj_stmt_bind_int(stmt, 2, scope->org_id);
    zj_stmt_bind_int(stmt, 3, of[0]);
    zj_stmt_bind_int(stmt, 4, of[1]);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_ENOTFOUND, "%s",
                      zj_tr(job, "no such run of the inventory", "没有这次盘点记录"));
    if (err)
        return err;
    *out = (struct sheet){.id = zj_stmt_int(stmt, 0),
                          .org_id = zj_stmt_int(stmt, 1),
                          .state = zj_arena_span(&job->arena, zj_stmt_text(stmt, COL_STATE)),
                          .objects = zj_stmt_int(stmt, COL_OBJECTS),
                          .unread = zj_stmt_int(stmt, COL_UNREAD)};
    take_cells(job, stmt, reg, cells);
    return ZJ_OK;
}

static zj_err find_entered(struct zj_job *job, struct zj_store *store, const struct sheet *sheet,
                           struct zj_catalog_entered *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT id, code FROM reg_inventory_runs WHERE org_id = $1 AND "
                                  "run = $2 AND deleted_at = 0 ORDER BY id LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, sheet->org_id);
    zj_stmt_bind_int(stmt, 2, sheet->id);
    err = zj_stmt_step(job, stmt, &has_row);
    *out = (struct zj_catalog_entered){.run_id = sheet->id, .code = ""};
    if (err || !has_row)
        return err;
    out->row_id = zj_stmt_int(stmt, 0);
    out->code = zj_arena_span(&job->arena, zj_stmt_text(stmt, 1));
    out->was_there = true;
    return ZJ_OK;
}

static zj_err check_sheet(struct zj_job *job, const struct sheet *sheet,
                          const struct zj_catalog_words *words)
{
    if (strcmp(sheet->state, "done") != 0 && strcmp(sheet->state, "partial") != 0)
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "run %lld did not end: go on with it by --resume",
                             "第 %lld 次盘点尚未完成，请先用 --resume 继续"),
                       (long long)sheet->id);
    if (!sheet->objects)
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "run %lld read no table and no file: it is no sorting of data",
                             "第 %lld 次盘点没有读到任何表或文件，不能登记为数据梳理"),
                       (long long)sheet->id);
    if (sheet->unread && (!words->reason || !words->reason[0]))
        return zj_fail(job, ZJ_EREFUSED,
                       zj_tr(job,
                             "run %lld did not read %lld places: it counts only with a reason why "
                             "it does without them",
                             "第 %lld 次盘点有 %lld 处未能读取，须说明理由才能计为完成"),
                       (long long)sheet->id, (long long)sheet->unread);
    return ZJ_OK;
}

static zj_err put_entry(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                  const struct zj_register *reg, const struct sheet *sheet, struct zj_span *cells,
                  struct zj_catalog_entered *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf code = {0};
    struct zj_row_fault faults[FAULTS_MAX];
    size_t count = 0;
    zj_err err = zj_register_next_code(job, store, scope, reg, sheet->org_id, &code);
    if (err)
        return err;
    out->code = zj_arena_strdup(&job->arena, zj_buf_cstr(&code));
    set(reg, cells, "code", out->code);
    err = zj_register_set(job, store, reg, sheet->org_id, 0, cells, &out->row_id, faults,
                          FAULTS_MAX, &count);
    for (size_t i = 0; err == ZJ_EREFUSED && i < count; i++)
        if (!faults[i].is_warning)
            return zj_fail(job, ZJ_EREFUSED, zj_tr(job, "%s: %s", "%s：%s"),
                           faults[i].field < 0 ? ""
                                               : zj_tr(job, reg->fields[faults[i].field].en,
                                                       reg->fields[faults[i].field].zh),
                           zj_tr(job, faults[i].en, faults[i].zh));
    return err;
}

zj_err zj_catalog_enter(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        int64_t org_id, int64_t run_id, const struct zj_catalog_words *words,
                        struct zj_catalog_entered *out)
{
    const struct zj_register *reg = zj_register_find("inventory_runs");
    struct zj_scope own = *scope;
    struct zj_span cells[CELLS_MAX] = {0};
    struct sheet sheet;
    if (reg->field_count > CELLS_MAX)
        return ZJ_EBUG;
    zj_err err = zj_store_begin(job, store); /* two people cannot both be the first */
    if (!err)
        err = read_sheet(job, store, scope, (const int64_t[]){org_id, run_id}, reg, &sheet, cells);
    own.org_id = err ? 0 : sheet.org_id;
    if (!err)
        err = zj_register_may_write(job, &own, reg, 0);
    if (!err)
        err = find_entered(job, store, &sheet, out);
    if (!err && !out->was_there) {
        err = check_sheet(job, &sheet, words);
        set(reg, cells, "process", words->process);
        set(reg, cells, "operators", words->operators);
        set(reg, cells, "unread_why", words->reason);
        if (!err)
            err = put_entry(job, store, &own, reg, &sheet, cells, out);
    }
    return zj_store_end(job, store, err);
}
