/* What a PostgreSQL database has, and what of it is read. The same rows are met in several ways: as
 * a partition and through its parent, in a table and through a view. They are read once. */
#include "inventory/source_pg.h"

enum { NAMES_MAX = 8, DEPTH_MAX = 64 };

enum shows { SHOWS_UNKNOWN, SHOWS_LISTED, SHOWS_OTHER };

struct relation {
    struct zj_pg_table table;
    uint32_t oid, parent;
    bool is_covered; /* read through an ancestor */
    enum shows shows;
};

/* "The view uses this relation", ordered by the view. */
struct use {
    uint32_t view, used;
    bool is_relation; /* else a function, which may give anything */
};

struct lists {
    struct zj_pg *s;
    struct relation *all, **by_oid;
    size_t count;
    struct use *uses;
    size_t use_count;
};

/* A server that lets nobody in gives a code to libpq, which keeps it to itself. */
static const char *code_of_refusal(const char *line)
{
    static const char *const said[][2] = {
        {"FATAL:  database ", "3D000"},
        {"FATAL:  role ", "28000"},
        {"FATAL:  no pg_hba.conf entry", "28000"},
        {"FATAL:  sorry, too many clients", "53300"},
        {"FATAL:  remaining connection slots", "53300"},
        {"FATAL:  the database system is ", "57P03"},
    };
    for (size_t i = 0; i < ZJ_COUNT(said); i++)
        if (strstr(line, said[i][0]))
            return said[i][1];
    return "";
}

