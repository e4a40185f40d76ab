/* Addresses: a road or place with a house number, a region before it. A place name alone is none.
 * Behind the name of a town or village things are counted too ("石桥镇12户"), so there only a
 * number of a house ends an address, unless a word calls it one. */
#include "base/text.h"
#include "identify/engine.h"

enum { LEFT_CHARS = 40, NAME_CHARS = 10, HAN = 3 };

static const struct zj_span parts[] = {ZJ_SPAN_LIT("号院"), ZJ_SPAN_LIT("号楼"), ZJ_SPAN_LIT("号"),
                                       ZJ_SPAN_LIT("弄"),   ZJ_SPAN_LIT("栋"),   ZJ_SPAN_LIT("幢"),
                                       ZJ_SPAN_LIT("座"),   ZJ_SPAN_LIT("单元"), ZJ_SPAN_LIT("室"),
                                       ZJ_SPAN_LIT("层"),   ZJ_SPAN_LIT("楼"),   ZJ_SPAN_LIT("户"),
                                       ZJ_SPAN_LIT("院"),   ZJ_SPAN_LIT("期"),   ZJ_SPAN_LIT("组"),
                                       ZJ_SPAN_LIT("门"),   ZJ_SPAN_LIT("排")};
/* What may end an address: any part; behind a town a house first; behind a town that a word calls
 * an address also the parts of a village. */
enum how { ANY_PART, HOUSE_FIRST, OR_VILLAGE };

/* Parts of a village, which lead on to a house; the first does so everywhere. */
static const struct zj_span leading[] = {ZJ_SPAN_LIT("村"), ZJ_SPAN_LIT("组"), ZJ_SPAN_LIT("队"),
                                         ZJ_SPAN_LIT("社"), ZJ_SPAN_LIT("屯")};
/* Of a house; the others of `parts` follow one. */
static const struct zj_span houses[] = {ZJ_SPAN_LIT("号"), ZJ_SPAN_LIT("弄"),   ZJ_SPAN_LIT("栋"),
                                        ZJ_SPAN_LIT("幢"), ZJ_SPAN_LIT("单元"), ZJ_SPAN_LIT("室")};
/* 3号线 is no house. */
static const struct zj_span not_houses[] = {
    ZJ_SPAN_LIT("号线"),   ZJ_SPAN_LIT("号令"),   ZJ_SPAN_LIT("号文件"), ZJ_SPAN_LIT("号码"),
    ZJ_SPAN_LIT("号机组"), ZJ_SPAN_LIT("号高炉"), ZJ_SPAN_LIT("号井"),   ZJ_SPAN_LIT("号泵")};
/* 37号三组人员 goes on otherwise, 37号3组 does not. */
static const struct zj_span not_flats[] = {ZJ_SPAN_LIT("组"), ZJ_SPAN_LIT("户"), ZJ_SPAN_LIT("期"),
                                           ZJ_SPAN_LIT("门"), ZJ_SPAN_LIT("排"), ZJ_SPAN_LIT("院")};
static const struct zj_span places[] = {
    ZJ_SPAN_LIT("大厦"), ZJ_SPAN_LIT("广场"), ZJ_SPAN_LIT("小区"), ZJ_SPAN_LIT("花园"),
    ZJ_SPAN_LIT("公寓"), ZJ_SPAN_LIT("家园"), ZJ_SPAN_LIT("大楼"), ZJ_SPAN_LIT("中心")};

static inline bool is_han_at(struct zj_span in, size_t at)
{
    const uint8_t *p = in.at + at;
    return at + HAN <= in.len && p[0] >= 0xe4 && p[0] <= 0xe9 && (p[1] & p[2] & 0xc0) == 0x80 &&
           !((p[1] | p[2]) & 0x40);
}

/* By the last character first, as most differ there. */
static bool is_before(struct zj_span in, size_t end, struct zj_span word)
{
    return end >= word.len && memcmp(in.at + end - HAN, word.at + word.len - HAN, HAN) == 0 &&
           memcmp(in.at + end - word.len, word.at, word.len) == 0;
}

