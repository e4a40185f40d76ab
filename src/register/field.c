#include "register/field.h"

#include <math.h>
#include <stdio.h>
#include <strings.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/idcheck.h"
#include "base/mask.h"
#include "base/text.h"
#include "register/suggest.h"

static const struct zj_span full_blank = {(const uint8_t *)"\xe3\x80\x80", 3}; /* U+3000 */
static const struct zj_span hard_blank = {(const uint8_t *)"\xc2\xa0", 2};     /* U+00A0 */

/* Without the white space at both ends, that of Chinese text too. */
static struct zj_span trim_wide(struct zj_span s)
{
    for (;;) {
        const size_t before = s.len;
        s = zj_span_trim(s);
        if (zj_span_starts(s, full_blank))
            s = zj_span_part(s, 3, s.len);
        if (zj_span_starts(s, hard_blank))
            s = zj_span_part(s, 2, s.len);
        if (s.len >= 3 && memcmp(s.at + s.len - 3, full_blank.at, 3) == 0)
            s.len -= 3;
        if (s.len >= 2 && memcmp(s.at + s.len - 2, hard_blank.at, 2) == 0)
            s.len -= 2;
        if (s.len == before)
            return s;
    }
}

static size_t count_chars(struct zj_span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (s.at[i] & 0xc0) != 0x80;
    return n;
}

static bool same_word(struct zj_span a, const char *b)
{
    return a.len == strlen(b) && strncasecmp((const char *)a.at, b, a.len) == 0;
}

unsigned zj_field_max_chars(const struct zj_field *field)
{
    if (field->max_chars)
        return field->max_chars;
    return field->type == ZJ_FIELD_NOTE ? ZJ_NOTE_CHARS : ZJ_FIELD_CHARS;
}

bool zj_field_is_number(const struct zj_field *field)
{
    return field->type == ZJ_FIELD_INT || field->type == ZJ_FIELD_BOOL;
}

size_t zj_register_key(const struct zj_register *reg)
{
    size_t i = 0;
    while (!(reg->fields[i].flags & ZJ_FIELD_KEY))
        i++;
    return i;
}

int zj_register_field(const struct zj_register *reg, struct zj_span name)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (zj_span_eq_str(name, reg->fields[i].name))
            return (int)i;
    return -1;
}

int zj_register_header(const struct zj_register *reg, struct zj_span head)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf folded = {0};
    zj_text_fold(&folded, head);
    head = trim_wide(zj_buf_all(&folded));
    if (head.len && head.at[head.len - 1] == '*') /* the template's mark of a required field */
        head = trim_wide(zj_span_part(head, 0, head.len - 1));
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        if (same_word(head, f->name) || same_word(head, f->en) || same_word(head, f->zh))
            return (int)i;
    }
    for (size_t i = 0; i < reg->field_count; i++)
        if (zj_field_is_called(&reg->fields[i], head))
            return (int)i;
    return -1;
}

/* Bytes of the separator of items that stands there; 0: none. Addresses and words of a list have no
 * comma in them: there it separates too. */
static size_t separator_len(struct zj_span rest, bool has_commas)
{
    if (rest.at[0] == ';' || rest.at[0] == '\n' || (has_commas && rest.at[0] == ','))
        return 1;
    const bool is_wide = zj_span_starts(rest, ZJ_SPAN_LIT("；")) ||
                         zj_span_starts(rest, ZJ_SPAN_LIT("、")) ||
                         (has_commas && zj_span_starts(rest, ZJ_SPAN_LIT("，")));
    return is_wide ? 3 : 0;
}

static bool next_item(struct zj_span *list, bool has_commas, struct zj_span *out_item)
{
    while (list->len) {
        size_t len = 0, gap = 0;
        while (len < list->len && !gap) {
            gap = separator_len(zj_span_part(*list, len, list->len), has_commas);
            len += !gap;
        }
        *out_item = trim_wide(zj_span_part(*list, 0, len));
        *list = zj_span_part(*list, len + gap, list->len);
        if (out_item->len)
            return true;
    }
    return false;
}

bool zj_list_next(struct zj_span *list, struct zj_span *out_item)
{
    return next_item(list, false, out_item);
}

void zj_draft_release(struct zj_draft *draft)
{
    zj_buf_release(&draft->text);
    zj_buf_release(&draft->folded);
}

