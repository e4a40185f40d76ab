/* Registers: what is declared. Rows, forms, import and export. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "register/register.h"
#include "server/core.h"
#include "work/work.h"

enum {
    OPTIONS_SHOWN = 20,
    FAULTS_SHOWN = 200,
    FAULTS_MAX = 64,
    FIELDS_MAX = 64
};

static zj_err find_register(struct zj_call *call, const struct zj_register **out)
{
    *out = zj_register_find(call->args[0]);
    return *out ? ZJ_OK
                : zj_fail(call->job, ZJ_ENOTFOUND,
                          zj_tr(call->job, "no register '%s'", "没有登记簿“%s”"), call->args[0]);
}

static zj_err count_rows(struct zj_call *call, const struct zj_register *reg, int64_t *out)
{
    return zj_register_live(call->job, call->store, &call->scope, reg, out);
}

zj_err zj_registers_count(struct zj_call *call)
{
    struct zj_json *j = &call->json;
    zj_json_array(j);
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *reg = zj_registers[i];
        int64_t count = 0;
        zj_err err = count_rows(call, reg, &count);
        if (err)
            return err;
        zj_json_object(j);
        zj_json_kstr(j, "name", reg->name);
        zj_json_kstr(j, "en", reg->en);
        zj_json_kstr(j, "zh", reg->zh);
        zj_json_kint(j, "task", reg->task);
        zj_json_kint(j, "count", count);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    return ZJ_OK;
}

static zj_err registers(struct zj_call *call)
{
    struct zj_json *j = &call->json;
    zj_json_object(j);
    zj_json_key(j, "rows");
    zj_json_array(j);
    for (size_t i = 0; i < zj_register_count; i++) {
        int64_t count = 0;
        zj_err err = count_rows(call, zj_registers[i], &count);
        if (err)
            return err;
        zj_register_describe(zj_registers[i], j);
        zj_json_object_reopen(j);
        zj_json_kint(j, "count", count);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    zj_json_kint(j, "total", (int64_t)zj_register_count);
    zj_json_object_end(j);
    return ZJ_OK;
}

/* "as_of" is a day: what stood at its end. */
static zj_err read_as_of(struct zj_call *call, int64_t *out_us)
{
    const char *day = zj_call_param(call, "as_of");
    *out_us = 0;
    if (!day || zj_as_at_of(zj_span_str(day), out_us))
        return ZJ_OK;
    return zj_fail(call->job, ZJ_EUSAGE, zj_tr(call->job, "as_of: '%s' is no date",
                                               "as_of：“%s”不是日期"), day);
}

static zj_err read_query(struct zj_call *call, struct zj_query *out)
{
    int64_t limit = 0;
    *out = (struct zj_query){
        .search = zj_call_param(call, "q"),
        .sort = zj_call_param(call, "sort"),
    };
    out->searches_anywhere = zj_call_param(call, "match") != NULL; /* it has one value */
    zj_err err = zj_call_page(call, &limit, &out->offset);
    if (!err)
        err = zj_call_org(call, &out->org_id);
    if (!err)
        err = zj_call_int(call, "after", 0, 0, INT64_MAX, &out->after_id);
    if (!err)
        err = read_as_of(call, &out->as_at_us);
    if (err)
        return err;
    out->limit = (int)limit;
    for (size_t i = 0; i < call->req->param_count; i++) {
        const struct zj_pair *p = &call->req->params[i];
        const char *field = zj_query_column(call, p->name);
        if (!field || !p->value[0])
            continue;
        if (out->filter_count == ZJ_QUERY_FILTERS_MAX)
            return zj_fail(call->job, ZJ_EUSAGE, "%s",
                           zj_tr(call->job, "too many filters", "筛选条件过多"));
        out->filters[out->filter_count].field = field;
        out->filters[out->filter_count++].value = p->value;
    }
    return ZJ_OK;
}

