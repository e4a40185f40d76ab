/* CONNACK that says: wrong user, wrong password, not authorized. */
#include "sense/observer.h"

enum { CONNECT = 1 };

/* 3.1.1: bad user or password, not authorized; 5.0: the same. */
static bool is_refusal(int code)
{
    return code == 4 || code == 5 || code == 0x86 || code == 0x87;
}

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (t->session->protocol != ZJ_PROTOCOL_MQTT || t->answered != CONNECT ||
        !is_refusal(t->msg->answer))
        return;
    char text[ZJ_ADDR_TEXT];
    struct zj_subject subject = zj_subject_addr(t->receiver, text);
    subject.ends = ZJ_ENDS_ANSWERED;
    zj_detect_guessing(rule, t, subject);
}

const struct zj_detection zj_detection_mqtt_bruteforce = {
    .name = "mqtt-bruteforce",
    .id = 9005,
    .params = zj_guessing_params,
    .param_count = ZJ_GUESSING_PARAMS,
    .kinds = ZJ_KIND(ANSWER),
    .detect = detect,
};
