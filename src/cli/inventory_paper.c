#include "cli/inventory_paper.h"

#include "cli/paper_out.h"

void zj_inventory_paper_release(struct zj_inventory_paper *p)
{
    zj_buf_release(&p->objects);
    zj_buf_release(&p->columns);
    zj_buf_release(&p->unread);
}

/* Further types of running text, as sure as the first; of a column of values the first is the one.
 */
static void write_others(struct zj_json *j, const struct zj_inv_column *col)
{
    zj_json_key(j, "others");
    zj_json_array(j);
    for (size_t i = 1; i < col->proposal_count; i++)
        if (col->proposals[i].state != ZJ_INV_SUSPECTED)
            zj_json_str(j, col->proposals[i].type);
    zj_json_array_end(j);
}

static void write_proposal(struct zj_job *job, struct zj_json *j, const struct zj_inv_column *col)
{
    const struct zj_inv_proposal *p = &col->proposals[0];
    zj_json_kstr(j, "final_type", p->type);
    zj_json_kstr(j, "final_grade", zj_inv_grade_name(p->grade));
    zj_json_kstr(j, "category", p->category);
    zj_json_kbool(j, "is_personal", p->is_personal);
    zj_json_kbool(j, "is_sensitive", p->is_sensitive);
    zj_json_kstr(j, "state", zj_inv_state_name(p->state));
    if (p->subjects)
        zj_json_kint(j, "subjects", (int64_t)p->subjects);
    if (p->state != ZJ_INV_SUSPECTED) {
        zj_json_key(j, "share");
        zj_json_double(j, p->ratio);
    }
    write_others(j, col);
    zj_json_key(j, "samples");
    zj_json_array(j);
    for (size_t s = 0; s < col->sample_count; s++)
        zj_json_str(j, col->samples[s]);
    zj_json_array_end(j);
    zj_json_kstr(j, "why", zj_tr(job, p->why, p->why_zh));
}

static void write_column(struct zj_job *job, struct zj_buf *out, const struct zj_inv_object *object,
                         const struct zj_inv_column *col)
{
    struct zj_json j = zj_json_to(out);
    zj_json_object(&j);
    zj_json_kstr(&j, "source", object->source);
    zj_json_kstr(&j, "path", object->path);
    zj_json_kstr(&j, "name", col->name);
    zj_json_kstr(&j, "comment", col->comment);
    zj_json_kstr(&j, "data_type", col->data_type);
    zj_json_kint(&j, "value_count", (int64_t)col->values);
    if (col->proposal_count)
        write_proposal(job, &j, col);
    zj_json_object_end(&j);
    zj_buf_byte(out, '\n');
}

static void write_object(struct zj_job *job, struct zj_buf *out, const struct zj_inv_object *object,
                         uint64_t found)
{
    struct zj_json j = zj_json_to(out);
    zj_json_object(&j);
    zj_json_kstr(&j, "source", object->source);
    zj_json_kstr(&j, "path", object->path);
    zj_json_kstr(&j, "kind", object->kind);
    zj_json_kstr(&j, "comment", object->comment);
    zj_json_kstr(&j, "grade", zj_inv_grade_name(object->grade));
    zj_json_kbool(&j, "is_personal", object->is_personal);
    zj_json_kbool(&j, "is_sensitive", object->is_sensitive);
    zj_json_kbool(&j, "is_estimate", object->is_estimate);
    zj_json_kbool(&j, "is_partial", object->is_partial);
    zj_json_kbool(&j, "is_least", object->is_least);
    zj_json_kstr(&j, "view_of", object->view_of);
    if (object->grade_why)
        zj_json_kstr(&j, "grade_why", zj_tr(job, object->grade_why, object->grade_why_zh));
    zj_json_kint(&j, "row_count", (int64_t)object->rows);
    zj_json_kint(&j, "bytes", (int64_t)object->bytes);
    zj_json_kint(&j, "column_count", (int64_t)object->column_count);
    zj_json_kint(&j, "found", (int64_t)found);
    if (object->subjects)
        zj_json_kint(&j, "subjects", (int64_t)object->subjects);
    zj_json_object_end(&j);
    zj_buf_byte(out, '\n');
}

static int known_grade(int grade)
{
    return grade > 0 && grade <= ZJ_INV_GRADE_CORE ? grade : 0;
}

void zj_inventory_paper_object(struct zj_job *job, struct zj_inventory_paper *p,
                               const struct zj_inv_object *object)
{
    uint64_t found = 0;
    for (size_t i = 0; i < object->column_count; i++) {
        const struct zj_inv_column *col = &object->columns[i];
        if (col->proposal_count || p->all_columns)
            write_column(job, &p->columns, object, col);
        if (!col->proposal_count)
            continue;
        const int grade = known_grade(col->proposals[0].grade);
        p->grades[grade].columns++;
        p->grades[grade].personal += col->proposals[0].is_personal;
        p->grades[grade].sensitive += col->proposals[0].is_sensitive;
        found++;
    }
    p->grades[known_grade(object->grade)].objects++;
    write_object(job, &p->objects, object, found);
}

void zj_inventory_paper_unread(struct zj_inventory_paper *p, const char *place, const char *reason)
{
    struct zj_json j = zj_json_to(&p->unread);
    zj_json_object(&j);
    zj_json_kstr(&j, "place", place);
    zj_json_kstr(&j, "reason", reason);
    zj_json_object_end(&j);
    zj_buf_byte(&p->unread, '\n');
}

zj_err zj_inventory_paper_columns(struct zj_job *job, struct zj_inventory_paper *p,
                                  struct zj_paper *paper)
{
    const zj_err err = zj_paper_lines(job, paper, zj_buf_all(&p->columns));
    p->columns.len = 0;
    return err;
}

static void write_grades(const struct zj_inventory_paper *p, struct zj_buf *out)
{
    for (int grade = ZJ_INV_GRADE_CORE; grade >= 0; grade--) {
        if (!p->grades[grade].objects && !p->grades[grade].columns)
            continue;
        struct zj_json j = zj_json_to(out);
        zj_json_object(&j);
        zj_json_kstr(&j, "grade", zj_inv_grade_name(grade));
        zj_json_kint(&j, "objects", (int64_t)p->grades[grade].objects);
        zj_json_kint(&j, "columns", (int64_t)p->grades[grade].columns);
        zj_json_kint(&j, "personal", (int64_t)p->grades[grade].personal);
        zj_json_kint(&j, "sensitive", (int64_t)p->grades[grade].sensitive);
        zj_json_object_end(&j);
        zj_buf_byte(out, '\n');
    }
}

static zj_err put_section(struct zj_job *job, struct zj_paper *paper,
                          const struct zj_paper_table *table, struct zj_span lines)
{
    const zj_err err = zj_paper_begin(job, paper, table);
    return err ? err : zj_paper_lines(job, paper, lines);
}

zj_err zj_inventory_paper_write(struct zj_job *job, struct zj_inventory_paper *p,
                                struct zj_span sheet, struct zj_paper *paper)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf grades = {0};
    write_grades(p, &grades);
    zj_err err = put_section(job, paper, &zj_paper_run, sheet);
    if (!err)
        err = put_section(job, paper, &zj_paper_grades, zj_buf_all(&grades));
    if (!err)
        err = put_section(job, paper, &zj_paper_objects, zj_buf_all(&p->objects));
    if (!err)
        err = put_section(job, paper, &zj_paper_columns, zj_buf_all(&p->columns));
    return err ? err : put_section(job, paper, &zj_paper_unread, zj_buf_all(&p->unread));
}
