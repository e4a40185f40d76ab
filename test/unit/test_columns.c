/* packs/inventory/columns.yaml: the pack that ships is read whole, a wrong one is refused by file
 * and line, and names of columns speak as the pack says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "inventory/columns.h"

static void reads_the_pack(void **state)
{
    struct zj_job job;
    struct zj_columns *columns = NULL;
    (void)state;
    zj_job_init(&job);
    assert_int_equal(zj_columns_open(&job, &columns), ZJ_OK);
    static const struct {
        enum zj_identify_type type;
        const char *name, *comment;
        bool speaks;
    } cases[] = {
        {ZJ_TYPE_CN_MOBILE, "owner_phone", NULL, true},
        {ZJ_TYPE_CN_MOBILE, "OwnerPhoneNo", NULL, true},
        {ZJ_TYPE_CN_MOBILE, "phonetics", NULL, false},
        {ZJ_TYPE_CN_MOBILE, "c7", "车主手机", true},
        {ZJ_TYPE_CN_MOBILE, "c7", NULL, false},
        {ZJ_TYPE_CN_RESIDENT_ID, "GMSFHM", NULL, true}, /* GA/T 543: 公民身份号码 */
        {ZJ_TYPE_VIN, "clsbdh", NULL, true},            /* 车辆识别代号 */
        {ZJ_TYPE_IPV4, "ship_to", NULL, false},
        {ZJ_TYPE_IPV4, "client_ip", NULL, true},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++)
        if (zj_columns_speaks(columns, cases[i].type, cases[i].name, cases[i].comment) !=
            cases[i].speaks)
            fail_msg("%s", cases[i].name);
    assert_true(zj_columns_denies(columns, ZJ_TYPE_IPV4, "fw_version", NULL));
    assert_true(zj_columns_denies(columns, ZJ_TYPE_IPV4, "c1", "固件版本"));
    assert_false(zj_columns_denies(columns, ZJ_TYPE_IPV4, "server", "来源"));
    assert_false(zj_columns_denies(columns, ZJ_TYPE_MAC, "version", NULL));
    zj_columns_close(columns);
    zj_job_release(&job);
}

#define TRACK(vehicle)                                                                             \
    "track: {points: 3, vehicle: [" vehicle                                                        \
    "], time: {names: [ts]}, longitude: {names: [lng]}, latitude: {names: [lat]}}\n"
#define START                                                                                      \
    "version: '1'\nsource: s\nmark: likely\nwhole: 70\ncodes: 90\nsequence: {from: 5, rising: "    \
    "97, spread: 10}\n"
#define HEAD START TRACK("VIN")
#define ACCEPT                                                                                     \
    "accept:\n  check: {bare: 20, named: 10, hits: 3, chance: 10}\n  shape: {bare: 60, named: "    \
    "20, hits: 3, chance: 10}\n"                                                                   \
    "  words: {bare: 80, named: 50, hits: 3, chance: 10}\n  one: {bare: 0, named: 0, hits: 1, "    \
    "chance: 0}\n"

static void names_file_and_line(void **state)
{
    static const struct {
        const char *text, *fault;
    } cases[] = {
        {"version: '1'\n", "p.yaml:1: "},
        {START TRACK("CAR") ACCEPT "types: {}\n", "p.yaml:7: no type"},
        {HEAD "accept: {check: {bare: 20, named: 10, hits: 3, chance: 10}}\ntypes: {}\n",
         "p.yaml:8: "},
        {HEAD "accept:\n  check: {bare: 120, named: 10, hits: 3, chance: 10}\ntypes: {}\n",
         "p.yaml:9: a whole number from 0 to 100"},
        {HEAD "accept:\n  check: {bare: 0.2, named: 10, hits: 3, chance: 10}\ntypes: {}\n",
         "p.yaml:9: "},
        {HEAD ACCEPT "  luck: {bare: 1, named: 1, hits: 1, chance: 0}\ntypes: {}\n", "p.yaml:13: "},
        {HEAD ACCEPT "types:\n  NO_SUCH: {accept: check}\n", "p.yaml:14: no type"},
        {HEAD ACCEPT "types:\n  VIN: {accept: check}\n", "CN_RESIDENT_ID is missing"},
        {HEAD ACCEPT "types:\n  CN_RESIDENT_ID: {accept: often}\n", "p.yaml:14: no way"},
        {HEAD ACCEPT "types:\n  CN_RESIDENT_ID:\n    accept: check\n    names:\n      - id_no\n",
         "p.yaml:17: a name is"},
        {HEAD ACCEPT "types:\n  CN_RESIDENT_ID: {accept: check, words: [x]}\n", "p.yaml:14: "},
    };
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_job job;
        struct zj_columns columns = {0};
        struct zj_yaml *root = NULL;
        zj_job_init(&job);
        assert_int_equal(
            zj_yaml_parse(&job, &columns.arena, "p.yaml", zj_span_str(cases[i].text), &root),
            ZJ_OK);
        assert_int_equal(zj_columns_read(&job, "p.yaml", root, &columns), ZJ_EPACK);
        if (!strstr(job.message, cases[i].fault))
            fail_msg("%zu: %s", i, job.message);
        zj_arena_release(&columns.arena);
        zj_job_release(&job);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_pack),
        cmocka_unit_test(names_file_and_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