static size_t starts_with(struct zj_span in, size_t at, const struct zj_span *words, size_t count)
{
    if (at + HAN > in.len)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (memcmp(in.at + at, words[i].at, HAN) == 0 &&
            zj_span_starts(zj_span_part(in, at, 16), words[i]))
            return words[i].len;
    return 0;
}

static bool is_region_end(const uint8_t *p)
{
    static const char ends[] = "省市区县州旗镇乡";
    for (const char *end = ends; *end; end += HAN)
        if (memcmp(p, end, HAN) == 0)
            return true;
    return false;
}

/* Where it begins: at a province, or behind the word that leads to it; SIZE_MAX where no region
 * stands in it. */
static size_t find_start(const struct zj_scan *s, size_t road_at)
{
    static const struct zj_span leads[] = {
        ZJ_SPAN_LIT("地址"), ZJ_SPAN_LIT("住址"), ZJ_SPAN_LIT("住在"), ZJ_SPAN_LIT("位于"),
        ZJ_SPAN_LIT("居住"), ZJ_SPAN_LIT("寄到"), ZJ_SPAN_LIT("送到"), ZJ_SPAN_LIT("前往"),
        ZJ_SPAN_LIT("户籍"), ZJ_SPAN_LIT("在"),   ZJ_SPAN_LIT("于"),   ZJ_SPAN_LIT("至"),
        ZJ_SPAN_LIT("到"),   ZJ_SPAN_LIT("往"),   ZJ_SPAN_LIT("为"),   ZJ_SPAN_LIT("是"),
        ZJ_SPAN_LIT("址"),   ZJ_SPAN_LIT("从")};
    const struct zj_span in = s->in;
    size_t run = road_at, start, first_region = SIZE_MAX, len;
    for (unsigned i = 0; i < LEFT_CHARS && run >= HAN && is_han_at(in, run - HAN); i++)
        run -= HAN;
    for (size_t at = run; at < road_at; at += HAN) {
        if (zj_words_may_be_han(&s->rules->provinces, in.at + at) &&
            zj_words_prefix(&s->rules->provinces, in, at, &len))
            return at;
        if (first_region == SIZE_MAX && at > run && is_region_end(in.at + at))
            first_region = at;
    }
    start = run;
    for (size_t at = run; at < road_at && at < first_region; at += HAN)
        for (size_t i = 0; i < ZJ_COUNT(leads); i++)
            if (is_before(in, at + HAN, leads[i]))
                start = at + HAN;
    return first_region == SIZE_MAX ? SIZE_MAX : start;
}

static bool is_numeral_at(struct zj_span in, size_t at)
{
    static const char numerals[] = "一二三四五六七八九十百零〇";
    if (at + HAN > in.len || (in.at[at] != 0xe3 && !is_han_at(in, at)))
        return false;
    for (const char *c = numerals; *c; c += HAN)
        if (memcmp(in.at + at, c, HAN) == 0)
            return true;
    return false;
}

/* Digits, letters of a house, dashes; or a Chinese numeral. */
static size_t number_end(struct zj_span in, size_t at)
{
    enum { NUMERALS = 5 };
    size_t end = at;
    while (end - at < NUMERALS * HAN && is_numeral_at(in, end))
        end += HAN;
    if (end > at)
        return end;
    while (end < in.len && end - at < 9 &&
           (zj_is_digit(in.at[end]) || (in.at[end] == '-' && end > at) ||
            (in.at[end] >= 'A' && in.at[end] <= 'Z')))
        end++;
    return end;
}

/* The name of a building up to the next number; at that number, or where none comes `at`. *io_end
 * moves behind a building that ends the address. */
static size_t skip_name(struct zj_span in, size_t at, size_t *io_end)
{
    size_t next = at, place = 0;
    for (unsigned i = 0; i < NAME_CHARS && is_han_at(in, next); i++) {
        const size_t len = starts_with(in, next, places, ZJ_COUNT(places));
        if (place && is_numeral_at(in, next) &&
            starts_with(in, number_end(in, next), parts, ZJ_COUNT(parts)))
            return next;
        place = len ? next + len : place;
        next += HAN;
    }
    const uint8_t c = zj_byte_at(in, next);
    if (next > at && (zj_is_digit(c) || (c >= 'A' && c <= 'Z'))) {
        const size_t end = number_end(in, next);
        if (starts_with(in, end, parts, ZJ_COUNT(parts)))
            return next;
    }
    if (place)
        *io_end = place;
    return at;
}

