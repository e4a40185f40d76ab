/* For the bureaus: companies by tasks, and progress as it is computed. Counts are those that cells.c
 * keeps, never counted when somebody asks. */
#include <stdio.h>
#include <string.h>

#include "plan/cells.h"
#include "plan/pack.h"

enum { CELLS = ZJ_TASKS_MAX };

struct company {
    int64_t id;
    const char *code, *name, *kinds;
    struct zj_cell cells[CELLS]; /* by the place of the task in the plan */
    int bad, attention;       /* cells */
};

struct map {
    struct zj_job *job;
    const struct zj_plan *plan;
    struct zj_store *store;
    struct company *companies; /* by id */
    size_t count, cap;
};

static void drop_map(struct map *map)
{
    free(map->companies);
}

static zj_err load_companies(struct map *map)
{
    static const char sql[] =
        "SELECT id, code, name, kinds FROM reg_organisations WHERE deleted_at = 0"
        " AND ';' || COALESCE(kinds, '') || ';' NOT LIKE '%;bureau;%'"
        " AND ';' || COALESCE(kinds, '') || ';' <> ';assessor;' ORDER BY id";
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    struct zj_arena *arena = &map->job->arena;
    bool is_row = true;
    zj_err err = zj_store_prepare(map->job, map->store, sql, &s);
    while (!err && !(err = zj_stmt_step(map->job, s, &is_row)) && is_row) {
        if (map->count == map->cap) {
            map->cap = map->cap ? 2 * map->cap : 256;
            map->companies = zj_realloc(map->companies, map->cap * sizeof *map->companies);
        }
        map->companies[map->count++] = (struct company){
            .id = zj_stmt_int(s, 0),
            .code = zj_arena_span(arena, zj_stmt_text(s, 1)),
            .name = zj_arena_span(arena, zj_stmt_text(s, 2)),
            .kinds = zj_arena_span(arena, zj_stmt_text(s, 3)),
        };
    }
    return err;
}

static struct company *company_of(const struct map *map, int64_t id)
{
    size_t lo = 0, hi = map->count;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (map->companies[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < map->count && map->companies[lo].id == id ? &map->companies[lo] : NULL;
}

/* Until the rules have run there is nothing to count. */
static zj_err has_cells(const struct map *map, bool *out_has)
{
    return zj_store_has_table(map->job, map->store, "plan_cell", out_has);
}

static zj_err fill_counts(const struct map *map)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(map->job, map->store,
                                  "SELECT org_id, task, met, open, due_soon, overdue, undone,"
                                  " not_applicable, gaps, gaps_high, gaps_medium FROM plan_cell",
                                  &s);
    while (!err && !(err = zj_stmt_step(map->job, s, &is_row)) && is_row) {
        struct company *c = company_of(map, zj_stmt_int(s, 0));
        const int place = zj_plan_task_at(map->plan, zj_stmt_int(s, 1));
        if (!c || place < 0)
            continue;
        for (int i = 0; i < ZJ_CELL_COLUMN_COUNT; i++)
            *zj_cell_count(&c->cells[place], i) = zj_stmt_int(s, i + 2);
    }
    return err;
}

/* Open cases by task. */
static zj_err fill_cases(const struct map *map, const struct zj_case_tasks *tasks)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    if (!tasks)
        return ZJ_OK;
    zj_err err =
        zj_store_prepare(map->job, map->store, "SELECT org_id, type, n FROM case_cell", &s);
    while (!err && !(err = zj_stmt_step(map->job, s, &is_row)) && is_row) {
        struct company *c = company_of(map, zj_stmt_int(s, 0));
        const struct zj_case_tasks *t = tasks;
        while (t->type && !zj_span_eq_str(zj_stmt_text(s, 1), t->type))
            t++;
        const int place = t->type ? zj_plan_task_at(map->plan, t->task) : -1;
        if (c && place >= 0)
            c->cells[place].cases += zj_stmt_int(s, 2);
    }
    return err;
}

