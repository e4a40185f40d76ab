/* The grading method and the checklist as packs. Wanted levels are computed here the long way round:
 * K = log2 of the mean of 2^I, 2^V and 2^R, rounded to one decimal, and the ranges of K of the
 * telecom guide (1 ≤ K < 1.5 is level 1, < 2.5 level 2, ≤ 4 level 3, < 4.5 level 4, ≤ 5 level 5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "plan/plan.h"

static struct zj_job job;

static int load(void **state)
{
    struct zj_plan *plan = NULL;
    zj_job_init(&job);
    if (zj_plan_load(&job, NULL, &plan))
        fail_msg("%s", job.message);
    *state = plan;
    return 0;
}

static int unload(void **state)
{
    zj_plan_free(*state);
    zj_job_release(&job);
    return 0;
}

static int tenths_of(int i, int v, int r)
{
    return (int)lround(10 * log2((pow(2, i) + pow(2, v) + pow(2, r)) / 3));
}

static int level_of_tenths(int k)
{
    return k < 15 ? 1 : k < 25 ? 2 : k <= 40 ? 3 : k < 45 ? 4 : 5;
}

static void all_125_triples(void **state)
{
    int seen = 0;
    for (int i = 1; i <= 5; i++)
        for (int v = 1; v <= 5; v++)
            for (int r = 1; r <= 5; r++, seen++) {
                struct zj_grade grade;
                const int k = tenths_of(i, v, r);
                assert_true(zj_plan_grade(*state, "telecom", i, v, r, &grade));
                if (grade.level != level_of_tenths(k) || grade.k_tenths != k)
                    fail_msg("(%d,%d,%d): level %d, K %d tenths", i, v, r, grade.level,
                             grade.k_tenths);
            }
    assert_int_equal(seen, 125);
}

/* The vectors of the reference, sum and K in tenths beside them: (2,1,1) is 4 + 2 + 2 = 8. */
static void examples(void **state)
{
    static const struct {
        int i, v, r, sum, k, level;
    } cases[] = {
        {1, 1, 1, 6, 10, 1},  {2, 1, 1, 8, 14, 1},  {2, 2, 1, 10, 17, 2}, {3, 2, 2, 16, 24, 2},
        {3, 3, 1, 18, 26, 3}, {3, 3, 3, 24, 30, 3}, {5, 1, 1, 36, 36, 3}, {4, 4, 4, 48, 40, 3},
        {5, 3, 3, 48, 40, 3}, {5, 4, 1, 50, 41, 4}, {5, 4, 4, 64, 44, 4}, {5, 5, 1, 66, 45, 5},
        {5, 5, 5, 96, 50, 5},
    };
    for (size_t c = 0; c < ZJ_COUNT(cases); c++) {
        struct zj_grade grade;
        assert_true(
            zj_plan_grade(*state, NULL, cases[c].i, cases[c].v, cases[c].r, &grade));
        assert_int_equal(grade.sum, cases[c].sum);
        assert_int_equal(grade.k_tenths, cases[c].k);
        assert_int_equal(grade.level, cases[c].level);
    }
}

static void what_is_no_element_is_refused(void **state)
{
    struct zj_grade grade;
    assert_false(zj_plan_grade(*state, NULL, 0, 1, 1, &grade));
    assert_false(zj_plan_grade(*state, NULL, 1, 6, 1, &grade));
    assert_false(zj_plan_grade(*state, NULL, 1, 1, -1, &grade));
    assert_false(zj_plan_grade(*state, "no-such", 1, 1, 1, &grade));
}

static int items_up_to(const struct zj_plan *plan, int level)
{
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    int count = 0;
    zj_plan_controls(plan, "vehicle-platform", level, &j);
    for (const char *at = zj_buf_cstr(&text); (at = strstr(at, "\"id\":")); at++)
        count++;
    zj_buf_release(&text);
    return count;
}

/* Counted in the table of the reference: 68 items, of them 35 apply at level 1, 62 at level 2. */
static void the_checklist_grows_with_the_level(void **state)
{
    assert_int_equal(items_up_to(*state, 1), 35);
    assert_int_equal(items_up_to(*state, 2), 62);
    assert_int_equal(items_up_to(*state, 3), 68);
    assert_int_equal(items_up_to(*state, 0), 68);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_125_triples),
        cmocka_unit_test(examples),
        cmocka_unit_test(what_is_no_element_is_refused),
        cmocka_unit_test(the_checklist_grows_with_the_level),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
