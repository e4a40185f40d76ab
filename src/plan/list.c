/* Reading gaps, duties and the board: what the tables hold, within the reader's scope. */
#include <stdio.h>

#include "base/choices.h"
#include "base/mask.h"
#include "plan/cells.h"
#include "plan/link.h"
#include "plan/pack.h"

enum { CONDITIONS_MAX = 12 };

/* WHERE built from fixed pieces; values are parameters in the order they were added. */
struct where {
    struct zj_buf sql;
    const char *texts[CONDITIONS_MAX];
    int64_t ints[CONDITIONS_MAX];
    bool is_text[CONDITIONS_MAX];
    int count;
};

static void add(struct where *w, const char *condition, const char *text, int64_t number)
{
    zj_buf_printf(&w->sql, "%s%s$%d", w->sql.len ? " AND " : " WHERE ", condition, w->count + 1);
    w->is_text[w->count] = text != NULL;
    w->texts[w->count] = text;
    w->ints[w->count++] = number;
}

static void bind(const struct where *w, struct zj_stmt *s)
{
    for (int i = 0; i < w->count; i++)
        if (w->is_text[i])
            zj_stmt_bind_str(s, i + 1, w->texts[i]);
        else
            zj_stmt_bind_int(s, i + 1, w->ints[i]);
}

static void add_scope(struct where *w, const struct zj_scope *scope, int64_t org_id)
{
    if (!scope->sees_all)
        add(w, "t.org_id = ", NULL, scope->org_id);
    if (org_id)
        add(w, "t.org_id = ", NULL, org_id);
}

/* in: what is searched, ending in " LIKE ". */
static void add_filter(struct where *w, struct zj_job *job, const struct zj_scope *scope,
                       const struct zj_plan_filter *f, const char *in)
{
    add_scope(w, scope, f->org_id);
    if (f->id)
        add(w, "t.id = ", NULL, f->id);
    if (f->by_id)
        add(w, "t.id > ", NULL, f->after_id);
    if (f->task)
        add(w, "t.task = ", NULL, f->task);
    if (f->rule && f->rule[0])
        add(w, "t.rule = ", f->rule, 0);
    if (f->severity && f->severity[0])
        add(w, "t.severity = ", f->severity, 0);
    if (f->at_least)
        add(w, "CASE t.severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END >= ", NULL,
            strcmp(f->at_least, "high") == 0     ? 3
            : strcmp(f->at_least, "medium") == 0 ? 2
                                                 : 1);
    if (f->state && strcmp(f->state, "pressing") == 0)
        zj_buf_printf(&w->sql, "%st.state IN ('overdue', 'due_soon')",
                      w->sql.len ? " AND " : " WHERE ");
    else if (f->state && f->state[0] && strcmp(f->state, "all") != 0)
        /* the plus keeps SQLite on the ids, whose order is wanted, and off the index of states */
        add(w, f->by_id ? "+t.state = " : "t.state = ", f->state, 0);
    if (f->search && f->search[0])
        add(w, in, zj_arena_printf(&job->arena, "%%%s%%", f->search), 0);
}

static zj_err count_rows(struct zj_job *job, struct zj_store *store, const char *table,
                         const struct where *w, int64_t *out_total)
{
    struct zj_buf sql = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row;
    zj_buf_printf(&sql, "SELECT COUNT(*) FROM %s t%s", table,
                  w->sql.len ? (const char *)w->sql.at : "");
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &s);
    zj_buf_release(&sql);
    if (err)
        return err;
    bind(w, s);
    err = zj_stmt_step(job, s, &is_row);
    if (!err)
        *out_total = zj_stmt_int(s, 0);
    return err;
}

/* Where a company keeps its files is no bureau's to know: "/data/crm · CN_MOBILE" lies in a path. */
static void note_place(struct zj_links *links, struct zj_span kind, struct zj_span subject)
{
    static const char between[] = " · ";
    links->place = (struct zj_span){0};
    if (!links->is_masked || !zj_span_eq_str(kind, "data") || !memchr(subject.at, '/', subject.len))
        return;
    const uint8_t *type = memmem(subject.at, subject.len, between, sizeof between - 1);
    links->place = zj_span_part(subject, 0, type ? (size_t)(type - subject.at) : subject.len);
}

