/* Import of a file into a register. */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "register/register.h"
#include "work/work.h"

enum { FAULTS_MAX = 1000 };

struct args {
    const char *org;
    const char *errors;
    bool dry_run;
    bool all_or_nothing;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, org, "org", "CODE", "the organisation whose rows these are",
               "这些记录所属单位的统一社会信用代码"),
    ZJ_OPT_FLAG(struct args, dry_run, "dry-run", "check only, write nothing", "只检查，不写入"),
    ZJ_OPT_FLAG(struct args, all_or_nothing, "all-or-nothing",
                "write nothing where a row is refused", "只要有一行被拒绝就全部不写入"),
    ZJ_OPT_STR(struct args, errors, "errors", "FILE.xlsx",
               "put refused rows into a workbook to correct and import again",
               "把被拒绝的行写入工作簿，改正后可再次导入"),
    ZJ_OPT_END,
};

/* Faults as they come: to JSON, or as lines on stderr. */
struct report {
    struct zj_job *job;
    const struct zj_register *reg;
    struct zj_buf buf;
    struct zj_json json;
    int64_t count;
};

static void on_fault(void *ctx, int64_t row, const struct zj_row_fault *fault, struct zj_span value)
{
    struct report *r = ctx;
    const struct zj_field *f = fault->field >= 0 ? &r->reg->fields[fault->field] : NULL;
    if (r->count++ >= FAULTS_MAX)
        return;
    if (r->job->output == ZJ_OUTPUT_TABLE) {
        fprintf(stderr,
                zj_tr(r->job, "row %lld%s%s%s: '%.*s': %s\n", "第 %lld 行%s%s%s：“%.*s”：%s\n"),
                (long long)row, f ? " " : "", f ? zj_tr(r->job, f->en, f->zh) : "",
                fault->is_warning ? zj_tr(r->job, " (warning)", "（提醒）") : "", (int)value.len,
                (const char *)value.at, zj_tr(r->job, fault->en, fault->zh));
        return;
    }
    zj_json_object(&r->json);
    zj_json_kint(&r->json, "row", row);
    zj_json_kstr(&r->json, "field", f ? f->name : NULL);
    zj_json_kspan(&r->json, "value", value);
    zj_json_kbool(&r->json, "warning", fault->is_warning);
    zj_json_kstr(&r->json, "en", fault->en);
    zj_json_kstr(&r->json, "zh", fault->zh);
    zj_json_object_end(&r->json);
}

static void print_json(struct report *r, const struct zj_import_result *result)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    struct zj_json j = zj_json_to(&out);
    zj_json_object(&j);
    zj_json_kstr(&j, "register", r->reg->name);
    zj_json_kint(&j, "read", result->read);
    zj_json_kint(&j, "inserted", result->inserted);
    zj_json_kint(&j, "updated", result->updated);
    zj_json_kint(&j, "unchanged", result->unchanged);
    zj_json_kint(&j, "warned", result->warned);
    zj_json_kint(&j, "refused", result->refused);
    zj_json_kbool(&j, "written", result->is_written);
    zj_json_key(&j, "faults");
    zj_json_array_end(&r->json);
    zj_json_raw(&j, zj_buf_all(&r->buf));
    zj_json_object_end(&j);
    fprintf(r->job->out, "%s\n", zj_buf_cstr(&out));
}

#define COUNTS_EN(inserted, updated)                                                               \
    "%s: %" PRId64 " rows read, %" PRId64 " " inserted ", %" PRId64 " " updated ", %" PRId64       \
    " unchanged, %" PRId64 " warned, %" PRId64 " refused%s\n"
#define COUNTS_ZH(inserted, updated)                                                               \
    "%s：读取 %" PRId64 " 行，" inserted " %" PRId64 "，" updated " %" PRId64 "，未变 %" PRId64     \
    "，提醒 %" PRId64 "，拒绝 %" PRId64 "%s\n"
#define DID_EN COUNTS_EN("inserted", "updated")
#define DID_ZH COUNTS_ZH("新增", "更新")
#define WOULD_EN COUNTS_EN("to insert", "to update")
#define WOULD_ZH COUNTS_ZH("将新增", "将更新")

