/* What time alone brings about: evidence that ran out, a report that is no longer valid. An action
 * with ZJ_ACT_BY_TIME is tried on every case of its states; its guard says whether it is time. */
#include "base/clock.h"
#include "work/blob.h"
#include "work/case.h"

enum { TRIED_MAX = 20000 };
#define KEYS_KEPT_US (INT64_C(7) * 86400 * 1000000)

struct due {
    int64_t *ids, *orgs;
    size_t count;
};

static zj_err find_cases(struct zj_job *job, struct zj_store *store,
                         const struct zj_case_type *type, const char *state, struct due *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT id, org_id FROM work_case WHERE type = $1 AND state = $2"
                                  " ORDER BY id LIMIT 20000",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, type->name);
    zj_stmt_bind_str(stmt, 2, state);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row && out->count < TRIED_MAX) {
        out->ids[out->count] = zj_stmt_int(stmt, 0);
        out->orgs[out->count++] = zj_stmt_int(stmt, 1);
    }
    return err;
}

static zj_err try_all(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                      const char *action, const struct due *due, int64_t *done)
{
    const struct zj_work_deed deed = {.action = action};
    for (size_t i = 0; i < due->count; i++) {
        struct zj_desk desk = {.job = job,
                               .store = store,
                               .work = work,
                               .who = {.org_id = due->orgs[i], .login = "zhuji", .may_act = true}};
        zj_err err = zj_work_do(&desk, due->ids[i], &deed);
        if (!err)
            ++*done;
        else if (err != ZJ_EREFUSED && err != ZJ_ECONFLICT)
            return err;
        zj_job_clear(job);
        if (zj_is_interrupted(job))
            return ZJ_EINTR;
    }
    return ZJ_OK;
}

/* A request that comes again after a week is a new one. */
static zj_err forget_keys(struct zj_job *job, struct zj_store *store)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = zj_store_prepare(job, store, "DELETE FROM work_once WHERE at < $1", &stmt);
    if (!err) {
        zj_stmt_bind_int(stmt, 1, zj_now_us(job) - KEYS_KEPT_US);
        err = zj_stmt_run(job, stmt);
    }
    return zj_store_end(job, store, err);
}

zj_err zj_work_tick(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                    int64_t *out_done)
{
    ZJ_AUTO(zj_freep) int64_t *ids = zj_alloc(TRIED_MAX * sizeof *ids);
    ZJ_AUTO(zj_freep) int64_t *orgs = zj_alloc(TRIED_MAX * sizeof *orgs);
    zj_err err = forget_keys(job, store);
    if (!err)
        err = zj_blobs_seal(job, store);
    *out_done = 0;
    for (size_t t = 0; t < zj_case_type_count && !err; t++) {
        const struct zj_case_type *type = zj_case_types[t];
        for (size_t a = 0; type->actions[a].name && !err; a++) {
            const char *states = type->actions[a].from;
            struct zj_span state;
            while (type->actions[a].flags & ZJ_ACT_BY_TIME && !err &&
                   zj_word_next(&states, &state)) {
                struct due due = {ids, orgs, 0};
                err = find_cases(job, store, type, zj_arena_span(&job->arena, state), &due);
                if (!err)
                    err = try_all(job, store, work, type->actions[a].name, &due, out_done);
            }
        }
    }
    return err;
}
