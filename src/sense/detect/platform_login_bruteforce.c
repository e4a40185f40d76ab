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
    .info =
        {
            .name = "platform-login-bruteforce",
            .id = 9003,
            .severity = "high",
            .en = "Platform credentials are guessed",
            .zh = "猜测平台登入口令",
            .about_en = "One address has platform logins refused again and again.",
            .about_zh = "同一地址的平台登入反复被拒绝。",
            .references = (const char *const[]){"R155 3.3", "R155 1.2", "ATM T0040",
                                                "GB/T 40855-2021 5.3", "catalogue A05", NULL},
            .settings = (const char *const[]){"guess_count", "guess_window_s", NULL},
        },
    .kinds = ZJ_KIND(ANSWER) | ZJ_KIND(PLATFORM_LOGIN),
    .detect = detect,
};
