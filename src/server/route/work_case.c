/* One case: its page, its form, actions, remarks, snapshots, attachments. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/core.h"

/* The desk, and the case's number of the path. */
static zj_err enter(struct zj_call *call, struct zj_desk *desk, int64_t *out_id)
{
    zj_err err = zj_call_desk(call, desk);
    return err ? err : zj_call_id(call, 0, out_id);
}

typedef zj_err view_fn(struct zj_desk *desk, int64_t id, struct zj_json *out);

static zj_err view(struct zj_call *call, view_fn *fn)
{
    struct zj_desk desk;
    int64_t id = 0;
    zj_err err = enter(call, &desk, &id);
    return err ? err : fn(&desk, id, &call->json);
}

static zj_err get(struct zj_call *call)
{
    return view(call, zj_work_get);
}

static zj_err timeline(struct zj_call *call)
{
    return view(call, zj_work_timeline);
}

static zj_err snapshots(struct zj_call *call)
{
    return view(call, zj_work_snapshots);
}

static zj_err comments(struct zj_call *call)
{
    return view(call, zj_work_comments);
}

static zj_err files(struct zj_call *call)
{
    return view(call, zj_work_files);
}

static zj_err edit(struct zj_call *call)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    size_t count = 0;
    struct zj_desk desk;
    int64_t id = 0;
    const int64_t version =
        zj_jval_int(zj_jval_get(zj_jdoc_root(call->body), "version"), 0);
    zj_err err = enter(call, &desk, &id);
    if (!err)
        err = zj_call_work_fields(call, fields, ZJ_COUNT(fields), &count);
    if (!err)
        err = zj_work_edit(&desk, id, version, fields, count);
    return err ? zj_answer_work(call, &desk, err) : zj_work_get(&desk, id, &call->json);
}

static zj_err act(struct zj_call *call)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    struct zj_desk desk;
    int64_t id = 0;
    const char *verdict = zj_jval_cstr(zj_jval_get(body, "verdict"), "agree");
    struct zj_work_deed deed = {
        .action = zj_jval_cstr(zj_jval_get(body, "action"), ""),
        .version = zj_jval_int(zj_jval_get(body, "version"), 0),
        .comment = zj_jval_cstr(zj_jval_get(body, "comment"), NULL),
        .to = zj_jval_cstr(zj_jval_get(body, "to"), NULL),
        .refuses = strcmp(verdict, "refuse") == 0,
        .fields = fields,
        .key = zj_http_header(call->req, "Idempotency-Key"),
    };
    zj_err err = enter(call, &desk, &id);
    if (!err && !deed.refuses && strcmp(verdict, "agree") != 0)
        err = zj_fail(call->job, ZJ_EUSAGE, "%s",
                      zj_tr(call->job, "verdict is agree or refuse",
                            "verdict 应为 agree 或 refuse"));
    if (!err)
        err = zj_call_work_fields(call, fields, ZJ_COUNT(fields), &deed.field_count);
    if (!err)
        err = zj_work_do(&desk, id, &deed);
    return err ? zj_answer_work(call, &desk, err) : zj_work_get(&desk, id, &call->json);
}

static zj_err diff(struct zj_call *call)
{
    struct zj_desk desk;
    int64_t id = 0, from = 0, to = 0;
    zj_err err = enter(call, &desk, &id);
    if (!err)
        err = zj_call_int(call, "from", 1, 1, 1000000, &from);
    if (!err)
        err = zj_call_int(call, "to", 0, 0, 1000000, &to);
    return err ? err : zj_work_diff(&desk, id, from, to, &call->json);
}

static zj_err add_comment(struct zj_call *call)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_desk desk;
    int64_t id = 0, comment = 0;
    zj_err err = enter(call, &desk, &id);
    if (!err)
        err = zj_work_comment(&desk, id, zj_jval_cstr(zj_jval_get(body, "field"), ""),
                              zj_jval_text(zj_jval_get(body, "text")), &comment);
    if (err)
        return err;
    call->res->status = 201;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "id", comment);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err resolve(struct zj_call *call)
{
    struct zj_desk desk;
    int64_t id = 0, comment = 0;
    zj_err err = enter(call, &desk, &id);
    if (!err)
        err = zj_call_id(call, 1, &comment);
    if (!err)
        err = zj_work_resolve(&desk, id, comment);
    if (!err)
        zj_buf_str(&call->res->body, "{}");
    return err;
}

