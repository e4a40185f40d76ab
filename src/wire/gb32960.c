/* GB/T 32960.3: vehicle terminal to platform, editions 2016 and 2025.
 *
 *   start(2) command(1) answer(1) vin(17) cipher(1) length(2) unit(length)  bcc(1)
 *            '------------------ bcc is the XOR of these ------------------'
 *
 * "##" starts a frame of 2016, "$$" one of 2025. A wrong bcc leaves the frame's end known, so the
 * stream goes on behind it. Where no start stands the bytes up to the next plausible head are
 * passed over. Encrypted units are not looked into. */
#include "wire/gb32960.h"

enum { HEAD = 24, UNIT_MAX = 65531, VIN_LEN = 17, ANSWER_COMMAND = 0xfe };

struct command {
    const char *name;
    enum zj_msg_kind kind;
};

static const struct command commands[] = {
    [0x01] = {"vehicle_login", ZJ_MSG_LOGIN},
    [0x02] = {"realtime", ZJ_MSG_REPORT},
    [0x03] = {"reissue", ZJ_MSG_REISSUE},
    [0x04] = {"vehicle_logout", ZJ_MSG_LOGOUT},
    [0x05] = {"platform_login", ZJ_MSG_PLATFORM_LOGIN},
    [0x06] = {"platform_logout", ZJ_MSG_PLATFORM_LOGOUT},
    [0x07] = {"heartbeat", ZJ_MSG_HEARTBEAT},
    [0x08] = {"time_sync", ZJ_MSG_QUERY},
    [0x09] = {"activation", ZJ_MSG_REGISTER},
    [0x0a] = {"activation_ack", ZJ_MSG_ANSWER},
    [0x0b] = {"key_exchange", ZJ_MSG_OTHER},
    [0x80] = {"param_query", ZJ_MSG_QUERY},
    [0x81] = {"param_set", ZJ_MSG_PARAMETERS},
    [0x82] = {"terminal_control", ZJ_MSG_CONTROL},
};

static const char *const ciphers[] = {"reserved", "none", "rsa", "aes128", "sm2", "sm4"};
enum { CIPHERS_2016 = 4, CIPHERS_2025 = 6, CIPHER_NONE = 1 };

static const char *cipher_name(uint8_t cipher, bool is_2025)
{
    if (cipher >= 0xfe)
        return cipher == 0xfe ? "abnormal" : "invalid";
    return cipher < (is_2025 ? CIPHERS_2025 : CIPHERS_2016) ? ciphers[cipher] : ciphers[0];
}

static bool is_known_command(uint8_t command, bool is_2025)
{
    return (command >= 0x01 && command <= (is_2025 ? 0x0b : 0x08)) ||
           (command >= 0x80 && command <= 0x82) || (command >= 0xc0 && command <= 0xfe);
}

static bool is_known_answer(uint8_t answer, bool is_2025)
{
    return answer == ANSWER_COMMAND || (answer >= 1 && answer <= (is_2025 ? 7 : 3));
}

static bool is_start(const uint8_t *p)
{
    return (p[0] == '#' && p[1] == '#') || (p[0] == '$' && p[1] == '$');
}

/* Does a head stand here, as far as its bytes are present? */
static bool is_plausible(struct zj_span in)
{
    const uint8_t *p = in.at;
    const bool is_2025 = p[0] == '$';
    if (in.len >= 2 && !is_start(p))
        return false;
    if (in.len >= 3 && !is_known_command(p[2], is_2025))
        return false;
    if (in.len >= 4 && !is_known_answer(p[3], is_2025))
        return false;
    for (size_t i = 4; i < in.len && i < 4 + VIN_LEN; i++)
        if (p[i] && (p[i] < 0x20 || p[i] > 0x7e))
            return false;
    if (in.len > 21 && p[21] < 0xfe && (p[21] < 1 || p[21] > 5))
        return false;
    return in.len < HEAD || zj_load_be16(p + 22) <= UNIT_MAX;
}

static enum zj_match probe(struct zj_span start)
{
    if (!start.len || (start.at[0] != '#' && start.at[0] != '$') || !is_plausible(start))
        return ZJ_MATCH_NO;
    return start.len < HEAD ? ZJ_MATCH_MAYBE : ZJ_MATCH_YES;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    (void)state;
    const bool starts =
        in.len && (in.at[0] == '#' || in.at[0] == '$') && (in.len < 2 || is_start(in.at));
    if (starts && in.len < HEAD)
        return ZJ_STEP_MORE;
    if (starts) {
        const size_t len = HEAD + (size_t)zj_load_be16(in.at + 22) + 1;
        if (in.len < len)
            return ZJ_STEP_MORE;
        *out_len = len;
        return ZJ_STEP_DONE;
    }
    size_t at = in.len ? 1 : 0;
    while (at < in.len &&
           ((in.at[at] != '#' && in.at[at] != '$') || !is_plausible(zj_span_part(in, at, HEAD))))
        at++;
    if (!at)
        return ZJ_STEP_MORE;
    *out_len = at;
    return ZJ_STEP_SKIP;
}

