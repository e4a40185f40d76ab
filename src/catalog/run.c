/* From results of an inventory to rows. Each object is one transaction: what was read before an
 * interruption stays. */
#include "base/clock.h"
#include "catalog/offer.h"
#include "catalog/settle.h"
#include "catalog/subjects.h"

enum { PLANNER_OBJECTS = 500 };

struct zj_catalog_run {
    struct zj_inv_sink sink;
    struct zj_job *job;
    struct zj_store *store;
    int64_t id, org_id;
    bool goes_on;      /* with a run that did not end */
    const char *rules; /* their version; borrowed */
    struct zj_inv_classes *classes;
};

static zj_err insert_run(struct zj_catalog_run *run, const struct zj_catalog_sheet *sheet)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_job *job = run->job;
    int year, month, day;
    zj_date_split(zj_date_of_time(zj_now_ns(job)), &year, &month, &day);
    zj_err err = zj_store_prepare(
        job, run->store,
        "INSERT INTO inv_run (org_id, year, scope, process, operators, rules, state, started_at, "
        "ended_at, files, skipped, objects, columns, found, unread, bytes) VALUES ($1, $2, $3, $4, "
        "$5, $6, 'running', $7, 0, 0, 0, 0, 0, 0, 0, 0)",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, sheet->org_id);
    zj_stmt_bind_int(stmt, 2, sheet->year ? sheet->year : year);
    zj_stmt_bind_str(stmt, 3, sheet->scope);
    zj_stmt_bind_str(stmt, 4, sheet->process ? sheet->process : "");
    zj_stmt_bind_str(stmt, 5, sheet->operators ? sheet->operators : job->actor);
    zj_stmt_bind_str(stmt, 6, run->rules);
    zj_stmt_bind_int(stmt, 7, zj_now_us(job));
    err = zj_stmt_run(job, stmt);
    run->id = zj_store_last_id(run->store);
    return err;
}

/* run->goes_on says whether there is one. */
static zj_err find_open_run(struct zj_catalog_run *run, int64_t org_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(run->job, run->store,
                                  "SELECT id FROM inv_run WHERE org_id = $1 AND state IN "
                                  "('running', 'interrupted') ORDER BY id DESC LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    err = zj_stmt_step(run->job, stmt, &run->goes_on);
    if (!err && run->goes_on)
        run->id = zj_stmt_int(stmt, 0);
    return err;
}

/* --- the sink ------------------------------------------------------------------------------------
 */
/* Of two readings that both broke off, what was found stays; rows are counted whatever columns may
 * not be read. */
#define BETTER(col, by)                                                                            \
    col " = CASE WHEN excluded.is_partial = 1 AND inv_object." by " > excluded." by                \
        " THEN inv_object." col " ELSE excluded." col " END, "
#define BETTER_ROWS(col)                                                                           \
    col " = CASE WHEN $20 = 1 AND inv_object.row_count > excluded.row_count THEN inv_object." col  \
        " ELSE excluded." col " END, "

static bool lacks_columns(const struct zj_inv_object *object)
{
    for (size_t i = 0; i < object->column_count; i++)
        if (object->columns[i].is_unread)
            return true;
    return false;
}

static zj_err put_object(struct zj_catalog_run *run, const struct zj_inv_object *o, int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        run->job, run->store,
        "INSERT INTO inv_object (org_id, source, path, kind, comment, row_count, bytes, "
        "is_estimate, grade, is_personal, is_sensitive, subjects, grade_why, grade_why_zh, "
        "first_run, last_run, seen_at, view_of, is_least, is_partial) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7, $8, $9, $10, $11, $12, $13, $16, $14, $14, $15, $17, $18, $19) "
        "ON CONFLICT (org_id, source, path) DO UPDATE SET kind = excluded.kind, comment = "
        "excluded.comment, view_of = excluded.view_of, is_partial = excluded.is_partial, "
        BETTER_ROWS("is_estimate") BETTER_ROWS("is_least") BETTER_ROWS("row_count")
            BETTER_ROWS("bytes") BETTER("grade_why", "grade") BETTER("grade_why_zh", "grade") BETTER("grade", "grade")
                BETTER("is_personal", "is_personal") BETTER("is_sensitive", "is_sensitive") BETTER(
                    "subjects",
                    "subjects") "is_gone = 0, is_kept = 0, last_run = excluded.last_run, seen_at = "
                                "excluded.seen_at RETURNING id",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->org_id);
    zj_stmt_bind_str(stmt, 2, o->source);
    zj_stmt_bind_str(stmt, 3, o->path);
    zj_stmt_bind_str(stmt, 4, o->kind);
    zj_stmt_bind_str(stmt, 5, o->comment ? o->comment : "");
    zj_stmt_bind_int(stmt, 6, (int64_t)o->rows);
    zj_stmt_bind_int(stmt, 7, (int64_t)o->bytes);
    zj_stmt_bind_int(stmt, 8, o->is_estimate);
    zj_stmt_bind_int(stmt, 9, o->grade);
    zj_stmt_bind_int(stmt, 10, o->is_personal);
    zj_stmt_bind_int(stmt, 11, o->is_sensitive);
    zj_stmt_bind_int(stmt, 12, (int64_t)o->subjects);
    zj_stmt_bind_str(stmt, 13, o->grade_why ? o->grade_why : "");
    zj_stmt_bind_int(stmt, 14, run->id);
    zj_stmt_bind_int(stmt, 15, zj_now_us(run->job));
    zj_stmt_bind_str(stmt, 16, o->grade_why_zh ? o->grade_why_zh : "");
    zj_stmt_bind_str(stmt, 17, o->view_of ? o->view_of : "");
    zj_stmt_bind_int(stmt, 18, o->is_least);
    zj_stmt_bind_int(stmt, 19, o->is_partial || lacks_columns(o));
    zj_stmt_bind_int(stmt, 20, o->is_partial);
    err = zj_stmt_step(run->job, stmt, &has_row);
    if (!err)
        *out_id = zj_stmt_int(stmt, 0);
    return err;
}