bool zj_draft_is_refused(const struct zj_draft *draft)
{
    for (size_t i = 0; i < draft->faults.count; i++)
        if (!draft->faults.at[i].is_warning)
            return true;
    return false;
}

/* What filling one cell needs. */
struct filling {
    struct zj_draft *draft;
    const struct zj_field *field;
    int at;
};

static void refuse(const struct filling *fill, const char *en, const char *zh)
{
    zj_row_fault_add(&fill->draft->faults, fill->at, false, en, zh);
}

static void put_text(const struct filling *fill, struct zj_span value)
{
    struct zj_buf *out = &fill->draft->text;
    const unsigned flags = fill->field->flags;
    if (!(flags & (ZJ_FIELD_UPPER | ZJ_FIELD_LOWER))) {
        for (size_t i = 0; i < value.len; i++)
            if (value.at[i] != '\r') /* a line ends with \n alone, whatever it came through */
                zj_buf_byte(out, value.at[i]);
        return;
    }
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.at[i];
        if (c == ' ')
            continue;
        if (flags & ZJ_FIELD_UPPER && c >= 'a' && c <= 'z')
            c = (uint8_t)(c - 32);
        if (flags & ZJ_FIELD_LOWER && c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + 32);
        zj_buf_byte(out, c);
    }
}

/* "8.98601E+19": what Excel leaves of a long number. */
static bool has_lost_digits(struct zj_span value)
{
    size_t i = 0;
    while (i < value.len && ((value.at[i] >= '0' && value.at[i] <= '9') || value.at[i] == '.'))
        i++;
    return i > 0 && i + 2 < value.len && (value.at[i] | 0x20) == 'e' && value.at[i + 1] == '+' &&
           zj_all_digits(zj_span_part(value, i + 2, value.len));
}

static void refuse_lost(const struct filling *fill)
{
    refuse(fill,
           "stored as a number, its digits beyond 15 are lost: format the column as text and enter "
           "it again",
           "以数字保存，15 位之后的数字已丢失：请将该列设为文本格式后重新填写。");
}

/* A number cell where text is wanted: whole numbers of up to 15 digits are what was typed. */
static bool text_of_number(const struct filling *fill, struct zj_span value, char out[40])
{
    char copy[64];
    if (value.len == 0 || value.len >= sizeof copy)
        return false;
    memcpy(copy, value.at, value.len);
    copy[value.len] = '\0';
    char *end;
    const double number = strtod(copy, &end);
    if (*end || !isfinite(number))
        return false;
    if (fabs(number) >= 1e15) {
        refuse_lost(fill);
        out[0] = '\0';
        return true;
    }
    snprintf(out, 40, number == floor(number) ? "%.0f" : "%.15g", number);
    return true;
}

static bool parse_int(struct zj_span value, int64_t *out)
{
    const bool minus = value.len && value.at[0] == '-';
    const struct zj_span digits = zj_span_part(value, minus, value.len);
    int64_t n = 0;
    if (!zj_all_digits(digits) || digits.len > 18)
        return false;
    for (size_t i = 0; i < digits.len; i++)
        n = n * 10 + (digits.at[i] - '0');
    *out = minus ? -n : n;
    return true;
}

static const struct zj_field_value *find_value(const struct zj_field *field, struct zj_span value)
{
    for (const struct zj_field_value *v = field->values; v->name; v++)
        if (same_word(value, v->name) || same_word(value, v->en) || same_word(value, v->zh))
            return v;
    return zj_field_value_called(field, value);
}

static void refuse_value(const struct filling *fill, struct zj_span value)
{
    enum { FAULT_ROOM = sizeof((struct zj_row_fault){0}.en) - 5 };
    char en[FAULT_ROOM + 5], zh[FAULT_ROOM + 5];
    bool en_is_cut = false, zh_is_cut = false;
    const struct zj_field_value *near = zj_suggest_value(fill->field, value);
    int en_len = snprintf(en, sizeof en, "not a value of this field%s%s%s allowed:",
                          near ? "; did you mean '" : ";", near ? near->name : "",
                          near ? "'?" : "");
    int zh_len = snprintf(zh, sizeof zh, "不是该字段允许的值%s%s%s可填：", near ? "，是否指“" : "，",
                          near ? near->zh : "", near ? "”？" : "");
    const struct zj_field_value *v = fill->field->values;
    for (const char *en_gap = " ", *zh_gap = ""; v->name; v++, en_gap = ", ", zh_gap = "、") {
        const int en_more = (int)(strlen(en_gap) + strlen(v->name));
        const int zh_more = (int)(strlen(zh_gap) + strlen(v->zh));
        if (en_len + en_more < FAULT_ROOM)
            en_len += snprintf(en + en_len, sizeof en - (size_t)en_len, "%s%s", en_gap, v->name);
        else
            en_is_cut = true;
        if (zh_len + zh_more < FAULT_ROOM)
            zh_len += snprintf(zh + zh_len, sizeof zh - (size_t)zh_len, "%s%s", zh_gap, v->zh);
        else
            zh_is_cut = true;
    }
    if (en_is_cut)
        snprintf(en + en_len, sizeof en - (size_t)en_len, " …");
    if (zh_is_cut)
        snprintf(zh + zh_len, sizeof zh - (size_t)zh_len, "等");
    refuse(fill, en, zh);
}

