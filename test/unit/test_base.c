/* base: dates, addresses, check digits, JSON, options. Expected values are the standards' own
 * examples or arithmetic by hand, as named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/size.h"
#include "base/addr.h"
#include "base/clock.h"
#include "base/idcheck.h"
#include "base/json.h"
#include "base/mask.h"
#include "base/opt.h"
#include "base/progress.h"
#include "base/temp.h"
#include "base/text.h"
#include "base/yaml.h"

static void dates_agree_with_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t days;
    } cases[] = {
        {"1970-01-01", 0},
        {"2000-02-29", 11016},   /* 30 years of 365, 7 leap days, 59 days */
        {"2026-09-30", 20726},   /* date -u -d 2026-09-30 +%s divided by 86400 */
        {"2026年9月30日", 20726},
        {"20260930", 20726},
        {"2026/9/30", 20726},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        int32_t date = -1;
        assert_true(zj_date_parse(zj_span_str(cases[i].text), &date));
        assert_int_equal(date, cases[i].days);
    }
}

static void impossible_dates_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-", "26-01-01",
                                        "2026-01-01x", "", "2026-9-31", "202609", "2026年9月30"};
    for (size_t i = 0; i < ZJ_COUNT(wrong); i++) {
        int32_t date;
        assert_false(zj_date_parse(zj_span_str(wrong[i]), &date));
    }
}

static void times_are_those_of_beijing(void **state)
{
    (void)state;
    char text[ZJ_TIME_TEXT];
    int64_t ns;
    zj_time_format(0, text);
    assert_string_equal(text, "1970-01-01T08:00:00+08:00");
    zj_time_format_eve(INT64_C(1767225599123456789), text);
    assert_string_equal(text, "2026-01-01T07:59:59.123456+0800");
    assert_true(zj_time_parse(ZJ_SPAN_LIT("2026-01-01T07:59:59.123456+0800"), &ns));
    assert_int_equal(ns, INT64_C(1767225599123456000));
    assert_true(zj_time_parse(ZJ_SPAN_LIT("2025-12-31T23:59:59Z"), &ns));
    assert_int_equal(ns, INT64_C(1767225599000000000));
    assert_false(zj_time_parse(ZJ_SPAN_LIT("8926-12-31T23:59:59Z"), &ns)); /* past 2262 */
    assert_false(zj_time_parse(ZJ_SPAN_LIT("0001-01-01T00:00:00Z"), &ns)); /* before 1677 */
    assert_int_equal(zj_date_of_time(INT64_C(1767225599) * ZJ_NS_PER_S), 20454); /* 2026-01-01 */
}

static void addresses_know_what_is_public(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_public;
    } cases[] = {
        /* RFC 6890 and interfaces: private, shared, link-local, loopback, ULA, documentation */
        {"10.1.2.3", false},    {"172.31.255.255", false}, {"172.32.0.1", true},
        {"192.168.0.1", false}, {"100.64.0.1", false},     {"100.128.0.1", true},
        {"169.254.1.1", false}, {"127.0.0.1", false},      {"203.0.113.5", false},
        {"198.51.100.5", false}, {"192.0.2.1", false},     {"8.8.8.8", true},
        {"::1", false},         {"fe80::1", false},        {"fc00::1", false},
        {"2001:db8::1", false}, {"2400:3200::1", true},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_addr a;
        char text[ZJ_ADDR_TEXT];
        assert_true(zj_addr_parse(zj_span_str(cases[i].text), &a));
        zj_addr_format(&a, text);
        assert_string_equal(text, cases[i].text);
        if (zj_addr_is_public(&a) != cases[i].is_public)
            fail_msg("%s", cases[i].text);
    }
}

