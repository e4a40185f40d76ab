/* What the file of a register is written with. A field is one or two lines:
 *
 *     {"held_on", "Held on", "举办日期", ZJ_FIELD_DATE, NEEDED | SHOWN, .sample = "2025-05-10"},
 *
 * A register with a new kind of value adds it to enum zj_field_type, not here. */
#ifndef ZJ_REGISTER_FORM_H
#define ZJ_REGISTER_FORM_H

#include "register/check.h"

enum {
    NEEDED = ZJ_FIELD_REQUIRED,
    SHOWN = ZJ_FIELD_IN_LIST,
    FOUND = ZJ_FIELD_INDEXED,
    PERSONAL = ZJ_FIELD_PERSONAL,
    UPPER = ZJ_FIELD_UPPER,
    LOWER = ZJ_FIELD_LOWER,
    OFFICIAL = ZJ_FIELD_OFFICIAL,
    COUNT = ZJ_FIELD_COUNT,
    ASKED = ZJ_FIELD_TO_SUBMIT,
    IDENTITY = ZJ_FIELD_IDENTITY,
    FOR_BUREAU = ZJ_FIELD_FOR_BUREAU,
    BUREAUS = ZJ_FIELD_BUREAUS,
    PAST = ZJ_FIELD_PAST,
};

/* The organisation's own short code: the key of most registers. */
#define ZJ_CODE(sample_code)                                                                       \
    {                                                                                              \
        "code", "Code", "编号", ZJ_FIELD_TEXT,                                                     \
            ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,                \
            .max_chars = 64, .help_en = "the organisation's own short code",                       \
            .help_zh = "本单位自定的编号", .sample = sample_code                                   \
    }

#define ZJ_FIELDS(table) .fields = table, .field_count = ZJ_COUNT(table)

/* Values that several registers use. */
extern const struct zj_field_value zj_values_data_level[]; /* general, important, core */
extern const struct zj_field_value zj_values_level[];      /* 1 … 5, of protection */
extern const struct zj_field_value zj_values_severity[];   /* super, high, medium, low */
extern const struct zj_field_value zj_values_automation[]; /* 0 … 5, GB/T 40429-2021 */
extern const struct zj_field_value zj_values_release_class[];
extern const struct zj_field_value zj_values_data_category[]; /* 166 Art 8 */
extern const struct zj_field_value zj_values_stage[];         /* of the life of data, 166 Art 13 */

#endif
