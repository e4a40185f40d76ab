/* Every such command: lawful use is rare and known to those who ordered it. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (t->msg->is_down && !t->is_answer)
        zj_alarm(rule, t, zj_subject_vehicle(t), "%s", "指令：%s",
                 t->msg->name ? t->msg->name : "listening command");
}

const struct zj_detection zj_detection_eavesdropping = {
    .info =
        {
            .name = "eavesdropping",
            .id = 9013,
            .severity = "high",
            .en = "Cabin is listened to",
            .zh = "车内监听指令",
            .about_en = "A command makes the terminal call back or listen.",
            .about_zh = "指令要求终端回拨或监听。",
            .references = (const char *const[]){"R155 19.2", "R155 7.1", "ATM T0058",
                                                "JT/T 808 8.31", "catalogue B05", NULL},
        },
    .kinds = ZJ_KIND(EAVESDROP),
    .detect = detect,
};
