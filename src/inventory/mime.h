/* Encodings of mail (RFC 2045, 2047, 2231). Inside of this room. */
#ifndef ZJ_INVENTORY_MIME_H
#define ZJ_INVENTORY_MIME_H

#include "base/buf.h"

/* Append what is encoded; characters that do not belong there are passed over. */
void zj_mime_base64(struct zj_buf *out, struct zj_span text);
void zj_mime_quoted(struct zj_buf *out, struct zj_span text,
                    bool is_word); /* in a word _ is a blank */

/* Appends text of a charset, "" where none is named, as UTF-8. */
void zj_mime_text(struct zj_buf *out, struct zj_span text, struct zj_span charset);
/* Appends a header's value with its encoded words as UTF-8. */
void zj_mime_words(struct zj_buf *out, struct zj_span value);

/* The value of a header, on one line, its first 256 KiB; false, and nothing appended, where it is missing. */
bool zj_mime_header(struct zj_span headers, const char *name, struct zj_buf *out);
/* A parameter of a header's value, as UTF-8. */
bool zj_mime_param(struct zj_span value, const char *name, struct zj_buf *out);

#endif
