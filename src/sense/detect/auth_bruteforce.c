/* JT/T 808 authentication and GB/T 32960 vehicle login, counted for the terminal that is tried. */
#include "sense/observer.h"

enum { JT_LOGIN = 0x0102, GB_LOGIN = 0x01 };

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const uint8_t protocol = t->session->protocol;
    const uint32_t login = protocol == ZJ_PROTOCOL_JT808 ? JT_LOGIN : GB_LOGIN;
    if ((protocol != ZJ_PROTOCOL_JT808 && protocol != ZJ_PROTOCOL_GB32960) || !t->is_answer ||
        t->answered != login || t->msg->answer == 0)
        return;
    struct zj_subject subject = zj_subject_vehicle(t);
    if (subject.id.len == 0)
        return;
    subject.ends = ZJ_ENDS_ANSWERED;
    zj_detect_guessing(rule, t, subject);
}

const struct zj_detection zj_detection_auth_bruteforce = {
    .info =
        {
            .name = "auth-bruteforce",
            .id = 9004,
            .severity = "high",
            .en = "Authentication codes are guessed",
            .zh = "猜测终端鉴权码",
            .about_en = "Authentications of one terminal are refused again and again.",
            .about_zh = "同一终端的鉴权反复被拒绝。",
            .references = (const char *const[]){"R155 4.1", "R155 3.3", "ATM T0040", "JT/T 808 8.8",
                                                "catalogue A06", NULL},
            .settings = (const char *const[]){"guess_count", "guess_window_s", NULL},
        },
    .kinds = ZJ_KIND(ANSWER) | ZJ_KIND(LOGIN),
    .detect = detect,
};