static size_t next_mark(struct zj_span in, size_t at)
{
    while (at < in.len && in.at[at] != '#' && in.at[at] != '$')
        at++;
    return at;
}

static const char *check_whole(struct zj_span f);

/* A whole frame must have the right check byte; one that is not whole yet is known by its head,
 * which chance does not make. */
static enum zj_step find(struct zj_wire_state *state, struct zj_span in, bool is_known,
                         size_t *out_at)
{
    (void)state, (void)is_known;
    size_t checks = 4 * in.len; /* bytes */
    for (size_t at = next_mark(in, 0); at < in.len; at = next_mark(in, at + 1)) {
        const struct zj_span rest = zj_span_part(in, at, in.len);
        if (!is_plausible(zj_span_part(rest, 0, HEAD)))
            continue;
        *out_at = at;
        if (rest.len < HEAD)
            return ZJ_STEP_MORE;
        const size_t len = HEAD + (size_t)zj_load_be16(rest.at + 22) + 1;
        if (len > rest.len || !check_whole(zj_span_part(rest, 0, len)))
            return ZJ_STEP_DONE;
        if (len > checks)
            break;
        checks -= len;
    }
    *out_at = in.len;
    return ZJ_STEP_SKIP;
}

static void walk_time(struct zj_walk *w)
{
    const struct zj_span p = zj_rd_span(&w->r, 6);
    if (!p.len)
        return;
    const struct zj_walk_time t = {p.at[0], p.at[1], p.at[2], p.at[3], p.at[4], p.at[5]};
    zj_walk_time(w, "time", &t);
    int64_t time_s = 0;
    if (!zj_walk_time_read(&t, &time_s)) {
        zj_walk_oor(w, "time");
        return;
    }
    if (w->msg) {
        w->msg->has_time = true;
        w->msg->time_s = time_s;
    }
}

static void walk_serial(struct zj_walk *w)
{
    const uint16_t serial = zj_rd_be16(&w->r);
    zj_walk_int(w, "serial", serial);
    if (w->msg) {
        w->msg->has_serial = true;
        w->msg->serial = serial;
    }
}

static void walk_codes(struct zj_walk *w, size_t count, size_t len)
{
    const struct zj_span all = zj_rd_span(&w->r, count * len);
    zj_walk_array(w, "codes");
    for (size_t i = 0; w->j && len && i < all.len; i += len)
        zj_walk_text(w, NULL, zj_span_part(all, i, len));
    zj_walk_array_end(w);
}

static void walk_login(struct zj_walk *w, bool is_2025)
{
    enum { CODE_LEN_2025 = 24 };
    walk_serial(w);
    const struct zj_span iccid = zj_rd_span(&w->r, 20);
    zj_walk_text(w, "iccid", iccid);
    if (w->msg)
        w->msg->iccid = zj_span_unpad(iccid);
    const uint8_t count = zj_rd_u8(&w->r);
    if (!is_2025) {
        const uint8_t len = zj_rd_u8(&w->r);
        if (count > 250)
            zj_walk_oor(w, "ress_count");
        if (len > 50)
            zj_walk_oor(w, "code_len");
        zj_walk_int(w, "ress_count", count);
        zj_walk_int(w, "code_len", len);
        walk_codes(w, count, len);
        return;
    }
    const struct zj_span packs = zj_rd_span(&w->r, count);
    size_t total = 0;
    zj_walk_int(w, "bms_count", count);
    zj_walk_array(w, "packs_per_bms");
    for (size_t i = 0; i < packs.len; i++) {
        total += packs.at[i];
        if (w->j)
            zj_json_uint(w->j, packs.at[i]);
    }
    zj_walk_array_end(w);
    walk_codes(w, total, CODE_LEN_2025);
}

static void walk_platform_login(struct zj_walk *w, bool is_2025)
{
    walk_serial(w);
    const struct zj_span user = zj_rd_span(&w->r, 12), password = zj_rd_span(&w->r, 20);
    zj_walk_text(w, "user", user);
    zj_walk_text(w, "password", password);
    zj_walk_str(w, "rule", cipher_name(zj_rd_u8(&w->r), is_2025));
    if (w->msg) {
        w->msg->user = zj_span_unpad(user);
        w->msg->secret = zj_span_unpad(password);
    }
}

