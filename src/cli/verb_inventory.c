/* zhuji inventory: what data there is in files, archives and databases. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/size.h"
#include "catalog/catalog.h"
#include "cli/cli.h"
#include "cli/inventory_paper.h"
#include "cli/paper_out.h"
#include "cli/print_rows.h"
#include "cli/rate.h"
#include "facts/facts.h"
#include "identify/identify.h"
#include "inventory/inventory.h"
#include "plan/plan.h"
#include "register/register.h"

struct args {
    int64_t workers, timeout_s, tables;
    int64_t year;
    int64_t entered_run;
    const char *rate, *org, *process, *operators, *format, *reason;
    bool reads_all, all_columns, resumes, enters;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, rate, "rate", "RATE",
               "read no faster a second than this: 50 or 0.3 (MB), 500K, 2M, 1G",
               "每秒读取上限：50 或 0.3（MB）、500K、2M、1G"),
    ZJ_OPT_INT(struct args, workers, "workers", "N",
               "readers at work at once (default: one a core)", "并行读取进程数（默认每核一个）"),
    ZJ_OPT_INT(struct args, timeout_s, "timeout", "S",
               "of one statement of a database (default 60)", "数据库单条语句超时秒数（默认 60）"),
    ZJ_OPT_INT(struct args, tables, "tables", "N",
               "of a database at most so many tables and views (default 100000)",
               "单个数据库最多读取的表与视图数（默认 100000）"),
    ZJ_OPT_FLAG(struct args, reads_all, "full", "read whole tables of databases, not samples",
                "读取数据库全表而非抽样"),
    ZJ_OPT_FLAG(struct args, all_columns, "all", "columns in which nothing was found, too",
                "同时列出未发现敏感数据的列"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "with --db: whose data it is",
               "与 --db 同用：数据所属单位"),
    ZJ_OPT_INT(struct args, year, "year", "YEAR", "with --db: the year of the run (default: this)",
               "与 --db 同用：盘点年度（默认本年）"),
    ZJ_OPT_STR(struct args, process, "process", "TEXT", "with --db: how it was done, for the sheet",
               "与 --db 同用：盘点过程说明"),
    ZJ_OPT_STR(struct args, operators, "operators", "NAMES", "with --db: who did it",
               "与 --db 同用：操作人员"),
    ZJ_OPT_FLAG(struct args, resumes, "resume", "with --db: go on with the run that did not end",
                "与 --db 同用：继续未完成的盘点"),
    ZJ_OPT_FLAG(struct args, enters, "enter",
                "with --db: enter the run into the register of yearly sortings (task 11)",
                "与 --db 同用：将盘点登记为年度数据梳理（第11项）"),
    ZJ_OPT_INT(struct args, entered_run, "run", "N",
               "with --enter and no SOURCE: this run (default: the last that ended)",
               "与 --enter 同用、不给数据源时：指定盘点序号（默认最近完成的一次）"),
    ZJ_OPT_STR(struct args, reason, "reason", "TEXT",
               "with --enter: why a run counts that left places out",
               "与 --enter 同用：有未读部分仍计为完成的理由"),
    ZJ_OPT_STR(struct args, format, "format", "pdf|xlsx|csv",
               "a report for people, where the file's name does not say it",
               "生成报告的格式，文件名未表明时指定"),
    ZJ_OPT_END,
};

struct run {
    struct zj_job *job;
    const struct args *args;
    int64_t rate; /* bytes a second; 0: as fast as it goes */
    struct zj_inv_rules *rules;
    struct zj_buf lines; /* of the table for people */
    struct zj_buf text;  /* of --json */
    struct zj_json json;
    struct zj_buf unread; /* array members of --json */
    struct zj_paper_head head;
    struct zj_paper *paper; /* of -o FILE.xlsx, .csv, .pdf; NULL: none is wanted */
    struct zj_inventory_paper gathered;
    bool gathers;                    /* the paper is of what is found now, not of the store */
    bool streams;                    /* the data list alone, as it is found */
    const struct zj_inv_sink *store; /* with --db: what is kept; NULL: nothing */
};

/* As the list of types calls it. */
static const char *type_name(const struct zj_job *job, const char *type)
{
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++) {
        const struct zj_identify_type_info *info = zj_identify_type_info((enum zj_identify_type)i);
        if (strcmp(info->name, type) == 0)
            return zj_tr(job, info->en, info->zh);
    }
    return type;
}

