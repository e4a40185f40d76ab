/* Facts for the API: lists and single rows as JSON, always within what the asker may see. */
#include "facts/read.h"

#include <errno.h>
#include <stdio.h>

#include "base/choices.h"
#include "base/clock.h"
#include "base/mask.h"

bool zj_facts_kind(const char *name, enum zj_fact_id *out)
{
    for (int id = 0; id < ZJ_FACT_KIND_COUNT; id++)
        if (strcmp(zj_fact_kinds[id].name, name) == 0) {
            *out = (enum zj_fact_id)id;
            return true;
        }
    return false;
}

/* --- conditions
 * ------------------------------------------------------------------------------------ */

static struct condition_value *next_value(struct conditions *c)
{
    return &c->values[c->count < ZJ_COUNT(c->values) ? c->count++ : 0];
}

void zj_where(struct conditions *c, const char *sql)
{
    zj_buf_printf(&c->sql, "%s%s", c->sql.len ? " AND " : " WHERE ", sql);
}

void zj_where_int(struct conditions *c, const char *sql, int64_t value)
{
    zj_buf_printf(&c->sql, "%s%s$%zu", c->sql.len ? " AND " : " WHERE ", sql, c->count + 1);
    next_value(c)->num = value;
}

static void where_text(struct conditions *c, const char *column, const char *operator,
                       struct zj_span value)
{
    zj_buf_printf(&c->sql, "%sf.%s %s $%zu", c->sql.len ? " AND " : " WHERE ", column, operator,
                  c->count + 1);
    struct condition_value *v = next_value(c);
    v->is_text = true;
    v->text = value;
}

/* A scope without an organisation that does not see all sees nothing: 0 is nobody's. */
static void where_scope(struct conditions *c, const char *sql, const struct zj_scope *scope,
                        int64_t org_id)
{
    if (!scope->sees_all)
        zj_where_int(c, sql, scope->org_id ? scope->org_id : -1);
    if (org_id)
        zj_where_int(c, sql, org_id);
}

void zj_where_scope(struct conditions *c, const struct zj_scope *scope, int64_t org_id)
{
    where_scope(c, "f.org_id = ", scope, org_id);
}

void zj_where_indexed_scope(struct conditions *c, const struct zj_scope *scope, int64_t org_id)
{
    where_scope(c, "+f.org_id = ", scope, org_id);
}

void zj_where_bind(const struct conditions *c, struct zj_stmt *stmt)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->values[i].is_text)
            zj_stmt_bind_span(stmt, (int)i + 1, c->values[i].text);
        else
            zj_stmt_bind_int(stmt, (int)i + 1, c->values[i].num);
}

void zj_where_release(struct conditions *c)
{
    zj_buf_release(&c->sql);
}

static zj_err add_number(struct zj_job *job, struct conditions *c, const struct zj_col *col,
                         const char *value)
{
    const char *operator= "=";
    char sql[80];
    char *end;
    int64_t number;
    if (value[0] == '>' && value[1] == '=')
        operator= ">=";
    else if (value[0] == '<' && value[1] == '=')
        operator= "<=";
    value += operator[1] == '=' ? 2 : 0;
    errno = 0;
    number = strtoll(value, &end, 10);
    if (col->type == ZJ_COL_TIME && zj_time_parse(zj_span_str(value), &number))
        number /= 1000;
    else if (end == value || *end || errno)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%s: '%.40s' is no value of it", "%s：“%.40s”不是有效值"),
                       col->name, value);
    snprintf(sql, sizeof sql, "f.%s %s ", col->name, operator);
    zj_where_int(c, sql, number);
    return ZJ_OK;
}

/* "LA9*" becomes LA9 <= x < LA:, which an index serves. */
static void add_prefix(struct zj_job *job, struct conditions *c, const char *column,
                       struct zj_span prefix)
{
    char *end = zj_arena_span(&job->arena, prefix);
    where_text(c, column, ">=", prefix);
    size_t len = prefix.len;
    while (len && (uint8_t)end[len - 1] == 0xff)
        len--;
    if (len == 0)
        return;
    end[len - 1]++;
    where_text(c, column, "<", zj_span_of(end, len));
}

static const struct zj_col *find_column(enum zj_fact_id id, const char *name)
{
    static const struct zj_col country = {.name = "country", .type = ZJ_COL_TEXT};
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    if (zj_fact_tables[id].place_of >= 0 && strcmp(name, country.name) == 0)
        return &country;
    for (size_t i = 0; i < kind->col_count; i++)
        if (strcmp(kind->cols[i].name, name) == 0 && kind->cols[i].type != ZJ_COL_BLOB)
            return &kind->cols[i];
    return NULL;
}

