/* An object as JSON and back: the child sends it, the output prints it, the next run reads it. */
#include "inventory/inventory.h"

static void write_proposal(struct zj_json *j, const struct zj_inv_proposal *p)
{
    zj_json_object(j);
    zj_json_kstr(j, "type", p->type);
    zj_json_kstr(j, "state", zj_inv_state_name(p->state));
    zj_json_kstr(j, "category", p->category);
    zj_json_kstr(j, "grade", zj_inv_grade_name(p->grade));
    zj_json_kbool(j, "personal", p->is_personal);
    zj_json_kbool(j, "sensitive", p->is_sensitive);
    zj_json_kint(j, "hits", (int64_t)p->hits);
    zj_json_kfixed(j, "ratio", (int64_t)(p->ratio * 10000 + 0.5), 4);
    zj_json_kfixed(j, "bound", (int64_t)(p->bound * 10000 + 0.5), 4);
    if (p->subjects)
        zj_json_kint(j, "subjects", (int64_t)p->subjects);
    zj_json_kstr(j, "why", p->why);
    zj_json_kstr(j, "why_zh", p->why_zh);
    zj_json_object_end(j);
}

static void write_column(struct zj_json *j, const struct zj_inv_column *col)
{
    zj_json_object(j);
    zj_json_kstr(j, "name", col->name);
    if (col->data_type)
        zj_json_kstr(j, "data_type", col->data_type);
    if (col->comment)
        zj_json_kstr(j, "comment", col->comment);
    zj_json_kint(j, "values", (int64_t)col->values);
    zj_json_kint(j, "sampled", (int64_t)col->sampled);
    zj_json_kint(j, "distinct", (int64_t)col->distinct);
    if (col->is_unread)
        zj_json_kbool(j, "unread", true);
    zj_json_key(j, "proposals");
    zj_json_array(j);
    for (size_t i = 0; i < col->proposal_count; i++)
        write_proposal(j, &col->proposals[i]);
    zj_json_array_end(j);
    zj_json_key(j, "samples");
    zj_json_array(j);
    for (size_t i = 0; i < col->sample_count; i++)
        zj_json_str(j, col->samples[i]);
    zj_json_array_end(j);
    zj_json_object_end(j);
}

void zj_inv_object_write(struct zj_json *j, const struct zj_inv_object *object)
{
    zj_json_object(j);
    zj_json_kstr(j, "source", object->source);
    zj_json_kstr(j, "path", object->path);
    zj_json_kstr(j, "kind", object->kind);
    if (object->comment)
        zj_json_kstr(j, "comment", object->comment);
    if (object->view_of)
        zj_json_kstr(j, "view_of", object->view_of);
    zj_json_kint(j, "rows", (int64_t)object->rows);
    if (object->is_estimate)
        zj_json_kbool(j, "rows_estimated", true);
    if (object->is_least)
        zj_json_kbool(j, "rows_at_least", true);
    if (object->is_partial)
        zj_json_kbool(j, "partial", true);
    zj_json_kint(j, "bytes", (int64_t)object->bytes);
    zj_json_kstr(j, "grade", zj_inv_grade_name(object->grade));
    zj_json_kbool(j, "personal", object->is_personal);
    zj_json_kbool(j, "sensitive", object->is_sensitive);
    zj_json_kint(j, "subjects", (int64_t)object->subjects);
    if (object->grade_why) {
        zj_json_kstr(j, "grade_why", object->grade_why);
        zj_json_kstr(j, "grade_why_zh", object->grade_why_zh);
    }
    zj_json_key(j, "columns");
    zj_json_array(j);
    for (size_t i = 0; i < object->column_count; i++)
        write_column(j, &object->columns[i]);
    zj_json_array_end(j);
    zj_json_object_end(j);
}

/* --- and back ------------------------------------------------------------------------------------
 */
static const char *text_of(struct zj_job *job, const struct zj_jval *object, const char *key)
{
    const char *text = zj_jval_cstr(zj_jval_get(object, key), NULL);
    return text ? zj_arena_strdup(&job->arena, text) : NULL;
}

static uint64_t count_of(const struct zj_jval *object, const char *key)
{
    const int64_t value = zj_jval_int(zj_jval_get(object, key), 0);
    return value > 0 ? (uint64_t)value : 0;
}

static int grade_of(const struct zj_jval *object)
{
    const char *name = zj_jval_cstr(zj_jval_get(object, "grade"), "");
    for (int grade = 1; grade <= ZJ_INV_GRADE_CORE; grade++)
        if (strcmp(name, zj_inv_grade_name(grade)) == 0)
            return grade;
    return 0;
}

