/* The fact path: what messages become, told by a sink that folds rows as a store does. Expected
 * values are counted by hand from the messages sent. */
#include "unit/observe.h"

static const char vin_a[] = "LZJTEST0000000001", vin_b[] = "LZJTEST0000000002";

static void login(struct bench *b, struct flow *f, const char *vin, const char *iccid)
{
    struct zj_msg *m = message(b, ZJ_MSG_LOGIN, 1);
    m->vin = zj_span_str(vin);
    m->iccid = zj_span_str(iccid);
    send(b, f, 0);
}

static void report(struct bench *b, struct flow *f, const char *vin, int32_t lat_e6)
{
    struct zj_msg *m = message(b, ZJ_MSG_REPORT, 2);
    m->vin = zj_span_str(vin);
    m->has_position = true;
    m->lat_e6 = lat_e6;
    m->lon_e6 = 116397128;
    send(b, f, 0);
}

static void first_sight_has_evidence_and_differences_sum_up(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    login(b, &f, vin_a, "89860000000000000019");
    struct row *id = row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_VIN, vin_a);
    assert_non_null(id); /* at once, before any flush */
    assert_int_equal(id->num[ZJ_ID_EV_PACKET], 1);
    assert_string_equal(id->text[ZJ_ID_EV_SOURCE], "test.pcap");
    assert_string_equal(id->text[ZJ_ID_EV_FLOW], "10.1.0.1:40000-198.51.100.10:32960");
    assert_string_equal(id->text[ZJ_ID_EV_FRAME], "0123456789");
    for (int i = 0; i < 10; i++) {
        pass(b, 400);
        report(b, &f, vin_a, 39916527);
        assert_int_equal(flush(b, false), ZJ_OK);
    }
    assert_int_equal(flush(b, true), ZJ_OK);
    assert_int_equal(id->num[ZJ_ID_LOGINS], 1);
    assert_int_equal(id->num[ZJ_ID_LIFE_FRAMES], 1);
    assert_int_equal(id->num[ZJ_ID_OTHER_FRAMES], 10);
    assert_int_equal(id->num[ZJ_ID_BYTES], 110);
    assert_int_equal(id->num[ZJ_ID_FIRST_SEEN], START_NS);
    assert_int_equal(id->num[ZJ_ID_LAST_SEEN], START_NS + 4 * ZJ_NS_PER_S);
    assert_int_equal(id->with_evidence, 1);
    assert_int_equal(id->sent, 5); /* the first, once a second of four, the rest at the end */
    assert_int_equal(flush(b, true), ZJ_OK);
    assert_int_equal(id->sent, 5); /* nothing new, nothing sent */
    end_flow(b, &f);
    bench_free(b);
}

static struct zj_msg *jt808(struct bench *b, enum zj_msg_kind kind, uint32_t command)
{
    struct zj_msg *m = message(b, kind, command);
    m->phone = ZJ_SPAN_LIT("13800138000");
    return m;
}

static void a_terminal_gets_its_card_and_vin(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
    jt808(b, ZJ_MSG_REGISTER, 0x0100)->vin = zj_span_str(vin_a);
    send(b, &f, 0);
    struct zj_msg *m = jt808(b, ZJ_MSG_ATTRIBUTES, 0x0107);
    m->iccid = ZJ_SPAN_LIT("89860012345678901234");
    m->version = ZJ_SPAN_LIT("FW1.2");
    send(b, &f, 0);
    jt808(b, ZJ_MSG_REPORT, 0x0200);
    send(b, &f, 0);
    end_flow(b, &f);
    /* a later session names neither, and is still the same card */
    struct flow later = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
    jt808(b, ZJ_MSG_LOGIN, 0x0102);
    send(b, &later, 0);
    jt808(b, ZJ_MSG_REPORT, 0x0200);
    send(b, &later, 0);
    end_flow(b, &later);
    flush(b, true);
    struct row *id = row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_ICCID, "89860012345678901234");
    assert_non_null(id);
    assert_string_equal(id->text[ZJ_ID_PHONE], "13800138000");
    assert_string_equal(id->text[ZJ_ID_VIN], vin_a);
    assert_string_equal(id->text[ZJ_ID_FIRMWARE], "FW1.2");
    assert_int_equal(id->num[ZJ_ID_LIFE_FRAMES], 2); /* attributes, authentication */
    assert_int_equal(id->num[ZJ_ID_OTHER_FRAMES], 2);
    assert_int_equal(id->num[ZJ_ID_LOGINS], 1);
    bench_free(b);
}