/* A verdict stays, also when the column was gone and comes back. It is offered again where the
 * rules are others than those it was given under and now propose something else; a column without
 * verdict is offered as long as something is proposed. */
#define SAID(col)                                                                                  \
    "WHEN inv_column.is_gone = 1 THEN COALESCE((SELECT v." col " FROM inv_verdict v WHERE v.id = " \
    "inv_column.verdict_id), excluded." col ") "
static const char put_column_sql[] =
    "INSERT INTO inv_column (org_id, object_id, name, data_type, comment, value_count, sampled, "
    "distinct_count, type, state, category, grade, is_personal, is_sensitive, ratio, bound, "
    "subjects, why, why_zh, others, samples, rules, last_run, verdict, verdict_id, final_type, "
    "final_grade, final_category, final_personal, final_sensitive, is_offered) VALUES ($1, $2, $3, "
    "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $23, $19, $20, $21, $22, "
    "'', 0, $9, $12, $11, $13, $14, CASE WHEN $9 = '' THEN 0 ELSE 1 END) "
    "ON CONFLICT (object_id, name) DO UPDATE SET data_type = excluded.data_type, comment = "
    "excluded.comment, value_count = excluded.value_count, sampled = excluded.sampled, "
    "distinct_count = excluded.distinct_count, type = excluded.type, state = excluded.state, "
    "category = excluded.category, grade = excluded.grade, is_personal = excluded.is_personal, "
    "is_sensitive = excluded.is_sensitive, ratio = excluded.ratio, bound = excluded.bound, "
    "subjects = excluded.subjects, why = excluded.why, why_zh = excluded.why_zh, others = "
    "excluded.others, samples = "
    "excluded.samples, rules = excluded.rules, last_run = excluded.last_run, "
    "is_gone = 0, "
    "final_type = CASE WHEN inv_column.verdict = '' THEN excluded.type " SAID(
        "type") "ELSE inv_column.final_type END, "
                "final_grade = CASE WHEN inv_column.verdict = '' THEN excluded.grade " SAID(
                    "grade") "ELSE inv_column.final_grade END, "
                             "final_category = CASE WHEN inv_column.verdict = '' THEN "
                             "excluded.category ELSE "
                             "inv_column.final_category END, "
                             "final_personal = CASE WHEN inv_column.verdict = '' THEN "
                             "excluded.is_personal ELSE "
                             "inv_column.final_personal END, "
                             "final_sensitive = CASE WHEN inv_column.verdict = '' THEN "
                             "excluded.is_sensitive ELSE "
                             "inv_column.final_sensitive END, "
                             "is_offered = CASE WHEN inv_column.verdict = '' THEN "
                             "excluded.is_offered "
                             "WHEN EXISTS (SELECT 1 FROM inv_verdict v WHERE v.id = "
                             "inv_column.verdict_id AND v.rules <> "
                             "excluded.rules AND (v.proposed_type <> excluded.type OR "
                             "v.proposed_grade <> "
                             "excluded.grade)) THEN 1 ELSE 0 END";

