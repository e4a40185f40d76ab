/* What every register keeps, whatever its fields: its own sample is a good row, comes back as it
 * went in, and values that its types do not allow are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

#include "register/query.h"

struct world {
    struct zj_job job;
    struct zj_store *store;
    int64_t org;
};

static int setup(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    zj_job_init(&w->job);
    w->job.lang = ZJ_EN;
    w->job.actor = "test";
    assert_int_equal(zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store), ZJ_OK);
    assert_int_equal(zj_registers_migrate(&w->job, w->store), ZJ_OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

static void sample_cells(const struct zj_register *reg, struct zj_span *cells)
{
    for (size_t i = 0; i < reg->field_count; i++)
        cells[i] = zj_span_str(reg->fields[i].sample);
}

static void fail_by(const struct zj_register *reg, const struct zj_row_fault *fault)
{
    fail_msg("%s.%s: %s", reg->name, fault->field < 0 ? "row" : reg->fields[fault->field].name,
             fault->en);
}

static void put_sample(struct world *w, const struct zj_register *reg, int64_t id,
                       int64_t *out_id)
{
    const struct zj_scope scope = {.org_id = w->org, .sees_all = true, .may_write = true,
                                   .sees_personal = true};
    struct zj_span cells[ZJ_FIELDS_MAX];
    struct zj_row_fault faults[ZJ_ROW_FAULTS_MAX];
    size_t count;
    sample_cells(reg, cells);
    zj_err err = zj_register_put(&w->job, w->store, &scope, reg, id, cells, out_id, faults,
                                 ZJ_COUNT(faults), &count);
    if (err == ZJ_EREFUSED)
        fail_by(reg, &faults[0]);
    assert_int_equal(err, ZJ_OK);
    for (size_t i = 0; i < count; i++)
        if (!reg->fields[faults[i].field].refers) /* its row may come later */
            fail_by(reg, &faults[i]);
}

static void test_samples(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < zj_register_count; i++) {
        int64_t id = 0;
        put_sample(w, zj_registers[i], 0, &id);
        if (zj_registers[i]->is_global)
            w->org = id;
        put_sample(w, zj_registers[i], id, &id); /* says what is there: no new version */
    }
    for (size_t i = 0; i < zj_register_count; i++) {
        char sql[160];
        int64_t n = -1;
        snprintf(sql, sizeof sql,
                 "SELECT (SELECT COUNT(*) FROM reg_%s) * 10 + (SELECT COUNT(*) FROM reg_%s_history)",
                 zj_registers[i]->name, zj_registers[i]->name);
        assert_int_equal(zj_store_query_int(&w->job, w->store, sql, 0, &n), ZJ_OK);
        assert_int_equal(n, 10);
    }
}

/* References of all samples lead to samples: the registers hold together. */
static void test_references(void **state)
{
    (void)state;
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *reg = zj_registers[i];
        for (size_t f = 0; f < reg->field_count; f++) {
            const struct zj_field *field = &reg->fields[f];
            assert_int_equal(field->refers != NULL, field->type == ZJ_FIELD_REF);
            if (!field->refers)
                continue;
            const struct zj_register *to = zj_register_find(field->refers);
            if (!to)
                fail_msg("%s.%s refers to no register %s", reg->name, field->name, field->refers);
            if (strcmp(field->sample, to->fields[zj_register_key(to)].sample) != 0)
                fail_msg("%s.%s: %s", reg->name, field->name, field->sample);
        }
    }
}

static void test_descriptors(void **state)
{
    (void)state;
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *reg = zj_registers[i];
        size_t keys = 0, clauses = 0;
        for (size_t f = 0; f < reg->field_count; f++) {
            const struct zj_field *field = &reg->fields[f];
            keys += (field->flags & ZJ_FIELD_KEY) != 0;
            clauses += field->clause != NULL;
            if (field->not_before &&
                zj_register_field(reg, zj_span_str(field->not_before)) < 0)
                fail_msg("%s.%s: no field %s", reg->name, field->name, field->not_before);
            /* what must be there on every row is never the bureau's alone, but in its own cases */
            assert_false(field->flags & ZJ_FIELD_OFFICIAL && field->flags & ZJ_FIELD_TO_SUBMIT);
            for (size_t g = 0; g < f; g++) /* a header cell names one field */
                if (strcmp(reg->fields[g].zh, field->zh) == 0 ||
                    strcmp(reg->fields[g].en, field->en) == 0)
                    fail_msg("%s: %s and %s have one label", reg->name, reg->fields[g].name,
                             field->name);
        }
        assert_int_equal(keys, 1);
        if (!clauses)
            fail_msg("%s serves no clause", reg->name);
    }
}

/* A value that no field of the type takes; NULL: any text will do. */
static const char *bad_value(const struct zj_field *f)
{
    switch (f->type) {
    case ZJ_FIELD_TEXT:
    case ZJ_FIELD_NOTE:
    case ZJ_FIELD_REF:
    case ZJ_FIELD_TEXT_LIST:
        return NULL;
    case ZJ_FIELD_INT:
        return "three";
    case ZJ_FIELD_DATE:
        return "2025-02-29"; /* no leap year */
    case ZJ_FIELD_TIME:
        return "2025-05-10";
    case ZJ_FIELD_BOOL:
        return "maybe";
    case ZJ_FIELD_ENUM:
    case ZJ_FIELD_ENUM_LIST:
        return "no such value";
    case ZJ_FIELD_ENDPOINTS:
        return "300.1.2.3/40";
    }
    return NULL;
}

static void test_bad_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *reg = zj_registers[i];
        for (size_t f = 0; f < reg->field_count; f++) {
            ZJ_AUTO(zj_draft_release) struct zj_draft draft = {0};
            struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
            if (!bad_value(&reg->fields[f]))
                continue;
            raw[f].text = zj_span_str(bad_value(&reg->fields[f]));
            zj_draft_fill(&draft, reg, raw);
            if (draft.faults.count != 1 || draft.faults.at[0].field != (int)f)
                fail_msg("%s.%s takes %s", reg->name, reg->fields[f].name,
                         bad_value(&reg->fields[f]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_samples, setup, teardown),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_bad_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
