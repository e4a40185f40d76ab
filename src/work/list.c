/* Lists of cases: the tenant filter is put in here and nowhere else. */
#include <stdio.h>
#include <stdlib.h>

#include "base/choices.h"
#include "base/clock.h"
#include "work/case.h"

enum { LIST_MAX = 5000 };

const char zj_case_columns[] =
    "c.id, c.type, o.code, o.name, c.subject, c.title, c.state, c.side, c.round, c.opened_at,"
    " c.submitted_at, c.state_at, c.due_at, c.closed_at, c.number, c.assignee, c.version,"
    " c.opener, c.opener_side, c.row_id,"
    " (SELECT max(s.at) FROM work_snapshot s WHERE s.case_id = c.id AND s.kind = 'submitted')";

static const struct zj_field *title_field(const struct zj_case_type *type)
{
    const struct zj_register *reg = zj_register_find(type->reg);
    const int at = reg && type->title ? zj_form_field(reg, type->title) : -1;
    return at < 0 ? NULL : &reg->fields[at];
}

const char *zj_case_title(struct zj_desk *desk, const struct zj_case_type *type, const char *text,
                          const char *subject, enum zj_lang lang)
{
    const struct zj_field *field = title_field(type);
    for (const struct zj_field_value *v = field ? field->values : NULL; v && v->name; v++)
        if (strcmp(v->name, text) == 0 || strcmp(v->zh, text) == 0)
            return lang == ZJ_ZH ? v->zh : v->en;
    if (field && text[0])
        return text;
    return zj_arena_printf(&desk->job->arena, "%s %s", lang == ZJ_ZH ? type->zh : type->en,
                           subject);
}

const char *zj_work_title(struct zj_job *job, const char *type, const char *title,
                          const char *subject, enum zj_lang lang)
{
    struct zj_desk desk = {.job = job};
    const struct zj_case_type *it = zj_case_type_find(type);
    return it && lang != ZJ_ZH ? zj_case_title(&desk, it, title, subject, lang) : title;
}

void zj_case_put_title(struct zj_desk *desk, const struct zj_case_type *type, struct zj_span title,
                       struct zj_span subject, struct zj_json *out)
{
    struct zj_arena *arena = &desk->job->arena;
    const char *text = zj_arena_span(arena, title);
    if (type && desk->job->lang == ZJ_EN)
        text = zj_case_title(desk, type, text, zj_arena_span(arena, subject), ZJ_EN);
    zj_json_kstr(out, "title", text);
}

void zj_case_row_put(struct zj_desk *desk, const struct zj_stmt *row, struct zj_json *out)
{
    const struct zj_case_type *type =
        zj_case_type_find(zj_arena_span(&desk->job->arena, zj_stmt_text(row, 1)));
    const int64_t due = zj_stmt_int(row, 12), closed = zj_stmt_int(row, 13);
    const int64_t last = zj_stmt_int(row, 20); /* time it was handed over */
    zj_json_object(out);
    zj_json_kint(out, "id", zj_stmt_int(row, 0));
    zj_json_kspan(out, "type", zj_stmt_text(row, 1));
    zj_json_kint(out, "task", type ? type->task : 0);
    zj_json_key(out, "org");
    zj_json_object(out);
    zj_json_kspan(out, "code", zj_stmt_text(row, 2));
    zj_json_kspan(out, "name", zj_stmt_text(row, 3));
    zj_json_object_end(out);
    zj_json_kspan(out, "subject", zj_stmt_text(row, 4));
    zj_case_put_title(desk, type, zj_stmt_text(row, 5), zj_stmt_text(row, 4), out);
    zj_json_kspan(out, "state", zj_stmt_text(row, 6));
    zj_json_kspan(out, "side", zj_stmt_text(row, 7));
    zj_json_kint(out, "round", zj_stmt_int(row, 8));
    zj_json_ktime(out, "opened_at", zj_stmt_int(row, 9));
    zj_json_ktime(out, "submitted_at", last ? last : zj_stmt_int(row, 10));
    zj_json_ktime(out, "first_submitted_at", zj_stmt_int(row, 10));
    zj_json_ktime(out, "state_at", zj_stmt_int(row, 11));
    zj_json_ktime(out, "due_at", due);
    zj_json_kbool(out, "is_overdue", due && !closed && due < zj_now_us(desk->job));
    zj_json_ktime(out, "closed_at", closed);
    zj_json_kspan(out, "number", zj_stmt_text(row, 14));
    zj_json_kspan(out, "assignee", zj_stmt_text(row, 15));
    zj_json_kint(out, "version", zj_stmt_int(row, 16));
    zj_json_kspan(out, "opener", zj_stmt_text(row, 17));
    zj_json_kspan(out, "opener_side", zj_stmt_text(row, 18));
    zj_json_kint(out, "row_id", zj_stmt_int(row, 19));
    zj_json_object_end(out);
}

