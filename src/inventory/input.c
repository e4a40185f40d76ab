#include "inventory/input.h"

#include "base/text.h"

struct zj_span zj_in_peek(struct zj_in *in, size_t want)
{
    struct zj_buf *w = &in->window;
    while (!in->is_ended && w->len - in->at < want) {
        if (in->at) {
            memmove(w->at, w->at + in->at, w->len - in->at);
            w->len -= in->at;
            in->at = 0;
        }
        const size_t missing = want - w->len;
        zj_buf_reserve(w, missing > ZJ_IN_STEP ? missing : ZJ_IN_STEP);
        const ssize_t got = in->fill(in, w->at + w->len, w->cap - w->len);
        w->len += got > 0 ? (size_t)got : 0;
        in->is_ended = got <= 0;
    }
    return zj_span_of(w->at + in->at, w->len - in->at);
}

void zj_in_skip(struct zj_in *in, size_t len)
{
    const size_t have = in->window.len - in->at;
    in->at += len < have ? len : have;
    in->taken += len < have ? len : have;
}

void zj_in_release(struct zj_in *in)
{
    zj_buf_release(&in->window);
}

void zj_in_skip_line(struct zj_in *in)
{
    for (struct zj_span rest = zj_in_peek(in, 1); rest.len; rest = zj_in_peek(in, 1)) {
        const uint8_t *end = memchr(rest.at, '\n', rest.len);
        zj_in_skip(in, end ? (size_t)(end - rest.at) + 1 : rest.len);
        if (end)
            return;
    }
}

bool zj_in_whole(struct zj_in *in, size_t max, struct zj_span *out_bytes)
{
    if (in->whole.len) {
        *out_bytes = in->whole;
        in->is_whole_used = true;
        return in->whole.len <= max;
    }
    *out_bytes = zj_in_peek(in, max + 1);
    return out_bytes->len <= max && !in->fault;
}

/* --- character sets ------------------------------------------------------------------------------
 */
enum { LOOK_BYTES = 64 * 1024, WORD_FROM = 0x40 };

static bool is_utf8(struct zj_span head)
{
    for (size_t at = 0; at < head.len;) {
        const size_t len = zj_utf8_len(zj_span_part(head, at, 4));
        if (!len)
            return head.len - at < 4; /* a character cut by the end of what is seen */
        at += len;
    }
    return true;
}

/* Words are what stands between bytes below 0x40, which no character of two bytes ends in. Words
 * that are UTF-8 with a character of three bytes are hardly met in another charset; where they are
 * more than the broken ones, the broken ones are faults of UTF-8. */
static bool is_mostly_utf8(struct zj_span head)
{
    size_t good = 0, bad = 0;
    for (size_t at = 0; at < head.len;) {
        bool is_wide = false, is_broken = false;
        for (; at < head.len && head.at[at] >= WORD_FROM;) {
            const size_t len = zj_utf8_len(zj_span_part(head, at, 4));
            is_broken |= !len;
            is_wide |= len >= 3;
            at += len ? len : 1;
        }
        good += is_wide && !is_broken;
        bad += is_broken;
        at++;
    }
    return good > bad;
}

/* Two-byte and four-byte characters of GB18030 for at least nineteen of twenty high bytes. */
static bool is_gb18030(struct zj_span head)
{
    size_t good = 0, bad = 0;
    for (size_t at = 0; at + 1 < head.len;) {
        const uint8_t a = head.at[at], b = head.at[at + 1];
        if (a < 0x80) {
            at++;
        } else if (a > 0x80 && a < 0xff && b >= 0x40 && b != 0x7f && b < 0xff) {
            good++, at += 2;
        } else if (a > 0x80 && a < 0xff && b >= '0' && b <= '9' && at + 3 < head.len) {
            good++, at += 4;
        } else {
            bad++, at++;
        }
    }
    return good > 0 && bad * 20 <= good;
}

enum zj_charset zj_charset_of(struct zj_span head)
{
    head = zj_span_part(head, 0, LOOK_BYTES);
    if (zj_span_starts(head, ZJ_SPAN_LIT("\xff\xfe")))
        return ZJ_CHARSET_UTF16LE;
    if (zj_span_starts(head, ZJ_SPAN_LIT("\xfe\xff")))
        return ZJ_CHARSET_UTF16BE;
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < head.len; i++)
        *(i % 2 ? &odd : &even) += head.at[i] == 0;
    if (head.len >= 8 && odd > head.len / 5 && even * 8 < odd)
        return ZJ_CHARSET_UTF16LE;
    if (head.len >= 8 && even > head.len / 5 && odd * 8 < even)
        return ZJ_CHARSET_UTF16BE;
    return is_utf8(head) || !is_gb18030(head) || is_mostly_utf8(head) ? ZJ_CHARSET_UTF8
                                                                      : ZJ_CHARSET_GB18030;
}

struct zj_utf8 {
    struct zj_in *in;
    enum zj_charset charset;
    struct zj_buf text; /* converted, not given yet */
    size_t at;
    uint64_t faults;
    bool is_in_fault; /* the word that goes on was counted */
    bool ends_by_cr;  /* lines, as on old Macs */
};

static void put_char(struct zj_buf *out, uint32_t c)
{
    if (c < 0x80) {
        zj_buf_byte(out, (uint8_t)c);
    } else if (c < 0x800) {
        zj_buf_byte(out, (uint8_t)(0xc0 | c >> 6));
        zj_buf_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
    } else {
        if (c < 0x10000) {
            zj_buf_byte(out, (uint8_t)(0xe0 | c >> 12));
        } else {
            zj_buf_byte(out, (uint8_t)(0xf0 | c >> 18));
            zj_buf_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
        }
        zj_buf_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        zj_buf_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
    }
}

