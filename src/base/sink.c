#include "base/sink.h"

#include <errno.h>

#include "base/json.h"

struct jsonl_sink {
    struct zj_sink sink;
    FILE *out;
    struct zj_buf line;
};

static void write_cell(struct zj_json *j, const struct zj_col *col, const struct zj_cell *cell)
{
    char text[ZJ_ADDR_TEXT];
    switch (col->type) {
    case ZJ_COL_TEXT:
    case ZJ_COL_HOST:
        zj_json_span(j, cell->text);
        break;
    case ZJ_COL_BLOB:
        zj_json_hex(j, cell->text);
        break;
    case ZJ_COL_ADDR:
        zj_addr_format(&cell->addr, text);
        zj_json_str(j, text);
        break;
    case ZJ_COL_TIME:
        if (cell->num)
            zj_json_time(j, cell->num);
        else
            zj_json_null(j);
        break;
    case ZJ_COL_BOOL:
        zj_json_bool(j, cell->num != 0);
        break;
    case ZJ_COL_INT:
        zj_json_int(j, cell->num);
        break;
    }
}

static zj_err write_lines(struct jsonl_sink *s, struct zj_job *job, struct zj_span lines)
{
    if (fwrite(lines.at, 1, lines.len, s->out) != lines.len)
        return zj_fail(job, ZJ_EIO, zj_tr(job, "writing observations: %s", "写出观测数据：%s"), zj_strerror(job, errno));
    return ZJ_OK;
}

static zj_err jsonl_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id id,
                         const struct zj_cell *cells)
{
    struct jsonl_sink *s = (struct jsonl_sink *)sink;
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    s->line.len = 0;
    struct zj_json j = zj_json_to(&s->line);
    zj_json_object(&j);
    zj_json_kstr(&j, "fact", kind->name);
    for (size_t i = 0; i < kind->col_count; i++) {
        zj_json_key(&j, kind->cols[i].name);
        write_cell(&j, &kind->cols[i], &cells[i]);
    }
    zj_json_object_end(&j);
    zj_buf_byte(&s->line, '\n');
    return write_lines(s, job, zj_buf_all(&s->line));
}

static zj_err jsonl_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    return write_lines((struct jsonl_sink *)sink, job, lines);
}

static zj_err jsonl_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct jsonl_sink *s = (struct jsonl_sink *)sink;
    if (fflush(s->out) != 0)
        return zj_fail(job, ZJ_EIO, zj_tr(job, "writing observations: %s", "写出观测数据：%s"), zj_strerror(job, errno));
    return ZJ_OK;
}

static void jsonl_free(struct zj_sink *sink)
{
    struct jsonl_sink *s = (struct jsonl_sink *)sink;
    zj_buf_release(&s->line);
    free(s);
}

struct zj_sink *zj_sink_jsonl(FILE *out)
{
    struct jsonl_sink *s = zj_alloc(sizeof *s);
    s->sink = (struct zj_sink){.fact = jsonl_fact,
                               .events = jsonl_events,
                               .flush = jsonl_flush,
                               .free = jsonl_free};
    s->out = out;
    return &s->sink;
}
