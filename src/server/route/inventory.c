/* The data map: what inventories found, what waits for a person, and what the year changed. */
#include "catalog/catalog.h"
#include "server/core.h"

enum { IDS_MAX = 5000 };

static zj_err read_filter(struct zj_call *call, struct zj_catalog_filter *out)
{
    int64_t limit = 0, object = 0, column = 0, grade = 0, offered = 0, found = 0, gone = 0;
    *out = (struct zj_catalog_filter){0};
    zj_err err = zj_call_page(call, &limit, &out->offset);
    if (!err)
        err = zj_call_org(call, &out->org_id);
    if (!err)
        err = zj_call_int(call, "object", 0, 0, INT64_MAX, &object);
    if (!err)
        err = zj_call_int(call, "column", 0, 0, INT64_MAX, &column);
    if (!err)
        err = zj_call_int(call, "grade_min", 0, 0, ZJ_INV_GRADE_CORE, &grade);
    if (!err)
        err = zj_call_int(call, "offered", 0, 0, 1, &offered);
    if (!err)
        err = zj_call_int(call, "found", 0, 0, 1, &found);
    if (!err)
        err = zj_call_int(call, "gone", 0, 0, 1, &gone);
    if (err)
        return err;
    out->limit = (int)limit;
    out->object_id = object;
    out->column_id = column;
    out->grade_min = (int)grade;
    out->is_offered = offered;
    out->is_found = found;
    out->is_gone = gone;
    out->source = zj_call_param(call, "source");
    out->type = zj_call_param(call, "type");
    out->search = zj_call_param(call, "q");
    return ZJ_OK;
}

