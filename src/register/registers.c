/* The list of registers, and their descriptors as JSON for forms and programs. */
#include "register/field.h"

#define ZJ_REGISTER(name) extern const struct zj_register zj_register_##name;
#include "register/registers.def"
#undef ZJ_REGISTER

const struct zj_register *const zj_registers[] = {
#define ZJ_REGISTER(name) &zj_register_##name,
#include "register/registers.def"
#undef ZJ_REGISTER
};
const size_t zj_register_count = ZJ_COUNT(zj_registers);

const struct zj_register *zj_register_find(const char *name)
{
    for (size_t i = 0; i < zj_register_count; i++)
        if (strcmp(zj_registers[i]->name, name) == 0)
            return zj_registers[i];
    return NULL;
}

const struct zj_field *zj_register_title(const struct zj_register *reg)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (strcmp(reg->fields[i].name, "name") == 0 || strcmp(reg->fields[i].name, "title") == 0)
            return &reg->fields[i];
    return NULL;
}

static const char *type_name(enum zj_field_type type)
{
    switch (type) {
    case ZJ_FIELD_TEXT:
        return "text";
    case ZJ_FIELD_INT:
        return "int";
    case ZJ_FIELD_DATE:
        return "date";
    case ZJ_FIELD_ENUM:
        return "enum";
    case ZJ_FIELD_ENUM_LIST:
        return "enum_list";
    case ZJ_FIELD_TEXT_LIST:
        return "text_list";
    case ZJ_FIELD_ENDPOINTS:
        return "endpoints";
    case ZJ_FIELD_NOTE:
        return "note";
    case ZJ_FIELD_BOOL:
        return "bool";
    case ZJ_FIELD_TIME:
        return "time";
    case ZJ_FIELD_REF:
        return "ref";
    }
    return "";
}

static void describe_field(const struct zj_field *f, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kstr(out, "name", f->name);
    zj_json_kstr(out, "en", f->en);
    zj_json_kstr(out, "zh", f->zh);
    zj_json_kstr(out, "type", type_name(f->type));
    zj_json_key(out, "flags");
    zj_json_array(out);
    static const struct {
        unsigned flag;
        const char *name;
    } flags[] = {{ZJ_FIELD_KEY, "key"},
                 {ZJ_FIELD_REQUIRED, "required"},
                 {ZJ_FIELD_PERSONAL, "personal"},
                 {ZJ_FIELD_INDEXED, "indexed"},
                 {ZJ_FIELD_IN_LIST, "in_list"},
                 {ZJ_FIELD_OFFICIAL, "official"},
                 {ZJ_FIELD_IDENTITY, "identity"},
                 {ZJ_FIELD_TO_SUBMIT, "to_submit"}};
    for (size_t i = 0; i < ZJ_COUNT(flags); i++)
        if (f->flags & flags[i].flag)
            zj_json_str(out, flags[i].name);
    zj_json_array_end(out);
    zj_json_kint(out, "max_chars", zj_field_max_chars(f));
    if (f->max || f->flags & ZJ_FIELD_COUNT)
        zj_json_kint(out, "min", f->min);
    if (f->max)
        zj_json_kint(out, "max", f->max);
    if (f->refers)
        zj_json_kstr(out, "refers", f->refers);
    if (f->refers_where)
        zj_json_kstr(out, "refers_where", f->refers_where);
    if (f->not_before)
        zj_json_kstr(out, "not_before", f->not_before);
    if (f->values) {
        zj_json_key(out, "values");
        zj_json_array(out);
        for (const struct zj_field_value *v = f->values; v->name; v++) {
            zj_json_object(out);
            zj_json_kstr(out, "name", v->name);
            zj_json_kstr(out, "en", v->en);
            zj_json_kstr(out, "zh", v->zh);
            zj_json_object_end(out);
        }
        zj_json_array_end(out);
    }
    zj_json_kstr(out, "clause", f->clause);
    zj_json_kstr(out, "help_en", f->help_en);
    zj_json_kstr(out, "help_zh", f->help_zh);
    zj_json_kstr(out, "sample", f->sample);
    zj_json_object_end(out);
}

void zj_register_describe(const struct zj_register *reg, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kstr(out, "name", reg->name);
    zj_json_kstr(out, "en", reg->en);
    zj_json_kstr(out, "zh", reg->zh);
    zj_json_kint(out, "task", reg->task);
    zj_json_kstr(out, "side", reg->side == ZJ_SIDE_BUREAU ? "bureau" : "company");
    zj_json_kbool(out, "is_case_form", reg->is_case_form);
    zj_json_kbool(out, "is_global", reg->is_global);
    if (reg->rates_by)
        zj_json_kstr(out, "rates_by", reg->rates_by);
    zj_json_key(out, "fields");
    zj_json_array(out);
    for (size_t i = 0; i < reg->field_count; i++)
        describe_field(&reg->fields[i], out);
    zj_json_array_end(out);
    zj_json_object_end(out);
}
