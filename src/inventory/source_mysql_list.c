/* What a MySQL server has, and which views show nothing new. The server keeps a view's text in a
 * form of its own, each table as "from `crm`.`owner`" or "join `crm`.`owner`", and gives it to who
 * has the right SHOW VIEW; without it a view is read as if nothing were known. */
#include "inventory/source_mysql.h"

#include <ctype.h>

enum { NAMES_MAX = 8, DEPTH_MAX = 16, NAME_BYTES = 400 };

enum shows { SHOWS_UNKNOWN, SHOWS_LISTED, SHOWS_OTHER };

struct relation {
    struct zj_mysql_table table;
    const char *text;                /* of a view; NULL: it is not told */
    const struct relation *named_by; /* the last view that shows it */
    enum shows shows;                /* of a table: whether it may be read whole */
};

struct lists {
    struct zj_mysql *s;
    struct relation *all, **by_name;
    size_t count;
};

void zj_mysql_quote(const char *name, struct zj_buf *out)
{
    zj_buf_byte(out, '`');
    for (; *name; name++) {
        zj_buf_byte(out, (uint8_t)*name);
        if (*name == '`')
            zj_buf_byte(out, '`');
    }
    zj_buf_byte(out, '`');
}

void zj_mysql_quote_table(const struct zj_mysql_table *table, struct zj_buf *out)
{
    zj_mysql_quote(table->schema, out);
    zj_buf_byte(out, '.');
    zj_mysql_quote(table->name, out);
}

static char *copy_field(struct zj_mysql *s, const char *text)
{
    return text && *text ? zj_arena_strdup(&s->source->job->arena, text) : NULL;
}

static int by_table_name(const void *a, const void *b)
{
    const struct relation *x = *(struct relation *const *)a, *y = *(struct relation *const *)b;
    const int order = strcmp(x->table.name, y->table.name);
    return order ? order : strcmp(x->table.schema, y->table.schema);
}

static struct relation *relation_named(const struct lists *l, char *schema, char *name)
{
    struct relation key = {.table = {.schema = schema, .name = name}}, *at = &key;
    struct relation **found =
        bsearch(&at, l->by_name, l->count, sizeof(struct relation *), by_table_name);
    return found ? *found : NULL;
}

const char *zj_mysql_fault(struct zj_mysql *s)
{
    char code[16];
    snprintf(code, sizeof code, "%u", mysql_errno(s->conn));
    return zj_server_fault(s->source->job, code,
                           zj_arena_strdup(&s->source->job->arena, mysql_error(s->conn)));
}

static zj_err list_relations(struct lists *l)
{
    static const char sql[] =
        "SELECT table_schema, table_name, table_rows, table_comment, table_type "
        "FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', "
        "'VIEW') "
        "AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') "
        "AND (DATABASE() IS NULL OR table_schema = DATABASE()) ORDER BY 1, 2 LIMIT %zu";
    struct zj_mysql *s = l->s;
    zj_err err = ZJ_OK;
    const size_t max = zj_source_tables_max(s->source);
    const char *limited = zj_arena_printf(&s->source->job->arena, sql, max + 1);
    MYSQL_RES *r = mysql_query(s->conn, limited) == 0 ? mysql_store_result(s->conn) : NULL;
    if (!r)
        return zj_source_unread(s->source, NULL, zj_mysql_fault(s));
    const size_t count = mysql_num_rows(r) < max ? (size_t)mysql_num_rows(r) : max;
    l->all = zj_alloc((count + 1) * sizeof *l->all);
    l->by_name = zj_alloc((count + 1) * sizeof(struct relation *));
    MYSQL_ROW row;
    while (l->count < count && (row = mysql_fetch_row(r)) != NULL) {
        const bool is_view = strcmp(row[4], "VIEW") == 0;
        l->by_name[l->count] = &l->all[l->count];
        l->all[l->count++].table = (struct zj_mysql_table){
            .schema = copy_field(s, row[0]),
            .name = copy_field(s, row[1]),
            .rows = row[2] ? strtoull(row[2], NULL, 10) : 0,
            .comment = is_view ? NULL : copy_field(s, row[3]), /* else "VIEW", or a fault */
            .is_view = is_view,
            .is_versioned = strcmp(row[4], "SYSTEM VERSIONED") == 0,
        };
    }
    row = l->count == max ? mysql_fetch_row(r) : NULL;
    if (row)
        err = zj_source_cut(s->source, row[0], row[1]);
    mysql_free_result(r);
    qsort(l->by_name, l->count, sizeof(struct relation *), by_table_name);
    return err;
}

static zj_err list_texts(struct lists *l)
{
    static const char sql[] =
        "SELECT table_schema, table_name, view_definition FROM information_schema.views "
        "WHERE DATABASE() IS NULL OR table_schema = DATABASE()";
    struct zj_mysql *s = l->s;
    MYSQL_RES *r = mysql_query(s->conn, sql) == 0 ? mysql_store_result(s->conn) : NULL;
    if (!r)
        return zj_source_unread(s->source, NULL, zj_mysql_fault(s));
    for (MYSQL_ROW row; (row = mysql_fetch_row(r)) != NULL;) {
        struct relation *view = relation_named(l, row[0], row[1]);
        if (view)
            view->text = copy_field(s, row[2]);
    }
    mysql_free_result(r);
    return ZJ_OK;
}

