#include "work/blob.h"

#include "base/crypto.h"

enum { SEALED_AT_ONCE = 16 };

static const char field[] = "work_blob.body";

static zj_err write_body(struct zj_job *job, struct zj_store *store, const char *sql,
                         const char *sha256, struct zj_span bytes)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sealed = {0};
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_store_encrypt(store, field, bytes, &sealed);
    zj_stmt_bind_str(stmt, 1, sha256);
    zj_stmt_bind_blob(stmt, 2, zj_buf_all(&sealed));
    return zj_stmt_run(job, stmt);
}

zj_err zj_blob_put(struct zj_job *job, struct zj_store *store, const char *sha256,
                   struct zj_span bytes)
{
    return write_body(job, store,
                      "INSERT INTO work_blob (sha256, body, is_sealed) VALUES ($1, $2, 1)"
                      " ON CONFLICT (sha256) DO NOTHING",
                      sha256, bytes);
}

static bool has_hash(struct zj_span bytes, const char *sha256)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf hex = {0};
    uint8_t hash[ZJ_SHA256_BYTES];
    zj_sha256(bytes, hash);
    zj_buf_hex(&hex, zj_span_of(hash, sizeof hash));
    return zj_span_eq_str(zj_buf_all(&hex), sha256);
}

zj_err zj_blob_get(struct zj_job *job, struct zj_store *store, const char *sha256,
                   struct zj_buf *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row, is_open = true;
    zj_err err = zj_store_prepare(
        job, store, "SELECT body, is_sealed FROM work_blob WHERE sha256 = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, sha256);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    if (!has_row)
        return zj_fail(job, ZJ_ESTORE, "work_blob: %s is missing", sha256);
    const size_t from = out->len;
    const struct zj_span body = zj_stmt_blob(stmt, 0);
    if (zj_stmt_int(stmt, 1))
        is_open = zj_store_decrypt(store, field, body, out);
    else
        zj_buf_span(out, body);
    if (is_open && has_hash(zj_span_of(out->at + from, out->len - from), sha256))
        return ZJ_OK;
    out->len = from;
    return zj_fail(job, ZJ_ESTORE,
                   zj_tr(job, "work_blob: %s is not what was handed in",
                         "work_blob：%s 与提交时的内容不符"),
                   sha256);
}

static zj_err seal_one(struct zj_job *job, struct zj_store *store, bool *out_more)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, store, "SELECT sha256, body FROM work_blob WHERE is_sealed = 0 LIMIT 1", &stmt);
    if (!err)
        err = zj_stmt_step(job, stmt, out_more);
    if (err || !*out_more)
        return err;
    const char *sha256 = zj_arena_span(&job->arena, zj_stmt_text(stmt, 0));
    ZJ_AUTO(zj_buf_release) struct zj_buf plain = {0};
    zj_buf_span(&plain, zj_stmt_blob(stmt, 1));
    zj_stmt_reset(stmt);
    return write_body(job, store,
                      "UPDATE work_blob SET body = $2, is_sealed = 1 WHERE sha256 = $1", sha256,
                      zj_buf_all(&plain));
}

zj_err zj_blobs_seal(struct zj_job *job, struct zj_store *store)
{
    bool has_more = true;
    zj_err err = zj_store_begin(job, store);
    for (int i = 0; i < SEALED_AT_ONCE && has_more && !err; i++)
        err = seal_one(job, store, &has_more);
    return zj_store_end(job, store, err);
}