/* 1000 a second for three seconds, then nothing: what is told is how it goes, not how it went. */
static void progress_tells_the_speed_of_now(void **state)
{
    (void)state;
    struct zj_job job;
    struct zj_progress p;
    double speed = 0;
    zj_job_init(&job);
    zj_progress_start(&p, &job, "eth0", 0, false);
    for (int tenth = 1; tenth <= 30; tenth++)
        speed = zj_progress_speed(&p, (uint64_t)(100 * tenth),
                                  p.start_ns + tenth * INT64_C(100000000));
    assert_int_equal((int)(speed + 0.5), 1000);
    for (int tenth = 31; tenth <= 60; tenth++)
        speed = zj_progress_speed(&p, 3000, p.start_ns + tenth * INT64_C(100000000));
    assert_int_equal((int)speed, 0);
    zj_job_release(&job);
}

static void endpoints_are_ranges_or_hosts(void **state)
{
    (void)state;
    struct zj_endpoint e;
    char lo[ZJ_ADDR_TEXT], hi[ZJ_ADDR_TEXT];
    assert_true(zj_endpoint_parse(ZJ_SPAN_LIT("10.8.3.7/13"), &e));
    zj_addr_format(&e.lo, lo);
    zj_addr_format(&e.hi, hi);
    assert_string_equal(lo, "10.8.0.0");
    assert_string_equal(hi, "10.15.255.255");
    assert_true(zj_endpoint_parse(ZJ_SPAN_LIT("1.2.3.4:32960"), &e));
    assert_int_equal(e.port, 32960);
    assert_true(zj_endpoint_parse(ZJ_SPAN_LIT("[2001:db8::1]:443"), &e));
    assert_int_equal(e.port, 443);
    assert_true(zj_endpoint_parse(ZJ_SPAN_LIT("2001:db8::/32"), &e));
    assert_int_equal(e.port, 0);
    assert_true(zj_endpoint_parse(ZJ_SPAN_LIT("ota.example.com:8443"), &e));
    assert_true(e.is_host && e.port == 8443 && e.host.len == 15);
    static const char *const wrong[] = {"", "10.0.0.0/33", "1.2.3.4:0", "1.2.3.4:70000", "a b", "host",
                                        "[::1", "1.2.3", "10.0.0.0/", "10.1.0.x", "a.1b"};
    for (size_t i = 0; i < ZJ_COUNT(wrong); i++)
        if (zj_endpoint_parse(zj_span_str(wrong[i]), &e))
            fail_msg("%s", wrong[i]);
}

static void check_digits(void **state)
{
    (void)state;
    /* SAE J853's own example and the all-ones VIN that every text book checks */
    assert_true(zj_vin_has_check(ZJ_SPAN_LIT("1M8GDM9AXKP042788")));
    assert_true(zj_vin_has_check(ZJ_SPAN_LIT("11111111111111111")));
    assert_false(zj_vin_has_check(ZJ_SPAN_LIT("1M8GDM9A1KP042788")));
    assert_false(zj_vin_is_shaped(ZJ_SPAN_LIT("1M8GDM9AXKPO42788"))); /* the letter O */
    /* GB 11643-1999 annex A */
    assert_true(zj_resident_id_is_valid(ZJ_SPAN_LIT("11010519491231002X")));
    assert_true(zj_resident_id_is_valid(ZJ_SPAN_LIT("440524188001010014")));
    assert_false(zj_resident_id_is_valid(ZJ_SPAN_LIT("110105194912310021")));
    assert_false(zj_resident_id_is_valid(ZJ_SPAN_LIT("11010519490231002X"))); /* 31 February */
    /* GB 32100-2015 annex: 91350100M000100Y43 */
    assert_true(zj_uscc_is_valid(ZJ_SPAN_LIT("91350100M000100Y43")));
    assert_false(zj_uscc_is_valid(ZJ_SPAN_LIT("91350100M000100Y44")));
    /* ISO/IEC 7812-1 annex B: 79927398713 */
    assert_true(zj_luhn_is_valid(ZJ_SPAN_LIT("79927398713")));
    assert_false(zj_luhn_is_valid(ZJ_SPAN_LIT("79927398710")));
    /* by hand: Luhn over 8986010012345678901 asks for 5 */
    unsigned sum = 0;
    const char body[] = "8986010012345678901";
    for (int i = 0; i < 19; i++) {
        unsigned d = (unsigned)(body[18 - i] - '0');
        sum += i % 2 == 0 ? (d > 4 ? 2 * d - 9 : 2 * d) : d;
    }
    char iccid[21];
    snprintf(iccid, sizeof iccid, "%s%u", body, (10 - sum % 10) % 10);
    assert_true(zj_iccid_is_valid(zj_span_str(iccid)));
    iccid[19] = (char)(iccid[19] == '9' ? '0' : iccid[19] + 1);
    assert_false(zj_iccid_is_valid(zj_span_str(iccid)));
}

