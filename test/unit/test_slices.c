/* A large file of lines is read in slices: the same comes out however many read, and what is
 * counted is what stands in the file, wherever it is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "inventory/inventory.h"

enum { ROWS = 4000 };

struct taken {
    struct zj_buf json; /* objects and what was not read */
    uint64_t rows, values, phones;
    size_t objects, unread, columns;
};

static zj_err take_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct taken *t = ctx;
    struct zj_json j = zj_json_to(&t->json);
    (void)job; /* nothing fails */
    zj_inv_object_write(&j, object);
    t->objects++;
    t->rows += object->rows;
    t->columns += object->column_count;
    for (size_t i = 0; i < object->column_count; i++) {
        const struct zj_inv_column *col = &object->columns[i];
        t->values += col->values;
        for (size_t k = 0; k < col->proposal_count; k++)
            if (strcmp(col->proposals[k].type, "CN_MOBILE") == 0)
                t->phones += col->proposals[k].hits;
    }
    return ZJ_OK;
}

static zj_err take_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    struct taken *t = ctx;
    (void)job; /* nothing fails */
    zj_buf_printf(&t->json, "%s: %s\n", place, reason);
    t->unread++;
    return ZJ_OK;
}

static void read_with(struct zj_inv_rules *rules, char *path, unsigned workers,
                      uint64_t slice_bytes, struct taken *out)
{
    struct zj_job job;
    struct zj_inv_totals totals;
    zj_job_init(&job);
    job.quiet = true;
    const struct zj_inv_opts opts = {
        .rules = rules, .workers = workers, .slice_bytes = slice_bytes};
    const struct zj_inv_sink sink = {.object = take_object, .unread = take_unread, .ctx = out};
    const zj_err err = zj_inventory_run(&job, &path, 1, &opts, &sink, &totals);
    assert_true(!err || err == ZJ_EINPUT);
    zj_job_release(&job);
}

static void write_file(const char *path, const struct zj_buf *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->at, 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
}

/* All cells but those of the header are counted once, however the file is cut. */
static void is_the_same(struct zj_inv_rules *rules, const char *name, const struct zj_buf *text,
                        uint64_t rows, uint64_t values)
{
    char folder[] = "/tmp/zj_slices_XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_file(path, text);
    struct taken one = {0}, two = {0}, whole = {0};
    read_with(rules, path, 1, 16 * 1024, &one);
    read_with(rules, path, 2, 16 * 1024, &two);
    read_with(rules, path, 2, UINT64_C(1) << 30, &whole);
    assert_int_equal(one.json.len, two.json.len);
    assert_memory_equal(one.json.at, two.json.at, one.json.len);
    assert_int_equal(one.objects, 1);
    assert_int_equal(one.unread, whole.unread);
    assert_int_equal(one.rows, rows);
    assert_int_equal(whole.rows, rows);
    assert_int_equal(one.columns, whole.columns);
    if (values) {
        assert_int_equal(one.values, values);
        assert_int_equal(whole.values, values);
    }
    assert_true(one.phones > 0);
    zj_buf_release(&one.json);
    zj_buf_release(&two.json);
    zj_buf_release(&whole.json);
    unlink(path);
    rmdir(folder);
}

static unsigned phone(unsigned i)
{
    return i * 57885161U % 100000000;
}

static void csv_is_cut_between_records(void **state)
{
    struct zj_buf text = {0};
    zj_buf_str(&text, "\xef\xbb\xbf编号,手机号,备注\r\n");
    for (unsigned i = 0; i < ROWS; i++) /* line ends, commas and quotes in quotes */
        zj_buf_printf(&text, "%u,138%08u,\"第一行, \"\"%u\"\"\n第二行,%u\n\"%s", i, phone(i), i, i,
                      i + 1 == ROWS ? "" : "\r\n");
    is_the_same(*state, "a.csv", &text, ROWS, 3 * ROWS);
    text.len = 0;
    for (unsigned i = 0; i < ROWS; i++) /* no header: the first record counts once */
        zj_buf_printf(&text, "%u;138%08u;x%u\n", i + 1, phone(i), i);
    is_the_same(*state, "b.csv", &text, ROWS, 3 * ROWS);
    text.len = 0;
    zj_buf_str(&text, "车主资料汇总表\n\n编号,手机号,备注\n"); /* names stand below a title */
    for (unsigned i = 0; i < ROWS; i++)
        zj_buf_printf(&text, "%u,138%08u,x%u\n", i + 1, phone(i), i);
    is_the_same(*state, "t.csv", &text, ROWS, 3 * ROWS);
    zj_buf_release(&text);
}