/* The rejection of other types says nothing of this one. */
static zj_err forget_rejected(struct zj_catalog_run *run, int64_t object_id,
                              const struct zj_inv_column *col)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(run->job, run->store,
                                        "UPDATE inv_column SET verdict = '', verdict_id = 0 WHERE "
                                        "object_id = $1 AND name = $2 AND verdict = 'reject'",
                                        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    zj_stmt_bind_str(stmt, 2, col->name);
    return zj_stmt_run(run->job, stmt);
}

static zj_err put_offer(struct zj_catalog_run *run, int64_t object_id,
                        const struct zj_inv_column *col, const struct zj_offer *offer)
{
    static const struct zj_inv_proposal none = {.type = "", .category = "", .why = ""};
    const struct zj_inv_proposal *p = offer->first ? offer->first : &none;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf samples = {0};
    zj_err err = zj_store_prepare(run->job, run->store, put_column_sql, &stmt);
    if (err)
        return err;
    if (p == &col->proposals[0]) /* samples are of the strongest type */
        for (size_t i = 0; i < col->sample_count; i++)
            zj_buf_printf(&samples, "%s%s", i ? "\n" : "", col->samples[i]);
    zj_stmt_bind_int(stmt, 1, run->org_id);
    zj_stmt_bind_int(stmt, 2, object_id);
    zj_stmt_bind_str(stmt, 3, col->name);
    zj_stmt_bind_str(stmt, 4, col->data_type ? col->data_type : "");
    zj_stmt_bind_str(stmt, 5, col->comment ? col->comment : "");
    zj_stmt_bind_int(stmt, 6, (int64_t)col->values);
    zj_stmt_bind_int(stmt, 7, (int64_t)col->sampled);
    zj_stmt_bind_int(stmt, 8, (int64_t)col->distinct);
    zj_stmt_bind_str(stmt, 9, p->type);
    zj_stmt_bind_str(stmt, 10, col->proposal_count ? zj_inv_state_name(p->state) : "");
    zj_stmt_bind_str(stmt, 11, p->category);
    zj_stmt_bind_int(stmt, 12, p->grade);
    zj_stmt_bind_int(stmt, 13, p->is_personal);
    zj_stmt_bind_int(stmt, 14, p->is_sensitive);
    zj_stmt_bind_double(stmt, 15, p->ratio);
    zj_stmt_bind_double(stmt, 16, p->bound);
    zj_stmt_bind_int(stmt, 17, (int64_t)p->subjects);
    zj_stmt_bind_str(stmt, 18, p->why ? p->why : "");
    zj_stmt_bind_span(stmt, 19, zj_buf_all(&offer->others));
    zj_stmt_bind_str(stmt, 20, zj_buf_cstr(&samples));
    zj_stmt_bind_str(stmt, 21, run->rules);
    zj_stmt_bind_int(stmt, 22, run->id);
    zj_stmt_bind_str(stmt, 23, p->why_zh ? p->why_zh : "");
    return zj_stmt_run(run->job, stmt);
}

static zj_err put_column(struct zj_catalog_run *run, int64_t object_id,
                         const struct zj_inv_column *col)
{
    ZJ_AUTO(zj_offer_release) struct zj_offer offer = {0};
    zj_err err = zj_offer_pick(run->job, run->store, object_id, run->rules, col, &offer);
    if (!err && offer.is_next)
        err = forget_rejected(run, object_id, col);
    return err ? err : put_offer(run, object_id, col, &offer);
}

