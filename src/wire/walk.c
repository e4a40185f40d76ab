#include "wire/walk.h"

#include "base/clock.h"
#include "base/text.h"

void zj_walk_add_oor(struct zj_walk *w, const char *name)
{
    size_t at = 0;
    while (at < w->oor_count && strcmp(w->oor[at], name) < 0)
        at++;
    if ((at < w->oor_count && strcmp(w->oor[at], name) == 0) || w->oor_count == ZJ_WALK_OOR_MAX)
        return;
    memmove(w->oor + at + 1, w->oor + at, (w->oor_count - at) * sizeof w->oor[0]);
    w->oor[at] = name;
    w->oor_count++;
}

void zj_walk_write_oor(struct zj_walk *w)
{
    zj_walk_array(w, "out_of_range");
    for (size_t i = 0; i < w->oor_count; i++)
        zj_json_str(w->j, w->oor[i]);
    zj_walk_array_end(w);
    w->oor_count = 0;
}

void zj_walk_write_hex(struct zj_walk *w, const char *key, uint64_t value, int digits)
{
    if (key)
        zj_json_key(w->j, key);
    zj_json_printf(w->j, "0x%0*llx", digits, (unsigned long long)value);
}

void zj_walk_write_bytes(struct zj_walk *w, const char *key, struct zj_span bytes)
{
    if (key)
        zj_json_key(w->j, key);
    zj_json_hex(w->j, bytes);
}

void zj_walk_write_text(struct zj_walk *w, const char *key, struct zj_span text)
{
    struct zj_buf utf8 = {0};
    if (key)
        zj_json_key(w->j, key);
    zj_text_from_gbk(&utf8, zj_span_unpad(text));
    zj_json_span(w->j, zj_buf_all(&utf8));
    zj_buf_release(&utf8);
}

void zj_walk_open(struct zj_walk *w, const char *key, bool is_array)
{
    if (key)
        zj_json_key(w->j, key);
    if (is_array)
        zj_json_array(w->j);
    else
        zj_json_object(w->j);
}

bool zj_walk_time_read(const struct zj_walk_time *t, int64_t *out_s)
{
    enum { DAYS_TO_2000 = 10957 };
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    if (t->year > 99 || t->month - 1 > 11 || t->hour > 23 || t->minute > 59 || t->second > 59)
        return false;
    const unsigned leap = t->year % 4 == 0; /* so it is up to 2099 */
    const unsigned first = before[t->month - 1];
    if (t->day - 1 >= before[t->month] - first + (leap && t->month == 2))
        return false;
    const unsigned days = DAYS_TO_2000 + t->year * 365 + (t->year + 3) / 4 + first +
                          (leap && t->month > 2) + t->day - 1;
    *out_s =
        days * INT64_C(86400) + t->hour * 3600 + t->minute * 60 + t->second - ZJ_BEIJING_OFFSET_S;
    return true;
}

void zj_walk_time(struct zj_walk *w, const char *key, const struct zj_walk_time *t)
{
    if (!w->j)
        return;
    zj_json_key(w->j, key);
    zj_json_printf(w->j, "%04u-%02u-%02u %02u:%02u:%02u", 2000 + t->year, t->month, t->day, t->hour,
                   t->minute, t->second);
}

struct zj_span zj_walk_keep(struct zj_walk *w, const void *bytes, size_t len)
{
    if (!w->msg || len > ZJ_MSG_SCRATCH - w->text_used)
        return (struct zj_span){0};
    uint8_t *to = w->msg->scratch + w->text_used;
    memcpy(to, bytes, len);
    w->text_used += len;
    return zj_span_of(to, len);
}

struct zj_span zj_walk_host(struct zj_span url)
{
    for (size_t i = 0; i + 2 < url.len; i++)
        if (url.at[i] == ':' && url.at[i + 1] == '/' && url.at[i + 2] == '/') {
            url = zj_span_part(url, i + 3, url.len);
            break;
        }
    size_t end = 0;
    while (end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#')
        end++;
    url.len = end;
    for (size_t i = 0; i < url.len; i++)
        if (url.at[i] == '@')
            url = zj_span_part(url, i + 1, url.len);
    if (url.len && url.at[0] == '[') {
        const uint8_t *close = memchr(url.at, ']', url.len);
        return close ? zj_span_of(url.at + 1, (size_t)(close - url.at) - 1) : url;
    }
    const uint8_t *colon = url.len ? memchr(url.at, ':', url.len) : NULL;
    if (colon && !memchr(colon + 1, ':', url.len - (size_t)(colon + 1 - url.at)))
        url.len = (size_t)(colon - url.at);
    return url;
}
