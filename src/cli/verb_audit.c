/* zhuji audit: checks the chain of everything that was declared and done, or lists it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/print_rows.h"
#include "store/store.h"

struct args {
    const char *object, *action, *by, *head;
    int64_t row, limit;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, head, "head", "SEQ:HASH",
               "verify: a head noted elsewhere must be part of the chain",
               "verify：另行记录的链头必须在链上"),
    ZJ_OPT_STR(struct args, object, "object", "NAME", "list: of one table or thing",
               "list：只看某个表或对象"),
    ZJ_OPT_STR(struct args, action, "action", "NAME", "list: of one action", "list：只看某种操作"),
    ZJ_OPT_STR(struct args, by, "by", "LOGIN", "list: by one user", "list：只看某个用户"),
    ZJ_OPT_INT(struct args, row, "row", "ID", "list: of one row of --object",
               "list：只看 --object 的某一行"),
    ZJ_OPT_INT(struct args, limit, "limit", "N", "list: at most so many, 100 unless told",
               "list：最多条数，默认 100"),
    ZJ_OPT_END,
};

static void head_text(const struct zj_audit_report *r, struct zj_buf *out)
{
    zj_buf_printf(out, "%" PRId64 ":", r->entries);
    zj_buf_hex(out, zj_span_of(r->head, sizeof r->head));
}

static bool is_sound(const struct zj_audit_report *r, bool knows_noted)
{
    return !r->bad_entry && !r->bad_rows && r->head_fits && knows_noted;
}

static void print_report(struct zj_job *job, const struct zj_audit_report *r, bool knows_noted)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0}, head = {0};
    struct zj_json j = zj_json_to(&out);
    head_text(r, &head);
    zj_json_object(&j);
    zj_json_kbool(&j, "sound", is_sound(r, knows_noted));
    zj_json_kint(&j, "entries", r->entries);
    zj_json_kint(&j, "rows", r->rows);
    zj_json_kint(&j, "bad_entry", r->bad_entry);
    zj_json_kint(&j, "bad_rows", r->bad_rows);
    zj_json_kstr(&j, "bad_table", r->bad_rows ? r->bad_table : NULL);
    zj_json_kint(&j, "bad_row_id", r->bad_row_id);
    zj_json_kbool(&j, "head_fits", r->head_fits);
    zj_json_kbool(&j, "head_is_keyed", r->head_is_keyed);
    zj_json_kbool(&j, "noted_head_found", knows_noted);
    zj_json_kspan(&j, "head", zj_buf_all(&head));
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&out));
}

static void print_text(struct zj_job *job, const struct zj_audit_report *r, bool knows_noted)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf head = {0};
    head_text(r, &head);
    if (r->bad_entry)
        fprintf(job->out,
                zj_tr(job, "Entry %" PRId64 " was changed, removed or put in.\n",
                      "第 %" PRId64 " 条审计记录被改动、删除或插入。\n"),
                r->bad_entry);
    if (r->bad_rows)
        fprintf(job->out,
                zj_tr(job,
                      "%" PRId64 " rows differ from what was recorded; the first: %s, row %" PRId64
                      ".\n",
                      "%" PRId64 " 行数据与审计记录不符，首个：%s 第 %" PRId64 " 行。\n"),
                r->bad_rows, r->bad_table, r->bad_row_id);
    if (!knows_noted)
        fputs(zj_tr(job, "The head noted elsewhere is not on this chain.\n",
                    "另行记录的链头不在本链上。\n"),
              job->out);
    if (is_sound(r, knows_noted))
        fprintf(job->out,
                zj_tr(job, "Sound: %" PRId64 " entries, %" PRId64 " rows as recorded.\n",
                      "完好：%" PRId64 " 条审计记录，%" PRId64 " 行数据与记录一致。\n"),
                r->entries, r->rows);
    if (!r->head_is_keyed && r->entries)
        fputs(zj_tr(job, "The key file does not vouch for the head: compare it with your note.\n",
                    "链头未经密钥文件验证，请与另行记录的链头比对。\n"),
              job->out);
    fprintf(job->out, zj_tr(job, "Head, to be noted elsewhere: %s\n", "链头（请另行记录）：%s\n"),
            zj_buf_cstr(&head));
}

/* "12:9f86…" against entry 12 of the chain; the chain may have grown since. */
static zj_err find_noted(struct zj_job *job, struct zj_store *store, const char *noted,
                         bool *out_found)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf hash = {0};
    char *colon;
    bool has_row;
    const int64_t seq = strtoll(noted, &colon, 10);
    if (colon == noted || *colon != ':' || !zj_buf_from_hex(&hash, zj_span_str(colon + 1)) ||
        hash.len != 32)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "--head %s: the form is SEQ:HASH", "--head %s：格式为 序号:哈希"),
                       noted);
    zj_err err = zj_store_prepare(job, store, "SELECT hash FROM audit WHERE seq = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, seq);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out_found = (seq == 0 && !has_row) ||
                     (has_row && zj_span_eq(zj_stmt_blob(stmt, 0), zj_buf_all(&hash)));
    return err;
}

