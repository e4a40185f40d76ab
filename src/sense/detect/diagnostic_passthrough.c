/* The bytes of a pass-through are free; only requests that change something are looked for. */
#include "sense/observer.h"

enum { SEARCH_MAX = 8 };

/* Programming session, security access, write, routine, download, transfer, write memory; the
 * second byte is one the service has. */
static bool is_request(struct zj_span at)
{
    if (at.len < 2)
        return false;
    const uint8_t sub = at.at[1] & 0x7f;
    switch (at.at[0]) {
    case 0x10:
        return sub == 0x02;
    case 0x27:
        return sub >= 0x01 && sub <= 0x42;
    case 0x31:
        return sub >= 0x01 && sub <= 0x03 && at.len >= 4;
    case 0x2e:
        return at.len >= 4;
    case 0x34:
    case 0x3d:
        return at.len >= 4;
    case 0x36:
        return at.len >= 3;
    default:
        return false;
    }
}

/* The request stands at the start, behind the type byte, behind a length (ISO-TP single frame), or
 * behind a CAN identifier of four bytes and either. */
static bool has_request(struct zj_span payload)
{
    static const uint8_t starts[] = {0, 4, 5};
    for (size_t i = 0; i < ZJ_COUNT(starts); i++) {
        const struct zj_span at = zj_span_part(payload, starts[i], SEARCH_MAX);
        if (is_request(at))
            return true;
        if (at.len >= 3 && at.at[0] >= 2 && at.at[0] <= 7 && at.at[0] < at.len &&
            is_request(zj_span_part(at, 1, at.at[0])))
            return true;
    }
    return false;
}

static void detect(const struct zj_detection *rule, const struct zj_sight *t)
{
    if (!t->msg->is_down || t->is_answer || !has_request(t->msg->payload))
        return;
    zj_alarm(rule, t, zj_subject_vehicle(t), "a diagnostic request in %zu bytes of pass-through",
             "%zu 字节的透传数据中含诊断请求", t->msg->payload.len);
}

const struct zj_detection zj_detection_diagnostic_passthrough = {
    .name = "diagnostic-passthrough",
    .id = 9014,
    .kinds = ZJ_KIND(PASSTHROUGH_DOWN),
    .detect = detect,
};