static void an_emergency_lasts_a_minute(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("jt808", "10.2.0.1", "198.51.100.20", 7611);
    jt808(b, ZJ_MSG_LOGIN, 0x0102);
    send(b, &f, 0);
    jt808(b, ZJ_MSG_REPORT, 0x0200)->is_life_safety = true;
    send(b, &f, 0);
    pass(b, 59000);
    jt808(b, ZJ_MSG_REPORT, 0x0200);
    send(b, &f, 0);
    pass(b, 1000);
    jt808(b, ZJ_MSG_REPORT, 0x0200); /* 60 s after: no longer */
    send(b, &f, 0);
    jt808(b, ZJ_MSG_HEARTBEAT, 0x0002);
    send(b, &f, 0);
    flush(b, true);
    struct row *id = row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_PHONE, "13800138000");
    assert_int_equal(id->num[ZJ_ID_LIFE_FRAMES], 4);
    assert_int_equal(id->num[ZJ_ID_OTHER_FRAMES], 1);
    end_flow(b, &f);
    bench_free(b);
}

/* A terminal that has no VIN yet logs in with its card: it is no vehicle, its card is on the wire. */
static void a_terminal_without_a_vin_shows_its_card(void **state)
{
    (void)state;
    static const char *const none[] = {"                 ", "lzjtest0000000001",
                                       "TESTVIN0000000001"}; /* an I is in no VIN: ISO 3779 */
    static const char *const cards[] = {"89860000000000000001", "89860000000000000002",
                                        "89860000000000000003"};
    struct bench *b = bench_new(0);
    for (size_t i = 0; i < ZJ_COUNT(none); i++) {
        struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
        login(b, &f, none[i], cards[i]);
        report(b, &f, none[i], 39916527);
        end_flow(b, &f);
    }
    flush(b, true);
    assert_int_equal(rows_of(b, ZJ_FACT_IDENTITY), ZJ_COUNT(none));
    for (size_t i = 0; i < ZJ_COUNT(none); i++) {
        struct row *id = row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_ICCID, cards[i]);
        assert_non_null(id);
        assert_string_equal(id->text[ZJ_ID_VIN], "");
        assert_int_equal(id->num[ZJ_ID_LOGINS], 1);
    }
    assert_int_equal(row_of(b, ZJ_FACT_HOURLY, ZJ_HR_SERVER, "198.51.100.10")->num[ZJ_HR_VEHICLES],
                     0);
    assert_null(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "VIN"));
    bench_free(b);
}

/* Who speaks first does not matter: one end with a public address is enough. */
static void a_service_is_public_once_one_end_was(void **state)
{
    (void)state;
    static const char *const clients[2][2] = {{"10.1.0.1", "39.156.1.9"}, {"39.156.1.9", "10.1.0.1"}};
    for (size_t i = 0; i < 2; i++) {
        struct bench *b = bench_new(0);
        for (size_t k = 0; k < 2; k++) {
            struct flow f = flow_of("gb32960", clients[i][k], "10.1.0.5", 32960);
            login(b, &f, k ? vin_a : vin_b, k ? "89860000000000000019" : "89860000000000000027");
            end_flow(b, &f);
        }
        flush(b, true);
        assert_int_equal(row_of(b, ZJ_FACT_SERVICE, ZJ_SV_ADDR, "10.1.0.5")->num[ZJ_SV_IS_PUBLIC], 1);
        bench_free(b);
    }
}

