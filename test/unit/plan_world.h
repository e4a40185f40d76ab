/* A small world for tests of duties: a store in memory, rows and cases in one line each, a clock
 * that stands where the test puts it. */
#ifndef TEST_PLAN_WORLD_H
#define TEST_PLAN_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "register/register.h"

#define ORG "91350100M000100Y43" /* GB 32100, annex */

struct world {
    struct zj_job job;
    struct zj_store *store;
    struct zj_plan *plan;
    int64_t org_id;
};

enum { ROWS_MAX = 8 };

struct scene {
    const char *rule, *now, *kinds; /* kinds of the organisation */
    /* "register field=value|…": a row, required fields that are not named take the form's sample;
     * "@register code state side submitted number": a case over that row; NULL: no more */
    const char *rows[ROWS_MAX];
    const char *subject, *state, *due; /* state NULL: no such duty */
};

static const struct zj_scope all = {.sees_all = true, .may_write = true, .sees_personal = true};

#define OK(w, call)                                                                                \
    do {                                                                                           \
        zj_err err_ = (call);                                                                      \
        if (err_)                                                                                  \
            fail_msg("%s: %s", #call, (w)->job.message);                                           \
    } while (0)

static inline const struct zj_field *field_of(const struct zj_register *reg, struct zj_span name,
                                       size_t *out_at)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (zj_span_eq_str(name, reg->fields[i].name)) {
            *out_at = i;
            return &reg->fields[i];
        }
    return NULL;
}

static inline void put(struct world *w, const char *row)
{
    struct zj_span cells[64] = {0};
    struct zj_row_fault faults[8];
    struct zj_scope scope = all;
    size_t fault_count = 0, at = 0;
    int64_t id;
    const char *space = strchr(row, ' ');
    const char *name = zj_arena_span(&w->job.arena, zj_span_of(row, (size_t)(space - row)));
    const struct zj_register *reg = zj_register_find(name);
    if (!reg)
        fail_msg("no register %s", name);
    for (size_t i = 0; i < reg->field_count; i++)
        if (reg->fields[i].flags & ZJ_FIELD_REQUIRED)
            cells[i] = zj_span_str(reg->fields[i].sample);
    for (const char *p = space + 1; *p;) {
        const size_t len = strcspn(p, "|"), key = strcspn(p, "=");
        if (!field_of(reg, zj_span_of(p, key), &at))
            fail_msg("%s has no field in '%s'", name, p);
        cells[at] = zj_span_of(p + key + 1, len - key - 1);
        p += len + (p[len] == '|');
    }
    scope.org_id = w->org_id;
    zj_err err = zj_register_put(&w->job, w->store, &scope, reg, 0, cells, &id, faults, 8,
                                 &fault_count);
    if (err)
        fail_msg("%s: %s %s", row, w->job.message, fault_count ? faults[0].en : "");
}

/* A case as the room of cases would have left it. */
static inline void put_case(struct world *w, const char *text)
{
    char reg[64], code[64], state[32], side[16], at[40], number[64] = "", type[64];
    int64_t submitted = 0;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    assert_true(sscanf(text, "@%63s %63s %31s %15s %39s %63s", reg, code, state, side, at,
                       number) >= 5);
    if (strcmp(at, "-") != 0)
        assert_true(zj_time_parse(zj_span_str(at), &submitted));
    snprintf(type, sizeof type, "%s", strcmp(reg, "filings") == 0 ? "filing" : reg);
    OK(w, zj_store_prepare(
              &w->job, w->store,
              zj_arena_printf(
                  &w->job.arena,
                  "INSERT INTO work_case (type, org_id, opener_org_id, opener, opener_side,"
                  " register, row_id, subject, title, state, side, round, opened_at, submitted_at,"
                  " state_at, due_at, closed_at, number, assignee, version) SELECT $1, $2, $2, '',"
                  " 'company', $3, id, '', '', $4, $5, 1, 1, $6, $6, 0, 0, $7, '', 1 FROM reg_%s"
                  " WHERE code = $8",
                  reg),
              &s));
    zj_stmt_bind_str(s, 1, type);
    zj_stmt_bind_int(s, 2, w->org_id);
    zj_stmt_bind_str(s, 3, reg);
    zj_stmt_bind_str(s, 4, state);
    zj_stmt_bind_str(s, 5, side);
    zj_stmt_bind_int(s, 6, submitted / 1000);
    zj_stmt_bind_str(s, 7, number);
    zj_stmt_bind_str(s, 8, code);
    OK(w, zj_stmt_run(&w->job, s));
}

static inline void set_clock(struct world *w, const char *now)
{
    assert_true(zj_time_parse(zj_span_str(now), &w->job.fixed_now_ns));
}

static inline void make_store(struct world *w)
{
    zj_job_init(&w->job);
    w->job.actor = "test";
    OK(w, zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store));
    OK(w, zj_registers_migrate(&w->job, w->store));
    OK(w, zj_facts_migrate(&w->job, w->store));
}

static inline int make_world(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    make_store(w);
    OK(w, zj_plan_load(&w->job, NULL, &w->plan));
    *state = w;
    return 0;
}

static inline int end_world(void **state)
{
    struct world *w = *state;
    zj_plan_free(w->plan);
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

/* The duty as {"state","due"} of the one row of rule and subject; state NULL: there is none. */
static inline void find(struct world *w, const struct scene *scene, const char **out_state,
                 const char **out_due)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    OK(w, zj_store_prepare(&w->job, w->store,
                           "SELECT state, due FROM duty WHERE rule = $1 AND subject = $2", &s));
    zj_stmt_bind_str(s, 1, scene->rule);
    zj_stmt_bind_str(s, 2, scene->subject);
    OK(w, zj_stmt_step(&w->job, s, &is_row));
    *out_state = is_row ? zj_arena_span(&w->job.arena, zj_stmt_text(s, 0)) : NULL;
    *out_due = is_row ? zj_arena_span(&w->job.arena, zj_stmt_text(s, 1)) : "";
}

static inline void enter(struct world *w, const char *kinds)
{
    set_clock(w, "2024-01-01T09:00:00+08:00");
    put(w, zj_arena_printf(&w->job.arena, "organisations code=" ORG "|name=单位|kinds=%s", kinds));
    OK(w, zj_org_find(&w->job, w->store, ORG, &w->org_id));
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, make_world, end_world)

#endif
