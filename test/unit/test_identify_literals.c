/* The literal stage against PCRE2: each literal, looked for by itself, at the same places. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/job.h"
#include "identify/engine.h"

static uint64_t state = 20261124;

static unsigned below(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % limit);
}

/* Literals, whole, broken off and in changed case, between bytes that neighbours are made of. */
static void make_text(struct zj_buf *out, const struct zj_identifier *rules)
{
    static const char fill[] = "aZ09 :=\"._-/路度1,\n";
    out->len = 0;
    while (out->len < 3000) {
        const struct zj_literal *literal =
            zj_literal(rules, below((unsigned)zj_literal_count(rules)));
        const size_t len = below(5) ? literal->len : below(literal->len + 1u);
        for (size_t i = 0; i < len; i++) {
            const uint8_t c = (uint8_t)literal->text[i];
            zj_buf_byte(out, zj_is_letter(c) && below(4) == 0 ? c ^ 32 : c);
        }
        for (unsigned i = below(4); i > 0; i--)
            zj_buf_byte(out, (uint8_t)fill[below(sizeof fill - 1)]);
    }
}

static size_t count_by_pcre(const struct zj_literal *literal, struct zj_span in,
                            struct zj_identify_scratch *scratch, unsigned id)
{
    int fault;
    PCRE2_SIZE offset;
    size_t count = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)literal->text, literal->len,
                                     PCRE2_LITERAL | (literal->is_caseless ? PCRE2_CASELESS : 0),
                                     &fault, &offset, NULL);
    assert_non_null(code);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    for (PCRE2_SIZE at = 0; pcre2_match(code, in.at, in.len, at, 0, data, NULL) >= 0;) {
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
        if (zj_literal_is_wanted(literal, in, ends[1])) {
            bool is_found = false;
            for (size_t i = 0; i < scratch->hit_count; i++)
                is_found |= scratch->hits[i].literal == id && scratch->hits[i].end == ends[1];
            if (!is_found)
                fail_msg("%.*s at %zu", literal->len, literal->text, (size_t)ends[0]);
            count++;
        }
        at = ends[0] + 1;
    }
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return count;
}

static void test_same_as_pcre(void **unused)
{
    (void)unused;
    struct zj_job job;
    struct zj_identifier *rules;
    struct zj_buf text = {0};
    zj_job_init(&job);
    assert_int_equal(zj_identifier_open(&job, &rules), ZJ_OK);
    struct zj_identify_scratch *scratch = zj_identify_scratch(rules);
    for (unsigned round = 0; round < 20; round++) {
        make_text(&text, rules);
        const size_t shift = round % 32; /* where the text starts in memory must not matter */
        const struct zj_span in = zj_span_part(zj_buf_all(&text), shift, text.len);
        zj_literals_find(scratch, in);
        const size_t hits = scratch->hit_count;
        size_t count = 0;
        for (unsigned id = 0; id < zj_literal_count(rules); id++)
            count += count_by_pcre(zj_literal(rules, id), in, scratch, id);
        assert_int_equal(count, hits);
        assert_true(hits > 50);
        for (size_t i = 1; i < hits; i++)
            assert_true(scratch->hits[i - 1].end <= scratch->hits[i].end);
    }
    zj_identify_scratch_free(scratch);
    zj_identifier_close(rules);
    zj_buf_release(&text);
    zj_job_release(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_as_pcre)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
