/* Asked in SUBSCRIBE, granted in SUBACK: a refusal is the broker doing its work. */
#include "sense/observer.h"

enum { SUBSCRIBE = 8 };

/* No level that names anything: "#", "+/#", "/#", "$share/group/#"; or all of "$SYS". */
static bool spans_all(struct zj_span filter)
{
    if (zj_span_eq_str(filter, "$SYS/#"))
        return true;
    if (zj_span_starts(filter, ZJ_SPAN_LIT("$share/"))) {
        const uint8_t *slash = memchr(filter.at + 7, '/', filter.len - 7);
        if (!slash)
            return false;
        filter = zj_span_part(filter, (size_t)(slash - filter.at) + 1, SIZE_MAX);
    }
    for (size_t i = 0; i < filter.len; i++)
        if (filter.at[i] != '#' && filter.at[i] != '+' && filter.at[i] != '/')
            return false;
    return filter.len && filter.at[filter.len - 1] == '#';
}

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    struct zj_session *s = t->session;
    if (s->protocol != ZJ_PROTOCOL_MQTT)
        return;
    if (t->msg->kind == ZJ_MSG_SUBSCRIBE && spans_all(t->msg->topic)) {
        s->wildcard_serial = (uint16_t)t->msg->serial;
        s->wildcard = zj_string_id(&t->obs->strings, t->msg->topic);
        return;
    }
    if (t->msg->kind != ZJ_MSG_ANSWER || t->answered != SUBSCRIBE || !s->wildcard_serial ||
        t->msg->answered_serial != s->wildcard_serial)
        return;
    s->wildcard_serial = 0;
    if (t->msg->answer != 0)
        return;
    struct zj_subject subject = zj_subject_client(t);
    subject.ends = ZJ_ENDS_ANSWERED;
    const struct zj_span filter = zj_string(&t->obs->strings, s->wildcard);
    zj_alarm(rule, t, subject, "granted: %.*s", "已授权订阅：%.*s",
             (int)(filter.len < 100 ? filter.len : 100), (const char *)filter.at);
}

const struct zj_detection zj_detection_mqtt_wildcard = {
    .name = "mqtt-wildcard",
    .id = 9017,
    .kinds = ZJ_KIND(SUBSCRIBE) | ZJ_KIND(ANSWER),
    .detect = detect,
};
