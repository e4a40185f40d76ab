/* Transfers, worst first. Whether a receiver stands in the ledger is asked row by row over all of
 * it, which is dear: so rows are put in order without it, and it is asked of as many as the reader
 * gets to see. */
#include <stdlib.h>

#include "facts/read.h"

/* Rows of one rank that go to partners: they come after those that do not. */
struct ranks {
    struct zj_buf *ids;     /* of int64_t */
    struct zj_buf partners; /* likewise */
    size_t wanted;
    int rank;
};

static size_t count_of(const struct zj_buf *ids)
{
    return ids->len / sizeof(int64_t);
}

static void add_id(struct zj_buf *ids, size_t wanted, int64_t id)
{
    if (count_of(ids) < wanted)
        zj_buf_span(ids, zj_span_of(&id, sizeof id));
}

static void end_rank(struct ranks *r)
{
    const size_t room = r->wanted - count_of(r->ids);
    const size_t count = count_of(&r->partners) < room ? count_of(&r->partners) : room;
    zj_buf_span(r->ids, zj_span_of(r->partners.at, count * sizeof(int64_t)));
    r->partners.len = 0;
}

static zj_err rank_row(struct zj_job *job, struct ranks *r, struct zj_stmt *ask, int64_t id,
                       int rank)
{
    bool has_row = false;
    if (rank != r->rank)
        end_rank(r);
    r->rank = rank;
    zj_stmt_reset(ask);
    zj_stmt_bind_int(ask, 1, id);
    zj_err err = zj_stmt_step(job, ask, &has_row);
    if (!err && has_row)
        add_id(zj_stmt_int(ask, 0) ? &r->partners : r->ids, r->wanted, id);
    return err;
}

/* A network of an organisation, as the two keys of addresses that it lies between. */
struct network {
    int64_t org_id;
    struct zj_span lo, hi; /* of the job's arena */
};

struct networks {
    struct network *all; /* by organisation */
    size_t count;
    int64_t org_id; /* whose are all[from] to all[to - 1] */
    size_t from, to;
};

static zj_err load_networks(struct zj_job *job, struct zj_store *store, struct networks *out)
{
    static const char sql[] = "SELECT row_id, lo, hi, count(*) OVER () FROM reg_range"
                              " WHERE register = 'organisations' AND field = 'networks'"
                              " ORDER BY row_id";
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (!out->all)
            out->all = zj_arena_alloc(&job->arena, (size_t)zj_stmt_int(stmt, 3) * sizeof *out->all);
        const struct zj_span lo = zj_stmt_text(stmt, 1), hi = zj_stmt_text(stmt, 2);
        out->all[out->count++] = (struct network){
            zj_stmt_int(stmt, 0), zj_span_str(zj_arena_span(&job->arena, lo)),
            zj_span_str(zj_arena_span(&job->arena, hi))};
    }
    return err;
}

/* Rows come mostly from one organisation after the other. */
static void turn_to(struct networks *n, int64_t org_id)
{
    if (org_id == n->org_id)
        return;
    n->org_id = org_id;
    for (n->from = 0; n->from < n->count && n->all[n->from].org_id < org_id;)
        n->from++;
    for (n->to = n->from; n->to < n->count && n->all[n->to].org_id == org_id;)
        n->to++;
}

static bool is_own(const struct networks *n, struct zj_span key)
{
    for (size_t i = n->from; i < n->to; i++)
        if (zj_span_order(key, n->all[i].lo) >= 0 && zj_span_order(key, n->all[i].hi) <= 0)
            return true;
    return false;
}

struct transfer {
    int64_t id, bytes;
    int rank; /* 0: leaves for abroad, 1: leaves, 2: stays though abroad, 3: stays */
};

static int by_rank(const void *a, const void *b)
{
    const struct transfer *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank - y->rank;
    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return x->id < y->id ? 1 : -1;
}

/* All that fit, as struct transfer. */
static zj_err load_transfers(struct zj_job *job, struct zj_store *store,
                             const struct conditions *where, bool leaves_only, struct zj_buf *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    struct networks own = {.org_id = -1};
    bool has_row;
    zj_err err = load_networks(job, store, &own);
    if (err)
        return err;
    zj_buf_str(&sql, "SELECT f.id, f.org_id, f.src_key, f.dst_key, f.bytes,"
                     " f.country IN ('CN', '-') FROM fact_transfer f");
    zj_buf_span(&sql, zj_buf_all(&where->sql));
    err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &rows);
    if (err)
        return err;
    zj_where_bind(where, rows);
    while (!(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        turn_to(&own, zj_stmt_int(rows, 1));
        const bool leaves =
            is_own(&own, zj_stmt_text(rows, 2)) && !is_own(&own, zj_stmt_text(rows, 3));
        if (leaves_only && !leaves)
            continue;
        const struct transfer t = {zj_stmt_int(rows, 0), zj_stmt_int(rows, 4),
                                   (leaves ? 0 : 2) + (zj_stmt_int(rows, 5) ? 1 : 0)};
        zj_buf_span(out, zj_span_of(&t, sizeof t));
    }
    return err;
}

zj_err zj_transfers_worst(struct zj_job *job, struct zj_store *store,
                          const struct conditions *where, bool leaves_only, size_t wanted,
                          struct zj_buf *out_ids, int64_t *out_total)
{
    static const char is_partner[] =
        "SELECT " ZJ_PARTNER_OF("f") " <> '' FROM fact_transfer f WHERE f.id = $1";
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *ask = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf all = {0};
    struct ranks r = {.ids = out_ids, .wanted = wanted, .rank = -1};
    zj_err err = load_transfers(job, store, where, leaves_only, &all);
    if (!err)
        err = zj_store_prepare(job, store, is_partner, &ask);
    if (err)
        return err;
    struct transfer *rows = (struct transfer *)all.at;
    const size_t count = all.len / sizeof *rows;
    if (count)
        qsort(rows, count, sizeof *rows, by_rank);
    for (size_t i = 0; i < count && !err && count_of(out_ids) < wanted; i++)
        err = rank_row(job, &r, ask, rows[i].id, rows[i].rank);
    end_rank(&r);
    zj_buf_release(&r.partners);
    *out_total = (int64_t)count;
    return err;
}
