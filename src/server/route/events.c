/* The stream of changes: what the pages listen to. Each listener is told the numbers of his scope.
 */
#include <string.h>

#include "base/clock.h"
#include "server/core.h"

enum { HEARTBEAT_S = 15, LIFE_S = 600 /* then the browser comes back, and its rights are asked */ };

struct listener {
    struct zj_server *server;
    int64_t org_id;
    bool sees_all;
    uint64_t number; /* of the pulse told last */
    int64_t spoke_at, end_at;
};

static struct zj_pulse_org sum_of(const struct zj_pulse *pulse, const struct listener *who)
{
    struct zj_pulse_org sum = {0};
    for (size_t i = 0; i < pulse->count; i++) {
        const struct zj_pulse_org *org = &pulse->orgs[i];
        if (!who->sees_all && org->org_id != who->org_id)
            continue;
        sum.gaps_open += org->gaps_open;
        sum.duties_overdue += org->duties_overdue;
        sum.facts += org->facts;
        sum.detections += org->detections;
        sum.packets += org->packets;
    }
    return sum;
}

static int64_t read_stream(void *ctx, uint8_t *out, size_t max)
{
    struct listener *who = ctx;
    struct zj_pulse *pulse = &who->server->pulse;
    const int64_t now = zj_tick_ns() / ZJ_NS_PER_S;
    if (now >= who->end_at)
        return -1;
    pthread_mutex_lock(&pulse->lock);
    const uint64_t number = pulse->number;
    const struct zj_pulse_org sum = sum_of(pulse, who);
    pthread_mutex_unlock(&pulse->lock);
    int n = 0;
    if (number != who->number)
        n = snprintf((char *)out, max,
                     "id: %llu\nevent: change\ndata: {\"gaps_open\":%lld,\"duties_overdue\":%lld,"
                     "\"facts\":%lld,\"detections\":%lld,\"packets\":%lld}\n\n",
                     (unsigned long long)number, (long long)sum.gaps_open,
                     (long long)sum.duties_overdue, (long long)sum.facts, (long long)sum.detections,
                     (long long)sum.packets);
    else if (now - who->spoke_at >= HEARTBEAT_S)
        n = snprintf((char *)out, max, ": still here\n\n");
    if (n <= 0)
        return 0;
    who->number = number;
    who->spoke_at = now;
    return (size_t)n < max ? n : 0;
}

static zj_err events(struct zj_call *call)
{
    if (!zj_http_take_stream(call->server->http))
        return zj_fail(call->job, ZJ_EBUSY, "%s",
                       zj_tr(call->job, "too many listeners", "实时连接数已达上限"));
    struct listener *who = zj_alloc(sizeof *who);
    *who = (struct listener){
        .server = call->server,
        .org_id = call->scope.org_id,
        .sees_all = call->scope.sees_all,
        .number = UINT64_MAX, /* the numbers as they stand come at once */
        .spoke_at = zj_tick_ns() / ZJ_NS_PER_S,
        .end_at = zj_tick_ns() / ZJ_NS_PER_S + LIFE_S,
    };
    call->res->stream = (struct zj_http_stream){read_stream, free, who};
    call->res->content_type = "text/event-stream";
    zj_http_respond_header(call->res, "X-Accel-Buffering", "no");
    return ZJ_OK;
}

const struct zj_route zj_routes_events[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/events",
     .en =
         "Server-sent events: `change` with gaps_open, duties_overdue, facts, detections, packets",
     .zh = "服务器推送：变化时发送未关闭差距、逾期义务、事实、检测与报文的数量",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_STREAM,
     .answer = "events",
     .answer_type = "text/event-stream",
     .handle = events},
    {0},
};