/* The body, wherever the server has put it. */
static zj_err read_body(struct zj_call *call, struct zj_buf *out)
{
    size_t got;
    if (!call->req->body_path) {
        zj_buf_span(out, call->req->body);
        return ZJ_OK;
    }
    if (call->req->body_bytes > ZJ_WORK_FILE_BYTES_MAX)
        return zj_fail(call->job, ZJ_ELIMIT,
                       zj_tr(call->job, "%lld bytes; a file has at most %d",
                             "文件 %lld 字节，最多 %d 字节"),
                       (long long)call->req->body_bytes, ZJ_WORK_FILE_BYTES_MAX);
    FILE *file = fopen(call->req->body_path, "rbe");
    if (!file)
        return zj_fail(call->job, ZJ_EIO, "%s: %s", call->req->body_path,
                       zj_strerror(call->job, errno));
    zj_buf_reserve(out, (size_t)call->req->body_bytes + 1);
    got = fread(out->at, 1, (size_t)call->req->body_bytes, file);
    const bool is_whole = got == (size_t)call->req->body_bytes;
    fclose(file);
    out->len = got;
    return is_whole ? ZJ_OK : zj_fail(call->job, ZJ_EIO, "%s", call->req->body_path);
}

static zj_err add_file(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf bytes = {0};
    struct zj_desk desk;
    int64_t id = 0;
    char sha256[65];
    zj_err err = enter(call, &desk, &id);
    if (!err)
        err = read_body(call, &bytes);
    if (!err)
        err = zj_work_file_add(&desk, id, zj_call_param(call, "field"),
                               zj_call_param(call, "name"), zj_buf_all(&bytes), sha256);
    if (err)
        return err;
    call->res->status = 201;
    zj_json_object(&call->json);
    zj_json_kstr(&call->json, "sha256", sha256);
    zj_json_kint(&call->json, "bytes", (int64_t)bytes.len);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

/* As a download and never as a page: what people attach is not ours. */
static zj_err get_file(struct zj_call *call)
{
    struct zj_desk desk;
    const char *name = "";
    zj_err err = zj_call_desk(call, &desk);
    if (!err)
        err = zj_work_file_get(&desk, call->args[1] ? call->args[1] : call->args[0],
                               &call->res->body, &name);
    if (err)
        return err;
    struct zj_buf encoded = {0};
    for (const char *at = name; *at; at++)
        zj_buf_printf(&encoded, "%%%02X", (unsigned char)*at);
    call->res->content_type = "application/octet-stream";
    zj_http_respond_header(call->res, "Content-Disposition",
                           zj_arena_printf(call->arena, "attachment; filename*=UTF-8''%s",
                                           zj_buf_cstr(&encoded)));
    zj_buf_release(&encoded);
    return ZJ_OK;
}

static zj_err fill_certificate(struct zj_call *call, const struct zj_paper_table *table,
                               struct zj_paper *paper)
{
    struct zj_desk desk;
    int64_t id = 0;
    const zj_err err = enter(call, &desk, &id);
    (void)table; /* there is the one */
    return err ? err : zj_work_certificate(&desk, id, paper);
}

static zj_err certificate(struct zj_call *call)
{
    struct zj_desk desk;
    int64_t id = 0;
    zj_err err = enter(call, &desk, &id);
    if (!err)
        err = zj_work_org(&desk, id, &call->paper_org);
    return err ? err
               : zj_call_paper_of(call, &zj_paper_certificate, fill_certificate, ZJ_PAPER_PDF);
}

static const struct zj_param edit_fields[] = {
    {"version", "integer", NULL, "as it was read; a later one is a conflict",
     "读取时的版本号", true},
    {"fields", "object", NULL, "the form; see the register", "表单字段", true},
    {0},
};

static const struct zj_param act_fields[] = {
    {"action", "string", NULL, "one of `may`", "操作名", true},
    {"version", "integer", NULL, "as it was read; a later one is a conflict",
     "读取时的版本号", true},
    {"comment", "string", NULL, "reason or opinion", "理由或意见", false},
    {"to", "string", NULL, "a state or a login, where the action asks for it",
     "退回到的状态或人员登录名", false},
    {"verdict", "string", "agree|refuse", "where both bureaus sign", "会签意见", false},
    {"fields", "object", NULL, "fields that go with the action", "随操作填写的字段", false},
    {0},
};

static const struct zj_param comment_fields[] = {
    {"field", "string", NULL, "of the form; empty: of the whole", "字段名，空为整体意见", false},
    {"text", "string", NULL, "the remark", "意见", true},
    {0},
};

static const struct zj_param diff_query[] = {
    {"from", "integer", NULL, "number of a snapshot", "快照编号", true},
    {"to", "integer", NULL, "number of a snapshot; 0: the form as it is now",
     "快照编号，0 为当前表单", false},
    {0},
};

static const struct zj_param file_query[] = {
    {"field", "string", NULL, "of the form", "所属字段", false},
    {"name", "string", NULL, "file name", "文件名", true},
    {0},
};

#define CASE "/api/v1/work/cases/{id}"

const struct zj_route zj_routes_work_case[] = {
    {.method = ZJ_GET,
     .path = CASE,
     .en = "a case with its form, clocks and what the caller may do",
     .zh = "事项详情",
     .need = ZJ_NEED_READ,
     .answer = "{case, fields, told, faults, may, may_edit, edits, clocks, signs}",
     .handle = get},
    {.method = ZJ_PUT,
     .path = CASE,
     .en = "change the form",
     .zh = "修改表单",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .fields = edit_fields,
     .answer = "the case",
     .handle = edit},
    {.method = ZJ_POST,
     .path = CASE "/actions",
     .en = "do something with a case; Idempotency-Key is honoured",
     .zh = "办理事项，支持 Idempotency-Key",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .fields = act_fields,
     .answer = "the case",
     .handle = act},
    {.method = ZJ_GET,
     .path = CASE "/timeline",
     .en = "what happened to a case",
     .zh = "办理记录",
     .need = ZJ_NEED_READ,
     .answer = "{rows}",
     .handle = timeline},
    {.method = ZJ_GET,
     .path = CASE "/snapshots",
     .en = "what was submitted and approved",
     .zh = "提交和批准的快照",
     .need = ZJ_NEED_READ,
     .answer = "{rows}",
     .handle = snapshots},
    {.method = ZJ_GET,
     .path = CASE "/diff",
     .en = "what differs between two snapshots",
     .zh = "两个快照的差异",
     .need = ZJ_NEED_READ,
     .query = diff_query,
     .answer = "[{field, zh, en, from, to}]",
     .handle = diff},
    {.method = ZJ_GET,
     .path = CASE "/comments",
     .en = "remarks on a case and its fields",
     .zh = "意见",
     .need = ZJ_NEED_READ,
     .answer = "{rows}",
     .handle = comments},
    {.method = ZJ_POST,
     .path = CASE "/comments",
     .en = "add a remark",
     .zh = "添加意见",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .fields = comment_fields,
     .answer = "{id}",
     .handle = add_comment},
    {.method = ZJ_POST,
     .path = CASE "/comments/{comment}/resolve",
     .en = "a remark is settled",
     .zh = "意见已解决",
     .need = ZJ_NEED_WORK,
     .answer = "{}",
     .handle = resolve},
    {.method = ZJ_GET,
     .path = CASE "/files",
     .en = "attachments of a case",
     .zh = "附件列表",
     .need = ZJ_NEED_READ,
     .answer = "{rows}",
     .handle = files},
    {.method = ZJ_POST,
     .path = CASE "/files",
     .en = "attach a file, 20 MiB at most",
     .zh = "上传附件，最大 20 MiB",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_FILE,
     .query = file_query,
     .answer = "{sha256, bytes}",
     .handle = add_file},
    {.method = ZJ_GET,
     .path = CASE "/certificate",
     .en = "the certificate of a filing that has its number, a PDF of one page",
     .zh = "定级备案证明（PDF）",
     .need = ZJ_NEED_READ,
     .answer = "the file",
     .answer_type = "application/pdf",
     .handle = certificate},
    {.method = ZJ_GET,
     .path = CASE "/files/{sha256}",
     .en = "the bytes of an attachment of a case",
     .zh = "下载事项附件",
     .need = ZJ_NEED_READ,
     .answer = "the file",
     .answer_type = "application/octet-stream",
     .handle = get_file},
    {.method = ZJ_GET,
     .path = "/api/v1/work/files/{sha256}",
     .en = "the bytes of an attachment",
     .zh = "下载附件",
     .need = ZJ_NEED_READ,
     .answer = "the file",
     .answer_type = "application/octet-stream",
     .handle = get_file},
    {0},
};
