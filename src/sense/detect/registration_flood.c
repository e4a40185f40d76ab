/* Different terminals behind one address, all at once: a simulator or an exhaustion of numbers. */
#include "sense/observer.h"

enum { REGISTRATIONS, WINDOW_S };
static const struct zj_detection_param params[] = {
    [REGISTRATIONS] = {"registrations", 2, ZJ_TALLY_SEEN},
    [WINDOW_S] = {"window_s", 1, 86400},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (!t->is_up || t->is_answer || !t->msg->phone.len)
        return;
    char text[ZJ_ADDR_TEXT];
    const struct zj_subject subject = zj_subject_addr(t->sender, text);
    const uint32_t distinct =
        zj_tally_add(rule, t, subject.id, t->set[WINDOW_S], t->msg->phone).distinct;
    if (distinct >= t->set[REGISTRATIONS])
        zj_alarm(rule, t, subject, "%u registrations of different terminals within %d s",
                 "不同终端注册 %u 次，时间窗 %d 秒", distinct, (int)t->set[WINDOW_S]);
}

const struct zj_detection zj_detection_registration_flood = {
    .name = "registration-flood",
    .id = 9006,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(REGISTER),
    .detect = detect,
};
