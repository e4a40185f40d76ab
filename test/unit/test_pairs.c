/* A sentence in both languages from one call: what the other format makes of the same arguments must
 * be what printf makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/job.h"

struct world {
    struct zj_job job;
    struct zj_pairs pairs;
};

static void start(struct world *w, enum zj_lang lang)
{
    w->pairs = (struct zj_pairs){0};
    zj_job_init(&w->job);
    w->job.lang = lang;
    w->job.pairs = &w->pairs;
}

static void both_are(struct world *w, const char *own, const char *other)
{
    assert_string_equal(w->job.message, own);
    assert_string_equal(w->job.other_message, other);
    zj_job_clear(&w->job);
    assert_string_equal(w->job.other_message, "");
}

static void test_arguments(void **state)
{
    struct world w;
    (void)state;
    start(&w, ZJ_EN);
    zj_fail(&w.job, ZJ_EINPUT, zj_tr(&w.job, "row %lld of %s: %5.2f%%", "%2$s第 %1$lld 行：%3$.1f%%"),
            -7LL, "a.csv", 12.345);
    both_are(&w, "row -7 of a.csv: 12.35%", "a.csv第 -7 行：12.3%");
    zj_fail(&w.job, ZJ_EINPUT, zj_tr(&w.job, "%zu|%d|%u|%x|%c|%p|%" PRId64 "|%ld",
                                     "%zu，%d，%u，%x，%c，%p，%" PRId64 "，%ld"),
            (size_t)-1, -1, 4000000000U, 255U, 'x', (void *)0, INT64_MIN, -2L);
    both_are(&w, "18446744073709551615|-1|4000000000|ff|x|(nil)|-9223372036854775808|-2",
             "18446744073709551615，-1，4000000000，ff，x，(nil)，-9223372036854775808，-2");
    zj_fail(&w.job, ZJ_EINPUT, zj_tr(&w.job, "'%.*s' %-4d|%04d", "“%.*s”%-4d|%04d"), 3, "abcdef", 5, 6);
    both_are(&w, "'abc' 5   |0006", "“abc”5   |0006");
}

static void test_texts(void **state)
{
    struct world w;
    (void)state;
    start(&w, ZJ_ZH);
    zj_fail(&w.job, ZJ_EINPUT, zj_tr(&w.job, "column '%s' of %s", "%2$s的列“%1$s”"), "vin",
            zj_tr(&w.job, "cards", "车联网卡"));
    both_are(&w, "车联网卡的列“vin”", "column 'vin' of cards");
    zj_fail(&w.job, ZJ_EIO, "%s", zj_strerror(&w.job, ENOENT));
    zj_fail(&w.job, ZJ_EIO, "%s", "a.csv");
    zj_fail(&w.job, ZJ_EIO, zj_tr(&w.job, "row %d", "第 %d 行"), 3);
    assert_string_equal(w.job.other_message, "row 3: a.csv: No such file or directory");
    assert_non_null(strstr(w.job.message, "第 3 行: a.csv: "));
    assert_null(strstr(w.job.message, "No such"));
}

/* What is in one language alone is told in it twice, and a sentence too long is cut in both. */
static void test_edges(void **state)
{
    struct world w;
    char text[3000];
    (void)state;
    start(&w, ZJ_EN);
    zj_fail(&w.job, ZJ_EINPUT, "%s: %d", "a", 1);
    both_are(&w, "a: 1", "a: 1");
    zj_fail(&w.job, ZJ_EINPUT, zj_tr(&w.job, "English only", NULL));
    both_are(&w, "English only", "English only");
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    zj_fail(&w.job, ZJ_EINPUT, zj_tr(&w.job, "%s!", "%s！"), text);
    assert_int_equal(strlen(w.job.message), sizeof w.job.message - 1);
    assert_int_equal(strlen(w.job.other_message), sizeof w.job.other_message - 1);
    for (int i = 0; i < 1000; i++) /* long ago: its pair is forgotten, the text is not */
        zj_tr(&w.job, "a", "b");
    zj_job_clear(&w.job);
    w.job.pairs = NULL;
    zj_fail(&w.job, ZJ_EINPUT, "%s", zj_tr(&w.job, "one", "一"));
    both_are(&w, "one", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
