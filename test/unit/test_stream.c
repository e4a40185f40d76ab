/* TCP put in order, as the sensor's counters tell of it: heartbeats of GB/T 32960, 25 bytes each,
 * cut and mixed in every way. */
#include "craft.h"

/* A stream of `n` heartbeats. */
static struct zj_buf heartbeats(unsigned n)
{
    struct zj_buf out = {0};
    for (unsigned i = 0; i < n; i++)
        put_heartbeat(&out, i);
    return out;
}

struct piece {
    unsigned at, len;
    int64_t time_ns;
};

/* The pieces of a stream of `frames` heartbeats, which starts at `isn` + 1 after a SYN. */
static struct zj_sense_stats play(uint32_t isn, unsigned frames, const struct piece *pieces,
                                  size_t count)
{
    struct rig *rig = rig_new(64 << 20);
    struct zj_buf stream = heartbeats(frames);
    rig_segment(rig, true, isn, SYN, (struct zj_span){0}, START);
    rig_segment(rig, false, 5000, SYN | ACK, (struct zj_span){0}, START);
    for (size_t i = 0; i < count; i++)
        rig_segment(rig, true, isn + 1 + pieces[i].at, ACK,
                    zj_span_part(zj_buf_all(&stream), pieces[i].at, pieces[i].len),
                    START + pieces[i].time_ns);
    zj_worker_finish(&rig->w);
    const struct zj_sense_stats stats = rig->w.stats;
    rig_free(rig);
    zj_buf_release(&stream);
    return stats;
}

static void in_order_in_any_cut(void **state)
{
    (void)state;
    for (unsigned size = 1; size <= 60; size++) {
        struct piece pieces[256];
        size_t n = 0;
        for (unsigned at = 0; at < 8 * HEARTBEAT; at += size)
            pieces[n++] = (struct piece){at, size, 0};
        struct zj_sense_stats s = play(100, 8, pieces, n);
        assert_int_equal(s.frames, 8);
        assert_int_equal(s.bad_frames + s.skipped_bytes + s.tcp_gaps + s.tcp_out_of_order, 0);
        assert_int_equal(s.flows, 1);
    }
}

static void out_of_order_and_again(void **state)
{
    (void)state;
    const struct piece mixed[] = {{50, 25, 0}, {25, 25, 0}, {100, 25, 0}, {0, 25, 0}, {75, 25, 0}};
    struct zj_sense_stats s = play(100, 5, mixed, 5);
    assert_int_equal(s.frames, 5);
    assert_int_equal(s.tcp_out_of_order, 3); /* 50, 25 and 100 came before 0 */
    assert_int_equal(s.tcp_gaps, 0);
    const struct piece again[] = {{0, 25, 0}, {0, 25, 0}, {10, 30, 0}, {25, 25, 0}, {50, 25, 0}};
    s = play(100, 3, again, 5);
    assert_int_equal(s.frames, 3);
    assert_int_equal(s.tcp_retransmitted, 25 + 15 + 15);
    assert_int_equal(s.tcp_overlap_differs, 0);
}

static void sequence_numbers_wrap(void **state)
{
    (void)state;
    const struct piece pieces[] = {{25, 25, 0}, {0, 25, 0}, {75, 25, 0}, {50, 25, 0}};
    for (uint32_t isn = UINT32_MAX - 110; isn != 10; isn++) {
        struct zj_sense_stats s = play(isn, 4, pieces, 4);
        assert_int_equal(s.frames, 4);
        assert_int_equal(s.tcp_gaps, 0);
    }
}

static void a_hole_is_given_up_and_decoding_goes_on(void **state)
{
    (void)state;
    /* 25..60 never comes: the third heartbeat is cut off at its front, the rest are whole */
    const struct piece hole[] = {{0, 25, 0}, {60, 15, 0}, {75, 25, 0}, {100, 25, 3 * SECOND}};
    struct zj_sense_stats s = play(100, 5, hole, 4);
    assert_int_equal(s.tcp_gaps, 1);
    assert_int_equal(s.tcp_gap_bytes, 35);
    assert_int_equal(s.frames, 3);
    assert_int_equal(s.bad_frames, 0);
    /* the same at the end of the flow, where nothing more comes */
    s = play(100, 5, hole, 3);
    assert_int_equal(s.tcp_gaps, 1);
    assert_int_equal(s.frames, 2);
}

