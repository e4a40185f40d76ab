/* What the literals start: the value behind a word, told apart by what the word promises. */
#include "base/text.h"
#include "identify/engine.h"

enum { GAP_MAX = 36, TOKEN_MAX = 64 };

/* What stands between a word and its value. */
struct gap {
    size_t end;
    bool has_mark; /* a colon, an equals sign, a quote, 为 … */
    bool has_space;
    const char *closing; /* what ends a quoted value; NULL: none */
};

struct between {
    struct zj_span text;
    bool is_mark;
    const char *closing;
};

static const struct between han_between[] = {
    {ZJ_SPAN_LIT("："), true, NULL},      {ZJ_SPAN_LIT("＝"), true, NULL},
    {ZJ_SPAN_LIT("为"), true, NULL},      {ZJ_SPAN_LIT("是"), true, NULL},
    {ZJ_SPAN_LIT("「"), true, "」"},      {ZJ_SPAN_LIT("“"), true, "”"},
    {ZJ_SPAN_LIT("《"), true, "》"},      {ZJ_SPAN_LIT("【"), true, "】"},
    {ZJ_SPAN_LIT("‘"), true, "’"},        {ZJ_SPAN_LIT("（"), false, NULL},
    {ZJ_SPAN_LIT("）"), false, NULL},     {ZJ_SPAN_LIT("号码"), false, NULL},
    {ZJ_SPAN_LIT("编号"), false, NULL},   {ZJ_SPAN_LIT("名称"), false, NULL},
    {ZJ_SPAN_LIT("证件号"), false, NULL}, {ZJ_SPAN_LIT("号"), false, NULL},
    {ZJ_SPAN_LIT("签字"), false, NULL},   {ZJ_SPAN_LIT("签名"), false, NULL},
};
static const struct between ascii_between[] = {
    {ZJ_SPAN_LIT("ssid"), false, NULL},    {ZJ_SPAN_LIT("name"), false, NULL},
    {ZJ_SPAN_LIT("number"), false, NULL},  {ZJ_SPAN_LIT("value"), false, NULL},
    {ZJ_SPAN_LIT("data"), false, NULL},    {ZJ_SPAN_LIT("template"), false, NULL},
    {ZJ_SPAN_LIT("feature"), false, NULL}, {ZJ_SPAN_LIT("vector"), false, NULL},
    {ZJ_SPAN_LIT("code"), false, NULL},    {ZJ_SPAN_LIT("no."), false, NULL},
    {ZJ_SPAN_LIT("no"), false, NULL},      {ZJ_SPAN_LIT("id"), false, NULL},
    {ZJ_SPAN_LIT("is"), true, NULL},       {ZJ_SPAN_LIT("base64"), false, NULL},
};

static inline uint8_t small(uint8_t c)
{
    return zj_is_letter(c) ? c | 32 : c;
}

static size_t word_among(const struct between *all, size_t count, struct zj_span in, size_t at,
                         struct gap *gap)
{
    const uint8_t first = small(in.at[at]);
    for (size_t i = 0; i < count; i++) {
        const struct zj_span text = all[i].text;
        size_t same = 1;
        if (text.at[0] != first || in.len - at < text.len)
            continue;
        while (same < text.len && small(in.at[at + same]) == text.at[same])
            same++;
        if (same < text.len || (zj_is_letter(first) && zj_is_alnum(zj_byte_at(in, at + text.len))))
            continue;
        gap->has_mark |= all[i].is_mark;
        gap->closing = all[i].closing ? all[i].closing : gap->closing;
        return text.len;
    }
    return 0;
}

/* May one of the characters above begin here? All are asked at once, without a branch. */
static bool may_be_between(struct zj_span in, size_t at)
{
    static const uint16_t firsts[] = u"：＝为是「“《【‘（）号编名证签";
    if (at + 3 > in.len)
        return false;
    const uint8_t *p = in.at + at;
    const uint16_t code = (uint16_t)((p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u));
    uint16_t is_any = 0;
    for (size_t i = 0; i < ZJ_COUNT(firsts); i++)
        is_any |= (uint16_t)(firsts[i] == code);
    return is_any;
}