static double share_of(const struct zj_jval *object, const char *key)
{
    const double value = zj_jval_num(zj_jval_get(object, key), 0);
    return value > 0 ? value < 1 ? value : 1 : 0;
}

static bool read_proposal(struct zj_job *job, const struct zj_jval *v, struct zj_inv_proposal *out)
{
    const char *type = text_of(job, v, "type");
    const char *state = zj_jval_cstr(zj_jval_get(v, "state"), "");
    if (!type || !zj_inv_type_is_known(type))
        return false;
    *out = (struct zj_inv_proposal){
        .type = type,
        .state = ZJ_INV_SUSPECTED,
        .category = text_of(job, v, "category"),
        .grade = grade_of(v),
        .is_personal = zj_jval_bool(zj_jval_get(v, "personal"), false),
        .is_sensitive = zj_jval_bool(zj_jval_get(v, "sensitive"), false),
        .hits = count_of(v, "hits"),
        .ratio = share_of(v, "ratio"),
        .bound = share_of(v, "bound"),
        .subjects = count_of(v, "subjects"),
        .why = text_of(job, v, "why"),
        .why_zh = text_of(job, v, "why_zh"),
    };
    out->category = out->category ? out->category : "";
    out->why = out->why ? out->why : "";
    out->why_zh = out->why_zh ? out->why_zh : "";
    for (int s = ZJ_INV_SUSPECTED; s <= ZJ_INV_CONFIRMED; s++)
        if (strcmp(state, zj_inv_state_name((enum zj_inv_state)s)) == 0)
            out->state = (enum zj_inv_state)s;
    return true;
}

static void read_column(struct zj_job *job, const struct zj_jval *v, struct zj_inv_column *out)
{
    *out = (struct zj_inv_column){
        .name = text_of(job, v, "name"),
        .data_type = text_of(job, v, "data_type"),
        .comment = text_of(job, v, "comment"),
        .values = count_of(v, "values"),
        .sampled = count_of(v, "sampled"),
        .distinct = count_of(v, "distinct"),
        .is_unread = zj_jval_bool(zj_jval_get(v, "unread"), false),
    };
    out->name = out->name ? out->name : "";
    const struct zj_jval *p = zj_jval_first(zj_jval_get(v, "proposals"));
    for (; p && out->proposal_count < ZJ_INV_PROPOSALS_MAX; p = zj_jval_next(p))
        out->proposal_count += read_proposal(job, p, &out->proposals[out->proposal_count]);
    const struct zj_jval *s = zj_jval_first(zj_jval_get(v, "samples"));
    for (; s && out->sample_count < ZJ_INV_SAMPLES_MAX; s = zj_jval_next(s))
        if (zj_jval_type(s) == ZJ_J_STRING)
            out->samples[out->sample_count++] = zj_arena_strdup(&job->arena, zj_jval_cstr(s, ""));
}

zj_err zj_inv_object_read(struct zj_job *job, const struct zj_jval *value,
                          struct zj_inv_object *out)
{
    const struct zj_jval *columns = zj_jval_get(value, "columns");
    struct zj_inv_object object = {
        .source = text_of(job, value, "source"),
        .path = text_of(job, value, "path"),
        .kind = text_of(job, value, "kind"),
        .comment = text_of(job, value, "comment"),
        .view_of = text_of(job, value, "view_of"),
        .rows = count_of(value, "rows"),
        .bytes = count_of(value, "bytes"),
        .is_estimate = zj_jval_bool(zj_jval_get(value, "rows_estimated"), false),
        .is_least = zj_jval_bool(zj_jval_get(value, "rows_at_least"), false),
        .is_partial = zj_jval_bool(zj_jval_get(value, "partial"), false),
        .grade = grade_of(value),
        .is_personal = zj_jval_bool(zj_jval_get(value, "personal"), false),
        .is_sensitive = zj_jval_bool(zj_jval_get(value, "sensitive"), false),
        .subjects = count_of(value, "subjects"),
        .grade_why = text_of(job, value, "grade_why"),
        .grade_why_zh = text_of(job, value, "grade_why_zh"),
    };
    if (!object.source || !object.path || !object.kind || zj_jval_type(columns) != ZJ_J_ARRAY)
        return zj_fail(job, ZJ_EINPUT, zj_tr(job, "no object of an inventory", "不是盘点结果对象"));
    struct zj_inv_column *cols =
        zj_arena_alloc(&job->arena, (zj_jval_count(columns) + 1) * sizeof *cols);
    for (const struct zj_jval *c = zj_jval_first(columns); c; c = zj_jval_next(c))
        read_column(job, c, &cols[object.column_count++]);
    object.columns = cols;
    *out = object;
    return ZJ_OK;
}
