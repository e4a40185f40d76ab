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
    .name = "mqtt-retained-command",
    .id = 9019,
    .kinds = ZJ_KIND(PUBLISH),
    .detect = detect,
};