/* 400 heartbeats in segments of `size`, of which one is lost: every frame that lies whole outside
 * of it is read, wherever the segments cut, and no other byte is called missing. */
static void one_lost_segment_costs_what_it_held(void **state)
{
    (void)state;
    enum { FRAMES = 400 };
    static const unsigned sizes[] = {26, 100, 333, 1448};
    for (size_t i = 0; i < ZJ_COUNT(sizes); i++) {
        const unsigned size = sizes[i], lost = size * 2, end = size * 3;
        static struct piece pieces[FRAMES * HEARTBEAT];
        size_t n = 0;
        for (unsigned at = 0; at < FRAMES * HEARTBEAT; at += size)
            if (at != lost)
                pieces[n++] = (struct piece){at, size, 0};
        const struct zj_sense_stats s = play(100, FRAMES, pieces, n);
        const unsigned first_after = (end + HEARTBEAT - 1) / HEARTBEAT;
        assert_int_equal(s.frames, lost / HEARTBEAT + FRAMES - first_after);
        assert_int_equal(s.skipped_bytes, lost % HEARTBEAT + first_after * HEARTBEAT - end);
        assert_int_equal(s.tcp_gap_bytes, size);
        assert_int_equal(s.tcp_gaps, 1);
        assert_int_equal(s.bad_frames + s.lost_streams, 0);
    }
}

/* What is no frame for very long is looked at seldom, but when frames come again they are read. */
static void a_stream_is_not_lost_for_ever(void **state)
{
    (void)state;
    enum { NOISE = 300 };
    struct rig *rig = rig_new(64 << 20);
    struct zj_buf frame = heartbeats(1), noise = {0};
    uint32_t seq = 101;
    for (int i = 0; i < 100; i++)
        zj_buf_byte(&noise, 0xaa);
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, true, seq, ACK, zj_buf_all(&frame), START);
    seq += HEARTBEAT + 10; /* bytes that never come */
    for (int i = 0; i < NOISE; i++, seq += 100)
        rig_segment(rig, true, seq, ACK, zj_buf_all(&noise), START + 3 * SECOND * (i > 0));
    assert_int_equal(rig->w.stats.frames, 1);
    assert_int_equal(rig->w.stats.lost_streams, 1);
    assert_int_equal(rig->w.stats.skipped_bytes, NOISE * 100);
    for (int i = 0; i < 20; i++, seq += HEARTBEAT)
        rig_segment(rig, true, seq, ACK, zj_buf_all(&frame), START + 3 * SECOND);
    assert_true(rig->w.stats.frames >= 1 + 20 - 16);
    assert_int_equal(rig->w.stats.tcp_gap_bytes, 10);
    rig_free(rig);
    zj_buf_release(&frame);
    zj_buf_release(&noise);
}

static void what_waits_is_bounded(void **state)
{
    (void)state;
    static struct piece pieces[2000];
    for (unsigned i = 0; i < 2000; i++) /* the first byte never comes */
        pieces[i] = (struct piece){1 + i, 1, 0};
    struct zj_sense_stats s = play(100, 100, pieces, 2000);
    assert_int_equal(s.tcp_gaps, 1);
    assert_int_equal(s.tcp_gap_bytes, 1);
    assert_int_equal(s.tcp_out_of_order, ZJ_HELD_SEGMENTS_MAX);
}

