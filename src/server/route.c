#include "server/route.h"

#include <string.h>

#include "base/clock.h"
#include "server/core.h"

#define ZJ_ROUTES(family) extern const struct zj_route zj_routes_##family[];
#include "server/routes.def"
#undef ZJ_ROUTES

const struct zj_route *const zj_route_tables[] = {
#define ZJ_ROUTES(family) zj_routes_##family,
#include "server/routes.def"
#undef ZJ_ROUTES
};
const size_t zj_route_table_count = ZJ_COUNT(zj_route_tables);

/* "/registers/{name}/{id}" against "/registers/cards/7". A part in braces takes one path part, up
 * to the next text of the pattern. */
static bool path_fits(const char *pattern, const char *path, struct zj_arena *arena,
                      const char **args)
{
    size_t count = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        pattern = strchr(pattern, '}') + 1;
        size_t len = strcspn(path, "/");
        const size_t text = strcspn(pattern, "/{");
        if (text && text < len && memcmp(path + len - text, pattern, text) == 0)
            len -= text;
        if (len == 0 || count == ZJ_ROUTE_ARGS_MAX)
            return false;
        args[count++] = zj_arena_span(arena, zj_span_of(path, len));
        path += len;
    }
    return *path == '\0';
}

const struct zj_route *zj_route_find(enum zj_method method, const char *path,
                                     struct zj_arena *arena, const char **args, unsigned *out_allow)
{
    *out_allow = 0;
    for (size_t t = 0; t < zj_route_table_count; t++)
        for (const struct zj_route *r = zj_route_tables[t]; r->path; r++) {
            if (!path_fits(r->path, path, arena, args))
                continue;
            if (r->method == method)
                return r;
            *out_allow |= 1u << r->method;
        }
    return NULL;
}

const char *zj_call_param(const struct zj_call *call, const char *name)
{
    const char *value = zj_http_param(call->req, name);
    return value && value[0] ? value : NULL;
}

const char *zj_call_text(struct zj_call *call, const char *key)
{
    const struct zj_jval *v = zj_jval_get(zj_jdoc_root(call->body), key);
    return zj_jval_type(v) == ZJ_J_STRING ? zj_arena_span(&call->job->arena, zj_jval_text(v)) : NULL;
}

zj_err zj_call_need_plan(struct zj_call *call)
{
    if (call->server->plan)
        return ZJ_OK;
    return zj_fail(call->job, ZJ_EPACK, "%s",
                   zj_tr(call->job, "the rule packs are not loaded", "规则包未加载"));
}

static bool parse_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
    char *end;
    const bool is_number = text[0] == '-' || (text[0] >= '0' && text[0] <= '9');
    const long long value = strtoll(text, &end, 10);
    if (!is_number || *end || strlen(text) > 18 || value < min || value > max)
        return false;
    *out = value;
    return true;
}

zj_err zj_call_int(struct zj_call *call, const char *name, int64_t absent, int64_t min, int64_t max,
                   int64_t *out)
{
    const char *text = zj_call_param(call, name);
    if (!text) {
        *out = absent;
        return ZJ_OK;
    }
    if (parse_int(text, min, max, out))
        return ZJ_OK;
    return zj_fail(call->job, ZJ_EUSAGE,
                   zj_tr(call->job, "%s must be a whole number from %lld to %lld",
                         "%s 应为 %lld 到 %lld 的整数"),
                   name, (long long)min, (long long)max);
}

zj_err zj_call_since(struct zj_call *call, int64_t *out_us)
{
    const char *text = zj_call_param(call, "changed_since");
    int64_t time_ns = 0;
    if (text && !zj_time_parse(zj_span_str(text), &time_ns))
        return zj_fail(call->job, ZJ_EUSAGE,
                       zj_tr(call->job, "changed_since '%.40s' is no time",
                             "changed_since“%.40s”不是时间"),
                       text);
    *out_us = time_ns / 1000;
    return ZJ_OK;
}

