/* A request's query against the table of its route: a slip of the pen is told, and not passed over
 * as if nothing had been asked for. */
#include <string.h>

#include "base/choices.h"
#include "server/core.h"

const struct zj_param zj_query_everywhere[] = {
    {"lang", "string", NULL, "language of the answer: zh or en; else as Accept-Language has it",
     "回答所用语言：zh 或 en，默认按 Accept-Language", false},
    {0},
};

const struct zj_param zj_query_paper = {
    "format", "string", "json|xlsx|csv|pdf", "all rows of the filter as a file; json where not given",
    "按筛选导出全部行为文件：默认 json", false};

static bool has_column(const struct zj_call *call, const char *name)
{
    const char *column;
    for (size_t at = 0; (column = call->route->column(call, at)); at++)
        if (strcmp(column, name) == 0)
            return true;
    return false;
}

/* "f." of "f.FIELD"; all of "limit" */
static size_t stem_len(const struct zj_param *p)
{
    return strcspn(p->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static const struct zj_param *find_in(const struct zj_call *call, const struct zj_param *table,
                                      const char *name)
{
    for (const struct zj_param *p = table; p && p->name; p++) {
        const size_t len = stem_len(p);
        if (p->name[len] ? strncmp(p->name, name, len) == 0 && has_column(call, name + len)
                         : strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}

static const struct zj_param *find_param(const struct zj_call *call, const char *name)
{
    const struct zj_route *r = call->route;
    const struct zj_param *found = find_in(call, r->query, name);
    if (!found)
        found = find_in(call, zj_query_everywhere, name);
    if (!found && (r->paper || r->make_paper) && strcmp(name, zj_query_paper.name) == 0)
        found = &zj_query_paper;
    return found;
}

const char *zj_query_column(const struct zj_call *call, const char *name)
{
    const struct zj_param *p = find_param(call, name);
    const size_t len = p ? stem_len(p) : 0;
    return p && p->name[len] ? name + len : NULL;
}

/* A column of the query that the route has not. */
static zj_err refuse_column(struct zj_call *call, const char *name)
{
    struct zj_choices columns = {.given = name};
    const char *column;
    for (size_t at = 0; (column = call->route->column(call, at)); at++)
        zj_choices_add(&columns, column);
    zj_choices_fail(call->job, &columns);
    return zj_fail(call->job, ZJ_EUSAGE,
                   zj_tr(call->job, "no column '%.60s'", "没有“%.60s”列"), name);
}

/* "f.state" for "state" and "stat": by the column, whose name is what was written wrong. */
static void hint_columns(struct zj_call *call, const struct zj_param *p, size_t len,
                         struct zj_choices *names)
{
    struct zj_choices columns = {.given = names->given};
    const char *column;
    for (size_t at = 0; (column = call->route->column(call, at)); at++)
        zj_choices_hint(&columns, column);
    if (!columns.nearest || (names->nearest && names->distance <= columns.distance))
        return;
    names->nearest = zj_arena_printf(call->arena, "%.*s%s", (int)len, p->name, columns.nearest);
    names->distance = columns.distance;
}

static zj_err refuse_name(struct zj_call *call, const char *name)
{
    struct zj_choices names = {.given = name};
    for (const struct zj_param *p = call->route->query; p && p->name; p++) {
        const size_t len = stem_len(p);
        if (len && p->name[len] && strncmp(p->name, name, len) == 0) {
            zj_buf_release(&names.list);
            return refuse_column(call, name + len);
        }
        zj_choices_add(&names, p->name);
        if (p->name[len])
            hint_columns(call, p, len, &names);
    }
    if (call->route->paper || call->route->make_paper)
        zj_choices_add(&names, zj_query_paper.name);
    for (const struct zj_param *p = zj_query_everywhere; p->name; p++)
        zj_choices_add(&names, p->name);
    zj_choices_fail(call->job, &names);
    return zj_fail(call->job, ZJ_EUSAGE,
                   zj_tr(call->job, "no query name '%.60s' here", "此处没有查询参数“%.60s”"), name);
}

/* "1..500" */
static bool read_range(const char *values, int64_t *out_min, int64_t *out_max)
{
    char *end;
    if (!values || !strstr(values, ".."))
        return false;
    *out_min = strtoll(values, &end, 10);
    *out_max = strtoll(end + 2, NULL, 10);
    return true;
}

static bool is_allowed(const char *values, const char *given)
{
    const size_t len = strlen(given);
    for (const char *at = values; *at; at += at[0] == '|') {
        const size_t one = strcspn(at, "|");
        if (one == len && memcmp(at, given, len) == 0)
            return true;
        at += one;
    }
    return false;
}

static zj_err check_value(struct zj_call *call, const struct zj_param *p, const char *value)
{
    int64_t min = INT64_MIN, max = INT64_MAX, number;
    if (read_range(p->values, &min, &max) || (strcmp(p->type, "integer") == 0 && !p->values))
        return zj_call_int(call, p->name, 0, min, max, &number);
    if (!p->values || is_allowed(p->values, value))
        return ZJ_OK;
    struct zj_choices words = {.given = value};
    zj_choices_add_all(&words, p->values, call->arena);
    zj_choices_fail(call->job, &words);
    return zj_fail(call->job, ZJ_EUSAGE,
                   zj_tr(call->job, "%s: '%.60s' is no value of it", "%s：“%.60s”不是有效值"),
                   p->name, value);
}

zj_err zj_query_check(struct zj_call *call)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < call->req->param_count && !err; i++) {
        const struct zj_pair *given = &call->req->params[i];
        const struct zj_param *p = find_param(call, given->name);
        if (!p)
            err = refuse_name(call, given->name);
        else if (given->value && given->value[0]) /* an empty one is none */
            err = check_value(call, p, given->value);
    }
    return err;
}
