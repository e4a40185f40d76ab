/* Prints the frames of bytes: of hex digits, a file, or a file of records (a line
 * {"id","protocol","hex","params","kind"} each). Bytes that are no frame and frames that are wrong
 * are printed as such; only input that cannot be read at all ends it. */
#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "base/json_read.h"
#include "cli/cli.h"
#include "wire/wire.h"

enum { LINE_BYTES_MAX = 64 << 20, FILE_BYTES_MAX = 1 << 30 };

struct args {
    const char *protocol;
    const char *hex;
    const char *records;
    const char *key;
    int64_t mqtt_level;
    int64_t sim_bytes;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, protocol, "protocol", "NAME", "codec to use; else told by content",
               "使用的协议，缺省时按内容识别"),
    ZJ_OPT_STR(struct args, hex, "hex", "HEX", "the bytes, as hex digits", "以十六进制给出的字节"),
    ZJ_OPT_STR(struct args, records, "records", "FILE.jsonl", "decode one record a line",
               "逐行解码记录文件"),
    ZJ_OPT_INT(struct args, mqtt_level, "mqtt-level", "4|5", "MQTT protocol level",
               "MQTT 协议级别"),
    ZJ_OPT_INT(struct args, sim_bytes, "sim-bytes", "6|10", "JT/T 1078: bytes of the SIM number",
               "JT/T 1078 SIM 卡号字节数"),
    ZJ_OPT_STR(struct args, key, "key", "M1,IA1,IC1", "JT/T 809 key", "JT/T 809 密钥"),
    ZJ_OPT_END,
};

/* Fills what the bytes do not tell; false where --key is no three numbers. */
static bool state_of(const struct args *args, struct zj_wire_state *out)
{
    unsigned m1 = 0, ia1 = 0, ic1 = 0;
    char rest;
    if (args->key && sscanf(args->key, "%u,%u,%u%c", &m1, &ia1, &ic1, &rest) != 3)
        return false;
    *out = (struct zj_wire_state){.mqtt_level = (uint8_t)args->mqtt_level,
                                  .sim_bytes = (uint8_t)args->sim_bytes,
                                  .m1 = m1,
                                  .ia1 = ia1,
                                  .ic1 = ic1};
    return true;
}

static const char *print_fields(const struct zj_codec *codec, struct zj_wire_state state,
                                struct zj_span bytes, struct zj_buf *fields,
                                const char **out_edition)
{
    struct zj_json j = zj_json_to(fields);
    fields->len = 0;
    zj_json_object(&j);
    const char *error = codec->print(&state, bytes, &j, out_edition);
    zj_json_object_end(&j);
    return error;
}

/* The verdict on `bytes` as one message; its fields go to `fields`, an object. Where bytes follow a
 * message that is good, they are what is wrong; else its codec says what is. */
static const char *print_whole(const struct zj_codec *codec, const struct zj_wire_state *state,
                               struct zj_span bytes, struct zj_buf *fields,
                               const char **out_edition)
{
    struct zj_wire_state cutting = *state;
    size_t len = 0;
    const enum zj_step step = codec->frame(&cutting, bytes, &len);
    const bool goes_on = step == ZJ_STEP_DONE && len != bytes.len;
    if (goes_on && !print_fields(codec, *state, zj_span_part(bytes, 0, len), fields, out_edition))
        return "trailing_bytes";
    const char *error = print_fields(codec, *state, bytes, fields, out_edition);
    if (error || (step == ZJ_STEP_DONE && !goes_on))
        return error;
    return step == ZJ_STEP_MORE ? "incomplete" : goes_on ? "trailing_bytes" : "bad_start";
}

