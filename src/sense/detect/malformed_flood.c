/* Counted for one direction of a session: noise on a line is a frame here and there. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_detect_settings *set = &t->obs->settings;
    const struct zj_session *s = t->session;
    const int64_t bad = s->bad[t->at->dir], all = s->frames[t->at->dir];
    if (bad < set->bad_frames || bad * 100 < all * set->bad_percent)
        return;
    char text[ZJ_ADDR_TEXT];
    zj_alarm(rule, t, zj_subject_addr(t->sender, text), "%lld of %lld frames are malformed: %s",
             "畸形报文 %lld 帧，共 %lld 帧：%s", (long long)bad, (long long)all, t->msg->error);
}

const struct zj_detection zj_detection_malformed_flood = {
    .info =
        {
            .name = "malformed-flood",
            .id = 9022,
            .severity = "medium",
            .en = "Malformed frames",
            .zh = "异常帧洪泛",
            .about_en = "A session sends many malformed frames.",
            .about_zh = "会话中出现大量格式异常的帧。",
            .references =
                (const char *const[]){"R155 28.1", "R155 8.1", "ATM T0052", "catalogue I07", NULL},
            .settings = (const char *const[]){"bad_frames", "bad_percent", NULL},
        },
    .wants_bad = true,
    .detect = detect,
};