/* --- the query ---------------------------------------------------------------------------------
 */

/* A condition and its values, in the order of the text. */
struct where {
    struct zj_desk *desk;
    /* Of what a bureau sees: all, or one of two parts, each of which an index holds. */
    enum { WHOLE, HANDED_IN, BUREAUS_OWN } part;
    struct zj_buf text;
    struct {
        const char *text; /* NULL: the number */
        int64_t num;
    } values[32];
    size_t count;
};

static size_t add_num(struct where *w, int64_t value)
{
    w->values[w->count].text = NULL;
    w->values[w->count].num = value;
    return ++w->count;
}

static size_t add_text(struct where *w, const char *value)
{
    w->values[w->count].text = value;
    return ++w->count;
}

static void put_seen_by_all(struct where *w)
{
    const char *gap = " AND c.type IN (";
    if (w->part == WHOLE)
        zj_buf_str(&w->text, "(c.submitted_at > 0 OR c.opener_side = 'bureau')");
    if (w->part == HANDED_IN)
        zj_buf_str(&w->text, "c.submitted_at > 0");
    if (w->part != BUREAUS_OWN)
        return;
    zj_buf_str(&w->text, "c.submitted_at = 0 AND c.opener_side = 'bureau'");
    for (size_t i = 0; i < zj_case_type_count; i++)
        if (zj_case_types[i]->opens & ZJ_PARTY_BUREAU) {
            zj_buf_printf(&w->text, "%s'%s'", gap, zj_case_types[i]->name);
            gap = ", ";
        }
    zj_buf_byte(&w->text, ')');
}

/* What the caller may know of at all: the same as party_of in case.c. */
static zj_err add_tenant(struct where *w)
{
    const struct zj_work_who *who = &w->desk->who;
    int64_t grants = 0;
    if (who->is_bureau || who->sees_all) {
        put_seen_by_all(w);
        return ZJ_OK;
    }
    zj_buf_printf(&w->text,
                  "((c.org_id = $%zu AND (c.submitted_at > 0 OR c.opener_side = 'company'))",
                  add_num(w, who->org_id ? who->org_id : -1));
    zj_err err = zj_store_query_int(w->desk->job, w->desk->store,
                                    zj_arena_printf(&w->desk->job->arena,
                                                    "SELECT count(*) FROM work_grant WHERE"
                                                    " user_id = %lld",
                                                    (long long)who->user_id),
                                    0, &grants);
    if (!err && grants && who->user_id) {
        const size_t user = add_num(w, who->user_id);
        const size_t now = add_num(w, zj_now_us(w->desk->job));
        zj_buf_printf(&w->text,
                      " OR EXISTS (SELECT 1 FROM work_grant g WHERE g.case_id = c.id AND"
                      " g.user_id = $%zu AND g.round = c.round AND (g.until = 0 OR g.until > $%zu)"
                      " AND (c.submitted_at > 0 OR g.kind = 'assessor'))",
                      user, now);
    }
    zj_buf_byte(&w->text, ')');
    return err;
}

static void add_equal(struct where *w, const char *column, const char *value)
{
    if (value && value[0])
        zj_buf_printf(&w->text, " AND c.%s = $%zu", column, add_text(w, value));
}

static void add_task(struct where *w, int task)
{
    size_t found = 0;
    if (!task)
        return;
    zj_buf_str(&w->text, " AND c.type IN (");
    for (size_t i = 0; i < zj_case_type_count; i++)
        if (zj_case_types[i]->task == task)
            zj_buf_printf(&w->text, "%s'%s'", found++ ? ", " : "", zj_case_types[i]->name);
    zj_buf_str(&w->text, found ? ")" : "'')");
}