static size_t word_between(struct zj_span in, size_t at, struct gap *gap)
{
    const uint8_t first = in.at[at];
    if (first >= 0x80)
        return !may_be_between(in, at)
                   ? 0
                   : word_among(han_between, ZJ_COUNT(han_between), in, at, gap);
    const uint32_t firsts = 1u << ('b' & 31) | 1u << ('c' & 31) | 1u << ('d' & 31) |
                            1u << ('f' & 31) | 1u << ('i' & 31) | 1u << ('n' & 31) |
                            1u << ('s' & 31) | 1u << ('t' & 31) | 1u << ('v' & 31);
    if (!zj_is_letter(first) || !(firsts >> (first & 31) & 1))
        return 0;
    return word_among(ascii_between, ZJ_COUNT(ascii_between), in, at, gap);
}

/* Tags between the cells of a table in HTML; another tag begins something else. */
static size_t cell_tag(struct zj_span in, size_t at)
{
    static const struct zj_span tags[] = {
        ZJ_SPAN_LIT("</td>"), ZJ_SPAN_LIT("<td>"), ZJ_SPAN_LIT("</th>"), ZJ_SPAN_LIT("</dt>"),
        ZJ_SPAN_LIT("<dd>"),  ZJ_SPAN_LIT("</b>"), ZJ_SPAN_LIT("<b>"),   ZJ_SPAN_LIT("</strong>")};
    for (size_t i = 0; i < ZJ_COUNT(tags); i++)
        if (zj_span_starts(zj_span_part(in, at, 9), tags[i]))
            return tags[i].len;
    return 0;
}

/* What a byte of a gap is. */
enum { GAP_NONE, GAP_MARK, GAP_SPACE, GAP_TAB, GAP_TAG, GAP_BOLD, GAP_PAST, GAP_DASH };

static const uint8_t gap_kinds[256] = {
    [':'] = GAP_MARK, ['='] = GAP_MARK,  ['>'] = GAP_MARK,  ['"'] = GAP_MARK, ['\''] = GAP_MARK,
    ['`'] = GAP_MARK, ['\\'] = GAP_MARK, [' '] = GAP_SPACE, ['\t'] = GAP_TAB, ['<'] = GAP_TAG,
    ['*'] = GAP_BOLD, ['('] = GAP_PAST,  [')'] = GAP_PAST,  ['['] = GAP_PAST, ['#'] = GAP_PAST,
    ['_'] = GAP_DASH, ['-'] = GAP_DASH,
};

static size_t rare_gap(struct zj_span in, unsigned kind, struct gap *gap)
{
    size_t len = 0;
    if (kind == GAP_TAB) {
        gap->has_space |= gap->has_mark;
        return gap->has_mark;
    }
    if (kind != GAP_TAG) /* bold of Markdown, a dash of the word */
        return !gap->has_mark;
    len = cell_tag(in, gap->end);
    gap->has_mark |= len > 0;
    return len;
}

static struct gap read_gap(struct zj_span in, size_t at)
{
    struct gap gap = {.end = at};
    while (gap.end < in.len && gap.end - at < GAP_MAX) {
        const unsigned kind = gap_kinds[in.at[gap.end]];
        size_t len = 1;
        if (kind == GAP_MARK)
            gap.has_mark = true;
        else if (kind == GAP_SPACE)
            gap.has_space = true;
        else if (kind == GAP_NONE)
            len = gap.closing ? 0 : word_between(in, gap.end, &gap);
        else if (kind != GAP_PAST)
            len = rare_gap(in, kind, &gap);
        if (!len)
            break;
        gap.end += len;
    }
    return gap;
}

struct token {
    size_t len, digits, upper, lower;
};

/* Letters, digits and the marks given. */
static struct token read_token(struct zj_span in, size_t at, const char *marks)
{
    struct token t = {0};
    while (at + t.len < in.len && t.len < TOKEN_MAX) {
        const uint8_t c = in.at[at + t.len];
        if (!zj_is_alnum(c) && (!c || !strchr(marks, c)))
            break;
        t.digits += zj_is_digit(c);
        t.upper += c >= 'A' && c <= 'Z';
        t.lower += c >= 'a' && c <= 'z';
        t.len++;
    }
    while (t.len && !zj_is_alnum(in.at[at + t.len - 1]))
        t.len--;
    return t;
}

static size_t passport_len(struct zj_span in, size_t at, size_t len, size_t digits)
{
    const uint8_t first = in.at[at], second = zj_byte_at(in, at + 1);
    const bool one = len - digits == 1 && zj_is_digit(second);
    const bool two = len - digits == 2 && !zj_is_digit(second) && second <= 'Z';
    const bool is_passport =
        (one && (first == 'E' || first == 'G') && len == 9) ||
        (two && first == 'E' && second != 'I' && second != 'O' && len == 9) ||
        (one && (first == 'D' || first == 'S' || first == 'P') && (len == 8 || len == 9)) ||
        (two && second == 'E' && (first == 'D' || first == 'S' || first == 'P') && len == 9);
    return is_passport ? len : 0;
}

