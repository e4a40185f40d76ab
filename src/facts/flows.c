/* What the console draws: the fleet on the wire, and where data goes. */
#include <stdio.h>

#include "facts/read.h"

enum { FLOWS_MAX = 2000 };

/* Prepares `head` WHERE … `tail` and binds the conditions. */
static zj_err open_query(struct zj_job *job, struct zj_store *store, const char *head,
                         struct conditions *c, const char *tail, struct zj_stmt **out)
{
    const char *sql = zj_arena_printf(&job->arena, "%s%s%s", head, zj_buf_cstr(&c->sql), tail);
    zj_err err = zj_store_prepare(job, store, sql, out);
    if (!err)
        zj_where_bind(c, *out);
    return err;
}

/* Writes every row as an object of its columns, TEXT as text, the rest as numbers. */
static zj_err write_rows(struct zj_job *job, struct zj_stmt *stmt, const char *key,
                         struct zj_json *out)
{
    bool has_row;
    zj_err err;
    zj_json_key(out, key);
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        for (int i = 0; i < zj_stmt_col_count(stmt); i++) {
            zj_json_key(out, zj_stmt_col_name(stmt, i));
            if (zj_stmt_is_text(stmt, i))
                zj_json_span(out, zj_stmt_text(stmt, i));
            else
                zj_json_int(out, zj_stmt_int(stmt, i));
        }
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

static zj_err write_query(struct zj_job *job, struct zj_store *store, const char *key,
                          const char *head, struct conditions *c, const char *tail,
                          struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = open_query(job, store, head, c, tail, &stmt);
    return err ? err : write_rows(job, stmt, key, out);
}

static zj_err count_vehicles(struct zj_job *job, struct zj_store *store, struct conditions *c,
                             int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err =
        open_query(job, store, "SELECT COALESCE(sum(f.count), 0) FROM fact_tally f", c, "", &stmt);
    if (!err)
        err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_facts_fleet(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      int64_t org_id, int64_t from_us, int64_t to_us, struct zj_json *out)
{
    ZJ_AUTO(zj_where_release)
    struct conditions all = {.count = 0},
                      vehicles = {.count = 0}, identities = {.count = 0}, hours = {.count = 0},
                      firmware = {.count = 0};
    int64_t count = 0;
    zj_where_scope(&all, scope, org_id);
    zj_where_scope(&vehicles, scope, org_id);
    zj_where(&vehicles, "f.what = 'vehicle'");
    zj_where_scope(&identities, scope, org_id);
    zj_where(&identities, "f.what = 'protocol'");
    zj_where_indexed_scope(&firmware, scope, org_id);
    zj_where(&firmware, "f.firmware <> ''");
    zj_where_scope(&hours, scope, org_id);
    if (from_us)
        zj_where_int(&hours, "f.hour >= ", from_us);
    if (to_us)
        zj_where_int(&hours, "f.hour <= ", to_us);
    zj_err err = from_us || to_us ? zj_hours_count(job, store, &hours, &count)
                                  : count_vehicles(job, store, &vehicles, &count);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kint(out, "vehicles", count);
    err = write_query(
        job, store, "protocols",
        "SELECT f.protocol, f.edition, f.security, sum(f.count) AS vehicles "
        "FROM fact_tally f",
        &identities, " GROUP BY f.protocol, f.edition, f.security ORDER BY vehicles DESC LIMIT 500",
        out);
    if (!err)
        err = write_query(job, store, "services",
                          "SELECT f.protocol, f.security, count(*) AS count FROM fact_service f",
                          &all, " GROUP BY f.protocol, f.security ORDER BY count DESC LIMIT 500",
                          out);
    if (!err)
        err = zj_hours_write(job, store, &hours, out);
    if (!err)
        err = write_query(job, store, "versions",
                          "SELECT f.firmware, count(*) AS vehicles FROM fact_identity f", &firmware,
                          " GROUP BY f.firmware ORDER BY vehicles DESC LIMIT 20", out);
    zj_json_object_end(out);
    return err;
}

/* --- where data goes
 * --------------------------------------------------------------------------------- */

/* One transfer row of the diagram: type to destination to country. */
struct flow {
    char *type, *to, *country;
    bool is_partner;
    int64_t items, bytes;
};

struct flows {
    struct flow rows[FLOWS_MAX];
    size_t count;
};

static struct flow *find_flow(struct flows *f, const char *type, const char *to,
                              const char *country)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->rows[i].type, type) == 0 && strcmp(f->rows[i].to, to) == 0 &&
            strcmp(f->rows[i].country, country) == 0)
            return &f->rows[i];
    return NULL;
}

/* Columns: data_type, partner, host, dst, country, items, bytes */
static void add_flow(struct zj_job *job, struct flows *f, const struct zj_stmt *row)
{
    const struct zj_span partner = zj_stmt_text(row, 1), host = zj_stmt_text(row, 2);
    const struct zj_span to = partner.len ? partner : host.len ? host : zj_stmt_text(row, 3);
    const char *type_name = zj_arena_span(&job->arena, zj_stmt_text(row, 0));
    const char *to_name = zj_arena_span(&job->arena, to);
    const char *country = zj_arena_span(&job->arena, zj_stmt_text(row, 4));
    struct flow *flow = find_flow(f, type_name, to_name, country);
    if (!flow) {
        if (f->count == FLOWS_MAX)
            return; /* sorted by size: what is left out is the smallest */
        flow = &f->rows[f->count++];
        *flow = (struct flow){
            (char *)type_name, (char *)to_name, (char *)country, partner.len != 0, 0, 0};
    }
    flow->items += zj_stmt_int(row, 5);
    flow->bytes += zj_stmt_int(row, 6);
}

