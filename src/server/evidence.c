/* What lies behind a gap: the rows of the register and of the facts, and the frame that was seen,
 * decoded. Frames come only where the reader may see personal data; the facts room sees to it. */
#include <string.h>

#include "catalog/catalog.h"
#include "facts/facts.h"
#include "register/register.h"
#include "server/core.h"
#include "wire/wire.h"

enum { FRAME_BYTES_MAX = 64 * 1024, ROW_BYTES_MAX = 1024 * 1024, COLUMNS_MAX = 200 };

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

/* {"hex","protocol","edition","valid","error","fields"}. Which side sent it is not stored: where
 * one reading is wrong the other is tried. */
static void write_frame(struct zj_json *j, struct zj_span protocol, struct zj_span frame)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf fields = {0};
    const struct zj_codec *codec = zj_codec_find(protocol);
    const char *edition = NULL, *error = NULL;
    zj_json_object(j);
    zj_json_key(j, "hex");
    zj_json_hex(j, frame);
    zj_json_kspan(j, "protocol", protocol);
    if (codec) {
        error = print_fields(codec, frame, false, &fields, &edition);
        if (error && print_fields(codec, frame, true, &fields, &edition) == NULL)
            error = NULL;
        else if (error)
            error = print_fields(codec, frame, false, &fields, &edition);
        zj_json_kstr(j, "edition", edition);
        zj_json_kbool(j, "valid", !error);
        if (error)
            zj_json_kstr(j, "error", error);
        zj_json_key(j, "fields");
        zj_json_raw(j, zj_buf_all(&fields));
    }
    zj_json_object_end(j);
}

/* Adds "kind" and "frame" to the fact row that `from` of the answer's buffer on holds. */
static zj_err add_frame(struct zj_call *call, size_t from, const char *kind)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf frame = {0};
    const struct zj_buf *out = call->json.out;
    zj_err err =
        zj_jdoc_parse(call->job, zj_span_of(out->at + from, out->len - from), ROW_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_jval *row = zj_jdoc_root(doc);
    const struct zj_span hex = zj_jval_text(zj_jval_get(row, "ev_frame"));
    zj_json_object_reopen(&call->json);
    zj_json_kstr(&call->json, "fact", kind);
    if (!zj_jval_get(row, "kind")) /* a command has a kind of its own */
        zj_json_kstr(&call->json, "kind", kind);
    if (hex.len && hex.len <= 2 * FRAME_BYTES_MAX && zj_buf_from_hex(&frame, hex)) {
        zj_json_key(&call->json, "frame");
        write_frame(&call->json, zj_jval_text(zj_jval_get(row, "protocol")), zj_buf_all(&frame));
    }
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

zj_err zj_evidence_fact(struct zj_call *call, const char *kind, int64_t id)
{
    enum zj_fact_id which;
    if (!zj_facts_kind(kind, &which))
        return zj_fail(call->job, ZJ_ENOTFOUND,
                       zj_tr(call->job, "no facts '%s'", "没有此类事实“%s”"), kind);
    struct zj_buf row = {0};
    struct zj_json j = zj_json_to(&row);
    zj_err err = zj_facts_get(call->job, call->store, &call->scope, which, id, &j);
    size_t from = 0;
    if (!err) {
        zj_json_raw(&call->json, zj_buf_all(&row));
        from = call->json.out->len - row.len;
    }
    zj_buf_release(&row);
    return err ? err : add_frame(call, from, kind);
}

static zj_err write_facts(struct zj_call *call, const struct zj_jval *evidence)
{
    zj_json_key(&call->json, "evidence_rows");
    zj_json_array(&call->json);
    for (const struct zj_jval *v = zj_jval_first(evidence); v; v = zj_jval_next(v)) {
        const char *kind = zj_jval_cstr(zj_jval_get(v, "fact"), NULL);
        if (!kind)
            continue;
        zj_err err = zj_evidence_fact(call, kind, zj_jval_int(zj_jval_get(v, "id"), 0));
        if (err == ZJ_ENOTFOUND)
            zj_job_clear(call->job); /* gone since, by retention */
        else if (err)
            return err;
    }
    zj_json_array_end(&call->json);
    return ZJ_OK;
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
