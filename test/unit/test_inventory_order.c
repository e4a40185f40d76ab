/* Which file is read when, by how many and in how many pieces, is nobody's business: of files in
 * any order and of any sizes each is read once, and told in its turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "inventory/inventory.h"

enum {
    FILES_MAX = 9,
    PATH_BYTES = 64,
    BATCH_BYTES = 2000,     /* below it files share a process, above it they have their own */
    SLICE_BYTES = 4 * 1024, /* files of two and more are read by several threads */
    SMALL = 10,             /* rows: 200 bytes */
    MIDDLE = 110,           /* 2.2 KB: alone, in one piece */
    LARGE = 1700,           /* 34 KB: eight slices */
    ORDERS = 60,
};

struct seen {
    size_t objects, unread, finished;
    char paths[FILES_MAX][PATH_BYTES];
    uint64_t rows[FILES_MAX];
};

static zj_err take_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct seen *s = ctx;
    (void)job; /* nothing fails */
    if (s->objects < FILES_MAX) {
        snprintf(s->paths[s->objects], PATH_BYTES, "%s", object->path);
        s->rows[s->objects] = object->rows;
    }
    s->objects++;
    return ZJ_OK;
}

static zj_err take_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    struct seen *s = ctx;
    (void)job, (void)place, (void)reason; /* there is none */
    s->unread++;
    return ZJ_OK;
}

static zj_err take_finished(struct zj_job *job, void *ctx, const struct zj_inv_part *part)
{
    struct seen *s = ctx;
    (void)job; /* nothing fails */
    s->finished += part->state[0] != '\0';
    return ZJ_OK;
}

/* Files of so many rows, read by one, two and three. */
static void are_all_read(struct zj_inv_rules *rules, const unsigned *rows, size_t count)
{
    char folder[] = "/tmp/zj_order_XXXXXX", paths[FILES_MAX][PATH_BYTES], *sources[FILES_MAX];
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], PATH_BYTES, "%s/%zu.csv", folder, i);
        sources[i] = paths[i];
        FILE *file = fopen(paths[i], "wb");
        assert_non_null(file);
        fputs("id,phone\n", file);
        for (unsigned row = 0; row < rows[i]; row++)
            fprintf(file, "%07u,138%08u\n", row, row * 57885161U % 100000000);
        assert_int_equal(fclose(file), 0);
    }
    for (unsigned workers = 1; workers <= 3; workers++) {
        struct zj_job job;
        struct zj_inv_totals totals;
        struct seen seen = {0};
        zj_job_init(&job);
        job.quiet = true;
        const struct zj_inv_opts opts = {.rules = rules,
                                         .workers = workers,
                                         .batch_bytes = BATCH_BYTES,
                                         .slice_bytes = SLICE_BYTES};
        const struct zj_inv_sink sink = {
            .object = take_object, .unread = take_unread, .finished = take_finished, .ctx = &seen};
        assert_int_equal(zj_inventory_run(&job, sources, count, &opts, &sink, &totals), ZJ_OK);
        assert_int_equal(totals.files, count);
        assert_int_equal(seen.objects, count);
        assert_int_equal(seen.finished, count);
        assert_int_equal(seen.unread, 0);
        for (size_t i = 0; i < count; i++) {
            assert_string_equal(seen.paths[i], paths[i]);
            assert_int_equal(seen.rows[i], rows[i]);
        }
        zj_job_release(&job);
    }
    for (size_t i = 0; i < count; i++)
        unlink(paths[i]);
    rmdir(folder);
}

static void every_order_of_sizes_is_read(void **state)
{
    static const unsigned sizes[] = {SMALL, MIDDLE, LARGE};
    for (size_t count = 1; count <= 4; count++) {
        size_t orders = 1;
        for (size_t i = 0; i < count; i++)
            orders *= 3;
        for (size_t order = 0; order < orders; order++) {
            unsigned rows[FILES_MAX];
            for (size_t i = 0, left = order; i < count; i++, left /= 3)
                rows[i] = sizes[left % 3];
            are_all_read(*state, rows, count);
        }
    }
}

static void mixed_folders_are_read(void **state)
{
    uint32_t seed = 1;
    for (int order = 0; order < ORDERS; order++) {
        unsigned rows[FILES_MAX];
        for (size_t i = 0; i < FILES_MAX; i++) {
            seed = seed * 1664525 + 1013904223; /* so that it is the same each time */
            rows[i] = 1 + (seed >> 8) % (1u << (1 + (seed >> 24) % 11));
        }
        are_all_read(*state, rows, FILES_MAX);
    }
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
        cmocka_unit_test(every_order_of_sizes_is_read),
        cmocka_unit_test(mixed_folders_are_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
