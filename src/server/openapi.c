/* The OpenAPI 3.1 document, from the tables that serve the API. */
#include <string.h>

#include "register/register.h"
#include "server/core.h"

static const char *const need_names[ZJ_NEED_COUNT] = {
    [ZJ_NEED_NOTHING] = "nothing", [ZJ_NEED_LOGIN] = "login", [ZJ_NEED_READ] = "read",
    [ZJ_NEED_WRITE] = "write",     [ZJ_NEED_USERS] = "users", [ZJ_NEED_AUDIT] = "audit",
    [ZJ_NEED_INGEST] = "ingest",  [ZJ_NEED_WORK] = "work",
    [ZJ_NEED_SUPERVISE] = "supervise",
};

static void write_range(struct zj_json *j, const char *from)
{
    char *end;
    zj_json_kint(j, "minimum", strtoll(from, &end, 10));
    zj_json_kint(j, "maximum", strtoll(end + 2, NULL, 10));
}

static void write_schema(struct zj_json *j, const struct zj_param *p)
{
    const bool is_range = p->values && strstr(p->values, "..");
    zj_json_object(j);
    zj_json_kstr(j, "type", p->type);
    if (is_range)
        write_range(j, p->values);
    for (const char *at = is_range ? NULL : p->values; at && *at;) {
        if (at == p->values) {
            zj_json_key(j, "enum");
            zj_json_array(j);
        }
        const size_t len = strcspn(at, "|");
        if (strcmp(p->type, "integer") == 0)
            zj_json_int(j, strtoll(at, NULL, 10));
        else
            zj_json_span(j, zj_span_of(at, len));
        at += len + (at[len] == '|');
        if (!*at)
            zj_json_array_end(j);
    }
    zj_json_kstr(j, "description", p->en);
    zj_json_kstr(j, "x-description-zh", p->zh);
    zj_json_object_end(j);
}

static void write_parameter(struct zj_json *j, const char *where, const struct zj_param *p)
{
    zj_json_object(j);
    zj_json_kstr(j, "name", p->name);
    zj_json_kstr(j, "in", where);
    zj_json_kbool(j, "required", p->is_required);
    zj_json_kstr(j, "description", p->en);
    zj_json_kstr(j, "x-description-zh", p->zh);
    zj_json_key(j, "schema");
    write_schema(j, p);
    zj_json_object_end(j);
}

static bool names(const struct zj_param *table, const char *name)
{
    for (const struct zj_param *p = table; p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return true;
    return false;
}

static void write_parameters(struct zj_json *j, const struct zj_route *r)
{
    zj_json_key(j, "parameters");
    zj_json_array(j);
    for (const char *at = strchr(r->path, '{'); at; at = strchr(at + 1, '{')) {
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, "}"), at + 1);
        const struct zj_param p = {name, "string", NULL, name, name, true};
        write_parameter(j, "path", &p);
    }
    for (const struct zj_param *p = r->query; p && p->name; p++)
        write_parameter(j, "query", p);
    if (r->paper || r->make_paper)
        write_parameter(j, "query", &zj_query_paper);
    for (const struct zj_param *p = zj_query_everywhere; p->name; p++)
        if (!names(r->query, p->name))
            write_parameter(j, "query", p);
    zj_json_array_end(j);
}

static void write_body(struct zj_json *j, const struct zj_route *r)
{
    if (r->body == ZJ_BODY_NONE)
        return;
    zj_json_key(j, "requestBody");
    zj_json_object(j);
    zj_json_kbool(j, "required", true);
    zj_json_key(j, "content");
    zj_json_object(j);
    zj_json_key(j, r->body == ZJ_BODY_JSON ? "application/json" : "application/octet-stream");
    zj_json_object(j);
    zj_json_key(j, "schema");
    zj_json_object(j);
    if (r->body == ZJ_BODY_JSON) {
        zj_json_kstr(j, "type", "object");
        zj_json_key(j, "required");
        zj_json_array(j);
        for (const struct zj_param *p = r->fields; p && p->name; p++)
            if (p->is_required)
                zj_json_str(j, p->name);
        zj_json_array_end(j);
        zj_json_key(j, "properties");
        zj_json_object(j);
        for (const struct zj_param *p = r->fields; p && p->name; p++) {
            zj_json_key(j, p->name);
            write_schema(j, p);
        }
        zj_json_object_end(j);
    }
    for (int i = 0; i < 4; i++)
        zj_json_object_end(j);
}

static void write_paper_types(struct zj_json *j)
{
    for (int format = ZJ_PAPER_XLSX; format <= ZJ_PAPER_PDF; format++) {
        zj_json_key(j, zj_paper_media_type((enum zj_paper_format)format));
        zj_json_object(j);
        zj_json_object_end(j);
    }
}

