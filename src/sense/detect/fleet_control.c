/* A single command may be service; the same one to ten vehicles in ten minutes is a fleet event. */
#include "sense/observer.h"

enum { VEHICLES, WINDOW_S };
static const struct zj_detection_param params[] = {
    [VEHICLES] = {"vehicles", 2, ZJ_TALLY_SEEN},
    [WINDOW_S] = {"window_s", 1, 86400},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (!t->msg->is_down || t->is_answer)
        return;
    uint8_t about[sizeof t->sender->bytes + sizeof t->msg->command];
    memcpy(about, t->sender->bytes, sizeof t->sender->bytes);
    memcpy(about + sizeof t->sender->bytes, &t->msg->command, sizeof t->msg->command);
    const uint32_t distinct = zj_tally_add(rule, t, zj_span_of(about, sizeof about),
                                           t->set[WINDOW_S], zj_subject_vehicle(t).id)
                                  .distinct;
    if (distinct < t->set[VEHICLES])
        return;
    char text[ZJ_ADDR_TEXT];
    struct zj_subject subject = zj_subject_addr(t->sender, text);
    subject.ends = ZJ_ENDS_SERVICE;
    zj_alarm(rule, t, subject, "command 0x%04x to %u vehicles within %d s",
             "指令 0x%04x 发往 %u 辆车，时间窗 %d 秒", t->msg->command, distinct,
             (int)t->set[WINDOW_S]);
}

const struct zj_detection zj_detection_fleet_control = {
    .name = "fleet-control",
    .id = 9011,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(CONTROL),
    .detect = detect,
};
