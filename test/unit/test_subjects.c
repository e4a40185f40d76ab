/* One subject however its number is written: pairs of a form and the number it must become. The
 * numbers are the standards' examples (GB 11643, ISO 3779) and telephone numbers of no one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "inventory/subjects.h"

static void one_form_of_a_number(void **state)
{
    static const char *const cases[][2] = {
        {"13812345678", "13812345678"},
        {"+8613812345678", "13812345678"},
        {"+86 138-1234-5678", "13812345678"},
        {"0086-138 1234 5678", "13812345678"},
        {"8613812345678", "13812345678"},
        {"(86)13812345678", "13812345678"},
        {"013812345678", "13812345678"},
        {"13812345678,a", "13812345678"},
        {"13812345678 王", "13812345678"},
        {"张三13812345678", "13812345678"},
        {"138 1234 5678 a", "13812345678"},
        {"tel:13812345678", "13812345678"},
        {"[13812345678]", "13812345678"},
        {"13812345678.0", "13812345678"},
        {"１３８１２３４５６７８", "13812345678"},
        {"138\xe2\x80\x8b"
         "12345678",
         "13812345678"},
        {"8613800000000001", "8613800000000001"},
        {"11010519491231002x", "11010519491231002X"},
        {"110105 19491231 002X", "11010519491231002X"},
        {"1m8gdm9axkp042788", "1M8GDM9AXKP042788"},
        {"VIN: 1M8GDM9AXKP042788", "1M8GDM9AXKP042788"},
        {"1m8gdm9ax-kp042788", "1M8GDM9AXKP042788"},
        {"京A·12345", "京A12345"},
        {"京a 12345", "京A12345"},
        {"张三", "张三"},
    };
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const struct zj_span value = zj_span_str(cases[i][0]);
        struct zj_span number = {0};
        uint8_t text[ZJ_SUBJECT_BYTES];
        if (zj_subject_plain(value, &number, text))
            number = value;
        else if (zj_span_eq(number, value))
            fail_msg("%s is told to differ", cases[i][0]);
        if (!zj_span_eq_str(number, cases[i][1]))
            fail_msg("%s: %.*s", cases[i][0], (int)number.len, (const char *)number.at);
    }
}

/* Nothing is read or written beyond the ends, whatever the bytes. */
static void any_bytes(void **state)
{
    uint8_t bytes[ZJ_SUBJECT_BYTES + 8], text[ZJ_SUBJECT_BYTES];
    uint64_t n = 1;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct zj_span number = {0};
        n = n * UINT64_C(6364136223846793005) + 1442695040888963407u; /* Knuth's MMIX */
        const size_t len = (size_t)(n >> 33) % sizeof bytes;
        static const uint8_t marks[] = " -·１3Xx\xef\xbc\x90\xe2\x80\x8b"
                                       "8601.,王";
        uint64_t m = n;
        for (size_t k = 0; k < len; k++, m = m * 6364136223846793005u + 1442695040888963407u)
            bytes[k] = i % 2 ? (uint8_t)(m >> 40) : marks[(m >> 40) % (sizeof marks - 1)];
        if (!zj_subject_plain(zj_span_of(bytes, len), &number, text))
            assert_true(number.len <= ZJ_SUBJECT_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_form_of_a_number),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