/* Digits from a fixed seed, in one text of fifty a byte that is none: against the sums of ISO/IEC
 * 7812-1 and GB 11643 taken digit by digit. */
static void check_digits_by_arithmetic(void **state)
{
    (void)state;
    static const unsigned weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    uint64_t random = 20261123;
    unsigned luhns = 0, residents = 0;
    for (unsigned round = 0; round < 40000; round++) {
        char text[24], id[19] = "11010519";
        const size_t len = 1 + round % 20;
        unsigned sum = 0, resident_sum = 0;
        bool is_all = true;
        for (size_t i = 0; i < sizeof text; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[i] = (char)('0' + (random >> 33) % 10);
        }
        if (round % 50 == 0)
            text[(random >> 40) % len] = "/:Xx\xb0 "[(random >> 50) % 6];
        for (size_t i = 0; i < len; i++) {
            const unsigned d = (unsigned)(text[len - 1 - i] - '0');
            is_all &= text[len - 1 - i] >= '0' && text[len - 1 - i] <= '9';
            sum += i % 2 ? (d > 4 ? 2 * d - 9 : 2 * d) : d;
        }
        const bool is_luhn = is_all && sum % 10 == 0;
        assert_int_equal(zj_luhn_is_valid(zj_span_of(text, len)), is_luhn);
        luhns += is_luhn;
        snprintf(id + 8, sizeof id - 8, "%02u%02u%02u%.4s", round % 100, 1 + round % 12,
                 1 + round % 28, text);
        is_all = true;
        for (size_t i = 0; i < 17; i++) {
            resident_sum += (unsigned)(id[i] - '0') * weights[i];
            is_all &= id[i] >= '0' && id[i] <= '9';
        }
        const char check = id[17] == 'x' ? 'X' : id[17];
        const bool is_resident = is_all && check == "10X98765432"[resident_sum % 11];
        assert_int_equal(zj_resident_id_is_valid(zj_span_of(id, 18)), is_resident);
        residents += is_resident;
    }
    assert_in_range(luhns, 3000, 5000);
    assert_in_range(residents, 2500, 4500);
}

static void json_is_always_json(void **state)
{
    (void)state;
    struct zj_buf out = {0};
    struct zj_json j = zj_json_to(&out);
    zj_json_object(&j);
    zj_json_kfixed(&j, "a", -1055, 1);
    zj_json_kfixed(&j, "b", 1000, 1);
    zj_json_kspan(&j, "c", ZJ_SPAN_LIT("\"\\\n\x01\xff\xe4\xb8\xad\xc0\xaf"));
    zj_json_key(&j, "d");
    zj_json_array(&j);
    zj_json_null(&j);
    zj_json_double(&j, 0.1);
    zj_json_double(&j, 1e300 * 1e300);
    zj_json_array_end(&j);
    zj_json_kint(&j, "e", INT64_MIN);
    zj_json_object_end(&j);
    assert_string_equal(zj_buf_cstr(&out),
                        "{\"a\":-105.5,\"b\":100,\"c\":\"\\\"\\\\\\n\\u0001\xef\xbf\xbd中"
                        "\xef\xbf\xbd\xef\xbf\xbd\",\"d\":[null,0.1,null],"
                        "\"e\":-9223372036854775808}");
    zj_buf_release(&out);
}