static void a_platform_link_speaks_for_many(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.9.0.1", "198.51.100.10", 32960);
    message(b, ZJ_MSG_PLATFORM_LOGIN, 5)->user = ZJ_SPAN_LIT("maker");
    send(b, &f, 0);
    for (int i = 0; i < 5; i++) {
        report(b, &f, vin_a, 39916527);
        report(b, &f, vin_b, 31230416);
    }
    flush(b, true);
    assert_int_equal(rows_of(b, ZJ_FACT_IDENTITY), 2);
    assert_int_equal(row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_VIN, vin_b)->num[ZJ_ID_OTHER_FRAMES], 5);
    assert_int_equal(rows_of(b, ZJ_FACT_DETECTION), 0); /* two vehicles here are no swap */
    end_flow(b, &f);
    bench_free(b);
}

static void transfers_name_what_leaves(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    login(b, &f, vin_a, "89860000000000000019");
    for (int i = 0; i < 4; i++) {
        report(b, &f, vin_a, 39916527);
        struct zj_msg *m = message(b, ZJ_MSG_REPORT, 2); /* the platform's answer */
        m->vin = zj_span_str(vin_a);
        m->answer = 0;
        m->is_down = true;
        send(b, &f, 1);
    }
    flush(b, true);
    assert_int_equal(rows_of(b, ZJ_FACT_TRANSFER), 4); /* and none back to the vehicle */
    struct row *t = row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "VIN");
    assert_string_equal(t->text[ZJ_TR_SRC], "10.1.0.1");
    assert_string_equal(t->text[ZJ_TR_DST], "198.51.100.10");
    assert_int_equal(t->num[ZJ_TR_PORT], 32960);
    assert_int_equal(t->num[ZJ_TR_ITEMS], 5);
    assert_int_equal(t->num[ZJ_TR_BYTES], 50);
    assert_int_equal(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "GEO_COORD")->num[ZJ_TR_ITEMS],
                     4);
    /* the third and the fourth position of one flow */
    assert_int_equal(
        row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "VEHICLE_TRACK")->num[ZJ_TR_ITEMS], 2);
    assert_int_equal(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "ICCID")->num[ZJ_TR_ITEMS], 1);
    end_flow(b, &f);
    bench_free(b);
}

/* A double for identify: every 'M' is a mobile number, every 'P' a position. */
static size_t fake_scan(struct zj_span bytes, struct zj_find *out, size_t max)
{
    size_t n = 0;
    for (uint32_t i = 0; i < bytes.len && n < max; i++)
        if (bytes.at[i] == 'M' || bytes.at[i] == 'P')
            out[n++] =
                (struct zj_find){.start = i,
                                 .end = i + 1,
                                 .type = bytes.at[i] == 'M' ? ZJ_TYPE_CN_MOBILE : ZJ_TYPE_GEO_COORD,
                                 .score = 90};
    return n;
}

static struct bench *scanning_bench(void)
{
    struct bench *b = bench_new(0);
    b->obs->scan = fake_scan;
    b->obs->scan_payloads = true;
    return b;
}

