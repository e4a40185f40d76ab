/* Unknown is an address that the vehicle was never seen to log in to; between platforms the
 * vehicles log in to neither end. Whether a platform is in the register is for the gap rules to
 * say. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (!t->msg->is_down || t->is_answer ||
        (!t->vehicle && !(t->obs->exchange && zj_subject_vehicle(t).id.len)) ||
        t->session->protocol == ZJ_PROTOCOL_MQTT || t->session->is_platform_link ||
        zj_is_platform_of(t))
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "the vehicle has not logged in to the sender of %s",
             "车辆未曾登录指令（%s）的发送方", t->msg->name ? t->msg->name : "the command");
}

const struct zj_detection zj_detection_unknown_platform = {
    .name = "unknown-platform-command",
    .id = 9009,
    .kinds = ZJ_KIND(UPGRADE) | ZJ_KIND(CONTROL) | ZJ_KIND(SWITCH_SERVER) | ZJ_KIND(PARAMETERS) |
             ZJ_KIND(PASSTHROUGH_DOWN) | ZJ_KIND(EAVESDROP),
    .detect = detect,
};
