/* What people call types and classes, for the statements of this room. */
#include <string.h>

#include "catalog/rows.h"

/* The register of the catalogue has names of its own for the
 * second axis of the ministry. */
static const char *axis_value(const char *axis)
{
    static const char *const pairs[][2] = {
        {"rd", "research"},           {"production", "operation"}, {"management", "management"},
        {"operation", "maintenance"}, {"service", "service"},
    };
    for (size_t i = 0; axis && i < ZJ_COUNT(pairs); i++)
        if (strcmp(axis, pairs[i][0]) == 0)
            return pairs[i][1];
    return "";
}

static void put_quoted(struct zj_buf *out, const char *text)
{
    zj_buf_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            zj_buf_byte(out, '\'');
        zj_buf_byte(out, (uint8_t)*text);
    }
    zj_buf_byte(out, '\'');
}

static void put_types(struct zj_job *job, struct zj_buf *out)
{
    static const char *const names[] = {
#define ZJ_DATA_TYPE(name, en, zh, is_personal) #name,
#include "base/data_types.def"
#undef ZJ_DATA_TYPE
    };
    const char *en, *zh;
    for (size_t i = 0; i < ZJ_COUNT(names); i++) {
        if (!zj_inv_type_words(names[i], &en, &zh))
            continue;
        zj_buf_printf(out, "%s('%s', ", i ? ", " : " UNION ALL VALUES ", names[i]);
        put_quoted(out, zj_tr(job, en, zh));
        zj_buf_byte(out, ')');
    }
}

zj_err zj_rows_classes(struct zj_job *job, struct zj_buf *out)
{
    struct zj_inv_classes *classes = NULL;
    struct zj_inv_class class;
    const zj_err err = zj_inv_classes_open(job, &classes);
    if (err)
        return err;
    zj_buf_str(out, "class(id, label, axis) AS (VALUES ");
    for (size_t i = 0; zj_inv_class_at(classes, i, &class); i++) {
        zj_buf_str(out, i ? ", (" : "(");
        put_quoted(out, class.id);
        zj_buf_str(out, ", ");
        put_quoted(out, zj_tr(job, class.en, class.zh));
        zj_buf_printf(out, ", '%s')", axis_value(class.axis));
    }
    zj_buf_str(out, "), kind(name, label) AS (SELECT id, label FROM class");
    put_types(job, out);
    zj_buf_str(out, ") ");
    zj_inv_classes_close(classes);
    return ZJ_OK;
}
