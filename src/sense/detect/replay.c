/* Only frames that carry their own time: heartbeats and authentications may be equal by right. A
 * frame sent again soon for want of an answer is no replay. */
#include "sense/observer.h"

enum { AGE_S };
static const struct zj_detection_param params[] = {
    [AGE_S] = {"age_s", 0, 86400},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const uint64_t hash = t->print_hash;
    if (!t->print || !t->is_up || t->is_answer || !t->vehicle || t->session->is_platform_link)
        return;
    const uint32_t client = t->vehicle_hash;
    const uint32_t now_s = (uint32_t)(t->at->time_ns / ZJ_NS_PER_S);
    const struct zj_print then = *t->print;
    *t->print = (struct zj_print){hash, client, now_s};
    if (then.hash != hash || then.time_s > now_s)
        return; /* another frame; or the clock of the capture went back */
    const uint32_t age_s = now_s - then.time_s;
    if (then.client != client)
        zj_alarm(rule, t, zj_subject_vehicle(t),
                 "the same frame came from another address %u s before",
                 "%u 秒前另一地址发过同一报文", age_s);
    else if (now_s > then.time_s && age_s > t->set[AGE_S])
        zj_alarm(rule, t, zj_subject_vehicle(t), "the same frame came %u s before",
                 "%u 秒前发过同一报文", age_s);
}

const struct zj_detection zj_detection_replay = {
    .name = "replayed-frame",
    .id = 9007,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(LOGIN) | ZJ_KIND(REPORT),
    .detect = detect,
};
