/* Unknown is an address that the vehicle was never seen to log in to; between platforms the
 * vehicles log in to neither end. Whether a platform is in the register is for the gap rules to
 * say. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (!t->msg->is_down || t->is_answer ||
        !t->vehicle || t->session->protocol == ZJ_PROTOCOL_MQTT ||
        t->session->is_platform_link || zj_is_platform_of(t))
        return;
    const struct zj_said command =
        t->msg->name ? zj_said(t->msg->name) : (struct zj_said){"the command", "未命名"};
    zj_alarm(rule, t, zj_subject_vehicle(t),
             "the vehicle has not logged in to the sender of %s%.0s",
             "车辆未曾登录指令（%.0s%s）的发送方", command.en, command.zh);
}

const struct zj_detection zj_detection_unknown_platform = {
    .name = "unknown-platform-command",
    .id = 9009,
    .kinds = ZJ_KIND(UPGRADE) | ZJ_KIND(CONTROL) | ZJ_KIND(SWITCH_SERVER) | ZJ_KIND(PARAMETERS) |
             ZJ_KIND(PASSTHROUGH_DOWN) | ZJ_KIND(EAVESDROP),
    .detect = detect,
};
