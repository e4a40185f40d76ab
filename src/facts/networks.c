/* Whose address it is: networks of the register of organisations, in memory. The audit chain's head
 * tells whether anything declared changed since they were read; a digest of the ranges and of who
 * is the only company, kept in meta, whether stored facts have to move. */
#include "facts/tables.h"

enum { CACHE_SIZE = 4096 }; /* addresses asked for lately: servers are few */

struct range {
    struct zj_addr lo, hi;
    int64_t org_id;
};

struct answer {
    struct zj_addr addr;
    int64_t org_id;
    bool is_set;
};

struct networks {
    struct range *ranges;
    size_t count, cap;
    int64_t only_org; /* the one company of the store; 0: none or several */
    bool has_declared; /* vehicles and cards can be asked */
    struct zj_buf seen_head; /* of the audit chain when the ranges were read */
    bool is_read;
    uint8_t digest[ZJ_SHA256_BYTES];
    struct answer cache[CACHE_SIZE];
};

struct networks *zj_networks_new(void)
{
    return zj_alloc(sizeof(struct networks));
}

void zj_networks_free(struct networks *n)
{
    if (!n)
        return;
    free(n->ranges);
    zj_buf_release(&n->seen_head);
    free(n);
}

static bool parse_key(struct zj_span hex, struct zj_addr *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf bytes = {0};
    if (!zj_buf_from_hex(&bytes, hex) || bytes.len != sizeof out->bytes)
        return false;
    memcpy(out->bytes, bytes.at, sizeof out->bytes);
    return true;
}

static void add_range(struct networks *n, const struct range *range)
{
    if (n->count == n->cap) {
        n->cap = n->cap ? 2 * n->cap : 64;
        n->ranges = zj_realloc(n->ranges, n->cap * sizeof *n->ranges);
    }
    n->ranges[n->count++] = *range;
}

static zj_err read_ranges(struct zj_job *job, struct zj_store *store, struct networks *n)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_hash_freep) struct zj_hash *hash = zj_hash_new(ZJ_HASH_SHA256);
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT r.lo, r.hi, r.row_id FROM reg_range r JOIN reg_organisations o ON o.id = r.row_id "
        "WHERE r.register = 'organisations' AND r.field = 'networks' AND r.host = '' "
        "AND o.deleted_at = 0 ORDER BY r.row_id, r.lo, r.hi",
        &stmt);
    n->count = 0;
    zj_hash_begin(hash);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        struct range range = {.org_id = zj_stmt_int(stmt, 2)};
        if (!parse_key(zj_stmt_text(stmt, 0), &range.lo) ||
            !parse_key(zj_stmt_text(stmt, 1), &range.hi))
            continue;
        add_range(n, &range);
        zj_hash_add(hash, zj_span_of(&range, sizeof range));
    }
    if (!err)
        err = zj_owners_only(job, store, &n->only_org);
    if (n->only_org) /* a store of several has the digest it had before */
        zj_hash_add(hash, zj_span_of(&n->only_org, sizeof n->only_org));
    zj_hash_end(hash, n->digest);
    return err;
}

zj_err zj_networks_refresh(struct zj_job *job, struct zj_store *store, struct networks *n,
                           bool *out_changed)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf head = {0};
    uint8_t before[ZJ_SHA256_BYTES];
    bool is_found, has_register;
    *out_changed = false;
    zj_err err = zj_store_meta_get(job, store, "audit_head", &head, &is_found);
    if (err || (n->is_read && zj_span_eq(zj_buf_all(&head), zj_buf_all(&n->seen_head))))
        return err;
    err = zj_store_has_table(job, store, "reg_range", &has_register);
    if (err || !has_register)
        return err;
    err = zj_store_has_table(job, store, "reg_cards", &n->has_declared);
    if (err)
        return err;
    memcpy(before, n->digest, sizeof before);
    err = read_ranges(job, store, n);
    if (err)
        return err;
    *out_changed = !n->is_read || memcmp(before, n->digest, sizeof before) != 0;
    if (*out_changed)
        memset(n->cache, 0, sizeof n->cache);
    n->is_read = true;
    n->seen_head.len = 0;
    zj_buf_span(&n->seen_head, zj_buf_all(&head));
    return ZJ_OK;
}

