/* Speed is taken from the last two positions: the messages of all protocols have those. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_detect_settings *set = &t->obs->settings;
    const struct zj_vehicle *v = t->vehicle;
    if (!t->msg->is_down || t->is_answer || !v || !v->has_fix || !v->has_previous_fix)
        return;
    const int64_t seconds = v->fix_after_previous_s;
    if (seconds <= 0 || seconds > set->moving_age_s ||
        t->at->time_ns / ZJ_NS_PER_S - v->fix_seen_s > set->moving_age_s)
        return;
    const int64_t metres =
        zj_detect_metres(v->previous_lat_e6, v->previous_lon_e6, v->lat_e6, v->lon_e6);
    if (metres * 36 < set->moving_speed_kmh * 10 * seconds)
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "it drove %lld m in the %lld s before",
             "车辆正在行驶：此前驶过 %lld 米，用时 %lld 秒", (long long)metres, (long long)seconds);
}

const struct zj_detection zj_detection_control_while_moving = {
    .info =
        {
            .name = "control-while-moving",
            .id = 9010,
            .severity = "high",
            .en = "Remote control while driving",
            .zh = "行驶中远程控制",
            .about_en = "Doors, oil, power or the like are commanded while the last positions "
                        "show the vehicle driving.",
            .about_zh = "车辆行驶中收到车门、油电等控制指令。",
            .references = (const char *const[]){"R155 16.1", "R155 16.2", "ATM T0072", "ATM T0069",
                                                "catalogue B02", NULL},
            .settings = (const char *const[]){"moving_speed_kmh", "moving_age_s", NULL},
        },
    .kinds = ZJ_KIND(CONTROL),
    .detect = detect,
};