static zj_err verify(struct zj_job *job, struct zj_store *store, const struct args *a)
{
    struct zj_audit_report report;
    bool knows_noted = true;
    zj_err err = zj_audit_verify(job, store, &report);
    if (!err && a->head)
        err = find_noted(job, store, a->head, &knows_noted);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_TABLE)
        print_text(job, &report, knows_noted);
    else
        print_report(job, &report, knows_noted);
    return is_sound(&report, knows_noted) ? ZJ_OK : ZJ_EFOUND;
}

static const struct zj_print_col cols[] = {
    ZJ_PRINT("seq", "entry", "序号", 8),      ZJ_PRINT("at", "at", "时间", 26),
    ZJ_PRINT("actor", "by", "用户", 12),      ZJ_PRINT("action", "action", "操作", 10),
    ZJ_PRINT("object", "object", "对象", 20), ZJ_PRINT("row_id", "row", "行", 8),
    ZJ_PRINT("note", "note", "说明", 0),
};

static zj_err list(struct zj_job *job, struct zj_store *store, const struct args *a)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    const struct zj_scope scope = {.sees_all = true};
    const struct zj_audit_query query = {.object = a->object,
                                         .action = a->action,
                                         .actor = a->by,
                                         .row_id = a->row,
                                         .limit = (int)a->limit,
                                         .as_lines = job->output != ZJ_OUTPUT_JSON};
    struct zj_json j = zj_json_to(&out);
    zj_err err = zj_audit_list(job, store, &scope, &query, &j);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_TABLE)
        return zj_print_rows(job, cols, ZJ_COUNT(cols), zj_buf_all(&out));
    if (job->output == ZJ_OUTPUT_JSON)
        fprintf(job->out, "{\"entries\":%s}\n", zj_buf_cstr(&out));
    else
        fwrite(out.at, 1, out.len, job->out);
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    (void)argc; /* one: the descriptor says so */
    const bool is_verify = strcmp(argv[0], "verify") == 0;
    if (!is_verify && strcmp(argv[0], "list") != 0)
        return zj_fail(
            job, ZJ_EUSAGE,
            zj_tr(job, "audit %s: verify or list is wanted", "audit %s：应为 verify 或 list"),
            argv[0]);
    zj_err err = zj_store_open(job, job->db, ZJ_STORE_KEYLESS, &store);
    if (err)
        return err;
    return is_verify ? verify(job, store, opaque) : list(job, store, opaque);
}

const struct zj_verb zj_verb_audit = {
    .name = "audit",
    .args = "verify|list",
    .en = "check the audit chain, or list it",
    .zh = "核验或查看审计链",
    .examples = (const char *const[]){"zhuji audit verify --json",
                                      "zhuji audit list --object reg_cards --row 12", NULL},
    .opts = opts,
    .argc_min = 1,
    .argc_max = 1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
