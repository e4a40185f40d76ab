/* From cells as people type them to values as they are stored, with what is wrong on the way. */
#ifndef ZJ_REGISTER_FIELD_H
#define ZJ_REGISTER_FIELD_H

#include "register/check.h"
#include "register/sheet.h"

enum { ZJ_FIELDS_MAX = 32, ZJ_ROW_FAULTS_MAX = 16, ZJ_FIELD_CHARS = 200, ZJ_NOTE_CHARS = 4000 };

unsigned zj_field_max_chars(const struct zj_field *field);
/* INT and BOOL are numbers in the store, all others text. */
bool zj_field_is_number(const struct zj_field *field);

/* A row on its way into a register. */
struct zj_draft {
    struct zj_span cells[ZJ_FIELDS_MAX]; /* at == NULL: not given */
    struct zj_row_fault fault_room[ZJ_ROW_FAULTS_MAX];
    struct zj_row_faults faults;
    struct zj_buf text; /* what the cells point into */
    struct zj_buf folded;
};

void zj_draft_release(struct zj_draft *draft);

/* Brings each given cell of `raw` (in field order, at == NULL where not given) into the stored form:
 * trimmed, codes and numbers in half width, dates as YYYY-MM-DD, enum labels as names, lists with
 * ';'. A cell that cannot be is a fault. The raw cells are no longer needed after. */
void zj_draft_fill(struct zj_draft *draft, const struct zj_register *reg,
                   const struct zj_sheet_cell *raw);
/* Required fields and the register's check across fields, once all cells are there. */
void zj_draft_finish(struct zj_draft *draft, const struct zj_register *reg);
bool zj_draft_is_refused(const struct zj_draft *draft);

size_t zj_register_key(const struct zj_register *reg); /* index of the key field */
/* Index of a field by its name; -1: none. */
int zj_register_field(const struct zj_register *reg, struct zj_span name);
/* The same for a header cell: name or either label, upper or lower case. */
int zj_register_header(const struct zj_register *reg, struct zj_span head);

/* The next item of a list, trimmed; false at the end. Splits at ; ； 、 and line ends. */
bool zj_list_next(struct zj_span *list, struct zj_span *out_item);

/* What may be shown of a personal value: 张*, 138****1234, 6***********1234. */
void zj_mask(const struct zj_field *field, struct zj_span value, struct zj_buf *out);

#endif