static zj_err list_by(struct zj_call *call, zj_catalog_list_fn *list,
                      const struct zj_catalog_filter *filter)
{
    int64_t total = 0;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    const zj_err err = list(call->job, call->store, &call->scope, filter, &call->json, &total);
    zj_json_kint(&call->json, "total", total);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err list_found(struct zj_call *call, zj_catalog_list_fn *list)
{
    struct zj_catalog_filter filter;
    const zj_err err = read_filter(call, &filter);
    return err ? err : list_by(call, list, &filter);
}

static zj_err runs(struct zj_call *call)
{
    return list_found(call, zj_catalog_runs);
}

static zj_err sources(struct zj_call *call)
{
    struct zj_catalog_filter filter;
    int64_t total = 0;
    zj_err err = read_filter(call, &filter);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = zj_catalog_sources(call->job, call->store, &call->scope, &filter, &call->json, &total);
    zj_json_kint(&call->json, "total", total);
    zj_json_key(&call->json, "systems");
    if (!err)
        err = zj_catalog_subjects(call->job, call->store, &call->scope, &filter, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err objects(struct zj_call *call)
{
    return list_found(call, zj_catalog_objects);
}

static zj_err columns(struct zj_call *call)
{
    return list_found(call, zj_catalog_columns);
}

static zj_err changes(struct zj_call *call)
{
    return list_found(call, zj_catalog_changes);
}

static zj_err important(struct zj_call *call)
{
    return list_found(call, zj_catalog_important);
}

static zj_err unread(struct zj_call *call)
{
    struct zj_catalog_filter filter;
    zj_err err = read_filter(call, &filter);
    if (!err)
        err = zj_call_id(call, 0, &filter.object_id);
    return err ? err : list_by(call, zj_catalog_unread, &filter);
}

static zj_err enter(struct zj_call *call)
{
    const struct zj_jval *root = zj_jdoc_root(call->body);
    const struct zj_catalog_words words = {
        .process = zj_jval_cstr(zj_jval_get(root, "process"), NULL),
        .operators = zj_jval_cstr(zj_jval_get(root, "operators"), NULL),
        .reason = zj_jval_cstr(zj_jval_get(root, "reason"), NULL),
    };
    struct zj_catalog_entered entered = {0};
    int64_t run = 0;
    zj_err err = zj_call_id(call, 0, &run);
    if (!err)
        err = zj_catalog_enter(call->job, call->store, &call->scope, 0, run, &words, &entered);
    if (err)
        return err;
    call->res->status = entered.was_there ? 200 : 201;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "id", entered.row_id);
    zj_json_kstr(&call->json, "code", entered.code);
    zj_json_kbool(&call->json, "is_new", !entered.was_there);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err verdicts(struct zj_call *call)
{
    struct zj_catalog_filter filter;
    zj_err err = read_filter(call, &filter);
    if (!err)
        err = zj_call_id(call, 0, &filter.column_id);
    return err ? err : list_by(call, zj_catalog_verdicts, &filter);
}

static zj_err types(struct zj_call *call)
{
    struct zj_inv_classes *classes = NULL;
    struct zj_inv_class class;
    zj_err err = zj_inv_classes_open(call->job, &classes);
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    if (!err)
        err = zj_inv_types_write(call->job, &call->json);
    zj_json_key(&call->json, "classes");
    zj_json_array(&call->json);
    for (size_t i = 0; !err && zj_inv_class_at(classes, i, &class); i++) {
        zj_json_object(&call->json);
        zj_json_kstr(&call->json, "name", class.id);
        zj_json_kstr(&call->json, "en", class.en);
        zj_json_kstr(&call->json, "zh", class.zh);
        zj_json_kstr(&call->json, "grade", zj_inv_grade_name(class.grade));
        zj_json_kbool(&call->json, "is_personal", class.is_personal);
        zj_json_kbool(&call->json, "is_sensitive", class.is_sensitive);
        zj_json_object_end(&call->json);
    }
    zj_json_array_end(&call->json);
    zj_json_object_end(&call->json);
    zj_inv_classes_close(classes);
    return err;
}

static int grade_of(const char *name)
{
    for (int grade = 1; grade <= ZJ_INV_GRADE_CORE; grade++)
        if (strcmp(name, zj_inv_grade_name(grade)) == 0)
            return grade;
    return 0;
}

/* *out stays NULL where the caller does not tell. */
static zj_err read_seen(struct zj_call *call, const struct zj_jval *list, size_t count,
                        const struct zj_catalog_seen **out)
{
    size_t at = 0;
    if (!list)
        return ZJ_OK;
    if (zj_jval_count(list) != count)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "seen has an entry for each id", "seen 应与编号一一对应"));
    struct zj_catalog_seen *seen = zj_arena_alloc(call->arena, count * sizeof *seen);
    for (const struct zj_jval *v = zj_jval_first(list); v; v = zj_jval_next(v))
        seen[at++] = (struct zj_catalog_seen){
            .type = zj_jval_cstr(zj_jval_get(v, "type"), ""),
            .grade = grade_of(zj_jval_cstr(zj_jval_get(v, "grade"), "")),
        };
    *out = seen;
    return ZJ_OK;
}

static zj_err judge(struct zj_call *call)
{
    static const char *const names[] = {"accept", "correct", "reject"};
    const struct zj_jval *root = zj_jdoc_root(call->body), *list = zj_jval_get(root, "ids");
    const char *name = zj_jval_cstr(zj_jval_get(root, "verdict"), "");
    struct zj_catalog_judged judged = {0};
    size_t verdict = 0, count = 0;
    while (verdict < ZJ_COUNT(names) && strcmp(name, names[verdict]) != 0)
        verdict++;
    if (verdict == ZJ_COUNT(names) || zj_jval_count(list) == 0 || zj_jval_count(list) > IDS_MAX)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "verdict is accept, correct or reject, of 1 to 5000 ids",
                             "结论应为 accept、correct 或 reject，编号 1 到 5000 个"));
    int64_t *ids = zj_arena_alloc(call->arena, zj_jval_count(list) * sizeof *ids);
    for (const struct zj_jval *v = zj_jval_first(list); v; v = zj_jval_next(v))
        ids[count++] = zj_jval_int(v, 0);
    struct zj_catalog_decision decision = {
        .verdict = (enum zj_verdict)verdict,
        .type = zj_jval_cstr(zj_jval_get(root, "type"), NULL),
        .grade = grade_of(zj_jval_cstr(zj_jval_get(root, "grade"), "")),
        .reason = zj_jval_cstr(zj_jval_get(root, "reason"), NULL),
    };
    zj_err err = read_seen(call, zj_jval_get(root, "seen"), count, &decision.seen);
    if (!err)
        err =
            zj_catalog_judge(call->job, call->store, &call->scope, ids, count, &decision, &judged);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "changed", (int64_t)judged.changed);
    zj_json_kint(&call->json, "next", (int64_t)judged.next);
    zj_json_kint(&call->json, "stale", (int64_t)judged.stale);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static const struct zj_paper_table report_paper = {.name = "inventory-report",
                                                   .en = "Report of the yearly data inventory",
                                                   .zh = "年度数据盘点报告",
                                                   .is_wide = true};

static zj_err fill_report(struct zj_call *call, const struct zj_paper_table *table,
                          struct zj_paper *paper)
{
    int64_t org = 0;
    const zj_err err = zj_call_own_org(call, &org);
    (void)table; /* the report has several */
    return err ? err : zj_catalog_report(call->job, call->store, &call->scope, org, paper);
}

static zj_err report(struct zj_call *call)
{
    const char *name = zj_call_param(call, "format");
    enum zj_paper_format format = ZJ_PAPER_PDF;
    if (name && (!zj_paper_format_find(name, &format) || format == ZJ_PAPER_CSV))
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "format is pdf or xlsx", "format 应为 pdf 或 xlsx"));
    return zj_call_paper_of(call, &report_paper, fill_report, format);
}

static const struct zj_param report_query[] = {
    ZJ_PARAM_ORG,
    {"format", "string", "pdf|xlsx", "kind of file; pdf where not given", "文件格式，默认 pdf",
     false},
    {0},
};