/* Two copies of one place that differ: the first counts, the difference is told. */
static void differing_copies_are_told(void **state)
{
    (void)state;
    struct rig *rig = rig_new(64 << 20);
    struct zj_buf good = heartbeats(2), evil = heartbeats(2);
    evil.at[HEARTBEAT + 5] ^= 1;
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, true, 101 + HEARTBEAT, ACK, zj_span_part(zj_buf_all(&good), HEARTBEAT, 99), START);
    rig_segment(rig, true, 101 + HEARTBEAT, ACK, zj_span_part(zj_buf_all(&evil), HEARTBEAT, 99), START);
    assert_int_equal(rig->w.stats.tcp_overlap_differs, 1);
    rig_segment(rig, true, 101, ACK, zj_buf_all(&evil), START); /* the rest of it comes too late */
    assert_int_equal(rig->w.stats.tcp_overlap_differs, 2);
    assert_int_equal(rig->w.stats.frames, 2);
    assert_int_equal(rig->w.stats.bad_frames, 0);
    /* and where the frame is not whole yet */
    rig_segment(rig, true, 101 + 2 * HEARTBEAT, ACK, zj_span_part(zj_buf_all(&good), 0, 20), START);
    rig_segment(rig, true, 101 + 2 * HEARTBEAT, ACK, zj_span_part(zj_buf_all(&good), HEARTBEAT, 20),
                START);
    assert_int_equal(rig->w.stats.tcp_overlap_differs, 2); /* the number in the VIN is past them */
    rig_segment(rig, true, 101 + 2 * HEARTBEAT, ACK, zj_span_part(zj_buf_all(&evil), HEARTBEAT, 20),
                START);
    assert_int_equal(rig->w.stats.tcp_overlap_differs, 3);
    rig_free(rig);
    zj_buf_release(&good);
    zj_buf_release(&evil);
}

static void keep_alives_and_probes_are_no_data(void **state)
{
    (void)state;
    struct rig *rig = rig_new(64 << 20);
    struct zj_buf stream = heartbeats(2);
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, true, 101, ACK, zj_span_part(zj_buf_all(&stream), 0, HEARTBEAT), START);
    for (int i = 0; i < 10; i++) {
        rig_segment(rig, true, 100 + HEARTBEAT, ACK, ZJ_SPAN_LIT("\0"), START + i * 30 * SECOND);
        rig_segment(rig, true, 100 + HEARTBEAT, ACK, (struct zj_span){0}, START + i * 30 * SECOND);
    }
    rig_segment(rig, true, 101 + HEARTBEAT, ACK, zj_span_part(zj_buf_all(&stream), HEARTBEAT, 99),
                START + 300 * SECOND);
    assert_int_equal(rig->w.stats.frames, 2);
    assert_int_equal(rig->w.stats.tcp_retransmitted, 0);
    assert_int_equal(rig->w.stats.flows, 1);
    rig_free(rig);
    zj_buf_release(&stream);
}

static void data_in_the_syn_and_joining_in_the_middle(void **state)
{
    (void)state;
    struct zj_buf stream = heartbeats(2);
    struct rig *rig = rig_new(64 << 20);
    rig_segment(rig, true, 100, SYN, zj_span_part(zj_buf_all(&stream), 0, HEARTBEAT), START);
    rig_segment(rig, true, 101 + HEARTBEAT, ACK, zj_span_part(zj_buf_all(&stream), HEARTBEAT, 99), START);
    assert_int_equal(rig->w.stats.frames, 2);
    rig_free(rig);
    rig = rig_new(64 << 20); /* no SYN; the first segment ends a frame, the second starts one */
    rig_segment(rig, true, 777, ACK, zj_span_part(zj_buf_all(&stream), 5, HEARTBEAT - 5), START);
    rig_segment(rig, true, 777 + HEARTBEAT - 5, ACK, zj_span_part(zj_buf_all(&stream), HEARTBEAT, 99),
                START);
    assert_int_equal(rig->w.stats.frames, 1);
    rig_free(rig);
    zj_buf_release(&stream);
}

/* A connection older than the sensor whose segments all begin inside frames, on the usual port: it
 * is read from the first whole frame on, and what was passed over is counted. */
static void a_stream_that_begins_inside_a_frame(void **state)
{
    (void)state;
    enum { FRAMES = 400, SIZE = 1448 };
    struct zj_buf stream = heartbeats(FRAMES);
    for (unsigned from = 1; from <= HEARTBEAT; from++) {
        struct rig *rig = rig_new(64 << 20);
        for (unsigned at = from; at < stream.len; at += SIZE)
            rig_segment(rig, true, at, ACK, zj_span_part(zj_buf_all(&stream), at, SIZE), START);
        assert_int_equal(rig->w.stats.frames, FRAMES - 1);
        assert_int_equal(rig->w.stats.skipped_bytes, HEARTBEAT - from);
        assert_int_equal(rig->w.stats.unread_streams + rig->w.stats.bad_frames, 0);
        rig_free(rig);
    }
    zj_buf_release(&stream);
}

