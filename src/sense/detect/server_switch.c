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
    .info =
        {
            .name = "server-switch",
            .id = 9012,
            .severity = "high",
            .en = "Vehicle is switched to another server",
            .zh = "车辆被切换到其他服务器",
            .about_en = "A command names a new server that is not the platform that sends it.",
            .about_zh = "指令将终端指向下发平台以外的服务器。",
            .references = (const char *const[]){"R155 16.2", "R155 25.1", "ATM T0063", "ATM T0032",
                                                "JT/T 808 8.13", "catalogue B03", NULL},
        },
    .kinds = ZJ_KIND(SWITCH_SERVER) | ZJ_KIND(PARAMETERS),
    .detect = detect,
};
