#include "register/query.h"

#include <assert.h>
#include <stdio.h>

#include "base/choices.h"
#include "base/clock.h"
#include "register/handed.h"

enum {
    BOUND = 10000,      /* rows counted under a filter or a search */
    SMALL_ROWS = 20000, /* a register up to this size is searched by reading it at once */
    OFFSET_MAX = 10000,
    PARAMS_MAX = 128,
    SEARCH_BYTES = 200,
    MARKS_MAX = ZJ_QUERY_FILTERS_MAX + 2 * ZJ_FIELDS_MAX,
};
/* filters, a search over every field with two bounds each, and the few others */
_Static_assert(ZJ_QUERY_FILTERS_MAX + 2 * ZJ_FIELDS_MAX + 16 <= PARAMS_MAX, "too many parameters");

/* A statement being put together: its text, and what its parameters are. */
struct builder {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_register *reg;
    const struct zj_query *query;
    int64_t org_id; /* 0: all */
    int64_t live;   /* rows in scope */
    bool is_narrow; /* a filter or a search stands in it */
    size_t marks[MARKS_MAX]; /* blanks before indexed fields in `where` */
    size_t mark_count;
    bool is_counted, is_read_through; /* no index finds what the search asks for */
    bool is_sorted_after;             /* what is found is few, and put in order */
    int64_t first_id, last_id;        /* of the rows counted */
    const struct zj_scope *scope;
    struct zj_buf where;
    struct zj_buf text; /* of the parameters */
    struct {
        bool is_int, is_blob;
        int64_t num;
        size_t from, len;
    } params[PARAMS_MAX];
    int param_count;
};

static int add_text(struct builder *b, struct zj_span text, bool is_blob)
{
    assert(b->param_count < PARAMS_MAX);
    b->params[b->param_count].is_blob = is_blob;
    b->params[b->param_count].from = b->text.len;
    b->params[b->param_count].len = text.len;
    zj_buf_span(&b->text, text);
    return ++b->param_count;
}

static int add_int(struct builder *b, int64_t num)
{
    assert(b->param_count < PARAMS_MAX);
    b->params[b->param_count].is_int = true;
    b->params[b->param_count].num = num;
    return ++b->param_count;
}

static void bind_all(const struct builder *b, struct zj_stmt *stmt)
{
    for (int i = 0; i < b->param_count; i++) {
        const struct zj_span text =
            zj_span_part(zj_buf_all(&b->text), b->params[i].from, b->params[i].len);
        if (b->params[i].is_int)
            zj_stmt_bind_int(stmt, i + 1, b->params[i].num);
        else if (b->params[i].is_blob)
            zj_stmt_bind_blob(stmt, i + 1, text);
        else
            zj_stmt_bind_span(stmt, i + 1, text);
    }
}

int64_t zj_scope_org(const struct zj_scope *scope, int64_t wanted)
{
    if (scope->sees_all)
        return wanted;
    const bool is_own = scope->org_id > 0 && (wanted == 0 || wanted == scope->org_id);
    return is_own ? scope->org_id : -1;
}

static bool names_organisation(const struct zj_register *reg)
{
    return reg->side == ZJ_SIDE_BUREAU &&
           zj_register_field(reg, ZJ_SPAN_LIT("organisation")) >= 0;
}

/* An organisation reads rows of it that are not its own. */
static bool is_told(const struct zj_register *reg)
{
    return reg->told || names_organisation(reg);
}

void zj_put_owned(const struct zj_register *reg, int param, struct zj_buf *sql)
{
    if (reg->told)
        zj_buf_printf(sql,
                      "(r.org_id = $%d OR EXISTS (SELECT 1 FROM reg_organisations me WHERE"
                      " me.id = $%d AND (%s)))",
                      param, param, reg->told);
    else if (names_organisation(reg))
        zj_buf_printf(sql,
                      "(r.org_id = $%d OR r.organisation = (SELECT n.code FROM"
                      " reg_organisations n WHERE n.id = $%d))",
                      param, param);
    else
        zj_buf_printf(sql, "r.org_id = $%d", param);
}

