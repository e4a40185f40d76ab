/* Every message of JT/T 808 and of the signalling of JT/T 1078 inside it: most bodies are plain
 * rows of fields, written down here as tables; what a table cannot say is a function behind it. */
#include "wire/jt808.h"

enum field_type {
    U8,
    U16,
    U32,
    X8,
    X16,
    X32,
    X64,
    BOOL,
    TEXT,   /* of `width` bytes; 0: to the end */
    TEXT_1, /* behind its length, one byte */
    TEXT_2, /* behind its length, two bytes */
    TIME,   /* BCD[6] */
    BLOB,   /* to the end, as hex */
    SIZED,  /* to the end: "len" and hex */
    LEFT,   /* to the end, only counted */
    PLACE,  /* a position as an object */
};

/* What a field means to the sensor. */
enum note { QUIET, ANSWERS, ANSWERED_ID, RESULT, HOST, VERSION, PAYLOAD };

struct zj_j8_field {
    const char *name;
    uint8_t type, width, note;
};
typedef struct zj_j8_field F;

struct zj_span zj_j8_text(struct zj_walk *w, unsigned length_bytes)
{
    return zj_rd_span(&w->r, length_bytes == 1 ? zj_rd_u8(&w->r) : zj_rd_be16(&w->r));
}

static void note_number(struct zj_msg *msg, uint8_t note, uint64_t value)
{
    if (note == ANSWERS)
        msg->answered_serial = (uint32_t)value;
    else if (note == ANSWERED_ID)
        msg->answered = (uint32_t)value;
    else if (note == RESULT)
        msg->answer = (int)value;
}

static void note_text(struct zj_msg *msg, uint8_t note, struct zj_span text)
{
    if (note == HOST)
        msg->host = zj_span_unpad(text);
    else if (note == VERSION)
        msg->version = zj_span_unpad(text);
    else if (note == PAYLOAD)
        msg->payload = text;
}

static void walk_number(struct zj_walk *w, const F *f)
{
    uint64_t value = 0;
    switch (f->type) {
    case U8:
    case X8:
    case BOOL:
        value = zj_rd_u8(&w->r);
        break;
    case U16:
    case X16:
        value = zj_rd_be16(&w->r);
        break;
    case X64:
        value = zj_rd_be64(&w->r);
        break;
    default:
        value = zj_rd_be32(&w->r);
    }
    if (w->msg)
        note_number(w->msg, f->note, value);
    if (f->type == BOOL)
        zj_walk_bool(w, f->name, value);
    else if (f->type >= X8)
        zj_walk_hex(w, f->name, value, 2 << (f->type - X8));
    else
        zj_walk_int(w, f->name, (int64_t)value);
}

static void walk_field(struct zj_walk *w, const F *f)
{
    struct zj_span bytes = {0};
    switch (f->type) {
    case TEXT:
        bytes = f->width ? zj_rd_span(&w->r, f->width) : zj_rd_rest(&w->r);
        zj_walk_text(w, f->name, bytes);
        break;
    case TEXT_1:
    case TEXT_2:
        bytes = zj_j8_text(w, f->type == TEXT_1 ? 1 : 2);
        zj_walk_text(w, f->name, bytes);
        break;
    case TIME:
        zj_j8_time(w, f->name);
        break;
    case BLOB:
    case SIZED:
        bytes = zj_rd_rest(&w->r);
        if (f->type == SIZED)
            zj_walk_int(w, "len", (int64_t)bytes.len);
        zj_walk_bytes(w, f->name, bytes);
        break;
    case LEFT:
        bytes = zj_rd_rest(&w->r);
        zj_walk_int(w, f->name, (int64_t)bytes.len);
        break;
    case PLACE:
        zj_walk_object(w, f->name);
        zj_j8_position(w);
        zj_walk_object_end(w);
        break;
    default:
        walk_number(w, f);
        return;
    }
    if (w->msg)
        note_text(w->msg, f->note, bytes);
}

static void walk_fields(struct zj_walk *w, const F *fields, size_t count)
{
    for (size_t i = 0; i < count && !w->r.ran_out; i++)
        walk_field(w, &fields[i]);
}

