/* Distance over time between two fixes, by the times that the reports themselves carry. Stored
 * positions sent later, a long silence and a change of the coordinate system are left out. */
#include "sense/observer.h"

enum { SPEED_KMH, DISTANCE_M, SILENCE_S };
static const struct zj_detection_param params[] = {
    [SPEED_KMH] = {"speed_kmh", 1, 10000},
    [DISTANCE_M] = {"distance_m", 1, 1000000},
    [SILENCE_S] = {"silence_s", 1, 86400},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_vehicle *v = t->vehicle;
    const struct zj_msg *msg = t->msg;
    if (!v || !v->has_fix || !t->is_up || t->is_answer || !msg->has_position ||
        (!msg->lat_e6 && !msg->lon_e6) || msg->coordinates != v->coordinates)
        return;
    /* the usual case, without trigonometry: no farther than the least jump either way */
    const int64_t near_e6 = t->set[DISTANCE_M] * 6;
    if (llabs(msg->lat_e6 - (int64_t)v->lat_e6) < near_e6 &&
        llabs(msg->lon_e6 - (int64_t)v->lon_e6) < near_e6)
        return;
    const int64_t now_s = msg->has_time ? msg->time_s : t->at->time_ns / ZJ_NS_PER_S;
    int64_t seconds = now_s > v->fix_s ? now_s - v->fix_s : v->fix_s - now_s;
    if (seconds > t->set[SILENCE_S])
        return;
    const int64_t metres = zj_detect_metres(v->lat_e6, v->lon_e6, msg->lat_e6, msg->lon_e6);
    seconds = seconds ? seconds : 1;
    if (metres < t->set[DISTANCE_M] || metres * 36 < t->set[SPEED_KMH] * 10 * seconds)
        return;
    struct zj_subject subject = zj_subject_vehicle(t);
    subject.ends = ZJ_ENDS_SERVICE;
    zj_alarm(rule, t, subject, "%lld m in %lld s", "位移 %lld 米，用时 %lld 秒", (long long)metres,
             (long long)seconds);
}

const struct zj_detection zj_detection_position_jump = {
    .name = "position-jump",
    .id = 9008,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(REPORT),
    .detect = detect,
};
