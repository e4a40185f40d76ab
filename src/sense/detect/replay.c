/* Only frames that carry their own time: heartbeats and authentications may be equal by right. A
 * frame sent again soon for want of an answer is no replay. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_observer *obs = t->obs;
    const uint64_t hash = t->print_hash;
    if (!t->print || !t->is_up || t->is_answer || !t->vehicle || t->session->is_platform_link)
        return;
    const uint32_t client = t->vehicle_hash;
    const uint32_t now_s = (uint32_t)(t->at->time_ns / ZJ_NS_PER_S);
    const struct zj_print then = *t->print;
    *t->print = (struct zj_print){hash, client, now_s};
    if (then.hash != hash)
        return;
    const uint32_t age_s = now_s - then.time_s;
    if (then.client != client)
        zj_alarm(rule, t, zj_subject_vehicle(t),
                 "the same frame came from another address %u s before",
                 "%u 秒前另一地址发过同一报文", age_s);
    else if (now_s > then.time_s && age_s > obs->settings.replay_age_s)
        zj_alarm(rule, t, zj_subject_vehicle(t), "the same frame came %u s before",
                 "%u 秒前发过同一报文", age_s);
}

const struct zj_detection zj_detection_replay = {
    .info =
        {
            .name = "replayed-frame",
            .id = 9007,
            .severity = "high",
            .en = "Recorded frames are replayed",
            .zh = "重放历史报文",
            .about_en = "A frame with its own time comes again: much later, or from another "
                        "address.",
            .about_zh = "带时间的同一帧在较长时间后或从另一地址再次出现。",
            .references = (const char *const[]){"R155 6.3", "ATM T0003", "catalogue A10", NULL},
            .settings = (const char *const[]){"replay_age_s", NULL},
        },
    .kinds = ZJ_KIND(LOGIN) | ZJ_KIND(REPORT),
    .detect = detect,
};