zj_err zj_call_page(struct zj_call *call, int64_t *out_limit, int64_t *out_offset)
{
    if (call->page_rows) {
        *out_limit = call->page_rows;
        *out_offset = call->page_at;
        return ZJ_OK;
    }
    zj_err err = zj_call_int(call, "limit", ZJ_PAGE_ROWS, 1, ZJ_PAGE_ROWS_MAX, out_limit);
    return err ? err : zj_call_int(call, "offset", 0, 0, 10000000, out_offset);
}

zj_err zj_org_by_code(struct zj_call *call, const char *code, int64_t *out_org)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(call->job, call->store,
                                  "SELECT id FROM reg_organisations WHERE code = $1"
                                  " AND deleted_at = 0 AND ($2 = 1 OR id = $3)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, code);
    zj_stmt_bind_int(stmt, 2, call->scope.sees_all);
    zj_stmt_bind_int(stmt, 3, call->scope.org_id);
    err = zj_stmt_step(call->job, stmt, &has_row);
    if (!err && !has_row) /* one sentence for "there is none" and for "not yours" */
        err = zj_fail(call->job, ZJ_ENOTFOUND,
                      zj_tr(call->job, "no organisation '%s'", "没有单位“%s”"), code);
    if (!err)
        *out_org = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_call_org(struct zj_call *call, int64_t *out_org)
{
    const char *code = zj_call_param(call, "org");
    *out_org = 0;
    return code ? zj_org_by_code(call, code, out_org) : ZJ_OK;
}

zj_err zj_call_own_org(struct zj_call *call, int64_t *out_org)
{
    int64_t org = 0;
    zj_err err = zj_call_org(call, &org);
    if (err)
        return err;
    if (!org)
        org = call->scope.org_id;
    if (!org)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "say for which organisation, with ?org=CODE",
                             "请用 ?org=代码 指明单位"));
    *out_org = org;
    return ZJ_OK;
}

zj_err zj_call_id(struct zj_call *call, size_t at, int64_t *out_id)
{
    if (parse_int(call->args[at], 1, INT64_MAX, out_id))
        return ZJ_OK;
    return zj_fail(call->job, ZJ_ENOTFOUND,
                   zj_tr(call->job, "'%s' is no row number", "“%s”不是行号"), call->args[at]);
}

void zj_call_file(struct zj_call *call, int file, int64_t bytes, const char *type,
                  const char *download_name)
{
    struct zj_http_response *res = call->res;
    res->file = file;
    res->file_bytes = bytes;
    res->content_type = type;
    zj_http_respond_header(
        res, "Content-Disposition",
        zj_arena_printf(call->arena, "attachment; filename=\"%s\"", download_name));
}

void zj_problem_status(struct zj_call *call, int status, const char *code, const char *en,
                       const char *zh)
{
    struct zj_http_response *res = call->res;
    res->body.len = 0;
    res->status = status;
    res->content_type = "application/problem+json";
    struct zj_json j = zj_json_to(&res->body);
    zj_json_object(&j);
    zj_json_key(&j, "type");
    zj_json_printf(&j, "urn:zhuji:problem:%s", code);
    zj_json_kstr(&j, "title", en);
    zj_json_kint(&j, "status", status);
    zj_json_kstr(&j, "code", code);
    const struct zj_job *job = call->job;
    const bool is_zh = job->lang == ZJ_ZH;
    const char *own = job->message, *other = job->other_message;
    zj_json_kstr(&j, "detail", !own[0] ? en : is_zh ? other : own);
    zj_json_kstr(&j, "detail_zh", !own[0] ? zh : is_zh ? own : other);
    zj_json_kstr(&j, "instance", call->req->id);
    zj_json_object_end(&j);
}

void zj_problem(struct zj_call *call, zj_err err)
{
    const struct zj_err_info *info = zj_err_info(err);
    if (info->http_status == 429 || info->http_status == 503)
        zj_http_respond_header(call->res, "Retry-After", "10");
    zj_problem_status(call, info->http_status, info->name, info->en, info->zh);
}