/* `count` objects of the same fields; SIZE_MAX: up to the end. */
static void walk_objects(struct zj_walk *w, const char *key, size_t count, const F *fields,
                         size_t field_count)
{
    zj_walk_array(w, key);
    for (size_t i = 0; i < count && !zj_walk_is_over(w); i++) {
        if (count == SIZE_MAX && !zj_rd_left(&w->r))
            break;
        zj_walk_object(w, NULL);
        walk_fields(w, fields, field_count);
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
}

static void walk_numbers(struct zj_walk *w, const char *key, size_t count, size_t width)
{
    const struct zj_span all = zj_rd_span(&w->r, count * width);
    zj_walk_array(w, key);
    for (size_t i = 0; w->j && i < all.len; i += width)
        zj_json_uint(w->j, width == 2 ? zj_load_be16(all.at + i) : zj_load_be32(all.at + i));
    zj_walk_array_end(w);
}

static void walk_resend(struct zj_walk *w, bool is_2019)
{
    zj_walk_int(w, "first_serial", zj_rd_be16(&w->r));
    walk_numbers(w, "packets", is_2019 ? zj_rd_be16(&w->r) : zj_rd_u8(&w->r), 2);
}

static void walk_text_message(struct zj_walk *w, bool is_2019)
{
    static const F type = {"text_type", U8, 0, QUIET}, text = {"text", TEXT, 0, PAYLOAD};
    if (is_2019)
        walk_field(w, &type);
    walk_field(w, &text);
}

/* {id, text} pairs: [[1,"text"],…]. `count` SIZE_MAX: up to the end. */
static void walk_choices(struct zj_walk *w, const char *key, size_t count, unsigned length_bytes)
{
    zj_walk_array(w, key);
    for (size_t i = 0; i < count && !zj_walk_is_over(w); i++) {
        if (count == SIZE_MAX && !zj_rd_left(&w->r))
            break;
        const uint8_t id = zj_rd_u8(&w->r);
        const struct zj_span text = zj_j8_text(w, length_bytes);
        if (!w->j || w->r.ran_out)
            continue;
        zj_json_array(w->j);
        zj_json_uint(w->j, id);
        zj_walk_text(w, NULL, text);
        zj_json_array_end(w->j);
    }
    zj_walk_array_end(w);
}

/* A type of 0 deletes all and may end there. */
static bool is_list_left(struct zj_walk *w, uint8_t *out_count)
{
    const uint8_t type = zj_rd_u8(&w->r);
    zj_walk_int(w, "type", type);
    *out_count = type == 0 && !zj_rd_left(&w->r) ? 0 : zj_rd_u8(&w->r);
    return !w->r.ran_out;
}

static void walk_events(struct zj_walk *w, bool is_2019)
{
    uint8_t count;
    (void)is_2019;
    if (is_list_left(w, &count))
        walk_choices(w, "events", count, 1);
}

static void walk_menu(struct zj_walk *w, bool is_2019)
{
    uint8_t count;
    (void)is_2019;
    if (is_list_left(w, &count))
        walk_choices(w, "menu", count, 2);
}

static void walk_answers(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    walk_choices(w, "answers", SIZE_MAX, 2);
}

static void walk_phonebook(struct zj_walk *w, bool is_2019)
{
    uint8_t count;
    (void)is_2019;
    if (!is_list_left(w, &count))
        return;
    zj_walk_array(w, "contacts");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        const uint8_t flag = zj_rd_u8(&w->r);
        const struct zj_span number = zj_j8_text(w, 1), name = zj_j8_text(w, 1);
        if (!w->j || w->r.ran_out)
            continue;
        zj_json_array(w->j);
        zj_json_uint(w->j, flag);
        zj_walk_text(w, NULL, number);
        zj_walk_text(w, NULL, name);
        zj_json_array_end(w->j);
    }
    zj_walk_array_end(w);
}

static void walk_track(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint16_t interval = zj_rd_be16(&w->r);
    zj_walk_int(w, "interval_s", interval);
    if (interval || zj_rd_left(&w->r)) {
        zj_walk_int(w, "valid_s", zj_rd_be32(&w->r));
    } else if (w->j) {
        zj_json_key(w->j, "valid_s");
        zj_json_null(w->j);
    }
}

