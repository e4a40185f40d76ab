/* When a clock runs out. A day is a Beijing day, and a deadline in days ends when the last of them
 * ends: the day on which it starts is not counted. */
#include "base/clock.h"

#include <stdio.h>

#include "work/rules.h"

/* The last second of a Beijing day. */
static int64_t end_of_day_ns(int32_t date)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    return zj_time_of_beijing(year, month, day, 23, 59, 59) * ZJ_NS_PER_S;
}

/* 1970-01-01 was a Thursday. */
static bool is_weekend(int32_t date)
{
    const int weekday = ((date + 3) % 7 + 7) % 7; /* 0: Monday */
    return weekday >= 5;
}

static int32_t add_working_days(int32_t date, int days)
{
    while (days > 0)
        if (!is_weekend(++date))
            days--;
    return date;
}

/* The same day of a later month, or that month's last. */
static int32_t add_months(int32_t date, int months)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    const int at = year * 12 + month - 1 + months;
    year = at / 12;
    month = at % 12 + 1;
    while (!zj_date_is_valid(year, month, day))
        day--;
    return zj_date_of(year, month, day);
}

static int32_t next_fixed(int32_t date, const char *fixed)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    const int want_month = (fixed[0] - '0') * 10 + fixed[1] - '0';
    int want_day = (fixed[3] - '0') * 10 + fixed[4] - '0';
    if (month * 100 + day > want_month * 100 + want_day)
        year++;
    while (!zj_date_is_valid(year, want_month, want_day)) /* 29 February */
        want_day--;
    return zj_date_of(year, want_month, want_day);
}

int64_t zj_clock_due_ns(const struct zj_clock_rule *rule, int64_t start_ns)
{
    const int32_t date = zj_date_of_time(start_ns);
    switch (rule->unit) {
    case ZJ_UNIT_HOURS:
        return start_ns + rule->amount * INT64_C(3600) * ZJ_NS_PER_S;
    case ZJ_UNIT_DAYS:
        return end_of_day_ns(date + rule->amount);
    case ZJ_UNIT_WORKING_DAYS:
        return end_of_day_ns(add_working_days(date, rule->amount));
    case ZJ_UNIT_MONTHS:
        return end_of_day_ns(add_months(date, rule->amount));
    case ZJ_UNIT_YEARS:
        return end_of_day_ns(add_months(date, 12 * rule->amount));
    case ZJ_UNIT_FIXED:
        return end_of_day_ns(next_fixed(date, rule->fixed));
    }
    return start_ns;
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