/* The members that tell of a frame; `fields` is JSON. */
static void write_verdict(struct zj_json *j, const struct zj_codec *codec, const char *edition,
                          const char *error, size_t bytes, struct zj_span fields)
{
    zj_json_kstr(j, "protocol", codec->name);
    zj_json_kstr(j, "edition", edition);
    zj_json_kbool(j, "valid", !error);
    if (error)
        zj_json_kstr(j, "error", error);
    zj_json_kint(j, "bytes", (int64_t)bytes);
    zj_json_key(j, "fields");
    zj_json_raw(j, fields);
}

static void put_line(struct zj_job *job, struct zj_buf *line)
{
    zj_buf_byte(line, '\n');
    fwrite(line->at, 1, line->len, job->out);
    line->len = 0;
}

static void print_one(struct zj_job *job, const struct zj_codec *codec, const char *edition,
                      const char *error, size_t bytes, struct zj_span fields)
{
    struct zj_buf line = {0};
    struct zj_json j = zj_json_to(&line);
    zj_json_object(&j);
    write_verdict(&j, codec, edition, error, bytes, fields);
    zj_json_object_end(&j);
    put_line(job, &line);
    zj_buf_release(&line);
}

/* One piece cut off a stream. */
struct piece {
    size_t offset, len;
    enum zj_step step;
    const char *error, *edition;
    struct zj_buf fields; /* JSON object */
};

/* Cuts the next piece off `all`; false at the end. MORE: the rest of the bytes. */
static bool next_piece(const struct zj_codec *codec, struct zj_wire_state *state,
                       struct zj_span all, struct piece *piece)
{
    piece->offset += piece->len;
    const struct zj_span rest = zj_span_part(all, piece->offset, all.len);
    piece->fields.len = 0;
    piece->error = piece->edition = NULL;
    if (!rest.len)
        return false;
    size_t len = 0;
    piece->step = codec->frame(state, rest, &len);
    piece->len = piece->step == ZJ_STEP_DONE || piece->step == ZJ_STEP_SKIP ? len : rest.len;
    struct zj_wire_state printing = *state;
    struct zj_json j = zj_json_to(&piece->fields);
    zj_json_object(&j);
    if (piece->step == ZJ_STEP_DONE)
        piece->error = codec->print(state, zj_span_part(rest, 0, len), &j, &piece->edition);
    else
        piece->error = piece->step == ZJ_STEP_MORE ? "incomplete" : "bad_start";
    if (piece->step == ZJ_STEP_MORE) /* the head may be there */
        codec->print(&printing, rest, &j, &piece->edition);
    zj_json_object_end(&j);
    return true;
}

/* A whole frame is read, whatever its verdict; what is cut off or between frames is not. */
static zj_err tell_unread(struct zj_job *job, size_t cut_off, size_t other)
{
    if (other)
        zj_fail(job, ZJ_EINPUT, zj_tr(job, "%zu bytes are no frame", "%zu 字节不是报文"), other);
    if (cut_off)
        zj_fail(job, ZJ_EINPUT,
                zj_tr(job, "the last frame is incomplete: %zu bytes of it are there",
                      "最后一帧不完整，只有 %zu 字节"),
                cut_off);
    return cut_off || other ? ZJ_EINPUT : ZJ_OK;
}

/* A line a piece. */
static zj_err print_stream(struct zj_job *job, const struct zj_codec *codec,
                           struct zj_wire_state state, struct zj_span all)
{
    struct piece piece = {0};
    size_t cut_off = 0, other = 0;
    while (next_piece(codec, &state, all, &piece) && !zj_is_interrupted(job)) {
        print_one(job, codec, piece.edition, piece.error, piece.len, zj_buf_all(&piece.fields));
        if (piece.step == ZJ_STEP_MORE)
            cut_off = piece.len;
        else if (piece.step != ZJ_STEP_DONE)
            other += piece.len;
    }
    zj_buf_release(&piece.fields);
    return tell_unread(job, cut_off, other);
}

