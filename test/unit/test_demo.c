/* The demo's world: nothing in it is refused, and every register shows something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/clock.h"
#include "demo/demo.h"
#include "register/register.h"

enum { CARDS = 10 };

static void ok(struct zj_job *job, zj_err err)
{
    if (err)
        fail_msg("%s: %s", zj_err_info(err)->name, job->message);
}

static int64_t put(struct zj_job *job, struct zj_store *store, const char *name, int64_t org_id,
                   const char *const *pairs)
{
    const struct zj_register *reg = zj_register_find(name);
    struct zj_span cells[64] = {0};
    struct zj_row_fault fault;
    size_t count;
    int64_t id = 0;
    for (; pairs[0]; pairs += 2)
        for (size_t i = 0; i < reg->field_count; i++)
            if (strcmp(reg->fields[i].name, pairs[0]) == 0)
                cells[i] = zj_span_str(pairs[1]);
    ok(job, zj_store_begin(job, store));
    const zj_err err =
        zj_register_set(job, store, reg, org_id, 0, cells, &id, &fault, 1, &count);
    if (err == ZJ_EREFUSED)
        fail_msg("%s: %s", reg->fields[fault.field].name, fault.en);
    ok(job, err);
    ok(job, zj_store_commit(job, store));
    return id;
}

/* 1 to 10 with the check digit of ISO/IEC 7812 behind: made by hand for 8986… 0, 1 … 9 */
static void add_cards(struct zj_job *job, struct zj_store *store, int64_t maker)
{
    static const char *const iccids[CARDS] = {
        "89860000000000000001", "89860000000000000019", "89860000000000000027",
        "89860000000000000035", "89860000000000000043", "89860000000000000050",
        "89860000000000000068", "89860000000000000076", "89860000000000000084",
        "89860000000000000092"};
    for (int i = 0; i < CARDS; i++)
        put(job, store, "cards", maker,
            (const char *const[]){"iccid", iccids[i], "state", "registered", "vin",
                                  "LZJTEST06S0000001", "registered_on", "2025-02-21", "owner_kind",
                                  "person", "owner_name", "示例", "owner_id_kind", "passport",
                                  "owner_id_number", "E00000001", "owner_phone", "13800001234",
                                  NULL});
}

static void add_systems(struct zj_job *job, struct zj_store *store, int64_t maker)
{
    static const char *const codes[] = {"PLT-GB", "PLT-JT", "SYS-TSP", "PLT-PUB"};
    for (size_t i = 0; i < ZJ_COUNT(codes); i++)
        put(job, store, "systems", maker,
            (const char *const[]){"code", codes[i], "name", "平台", "level", "3", NULL});
}

static int64_t count(struct zj_job *job, struct zj_store *store, const char *sql)
{
    int64_t n = -1;
    ok(job, zj_store_query_int(job, store, sql, 0, &n));
    return n;
}

static void test_world(void **state)
{
    struct zj_job job;
    struct zj_store *store;
    struct zj_demo_result result;
    char sql[200];
    (void)state;
    zj_job_init(&job);
    job.lang = ZJ_EN;
    /* the last day of February of a leap year: every offset must still be a date */
    job.fixed_now_ns = zj_time_of_beijing(2028, 2, 29, 8, 0, 0) * ZJ_NS_PER_S;
    ok(&job, zj_store_open(&job, ":memory:", ZJ_STORE_CREATE, &store));
    ok(&job, zj_registers_migrate(&job, store));
    const int64_t maker = put(&job, store, "organisations", 0,
                              (const char *const[]){"code", "91110000MA0000001L", "name", "甲",
                                                    "kinds", "vehicle_maker", NULL});
    const int64_t bureau = put(&job, store, "organisations", 0,
                               (const char *const[]){"code", "91110000MA0000002P", "name", "乙",
                                                     "kinds", "bureau", NULL});
    add_cards(&job, store, maker);
    add_systems(&job, store, maker);
    ok(&job, zj_demo_fill(&job, store, maker, bureau, &result));
    if (result.stopped)
        fail_msg("%lld acts refused: %s", (long long)result.stopped, result.stopped_why);
    for (size_t i = 0; i < zj_register_count; i++) {
        if (strcmp(zj_registers[i]->name, "vehicles") == 0 || /* of the fleet */
            strcmp(zj_registers[i]->name, "exports") == 0)
            continue;
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM reg_%s WHERE deleted_at = 0",
                 zj_registers[i]->name);
        if (count(&job, store, sql) == 0)
            fail_msg("%s is empty", zj_registers[i]->name);
    }
    assert_true(count(&job, store, "SELECT COUNT(*) FROM work_case WHERE state = 'passed'") > 0);
    zj_store_close(store);
    zj_job_release(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