static zj_err put_count(struct zj_catalog_run *run, int64_t object_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        run->job, run->store,
        "INSERT INTO inv_count (run_id, object_id, row_count, bytes, subjects, grade, is_partial) "
        "SELECT $1, id, row_count, bytes, subjects, grade, is_partial FROM inv_object WHERE id = "
        "$2 "
        "ON CONFLICT (run_id, object_id) DO UPDATE SET row_count = excluded.row_count, bytes = "
        "excluded.bytes, subjects = excluded.subjects, grade = excluded.grade, is_partial = "
        "excluded.is_partial",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->id);
    zj_stmt_bind_int(stmt, 2, object_id);
    return zj_stmt_run(run->job, stmt);
}

/* An object in the store. */
struct known {
    int64_t id; /* 0: no run met it before */
    bool is_partial;
};

static zj_err find_object(struct zj_catalog_run *run, const struct zj_inv_object *object,
                          struct known *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(
        run->job, run->store,
        "SELECT id, is_partial FROM inv_object WHERE org_id = $1 AND source = $2 AND path = $3",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->org_id);
    zj_stmt_bind_str(stmt, 2, object->source);
    zj_stmt_bind_str(stmt, 3, object->path);
    err = zj_stmt_step(run->job, stmt, &has_row);
    if (!err && has_row)
        *out = (struct known){zj_stmt_int(stmt, 0), zj_stmt_int(stmt, 1) != 0};
    return err;
}

/* What could not be read this time is what it was when it was read; and where reading broke off,
 * the longer reading is known, unless only the shorter one found something. Such a column is seen.
 */
static zj_err keep_column(struct zj_catalog_run *run, int64_t object_id,
                          const struct zj_inv_column *col, bool *out_is_kept)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        run->job, run->store,
        "UPDATE inv_column SET last_run = $3 WHERE object_id = $1 AND name = $2 AND is_gone = 0 "
        "AND ($4 = 1 OR (sampled > $5 AND (type <> '' OR $6 = 0))) RETURNING id",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    zj_stmt_bind_str(stmt, 2, col->name);
    zj_stmt_bind_int(stmt, 3, run->id);
    zj_stmt_bind_int(stmt, 4, col->is_unread);
    zj_stmt_bind_int(stmt, 5, (int64_t)col->sampled);
    zj_stmt_bind_int(stmt, 6, col->proposal_count > 0);
    return zj_stmt_step(run->job, stmt, out_is_kept);
}

static zj_err put_columns(struct zj_catalog_run *run, int64_t object_id,
                          const struct zj_inv_object *object)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < object->column_count; i++) {
        const struct zj_inv_column *col = &object->columns[i];
        bool is_kept = false;
        if (col->is_unread || object->is_partial)
            err = keep_column(run, object_id, col, &is_kept);
        if (!err && !is_kept)
            err = put_column(run, object_id, col);
    }
    return err;
}

/* A column that a whole reading did not meet is there no more: nothing follows from it. */
static zj_err mark_gone(struct zj_catalog_run *run, int64_t object_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(
        run->job, run->store,
        "UPDATE inv_column SET is_gone = 1, is_offered = 0, final_type = '', final_grade = 0, "
        "final_category = '', final_personal = 0, final_sensitive = 0 WHERE object_id = $1 AND "
        "last_run < $2 AND is_gone = 0",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    zj_stmt_bind_int(stmt, 2, run->id);
    return zj_stmt_run(run->job, stmt);
}

static zj_err take_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct zj_catalog_run *run = ctx;
    struct known known = {0};
    int64_t id = 0;
    zj_err err = object->is_partial ? find_object(run, object, &known) : ZJ_OK;
    if (err || (known.id && !known.is_partial)) /* the part says less than is known */
        return err;
    err = zj_store_begin_relaxed(job, run->store);
    if (!err)
        err = put_object(run, object, &id);
    if (!err)
        err = put_columns(run, id, object);
    if (!err && !object->is_partial)
        err = mark_gone(run, id);
    if (!err)
        err = put_count(run, id);
    if (!err)
        err = zj_subjects_put(job, run->store, id, object,
                              object->is_partial || lacks_columns(object));
    if (!err)
        err = zj_settle_adopt(job, run->store, id);
    if (!err)
        err = zj_settle_object(job, run->store, run->classes, id);
    if (!err)
        err = zj_store_mark_dirty(job, run->store, "inv_column", ZJ_SPAN_LIT(""));
    return zj_store_end(job, run->store, err);
}

