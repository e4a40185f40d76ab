/* Cases from the command line: whoever may open the store acts here for the company or the bureau
 * he names. */
#include <string.h>

#include "base/json_read.h"
#include "cli/cli.h"
#include "cli/paper_out.h"
#include "cli/print_rows.h"
#include "work/work.h"

enum { PAGE_BYTES_MAX = 4 << 20 };

struct args {
    const char *org, *as, *comment, *to, *type, *state, *search, *format;
    int64_t task;
    bool refuse, overdue;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, org, "org", "CODE", "the organisation", "单位代码"),
    ZJ_OPT_STR(struct args, as, "as", "company|bureau",
               "act for a company (default) or for the bureau named by --org",
               "代表企业（默认）或 --org 所指的主管部门办理"),
    ZJ_OPT_STR(struct args, comment, "comment", "TEXT", "do: reason or opinion", "do：理由或意见"),
    ZJ_OPT_STR(struct args, to, "to", "STATE|LOGIN", "do: the step or the person",
               "do：退回到的步骤或人员"),
    ZJ_OPT_FLAG(struct args, refuse, "refuse", "do: say no where both bureaus sign",
                "do：会签时表示不同意"),
    ZJ_OPT_STR(struct args, type, "type", "NAME", "list: of one type", "list：只看某类事项"),
    ZJ_OPT_STR(struct args, state, "state", "NAME", "list: in one state", "list：只看某个状态"),
    ZJ_OPT_STR(struct args, search, "search", "TEXT", "list: with this text", "list：包含文字"),
    ZJ_OPT_INT(struct args, task, "task", "N", "list: of one task of the plan",
               "list：只看某项任务"),
    ZJ_OPT_FLAG(struct args, overdue, "overdue", "list: only overdue ones", "list：仅逾期"),
    ZJ_OPT_STR(struct args, format, "format", "xlsx|csv|pdf",
               "list: where the file's name does not say it", "list：文件名未表明格式时指定"),
    ZJ_OPT_END,
};

static const struct zj_print_col cols[] = {
    ZJ_PRINT("id", "case", "编号", 6),
    ZJ_PRINT("type", "type", "类型", 16, .table = &zj_paper_cases),
    ZJ_PRINT("state", "state", "状态", 16, .table = &zj_paper_cases),
    ZJ_PRINT("side", "waits for", "待办方", 9, .table = &zj_paper_cases),
    ZJ_PRINT("due_at", "due", "期限", 26),
    ZJ_PRINT("number", "number", "备案号", 16),
    ZJ_PRINT("title", "title", "标题", 0),
};

static zj_err sit_down(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                       const struct args *args, struct zj_desk *out)
{
    int64_t org_id = 0;
    const bool is_bureau = args->as && strcmp(args->as, "bureau") == 0;
    if (args->as && !is_bureau && strcmp(args->as, "company") != 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "--as is company or bureau", "--as 应为 company 或 bureau"));
    zj_err err = args->org || !is_bureau ? zj_org_find(job, store, args->org, &org_id) : ZJ_OK;
    *out = (struct zj_desk){.job = job,
                            .store = store,
                            .work = work,
                            .who = {.org_id = org_id,
                                    .login = "cli",
                                    .is_bureau = is_bureau,
                                    .sees_all = is_bureau,
                                    .may_act = true,
                                    .sees_personal = !is_bureau}};
    return err;
}

static zj_err read_id(struct zj_job *job, const char *text, int64_t *out)
{
    char *end;
    const long long id = strtoll(text, &end, 10);
    if (end == text || *end || id < 1)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "'%s' is no number of a case", "“%s”不是事项编号"), text);
    *out = id;
    return ZJ_OK;
}

static zj_err read_fields(struct zj_job *job, int argc, char **argv, struct zj_work_field *out,
                          size_t *out_count)
{
    *out_count = 0;
    for (int i = 0; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        if (!equals || i == ZJ_WORK_FIELDS_MAX)
            return zj_fail(job, ZJ_EUSAGE,
                           zj_tr(job, "'%s': FIELD=VALUE is wanted", "“%s”：应为 字段=值"),
                           argv[i]);
        out[(*out_count)++] = (struct zj_work_field){
            zj_arena_span(&job->arena, zj_span_of(argv[i], (size_t)(equals - argv[i]))),
            zj_span_str(equals + 1)};
    }
    return ZJ_OK;
}

