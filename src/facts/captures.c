/* Captures that were read, by the digest of their bytes: evidence names a file and a packet, and a
 * file that is shown later is, or is not, the one that was read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "facts/tables.h"

enum { BLOCK_BYTES = 1 << 20 };

/* SHA-256, as `sha256sum` gives it: whoever has the file can tell without us. */
static zj_err read_all(struct zj_job *job, const char *path, int file, struct zj_hash *hash,
                       int64_t *out_bytes)
{
    ZJ_AUTO(zj_freep) uint8_t *block = zj_alloc(BLOCK_BYTES);
    ssize_t got;
    *out_bytes = 0;
    while ((got = read(file, block, BLOCK_BYTES)) != 0) {
        if (got < 0 && errno == EINTR && !zj_is_interrupted(job))
            continue;
        if (got < 0)
            return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
        if (zj_is_interrupted(job))
            return ZJ_EINTR;
        zj_hash_add(hash, zj_span_of(block, (size_t)got));
        *out_bytes += got;
    }
    return ZJ_OK;
}

zj_err zj_facts_digest(struct zj_job *job, const char *path, struct zj_capture_digest *out)
{
    uint8_t bytes[ZJ_SHA256_BYTES];
    struct stat st;
    char *whole = realpath(path, NULL);
    *out = (struct zj_capture_digest){
        .path = zj_arena_strdup(&job->arena, whole ? whole : path)}; /* as evidence has it */
    free(whole);
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return ZJ_OK; /* the sensor has said so */
    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode)) { /* what comes through a pipe comes once */
        close(file);
        return ZJ_OK;
    }
    ZJ_AUTO(zj_hash_freep) struct zj_hash *hash = zj_hash_new(ZJ_HASH_SHA256);
    zj_hash_begin(hash);
    zj_err err = read_all(job, path, file, hash, &out->bytes);
    close(file);
    if (err)
        return err;
    zj_hash_end(hash, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out->sha256 + 2 * i, 3, "%02x", bytes[i]);
    return ZJ_OK;
}

static zj_err put_digest(struct zj_job *job, struct zj_store *store, int64_t org_id,
                         const struct zj_capture_digest *d, bool *out_new)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *find = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(
        job, store, "SELECT 1 FROM fact_digest WHERE org_id = $1 AND source = $2 AND sha256 = $3",
        &find);
    if (!err) {
        zj_stmt_bind_int(find, 1, org_id);
        zj_stmt_bind_str(find, 2, d->path);
        zj_stmt_bind_str(find, 3, d->sha256);
        err = zj_stmt_step(job, find, &has_row);
    }
    if (!err)
        err = zj_store_prepare(job, store,
                               "INSERT INTO fact_digest (org_id, source, sha256, bytes, first_read,"
                               " last_read) VALUES ($1, $2, $3, $4, $5, $5)"
                               " ON CONFLICT (org_id, source, sha256) DO UPDATE SET"
                               " last_read = excluded.last_read",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_str(stmt, 2, d->path);
    zj_stmt_bind_str(stmt, 3, d->sha256);
    zj_stmt_bind_int(stmt, 4, d->bytes);
    zj_stmt_bind_int(stmt, 5, zj_now_us(job));
    *out_new = !has_row;
    return zj_stmt_run(job, stmt);
}

zj_err zj_facts_keep_digest(struct zj_job *job, struct zj_store *store, int64_t org_id,
                            const struct zj_capture_digest *d)
{
    bool is_new = false;
    zj_err err = d->sha256[0] ? zj_store_begin(job, store) : ZJ_OK;
    if (err || !d->sha256[0])
        return err;
    err = put_digest(job, store, org_id, d, &is_new);
    const char *text = zj_arena_printf(&job->arena, "%s sha256 %s, %lld bytes", d->path, d->sha256,
                                       (long long)d->bytes);
    const struct zj_audit_entry entry = {
        .org_id = org_id, .action = "read", .object = "capture", .note = zj_span_str(text)};
    if (!err && is_new)
        err = zj_audit_append(job, store, &entry);
    return zj_store_end(job, store, err);
}

zj_err zj_facts_captures(struct zj_job *job, struct zj_store *store, enum zj_fact_id kind,
                         int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char text[ZJ_TIME_TEXT];
    bool has_row = false, has_table = false;
    zj_json_array(out);
    zj_err err = zj_store_has_table(job, store, "fact_digest", &has_table);
    if (!err && has_table)
        err = zj_store_prepare(job, store,
                               zj_arena_printf(&job->arena,
                                               "SELECT d.sha256, max(d.bytes), min(d.first_read),"
                                               " max(d.last_read) FROM fact_%s f JOIN fact_digest d"
                                               " ON d.source = f.%s AND d.org_id IN (0, f.org_id)"
                                               " WHERE f.id = $1 GROUP BY d.sha256 ORDER BY 3",
                                               zj_fact_kinds[kind].name,
                                               kind == ZJ_FACT_SENSOR ? "sensor" : "ev_source"),
                               &stmt);
    if (stmt)
        zj_stmt_bind_int(stmt, 1, id);
    while (stmt && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        zj_json_kspan(out, "sha256", zj_stmt_text(stmt, 0));
        zj_json_kint(out, "bytes", zj_stmt_int(stmt, 1));
        zj_time_format(zj_stmt_int(stmt, 2) * 1000, text);
        zj_json_kstr(out, "first_read", text);
        zj_time_format(zj_stmt_int(stmt, 3) * 1000, text);
        zj_json_kstr(out, "last_read", text);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}
