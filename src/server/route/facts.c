/* What was observed: facts, detections, counters, the fleet and where data goes. */
#include <string.h>

#include "base/clock.h"
#include "facts/facts.h"
#include "sense/sense.h"
#include "server/core.h"
#include "server/detections.h"

enum { SUMMARY_BYTES_MAX = 64 * 1024 * 1024, TRANSFER_ROWS = 200, DAY_S = 86400 };

static zj_err read_query(struct zj_call *call, struct zj_facts_query *out)
{
    int64_t limit = 0, offset = 0;
    *out = (struct zj_facts_query){0};
    zj_err err = zj_call_page(call, &limit, &offset);
    if (!err)
        err = zj_call_org(call, &out->org_id);
    if (!err)
        err = zj_call_int(call, "before", 0, 0, INT64_MAX, &out->before_id);
    if (err)
        return err;
    out->limit = (int)limit;
    out->offset = offset;
    out->search = zj_call_param(call, "q");
    out->sort = zj_call_param(call, "sort");
    out->outside_only = zj_span_eq_str(zj_span_str(zj_call_param(call, "outside")), "1");
    for (size_t i = 0; i < call->req->param_count; i++) {
        const struct zj_pair *p = &call->req->params[i];
        const char *column = zj_query_column(call, p->name);
        if (!column || !p->value[0])
            continue;
        if (out->filter_count == ZJ_FACTS_FILTERS_MAX)
            return zj_fail(call->job, ZJ_EUSAGE, "%s",
                           zj_tr(call->job, "too many filters", "筛选条件过多"));
        out->filters[out->filter_count].column = column;
        out->filters[out->filter_count++].value = p->value;
    }
    return ZJ_OK;
}

static zj_err kind_of(struct zj_call *call, enum zj_fact_id *out)
{
    if (zj_facts_kind(call->args[0], out))
        return ZJ_OK;
    return zj_fail(call->job, ZJ_ENOTFOUND, zj_tr(call->job, "no facts '%s'", "没有此类事实“%s”"),
                   call->args[0]);
}

static zj_err list_kind(struct zj_call *call, enum zj_fact_id kind)
{
    struct zj_facts_query query;
    zj_err err = read_query(call, &query);
    return err ? err
               : zj_facts_list(call->job, call->store, &call->scope, kind, &query, &call->json);
}

static zj_err fact(struct zj_call *call)
{
    int64_t id = 0;
    zj_err err = zj_call_id(call, 1, &id);
    return err ? err : zj_evidence_fact(call, call->args[0], id);
}

