#include "register/check.h"

#include <stdio.h>

#include "base/idcheck.h"

const char *zj_check_vin(struct zj_span value, const char **out_zh)
{
    if (value.len != 17) {
        *out_zh = "车辆识别代号应为 17 位，请核对后重新填写。";
        return "a VIN has 17 characters; compare it with the vehicle's papers";
    }
    if (!zj_vin_is_shaped(value)) {
        *out_zh = "车辆识别代号只用数字和除 I、O、Q 外的大写字母，请核对后重新填写。";
        return "a VIN has only digits and letters without I, O and Q; compare it with the papers";
    }
    if (zj_vin_must_check(value) && !zj_vin_has_check(value)) {
        *out_zh = "车辆识别代号第 9 位校验码不符，有字符抄错，请核对后重新填写。";
        return "the check digit (9th character) of the VIN does not fit: a character is wrong";
    }
    return NULL;
}

const char *zj_check_iccid(struct zj_span value, const char **out_zh)
{
    if (zj_iccid_is_valid(value))
        return NULL;
    if (value.len != 19 && value.len != 20) {
        *out_zh = "ICCID 应为 19 或 20 位，请按卡面或运营商清单填写。";
        return "an ICCID has 19 or 20 characters; copy it from the card or the carrier's list";
    }
    if (value.at[0] != '8' || value.at[1] != '9') {
        *out_zh = "ICCID 应以 89 开头，请按卡面或运营商清单填写。";
        return "an ICCID starts with 89; copy it from the card or the carrier's list";
    }
    *out_zh = "ICCID 校验位不符，有数字抄错或在 Excel 中丢失，请核对后重新填写。";
    return "the check digit of the ICCID does not fit: a digit is wrong or was lost in Excel";
}

const char *zj_check_msisdn(struct zj_span value, const char **out_zh)
{
    if (zj_all_digits(value) && value.len >= 7 && value.len <= 15)
        return NULL;
    *out_zh = "卡号应为 7 至 15 位数字，不带 +86 和分隔符。";
    return "a card number has 7 to 15 digits, without +86 and separators";
}

const char *zj_check_imsi(struct zj_span value, const char **out_zh)
{
    if (zj_all_digits(value) && (value.len == 14 || value.len == 15))
        return NULL;
    *out_zh = "IMSI 应为 15 位数字（ITU-T E.212），请按运营商清单填写。";
    return "an IMSI has 15 digits (ITU-T E.212); copy it from the carrier's list";
}

const char *zj_check_uscc(struct zj_span value, const char **out_zh)
{
    if (zj_uscc_is_valid(value))
        return NULL;
    if (value.len != 18) {
        *out_zh = "统一社会信用代码应为 18 位，请按营业执照填写。";
        return "an organisation code has 18 characters; copy it from the business licence";
    }
    *out_zh = "统一社会信用代码校验码不符（GB 32100），有字符抄错，请按营业执照填写。";
    return "the check character of the organisation code does not fit (GB 32100): one is wrong";
}

const char *zj_check_phone(struct zj_span value, const char **out_zh)
{
    size_t digits = 0;
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        digits += c >= '0' && c <= '9';
        if (!(c >= '0' && c <= '9') && c != '-' && !(c == '+' && i == 0))
            digits = 100;
    }
    if (digits >= 5 && digits <= 16)
        return NULL;
    *out_zh = "联系电话只用数字和短横线，例如 13800001234 或 010-12345678。";
    return "a telephone number has digits and hyphens only, as 13800001234 or 010-12345678";
}

/* `shape`: # a digit, + further digits, if any; else itself. */
static bool has_shape(struct zj_span value, const char *shape)
{
    size_t i = 0;
    for (; *shape; shape++) {
        const bool is_digit = i < value.len && value.at[i] >= '0' && value.at[i] <= '9';
        if (*shape == '+') {
            while (i < value.len && value.at[i] >= '0' && value.at[i] <= '9')
                i++;
        } else if (i == value.len || (*shape == '#' ? !is_digit : value.at[i] != (uint8_t)*shape)) {
            return false;
        } else {
            i++;
        }
    }
    return i == value.len;
}

/* 11 digits, from 13 to 19 (numbering plan of 2017, mobile networks). */
static bool is_mobile(struct zj_span digits)
{
    return has_shape(digits, "1##########") && digits.at[1] >= '3';
}

