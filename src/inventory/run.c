#include "inventory/apart.h"
#include "inventory/source.h"

/* Counts what is told, whoever tells it. */
struct counted {
    struct zj_inv_sink sink;
    const struct zj_inv_sink *outer;
    struct zj_inv_totals *totals;
};

static zj_err pass_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct counted *c = ctx;
    c->totals->objects++;
    c->totals->views += object->view_of != NULL;
    c->totals->columns += object->column_count;
    for (size_t i = 0; i < object->column_count; i++)
        c->totals->found += object->columns[i].proposal_count > 0;
    return c->outer->object(job, c->outer->ctx, object);
}

static zj_err pass_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    struct counted *c = ctx;
    c->totals->unread++;
    return c->outer->unread(job, c->outer->ctx, place, reason);
}

static zj_err pass_other(struct zj_job *job, void *ctx, enum zj_inv_other kind)
{
    struct counted *c = ctx;
    c->totals->others[kind]++;
    return c->outer->other ? c->outer->other(job, c->outer->ctx, kind) : ZJ_OK;
}

static zj_err pass_finished(struct zj_job *job, void *ctx, const struct zj_inv_part *part)
{
    struct counted *c = ctx;
    return c->outer->finished ? c->outer->finished(job, c->outer->ctx, part) : ZJ_OK;
}

static bool ask_known(void *ctx, const struct zj_inv_part *part)
{
    struct counted *c = ctx;
    return c->outer->is_known && c->outer->is_known(c->outer->ctx, part);
}

zj_err zj_inventory_run(struct zj_job *job, char *const *sources, size_t count,
                        const struct zj_inv_opts *opts, const struct zj_inv_sink *sink,
                        struct zj_inv_totals *out_totals)
{
    struct zj_files files = {0};
    struct zj_inv_totals totals = {0};
    struct counted counted = {.sink = {.object = pass_object,
                                       .unread = pass_unread,
                                       .other = pass_other,
                                       .finished = pass_finished,
                                       .is_known = ask_known},
                              .outer = sink,
                              .totals = &totals};
    counted.sink.ctx = &counted;
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < count; i++)
        if (!zj_source_find(sources[i]))
            err = zj_walk(job, sources[i], &counted.sink, &files);
    if (!err && files.count)
        err = zj_read_apart(job, &files, opts, &counted.sink, &totals);
    zj_files_release(&files);
    for (size_t i = 0; !err && i < count; i++) {
        const struct zj_source_kind *kind = zj_source_find(sources[i]);
        if (kind)
            err = zj_source_read(job, kind, sources[i], opts, &counted.sink);
        if (!err && zj_is_interrupted(job))
            err = ZJ_EINTR;
    }
    *out_totals = totals;
    if (err)
        return err;
    if (totals.unread)
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "%llu places could not be read, or only in part",
                             "有 %llu 处无法读取或仅部分可读"),
                       (unsigned long long)totals.unread);
    return ZJ_OK;
}