/* Behind the last of: number and 号, 栋, 单元, 室 …, with names of buildings between. */
static size_t find_end(struct zj_span in, size_t number_at, enum how how)
{
    size_t at = number_at, end = 0;
    for (unsigned steps = 0; steps < 12; steps++) {
        const size_t number = number_end(in, at);
        if (number == at) {
            const size_t next = end ? skip_name(in, at, &end) : at;
            if (next == at)
                break;
            at = next;
            continue;
        }
        const size_t lead = starts_with(in, number, leading, how ? ZJ_COUNT(leading) : 1);
        if (lead && (!end || how == OR_VILLAGE)) {
            at = number + lead;
            end = how == OR_VILLAGE ? at : end;
            continue;
        }
        size_t part = starts_with(in, number, parts, ZJ_COUNT(parts));
        if (part && starts_with(in, number, not_houses, ZJ_COUNT(not_houses)))
            break;
        if (how == HOUSE_FIRST && !end && !starts_with(in, number, houses, ZJ_COUNT(houses)))
            part = 0;
        if (end && is_numeral_at(in, at) && starts_with(in, number, not_flats, ZJ_COUNT(not_flats)))
            break;
        if (!part) {
            if (end && !is_han_at(in, number) && number - at >= 3 && zj_is_digit(in.at[at]))
                end = number; /* 3号楼1501 */
            break;
        }
        at = end = number + part;
    }
    return end;
}

static bool is_among(struct zj_span in, size_t at, const char *chars)
{
    for (; *chars; chars += HAN)
        if (at >= HAN && memcmp(in.at + at - HAN, chars, HAN) == 0)
            return true;
    return false;
}

/* Is the word at `road_at`, before a number, a place? "公里3" and "石家庄3" go on otherwise. */
static bool may_be_place(struct zj_span in, enum zj_literal_kind kind, size_t road_at)
{
    if (kind == ZJ_LIT_HAMLET) /* 六组18号 */
        return is_among(in, road_at, "一二三四五六七八九十");
    if (zj_span_starts(zj_span_part(in, road_at, HAN), ZJ_SPAN_LIT("里")))
        return !is_among(in, road_at, "公英海千万百十几这那哪城家店屋心夜手车院");
    if (zj_span_starts(zj_span_part(in, road_at, HAN), ZJ_SPAN_LIT("庄")))
        return !is_among(in, road_at, "枣") && !is_before(in, road_at, ZJ_SPAN_LIT("石家"));
    return !is_among(in, road_at, "潍廊") ||
           !zj_span_starts(zj_span_part(in, road_at, HAN), ZJ_SPAN_LIT("坊"));
}

/* A village, or what a village belongs to, stands between the two. */
static bool has_village(struct zj_span in, size_t start, size_t end)
{
    for (size_t at = start + HAN; at <= end; at += HAN)
        if (is_among(in, at, "村镇乡屯庄寨"))
            return true;
    return false;
}

void zj_scan_address(struct zj_scan *s, enum zj_literal_kind kind, size_t road_at, size_t number_at)
{
    if (number_at < s->address_end)
        return;
    const bool is_road = kind == ZJ_LIT_ROAD;
    size_t end = find_end(s->in, number_at, is_road ? ANY_PART : OR_VILLAGE);
    if (!end || (!is_road && !may_be_place(s->in, kind, road_at)))
        return;
    const size_t start = find_start(s, road_at);
    if (start == SIZE_MAX || (kind == ZJ_LIT_HAMLET && !has_village(s->in, start, road_at)))
        return;
    const struct zj_context *c = zj_context(s, start, end);
    const bool is_named = c->near & ZJ_W(address);
    if (!is_named && !is_road)
        end = find_end(s->in, number_at, HOUSE_FIRST);
    if (!end)
        return;
    s->address_end = end;
    zj_scan_add_near(s, ZJ_TYPE_ADDRESS, start, end, is_named ? 10 : 0,
                     "region, road and house number", is_named ? c->word : NULL);
}
