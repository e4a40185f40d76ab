/* A weakness of the broker: one alarm for each, whoever connects. */
#include "sense/observer.h"

enum { CONNECT = 1 };

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (t->session->protocol != ZJ_PROTOCOL_MQTT || t->answered != CONNECT || t->msg->answer != 0 ||
        !t->session->was_anonymous)
        return;
    char text[64];
    zj_alarm(rule, t, zj_subject_service(t, text), "client %.*s was let in",
             "客户端 %.*s 未认证即获接入", t->session->client_len, t->session->client);
}

const struct zj_detection zj_detection_mqtt_anonymous = {
    .name = "mqtt-anonymous",
    .id = 9018,
    .kinds = ZJ_KIND(ANSWER),
    .detect = detect,
};
