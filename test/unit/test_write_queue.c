/* Writers of one process take turns: who asks while another writes is let in next, however many
 * batches the other still has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

enum { BATCHES = 200 };

struct world {
    char dir[64], path[96];
    struct zj_write_queue *queue;
    atomic_int batch; /* that the long writer is in, from 1; 0: not begun */
    atomic_bool wants_in, is_done;
};

static struct zj_store *open_queued(struct world *w, struct zj_job *job)
{
    struct zj_store *store = NULL;
    zj_job_init(job);
    assert_int_equal(zj_store_open(job, w->path, ZJ_STORE_CREATE, &store), ZJ_OK);
    zj_store_queue(store, w->queue);
    return store;
}

static void *write_batches(void *ctx)
{
    struct world *w = ctx;
    struct zj_job job;
    struct zj_store *store = open_queued(w, &job);
    for (int i = 1; i <= BATCHES && !atomic_load(&w->is_done); i++) {
        if (zj_store_begin(&job, store))
            break;
        atomic_store(&w->batch, i);
        while (i == 1 && !atomic_load(&w->wants_in)) /* the other one asks while this one writes */
            usleep(1000);
        usleep(10000); /* and has time to draw its ticket */
        zj_store_exec(&job, store, "INSERT INTO t (who) VALUES (1)");
        if (zj_store_commit(&job, store))
            break;
    }
    zj_store_close(store);
    zj_job_release(&job);
    return NULL;
}

static void the_next_one_is_let_in_next(void **state)
{
    struct world *w = *state;
    struct zj_job job;
    pthread_t writer;
    int64_t rows = 0;
    struct zj_store *store = open_queued(w, &job);
    assert_int_equal(zj_store_exec(&job, store, "CREATE TABLE t (who INTEGER) STRICT"), ZJ_OK);
    assert_int_equal(pthread_create(&writer, NULL, write_batches, w), 0);
    while (atomic_load(&w->batch) == 0)
        usleep(1000);
    atomic_store(&w->wants_in, true);
    assert_int_equal(zj_store_begin(&job, store), ZJ_OK);
    assert_int_equal(zj_store_exec(&job, store, "INSERT INTO t (who) VALUES (2)"), ZJ_OK);
    assert_int_equal(
        zj_store_query_int(&job, store, "SELECT count(*) FROM t WHERE who = 1", -1, &rows), ZJ_OK);
    assert_int_equal(zj_store_commit(&job, store), ZJ_OK);
    atomic_store(&w->is_done, true);
    pthread_join(writer, NULL);
    assert_in_range(rows, 1, BATCHES / 2);
    zj_store_close(store);
    zj_job_release(&job);
}

/* A rollback and a failed begin give the turn on as a commit does. */
static void every_end_gives_the_turn_on(void **state)
{
    struct world *w = *state;
    struct zj_job job, other_job;
    struct zj_store *store = open_queued(w, &job), *other = open_queued(w, &other_job);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(zj_store_begin(&job, store), ZJ_OK);
        assert_int_equal(zj_store_begin(&job, store), ZJ_EBUG);
        zj_store_rollback(store);
        zj_store_rollback(store);
        assert_int_equal(zj_store_begin(&other_job, other), ZJ_OK);
        assert_int_equal(zj_store_commit(&other_job, other), ZJ_OK);
    }
    zj_store_begin(&job, store);
    zj_store_close(store);
    assert_int_equal(zj_store_begin(&other_job, other), ZJ_OK);
    zj_store_close(other);
    zj_job_release(&job);
    zj_job_release(&other_job);
}

static void *write_and_give_way(void *ctx)
{
    struct world *w = ctx;
    struct zj_job job;
    struct zj_store *store = NULL;
    zj_job_init(&job);
    zj_store_open(&job, w->path, 0, &store);
    for (int i = 0; i < 2; i++) {
        zj_store_begin(&job, store);
        zj_store_exec(&job, store, "INSERT INTO t (who) VALUES (1)");
        atomic_store(&w->batch, 1);
        for (int ms = 0; i == 0 && ms < 20000 && !zj_store_is_wanted(store); ms++)
            usleep(1000);
        zj_store_commit(&job, store);
        zj_store_give_way(store);
    }
    zj_store_close(store);
    zj_job_release(&job);
    return NULL;
}

/* Without a queue in common, as two processes: who waits is seen, and let in between two batches. */
static void another_process_is_let_in(void **state)
{
    struct world *w = *state;
    struct zj_job job;
    struct zj_store *store = NULL;
    pthread_t writer;
    int64_t rows = 0;
    zj_job_init(&job);
    assert_int_equal(zj_store_open(&job, w->path, ZJ_STORE_CREATE, &store), ZJ_OK);
    assert_int_equal(zj_store_exec(&job, store, "CREATE TABLE t (who INTEGER) STRICT"), ZJ_OK);
    assert_false(zj_store_is_wanted(store));
    assert_int_equal(pthread_create(&writer, NULL, write_and_give_way, w), 0);
    while (atomic_load(&w->batch) == 0)
        usleep(1000);
    assert_int_equal(zj_store_begin(&job, store), ZJ_OK);
    assert_int_equal(zj_store_query_int(&job, store, "SELECT count(*) FROM t", -1, &rows), ZJ_OK);
    assert_int_equal(zj_store_commit(&job, store), ZJ_OK);
    pthread_join(writer, NULL);
    assert_int_equal(rows, 1);
    assert_false(zj_store_is_wanted(store));
    zj_store_close(store);
    zj_job_release(&job);
}

static int setup(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/zhuji-queue-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    snprintf(w->path, sizeof w->path, "%s/z.db", w->dir);
    w->queue = zj_write_queue_new();
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    static const char *const ends[] = {"", "-wal", "-shm", ".key"};
    for (size_t i = 0; i < ZJ_COUNT(ends); i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", w->path, ends[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(w->dir), 0); /* nothing else was left */
    zj_write_queue_free(w->queue);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_process_is_let_in, setup, teardown),
        cmocka_unit_test_setup_teardown(the_next_one_is_let_in_next, setup, teardown),
        cmocka_unit_test_setup_teardown(every_end_gives_the_turn_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