static size_t permit_len(struct zj_span in, size_t at, size_t len, size_t digits)
{
    const uint8_t first = in.at[at], second = zj_byte_at(in, at + 1);
    const bool one = len - digits == 1 && first <= 'Z' && first && strchr("CWTLHMK", first);
    const bool is_permit =
        (one && (len == 9 || (len == 11 && (first == 'H' || first == 'M')))) ||
        (len == 9 && len - digits == 2 && first == 'C' && second >= 'A' && second <= 'Z') ||
        (digits == len && (len == 8 || len == 10));
    return is_permit ? len : 0;
}

/* The run of letters and digits at `at`, where it is the number of a travel paper. */
static bool take_paper(struct zj_scan *s, uint64_t groups, const char *word, size_t at,
                       const struct token *t)
{
    enum zj_identify_type type = ZJ_TYPE_CN_PASSPORT;
    if (!(groups & ZJ_W(passport)) || !passport_len(s->in, at, t->len, t->digits)) {
        if (!(groups & ZJ_W(permit)) || !permit_len(s->in, at, t->len, t->digits))
            return false;
        type = ZJ_TYPE_CN_TRAVEL_PERMIT;
    }
    zj_scan_add_near(s, type, at, at + t->len, 0, "letter and digits near a word", word);
    return true;
}

/* Within 60 bytes behind the word, on its line; else, with a letter, right before it. */
static void take_document(struct zj_scan *s, uint64_t groups, const char *word, size_t at)
{
    const struct zj_span in = s->in;
    for (size_t i = at; i < in.len && i - at < 60; i++) {
        if (in.at[i] == '\n' || in.at[i] == '}')
            break;
        if (!zj_is_alnum(in.at[i]) || (i > at && zj_is_alnum(in.at[i - 1])))
            continue;
        const struct token t = read_token(in, i, "");
        if (take_paper(s, groups, word, i, &t))
            return;
        if (t.digits >= 6)
            break;
        i += t.len ? t.len - 1 : 0;
    }
    const size_t floor = at > 36 ? at - 36 : 0;
    for (size_t i = at; i-- > floor && in.at[i] != '\n';) {
        if (!zj_is_alnum(in.at[i]) || (i && zj_is_alnum(in.at[i - 1])))
            continue;
        const struct token t = read_token(in, i, "");
        if (t.digits < 6)
            continue;
        if (t.digits < t.len)
            take_paper(s, groups, word, i, &t);
        return;
    }
}

static void take_engine(struct zj_scan *s, const char *word, size_t at, bool is_sure)
{
    const struct token t = read_token(s->in, at, "-* ");
    size_t len = t.len;
    for (size_t i = 0; i < len; i++)
        if (s->in.at[at + i] == ' ') /* the first word of several */
            len = i;
    const struct token first = read_token(zj_span_part(s->in, 0, at + len), at, "-*");
    if (first.len >= 5 && first.len <= 22 && first.digits >= 4 && !first.lower &&
        (first.upper || is_sure))
        zj_scan_add_near(s, ZJ_TYPE_ENGINE_NO, at, at + first.len, 0,
                         "letters and digits behind a word", word);
}

static void take_charger(struct zj_scan *s, const char *word, size_t at)
{
    const struct token t = read_token(s->in, at, "-*_");
    if (t.len >= 6 && t.len <= 36 && t.digits >= 4)
        zj_scan_add_near(s, ZJ_TYPE_CHARGER_ID, at, at + t.len, 0,
                         "letters and digits behind a word", word);
}

static void take_v2x(struct zj_scan *s, const char *word, size_t at)
{
    const struct token t = read_token(s->in, at, "");
    if (t.len != 16 && t.len != 20 && t.len != 64)
        return;
    for (size_t i = 0; i < t.len; i++)
        if (!zj_is_hex(s->in.at[at + i]))
            return;
    zj_scan_add_near(s, ZJ_TYPE_V2X_CERT_ID, at, at + t.len, 0, "hex digits behind a word", word);
}

