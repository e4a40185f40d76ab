/* What lies behind a gap: the rows of the register and of the facts, and the frame that was seen,
 * decoded. Frames come only where the reader may see personal data; the facts room sees to it. */
#include <string.h>

#include "catalog/catalog.h"
#include "facts/facts.h"
#include "identify/identify.h"
#include "register/register.h"
#include "server/core.h"
#include "wire/wire.h"

enum { FRAME_BYTES_MAX = 64 * 1024, ROW_BYTES_MAX = 1024 * 1024, COLUMNS_MAX = 200 };
enum { FINDS_MAX = 64, ENTRIES_MAX = 64 };

static const char *print_fields(const struct zj_codec *codec, struct zj_span frame,
                                bool is_from_server, struct zj_buf *fields,
                                const char **out_edition)
{
    struct zj_wire_state state = {.is_from_server = is_from_server};
    struct zj_json j = zj_json_to(fields);
    fields->len = 0;
    zj_json_object(&j);
    const char *error = codec->print(&state, frame, &j, out_edition);
    zj_json_object_end(&j);
    return error;
}

/* What the scan finds in the bytes that are text. Addresses and credentials stand in heads: they
 * are no data that is handed on. */
static void write_found(struct zj_json *j, const struct zj_codec *codec, struct zj_span frame)
{
    struct zj_find finds[FINDS_MAX];
    const bool is_binary = codec && codec->is_binary;
    const size_t count = is_binary ? 0 : zj_identify_scan(frame, finds, FINDS_MAX);
    zj_json_key(j, "found");
    zj_json_array(j);
    for (size_t i = 0; i < count; i++) {
        const enum zj_identify_type type = (enum zj_identify_type)finds[i].type;
        if (type == ZJ_TYPE_IPV4 || type == ZJ_TYPE_IPV6 || type == ZJ_TYPE_SECRET)
            continue;
        zj_json_object(j);
        zj_json_kstr(j, "type", zj_identify_type_info(type)->name);
        zj_json_kint(j, "start", finds[i].start);
        zj_json_kint(j, "end", finds[i].end);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
}

/* Frames were cut by the codec, and the first bytes of each are kept. What it cannot begin with is
 * of the body of a message that began before ("body"); what it asks more bytes for is the beginning
 * of a longer frame ("cut"). Neither is a fault. NULL: a whole frame. */
static const char *part_of(const struct zj_codec *codec, struct zj_span frame)
{
    struct zj_wire_state state = {0};
    size_t len = 0;
    const enum zj_step step = codec->frame(&state, frame, &len);
    if (step == ZJ_STEP_MORE && frame.len >= ZJ_FACT_FRAME_MAX)
        return "cut";
    return codec->has_bodies && (step == ZJ_STEP_LOST || step == ZJ_STEP_SKIP) ? "body" : NULL;
}

/* Members "edition","valid","error","fields". Which side sent it is not stored: where one reading
 * is wrong the other is tried. */
static void write_fields(struct zj_json *j, const struct zj_codec *codec, struct zj_span frame,
                         bool is_whole)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf fields = {0};
    const char *edition = NULL;
    const char *error = print_fields(codec, frame, false, &fields, &edition);
    if (error && print_fields(codec, frame, true, &fields, &edition) == NULL)
        error = NULL;
    else if (error)
        error = print_fields(codec, frame, false, &fields, &edition);
    zj_json_kstr(j, "edition", edition);
    if (is_whole) {
        zj_json_kbool(j, "valid", !error);
        if (error)
            zj_json_kstr(j, "error", error);
    }
    zj_json_key(j, "fields");
    zj_json_raw(j, zj_buf_all(&fields));
}

/* {"hex","protocol","part","edition","valid","error","fields","found"} */
static void write_frame(struct zj_json *j, struct zj_span protocol, struct zj_span frame)
{
    const struct zj_codec *codec = zj_codec_find(protocol);
    zj_json_object(j);
    zj_json_key(j, "hex");
    zj_json_hex(j, frame);
    zj_json_kspan(j, "protocol", protocol);
    if (codec) {
        const char *part = part_of(codec, frame);
        if (part)
            zj_json_kstr(j, "part", part);
        if (!part || strcmp(part, "body") != 0)
            write_fields(j, codec, frame, !part);
    }
    if (codec || zj_span_eq_str(protocol, "text"))
        write_found(j, codec, frame);
    zj_json_object_end(j);
}

