/* GB/T 32960 platform login. The standard retries three times a minute apart; five refusals in one
 * minute are no retry. */
#include "sense/observer.h"

enum { PLATFORM_LOGIN = 0x05 };

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (t->session->protocol != ZJ_PROTOCOL_GB32960 || !t->is_answer ||
        t->answered != PLATFORM_LOGIN || t->msg->answer == 0)
        return;
    char text[ZJ_ADDR_TEXT];
    struct zj_subject subject = zj_subject_addr(t->receiver, text);
    subject.ends = ZJ_ENDS_ANSWERED;
    zj_detect_guessing(rule, t, subject);
}

const struct zj_detection zj_detection_platform_login_bruteforce = {
    .name = "platform-login-bruteforce",
    .id = 9003,
    .params = zj_guessing_params,
    .param_count = ZJ_GUESSING_PARAMS,
    .kinds = ZJ_KIND(ANSWER) | ZJ_KIND(PLATFORM_LOGIN),
    .detect = detect,
};
