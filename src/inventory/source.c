#include "inventory/names.h"
#include "inventory/rules.h"
#include "inventory/source.h"

#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/reason.h"

#define ZJ_SOURCE(name) extern const struct zj_source_kind zj_source_##name;
#include "inventory/sources.def"
#undef ZJ_SOURCE

static const struct zj_source_kind *const kinds[] = {
#define ZJ_SOURCE(name) &zj_source_##name,
#include "inventory/sources.def"
#undef ZJ_SOURCE
};

const struct zj_source_kind *zj_source_find(const char *dsn)
{
    const char *end = strstr(dsn, "://");
    char scheme[16];
    if (!end || (size_t)(end - dsn) >= sizeof scheme)
        return NULL;
    snprintf(scheme, sizeof scheme, "%.*s", (int)(end - dsn), dsn);
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if (zj_extension_is(scheme, kinds[i]->schemes))
            return kinds[i];
    return NULL;
}

zj_err zj_source_read(struct zj_job *job, const struct zj_source_kind *kind, const char *dsn,
                      const struct zj_inv_opts *opts, const struct zj_inv_sink *sink)
{
    struct zj_source source = {.job = job,
                               .sink = sink,
                               .opts = opts,
                               .dsn = dsn,
                               .name = zj_inv_source_name(job, dsn),
                               .start_ns = zj_clock_ns()};
    source.tables = zj_tables_new(&source);
    const char *fault = zj_inv_source_fault(job, dsn);
    zj_err err = fault ? zj_source_unread(&source, NULL, fault) : kind->read(&source);
    zj_progress_end(&source.progress);
    zj_tables_free(source.tables);
    if (err || zj_is_interrupted(job) || source.told == source.listed)
        return err;
    return zj_fail(job, ZJ_EBUG,
                   zj_tr(job, "%s: %zu tables were found, and %zu read or told",
                         "%s：共 %zu 张表，仅 %zu 张已读取或已说明"),
                   source.name, source.listed, source.told);
}

void zj_source_list(struct zj_source *source, size_t count)
{
    source->listed = count;
    zj_progress_start(&source->progress, source->job, source->name, count, false);
}

static char *place_of(const struct zj_source *source, const char *path)
{
    return zj_arena_printf(&source->job->arena, "%s!%s", source->name, path);
}

zj_err zj_source_unread(struct zj_source *source, const char *path, const char *reason)
{
    source->has_unread = true;
    return source->sink->unread(source->job, source->sink->ctx,
                                path ? place_of(source, path) : source->name,
                                zj_reason(source->job, reason));
}

size_t zj_source_tables_max(const struct zj_source *source)
{
    return source->opts->tables_max ? source->opts->tables_max : ZJ_TABLES_MAX;
}

zj_err zj_source_cut(struct zj_source *source, const char *schema, const char *name)
{
    return zj_source_unread(
        source, NULL,
        zj_arena_printf(
            &source->job->arena,
            zj_tr(source->job,
                  "more than %zu tables and views: from %s.%s on they are not read (--tables)",
                  "表与视图超过 %zu 个：自 %s.%s 起未读取（--tables）"),
            zj_source_tables_max(source), schema, name));
}

zj_err zj_source_skip(struct zj_source *source, const char *path, const char *reason)
{
    source->told++;
    return zj_source_unread(source, path, reason);
}

static struct zj_inv_part part_of(struct zj_source *source, const char *path)
{
    return (struct zj_inv_part){
        .place = place_of(source, path),
        .state = zj_inv_rules_name(source->opts->rules),
        .is_table = true,
    };
}

bool zj_source_is_done(struct zj_source *source, const char *path)
{
    const struct zj_inv_part part = part_of(source, path);
    const bool is_done = source->sink->is_known && source->sink->is_known(source->sink->ctx, &part);
    source->told += is_done;
    return is_done;
}

zj_err zj_source_view(struct zj_source *source, const char *path, const char *comment,
                      const char *view_of)
{
    struct zj_identify_scratch *scratch = zj_identify_scratch(source->opts->rules->identifier);
    const struct zj_inv_object view = {
        .source = source->name,
        .path = path,
        .kind = "view",
        .comment = zj_name_masked(scratch, &source->job->arena, comment),
        .view_of = view_of};
    zj_identify_scratch_free(scratch);
    const struct zj_inv_part part = part_of(source, path);
    source->told++;
    const zj_err err = source->sink->object(source->job, source->sink->ctx, &view);
    if (err || !source->sink->finished)
        return err;
    return source->sink->finished(source->job, source->sink->ctx, &part);
}

void zj_source_begin(struct zj_source *source, const char *path, const char *kind,
                     const char *comment)
{
    source->path = path;
    source->columns = 0;
    source->rows = 0;
    source->bytes_before = source->bytes;
    source->has_unread = false;
    zj_tables_begin(source->tables, path, kind, comment);
}

void zj_source_column(struct zj_source *source, const char *name, const char *data_type,
                      const char *comment)
{
    source->columns++;
    zj_tables_column(source->tables, name, data_type, comment, false);
}

void zj_source_closed_column(struct zj_source *source, const char *name, const char *data_type,
                             const char *comment)
{
    source->columns++;
    zj_tables_column(source->tables, name, data_type, comment, true);
}

void zj_source_row(struct zj_source *source)
{
    source->rows++;
    zj_tables_row(source->tables);
}

static enum zj_table_end how_ended(const struct zj_source *source, bool is_whole, const char *fault)
{
    if (fault)
        return source->rows ? ZJ_TABLE_PARTIAL : ZJ_TABLE_NOTHING;
    return is_whole ? ZJ_TABLE_WHOLE : ZJ_TABLE_SAMPLED;
}

zj_err zj_source_end(struct zj_source *source, uint64_t rows, bool is_whole, const char *fault)
{
    zj_err err = fault ? zj_source_unread(source, source->path, fault) : ZJ_OK;
    const zj_err ended = zj_tables_end(source->tables, rows, how_ended(source, is_whole, fault));
    source->told++;
    err = err ? err : ended;
    if (err || source->has_unread || !source->sink->finished || zj_is_interrupted(source->job))
        return err;
    struct zj_inv_part part = part_of(source, source->path);
    part.bytes = source->bytes - source->bytes_before;
    return source->sink->finished(source->job, source->sink->ctx, &part);
}

void zj_source_cell(struct zj_source *source, size_t col, struct zj_span value)
{
    zj_tables_cell(source->tables, col, value);
    source->bytes += value.len;
    if (!source->opts->bytes_per_s_max)
        return;
    const double due_s = (double)source->bytes / (double)source->opts->bytes_per_s_max;
    const int64_t ahead_ns = source->start_ns + (int64_t)(due_s * 1e9) - zj_clock_ns();
    if (ahead_ns > 1000000) {
        const struct timespec wait = {ahead_ns / 1000000000, ahead_ns % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
    }
}
