/* An empty payload clears a retained message and is no command. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_msg *msg = t->msg;
    /* from the broker the flag only says that the message was stored before */
    if (t->session->protocol != ZJ_PROTOCOL_MQTT || t->at->dir != 0 || !msg->retain ||
        !msg->payload.len || !zj_topic_is_command(msg->topic))
        return;
    zj_alarm(rule, t, zj_subject_client(t), "retained on %.*s", "保留消息发布于主题 %.*s",
             (int)(msg->topic.len < 120 ? msg->topic.len : 120), (const char *)msg->topic.at);
}

const struct zj_detection zj_detection_mqtt_retained_command = {
    .info =
        {
            .name = "mqtt-retained-command",
            .id = 9019,
            .severity = "high",
            .en = "Retained command",
            .zh = "保留的控制指令",
            .about_en = "A retained message stands on a command or upgrade topic: every later "
                        "subscriber gets it.",
            .about_zh = "控制或升级主题上出现保留消息，之后的每个订阅者都会收到。",
            .references =
                (const char *const[]){"R155 16.1", "R155 5.5", "ATM T0053", "catalogue F05", NULL},
        },
    .kinds = ZJ_KIND(PUBLISH),
    .detect = detect,
};
