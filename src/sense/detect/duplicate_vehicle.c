/* A cloned terminal or a forged VIN: the second session logs in and the first goes on. A single
 * hand-over is normal roaming: the old session goes silent then. */
#include "sense/observer.h"

enum { FRAMES, WINDOW_S };
static const struct zj_detection_param params[] = {
    [FRAMES] = {"frames", 1, 1000000},
    [WINDOW_S] = {"window_s", 1, 86400},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_vehicle *v = t->vehicle;
    if (!v || !t->is_up || t->is_answer || t->session->is_platform_link ||
        t->session->protocol == ZJ_PROTOCOL_MQTT)
        return;
    if (t->flow != v->other_flow || zj_addr_eq(&v->client, t->vehicle_addr) ||
        v->server != t->platform_hash || v->frames_on_flow < t->set[FRAMES] ||
        t->at->time_ns / ZJ_NS_PER_S - v->switched_s > t->set[WINDOW_S])
        return;
    char first[ZJ_ADDR_TEXT], second[ZJ_ADDR_TEXT];
    zj_addr_format(t->vehicle_addr, first);
    zj_addr_format(&v->client, second);
    struct zj_subject subject = zj_subject_vehicle(t);
    subject.ends = ZJ_ENDS_SERVICE;
    zj_alarm(rule, t, subject, "%s and %s both speak for it", "%s 与 %s 同时以该车身份通信", first,
             second);
}

const struct zj_detection zj_detection_duplicate_vehicle = {
    .name = "duplicate-vehicle",
    .id = 9001,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(LOGIN) | ZJ_KIND(REPORT) | ZJ_KIND(REISSUE) | ZJ_KIND(HEARTBEAT) |
             ZJ_KIND(REGISTER) | ZJ_KIND(ATTRIBUTES),
    .detect = detect,
};