/* Do the bytes fall into whole frames with nothing between or behind them? */
static bool is_clean_cut(const struct zj_codec *codec, struct zj_wire_state state,
                         struct zj_span all)
{
    while (all.len) {
        size_t len = 0;
        if (codec->frame(&state, all, &len) != ZJ_STEP_DONE)
            return false;
        all = zj_span_part(all, len, all.len);
    }
    return true;
}

/* Hex digits given by hand are one message, unless they are several whole ones. */
static zj_err print_hex(struct zj_job *job, const struct zj_codec *codec,
                        struct zj_wire_state state, struct zj_span bytes)
{
    if (is_clean_cut(codec, state, bytes))
        return print_stream(job, codec, state, bytes);
    struct zj_buf fields = {0};
    const char *edition = NULL;
    const char *error = print_whole(codec, &state, bytes, &fields, &edition);
    print_one(job, codec, edition, error, bytes.len, zj_buf_all(&fields));
    zj_buf_release(&fields);
    const bool is_cut = error && strcmp(error, "incomplete") == 0;
    const bool is_none = error && strcmp(error, "bad_start") == 0;
    return tell_unread(job, is_cut ? bytes.len : 0, is_none ? bytes.len : 0);
}

static const struct zj_codec *recognise(struct zj_span bytes)
{
    bool maybe;
    const struct zj_codec *codec = zj_codec_recognise(bytes, ZJ_OVER_TCP, 0, &maybe);
    return codec ? codec : zj_codec_recognise(bytes, ZJ_OVER_UDP, 0, &maybe);
}

static zj_err choose(struct zj_job *job, const struct args *args, struct zj_span bytes,
                     const struct zj_codec **out_codec)
{
    const struct zj_codec *codec =
        args->protocol ? zj_codec_find(zj_span_str(args->protocol)) : recognise(bytes);
    if (!codec && args->protocol)
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no codec '%s'", "没有协议“%s”"), args->protocol);
    if (!codec && !bytes.len)
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "there is nothing to decode", "没有可解码的内容"));
    if (!codec)
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "%zu bytes of no known protocol", "%zu 字节，无法识别协议"),
                       bytes.len);
    *out_codec = codec;
    return ZJ_OK;
}

static zj_err read_file(struct zj_job *job, const char *path, struct zj_buf *out)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!in)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", path, zj_strerror(job, errno));
    size_t got = 0;
    do {
        zj_buf_reserve(out, 1 << 16);
        got = fread(out->at + out->len, 1, 1 << 16, in);
        out->len += got;
    } while (got && out->len <= FILE_BYTES_MAX);
    const bool is_bad = ferror(in);
    if (in != stdin)
        fclose(in);
    if (is_bad)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", path, zj_strerror(job, errno));
    if (out->len > FILE_BYTES_MAX)
        return zj_fail(job, ZJ_ELIMIT, zj_tr(job, "%s: more than %d bytes", "%s：超过 %d 字节"),
                       path, FILE_BYTES_MAX);
    return ZJ_OK;
}

static zj_err decode_bytes(struct zj_job *job, const struct args *args, struct zj_wire_state state,
                           const char *path)
{
    struct zj_buf raw = {0}, from_hex = {0};
    const struct zj_codec *codec = NULL;
    zj_err err = ZJ_OK;
    if (path)
        err = read_file(job, path, &raw);
    bool is_hex = true;
    if (!err && args->hex)
        is_hex = zj_buf_from_hex(&from_hex, zj_span_str(args->hex));
    if (!err && !is_hex)
        err = zj_fail(job, ZJ_EUSAGE, zj_tr(job, "--hex: no hex digits", "--hex：不是十六进制"));
    if (!err && path)
        is_hex = zj_buf_from_hex(&from_hex, zj_buf_all(&raw));
    const struct zj_span bytes = zj_buf_all(is_hex ? &from_hex : &raw);
    if (!err)
        err = choose(job, args, bytes, &codec);
    if (!err && path)
        err = print_stream(job, codec, state, bytes);
    else if (!err)
        err = print_hex(job, codec, state, bytes);
    zj_buf_release(&from_hex);
    zj_buf_release(&raw);
    return err;
}