/* Which fields are wrong, then the failure itself. */
static zj_err tell_faults(const struct zj_desk *desk, zj_err err)
{
    for (size_t i = 0; err == ZJ_EREFUSED && i < desk->fault_count; i++) {
        const struct zj_row_fault *fault = &desk->faults[i];
        fprintf(stderr, "%s: %s\n",
                fault->field >= 0 && desk->fault_register
                    ? desk->fault_register->fields[fault->field].name
                    : "-",
                zj_tr(desk->job, fault->en, fault->zh));
    }
    return err;
}

/* The list as a file: the pages of the screen's list, one after the other. */
static zj_err write_cases(struct zj_desk *desk, struct zj_work_filter filter,
                          enum zj_paper_format format)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_job *job = desk->job;
    struct zj_paper_head head;
    struct zj_paper *paper = NULL;
    zj_err err =
        zj_paper_head_of(job, desk->store, zj_tr(job, zj_paper_cases.en, zj_paper_cases.zh),
                         desk->who.sees_all ? 0 : desk->who.org_id, &head);
    if (!err)
        err = zj_paper_open(job, format, &head, job->out, &paper);
    if (!err)
        err = zj_paper_begin(job, paper, &zj_paper_cases);
    filter.as_lines = true;
    do {
        text.len = 0;
        struct zj_json j = zj_json_to(&text);
        if (!err)
            err = zj_work_list(desk, &filter, &j);
        if (!err)
            err = zj_paper_lines(job, paper, zj_buf_all(&text));
        filter.offset += filter.limit;
    } while (!err && text.len);
    if (!err)
        return zj_paper_close(job, paper);
    zj_paper_drop(paper);
    return err;
}

static zj_err list_cases(struct zj_desk *desk, const struct args *args)
{
    enum zj_paper_format format = ZJ_PAPER_CSV;
    bool is_paper = false;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    struct zj_job *job = desk->job;
    const struct zj_work_filter filter = {.type = args->type,
                                          .state = args->state,
                                          .search = args->search,
                                          .task = (int)args->task,
                                          .is_overdue = args->overdue,
                                          .limit = 500,
                                          .as_lines = job->output != ZJ_OUTPUT_JSON};
    zj_err err = zj_paper_wanted(job, args->format, &is_paper, &format);
    if (!err && is_paper)
        return write_cases(desk, filter, format);
    if (!err)
        err = zj_work_list(desk, &filter, &j);
    if (!err && job->output == ZJ_OUTPUT_TABLE && text.len)
        return zj_print_rows(job, cols, ZJ_COUNT(cols), zj_buf_all(&text));
    if (!err && job->output == ZJ_OUTPUT_TABLE)
        fprintf(job->out, "%s\n", zj_tr(job, "No cases.", "没有事项。"));
    else if (!err)
        fprintf(job->out, "%s%s", zj_buf_cstr(&text), job->output == ZJ_OUTPUT_JSON ? "\n" : "");
    return err;
}

static const char *word(struct zj_job *job, const struct zj_jval *object)
{
    return zj_jval_cstr(zj_jval_get(object, zj_tr(job, "en", "zh")), "");
}

static void print_form(struct zj_job *job, const struct zj_case_type *type,
                       const struct zj_jval *fields)
{
    const struct zj_register *reg = zj_register_find(type->reg);
    for (const struct zj_jval *m = zj_jval_first(fields); m; m = zj_jval_next(m)) {
        const char *text = zj_jval_cstr(m, NULL);
        if (zj_jval_type(m) == ZJ_J_NUMBER)
            text = zj_arena_printf(&job->arena, "%.15g", zj_jval_num(m, 0));
        if (zj_jval_type(m) == ZJ_J_BOOL)
            text = zj_jval_bool(m, false) ? zj_tr(job, "yes", "是") : zj_tr(job, "no", "否");
        for (size_t i = 0; text && text[0] && i < reg->field_count; i++)
            if (strcmp(reg->fields[i].name, zj_jval_key(m)) == 0)
                fprintf(job->out, "  %-20s %s: %s\n", reg->fields[i].name,
                        zj_tr(job, reg->fields[i].en, reg->fields[i].zh), text);
    }
}

