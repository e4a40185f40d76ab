/* A cloned terminal or a forged VIN: the second session logs in and the first goes on. A single
 * hand-over is normal roaming: the old session goes silent then. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_vehicle *v = t->vehicle;
    const struct zj_detect_settings *set = &t->obs->settings;
    if (!v || !t->is_up || t->is_answer || t->session->is_platform_link ||
        t->session->protocol == ZJ_PROTOCOL_MQTT)
        return;
    if (t->flow != v->other_flow || zj_addr_eq(&v->client, t->vehicle_addr) ||
        v->server != t->platform_hash || v->frames_on_flow < set->duplicate_frames ||
        t->at->time_ns / ZJ_NS_PER_S - v->switched_s > set->duplicate_window_s)
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
    .info =
        {
            .name = "duplicate-vehicle",
            .id = 9001,
            .severity = "high",
            .en = "One vehicle online twice",
            .zh = "同一车辆身份重复在线",
            .about_en = "Two sessions from different addresses speak for one VIN or terminal by "
                        "turns.",
            .about_zh = "两个不同地址的会话交替以同一车辆识别代号或终端号通信。",
            .references =
                (const char *const[]){"R155 4.1", "R155 20.2", "ATM T0003", "catalogue A01", NULL},
            .settings = (const char *const[]){"duplicate_frames", "duplicate_window_s", NULL},
        },
    .kinds = ZJ_KIND(LOGIN) | ZJ_KIND(REPORT) | ZJ_KIND(REISSUE) | ZJ_KIND(HEARTBEAT) |
             ZJ_KIND(REGISTER) | ZJ_KIND(ATTRIBUTES),
    .detect = detect,
};