static zj_err take_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    struct zj_catalog_run *run = ctx;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, run->store,
                                  "INSERT INTO inv_unread (run_id, org_id, place, reason) "
                                  "VALUES ($1, $2, $3, $4)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->id);
    zj_stmt_bind_int(stmt, 2, run->org_id);
    zj_stmt_bind_str(stmt, 3, place);
    zj_stmt_bind_str(stmt, 4, reason);
    return zj_stmt_run(job, stmt);
}

static zj_err take_finished(struct zj_job *job, void *ctx, const struct zj_inv_part *part)
{
    struct zj_catalog_run *run = ctx;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, run->store,
                                  "INSERT INTO inv_file (org_id, place, state, run_id, bytes, "
                                  "is_table) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, "
                                  "place) DO UPDATE SET state = excluded.state, run_id = "
                                  "excluded.run_id, bytes = excluded.bytes, is_table = "
                                  "excluded.is_table",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->org_id);
    zj_stmt_bind_str(stmt, 2, part->place);
    zj_stmt_bind_str(stmt, 3, part->state);
    zj_stmt_bind_int(stmt, 4, run->id);
    zj_stmt_bind_int(stmt, 5, (int64_t)part->bytes);
    zj_stmt_bind_int(stmt, 6, part->is_table);
    return zj_stmt_run(job, stmt);
}

/* The objects of an unchanged file belong to this run too, and were seen by it. */
static zj_err carry_over(struct zj_catalog_run *run, const char *place)
{
    static const char *const steps[] = {
        "UPDATE inv_object SET last_run = $1, seen_at = $4, is_gone = 0, is_kept = 0 WHERE org_id = "
        "$2 AND (path = $3 OR substr(path, 1, length($3) + 1) = $3 || '!')",
        "INSERT INTO inv_count (run_id, object_id, row_count, bytes, subjects, grade, is_partial) "
        "SELECT $1, id, row_count, bytes, subjects, grade, is_partial FROM inv_object WHERE "
        "org_id = $2 AND "
        "last_run = $1 AND (path = $3 OR substr(path, 1, length($3) + 1) = $3 || '!') "
        "ON CONFLICT (run_id, object_id) DO NOTHING",
    };
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < ZJ_COUNT(steps); i++) {
        ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
        err = zj_store_prepare(run->job, run->store, steps[i], &stmt);
        if (err)
            break;
        zj_stmt_bind_int(stmt, 1, run->id);
        zj_stmt_bind_int(stmt, 2, run->org_id);
        zj_stmt_bind_str(stmt, 3, place);
        if (i == 0)
            zj_stmt_bind_int(stmt, 4, zj_now_us(run->job));
        err = zj_stmt_run(run->job, stmt);
    }
    return err;
}

static bool is_known(void *ctx, const struct zj_inv_part *part)
{
    struct zj_catalog_run *run = ctx;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    if (zj_store_prepare(run->job, run->store,
                         "SELECT 1 FROM inv_file WHERE org_id = $1 AND place = $2 AND state = $3 "
                         "AND ($4 = 0 OR run_id = $4)",
                         &stmt))
        return false;
    zj_stmt_bind_int(stmt, 1, run->org_id);
    zj_stmt_bind_str(stmt, 2, part->place);
    zj_stmt_bind_str(stmt, 3, part->state);
    zj_stmt_bind_int(stmt, 4, part->is_table ? run->id : 0);
    return !zj_stmt_step(run->job, stmt, &has_row) && has_row &&
           (part->is_table || !carry_over(run, part->place));
}

/* What could not be read is tried again by a run that goes on, and told again where it still fails.
 */
static zj_err forget_unread(struct zj_catalog_run *run)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err =
        zj_store_prepare(run->job, run->store, "DELETE FROM inv_unread WHERE run_id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->id);
    return zj_stmt_run(run->job, stmt);
}

/* --- the run -------------------------------------------------------------------------------------
 */
void zj_catalog_run_free(struct zj_catalog_run *run)
{
    if (run)
        zj_inv_classes_close(run->classes);
    free(run);
}

