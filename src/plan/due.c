#include "plan/due.h"

#include <string.h>

/* The time of the event; false where the row names none. */
static bool event_time(const struct zj_event *event, int64_t *out_ns)
{
    int32_t date;
    if (event->time.len && zj_time_parse(event->time, out_ns))
        return true;
    const struct zj_span day = event->time.len ? event->time : event->date;
    if (day.len) {
        if (!zj_date_parse(day, &date))
            return false;
        int year, month, of_month;
        zj_date_split(date, &year, &month, &of_month);
        *out_ns = zj_time_of_beijing(year, month, of_month, 0, 0, 0) * ZJ_NS_PER_S;
        return true;
    }
    *out_ns = event->at_us * 1000;
    /* done: the day it was entered says nothing more */
    return event->at_us != 0 && !event->is_met;
}

void zj_due_find(const struct zj_rule *rule, const struct zj_calendar *cal,
                 const struct zj_event *event, int64_t now_ns, struct zj_due *out)
{
    const int64_t hour_ns = 3600 * ZJ_NS_PER_S;
    char now[ZJ_TIME_TEXT], soon[ZJ_TIME_TEXT], done[ZJ_TIME_TEXT];
    int64_t from_ns;
    *out = (struct zj_due){.is_known = true};
    const bool is_set = event_time(event, &from_ns);
    const bool is_hours = rule->has_deadline && rule->deadline.unit == ZJ_IN_HOURS;
    const int32_t today = zj_date_of_time(now_ns);
    if (is_hours) {
        zj_time_format(now_ns, now);
        if (is_set)
            zj_time_format(from_ns + rule->deadline.count * hour_ns, out->text);
    } else {
        zj_date_format(today, now);
        if (is_set)
            zj_date_format(zj_deadline_date(&rule->deadline, cal, zj_date_of_time(from_ns),
                                            &out->is_known),
                           out->text);
    }
    zj_date_format(today + rule->soon_days, soon);
    if (event->is_not_applicable)
        out->state = "not_applicable";
    else if (event->is_met)
        out->state = "met";
    else if (!out->text[0])
        out->state = event->is_done ? "met" : "open";
    else if (strcmp(out->text, now) < 0)
        out->state = "overdue";
    else if (strncmp(out->text, soon, strlen(soon)) <= 0)
        out->state = "due_soon";
    else
        out->state = event->is_done ? "met" : "open";
    int64_t done_ns;
    int32_t done_date;
    if (event->is_met && out->text[0] && event->done_on.len) {
        if (zj_time_parse(event->done_on, &done_ns)) {
            zj_time_format(done_ns, done);
            out->is_late = strncmp(done, out->text, strlen(out->text)) > 0;
        } else if (zj_date_parse(event->done_on, &done_date)) {
            zj_date_format(done_date, done);
            out->is_late = strncmp(done, out->text, strlen(done)) > 0;
        }
    }
}