static zj_err load(struct map *map, const struct zj_case_tasks *tasks)
{
    bool has = false;
    zj_err err = load_companies(map);
    if (!err)
        err = has_cells(map, &has);
    if (!err && has)
        err = fill_counts(map);
    if (!err && has)
        err = fill_cases(map, tasks);
    for (size_t i = 0; i < map->count; i++)
        for (size_t t = 0; t < map->plan->task_count; t++) {
            const char *state = zj_cell_state(&map->companies[i].cells[t]);
            map->companies[i].bad += strcmp(state, "bad") == 0;
            map->companies[i].attention += strcmp(state, "attention") == 0;
        }
    return err;
}

static int worst_first(const void *a, const void *b)
{
    const struct company *x = a, *y = b;
    if (x->bad != y->bad)
        return x->bad < y->bad ? 1 : -1;
    if (x->attention != y->attention)
        return x->attention < y->attention ? 1 : -1;
    return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct company *)a)->name, ((const struct company *)b)->name);
}

static void put_duties(const struct zj_cell *c, struct zj_json *out)
{
    zj_json_key(out, "duties");
    zj_json_object(out);
    zj_json_kint(out, "met", c->met);
    zj_json_kint(out, "open", c->open + c->undone);
    zj_json_kint(out, "due_soon", c->due_soon);
    zj_json_kint(out, "overdue", c->overdue);
    zj_json_object_end(out);
}

static void put_company(const struct map *map, const struct company *c, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kstr(out, "code", c->code);
    zj_json_kstr(out, "name", c->name);
    zj_json_kstr(out, "kinds", c->kinds);
    zj_json_kint(out, "bad", c->bad);
    zj_json_kint(out, "attention", c->attention);
    zj_json_key(out, "cells");
    zj_json_array(out);
    for (size_t t = 0; t < map->plan->task_count; t++) {
        const struct zj_cell *cell = &c->cells[t];
        zj_json_object(out);
        zj_json_kint(out, "task", map->plan->tasks[t].number);
        zj_json_kstr(out, "state", zj_cell_state(cell));
        put_duties(cell, out);
        zj_json_kint(out, "undone", cell->undone); /* of the open ones: nothing sets a day */
        zj_json_kint(out, "gaps", cell->gaps);
        zj_json_kint(out, "gaps_high", cell->gaps_high);
        zj_json_kint(out, "cases", cell->cases);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_json_object_end(out);
}

static bool is_wanted(const struct company *c, const struct zj_heatmap_filter *f)
{
    const char *kinds = c->kinds;
    if (f->search && !strstr(c->name, f->search) && !strstr(c->code, f->search))
        return false;
    for (size_t len = f->kind ? strlen(f->kind) : 0; len; kinds++) {
        kinds = strstr(kinds, f->kind);
        if (!kinds)
            return false;
        if ((kinds == c->kinds || kinds[-1] == ';') && (!kinds[len] || kinds[len] == ';'))
            return true;
    }
    return true;
}

zj_err zj_plan_heatmap(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       const struct zj_heatmap_filter *filter, struct zj_json *out)
{
    struct map map = {.job = job, .plan = plan, .store = store};
    int64_t total = 0;
    zj_err err = load(&map, filter->case_tasks);
    if (!err) {
        qsort(map.companies, map.count, sizeof *map.companies,
              filter->is_by_name ? by_name : worst_first);
        zj_json_object(out);
        zj_json_key(out, "orgs");
        zj_json_array(out);
        for (size_t i = 0; i < map.count; i++)
            if (is_wanted(&map.companies[i], filter)) {
                const int64_t at = total++;
                if (at >= filter->offset && at < filter->offset + filter->limit)
                    put_company(&map, &map.companies[i], out);
            }
        zj_json_array_end(out);
        zj_json_kint(out, "total", total);
        zj_json_object_end(out);
    }
    drop_map(&map);
    return err;
}

/* --- progress -----------------------------------------------------------------------------------
 */

static void put_task(const struct map *map, size_t t, struct zj_json *out)
{
    struct zj_cell sum = {0};
    int bound = 0, whole = 0, bad = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct zj_cell *c = &map->companies[i].cells[t];
        const int64_t wanting = c->open + c->undone + c->due_soon + c->overdue;
        bound += c->met + wanting > 0;
        whole += c->met > 0 && wanting == 0 && c->gaps == 0;
        bad += strcmp(zj_cell_state(c), "bad") == 0;
        sum.met += c->met;
        sum.open += c->open;
        sum.undone += c->undone;
        sum.due_soon += c->due_soon;
        sum.overdue += c->overdue;
        sum.gaps += c->gaps;
        sum.cases += c->cases;
    }
    const int64_t all = sum.met + sum.open + sum.undone + sum.due_soon + sum.overdue;
    zj_json_object(out);
    zj_json_kint(out, "task", map->plan->tasks[t].number);
    zj_json_kstr(out, "zh", map->plan->tasks[t].zh);
    zj_json_kstr(out, "en", map->plan->tasks[t].en);
    zj_json_kint(out, "companies", bound);
    zj_json_kint(out, "companies_done", whole);
    zj_json_kint(out, "companies_bad", bad);
    put_duties(&sum, out);
    zj_json_kint(out, "duties_total", all);
    zj_json_kint(out, "gaps", sum.gaps);
    zj_json_kint(out, "cases", sum.cases);
    zj_json_object_end(out);
}

