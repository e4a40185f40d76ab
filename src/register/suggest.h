/* Other words for columns and values: those that are taken, and what a wrong one may have meant. */
#ifndef ZJ_REGISTER_SUGGEST_H
#define ZJ_REGISTER_SUGGEST_H

#include "register/field.h"

/* Is the word one of the field's other names? */
bool zj_field_is_called(const struct zj_field *field, struct zj_span word);
/* The value that the field's other words name; NULL: none. */
const struct zj_field_value *zj_field_value_called(const struct zj_field *field,
                                                   struct zj_span word);
/* The nearest by name, label or other name; NULL: none is near. */
const struct zj_field *zj_suggest_field(const struct zj_register *reg, struct zj_span word);
const struct zj_field_value *zj_suggest_value(const struct zj_field *field, struct zj_span word);

#endif