static void a_partner_is_named_by_dns(void **state)
{
    (void)state;
    struct bench *b = scanning_bench();
    struct flow dns = flow_of("dns", "10.0.0.5", "10.0.0.53", 53);
    struct zj_msg *m = message(b, ZJ_MSG_RESPONSE, 1);
    m->topic = ZJ_SPAN_LIT("api.partner.example");
    m->address_count = 1;
    m->answer_ttl = 60;
    const struct zj_addr partner = addr_of("203.0.113.9");
    memcpy(m->addresses[0], partner.bytes, sizeof partner.bytes);
    send(b, &dns, 1);
    struct flow http = flow_of("http", "10.0.0.5", "203.0.113.9", 80);
    message(b, ZJ_MSG_REQUEST, 0)->name = "POST";
    send_bytes(b, &http, 0, ZJ_SPAN_LIT("post M and M"));
    message(b, ZJ_MSG_RESPONSE, 200);
    send_bytes(b, &http, 1, ZJ_SPAN_LIT("ok"));
    message(b, ZJ_MSG_RESPONSE, 200);
    send_bytes(b, &http, 1, ZJ_SPAN_LIT("pull M"));
    flush(b, true);
    struct row *up = row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DST, "203.0.113.9");
    assert_non_null(up);
    assert_string_equal(up->text[ZJ_TR_DATA_TYPE], "CN_MOBILE");
    assert_string_equal(up->text[ZJ_TR_HOST], "api.partner.example");
    assert_int_equal(up->num[ZJ_TR_ITEMS], 2);
    assert_int_equal(up->num[ZJ_TR_PORT], 80);
    struct row *down = row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DST, "10.0.0.5");
    assert_int_equal(down->num[ZJ_TR_PORT], 0); /* a client's port means nothing */
    assert_int_equal(down->num[ZJ_TR_ITEMS], 1);
    end_flow(b, &dns);
    end_flow(b, &http);
    bench_free(b);
}

static struct zj_msg *publish(struct bench *b, const char *topic, const char *payload)
{
    struct zj_msg *m = message(b, ZJ_MSG_PUBLISH, 3);
    m->topic = zj_span_str(topic);
    m->payload = zj_span_str(payload);
    return m;
}

/* GB 18030 gives 京 the bytes BE A9. The numbers around the topic are no text: neither do they keep
 * the text behind them from being read in its encoding, nor is the length of 49, an ASCII digit,
 * glued to the VIN that the topic begins with. Both VINs pass the check of ISO 3779. */
static void mqtt_payload_has_its_own_encoding(void **state)
{
    static const char frame[] = "\x30\x54\0\x31"
                                "LSVAA4186E2184561/telemetry/of/the/whole/vehicle/"
                                "\xb3\xb5\xc5\xc6\xa3\xba\xbe\xa9"
                                "A12345,LSVAA4186E2184561.";
    struct zj_identifier *identifier;
    (void)state;
    struct bench *b = bench_new(0);
    assert_int_equal(zj_identifier_open(&b->job, &identifier), ZJ_OK);
    b->obs->scratch = zj_identify_scratch(identifier);
    struct flow f = flow_of("mqtt", "10.3.0.1", "198.51.100.40", 1883);
    struct zj_msg *m = message(b, ZJ_MSG_PUBLISH, 3);
    const struct zj_span bytes = zj_span_of(frame, sizeof frame - 1);
    m->topic = zj_span_part(bytes, 4, 49);
    m->payload = zj_span_part(bytes, 53, bytes.len);
    send_bytes(b, &f, 0, bytes);
    send_bytes(b, &f, 0, bytes);
    flush(b, true);
    assert_int_equal(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "VIN")->num[ZJ_TR_ITEMS], 4);
    assert_int_equal(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "CN_PLATE")->num[ZJ_TR_ITEMS], 2);
    end_flow(b, &f);
    bench_free(b);
    zj_identifier_close(identifier);
}

