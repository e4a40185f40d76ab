/* A switch command, or parameters that set the address of the server. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_span host = t->msg->host;
    if (!t->msg->is_down || t->is_answer || !host.len || zj_is_host_of_platform(t, host))
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "the new server is %.*s", "新服务器为 %.*s",
             (int)(host.len < 100 ? host.len : 100), (const char *)host.at);
}

const struct zj_detection zj_detection_server_switch = {
    .name = "server-switch",
    .id = 9012,
    .kinds = ZJ_KIND(SWITCH_SERVER) | ZJ_KIND(PARAMETERS),
    .detect = detect,
};