const char *zj_facts_column(enum zj_fact_id id, size_t at)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    for (size_t i = 0; i < kind->col_count; i++)
        if (kind->cols[i].type != ZJ_COL_BLOB && at-- == 0)
            return kind->cols[i].name;
    if (zj_fact_tables[id].place_of >= 0 && at-- == 0)
        return "country";
    return id == ZJ_FACT_TRANSFER && at == 0 ? "partner" : NULL;
}

/* What the list may be sorted by: its columns, and what is more. */
static zj_err refuse_sort(struct zj_job *job, enum zj_fact_id id, const char *name)
{
    struct zj_choices columns = {.given = name};
    const char *column;
    for (size_t at = 0; (column = zj_facts_column(id, at)); at++)
        if (find_column(id, column))
            zj_choices_add(&columns, column);
    zj_choices_add(&columns, "id");
    if (id == ZJ_FACT_TRANSFER)
        zj_choices_add(&columns, "worst");
    zj_choices_fail(job, &columns);
    return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "%s cannot be sorted by '%.40s'",
                                         "%s 不能按“%.40s”排序"), zj_fact_kinds[id].name, name);
}

static bool has_indexed_filter(enum zj_fact_id id, const struct zj_facts_query *query)
{
    const int order_by = zj_fact_tables[id].order_by;
    if (id == ZJ_FACT_IDENTITY && query->search && query->search[0])
        return true;
    for (size_t i = 0; i < query->filter_count && i < ZJ_FACTS_FILTERS_MAX; i++) {
        if (order_by >= 0 &&
            strcmp(query->filters[i].column, zj_fact_kinds[id].cols[order_by].name) == 0)
            return true;
        for (const struct fact_index *x = zj_fact_tables[id].indexes; x->name; x++)
            if (strcmp(query->filters[i].column, x->columns) == 0)
                return true;
    }
    return false;
}

/* The receiver as the ledger names it, which is no column of the table. */
static void where_partner(struct conditions *c, const char *name)
{
    zj_buf_printf(&c->sql, "%s%s = $%zu", c->sql.len ? " AND " : " WHERE ", ZJ_PARTNER_OF("f"),
                  c->count + 1);
    struct condition_value *v = next_value(c);
    v->is_text = true;
    v->text = zj_span_str(name);
}

/* Where a company keeps its captures is its own affair: of "/data/a.pcap + /data/b.pcap" the names. */
static struct zj_span put_file_names(struct zj_buf *out, struct zj_span names)
{
    size_t part = 0;
    for (size_t i = 0; i <= names.len; i++) {
        if (i < names.len && names.at[i] == '/')
            part = i + 1;
        if (i < names.len && !zj_span_starts(zj_span_part(names, i, names.len), ZJ_SPAN_LIT(" + ")))
            continue;
        zj_buf_span(out, zj_span_part(names, part, i - part));
        if (i < names.len)
            zj_buf_str(out, " + ");
        part = i + 3;
        i += i < names.len ? 2 : 0;
    }
    return zj_buf_all(out);
}

static bool names_file(const struct zj_col *col)
{
    return strcmp(col->name, "ev_source") == 0 || strcmp(col->name, "sensor") == 0;
}

/* A cell as who acts for a bureau sees it. */
static struct zj_span masked_text(const struct zj_col *col, struct zj_span text, struct zj_buf *names,
                                  struct zj_buf *out)
{
    zj_mask_identities(out, names_file(col) ? put_file_names(names, text) : text);
    return zj_buf_all(out);
}

/* Rows whose name is shown as this: what stands in the table is not what the reader was told. */
static zj_err where_shown(struct zj_job *job, struct zj_store *store, struct conditions *c,
                          enum zj_fact_id id, const struct zj_col *col, const char *value)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf shown = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_buf_printf(&sql, "SELECT f.id, f.%s FROM fact_%s f", col->name, zj_fact_kinds[id].name);
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    zj_buf_str(&c->sql, c->sql.len ? " AND f.id IN (0" : " WHERE f.id IN (0");
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        names.len = shown.len = 0;
        if (zj_span_eq_str(masked_text(col, zj_stmt_text(stmt, 1), &names, &shown), value))
            zj_buf_printf(&c->sql, ", %lld", (long long)zj_stmt_int(stmt, 0));
    }
    zj_buf_byte(&c->sql, ')');
    return err;
}