static bool is_narrower(const struct range *a, const struct range *b)
{
    const int lo = memcmp(a->lo.bytes, b->lo.bytes, 16), hi = memcmp(a->hi.bytes, b->hi.bytes, 16);
    return lo >= 0 && hi <= 0 && (lo || hi);
}

static int64_t search(const struct networks *n, const struct zj_addr *addr)
{
    const struct range *best = NULL;
    for (size_t i = 0; i < n->count; i++) {
        const struct range *r = &n->ranges[i];
        if (memcmp(addr->bytes, r->lo.bytes, 16) >= 0 &&
            memcmp(addr->bytes, r->hi.bytes, 16) <= 0 && (!best || is_narrower(r, best)))
            best = r;
    }
    return best ? best->org_id : 0;
}

int64_t zj_networks_find(struct networks *n, const struct zj_addr *addr)
{
    if (n->count == 0)
        return 0;
    uint64_t parts[2];
    memcpy(parts, addr->bytes, sizeof parts);
    const uint64_t hash = (parts[0] ^ parts[1]) * 0x9e3779b97f4a7c15u;
    struct answer *a = &n->cache[hash >> 52];
    if (!a->is_set || !zj_addr_eq(&a->addr, addr))
        *a = (struct answer){*addr, search(n, addr), true};
    return a->org_id;
}

int64_t zj_networks_only_org(const struct networks *n)
{
    return n->only_org;
}

bool zj_networks_has_declared(const struct networks *n)
{
    return n->has_declared;
}

static zj_err run_sql(struct zj_job *job, struct zj_store *store, const char *sql,
                      int64_t *out_changes)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (!err)
        err = zj_stmt_run(job, stmt);
    if (!err)
        *out_changes = zj_store_changes(store);
    return err;
}

static zj_err note_owner(struct zj_job *job, struct zj_store *store, struct zj_span key,
                         int64_t org_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, store, "INSERT INTO fact_owner (addr_key, org_id) VALUES ($1, $2)", &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, key);
    zj_stmt_bind_int(stmt, 2, org_id);
    return zj_stmt_run(job, stmt);
}

/* Fills fact_owner with the addresses of a column that are somebody's. */
static zj_err note_owners(struct zj_job *job, struct zj_store *store, struct networks *n,
                          const char *table, const char *column)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    int64_t removed;
    bool has_row;
    zj_err err = run_sql(job, store, "DELETE FROM fact_owner", &removed);
    if (!err)
        err = zj_store_prepare(
            job, store,
            zj_arena_printf(&job->arena, "SELECT DISTINCT %s_key FROM %s", column, table), &stmt);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        struct zj_addr addr;
        const struct zj_span key = zj_stmt_text(stmt, 0);
        const int64_t org_id = parse_key(key, &addr) ? zj_networks_find(n, &addr) : 0;
        if (org_id)
            err = note_owner(job, store, key, org_id);
    }
    return err;
}

/* The same fact has the same value there; said so that the index of both is used. */
const char *zj_fact_same_order(struct zj_job *job, enum zj_fact_id id)
{
    const int col = zj_fact_tables[id].order_by;
    const char *name = col < 0 ? NULL : zj_fact_kinds[id].cols[col].name;
    return name ? zj_arena_printf(&job->arena, " AND o.%s = fact_%s.%s", name,
                                  zj_fact_kinds[id].name, name)
                : "";
}

