/* Mail (.eml, .mht): the headers that people read and the text of all parts as one text,
 * attachments by the readers of their kinds under "a.eml!list.xlsx". */
#include <strings.h>

#include "inventory/mime.h"
#include "inventory/table.h"

enum { PARTS_DEPTH_MAX = 20, PARTS_MAX = 10000, BOUNDARY_MAX = 200, HEAD_LOOK = 4096 };

struct mail {
    struct zj_scan *scan;
    struct zj_inv_table *table;
    const char *path;
    unsigned parts, unnamed;
    bool is_over;
};

static bool has_line(struct zj_span head, const char *name)
{
    struct zj_buf value = {0};
    const bool has = zj_mime_header(head, name, &value);
    zj_buf_release(&value);
    return has;
}

static int probe(struct zj_span head, const char *extension)
{
    head = zj_span_part(head, 0, HEAD_LOOK);
    const bool is_named = zj_extension_is(extension, "eml|mht|mhtml");
    if (head.len < 16 || memchr(head.at, 0, head.len) ||
        !(has_line(head, "MIME-Version") || has_line(head, "Content-Type") || is_named))
        return 0;
    const bool is_mail =
        has_line(head, "From") && (has_line(head, "Date") || has_line(head, "Subject"));
    return is_named || is_mail ? 80 : 0;
}

/* Behind the empty line that ends the headers. */
static size_t headers_len(struct zj_span s)
{
    for (size_t at = 0; at < s.len;) {
        const uint8_t *end = memchr(s.at + at, '\n', s.len - at);
        const size_t next = end ? (size_t)(end - s.at) + 1 : s.len;
        if (next - at == 1 || (next - at == 2 && s.at[at] == '\r'))
            return next;
        at = next;
    }
    return s.len;
}

static bool starts_with(const struct zj_buf *value, const char *word)
{
    return value->len >= strlen(word) &&
           strncasecmp((const char *)value->at, word, strlen(word)) == 0;
}

static void put_headers(struct mail *m, struct zj_span headers)
{
    static const char *const names[] = {"Subject", "From", "To", "Cc", "Bcc", "Reply-To"};
    struct zj_buf value = {0}, text = {0};
    for (size_t i = 0; i < ZJ_COUNT(names); i++) {
        value.len = 0;
        if (!zj_mime_header(headers, names[i], &value))
            continue;
        zj_buf_printf(&text, "%s: ", names[i]);
        zj_mime_words(&text, zj_buf_all(&value));
        zj_buf_byte(&text, '\n');
    }
    if (text.len)
        zj_inv_table_text(m->table, zj_buf_all(&text));
    zj_buf_release(&value);
    zj_buf_release(&text);
}

static zj_err read_attachment(struct mail *m, struct zj_buf *bytes, struct zj_span name)
{
    struct zj_scan *scan = m->scan;
    const char *title = name.len ? zj_arena_span(&scan->job->arena, zj_span_part(name, 0, 200))
                                 : zj_arena_printf(&scan->job->arena, "part-%u", ++m->unnamed);
    const char *place = zj_arena_printf(&scan->job->arena, "%s!%s", m->path, title);
    if (scan->depth >= ZJ_SCAN_DEPTH_MAX)
        return zj_scan_too_deep(scan, place);
    if (!bytes->len)
        return ZJ_OK;
    /* all of it is in the window, which the input frees */
    struct zj_in in = {.name = title, .size = bytes->len, .window = *bytes, .is_ended = true};
    *bytes = (struct zj_buf){0};
    scan->depth++;
    const zj_err err = zj_scan_input(scan, &in, place);
    scan->depth--;
    zj_in_release(&in);
    return err;
}

static void put_body(struct mail *m, struct zj_span bytes, struct zj_span charset)
{
    struct zj_buf text = {0};
    zj_mime_text(&text, bytes, charset);
    if (text.len)
        zj_inv_table_lines(m->table, zj_buf_all(&text));
    zj_buf_release(&text);
}

