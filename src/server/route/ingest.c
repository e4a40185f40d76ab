/* Where sensors elsewhere send what they see: zhuji sense --to URL. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "facts/facts.h"
#include "server/core.h"
#include "server/ingest.h"

enum { FAULTS_SHOWN = 50 };

struct counts {
    int64_t taken, skipped, refused, line;
    struct zj_json faults;
};

/* The columns whose address says whose a fact is, as the facts room documents them. */
static const int own_side[ZJ_FACT_KIND_COUNT][2] = {
    [ZJ_FACT_IDENTITY] = {ZJ_ID_SERVER, -1},
    [ZJ_FACT_SERVICE] = {ZJ_SV_ADDR, -1},
    [ZJ_FACT_TRANSFER] = {ZJ_TR_SRC, -1},
    [ZJ_FACT_COMMAND] = {ZJ_CM_SENDER, -1},
    [ZJ_FACT_DETECTION] = {ZJ_DT_DST, ZJ_DT_SRC},
    [ZJ_FACT_HOURLY] = {ZJ_HR_SERVER, -1},
    [ZJ_FACT_SENSOR] = {-1, -1},
};

/* 1 where another organisation's networks hold the address and his own do not. */
static const char foreign_sql[] =
    "SELECT EXISTS (SELECT 1 FROM reg_range WHERE register = 'organisations' AND lo <= $1"
    " AND hi >= $1 AND row_id <> $2) AND NOT EXISTS (SELECT 1 FROM reg_range"
    " WHERE register = 'organisations' AND lo <= $1 AND hi >= $1 AND row_id = $2)";

/* A company's sensor tells of its own networks and of nobody's, never of another company's. */
static bool may_tell(void *ctx, enum zj_fact_id kind, const struct zj_cell *cells)
{
    struct zj_call *call = ctx;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    if (zj_store_prepare(call->job, call->store, foreign_sql, &stmt))
        return false;
    for (int i = 0; i < 2 && own_side[kind][i] >= 0; i++) {
        char key[ZJ_ADDR_KEY];
        bool has_row = false;
        zj_addr_key(&cells[own_side[kind][i]].addr, key);
        zj_stmt_bind_str(stmt, 1, key);
        zj_stmt_bind_int(stmt, 2, call->account.org_id);
        if (zj_stmt_step(call->job, stmt, &has_row) || !has_row || zj_stmt_int(stmt, 0))
            return false;
        zj_stmt_reset(stmt);
    }
    return true;
}

static void count_line(struct counts *c, const struct zj_ingest *in, enum zj_ingest_line end)
{
    c->line++;
    c->taken += end == ZJ_INGEST_TAKEN;
    c->skipped += end == ZJ_INGEST_SKIPPED;
    if (end != ZJ_INGEST_REFUSED || c->refused++ >= FAULTS_SHOWN)
        return;
    zj_json_object(&c->faults);
    zj_json_kint(&c->faults, "line", c->line);
    zj_json_kstr(&c->faults, "en", in->en);
    zj_json_kstr(&c->faults, "zh", in->zh);
    zj_json_object_end(&c->faults);
}

static zj_err read_lines(struct zj_call *call, FILE *file, struct zj_ingest *in, struct counts *c)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    zj_err err = ZJ_OK;
    while (!err && !zj_is_interrupted(call->job) && (len = getline(&line, &cap, file)) >= 0)
        count_line(c, in, zj_ingest_line(call->job, in, zj_span_of(line, (size_t)len), &err));
    free(line);
    if (!err && zj_is_interrupted(call->job))
        err = ZJ_EINTR;
    if (!err)
        err = in->sink->flush(in->sink, call->job);
    return err;
}

static zj_err ingest(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf faults = {0};
    struct counts counts = {.faults = zj_json_to(&faults)};
    if (!call->req->body_path)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "the body is JSON Lines", "请求体应为 JSON Lines"));
    FILE *file = fopen(call->req->body_path, "re");
    if (!file)
        return zj_fail(call->job, ZJ_EIO, "%s", zj_strerror(call->job, errno));
    struct zj_ingest in = {
        .sink = zj_facts_sink(call->store, call->account.org_id),
        .may = call->scope.sees_all ? NULL : may_tell,
        .ctx = call,
    };
    zj_json_array(&counts.faults);
    zj_err err = read_lines(call, file, &in, &counts);
    zj_json_array_end(&counts.faults);
    in.sink->free(in.sink);
    fclose(file);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "facts", counts.taken);
    zj_json_kint(&call->json, "skipped", counts.skipped);
    zj_json_kint(&call->json, "refused", counts.refused);
    zj_json_key(&call->json, "faults");
    zj_json_raw(&call->json, zj_buf_all(&faults));
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

const struct zj_route zj_routes_ingest[] = {
    {.method = ZJ_POST,
     .path = "/api/v1/ingest",
     .en = "Observations of a sensor or EVE events of Suricata, as JSON Lines; a token with scope "
           "ingest",
     .zh = "探针上报观测，或 Suricata 的 EVE 事件（JSON Lines），须用带 ingest 用途的令牌",
     .need = ZJ_NEED_INGEST,
     .body = ZJ_BODY_FILE,
     .flags = ZJ_ROUTE_SLOW,
     .answer = "{facts, skipped, refused, faults}",
     .handle = ingest},
    {0},
};