static void put_enum(const struct filling *fill, struct zj_span value)
{
    const struct zj_field_value *v = find_value(fill->field, value);
    if (v)
        zj_buf_str(&fill->draft->text, v->name);
    else
        refuse_value(fill, value);
}

static void put_bounded(const struct filling *fill, int64_t n)
{
    const struct zj_field *f = fill->field;
    char en[80], zh[80];
    snprintf(en, sizeof en, "not between %lld and %lld", (long long)f->min, (long long)f->max);
    snprintf(zh, sizeof zh, "应在 %lld 至 %lld 之间。", (long long)f->min, (long long)f->max);
    if (f->max && (n < f->min || n > f->max))
        refuse(fill, en, zh);
    else if (n < 0 && f->flags & ZJ_FIELD_COUNT)
        refuse(fill, "below nought; enter the count", "不能为负数，请填写数量。");
    else
        zj_buf_i64(&fill->draft->text, n);
}

static void put_int(const struct filling *fill, struct zj_span value)
{
    int64_t n;
    if (fill->field->values)
        put_enum(fill, value);
    else if (parse_int(value, &n))
        put_bounded(fill, n);
    else
        refuse(fill, "not a whole number; use digits only", "不是整数，只填数字。");
}

/* A date as text, with a time behind it or not, or the serial number Excel keeps (1900 system). */
static bool parse_date(struct zj_span value, int32_t *out)
{
    int64_t serial;
    const uint8_t *blank = memchr(value.at, ' ', value.len);
    if (!blank && value.len > 10)
        blank = memchr(value.at, 'T', value.len);
    const struct zj_span day = blank ? zj_span_of(value.at, (size_t)(blank - value.at)) : value;
    if (zj_date_parse(day, out))
        return true;
    if (!parse_int(value, &serial) || serial < 61 || serial > 2958465)
        return false;
    *out = (int32_t)serial - 25569;
    return true;
}

static void put_date(const struct filling *fill, struct zj_span value, enum zj_sheet_kind kind)
{
    char text[ZJ_TIME_TEXT];
    int32_t date;
    /* digits alone are a serial number only in a workbook: in text, 45000 is a slip */
    const bool is_right = kind != ZJ_SHEET_NUMBER && zj_all_digits(value) && value.len != 8
                              ? false
                              : parse_date(value, &date);
    if (!is_right || date < zj_date_of(1900, 1, 1) || date > zj_date_of(2199, 12, 31)) {
        refuse(fill, "not a date of the calendar; write it as 2026-09-30",
               "不是有效日期，请写成 2026-09-30 的形式。");
        return;
    }
    zj_date_format(date, text);
    zj_buf_str(&fill->draft->text, text);
}

static bool is_one_of(struct zj_span value, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (same_word(value, words[i]))
            return true;
    return false;
}

static void put_bool(const struct filling *fill, struct zj_span value)
{
    static const char *const yes[] = {"yes", "是", "true", "1", "y"};
    static const char *const no[] = {"no", "否", "false", "0", "n"};
    if (is_one_of(value, yes, ZJ_COUNT(yes)))
        zj_buf_str(&fill->draft->text, "yes");
    else if (is_one_of(value, no, ZJ_COUNT(no)))
        zj_buf_str(&fill->draft->text, "no");
    else
        refuse(fill, "neither yes nor no", "只能填“是”或“否”。");
}