/* Where the card could not be read, or was taken out, the rest may be absent. */
static void walk_driver(struct zj_walk *w, bool is_2019)
{
    static const F name = {"driver", TEXT_1, 0, QUIET}, number = {"certificate", TEXT, 20, QUIET},
                   issuer = {"issuer", TEXT_1, 0, QUIET}, id = {"id_number", TEXT, 20, QUIET};
    if (!zj_rd_left(&w->r))
        return;
    const uint8_t result = zj_rd_u8(&w->r);
    zj_walk_int(w, "read_result", result);
    if (result && !zj_rd_left(&w->r))
        return;
    walk_field(w, &name);
    walk_field(w, &number);
    walk_field(w, &issuer);
    zj_j8_date(w, "expires");
    if (is_2019)
        walk_field(w, &id);
}

static void walk_report(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    zj_j8_position_and_extras(w);
}

static void walk_batch(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint16_t count = zj_rd_be16(&w->r);
    const uint8_t kind = zj_rd_u8(&w->r);
    if (w->msg)
        w->msg->kind = kind == 1 ? ZJ_MSG_REISSUE : ZJ_MSG_REPORT;
    zj_walk_int(w, "kind", kind);
    zj_walk_int(w, "count", count);
    zj_walk_array(w, "locations");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        const struct zj_span one = zj_j8_text(w, 2);
        struct zj_reader outer = w->r;
        if (outer.ran_out)
            break;
        w->r = zj_reader_of(one);
        zj_walk_object(w, NULL);
        zj_j8_position_and_extras(w);
        zj_walk_object_end(w);
        outer.ran_out = w->r.ran_out;
        w->r = outer;
    }
    zj_walk_array_end(w);
}