static void mqtt_to_the_vehicle_itself_is_no_transfer(void **state)
{
    (void)state;
    struct bench *b = scanning_bench();
    struct flow car = flow_of("mqtt", "10.3.0.1", "198.51.100.40", 1883);
    message(b, ZJ_MSG_CONNECT, 1)->user = ZJ_SPAN_LIT("car-1");
    send(b, &car, 0);
    for (int i = 0; i < 3; i++) {
        publish(b, "vehicle/LZJTEST0000000001/telemetry", "P");
        send(b, &car, 0);
    }
    publish(b, "vehicle/LZJTEST0000000001/cmd", "P");
    send(b, &car, 1);
    struct flow partner = flow_of("mqtt", "203.0.113.8", "198.51.100.40", 1883);
    message(b, ZJ_MSG_CONNECT, 1)->user = ZJ_SPAN_LIT("reader");
    send(b, &partner, 0);
    publish(b, "vehicle/LZJTEST0000000001/telemetry", "P");
    send(b, &partner, 1);
    end_flow(b, &car);
    end_flow(b, &partner);
    flush(b, true);
    assert_null(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DST, "10.3.0.1"));
    assert_non_null(row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DST, "203.0.113.8"));
    assert_int_equal(
        row_of(b, ZJ_FACT_TRANSFER, ZJ_TR_DATA_TYPE, "VEHICLE_TRACK")->num[ZJ_TR_ITEMS], 1);
    assert_int_equal(rows_of(b, ZJ_FACT_IDENTITY), 1);
    assert_string_equal(row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_PROTOCOL, "mqtt")->text[ZJ_ID_VIN],
                        vin_a);
    struct row *broker = row_of(b, ZJ_FACT_SERVICE, ZJ_SV_ADDR, "198.51.100.40");
    assert_int_equal(broker->num[ZJ_SV_IS_VEHICLE], 1);
    assert_int_equal(broker->num[ZJ_SV_FLOWS], 2);
    assert_int_equal(broker->num[ZJ_SV_FRAMES], 7);
    bench_free(b);
}

static void encryption_is_judged_by_data(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "8.8.8.8", 32960);
    message(b, ZJ_MSG_HEARTBEAT, 7)->vin = zj_span_str(vin_a);
    send(b, &f, 0); /* the capture begins in mid-session: nothing to tell yet */
    assert_int_equal(rows_of(b, ZJ_FACT_SERVICE), 0);
    struct zj_msg *m = message(b, ZJ_MSG_REPORT, 2);
    m->vin = zj_span_str(vin_a);
    m->is_encrypted = true;
    send(b, &f, 0);
    message(b, ZJ_MSG_OTHER, 0)->error = "bad_bcc";
    send(b, &f, 0);
    end_flow(b, &f);
    flush(b, true);
    assert_int_equal(rows_of(b, ZJ_FACT_SERVICE), 1);
    struct row *s = row_of(b, ZJ_FACT_SERVICE, ZJ_SV_SECURITY, "unit");
    assert_non_null(s);
    assert_int_equal(s->num[ZJ_SV_FRAMES], 3);
    assert_int_equal(s->num[ZJ_SV_BAD_FRAMES], 1);
    assert_int_equal(s->num[ZJ_SV_FLOWS], 1);
    assert_int_equal(s->num[ZJ_SV_IS_PUBLIC], 1);
    assert_int_equal(s->num[ZJ_SV_IS_VEHICLE], 1);
    assert_null(row_of(b, ZJ_FACT_DETECTION, ZJ_DT_RULE, "plaintext-vehicle-protocol"));
    bench_free(b);
}

static void tls_tells_name_version_and_certificate(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("tls", "10.1.0.1", "198.51.100.10", 8883);
    struct zj_msg *m = message(b, ZJ_MSG_REQUEST, 1);
    m->host = ZJ_SPAN_LIT("mqtt.maker.example");
    m->tls_version = "TLS 1.3";
    send(b, &f, 0);
    message(b, ZJ_MSG_RESPONSE, 2)->tls_version = "TLS 1.2";
    send(b, &f, 1);
    message(b, ZJ_MSG_CERT_REQUEST, 13);
    send(b, &f, 1);
    end_flow(b, &f);
    flush(b, true);
    struct row *s = row_of(b, ZJ_FACT_SERVICE, ZJ_SV_PROTOCOL, "tls");
    assert_string_equal(s->text[ZJ_SV_NAME], "mqtt.maker.example");
    assert_string_equal(s->text[ZJ_SV_TLS_VERSION], "TLS 1.2");
    assert_string_equal(s->text[ZJ_SV_SECURITY], "tls");
    assert_int_equal(s->num[ZJ_SV_CLIENT_CERT], 1);
    bench_free(b);
}