/* The seconds of a day of "9:05", "09:05:30", with the zone of RFC 3339 behind it or not. */
static bool parse_clock(struct zj_span text, int *out_s)
{
    int part[3] = {0}, count = 0;
    size_t i = 0;
    while (count < 3) {
        const size_t from = i;
        while (i < text.len && i - from < 2 && text.at[i] >= '0' && text.at[i] <= '9')
            part[count] = part[count] * 10 + (text.at[i++] - '0');
        if (i == from)
            return false;
        count++;
        if (i == text.len || text.at[i] != ':')
            break;
        i++;
    }
    *out_s = part[0] * 3600 + part[1] * 60 + part[2];
    return i == text.len && count >= 2 && part[0] < 24 && part[1] < 60 && part[2] < 60;
}

static bool parse_day_and_clock(struct zj_span value, int64_t *out_ns)
{
    const uint8_t *gap = memchr(value.at, ' ', value.len);
    int32_t date;
    int second;
    gap = gap ? gap : memchr(value.at, 'T', value.len);
    if (!gap)
        return false;
    const size_t at = (size_t)(gap - value.at);
    if (!zj_date_parse(zj_span_part(value, 0, at), &date) ||
        !parse_clock(trim_wide(zj_span_part(value, at + 1, value.len)), &second))
        return false;
    *out_ns = ((int64_t)date * 86400 + second - ZJ_BEIJING_OFFSET_S) * ZJ_NS_PER_S;
    return true;
}

/* The serial number of a workbook: days, and the time as the fraction of a day. */
static bool parse_serial_time(struct zj_span value, int64_t *out_ns)
{
    char copy[40], *end;
    if (value.len == 0 || value.len >= sizeof copy)
        return false;
    memcpy(copy, value.at, value.len);
    copy[value.len] = '\0';
    const double serial = strtod(copy, &end);
    if (*end || !(serial >= 61 && serial <= 2958465))
        return false;
    const int64_t s = (int64_t)llround((serial - 25569) * 86400) - ZJ_BEIJING_OFFSET_S;
    *out_ns = s * ZJ_NS_PER_S;
    return true;
}

static void put_time(const struct filling *fill, struct zj_span value, enum zj_sheet_kind kind)
{
    char text[ZJ_TIME_TEXT];
    int64_t time_ns;
    const bool is_right = kind == ZJ_SHEET_NUMBER ? parse_serial_time(value, &time_ns)
                                                  : zj_time_parse(value, &time_ns) ||
                                                        parse_day_and_clock(value, &time_ns);
    const int32_t date = is_right ? zj_date_of_time(time_ns) : 0;
    if (!is_right || date < zj_date_of(1900, 1, 1) || date > zj_date_of(2199, 12, 31)) {
        refuse(fill, "no date with a time; write it as 2026-09-30 18:05",
               "不是有效的日期时间，请写成 2026-09-30 18:05 的形式。");
        return;
    }
    zj_time_format(time_ns, text);
    zj_buf_str(&fill->draft->text, text);
}

static void put_endpoint(const struct filling *fill, struct zj_span item)
{
    struct zj_endpoint endpoint;
    if (!zj_endpoint_parse(item, &endpoint)) {
        refuse(fill,
               "not an address; write 10.0.0.0/8, 10.1.2.3:32960, [2001:db8::1]:443 or a domain, "
               "several with semicolons between",
               "不是有效地址，请写成 10.0.0.0/8、10.1.2.3:32960、[2001:db8::1]:443 或域名，多个用分号隔开。");
        return;
    }
    for (size_t i = 0; i < item.len; i++) /* names and IPv6 digits do not differ by case */
        zj_buf_byte(&fill->draft->text,
                    item.at[i] >= 'A' && item.at[i] <= 'Z' ? item.at[i] + 32 : item.at[i]);
}

static bool has_item(struct zj_span list, struct zj_span item)
{
    struct zj_span other;
    while (zj_list_next(&list, &other))
        if (zj_span_eq(other, item))
            return true;
    return false;
}