/* Gives how many bytes were taken: all but a character cut by the end. */
static size_t from_utf16(struct zj_buf *out, struct zj_span s, bool is_big, bool is_last)
{
    size_t at = 0;
    while (s.len - at >= 2) {
        const unsigned hi = is_big ? 0 : 1;
        uint32_t c = (uint32_t)s.at[at + hi] << 8 | s.at[at + 1 - hi];
        size_t len = 2;
        if (c >= 0xd800 && c < 0xdc00 && s.len - at >= 4) {
            const uint32_t low = (uint32_t)s.at[at + 2 + hi] << 8 | s.at[at + 3 - hi];
            const bool is_pair = low >= 0xdc00 && low < 0xe000;
            c = is_pair ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
            len = is_pair ? 4 : 2;
        } else if (c >= 0xd800 && c < 0xdc00 && !is_last) {
            break;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd;
        }
        put_char(out, c);
        at += len;
    }
    return is_last ? s.len : at;
}

void zj_text_from_utf16(struct zj_buf *out, struct zj_span utf16)
{
    (void)from_utf16(out, utf16, false, true);
}

/* Where a GB18030 text can be cut: behind a byte below 0x30, which no character ends in. */
static size_t gb_cut(struct zj_span s)
{
    for (size_t at = s.len; at > 0 && s.len - at < 4096; at--)
        if (s.at[at - 1] < '0')
            return at;
    return s.len;
}

/* Counts words that hold a byte which is no UTF-8, or a character that could not be told. Gives how
 * many bytes were looked at: all but a character cut by the end. */
static size_t count_faults(struct zj_utf8 *u, struct zj_span s, bool is_last)
{
    for (size_t at = 0; at < s.len;) {
        const uint8_t c = s.at[at];
        if (c < 0x80) {
            u->is_in_fault &= c >= WORD_FROM;
            at++;
            continue;
        }
        const struct zj_span rest = zj_span_part(s, at, 4);
        const size_t len = zj_utf8_len(rest);
        if (!len && !is_last && rest.len < 4)
            return at;
        if ((!len || zj_span_starts(rest, ZJ_SPAN_LIT("\xef\xbf\xbd"))) && !u->is_in_fault) {
            u->faults++;
            u->is_in_fault = true;
        }
        at += len ? len : 1;
    }
    return s.len;
}

static ssize_t fill_utf8(struct zj_in *out, uint8_t *to, size_t max)
{
    struct zj_utf8 *u = out->ctx;
    while (u->at == u->text.len) {
        struct zj_span raw = zj_in_peek(u->in, ZJ_IN_STEP);
        const bool is_last = u->in->is_ended && raw.len <= ZJ_IN_STEP;
        out->fault = u->in->fault;
        if (!raw.len)
            return 0;
        raw = zj_span_part(raw, 0, ZJ_IN_STEP);
        u->at = u->text.len = 0;
        size_t used = raw.len;
        if (u->charset == ZJ_CHARSET_GB18030) {
            used = is_last ? raw.len : gb_cut(raw);
            zj_text_from_gbk(&u->text, zj_span_part(raw, 0, used));
        } else if (u->charset == ZJ_CHARSET_UTF8) {
            used = count_faults(u, raw, is_last);
            zj_buf_span(&u->text, zj_span_part(raw, 0, used));
        } else {
            used = from_utf16(&u->text, raw, u->charset == ZJ_CHARSET_UTF16BE, is_last);
        }
        for (size_t i = 0; u->ends_by_cr && i < u->text.len; i++)
            u->text.at[i] = u->text.at[i] == '\r' ? '\n' : u->text.at[i];
        if (u->charset != ZJ_CHARSET_UTF8)
            (void)count_faults(u, zj_buf_all(&u->text), true); /* whole characters */
        zj_in_skip(u->in, used ? used : raw.len);
    }
    const size_t left = u->text.len - u->at, len = left < max ? left : max;
    memcpy(to, u->text.at + u->at, len);
    u->at += len;
    return (ssize_t)len;
}

struct zj_utf8 *zj_utf8_new(struct zj_in *in, enum zj_charset charset, struct zj_in *out)
{
    struct zj_utf8 *u = zj_alloc(sizeof *u);
    *u = (struct zj_utf8){.in = in, .charset = charset};
    const struct zj_span head = zj_span_part(zj_in_peek(in, LOOK_BYTES), 0, LOOK_BYTES);
    u->ends_by_cr =
        head.len && memchr(head.at, '\r', head.len - 1) && !memchr(head.at, '\n', head.len);
    if (zj_span_starts(head, ZJ_SPAN_LIT("\xef\xbb\xbf")))
        zj_in_skip(in, 3);
    else if (zj_span_starts(head, ZJ_SPAN_LIT("\xff\xfe")) ||
             zj_span_starts(head, ZJ_SPAN_LIT("\xfe\xff")))
        zj_in_skip(in, 2);
    *out = (struct zj_in){
        .fill = fill_utf8, .ctx = u, .name = in->name, .size = in->size, .taken = in->taken};
    return u;
}

uint64_t zj_utf8_faults(const struct zj_utf8 *utf8)
{
    return utf8->faults;
}

void zj_utf8_free(struct zj_utf8 *utf8)
{
    if (utf8)
        zj_buf_release(&utf8->text);
    free(utf8);
}