const char *zj_pg_line(struct zj_pg *s, const char *message)
{
    enum { CODE_LEN = 5 };
    struct zj_job *job = s->source->job;
    const char *line = zj_arena_span(&job->arena, zj_span_of(message, strcspn(message, "\n")));
    const char *from = strstr(line, ":  "); /* "ERROR:  57P01: ..." */
    char code[CODE_LEN + 1];
    if (!from || strspn(from + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != CODE_LEN ||
        from[3 + CODE_LEN] != ':') {
        const char *refused = code_of_refusal(line);
        return refused[0] ? zj_server_said(job, refused, line) : line;
    }
    snprintf(code, sizeof code, "%s", from + 3);
    return zj_server_fault(job, code, from + 3 + CODE_LEN + 2);
}

static char *copy_field(struct zj_pg *s, const PGresult *r, int row, int col)
{
    return s->pq->PQgetisnull(r, row, col)
               ? NULL
               : zj_arena_strdup(&s->source->job->arena, s->pq->PQgetvalue(r, row, col));
}

static bool is_true(struct zj_pg *s, const PGresult *r, int row, int col)
{
    return s->pq->PQgetvalue(r, row, col)[0] == 't';
}

static uint32_t oid_at(struct zj_pg *s, const PGresult *r, int row, int col)
{
    return (uint32_t)strtoul(s->pq->PQgetvalue(r, row, col), NULL, 10);
}

static int by_oid(const void *a, const void *b)
{
    const struct relation *x = *(struct relation *const *)a, *y = *(struct relation *const *)b;
    return (x->oid > y->oid) - (x->oid < y->oid);
}

static struct relation *relation_of(const struct lists *l, uint32_t oid)
{
    struct relation key = {.oid = oid}, *at = &key;
    struct relation **found = bsearch(&at, l->by_oid, l->count, sizeof(struct relation *), by_oid);
    return found ? *found : NULL;
}

static zj_err list_relations(struct lists *l)
{
    static const char sql[] =
        "SELECT n.nspname, c.relname, obj_description(c.oid, 'pg_class'), c.oid, c.relkind, "
        "has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT'), "
        "has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), "
        "(SELECT min(i.inhparent) FROM pg_inherits i WHERE i.inhrelid = c.oid) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'f', 'p', "
        "'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
        "AND n.nspname NOT LIKE 'pg\\_toast%%' AND n.nspname NOT LIKE 'pg\\_temp%%' "
        "AND c.relpersistence <> 't' ORDER BY 1, 2 LIMIT %zu";
    struct zj_pg *s = l->s;
    const struct zj_pg_calls *pq = s->pq;
    const size_t max = zj_source_tables_max(s->source);
    PGresult *r = pq->PQexec(s->conn, zj_arena_printf(&s->source->job->arena, sql, max + 1));
    if (pq->PQresultStatus(r) != PGRES_TUPLES_OK) {
        pq->PQclear(r);
        return zj_source_unread(s->source, NULL, zj_pg_line(s, pq->PQerrorMessage(s->conn)));
    }
    zj_err err = ZJ_OK;
    l->count = (size_t)pq->PQntuples(r);
    if (l->count > max) {
        l->count = max;
        err = zj_source_cut(s->source, pq->PQgetvalue(r, (int)max, 0),
                            pq->PQgetvalue(r, (int)max, 1));
    }
    l->all = zj_alloc((l->count + 1) * sizeof *l->all);
    l->by_oid = zj_alloc((l->count + 1) * sizeof(struct relation *));
    for (size_t i = 0; i < l->count; i++) {
        const int row = (int)i;
        l->by_oid[i] = &l->all[i];
        l->all[i] = (struct relation){
            .table = {.schema = copy_field(s, r, row, 0),
                      .name = copy_field(s, r, row, 1),
                      .comment = copy_field(s, r, row, 2),
                      .oid = copy_field(s, r, row, 3),
                      .kind = (enum zj_pg_kind)pq->PQgetvalue(r, row, 4)[0],
                      .may_read = is_true(s, r, row, 5),
                      .may_read_all = is_true(s, r, row, 6)},
            .oid = oid_at(s, r, row, 3),
            .parent = oid_at(s, r, row, 7),
        };
    }
    pq->PQclear(r);
    qsort(l->by_oid, l->count, sizeof(struct relation *), by_oid);
    return err;
}

/* Tables whose policies hold for this role. A server without them says that it lacks the function. */
static void note_policies(struct lists *l)
{
    const struct zj_pg_calls *pq = l->s->pq;
    PGresult *r = pq->PQexec(l->s->conn, "SELECT oid FROM pg_class WHERE relrowsecurity AND "
                                         "row_security_active(oid)");
    for (int i = 0; pq->PQresultStatus(r) == PGRES_TUPLES_OK && i < pq->PQntuples(r); i++) {
        struct relation *at = relation_of(l, oid_at(l->s, r, i, 0));
        if (!at)
            continue;
        at->table.has_policies = true;
        at->table.may_read_all = false; /* a view may show more than the table does */
    }
    pq->PQclear(r);
}

/* --- partitions ----------------------------------------------------------------------------------
 */

/* A role often has a right to the parent and none to its partitions. */
static void cover(struct lists *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct relation *at = &l->all[i];
        struct relation *parent = relation_of(l, at->parent);
        if (parent)
            parent->table.has_children = true;
        if (at->table.may_read || at->table.kind == ZJ_PG_PARTITIONED)
            continue;
        struct relation *up = parent;
        for (int depth = 0; up && !up->table.may_read && depth < DEPTH_MAX; depth++)
            up = relation_of(l, up->parent);
        if (up && up->table.may_read)
            up->table.reads_children = true;
    }
    for (size_t i = 0; i < l->count; i++) {
        struct relation *at = &l->all[i];
        const struct relation *up = relation_of(l, at->parent);
        for (int depth = 0; up && depth < DEPTH_MAX; depth++) {
            at->is_covered |= up->table.reads_children;
            up = relation_of(l, up->parent);
        }
    }
}

/* --- views ---------------------------------------------------------------------------------------
 */

