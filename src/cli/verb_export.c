/* A register as a file, or its empty template. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "register/register.h"

struct args {
    const char *org, *format, *as_at, *headers;
    bool is_template;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_FLAG(struct args, is_template, "template", "an empty form to fill in",
                "导出空白模板"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "only this organisation's rows",
               "只导出该单位的记录"),
    ZJ_OPT_STR(struct args, as_at, "as-at", "DATE", "as it stood at the end of this day",
               "截至该日的内容"),
    ZJ_OPT_STR(struct args, format, "format", "csv|xlsx", "where the file's name does not say it",
               "文件名未表明格式时指定"),
    ZJ_OPT_STR(struct args, headers, "headers", "zh|en|name",
               "how columns are called (default: CSV by name, a workbook in your language)",
               "表头形式（默认 CSV 用列名，工作簿用界面语言）"),
    ZJ_OPT_END,
};

static bool ends_in(const char *path, const char *suffix)
{
    const size_t len = strlen(path), tail = strlen(suffix);
    return len > tail && strcmp(path + len - tail, suffix) == 0;
}

static zj_err find_format(struct zj_job *job, const struct args *args, const char *path,
                          enum zj_sheet_format *out)
{
    const char *name = args->format                         ? args->format
                       : path && ends_in(path, ".xlsx") ? "xlsx"
                                                            : "csv";
    if (strcmp(name, "xlsx") == 0)
        *out = ZJ_SHEET_XLSX;
    else if (strcmp(name, "csv") == 0)
        *out = ZJ_SHEET_CSV;
    else
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no format '%s'; csv or xlsx",
                                             "没有格式“%s”，可用 csv 或 xlsx"),
                       name);
    if (*out == ZJ_SHEET_XLSX && !job->out_path)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "a workbook needs a file: -o FILE.xlsx (or -o - for a pipe)",
                             "工作簿需要写入文件：-o FILE.xlsx（管道用 -o -）"));
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    /* the one who holds the store and its key may see what is in it; the chain notes it */
    static const struct zj_scope scope = {.sees_all = true, .sees_personal = true};
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    struct zj_query query = {0};
    struct zj_export_opts out = {.is_template = args->is_template};
    (void)argc; /* one, says the descriptor */
    const struct zj_register *reg = zj_register_find(argv[0]);
    if (!reg)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "no register '%s'; 'zhuji registers' lists them",
                             "没有登记表“%s”，运行 zhuji registers 查看列表"),
                       argv[0]);
    if (args->as_at && !zj_as_at_of(zj_span_str(args->as_at), &query.as_at_us))
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "'%s' is no date", "“%s”不是日期"), args->as_at);
    const bool is_file = job->out_path && strcmp(job->out_path, "-") != 0;
    zj_err err = find_format(job, args, is_file ? job->out_path : NULL, &out.format);
    if (!err)
        err = zj_headers_parse(job, args->headers, &out.headers);
    if (!err && !args->is_template)
        err = zj_store_open(job, job->db, 0, &store);
    if (!err && store)
        err = zj_registers_migrate(job, store);
    if (!err && store && args->org)
        err = zj_org_find(job, store, args->org, &query.org_id);
    return err ? err : zj_register_export(job, store, &scope, reg, &query, &out, "-");
}

const struct zj_verb zj_verb_export = {
    .name = "export",
    .args = "REGISTER",
    .en = "write a register, or its template, to a file",
    .zh = "将登记表或空白模板导出为文件",
    .examples = (const char *const[]){"zhuji export cards --template -o cards.xlsx",
                                      "zhuji export systems -o systems.csv", NULL},
    .papers = "csv, xlsx",
    .opts = opts,
    .argc_min = 1,
    .argc_max = 1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