/* Where the organisation has the same fact already the older row stays with whom it was. */
static zj_err reassign_column(struct zj_job *job, struct zj_store *store, struct networks *n,
                              enum zj_fact_id id, int col)
{
    const char *table = zj_arena_printf(&job->arena, "fact_%s", zj_fact_kinds[id].name);
    const char *column = zj_fact_kinds[id].cols[col].name;
    int64_t moved = 0;
    zj_err err = note_owners(job, store, n, table, column);
    if (!err)
        err = run_sql(
            job, store,
            zj_arena_printf(
                &job->arena,
                "UPDATE %s SET org_id = (SELECT w.org_id FROM fact_owner AS w"
                " WHERE w.addr_key = %s.%s_key)"
                " WHERE EXISTS (SELECT 1 FROM fact_owner AS w WHERE w.addr_key = %s.%s_key"
                " AND w.org_id <> %s.org_id AND NOT EXISTS (SELECT 1 FROM %s AS o"
                " WHERE o.fact_key = %s.fact_key AND o.org_id = w.org_id%s))",
                table, table, column, table, column, table, table, table, zj_fact_same_order(job, id)),
            &moved);
    if (!err && moved)
        err = zj_store_mark_dirty(job, store, table, (struct zj_span){0});
    return err;
}

zj_err zj_networks_reassign(struct zj_job *job, struct zj_store *store, struct networks *n)
{
    zj_err err = ZJ_OK;
    for (int id = 0; !err && id < ZJ_FACT_KIND_COUNT; id++) {
        const int *own = zj_fact_tables[id].own_side;
        /* the first that is somebody's wins: so the second is asked first and overruled */
        for (int i = 1; !err && i >= 0; i--)
            if (own[i] >= 0)
                err = reassign_column(job, store, n, (enum zj_fact_id)id, own[i]);
    }
    return err;
}

/* Whether vehicles or cards changed since rules looked last. */
static zj_err is_declared_anew(struct zj_job *job, struct zj_store *store, const struct networks *n,
                               bool *out)
{
    int64_t changed = 0;
    zj_err err = ZJ_OK;
    if (n->has_declared && !n->only_org)
        err = zj_store_query_int(job, store,
                                 "SELECT EXISTS (SELECT 1 FROM dirty WHERE kind IN ('vehicles', "
                                 "'cards')) AND EXISTS (SELECT 1 FROM fact_identity WHERE "
                                 "org_id = 0 UNION ALL SELECT 1 FROM fact_detection WHERE "
                                 "org_id = 0)",
                                 0, &changed);
    *out = changed != 0;
    return err;
}

static zj_err attribute(struct zj_job *job, struct zj_store *store, struct networks *n)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf known = {0}, digest = {0};
    bool is_found, is_anew, has_moved = false;
    zj_buf_hex(&digest, zj_span_of(n->digest, sizeof n->digest));
    zj_err err = zj_store_meta_get(job, store, "facts_networks", &known, &is_found);
    const bool is_same = zj_span_eq(zj_buf_all(&known), zj_buf_all(&digest));
    if (!err)
        err = is_declared_anew(job, store, n, &is_anew);
    if (err || (is_same && !is_anew))
        return err;
    err = zj_store_begin(job, store);
    if (!err && !is_same)
        err = zj_networks_reassign(job, store, n);
    if (!err && n->only_org)
        err = zj_owners_adopt(job, store, n->only_org, &has_moved);
    else if (!err && n->has_declared)
        err = zj_owners_claim(job, store, &has_moved);
    if (!err && (has_moved || !is_same))
        err = zj_tally_rebuild(job, store);
    if (!err)
        err = zj_store_meta_set(job, store, "facts_networks", zj_buf_all(&digest));
    return zj_store_end(job, store, err);
}

zj_err zj_facts_attribute(struct zj_job *job, struct zj_store *store)
{
    struct networks *n = zj_networks_new();
    bool is_changed;
    zj_err err = zj_networks_refresh(job, store, n, &is_changed);
    if (!err && n->is_read)
        err = attribute(job, store, n);
    zj_networks_free(n);
    return err;
}
