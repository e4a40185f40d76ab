/* Grades by the table of the reference and the thresholds of the regulations that the pack names;
 * the sketch of subjects against exact counts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/hll.h"
#include "base/job.h"
#include "identify/identify.h"

static struct zj_job job;
static struct zj_taxonomy *taxonomy;

#define HAS(type) (UINT64_C(1) << ZJ_TYPE_##type)

static void grade_is(const struct zj_asset *asset, const char *grade, const char *rules)
{
    struct zj_grading g;
    char got[200] = "";
    size_t used = 0;
    zj_taxonomy_grade(taxonomy, asset, &g);
    for (size_t i = 0; i < g.rule_count; i++)
        used += (size_t)snprintf(got + used, sizeof got - used, "%s ", g.rules[i].id);
    assert_string_equal(zj_data_grade_name(g.grade), grade);
    assert_string_equal(got, rules);
}

static void test_grades(void **unused)
{
    (void)unused;
    static const char *const condition[] = {"B2", NULL};
    grade_is(&(struct zj_asset){0}, "", "");
    grade_is(&(struct zj_asset){.types = HAS(CN_MOBILE)}, "L3", "R10 ");
    grade_is(&(struct zj_asset){.types = HAS(CN_USCC)}, "L2", "");
    grade_is(&(struct zj_asset){.types = HAS(CN_MOBILE), .subjects = 100000}, "L3", "R10 ");
    grade_is(&(struct zj_asset){.types = HAS(CN_MOBILE), .subjects = 100001}, "important",
             "R1 R10 ");
    grade_is(&(struct zj_asset){.types = HAS(CN_MOBILE), .subjects = 10000000}, "important",
             "R1 R1b R10 ");
    grade_is(&(struct zj_asset){.types = HAS(CN_USCC), .subjects = 200000}, "L2", "");
    const uint64_t three = HAS(PERSON_NAME) | HAS(CN_MOBILE) | HAS(CN_PLATE);
    grade_is(&(struct zj_asset){.types = three, .row_types = three}, "L4", "R9 R10 ");
    grade_is(&(struct zj_asset){.types = three | HAS(BANK_CARD), .row_types = three}, "L4",
             "R9 R10 ");
    grade_is(&(struct zj_asset){.types = HAS(GEO_COORD), .facts = ZJ_ASSET_SENSITIVE_AREA},
             "important", "R3 R10 ");
    grade_is(&(struct zj_asset){.types = HAS(MAP_DATA), .area_km2 = 25}, "important", "");
    grade_is(&(struct zj_asset){.types = HAS(MAP_DATA), .area_km2 = 26}, "important", "R8b ");
    grade_is(&(struct zj_asset){.categories = condition, .facts = ZJ_ASSET_JOINABLE_OWNER}, "L2",
             "R7 ");
    struct zj_grading g;
    zj_taxonomy_grade(taxonomy,
                      &(struct zj_asset){.categories = condition, .facts = ZJ_ASSET_JOINABLE_OWNER},
                      &g);
    assert_true(g.is_personal && !g.is_sensitive);
}

/* 促进和规范数据跨境流动规定, articles 5, 7 and 8. */
static void test_exports(void **unused)
{
    (void)unused;
    static const struct {
        struct zj_asset asset;
        const char *basis;
    } cases[] = {
        {{.facts = ZJ_ASSET_IMPORTANT_DATA}, "assessment"},
        {{.subjects = 1000000}, "assessment"},
        {{.subjects = 999999}, "contract"},
        {{.subjects = 100000}, "contract"},
        {{.subjects = 99999}, "exempt"},
        {{.subjects = 10000, .sensitive_subjects = 10000}, "assessment"},
        {{.subjects = 9999, .sensitive_subjects = 9999}, "contract"},
        {{.subjects = 1, .facts = ZJ_ASSET_CRITICAL_INFRASTRUCTURE}, "assessment"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const char *rule;
        assert_string_equal(zj_taxonomy_export(taxonomy, &cases[i].asset, &rule), cases[i].basis);
    }
}

static void test_classes(void **unused)
{
    (void)unused;
    enum zj_data_grade grade;
    const struct zj_category *c = zj_taxonomy_of(taxonomy, ZJ_TYPE_CN_RESIDENT_ID, &grade);
    assert_string_equal(c->id, "A2.1");
    assert_int_equal(grade, ZJ_GRADE_L3);
    c = zj_taxonomy_of(taxonomy, ZJ_TYPE_CHARGER_ID, &grade); /* a number alone is no operation */
    assert_string_equal(c->id, "E2");
    assert_int_equal(grade, ZJ_GRADE_L2);
    assert_int_equal(c->grade, ZJ_GRADE_IMPORTANT);
    assert_true(zj_taxonomy_counts(taxonomy, ZJ_TYPE_CN_MOBILE));
    assert_false(zj_taxonomy_counts(taxonomy, ZJ_TYPE_PERSON_NAME)); /* many share one */
}

/* 4096 registers: a standard error of 1.04 / 64 = 1.6 %; four of them here. Around the thresholds,
 * and where the estimate changes its method. */
static void test_subjects(void **unused)
{
    (void)unused;
    static const uint64_t counts[] = {1, 100, 5000, 10000, 20000, 100000, 1000000};
    for (size_t k = 0; k < ZJ_COUNT(counts); k++) {
        struct zj_hll a = {0}, b = {0};
        for (uint64_t i = 0; i < counts[k]; i++) {
            char id[24];
            const int len = snprintf(id, sizeof id, "1380%07llu", (unsigned long long)i);
            const uint64_t hash = zj_hash(zj_span_of(id, (size_t)len), 42);
            zj_hll_add(i % 2 ? &a : &b, hash);
            zj_hll_add(&b, hash); /* seen again */
        }
        zj_hll_merge(&a, &b);
        const double error = fabs((double)zj_hll_count(&a) - (double)counts[k]) / (double)counts[k];
        assert_true(error <= 4 * 1.04 / 64);
        if (counts[k] <= 100)
            assert_int_equal(zj_hll_count(&a), counts[k]);
    }
}

static int setup(void **unused)
{
    (void)unused;
    zj_job_init(&job);
    if (zj_taxonomy_open(&job, &taxonomy)) {
        fprintf(stderr, "%s\n", job.message);
        return 1;
    }
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    zj_taxonomy_close(taxonomy);
    zj_job_release(&job);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grades),
        cmocka_unit_test(test_exports),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_subjects),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
