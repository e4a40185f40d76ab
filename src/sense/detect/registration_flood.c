/* Different terminals behind one address, all at once: a simulator or an exhaustion of numbers. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_detect_settings *set = &t->obs->settings;
    if (!t->is_up || t->is_answer || !t->msg->phone.len)
        return;
    char text[ZJ_ADDR_TEXT];
    const struct zj_subject subject = zj_subject_addr(t->sender, text);
    struct zj_tally *tally = zj_tally_get(rule, t, subject.id, set->register_window_s);
    zj_tally_add(tally, t->msg->phone);
    if (tally->distinct >= set->register_count)
        zj_alarm(rule, t, subject, "%u registrations of different terminals within %d s",
                 "不同终端注册 %u 次，时间窗 %d 秒", tally->distinct, (int)set->register_window_s);
}

const struct zj_detection zj_detection_registration_flood = {
    .info =
        {
            .name = "registration-flood",
            .id = 9006,
            .severity = "medium",
            .en = "Registration flood",
            .zh = "注册洪泛",
            .about_en = "One address registers many different terminals within a minute.",
            .about_zh = "同一地址短时间内注册大量不同终端。",
            .references = (const char *const[]){"R155 8.1", "R155 4.2", "ATM T0002", "JT/T 808 8.5",
                                                "catalogue A07", NULL},
            .settings = (const char *const[]){"register_count", "register_window_s", NULL},
        },
    .kinds = ZJ_KIND(REGISTER),
    .detect = detect,
};
