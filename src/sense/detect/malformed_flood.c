/* Counted for one direction of a session: noise on a line is a frame here and there. */
#include "sense/observer.h"

enum { FRAMES, PERCENT };
static const struct zj_detection_param params[] = {
    [FRAMES] = {"frames", 1, 1000000},
    [PERCENT] = {"percent", 0, 100},
};

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_session *s = t->session;
    const int64_t bad = s->bad[t->at->dir], all = s->frames[t->at->dir];
    if (bad < t->set[FRAMES] || bad * 100 < all * t->set[PERCENT])
        return;
    char text[ZJ_ADDR_TEXT];
    const struct zj_said error = zj_said(t->msg->error);
    zj_alarm(rule, t, zj_subject_addr(t->sender, text), "%lld of %lld frames are malformed: %s%.0s",
             "畸形报文 %lld 帧，共 %lld 帧：%.0s%s", (long long)bad, (long long)all, error.en,
             error.zh);
}

const struct zj_detection zj_detection_malformed_flood = {
    .name = "malformed-flood",
    .id = 9022,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .wants_bad = true,
    .detect = detect,
};
