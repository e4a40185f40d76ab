#include "plan/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/store_place.h"
#include "plan/tables.h"

/* --- SQL ----------------------------------------------------------------------------------------
 */

/* Kinds stand in one cell with ';' between. */
static void put_kinds(struct zj_buf *sql, const struct zj_yaml *kinds)
{
    zj_buf_str(sql, " AND (0 = 1");
    for (const struct zj_yaml *n = kinds->first; n; n = n->next)
        if (strcmp(n->text, "none") == 0)
            zj_buf_str(sql, " OR COALESCE(kinds, '') = ''");
        else
            zj_buf_printf(sql, " OR ';' || kinds || ';' LIKE '%%;%s;%%'", n->text);
    zj_buf_str(sql, ")");
}

static void put_orgs(struct zj_buf *sql, const struct zj_rule *rule,
                     const struct zj_rule_part *part)
{
    zj_buf_str(sql, "(SELECT id, code, name, kinds, created_at FROM reg_organisations"
                    " WHERE deleted_at = 0");
    if (rule->org_kinds)
        put_kinds(sql, rule->org_kinds);
    zj_buf_str(sql, part->org_id ? " AND id = $3)" : ")");
}

/* Dates that rules speak of: {year} and {last_year} in four digits, {year_ago} a day. */
static bool put_date(struct zj_buf *sql, struct zj_span word, int64_t now_ns)
{
    const int32_t today = zj_date_of_time(now_ns);
    char text[ZJ_TIME_TEXT];
    int year, month, day;
    zj_date_split(today, &year, &month, &day);
    if (zj_span_eq_str(word, "today"))
        zj_buf_str(sql, "(SELECT today FROM plan_clock)");
    else if (zj_span_eq_str(word, "soon"))
        zj_buf_str(sql, "(SELECT soon FROM plan_clock)");
    else if (zj_span_eq_str(word, "year"))
        zj_buf_printf(sql, "'%04d'", year);
    else if (zj_span_eq_str(word, "last_year"))
        zj_buf_printf(sql, "'%04d'", year - 1);
    else if (zj_span_eq_str(word, "year_ago"))
        zj_buf_printf(sql, "'%s'", (zj_date_format(zj_date_add_months(today, -12), text), text));
    else if (zj_span_eq_str(word, "half_year_ago"))
        zj_buf_printf(sql, "'%s'", (zj_date_format(zj_date_add_months(today, -6), text), text));
    else if (zj_span_starts(word, ZJ_SPAN_LIT("day:"))) /* the Beijing day of microseconds */
        zj_buf_printf(sql, "date((%.*s) / 1000000 + %d, 'unixepoch')", (int)word.len - 4,
                      (const char *)word.at + 4, ZJ_BEIJING_OFFSET_S);
    else
        return false;
    return true;
}

/* {store:o}: the registered store that the object o of the inventory lies in. */
static bool put_store(struct zj_buf *sql, struct zj_span word)
{
    static const char store_of[] = ZJ_PLACE_STORE("@.source || char(10) || @.path", "@.org_id");
    if (!zj_span_starts(word, ZJ_SPAN_LIT("store:")))
        return false;
    for (const char *at = store_of; *at; at++)
        if (*at == '@' && at[1] == '.')
            zj_buf_span(sql, zj_span_part(word, 6, word.len));
        else
            zj_buf_byte(sql, (uint8_t)*at);
    return true;
}

const char *zj_rule_sql(struct zj_job *job, const struct zj_rule *rule,
                        const struct zj_rule_part *part, int64_t now_ns)
{
    struct zj_buf sql = {0};
    zj_buf_str(&sql, "WITH plan_clock (today, soon) AS (SELECT CAST($1 AS TEXT), CAST($2 AS TEXT))"
                     " SELECT * FROM (");
    for (const char *at = rule->sql; *at;) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        const struct zj_span word = zj_span_of(at + 1, close ? (size_t)(close - at - 1) : 0);
        if (close && zj_span_eq_str(word, "orgs"))
            put_orgs(&sql, rule, part);
        else if (!close || !(put_date(&sql, word, now_ns) || put_store(&sql, word)))
            close = NULL;
        if (close)
            at = close + 1;
        else
            zj_buf_byte(&sql, (uint8_t)*at++);
    }
    zj_buf_str(&sql, ") g");
    if (part->subject)
        zj_buf_str(&sql, " WHERE g.subject = $3");
    zj_buf_str(&sql, " ORDER BY g.org_id, g.subject");
    const char *text = zj_arena_strdup(&job->arena, zj_buf_cstr(&sql));
    zj_buf_release(&sql);
    return text;
}

