/* Events in Suricata's EVE form, one JSON object a line, written by hand into one buffer. */
#ifndef ZJ_SENSE_EVE_H
#define ZJ_SENSE_EVE_H

#include "base/buf.h"
#include "base/clock.h"

struct zj_observer;
struct zj_sight;
struct zj_moment;
struct zj_session;
struct zj_subject;
struct zj_detection_info;

struct zj_eve {
    struct zj_buf out;
    int64_t second; /* of the text below */
    char text[ZJ_TIME_TEXT];
};

void zj_eve_message(const struct zj_sight *sight);
void zj_eve_alert(const struct zj_sight *sight, const struct zj_detection_info *info,
                  struct zj_subject subject, const char *note);
void zj_eve_flow(struct zj_observer *obs, const struct zj_session *session,
                 const struct zj_moment *at, const uint64_t packets[2], const uint64_t bytes[2],
                 int64_t first_ns);
/* Hands what is written to the sink. */
void zj_eve_send(struct zj_observer *obs);

#endif