static void put_last_parts(struct zj_buf *out, struct zj_span text, struct zj_span place)
{
    const uint8_t *slash = place.len ? memrchr(place.at, '/', place.len) : NULL;
    const size_t cut = slash ? (size_t)(slash + 1 - place.at) : 0;
    const uint8_t *at;
    while (cut && (at = memmem(text.at, text.len, place.at, place.len))) {
        const size_t before = (size_t)(at - text.at);
        zj_buf_span(out, zj_span_part(text, 0, before));
        zj_buf_span(out, zj_span_part(place, cut, place.len));
        text = zj_span_part(text, before + place.len, text.len);
    }
    zj_buf_span(out, text);
}

static void write_told(const struct zj_links *links, struct zj_json *j, const char *key,
                       struct zj_span text)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf masked = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf told = {0};
    if (links->is_masked) {
        put_last_parts(&told, text, links->place);
        zj_mask_identities(&masked, zj_buf_all(&told));
    }
    zj_json_kspan(j, key, links->is_masked ? zj_buf_all(&masked) : text);
}

/* What found data is called: "/data/crm · CN_MOBILE" with the type in words, or a class alone. */
static struct zj_span name_of_data(struct zj_job *job, const struct zj_plan *plan,
                                   struct zj_span id)
{
    static const char between[] = " · ";
    const struct zj_yaml *words = job->lang == ZJ_ZH ? plan->words_zh : plan->words_en;
    const char *text = zj_arena_span(&job->arena, id), *type = text, *at = text;
    while ((at = strstr(at, between)))
        type = at += sizeof between - 1;
    const struct zj_yaml *types = words ? zj_yaml_find(words, "data_type") : NULL,
                         *word = types ? zj_yaml_find(types, type) : NULL;
    return word ? zj_span_str(zj_arena_printf(&job->arena, "%.*s%s", (int)(type - text), text,
                                              word->text))
                : id;
}

static void write_subject(const struct zj_links *links, struct zj_json *j, struct zj_span kind,
                          struct zj_span id)
{
    zj_json_key(j, "subject");
    zj_json_object(j);
    zj_json_kspan(j, "kind", kind);
    write_told(links, j, "id", id);
    zj_json_object_end(j);
}

static void write_name(const struct zj_links *links, const struct zj_plan *plan,
                       struct zj_json *j, struct zj_span kind, struct zj_span id)
{
    write_told(links, j, "subject_name",
               zj_span_eq_str(kind, "data") ? name_of_data(links->job, plan, id) : id);
}

static zj_err write_gap(struct zj_links *links, const struct zj_plan *plan, struct zj_stmt *s,
                        struct zj_json *j)
{
    struct zj_job *job = links->job;
    const struct zj_rule *rule = zj_plan_rule_find(plan, zj_stmt_text(s, 1));
    note_place(links, zj_stmt_text(s, 5), zj_stmt_text(s, 6));
    zj_json_object(j);
    zj_json_kint(j, "id", zj_stmt_int(s, 0));
    zj_json_kspan(j, "gap", zj_stmt_text(s, 1));
    zj_json_kint(j, "task", zj_stmt_int(s, 2));
    zj_json_kspan(j, "severity", zj_stmt_text(s, 3));
    zj_json_kspan(j, "org", zj_stmt_text(s, 4));
    write_subject(links, j, zj_stmt_text(s, 5), zj_stmt_text(s, 6));
    write_told(links, j, "why", zj_stmt_text(s, job->lang == ZJ_ZH ? 8 : 7));
    zj_json_key(j, "evidence");
    zj_json_raw(j, zj_stmt_text(s, 9));
    zj_json_ktime(j, "first_seen", zj_stmt_int(s, 10));
    zj_json_ktime(j, "last_seen", zj_stmt_int(s, 11));
    zj_json_kspan(j, "state", zj_stmt_text(s, 12));
    zj_json_ktime(j, "opened_at", zj_stmt_int(s, 13));
    zj_json_ktime(j, "closed_at", zj_stmt_int(s, 14));
    zj_json_kspan(j, "org_name", zj_stmt_text(s, 15));
    write_name(links, plan, j, zj_stmt_text(s, 5), zj_stmt_text(s, 6));
    if (rule) {
        zj_json_kstr(j, "title", zj_tr(job, rule->en, rule->zh));
        zj_json_kstr(j, "todo", zj_tr(job, rule->todo_en, rule->todo_zh));
        zj_json_kstr(j, "source", rule->source);
        zj_json_kstr(j, "mark", rule->mark);
    }
    zj_err err = zj_link_put(links, zj_stmt_text(s, 9), j);
    zj_json_object_end(j);
    return err;
}

