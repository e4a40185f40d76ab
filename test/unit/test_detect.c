/* Detections: each rule with what raises it and, beside it, what must not. The cases are those of
 * attack catalogues and of normal service: reconnects, retries, platform links, resent data. */
#include "unit/observe.h"

static const char vin_a[] = "LZJTEST0000000001", vin_b[] = "LZJTEST0000000002";

static struct zj_msg *vehicle(struct bench *b, enum zj_msg_kind kind, uint32_t command,
                              const char *vin)
{
    struct zj_msg *m = message(b, kind, command);
    m->vin = zj_span_str(vin);
    return m;
}

static void login(struct bench *b, struct flow *f, const char *vin)
{
    vehicle(b, ZJ_MSG_LOGIN, 1, vin);
    send(b, f, 0);
}

static void fix(struct bench *b, struct flow *f, const char *vin, int32_t lat_e6, int64_t time_s)
{
    struct zj_msg *m = vehicle(b, ZJ_MSG_REPORT, 2, vin);
    m->has_position = m->has_time = true;
    m->lat_e6 = lat_e6;
    m->lon_e6 = 116397128;
    m->time_s = time_s;
    send(b, f, 0);
}

static struct zj_msg *terminal(struct bench *b, enum zj_msg_kind kind, uint32_t command)
{
    struct zj_msg *m = message(b, kind, command);
    m->phone = ZJ_SPAN_LIT("13800138000");
    return m;
}

static void refuse(struct bench *b, struct flow *f, uint32_t answered, int code)
{
    struct zj_msg *m = &b->msg;
    m->kind = ZJ_MSG_ANSWER;
    m->answered = answered;
    m->answer = code;
    m->is_down = true;
    send(b, f, 1);
}

/* Alarms of a rule; their counts together. */
static int64_t alarms(struct bench *b, const char *rule)
{
    flush(b, true);
    struct row *row = row_of(b, ZJ_FACT_DETECTION, ZJ_DT_RULE, rule);
    return row ? row->num[ZJ_DT_COUNT] : 0;
}

static const struct row *alarm_of(struct bench *b, const char *rule)
{
    flush(b, true);
    return row_of(b, ZJ_FACT_DETECTION, ZJ_DT_RULE, rule);
}

static void two_that_speak_by_turns_are_a_duplicate(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow first = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    struct flow second = flow_of("gb32960", "203.0.113.50", "198.51.100.10", 32960);
    login(b, &first, vin_a);
    fix(b, &first, vin_a, 39916527, 1000);
    pass(b, 5000);
    login(b, &second, vin_a);
    fix(b, &second, vin_a, 39916527, 1005);
    assert_int_equal(alarms(b, "duplicate-vehicle"), 0); /* so far a hand-over */
    fix(b, &first, vin_a, 39916527, 1006);
    assert_int_equal(alarms(b, "duplicate-vehicle"), 1);
    assert_string_equal(alarm_of(b, "duplicate-vehicle")->text[ZJ_DT_SUBJECT], vin_a);
    assert_string_equal(alarm_of(b, "duplicate-vehicle")->text[ZJ_DT_SEVERITY], "high");
    end_flow(b, &first);
    end_flow(b, &second);
    bench_free(b);
}

static void reconnects_and_second_platforms_are_no_duplicate(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f[4] = {flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960),
                        flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960),
                        flow_of("gb32960", "10.1.0.2", "198.51.100.10", 32960),
                        flow_of("gb32960", "10.9.0.1", "198.51.100.99", 32960)};
    for (size_t i = 0; i < 3; i++) { /* the same address again, then a new one, for good */
        login(b, &f[i], vin_a);
        fix(b, &f[i], vin_a, 39916527, 1000 + (int64_t)i);
    }
    vehicle(b, ZJ_MSG_PLATFORM_LOGIN, 5, "");
    send(b, &f[3], 0);
    for (int i = 0; i < 5; i++) { /* its platform passes the data on */
        fix(b, &f[3], vin_a, 39916527, 1003);
        fix(b, &f[2], vin_a, 39916527, 1004);
    }
    assert_int_equal(alarms(b, "duplicate-vehicle"), 0);
    for (size_t i = 0; i < 4; i++)
        end_flow(b, &f[i]);
    bench_free(b);
}

