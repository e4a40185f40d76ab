/* What the server chose, not what the client offered. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const char *version = t->msg->tls_version;
    if (t->session->protocol != ZJ_PROTOCOL_TLS || t->at->dir != 1 || !version)
        return;
    const bool is_weak = strstr(version, "SSL") || strstr(version, "1.0") || strstr(version, "1.1");
    if (!is_weak)
        return;
    char text[64];
    zj_alarm(rule, t, zj_subject_service(t, text), "agreed to %s", "协商使用 %s", version);
}

const struct zj_detection zj_detection_weak_tls = {
    .info =
        {
            .name = "weak-tls",
            .id = 9021,
            .severity = "medium",
            .en = "Weak TLS",
            .zh = "TLS 版本过低",
            .about_en = "A server agrees to SSL or to TLS before 1.2.",
            .about_zh = "服务端协商了 SSL 或 1.2 之前的 TLS 版本。",
            .references = (const char *const[]){"R155 26.1", "R155 26.3", "ATM T0001", "ATM T0075",
                                                "GB 44495-2024 7.2", "catalogue I01", NULL},
        },
    .kinds = ZJ_KIND(RESPONSE),
    .detect = detect,
};