/* Writes {"offset","len","id"} of a frame; the id is the member the codec names. */
static void write_frame_ref(struct zj_job *job, struct zj_json *j, const struct zj_codec *codec,
                            const struct piece *piece)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    zj_json_object(j);
    zj_json_kint(j, "offset", (int64_t)piece->offset);
    zj_json_kint(j, "len", (int64_t)piece->len);
    if (codec->id_field && !zj_jdoc_parse(job, zj_buf_all(&piece->fields), LINE_BYTES_MAX, &doc)) {
        const struct zj_jval *id = zj_jval_get(zj_jdoc_root(doc), codec->id_field);
        if (zj_jval_type(id) == ZJ_J_NUMBER) {
            zj_json_key(j, "id");
            zj_json_printf(j, "%s %lld", codec->id_field, (long long)zj_jval_int(id, 0));
        } else {
            zj_json_kstr(j, "id", zj_jval_cstr(id, NULL));
        }
    }
    zj_json_object_end(j);
}

static void write_stream(struct zj_job *job, struct zj_json *j, const struct zj_codec *codec,
                         struct zj_wire_state state, struct zj_span all)
{
    struct zj_buf refs = {0}, decoded = {0};
    struct zj_json to_refs = zj_json_to(&refs), to_decoded = zj_json_to(&decoded);
    struct piece piece = {0};
    size_t skipped = 0, pending = 0;
    zj_json_array(&to_refs);
    zj_json_array(&to_decoded);
    while (next_piece(codec, &state, all, &piece)) {
        if (piece.step == ZJ_STEP_MORE) {
            pending = piece.len;
        } else if (piece.error) {
            skipped += piece.len;
        } else {
            write_frame_ref(job, &to_refs, codec, &piece);
            zj_json_object(&to_decoded);
            write_verdict(&to_decoded, codec, piece.edition, NULL, piece.len,
                          zj_buf_all(&piece.fields));
            zj_json_object_end(&to_decoded);
        }
    }
    zj_json_array_end(&to_refs);
    zj_json_array_end(&to_decoded);
    zj_json_kstr(j, "protocol", codec->name);
    zj_json_key(j, "frames");
    zj_json_raw(j, zj_buf_all(&refs));
    zj_json_kint(j, "skipped_bytes", (int64_t)skipped);
    zj_json_kint(j, "pending_bytes", (int64_t)pending);
    zj_json_key(j, "decoded");
    zj_json_raw(j, zj_buf_all(&decoded));
    zj_buf_release(&piece.fields);
    zj_buf_release(&refs);
    zj_buf_release(&decoded);
}

static void apply_params(const struct zj_jval *params, struct zj_wire_state *state)
{
    state->mqtt_level = (uint8_t)zj_jval_int(zj_jval_get(params, "mqtt_level"), state->mqtt_level);
    state->sim_bytes = (uint8_t)zj_jval_int(zj_jval_get(params, "sim_bytes"), state->sim_bytes);
    state->m1 = (uint32_t)zj_jval_int(zj_jval_get(params, "m1"), state->m1);
    state->ia1 = (uint32_t)zj_jval_int(zj_jval_get(params, "ia1"), state->ia1);
    state->ic1 = (uint32_t)zj_jval_int(zj_jval_get(params, "ic1"), state->ic1);
}