static const char *own_side(const struct zj_desk *desk)
{
    return desk->who.is_bureau ? "bureau" : "company";
}

/* Or it is with the other side, while a clock asks this one. */
static void add_asked(struct where *w)
{
    const struct zj_work *work = w->desk->work;
    const unsigned party = w->desk->who.is_bureau ? ZJ_PARTY_BUREAU : ZJ_PARTY_COMPANY;
    const char *gap = " OR c.id IN (SELECT c.id FROM work_case c JOIN work_clock k ON k.case_id ="
                      " c.id WHERE (";
    bool has_any = false;
    for (size_t i = 0; i < work->clock_count; i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf one = {0};
        if (!zj_clock_asks(&work->clocks[i], party, &one))
            continue;
        zj_buf_printf(&w->text, "%s(%s)", gap, zj_buf_cstr(&one));
        gap = " OR ";
        has_any = true;
    }
    if (has_any)
        zj_buf_str(&w->text, ") AND c.submitted_at > 0)");
}

static zj_err add_mine(struct where *w, const char *mine)
{
    const char *login = w->desk->who.login;
    if (!mine || !mine[0])
        return ZJ_OK;
    if (strcmp(mine, "todo") == 0) {
        zj_buf_printf(&w->text, " AND c.closed_at = 0 AND ((c.side = $%zu",
                      add_text(w, own_side(w->desk)));
        zj_buf_printf(&w->text, " AND (c.assignee = '' OR c.assignee = $%zu))",
                      add_text(w, login));
        add_asked(w);
        zj_buf_byte(&w->text, ')');
    } else if (strcmp(mine, "done") == 0) {
        zj_buf_printf(&w->text,
                      " AND c.id IN (SELECT case_id FROM work_event WHERE actor = $%zu AND action"
                      " <> 'edit')",
                      add_text(w, login));
    } else if (strcmp(mine, "opened") == 0) {
        add_equal(w, "opener", login);
    } else {
        return zj_fail(
            w->desk->job, ZJ_EUSAGE, "%s",
            zj_tr(w->desk->job, "mine is todo, done or opened", "mine 应为 todo、done 或 opened"));
    }
    return ZJ_OK;
}

/* Text anywhere in it; % and _ are themselves. */
static void add_search(struct where *w, const char *search)
{
    struct zj_buf pattern = {0};
    if (!search || !search[0])
        return;
    zj_buf_byte(&pattern, '%');
    for (const char *at = search; *at; at++) {
        if (strchr("%_\\", *at))
            zj_buf_byte(&pattern, '\\');
        zj_buf_byte(&pattern, (uint8_t)*at);
    }
    zj_buf_byte(&pattern, '%');
    const size_t n = add_text(w, zj_arena_span(&w->desk->job->arena, zj_buf_all(&pattern)));
    zj_buf_release(&pattern);
    zj_buf_printf(&w->text,
                  " AND (c.title LIKE $%zu ESCAPE '\\' OR c.subject LIKE $%zu ESCAPE '\\' OR"
                  " c.number LIKE $%zu ESCAPE '\\')",
                  n, n, n);
}

/* By what a list may be sorted, and against it with '-' before the name. */
static const struct order {
    const char *name, *up, *down;
} orders[] = {
    {"due", "CASE WHEN c.due_at = 0 THEN 1 ELSE 0 END, c.due_at, c.id", "c.due_at DESC, c.id DESC"},
    {"opened_at", "c.opened_at, c.id", "c.opened_at DESC, c.id DESC"},
    {"org", "c.org_id, c.id DESC", "c.org_id DESC, c.id DESC"},
    {"state", "c.type, c.state, c.id DESC", "c.type DESC, c.state DESC, c.id DESC"},
    {"submitted_at", "c.submitted_at, c.id", "c.submitted_at DESC, c.id DESC"},
    {"type", "c.type, c.id DESC", "c.type DESC, c.id DESC"},
};

static zj_err check_sort(struct zj_job *job, const char *sort)
{
    const char *name = sort && sort[0] ? sort + (sort[0] == '-') : NULL;
    struct zj_choices columns = {.given = name};
    for (size_t i = 0; name && i < ZJ_COUNT(orders); i++)
        if (strcmp(name, orders[i].name) == 0)
            return ZJ_OK;
    if (!name)
        return ZJ_OK;
    for (size_t i = 0; i < ZJ_COUNT(orders); i++)
        zj_choices_add(&columns, orders[i].name);
    zj_choices_fail(job, &columns);
    return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "cannot be sorted by '%.40s'", "不能按“%.40s”排序"),
                   name);
}

