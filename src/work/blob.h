/* The bytes of attachments, once under their SHA-256 and encrypted with the key of the store. */
#ifndef ZJ_WORK_BLOB_H
#define ZJ_WORK_BLOB_H

#include "store/store.h"

/* Inside a transaction of the caller's. */
zj_err zj_blob_put(struct zj_job *job, struct zj_store *store, const char *sha256,
                   struct zj_span bytes);
/* ZJ_ESTORE where they are missing or are not those of the hash any more. */
zj_err zj_blob_get(struct zj_job *job, struct zj_store *store, const char *sha256,
                   struct zj_buf *out);
/* Encrypts some of those that an earlier release kept in the clear; sooner or later that is all. */
zj_err zj_blobs_seal(struct zj_job *job, struct zj_store *store);

#endif
