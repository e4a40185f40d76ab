#include "cli/demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/temp.h"
#include "facts/facts.h"
#include "fleet/fleet.h"
#include "plan/plan.h"
#include "register/register.h"
#include "sense/sense.h"

enum { DEMO_VEHICLES = 200, DEMO_SECONDS = 1800 };

static zj_err write_fleet(struct zj_job *job, const char *capture, const char *dir)
{
    const struct zj_fleet_opts opts = {
        .seed = 1,
        .vehicles = DEMO_VEHICLES,
        .seconds = DEMO_SECONDS,
        .start_ns = zj_now_ns(job) - INT64_C(1000000000) * DEMO_SECONDS, /* it ends now */
    };
    FILE *pcap = fopen(capture, "wb");
    if (!pcap)
        return zj_fail(job, ZJ_EIO, "%s: %s", capture, zj_strerror(job, errno));
    zj_err err = zj_fleet_write(job, &opts, pcap, dir);
    if (fclose(pcap) != 0 && !err)
        err = zj_fail(job, ZJ_EIO, "%s: %s", capture, zj_strerror(job, errno));
    return err;
}

static zj_err load_registers(struct zj_job *job, struct zj_store *store, const char *dir)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < zj_fleet_register_count && !err; i++) {
        const char *name = zj_fleet_registers[i];
        const struct zj_register *reg = zj_register_find(name);
        const char *path = zj_arena_printf(&job->arena, "%s/%s.csv", dir, name);
        struct zj_import_opts opts = {.all_or_nothing = true};
        struct zj_import_result result;
        if (!reg)
            return zj_fail(job, ZJ_EBUG, "no register %s", name);
        if (access(path, F_OK) != 0)
            continue; /* this fleet declares none */
        if (!reg->is_global)
            err = zj_org_find(job, store, NULL, &opts.org_id);
        if (!err)
            err = zj_register_import(job, store, reg, path, &opts, NULL, NULL, &result);
        if (!err && result.refused)
            err = zj_fail(job, ZJ_EBUG, "%s: %lld rows refused", path, (long long)result.refused);
    }
    return err;
}

static zj_err sense(struct zj_job *job, struct zj_store *store, const char *capture)
{
    int64_t org_id;
    struct zj_sense_stats stats;
    const char *const files[] = {capture};
    const struct zj_sense_opts opts = {.files = files,
                                       .file_count = 1,
                                       .sensor_name = "demo.pcap",
                                       .memory_bytes = 256 << 20,
                                       .keeps_seen = true,
                                       .scan_payloads = true};
    zj_err err = zj_org_find(job, store, NULL, &org_id);
    if (err)
        return err;
    struct zj_sink *sink = zj_facts_sink(store, org_id);
    zj_facts_sink_files(sink); /* the capture lies beside the store, to be read again */
    err = zj_sense_run_apart(job, &opts, sink, &stats);
    sink->free(sink);
    struct zj_capture_digest digest;
    if (!err)
        err = zj_facts_digest(job, capture, &digest);
    return err ? err : zj_facts_keep_digest(job, store, org_id, &digest);
}

static zj_err evaluate(struct zj_job *job, struct zj_store *store)
{
    struct zj_plan *plan = NULL;
    zj_err err = zj_plan_load(job, NULL, &plan);
    if (!err)
        err = zj_plan_evaluate(job, plan, store, true);
    zj_plan_free(plan);
    return err;
}

/* The CSV files of the fleet are only a way in. */
static void remove_registers(struct zj_job *job, const char *dir)
{
    for (size_t i = 0; i < zj_fleet_register_count; i++)
        unlink(zj_arena_printf(&job->arena, "%s/%s.csv", dir, zj_fleet_registers[i]));
    unlink(zj_arena_printf(&job->arena, "%s/expect.json", dir));
    rmdir(dir);
}

static zj_err find_bureau(struct zj_job *job, struct zj_store *store, int64_t *out_id)
{
    return zj_store_query_int(job, store,
                              "SELECT COALESCE(MIN(id), 0) FROM reg_organisations WHERE "
                              "deleted_at = 0 AND kinds = 'bureau'",
                              0, out_id);
}

zj_err zj_demo_load(struct zj_job *job, struct zj_store *store, struct zj_demo_result *out)
{
    char *dir;
    const char *capture = zj_arena_printf(&job->arena, "%s.demo.pcap", job->db);
    int64_t maker_id = 0, bureau_id = 0;
    if (!zj_temp_dir(&job->arena, "demo", &dir))
        return zj_fail(job, ZJ_EIO, "%s: %s", dir, zj_strerror(job, errno));
    zj_err err = write_fleet(job, capture, dir);
    if (!err)
        err = load_registers(job, store, dir);
    if (!err)
        err = sense(job, store, capture);
    if (!err)
        err = zj_org_find(job, store, NULL, &maker_id);
    if (!err)
        err = zj_demo_inventory(job, store);
    if (!err)
        err = find_bureau(job, store, &bureau_id);
    if (!err)
        err = zj_demo_fill(job, store, maker_id, bureau_id, out);
    if (!err)
        err = evaluate(job, store);
    remove_registers(job, dir);
    return err ? zj_fail(job, err, "%s", zj_tr(job, "the demo company", "演示企业")) : ZJ_OK;
}