static zj_err write_duty(struct zj_links *links, const struct zj_plan *plan, struct zj_stmt *s,
                         struct zj_json *j)
{
    struct zj_job *job = links->job;
    const struct zj_rule *rule = zj_plan_rule_find(plan, zj_stmt_text(s, 1));
    note_place(links, zj_stmt_text(s, 4), zj_stmt_text(s, 5));
    zj_json_object(j);
    zj_json_kint(j, "id", zj_stmt_int(s, 0));
    zj_json_kspan(j, "duty", zj_stmt_text(s, 1));
    zj_json_kint(j, "task", zj_stmt_int(s, 2));
    zj_json_kspan(j, "org", zj_stmt_text(s, 3));
    write_subject(links, j, zj_stmt_text(s, 4), zj_stmt_text(s, 5));
    zj_json_kspan(j, "state", zj_stmt_text(s, 6));
    if (zj_stmt_int(s, 12))
        zj_json_ktime(j, "ended_at", zj_stmt_int(s, 12));
    zj_json_key(j, "due");
    if (zj_stmt_text(s, 7).len)
        zj_json_span(j, zj_stmt_text(s, 7));
    else
        zj_json_null(j);
    write_told(links, j, "why", zj_stmt_text(s, job->lang == ZJ_ZH ? 9 : 8));
    zj_json_key(j, "evidence");
    zj_json_raw(j, zj_stmt_text(s, 10));
    zj_json_kspan(j, "org_name", zj_stmt_text(s, 11));
    write_name(links, plan, j, zj_stmt_text(s, 4), zj_stmt_text(s, 5));
    if (rule) {
        zj_json_kstr(j, "title", zj_tr(job, rule->en, rule->zh));
        if (rule->todo_en && rule->todo_zh)
            zj_json_kstr(j, "todo", zj_tr(job, rule->todo_en, rule->todo_zh));
        if (rule->page)
            zj_json_kstr(j, "page", rule->page);
        zj_json_kstr(j, "source", rule->source);
        zj_json_kstr(j, "mark", rule->mark);
    }
    zj_err err = zj_link_put(links, zj_stmt_text(s, 10), j);
    zj_json_object_end(j);
    return err;
}

/* What a list can be sorted by, and its expression; the first is the order where none is asked for.
 */
struct order {
    const char *name, *sql;
};

#define SEVERITY "CASE t.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
#define STATE                                                                                      \
    "CASE t.state WHEN 'overdue' THEN 0 WHEN 'due_soon' THEN 1 WHEN 'open' THEN 2"                 \
    " WHEN 'met' THEN 3 ELSE 4 END"

/* As the index gap_changed has it. */
#define CHANGED "(CASE WHEN t.closed_at > t.opened_at THEN t.closed_at ELSE t.opened_at END)"

static const struct order gap_orders[] = {
    {"", SEVERITY ", t.task, t.rule"},
    {"severity", SEVERITY},
    {"gap", "t.rule"},
    {"subject", "t.subject"},
    {"task", "t.task"},
    {"org", "o.name"},
    {"last_seen", "t.last_seen"},
    {"first_seen", "t.first_seen"},
    {"changed", CHANGED},
    {"state", "t.state"},
    {0},
};