static void put_list(const struct filling *fill, struct zj_span list)
{
    struct zj_buf *out = &fill->draft->text;
    struct zj_span item;
    const size_t from = out->len, faults = fill->draft->faults.count;
    const bool has_commas =
        fill->field->type == ZJ_FIELD_ENUM_LIST || fill->field->type == ZJ_FIELD_ENDPOINTS;
    while (next_item(&list, has_commas, &item) && fill->draft->faults.count == faults) {
        size_t at = out->len;
        if (at > from) {
            zj_buf_byte(out, ';');
            at++;
        }
        if (fill->field->type == ZJ_FIELD_ENUM_LIST)
            put_enum(fill, item);
        else if (fill->field->type == ZJ_FIELD_ENDPOINTS)
            put_endpoint(fill, item);
        else
            put_text(fill, item);
        const struct zj_span written = zj_span_part(zj_buf_all(out), at, SIZE_MAX);
        const char *zh = NULL, *en = NULL;
        if (fill->field->check && (en = fill->field->check(written, &zh)) != NULL)
            refuse(fill, en, zh);
        if (at > from && has_item(zj_span_of(out->at + from, at - 1 - from), written))
            out->len = at - 1; /* said twice is said once */
    }
}

static bool has_control(struct zj_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < ' ' && s.at[i] != '\n' && s.at[i] != '\t' && s.at[i] != '\r')
            return true;
    return false;
}

static void put_checked_text(const struct filling *fill, struct zj_span value)
{
    struct zj_buf *out = &fill->draft->text;
    const size_t from = out->len;
    put_text(fill, value);
    const struct zj_span written = zj_span_of(out->at + from, out->len - from);
    const bool is_id = fill->field->check || fill->field->type == ZJ_FIELD_REF ||
                       fill->field->flags & (ZJ_FIELD_KEY | ZJ_FIELD_UPPER);
    const char *zh = NULL, *en;
    if (is_id && has_lost_digits(written))
        refuse_lost(fill);
    else if (fill->field->check && (en = fill->field->check(written, &zh)) != NULL)
        refuse(fill, en, zh);
}

static void put_cell(const struct filling *fill, struct zj_span value, enum zj_sheet_kind kind)
{
    char number[40];
    const bool is_time = fill->field->type == ZJ_FIELD_DATE || fill->field->type == ZJ_FIELD_TIME;
    if (kind == ZJ_SHEET_NUMBER && !is_time &&
        text_of_number(fill, value, number)) {
        if (!number[0])
            return;
        value = zj_span_str(number);
    }
    switch (fill->field->type) {
    case ZJ_FIELD_TEXT:
    case ZJ_FIELD_NOTE:
    case ZJ_FIELD_REF:
        put_checked_text(fill, value);
        return;
    case ZJ_FIELD_BOOL:
        put_bool(fill, value);
        return;
    case ZJ_FIELD_TIME:
        put_time(fill, value, kind);
        return;
    case ZJ_FIELD_INT:
        put_int(fill, value);
        return;
    case ZJ_FIELD_DATE:
        put_date(fill, value, kind);
        return;
    case ZJ_FIELD_ENUM:
        put_enum(fill, value);
        return;
    case ZJ_FIELD_ENUM_LIST:
    case ZJ_FIELD_TEXT_LIST:
    case ZJ_FIELD_ENDPOINTS:
        put_list(fill, value);
        return;
    }
}

/* Is the field words of people, kept as they were typed? */
static bool is_prose(const struct zj_field *f)
{
    return f->type == ZJ_FIELD_NOTE ||
           (f->type == ZJ_FIELD_TEXT && !f->check &&
            !(f->flags & (ZJ_FIELD_KEY | ZJ_FIELD_UPPER | ZJ_FIELD_LOWER)));
}

static void fill_cell(const struct filling *fill, const struct zj_sheet_cell *raw)
{
    struct zj_buf *folded = &fill->draft->folded;
    struct zj_span value = trim_wide(raw->text);
    if (!is_prose(fill->field) && count_chars(value) < value.len) {
        folded->len = 0;
        zj_text_fold(folded, value);
        value = trim_wide(zj_buf_all(folded));
    }
    const unsigned max = zj_field_max_chars(fill->field);
    if (raw->kind == ZJ_SHEET_FORMULA)
        refuse(fill, ZJ_SHEET_FORMULA_EN, ZJ_SHEET_FORMULA_ZH);
    if (value.len == 0)
        return;
    if (raw->kind == ZJ_SHEET_FAULT) {
        refuse(fill, "the cell holds a spreadsheet error; mend its formula or type the value",
               "单元格为公式错误，请改正公式或直接填写内容。");
        return;
    }
    if (!zj_utf8_is_valid(value) || has_control(value)) {
        refuse(fill, "holds characters that are no text; type the value again",
               "含有无法识别的字符，请重新填写。");
        return;
    }
    const size_t from = fill->draft->text.len, faults = fill->draft->faults.count;
    put_cell(fill, value, raw->kind);
    const struct zj_span written =
        zj_span_part(zj_buf_all(&fill->draft->text), from, SIZE_MAX);
    if (count_chars(written) > max && fill->draft->faults.count == faults) {
        char en[80], zh[80];
        snprintf(en, sizeof en, "%zu characters, the limit is %u: shorten it", count_chars(written),
                 max);
        snprintf(zh, sizeof zh, "共 %zu 个字符，上限为 %u，请缩短。", count_chars(written), max);
        refuse(fill, en, zh);
    }
}