/* The strongest type, and the others that are as sure. */
static const char *types_of(struct run *run, const struct zj_inv_column *col)
{
    const char *all = type_name(run->job, col->proposals[0].type);
    for (size_t i = 1; i < col->proposal_count; i++)
        if (col->proposals[i].state == col->proposals[0].state)
            all = zj_arena_printf(&run->job->arena, "%s%s%s", all, zj_tr(run->job, ", ", "、"),
                                  type_name(run->job, col->proposals[i].type));
    return all;
}

static void write_row(struct run *run, const struct zj_inv_object *object,
                      const struct zj_inv_column *col)
{
    struct zj_json j = zj_json_to(&run->lines);
    const struct zj_inv_proposal *best = col->proposal_count ? &col->proposals[0] : NULL;
    zj_json_object(&j);
    zj_json_kstr(&j, "object", object->path);
    zj_json_kint(&j, "rows", (int64_t)object->rows);
    zj_json_kstr(&j, "column", zj_catalog_column_words(run->job, col->name));
    if (best) {
        static const char *const zh[] = {"疑似", "包含", "确认"};
        zj_json_kstr(&j, "type", types_of(run, col));
        zj_json_kstr(&j, "state", zj_tr(run->job, zj_inv_state_name(best->state), zh[best->state]));
        zj_json_kstr(&j, "grade", zj_inv_grade_name(best->grade));
        zj_json_key(&j, "ratio");
        if (best->ratio > 0 && best->ratio < 0.01)
            zj_json_str(&j, "<1%");
        else
            zj_json_printf(&j, "%.0f%%", best->ratio * 100);
        if (best->subjects) {
            zj_json_key(&j, "subjects");
            zj_json_printf(&j, "≈%llu", (unsigned long long)best->subjects);
        }
    }
    if (col->sample_count)
        zj_json_kstr(&j, "sample", col->samples[0]);
    zj_json_object_end(&j);
    zj_buf_byte(&run->lines, '\n');
}

static zj_err take_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct run *run = ctx;
    const zj_err err = run->store ? run->store->object(job, run->store->ctx, object) : ZJ_OK;
    if (err)
        return err;
    if (run->paper && !run->gathers)
        return ZJ_OK;
    if (run->paper) {
        zj_inventory_paper_object(job, &run->gathered, object);
        return run->streams ? zj_inventory_paper_columns(job, &run->gathered, run->paper) : ZJ_OK;
    }
    if (job->output == ZJ_OUTPUT_TABLE) {
        for (size_t i = 0; i < object->column_count; i++)
            if (object->columns[i].proposal_count || run->args->all_columns)
                write_row(run, object, &object->columns[i]);
        return ZJ_OK;
    }
    if (job->output == ZJ_OUTPUT_JSON) {
        zj_inv_object_write(&run->json, object);
        return ZJ_OK;
    }
    struct zj_json j = zj_json_to(&run->text);
    zj_inv_object_write(&j, object);
    fprintf(job->out, "%s\n", zj_buf_cstr(&run->text));
    run->text.len = 0;
    return ZJ_OK;
}

static zj_err take_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    struct run *run = ctx;
    const zj_err err = run->store ? run->store->unread(job, run->store->ctx, place, reason) : ZJ_OK;
    if (err)
        return err;
    struct zj_buf *out = job->output == ZJ_OUTPUT_JSON ? &run->unread : &run->text;
    struct zj_json j = zj_json_to(out);
    if (run->paper)
        zj_inventory_paper_unread(&run->gathered, place, reason);
    if (job->output == ZJ_OUTPUT_TABLE) {
        fprintf(stderr, "%s: %s\n", place, reason);
        return ZJ_OK;
    }
    if (out->len > 1)
        zj_buf_byte(out, ',');
    zj_json_object(&j);
    if (job->output == ZJ_OUTPUT_JSONL)
        zj_json_kstr(&j, "unread", place);
    else
        zj_json_kstr(&j, "place", place);
    zj_json_kstr(&j, "reason", reason);
    zj_json_object_end(&j);
    if (job->output == ZJ_OUTPUT_JSONL) {
        fprintf(job->out, "%s\n", zj_buf_cstr(out));
        out->len = 0;
    }
    return ZJ_OK;
}