const char *zj_doubt_phone(struct zj_span value, const char **out_zh)
{
    uint8_t digits[20];
    size_t len = 0;
    const bool is_foreign = value.len > 3 && value.at[0] == '+' && memcmp(value.at, "+86", 3) != 0;
    for (size_t i = zj_span_starts(value, ZJ_SPAN_LIT("+86")) ? 3 : 0; i < value.len; i++)
        if (value.at[i] >= '0' && value.at[i] <= '9' && len < sizeof digits)
            digits[len++] = value.at[i];
    const struct zj_span bare = {digits, len};
    const bool is_landline = len >= 10 && len <= 12 && digits[0] == '0' && digits[1] != '0';
    if (is_mobile(bare) || is_landline || has_shape(bare, "400#######") ||
        has_shape(bare, "800#######") || (is_foreign && len >= 8))
        return NULL;
    *out_zh = "不像手机号（11 位，13 至 19 开头），也不像带区号的固定电话，请核对。";
    return "looks like neither a mobile number (11 digits, from 13 to 19) nor a landline with its "
           "area code: check it";
}

/* Cards of vehicles have numbers of mobile telephones, or of 13 digits. */
const char *zj_doubt_msisdn(struct zj_span value, const char **out_zh)
{
    if (is_mobile(value) || has_shape(value, "1############"))
        return NULL;
    *out_zh = "卡号通常为 11 位手机号，或 1 开头的 13 位物联网卡号，请核对。";
    return "a card number has 11 digits as a mobile number, or 13 that start with 1: check it";
}

/* ISO 3166-1 alpha-2, officially assigned codes. */
static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW ";

const char *zj_check_country(struct zj_span value, const char **out_zh)
{
    for (const char *c = countries; *c; c += 3)
        if (value.len == 2 && memcmp(c, value.at, 2) == 0)
            return NULL;
    *out_zh = "国家或地区应为 ISO 3166-1 两位代码，例如 CN、HK、DE。";
    return "a country is its ISO 3166-1 code of two letters, as CN, HK or DE";
}

const char *zj_check_sha256(struct zj_span value, const char **out_zh)
{
    bool is_hex = value.len == 64;
    for (size_t i = 0; i < value.len; i++)
        is_hex &= (value.at[i] >= '0' && value.at[i] <= '9') ||
                  (value.at[i] >= 'a' && value.at[i] <= 'f');
    if (is_hex)
        return NULL;
    *out_zh = "SHA-256 应为 64 位十六进制数，可用 sha256sum 计算。";
    return "a SHA-256 has 64 hexadecimal digits; sha256sum prints it";
}

const char *zj_check_type_name(struct zj_span value, const char **out_zh)
{
    static const char *const names[] = {
#define ZJ_DATA_TYPE(name, en, zh, is_personal) #name,
#include "base/data_types.def"
#undef ZJ_DATA_TYPE
    };
    for (size_t i = 0; i < ZJ_COUNT(names); i++)
        if (zj_span_eq_str(value, names[i]))
            return NULL;
    const struct zj_span rest = zj_span_part(value, 1, value.len);
    if (value.len > 1 && value.at[0] >= 'A' && value.at[0] <= 'F' &&
        (has_shape(rest, "#+") || has_shape(rest, "#+.#+")))
        return NULL; /* "E2": a class of the taxonomy, for what no type names */
    *out_zh = "数据类型应为识别规则的类型名或分类目录的类别，例如 CN_RESIDENT_ID、VIN、E2，"
              "运行 zhuji identify --types 查看全部类型。";
    return "a data type is a type name of identification or a class of the taxonomy, as "
           "CN_RESIDENT_ID, VIN or E2; 'zhuji identify --types' lists the types";
}

const char *zj_check_cve(struct zj_span value, const char **out_zh)
{
    if (has_shape(value, "CVE-####-####+"))
        return NULL;
    *out_zh = "CVE 编号形如 CVE-2025-0001（年份后至少四位数字）。";
    return "a CVE number looks like CVE-2025-0001: a year, then four digits or more";
}

const char *zj_check_cnnvd(struct zj_span value, const char **out_zh)
{
    if (has_shape(value, "CNNVD-######-###+"))
        return NULL;
    *out_zh = "CNNVD 编号形如 CNNVD-202501-001（年月后至少三位数字）。";
    return "a CNNVD number looks like CNNVD-202501-001: year and month, then three digits or more";
}