static zj_err count_live(struct zj_job *job, struct zj_store *store, const char *name,
                         int64_t org_id, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT COALESCE(SUM(live), 0) FROM reg_count WHERE "
                                  "register = $1 AND (org_id = $2 OR $2 = 0)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, name);
    zj_stmt_bind_int(stmt, 2, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

/* --- filters ---------------------------------------------------------------------------------- */

static bool is_list_type(enum zj_field_type type)
{
    return type == ZJ_FIELD_ENUM_LIST || type == ZJ_FIELD_TEXT_LIST || type == ZJ_FIELD_ENDPOINTS;
}

static int add_blind(struct builder *b, size_t field, struct zj_span value)
{
    uint8_t blind[16];
    zj_field_blind(b->store, b->reg, field, value, blind);
    return add_text(b, zj_span_of(blind, sizeof blind), true);
}

/* The value as the register stores it: identifiers in their case. */
static void normalise(const struct zj_field *f, struct zj_span value, struct zj_buf *out)
{
    const bool upper = f->flags & ZJ_FIELD_UPPER, lower = f->flags & ZJ_FIELD_LOWER;
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.at[i];
        if ((upper || lower) && c == ' ')
            continue;
        if (upper && c >= 'a' && c <= 'z')
            c = (uint8_t)(c - 32);
        if (lower && c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + 32);
        zj_buf_byte(out, c);
    }
}

/* The blank before an indexed field may become a +, which keeps its index from being used. */
static void put_indexed(struct builder *b, const char *name, const char *compares, int param)
{
    assert(b->mark_count < MARKS_MAX);
    b->marks[b->mark_count++] = b->where.len + strlen(" AND");
    zj_buf_printf(&b->where, " AND  r.%s%s $%d", name, compares, param);
}

static void put_equals(struct builder *b, const struct zj_field *f, int param)
{
    if (f->flags & ZJ_FIELD_INDEXED)
        put_indexed(b, f->name, " =", param);
    else
        zj_buf_printf(&b->where, " AND r.%s = $%d", f->name, param);
}

static bool is_sortable(const struct builder *b, const struct zj_field *f)
{
    return !(f->flags & ZJ_FIELD_PERSONAL) && !zj_field_is_kept(b->scope, f);
}

/* A field that there is not, or not for this reader: by which else he may look or sort. */
static zj_err refuse_field(struct builder *b, const char *name, bool is_sort)
{
    struct zj_choices fields = {.given = name};
    for (size_t i = 0; i < b->reg->field_count; i++) {
        const struct zj_field *f = &b->reg->fields[i];
        if (is_sort ? is_sortable(b, f) : zj_field_is_found(b->scope, f))
            zj_choices_add(&fields, f->name);
    }
    zj_choices_fail(b->job, &fields);
    const int field = zj_register_field(b->reg, zj_span_str(name));
    const struct zj_field *f = field >= 0 ? &b->reg->fields[field] : NULL;
    if (!is_sort)
        return zj_fail(b->job, ZJ_EUSAGE, zj_tr(b->job, "no field '%.60s'", "没有字段“%.60s”"),
                       name);
    return zj_fail(b->job, ZJ_EUSAGE,
                   zj_tr(b->job, "cannot sort by '%.60s': no such field, or it is encrypted",
                         "不能按“%.60s”排序：没有该字段，或该字段加密存储"),
                   f ? zj_tr(b->job, f->en, f->zh) : name);
}

static bool is_whole_number(struct zj_span text)
{
    size_t at = text.len && text.at[0] == '-';
    const size_t first = at;
    while (at < text.len && text.at[at] >= '0' && text.at[at] <= '9')
        at++;
    return at > first && at == text.len;
}

static bool is_word_of(const struct zj_field_value *values, struct zj_span text)
{
    for (const struct zj_field_value *v = values; v && v->name; v++)
        if (zj_span_eq_str(text, v->name))
            return true;
    return false;
}

/* Can a row hold the value? */
static bool may_be(const struct zj_field *f, const struct zj_field_value *words,
                   struct zj_span value)
{
    int32_t day;
    if (f->type == ZJ_FIELD_ENUM || f->type == ZJ_FIELD_ENUM_LIST || f->type == ZJ_FIELD_BOOL)
        return is_word_of(words, value);
    if (f->type == ZJ_FIELD_INT)
        return is_whole_number(value);
    return f->type != ZJ_FIELD_DATE || zj_date_parse(value, &day);
}

/* What no row can hold is a slip: an answer of no rows would hide it. */
static zj_err check_value(struct builder *b, const struct zj_field *f, struct zj_span want)
{
    static const struct zj_field_value flags[] = {{.name = "yes"},   {.name = "no"},
                                                  {.name = "true"},  {.name = "false"},
                                                  {.name = "1"},     {.name = "0"}, {0}};
    const struct zj_field_value *words = f->type == ZJ_FIELD_BOOL ? flags : f->values;
    struct zj_choices values = {.given = zj_arena_span(&b->job->arena, want)};
    if (!want.len || may_be(f, words, want))
        return ZJ_OK;
    for (const struct zj_field_value *v = words; v && v->name; v++)
        zj_choices_add(&values, v->name);
    if (values.list.len)
        zj_choices_fail(b->job, &values);
    return zj_fail(b->job, ZJ_EUSAGE,
                   zj_tr(b->job, "%s: '%.60s' is no value of it", "%s：“%.60s”不是有效值"), f->name,
                   values.given);
}

static zj_err add_filter(struct builder *b, const char *name, const char *text)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf value = {0};
    const int field = zj_register_field(b->reg, zj_span_str(name));
    if (field < 0 || !zj_field_is_found(b->scope, &b->reg->fields[field]))
        return refuse_field(b, name, false);
    const struct zj_field *f = &b->reg->fields[field];
    normalise(f, zj_span_trim(zj_span_str(text ? text : "")), &value);
    const struct zj_span want = zj_buf_all(&value);
    zj_err err = check_value(b, f, want);
    if (err)
        return err;
    b->is_narrow = true;
    if (want.len == 0)
        zj_buf_printf(&b->where, " AND r.%s IS NULL", f->name);
    else if (f->flags & ZJ_FIELD_PERSONAL)
        zj_buf_printf(&b->where, " AND r.%s_bi = $%d", f->name,
                      add_blind(b, (size_t)field, want));
    else if (is_list_type(f->type) && b->query->as_at_us) /* items are kept of the rows as they are */
        zj_buf_printf(&b->where, " AND instr(';' || r.%s || ';', ';' || $%d || ';') > 0", f->name,
                      add_text(b, want, false));
    else if (is_list_type(f->type))
        zj_buf_printf(&b->where,
                      " AND r.id IN (SELECT i.row_id FROM reg_item i WHERE i.register = '%s' AND "
                      "i.field = '%s' AND i.value = $%d)",
                      b->reg->name, f->name, add_text(b, want, false));
    else if (f->type == ZJ_FIELD_BOOL)
        put_equals(b, f,
                   add_int(b, zj_span_eq_str(want, "yes") || zj_span_eq_str(want, "true") ||
                                     zj_span_eq_str(want, "1")));
    else if (f->type == ZJ_FIELD_INT)
        zj_buf_printf(&b->where, " AND r.%s = CAST($%d AS INTEGER)", f->name,
                      add_text(b, want, false));
    else
        put_equals(b, f, add_text(b, want, false));
    return ZJ_OK;
}