static void commands_are_kept_by_release(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    login(b, &f, vin_a, "");
    for (int i = 0; i < 3; i++) {
        struct zj_msg *m = message(b, ZJ_MSG_UPGRADE, 0x82);
        m->is_down = true;
        m->vin = zj_span_str(vin_a);
        m->version = ZJ_SPAN_LIT("SW002");
        m->host = ZJ_SPAN_LIT("203.0.113.77");
        m->url = ZJ_SPAN_LIT("ftp://203.0.113.77/fw.bin");
        send(b, &f, 1);
        m = message(b, ZJ_MSG_UPGRADE, 0x82); /* the vehicle's answer is no command */
        m->vin = zj_span_str(vin_a);
        m->answer = 0;
        send(b, &f, 0);
    }
    flush(b, true);
    assert_int_equal(rows_of(b, ZJ_FACT_COMMAND), 1);
    struct row *c = row_of(b, ZJ_FACT_COMMAND, ZJ_CM_KIND, "upgrade");
    assert_int_equal(c->num[ZJ_CM_COUNT], 3);
    assert_string_equal(c->text[ZJ_CM_VERSION], "SW002");
    assert_string_equal(c->text[ZJ_CM_HOST], "203.0.113.77");
    assert_string_equal(c->text[ZJ_CM_PATH], "ftp://203.0.113.77/fw.bin");
    assert_string_equal(c->text[ZJ_CM_TARGET], vin_a);
    assert_string_equal(c->text[ZJ_CM_SENDER], "198.51.100.10");
    assert_int_equal(row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_VIN, vin_a)->num[ZJ_ID_LIFE_FRAMES], 4);
    end_flow(b, &f);
    bench_free(b);
}

static void hours_count_distinct_vehicles(void **state)
{
    (void)state;
    static const unsigned sizes[] = {1, 200, 256};
    for (size_t i = 0; i < ZJ_COUNT(sizes); i++) {
        struct bench *b = bench_new(0);
        struct flow f = flow_of("gb32960", "10.9.0.1", "198.51.100.10", 32960);
        message(b, ZJ_MSG_PLATFORM_LOGIN, 5);
        send(b, &f, 0);
        char vin[32];
        for (unsigned n = 0; n < 2 * sizes[i]; n++) {
            snprintf(vin, sizeof vin, "LZJTEST00%08u", n % sizes[i]);
            message(b, ZJ_MSG_REPORT, 2)->vin = zj_span_str(vin);
            send(b, &f, 0);
        }
        flush(b, true);
        struct row *h = row_of(b, ZJ_FACT_HOURLY, ZJ_HR_SERVER, "198.51.100.10");
        assert_int_equal(h->num[ZJ_HR_VEHICLES], sizes[i]); /* few are counted exactly */
        assert_int_equal(h->num[ZJ_HR_FRAMES], 2 * sizes[i] + 1);
        assert_int_equal(h->num[ZJ_HR_HOUR], START_NS);
        pass(b, 3600 * 1000);
        send(b, &f, 0);
        flush(b, true);
        assert_int_equal(rows_of(b, ZJ_FACT_HOURLY), 2);
        end_flow(b, &f);
        bench_free(b);
    }
}