/* The head of a frame at the end of a segment, before anything is recognised. */
static void a_head_cut_by_a_segment(void **state)
{
    (void)state;
    struct zj_buf stream = heartbeats(3);
    for (unsigned cut = 11; cut < 2 * HEARTBEAT; cut++) {
        struct rig *rig = rig_new(64 << 20);
        const struct zj_span all = zj_buf_all(&stream);
        rig_segment(rig, true, 10, ACK, zj_span_part(all, 10, cut - 10), START);
        rig_segment(rig, true, cut, ACK, zj_span_part(all, cut, stream.len), START);
        assert_int_equal(rig->w.stats.frames, 2);
        assert_int_equal(rig->w.stats.skipped_bytes, HEARTBEAT - 10);
        rig_free(rig);
    }
    zj_buf_release(&stream);
}

/* MQTT whose CONNECT came before the sensor: told by its topic on any port, and the other
 * direction with it. */
static void mqtt_without_connect(void **state)
{
    (void)state;
    struct rig *rig = rig_new(64 << 20);
    struct zj_buf publish = {0}, ack = {0};
    put_bytes(&publish, "3217 0005 6361722f31 0007 7b2276223a33302c2273223a307d");
    put_bytes(&ack, "40020007");
    uint32_t seq = 1000;
    for (unsigned i = 0; i < 10; i++, seq += (uint32_t)publish.len) {
        rig_segment(rig, true, seq, ACK, zj_buf_all(&publish), START + i * SECOND);
        rig_segment(rig, false, 500 + 4 * i, ACK, zj_buf_all(&ack), START + i * SECOND);
    }
    assert_int_equal(rig->w.stats.frames, 20);
    assert_int_equal(rig->w.stats.skipped_bytes + rig->w.stats.bad_frames, 0);
    seq += 7; /* bytes that never come; later ones begin inside a packet */
    rig_segment(rig, true, seq, ACK, zj_span_part(zj_buf_all(&publish), 7, 18), START + 11 * SECOND);
    seq += 18;
    rig_segment(rig, true, seq, ACK, zj_buf_all(&publish), START + 15 * SECOND);
    zj_worker_finish(&rig->w);
    assert_int_equal(rig->w.stats.frames, 21);
    assert_int_equal(rig->w.stats.skipped_bytes, 18);
    rig_free(rig);
    zj_buf_release(&publish);
    zj_buf_release(&ack);
}

/* A port used again at once is another connection, and nothing is missing between the two. A SYN
 * that comes late, or twice, is none. */
static void a_port_used_again(void **state)
{
    (void)state;
    static const struct {
        uint32_t isn;
        unsigned flows;
    } cases[] = {
        {200000, 2}, {100 - 200000u, 2}, {100, 1},
    };
    struct zj_buf stream = heartbeats(8);
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct rig *rig = rig_new(64 << 20);
        const struct zj_span none = {0}, first = zj_span_part(zj_buf_all(&stream), 0, HEARTBEAT);
        rig_segment(rig, true, 100, SYN, none, START);
        rig_segment(rig, false, 5000, SYN | ACK, none, START);
        rig_segment(rig, true, 101, ACK, zj_buf_all(&stream), START);
        rig_segment(rig, true, cases[i].isn, SYN, none, START + SECOND);
        if (cases[i].flows == 2)
            rig_segment(rig, true, cases[i].isn + 1, ACK, first, START + SECOND);
        assert_int_equal(rig->w.stats.flows, cases[i].flows);
        assert_int_equal(rig->w.stats.frames, 8 + cases[i].flows - 1);
        assert_int_equal(rig->w.stats.tcp_gaps + rig->w.stats.tcp_gap_bytes, 0);
        rig_free(rig);
    }
    zj_buf_release(&stream);
}

