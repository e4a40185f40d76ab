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
    .info =
        {
            .name = "mqtt-bruteforce",
            .id = 9005,
            .severity = "high",
            .en = "MQTT credentials are guessed",
            .zh = "猜测 MQTT 口令",
            .about_en = "One address has MQTT connections refused for wrong credentials again "
                        "and again.",
            .about_zh = "同一地址的 MQTT 连接因口令错误反复被拒绝。",
            .references = (const char *const[]){"R155 3.3", "ATM T0040", "catalogue F03", NULL},
            .settings = (const char *const[]){"guess_count", "guess_window_s", NULL},
        },
    .kinds = ZJ_KIND(ANSWER),
    .detect = detect,
};