static void walk_activation(struct zj_walk *w)
{
    walk_time(w);
    zj_walk_text(w, "chip_id", zj_rd_span(&w->r, 16));
    const struct zj_span key = zj_rd_span(&w->r, zj_rd_be16(&w->r));
    zj_walk_int(w, "pubkey_len", (int64_t)key.len);
    zj_walk_text(w, "act_vin", zj_rd_span(&w->r, VIN_LEN));
    zj_walk_object(w, "signature");
    zj_gb_signature(w, (struct zj_span){0});
    zj_walk_object_end(w);
}

static void walk_plain_time(struct zj_walk *w, const char *key)
{
    const struct zj_span p = zj_rd_span(&w->r, 6);
    if (!p.len)
        return;
    const struct zj_walk_time t = {p.at[0], p.at[1], p.at[2], p.at[3], p.at[4], p.at[5]};
    zj_walk_time(w, key, &t);
}

static void walk_key_exchange(struct zj_walk *w)
{
    zj_walk_int(w, "key_type", zj_rd_u8(&w->r));
    const struct zj_span key = zj_rd_span(&w->r, zj_rd_be16(&w->r));
    zj_walk_int(w, "key_len", (int64_t)key.len);
    zj_walk_bytes(w, "key", key);
    walk_plain_time(w, "valid_from");
    walk_plain_time(w, "valid_to");
}

/* Everything behind the head that is not encrypted. An answer carries only its time; one that
 * repeats the body it answers is read like that body. */
static void walk_unit(struct zj_walk *w, uint8_t command, bool is_2025, bool is_answer,
                      struct zj_span unit)
{
    const bool is_table = command <= 0x0b || (command >= 0x80 && command <= 0x82);
    if (!is_table || (command >= 0x09 && !is_2025 && command < 0x80) || !command) {
        zj_walk_bytes(w, "data", zj_rd_rest(&w->r));
        return;
    }
    if (command == 0x0a) {
        zj_walk_int(w, "status", zj_rd_u8(&w->r));
        zj_walk_int(w, "info", zj_rd_u8(&w->r));
        return;
    }
    if (is_answer && (unit.len == 6 || unit.len == 0)) {
        if (unit.len)
            walk_time(w);
        return;
    }
    if (command == 0x07 || command == 0x08)
        return; /* what is left is too much */
    if (command == 0x09) {
        walk_activation(w);
        return;
    }
    if (command == 0x0b) {
        walk_key_exchange(w);
        return;
    }
    walk_time(w);
    if (command == 0x01)
        walk_login(w, is_2025);
    else if (command <= 0x03)
        zj_gb_items(w, is_2025, unit);
    else if (command == 0x05)
        walk_platform_login(w, is_2025);
    else if (command <= 0x06)
        walk_serial(w);
    else if (command == 0x80)
        zj_gb_query(w, is_2025, is_answer);
    else if (command == 0x81)
        zj_gb_set(w, is_2025);
    else
        zj_gb_control(w);
}

static const char *command_name(uint8_t command, bool is_2025)
{
    if (!is_known_command(command, is_2025))
        return "reserved";
    return command < ZJ_COUNT(commands) ? commands[command].name : "custom";
}

static void note_head(struct zj_msg *msg, struct zj_span f, bool is_2025)
{
    const uint8_t command = f.at[2], answer = f.at[3];
    const bool is_from_platform = command >= 0x80 || command == 0x0a;
    const bool is_answer = answer != ANSWER_COMMAND;
    msg->edition = is_2025 ? "2025" : "2016";
    msg->command = command;
    msg->name = command_name(command, is_2025);
    msg->kind = command < ZJ_COUNT(commands) ? commands[command].kind : ZJ_MSG_OTHER;
    msg->vin = zj_span_part(f, 4, VIN_LEN);
    msg->is_encrypted = f.at[21] != CIPHER_NONE;
    msg->is_down = is_from_platform != (is_answer && command != 0x0a);
    if (!is_answer)
        return;
    msg->kind = ZJ_MSG_ANSWER;
    msg->answer = answer == 1 ? 0 : answer;
    msg->answered = command;
}

static const char *check_whole(struct zj_span f)
{
    if (f.len && f.at[0] != '#' && f.at[0] != '$')
        return "bad_start";
    if (f.len >= 2 && !is_start(f.at))
        return "bad_start";
    if (f.len < HEAD)
        return "incomplete";
    const size_t len = HEAD + (size_t)zj_load_be16(f.at + 22) + 1;
    if (f.len != len)
        return f.len < len ? "incomplete" : "trailing_bytes";
    if (len > HEAD + UNIT_MAX + 1)
        return "length_out_of_range";
    return zj_xor8(zj_span_part(f, 2, f.len - 3)) == f.at[f.len - 1] ? NULL : "bad_bcc";
}