static void resets_close_only_inside_the_window(void **state)
{
    (void)state;
    struct zj_buf stream = heartbeats(2);
    struct rig *rig = rig_new(64 << 20);
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, false, 900, SYN | ACK, (struct zj_span){0}, START);
    rig_segment(rig, true, 101, ACK, zj_span_part(zj_buf_all(&stream), 0, HEARTBEAT), START);
    rig_segment(rig, false, 900 + (1u << 30), RST, (struct zj_span){0}, START); /* guessed */
    rig_segment(rig, true, 101 + HEARTBEAT, ACK, zj_span_part(zj_buf_all(&stream), HEARTBEAT, 99),
                START + 60 * SECOND);
    assert_int_equal(rig->w.stats.flows, 1);
    assert_int_equal(rig->w.stats.frames, 2);
    rig_segment(rig, false, 901, RST, (struct zj_span){0}, START + 60 * SECOND);
    rig_segment(rig, true, 5, SYN, (struct zj_span){0}, START + 61 * SECOND); /* the port again */
    assert_int_equal(rig->w.stats.flows, 2);
    rig_free(rig);
    zj_buf_release(&stream);
}

/* Half open for seven days, then data: the old flow is long gone and nothing grew. */
static void a_half_open_flow_of_seven_days(void **state)
{
    (void)state;
    struct zj_buf stream = heartbeats(1);
    struct rig *rig = rig_new(64 << 20);
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, true, 101, ACK, zj_buf_all(&stream), START + 7 * 86400 * SECOND);
    assert_int_equal(rig->w.stats.flows, 2);
    assert_int_equal(rig->w.stats.flows_expired, 1);
    assert_int_equal(rig->w.stats.frames, 1);
    assert_int_equal(rig->w.flows.count, 1);
    rig_free(rig);
    zj_buf_release(&stream);
}

/* What is no protocol of ours holds no stream state after a look. */
static void unknown_flows_are_left_alone(void **state)
{
    (void)state;
    struct rig *rig = rig_new(64 << 20);
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, false, 900, SYN | ACK, (struct zj_span){0}, START);
    rig_segment(rig, true, 101, ACK, ZJ_SPAN_LIT("SSH-2.0-nothing of ours, said at some length here, past 64 bytes."), START);
    rig_segment(rig, false, 901, ACK, ZJ_SPAN_LIT("SSH-2.0-nothing of ours, said at some length here, past 64 bytes."), START);
    int dir;
    struct zj_layers l = {.proto = ZJ_PROTO_TCP, .port = {40000, 32960}};
    const struct zj_addr car = zj_addr_v4(0x0a000001), platform = zj_addr_v4(0x0a000002);
    memcpy(l.addr[0], car.bytes, 16);
    memcpy(l.addr[1], platform.bytes, 16);
    uint32_t at = 0;
    struct zj_flow *flow = zj_flows_next(&rig->w.flows, &at);
    l.hash = flow->hash;
    assert_ptr_equal(zj_flow_find(&rig->w.flows, &l, &dir), flow);
    assert_int_equal(dir, 0);
    assert_null(flow->stream);
    assert_true(flow->flags & ZJ_FLOW_IGNORED);
    assert_int_equal(rig->w.stats.frames, 0);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order_in_any_cut),
        cmocka_unit_test(out_of_order_and_again),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(a_hole_is_given_up_and_decoding_goes_on),
        cmocka_unit_test(one_lost_segment_costs_what_it_held),
        cmocka_unit_test(a_stream_is_not_lost_for_ever),
        cmocka_unit_test(what_waits_is_bounded),
        cmocka_unit_test(differing_copies_are_told),
        cmocka_unit_test(keep_alives_and_probes_are_no_data),
        cmocka_unit_test(data_in_the_syn_and_joining_in_the_middle),
        cmocka_unit_test(a_stream_that_begins_inside_a_frame),
        cmocka_unit_test(a_head_cut_by_a_segment),
        cmocka_unit_test(mqtt_without_connect),
        cmocka_unit_test(a_port_used_again),
        cmocka_unit_test(resets_close_only_inside_the_window),
        cmocka_unit_test(a_half_open_flow_of_seven_days),
        cmocka_unit_test(unknown_flows_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
