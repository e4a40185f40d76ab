/* Distance over time between two fixes, by the times that the reports themselves carry. Stored
 * positions sent later, a long silence and a change of the coordinate system are left out. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_detect_settings *set = &t->obs->settings;
    const struct zj_vehicle *v = t->vehicle;
    const struct zj_msg *msg = t->msg;
    if (!v || !v->has_fix || !t->is_up || t->is_answer || !msg->has_position ||
        (!msg->lat_e6 && !msg->lon_e6) || msg->coordinates != v->coordinates)
        return;
    /* the usual case, without trigonometry: no farther than the least jump either way */
    const int64_t near_e6 = set->jump_distance_m * 6;
    if (llabs(msg->lat_e6 - (int64_t)v->lat_e6) < near_e6 &&
        llabs(msg->lon_e6 - (int64_t)v->lon_e6) < near_e6)
        return;
    const int64_t now_s = msg->has_time ? msg->time_s : t->at->time_ns / ZJ_NS_PER_S;
    int64_t seconds = now_s > v->fix_s ? now_s - v->fix_s : v->fix_s - now_s;
    if (seconds > set->jump_silence_s)
        return;
    const int64_t metres = zj_detect_metres(v->lat_e6, v->lon_e6, msg->lat_e6, msg->lon_e6);
    seconds = seconds ? seconds : 1;
    if (metres < set->jump_distance_m || metres * 36 < set->jump_speed_kmh * 10 * seconds)
        return;
    struct zj_subject subject = zj_subject_vehicle(t);
    subject.ends = ZJ_ENDS_SERVICE;
    zj_alarm(rule, t, subject, "%lld m in %lld s", "位移 %lld 米，用时 %lld 秒", (long long)metres,
             (long long)seconds);
}

const struct zj_detection zj_detection_position_jump = {
    .info =
        {
            .name = "position-jump",
            .id = 9008,
            .severity = "medium",
            .en = "Position jumps",
            .zh = "车辆位置跳变",
            .about_en = "Two positions of one vehicle are farther apart than it can have driven.",
            .about_zh = "同一车辆两次定位的距离超出行驶可能。",
            .references =
                (const char *const[]){"R155 20.4", "R155 4.1", "ATM T0003", "catalogue D01", NULL},
            .settings =
                (const char *const[]){"jump_speed_kmh", "jump_distance_m", "jump_silence_s", NULL},
        },
    .kinds = ZJ_KIND(REPORT),
    .detect = detect,
};
