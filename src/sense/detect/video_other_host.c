/* Signalling of JT/T 1078 inside JT/T 808. */
#include "sense/observer.h"

enum { LIVE_VIDEO = 0x9101, PLAYBACK = 0x9201, UPLOAD = 0x9206 };

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_msg *msg = t->msg;
    if (t->session->protocol != ZJ_PROTOCOL_JT808 || !msg->is_down || !msg->host.len ||
        (msg->command != LIVE_VIDEO && msg->command != PLAYBACK && msg->command != UPLOAD) ||
        zj_is_host_of_platform(t, msg->host))
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "command 0x%04x names %.*s",
             "指令 0x%04x 指定的地址为 %.*s", msg->command,
             (int)(msg->host.len < 100 ? msg->host.len : 100), (const char *)msg->host.at);
}

const struct zj_detection zj_detection_video_other_host = {
    .name = "video-other-host",
    .id = 9016,
    .kinds =
        ZJ_KIND(OTHER) | ZJ_KIND(MEDIA) | ZJ_KIND(QUERY) | ZJ_KIND(CONTROL) | ZJ_KIND(EAVESDROP),
    .detect = detect,
};
