/* Character sets and text forms. */
#ifndef ZJ_BASE_TEXT_H
#define ZJ_BASE_TEXT_H

#include "base/buf.h"

/* Bytes of the UTF-8 character at the start of `s`, 0 where it is not valid UTF-8 (RFC 3629:
 * no overlong forms, no surrogates). */
size_t zj_utf8_len(struct zj_span s);
bool zj_utf8_is_valid(struct zj_span s);

/* Appends GBK/GB18030 text as UTF-8; a wrong byte becomes U+FFFD. */
void zj_text_from_gbk(struct zj_buf *out, struct zj_span gbk);

/* Line ends in it. */
size_t zj_text_line_ends(struct zj_span text);

/* Appends UTF-8 text as GBK; what GBK cannot say becomes '?'. */
void zj_text_to_gbk(struct zj_buf *out, struct zj_span utf8);

/* Appends UTF-8 text with full-width letters, digits and the signs - . / : of numbers as the usual
 * ones, and without characters of no width (U+200B to U+200F, U+2060, U+FEFF, U+00AD): what an input
 * method or a copied page leaves in a code. All else as it stands. */
void zj_text_fold(struct zj_buf *out, struct zj_span utf8);

#endif