static void write_answers(struct zj_json *j, const struct zj_route *r)
{
    zj_json_key(j, "responses");
    zj_json_object(j);
    zj_json_key(j, "200");
    zj_json_object(j);
    zj_json_kstr(j, "description", r->answer);
    zj_json_key(j, "content");
    zj_json_object(j);
    zj_json_key(j, r->answer_type ? r->answer_type : "application/json");
    zj_json_object(j);
    zj_json_object_end(j);
    if (r->paper || r->make_paper) /* which of them, ?format= says */
        write_paper_types(j);
    for (int i = 0; i < 2; i++)
        zj_json_object_end(j);
    zj_json_key(j, "default");
    zj_json_object(j);
    zj_json_kstr(j, "$ref", "#/components/responses/problem");
    zj_json_object_end(j);
    zj_json_object_end(j);
}

static void write_security(struct zj_json *j, const struct zj_route *r)
{
    zj_json_key(j, "security");
    zj_json_array(j);
    if (r->need != ZJ_NEED_NOTHING) {
        const char *const ways[] = {"cookie", "bearer"};
        const bool by_cookie = r->need != ZJ_NEED_INGEST;
        const bool by_bearer = r->need != ZJ_NEED_USERS && r->need != ZJ_NEED_AUDIT;
        for (size_t i = 0; i < ZJ_COUNT(ways); i++) {
            if (!(i ? by_bearer : by_cookie))
                continue;
            zj_json_object(j);
            zj_json_key(j, ways[i]);
            zj_json_array(j);
            zj_json_array_end(j);
            zj_json_object_end(j);
        }
    }
    zj_json_array_end(j);
    zj_json_kstr(j, "x-zhuji-need", need_names[r->need]);
}

static void write_operation(struct zj_json *j, const struct zj_route *r)
{
    char method[8];
    snprintf(method, sizeof method, "%s", zj_method_name(r->method));
    for (char *c = method; *c; c++)
        *c = (char)(*c | 0x20);
    zj_json_key(j, method);
    zj_json_object(j);
    zj_json_kstr(j, "summary", r->en);
    zj_json_kstr(j, "x-summary-zh", r->zh);
    write_security(j, r);
    write_parameters(j, r);
    write_body(j, r);
    write_answers(j, r);
    zj_json_object_end(j);
}

static bool is_first_of_path(const struct zj_route *table, const struct zj_route *r)
{
    for (const struct zj_route *other = table; other < r; other++)
        if (strcmp(other->path, r->path) == 0)
            return false;
    return true;
}

/* Routes of one path stand in one family. */
static void write_paths(struct zj_json *j)
{
    zj_json_key(j, "paths");
    zj_json_object(j);
    for (size_t t = 0; t < zj_route_table_count; t++)
        for (const struct zj_route *r = zj_route_tables[t]; r->path; r++) {
            if ((r->flags & ZJ_ROUTE_HIDDEN) || !is_first_of_path(zj_route_tables[t], r))
                continue;
            zj_json_key(j, r->path);
            zj_json_object(j);
            for (const struct zj_route *same = r; same->path; same++)
                if (strcmp(same->path, r->path) == 0 && !(same->flags & ZJ_ROUTE_HIDDEN))
                    write_operation(j, same);
            zj_json_object_end(j);
        }
    zj_json_object_end(j);
}

static const char fixed_parts[] =
    "{\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"zj_session\",\"description\":"
    "\"Unsafe methods also want the header X-Zhuji: 1.\"},"
    "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}}";

static const char problem_parts[] =
    "{\"problem\":{\"description\":\"RFC 9457 problem; code is stable\",\"content\":{"
    "\"application/problem+json\":{\"schema\":{\"type\":\"object\",\"properties\":{"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},\"detail_zh\":{\"type\":\"string\"},"
    "\"instance\":{\"type\":\"string\",\"description\":\"request id\"},"
    "\"faults\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}}}}}";

zj_err zj_openapi_print(struct zj_call *call)
{
    struct zj_json *j = &call->json;
    zj_json_object(j);
    zj_json_kstr(j, "openapi", "3.1.0");
    zj_json_key(j, "info");
    zj_json_object(j);
    zj_json_kstr(j, "title", "Zhuji 筑基");
    zj_json_kstr(j, "version", ZJ_VERSION);
    zj_json_object_end(j);
    write_paths(j);
    zj_json_key(j, "components");
    zj_json_object(j);
    zj_json_key(j, "securitySchemes");
    zj_json_raw(j, ZJ_SPAN_LIT(fixed_parts));
    zj_json_key(j, "responses");
    zj_json_raw(j, ZJ_SPAN_LIT(problem_parts));
    zj_json_object_end(j);
    zj_json_key(j, "x-zhuji-registers");
    zj_json_array(j);
    for (size_t i = 0; i < zj_register_count; i++)
        zj_register_describe(zj_registers[i], j);
    zj_json_array_end(j);
    zj_json_object_end(j);
    return ZJ_OK;
}
