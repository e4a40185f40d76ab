/* Times and dates. A time is nanoseconds since 1970-01-01 UTC; a date is days since 1970-01-01.
 * Text is Beijing time (+08:00, no summer time), the clock of the plan and of the protocols. */
#ifndef ZJ_BASE_CLOCK_H
#define ZJ_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct zj_buf;

enum { ZJ_TIME_TEXT = 40 };
#define ZJ_NS_PER_S INT64_C(1000000000)
#define ZJ_BEIJING_OFFSET_S (8 * 3600)

/* Days since 1970-01-01 of a proleptic Gregorian date. */
int32_t zj_date_of(int year, int month, int day);
void zj_date_split(int32_t date, int *out_year, int *out_month, int *out_day);
bool zj_date_is_valid(int year, int month, int day);
/* The same day so many months on (or back); the month's last where it has no such day. */
int32_t zj_date_add_months(int32_t date, int months);

/* "2026-09-30", also "2026/9/30", "20260930" and "2026年9月30日"; false on anything else. */
bool zj_date_parse(struct zj_span text, int32_t *out_date);
void zj_date_format(int32_t date, char out[ZJ_TIME_TEXT]); /* "2026-09-30" */
int32_t zj_date_of_time(int64_t time_ns);                  /* the Beijing day of a time */

/* Seconds since 1970 UTC of a Beijing wall-clock time; no check of the ranges. */
int64_t zj_time_of_beijing(int year, int month, int day, int hour, int minute, int second);

/* "2016-01-01T02:59:00.000000+0800", as EVE has it. */
/* The same to the microsecond, as facts are told. */
void zj_time_format_fine(int64_t time_ns, char out[ZJ_TIME_TEXT]);
void zj_time_format_eve(int64_t time_ns, char out[ZJ_TIME_TEXT]);
/* "2016-01-01T02:59:00+08:00" (RFC 3339). */
void zj_time_format(int64_t time_ns, char out[ZJ_TIME_TEXT]);
/* For people: a day as it is, a time as "2016-01-01 02:59" in Beijing; what is neither, as it is. */
void zj_time_tell(struct zj_buf *out, struct zj_span text);
/* RFC 3339, EVE, or "2016-01-01 02:59:00" taken as Beijing time. */
bool zj_time_parse(struct zj_span text, int64_t *out_time_ns);

/* Nanoseconds of a clock that only goes forward: how long something took. */
int64_t zj_clock_ns(void);
int64_t zj_tick_ns(void); /* the same, coarse (a few ms) and cheap */

#endif