zj_err zj_plan_progress(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        const struct zj_case_tasks *case_tasks, struct zj_json *out)
{
    struct map map = {.job = job, .plan = plan, .store = store};
    zj_err err = load(&map, case_tasks);
    if (!err) {
        zj_json_object(out);
        zj_json_kint(out, "companies", (int64_t)map.count);
        zj_json_key(out, "tasks");
        zj_json_array(out);
        for (size_t t = 0; t < plan->task_count; t++)
            put_task(&map, t, out);
        zj_json_array_end(out);
        zj_json_object_end(out);
    }
    drop_map(&map);
    return err;
}

/* --- briefings ----------------------------------------------------------------------------------
 */

static zj_err put_sessions(struct zj_job *job, struct zj_store *store, const char *year,
                           int64_t *out_count, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT b.id, b.code, b.title, b.held_on, COALESCE(b.place, ''),"
        " (SELECT COUNT(DISTINCT a.organisation) FROM reg_briefing_attendance a"
        "  WHERE a.briefing = b.code AND a.org_id = b.org_id AND a.deleted_at = 0)"
        " FROM reg_briefings b WHERE b.deleted_at = 0 AND b.held_on LIKE $1 || '%'"
        " ORDER BY b.held_on, b.id",
        &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, year);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(s, 0));
        zj_json_kspan(out, "code", zj_stmt_text(s, 1));
        zj_json_kspan(out, "title", zj_stmt_text(s, 2));
        zj_json_kspan(out, "held_on", zj_stmt_text(s, 3));
        zj_json_kspan(out, "place", zj_stmt_text(s, 4));
        zj_json_kint(out, "companies", zj_stmt_int(s, 5));
        zj_json_object_end(out);
        ++*out_count;
    }
    zj_json_array_end(out);
    return err;
}

static zj_err count_reached(struct zj_job *job, struct zj_store *store, const char *year,
                            int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT COUNT(DISTINCT a.organisation) FROM reg_briefing_attendance a"
        " JOIN reg_briefings b ON b.code = a.briefing AND b.org_id = a.org_id AND b.deleted_at = 0"
        " WHERE a.deleted_at = 0 AND b.held_on LIKE $1 || '%'",
        &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, year);
    err = zj_stmt_step(job, s, &is_row);
    if (!err)
        *out = zj_stmt_int(s, 0);
    return err;
}

zj_err zj_plan_briefings(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                         const char *year, struct zj_json *out)
{
    int64_t sessions = 0, companies = 0;
    zj_err err = count_reached(job, store, year, &companies);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kstr(out, "year", year);
    err = put_sessions(job, store, year, &sessions, out);
    zj_json_kint(out, "sessions", sessions);
    zj_json_kint(out, "companies", companies);
    zj_json_kint(out, "target_sessions", plan->targets.briefing_sessions);
    zj_json_kint(out, "target_sessions_max", plan->targets.briefing_sessions_max);
    zj_json_kint(out, "target_companies", plan->targets.briefing_companies);
    zj_json_kstr(out, "source", plan->targets.source);
    zj_json_object_end(out);
    return err;
}