static zj_err list_rows(struct zj_call *call)
{
    const struct zj_register *reg;
    struct zj_query query;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = read_query(call, &query);
    return err ? err
               : zj_register_list(call->job, call->store, &call->scope, reg, &query, &call->json);
}

static zj_err get_row(struct zj_call *call)
{
    const struct zj_register *reg;
    int64_t id = 0, as_at_us;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = zj_call_id(call, 1, &id);
    if (!err)
        err = read_as_of(call, &as_at_us);
    if (err)
        return err;
    if (as_at_us)
        return zj_register_get_at(call->job, call->store, &call->scope, reg, id, as_at_us,
                                  &call->json);
    return zj_row_answer(call, reg, id, &call->scope);
}

static zj_err rates(struct zj_call *call)
{
    const struct zj_register *reg;
    zj_err err = find_register(call, &reg);
    return err ? err
               : zj_register_rates(call->job, call->store, &call->scope, reg, &call->json);
}

/* Who opens a case for a company does not know yet which: it is counted over all of them. */
static zj_err next_code(struct zj_call *call)
{
    const struct zj_register *reg;
    ZJ_AUTO(zj_buf_release) struct zj_buf code = {0};
    zj_err err = find_register(call, &reg);
    const bool is_of_all = !err && call->scope.sees_all && reg->side != ZJ_SIDE_BUREAU;
    if (!err && (is_of_all || call->scope.org_id > 0))
        err = zj_register_next_code(call->job, call->store, &call->scope, reg,
                                    is_of_all ? 0 : call->scope.org_id, &code);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kspan(&call->json, "code", zj_buf_all(&code));
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err options(struct zj_call *call)
{
    const struct zj_register *reg;
    struct zj_query query;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = read_query(call, &query);
    if (err)
        return err;
    query.limit = OPTIONS_SHOWN;
    return zj_register_options(call->job, call->store, &call->scope, reg, &query, &call->json);
}

static zj_err links(struct zj_call *call)
{
    const struct zj_register *reg;
    int64_t id = 0;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = zj_call_id(call, 1, &id);
    return err ? err
               : zj_register_links(call->job, call->store, &call->scope, reg, id, &call->json);
}

/* --- one row from a form -----------------------------------------------------------------------
 */

static int field_index(const struct zj_register *reg, const char *name)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (strcmp(reg->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* ["a","b"] to "a;b" */
static struct zj_span join(struct zj_call *call, const struct zj_jval *list_value)
{
    struct zj_buf text = {0};
    for (const struct zj_jval *v = zj_jval_first(list_value); v; v = zj_jval_next(v)) {
        if (text.len)
            zj_buf_byte(&text, ';');
        zj_buf_span(&text, zj_jval_text(v));
    }
    struct zj_span joined = zj_span_str(zj_arena_span(&call->job->arena, zj_buf_all(&text)));
    zj_buf_release(&text);
    return joined;
}

static bool cell_of(struct zj_call *call, const struct zj_jval *value, struct zj_span *out)
{
    switch (zj_jval_type(value)) {
    case ZJ_J_NULL:
        *out = ZJ_SPAN_LIT("");
        return true;
    case ZJ_J_STRING:
        *out = zj_jval_text(value);
        if (!out->at)
            *out = ZJ_SPAN_LIT("");
        return true;
    case ZJ_J_NUMBER:
        *out = zj_span_str(zj_arena_printf(&call->job->arena, "%.15g", zj_jval_num(value, 0)));
        return true;
    case ZJ_J_ARRAY:
        *out = join(call, value);
        return true;
    case ZJ_J_BOOL:
        *out = zj_span_str(zj_jval_bool(value, false) ? "yes" : "no");
        return true;
    case ZJ_J_NONE:
    case ZJ_J_OBJECT:
        break;
    }
    return false;
}

static bool is_masked(const struct zj_call *call, const struct zj_field *field, struct zj_span cell)
{
    return (field->flags & ZJ_FIELD_PERSONAL) && !call->scope.sees_personal && cell.len &&
           memchr(cell.at, '*', cell.len);
}

/* Cells in field order from a JSON object. A masked personal value that comes back from a form of
 * somebody who could not see it keeps what is stored. `fault` says what is wrong. */
static bool read_cells(struct zj_call *call, const struct zj_register *reg, struct zj_span *cells,
                       struct zj_row_fault *fault)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    memset(cells, 0, reg->field_count * sizeof *cells);
    for (const struct zj_jval *m = zj_jval_first(body); m; m = zj_jval_next(m)) {
        const char *name = zj_jval_key(m);
        if (strcmp(name, "id") == 0 || strcmp(name, "org") == 0)
            continue; /* of a row as it was read; the address says which row it is */
        const int at = field_index(reg, name);
        struct zj_span cell;
        fault->field = at;
        if (at < 0) {
            snprintf(fault->en, sizeof fault->en, "no field '%.60s'", name);
            snprintf(fault->zh, sizeof fault->zh, "没有字段“%.60s”", name);
            return false;
        }
        if (!cell_of(call, m, &cell)) {
            snprintf(fault->en, sizeof fault->en, "neither text, a number nor a list");
            snprintf(fault->zh, sizeof fault->zh, "应为文本、数字或列表");
            return false;
        }
        if (!is_masked(call, &reg->fields[at], cell))
            cells[at] = cell;
    }
    return true;
}

static void write_fault(struct zj_json *j, const struct zj_register *reg,
                        const struct zj_row_fault *fault)
{
    zj_json_key(j, "field");
    if (fault->field >= 0 && (size_t)fault->field < reg->field_count)
        zj_json_str(j, reg->fields[fault->field].name);
    else
        zj_json_null(j);
    zj_json_kstr(j, "en", fault->en);
    zj_json_kstr(j, "zh", fault->zh);
    zj_json_kbool(j, "warning", fault->is_warning);
}

/* The answer is a problem with "faults"; the call itself has succeeded. */
static zj_err answer_faults(struct zj_call *call, const struct zj_register *reg,
                            const struct zj_row_fault *faults, size_t count)
{
    zj_problem(call, ZJ_EREFUSED);
    struct zj_json j = zj_json_to(&call->res->body);
    zj_json_object_reopen(&j);
    zj_json_key(&j, "faults");
    zj_json_array(&j);
    for (size_t i = 0; i < count; i++) {
        zj_json_object(&j);
        write_fault(&j, reg, &faults[i]);
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    return ZJ_OK;
}

static zj_err put_row(struct zj_call *call, const struct zj_register *reg, int64_t id,
                      const struct zj_scope *scope)
{
    struct zj_span cells[FIELDS_MAX];
    struct zj_row_fault faults[FAULTS_MAX] = {0};
    size_t fault_count = 0;
    int64_t new_id = id;
    if (reg->field_count > FIELDS_MAX)
        return ZJ_EBUG;
    zj_err may = zj_register_may_write(call->job, scope, reg, id);
    if (may)
        return may;
    if (!read_cells(call, reg, cells, &faults[0]))
        return answer_faults(call, reg, faults, 1);
    zj_err err = zj_register_put_seen(call->job, call->store, scope, reg, id, zj_row_seen(call), cells,
                                      &new_id, faults, FAULTS_MAX, &fault_count);
    if (err == ZJ_EREFUSED && fault_count)
        return answer_faults(call, reg, faults, fault_count);
    if (err)
        return err;
    zj_err read = zj_row_answer(call, reg, new_id, scope);
    if (read)
        return read;
    call->res->status = id ? 200 : 201;
    zj_json_object_reopen(&call->json);
    zj_json_key(&call->json, "warnings");
    zj_json_array(&call->json);
    for (size_t i = 0; i < fault_count; i++) {
        zj_json_object(&call->json);
        write_fault(&call->json, reg, &faults[i]);
        zj_json_object_end(&call->json);
    }
    zj_json_array_end(&call->json);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

/* Organisations are made by who works for all of them; other rows belong to one. */
static zj_err scope_for_new(struct zj_call *call, const struct zj_register *reg,
                            struct zj_scope *out)
{
    *out = call->scope;
    if (!reg->is_global)
        return zj_call_own_org(call, &out->org_id);
    if (call->scope.sees_all)
        return ZJ_OK;
    return zj_fail(call->job, ZJ_EFORBIDDEN, "%s",
                   zj_tr(call->job, "organisations are added by an administrator of all of them",
                         "单位只能由全局管理员添加"));
}

static zj_err add_row(struct zj_call *call)
{
    const struct zj_register *reg;
    struct zj_scope scope;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = scope_for_new(call, reg, &scope);
    return err ? err : put_row(call, reg, 0, &scope);
}

/* The form of a case that was handed in changes through the case only. */
static zj_err refuse_kept(struct zj_call *call, const struct zj_register *reg, int64_t id)
{
    bool is_free = true;
    zj_err err = ZJ_OK;
    if (reg->is_case_form)
        err = zj_work_row_is_free(call->job, call->store, reg->name, id, &is_free);
    if (!err && !is_free)
        err = zj_fail(call->job, ZJ_ECONFLICT, "%s",
                      zj_tr(call->job, "this form was handed in: change it through its case",
                            "该表单已提交，请通过对应事项办理变更"));
    return err;
}

/* The form of a case stays as long as the case does. */
static zj_err refuse_form(struct zj_call *call, const struct zj_register *reg, int64_t id)
{
    bool may_go = true;
    zj_err err = ZJ_OK;
    if (reg->is_case_form)
        err = zj_work_row_may_go(call->job, call->store, reg->name, id, &may_go);
    if (!err && !may_go)
        err = zj_fail(call->job, ZJ_ECONFLICT, "%s",
                      zj_tr(call->job, "this is the form of a case: discard the case first",
                            "该记录是事项的表单，请先作废事项"));
    return err;
}

static zj_err change_row(struct zj_call *call)
{
    const struct zj_register *reg;
    int64_t id = 0;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = zj_call_id(call, 1, &id);
    if (!err)
        err = refuse_kept(call, reg, id);
    return err ? err : put_row(call, reg, id, &call->scope);
}

static zj_err delete_row(struct zj_call *call)
{
    const struct zj_register *reg;
    int64_t id = 0;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = zj_call_id(call, 1, &id);
    if (!err)
        err = refuse_form(call, reg, id);
    if (!err)
        err = zj_register_delete(call->job, call->store, &call->scope, reg, id);
    if (!err)
        zj_buf_str(&call->res->body, "{}");
    return err;
}

/* --- sheets ------------------------------------------------------------------------------------
 */

static zj_err send_sheet(struct zj_call *call, const char *path, const char *name, bool is_xlsx)
{
    struct stat st;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &st) != 0) {
        zj_err err = zj_fail(call->job, ZJ_EIO, "%s: %s", path, zj_strerror(call->job, errno));
        if (file >= 0)
            close(file);
        return err;
    }
    zj_call_file(call, file, st.st_size,
                 is_xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                         : "text/csv; charset=utf-8",
                 name);
    return ZJ_OK;
}

static zj_err export(struct zj_call *call)
{
    const struct zj_register *reg;
    struct zj_query query;
    const char *format = zj_call_param(call, "format"), *template = zj_call_param(call, "template");
    struct zj_export_opts opts = {.is_template = template && template[0] == '1'};
    zj_err err = find_register(call, &reg);
    if (!err)
        err = read_query(call, &query);
    if (!err)
        err = zj_headers_parse(call->job, zj_call_param(call, "headers"), &opts.headers);
    if (err)
        return err;
    const bool is_xlsx = !format || strcmp(format, "xlsx") == 0;
    query.limit = 0; /* an export is all of what the filter shows */
    query.offset = 0;
    opts.format = is_xlsx ? ZJ_SHEET_XLSX : ZJ_SHEET_CSV;
    const char *path = zj_uploads_scratch(call->job, &call->server->uploads);
    err = zj_register_export(call->job, call->store, &call->scope, reg, &query, &opts, path);
    if (!err)
        err = send_sheet(call, path,
                         zj_arena_printf(&call->job->arena, "%s%s.%s", reg->name,
                                         opts.is_template ? "-template" : "", is_xlsx ? "xlsx" : "csv"),
                         is_xlsx);
    unlink(path); /* the descriptor holds it until it is sent */
    return err;
}

struct fault_list {
    const struct zj_register *reg;
    struct zj_json json;
    int shown;
};

static void add_fault(void *ctx, int64_t row, const struct zj_row_fault *fault,
                      struct zj_span value)
{
    struct fault_list *list_of = ctx;
    if (list_of->shown++ >= FAULTS_SHOWN)
        return;
    zj_json_object(&list_of->json);
    zj_json_kint(&list_of->json, "row", row);
    zj_json_kspan(&list_of->json, "value", value);
    write_fault(&list_of->json, list_of->reg, fault);
    zj_json_object_end(&list_of->json);
}

static void write_result(struct zj_json *j, int64_t id, const struct zj_import_result *r,
                         struct zj_span faults)
{
    zj_json_object(j);
    zj_json_kint(j, "import_id", id);
    zj_json_kint(j, "read", r->read);
    zj_json_kint(j, "inserted", r->inserted);
    zj_json_kint(j, "updated", r->updated);
    zj_json_kint(j, "unchanged", r->unchanged);
    zj_json_kint(j, "warned", r->warned);
    zj_json_kint(j, "refused", r->refused);
    zj_json_kbool(j, "written", r->is_written);
    zj_json_key(j, "faults");
    zj_json_raw(j, faults);
    zj_json_object_end(j);
}

static zj_err import_opts(struct zj_call *call, const struct zj_register *reg,
                          struct zj_import_opts *out)
{
    const char *mode = zj_call_param(call, "mode");
    struct zj_scope scope;
    if (!mode ||
        (strcmp(mode, "check") != 0 && strcmp(mode, "good") != 0 && strcmp(mode, "all") != 0))
        return zj_fail(
            call->job, ZJ_EUSAGE, "%s",
            zj_tr(call->job, "mode is check, good or all", "mode 应为 check、good 或 all"));
    out->dry_run = strcmp(mode, "check") == 0;
    out->all_or_nothing = strcmp(mode, "all") == 0;
    out->gives_way = true;
    out->name = zj_call_param(call, "filename");
    if (!out->name || !out->name[0] || strlen(out->name) > 200)
        out->name = "upload";
    zj_err err = scope_for_new(call, reg, &scope);
    out->org_id = scope.org_id;
    return err;
}

static zj_err import(struct zj_call *call)
{
    const struct zj_register *reg;
    struct zj_import_opts opts = {
        .is_free = zj_work_row_is_free,
        .keeps_official = !call->scope.sees_all && !call->scope.may_decide};
    struct zj_import_result result = {0};
    int64_t id = 0;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = import_opts(call, reg, &opts);
    if (!err) {
        struct zj_scope scope = call->scope;
        scope.org_id = opts.org_id;
        err = zj_register_may_write(call->job, &scope, reg, 0);
    }
    if (!err && !call->req->body_path)
        err = zj_fail(
            call->job, ZJ_EUSAGE, "%s",
            zj_tr(call->job, "the body is the CSV or XLSX file", "请求体应为 CSV 或 XLSX 文件"));
    if (err)
        return err;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct fault_list faults = {.reg = reg, .json = zj_json_to(&text)};
    opts.errors_path = zj_uploads_add(call->job, &call->server->uploads, call->account.id, &id);
    zj_json_array(&faults.json);
    zj_store_heed_stop(call->store, NULL); /* it looks itself, and keeps what it has read */
    err = zj_register_import(call->job, call->store, reg, call->req->body_path, &opts, add_fault,
                             &faults, &result);
    zj_store_heed_stop(call->store, call->job);
    zj_json_array_end(&faults.json);
    if (err == ZJ_EREFUSED) {
        zj_job_clear(call->job); /* refused rows are a result, with their reasons */
        err = ZJ_OK;
    }
    if (!err)
        write_result(&call->json, id, &result, zj_buf_all(&text));
    return err;
}

static zj_err errors_workbook(struct zj_call *call)
{
    int64_t id = 0, bytes = 0;
    int file = -1;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err =
            zj_uploads_find(call->job, &call->server->uploads, call->account.id, id, &file, &bytes);
    if (!err)
        zj_call_file(call, file, bytes,
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                     "errors.xlsx");
    return err;
}

static zj_err history(struct zj_call *call)
{
    const struct zj_register *reg;
    int64_t id = 0;
    zj_err err = find_register(call, &reg);
    if (!err)
        err = zj_call_id(call, 1, &id);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = zj_register_history(call->job, call->store, &call->scope, reg, id, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

static const char *field_of(const struct zj_call *call, size_t at)
{
    const struct zj_register *reg = zj_register_find(call->args[0]);
    return reg && at < reg->field_count ? reg->fields[at].name : NULL;
}

#define SEARCH                                                                                     \
    {"q", "string", NULL, "search; text in key and text fields, of personal ones the whole value", \
     "关键字：编号和文本字段中的文字；个人信息字段须为完整内容", false}
#define AS_OF                                                                                      \
    {"as_of", "string", NULL, "as it stood at the end of this day: 2026-09-30",                    \
     "截至该日的内容：如 2026-09-30", false}
#define LIST                                                                                       \
    SEARCH,                                                                                        \
    {"match", "string", "anywhere", "where a large register is searched: anywhere, not by starts", \
     "登记簿较大时的查找位置：anywhere 为任意位置，默认按开头", false},                            \
    ZJ_PARAM_SORT, ZJ_PARAM_ORG, AS_OF,                                                            \
    {"f.FIELD", "string", NULL, "a field equal to; FIELD as x-zhuji-registers has them",           \
     "字段等于：FIELD 见 x-zhuji-registers", false}

static const struct zj_param list_query[] = {
    LIST,
    ZJ_PARAMS_PAGE,
    {"after", "integer", "0..9223372036854775807", "rows after this cursor (next), for paging far",
     "游标：上一页的 next", false},
    {0},
};

static const struct zj_param option_query[] = {
    SEARCH,
    ZJ_PARAM_ORG,
    {0},
};

static const struct zj_param row_query[] = {
    AS_OF,
    {0},
};

static const struct zj_param export_query[] = {
    LIST,
    {"format", "string", "xlsx|csv", "kind of file", "文件格式", false},
    {"template", "integer", "0|1", "1: empty, with lists and instructions", "1：空模板", false},
    {"headers", "string", "zh|en|name", "column heads; default: CSV name, XLSX the language",
     "表头：默认 CSV 为列名，XLSX 随语言", false},
    {0},
};

static const struct zj_param import_query[] = {
    {"mode", "string", "check|good|all",
     "check only; import the good rows; import all rows or none",
     "仅检查；导入正确行；全部或不导入", true},
    {"filename", "string", NULL, "for the record; the kind is told by content",
     "文件名，格式按内容识别", false},
    {"org", "string", NULL, "organisation the rows are for", "数据所属单位代码", false},
    {0},
};

static const struct zj_param org_query[] = {
    {"org", "string", NULL, "organisation the row is for", "数据所属单位代码", false},
    {0},
};

static const struct zj_param row_fields[] = {
    {"FIELD", "string", NULL,
     "any field of the register, see x-zhuji-registers; lists as arrays or "
     "with ; between",
     "登记簿的任一字段，列表用数组或分号分隔", false},
    {0},
};

const struct zj_route zj_routes_registers[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/registers",
     .en = "Registers with their fields and counts",
     .zh = "登记簿及字段、行数",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED,
     .answer = "{rows, total}",
     .handle = registers},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/export",
     .en = "The rows of a filter, or an empty template, as a sheet",
     .zh = "按筛选导出或下载模板",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_SLOW,
     .query = export_query,
     .column = field_of,
     .answer = "a sheet",
     .answer_type = "application/octet-stream",
     .handle = export},
    {.method = ZJ_POST,
     .path = "/api/v1/registers/{name}/import",
     .en = "Check or import a CSV or XLSX file",
     .zh = "检查或导入 CSV、XLSX 文件",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_FILE,
     .flags = ZJ_ROUTE_SLOW,
     .query = import_query,
     .answer = "{import_id, read, inserted, updated, unchanged, warned, refused, written, faults}",
     .handle = import},
    {.method = ZJ_GET,
     .path = "/api/v1/imports/{id}/errors.xlsx",
     .en = "The refused rows of an import with their reasons",
     .zh = "导入错误工作簿",
     .need = ZJ_NEED_WORK,
     .answer = "a workbook",
     .answer_type = "application/octet-stream",
     .handle = errors_workbook},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}",
     .en = "Rows of a register",
     .zh = "登记簿的行",
     .need = ZJ_NEED_READ,
     .query = list_query,
     .column = field_of,
     .answer = "{rows, total, next}",
     .handle = list_rows},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/next-code",
     .en = "The code after the last, for a new row; empty where the register has codes of no form",
     .zh = "新记录的下一个编号；无编号规律时为空",
     .need = ZJ_NEED_WORK,
     .answer = "{code}",
     .handle = next_code},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/rates",
     .en = "How many rows each organisation has, by the field of the register that is counted by",
     .zh = "各单位的记录数，按状态等字段统计",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED,
     .answer = "{by,rows,total}",
     .handle = rates},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/options",
     .en = "Codes and names of rows, for a form that refers to them",
     .zh = "供选择的编号和名称",
     .need = ZJ_NEED_READ,
     .query = option_query,
     .answer = "{rows}",
     .handle = options},
    {.method = ZJ_POST,
     .path = "/api/v1/registers/{name}",
     .en = "Add a row",
     .zh = "新增一行",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .query = org_query,
     .fields = row_fields,
     .answer = "the row, with warnings; 201",
     .handle = add_row},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/{id}",
     .en = "One row",
     .zh = "单行",
     .need = ZJ_NEED_READ,
     .query = row_query,
     .answer = "{id, org, …fields}",
     .handle = get_row},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/{id}/links",
     .en = "What refers to a row",
     .zh = "引用该行的登记",
     .need = ZJ_NEED_READ,
     .answer = "[{register, field, en, zh, count}]",
     .handle = links},
    {.method = ZJ_PUT,
     .path = "/api/v1/registers/{name}/{id}",
     .en = "Change a row, fields that are not named stay; If-Match: only as it was read (ETag)",
     .zh = "修改一行，未给出的字段保持不变；If-Match 为读取时的 ETag，已被他人修改则回答 412",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .fields = row_fields,
     .answer = "the row, with warnings",
     .handle = change_row},
    {.method = ZJ_DELETE,
     .path = "/api/v1/registers/{name}/{id}",
     .en = "Delete a row (marked)",
     .zh = "删除一行（标记删除）",
     .need = ZJ_NEED_WORK,
     .answer = "{}",
     .handle = delete_row},
    {.method = ZJ_GET,
     .path = "/api/v1/registers/{name}/{id}/history",
     .en = "What happened to a row",
     .zh = "单行的变更记录",
     .need = ZJ_NEED_READ,
     .answer = "{rows: [{at, action, user, changes}]}",
     .handle = history},
    {0},
};