/* --- which run ----------------------------------------------------------------------------------
 */

/* "cards" is reg_cards; other sources are tables by their own name; "clock" is none. */
static zj_err has_source(struct zj_job *job, struct zj_store *store, const char *source,
                         bool *out_has)
{
    char table[80];
    *out_has = true;
    if (strcmp(source, "clock") == 0)
        return ZJ_OK;
    snprintf(table, sizeof table, "reg_%s", source);
    zj_err err = zj_store_has_table(job, store, table, out_has);
    return err || *out_has ? err : zj_store_has_table(job, store, source, out_has);
}

static zj_err is_confirmed(struct zj_job *job, struct zj_store *store, const char *rule,
                           bool *out_is)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err =
        zj_store_prepare(job, store, "SELECT 1 FROM plan_confirmed WHERE rule = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, rule);
    return zj_stmt_step(job, s, out_is);
}

/* The state of plan_rule; *out_note is the table that is missing or the fault of the SQL. */
static zj_err state_of(struct zj_job *job, struct zj_store *store, const struct zj_rule *rule,
                       const char **out_state, const char **out_note)
{
    bool is_there = true;
    zj_err err = ZJ_OK;
    *out_state = "on";
    *out_note = "";
    for (size_t i = 0; i < rule->input_count && !err && is_there; i++) {
        err = has_source(job, store, rule->inputs[i].source, &is_there);
        if (!is_there) {
            *out_state = "absent";
            *out_note = rule->inputs[i].source;
        }
    }
    if (err || !is_there || strcmp(rule->mark, "unverified") != 0)
        return err;
    err = is_confirmed(job, store, rule->id, &is_there);
    if (!err && !is_there)
        *out_state = "off";
    return err;
}

zj_err zj_rules_mix(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    uint64_t *hash)
{
    char schema[80] = "";
    ZJ_AUTO(zj_buf_release) struct zj_buf meta = {0};
    bool is_there;
    zj_err err = zj_store_meta_get(job, store, "registers_schema", &meta, &is_there);
    if (!err)
        snprintf(schema, sizeof schema, "%s", zj_buf_cstr(&meta));
    for (const char *c = schema; *c; c++)
        *hash = (*hash ^ (uint8_t)*c) * 1099511628211u;
    for (size_t i = 0; i < plan->catalogue_count; i++)
        for (const struct zj_yaml *n = plan->catalogues[i].items->first; n; n = n->next)
            for (const struct zj_yaml *f = n->first; f; f = f->next)
                for (const char *c = f->text; *c; c++)
                    *hash = (*hash ^ (uint8_t)*c) * 1099511628211u;
    for (size_t i = 0; i < plan->rule_count && !err; i++) {
        const char *state, *note;
        err = state_of(job, store, &plan->rules[i], &state, &note);
        for (const char *c = state; *c; c++)
            *hash = (*hash ^ (uint8_t)*c) * 1099511628211u;
    }
    return err;
}

/* A rule whose SELECT this store does not take is told of, not obeyed: others go on. */
static bool is_sound(struct zj_job *job, struct zj_store *store, const struct zj_rule *rule,
                     int64_t now_ns, const char **out_note)
{
    const struct zj_rule_part all = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    if (!zj_store_prepare(job, store, zj_rule_sql(job, rule, &all, now_ns), &s))
        return true;
    *out_note = zj_arena_strdup(&job->arena, job->message);
    zj_job_clear(job);
    return false;
}

