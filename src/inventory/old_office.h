/* Documents of Office before 2007, which lie in compound files. Inside of this room. */
#ifndef ZJ_INVENTORY_OLD_OFFICE_H
#define ZJ_INVENTORY_OLD_OFFICE_H

#include "inventory/compound.h"
#include "inventory/reader.h"

/* A workbook by its stream of records. */
zj_err zj_xls_read(struct zj_scan *scan, struct zj_span stream, const char *path);
/* Text of a document by its stream "WordDocument" and its table; false: it is none that is known.
 */
bool zj_doc_text(struct zj_span word, const struct zj_compound *c, struct zj_buf *utf8);
bool zj_doc_is_encrypted(struct zj_span word);
void zj_ppt_text(struct zj_span stream, struct zj_buf *utf8);

#endif