static zj_err read_leaf(struct mail *m, struct zj_span headers, struct zj_span body,
                        const struct zj_buf *type)
{
    struct zj_buf encoding = {0}, disposition = {0}, name = {0}, charset = {0}, bytes = {0};
    zj_err err = ZJ_OK;
    (void)zj_mime_header(headers, "Content-Transfer-Encoding", &encoding);
    (void)zj_mime_header(headers, "Content-Disposition", &disposition);
    const bool has_name = zj_mime_param(zj_buf_all(&disposition), "filename", &name) ||
                          zj_mime_param(zj_buf_all(type), "name", &name);
    (void)zj_mime_param(zj_buf_all(type), "charset", &charset);
    if (starts_with(&encoding, "base64"))
        zj_mime_base64(&bytes, body);
    else if (starts_with(&encoding, "quoted-printable"))
        zj_mime_quoted(&bytes, body, false);
    else
        zj_buf_span(&bytes, body);
    m->scan->inflated += bytes.len;
    const bool is_text = !type->len || starts_with(type, "text/");
    if (is_text && !has_name && !starts_with(&disposition, "attachment"))
        put_body(m, zj_buf_all(&bytes), zj_buf_all(&charset));
    else
        err = read_attachment(m, &bytes, zj_buf_all(&name));
    zj_buf_release(&encoding);
    zj_buf_release(&disposition);
    zj_buf_release(&name);
    zj_buf_release(&charset);
    zj_buf_release(&bytes);
    return err;
}

static zj_err read_part(struct mail *m, struct zj_span part, unsigned depth);

/* The parts between lines of two dashes and the boundary; the last one may lack its end. */
static zj_err read_parts(struct mail *m, struct zj_span body, struct zj_span boundary,
                         unsigned depth)
{
    const uint8_t *from = NULL;
    zj_err err = ZJ_OK;
    char mark[BOUNDARY_MAX + 3];
    const int len =
        snprintf(mark, sizeof mark, "--%.*s", (int)boundary.len, (const char *)boundary.at);
    for (size_t at = 0; !err && at < body.len;) {
        const uint8_t *end = memchr(body.at + at, '\n', body.len - at);
        const size_t next = end ? (size_t)(end - body.at) + 1 : body.len;
        const struct zj_span line = zj_span_part(body, at, next - at);
        if (zj_span_starts(line, zj_span_of(mark, (size_t)len))) {
            if (from)
                err = read_part(m, zj_span_of(from, (size_t)(line.at - from)), depth);
            const bool is_end =
                zj_span_starts(zj_span_part(line, (size_t)len, 2), ZJ_SPAN_LIT("--"));
            from = is_end ? NULL : body.at + next;
        }
        at = next;
    }
    if (!err && from && from < body.at + body.len)
        err = read_part(m, zj_span_of(from, (size_t)(body.at + body.len - from)), depth);
    return err;
}

static zj_err read_part(struct mail *m, struct zj_span part, unsigned depth)
{
    if (m->is_over)
        return ZJ_OK;
    if (depth > PARTS_DEPTH_MAX || ++m->parts > PARTS_MAX) {
        m->is_over = true;
        return zj_scan_unread(m->scan, m->path,
                              zj_tr(m->scan->job, "more parts than are read, or nested too deep",
                                    "邮件部分过多或嵌套过深，其余未读取"));
    }
    const size_t len = headers_len(part);
    const struct zj_span headers = zj_span_part(part, 0, len);
    const struct zj_span body = zj_span_part(part, len, part.len);
    struct zj_buf type = {0}, boundary = {0};
    zj_err err;
    (void)zj_mime_header(headers, "Content-Type", &type);
    put_headers(m, headers);
    const bool has_boundary = starts_with(&type, "multipart/") &&
                              zj_mime_param(zj_buf_all(&type), "boundary", &boundary) &&
                              boundary.len && boundary.len <= BOUNDARY_MAX;
    if (has_boundary)
        err = read_parts(m, body, zj_buf_all(&boundary), depth + 1);
    else if (starts_with(&type, "message/rfc822"))
        err = read_part(m, body, depth + 1);
    else
        err = read_leaf(m, headers, body, &type);
    zj_buf_release(&type);
    zj_buf_release(&boundary);
    return err;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct zj_span bytes;
    if (!zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes))
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "too large, or cut off", "文件过大或不完整"));
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "mail");
    struct mail mail = {.scan = scan, .table = table, .path = path};
    zj_err err = read_part(&mail, bytes, 0);
    const zj_err emitted = zj_inv_table_emit(table);
    return err ? err : emitted;
}

const struct zj_reader_kind zj_reader_mail = {
    .name = "mail",
    .en = "mail with its attachments (EML, MHT)",
    .zh = "邮件及其附件（EML、MHT）",
    .probe = probe,
    .read = read,
};
