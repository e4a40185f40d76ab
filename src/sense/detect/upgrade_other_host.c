/* A download service with a name of its own is common; whether it is a filed one is for the gap
 * rules to say, which know the releases. A bare address that is not the platform's is no such
 * service. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_span host = t->msg->host;
    struct zj_addr addr;
    if (!t->msg->is_down || t->is_answer || !zj_addr_parse(host, &addr) ||
        zj_is_host_of_platform(t, host))
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "the package comes from %.*s", "升级包来自 %.*s",
             (int)(host.len < 100 ? host.len : 100), (const char *)host.at);
}

const struct zj_detection zj_detection_upgrade_other_host = {
    .name = "upgrade-other-host",
    .id = 9015,
    .kinds = ZJ_KIND(UPGRADE),
    .detect = detect,
};