/* A type, and a state of it (without a type: of any), that there are. */
static zj_err check_names(struct zj_job *job, const char *type, const char *state)
{
    type = type && type[0] ? type : NULL;
    state = state && state[0] ? state : NULL;
    const struct zj_case_type *only = type ? zj_case_type_find(type) : NULL;
    struct zj_choices words = {.given = type};
    for (size_t i = 0; type && !only && i < zj_case_type_count; i++)
        zj_choices_add(&words, zj_case_types[i]->name);
    if (type && !only) {
        zj_choices_fail(job, &words);
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no type of case '%.40s'", "没有事项类型“%.40s”"),
                       type);
    }
    for (size_t i = 0; state && i < zj_case_type_count; i++)
        if ((!only || only == zj_case_types[i]) && zj_case_state_find(zj_case_types[i], state))
            return ZJ_OK;
    if (!state)
        return ZJ_OK;
    words.given = state;
    for (const struct zj_case_state *s = only ? only->states : NULL; s && s->name; s++)
        zj_choices_add(&words, s->name);
    if (only)
        zj_choices_fail(job, &words);
    return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no state '%.40s'", "没有状态“%.40s”"), state);
}

static zj_err build(struct where *w, const struct zj_work_filter *f)
{
    zj_err err = check_names(w->desk->job, f->type, f->state);
    if (!err)
        err = check_sort(w->desk->job, f->sort);
    if (!err)
        err = add_tenant(w);
    if (err)
        return err;
    add_equal(w, "type", f->type);
    add_equal(w, "state", f->state);
    add_equal(w, "side", f->side);
    add_task(w, f->task);
    if (f->org_id)
        zj_buf_printf(&w->text, " AND c.org_id = $%zu", add_num(w, f->org_id));
    if (f->row_id)
        zj_buf_printf(&w->text, " AND c.row_id = $%zu", add_num(w, f->row_id));
    if (f->is_overdue)
        zj_buf_printf(&w->text, " AND c.due_at > 0 AND c.closed_at = 0 AND c.due_at < $%zu",
                      add_num(w, zj_now_us(w->desk->job)));
    if (f->changed_since_us)
        zj_buf_printf(&w->text, " AND c.state_at >= $%zu", add_num(w, f->changed_since_us));
    if (!err)
        err = add_mine(w, f->mine);
    add_search(w, f->search);
    return err;
}

static void bind(const struct where *w, struct zj_stmt *stmt)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->values[i].text)
            zj_stmt_bind_str(stmt, (int)i + 1, w->values[i].text);
        else
            zj_stmt_bind_int(stmt, (int)i + 1, w->values[i].num);
}

/* The text is looked for once: the ids of all that have it give the count and, sorted, the page. */
struct found {
    int64_t *ids; /* newest first */
    size_t count, cap;
};