static void walk_can(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint16_t count = zj_rd_be16(&w->r);
    const struct zj_span t = zj_rd_span(&w->r, 5);
    if (w->j && t.len) {
        zj_json_key(w->j, "time");
        zj_json_printf(w->j, "%02x:%02x:%02x.%02x%02x", t.at[0], t.at[1], t.at[2], t.at[3],
                       t.at[4]);
    }
    const struct zj_span all = zj_rd_span(&w->r, (size_t)count * 12);
    zj_walk_array(w, "frames");
    for (size_t i = 0; w->j && i < all.len; i += 12) {
        const uint32_t id = zj_load_be32(all.at + i);
        zj_walk_object(w, NULL);
        zj_walk_int(w, "channel", 1 + (id >> 31));
        zj_walk_bool(w, "extended", id >> 30 & 1);
        zj_walk_bool(w, "averaged", id >> 29 & 1);
        zj_walk_hex(w, "can_id", id & 0x1fffffff, 1);
        zj_walk_bytes(w, "data", zj_span_part(all, i + 4, 8));
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
}

static void walk_media_answer(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    walk_numbers(w, "resend", zj_rd_left(&w->r) ? zj_rd_u8(&w->r) : 0, 2);
}

static void walk_camera_answer(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    if (zj_rd_left(&w->r))
        walk_numbers(w, "ids", zj_rd_be16(&w->r), 4);
}

static void walk_media_found(struct zj_walk *w, bool is_2019)
{
    static const F item[] = {{"media_id", U32, 0, QUIET},
                             {"type", U8, 0, QUIET},
                             {"channel", U8, 0, QUIET},
                             {"event", U8, 0, QUIET},
                             {"location", PLACE, 0, QUIET}};
    (void)is_2019;
    const uint16_t total = zj_rd_be16(&w->r);
    zj_walk_int(w, "total", total);
    walk_objects(w, "items", total, item, ZJ_COUNT(item));
}

static void walk_resources(struct zj_walk *w, bool is_2019)
{
    static const F item[] = {{"channel", U8, 0, QUIET}, {"from", TIME, 0, QUIET},
                             {"to", TIME, 0, QUIET},    {"alarm", X64, 0, QUIET},
                             {"media", U8, 0, QUIET},   {"stream", U8, 0, QUIET},
                             {"storage", U8, 0, QUIET}, {"size", U32, 0, QUIET}};
    (void)is_2019;
    const uint32_t total = zj_rd_be32(&w->r);
    zj_walk_int(w, "total", total);
    walk_objects(w, "items", total, item, ZJ_COUNT(item));
}

static void walk_recording(struct zj_walk *w, bool is_2019)
{
    static const char *const rates[] = {"8k", "11k", "23k", "32k"};
    (void)is_2019;
    const uint8_t rate = zj_rd_u8(&w->r);
    zj_walk_int(w, "rate_raw", rate);
    zj_walk_str(w, "rate", rate < ZJ_COUNT(rates) ? rates[rate] : "reserved");
}

static void walk_rsa_key(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    zj_walk_int(w, "n_len", (int64_t)zj_rd_span(&w->r, 128).len);
}

static void walk_ids(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    walk_numbers(w, "ids", zj_rd_u8(&w->r), 4);
}

static void walk_area_query(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint32_t count = zj_rd_be32(&w->r);
    if (count > zj_rd_left(&w->r))
        w->r.ran_out = true;
    else
        walk_numbers(w, "ids", count, 4);
}

static void walk_call_back(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint8_t flag = zj_rd_u8(&w->r);
    zj_walk_bool(w, "listen", flag == 1);
    zj_walk_text(w, "phone", zj_rd_rest(&w->r));
    if (w->msg && flag == 1)
        w->msg->kind = ZJ_MSG_EAVESDROP;
}

/* 9101: data type 3 listens into the cabin. */
static void walk_live(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint8_t type = zj_rd_u8(&w->r);
    zj_walk_int(w, "data_type", type);
    zj_walk_int(w, "stream", zj_rd_u8(&w->r));
    if (w->msg && type == 3)
        w->msg->kind = ZJ_MSG_EAVESDROP;
}

static void areas_circle(struct zj_walk *w, bool is_2019)
{
    zj_j8_areas(w, 0x8600, is_2019);
}

static void areas_rectangle(struct zj_walk *w, bool is_2019)
{
    zj_j8_areas(w, 0x8602, is_2019);
}

static void areas_polygon(struct zj_walk *w, bool is_2019)
{
    zj_j8_areas(w, 0x8604, is_2019);
}

static void areas_route(struct zj_walk *w, bool is_2019)
{
    zj_j8_areas(w, 0x8606, is_2019);
}

#define ROW(...)  ((const F[]){__VA_ARGS__}), ZJ_COUNT(((const F[]){__VA_ARGS__}))
#define NO_FIELDS NULL, 0
#define ACK_SERIAL                                                                                 \
    {                                                                                              \
        "ack_serial", U16, 0, ANSWERS                                                              \
    }
#define CHANNEL                                                                                    \
    {                                                                                              \
        "channel", U8, 0, QUIET                                                                    \
    }
#define BYTE(name)                                                                                 \
    {                                                                                              \
        name, U8, 0, QUIET                                                                         \
    }
#define WORD(name)                                                                                 \
    {                                                                                              \
        name, U16, 0, QUIET                                                                        \
    }
#define DWORD(name)                                                                                \
    {                                                                                              \
        name, U32, 0, QUIET                                                                        \
    }
#define TRUTH(name)                                                                                \
    {                                                                                              \
        name, BOOL, 0, QUIET                                                                       \
    }
#define FROM_TO                                                                                    \
    {"from", TIME, 0, QUIET},                                                                      \
    {                                                                                              \
        "to", TIME, 0, QUIET                                                                       \
    }
#define WANTED         BYTE("media"), BYTE("stream"), BYTE("storage")
#define GENERAL_ANSWER ROW(ACK_SERIAL, {"ack_id", X16, 0, ANSWERED_ID}, {"result", U8, 0, RESULT})

/* Sorted by id. */
static const struct zj_j8_message messages[] = {
    {0x0001, "terminal_ack", ZJ_MSG_ANSWER, GENERAL_ANSWER, NULL},
    {0x0002, "heartbeat", ZJ_MSG_HEARTBEAT, NO_FIELDS, NULL},
    {0x0003, "deregister", ZJ_MSG_LOGOUT, NO_FIELDS, NULL},
    {0x0004, "query_time", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x0005, "resend_request_up", ZJ_MSG_OTHER, NO_FIELDS, walk_resend},
    {0x0100, "register", ZJ_MSG_REGISTER, NO_FIELDS, zj_j8_register},
    {0x0102, "auth", ZJ_MSG_LOGIN, NO_FIELDS, zj_j8_authenticate},
    {0x0104, "params_answer", ZJ_MSG_ANSWER, ROW(ACK_SERIAL), zj_j8_params},
    {0x0107, "attributes", ZJ_MSG_ATTRIBUTES, NO_FIELDS, zj_j8_attributes},
    {0x0108, "upgrade_result", ZJ_MSG_ANSWER, ROW(BYTE("type"), {"result", U8, 0, RESULT}), NULL},
    {0x0200, "location", ZJ_MSG_REPORT, NO_FIELDS, walk_report},
    {0x0201, "location_answer", ZJ_MSG_ANSWER, ROW(ACK_SERIAL), walk_report},
    {0x0301, "event_report", ZJ_MSG_OTHER, ROW(BYTE("event")), NULL},
    {0x0302, "answer", ZJ_MSG_OTHER, ROW(ACK_SERIAL, BYTE("answer")), NULL},
    {0x0303, "info_demand", ZJ_MSG_OTHER, ROW(BYTE("info_type"), BYTE("flag")), NULL},
    {0x0500, "vehicle_control_answer", ZJ_MSG_ANSWER, ROW(ACK_SERIAL), walk_report},
    {0x0608, "areas_answer", ZJ_MSG_ANSWER,
     ROW(BYTE("type"), DWORD("count"), {"data", BLOB, 0, QUIET}), NULL},
    {0x0700, "recorder_upload", ZJ_MSG_OTHER,
     ROW(ACK_SERIAL, {"command", X8, 0, QUIET}, {"data", BLOB, 0, QUIET}), NULL},
    {0x0701, "waybill", ZJ_MSG_OTHER, ROW(DWORD("len"), {"text", TEXT, 0, PAYLOAD}), NULL},
    {0x0702, "driver_id", ZJ_MSG_OTHER, ROW(BYTE("state"), {"time", TIME, 0, QUIET}), walk_driver},
    {0x0704, "location_batch", ZJ_MSG_REPORT, NO_FIELDS, walk_batch},
    {0x0705, "can_data", ZJ_MSG_OTHER, NO_FIELDS, walk_can},
    {0x0800, "media_event", ZJ_MSG_MEDIA,
     ROW(DWORD("media_id"), BYTE("type"), BYTE("format"), BYTE("event"), CHANNEL), NULL},
    {0x0801, "media_data", ZJ_MSG_MEDIA,
     ROW(DWORD("media_id"), BYTE("type"), BYTE("format"), BYTE("event"), CHANNEL,
         {"location", PLACE, 0, QUIET}, {"bytes_here", LEFT, 0, QUIET}),
     NULL},
    {0x0802, "media_search_ack", ZJ_MSG_ANSWER, ROW(ACK_SERIAL), walk_media_found},
    {0x0805, "camera_ack", ZJ_MSG_ANSWER, ROW(ACK_SERIAL, {"result", U8, 0, RESULT}),
     walk_camera_answer},
    {0x0900, "uplink_passthrough", ZJ_MSG_PASSTHROUGH_UP,
     ROW({"type", X8, 0, QUIET}, {"data", SIZED, 0, PAYLOAD}), NULL},
    {0x0901, "compressed", ZJ_MSG_PASSTHROUGH_UP,
     ROW(DWORD("len"), {"bytes_here", LEFT, 0, PAYLOAD}), NULL},
    {0x0a00, "terminal_rsa", ZJ_MSG_OTHER, ROW(DWORD("e")), walk_rsa_key},
    {0x1003, "av_attributes", ZJ_MSG_ANSWER,
     ROW(BYTE("audio"), BYTE("channels"), BYTE("rate"), BYTE("bits"), WORD("frame"), BYTE("out"),
         BYTE("video"), BYTE("max_audio"), BYTE("max_video")),
     NULL},
    {0x1005, "passengers", ZJ_MSG_OTHER, ROW(FROM_TO, WORD("on"), WORD("off")), NULL},
    {0x1205, "resources", ZJ_MSG_ANSWER, ROW(ACK_SERIAL), walk_resources},
    {0x1206, "file_upload_done", ZJ_MSG_ANSWER, ROW(ACK_SERIAL, {"result", U8, 0, RESULT}), NULL},
    {0x8001, "platform_ack", ZJ_MSG_ANSWER, GENERAL_ANSWER, NULL},
    {0x8003, "resend_request", ZJ_MSG_OTHER, NO_FIELDS, walk_resend},
    {0x8004, "time_answer", ZJ_MSG_ANSWER, ROW({"time", TIME, 0, QUIET}), NULL},
    {0x8100, "register_ack", ZJ_MSG_ANSWER, NO_FIELDS, zj_j8_register_answer},
    {0x8103, "set_params", ZJ_MSG_PARAMETERS, NO_FIELDS, zj_j8_params},
    {0x8104, "query_params", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x8105, "terminal_control", ZJ_MSG_CONTROL, NO_FIELDS, zj_j8_control},
    {0x8106, "query_some_params", ZJ_MSG_QUERY, NO_FIELDS, zj_j8_param_ids},
    {0x8107, "query_attributes", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x8108, "upgrade_package", ZJ_MSG_UPGRADE,
     ROW(BYTE("type"), {"maker", TEXT, 5, QUIET}, {"version", TEXT_1, 0, VERSION}, DWORD("size"),
         {"bytes_here", LEFT, 0, QUIET}),
     NULL},
    {0x8201, "query_location", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x8202, "track_control", ZJ_MSG_CONTROL, NO_FIELDS, walk_track},
    {0x8203, "confirm_alarm", ZJ_MSG_OTHER,
     ROW(WORD("alarm_serial"), {"alarm_types", X32, 0, QUIET}), NULL},
    {0x8204, "link_check", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x8300, "text", ZJ_MSG_OTHER, ROW({"flags", X8, 0, QUIET}), walk_text_message},
    {0x8301, "set_events", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_events},
    {0x8302, "question", ZJ_MSG_OTHER,
     ROW({"flags", X8, 0, QUIET}, {"question", TEXT_1, 0, PAYLOAD}), walk_answers},
    {0x8303, "set_menu", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_menu},
    {0x8304, "info_service", ZJ_MSG_OTHER, ROW(BYTE("info_type"), {"text", TEXT_2, 0, PAYLOAD}),
     NULL},
    {0x8400, "callback_phone", ZJ_MSG_CONTROL, NO_FIELDS, walk_call_back},
    {0x8401, "set_phonebook", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_phonebook},
    {0x8500, "vehicle_control", ZJ_MSG_CONTROL, NO_FIELDS, zj_j8_vehicle_control},
    {0x8600, "set_circles", ZJ_MSG_PARAMETERS, NO_FIELDS, areas_circle},
    {0x8601, "delete_circles", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_ids},
    {0x8602, "set_rectangles", ZJ_MSG_PARAMETERS, NO_FIELDS, areas_rectangle},
    {0x8603, "delete_rectangles", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_ids},
    {0x8604, "set_polygon", ZJ_MSG_PARAMETERS, NO_FIELDS, areas_polygon},
    {0x8605, "delete_polygons", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_ids},
    {0x8606, "set_route", ZJ_MSG_PARAMETERS, NO_FIELDS, areas_route},
    {0x8607, "delete_routes", ZJ_MSG_PARAMETERS, NO_FIELDS, walk_ids},
    {0x8608, "query_areas", ZJ_MSG_QUERY, ROW(BYTE("type")), walk_area_query},
    {0x8700, "recorder_query", ZJ_MSG_QUERY,
     ROW({"command", X8, 0, QUIET}, {"data", BLOB, 0, QUIET}), NULL},
    {0x8701, "recorder_set", ZJ_MSG_PARAMETERS,
     ROW({"command", X8, 0, QUIET}, {"data", BLOB, 0, QUIET}), NULL},
    {0x8702, "query_driver", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x8800, "media_ack", ZJ_MSG_OTHER, ROW(DWORD("media_id")), walk_media_answer},
    {0x8801, "camera_shot", ZJ_MSG_MEDIA,
     ROW(CHANNEL, WORD("command"), WORD("interval_s"), TRUTH("save"), BYTE("resolution"),
         BYTE("quality"), BYTE("brightness"), BYTE("contrast"), BYTE("saturation"), BYTE("chroma")),
     NULL},
    {0x8802, "media_search", ZJ_MSG_QUERY, ROW(BYTE("type"), CHANNEL, BYTE("event"), FROM_TO),
     NULL},
    {0x8803, "media_fetch", ZJ_MSG_MEDIA,
     ROW(BYTE("type"), CHANNEL, BYTE("event"), FROM_TO, TRUTH("delete")), NULL},
    {0x8804, "record_audio", ZJ_MSG_EAVESDROP, ROW(TRUTH("start"), WORD("seconds"), TRUTH("save")),
     walk_recording},
    {0x8805, "media_fetch_one", ZJ_MSG_MEDIA, ROW(DWORD("media_id"), TRUTH("delete")), NULL},
    {0x8900, "downlink_passthrough", ZJ_MSG_PASSTHROUGH_DOWN,
     ROW({"type", X8, 0, QUIET}, {"data", SIZED, 0, PAYLOAD}), NULL},
    {0x8a00, "platform_rsa", ZJ_MSG_OTHER, ROW(DWORD("e")), walk_rsa_key},
    {0x9003, "query_av_attributes", ZJ_MSG_QUERY, NO_FIELDS, NULL},
    {0x9101, "live_video_request", ZJ_MSG_MEDIA,
     ROW({"ip", TEXT_1, 0, HOST}, WORD("tcp_port"), WORD("udp_port"), CHANNEL), walk_live},
    {0x9102, "live_video_control", ZJ_MSG_MEDIA,
     ROW(CHANNEL, BYTE("command"), BYTE("close"), BYTE("stream")), NULL},
    {0x9105, "live_video_state", ZJ_MSG_OTHER, ROW(CHANNEL, BYTE("loss")), NULL},
    {0x9201, "playback_request", ZJ_MSG_MEDIA,
     ROW({"ip", TEXT_1, 0, HOST}, WORD("tcp_port"), WORD("udp_port"), CHANNEL, WANTED, BYTE("way"),
         BYTE("speed"), FROM_TO),
     NULL},
    {0x9202, "playback_control", ZJ_MSG_MEDIA,
     ROW(CHANNEL, BYTE("control"), BYTE("speed"), {"position", TIME, 0, QUIET}), NULL},
    {0x9205, "query_resources", ZJ_MSG_QUERY,
     ROW(CHANNEL, FROM_TO, {"alarm", X64, 0, QUIET}, WANTED), NULL},
    {0x9206, "file_upload_request", ZJ_MSG_MEDIA,
     ROW({"host", TEXT_1, 0, HOST}, WORD("port"), {"user", TEXT_1, 0, QUIET},
         {"password", TEXT_1, 0, QUIET}, {"path", TEXT_1, 0, QUIET}, CHANNEL, FROM_TO,
         {"alarm", X64, 0, QUIET}, WANTED, BYTE("condition")),
     NULL},
    {0x9207, "file_upload_control", ZJ_MSG_OTHER, ROW(ACK_SERIAL, BYTE("control")), NULL},
    {0x9301, "ptz_rotate", ZJ_MSG_CONTROL, ROW(CHANNEL, BYTE("direction"), BYTE("speed")), NULL},
    {0x9302, "ptz_focus", ZJ_MSG_CONTROL, ROW(CHANNEL, BYTE("value")), NULL},
    {0x9303, "ptz_aperture", ZJ_MSG_CONTROL, ROW(CHANNEL, BYTE("value")), NULL},
    {0x9304, "ptz_wiper", ZJ_MSG_CONTROL, ROW(CHANNEL, BYTE("value")), NULL},
    {0x9305, "ptz_infrared", ZJ_MSG_CONTROL, ROW(CHANNEL, BYTE("value")), NULL},
    {0x9306, "ptz_zoom", ZJ_MSG_CONTROL, ROW(CHANNEL, BYTE("value")), NULL},
};

const struct zj_j8_message *zj_j8_find(uint16_t id)
{
    size_t from = 0, to = ZJ_COUNT(messages);
    while (from < to) {
        const size_t mid = from + (to - from) / 2;
        if (messages[mid].id == id)
            return &messages[mid];
        if (messages[mid].id < id)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

void zj_j8_body(struct zj_walk *w, const struct zj_j8_message *message, bool is_2019)
{
    static const F unknown = {"hex", BLOB, 0, QUIET};
    if (!message) {
        walk_field(w, &unknown);
        return;
    }
    walk_fields(w, message->fields, message->field_count);
    if (message->walk && !w->r.ran_out)
        message->walk(w, is_2019);
}
