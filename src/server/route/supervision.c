/* For the bureaus: which company stands where, progress as computed, coverage of briefings. */
#include <string.h>

#include "base/choices.h"
#include "base/clock.h"
#include "register/register.h"
#include "server/core.h"

enum { HEATMAP_ROWS_MAX = 5000 };

static zj_err need_bureau(struct zj_call *call)
{
    if (!call->scope.sees_all)
        return ZJ_EFORBIDDEN;
    if (!call->server->plan)
        return zj_fail(call->job, ZJ_EPACK, "%s",
                       zj_tr(call->job, "the rule packs are not loaded", "规则包未加载"));
    return ZJ_OK;
}

static const struct zj_case_tasks case_tasks[] = {
    {"filing", 3},        {"assessment", 5}, {"rectification", 5},   {"optout", 6},
    {"card_change", 6},   {"risk_report", 7}, {"vulnerability", 8},  {"release_filing", 9},
    {"threat_notice", 9}, {"important_data", 11}, {"data_risk", 12}, {"share", 13},
    {"incident", 14},     {"algorithm", 15}, {"pilot", 17},          {"special", 18},
    {0},
};

/* A kind of organisation, as their register has them. */
static zj_err check_kind(struct zj_call *call, const char *kind)
{
    const struct zj_register *reg = zj_register_find("organisations");
    struct zj_choices kinds = {.given = kind};
    for (size_t i = 0; kind && reg && i < reg->field_count; i++)
        for (const struct zj_field_value *v = reg->fields[i].values; v && v->name; v++) {
            if (strcmp(reg->fields[i].name, "kinds") != 0)
                continue;
            if (strcmp(v->name, kind) == 0)
                return ZJ_OK;
            zj_choices_add(&kinds, v->name);
        }
    if (!kind)
        return ZJ_OK;
    zj_choices_fail(call->job, &kinds);
    return zj_fail(call->job, ZJ_EUSAGE,
                   zj_tr(call->job, "no kind of organisation '%.40s'", "没有单位类型“%.40s”"), kind);
}

static zj_err heatmap(struct zj_call *call)
{
    const char *sort = zj_call_param(call, "sort");
    struct zj_heatmap_filter filter = {
        .search = zj_call_param(call, "q"),
        .kind = zj_call_param(call, "kind"),
        .is_by_name = sort && strcmp(sort, "name") == 0,
        .case_tasks = case_tasks,
    };
    zj_err err = need_bureau(call);
    if (!err)
        err = check_kind(call, filter.kind);
    if (!err)
        err = zj_call_int(call, "limit", HEATMAP_ROWS_MAX, 1, HEATMAP_ROWS_MAX, &filter.limit);
    if (!err)
        err = zj_call_int(call, "offset", 0, 0, INT32_MAX, &filter.offset);
    return err ? err
               : zj_plan_heatmap(call->job, call->server->plan, call->store, &filter, &call->json);
}

static const struct zj_paper_table *heatmap_paper(struct zj_call *call)
{
    return call->server->plan ? zj_plan_heatmap_paper(call->server->plan, call->arena) : NULL;
}

static zj_err progress(struct zj_call *call)
{
    zj_err err = need_bureau(call);
    return err ? err
               : zj_plan_progress(call->job, call->server->plan, call->store, case_tasks,
                                  &call->json);
}

static zj_err briefings(struct zj_call *call)
{
    int64_t year = 0;
    int this_year, month, day;
    zj_date_split(zj_date_of_time(zj_now_ns(call->job)), &this_year, &month, &day);
    zj_err err = need_bureau(call);
    if (!err)
        err = zj_call_int(call, "year", this_year, 2000, 9999, &year);
    if (err)
        return err;
    const char *text = zj_arena_printf(&call->job->arena, "%04d", (int)year);
    return zj_plan_briefings(call->job, call->server->plan, call->store, text, &call->json);
}

static const struct zj_param heatmap_query[] = {
    {"q", "string", NULL, "part of a name or code", "名称或代码关键字", false},
    {"kind", "string", NULL, "kind of organisation", "单位类型", false},
    {"sort", "string", "worst|name", "worst first where not given", "排序，默认问题多的在前", false},
    {"limit", "integer", "1..5000", "companies; all where not given", "家数：默认全部", false},
    {"offset", "integer", "0..2147483647", "companies to pass over", "跳过的家数", false},
    {0},
};

static const struct zj_param briefing_query[] = {
    {"year", "integer", "2000..9999", "this year where not given", "年度，默认为当年", false},
    {0},
};

const struct zj_route zj_routes_supervision[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/supervision/heatmap",
     .en = "Companies by tasks: how each stands, with counts (bureaus only)",
     .zh = "企业与任务热力图（仅主管部门）",
     .need = ZJ_NEED_SUPERVISE,
     .flags = ZJ_ROUTE_CACHED,
     .query = heatmap_query,
     .answer = "{orgs, total}",
     .make_paper = heatmap_paper,
     .handle = heatmap},
    {.method = ZJ_GET,
     .path = "/api/v1/supervision/progress",
     .en = "Progress of each task over all companies, computed (bureaus only)",
     .zh = "各项任务进展，由系统计算（仅主管部门）",
     .need = ZJ_NEED_SUPERVISE,
     .flags = ZJ_ROUTE_CACHED,
     .answer = "{companies, tasks}",
     .paper = &zj_paper_progress,
     .handle = progress},
    {.method = ZJ_GET,
     .path = "/api/v1/supervision/briefings",
     .en = "Briefings of a year and the companies they reached (bureaus only)",
     .zh = "宣贯场次与覆盖企业（仅主管部门）",
     .need = ZJ_NEED_SUPERVISE,
     .query = briefing_query,
     .answer = "{year, sessions, companies, target_sessions, target_companies, rows}",
     .handle = briefings},
    {0},
};