/* One observation behind a gap. */
struct entry {
    const char *kind; /* of the fact */
    struct zj_buf text;
    struct zj_buf captures; /* JSON */
    struct zj_jdoc *row;
    bool is_told; /* with an earlier one of the same packet */
};

static void entry_release(struct entry *e)
{
    zj_jdoc_free(e->row);
    zj_buf_release(&e->text);
    zj_buf_release(&e->captures);
}

static zj_err entry_read(struct zj_call *call, const char *kind, int64_t id, struct entry *out)
{
    enum zj_fact_id which;
    *out = (struct entry){.kind = kind};
    if (!zj_facts_kind(kind, &which))
        return zj_fail(call->job, ZJ_ENOTFOUND,
                       zj_tr(call->job, "no facts '%s'", "没有此类事实“%s”"), kind);
    struct zj_json j = zj_json_to(&out->text);
    zj_err err = zj_facts_get(call->job, call->store, &call->scope, which, id, &j);
    if (!err)
        err = zj_jdoc_parse(call->job, zj_buf_all(&out->text), ROW_BYTES_MAX, &out->row);
    struct zj_json captures = zj_json_to(&out->captures);
    if (!err)
        err = zj_facts_captures(call->job, call->store, which, id, &captures);
    if (err)
        entry_release(out);
    return err;
}

static struct zj_span entry_text(const struct entry *e, const char *name)
{
    return zj_jval_text(zj_jval_get(zj_jdoc_root(e->row), name));
}

/* One packet that carries several types of data is a transfer of each. */
static bool is_same_packet(const struct entry *a, const struct entry *b)
{
    static const char *const texts[] = {"src",     "dst",     "host",     "protocol",
                                        "ev_time", "ev_flow", "ev_source"};
    const struct zj_jval *ra = zj_jdoc_root(a->row), *rb = zj_jdoc_root(b->row);
    bool is_same = strcmp(a->kind, "transfer") == 0 && strcmp(b->kind, "transfer") == 0 &&
                   zj_jval_int(zj_jval_get(ra, "ev_packet"), -1) ==
                       zj_jval_int(zj_jval_get(rb, "ev_packet"), -2);
    for (size_t i = 0; i < ZJ_COUNT(texts) && is_same; i++)
        is_same = zj_span_eq(entry_text(a, texts[i]), entry_text(b, texts[i]));
    return is_same;
}

/* Member "carries": the types of data in this packet, each with its fact. */
static void write_carried(struct zj_json *j, struct entry *entries, size_t at, size_t count)
{
    if (strcmp(entries[at].kind, "transfer") != 0)
        return;
    zj_json_key(j, "carries");
    zj_json_array(j);
    for (size_t i = at; i < count; i++) {
        if (entries[i].is_told || (i != at && !is_same_packet(&entries[at], &entries[i])))
            continue;
        const struct zj_jval *row = zj_jdoc_root(entries[i].row);
        entries[i].is_told = true;
        zj_json_object(j);
        zj_json_kspan(j, "data_type", zj_jval_text(zj_jval_get(row, "data_type")));
        zj_json_kint(j, "items", zj_jval_int(zj_jval_get(row, "items"), 0));
        zj_json_kint(j, "id", zj_jval_int(zj_jval_get(row, "id"), 0));
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
}

/* The fact's row with "fact", "kind", "carries", "captures" and "frame" beside its columns. */
static void write_entry(struct zj_json *j, struct entry *entries, size_t at, size_t count)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf frame = {0};
    const struct entry *e = &entries[at];
    const struct zj_span hex = entry_text(e, "ev_frame");
    zj_json_raw(j, zj_buf_all(&e->text));
    zj_json_object_reopen(j);
    zj_json_kstr(j, "fact", e->kind);
    if (!zj_jval_get(zj_jdoc_root(e->row), "kind")) /* a command has a kind of its own */
        zj_json_kstr(j, "kind", e->kind);
    write_carried(j, entries, at, count);
    if (e->captures.len) {
        zj_json_key(j, "captures");
        zj_json_raw(j, zj_buf_all(&e->captures));
    }
    if (hex.len && hex.len <= 2 * FRAME_BYTES_MAX && zj_buf_from_hex(&frame, hex)) {
        zj_json_key(j, "frame");
        write_frame(j, entry_text(e, "protocol"), zj_buf_all(&frame));
    }
    zj_json_object_end(j);
}

