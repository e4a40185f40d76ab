/* What may have been meant: distances counted by hand, and the sentence in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "base/choices.h"
#include "base/near.h"

static void distances_are_those_of_typing(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t want;
    } cases[] = {
        {"", "", 0},           {"vin", "vin", 0},         {"vni", "vin", 1},
        {"deu", "due", 1},     {"severty", "severity", 1}, {"hihg", "high", 1},
        {"kitten", "sitting", 3}, /* Levenshtein's own example in the textbooks */
        {"ca", "abc", 3},         /* no character is touched twice: not 2 */
        {"abcd", "badc", 2},   {"Filed_On", "filed on", 0}, {"状态", "态状", 1},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const struct zj_span a = zj_span_str(cases[i].a), b = zj_span_str(cases[i].b);
        assert_int_equal(zj_word_distance(a, b), cases[i].want);
        assert_int_equal(zj_word_distance(b, a), cases[i].want);
    }
}

static void the_nearest_is_named(void **state)
{
    (void)state;
    struct zj_job job;
    struct zj_pairs pairs = {0};
    zj_job_init(&job);
    job.pairs = &pairs;
    struct zj_choices choices = {.given = "stat"};
    zj_choices_add_all(&choices, "start|state|severity", &job.arena);
    assert_int_equal(zj_choices_fail(&job, &choices), ZJ_EUSAGE);
    zj_fail(&job, ZJ_EUSAGE, zj_tr(&job, "no '%s'", "没有“%s”"), "stat");
    assert_string_equal(job.message,
                        "no 'stat': did you mean 'start'? It may be start, state, severity");
    assert_string_equal(job.other_message,
                        "没有“stat”: 是否想用“start”？可用：start, state, severity");
    zj_job_release(&job);
}

static void nothing_near_and_long_lists(void **state)
{
    (void)state;
    struct zj_job job;
    zj_job_init(&job);
    struct zj_choices none = {.given = "zzz"}, few = {.given = "zzz"}, many = {.given = "zzz"};
    zj_choices_fail(&job, &none);
    assert_string_equal(job.message, "there is none");
    zj_job_clear(&job);
    zj_choices_add(&few, "high");
    zj_choices_fail(&job, &few);
    assert_string_equal(job.message, "it may be high");
    zj_job_clear(&job);
    for (int i = 0; i < 500; i++)
        zj_choices_add(&many, i ? "word" : "first");
    zj_choices_fail(&job, &many);
    assert_non_null(strstr(job.message, "it may be first, word, word"));
    assert_string_equal(job.message + strlen(job.message) - strlen("word …"), "word …");
    assert_true(strlen(job.message) < 700);
    zj_job_release(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_typing),
        cmocka_unit_test(the_nearest_is_named),
        cmocka_unit_test(nothing_near_and_long_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