static void decode_record(struct zj_job *job, const struct args *args, struct zj_wire_state state,
                          const struct zj_jval *record)
{
    const char *name = zj_jval_cstr(zj_jval_get(record, "protocol"), args->protocol);
    struct zj_buf bytes = {0}, line = {0}, fields = {0};
    struct zj_json j = zj_json_to(&line);
    zj_json_object(&j);
    zj_json_kstr(&j, "id", zj_jval_cstr(zj_jval_get(record, "id"), NULL));
    const bool is_hex = zj_buf_from_hex(&bytes, zj_jval_text(zj_jval_get(record, "hex")));
    const struct zj_codec *codec =
        name ? zj_codec_find(zj_span_str(name)) : recognise(zj_buf_all(&bytes));
    apply_params(zj_jval_get(record, "params"), &state);
    if (!codec || !is_hex) {
        zj_json_kstr(&j, "protocol", name);
        zj_json_kbool(&j, "valid", false);
        zj_json_kstr(&j, "error", is_hex ? "unknown_protocol" : "no_hex_digits");
    } else if (zj_span_eq_str(zj_jval_text(zj_jval_get(record, "kind")), "stream")) {
        write_stream(job, &j, codec, state, zj_buf_all(&bytes));
    } else {
        const char *edition = NULL;
        const char *error = print_whole(codec, &state, zj_buf_all(&bytes), &fields, &edition);
        write_verdict(&j, codec, edition, error, bytes.len, zj_buf_all(&fields));
    }
    zj_json_object_end(&j);
    put_line(job, &line);
    zj_buf_release(&fields);
    zj_buf_release(&line);
    zj_buf_release(&bytes);
}

static zj_err decode_records(struct zj_job *job, const struct args *args,
                             struct zj_wire_state state)
{
    FILE *in = strcmp(args->records, "-") == 0 ? stdin : fopen(args->records, "rb");
    if (!in)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", args->records, zj_strerror(job, errno));
    ZJ_AUTO(zj_freep) char *line = NULL;
    size_t room = 0, number = 0, wrong = 0;
    ssize_t len;
    const char *first = "";
    zj_err worst = ZJ_OK;
    while ((len = getline(&line, &room, in)) >= 0 && !zj_is_interrupted(job)) {
        number++;
        const struct zj_span text = zj_span_trim(zj_span_of(line, (size_t)len));
        ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
        if (!text.len)
            continue;
        zj_job_clear(job);
        const zj_err err = zj_jdoc_parse(job, text, LINE_BYTES_MAX, &doc);
        if (!err) {
            decode_record(job, args, state, zj_jdoc_root(doc));
        } else if (!wrong++) {
            worst = zj_fail(job, err, zj_tr(job, "%s: line %zu", "%s：第 %zu 行"), args->records,
                            number);
            first = zj_arena_strdup(&job->arena, job->message);
        }
    }
    if (in != stdin)
        fclose(in);
    zj_job_clear(job);
    if (wrong > 1)
        return zj_fail(job, worst,
                       zj_tr(job, "%s; %zu more lines are wrong", "%s；另有 %zu 行有误"), first,
                       wrong - 1);
    return worst ? zj_fail(job, worst, "%s", first) : ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    struct zj_wire_state state;
    if (!state_of(args, &state))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "--key: want M1,IA1,IC1", "--key：应为 M1,IA1,IC1"));
    if (!!args->hex + !!args->records + argc != 1)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "give one of --hex HEX, --records FILE, FILE",
                             "请给出 --hex HEX、--records FILE 或 FILE 之一"));
    if (args->records)
        return decode_records(job, args, state);
    return decode_bytes(job, args, state, argc ? argv[0] : NULL);
}

static const char *const examples[] = {
    "zhuji decode --hex 232307fe314731424c353250375452313135353230010000d5",
    "zhuji decode --protocol jt808 terminal.bin",
    "zhuji decode --records frames.jsonl",
    NULL,
};

const struct zj_verb zj_verb_decode = {
    .name = "decode",
    .args = "(--hex HEX | --records FILE.jsonl | FILE)",
    .en = "print the frames of a protocol as JSON",
    .zh = "把协议报文解码为 JSON",
    .examples = examples,
    .opts = opts,
    .argc_min = 0,
    .argc_max = 1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