/* Of the same seed the same numbers, by the constants of Knuth's MMIX. */
static unsigned next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

/* Rows of which some have a quote that is not closed, some one too many, some cells of many lines.
 * Wherever they are cut, rows, values and the lines that are told are those of the whole. */
static void broken_quotes_are_the_same_in_slices(void **state)
{
    static const uint64_t slices[] = {9000, 16 * 1024, 33333, 70000};
    char folder[] = "/tmp/zj_slices_XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/q.csv", folder);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct zj_buf text = {0};
        struct taken whole = {0};
        uint64_t random = seed;
        zj_buf_str(&text, "编号,姓名,手机号,备注\n");
        for (unsigned i = 0; i < ROWS; i++) {
            static const char *const notes[] = {"\"未闭合",     "闭合\"",       "\"一\n二,三\n\"",
                                                "\"说\"\"好\"", "\"说\"好\"了", "\"\""};
            const unsigned kind = next(&random) % 60;
            zj_buf_printf(&text, "%u,张镕%u,138%08u,%s\n", i, i, phone(i),
                          kind < ZJ_COUNT(notes) ? notes[kind] : "无事");
        }
        write_file(path, &text);
        read_with(*state, path, 1, UINT64_C(1) << 30, &whole);
        assert_true(whole.rows > ROWS * 9 / 10 && whole.unread == 1);
        const char *told = strstr(zj_buf_cstr(&whole.json), "unclosed quotes");
        assert_non_null(told);
        for (size_t i = 0; i < ZJ_COUNT(slices); i++) {
            struct taken cut = {0};
            read_with(*state, path, 1 + i % 2, slices[i], &cut);
            assert_int_equal(cut.rows, whole.rows);
            assert_int_equal(cut.columns, whole.columns);
            assert_int_equal(cut.values, whole.values);
            assert_string_equal(strstr(zj_buf_cstr(&cut.json), "unclosed quotes"), told);
            zj_buf_release(&cut.json);
        }
        zj_buf_release(&whole.json);
        zj_buf_release(&text);
    }
    unlink(path);
    rmdir(folder);
}

static void gbk_is_cut_at_lines(void **state)
{
    struct zj_buf text = {0}, gbk = {0};
    zj_buf_str(&text, "姓名,手机号,住址\n");
    for (unsigned i = 0; i < ROWS; i++)
        zj_buf_printf(&text, "张镕%u,138%08u,北京市海淀区中关村大街%u号\n", i, phone(i), i);
    zj_text_to_gbk(&gbk, zj_buf_all(&text));
    is_the_same(*state, "c.csv", &gbk, ROWS, 3 * ROWS);
    zj_buf_release(&text);
    zj_buf_release(&gbk);
}

static void lines_are_cut_at_lines(void **state)
{
    struct zj_buf text = {0};
    for (unsigned i = 0; i < ROWS; i++)
        zj_buf_printf(&text,
                      "{\"id\":%u,\"user\":{\"phone\":\"138%08u\"},\"s\":\"a\\n{\\\"b\\\"\"}\n", i,
                      phone(i));
    is_the_same(*state, "d.jsonl", &text, ROWS, 3 * ROWS);
    text.len = 0;
    for (unsigned i = 0; i < ROWS; i++)
        zj_buf_printf(&text, "10:00:%02u login phone=138%08u ok\n", i % 60, phone(i));
    is_the_same(*state, "e.log", &text, ROWS, 0);
    zj_buf_release(&text);
}

/* Not cut: one value over many lines. */
static void json_is_read_in_one_piece(void **state)
{
    struct zj_buf text = {0};
    zj_buf_str(&text, "[\n");
    for (unsigned i = 0; i < ROWS; i++)
        zj_buf_printf(&text, "{\n\"phone\": \"138%08u\"\n}%s\n", phone(i), i + 1 < ROWS ? "," : "");
    zj_buf_str(&text, "]\n");
    is_the_same(*state, "f.json", &text, ROWS, ROWS);
    zj_buf_release(&text);
}

static int setup(void **state)
{
    struct zj_job job;
    struct zj_inv_rules *rules = NULL;
    zj_job_init(&job);
    assert_int_equal(zj_inv_rules_open(&job, &rules), ZJ_OK);
    zj_job_release(&job);
    *state = rules;
    return 0;
}

static int teardown(void **state)
{
    zj_inv_rules_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_cut_between_records),
        cmocka_unit_test(broken_quotes_are_the_same_in_slices),
        cmocka_unit_test(gbk_is_cut_at_lines),
        cmocka_unit_test(lines_are_cut_at_lines),
        cmocka_unit_test(json_is_read_in_one_piece),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