/* Each byte of ASCII at each place of a text: RFC 8259, section 7, by the byte. */
static void json_escapes_anywhere(void **state)
{
    (void)state;
    enum { LEN = 20 };
    for (unsigned c = 0; c < 0x80; c++)
        for (size_t at = 0; at < LEN; at++) {
            struct zj_buf out = {0}, want = {0};
            uint8_t text[LEN];
            memset(text, 'x', LEN);
            text[at] = (uint8_t)c;
            struct zj_json j = zj_json_to(&out);
            zj_json_span(&j, zj_span_of(text, LEN));
            const char *mark = c == '"' || c == '\\' ? "\\%c"
                               : c == '\n'           ? "\\n"
                               : c == '\r'           ? "\\r"
                               : c == '\t'           ? "\\t"
                               : c < 0x20 || c == 0x7f ? "\\u%04x"
                                                      : "%c";
            char one[8];
            snprintf(one, sizeof one, mark, c);
            zj_buf_printf(&want, "\"%.*s%s%.*s\"", (int)at, "xxxxxxxxxxxxxxxxxxxx", one,
                          (int)(LEN - at - 1), "xxxxxxxxxxxxxxxxxxxx");
            assert_string_equal(zj_buf_cstr(&out), zj_buf_cstr(&want));
            zj_buf_release(&out);
            zj_buf_release(&want);
        }
}

static void numbers_are_decimal(void **state)
{
    (void)state;
    static const uint64_t values[] = {0,    9,     10,     99,         100, 101, 999, 1000,
                                      9999, 10000, 123456, UINT32_MAX, UINT64_MAX};
    for (size_t i = 0; i < ZJ_COUNT(values); i++) {
        struct zj_buf out = {0};
        char want[32];
        snprintf(want, sizeof want, "%llu", (unsigned long long)values[i]);
        zj_buf_u64(&out, values[i]);
        assert_string_equal(zj_buf_cstr(&out), want);
        zj_buf_release(&out);
    }
}

/* By what base/mask.h says; of the last two a byte is no printable ASCII. */
static void values_are_masked(void **state)
{
    (void)state;
    static const struct {
        const char *value, *shown;
    } cases[] = {
        {"", ""},
        {"7", "7"},
        {"123456789", "1********"},
        {"1234567890", "123*****90"},
        {"11010519491231002X", "110*************2X"},
        {"12345678901234567890123456789", "123************************89"},
        {"123456789012345678901234567890", "123************************90"},
        {"李明", "李*"},
        {"1234567890\x01", "123******0*"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_buf out = {0};
        zj_mask_value(&out, zj_span_str(cases[i].value));
        assert_string_equal(zj_buf_cstr(&out), cases[i].shown);
        zj_buf_release(&out);
    }
}

static void gbk_becomes_utf8(void **state)
{
    (void)state;
    struct zj_buf out = {0};
    zj_text_from_gbk(&out, ZJ_SPAN_LIT("\xbe\xa9\x41\xff\x31")); /* 京A, a wrong byte, 1 */
    assert_string_equal(zj_buf_cstr(&out), "京A\xef\xbf\xbd"
                                           "1");
    zj_buf_release(&out);
}

struct args {
    const char *name, *kind;
    int64_t size;
    bool flag;
};

static void options_say_what_is_wrong(void **state)
{
    (void)state;
    static const struct zj_opt opts[] = {
        ZJ_OPT_STR(struct args, name, "name", "X", "", ""),
        ZJ_OPT_SIZE(struct args, size, "size", "SIZE", "", ""),
        ZJ_OPT_STR(struct args, kind, "kind", "open|closed", "", ""),
        ZJ_OPT_FLAG(struct args, flag, "flag", "", ""),
        ZJ_OPT_END,
    };
    struct zj_job job;
    struct args args = {0};
    zj_job_init(&job);
    char *good[] = {"a", "--name=x", "--size", "2M", "-", "--json", "--kind", "closed", "--flag", "--", "--b"};
    int argc = ZJ_COUNT(good);
    assert_int_equal(zj_opt_parse(&job, opts, &args, &argc, good), ZJ_OK);
    assert_int_equal(argc, 3);
    assert_string_equal(good[2], "--b");
    assert_string_equal(args.name, "x");
    assert_int_equal(args.size, 2 << 20);
    assert_true(args.flag && job.output == ZJ_OUTPUT_JSON);
    char *const wrong[][2] = {{"--none", NULL}, {"--name", NULL}, {"--size", "x"}, {"--flag=1", NULL},
                              {"--kind", "close"}, {"--kind", "open|closed"}};
    for (size_t i = 0; i < ZJ_COUNT(wrong); i++) {
        char *words[] = {wrong[i][0], wrong[i][1]};
        argc = wrong[i][1] ? 2 : 1;
        zj_job_clear(&job);
        assert_int_equal(zj_opt_parse(&job, opts, &args, &argc, words), ZJ_EUSAGE);
        assert_non_null(strstr(job.message, wrong[i][0]));
    }
    zj_job_release(&job);
}

static void packs_are_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says; /* NULL: good */
    } cases[] = {
        {"a: 1\nb: [x, y]\n", NULL},
        {"a: 1\na: 2\n", "input:2: 'a' stands here twice"},
        {"a: &x 1\n", "anchors"},
        {"", "empty"},
        {"a: [1\n", "input:"},
        {"--- 1\n--- 2\n", "a second document"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_job job;
        struct zj_arena arena = {0};
        struct zj_yaml *root = NULL;
        zj_job_init(&job);
        zj_err err = zj_yaml_parse(&job, &arena, "input", zj_span_str(cases[i].text), &root);
        assert_int_equal(err, cases[i].says ? ZJ_EPACK : ZJ_OK);
        if (cases[i].says && !strstr(job.message, cases[i].says))
            fail_msg("%s", job.message);
        zj_arena_release(&arena);
        zj_job_release(&job);
    }
}