static void an_identity_that_changes_is_a_swap(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    login(b, &f, vin_a);
    fix(b, &f, vin_a, 39916527, 1000);
    assert_int_equal(alarms(b, "identity-swap"), 0);
    fix(b, &f, vin_b, 39916527, 1001);
    assert_int_equal(alarms(b, "identity-swap"), 1);
    assert_string_equal(alarm_of(b, "identity-swap")->text[ZJ_DT_SUBJECT], vin_a);
    end_flow(b, &f);
    /* in the middle of a link that began before the capture nothing can be said */
    struct flow link = flow_of("gb32960", "10.9.0.1", "198.51.100.10", 32960);
    for (int i = 0; i < 6; i++)
        fix(b, &link, vin_b, 39916527, 1002);
    login(b, &link, vin_b);
    fix(b, &link, vin_a, 39916527, 1003);
    assert_int_equal(alarms(b, "identity-swap"), 1);
    end_flow(b, &link);
    bench_free(b);
}

static void five_refusals_in_a_minute_are_guessing(void **state)
{
    (void)state;
    static const struct {
        const char *protocol, *rule, *subject;
        uint32_t answered;
        int code;
    } cases[] = {
        {"gb32960", "platform-login-bruteforce", "203.0.113.60", 5, 2},
        {"jt808", "auth-bruteforce", "13800138000", 0x0102, 1},
        {"mqtt", "mqtt-bruteforce", "203.0.113.60", 1, 5},
        {"mqtt", "mqtt-bruteforce", "203.0.113.60", 1, 0x86},
    };
    for (size_t c = 0; c < ZJ_COUNT(cases); c++)
        for (int slow = 0; slow < 2; slow++) {
            struct bench *b = bench_new(0);
            for (int i = 0; i < 6; i++) {
                struct flow f = flow_of(cases[c].protocol, "203.0.113.60", "198.51.100.1", 1);
                terminal(b, ZJ_MSG_LOGIN, cases[c].answered);
                refuse(b, &f, cases[c].answered, cases[c].code);
                end_flow(b, &f);
                assert_int_equal(alarms(b, cases[c].rule), slow || i < 4 ? 0 : i - 3);
                pass(b, slow ? 16000 : 1000);
            }
            if (!slow)
                assert_string_equal(alarm_of(b, cases[c].rule)->text[ZJ_DT_SUBJECT],
                                    cases[c].subject);
            bench_free(b);
        }
}

static void accepted_logins_are_no_guessing(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
    for (int i = 0; i < 20; i++) {
        terminal(b, ZJ_MSG_LOGIN, 0x0102);
        send(b, &f, 0);
        refuse(b, &f, 0x0102, 0);
    }
    assert_int_equal(rows_of(b, ZJ_FACT_DETECTION), 0);
    end_flow(b, &f);
    bench_free(b);
}

static void many_registrations_are_a_flood(void **state)
{
    (void)state;
    for (int same = 0; same < 2; same++) {
        struct bench *b = bench_new(0);
        for (int i = 0; i < 25; i++) {
            char phone[16];
            struct flow f = flow_of("jt808", "203.0.113.61", "198.51.100.20", 7611);
            snprintf(phone, sizeof phone, "139%08d", same ? 0 : i);
            message(b, ZJ_MSG_REGISTER, 0x0100)->phone = zj_span_str(phone);
            send(b, &f, 0);
            end_flow(b, &f);
        }
        assert_int_equal(alarms(b, "registration-flood"), same ? 0 : 6); /* the 20th to the 25th */
        bench_free(b);
    }
}