/* What the rules of the rows mean, beside the rows. */
static zj_err detections(struct zj_call *call)
{
    struct zj_json *j = &call->json;
    struct zj_detections *rules = NULL;
    struct zj_facts_query query;
    zj_err err = zj_detections_load(call->job, NULL, &rules);
    if (!err)
        err = read_query(call, &query);
    if (!err)
        err = zj_detections_list(call->job, call->store, &call->scope, rules, &query, j);
    if (err) {
        zj_detections_free(rules);
        return err;
    }
    zj_json_object_reopen(j);
    zj_json_key(j, "rules");
    zj_json_array(j);
    for (size_t i = 0; i < rules->count; i++) {
        const struct zj_detection_info *info = &rules->infos[i];
        zj_json_object(j);
        zj_json_kstr(j, "name", info->name);
        zj_json_kstr(j, "severity", info->severity);
        zj_json_kstr(j, "en", info->en);
        zj_json_kstr(j, "zh", info->zh);
        zj_json_kstr(j, "about_en", info->about_en);
        zj_json_kstr(j, "about_zh", info->about_zh);
        zj_json_kstr(j, "todo_en", info->todo_en);
        zj_json_kstr(j, "todo_zh", info->todo_zh);
        zj_json_key(j, "references");
        zj_json_array(j);
        for (const char *const *r = info->references; r && *r; r++)
            zj_json_str(j, *r);
        zj_json_array_end(j);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    zj_json_object_end(j);
    zj_detections_free(rules);
    return ZJ_OK;
}

static zj_err facts(struct zj_call *call)
{
    enum zj_fact_id kind;
    zj_err err = kind_of(call, &kind);
    if (!err && kind == ZJ_FACT_DETECTION)
        return detections(call);
    return err ? err : list_kind(call, kind);
}

/* Files are read, and that is that: nothing captures, however new what they hold. */
static void tell_file(const void *ctx, struct zj_span name, struct zj_json *out)
{
    static const char *const signs[] = {"/", ".pcap", "stdin", "store"};
    bool is_file = false;
    (void)ctx; /* the name tells */
    for (size_t i = 0; i < ZJ_COUNT(signs) && name.len; i++)
        is_file |= memmem(name.at, name.len, signs[i], strlen(signs[i])) != NULL;
    zj_json_kbool(out, "is_file", is_file);
}

/* What one organisation captures is no other's to know. */
static bool may_know(const struct zj_scope *scope, const struct zj_watch *watch)
{
    return scope->sees_all || !watch->org_id || watch->org_id == scope->org_id;
}

/* The counters by sensor; and how the server's own stands, which nobody else would tell. */
static zj_err sensors(struct zj_call *call)
{
    static const char *const states[] = {NULL, "runs", "ended", "failed"};
    const struct zj_watch *watch = &call->server->watch;
    const int state = atomic_load(&watch->state);
    struct zj_facts_query query;
    zj_err err = read_query(call, &query);
    query.tell = tell_file;
    if (!err)
        err = zj_facts_list(call->job, call->store, &call->scope, ZJ_FACT_SENSOR, &query,
                            &call->json);
    if (err || state == ZJ_WATCH_NONE || !may_know(&call->scope, watch))
        return err;
    zj_json_object_reopen(&call->json);
    zj_json_key(&call->json, "own");
    zj_json_object(&call->json);
    const bool is_of_others = zj_scope_supervises(&call->scope);
    const char *base = is_of_others ? strrchr(watch->name, '/') : NULL;
    zj_json_kstr(&call->json, "name", base ? base + 1 : watch->name);
    zj_json_kstr(&call->json, "state", states[state]);
    if (state == ZJ_WATCH_FAILED && !is_of_others) /* it names files */
        zj_json_kstr(&call->json, "message", watch->message);
    zj_json_object_end(&call->json);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

/* --- the fleet ---------------------------------------------------------------------------------
 */

struct share {
    struct zj_span name;
    int64_t vehicles;
};

/* Vehicles by one member of the rows of "protocols": [{"name","vehicles"}…] */
static void write_shares(struct zj_call *call, const struct zj_jval *rows, const char *member,
                         const char *key)
{
    struct share shares[64];
    size_t count = 0;
    for (const struct zj_jval *r = zj_jval_first(rows); r; r = zj_jval_next(r)) {
        const struct zj_span name = zj_jval_text(zj_jval_get(r, member));
        size_t i = 0;
        while (i < count && !zj_span_eq(shares[i].name, name))
            i++;
        if (i == ZJ_COUNT(shares))
            continue; /* there are not that many protocols, editions or ways to encrypt */
        if (i == count)
            shares[count++] = (struct share){.name = name};
        shares[i].vehicles += zj_jval_int(zj_jval_get(r, "vehicles"), 0);
    }
    zj_json_key(&call->json, key);
    zj_json_array(&call->json);
    for (size_t i = 0; i < count; i++) {
        zj_json_object(&call->json);
        zj_json_kspan(&call->json, "name", shares[i].name);
        zj_json_kint(&call->json, "vehicles", shares[i].vehicles);
        zj_json_object_end(&call->json);
    }
    zj_json_array_end(&call->json);
}

static void write_hours(struct zj_call *call, const struct zj_jval *rows)
{
    static const char *const numbers[] = {"vehicles", "frames", "bytes"};
    static const char *const texts[] = {"hour", "protocol", "security"};
    struct zj_json *j = &call->json;
    zj_json_key(j, "series");
    zj_json_array(j);
    for (const struct zj_jval *r = zj_jval_first(rows); r; r = zj_jval_next(r)) {
        zj_json_object(j);
        for (size_t i = 0; i < ZJ_COUNT(texts); i++)
            zj_json_kspan(j, texts[i], zj_jval_text(zj_jval_get(r, texts[i])));
        for (size_t i = 0; i < ZJ_COUNT(numbers); i++)
            zj_json_kint(j, numbers[i], zj_jval_int(zj_jval_get(r, numbers[i]), 0));
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
}

static zj_err read_fleet(struct zj_call *call, int64_t org, int64_t from_us, struct zj_jdoc **out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_err err = zj_facts_fleet(call->job, call->store, &call->scope, org, from_us, 0, &j);
    return err ? err : zj_jdoc_parse(call->job, zj_buf_all(&text), SUMMARY_BYTES_MAX, out);
}

static zj_err fleet(struct zj_call *call)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *all = NULL;
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *day = NULL;
    int64_t org = 0, days = 0;
    const int64_t now_us = zj_now_us(call->job), day_us = INT64_C(1000000) * DAY_S;
    zj_err err = zj_call_org(call, &org);
    if (!err)
        err = zj_call_int(call, "days", 0, 0, 3660, &days);
    if (!err)
        err = read_fleet(call, org, days ? now_us - days * day_us : 0, &all);
    if (!err)
        err = read_fleet(call, org, now_us - day_us, &day);
    if (err)
        return err;
    const struct zj_jval *root = zj_jdoc_root(all);
    struct zj_json *j = &call->json;
    zj_json_object(j);
    zj_json_kint(j, "vehicles", zj_jval_int(zj_jval_get(root, "vehicles"), 0));
    zj_json_kint(j, "online_24h", zj_jval_int(zj_jval_get(zj_jdoc_root(day), "vehicles"), 0));
    const struct zj_jval *protocols = zj_jval_get(root, "protocols");
    write_shares(call, protocols, "protocol", "by_protocol");
    write_shares(call, protocols, "edition", "by_edition");
    write_shares(call, protocols, "security", "by_security");
    write_hours(call, zj_jval_get(root, "hours"));
    zj_json_object_end(j);
    return ZJ_OK;
}

static struct zj_span name_of(const struct zj_jval *nodes, struct zj_span id)
{
    for (const struct zj_jval *n = zj_jval_first(nodes); n; n = zj_jval_next(n))
        if (zj_span_eq(zj_jval_text(zj_jval_get(n, "id")), id))
            return zj_jval_text(zj_jval_get(n, "name"));
    return id;
}

/* A diagram joins links to nodes by name, and a link's width is its items. */
static void write_diagram(struct zj_call *call, const struct zj_jval *root)
{
    struct zj_json *j = &call->json;
    const struct zj_jval *nodes = zj_jval_get(root, "nodes");
    zj_json_key(j, "nodes");
    zj_json_array(j);
    for (const struct zj_jval *n = zj_jval_first(nodes); n; n = zj_jval_next(n)) {
        zj_json_object(j);
        zj_json_kspan(j, "name", zj_jval_text(zj_jval_get(n, "name")));
        zj_json_kspan(j, "kind", zj_jval_text(zj_jval_get(n, "kind")));
        zj_json_kbool(j, "is_partner", zj_jval_bool(zj_jval_get(n, "is_partner"), false));
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    zj_json_key(j, "links");
    zj_json_array(j);
    for (const struct zj_jval *l = zj_jval_first(zj_jval_get(root, "links")); l;
         l = zj_jval_next(l)) {
        zj_json_object(j);
        zj_json_kspan(j, "source", name_of(nodes, zj_jval_text(zj_jval_get(l, "source"))));
        zj_json_kspan(j, "target", name_of(nodes, zj_jval_text(zj_jval_get(l, "target"))));
        zj_json_kint(j, "value", zj_jval_int(zj_jval_get(l, "items"), 0));
        zj_json_kint(j, "bytes", zj_jval_int(zj_jval_get(l, "bytes"), 0));
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
}

static zj_err transfers(struct zj_call *call)
{
    struct zj_facts_query query = {.limit = TRANSFER_ROWS};
    ZJ_AUTO(zj_buf_release) struct zj_buf diagram = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf rows = {0};
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct zj_json d = zj_json_to(&diagram), r = zj_json_to(&rows);
    zj_err err = zj_call_org(call, &query.org_id);
    if (!err)
        err = zj_facts_transfers(call->job, call->store, &call->scope, query.org_id,
                                 !zj_span_eq_str(zj_span_str(zj_call_param(call, "all")), "1"), &d);
    if (!err)
        err = zj_jdoc_parse(call->job, zj_buf_all(&diagram), SUMMARY_BYTES_MAX, &doc);
    if (!err)
        err = zj_facts_list(call->job, call->store, &call->scope, ZJ_FACT_TRANSFER, &query, &r);
    if (err)
        return err;
    zj_json_object(&call->json);
    write_diagram(call, zj_jdoc_root(doc));
    zj_json_raw(&call->json, zj_span_of(rows.at + 1, rows.len - 2)); /* its members: rows, total */
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

/* Of identities and services, detections, sensors …: what the answer's rows have, by which they can
 * be filtered. */
static const char *fact_column(const struct zj_call *call, size_t at)
{
    enum zj_fact_id kind;
    if (call->args[0])
        return zj_facts_kind(call->args[0], &kind) ? zj_facts_column(kind, at) : NULL;
    return zj_facts_column(strstr(call->route->path, "sensors") ? ZJ_FACT_SENSOR : ZJ_FACT_DETECTION,
                           at);
}

static const struct zj_param facts_query[] = {
    {"q", "string", NULL,
     "search; text anywhere in a column, of identities the start of VIN, ICCID or telephone number",
     "关键字：各列中的任意文字；车辆身份按 VIN、ICCID、电话号码的开头", false},
    {"sort", "string", NULL,
     "column to sort by; -column for descending, the newest first where not given; of transfers also"
     " worst: what goes abroad or to strangers first",
     "排序列：- 在前表示降序，默认新的在前；数据流向还可用 worst，出境和未登记的在前", false},
    ZJ_PARAM_ORG,
    ZJ_PARAMS_PAGE,
    {"before", "integer", "0..9223372036854775807", "rows with a smaller id, for paging far",
     "id 小于此值的行", false},
    {"outside", "string", "0|1", "of transfers: 1, only what leaves the organisation's networks",
     "只列从本单位网段发往外部的数据流向：1", false},
    {"f.COLUMN", "string", NULL,
     "a column of the rows equal to; \"x*\": starts with; \">=x\", \"<=x\": from, up to (numbers and"
     " times)",
     "列筛选：等于；x* 为前缀；数字和时间可用 >=x、<=x 表示范围", false},
    {"COLUMN", "string", NULL, "the same as f.COLUMN", "同 f.COLUMN", false},
    {0},
};

static const struct zj_param transfers_query[] = {
    ZJ_PARAM_ORG,
    {"all", "string", "0|1", "1: also what stays inside or comes in", "1：包含内部和流入", false},
    {0},
};

static const struct zj_param fleet_query[] = {
    ZJ_PARAM_ORG,
    {"days", "integer", "0..3660", "only the last so many days; 0: all", "最近天数：0 为全部", false},
    {0},
};

const struct zj_route zj_routes_facts[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/facts/{kind}",
     .en = "Facts of a kind: identity, service, transfer, command, detection, hourly, sensor",
     .zh = "观测事实列表",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = facts_query,
     .column = fact_column,
     .answer = "{rows, total, next}",
     .make_paper = zj_fact_paper,
     .handle = facts},
    {.method = ZJ_GET,
     .path = "/api/v1/facts/{kind}/{id}",
     .en = "One fact, with its frame decoded where personal data may be seen",
     .zh = "单条事实及解码后的报文",
     .need = ZJ_NEED_READ,
     .answer = "{…columns, frame}",
     .handle = fact},
    {.method = ZJ_GET,
     .path = "/api/v1/fleet",
     .en = "The fleet on the wire",
     .zh = "在网车辆概况",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED,
     .query = fleet_query,
     .answer = "{vehicles, online_24h, by_protocol, by_edition, by_security, series}",
     .handle = fleet},
    {.method = ZJ_GET,
     .path = "/api/v1/transfers",
     .en = "Data types to destinations to countries, for a Sankey diagram",
     .zh = "数据流向",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED,
     .query = transfers_query,
     .answer = "{nodes, links, rows}",
     .handle = transfers},
    {.method = ZJ_GET,
     .path = "/api/v1/detections",
     .en = "Detections, newest first",
     .zh = "威胁检测",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = facts_query,
     .column = fact_column,
     .answer = "{rows, total, next, rules}",
     .paper = &zj_paper_detections,
     .handle = detections},
    {.method = ZJ_GET,
     .path = "/api/v1/sensors",
     .en = "Counters by sensor",
     .zh = "探针计数",
     .need = ZJ_NEED_READ,
     .query = facts_query,
     .column = fact_column,
     .answer = "{rows, total, next, own}",
     .handle = sensors},
    {0},
};
