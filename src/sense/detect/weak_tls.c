/* What the server chose, not what the client offered. */
#include "sense/observer.h"

enum { VERSION_MIN };
static const struct zj_detection_param params[] = {
    [VERSION_MIN] = {"version_min", 10, 13}, /* times ten */
};

/* "TLS 1.2": 12; SSL stands before all; of what is neither nothing is said. */
static int64_t number_of(const char *version)
{
    if (strncmp(version, "TLS 1.", 6) == 0 && version[6] >= '0' && version[6] <= '9')
        return 10 + version[6] - '0';
    return strncmp(version, "SSL", 3) == 0 ? 0 : INT64_MAX;
}

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const char *version = t->msg->tls_version;
    if (t->session->protocol != ZJ_PROTOCOL_TLS || t->at->dir != 1 || !version)
        return;
    if (number_of(version) >= t->set[VERSION_MIN])
        return;
    char text[64];
    zj_alarm(rule, t, zj_subject_service(t, text), "agreed to %s", "协商使用 %s", version);
}

const struct zj_detection zj_detection_weak_tls = {
    .name = "weak-tls",
    .id = 9021,
    .params = params,
    .param_count = ZJ_COUNT(params),
    .kinds = ZJ_KIND(RESPONSE),
    .detect = detect,
};
