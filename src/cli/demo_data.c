/* Files as a company has them lying about, beside the demo store, and an inventory of them: made-up
 * callers and a scan of a road. What the registers do not list of it, or want
 * encrypted, shows as gaps. */
#include "cli/demo.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalog/catalog.h"
#include "register/register.h"

enum { CALLERS = 500, POINTS = 200 };

static zj_err write_file(struct zj_job *job, const char *path, const struct zj_buf *text)
{
    FILE *file = fopen(path, "wb");
    bool is_written = file && fwrite(text->at, 1, text->len, file) == text->len;
    if (file)
        is_written &= fclose(file) == 0;
    return is_written ? ZJ_OK : zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
}

/* The numbers are arithmetic; whoever has one of them is not meant. */
static void put_callers(struct zj_buf *out)
{
    zj_buf_str(out, "工单号,来电号码,车牌,诉求\n");
    for (unsigned i = 0; i < CALLERS; i++)
        zj_buf_printf(out, "GD2026%05u,138%08u,京A%05u,%s\n", i + 1, i * 57885161U % 100000000,
                      10000 + i * 83 % 90000, i % 2 ? "咨询升级" : "投诉充电");
}

static void put_points(struct zj_buf *out)
{
    zj_buf_printf(out,
                  "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z\n"
                  "SIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH %d\nHEIGHT 1\nPOINTS %d\n"
                  "DATA ascii\n",
                  POINTS, POINTS);
    for (int i = 0; i < POINTS; i++)
        zj_buf_printf(out, "%d.%02d %d.5 0.2\n", i / 10, i % 100, i % 7);
}

static zj_err write_files(struct zj_job *job, const char *dir)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf callers = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf points = {0};
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return zj_fail(job, ZJ_EIO, "%s: %s", dir, zj_strerror(job, errno));
    put_callers(&callers);
    put_points(&points);
    const zj_err err =
        write_file(job, zj_arena_printf(&job->arena, "%s/客服工单导出.csv", dir), &callers);
    return err ? err
               : write_file(job, zj_arena_printf(&job->arena, "%s/道路点云.pcd", dir), &points);
}

static zj_err take_inventory(struct zj_job *job, struct zj_store *store, char *dir,
                             const struct zj_inv_rules *rules)
{
    struct zj_catalog_sheet sheet = {
        .scope = dir,
        .process = "全量读取，自动识别 · whole files, unattended",
        .operators = zj_tr(job, "demo", "演示"),
        .rules = zj_inv_rules_name(rules),
    };
    const struct zj_inv_opts opts = {.rules = rules, .workers = 1};
    struct zj_inv_totals totals = {0};
    struct zj_catalog_run *run = NULL;
    zj_err err = zj_org_find(job, store, NULL, &sheet.org_id);
    if (!err)
        err = zj_catalog_begin(job, store, &sheet, &run);
    if (err)
        return err;
    err = zj_inventory_run(job, &dir, 1, &opts, zj_catalog_sink(run), &totals);
    const zj_err ended = zj_catalog_end(job, run, &totals, err);
    return err ? err : ended;
}

zj_err zj_demo_inventory(struct zj_job *job, struct zj_store *store)
{
    char whole[PATH_MAX];
    char *dir = zj_arena_printf(&job->arena, "%s.demo-data", job->db);
    struct zj_inv_rules *rules = NULL;
    zj_err err = write_files(job, dir);
    if (!err)
        err = zj_inv_rules_open(job, &rules);
    if (!err)
        err = take_inventory(job, store, realpath(dir, whole) ? whole : dir, rules);
    zj_inv_rules_close(rules);
    return err;
}