static void end_json(struct run *run, const struct zj_inv_totals *totals)
{
    struct zj_json *j = &run->json;
    zj_json_array_end(j);
    zj_json_key(j, "unread");
    zj_buf_byte(&run->unread, ']');
    zj_json_raw(j, zj_buf_all(&run->unread));
    zj_json_kstr(j, "rules", zj_inv_rules_name(run->rules));
    zj_json_key(j, "totals");
    zj_json_object(j);
    zj_json_kint(j, "files", (int64_t)totals->files);
    zj_json_kint(j, "skipped", (int64_t)totals->skipped);
    zj_json_kint(j, "objects", (int64_t)totals->objects);
    zj_json_kint(j, "columns", (int64_t)totals->columns);
    zj_json_kint(j, "found", (int64_t)totals->found);
    zj_json_kint(j, "unread", (int64_t)totals->unread);
    zj_json_kint(j, "views", (int64_t)totals->views);
    zj_json_kint(j, "bytes", (int64_t)totals->bytes);
    zj_json_kint(j, "programs", (int64_t)totals->others[ZJ_INV_PROGRAMS]);
    zj_json_kint(j, "fonts", (int64_t)totals->others[ZJ_INV_FONTS]);
    zj_json_kint(j, "system", (int64_t)totals->others[ZJ_INV_SYSTEM]);
    zj_json_object_end(j);
    zj_json_object_end(j);
    fprintf(run->job->out, "%s\n", zj_buf_cstr(&run->text));
}

static void tell_totals(struct zj_job *job, const struct zj_inv_totals *totals)
{
    char size[ZJ_SIZE_TEXT];
    zj_size_text(totals->bytes, size);
    fprintf(
        stderr,
        zj_tr(
            job,
            "%llu files of %s read, %llu tables and files, %llu columns, %llu of them with "
            "findings, %llu places not read",
            "读取 %llu 个文件（%s），共 %llu 个表与文件、%llu 列，其中 %llu 列有发现，%llu 处未读"),
        (unsigned long long)totals->files, size, (unsigned long long)totals->objects,
        (unsigned long long)totals->columns, (unsigned long long)totals->found,
        (unsigned long long)totals->unread);
    if (totals->skipped)
        fprintf(stderr,
                zj_tr(job, "; %llu files unchanged since the last run, not read again",
                      "；另有 %llu 个文件自上次盘点以来未变，未重读"),
                (unsigned long long)totals->skipped);
    if (totals->views)
        fprintf(stderr,
                zj_tr(job, "; %llu views named, not read: they show tables that are",
                      "；%llu 个视图只列名未读：其基表已列入盘点"),
                (unsigned long long)totals->views);
    if (totals->others[ZJ_INV_PROGRAMS] + totals->others[ZJ_INV_FONTS] +
        totals->others[ZJ_INV_SYSTEM])
        fprintf(stderr,
                zj_tr(job,
                      "; not listed: %llu programs and libraries, %llu fonts, %llu files of "
                      "systems and programs",
                      "；未逐一列出：程序与库 %llu 个、字体 %llu 个、系统及程序附属文件 %llu 个"),
                (unsigned long long)totals->others[ZJ_INV_PROGRAMS],
                (unsigned long long)totals->others[ZJ_INV_FONTS],
                (unsigned long long)totals->others[ZJ_INV_SYSTEM]);
    fputc('\n', stderr);
}

static zj_err print_columns(struct run *run, const struct zj_inv_totals *totals)
{
    static const struct zj_print_col cols[] = {
        ZJ_PRINT("object", "object", "对象", 36),      ZJ_PRINT("column", "column", "列", 18),
        ZJ_PRINT("type", "type", "类型", 22),          ZJ_PRINT("state", "state", "结论", 10),
        ZJ_PRINT("grade", "grade", "级别", 9),         ZJ_PRINT("ratio", "ratio", "占比", 6),
        ZJ_PRINT("subjects", "subjects", "主体数", 9), ZJ_PRINT("sample", "sample", "脱敏样例", 0),
    };
    const zj_err err = zj_print_rows(run->job, cols, ZJ_COUNT(cols), zj_buf_all(&run->lines));
    if (!run->job->quiet)
        tell_totals(run->job, totals);
    return err;
}

static zj_err take_finished(struct zj_job *job, void *ctx, const struct zj_inv_part *part)
{
    struct run *run = ctx;
    return run->store->finished(job, run->store->ctx, part);
}

static bool is_known(void *ctx, const struct zj_inv_part *part)
{
    struct run *run = ctx;
    return run->store->is_known(run->store->ctx, part);
}

