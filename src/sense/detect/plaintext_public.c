/* A weakness of the service: one alarm for each, whoever connects. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_session *s = t->session;
    if (s->security != ZJ_SECURITY_NONE || !s->is_vehicle || !s->is_public)
        return;
    char text[64];
    zj_alarm(rule, t, zj_subject_service(t, text), "%s without encryption", "%s 未加密传输",
             zj_said(t->at->codec->name).en);
}

const struct zj_detection zj_detection_plaintext_public = {
    .name = "plaintext-vehicle-protocol",
    .id = 9020,
    .kinds = ZJ_KIND(LOGIN) | ZJ_KIND(REGISTER) | ZJ_KIND(REPORT) | ZJ_KIND(REISSUE) |
             ZJ_KIND(PLATFORM_LOGIN) | ZJ_KIND(CONNECT) | ZJ_KIND(PUBLISH) | ZJ_KIND(CONTROL) |
             ZJ_KIND(UPGRADE),
    .detect = detect,
};
