/* What is found does not depend on how a stream is cut, on the form of the text, or on the machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/job.h"
#include "base/text.h"
#include "identify/engine.h"
#include "identify/survey.h"

static struct zj_job job;
static struct zj_identifier *identifier;
static struct zj_identify_scratch *scratch;

static uint64_t state = 20261123;

static unsigned below(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % limit);
}

struct list {
    struct zj_find *finds; /* offsets of the whole stream */
    size_t count;
};

static void collect(void *ctx, struct zj_span bytes, uint64_t base, const struct zj_find *finds,
                    size_t count)
{
    struct list *list = ctx;
    (void)bytes;
    list->finds = zj_realloc(list->finds, (list->count + count + 1) * sizeof *finds);
    for (size_t i = 0; i < count; i++) {
        list->finds[list->count] = finds[i];
        list->finds[list->count].start += (uint32_t)base;
        list->finds[list->count++].end += (uint32_t)base;
    }
}

/* Lines of a table, records, prose, a long line, in several forms: more than two windows. */
static void make_text(struct zj_buf *out)
{
    zj_buf_str(out, "姓名,身份证号,手机号,imei\n");
    for (unsigned i = 0; i < 6000; i++)
        zj_buf_printf(out, "李明,11010519491231002X,1380%07u,490154203237518\n", i);
    for (unsigned i = 0; i < 3000; i++) {
        zj_buf_printf(out, "{\"t\":17%08u,\"lat\":39.%06u,\"lng\":116.%06u}\n", i, 100000 + i * 20,
                      200000 + i * 20);
        if (i % 7 == 0)
            zj_buf_str(out, "/bind?plate=%E4%BA%AC"
                            "A12345&phone=13800000000\n");
        if (i % 11 == 0) {
            struct zj_buf gbk = {0};
            zj_text_to_gbk(&gbk, ZJ_SPAN_LIT("车主李明电话13800000000，车牌京A12345\n"));
            zj_buf_span(out, zj_buf_all(&gbk));
            zj_buf_release(&gbk);
        }
    }
    for (unsigned i = 0; i < 30000; i++) /* one line longer than a window */
        zj_buf_printf(out, "tel 1390%07u; x%u ", i, i);
    zj_buf_str(out, "\npassword: Zq8#kfw2\n");
}

static void run(const struct zj_buf *text, unsigned limit, struct list *out)
{
    struct zj_identify_stream *stream = zj_identify_stream(identifier, collect, out);
    for (size_t at = 0; at < text->len;) {
        const struct zj_span part = zj_span_part(zj_buf_all(text), at, 1 + below(limit));
        zj_identify_feed(stream, part);
        at += part.len;
    }
    zj_identify_finish(stream);
    zj_identify_stream_free(stream);
}

static void check_same(const struct list *a, const struct list *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->finds[i].start, b->finds[i].start);
        assert_int_equal(a->finds[i].end, b->finds[i].end);
        assert_int_equal(a->finds[i].type, b->finds[i].type);
        assert_int_equal(a->finds[i].score, b->finds[i].score);
    }
}

/* Windows in the caller's hands find what a stream finds; one that is given the state of the
 * beginning in the place of what the one before left misses the cells below their header. */
static void test_windows(void **unused)
{
    (void)unused;
    struct zj_buf text = {0};
    struct list whole = {0}, windows = {0};
    struct zj_identify_state *carried = zj_identify_state(), *begin = zj_identify_state();
    const struct zj_find *finds;
    size_t len, missed = 0;
    make_text(&text);
    run(&text, UINT32_MAX, &whole);
    for (size_t at = 0; at < text.len; at += len) {
        const struct zj_span rest = zj_span_part(zj_buf_all(&text), at, text.len);
        struct zj_identify_state *wrong = zj_identify_state();
        len = zj_identify_window(rest, true);
        assert_int_equal(zj_identify_window(zj_span_part(rest, 0, ZJ_IDENTIFY_WINDOW), false),
                         rest.len >= ZJ_IDENTIFY_WINDOW ? len : 0);
        assert_int_equal(zj_identify_state_same(carried, begin), at == 0);
        const struct zj_span window = zj_span_part(rest, 0, len);
        const size_t count = zj_identify_next(scratch, carried, window, &finds);
        collect(&windows, window, at, finds, count);
        missed += zj_identify_next(scratch, wrong, window, &finds) < count;
        zj_identify_state_free(wrong);
    }
    check_same(&windows, &whole);
    assert_true(missed >= 1);
    zj_identify_state_free(carried);
    zj_identify_state_free(begin);
    free(windows.finds);
    free(whole.finds);
    zj_buf_release(&text);
}

static void test_any_cut(void **unused)
{
    (void)unused;
    static const unsigned limits[] = {7, 100, 5000, 300000, 5000000};
    struct zj_buf text = {0};
    struct list whole = {0};
    make_text(&text);
    run(&text, UINT32_MAX, &whole);
    /* each line of the table has four; each track point one; each other line its own */
    size_t imeis = 0, names = 0, secrets = 0;
    for (size_t i = 0; i < whole.count; i++) {
        imeis += whole.finds[i].type == ZJ_TYPE_IMEI;
        names += whole.finds[i].type == ZJ_TYPE_PERSON_NAME;
        secrets += whole.finds[i].type == ZJ_TYPE_SECRET;
    }
    assert_int_equal(imeis, 6000);
    assert_int_equal(names, 6000 + 273);
    assert_int_equal(secrets, 1);
    for (size_t k = 0; k < ZJ_COUNT(limits); k++) {
        struct list parts = {0};
        run(&text, limits[k], &parts);
        check_same(&parts, &whole);
        free(parts.finds);
    }
    free(whole.finds);
    zj_buf_release(&text);
}