static const struct order duty_orders[] = {
    {"", STATE ", CASE WHEN t.due = '' THEN 1 ELSE 0 END, t.due, t.task"},
    {"state", STATE},
    {"due", "CASE WHEN t.due = '' THEN '9' ELSE t.due END"},
    {"duty", "t.rule"},
    {"subject", "t.subject"},
    {"task", "t.task"},
    {"org", "o.name"},
    {0},
};

/* Of those that were overdue, the last to end first. */
static const struct order past_orders[] = {
    {"", "t.ended_at DESC"}, {"state", "t.state"},     {"due", "t.due"}, {"duty", "t.rule"},
    {"subject", "t.subject"}, {"task", "t.task"},      {"org", "o.name"}, {0},
};

static zj_err add_order(struct zj_job *job, const struct order *orders, const char *sort,
                        struct zj_buf *sql)
{
    const char *name = sort ? sort : "";
    const bool is_down = name[0] == '-';
    struct zj_choices columns = {.given = name += is_down};
    for (const struct order *o = orders; o->name; o++)
        if (strcmp(o->name, name) == 0) {
            zj_buf_printf(sql, " ORDER BY %s%s, t.id", o->sql, is_down ? " DESC" : "");
            return ZJ_OK;
        }
    while ((++orders)->name) /* the first has no name */
        zj_choices_add(&columns, orders->name);
    zj_choices_fail(job, &columns);
    return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "cannot be sorted by '%s'", "不能按“%s”排序"), name);
}

typedef zj_err write_row(struct zj_links *links, const struct zj_plan *plan, struct zj_stmt *s,
                         struct zj_json *j);

static zj_err list(struct zj_links *links, const struct zj_plan *plan, const char *table,
                   const char *select, const struct order *orders, struct where *w,
                   const struct zj_plan_filter *f, write_row *write, struct zj_json *out,
                   int64_t *out_total)
{
    struct zj_job *job = links->job;
    struct zj_store *store = links->store;
    struct zj_buf sql = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_buf_cstr(&w->sql);
    zj_err err = out_total ? count_rows(job, store, table, w, out_total) : ZJ_OK;
    zj_buf_printf(&sql, "%s%s", select, w->sql.len ? (const char *)w->sql.at : "");
    if (f->by_id)
        zj_buf_str(&sql, " ORDER BY t.id");
    else if (!err)
        err = add_order(job, orders, f->sort, &sql);
    if (f->limit)
        zj_buf_printf(&sql, " LIMIT %d OFFSET %lld", f->limit, (long long)f->offset);
    if (!err)
        err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &s);
    zj_buf_release(&sql);
    if (err)
        return err;
    bind(w, s);
    if (!f->as_lines)
        zj_json_array(out);
    for (;;) {
        bool is_row = false;
        err = zj_stmt_step(job, s, &is_row);
        if (err || !is_row)
            break;
        if (f->last_id)
            *f->last_id = zj_stmt_int(s, 0);
        if (f->as_lines) {
            struct zj_json line = zj_json_to(out->out);
            err = write(links, plan, s, &line);
            zj_buf_byte(out->out, '\n');
        } else {
            err = write(links, plan, s, out);
        }
        if (err)
            break;
    }
    if (!f->as_lines)
        zj_json_array_end(out);
    return err;
}