void zj_draft_fill(struct zj_draft *draft, const struct zj_register *reg,
                   const struct zj_sheet_cell *raw)
{
    size_t ends[ZJ_FIELDS_MAX];
    draft->text.len = 0;
    draft->faults = (struct zj_row_faults){draft->fault_room, 0, ZJ_ROW_FAULTS_MAX};
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct filling fill = {draft, &reg->fields[i], (int)i};
        if (raw[i].text.at)
            fill_cell(&fill, &raw[i]);
        ends[i] = draft->text.len;
    }
    zj_buf_byte(&draft->text, 0); /* so that even an empty cell has an address */
    for (size_t i = 0, from = 0; i < reg->field_count; from = ends[i++])
        draft->cells[i] = raw[i].text.at ? zj_span_of(draft->text.at + from, ends[i] - from)
                                         : (struct zj_span){0};
}

/* The days of both, and the times where both have one: as text they compare as in the calendar. */
static void check_orders(struct zj_draft *draft, const struct zj_register *reg)
{
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        const int from = f->not_before ? zj_register_field(reg, zj_span_str(f->not_before)) : -1;
        if (from < 0 || draft->cells[from].len == 0 || draft->cells[i].len == 0)
            continue;
        const struct zj_span a = draft->cells[from], b = draft->cells[i];
        const size_t len = a.len < b.len ? a.len : b.len;
        if (memcmp(b.at, a.at, len) >= 0)
            continue;
        char en[200], zh[200];
        snprintf(en, sizeof en, "before '%s': correct one of the two", reg->fields[from].en);
        snprintf(zh, sizeof zh, "早于“%s”，请更正其中一项。", reg->fields[from].zh);
        zj_row_fault_add(&draft->faults, (int)i, false, en, zh);
    }
}

void zj_draft_finish(struct zj_draft *draft, const struct zj_register *reg)
{
    const struct zj_row row = {draft->cells};
    for (size_t i = 0; i < reg->field_count; i++) {
        bool has_fault = false;
        for (size_t f = 0; f < draft->faults.count; f++)
            has_fault |= draft->faults.at[f].field == (int)i;
        if (reg->fields[i].flags & ZJ_FIELD_REQUIRED && draft->cells[i].len == 0 && !has_fault)
            zj_row_fault_add(&draft->faults, (int)i, false, "empty, but needed: fill it in",
                             "必填项为空，请填写。");
    }
    /* across fields only once each field is right: one slip is told once */
    if (!zj_draft_is_refused(draft))
        check_orders(draft, reg);
    if (reg->check_row && !zj_draft_is_refused(draft))
        draft->faults.count += reg->check_row(&row, draft->faults.at + draft->faults.count,
                                              draft->faults.max - draft->faults.count);
}

void zj_mask(const struct zj_field *field, struct zj_span value, struct zj_buf *out)
{
    if (!(field->flags & ZJ_FIELD_PERSONAL)) {
        zj_mask_value(out, value);
        return;
    }
    if (!(field->flags & ZJ_FIELD_UPPER)) { /* a name: its first character */
        const size_t first = zj_utf8_len(value);
        const size_t rest = count_chars(zj_span_part(value, first, value.len));
        zj_buf_span(out, zj_span_part(value, 0, first));
        for (size_t i = 0; i < rest && i < 3; i++)
            zj_buf_byte(out, '*');
        return;
    }
    const size_t count = count_chars(value), head = count == 11 ? 3 : 1, tail = count >= 8 ? 4 : 0;
    for (size_t i = 0, at = 0, len; at < value.len; i++, at += len) {
        len = zj_utf8_len(zj_span_part(value, at, 4));
        if (len && (i < head || i + tail >= count))
            zj_buf_span(out, zj_span_part(value, at, len));
        else
            zj_buf_byte(out, '*');
        len = len ? len : 1;
    }
}