/* --- search ----------------------------------------------------------------------------------- */

/* Fields that start with the text, and personal fields that are the text: what indexes find. Each
 * choice says deleted_at for itself, so that it may use an index of live rows. */
static void put_starts(struct builder *b, struct zj_span want)
{
    const char *or = "";
    for (size_t i = 0; i < b->reg->field_count; i++) {
        const struct zj_field *f = &b->reg->fields[i];
        ZJ_AUTO(zj_buf_release) struct zj_buf value = {0};
        if (!zj_field_is_found(b->scope, f) || !(f->flags & (ZJ_FIELD_PERSONAL | ZJ_FIELD_INDEXED)))
            continue;
        normalise(f, want, &value);
        zj_buf_printf(&b->where, "%s(r.deleted_at = 0", or);
        if (f->flags & ZJ_FIELD_PERSONAL) {
            put_indexed(b, f->name, "_bi =", add_blind(b, i, zj_buf_all(&value)));
        } else {
            put_indexed(b, f->name, " >=", add_text(b, zj_buf_all(&value), false));
            zj_buf_str(&value, "\xf4\x8f\xbf\xbf"); /* the last character there is */
            put_indexed(b, f->name, " <", add_text(b, zj_buf_all(&value), false));
        }
        zj_buf_byte(&b->where, ')');
        or = " OR ";
    }
    if (!or [0])
        zj_buf_str(&b->where, "0");
}