static void to_utf16(struct zj_buf *out, struct zj_span text, bool is_big_endian)
{
    while (text.len) {
        const size_t len = zj_utf8_len(text);
        const unsigned c = len == 1 ? text.at[0]
                                    : (unsigned)(text.at[0] & 15) << 12 |
                                          (unsigned)(text.at[1] & 63) << 6 | (text.at[2] & 63);
        zj_buf_byte(out, (uint8_t)(is_big_endian ? c >> 8 : c));
        zj_buf_byte(out, (uint8_t)(is_big_endian ? c : c >> 8));
        text = zj_span_part(text, len, text.len);
    }
}

static void check_types(const struct zj_buf *text, enum zj_form form)
{
    static const uint8_t want[] = {ZJ_TYPE_PERSON_NAME, ZJ_TYPE_CN_RESIDENT_ID, ZJ_TYPE_CN_MOBILE,
                                   ZJ_TYPE_CN_PLATE};
    const struct zj_find *finds;
    const size_t count = zj_identify_find(scratch, zj_buf_all(text), &finds);
    assert_int_equal(count, ZJ_COUNT(want));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(finds[i].type, want[i]);
        assert_int_equal(finds[i].form, form);
    }
}

/* The same line in all character sets; in GB18030 the character before the number ends in 0x46. */
static void test_forms(void **unused)
{
    (void)unused;
    static const struct zj_span line =
        ZJ_SPAN_LIT("姓名徐镕11010519491231002X电话13800000000车牌京A12345，");
    static const uint8_t rare[] = {0xd5, 0xc5, 0x99, 0x31, 0x87, 0x39, '1', '1',
                                   '0',  '1',  '0',  '5',  '1',  '9',  '4', '9',
                                   '1',  '2',  '3',  '1',  '0',  '0',  '2', 'X'};
    struct zj_buf text = {0};
    zj_buf_span(&text, line);
    check_types(&text, ZJ_FORM_PLAIN);
    text.len = 0;
    zj_text_to_gbk(&text, line);
    check_types(&text, ZJ_FORM_GB18030);
    text.len = 0;
    to_utf16(&text, line, false);
    check_types(&text, ZJ_FORM_UTF16);
    text.len = 0;
    to_utf16(&text, line, true);
    check_types(&text, ZJ_FORM_UTF16BE);
    zj_buf_release(&text);
    const struct zj_find *finds;
    const size_t count = zj_identify_find(scratch, zj_span_of(rare, sizeof rare), &finds);
    assert_int_equal(count, 1);
    assert_int_equal(finds[0].start, 6);
    assert_int_equal(finds[0].end, 24);
}

static void test_value_under_key(void **unused)
{
    (void)unused;
    static const struct {
        const char *key, *value;
        int type; /* -1: nothing */
    } cases[] = {
        {"车主姓名", "李明", ZJ_TYPE_PERSON_NAME},
        {"owner_name", "李明", ZJ_TYPE_PERSON_NAME},
        {"imei", "490154203237518", ZJ_TYPE_IMEI},
        {"order_no", "490154203237518", -1},
        {"engineNo", "4G15123456", ZJ_TYPE_ENGINE_NO},
        {"FDJH", "4G15123456", ZJ_TYPE_ENGINE_NO},
        {"dabh", "110100123456", ZJ_TYPE_DRIVER_ARCHIVE_NO},
        {"waybill", "110100123456", -1},
        {"city", "李明", -1},
        {"mac", "0242ac110002", ZJ_TYPE_MAC},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const struct zj_find *finds;
        const size_t count = zj_identify_value(scratch, zj_span_str(cases[i].key),
                                               zj_span_str(cases[i].value), &finds);
        assert_int_equal(count, cases[i].type >= 0);
        if (count)
            assert_int_equal(finds[0].type, cases[i].type);
    }
}

/* Bytes with many parts of characters: the vector check against the plain one. */
static void test_survey(void **unused)
{
    (void)unused;
    static const uint8_t parts[] = {'a',  '1',  '%',  'E',  '4',  '\\', 'u',  '&',  '#',
                                    0xe4, 0xba, 0xac, 0xef, 0xbc, 0x91, 0xbd, 0x81, 0xc2,
                                    0xf0, 0x9f, 0x80, 0xed, 0xa0, 0xe0, 0xff, ' '};
    for (unsigned round = 0; round < 40000; round++) {
        uint8_t bytes[400];
        const size_t len = below(sizeof bytes);
        const unsigned clean = below(4);
        for (size_t i = 0; i < len; i++)
            bytes[i] = clean ? (uint8_t)('a' + below(20)) : parts[below(sizeof parts)];
        if (len > 10 && clean == 1) {
            const size_t at = below((unsigned)len - 4);
            for (size_t i = 0; i < 4; i++)
                bytes[at + i] = parts[below(sizeof parts)];
        }
        assert_int_equal(zj_survey(zj_span_of(bytes, len)),
                         zj_survey_plain(zj_span_of(bytes, len)));
    }
}

static int setup(void **unused)
{
    (void)unused;
    zj_job_init(&job);
    if (zj_identifier_open(&job, &identifier)) {
        fprintf(stderr, "%s\n", job.message);
        return 1;
    }
    scratch = zj_identify_scratch(identifier);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    zj_identify_scratch_free(scratch);
    zj_identifier_close(identifier);
    zj_job_release(&job);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_cut), cmocka_unit_test(test_windows),
        cmocka_unit_test(test_forms),   cmocka_unit_test(test_value_under_key),
        cmocka_unit_test(test_survey),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