static void recorded_frames_are_a_replay(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    struct flow other = flow_of("gb32960", "203.0.113.50", "198.51.100.10", 32960);
    login(b, &f, vin_a);
    fix(b, &f, vin_a, 39916527, 1000);
    pass(b, 10000);
    fix(b, &f, vin_a, 39916527, 1000); /* sent again for want of an answer */
    assert_int_equal(alarms(b, "replayed-frame"), 0);
    pass(b, 61000);
    fix(b, &f, vin_a, 39916527, 1000);
    assert_int_equal(alarms(b, "replayed-frame"), 1);
    fix(b, &other, vin_a, 39916527, 1000);
    flush(b, true);
    assert_int_equal(b->stats.detections, 2);
    vehicle(b, ZJ_MSG_HEARTBEAT, 7, vin_a); /* no time of its own: equal by right */
    send(b, &f, 0);
    pass(b, 100000);
    vehicle(b, ZJ_MSG_HEARTBEAT, 7, vin_a);
    send(b, &f, 0);
    assert_int_equal(b->stats.detections, 2);
    end_flow(b, &f);
    end_flow(b, &other);
    bench_free(b);
}

static void a_jump_is_more_than_a_drive(void **state)
{
    (void)state;
    static const struct {
        int32_t from_e6, to_e6;
        int64_t seconds;
        int alarms;
    } cases[] = {
        {39000000, 39030000, 30, 1},  /* 3.3 km in 30 s: 400 km/h */
        {39000000, 39030000, 60, 0},  /* 200 km/h */
        {39000000, 39010000, 1, 0},   /* 1.1 km: noise of positioning */
        {39000000, 49000000, 601, 0}, /* after ten minutes of silence */
        {39000000, 39000000, 0, 0},   /* the same report again */
        {39000000, 0, 10, 0},         /* no fix: 0, 0 is left out below */
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
        login(b, &f, vin_a);
        fix(b, &f, vin_a, cases[i].from_e6, 1000);
        struct zj_msg *m = vehicle(b, ZJ_MSG_REPORT, 2, vin_a);
        m->has_position = m->has_time = true;
        m->lat_e6 = cases[i].to_e6;
        m->lon_e6 = cases[i].to_e6 ? 116397128 : 0;
        m->time_s = 1000 + cases[i].seconds;
        send(b, &f, 0);
        assert_int_equal(alarms(b, "position-jump"), cases[i].alarms);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void stored_positions_and_other_coordinates_are_no_jump(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    login(b, &f, vin_a);
    fix(b, &f, vin_a, 39000000, 1000);
    struct zj_msg *m = vehicle(b, ZJ_MSG_REISSUE, 3, vin_a);
    m->has_position = m->has_time = true;
    m->lat_e6 = 31000000;
    m->lon_e6 = 116397128;
    m->time_s = 999;
    send(b, &f, 0);
    fix(b, &f, vin_a, 39000100, 1010);
    m = vehicle(b, ZJ_MSG_REPORT, 2, vin_a);
    m->has_position = m->has_time = true;
    m->coordinates = 2;
    m->lat_e6 = 39100000;
    m->lon_e6 = 116397128;
    m->time_s = 1020;
    send(b, &f, 0);
    assert_int_equal(alarms(b, "position-jump"), 0);
    end_flow(b, &f);
    bench_free(b);
}

static void distances_on_the_ground(void **state)
{
    (void)state;
    /* one degree of a great circle of 6371 km is 111.19 km; at 60° north half of it */
    assert_in_range(zj_detect_metres(0, 0, 1000000, 0), 111000, 111400);
    assert_in_range(zj_detect_metres(60000000, 0, 60000000, 1000000), 55400, 55800);
    assert_in_range(zj_detect_metres(0, 179500000, 0, -179500000), 111000, 111400);
    assert_int_equal(zj_detect_metres(39916527, 116397128, 39916527, 116397128), 0);
}

static struct zj_msg *command(struct bench *b, enum zj_msg_kind kind, uint32_t number)
{
    struct zj_msg *m = vehicle(b, kind, number, vin_a);
    m->is_down = true;
    return m;
}

static void commands_come_from_the_platform_of_the_login(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow own = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    struct flow rogue = flow_of("gb32960", "10.1.0.1", "203.0.113.77", 32960);
    login(b, &own, vin_a);
    command(b, ZJ_MSG_CONTROL, 0x82);
    send(b, &own, 1);
    assert_int_equal(alarms(b, "unknown-platform-command"), 0);
    command(b, ZJ_MSG_CONTROL, 0x82);
    send(b, &rogue, 1);
    assert_int_equal(alarms(b, "unknown-platform-command"), 1);
    assert_string_equal(alarm_of(b, "unknown-platform-command")->text[ZJ_DT_SRC], "203.0.113.77");
    command(b, ZJ_MSG_CONTROL, 0x82)->vin = zj_span_str(vin_b); /* never seen: nothing known */
    send(b, &rogue, 1);
    assert_int_equal(alarms(b, "unknown-platform-command"), 1);
    end_flow(b, &own);
    end_flow(b, &rogue);
    bench_free(b);
}

static void commands_on_a_link_between_platforms_are_no_strangers(void **state)
{
    (void)state;
    for (int from_start = 0; from_start < 2; from_start++) {
        struct bench *b = bench_new(0);
        struct flow own = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
        struct flow link = flow_of("gb32960", "198.51.100.10", "198.51.100.99", 32960);
        login(b, &own, vin_a);
        if (from_start) {
            vehicle(b, ZJ_MSG_PLATFORM_LOGIN, 5, "");
            send(b, &link, 0);
        }
        fix(b, &link, vin_b, 39916527, 1000);
        fix(b, &link, vin_a, 39916527, 1000);
        command(b, ZJ_MSG_CONTROL, 0x82);
        send(b, &link, 1);
        assert_int_equal(alarms(b, "unknown-platform-command"), 0);
        assert_int_equal(alarms(b, "identity-swap"), 0);
        end_flow(b, &own);
        end_flow(b, &link);
        bench_free(b);
    }
}

static void a_refused_login_makes_no_platform(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow own = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    struct flow rogue = flow_of("gb32960", "10.1.0.1", "203.0.113.77", 32960);
    login(b, &own, vin_a);
    login(b, &rogue, vin_a);
    refuse(b, &rogue, 1, 2);
    command(b, ZJ_MSG_CONTROL, 0x82);
    send(b, &rogue, 1);
    assert_int_equal(alarms(b, "unknown-platform-command"), 1);
    end_flow(b, &own);
    end_flow(b, &rogue);
    bench_free(b);
}

static void hosts_other_than_the_platform_are_told(void **state)
{
    (void)state;
    static const struct {
        enum zj_msg_kind kind;
        const char *host, *rule;
        int alarms;
    } cases[] = {
        {ZJ_MSG_UPGRADE, "203.0.113.77", "upgrade-other-host", 1},
        {ZJ_MSG_UPGRADE, "ota.example.com", "upgrade-other-host", 0},
        {ZJ_MSG_UPGRADE, "198.51.100.10", "upgrade-other-host", 0},
        {ZJ_MSG_UPGRADE, "", "upgrade-other-host", 0},
        {ZJ_MSG_UPGRADE, "tsp.example.com", "upgrade-other-host", 0}, /* its name by DNS */
        {ZJ_MSG_SWITCH_SERVER, "203.0.113.77", "server-switch", 1},
        {ZJ_MSG_SWITCH_SERVER, "198.51.100.10", "server-switch", 0},
        {ZJ_MSG_PARAMETERS, "203.0.113.77", "server-switch", 1},
        {ZJ_MSG_PARAMETERS, "", "server-switch", 0},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow dns = flow_of("dns", "10.1.0.1", "10.0.0.53", 53);
        struct zj_msg *m = message(b, ZJ_MSG_RESPONSE, 1);
        const struct zj_addr platform = addr_of("198.51.100.10");
        m->topic = ZJ_SPAN_LIT("tsp.example.com");
        m->address_count = 1;
        memcpy(m->addresses[0], platform.bytes, sizeof platform.bytes);
        send(b, &dns, 1);
        struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
        login(b, &f, vin_a);
        command(b, cases[i].kind, 0x82)->host = zj_span_str(cases[i].host);
        send(b, &f, 1);
        assert_int_equal(alarms(b, cases[i].rule), cases[i].alarms);
        end_flow(b, &f);
        end_flow(b, &dns);
        bench_free(b);
    }
}

static void control_of_a_standing_car_is_service(void **state)
{
    (void)state;
    for (int moving = 0; moving < 2; moving++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
        login(b, &f, vin_a);
        fix(b, &f, vin_a, 39000000, 1000);
        fix(b, &f, vin_a, moving ? 39001000 : 39000001, 1010); /* 111 m: 40 km/h */
        command(b, ZJ_MSG_CONTROL, 0x82);
        send(b, &f, 1);
        assert_int_equal(alarms(b, "control-while-moving"), moving);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void ten_cars_in_ten_minutes_are_a_fleet(void **state)
{
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct bench *b = bench_new(0);
        for (int i = 0; i < 11; i++) {
            char vin[32];
            struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
            snprintf(vin, sizeof vin, "LZJTEST00%08d", i);
            command(b, ZJ_MSG_CONTROL, 0x82)->vin = zj_span_str(vin);
            send(b, &f, 1);
            end_flow(b, &f);
            pass(b, slow ? 120000 : 1000);
        }
        assert_int_equal(alarms(b, "fleet-control"), slow ? 0 : 2);
        bench_free(b);
    }
}

static void listening_is_always_told(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
    terminal(b, ZJ_MSG_EAVESDROP, 0x8400)->is_down = true;
    send(b, &f, 1);
    assert_string_equal(alarm_of(b, "eavesdropping")->text[ZJ_DT_SUBJECT], "13800138000");
    end_flow(b, &f);
    bench_free(b);
}

static void diagnostics_hide_in_passthrough(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        int alarms;
    } cases[] = {
        {"\x10\x02", 2, 1},                             /* programming session */
        {"\x27\x01", 2, 1},                             /* seed */
        {"\x02\x10\x02", 3, 1},                         /* ISO-TP single frame */
        {"\x00\x00\x07\xe0\x02\x10\x02\x00\x00", 9, 1}, /* CAN id, then the frame */
        {"\x2e\xf1\x90LZJ", 6, 1},                      /* write the VIN */
        {"\x3e\x00", 2, 0},                             /* tester present changes nothing */
        {"\x22\xf1\x90", 3, 0},                         /* reading does not */
        {"$GPGGA,0817", 11, 0},
        {"hello", 5, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
        struct zj_msg *m = terminal(b, ZJ_MSG_PASSTHROUGH_DOWN, 0x8900);
        m->is_down = true;
        m->payload = zj_span_of(cases[i].bytes, cases[i].len);
        send(b, &f, 1);
        assert_int_equal(alarms(b, "diagnostic-passthrough"), cases[i].alarms);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void only_what_names_nothing_spans_all(void **state)
{
    (void)state;
    static const struct {
        const char *filter;
        int code, alarms;
    } cases[] = {
        {"#", 0, 1},
        {"+/#", 1, 1},
        {"/#", 0, 1},
        {"$SYS/#", 2, 1},
        {"$share/group/#", 0, 1},
        {"#", 0x80, 0}, /* refused */
        {"vehicle/#", 0, 0},
        {"vehicle/+/up", 0, 0},
        {"+", 0, 0},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("mqtt", "203.0.113.62", "198.51.100.40", 1883);
        struct zj_msg *m = message(b, ZJ_MSG_CONNECT, 1);
        m->client = ZJ_SPAN_LIT("probe");
        m->user = ZJ_SPAN_LIT("someone");
        send(b, &f, 0);
        m = message(b, ZJ_MSG_SUBSCRIBE, 8);
        m->has_serial = true;
        m->serial = 7;
        m->topic = zj_span_str(cases[i].filter);
        send(b, &f, 0);
        assert_int_equal(alarms(b, "mqtt-wildcard"), 0); /* asked is not granted */
        message(b, ZJ_MSG_ANSWER, 9)->answered_serial = 7;
        refuse(b, &f, 8, cases[i].code >= 0x80 ? cases[i].code : 0);
        assert_int_equal(alarms(b, "mqtt-wildcard"), cases[i].alarms);
        if (cases[i].alarms)
            assert_string_equal(alarm_of(b, "mqtt-wildcard")->text[ZJ_DT_SUBJECT], "probe");
        end_flow(b, &f);
        bench_free(b);
    }
}

static void a_broker_that_lets_anyone_in(void **state)
{
    (void)state;
    static const struct {
        const char *user;
        int code, alarms;
    } cases[] = {{"", 0, 3}, {"", 5, 0}, {"car", 0, 0}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        for (int n = 0; n < 3; n++) {
            char client[24];
            snprintf(client, sizeof client, "203.0.113.%d", n + 1);
            struct flow f = flow_of("mqtt", client, "198.51.100.40", 1883);
            message(b, ZJ_MSG_CONNECT, 1)->user = zj_span_str(cases[i].user);
            send(b, &f, 0);
            refuse(b, &f, 1, cases[i].code);
            end_flow(b, &f);
        }
        assert_int_equal(alarms(b, "mqtt-anonymous"), cases[i].alarms);
        /* one row for the broker, whoever connects */
        assert_int_equal(rows_of(b, ZJ_FACT_DETECTION), cases[i].alarms ? 1 : 0);
        bench_free(b);
    }
}

static void a_retained_command_stays(void **state)
{
    (void)state;
    static const struct {
        const char *topic, *payload;
        bool retain;
        int dir, alarms;
    } cases[] = {
        {"vehicle/LZJTEST0000000001/cmd", "{\"door\":\"unlock\"}", true, 0, 1},
        {"fleet/OTA", "x", true, 0, 1},
        {"vehicle/LZJTEST0000000001/cmd", "x", false, 0, 0},
        {"vehicle/LZJTEST0000000001/telemetry", "x", true, 0, 0},
        {"vehicle/LZJTEST0000000001/cmd", "", true, 0, 0},  /* clears it */
        {"vehicle/LZJTEST0000000001/cmd", "x", true, 1, 0}, /* the broker hands it out */
        {"commander/state", "x", true, 0, 0},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("mqtt", "203.0.113.62", "198.51.100.40", 1883);
        struct zj_msg *m = message(b, ZJ_MSG_PUBLISH, 3);
        m->topic = zj_span_str(cases[i].topic);
        m->payload = zj_span_str(cases[i].payload);
        m->retain = cases[i].retain;
        send(b, &f, cases[i].dir);
        assert_int_equal(alarms(b, "mqtt-retained-command"), cases[i].alarms);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void plaintext_matters_across_public_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *client, *server;
        bool is_encrypted;
        int alarms;
    } cases[] = {
        {"10.1.0.1", "8.8.8.8", false, 1},         {"8.8.4.4", "10.0.0.1", false, 1},
        {"10.1.0.1", "8.8.8.8", true, 0},          {"10.1.0.1", "10.0.0.1", false, 0},
        {"100.64.0.1", "198.51.100.10", false, 0}, /* shared; documentation */
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("gb32960", cases[i].client, cases[i].server, 32960);
        vehicle(b, ZJ_MSG_LOGIN, 1, vin_a)->is_encrypted = cases[i].is_encrypted;
        send(b, &f, 0);
        assert_int_equal(alarms(b, "plaintext-vehicle-protocol"), cases[i].alarms);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void old_tls_is_weak(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        int dir, alarms;
    } cases[] = {{"SSL 3.0", 1, 1}, {"TLS 1.0", 1, 1}, {"TLS 1.1", 1, 1},
                 {"TLS 1.2", 1, 0}, {"TLS 1.3", 1, 0}, {"TLCP 1.1", 1, 0},
                 {"TLS 1.0", 0, 0}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("tls", "10.1.0.1", "198.51.100.10", 443);
        message(b, cases[i].dir ? ZJ_MSG_RESPONSE : ZJ_MSG_REQUEST, 2)->tls_version =
            cases[i].version;
        send(b, &f, cases[i].dir);
        assert_int_equal(alarms(b, "weak-tls"), cases[i].alarms);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void a_few_bad_frames_are_noise(void **state)
{
    (void)state;
    static const struct {
        int bad, good;
        int64_t alarms;
    } cases[] = {{9, 0, 0}, {10, 0, 1}, {12, 0, 3}, {12, 500, 0}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("gb32960", "203.0.113.50", "198.51.100.10", 32960);
        for (int n = 0; n < cases[i].good; n++)
            fix(b, &f, vin_a, 39000000, 1000 + n);
        for (int n = 0; n < cases[i].bad; n++) {
            message(b, ZJ_MSG_OTHER, 0)->error = "bad_bcc";
            send(b, &f, 0);
        }
        assert_int_equal(alarms(b, "malformed-flood"), cases[i].alarms);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void names_of_codecs_have_words(void **state)
{
    (void)state;
    assert_string_equal(zj_said("terminal_control").zh, "终端控制");
    assert_string_equal(zj_said("bad_bcc").en, "wrong check byte");
    assert_string_equal(zj_said("unknown_param_0x8a").zh, "未知参数");
    assert_string_equal(zj_said("bad").zh, "bad"); /* no name of any codec */
}

static void video_goes_where_the_command_says(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
    struct zj_msg *m = terminal(b, ZJ_MSG_MEDIA, 0x9101);
    m->is_down = true;
    m->host = ZJ_SPAN_LIT("198.51.100.20");
    send(b, &f, 1);
    assert_int_equal(alarms(b, "video-other-host"), 0);
    m->host = ZJ_SPAN_LIT("203.0.113.77");
    send(b, &f, 1);
    assert_int_equal(alarms(b, "video-other-host"), 1);
    end_flow(b, &f);
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_that_speak_by_turns_are_a_duplicate),
        cmocka_unit_test(reconnects_and_second_platforms_are_no_duplicate),
        cmocka_unit_test(an_identity_that_changes_is_a_swap),
        cmocka_unit_test(five_refusals_in_a_minute_are_guessing),
        cmocka_unit_test(accepted_logins_are_no_guessing),
        cmocka_unit_test(many_registrations_are_a_flood),
        cmocka_unit_test(recorded_frames_are_a_replay),
        cmocka_unit_test(a_jump_is_more_than_a_drive),
        cmocka_unit_test(stored_positions_and_other_coordinates_are_no_jump),
        cmocka_unit_test(distances_on_the_ground),
        cmocka_unit_test(commands_come_from_the_platform_of_the_login),
        cmocka_unit_test(commands_on_a_link_between_platforms_are_no_strangers),
        cmocka_unit_test(a_refused_login_makes_no_platform),
        cmocka_unit_test(hosts_other_than_the_platform_are_told),
        cmocka_unit_test(control_of_a_standing_car_is_service),
        cmocka_unit_test(ten_cars_in_ten_minutes_are_a_fleet),
        cmocka_unit_test(listening_is_always_told),
        cmocka_unit_test(diagnostics_hide_in_passthrough),
        cmocka_unit_test(only_what_names_nothing_spans_all),
        cmocka_unit_test(a_broker_that_lets_anyone_in),
        cmocka_unit_test(a_retained_command_stays),
        cmocka_unit_test(plaintext_matters_across_public_addresses),
        cmocka_unit_test(old_tls_is_weak),
        cmocka_unit_test(a_few_bad_frames_are_noise),
        cmocka_unit_test(names_of_codecs_have_words),
        cmocka_unit_test(video_goes_where_the_command_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
