/* A single command may be service; the same one to ten vehicles in ten minutes is a fleet event. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_detect_settings *set = &t->obs->settings;
    if (!t->msg->is_down || t->is_answer)
        return;
    uint8_t about[sizeof t->sender->bytes + sizeof t->msg->command];
    memcpy(about, t->sender->bytes, sizeof t->sender->bytes);
    memcpy(about + sizeof t->sender->bytes, &t->msg->command, sizeof t->msg->command);
    struct zj_tally *tally =
        zj_tally_get(rule, t, zj_span_of(about, sizeof about), set->fleet_window_s);
    zj_tally_add(tally, zj_subject_vehicle(t).id);
    if (tally->distinct < set->fleet_count)
        return;
    char text[ZJ_ADDR_TEXT];
    struct zj_subject subject = zj_subject_addr(t->sender, text);
    subject.ends = ZJ_ENDS_SERVICE;
    zj_alarm(rule, t, subject, "command 0x%04x to %u vehicles within %d s",
             "指令 0x%04x 发往 %u 辆车，时间窗 %d 秒", t->msg->command, tally->distinct,
             (int)set->fleet_window_s);
}

const struct zj_detection zj_detection_fleet_control = {
    .info =
        {
            .name = "fleet-control",
            .id = 9011,
            .severity = "high",
            .en = "One control command to many vehicles",
            .zh = "群发控制指令",
            .about_en = "One address sends the same control command to many vehicles within "
                        "minutes.",
            .about_zh = "同一地址短时间内向大量车辆下发同一控制指令。",
            .references =
                (const char *const[]){"R155 16.1", "R155 24.1", "ATM T0072", "catalogue B04", NULL},
            .settings = (const char *const[]){"fleet_count", "fleet_window_s", NULL},
        },
    .kinds = ZJ_KIND(CONTROL),
    .detect = detect,
};
