/* Attachments: found only by way of a case one may see. */
#include "base/clock.h"
#include "base/crypto.h"
#include "work/blob.h"
#include "work/case.h"
#include "work/rows.h"

enum { NAME_BYTES_MAX = 255 };

/* A company's file is the bureau's and its experts' to see once the form was handed over with it;
 * what experts hand in is the bureau's alone. A third party that the company let in sees the
 * company's, and the company his. $2 is the side that asks. */
#define FILE_IS_SHOWN                                                                              \
    " AND ($2 = f.side OR ($2 = 'company' AND f.side IN ('bureau', 'assessor'))"                   \
    " OR ($2 = 'assessor' AND f.side = 'company') OR ($2 = 'bureau' AND f.side = 'expert')"        \
    " OR (f.side <> 'expert' AND $2 IN ('bureau', 'expert') AND f.at <="                           \
    " (SELECT COALESCE(max(s.at), 0) FROM work_snapshot s WHERE s.case_id = f.case_id)))"

zj_err zj_work_files(struct zj_desk *desk, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = zj_store_prepare(desk->job, desk->store,
                               "SELECT id, field, name, bytes, sha256, at, actor, side, round"
                               " FROM work_file f WHERE case_id = $1" FILE_IS_SHOWN " ORDER BY id",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_str(stmt, 2, zj_side_name(&c, party));
    static const struct zj_row_col cols[] = {
        {"id", ZJ_ROW_INT}, {"field", ZJ_ROW_TEXT}, {"name", ZJ_ROW_TEXT}, {"bytes", ZJ_ROW_INT},
        {"sha256", ZJ_ROW_TEXT}, {"at", ZJ_ROW_TIME}, {"actor", ZJ_ROW_TEXT},
        {"side", ZJ_ROW_TEXT}, {"round", ZJ_ROW_INT},
    };
    return zj_work_put_rows(desk->job, stmt, cols, ZJ_COUNT(cols), out);
}

static zj_err check_file(struct zj_desk *desk, const struct zj_case *c, const char *field,
                         const char *name, struct zj_span bytes)
{
    int64_t count = 0;
    if (!desk->who.may_act)
        return zj_fail(desk->job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(desk->job, "this account may read only", "该账号只有查看权限"));
    if (c->state->flags & ZJ_STATE_FINAL)
        return zj_fail(desk->job, ZJ_ECONFLICT, "%s",
                       zj_tr(desk->job, "the case is closed", "该事项已办结"));
    if (!name[0] || strlen(name) > NAME_BYTES_MAX || strpbrk(name, "/\\\r\n\""))
        return zj_fail(desk->job, ZJ_EREFUSED, "%s",
                       zj_tr(desk->job, "a file has a name, without / \\ and quotes",
                             "请填写文件名，不含 / \\ 和引号"));
    if (field[0] && zj_form_field(c->reg, field) < 0)
        return zj_fail(desk->job, ZJ_EREFUSED,
                       zj_tr(desk->job, "no field '%.60s'", "没有字段“%.60s”"), field);
    if (!bytes.len || bytes.len > ZJ_WORK_FILE_BYTES_MAX)
        return zj_fail(desk->job, ZJ_ELIMIT,
                       zj_tr(desk->job, "%zu bytes; a file has 1 to %d",
                             "文件 %zu 字节，应为 1 到 %d 字节"),
                       bytes.len, ZJ_WORK_FILE_BYTES_MAX);
    zj_err err = zj_store_query_int(desk->job, desk->store,
                                    zj_arena_printf(&desk->job->arena,
                                                    "SELECT count(*) FROM work_file"
                                                    " WHERE case_id = %lld",
                                                    (long long)c->id),
                                    0, &count);
    if (!err && count >= ZJ_WORK_FILES_MAX)
        err = zj_fail(desk->job, ZJ_ELIMIT, "%s",
                      zj_tr(desk->job, "a case holds 200 files at most", "附件数量已达上限"));
    return err;
}

static zj_err add_now(struct zj_desk *desk, int64_t id, const char *field, const char *name,
                      struct zj_span bytes, const char *sha256)
{
    struct zj_case c;
    unsigned party = 0;
    int64_t file_id = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = check_file(desk, &c, field, name, bytes);
    if (!err)
        err = zj_blob_put(desk->job, desk->store, sha256, bytes);
    if (err)
        return err;
    const struct zj_value values[] = {
        zj_value_int("case_id", id),
        zj_value_text("field", field),
        zj_value_text("name", name),
        zj_value_int("bytes", (int64_t)bytes.len),
        zj_value_text("sha256", sha256),
        zj_value_int("at", zj_now_us(desk->job)),
        zj_value_text("actor", desk->who.login),
        zj_value_text("side", zj_side_name(&c, party)),
        zj_value_int("round", c.round),
    };
    return zj_work_row_put(desk, "work_file", &file_id, true, c.org_id, values, ZJ_COUNT(values),
                           sha256);
}

zj_err zj_work_file_add(struct zj_desk *desk, int64_t id, const char *field, const char *name,
                        struct zj_span bytes, char out_sha256[65])
{
    ZJ_AUTO(zj_buf_release) struct zj_buf hex = {0};
    uint8_t hash[ZJ_SHA256_BYTES];
    zj_sha256(bytes, hash);
    zj_buf_hex(&hex, zj_span_of(hash, sizeof hash));
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = add_now(desk, id, field ? field : "", name ? name : "", bytes, zj_buf_cstr(&hex));
    err = zj_store_end(desk->job, desk->store, err);
    if (!err)
        memcpy(out_sha256, zj_buf_cstr(&hex), 65);
    return err;
}

static zj_err is_shown(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                       int64_t file_id, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT 1 FROM work_file f WHERE case_id = $1" FILE_IS_SHOWN
                                  " AND id = $3",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_str(stmt, 2, zj_side_name(c, party));
    zj_stmt_bind_int(stmt, 3, file_id);
    return zj_stmt_step(desk->job, stmt, out);
}

/* Is there a case with this file that the caller may see? */
static zj_err find_file(struct zj_desk *desk, const char *sha256, const char **out_name)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = true, is_seen = false;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT case_id, name, id FROM work_file WHERE sha256 = $1"
                                  " ORDER BY id",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, sha256);
    while (!is_seen && !(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        struct zj_case c;
        unsigned party;
        err = zj_case_load(desk, zj_stmt_int(stmt, 0), &c, &party);
        if (!err)
            err = is_shown(desk, &c, party, zj_stmt_int(stmt, 2), &is_seen);
        if (err && err != ZJ_ENOTFOUND)
            return err;
        zj_job_clear(desk->job);
        *out_name = zj_arena_span(&desk->job->arena, zj_stmt_text(stmt, 1));
    }
    return err || is_seen ? err
                          : zj_fail(desk->job, ZJ_ENOTFOUND, "%s",
                                    zj_tr(desk->job, "no such file", "没有该文件"));
}

zj_err zj_work_file_get(struct zj_desk *desk, const char *sha256, struct zj_buf *out_bytes,
                        const char **out_name)
{
    const char *name = "";
    zj_err err = find_file(desk, sha256, &name);
    if (!err)
        err = zj_blob_get(desk->job, desk->store, sha256, out_bytes);
    if (!err)
        *out_name = name;
    return err;
}