/* Where the output goes by itself; with a store the results go there first. */
static zj_err read_sources(struct run *run, int argc, char **argv, struct zj_inv_totals *totals)
{
    struct zj_job *job = run->job;
    const struct zj_inv_opts how = {
        .rules = run->rules,
        .workers = (unsigned)run->args->workers,
        .bytes_per_s_max = run->rate,
        .reads_all_rows = run->args->reads_all,
        .timeout_ms = run->args->timeout_s * 1000,
        .tables_max = (uint64_t)run->args->tables,
    };
    struct zj_inv_sink sink = {.object = take_object, .unread = take_unread, .ctx = run};
    if (run->store) {
        sink.finished = take_finished;
        sink.is_known = is_known;
    }
    if (job->output == ZJ_OUTPUT_JSON) {
        run->json = zj_json_to(&run->text);
        zj_buf_byte(&run->unread, '[');
        zj_json_object(&run->json);
        zj_json_key(&run->json, "objects");
        zj_json_array(&run->json);
    }
    zj_err err = zj_inventory_run(job, argv, (size_t)argc, &how, &sink, totals);
    if (job->output == ZJ_OUTPUT_JSON)
        end_json(run, totals);
    if (job->output == ZJ_OUTPUT_TABLE && !run->paper) {
        const zj_err printed = print_columns(run, totals);
        err = err ? err : printed;
    }
    return err;
}

/* The sources as they may be written down: without passwords. */
static const char *scope_of(struct zj_job *job, int argc, char **argv)
{
    const char *scope = "";
    for (int i = 0; i < argc; i++)
        scope = zj_arena_printf(&job->arena, "%s%s%s", scope, i ? "\n" : "",
                                zj_inv_source_name(job, argv[i]));
    return scope;
}

/* What is stored names files by their whole path: the next run may start elsewhere. */
static void resolve_paths(struct zj_job *job, int argc, char **argv)
{
    char whole[PATH_MAX];
    for (int i = 0; i < argc; i++)
        if (realpath(argv[i], whole))
            argv[i] = zj_arena_strdup(&job->arena, whole);
}

/* What the store knows after the run; the gaps are brought up to date for it. */
static zj_err report_store(struct run *run, struct zj_store *store, int64_t org_id)
{
    static const struct zj_scope scope = {.sees_all = true, .sees_personal = true};
    struct zj_plan *plan = NULL;
    zj_err err = zj_plan_load(run->job, NULL, &plan);
    if (!err)
        err = zj_facts_migrate(run->job, store);
    if (!err)
        err = zj_plan_evaluate(run->job, plan, store, false);
    run->head.is_one_org = true;
    if (!err)
        err = zj_org_name(run->job, store, org_id, &run->head.org, &run->head.is_synthetic);
    if (!err)
        err = zj_catalog_report(run->job, store, &scope, org_id, run->paper);
    zj_plan_free(plan);
    return err;
}

/* Into the register of yearly sortings, which the duty counts. */
static zj_err enter_run(struct run *run, struct zj_store *store, int64_t org_id, int64_t run_id)
{
    static const struct zj_scope scope = {.sees_all = true, .may_write = true};
    struct zj_job *job = run->job;
    const struct zj_catalog_words words = {.process = run->args->process,
                                           .operators = run->args->operators,
                                           .reason = run->args->reason};
    struct zj_catalog_entered entered;
    const zj_err err = zj_catalog_enter(job, store, &scope, org_id, run_id, &words, &entered);
    if (err)
        return err;
    if (!job->quiet)
        fprintf(stderr,
                entered.was_there ? zj_tr(job, "run %lld had been entered before, as %s\n",
                                          "第 %lld 次盘点此前已登记为数据梳理 %s\n")
                                  : zj_tr(job, "run %lld is entered as yearly sorting %s\n",
                                          "第 %lld 次盘点已登记为年度数据梳理 %s\n"),
                (long long)entered.run_id, entered.code);
    return ZJ_OK;
}

static zj_err enter_alone(struct run *run)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    int64_t org_id = 0;
    zj_err err = zj_store_open(run->job, run->job->db, 0, &store);
    if (!err)
        err = zj_registers_migrate(run->job, store);
    if (!err)
        err = zj_org_find(run->job, store, run->args->org, &org_id);
    return err ? err : enter_run(run, store, org_id, run->args->entered_run);
}

