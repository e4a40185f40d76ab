/* Documents that are JSON by RFC 8259 and some that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_read.h"

static zj_err parse(const char *text, struct zj_jdoc **out_doc)
{
    struct zj_job job;
    zj_job_init(&job);
    zj_err err = zj_jdoc_parse(&job, zj_span_str(text), 1000, out_doc);
    zj_job_release(&job);
    return err;
}

static void test_values(void **state)
{
    (void)state;
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    assert_int_equal(
        parse(" {\"a\":[1,2.5,\"\\u7b51\"],\"b\":true,\"c\":null,\"d\":{\"e\":-7}} \n", &doc),
        ZJ_OK);
    const struct zj_jval *root = zj_jdoc_root(doc), *a = zj_jval_get(root, "a");
    assert_int_equal(zj_jval_type(root), ZJ_J_OBJECT);
    assert_int_equal(zj_jval_count(root), 4);
    assert_int_equal(zj_jval_count(a), 3);
    const struct zj_jval *v = zj_jval_first(a);
    assert_int_equal(zj_jval_int(v, 0), 1);
    v = zj_jval_next(v);
    assert_int_equal(zj_jval_int(v, -1), -1); /* not whole */
    assert_true(zj_jval_num(v, 0) == 2.5);
    assert_string_equal(zj_jval_cstr(zj_jval_next(v), ""), "筑");
    assert_true(zj_jval_bool(zj_jval_get(root, "b"), false));
    assert_int_equal(zj_jval_type(zj_jval_get(root, "c")), ZJ_J_NULL);
    assert_int_equal(zj_jval_int(zj_jval_get(zj_jval_get(root, "d"), "e"), 0), -7);
    assert_null(zj_jval_get(zj_jval_get(root, "x"), "y"));
    assert_int_equal(zj_jval_type(NULL), ZJ_J_NONE);
    assert_string_equal(zj_jval_key(zj_jval_first(root)), "a");
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",    "{",     "{\"a\":1,}", "[1] x",       "\"a\xff\"", "\"a\nb\"", "\"\\u0000\"",
        "nul", "[1 2]", "{\"a\" 1}",  "\"\\ud800\"",
    };
    for (size_t i = 0; i < ZJ_COUNT(wrong); i++) {
        struct zj_jdoc *doc = NULL;
        if (parse(wrong[i], &doc) != ZJ_EINPUT)
            fail_msg("accepted: %s", wrong[i]);
        assert_null(doc);
    }
    char deep[140] = {0};
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    struct zj_jdoc *doc = NULL;
    assert_int_equal(parse(deep, &doc), ZJ_EINPUT);
    memset(deep, 0, sizeof deep);
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    assert_int_equal(parse(deep, &doc), ZJ_OK);
    zj_jdoc_free(doc);
    char big[1100];
    memset(big, ' ', sizeof big);
    big[sizeof big - 1] = 0;
    assert_int_equal(parse(big, &doc), ZJ_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