static void print_case(struct zj_job *job, const struct zj_jval *page)
{
    const struct zj_jval *c = zj_jval_get(page, "case");
    const struct zj_case_type *type = zj_case_type_find(zj_jval_cstr(zj_jval_get(c, "type"), ""));
    const struct zj_case_state *state =
        type ? zj_case_state_find(type, zj_jval_cstr(zj_jval_get(c, "state"), "")) : NULL;
    if (!state)
        return;
    fprintf(job->out, "%lld  %s  %s\n%s, %s %lld  %s\n",
            (long long)zj_jval_int(zj_jval_get(c, "id"), 0), zj_tr(job, type->en, type->zh),
            zj_jval_cstr(zj_jval_get(c, "title"), ""), zj_tr(job, state->en, state->zh),
            zj_tr(job, "round", "轮次"), (long long)zj_jval_int(zj_jval_get(c, "round"), 0),
            zj_jval_cstr(zj_jval_get(c, "number"), ""));
    print_form(job, type, zj_jval_get(page, "fields"));
    for (const struct zj_jval *k = zj_jval_first(zj_jval_get(page, "clocks")); k;
         k = zj_jval_next(k))
        fprintf(job->out, "%s %s%s%s\n", word(job, k), zj_jval_cstr(zj_jval_get(k, "due_at"), ""),
                zj_jval_cstr(zj_jval_get(k, "met_at"), "")[0] ? zj_tr(job, ", met", "，已完成")
                                                              : "",
                zj_jval_bool(zj_jval_get(k, "is_overdue"), false) ? zj_tr(job, ", late", "，逾期")
                                                                  : "");
    for (const struct zj_jval *a = zj_jval_first(zj_jval_get(page, "may")); a; a = zj_jval_next(a))
        fprintf(job->out, "zhuji case do %lld %s  (%s)%s%s\n",
                (long long)zj_jval_int(zj_jval_get(c, "id"), 0),
                zj_jval_cstr(zj_jval_get(a, "name"), ""), word(job, a),
                zj_jval_get(a, "blocked") ? ": " : "", zj_jval_cstr(zj_jval_get(a, "blocked"), ""));
}

static zj_err show(struct zj_desk *desk, int64_t id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct zj_json j = zj_json_to(&text);
    struct zj_job *job = desk->job;
    zj_err err = zj_work_get(desk, id, &j);
    if (!err && job->output == ZJ_OUTPUT_TABLE) {
        err = zj_jdoc_parse(job, zj_buf_all(&text), PAGE_BYTES_MAX, &doc);
        if (!err)
            print_case(job, zj_jdoc_root(doc));
    } else if (!err) {
        fprintf(job->out, "%s\n", zj_buf_cstr(&text));
    }
    return err;
}

static zj_err open_one(struct zj_desk *desk, int argc, char **argv)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    struct zj_work_new what = {.type = argv[0], .fields = fields};
    int64_t id = 0;
    zj_err err = read_fields(desk->job, argc - 1, argv + 1, fields, &what.field_count);
    if (!err)
        err = tell_faults(desk, zj_work_open(desk, &what, &id));
    return err ? err : show(desk, id);
}

static zj_err do_one(struct zj_desk *desk, const struct args *args, int argc, char **argv)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    struct zj_work_deed deed = {.action = argv[1],
                                .comment = args->comment,
                                .to = args->to,
                                .refuses = args->refuse,
                                .fields = fields};
    int64_t id = 0;
    zj_err err = read_id(desk->job, argv[0], &id);
    if (!err)
        err = read_fields(desk->job, argc - 2, argv + 2, fields, &deed.field_count);
    if (!err)
        err = tell_faults(desk, zj_work_do(desk, id, &deed));
    return err ? err : show(desk, id);
}