/* Fields that hold the text anywhere: the rows are read for it. */
static void put_holds(struct builder *b, struct zj_span want)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf like = {0};
    zj_buf_byte(&like, '%');
    for (size_t i = 0; i < want.len; i++) {
        if (memchr("%_\\", want.at[i], 3))
            zj_buf_byte(&like, '\\');
        zj_buf_byte(&like, want.at[i]);
    }
    zj_buf_byte(&like, '%');
    const int param = add_text(b, zj_buf_all(&like), false);
    for (size_t i = 0; i < b->reg->field_count; i++) {
        const struct zj_field *f = &b->reg->fields[i];
        if (!(f->flags & ZJ_FIELD_PERSONAL) && !zj_field_is_number(f) &&
            zj_field_is_found(b->scope, f))
            zj_buf_printf(&b->where, " OR r.%s LIKE $%d ESCAPE '\\'", f->name, param);
    }
}

static zj_err has_match(struct builder *b, const struct zj_table *table, bool *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_buf_printf(&sql, "SELECT 1 FROM %s r", table->name);
    zj_put_handed_join(b->scope, b->reg, &sql);
    zj_buf_printf(&sql, " WHERE r.deleted_at = 0%s LIMIT 1", zj_buf_cstr(&b->where));
    const zj_err err = zj_store_prepare(b->job, b->store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    bind_all(b, stmt);
    return zj_stmt_step(b->job, stmt, out);
}

/* A large register is asked for starts first, as indexes have them, and is read through where
 * there are none, or on request. */
static zj_err add_search(struct builder *b, const struct zj_table *table, struct zj_span want,
                         struct zj_select *out)
{
    const struct builder before = *b;
    const bool is_quick =
        b->live > SMALL_ROWS && !b->query->as_at_us && !b->query->searches_anywhere;
    zj_err err = ZJ_OK;
    if (is_quick) {
        zj_buf_str(&b->where, " AND (");
        put_starts(b, want);
        zj_buf_byte(&b->where, ')');
        err = has_match(b, table, &out->is_by_start);
        if (err || out->is_by_start)
            return err;
        b->where.len = before.where.len;
        b->text.len = before.text.len;
        b->param_count = before.param_count;
    }
    zj_buf_str(&b->where, " AND (");
    if (b->query->as_at_us) /* blind indexes are of the rows as they are */
        zj_buf_byte(&b->where, '0');
    else
        put_starts(b, want);
    put_holds(b, want);
    zj_buf_byte(&b->where, ')');
    b->mark_count = before.mark_count;
    b->is_read_through = true;
    return ZJ_OK;
}

/* --- order ------------------------------------------------------------------------------------ */

static zj_err put_order(struct builder *b, const char *sort, struct zj_buf *sql)
{
    const bool descends = sort[0] == '-';
    const char *name = sort + descends;
    const int field = zj_register_field(b->reg, zj_span_str(name));
    const struct zj_field *f = field >= 0 ? &b->reg->fields[field] : NULL;
    if (!f || !is_sortable(b, f))
        return refuse_field(b, name, true);
    /* as the index of the field has them */
    const char *way = descends ? " DESC" : "";
    const char *row = b->query->as_at_us ? "" : b->is_sorted_after ? "+r." : "r.";
    zj_buf_printf(sql, " ORDER BY %s%s%s, %sorg_id%s, %sid%s", row, f->name, way, row, way, row, way);
    return ZJ_OK;
}

static bool is_set(const char *text)
{
    return text && text[0];
}

static zj_err put_where(struct builder *b, struct zj_select *out)
{
    const struct zj_query *q = b->query;
    const struct zj_span want =
        zj_span_part(zj_span_trim(zj_span_str(q->search ? q->search : "")), 0, SEARCH_BYTES);
    zj_err err = ZJ_OK;
    b->is_narrow = want.len > 0;
    for (size_t i = 0; i < q->filter_count && i < ZJ_QUERY_FILTERS_MAX && !err; i++)
        err = add_filter(b, q->filters[i].field, q->filters[i].value);
    if (!err && q->row_id)
        zj_buf_printf(&b->where, " AND r.id = $%d", add_int(b, q->row_id));
    if (!err && q->as_at_us) {
        const int at = add_int(b, q->as_at_us);
        b->is_narrow = true;
        zj_buf_printf(&b->where, " AND r.updated_at < $%d AND r.until_at >= $%d", at, at);
    }
    if (!err && b->is_narrow && !q->as_at_us)
        zj_put_handed_match(b->scope, b->reg, &b->where);
    if (!err && q->as_at_us)
        zj_put_handed_since(b->scope, b->reg, &b->where);
    zj_put_draft_filter(b->scope, b->reg, "r", &b->where);
    if (!err && b->org_id && is_told(b->reg)) {
        b->is_narrow = true;
        zj_buf_str(&b->where, " AND ");
        zj_put_owned(b->reg, add_int(b, b->org_id), &b->where);
    } else if (!err && b->org_id) {
        /* by the index of organisations only where it gives the order too; the + keeps the planner
         * from reading and sorting all rows of a large organisation for a page of them */
        const bool is_plain = b->live <= SMALL_ROWS || (!want.len && !is_set(q->sort));
        zj_buf_printf(&b->where, " AND %sr.org_id = $%d", is_plain ? "" : "+", add_int(b, b->org_id));
    }
    return err || !want.len ? err : add_search(b, &out->table, want, out);
}

static void put_source(const struct builder *b, const struct zj_table *table, struct zj_buf *sql)
{
    if (b->query->as_at_us)
        zj_table_put_versions(table, sql);
    else
        zj_buf_str(sql, table->name);
}

static zj_err count_matches(struct builder *b, struct zj_select *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    if (!b->is_narrow && b->org_id == 0)
        return zj_register_live(b->job, b->store, b->scope, b->reg, &out->total);
    if (!b->is_narrow && !zj_sees_handed_only(b->scope, b->reg)) {
        out->total = b->live;
        return ZJ_OK;
    }
    zj_buf_str(&sql, "SELECT COUNT(*), COALESCE(MIN(n.id), 0), COALESCE(MAX(n.id), 0) FROM (SELECT "
                     "r.id FROM ");
    put_source(b, &out->table, &sql);
    zj_buf_str(&sql, " r");
    zj_put_handed_join(b->scope, b->reg, &sql);
    zj_buf_printf(&sql, " WHERE r.deleted_at = 0%s LIMIT %d) n", zj_buf_cstr(&b->where),
                  BOUND + 1);
    zj_err err = zj_store_prepare(b->job, b->store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    bind_all(b, stmt);
    b->is_counted = true;
    err = zj_stmt_step(b->job, stmt, &has_row);
    if (!err) {
        const int64_t found = zj_stmt_int(stmt, 0);
        out->is_total_bounded = found > BOUND;
        out->total = found > BOUND ? BOUND : found;
        b->first_id = zj_stmt_int(stmt, 1);
        b->last_id = zj_stmt_int(stmt, 2);
    }
    return err;
}

static void put_rows(struct builder *b, const struct zj_table *table, struct zj_buf *sql)
{
    zj_buf_str(sql, "SELECT ");
    zj_put_handed_columns(b->scope, table, sql);
    zj_buf_printf(sql, ", o.code FROM %s r LEFT JOIN reg_organisations o ON o.id = r.org_id",
                  table->name);
    zj_put_handed_join(b->scope, b->reg, sql);
    zj_buf_printf(sql, " WHERE r.deleted_at = 0%s", zj_buf_cstr(&b->where));
}

/* Both halves of the past give their rows in order of the index, and are merged. */
static void put_old_rows(struct builder *b, const struct zj_table *table, struct zj_buf *sql)
{
    for (int is_old = 0; is_old < 2; is_old++) {
        zj_buf_str(sql, is_old ? " UNION ALL SELECT " : "SELECT ");
        zj_put_handed_columns(b->scope, table, sql);
        zj_buf_str(sql, ", (SELECT o.code FROM reg_organisations o WHERE o.id = r.org_id) FROM (");
        zj_table_put_version(table, is_old, sql);
        zj_buf_str(sql, ") r");
        zj_put_handed_join(b->scope, b->reg, sql);
        zj_buf_printf(sql, " WHERE r.deleted_at = 0%s", zj_buf_cstr(&b->where));
    }
}

/* A page of rows that a filter or a search leaves. Few are found by indexes, or between the first
 * and the last that were counted, and put in order; of many, reading on in their order meets a
 * page's worth soon. */
static void choose_way(struct builder *b, const struct zj_select *out)
{
    if (!b->is_narrow || b->query->as_at_us)
        return;
    b->is_sorted_after = !out->is_total_bounded;
    if (b->is_sorted_after && b->is_read_through)
        zj_buf_printf(&b->where, " AND r.id >= $%d AND r.id <= $%d", add_int(b, b->first_id),
                      add_int(b, b->last_id));
    for (size_t i = 0; i < b->mark_count && out->is_total_bounded; i++)
        b->where.at[b->marks[i]] = '+';
}

static zj_err open_rows(struct builder *b, int limit, struct zj_select *out)
{
    const struct zj_query *q = b->query;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_err err = ZJ_OK;
    if (!is_set(q->sort) && q->after_id > 0 && limit)
        zj_buf_printf(&b->where, " AND r.id < $%d", add_int(b, q->after_id));
    if (limit && b->is_counted)
        choose_way(b, out);
    if (q->as_at_us)
        put_old_rows(b, &out->table, &sql);
    else
        put_rows(b, &out->table, &sql);
    if (is_set(q->sort))
        err = put_order(b, q->sort, &sql);
    else
        zj_buf_printf(&sql, " ORDER BY %sid%s",
                      q->as_at_us          ? ""
                      : b->is_sorted_after ? "+r."
                                           : "r.",
                      limit ? " DESC" : "");
    if (limit)
        zj_buf_printf(&sql, " LIMIT $%d", add_int(b, limit));
    if (limit && q->offset > 0)
        zj_buf_printf(&sql, " OFFSET $%d", add_int(b, q->offset));
    if (!err)
        err = zj_store_prepare(b->job, b->store, zj_buf_cstr(&sql), &out->rows);
    if (!err)
        bind_all(b, out->rows);
    return err;
}

bool zj_as_at_of(struct zj_span date, int64_t *out_us)
{
    int32_t day;
    if (!zj_date_parse(date, &day))
        return false;
    *out_us = (((int64_t)day + 1) * 86400 - ZJ_BEIJING_OFFSET_S) * 1000000;
    return true;
}

zj_err zj_register_live(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const struct zj_register *reg, int64_t *out_count)
{
    const int64_t org_id = zj_scope_org(scope, 0);
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf drafts = {0}, sql = {0};
    bool has_row;
    zj_put_draft_filter(scope, reg, "r", &drafts);
    if (drafts.len == 0 && (!is_told(reg) || org_id == 0))
        return count_live(job, store, reg->name, org_id, out_count);
    const bool is_by_cases = org_id == 0 && zj_put_handed_count(scope, reg, &sql);
    if (!is_by_cases) {
        zj_buf_printf(&sql,
                      "SELECT COUNT(*) FROM reg_%s r WHERE deleted_at = 0 AND $1 = $1 AND"
                      " ($2 = 0 OR ",
                      reg->name);
        zj_put_owned(reg, 2, &sql);
        zj_buf_printf(&sql, ")%s", zj_buf_cstr(&drafts));
    }
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    if (!is_by_cases) {
        zj_stmt_bind_int(stmt, 1, 0);
        zj_stmt_bind_int(stmt, 2, org_id);
    }
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out_count = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_select_open(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      const struct zj_register *reg, const struct zj_query *query, int limit,
                      bool wants_total, struct zj_select *out)
{
    struct builder b = {.job = job,
                        .store = store,
                        .reg = reg,
                        .query = query,
                        .org_id = zj_scope_org(scope, query->org_id),
                        .scope = scope};
    if (query->offset > OFFSET_MAX)
        return zj_fail(job, ZJ_ELIMIT,
                       zj_tr(job, "a list goes %d rows deep: narrow it by a filter or a search",
                             "列表最多翻到第 %d 行，请用筛选或搜索缩小范围"),
                       OFFSET_MAX);
    *out = (struct zj_select){0};
    zj_err err = zj_rows_may_be_read(job, scope, reg);
    if (!err)
        err = zj_table_load(job, store, reg, &out->table);
    if (!err)
        err = count_live(job, store, reg->name, b.org_id, &b.live);
    if (!err)
        err = put_where(&b, out);
    if (!err && wants_total)
        err = count_matches(&b, out);
    if (!err)
        err = open_rows(&b, limit, out);
    zj_buf_release(&b.where);
    out->params = b.text; /* bound to the statement until it is closed */
    return err;
}

void zj_select_close(struct zj_select *select)
{
    zj_stmt_release(select->rows);
    select->rows = NULL;
    zj_buf_release(&select->params);
}