static void temporary_files_are_ours_alone(void **state)
{
    struct zj_arena arena = {0};
    struct stat st;
    char *dir, *path;
    (void)state; /* none */
    assert_true(zj_temp_dir(&arena, "test", &dir));
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(setenv("TMPDIR", dir, 1), 0);
    const int fd = zj_temp_file(&arena, "one", &path);
    assert_true(fd >= 0);
    assert_memory_equal(path, dir, strlen(dir)); /* TMPDIR is heeded */
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    close(fd);
    unlink(path);
    const int nameless = zj_temp_nameless();
    assert_true(nameless >= 0);
    assert_int_equal(fstat(nameless, &st), 0);
    assert_int_equal(st.st_nlink, 0);
    close(nameless);
    assert_int_equal(rmdir(dir), 0); /* nothing stayed behind */
    unsetenv("TMPDIR");
    zj_arena_release(&arena);
}

/* Decimal units (SI): a thousand bytes are a kilobyte. */
static void sizes_are_said(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *want;
    } cases[] = {{0, "0 B"},           {999, "999 B"},          {1000, "1.0 kB"},
                 {1400000, "1.4 MB"},  {99960, "100 kB"},       {730000000, "730 MB"},
                 {999999, "1.0 MB"},   {5000000000, "5.0 GB"},  {UINT64_MAX, "18447 PB"}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        char text[ZJ_SIZE_TEXT];
        zj_size_text(cases[i].bytes, text);
        assert_string_equal(text, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_said),
        cmocka_unit_test(dates_agree_with_the_calendar),
        cmocka_unit_test(impossible_dates_are_refused),
        cmocka_unit_test(times_are_those_of_beijing),
        cmocka_unit_test(addresses_know_what_is_public),
        cmocka_unit_test(progress_tells_the_speed_of_now),
        cmocka_unit_test(endpoints_are_ranges_or_hosts),
        cmocka_unit_test(check_digits),
        cmocka_unit_test(check_digits_by_arithmetic),
        cmocka_unit_test(json_is_always_json),
        cmocka_unit_test(json_escapes_anywhere),
        cmocka_unit_test(numbers_are_decimal),
        cmocka_unit_test(values_are_masked),
        cmocka_unit_test(gbk_becomes_utf8),
        cmocka_unit_test(options_say_what_is_wrong),
        cmocka_unit_test(packs_are_strict),
        cmocka_unit_test(temporary_files_are_ours_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
