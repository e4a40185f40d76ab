/* Sketches of the subjects of an object. Inside of this room. */
#ifndef ZJ_INVENTORY_SUBJECTS_H
#define ZJ_INVENTORY_SUBJECTS_H

#include "inventory/table.h"

enum { ZJ_SUBJECT_BYTES = 40 };

/* True: the value is hashed as it stands. Else *out, in `text`, is the number without blanks,
 * dashes, dots, the country before a mobile number, and in capitals. */
bool zj_subject_plain(struct zj_span value, struct zj_span *out, char text[ZJ_SUBJECT_BYTES]);

/* Fills the sketches of an object from its columns, which are the table's. */
void zj_object_sketches(struct zj_inv_table *table, struct zj_inv_object *object);

/* As JSON for the parent process, and back into the job's arena; what is not understood is left
 * out. */
void zj_sketches_write(struct zj_json *j, const struct zj_inv_object *object);
void zj_sketches_read(struct zj_job *job, const struct zj_jval *list, struct zj_inv_object *out);

#endif
