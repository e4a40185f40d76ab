/* The head of an HTTP/1 message (RFC 9112): start line and header fields. */
#ifndef ZJ_WIRE_HTTP_HEAD_H
#define ZJ_WIRE_HTTP_HEAD_H

#include "wire/wire.h"

struct zj_http_head {
    const char *error; /* static name of the first thing wrong; the rest is still read */
    bool is_response, is_http10;
    struct zj_span method, target, reason;
    unsigned status;
    struct zj_span host, content_type, authorization;
    bool is_chunked, has_length, is_upgrade;
    enum zj_coding coding; /* of the content, or of its transfer */
    uint64_t length;
    size_t field_count;
};

/* Bytes of the head with its empty line at the start of `in`, 0 while it is not whole. The empty line
 * is looked for from `from` on: what earlier calls saw need not be seen again. */
size_t zj_http_head_len(struct zj_span in, size_t from);

void zj_http_head_read(struct zj_span head, struct zj_http_head *out);

/* The next field of a head from `r`, which stands behind the start line; false at the end. A name
 * of no length is a line that is no field. */
bool zj_http_next_field(struct zj_reader *r, struct zj_span *out_name, struct zj_span *out_value);

/* The line at the reader without its end; lines end in CRLF or LF. */
struct zj_span zj_http_line(struct zj_reader *r);

#endif