static zj_err add_filters(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          struct conditions *c, enum zj_fact_id id,
                          const struct zj_facts_query *query)
{
    for (size_t i = 0; i < query->filter_count && i < ZJ_FACTS_FILTERS_MAX; i++) {
        const char *name = query->filters[i].column, *value = query->filters[i].value;
        const struct zj_col *col = find_column(id, name);
        if (id == ZJ_FACT_TRANSFER && strcmp(name, "partner") == 0) {
            where_partner(c, value);
            continue;
        }
        if (!col)
            return zj_fail(job, ZJ_EUSAGE,
                           zj_tr(job, "%s has no column '%.40s'", "%s 没有“%.40s”列"),
                           zj_fact_kinds[id].name, name);
        const size_t len = strlen(value);
        zj_err err = ZJ_OK;
        if (id == ZJ_FACT_SENSOR && names_file(col) && zj_scope_supervises(scope))
            err = where_shown(job, store, c, id, col, value);
        else if (col->type != ZJ_COL_TEXT && !zj_fact_has_key_column(col))
            err = add_number(job, c, col, value);
        else if (len > 1 && value[len - 1] == '*')
            add_prefix(job, c, col->name, zj_span_of(value, len - 1));
        else
            where_text(c, col->name, "=", zj_span_of(value, len));
        if (err)
            return err;
    }
    return ZJ_OK;
}

static bool is_searched(enum zj_fact_id id, size_t at)
{
    const struct zj_col *col = &zj_fact_kinds[id].cols[at];
    if (id == ZJ_FACT_IDENTITY) /* there may be millions: only what has an index */
        return at == ZJ_ID_VIN || at == ZJ_ID_ICCID || at == ZJ_ID_PHONE;
    return col->type == ZJ_COL_TEXT || zj_fact_has_key_column(col);
}

static void add_search(struct zj_job *job, struct conditions *c, enum zj_fact_id id,
                       const char *text)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    struct zj_span span = zj_span_str(text);
    bool is_first = true;
    if (span.len == 0)
        return;
    zj_buf_str(&c->sql, c->sql.len ? " AND (" : " WHERE (");
    if (id == ZJ_FACT_IDENTITY) {
        char *end = zj_arena_span(&job->arena, span);
        while (span.len > 1 && (uint8_t)end[span.len - 1] >= 0x7f)
            span.len--;
        end[span.len] = '\0';
        *next_value(c) = (struct condition_value){.is_text = true, .text = span};
        end[span.len - 1]++;
        *next_value(c) =
            (struct condition_value){.is_text = true, .text = zj_span_of(end, span.len)};
    } else {
        *next_value(c) = (struct condition_value){.is_text = true, .text = span};
    }
    for (size_t i = 0; i < kind->col_count; i++) {
        const char *name = kind->cols[i].name, * or = is_first ? "" : " OR ";
        if (!is_searched(id, i))
            continue;
        if (id == ZJ_FACT_IDENTITY)
            zj_buf_printf(&c->sql, "%s(f.%s >= $%zu AND f.%s < $%zu)", or, name, c->count - 1, name,
                          c->count);
        else
            zj_buf_printf(&c->sql, "%sinstr(lower(f.%s), lower($%zu)) > 0", or, name, c->count);
        is_first = false;
    }
    zj_buf_str(&c->sql, ")");
}

/* " ORDER BY …": the column is one of the kind's, so its name is safe. */
static zj_err order_sql(struct zj_job *job, enum zj_fact_id id,
                        const struct zj_facts_query *query, struct zj_buf *sql)
{
    const char *sort = query->sort;
    const bool is_down = sort && sort[0] == '-';
    if (!sort || !sort[0]) {
        zj_buf_str(sql, " ORDER BY f.id DESC");
        return ZJ_OK;
    }
    const char *name = sort + is_down;
    if (strcmp(name, "id") != 0 && !find_column(id, name))
        return refuse_sort(job, id, name);
    zj_buf_printf(sql, " ORDER BY f.%s%s, f.id DESC", name, is_down ? " DESC" : "");
    return ZJ_OK;
}

/* --- rows
 * ------------------------------------------------------------------------------------------ */

static void write_frame(struct zj_store *store, struct zj_span cipher, struct zj_json *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf plain = {0};
    if (cipher.len && zj_store_decrypt(store, ZJ_FACT_BLOB, cipher, &plain))
        zj_json_hex(out, zj_buf_all(&plain));
    else
        zj_json_null(out);
}