static zj_err read_flows(struct zj_job *job, struct zj_store *store, struct conditions *c,
                         struct flows *flows)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_partners, has_row;
    zj_err err = zj_store_has_table(job, store, "reg_partners", &has_partners);
    if (err)
        return err;
    const char *head = zj_arena_printf(
        &job->arena,
        "SELECT t.data_type, %s AS partner, t.host, t.dst, t.country, t.items, t.bytes FROM "
        "(SELECT f.org_id, f.data_type, f.host, f.dst, f.dst_key, f.port, f.country, "
        "sum(f.items) AS items, sum(f.bytes) AS bytes FROM fact_transfer f",
        has_partners ? ZJ_PARTNER_OF("t") : "''");
    err = open_query(job, store, head, c,
                     " GROUP BY f.org_id, f.data_type, f.host, f.dst, f.dst_key, f.port, f.country "
                     "ORDER BY sum(f.bytes) DESC LIMIT 20000) t",
                     &stmt);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row)
        add_flow(job, flows, stmt);
    return err;
}

static void write_node(struct zj_json *out, const char *kind, const char *prefix, const char *name,
                       bool is_partner)
{
    zj_json_object(out);
    zj_json_key(out, "id");
    zj_json_printf(out, "%s:%s", prefix, name);
    zj_json_kstr(out, "kind", kind);
    zj_json_kstr(out, "name", name);
    if (strcmp(kind, "destination") == 0)
        zj_json_kbool(out, "is_partner", is_partner);
    zj_json_object_end(out);
}

static void write_link(struct zj_json *out, const char *from_prefix, const char *from,
                       const char *to_prefix, const char *to, int64_t items, int64_t bytes)
{
    zj_json_object(out);
    zj_json_key(out, "source");
    zj_json_printf(out, "%s:%s", from_prefix, from);
    zj_json_key(out, "target");
    zj_json_printf(out, "%s:%s", to_prefix, to);
    zj_json_kint(out, "items", items);
    zj_json_kint(out, "bytes", bytes);
    zj_json_object_end(out);
}

static const char *part_of(const struct flow *f, int part)
{
    return part == 0 ? f->type : part == 1 ? f->to : f->country;
}

/* True for the first row that has these parts: each node and link is written once. */
static bool is_first(const struct flows *f, size_t at, int part, int other)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(part_of(&f->rows[i], part), part_of(&f->rows[at], part)) == 0 &&
            strcmp(part_of(&f->rows[i], other), part_of(&f->rows[at], other)) == 0)
            return false;
    return true;
}

static void write_links(const struct flows *f, int from, int to, struct zj_json *out)
{
    static const char *const prefix[] = {"type", "to", "country"};
    for (size_t i = 0; i < f->count; i++) {
        int64_t items = 0, bytes = 0;
        if (!is_first(f, i, from, to))
            continue;
        for (size_t k = i; k < f->count; k++)
            if (strcmp(part_of(&f->rows[i], from), part_of(&f->rows[k], from)) == 0 &&
                strcmp(part_of(&f->rows[i], to), part_of(&f->rows[k], to)) == 0) {
                items += f->rows[k].items;
                bytes += f->rows[k].bytes;
            }
        write_link(out, prefix[from], part_of(&f->rows[i], from), prefix[to],
                   part_of(&f->rows[i], to), items, bytes);
    }
}

static void write_sankey(const struct flows *f, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_key(out, "nodes");
    zj_json_array(out);
    for (size_t i = 0; i < f->count; i++) {
        if (is_first(f, i, 0, 0))
            write_node(out, "type", "type", f->rows[i].type, false);
        if (is_first(f, i, 1, 1))
            write_node(out, "destination", "to", f->rows[i].to, f->rows[i].is_partner);
        if (is_first(f, i, 2, 2))
            write_node(out, "country", "country", f->rows[i].country, false);
    }
    zj_json_array_end(out);
    zj_json_key(out, "links");
    zj_json_array(out);
    write_links(f, 0, 1, out);
    write_links(f, 1, 2, out);
    zj_json_array_end(out);
    zj_json_object_end(out);
}

zj_err zj_facts_transfers(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          int64_t org_id, bool outside_only, struct zj_json *out)
{
    ZJ_AUTO(zj_where_release) struct conditions c = {.count = 0};
    ZJ_AUTO(zj_freep) struct flows *flows = zj_alloc(sizeof *flows);
    bool has_networks;
    zj_where_scope(&c, scope, org_id);
    zj_err err = zj_store_has_table(job, store, "reg_range", &has_networks);
    if (!err && outside_only && has_networks) {
        zj_where(&c, ZJ_FROM_OWN);
        zj_where(&c, "NOT " ZJ_TO_OWN);
    }
    if (!err)
        err = read_flows(job, store, &c, flows);
    if (!err)
        write_sankey(flows, out);
    return err;
}
