/* Grades by what was counted: rules of packs/grades. */
#include "work/case.h"

int64_t zj_grade_of(struct zj_desk *desk, const struct zj_case *c, const struct zj_jdoc *form,
                    const char *field)
{
    int64_t grade = 0;
    for (size_t i = 0; i < desk->work->grade_count; i++) {
        const struct zj_grade_rule *rule = &desk->work->grades[i];
        if (strcmp(rule->type, c->type->name) != 0 || strcmp(rule->field, field) != 0 ||
            !zj_mark_is_on(rule->mark))
            continue;
        const int64_t counted =
            zj_jval_int(zj_jval_get(zj_jdoc_root(form), rule->measure), 0);
        if (counted >= rule->at_least && (!grade || rule->grade < grade) &&
            zj_when_is(desk, c, &rule->when, form))
            grade = rule->grade;
    }
    return grade;
}

zj_err zj_grades_put(struct zj_desk *desk, const struct zj_case *c, struct zj_json *out)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    zj_err err = zj_form_read(desk, c, &form);
    zj_json_object(out);
    for (size_t i = 0; i < c->reg->field_count && !err; i++) {
        const int64_t grade = zj_grade_of(desk, c, form, c->reg->fields[i].name);
        if (grade)
            zj_json_kint(out, c->reg->fields[i].name, grade);
    }
    zj_json_object_end(out);
    return err;
}