static zj_err run_with_store(struct run *run, int argc, char **argv)
{
    struct zj_job *job = run->job;
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    struct zj_catalog_run *kept = NULL;
    struct zj_inv_totals totals = {0};
    resolve_paths(job, argc, argv);
    struct zj_catalog_sheet sheet = {
        .year = (int)run->args->year,
        .scope = scope_of(job, argc, argv),
        .process = run->args->process,
        .operators = run->args->operators,
        .rules = zj_inv_rules_name(run->rules),
        .resumes = run->args->resumes,
    };
    zj_err err = zj_store_open(job, job->db, 0, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_org_find(job, store, run->args->org, &sheet.org_id);
    if (!err)
        err = zj_catalog_begin(job, store, &sheet, &kept);
    if (err)
        return err;
    if (sheet.resumes && !zj_catalog_goes_on(kept) && !job->quiet)
        fprintf(stderr, "%s\n",
                zj_tr(job, "no run is unfinished: this is a new one",
                      "没有未完成的盘点，已开始新的一次"));
    run->store = zj_catalog_sink(kept);
    err = read_sources(run, argc, argv, &totals);
    char message[sizeof job->message];
    memcpy(message, job->message, sizeof message);
    zj_err ended = zj_catalog_end(job, kept, &totals, err);
    if (!ended && run->args->enters && (!err || err == ZJ_EINPUT)) {
        zj_job_clear(job);
        ended = enter_run(run, store, sheet.org_id, 0);
        if (ended && err) {
            /* that it is not entered is told beside what the run itself ends with */
            fprintf(stderr, "%s\n", job->message);
            ended = ZJ_OK;
        }
    }
    if (err)
        memcpy(job->message, message, sizeof message);
    if (!ended && (!err || err == ZJ_EINPUT) && run->paper && !run->gathers) {
        const zj_err reported = report_store(run, store, sheet.org_id);
        return reported ? reported : err;
    }
    return err ? err : ended;
}

/* The report with the run itself as its first section, where no store keeps it. */
static zj_err put_sheet(struct run *run, const struct zj_inv_totals *totals, int64_t started_ns,
                        int argc, char **argv)
{
    struct zj_job *job = run->job;
    char started[ZJ_TIME_TEXT], ended[ZJ_TIME_TEXT];
    zj_time_format(started_ns, started);
    zj_time_format(zj_now_ns(job), ended);
    run->text.len = 0;
    struct zj_json j = zj_json_to(&run->text);
    zj_json_object(&j);
    zj_json_kstr(&j, "state", totals->unread ? "partial" : "done");
    zj_json_kstr(&j, "scope", scope_of(job, argc, argv));
    zj_json_kstr(&j, "started_at", started);
    zj_json_kstr(&j, "ended_at", ended);
    zj_json_kint(&j, "files", (int64_t)totals->files);
    zj_json_kint(&j, "objects", (int64_t)totals->objects);
    zj_json_kint(&j, "columns", (int64_t)totals->columns);
    zj_json_kint(&j, "found", (int64_t)totals->found);
    zj_json_kint(&j, "unread", (int64_t)totals->unread);
    zj_json_kint(&j, "bytes", (int64_t)totals->bytes);
    zj_json_kstr(&j, "rules", zj_inv_rules_name(run->rules));
    zj_json_object_end(&j);
    return zj_inventory_paper_write(job, &run->gathered, zj_buf_all(&run->text), run->paper);
}

/* A report: with a store of what it knows then, else of what is found now. CSV holds the data list
 * alone. */
static zj_err run_with_paper(struct run *run, int argc, char **argv, enum zj_paper_format format)
{
    struct zj_job *job = run->job;
    struct zj_inv_totals totals = {0};
    const int64_t started_ns = zj_now_ns(job);
    run->head = (struct zj_paper_head){
        .title = zj_tr(job, "Report of the data inventory", "数据盘点报告"),
        .by = run->args->operators,
        .is_wide = true,
    };
    run->streams = format == ZJ_PAPER_CSV;
    run->gathers = run->streams || !job->has_db;
    run->gathered.all_columns = run->args->all_columns;
    job->output = ZJ_OUTPUT_TABLE;
    zj_err err = zj_paper_open(job, format, &run->head, job->out, &run->paper);
    if (!err && run->streams)
        err = zj_paper_begin(job, run->paper, &zj_paper_columns);
    if (err) {
        zj_paper_drop(run->paper);
        return err;
    }
    err = job->has_db ? run_with_store(run, argc, argv) : read_sources(run, argc, argv, &totals);
    zj_err closed = ZJ_OK;
    if (!job->has_db && format != ZJ_PAPER_CSV && (!err || err == ZJ_EINPUT))
        closed = put_sheet(run, &totals, started_ns, argc, argv);
    if (closed || (err && err != ZJ_EINPUT)) {
        zj_paper_drop(run->paper);
        return closed ? closed : err;
    }
    closed = zj_paper_close(job, run->paper); /* what was read is told, though not all was */
    return closed ? closed : err;
}

/* Before anything is stored: what is a piece of a password is not to be told from a host. */
static zj_err check_source(struct zj_job *job, const char *source)
{
    const char *fault = zj_inv_source_fault(job, source);
    return fault ? zj_fail(job, ZJ_EUSAGE, "%s: %s", zj_inv_source_name(job, source), fault)
                 : ZJ_OK;
}

static zj_err check_args(struct zj_job *job, const struct args *a, int argc)
{
    if (a->timeout_s < 0 || a->tables < 0 || a->workers < 0 || a->workers > 64 ||
        (a->year && (a->year < 2000 || a->year > 2199)))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "--timeout is at least 0, --workers 1 to 64, --year 2000 to 2199",
                             "--timeout 不小于 0，--workers 为 1 到 64，--year 为 2000 到 2199"));
    if (!job->has_db &&
        (a->org || a->year || a->process || a->operators || a->resumes || a->enters))
        return zj_fail(
            job, ZJ_EUSAGE, "%s",
            zj_tr(job, "--org, --year, --process, --operators, --resume and --enter need --db",
                  "--org、--year、--process、--operators、--resume、--enter 需要 --db"));
    if ((a->entered_run || a->reason) && !a->enters)
        return zj_fail(
            job, ZJ_EUSAGE, "%s",
            zj_tr(job, "--run and --reason go with --enter", "--run、--reason 与 --enter 同用"));
    if (!argc && !a->enters)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "name the sources: files, folders or databases",
                             "请给出数据源：文件、目录或数据库"));
    if (argc && a->entered_run)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "--run names a run that ended: no sources beside it",
                             "--run 指已完成的盘点，不能同时给出数据源"));
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    struct run run = {.job = job, .args = opaque};
    struct zj_inv_totals totals;
    const struct args *a = run.args;
    if (a->rate && !zj_rate_parse(a->rate, &run.rate))
        return zj_fail(
            job, ZJ_EUSAGE,
            zj_tr(job, "--rate %s: what may be read in a second is wanted, as 50 (MB), 0.3 or 500K",
                  "--rate %s：应为每秒读取量，如 50（MB）、0.3 或 500K"),
            a->rate);
    zj_err err = check_args(job, a, argc);
    for (int i = 0; !err && i < argc; i++)
        err = check_source(job, argv[i]);
    if (err || !argc)
        return err ? err : enter_alone(&run);
    enum zj_paper_format format = ZJ_PAPER_CSV;
    bool is_paper = false;
    err = zj_paper_wanted(job, a->format, &is_paper, &format);
    if (!err)
        err = zj_inv_rules_open(job, &run.rules);
    if (err)
        return err;
    if (is_paper)
        err = run_with_paper(&run, argc, argv, format);
    else if (job->has_db)
        err = run_with_store(&run, argc, argv);
    else
        err = read_sources(&run, argc, argv, &totals);
    zj_inv_rules_close(run.rules);
    zj_inventory_paper_release(&run.gathered);
    zj_buf_release(&run.lines);
    zj_buf_release(&run.text);
    zj_buf_release(&run.unread);
    return err;
}

static const char *const examples[] = {
    "zhuji inventory /data/exports",
    "zhuji inventory postgresql://reader@10.0.0.5/crm mysql://reader:p%40ss@10.0.0.6/tsp",
    "zhuji inventory /data/exports -o report.pdf",
    "zhuji inventory --json --rate 50 owners.csv trips.jsonl",
    "zhuji inventory --db zhuji.db --year 2026 --operators 张某 /data "
    "postgresql://reader@10.0.0.5/crm",
    "zhuji inventory --db zhuji.db --enter",
    NULL,
};

const struct zj_verb zj_verb_inventory = {
    .name = "inventory",
    .args = "[SOURCE...]",
    .en = "find out what data there is: columns with types, grades and subjects",
    .zh = "盘点数据资产：识别各列的数据类型、级别与主体数量",
    .examples = examples,
    .papers = "xlsx, csv, pdf",
    .opts = opts,
    .argc_max = -1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