static zj_err forget(struct zj_job *job, struct zj_store *store, int64_t now_us)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err =
        zj_store_exec(job, store,
                      "DELETE FROM duty WHERE rule NOT IN"
                      " (SELECT rule FROM plan_rule WHERE state = 'on')");
    if (!err)
        err = zj_store_prepare(job, store,
                               "UPDATE gap SET state = 'closed', closed_at = $1 WHERE state ="
                               " 'open' AND rule NOT IN"
                               " (SELECT rule FROM plan_rule WHERE state = 'on')",
                               &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, now_us);
    return zj_stmt_run(job, s);
}

zj_err zj_rules_settle(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       int64_t now_ns)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_exec(job, store, "DELETE FROM plan_rule");
    if (!err)
        err = zj_store_prepare(job, store,
                               "INSERT INTO plan_rule (rule, state, note) VALUES ($1, $2, $3)", &s);
    for (size_t i = 0; i < plan->rule_count && !err; i++) {
        const struct zj_rule *rule = &plan->rules[i];
        const char *state, *note;
        err = state_of(job, store, rule, &state, &note);
        if (!err && strcmp(state, "absent") != 0 && !is_sound(job, store, rule, now_ns, &note))
            state = "broken";
        if (err)
            break;
        zj_stmt_bind_str(s, 1, rule->id);
        zj_stmt_bind_str(s, 2, state);
        zj_stmt_bind_str(s, 3, note);
        err = zj_stmt_run(job, s);
    }
    return err ? err : forget(job, store, now_ns / 1000);
}

zj_err zj_rules_running(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        const bool **out)
{
    bool *runs = zj_arena_alloc(&job->arena, plan->rule_count * sizeof *runs + 1);
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err =
        zj_store_prepare(job, store, "SELECT rule FROM plan_rule WHERE state = 'on'", &s);
    while (!err && !(err = zj_stmt_step(job, s, &is_row)) && is_row)
        for (size_t i = 0; i < plan->rule_count; i++)
            if (zj_span_eq_str(zj_stmt_text(s, 0), plan->rules[i].id))
                runs[i] = true;
    *out = runs;
    return err;
}

/* --- whose row changed --------------------------------------------------------------------------
 */

static zj_err add_orgs(struct zj_job *job, struct zj_store *store, const char *sql,
                       const char *value, int64_t *orgs, size_t max, size_t *count, bool *fits)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(job, store, sql, &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, value);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        size_t i = 0;
        while (i < *count && orgs[i] != zj_stmt_int(s, 0))
            i++;
        if (i == max)
            *fits = false;
        else if (i == *count)
            orgs[(*count)++] = zj_stmt_int(s, 0);
    }
    return err;
}

zj_err zj_rule_orgs(struct zj_job *job, struct zj_store *store, const char *source, const char *key,
                    const char *value, int64_t *orgs, size_t max, size_t *count, bool *out_fits)
{
    const bool is_org = strcmp(source, "organisations") == 0;
    const bool is_case = strcmp(source, "work_case") == 0;
    const bool is_done = strcmp(source, "plan_done") == 0; /* its key is the organisation */
    const size_t before = *count;
    *out_fits = true;
    if (is_done)
        return add_orgs(job, store,
                        "SELECT id FROM reg_organisations WHERE id = CAST($1 AS INTEGER)", value,
                        orgs, max, count, out_fits);
    if (is_case)
        return add_orgs(job, store, "SELECT org_id FROM work_case WHERE id = CAST($1 AS INTEGER)",
                        value, orgs, max, count, out_fits);
    const char *column = is_org ? "id" : "org_id";
    zj_err err = add_orgs(job, store,
                          zj_arena_printf(&job->arena,
                                          "SELECT %s FROM reg_%s WHERE %s = $1 AND deleted_at = 0",
                                          column, source, key),
                          value, orgs, max, count, out_fits);
    if (err || *count > before) /* a live row: its own index is used */
        return err;
    return add_orgs(job, store,
                    zj_arena_printf(&job->arena,
                                    "SELECT DISTINCT %s FROM reg_%s WHERE %s = $1", column, source,
                                    key),
                    value, orgs, max, count, out_fits);
}
