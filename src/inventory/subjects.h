/* Sketches of the subjects of an object. Inside of this room. */
#ifndef ZJ_INVENTORY_SUBJECTS_H
#define ZJ_INVENTORY_SUBJECTS_H

#include "inventory/table.h"

enum { ZJ_SUBJECT_BYTES = 64 };

/* The one form of a number however it is written, so that a subject counts once: full-width or not,
 * in groups or not, small letters or capitals, +86 or not, with other words beside it. True: the
 * value stands so already. Else *out, in `text`. */
bool zj_subject_plain(struct zj_span value, struct zj_span *out, uint8_t text[ZJ_SUBJECT_BYTES]);

/* Fills the sketches of an object from its columns, which are the table's. */
void zj_object_sketches(struct zj_inv_table *table, struct zj_inv_object *object);

/* As JSON for the parent process, and back into the job's arena; what is not understood is left
 * out. */
void zj_sketches_write(struct zj_json *j, const struct zj_inv_object *object);
void zj_sketches_read(struct zj_job *job, const struct zj_jval *list, struct zj_inv_object *out);

#endif
