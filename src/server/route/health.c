/* For those who run Zhuji: is it alive, can it work, what has it counted; and the API document. */
#include "server/core.h"

static zj_err healthz(struct zj_call *call)
{
    call->res->content_type = "text/plain; charset=utf-8";
    zj_buf_str(&call->res->body, "ok\n");
    return ZJ_OK;
}

static zj_err readyz(struct zj_call *call)
{
    int64_t one = 0;
    zj_err err = zj_store_query_int(call->job, call->store, "SELECT 1", 0, &one);
    if (!err && !call->server->plan)
        err = zj_fail(call->job, ZJ_EBUSY, "%s",
                      zj_tr(call->job, "the rule packs are not loaded", "规则包未加载"));
    if (!err && atomic_load(&call->server->is_stopping))
        err = zj_fail(call->job, ZJ_EBUSY, "%s", zj_tr(call->job, "stopping", "正在停止"));
    call->res->content_type = "text/plain; charset=utf-8";
    if (!err)
        zj_buf_str(&call->res->body, "ready\n");
    return err;
}

static bool is_loopback(const struct zj_addr *addr)
{
    static const struct zj_addr v6 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    return zj_addr_eq(addr, &v6) || (zj_addr_is_v4(addr) && addr->bytes[12] == 127);
}

/* From this machine, or for somebody logged in. */
static zj_err metrics(struct zj_call *call)
{
    if (!is_loopback(&call->req->remote) && !call->is_known)
        return ZJ_EAUTH;
    call->res->content_type = "text/plain; version=0.0.4; charset=utf-8";
    return zj_metrics_print(call, &call->res->body);
}

const struct zj_route zj_routes_health[] = {
    {.method = ZJ_GET,
     .path = "/healthz",
     .en = "The process is alive",
     .zh = "进程存活",
     .answer = "ok",
     .answer_type = "text/plain",
     .handle = healthz},
    {.method = ZJ_GET,
     .path = "/readyz",
     .en = "Store and packs are there",
     .zh = "存储与规则包就绪",
     .answer = "ready",
     .answer_type = "text/plain",
     .handle = readyz},
    {.method = ZJ_GET,
     .path = "/metrics",
     .en = "Counters for Prometheus, without any data of an organisation",
     .zh = "Prometheus 指标，不含任何单位的数据",
     .answer = "text",
     .answer_type = "text/plain",
     .handle = metrics},
    {.method = ZJ_GET,
     .path = "/api/openapi.json",
     .en = "This document",
     .zh = "本接口文档",
     .answer = "OpenAPI 3.1",
     .handle = zj_openapi_print},
    {0},
};