/* What the server has built in is not in pg_depend: a view of that alone uses nothing here. */
static zj_err list_uses(struct lists *l)
{
    static const char sql[] =
        "SELECT DISTINCT w.ev_class, d.refobjid, d.refclassid = 'pg_class'::regclass FROM "
        "pg_class c JOIN pg_rewrite w ON w.ev_class = c.oid JOIN pg_depend d ON d.classid = "
        "'pg_rewrite'::regclass AND d.objid = w.oid AND d.refobjid <> w.ev_class AND d.refclassid "
        "IN ('pg_class'::regclass, 'pg_proc'::regclass) WHERE c.relkind = 'v' ORDER BY 1";
    struct zj_pg *s = l->s;
    const struct zj_pg_calls *pq = s->pq;
    PGresult *r = pq->PQexec(s->conn, sql);
    zj_err err = ZJ_OK;
    if (pq->PQresultStatus(r) == PGRES_TUPLES_OK) {
        l->use_count = (size_t)pq->PQntuples(r);
        l->uses = zj_alloc((l->use_count + 1) * sizeof *l->uses);
        for (size_t i = 0; i < l->use_count; i++)
            l->uses[i] = (struct use){oid_at(s, r, (int)i, 0), oid_at(s, r, (int)i, 1),
                                      is_true(s, r, (int)i, 2)};
    } else {
        err = zj_source_unread(s->source, NULL, zj_pg_line(s, pq->PQerrorMessage(s->conn)));
    }
    pq->PQclear(r);
    return err;
}

static size_t first_use(const struct lists *l, uint32_t view)
{
    size_t lo = 0, hi = l->use_count;
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (l->uses[mid].view < view)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Nothing is seen through it that is not in tables which the role may read whole. */
static bool shows_listed(struct lists *l, struct relation *at, int depth)
{
    if (at->table.kind != ZJ_PG_VIEW)
        return at->table.may_read_all;
    if (at->shows != SHOWS_UNKNOWN || depth > DEPTH_MAX)
        return at->shows == SHOWS_LISTED;
    size_t i = first_use(l, at->oid);
    bool is_listed = i < l->use_count && l->uses[i].view == at->oid;
    for (; is_listed && i < l->use_count && l->uses[i].view == at->oid; i++) {
        struct relation *used = l->uses[i].is_relation ? relation_of(l, l->uses[i].used) : NULL;
        is_listed = used && shows_listed(l, used, depth + 1);
    }
    at->shows = is_listed ? SHOWS_LISTED : SHOWS_OTHER;
    return is_listed;
}

static const char *names_of(const struct lists *l, const struct relation *view)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    size_t count = 0;
    for (size_t i = first_use(l, view->oid); i < l->use_count && l->uses[i].view == view->oid;
         i++) {
        const struct relation *used = relation_of(l, l->uses[i].used);
        if (count++ < NAMES_MAX)
            zj_buf_printf(&names, "%s%s.%s", names.len ? ", " : "", used->table.schema,
                          used->table.name);
    }
    if (count > NAMES_MAX)
        zj_buf_str(&names, ", …");
    return zj_arena_span(&l->s->source->job->arena, zj_buf_all(&names));
}

/* -------------------------------------------------------------------------------------------------
 */
static bool is_read(const struct relation *at)
{
    return !at->is_covered && (at->table.kind != ZJ_PG_PARTITIONED || at->table.reads_children);
}

zj_err zj_pg_list(struct zj_pg *s, struct zj_pg_table **out, size_t *out_count)
{
    struct lists l = {.s = s};
    size_t count = 0;
    zj_err err = list_relations(&l);
    if (!err && l.count) {
        note_policies(&l);
        err = list_uses(&l);
    }
    struct zj_pg_table *tables =
        zj_arena_alloc(&s->source->job->arena, (l.count + 1) * sizeof *tables);
    if (!err)
        cover(&l);
    for (size_t i = 0; i < l.count && !err; i++) {
        struct relation *at = &l.all[i];
        if (!is_read(at))
            continue;
        if (at->table.kind == ZJ_PG_VIEW && shows_listed(&l, at, 0))
            at->table.view_of = names_of(&l, at);
        tables[count++] = at->table;
    }
    free(l.all);
    free(l.by_oid);
    free(l.uses);
    *out = tables;
    *out_count = count;
    return err;
}
