/* Speed is taken from the last two positions: the messages of all protocols have those. */
#include "sense/observer.h"

enum { SPEED_KMH, AGE_S };
static const struct zj_detection_param params[] = {
    [SPEED_KMH] = {"speed_kmh", 1, 1000},
    [AGE_S] = {"age_s", 1, 86400},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_vehicle *v = t->vehicle;
    if (!t->msg->is_down || t->is_answer || !v || !v->has_fix || !v->has_previous_fix)
        return;
    const int64_t seconds = v->fix_after_previous_s;
    if (seconds <= 0 || seconds > t->set[AGE_S] ||
        t->at->time_ns / ZJ_NS_PER_S - v->fix_seen_s > t->set[AGE_S])
        return;
    const int64_t metres =
        zj_detect_metres(v->previous_lat_e6, v->previous_lon_e6, v->lat_e6, v->lon_e6);
    if (metres * 36 < t->set[SPEED_KMH] * 10 * seconds)
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "it drove %lld m in the %lld s before",
             "车辆正在行驶：此前驶过 %lld 米，用时 %lld 秒", (long long)metres, (long long)seconds);
}

const struct zj_detection zj_detection_control_while_moving = {
    .name = "control-while-moving",
    .id = 9010,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(CONTROL),
    .detect = detect,
};
