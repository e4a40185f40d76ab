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
    .name = "auth-bruteforce",
    .id = 9004,
    .params = zj_guessing_params,
    .param_count = ZJ_GUESSING_PARAMS,
    .kinds = ZJ_KIND(ANSWER) | ZJ_KIND(LOGIN),
    .detect = detect,
};
