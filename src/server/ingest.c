/* Observations of sensors elsewhere: JSON Lines as zj_sink_jsonl prints them, back to facts, and
 * events of Suricata (ingest_eve.c). A line
 * that is wrong is refused with its number, the others are kept. */
#include "server/ingest.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_read.h"

enum { LINE_BYTES_MAX = 256 * 1024 };

static const struct zj_fact_kind *kind_of(const char *name, enum zj_fact_id *out)
{
    for (size_t i = 0; name && i < ZJ_FACT_KIND_COUNT; i++)
        if (strcmp(zj_fact_kinds[i].name, name) == 0) {
            *out = (enum zj_fact_id)i;
            return &zj_fact_kinds[i];
        }
    return NULL;
}

/* True where the value is of the column's type; absent is empty. */
static bool read_cell(const struct zj_col *col, const struct zj_jval *value, struct zj_arena *arena,
                      struct zj_cell *out)
{
    const struct zj_span text = zj_jval_text(value);
    struct zj_buf bytes = {0};
    bool is_good;
    if (zj_jval_type(value) == ZJ_J_NONE || zj_jval_type(value) == ZJ_J_NULL)
        return true;
    switch (col->type) {
    case ZJ_COL_TEXT:
    case ZJ_COL_HOST:
        out->text = text;
        return zj_jval_type(value) == ZJ_J_STRING;
    case ZJ_COL_INT:
        out->num = zj_jval_int(value, INT64_MIN);
        return out->num != INT64_MIN;
    case ZJ_COL_BOOL:
        out->num = zj_jval_bool(value, false);
        return zj_jval_type(value) == ZJ_J_BOOL;
    case ZJ_COL_TIME:
        return zj_time_parse(text, &out->num);
    case ZJ_COL_ADDR:
        return zj_addr_parse(text, &out->addr);
    case ZJ_COL_BLOB:
        is_good = zj_jval_type(value) == ZJ_J_STRING && zj_buf_from_hex(&bytes, text);
        if (is_good)
            out->text = zj_span_of(zj_arena_span(arena, zj_buf_all(&bytes)), bytes.len);
        zj_buf_release(&bytes);
        return is_good;
    }
    return false;
}

static enum zj_ingest_line refuse_line(struct zj_ingest *in, const char *en, const char *zh,
                                       const char *what)
{
    snprintf(in->en, sizeof in->en, "%s%s%s", en, what ? ": " : "", what ? what : "");
    snprintf(in->zh, sizeof in->zh, "%s%s%s", zh, what ? "：" : "", what ? what : "");
    return ZJ_INGEST_REFUSED;
}

static enum zj_ingest_line take(struct zj_job *job, struct zj_ingest *in,
                                const struct zj_jval *root, struct zj_arena *arena, zj_err *out_err)
{
    struct zj_cell cells[ZJ_FACT_COLS_MAX] = {0};
    enum zj_fact_id id;
    const struct zj_fact_kind *kind = kind_of(zj_jval_cstr(zj_jval_get(root, "fact"), NULL), &id);
    if (!kind)
        return zj_jval_get(root, "event_type")
                   ? zj_ingest_eve(job, in, root, out_err)
                   : refuse_line(in, "no kind of fact", "不是已知的事实", NULL);
    for (size_t i = 0; i < kind->col_count; i++)
        if (!read_cell(&kind->cols[i], zj_jval_get(root, kind->cols[i].name), arena, &cells[i]))
            return refuse_line(in, "wrong value", "取值有误", kind->cols[i].name);
    if (in->may && !in->may(in->ctx, id, cells))
        return refuse_line(in, "of another organisation's network", "属于其他单位的网段", NULL);
    *out_err = in->sink->fact(in->sink, job, id, cells);
    return *out_err ? ZJ_INGEST_REFUSED : ZJ_INGEST_TAKEN;
}

enum zj_ingest_line zj_ingest_line(struct zj_job *job, struct zj_ingest *in, struct zj_span line,
                                   zj_err *out_err)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct zj_arena arena = {0};
    *out_err = ZJ_OK;
    line = zj_span_trim(line);
    if (line.len == 0)
        return ZJ_INGEST_SKIPPED;
    if (zj_jdoc_parse(job, line, LINE_BYTES_MAX, &doc) ||
        zj_jval_type(zj_jdoc_root(doc)) != ZJ_J_OBJECT) {
        zj_job_clear(job);
        return refuse_line(in, "no JSON object", "不是 JSON 对象", NULL);
    }
    enum zj_ingest_line end = take(job, in, zj_jdoc_root(doc), &arena, out_err);
    zj_arena_release(&arena);
    return end;
}