static size_t radio_end(struct zj_span in, size_t at, const char *closing)
{
    static const char *const stops[] = {"，", "。", "；", "、", "」", "）", "”", "》"};
    size_t end = at;
    const uint8_t quote = at && (in.at[at - 1] == '"' || in.at[at - 1] == '\'') ? in.at[at - 1] : 0;
    while (end < in.len && end - at < 96) {
        const uint8_t c = in.at[end];
        const struct zj_span here = zj_span_part(in, end, 4);
        if (c < ' ' || (closing && zj_span_starts(here, zj_span_str(closing))))
            break;
        if (quote ? c == quote || c == '\\'
                  : !closing && (c == ' ' || c == ',' || c == ';' || c == '&' || c == '<' ||
                                 c == '"' || c == ')' || c == '}' || c == '|'))
            break;
        bool stop = false;
        for (size_t i = 0; i < ZJ_COUNT(stops) && !quote && !closing && c >= 0x80; i++)
            stop |= zj_span_starts(here, zj_span_str(stops[i]));
        if (stop)
            break;
        end++;
    }
    return end;
}

static void take_radio(struct zj_scan *s, const char *word, size_t at, const struct gap *gap,
                       bool is_cell)
{
    const size_t end = radio_end(s->in, at, gap->closing);
    const struct zj_span value = zj_span_part(s->in, at, end - at);
    if (value.len < 2 || value.len > 64 || memchr(value.at, '*', value.len))
        return;
    size_t none_len;
    const struct zj_word *none = zj_words_prefix(&s->rules->placeholders, value, 0, &none_len);
    const struct token t = read_token(value, 0, "-_");
    const bool is_telling = t.upper || (t.digits && t.len > t.digits) ||
                            memchr(value.at, '-', t.len) || memchr(value.at, '_', t.len);
    if ((none && none_len == value.len) || t.digits == value.len)
        return;
    const bool has_dash = memchr(value.at, '-', value.len) || memchr(value.at, '_', value.len);
    const bool may_be = gap->has_space && (value.at[0] < 0x80 ? is_telling : has_dash);
    if (gap->has_mark || gap->closing || is_cell || may_be)
        zj_scan_add_near(s, ZJ_TYPE_WIFI_BT_NAME, at, end, 0, "name behind a word", word);
}

static inline bool is_plain_name(const char *word)
{
    return word[0] == 'n' && strcmp(word, "name") == 0;
}

/* `name` alone is the name of anything: all of it must be made of a person's. */
static void take_name(struct zj_scan *s, uint64_t groups, const char *word, size_t at,
                      const struct gap *gap, bool is_cell)
{
    const char *why;
    const bool is_bound = is_cell || ((groups & ZJ_W(name)) && gap->has_mark);
    size_t len = zj_name_len(s, at, is_bound && !is_plain_name(word), &why);
    if (!len && is_bound && is_plain_name(word)) {
        len = zj_name_beside(s, at);
        why = "surname and given name behind a word";
    }
    if (!len)
        return;
    const uint8_t next = zj_byte_at(s->in, at + len);
    const bool goes_on = next >= 0xe4 && next <= 0xe9;
    if (goes_on && is_cell)
        return;
    zj_scan_add_near(s, ZJ_TYPE_PERSON_NAME, at, at + len,
                     gap->has_mark ? 10
                     : goes_on     ? -15
                                   : 0,
                     why, word);
}

/* pwd_at, token_time: a cell that says when, not what. Ten or thirteen digits do where the name
 * speaks of time. */
static bool is_moment(struct zj_span in, size_t at, uint64_t groups)
{
    static const char form[] = "0000-00-00";
    const struct zj_span value = zj_span_part(in, at, in.len);
    size_t digits = 0, same = 0;
    while (digits < value.len && zj_is_digit(value.at[digits]))
        digits++;
    if (digits == value.len && (digits == 10 || digits == 13))
        return (groups & ZJ_W(time)) && value.at[0] == '1';
    while (same < sizeof form - 1 && same < value.len &&
           (form[same] == '0' ? zj_is_digit(value.at[same])
                              : value.at[same] == '-' || value.at[same] == '/'))
        same++;
    return same == sizeof form - 1 && (value.at[0] == '1' || value.at[0] == '2');
}