static void write_cell(struct zj_store *store, const struct zj_scope *scope,
                       const struct zj_col *col, const struct zj_stmt *row, int at,
                       struct zj_json *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf masked = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    char text[ZJ_TIME_TEXT];
    switch (col->type) {
    case ZJ_COL_TEXT:
    case ZJ_COL_HOST:
    case ZJ_COL_ADDR:
        zj_json_span(out, zj_scope_supervises(scope)
                              ? masked_text(col, zj_stmt_text(row, at), &names, &masked)
                              : zj_stmt_text(row, at));
        break;
    case ZJ_COL_INT:
        zj_json_int(out, zj_stmt_int(row, at));
        break;
    case ZJ_COL_BOOL:
        zj_json_bool(out, zj_stmt_int(row, at) != 0);
        break;
    case ZJ_COL_TIME:
        if (zj_stmt_int(row, at) == 0) {
            zj_json_null(out);
            break;
        }
        zj_time_format(zj_stmt_int(row, at) * 1000, text);
        zj_json_str(out, text);
        break;
    case ZJ_COL_BLOB:
        write_frame(store, zj_stmt_blob(row, at), out);
        break;
    }
}

/* id, org, the columns, country, of transfers the partner that gets them */
static void write_row(struct zj_store *store, enum zj_fact_id id, const struct zj_scope *scope,
                      const struct zj_facts_query *query, const struct zj_stmt *row,
                      struct zj_json *out)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    zj_json_object(out);
    zj_json_kint(out, "id", zj_stmt_int(row, 0));
    zj_json_kspan(out, "org", zj_stmt_text(row, 1));
    for (size_t i = 0; i < kind->col_count; i++) {
        if (kind->cols[i].type == ZJ_COL_BLOB &&
            (!scope->sees_personal || kind->cols[i].fold == ZJ_FOLD_JOIN))
            continue;
        zj_json_key(out, kind->cols[i].name);
        write_cell(store, scope, &kind->cols[i], row, (int)i + 2, out);
    }
    if (zj_fact_tables[id].place_of >= 0)
        zj_json_kspan(out, "country", zj_stmt_text(row, (int)kind->col_count + 2));
    if (id == ZJ_FACT_TRANSFER)
        zj_json_kspan(out, "partner", zj_stmt_text(row, (int)kind->col_count + 3));
    if (query->tell)
        query->tell(query->tell_ctx, zj_stmt_text(row, 2), out);
    zj_json_object_end(out);
}

static zj_err select_sql(struct zj_job *job, struct zj_store *store, enum zj_fact_id id,
                         struct zj_buf *sql)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    bool has_orgs;
    zj_err err = zj_store_has_table(job, store, "reg_organisations", &has_orgs);
    if (err)
        return err;
    zj_buf_printf(sql, "SELECT f.id, %s",
                  has_orgs ? "COALESCE((SELECT o.code FROM reg_organisations o "
                             "WHERE o.id = f.org_id), '')"
                           : "''");
    for (size_t i = 0; i < kind->col_count; i++)
        zj_buf_printf(sql, ", f.%s", kind->cols[i].name);
    if (zj_fact_tables[id].place_of >= 0)
        zj_buf_str(sql, ", f.country");
    if (id == ZJ_FACT_TRANSFER)
        zj_buf_str(sql, has_orgs ? ", " ZJ_PARTNER_OF("f") " AS partner" : ", ''");
    zj_buf_printf(sql, " FROM fact_%s f", kind->name);
    return ZJ_OK;
}

/* Whether the tally knows how many there are: identities by what it counts them by. */
static bool is_tallied(enum zj_fact_id id, const struct zj_facts_query *query)
{
    static const char *const columns[] = {"protocol", "edition", "security"};
    if (id != ZJ_FACT_IDENTITY || (query->search && query->search[0]))
        return false;
    for (size_t i = 0; i < query->filter_count && i < ZJ_FACTS_FILTERS_MAX; i++) {
        const char *value = query->filters[i].value;
        bool is_known = false;
        for (size_t k = 0; k < ZJ_COUNT(columns); k++)
            is_known |= strcmp(query->filters[i].column, columns[k]) == 0;
        if (!is_known || (value[0] && value[strlen(value) - 1] == '*'))
            return false;
    }
    return true;
}