zj_err zj_catalog_begin(struct zj_job *job, struct zj_store *store,
                        const struct zj_catalog_sheet *sheet, struct zj_catalog_run **out_run)
{
    struct zj_catalog_run *run = zj_alloc(sizeof *run);
    *run = (struct zj_catalog_run){
        .sink = {.object = take_object,
                 .unread = take_unread,
                 .finished = take_finished,
                 .is_known = is_known},
        .job = job,
        .store = store,
        .org_id = sheet->org_id,
        .rules = sheet->rules,
    };
    run->sink.ctx = run;
    zj_err err = zj_inv_classes_open(job, &run->classes);
    if (!err && sheet->resumes)
        err = find_open_run(run, sheet->org_id);
    if (!err)
        err = run->goes_on ? forget_unread(run) : insert_run(run, sheet);
    if (err)
        zj_catalog_run_free(run);
    else
        *out_run = run;
    return err;
}

const struct zj_inv_sink *zj_catalog_sink(struct zj_catalog_run *run)
{
    return &run->sink;
}

bool zj_catalog_goes_on(const struct zj_catalog_run *run)
{
    return run->goes_on;
}

static zj_err close_sheet(struct zj_job *job, struct zj_catalog_run *run,
                          const struct zj_inv_totals *totals, const char *state)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, run->store,
        "UPDATE inv_run SET state = $2, ended_at = $3, "
        "files = (SELECT count(*) FROM inv_file WHERE run_id = $1 AND is_table = 0), "
        /* of a run that goes on: what it read before is known, but not passed over */
        "skipped = $4 + $5 - (SELECT count(*) FROM inv_file WHERE run_id = $1 AND is_table = 0), "
        "objects = (SELECT count(*) FROM inv_count WHERE run_id = $1), "
        "columns = (SELECT count(*) FROM inv_column c JOIN inv_count n ON n.object_id = "
        "c.object_id WHERE n.run_id = $1 AND c.is_gone = 0), "
        "found = (SELECT count(*) FROM inv_column c JOIN inv_count n ON n.object_id = "
        "c.object_id WHERE n.run_id = $1 AND c.type <> '' AND c.is_gone = 0), "
        "unread = (SELECT count(*) FROM inv_unread WHERE run_id = $1), bytes = (SELECT "
        "COALESCE(sum(bytes), 0) FROM inv_file WHERE run_id = $1) WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, run->id);
    zj_stmt_bind_str(stmt, 2, state);
    zj_stmt_bind_int(stmt, 3, zj_now_us(job));
    zj_stmt_bind_int(stmt, 4, (int64_t)totals->files);
    zj_stmt_bind_int(stmt, 5, (int64_t)totals->skipped);
    return zj_stmt_run(job, stmt);
}

/* Counts of a large run make other ways through the tables the better ones. That they cannot be
 * written down now, because somebody else writes, is no fault of the run. */
static void tell_planner(struct zj_job *job, struct zj_store *store,
                         const struct zj_inv_totals *totals)
{
    static const char *const tables[] = {"inv_object", "inv_column", "inv_count", "inv_unread"};
    if (totals->objects + totals->skipped < PLANNER_OBJECTS)
        return;
    for (size_t i = 0; i < ZJ_COUNT(tables); i++)
        if (zj_store_exec(job, store, zj_arena_printf(&job->arena, "ANALYZE %s", tables[i])))
            zj_job_clear(job);
}

zj_err zj_catalog_end(struct zj_job *job, struct zj_catalog_run *run,
                      const struct zj_inv_totals *totals, zj_err ended)
{
    const char *state = !ended ? "done" : ended == ZJ_EINPUT ? "partial" : "interrupted";
    const struct zj_audit_entry entry = {
        .org_id = run->org_id,
        .action = "inventory",
        .object = "inv_run",
        .row_id = run->id,
        .note = zj_span_str(state),
    };
    zj_err err = zj_store_begin(job, run->store);
    if (!err)
        err = close_sheet(job, run, totals, state);
    if (!err && (!ended || ended == ZJ_EINPUT)) /* else it did not go over all */
        err = zj_settle_unseen(job, run->store, run->id);
    if (!err)
        err = zj_settle_twins(job, run->store, run->org_id);
    if (!err)
        err = zj_subjects_sum(job, run->store, run->org_id);
    if (!err)
        err = zj_audit_append(job, run->store, &entry);
    if (!err) /* rules compare runs that have ended */
        err = zj_store_mark_dirty(job, run->store, "inv_column", ZJ_SPAN_LIT(""));
    err = zj_store_end(job, run->store, err);
    if (!err)
        tell_planner(job, run->store, totals);
    zj_catalog_run_free(run);
    return err;
}