/* The head was checked: f is one whole frame. */
static void walk_frame(struct zj_walk *w, struct zj_span f)
{
    const bool is_2025 = f.at[0] == '$';
    const uint8_t command = f.at[2], answer = f.at[3], cipher = f.at[21];
    const struct zj_span unit = zj_span_part(f, HEAD, f.len - HEAD - 1);
    zj_walk_int(w, "edition", is_2025 ? 2025 : 2016);
    zj_walk_hex(w, "cmd", command, 2);
    zj_walk_str(w, "cmd_name", command_name(command, is_2025));
    zj_walk_hex(w, "ack", answer, 2);
    zj_walk_text(w, "vin", zj_span_part(f, 4, VIN_LEN));
    zj_walk_str(w, "enc", cipher_name(cipher, is_2025));
    if (cipher_name(cipher, is_2025) == ciphers[0])
        zj_walk_oor(w, "enc");
    if (!is_known_command(command, is_2025))
        zj_walk_oor(w, "cmd");
    if (!is_known_answer(answer, is_2025))
        zj_walk_oor(w, "ack");
    zj_walk_int(w, "data_len", (int64_t)unit.len);
    zj_walk_hex(w, "bcc", f.at[f.len - 1], 2);
    w->r = zj_reader_of(unit);
    if (cipher == CIPHER_NONE) {
        walk_unit(w, command, is_2025, answer != ANSWER_COMMAND, unit);
        if (w->r.ran_out)
            zj_walk_fail(w, "truncated");
        if (zj_rd_left(&w->r))
            zj_walk_fail(w, "body_trailing_bytes");
    }
    zj_walk_oor_print(w);
}

static void read(struct zj_wire_state *state, struct zj_span f, struct zj_msg *out)
{
    (void)state;
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->error = check_whole(f);
    if (out->error)
        return;
    note_head(out, f, f.at[0] == '$');
    struct zj_walk w;
    zj_walk_begin(&w, NULL, out);
    walk_frame(&w, f);
    out->error = w.error;
}

/* Of a frame that was cut off: what of its head is whole, and how much is missing where it tells. */
static void walk_cut(struct zj_walk *w, struct zj_span f)
{
    if (f.len < 2) /* one mark is two alike */
        return;
    const bool is_2025 = f.at[0] == '$';
    zj_walk_int(w, "edition", is_2025 ? 2025 : 2016);
    if (f.len > 2) {
        zj_walk_hex(w, "cmd", f.at[2], 2);
        zj_walk_str(w, "cmd_name", command_name(f.at[2], is_2025));
    }
    if (f.len > 3)
        zj_walk_hex(w, "ack", f.at[3], 2);
    if (f.len >= 4 + VIN_LEN)
        zj_walk_text(w, "vin", zj_span_part(f, 4, VIN_LEN));
    if (f.len > 21)
        zj_walk_str(w, "enc", cipher_name(f.at[21], is_2025));
    if (f.len < HEAD)
        return;
    zj_walk_int(w, "data_len", zj_load_be16(f.at + 22));
    zj_walk_int(w, "missing_bytes", HEAD + zj_load_be16(f.at + 22) + 1 - (int64_t)f.len);
}

static const char *print(struct zj_wire_state *state, struct zj_span f, struct zj_json *fields,
                         const char **out_edition)
{
    (void)state;
    *out_edition = f.len && f.at[0] == '$' ? "2025" : "2016";
    const char *error = check_whole(f);
    struct zj_walk w;
    zj_walk_begin(&w, fields, NULL);
    if (error && strcmp(error, "incomplete") == 0)
        walk_cut(&w, f);
    if (error)
        return error;
    walk_frame(&w, f);
    return w.error;
}

static const uint16_t ports[] = {32960, 19007, 8999, 7325, 0};

const struct zj_codec zj_codec_gb32960 = {
    .name = "gb32960",
    .en = "GB/T 32960.3, vehicle terminal to platform",
    .zh = "GB/T 32960.3 电动汽车远程服务与管理",
    .over = ZJ_OVER_TCP,
    .ports = ports,
    .is_vehicle = true,
    .is_binary = true,
    .id_field = "cmd",
    .probe = probe,
    .frame = frame,
    .find = find,
    .read = read,
    .print = print,
    .frame_bytes_max = HEAD + UINT16_MAX + 1,
};