static const char *end_of(const struct zj_job *job, const struct zj_import_result *result,
                          bool is_dry)
{
    if (is_dry)
        return zj_tr(job, "; checked only, nothing was written", "；仅检查，未写入");
    if (!result->is_written)
        return zj_tr(job, "; nothing was written", "；未写入");
    if (result->unchanged && result->unchanged == result->read)
        return zj_tr(job, "; all of it stands there already", "；与库中内容一致，无需写入");
    return "";
}

static void print_table(const struct report *r, const struct zj_import_result *result, bool is_dry,
                        zj_err err)
{
    struct zj_job *job = r->job;
    if (r->count > FAULTS_MAX)
        fprintf(stderr, zj_tr(job, "and %lld more\n", "另有 %lld 条\n"),
                (long long)(r->count - FAULTS_MAX));
    if (err && !result->is_written) { /* counts of what was taken back would read as done */
        fprintf(job->out,
                zj_tr(job, "%s: stopped; nothing was written\n", "%s：已中止，未写入\n"),
                zj_tr(job, r->reg->name, r->reg->zh));
        return;
    }
    fprintf(job->out,
            result->is_written ? zj_tr(job, DID_EN, DID_ZH) : zj_tr(job, WOULD_EN, WOULD_ZH),
            zj_tr(job, r->reg->name, r->reg->zh), result->read, result->inserted, result->updated,
            result->unchanged, result->warned, result->refused, end_of(job, result, is_dry));
}

/* Days off and days worked of a year, for duties that count working days. */
static zj_err import_calendar(struct zj_job *job, const char *path)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    int year = 0, days = 0;
    zj_err err = zj_store_open(job, job->db, 0, &store);
    if (!err)
        err = zj_plan_calendar_import(job, store, path, &year, &days);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_TABLE)
        fprintf(job->out, zj_tr(job, "calendar of %d: %d days\n", "%d 年日历：%d 天\n"), year, days);
    else
        fprintf(job->out, "{\"calendar\":%d,\"days\":%d}\n", year, days);
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    if (strcmp(argv[0], "calendars") == 0)
        return import_calendar(job, argv[1]);
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    const struct zj_register *reg = zj_register_find(argv[0]);
    struct zj_import_opts import = {.dry_run = args->dry_run,
                                    .all_or_nothing = args->all_or_nothing,
                                    .errors_path = args->errors,
                                    .is_free = zj_work_row_is_free};
    struct zj_import_result result = {0};
    struct report report = {.job = job, .reg = reg};
    (void)argc; /* two, says the descriptor */
    if (!reg)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "no register '%s'; 'zhuji registers' lists them",
                             "没有登记表“%s”，运行 zhuji registers 查看列表"),
                       argv[0]);
    zj_err err = zj_store_open(job, job->db, 0, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_facts_migrate(job, store);
    if (!err && !reg->is_global)
        err = zj_org_find(job, store, args->org, &import.org_id);
    if (err)
        return err;
    report.json = zj_json_to(&report.buf);
    zj_json_array(&report.json);
    err = zj_register_import(job, store, reg, argv[1], &import, on_fault, &report, &result);
    if (job->output == ZJ_OUTPUT_TABLE)
        print_table(&report, &result, import.dry_run, err);
    else
        print_json(&report, &result);
    zj_buf_release(&report.buf);
    if (!err && result.refused)
        return ZJ_EREFUSED; /* the report says it all */
    return err;
}

const struct zj_verb zj_verb_import = {
    .name = "import",
    .args = "REGISTER FILE.csv|FILE.xlsx",
    .en = "read rows into a register; a year's holidays with 'calendars FILE.yaml'",
    .zh = "将表格导入登记表；calendars FILE.yaml 导入年度节假日安排",
    .examples = (const char *const[]){"zhuji import organisations organisations.xlsx",
                                      "zhuji import cards cards.csv --errors refused.xlsx",
                                      "zhuji import partners partners.xlsx --dry-run --json",
                                      "zhuji import calendars CN-2027.yaml", NULL},
    .opts = opts,
    .argc_min = 2,
    .argc_max = 2,
    .args_bytes = sizeof(struct args),
    .run = run,
};