/* --- the text of a view --------------------------------------------------------------------------
 */

/* "`name`" at *at, and *at behind it. */
static bool read_name(const char **at, char out[NAME_BYTES])
{
    size_t len = 0;
    const char *p = *at;
    if (*p++ != '`')
        return false;
    for (; *p && (*p != '`' || p[1] == '`') && len + 1 < NAME_BYTES; p++) {
        p += *p == '`';
        out[len++] = *p;
    }
    out[len] = '\0';
    *at = p + 1;
    return *p == '`' && len;
}

/* Behind "from" or "join", and brackets that open. */
static bool is_table_place(const char *text, const char *at)
{
    while (at > text && (at[-1] == '(' || at[-1] == ' '))
        at--;
    return at - text >= 4 &&
           (strncasecmp(at - 4, "from", 4) == 0 || strncasecmp(at - 4, "join", 4) == 0) &&
           (at - text == 4 || !isalnum((unsigned char)at[-5]));
}

/* "`crm`.`owner`.`phone`" at *at into its parts, and *at behind it. */
static size_t read_path(const char **at, char parts[3][NAME_BYTES])
{
    size_t count = 0;
    while (count < 3 && read_name(at, parts[count])) {
        count++;
        if (**at != '.')
            break;
        ++*at;
    }
    return count;
}

struct use {
    char parts[3][NAME_BYTES]; /* schema and name */
    bool is_function;          /* of people's own: it may give anything */
};

/* The next table or function in the text from *at on, and *at behind it. */
static bool next_use(const char *text, const char **at, struct use *out)
{
    for (const char *p = strchr(*at, '`'); p; p = strchr(p, '`')) {
        const char *from = p;
        const size_t count = read_path(&p, out->parts);
        if (!count)
            return false;
        *at = p;
        out->is_function = *p == '(';
        if (out->is_function || (count == 2 && is_table_place(text, from)))
            return true;
    }
    return false;
}

/* A right to each column; the server checks before it looks for rows. */
static bool may_read_all(struct zj_mysql *s, struct relation *at)
{
    if (at->shows != SHOWS_UNKNOWN)
        return at->shows == SHOWS_LISTED;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_buf_str(&sql, "SELECT * FROM ");
    zj_mysql_quote_table(&at->table, &sql);
    zj_buf_str(&sql, " LIMIT 0");
    MYSQL_RES *r =
        mysql_query(s->conn, zj_buf_cstr(&sql)) == 0 ? mysql_store_result(s->conn) : NULL;
    at->shows = r ? SHOWS_LISTED : SHOWS_OTHER;
    mysql_free_result(r);
    return at->shows == SHOWS_LISTED;
}

static bool shows_listed(struct lists *l, struct relation *at, int depth)
{
    if (!at->table.is_view)
        return may_read_all(l->s, at);
    if (at->shows != SHOWS_UNKNOWN || depth > DEPTH_MAX || !at->text)
        return at->shows == SHOWS_LISTED;
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    struct use *use = zj_alloc(sizeof *use);
    bool is_listed = true;
    size_t named = 0;
    for (const char *p = at->text; is_listed && next_use(at->text, &p, use);) {
        struct relation *used =
            use->is_function ? NULL : relation_named(l, use->parts[0], use->parts[1]);
        is_listed = used && shows_listed(l, used, depth + 1);
        if (!is_listed || used->named_by == at)
            continue;
        if (named++ < NAMES_MAX)
            zj_buf_printf(&names, "%s%s.%s", names.len ? ", " : "", use->parts[0], use->parts[1]);
        used->named_by = at;
    }
    if (named > NAMES_MAX)
        zj_buf_str(&names, ", …");
    at->shows = is_listed && named ? SHOWS_LISTED : SHOWS_OTHER;
    if (at->shows == SHOWS_LISTED)
        at->table.view_of = zj_arena_span(&l->s->source->job->arena, zj_buf_all(&names));
    free(use);
    return at->shows == SHOWS_LISTED;
}

zj_err zj_mysql_list(struct zj_mysql *s, struct zj_mysql_table **out, size_t *out_count)
{
    struct lists l = {.s = s};
    zj_err err = list_relations(&l);
    if (!err && l.count)
        err = list_texts(&l);
    struct zj_mysql_table *tables =
        zj_arena_alloc(&s->source->job->arena, (l.count + 1) * sizeof *tables);
    for (size_t i = 0; i < l.count && !err; i++) {
        if (l.all[i].table.is_view)
            (void)shows_listed(&l, &l.all[i], 0); /* it notes what the view shows */
        tables[i] = l.all[i].table;
    }
    free(l.all);
    free(l.by_name);
    *out = tables;
    *out_count = err ? 0 : l.count;
    return err;
}
