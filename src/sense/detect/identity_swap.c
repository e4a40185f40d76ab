/* One session, two vehicles. A link between platforms carries many and is left alone, and so is a
 * session whose beginning was not seen. */
#include "sense/observer.h"

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    const struct zj_session *s = t->session;
    const struct zj_vehicle *v = t->vehicle;
    if (!v || !t->is_up || t->is_answer || s->is_platform_link || !s->began_with_login ||
        s->protocol == ZJ_PROTOCOL_MQTT)
        return;
    if (memcmp(v->key.id, s->id, sizeof v->key.id) == 0)
        return;
    const struct zj_span now = zj_span_of(v->key.id, strnlen(v->key.id, sizeof v->key.id));
    const struct zj_span then = zj_session_id(s);
    if (zj_span_eq(now, then))
        return;
    struct zj_subject subject = zj_subject_vehicle(t);
    subject.id = then;
    zj_alarm(rule, t, subject, "the session of %.*s sends frames of %.*s",
             "%.*s 的会话发出 %.*s 的报文", (int)then.len, (const char *)then.at, (int)now.len,
             (const char *)now.at);
}

const struct zj_detection zj_detection_identity_swap = {
    .name = "identity-swap",
    .id = 9002,
    .kinds = ZJ_KIND(LOGIN) | ZJ_KIND(REPORT) | ZJ_KIND(REISSUE) | ZJ_KIND(HEARTBEAT) |
             ZJ_KIND(LOGOUT) | ZJ_KIND(ATTRIBUTES) | ZJ_KIND(PASSTHROUGH_UP) | ZJ_KIND(MEDIA),
    .detect = detect,
};