static zj_err certify(struct zj_desk *desk, const struct args *args, int64_t id)
{
    enum zj_paper_format format = ZJ_PAPER_PDF;
    bool is_paper = false;
    struct zj_job *job = desk->job;
    struct zj_paper_head head;
    struct zj_paper *paper = NULL;
    int64_t org_id = 0;
    zj_err err = zj_paper_wanted(job, args->format, &is_paper, &format);
    if (!err && !is_paper)
        err = zj_fail(job, ZJ_EUSAGE, "%s",
                      zj_tr(job, "a certificate is a file: -o FILE.pdf",
                            "证明须输出为文件：-o 文件名.pdf"));
    if (!err)
        err = zj_work_org(desk, id, &org_id);
    if (!err)
        err = zj_paper_head_of(job, desk->store,
                               zj_tr(job, zj_paper_certificate.en, zj_paper_certificate.zh), org_id,
                               &head);
    if (!err)
        err = zj_paper_open(job, format, &head, job->out, &paper);
    if (!err)
        err = zj_work_certificate(desk, id, paper);
    if (!err)
        return zj_paper_close(job, paper);
    zj_paper_drop(paper);
    return err;
}

static zj_err dispatch(struct zj_desk *desk, const struct args *args, int argc, char **argv)
{
    int64_t id = 0;
    if (strcmp(argv[0], "list") == 0 && argc == 1)
        return list_cases(desk, args);
    if (strcmp(argv[0], "show") == 0 && argc == 2) {
        zj_err err = read_id(desk->job, argv[1], &id);
        return err ? err : show(desk, id);
    }
    if (strcmp(argv[0], "certificate") == 0 && argc == 2) {
        zj_err err = read_id(desk->job, argv[1], &id);
        return err ? err : certify(desk, args, id);
    }
    if (strcmp(argv[0], "open") == 0 && argc >= 2)
        return open_one(desk, argc - 1, argv + 1);
    if (strcmp(argv[0], "do") == 0 && argc >= 3)
        return do_one(desk, args, argc - 1, argv + 1);
    return zj_fail(desk->job, ZJ_EUSAGE, "%s",
                   zj_tr(desk->job,
                         "list, show ID, certificate ID, open TYPE FIELD=VALUE…,"
                         " do ID ACTION FIELD=VALUE…",
                         "用法：list、show 编号、certificate 编号、open 类型 字段=值…、do 编号 操作 字段=值…"));
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    ZJ_AUTO(zj_work_freep) struct zj_work *work = NULL;
    struct zj_desk desk;
    zj_err err = zj_store_open(job, job->db, 0, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_work_load(job, NULL, &work);
    if (!err)
        err = sit_down(job, store, work, opaque, &desk);
    if (!err)
        err = dispatch(&desk, opaque, argc, argv);
    /* what was asked for is not there, or another's to do: the line is wrong, not what it reads */
    return err == ZJ_ENOTFOUND || err == ZJ_EFORBIDDEN ? ZJ_EUSAGE : err;
}

const struct zj_verb zj_verb_case = {
    .name = "case",
    .args = "list | show ID | certificate ID | open TYPE [FIELD=VALUE...] |"
            " do ID ACTION [FIELD=VALUE...]",
    .en = "cases: filings, incidents, notices and what else goes through steps",
    .zh = "办理事项：备案、事件、通报等",
    .examples = (const char *const[]){"zhuji case list --overdue", "zhuji case list -o cases.xlsx",
                                      "zhuji case open filing system=SYS-1 kind=new",
                                      "zhuji case do 7 submit",
                                      "zhuji case certificate 7 -o certificate.pdf",
                                      "zhuji case do 7 accept --as bureau --org CODE", NULL},
    .papers = "xlsx, csv, pdf",
    .opts = opts,
    .argc_min = 1,
    .argc_max = -1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