const char *zj_check_cnvd(struct zj_span value, const char **out_zh)
{
    if (has_shape(value, "CNVD-####-#####+"))
        return NULL;
    *out_zh = "CNVD 编号形如 CNVD-2025-00001（年份后至少五位数字）。";
    return "a CNVD number looks like CNVD-2025-00001: a year, then five digits or more";
}

const char *zj_check_email(struct zj_span value, const char **out_zh)
{
    const uint8_t *sign = memchr(value.at, '@', value.len);
    const size_t at = sign ? (size_t)(sign - value.at) : 0;
    const struct zj_span host = zj_span_part(value, at + 1, value.len);
    if (at > 0 && host.len > 2 && memchr(host.at, '.', host.len) && !memchr(host.at, '@', host.len))
        return NULL;
    *out_zh = "电子邮箱形如 name@example.com。";
    return "an e-mail address looks like name@example.com";
}

const char *zj_check_purl(struct zj_span value, const char **out_zh)
{
    const struct zj_span rest = zj_span_part(value, 4, value.len);
    const uint8_t *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
    if (zj_span_starts(value, ZJ_SPAN_LIT("pkg:")) && slash && slash > rest.at &&
        slash + 1 < rest.at + rest.len)
        return NULL;
    *out_zh = "软件包标识形如 pkg:generic/openssl@3.0.2。";
    return "a package URL looks like pkg:generic/openssl@3.0.2";
}

const char *zj_check_letters(struct zj_span value, const char **out_zh)
{
    bool is_right = true;
    for (size_t i = 0; i < value.len; i++)
        is_right &= value.at[i] >= 'A' && value.at[i] <= 'Z' &&
                    !memchr(value.at, value.at[i], i); /* each once */
    if (is_right)
        return NULL;
    *out_zh = "答案填写选项字母，如 A 或 ACD，每个字母一次。";
    return "an answer is the letters of its options, as A or ACD, each once";
}

const char *zj_check_control_item(struct zj_span value, const char **out_zh)
{
    if (value.len && value.at[0] >= 'A' && value.at[0] <= 'Z' &&
        (has_shape(zj_span_part(value, 1, value.len), "#+") ||
         has_shape(zj_span_part(value, 1, value.len), "#+.#+")))
        return NULL;
    *out_zh = "控制项编号形如 M2.1 或 A3，请按目录填写。";
    return "the number of a control item looks like M2.1 or A3; copy it from the catalogue";
}

void zj_row_fault_add(struct zj_row_faults *faults, int field, bool is_warning, const char *en,
                      const char *zh)
{
    if (faults->count == faults->max)
        return;
    struct zj_row_fault *f = &faults->at[faults->count++];
    f->field = field;
    f->is_warning = is_warning;
    snprintf(f->en, sizeof f->en, "%s", en);
    snprintf(f->zh, sizeof f->zh, "%s", zh);
}

void zj_row_needs(struct zj_row_faults *faults, const struct zj_row *row, int field, const char *en,
                  const char *zh)
{
    if (row->cells[field].len == 0)
        zj_row_fault_add(faults, field, false, en, zh);
}

void zj_row_in_order(struct zj_row_faults *faults, const struct zj_row *row, int from, int to,
                     const char *en, const char *zh)
{
    const struct zj_span a = row->cells[from], b = row->cells[to];
    /* both are YYYY-MM-DD by now: their order as text is that of the days */
    if (a.len == 10 && b.len == 10 && memcmp(b.at, a.at, 10) < 0)
        zj_row_fault_add(faults, to, false, en, zh);
}

size_t zj_check_question(const struct zj_row *row, int options_at, int answer_at,
                         struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    size_t options = row->cells[options_at].len > 0;
    for (size_t i = 0; i < row->cells[options_at].len; i++)
        options += row->cells[options_at].at[i] == ';';
    if (options < 2)
        zj_row_fault_add(&faults, options_at, false, "a question needs two options or more",
                         "题目至少要有两个选项。");
    for (size_t i = 0; i < row->cells[answer_at].len; i++)
        if ((size_t)(row->cells[answer_at].at[i] - 'A') >= options) {
            zj_row_fault_add(&faults, answer_at, false, "the answer names an option that is not there",
                             "答案中的选项不存在，请更正。");
            break;
        }
    return faults.count;
}
