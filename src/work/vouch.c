/* Clocks whose rule is marked unverified: off, and shown as to be confirmed, until somebody vouches
 * for them in this store. */
#include <string.h>

#include "work/case.h"

static const char prefix[] = "clock.";

zj_err zj_clock_is_on(struct zj_job *job, struct zj_store *store, const struct zj_clock_rule *rule,
                      bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    *out = true;
    if (zj_mark_is_on(rule->mark))
        return ZJ_OK;
    zj_err err = zj_store_prepare(
        job, store, "SELECT 1 FROM work_confirmed WHERE type = $1 AND key = $2", &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, rule->type);
    zj_stmt_bind_str(s, 2, rule->key);
    return zj_stmt_step(job, s, out);
}

/* "clock.threat_notice.D30-appeal" */
static const char *id_of(struct zj_job *job, const struct zj_clock_rule *rule)
{
    return zj_arena_printf(&job->arena, "%s%s.%s", prefix, rule->type, rule->key);
}

zj_err zj_work_unverified(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                          const char *type, struct zj_json *out)
{
    zj_err err = ZJ_OK;
    zj_json_array(out);
    for (size_t i = 0; i < work->clock_count && !err; i++) {
        const struct zj_clock_rule *rule = &work->clocks[i];
        const struct zj_case_type *of = zj_case_type_find(rule->type);
        bool is_on;
        if (zj_mark_is_on(rule->mark) || (type && strcmp(rule->type, type) != 0))
            continue;
        err = zj_clock_is_on(job, store, rule, &is_on);
        zj_json_object(out);
        zj_json_kstr(out, "id", id_of(job, rule));
        zj_json_kstr(out, "kind", "clock");
        zj_json_kint(out, "task", of ? of->task : 0);
        zj_json_kstr(out, "type", rule->type);
        zj_json_kstr(out, "zh", rule->zh);
        zj_json_kstr(out, "en", rule->en);
        zj_json_kstr(out, "source", rule->source);
        zj_json_kstr(out, "mark", rule->mark);
        zj_json_kstr(out, "state", is_on ? "on" : "off");
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

bool zj_work_is_clock(const char *id)
{
    return strncmp(id, prefix, strlen(prefix)) == 0;
}

static zj_err write_word(struct zj_job *job, struct zj_store *store,
                         const struct zj_clock_rule *rule, bool is_confirmed)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(
        job, store,
        is_confirmed ? "INSERT INTO work_confirmed (type, key, actor, at) VALUES ($1, $2, $3, $4)"
                       " ON CONFLICT (type, key) DO NOTHING"
                     : "DELETE FROM work_confirmed WHERE type = $1 AND key = $2",
        &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, rule->type);
    zj_stmt_bind_str(s, 2, rule->key);
    if (is_confirmed) {
        zj_stmt_bind_str(s, 3, job->actor ? job->actor : "");
        zj_stmt_bind_int(s, 4, zj_now_us(job));
    }
    return zj_stmt_run(job, s);
}

zj_err zj_work_confirm(struct zj_job *job, struct zj_store *store, const struct zj_work *work,
                       const char *id, bool is_confirmed)
{
    const struct zj_clock_rule *rule = NULL;
    const struct zj_audit_entry entry = {
        .action = is_confirmed ? "confirm" : "unconfirm",
        .object = "work_clock",
        .note = zj_span_str(id),
    };
    for (size_t i = 0; i < work->clock_count && !rule; i++)
        if (strcmp(id_of(job, &work->clocks[i]), id) == 0)
            rule = &work->clocks[i];
    if (!rule)
        return zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no rule '%s'", "没有规则“%s”"), id);
    if (zj_mark_is_on(rule->mark))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%s is marked '%s' and runs as it is",
                             "%s 标注为“%s”，无须确认"),
                       id, rule->mark);
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = write_word(job, store, rule, is_confirmed);
    if (!err)
        err = zj_audit_append(job, store, &entry);
    return zj_store_end(job, store, err);
}