zj_err zj_evidence_fact(struct zj_call *call, const char *kind, int64_t id)
{
    struct entry entry;
    zj_err err = entry_read(call, kind, id, &entry);
    if (err)
        return err;
    write_entry(&call->json, &entry, 0, 1);
    entry_release(&entry);
    return ZJ_OK;
}

static zj_err write_facts(struct zj_call *call, const struct zj_jval *evidence)
{
    struct entry entries[ENTRIES_MAX];
    size_t count = 0;
    zj_err err = ZJ_OK;
    for (const struct zj_jval *v = zj_jval_first(evidence); v && !err && count < ENTRIES_MAX;
         v = zj_jval_next(v)) {
        const char *kind = zj_jval_cstr(zj_jval_get(v, "fact"), NULL);
        if (!kind)
            continue;
        err = entry_read(call, kind, zj_jval_int(zj_jval_get(v, "id"), 0), &entries[count]);
        if (!err)
            count++;
        if (err != ZJ_ENOTFOUND)
            continue;
        zj_job_clear(call->job); /* gone since, by retention */
        err = ZJ_OK;
    }
    if (!err) {
        zj_json_key(&call->json, "evidence_rows");
        zj_json_array(&call->json);
        for (size_t i = 0; i < count; i++)
            if (!entries[i].is_told)
                write_entry(&call->json, entries, i, count);
        zj_json_array_end(&call->json);
    }
    for (size_t i = 0; i < count; i++)
        entry_release(&entries[i]);
    return err;
}

static zj_err write_declared(struct zj_call *call, const struct zj_jval *evidence)
{
    for (const struct zj_jval *v = zj_jval_first(evidence); v; v = zj_jval_next(v)) {
        const char *name = zj_jval_cstr(zj_jval_get(v, "register"), NULL);
        const struct zj_register *reg = name ? zj_register_find(name) : NULL;
        if (!reg)
            continue;
        ZJ_AUTO(zj_buf_release) struct zj_buf row = {0};
        struct zj_json j = zj_json_to(&row);
        zj_err err = zj_register_get(call->job, call->store, &call->scope, reg,
                                     zj_jval_int(zj_jval_get(v, "id"), 0), &j);
        if (err == ZJ_ENOTFOUND) {
            zj_job_clear(call->job); /* deleted since */
            continue;
        }
        if (err)
            return err;
        zj_json_kstr(&call->json, "register", reg->name);
        zj_json_key(&call->json, "register_row");
        zj_json_raw(&call->json, zj_buf_all(&row));
        return ZJ_OK;
    }
    return ZJ_OK;
}

/* Gaps about data name a source and a type: what inventories found there, with masked samples where
 * the reader may see them. */
static zj_err write_columns(struct zj_call *call, const struct zj_jval *gap)
{
    const struct zj_jval *subject = zj_jval_get(gap, "subject");
    char *source = zj_arena_strdup(call->arena, zj_jval_cstr(zj_jval_get(subject, "id"), ""));
    char *type = NULL;
    static const char between[] = " · ";
    for (char *at = strstr(source, between); at; at = strstr(at + 1, between))
        type = at;
    if (!zj_span_eq_str(zj_jval_text(zj_jval_get(subject, "kind")), "data") || !type)
        return ZJ_OK;
    *type = '\0';
    struct zj_catalog_filter filter = {
        .source = source, .type = type + sizeof between - 1, .limit = COLUMNS_MAX};
    int64_t total = 0;
    zj_err err = zj_org_find(call->job, call->store, zj_jval_cstr(zj_jval_get(gap, "org"), ""),
                             &filter.org_id);
    if (err)
        return err;
    zj_json_key(&call->json, "columns");
    err = zj_catalog_columns(call->job, call->store, &call->scope, &filter, &call->json, &total);
    zj_json_kint(&call->json, "column_total", total);
    return err;
}

zj_err zj_evidence_rows(struct zj_call *call, const struct zj_jval *gap)
{
    const struct zj_jval *evidence = zj_jval_get(gap, "evidence");
    zj_err err = write_facts(call, evidence);
    if (!err)
        err = write_declared(call, evidence);
    return err ? err : write_columns(call, gap);
}
