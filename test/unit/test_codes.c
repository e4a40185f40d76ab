/* Columns of codes: which values are codes of one form, and of how many of them a type is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "inventory/codes.h"

static uint32_t shape(const char *text)
{
    return zj_code_shape(zj_span_str(text));
}

static void knows_codes(void **state)
{
    static const char *const not_codes[] = {
        "", "two words", "车架号1", "a@b.cn", "/var/log/1", "a=1&b2", "http://x.cn/1", "{\"a\":1}"};
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(not_codes); i++)
        if (shape(not_codes[i]))
            fail_msg("%s", not_codes[i]);
    assert_int_not_equal(shape("6222021234567890"), 0);
    assert_int_equal(shape("6222021234567890"), shape("2026112300012345"));
    assert_int_equal(shape("A1-00F"), shape("77-B1c"));
    assert_int_not_equal(shape("6222021234567890"), shape("62220212345678901"));
    assert_int_not_equal(shape("6222021234567890"), shape("LSV2021234567890"));
    assert_int_not_equal(shape("A1-00F"), shape("A1_00F"));
}

/* By hand: of ten codes of form 7 two are of type 3, three of type 5 alone; form 8 is another. */
static void counts_codes_of_one_form(void **state)
{
    struct zj_coded values[20] = {
        {7, 1 << 3}, {7, 1 << 3 | 1 << 5}, {7, 1 << 5}, {7, 1 << 5}, {7, 1 << 5}};
    (void)state;
    for (size_t i = 5; i < 20; i++)
        values[i].shape = i < 10 ? 7 : 8;
    struct zj_code_share share = zj_code_share(values, 20, 3, 90);
    assert_true(share.is_codes);
    assert_int_equal(share.hits, 2);
    assert_int_equal(share.looked, 7);
    values[19].shape = values[18].shape = 0; /* 18 of 20 are codes */
    assert_true(zj_code_share(values, 20, 3, 90).is_codes);
    values[17].shape = 0;
    assert_false(zj_code_share(values, 20, 3, 90).is_codes);
    values[17].shape = 8, values[0].shape = 0; /* found in text, too */
    assert_false(zj_code_share(values, 20, 3, 80).is_codes);
    assert_false(zj_code_share(values, 0, 3, 90).is_codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_codes),
        cmocka_unit_test(counts_codes_of_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