zj_err zj_plan_gaps(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    const struct zj_scope *scope, const struct zj_plan_filter *filter,
                    struct zj_json *out, int64_t *out_total)
{
    struct where w = {0};
    struct zj_plan_filter f = *filter;
    if (!f.state && !f.id)
        f.state = "open";
    /* the sentence names vehicles and addresses, which a bureau sees masked */
    add_filter(&w, job, scope, &f,
               zj_scope_supervises(scope)
                   ? "t.subject LIKE "
                   : "t.subject || ' ' || t.why_zh || ' ' || t.why_en LIKE ");
    if (f.changed_since_us)
        add(&w, CHANGED " >= ", NULL, f.changed_since_us);
    struct zj_links links = {.job = job, .store = store, .sees_all = scope->sees_all,
                             .is_masked = zj_scope_supervises(scope)};
    zj_err err = list(
        &links, plan, "gap",
        "SELECT t.id, t.rule, t.task, t.severity, COALESCE(o.code, ''), t.subject_kind, t.subject,"
        " t.why_en, t.why_zh, t.evidence, t.first_seen, t.last_seen, t.state, t.opened_at,"
        " t.closed_at, COALESCE(o.name, '') FROM gap t"
        " LEFT JOIN reg_organisations o ON o.id = t.org_id",
        gap_orders, &w, &f, write_gap, out, out_total);
    zj_links_release(&links);
    zj_buf_release(&w.sql);
    return err;
}

zj_err zj_plan_duties(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                      const struct zj_scope *scope, const struct zj_plan_filter *filter,
                      struct zj_json *out, int64_t *out_total)
{
    const bool is_past = filter->state && strcmp(filter->state, "past") == 0;
    const char *table = is_past ? "duty_past" : "duty";
    struct where w = {0};
    struct zj_plan_filter f = *filter;
    f.state = is_past ? NULL : f.state;
    add_filter(&w, job, scope, &f, "t.subject LIKE ");
    struct zj_links links = {.job = job, .store = store, .sees_all = scope->sees_all,
                             .is_masked = zj_scope_supervises(scope)};
    zj_err err = list(
        &links, plan, table,
        zj_arena_printf(&job->arena,
        "SELECT t.id, t.rule, t.task, COALESCE(o.code, ''), t.subject_kind, t.subject, t.state,"
        " t.due, t.why_en, t.why_zh, t.evidence, COALESCE(o.name, ''), %s FROM %s t"
        " LEFT JOIN reg_organisations o ON o.id = t.org_id",
        is_past ? "t.ended_at" : "0", table),
        is_past ? past_orders : duty_orders, &w, &f, write_duty, out, out_total);
    zj_links_release(&links);
    zj_buf_release(&w.sql);
    return err;
}

enum { GAP_WORDS = 3, DUTY_WORDS = 5 };
static const char *const gap_words[GAP_WORDS] = {"high", "medium", "low"};
static const char *const duty_words[DUTY_WORDS] = {"overdue", "due_soon", "open", "met",
                                                   "not_applicable"};

struct tally {
    struct zj_cell cell;
    int rules;
};

/* Of one organisation, or of all (0). Until the rules have run there is nothing to count. */
static zj_err tally_cells(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                          int64_t org_id, struct tally *tallies)
{
    static const char *const columns[] = {ZJ_CELL_COLUMNS};
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true, has_cells = false;
    zj_err err = zj_store_has_table(job, store, "plan_cell", &has_cells);
    if (err || !has_cells)
        return err;
    zj_buf_str(&sql, "SELECT task");
    for (size_t i = 0; i < ZJ_COUNT(columns); i++)
        zj_buf_printf(&sql, ", SUM(%s)", columns[i]);
    zj_buf_printf(&sql, " FROM plan_cell%s GROUP BY task", org_id ? " WHERE org_id = $1" : "");
    err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &s);
    if (!err && org_id)
        zj_stmt_bind_int(s, 1, org_id);
    while (!err && !(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        const int at = zj_plan_task_at(plan, zj_stmt_int(s, 0));
        for (int i = 0; at >= 0 && i < ZJ_CELL_COLUMN_COUNT; i++)
            *zj_cell_count(&tallies[at].cell, i) = zj_stmt_int(s, i + 1);
    }
    return err;
}

static void write_counts(struct zj_json *j, const char *key, const int64_t *counts,
                         const char *const *words, size_t word_count)
{
    zj_json_key(j, key);
    zj_json_object(j);
    for (size_t i = 0; i < word_count; i++)
        zj_json_kint(j, words[i], counts[i]);
    zj_json_object_end(j);
}

