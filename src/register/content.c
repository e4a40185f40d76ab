/* A catalogue of data describes classes and never holds the data (166 Art 12): text in it must not
 * carry what only a record would. */
#include "base/idcheck.h"
#include "register/check.h"

static bool is_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct zj_span upper_of(struct zj_span word, uint8_t room[24])
{
    for (size_t i = 0; i < word.len; i++)
        room[i] = word.at[i] >= 'a' && word.at[i] <= 'z' ? (uint8_t)(word.at[i] - 32) : word.at[i];
    return zj_span_of(room, word.len);
}

static bool has_letter(struct zj_span word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] >= 'A')
            return true;
    return false;
}

static bool is_mobile(struct zj_span word)
{
    return word.len == 11 && zj_all_digits(word) && word.at[0] == '1' && word.at[1] >= '3';
}

static bool is_record(struct zj_span word)
{
    uint8_t room[24];
    if (word.len > 20 || word.len < 11)
        return false;
    const struct zj_span upper = upper_of(word, room);
    return zj_resident_id_is_valid(upper) || zj_iccid_is_valid(upper) || is_mobile(upper) ||
           (zj_vin_is_shaped(upper) && has_letter(upper) && zj_vin_has_check(upper)) ||
           (upper.len >= 16 && upper.len <= 19 && zj_all_digits(upper));
}

/* "39.90420": a place to ten metres or better. */
static bool is_coordinate(struct zj_span text, size_t dot)
{
    size_t before = dot, after = dot + 1;
    while (before > 0 && text.at[before - 1] >= '0' && text.at[before - 1] <= '9')
        before--;
    while (after < text.len && text.at[after] >= '0' && text.at[after] <= '9')
        after++;
    return dot - before >= 2 && dot - before <= 3 && after - dot - 1 >= 4;
}

static bool has_content(struct zj_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t end = i;
        while (end < text.len && is_word(text.at[end]))
            end++;
        if (is_record(zj_span_of(text.at + i, end - i)))
            return true;
        if (end < text.len && text.at[end] == '.' && is_coordinate(text, end))
            return true;
        i = end;
    }
    return false;
}

const char *zj_check_no_content(struct zj_span value, const char **out_zh)
{
    if (!has_content(value))
        return NULL;
    *out_zh = "目录只描述数据，不得填写数据内容：此处像是证件号、车辆识别代号、卡号、手机号或坐标，请删除。";
    return "a catalogue describes data and holds none: this looks like an identity, vehicle, card "
           "or telephone number or a place; take it out";
}
