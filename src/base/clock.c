#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"

/* Days from civil and back, after Howard Hinnant's published algorithms (public domain). */
int32_t zj_date_of(int year, int month, int day)
{
    year -= month <= 2;
    const int era = (year >= 0 ? year : year - 399) / 400;
    const int yoe = year - era * 400;
    const int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void zj_date_split(int32_t date, int *out_year, int *out_month, int *out_day)
{
    const int z = date + 719468;
    const int era = (z >= 0 ? z : z - 146096) / 146097;
    const int doe = z - era * 146097;
    const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int mp = (5 * doy + 2) / 153;
    *out_day = doy - (153 * mp + 2) / 5 + 1;
    *out_month = mp < 10 ? mp + 3 : mp - 9;
    *out_year = yoe + era * 400 + (*out_month <= 2);
}

bool zj_date_is_valid(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

int32_t zj_date_add_months(int32_t date, int months)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    const int at = year * 12 + month - 1 + months;
    year = at / 12;
    month = at % 12 + 1;
    while (!zj_date_is_valid(year, month, day) && day > 28)
        day--;
    return zj_date_of(year, month, day);
}

/* Up to max_digits decimal digits; the count read goes to *out_digits. */
static int digits(struct zj_reader *r, int max_digits, int *out_digits)
{
    int value = 0;
    *out_digits = 0;
    while (*out_digits < max_digits && r->at < r->len && r->p[r->at] >= '0' && r->p[r->at] <= '9') {
        value = value * 10 + (r->p[r->at++] - '0');
        ++*out_digits;
    }
    return value;
}

static bool accept(struct zj_reader *r, const char *text)
{
    struct zj_span want = zj_span_str(text);
    if (!zj_span_starts(zj_span_of(r->p + r->at, r->len - r->at), want))
        return false;
    r->at += want.len;
    return true;
}

static bool read_date(struct zj_reader *r, int *year, int *month, int *day)
{
    int n;
    *year = digits(r, 4, &n);
    if (n != 4)
        return false;
    const char *between = accept(r, "-")    ? "-"
                          : accept(r, "/")  ? "/"
                          : accept(r, ".")  ? "."
                          : accept(r, "年") ? "月"
                                            : "";
    *month = digits(r, 2, &n);
    if (n == 0 || (!*between && n != 2) || (*between && !accept(r, between)))
        return false;
    *day = digits(r, 2, &n);
    if (n == 0 || (!*between && n != 2))
        return false;
    if (between[0] == "月"[0] && !accept(r, "日"))
        return false;
    return zj_date_is_valid(*year, *month, *day);
}

bool zj_date_parse(struct zj_span text, int32_t *out_date)
{
    struct zj_reader r = zj_reader_of(text);
    int year, month, day;
    if (!read_date(&r, &year, &month, &day) || zj_rd_left(&r))
        return false;
    *out_date = zj_date_of(year, month, day);
    return true;
}

void zj_date_format(int32_t date, char out[ZJ_TIME_TEXT])
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    snprintf(out, ZJ_TIME_TEXT, "%04d-%02d-%02d", year, month, day);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t zj_date_of_time(int64_t time_ns)
{
    return (int32_t)floor_div(floor_div(time_ns, ZJ_NS_PER_S) + ZJ_BEIJING_OFFSET_S, 86400);
}

int64_t zj_time_of_beijing(int year, int month, int day, int hour, int minute, int second)
{
    return (int64_t)zj_date_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
           ZJ_BEIJING_OFFSET_S;
}

static char *put_digits(char *out, unsigned value, unsigned digits)
{
    for (unsigned i = digits; i--; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + digits;
}

/* By hand: every row of facts has three times. */
static void format(int64_t time_ns, bool with_fraction, const char *zone, char out[ZJ_TIME_TEXT])
{
    const int64_t s = floor_div(time_ns, ZJ_NS_PER_S) + ZJ_BEIJING_OFFSET_S;
    const unsigned day_s = (unsigned)(s - floor_div(s, 86400) * 86400);
    const unsigned fraction_us =
        (unsigned)((time_ns - floor_div(time_ns, ZJ_NS_PER_S) * ZJ_NS_PER_S) / 1000);
    int year, month, day;
    zj_date_split((int32_t)floor_div(s, 86400), &year, &month, &day);
    char *p = put_digits(out, (unsigned)(year < 0 ? 0 : year % 10000), 4);
    *p++ = '-';
    p = put_digits(p, (unsigned)month, 2);
    *p++ = '-';
    p = put_digits(p, (unsigned)day, 2);
    *p++ = 'T';
    p = put_digits(p, day_s / 3600, 2);
    *p++ = ':';
    p = put_digits(p, day_s / 60 % 60, 2);
    *p++ = ':';
    p = put_digits(p, day_s % 60, 2);
    if (with_fraction) {
        *p++ = '.';
        p = put_digits(p, fraction_us, 6);
    }
    memcpy(p, zone, strlen(zone) + 1);
}

void zj_time_format_eve(int64_t time_ns, char out[ZJ_TIME_TEXT])
{
    format(time_ns, true, "+0800", out);
}

void zj_time_format_fine(int64_t time_ns, char out[ZJ_TIME_TEXT])
{
    format(time_ns, true, "+08:00", out);
}

void zj_time_format(int64_t time_ns, char out[ZJ_TIME_TEXT])
{
    format(time_ns, false, "+08:00", out);
}

void zj_time_tell(struct zj_buf *out, struct zj_span text)
{
    enum { TO_MINUTES = 16 };
    char full[ZJ_TIME_TEXT];
    int64_t time_ns;
    if (text.len <= TO_MINUTES || text.at[10] != 'T' || !zj_time_parse(text, &time_ns)) {
        zj_buf_span(out, text);
        return;
    }
    zj_time_format(time_ns, full);
    full[10] = ' ';
    zj_buf_span(out, zj_span_of(full, TO_MINUTES));
}

static bool read_zone(struct zj_reader *r, int *out_offset_s)
{
    int n, sign;
    *out_offset_s = ZJ_BEIJING_OFFSET_S;
    if (!zj_rd_left(r))
        return true;
    *out_offset_s = 0;
    if (accept(r, "Z") || accept(r, "z"))
        return !zj_rd_left(r);
    if (accept(r, "+"))
        sign = 1;
    else if (accept(r, "-"))
        sign = -1;
    else
        return false;
    int hour = digits(r, 2, &n);
    if (n != 2)
        return false;
    accept(r, ":");
    int minute = digits(r, 2, &n);
    *out_offset_s = sign * (hour * 3600 + minute * 60);
    return n == 2 && hour < 24 && minute < 60 && !zj_rd_left(r);
}

bool zj_time_parse(struct zj_span text, int64_t *out_time_ns)
{
    struct zj_reader r = zj_reader_of(text);
    int year, month, day, hour, minute, second, n, offset_s;
    int64_t fraction_ns = 0;
    if (!read_date(&r, &year, &month, &day) || (!accept(&r, "T") && !accept(&r, " ")))
        return false;
    hour = digits(&r, 2, &n);
    if (n != 2 || hour > 23 || !accept(&r, ":"))
        return false;
    minute = digits(&r, 2, &n);
    if (n != 2 || minute > 59 || !accept(&r, ":"))
        return false;
    second = digits(&r, 2, &n);
    if (n != 2 || second > 59)
        return false;
    if (accept(&r, ".")) {
        fraction_ns = digits(&r, 9, &n);
        if (n == 0)
            return false;
        for (; n < 9; n++)
            fraction_ns *= 10;
    }
    if (!read_zone(&r, &offset_s))
        return false;
    const int64_t s = (int64_t)zj_date_of(year, month, day) * 86400 + hour * 3600 + minute * 60 +
                      second - offset_s;
    if (s > INT64_MAX / ZJ_NS_PER_S - 1 || s < INT64_MIN / ZJ_NS_PER_S + 1)
        return false; /* 1677 … 2262 is what nanoseconds can say */
    *out_time_ns = s * ZJ_NS_PER_S + fraction_ns;
    return true;
}

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * ZJ_NS_PER_S + ts.tv_nsec;
}

int64_t zj_clock_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t zj_tick_ns(void)
{
    return read_clock(CLOCK_MONOTONIC_COARSE);
}