/* Beyond the exact count HyperLogLog with 1024 registers: standard error 1.04 / 32 = 3.25 %. */
static void many_vehicles_are_estimated(void **state)
{
    (void)state;
    static const unsigned sizes[] = {400, 3000, 40000};
    for (size_t i = 0; i < ZJ_COUNT(sizes); i++) {
        struct bench *b = bench_new(0);
        b->obs->want_events = false;
        struct flow f = flow_of("jt808", "10.9.0.1", "198.51.100.20", 7611);
        char phone[16];
        for (unsigned n = 0; n < sizes[i]; n++) { /* one flow: only its hour needs to know */
            snprintf(phone, sizeof phone, "139%08u", n);
            message(b, ZJ_MSG_HEARTBEAT, 2)->phone = zj_span_str(phone);
            if (f.session) {
                f.session->security = ZJ_SECURITY_NONE;
                f.session->is_platform_link = true;
            }
            b->out.fail_after = -1;
            const size_t rows = b->out.count;
            send(b, &f, 0);
            if (b->out.count > rows && rows > 3)
                b->out.count = rows; /* identities are not what is looked at */
        }
        flush(b, false);
        pass(b, 2000);
        zj_table_spill_all(&b->obs->hours);
        const struct row *h = row_of(b, ZJ_FACT_HOURLY, ZJ_HR_SERVER, "198.51.100.20");
        assert_non_null(h);
        assert_in_range(h->num[ZJ_HR_VEHICLES], sizes[i] * 88 / 100, sizes[i] * 112 / 100);
        end_flow(b, &f);
        bench_free(b);
    }
}

static void a_failing_sink_is_reported(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    b->out.fail_after = 2;
    login(b, &f, vin_a, "89860000000000000019");
    assert_int_equal(flush(b, true), ZJ_EIO);
    assert_int_equal(flush(b, false), ZJ_EIO); /* and not forgotten */
    end_flow(b, &f);
    bench_free(b);
}

/* Differences wait in the table and are one row in the end; a first sight cannot wait. */
static void a_busy_sink_gets_first_sights_only(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "198.51.100.10", 32960);
    struct flow g = flow_of("gb32960", "10.1.0.2", "198.51.100.10", 32960);
    login(b, &f, vin_a, "89860000000000000019");
    b->out.is_busy = true;
    for (int i = 0; i < 5; i++) {
        pass(b, 2000);
        report(b, &f, vin_a, 39916527);
        assert_int_equal(flush(b, false), ZJ_OK);
    }
    struct row *id = row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_VIN, vin_a);
    assert_non_null(id);
    assert_int_equal(id->sent, 1);
    login(b, &g, vin_b, "89860000000000000027");
    assert_non_null(row_of(b, ZJ_FACT_IDENTITY, ZJ_ID_VIN, vin_b));
    b->out.is_busy = false;
    pass(b, 2000);
    assert_int_equal(flush(b, false), ZJ_OK);
    assert_int_equal(id->sent, 2);
    assert_int_equal(id->num[ZJ_ID_OTHER_FRAMES], 5);
    b->out.is_busy = true; /* the end waits for nobody */
    report(b, &f, vin_a, 39916527);
    assert_int_equal(flush(b, true), ZJ_OK);
    assert_int_equal(id->num[ZJ_ID_OTHER_FRAMES], 6);
    end_flow(b, &f);
    end_flow(b, &g);
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_sight_has_evidence_and_differences_sum_up),
        cmocka_unit_test(a_terminal_gets_its_card_and_vin),
        cmocka_unit_test(an_emergency_lasts_a_minute),
        cmocka_unit_test(a_terminal_without_a_vin_shows_its_card),
        cmocka_unit_test(a_service_is_public_once_one_end_was),
        cmocka_unit_test(a_platform_link_speaks_for_many),
        cmocka_unit_test(transfers_name_what_leaves),
        cmocka_unit_test(a_partner_is_named_by_dns),
        cmocka_unit_test(mqtt_payload_has_its_own_encoding),
        cmocka_unit_test(mqtt_to_the_vehicle_itself_is_no_transfer),
        cmocka_unit_test(encryption_is_judged_by_data),
        cmocka_unit_test(tls_tells_name_version_and_certificate),
        cmocka_unit_test(commands_are_kept_by_release),
        cmocka_unit_test(hours_count_distinct_vehicles),
        cmocka_unit_test(many_vehicles_are_estimated),
        cmocka_unit_test(a_failing_sink_is_reported),
        cmocka_unit_test(a_busy_sink_gets_first_sights_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