void zj_scan_keyed(struct zj_scan *s, uint64_t groups, const char *word, size_t at, bool is_cell)
{
    const struct gap gap = is_cell ? (struct gap){.end = at} : read_gap(s->in, at);
    const size_t v = gap.end;
    const bool is_set = gap.has_mark || is_cell, is_near = is_set || gap.has_space;
    if (groups & (ZJ_W(passport) | ZJ_W(permit)))
        take_document(s, groups, word, at);
    if (v >= s->in.len)
        return;
    const uint8_t c = s->in.at[v];
    if ((groups & (ZJ_W(name) | ZJ_W(person))) && c >= 0xe3)
        take_name(s, groups, word, v, &gap, is_cell);
    if (groups & ZJ_W(plate)) {
        /* a province and a letter are found without the word */
        const bool is_common = c >= 0xe4 && zj_is_letter(zj_byte_at(s->in, v + 3));
        const char *why;
        const size_t len = is_common ? 0 : zj_plate_len(s->in, v, &why);
        if (len)
            zj_scan_add_near(s, ZJ_TYPE_CN_PLATE, v, v + len, 0, why, word);
    }
    if ((groups & ZJ_W(engine)) && zj_is_alnum(c))
        take_engine(s, word, v, is_set);
    if ((groups & ZJ_W(charger)) && is_near && zj_is_alnum(c))
        take_charger(s, word, v);
    if ((groups & ZJ_W(v2x)) && zj_is_hex(c))
        take_v2x(s, word, v);
    if (((groups & ZJ_W(radio)) && is_near) || ((groups & ZJ_W(radio_kind)) && gap.closing))
        take_radio(s, word, v, &gap, is_cell);
    if ((groups & ZJ_W(secret)) && is_set && c > ' ' && c < 0x80 &&
        !(is_cell && is_moment(s->in, v, groups)))
        zj_scan_secret(s, v, word, is_cell);
    if ((groups & ZJ_W(biometric)) && is_set)
        zj_scan_biometric(s, v, word);
}

static void take_word(struct zj_scan *s, const struct zj_literal *literal, size_t end)
{
    size_t at = end - literal->len;
    while (at < end && (s->in.at[at] == '"')) /* the literal of a short word has its quotes */
        at++;
    size_t len;
    const struct zj_word *word = zj_literal_word(s->rules, literal, s->in, at, &len);
    if (word)
        zj_scan_keyed(s, word->groups, word->shown, at + len, false);
}

void zj_scan_hits(struct zj_scan *s)
{
    const struct zj_identify_scratch *scratch = s->scratch;
    for (size_t i = 0; i < scratch->hit_count; i++) {
        const struct zj_hit hit = scratch->hits[i];
        const struct zj_literal *literal = zj_literal(s->rules, hit.literal);
        const size_t at = hit.end - literal->len;
        switch ((enum zj_literal_kind)literal->kind) {
        case ZJ_LIT_WORD:
            take_word(s, literal, hit.end);
            break;
        case ZJ_LIT_ROAD:
        case ZJ_LIT_TOWN:
        case ZJ_LIT_HAMLET:
            zj_scan_address(s, (enum zj_literal_kind)literal->kind, at,
                            hit.end - (s->in.at[hit.end - 1] < 0x80 ? 1 : 3));
            break;
        case ZJ_LIT_MISSION:
            zj_scan_mission(s, at, hit.end);
            break;
        case ZJ_LIT_NMEA:
            zj_scan_nmea(s, at);
            break;
        case ZJ_LIT_PEM:
            zj_scan_pem(s, at);
            break;
        case ZJ_LIT_JWT:
            zj_scan_jwt(s, at);
            break;
        case ZJ_LIT_CLOUD_KEY:
            zj_scan_cloud_key(s, at, literal->len);
            break;
        case ZJ_LIT_USERINFO:
            zj_scan_userinfo(s, hit.end);
            break;
        case ZJ_LIT_FMR:
            zj_scan_fmr(s, at);
            break;
        case ZJ_LIT_MAP:
            zj_scan_map(s, at, zj_span_of(literal->text, literal->len));
            break;
        case ZJ_LIT_GB32960:
            zj_scan_gb32960(s, at);
            break;
        case ZJ_LIT_JT808:
            zj_scan_jt808(s, at);
            break;
        case ZJ_LIT_INSERT:
            zj_scan_insert(s, hit.end);
            break;
        case ZJ_LIT_AREA:
            zj_scan_area(s, hit.end - 2);
            break;
        case ZJ_LIT_DEGREE:
            zj_scan_degrees(s, at);
            break;
        case ZJ_LIT_MICRODEGREE: {
            const uint8_t last = s->in.at[hit.end - 1];
            const bool has_mark = last == '"' || last == '=' || last == ':';
            zj_scan_micro_degrees(s, at, hit.end - has_mark);
            break;
        }
        }
    }
}