static const struct zj_param query[] = {
    ZJ_PARAM_ORG,
    {"source", "string", NULL, "one source", "数据源", false},
    {"object", "integer", NULL, "one table or file", "对象编号", false},
    {"column", "integer", NULL, "one column", "列编号", false},
    {"type", "string", NULL, "a data type", "数据类型", false},
    {"grade_min", "integer", "0..6", "this grade or higher: 1–4, 5 important, 6 core",
     "最低级别：1–4，5 重要，6 核心", false},
    {"offered", "integer", "0|1", "only what waits for a person", "仅待人工复核", false},
    {"found", "integer", "0|1", "only where something is proposed or decided", "仅有发现或结论",
     false},
    {"gone", "integer", "0|1", "what is no longer there; 1: that too", "已不存在的对象：1 为一并列出", false},
    {"q", "string", NULL, "part of a name", "名称关键字", false},
    ZJ_PARAMS_PAGE,
    {0},
};

static const struct zj_param enter_fields[] = {
    {"process", "string", NULL, "how it was done; as the run's sheet has it where not given",
     "梳理过程，默认同盘点记录", false},
    {"operators", "string", NULL, "who did it; as the run's sheet has it where not given",
     "操作人员，默认同盘点记录", false},
    {"reason", "string", NULL, "why it counts though places were not read; wanted of such a run",
     "部分未读仍计为完成的理由（有未读时必填）", false},
    {0},
};

static const struct zj_param verdict_fields[] = {
    {"ids", "array", NULL, "columns", "列编号", true},
    {"verdict", "string", "accept|correct|reject", "the verdict", "结论", true},
    {"type", "string", NULL, "correct: the right type, or class of the taxonomy", "更正后的类型或分类目录的类别", false},
    {"grade", "string", "L1|L2|L3|L4|important|core", "correct: the right grade", "更正后的级别",
     false},
    {"reason", "string", NULL, "why; wanted unless accepted", "理由（接受时可不填）", false},
    {"seen", "array", NULL,
     "accept: {type, grade} that was shown for each id; others are not taken",
     "接受：每个编号所见的 {type, grade}，与现提议不同的不处理", false},
    {0},
};

const struct zj_route zj_routes_inventory[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/runs",
     .en = "Sheets of inventory runs: scope, process, operators, counts",
     .zh = "盘点记录：范围、过程、操作人员与数量",
     .need = ZJ_NEED_READ,
     .query = query,
     .answer = "{rows, total}",
     .paper = &zj_paper_runs,
     .handle = runs},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/runs/{id}/unread",
     .en = "What a run could not read, by place and reason",
     .zh = "某次盘点未能读取的位置与原因",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = query,
     .answer = "{rows, total}",
     .paper = &zj_paper_unread,
     .handle = unread},
    {.method = ZJ_POST,
     .path = "/api/v1/inventory/runs/{id}/enter",
     .en = "Enter a run that ended into the register of yearly sortings, once",
     .zh = "将已完成的盘点登记为年度数据梳理（只登记一次）",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .fields = enter_fields,
     .answer = "{id, code, is_new}",
     .handle = enter},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/sources",
     .en = "Sources of data with their store, system and highest grade",
     .zh = "数据源及其存储、系统与最高级别",
     .need = ZJ_NEED_READ,
     .query = query,
     .answer = "{rows, total, systems: [{system, type, subjects}]}",
     .paper = &zj_paper_sources,
     .handle = sources},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/objects",
     .en = "Tables and files",
     .zh = "表与文件",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = query,
     .answer = "{rows, total}",
     .paper = &zj_paper_objects,
     .handle = objects},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/columns",
     .en = "Columns with proposal, verdict and masked samples",
     .zh = "列及其识别结论、人工结论与脱敏样例",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = query,
     .answer = "{rows, total}",
     .paper = &zj_paper_columns,
     .handle = columns},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/columns/{id}/verdicts",
     .en = "Verdicts of one column, newest first",
     .zh = "某列的历次人工结论",
     .need = ZJ_NEED_READ,
     .query = query,
     .answer = "{rows, total}",
     .handle = verdicts},
    {.method = ZJ_POST,
     .path = "/api/v1/inventory/verdicts",
     .en = "Accept, correct or reject proposals, in bulk",
     .zh = "批量接受、更正或驳回识别结论",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .fields = verdict_fields,
     .answer = "{changed, next, stale}",
     .handle = judge},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/changes",
     .en = "New, gone, grown and shrunk objects against the year before",
     .zh = "与上年度相比新增、消失、增减 30% 以上的对象",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = query,
     .answer = "{rows, total}",
     .paper = &zj_paper_changes,
     .handle = changes},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/important",
     .en = "Proposal of the catalogue of important data: its eleven items",
     .zh = "重要数据目录建议（十一项内容）",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = query,
     .answer = "{rows, total}",
     .paper = &zj_paper_important,
     .handle = important},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/types",
     .en = "The taxonomy: types with category and grade",
     .zh = "分类分级目录",
     .need = ZJ_NEED_READ,
     .answer = "{rows, classes}",
     .handle = types},
    {.method = ZJ_GET,
     .path = "/api/v1/inventory/report",
     .en = "The report of the last run: sheet, data list, changes, proposed catalogue, what was "
           "not read",
     .zh = "最近一次盘点的报告：盘点记录、数据清单、年度变化、目录建议、未能读取的位置",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_SLOW,
     .query = report_query,
     .answer = "PDF or XLSX",
     .answer_type = "application/octet-stream",
     .handle = report},
    {0},
};
