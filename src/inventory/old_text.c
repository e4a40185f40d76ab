/* The text of old Word documents ([MS-DOC] 2.5, 2.8.35, 2.9.177) and of old slides ([MS-PPT] 2.9).
 */
#include "inventory/old_office.h"

enum {
    DOC_IDENT = 0xa5ec,
    DOC_FLAGS_AT = 0x0a,
    DOC_ENCRYPTED = 0x0100,
    DOC_TABLE_1 = 0x0200,
    DOC_CLX_AT = 0x01a2,
    CLX_PROPERTIES = 1,
    CLX_PIECES = 2,
    PIECE_BYTES = 8,
    PPT_CHARS = 0x0fa0,
    PPT_BYTES = 0x0fa8,
    PPT_CONTAINER = 0x0f,
    TEXT_MAX = 256 << 20,
};
#define PIECE_IS_NARROW UINT32_C(0x40000000)

/* Ends of paragraphs and cells become line ends, other marks blanks. */
static void put_utf16(struct zj_buf *out, struct zj_span utf16)
{
    const size_t from = out->len;
    zj_text_from_utf16(out, utf16);
    for (size_t i = from; i < out->len; i++) {
        const uint8_t c = out->at[i];
        if (c == '\r' || c == 0x0b || c == 0x0c)
            out->at[i] = '\n';
        else if (c < ' ' && c != '\n')
            out->at[i] = c == 7 ? '\t' : ' ';
    }
}

static void put_narrow(struct zj_buf *out, struct zj_span bytes)
{
    struct zj_buf wide = {0};
    for (size_t i = 0; i < bytes.len; i++) {
        zj_buf_byte(&wide, bytes.at[i]);
        zj_buf_byte(&wide, 0);
    }
    put_utf16(out, zj_buf_all(&wide));
    zj_buf_release(&wide);
}

/* The table of pieces behind the lists of properties; empty: there is none. */
static struct zj_span pieces_of(struct zj_span clx)
{
    size_t at = 0;
    while (at + 3 <= clx.len && clx.at[at] == CLX_PROPERTIES)
        at += 3 + (size_t)zj_le16(clx, at + 1);
    if (at + 5 > clx.len || clx.at[at] != CLX_PIECES)
        return (struct zj_span){0};
    return zj_span_part(clx, at + 5, zj_le32(clx, at + 1));
}

static void put_pieces(struct zj_span word, struct zj_span pieces, struct zj_buf *utf8)
{
    const size_t count = pieces.len >= 4 ? (pieces.len - 4) / (4 + PIECE_BYTES) : 0;
    for (size_t i = 0; i < count && utf8->len < TEXT_MAX; i++) {
        const uint32_t from = zj_le32(pieces, i * 4), to = zj_le32(pieces, i * 4 + 4);
        const uint32_t at = zj_le32(pieces, (count + 1) * 4 + i * PIECE_BYTES + 2);
        const size_t chars = to > from ? to - from : 0;
        if (at & PIECE_IS_NARROW)
            put_narrow(utf8, zj_span_part(word, (at & ~PIECE_IS_NARROW) / 2, chars));
        else
            put_utf16(utf8, zj_span_part(word, at, chars * 2));
    }
}

bool zj_doc_is_encrypted(struct zj_span word)
{
    return zj_le16(word, 0) == DOC_IDENT && (zj_le16(word, DOC_FLAGS_AT) & DOC_ENCRYPTED);
}

bool zj_doc_text(struct zj_span word, const struct zj_compound *c, struct zj_buf *utf8)
{
    const unsigned flags = zj_le16(word, DOC_FLAGS_AT);
    struct zj_buf table = {0};
    if (zj_le16(word, 0) != DOC_IDENT || zj_doc_is_encrypted(word) ||
        !zj_compound_stream(c, flags & DOC_TABLE_1 ? "1Table" : "0Table", &table))
        return false;
    const struct zj_span clx =
        zj_span_part(zj_buf_all(&table), zj_le32(word, DOC_CLX_AT), zj_le32(word, DOC_CLX_AT + 4));
    const struct zj_span pieces = pieces_of(clx);
    put_pieces(word, pieces, utf8);
    zj_buf_release(&table);
    return pieces.len > 0;
}

void zj_ppt_text(struct zj_span stream, struct zj_buf *utf8)
{
    for (size_t at = 0; at + 8 <= stream.len && utf8->len < TEXT_MAX;) {
        const unsigned type = zj_le16(stream, at + 2);
        const bool is_container = (stream.at[at] & 0x0f) == PPT_CONTAINER;
        const struct zj_span data = zj_span_part(stream, at + 8, zj_le32(stream, at + 4));
        if (type == PPT_CHARS)
            put_utf16(utf8, data);
        else if (type == PPT_BYTES)
            put_narrow(utf8, data);
        if (type == PPT_CHARS || type == PPT_BYTES)
            zj_buf_byte(utf8, '\n');
        at += 8 + (is_container ? 0 : data.len);
    }
}
