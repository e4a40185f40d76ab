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
    .info =
        {
            .name = "video-other-host",
            .id = 9016,
            .severity = "high",
            .en = "Video to another host",
            .zh = "视频发往其他主机",
            .about_en = "A command makes the terminal send video or files to a host that is not "
                        "the platform.",
            .about_zh = "指令要求终端将音视频或文件发往平台以外的主机。",
            .references = (const char *const[]){"R155 19.2", "R155 16.2", "ATM T0058", "ATM T0063",
                                                "JT/T 1078", "catalogue E10", NULL},
        },
    .kinds =
        ZJ_KIND(OTHER) | ZJ_KIND(MEDIA) | ZJ_KIND(QUERY) | ZJ_KIND(CONTROL) | ZJ_KIND(EAVESDROP),
    .detect = detect,
};
