/* When a clock runs out. A day is a Beijing day, and a deadline in days ends when the last of them
 * ends: the day on which it starts is not counted. */
#include <stdio.h>

#include "work/rules.h"

/* The last second of a Beijing day. */
static int64_t end_of_day_ns(int32_t date)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    return zj_time_of_beijing(year, month, day, 23, 59, 59) * ZJ_NS_PER_S;
}

int64_t zj_clock_due_ns(const struct zj_clock_rule *rule, const struct zj_calendar *calendar,
                        int64_t start_ns)
{
    const int32_t date = zj_date_of_time(start_ns);
    struct zj_deadline deadline = rule->deadline;
    if (deadline.unit == ZJ_IN_HOURS)
        return start_ns + deadline.count * INT64_C(3600) * ZJ_NS_PER_S;
    int32_t due = zj_deadline_date(&deadline, calendar, date, NULL);
    if (deadline.unit == ZJ_ON_DATE && due < date) {
        deadline.count++;
        due = zj_deadline_date(&deadline, calendar, date, NULL);
    }
    return end_of_day_ns(due);
}

void zj_number_format(const char *pattern, int year, int64_t n, struct zj_buf *out)
{
    while (*pattern) {
        int width = 0, used = 0;
        if (strncmp(pattern, "{year}", 6) == 0) {
            zj_buf_printf(out, "%d", year);
            pattern += 6;
        } else if (strncmp(pattern, "{n}", 3) == 0) {
            zj_buf_i64(out, n);
            pattern += 3;
        } else if (sscanf(pattern, "{n:%1d}%n", &width, &used) == 1 && used) {
            zj_buf_printf(out, "%0*lld", width, (long long)n);
            pattern += used;
        } else {
            zj_buf_byte(out, (uint8_t)*pattern++);
        }
    }
}