static int newest_first(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

static zj_err look_for(const struct where *w, struct found *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row = true;
    zj_buf_str(&sql, "SELECT c.id FROM work_case c WHERE ");
    zj_buf_span(&sql, zj_buf_all(&w->text));
    zj_err err = zj_store_prepare(w->desk->job, w->desk->store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    bind(w, stmt);
    while (!(err = zj_stmt_step(w->desk->job, stmt, &has_row)) && has_row) {
        if (out->count == out->cap) {
            out->cap = out->cap ? 2 * out->cap : 1024;
            out->ids = zj_realloc(out->ids, out->cap * sizeof *out->ids);
        }
        out->ids[out->count++] = zj_stmt_int(stmt, 0);
    }
    return err;
}

static zj_err look_everywhere(struct zj_desk *desk, const struct zj_work_filter *f,
                              struct found *out)
{
    const bool is_parted = desk->who.is_bureau || desk->who.sees_all;
    zj_err err = ZJ_OK;
    for (int part = is_parted ? HANDED_IN : WHOLE;
         !err && part <= (is_parted ? BUREAUS_OWN : WHOLE); part++) {
        struct where w = {.desk = desk, .part = (unsigned)part};
        err = build(&w, f);
        if (!err)
            err = look_for(&w, out);
        zj_buf_release(&w.text);
    }
    if (out->count)
        qsort(out->ids, out->count, sizeof *out->ids, newest_first);
    return err;
}

static zj_err put_found(const struct where *w, const struct zj_work_filter *f,
                        const struct found *found, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    const size_t limit = f->limit > 0 && f->limit < LIST_MAX ? (size_t)f->limit : LIST_MAX;
    bool has_row = true;
    zj_buf_printf(&sql,
                  "SELECT %s FROM work_case c LEFT JOIN reg_organisations o ON o.id = c.org_id"
                  " WHERE c.id IN (0",
                  zj_case_columns);
    for (size_t i = (size_t)f->offset; i < found->count && i < (size_t)f->offset + limit; i++)
        zj_buf_printf(&sql, ", %lld", (long long)found->ids[i]);
    zj_buf_str(&sql, ") ORDER BY c.id DESC");
    zj_err err = zj_store_prepare(w->desk->job, w->desk->store, zj_buf_cstr(&sql), &stmt);
    while (!err && !(err = zj_stmt_step(w->desk->job, stmt, &has_row)) && has_row)
        zj_case_row_put(w->desk, stmt, out);
    return err;
}

/* What changed is read in the order of its index. */
static const char *order_of(const struct zj_work_filter *f)
{
    const bool is_down = f->sort && f->sort[0] == '-';
    for (size_t i = 0; f->sort && i < ZJ_COUNT(orders); i++)
        if (strcmp(f->sort + is_down, orders[i].name) == 0)
            return is_down ? orders[i].down : orders[i].up;
    return f->changed_since_us ? "c.state_at DESC, c.id DESC" : "c.id DESC";
}

static zj_err put_rows(const struct where *w, const struct zj_work_filter *f, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row;
    const int64_t limit = f->limit > 0 ? f->limit : LIST_MAX;
    /* the page is found by its ids first, so that only its rows are read whole */
    zj_buf_printf(&sql,
                  "SELECT %s FROM work_case c LEFT JOIN reg_organisations o ON o.id = c.org_id"
                  " WHERE c.id IN (SELECT c.id FROM work_case c WHERE %s ORDER BY %s"
                  " LIMIT %lld OFFSET %lld) ORDER BY %s",
                  zj_case_columns, zj_arena_span(&w->desk->job->arena, zj_buf_all(&w->text)),
                  order_of(f), (long long)limit, (long long)f->offset, order_of(f));
    zj_err err = zj_store_prepare(w->desk->job, w->desk->store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    bind(w, stmt);
    while (!(err = zj_stmt_step(w->desk->job, stmt, &has_row)) && has_row) {
        struct zj_json line = zj_json_to(out->out);
        zj_case_row_put(w->desk, stmt, f->as_lines ? &line : out);
        if (f->as_lines)
            zj_buf_byte(out->out, '\n');
    }
    return err;
}

static zj_err count_cases(const struct where *w, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row;
    zj_buf_str(&sql, "SELECT count(*) FROM work_case c WHERE ");
    zj_buf_span(&sql, zj_buf_all(&w->text));
    zj_err err = zj_store_prepare(w->desk->job, w->desk->store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    bind(w, stmt);
    err = zj_stmt_step(w->desk->job, stmt, &has_row);
    *out = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_work_list(struct zj_desk *desk, const struct zj_work_filter *filter, struct zj_json *out)
{
    struct where w = {.desk = desk};
    struct found found = {0};
    int64_t total = 0;
    const bool is_search =
        filter->search && filter->search[0] && !filter->sort && !filter->as_lines;
    zj_err err = build(&w, filter);
    if (!err && filter->as_lines)
        err = put_rows(&w, filter, out);
    else if (!err && is_search)
        err = look_everywhere(desk, filter, &found);
    else if (!err)
        err = count_cases(&w, &total);
    if (!err && !filter->as_lines) {
        zj_json_object(out);
        zj_json_key(out, "rows");
        zj_json_array(out);
        err = is_search ? put_found(&w, filter, &found, out) : put_rows(&w, filter, out);
        zj_json_array_end(out);
        zj_json_kint(out, "total", is_search ? (int64_t)found.count : total);
        zj_json_object_end(out);
    }
    free(found.ids);
    zj_buf_release(&w.text);
    return err;
}
