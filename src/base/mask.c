#include "base/mask.h"

#include "base/text.h"

enum { WHOLE_MIN = 10, HEAD = 3, TAIL = 2, STARS_MAX = 24 };

void zj_mask_value(struct zj_buf *out, struct zj_span value)
{
    size_t count = 0, i = 0, stars = 0;
    for (size_t at = 0; at < value.len; count++) {
        const size_t len = zj_utf8_len(zj_span_part(value, at, 4));
        at += len ? len : 1;
    }
    for (size_t at = 0; at < value.len; i++) {
        const size_t len = zj_utf8_len(zj_span_part(value, at, 4));
        const bool is_shown = count >= WHOLE_MIN ? i < HEAD || i + TAIL >= count : i == 0;
        if (is_shown && len && value.at[at] >= ' ')
            zj_buf_span(out, zj_span_part(value, at, len));
        else if (stars++ < STARS_MAX)
            zj_buf_byte(out, '*');
        at += len ? len : 1;
    }
}
