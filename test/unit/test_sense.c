/* The sensor as a whole: several workers count what one counts, a child does what one process does,
 * a sink that fails ends the run with its message. */
#include "craft.h"

#include <sys/mman.h>
#include <unistd.h>

enum { CARS = 300, BEATS = 20 };

/* Heartbeats of many cars, mixed, as a pcap file of raw IP in memory. */
static int make_capture(char path[64])
{
    struct zj_buf file = {0}, body = {0}, tcp = {0};
    put_bytes(&file, "a1b2c3d4 0002 0004 00000000 00000000 00040000 00000065");
    for (unsigned beat = 0; beat <= BEATS; beat++)
        for (unsigned car = 0; car < CARS; car++) {
            const size_t head = file.len;
            body.len = tcp.len = 0;
            if (beat)
                put_heartbeat(&body, car);
            put_tcp(&tcp, 20000 + car, 32960, beat ? 101 + (beat - 1) * HEARTBEAT : 100,
                    beat ? ACK : SYN, zj_buf_all(&body));
            put32(&file, 1700000000 + beat);
            put32(&file, car);
            put32(&file, 20 + (uint32_t)tcp.len);
            put32(&file, 20 + (uint32_t)tcp.len);
            put_ipv4(&file, 0x100 + car * 37, 2, ZJ_PROTO_TCP, 1, 0, zj_buf_all(&tcp));
            assert_int_equal(file.len - head, 36 + tcp.len);
        }
    const int fd = memfd_create("capture", 0);
    assert_int_equal(write(fd, file.at, file.len), file.len);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    zj_buf_release(&file);
    zj_buf_release(&body);
    zj_buf_release(&tcp);
    return fd;
}

struct tally {
    struct zj_sink sink;
    uint64_t facts, lines;
    uint64_t fails_at; /* facts; 0: never */
};

static zj_err tally_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    struct tally *t = (struct tally *)sink;
    assert_true(kind < ZJ_FACT_KIND_COUNT);
    for (size_t i = 0; i < zj_fact_kinds[kind].col_count; i++)
        assert_true(cells[i].text.len < 1 << 20);
    if (++t->facts == t->fails_at)
        return zj_fail(job, ZJ_EIO, "the disk is full");
    return ZJ_OK;
}

static zj_err tally_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    (void)job;
    for (size_t i = 0; i < lines.len; i++)
        ((struct tally *)sink)->lines += lines.at[i] == '\n';
    return ZJ_OK;
}

/* The kernel names the children of this thread. */
static void note_child(void *is_doubled)
{
    FILE *children = fopen("/proc/thread-self/children", "re");
    assert_non_null(children);
    *(bool *)is_doubled = fgetc(children) != EOF;
    fclose(children);
}

static zj_err run(int workers, bool apart, uint64_t fails_at, struct tally *out,
                  struct zj_sense_stats *stats, char message[1024])
{
    char path[64];
    struct zj_job job;
    zj_job_init(&job);
    job.quiet = true;
    const int fd = make_capture(path);
    *out = (struct tally){.sink = {.fact = tally_fact, .events = tally_events, .flush = count_flush},
                           .fails_at = fails_at};
    bool is_doubled = false;
    const struct zj_sense_opts opts = {.files = (const char *[]){apart ? "-" : path},
                                       .file_count = 1,
                                       .when_apart = note_child,
                                       .when_apart_ctx = &is_doubled,
                                       .workers = workers,
                                       .memory_bytes = workers % 2 ? 64 << 20 : 16 << 20,
                                       .want_events = true};
    if (apart) /* the child keeps standard input and no other file */
        dup2(fd, STDIN_FILENO);
    lseek(fd, 0, SEEK_SET);
    const zj_err err = apart ? zj_sense_run_apart(&job, &opts, &out->sink, stats)
                             : zj_sense_run(&job, &opts, &out->sink, stats);
    assert_int_equal(is_doubled, apart); /* threads may be begun then, and not before */
    memcpy(message, job.message, sizeof job.message);
    close(fd);
    zj_job_release(&job);
    return err;
}

static void all_ways_count_the_same(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 6; workers++)
        for (int apart = 0; apart < 2; apart++) {
            struct tally tally;
            struct zj_sense_stats stats;
            char message[1024];
            const zj_err err = run(workers, apart, 0, &tally, &stats, message);
            if (err)
                fail_msg("%d workers, apart %d: %s", workers, apart, message);
            assert_int_equal(stats.packets, CARS * (BEATS + 1));
            assert_int_equal(stats.tcp, CARS * (BEATS + 1));
            assert_int_equal(stats.flows, CARS);
            assert_int_equal(stats.frames, CARS * BEATS);
            assert_int_equal(stats.bad_frames, 0);
            assert_int_equal(stats.events, tally.lines);
            assert_true(tally.lines >= CARS * BEATS);
            assert_true(tally.facts > 0);
            assert_int_equal(stats.first_ns, START);
            assert_int_equal(stats.last_ns, START + BEATS * SECOND + (CARS - 1) * 1000);
        }
}

static void a_failing_sink_ends_the_run(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers++)
        for (int apart = 0; apart < 2; apart++) {
            struct tally tally;
            struct zj_sense_stats stats;
            char message[1024];
            assert_int_equal(run(workers, apart, 2, &tally, &stats, message), ZJ_EIO);
            if (!strstr(message, "the disk is full"))
                fail_msg("message is: %s", message);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_count_the_same),
        cmocka_unit_test(a_failing_sink_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