static void write_task(const struct zj_task *task, const struct tally *tally, struct zj_json *j)
{
    zj_json_object(j);
    zj_json_kint(j, "task", task->number);
    zj_json_kstr(j, "group", task->group);
    zj_json_kstr(j, "zh", task->zh);
    zj_json_kstr(j, "en", task->en);
    zj_json_kstr(j, "asks_zh", task->asks_zh);
    zj_json_kstr(j, "asks_en", task->asks_en);
    const struct zj_cell *c = &tally->cell;
    const int64_t gaps[GAP_WORDS] = {c->gaps_high, c->gaps_medium,
                                     c->gaps - c->gaps_high - c->gaps_medium};
    const int64_t duties[DUTY_WORDS] = {c->overdue, c->due_soon, c->open + c->undone, c->met,
                                        c->not_applicable};
    write_counts(j, "gaps", gaps, gap_words, GAP_WORDS);
    write_counts(j, "duties", duties, duty_words, DUTY_WORDS);
    zj_json_kstr(j, "state", zj_cell_state(c));
    zj_json_kint(j, "rules", tally->rules);
    zj_json_object_end(j);
}

zj_err zj_plan_board(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                     const struct zj_scope *scope, struct zj_json *out)
{
    enum { FIRST_SAFEGUARD = 101 };
    struct tally tallies[ZJ_TASKS_MAX] = {0};
    for (size_t i = 0; i < plan->rule_count; i++) {
        const int at = zj_plan_task_at(plan, plan->rules[i].task);
        if (at >= 0)
            tallies[at].rules++;
    }
    /* an account of no organisation sees the rows of none */
    const bool sees_some = scope->sees_all || scope->org_id;
    zj_err err = sees_some
                     ? tally_cells(job, plan, store, scope->sees_all ? 0 : scope->org_id, tallies)
                     : ZJ_OK;
    if (err)
        return err;
    zj_json_object(out);
    for (int part = 0; part < 2; part++) {
        zj_json_key(out, part ? "safeguards" : "tasks");
        zj_json_array(out);
        for (size_t i = 0; i < plan->task_count; i++)
            if ((plan->tasks[i].number >= FIRST_SAFEGUARD) == (part == 1))
                write_task(&plan->tasks[i], &tallies[i], out);
        zj_json_array_end(out);
    }
    zj_json_object_end(out);
    return ZJ_OK;
}

bool zj_plan_task(const struct zj_plan *plan, int task, struct zj_json *out)
{
    const int at = zj_plan_task_at(plan, task);
    if (at < 0)
        return false;
    zj_json_object(out);
    zj_json_kint(out, "task", task);
    zj_json_kstr(out, "group", plan->tasks[at].group);
    zj_json_kstr(out, "zh", plan->tasks[at].zh);
    zj_json_kstr(out, "en", plan->tasks[at].en);
    zj_json_kstr(out, "text_zh", plan->tasks[at].asks_zh);
    zj_json_kstr(out, "text_en", plan->tasks[at].asks_en);
    zj_json_object_end(out);
    return true;
}

bool zj_plan_has_rule(const struct zj_plan *plan, const char *id)
{
    return zj_plan_rule_find(plan, zj_span_str(id)) != NULL;
}

bool zj_plan_has_task(const struct zj_plan *plan, int task)
{
    return zj_plan_task_at(plan, task) >= 0;
}

void zj_plan_rules(const struct zj_plan *plan, int task, struct zj_json *out)
{
    zj_json_array(out);
    for (size_t i = 0; i < plan->rule_count; i++) {
        const struct zj_rule *rule = &plan->rules[i];
        if (task && rule->task != task)
            continue;
        zj_json_object(out);
        zj_json_kstr(out, "id", rule->id);
        zj_json_kstr(out, "kind", rule->kind == ZJ_RULE_GAP ? "gap" : "duty");
        zj_json_kint(out, "task", rule->task);
        zj_json_kstr(out, "zh", rule->zh);
        zj_json_kstr(out, "en", rule->en);
        zj_json_kstr(out, "source", rule->source);
        zj_json_kstr(out, "mark", rule->mark);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
}