/* The tally has columns of the same names, so the conditions fit both. */
static zj_err count_rows(struct zj_job *job, struct zj_store *store, enum zj_fact_id id,
                         const struct zj_facts_query *query, struct conditions *c, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const char *where = zj_buf_cstr(&c->sql);
    const char *sql = is_tallied(id, query)
                          ? zj_arena_printf(&job->arena,
                                            "SELECT COALESCE(sum(f.count), 0) FROM fact_tally f%s%s"
                                            "f.what = 'identity'",
                                            where, where[0] ? " AND " : " WHERE ")
                          : zj_arena_printf(&job->arena, "SELECT count(*) FROM fact_%s f%s",
                                            zj_fact_kinds[id].name, where);
    bool has_row;
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_where_bind(c, stmt);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

static int limit_of(const struct zj_facts_query *query)
{
    return query->limit > 0 ? query->limit : 50;
}

static zj_err write_page(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         enum zj_fact_id id, const struct zj_facts_query *query,
                         struct conditions *c, struct zj_json *out, int64_t *out_next)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    const int limit = limit_of(query);
    int64_t last_id = 0;
    int rows = 0;
    bool has_row;
    if (query->before_id)
        zj_where_int(c, "f.id < ", query->before_id);
    zj_err err = select_sql(job, store, id, &sql);
    if (err)
        return err;
    zj_buf_str(&sql, zj_buf_cstr(&c->sql));
    err = order_sql(job, id, query, &sql);
    if (err)
        return err;
    zj_buf_printf(&sql, " LIMIT %d OFFSET %lld", limit,
                  (long long)(query->offset > 0 ? query->offset : 0));
    err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    zj_where_bind(c, stmt);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (query->next)
            *out = zj_json_to(out->out); /* a document of its own */
        write_row(store, id, scope, query, stmt, out);
        if (query->next)
            zj_buf_byte(out->out, '\n');
        last_id = zj_stmt_int(stmt, 0);
        rows++;
    }
    *out_next = rows == limit ? last_id : 0;
    return err;
}

static zj_err write_worst(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_facts_query *query, const struct conditions *c,
                          struct zj_json *out, int64_t *out_total)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf ids = {0};
    const size_t from = query->offset > 0 ? (size_t)query->offset : 0;
    zj_err err = zj_transfers_worst(job, store, c, query->outside_only,
                                    from + (size_t)limit_of(query), &ids, out_total);
    if (!err)
        err = select_sql(job, store, ZJ_FACT_TRANSFER, &sql);
    zj_buf_str(&sql, " WHERE f.id = $1");
    if (!err)
        err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    for (size_t i = from; !err && i < ids.len / sizeof(int64_t); i++) {
        int64_t id;
        bool has_row = false;
        memcpy(&id, ids.at + i * sizeof id, sizeof id);
        zj_stmt_reset(stmt);
        zj_stmt_bind_int(stmt, 1, id);
        err = zj_stmt_step(job, stmt, &has_row);
        if (!err && has_row)
            write_row(store, ZJ_FACT_TRANSFER, scope, query, stmt, out);
    }
    return err;
}

zj_err zj_facts_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     enum zj_fact_id kind, const struct zj_facts_query *query, struct zj_json *out)
{
    ZJ_AUTO(zj_where_release) struct conditions c = {.count = 0};
    int64_t total = 0, next = 0;
    if (has_indexed_filter(kind, query))
        zj_where_indexed_scope(&c, scope, query->org_id);
    else
        zj_where_scope(&c, scope, query->org_id);
    zj_err err = add_filters(job, store, scope, &c, kind, query);
    const bool is_worst =
        kind == ZJ_FACT_TRANSFER && query->sort && strcmp(query->sort, "worst") == 0;
    if (!err && query->outside_only && kind == ZJ_FACT_TRANSFER && !is_worst) {
        zj_where(&c, ZJ_FROM_OWN);
        zj_where(&c, "NOT " ZJ_TO_OWN);
    }
    if (query->search)
        add_search(job, &c, kind, query->search);
    if (!err && query->next)
        return write_page(job, store, scope, kind, query, &c, out, query->next);
    if (!err && !is_worst)
        err = count_rows(job, store, kind, query, &c, &total);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    err = is_worst ? write_worst(job, store, scope, query, &c, out, &total)
                   : write_page(job, store, scope, kind, query, &c, out, &next);
    zj_json_array_end(out);
    zj_json_kint(out, "total", total);
    zj_json_key(out, "next");
    if (next)
        zj_json_int(out, next);
    else
        zj_json_null(out);
    zj_json_object_end(out);
    return err;
}

zj_err zj_facts_get(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                    enum zj_fact_id kind, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_where_release) struct conditions c = {.count = 0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row;
    zj_where_scope(&c, scope, 0);
    zj_where_int(&c, "f.id = ", id);
    zj_err err = select_sql(job, store, kind, &sql);
    if (err)
        return err;
    zj_buf_span(&sql, zj_buf_all(&c.sql));
    err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    zj_where_bind(&c, stmt);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no fact %s %lld", "没有观测记录 %s %lld"),
                      zj_fact_kinds[kind].name, (long long)id);
    if (!err)
        write_row(store, kind, scope, &(struct zj_facts_query){0}, stmt, out);
    return err;
}
