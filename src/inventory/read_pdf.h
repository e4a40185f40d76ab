/* PDF in a child that may open no file: the library is loaded before the child is made. */
#ifndef ZJ_INVENTORY_READ_PDF_H
#define ZJ_INVENTORY_READ_PDF_H

#include "base/job.h"

/* Where it is missing, documents are told as unread later. */
void zj_pdf_prepare(struct zj_job *job);

#endif
