/* Every such command: lawful use is rare and known to those who ordered it. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (!t->msg->is_down || t->is_answer)
        return;
    const struct zj_said command =
        t->msg->name ? zj_said(t->msg->name) : (struct zj_said){"listening command", "监听"};
    zj_alarm(rule, t, zj_subject_vehicle(t), "%s%.0s", "指令：%.0s%s", command.en, command.zh);
}

const struct zj_detection zj_detection_eavesdropping = {
    .name = "eavesdropping",
    .id = 9013,
    .kinds = ZJ_KIND(EAVESDROP),
    .detect = detect,
};
