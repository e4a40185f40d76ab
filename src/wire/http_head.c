#include "wire/http_head.h"

size_t zj_http_head_len(struct zj_span in, size_t from)
{
    for (size_t at = from; at < in.len;) {
        const uint8_t *lf = memchr(in.at + at, '\n', in.len - at);
        if (!lf)
            return 0;
        at = (size_t)(lf - in.at) + 1;
        if (at < in.len && in.at[at] == '\n')
            return at + 1;
        if (at + 1 < in.len && in.at[at] == '\r' && in.at[at + 1] == '\n')
            return at + 2;
    }
    return 0;
}

struct zj_span zj_http_line(struct zj_reader *r)
{
    const size_t left = zj_rd_left(r);
    const uint8_t *lf = left ? memchr(r->p + r->at, '\n', left) : NULL;
    struct zj_span line = zj_rd_span(r, lf ? (size_t)(lf - (r->p + r->at)) + 1 : left);
    if (lf)
        line.len--;
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

bool zj_http_next_field(struct zj_reader *r, struct zj_span *out_name, struct zj_span *out_value)
{
    const struct zj_span line = zj_http_line(r);
    if (!line.len)
        return false;
    const uint8_t *colon = memchr(line.at, ':', line.len);
    const size_t name_len = colon ? (size_t)(colon - line.at) : 0;
    const bool is_folded = line.at[0] == ' ' || line.at[0] == '\t';
    *out_name = zj_span_of(line.at, is_folded ? 0 : name_len);
    *out_value = zj_span_trim(zj_span_part(line, out_name->len + 1, line.len));
    return true;
}

static bool eq_nocase(struct zj_span s, const char *lower)
{
    for (size_t i = 0; i < s.len; i++) {
        const uint8_t c = s.at[i] >= 'A' && s.at[i] <= 'Z' ? s.at[i] | 32 : s.at[i];
        if (!lower[i] || c != (uint8_t)lower[i])
            return false;
    }
    return !lower[s.len];
}

/* Digits only, no sign, no overflow (RFC 9110 section 8.6). */
static bool read_number(struct zj_span text, uint64_t *out)
{
    uint64_t value = 0;
    if (!text.len || text.len > 18)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        value = value * 10 + (text.at[i] - '0');
    }
    *out = value;
    return true;
}

static void set_length(struct zj_http_head *out, struct zj_span value)
{
    uint64_t length;
    if (!read_number(value, &length) || (out->has_length && out->length != length)) {
        out->error = out->error ? out->error : "bad_length";
        return;
    }
    out->has_length = true;
    out->length = length;
}

/* One over the other is not read. */
static void add_coding(struct zj_http_head *out, struct zj_span value)
{
    static const struct {
        const char *name;
        enum zj_coding coding;
    } known[] = {{"gzip", ZJ_CODING_GZIP},
                 {"x-gzip", ZJ_CODING_GZIP},
                 {"deflate", ZJ_CODING_DEFLATE},
                 {"identity", ZJ_CODING_NONE},
                 {"", ZJ_CODING_NONE}};
    enum zj_coding coding = ZJ_CODING_OTHER;
    value = zj_span_trim(value);
    for (size_t i = 0; i < ZJ_COUNT(known); i++)
        if (eq_nocase(value, known[i].name))
            coding = known[i].coding;
    if (coding != ZJ_CODING_NONE)
        out->coding = out->coding == ZJ_CODING_NONE ? coding : ZJ_CODING_OTHER;
}

/* The last coding decides how the body is cut, those before it pack it. */
static void set_transfer(struct zj_http_head *out, struct zj_span value)
{
    size_t from = value.len;
    while (from && value.at[from - 1] != ',')
        from--;
    out->is_chunked = eq_nocase(zj_span_trim(zj_span_part(value, from, value.len)), "chunked");
    if (out->is_chunked)
        value = zj_span_part(value, 0, from ? from - 1 : 0);
    add_coding(out, value);
}

/* Told by the length of the name first: most fields are none of these. */
static void take_field(struct zj_http_head *out, struct zj_span name, struct zj_span value)
{
    switch (name.len) {
    case 4:
        if (eq_nocase(name, "host"))
            out->host = value;
        break;
    case 7:
        if (eq_nocase(name, "upgrade"))
            out->is_upgrade = true;
        break;
    case 12:
        if (eq_nocase(name, "content-type"))
            out->content_type = value;
        break;
    case 13:
        if (eq_nocase(name, "authorization"))
            out->authorization = value;
        break;
    case 14:
        if (eq_nocase(name, "content-length"))
            set_length(out, value);
        break;
    case 16:
        if (eq_nocase(name, "content-encoding"))
            add_coding(out, value);
        break;
    case 17:
        if (eq_nocase(name, "transfer-encoding"))
            set_transfer(out, value);
        break;
    default:
        break;
    }
}

static struct zj_span word(struct zj_span *line)
{
    const uint8_t *space = line->len ? memchr(line->at, ' ', line->len) : NULL;
    const size_t len = space ? (size_t)(space - line->at) : line->len;
    const struct zj_span first = zj_span_of(line->at, len);
    *line = zj_span_part(*line, space ? len + 1 : len, line->len);
    return first;
}

static void read_start(struct zj_span line, struct zj_http_head *out)
{
    uint64_t status;
    const struct zj_span first = word(&line);
    const struct zj_span second = word(&line);
    out->is_response = zj_span_starts(first, ZJ_SPAN_LIT("HTTP/1."));
    const struct zj_span version = out->is_response ? first : line;
    out->is_http10 = zj_span_eq_str(version, "HTTP/1.0");
    if (!out->is_http10 && !zj_span_eq_str(version, "HTTP/1.1"))
        out->error = "bad_start_line";
    if (!out->is_response) {
        out->method = first;
        out->target = second;
        if (!second.len)
            out->error = "bad_start_line";
        return;
    }
    out->reason = line;
    if (second.len != 3 || !read_number(second, &status) || status < 100)
        out->error = "bad_start_line";
    else
        out->status = (unsigned)status;
}

void zj_http_head_read(struct zj_span head, struct zj_http_head *out)
{
    struct zj_reader r = zj_reader_of(head);
    struct zj_span name, value;
    *out = (struct zj_http_head){0};
    read_start(zj_http_line(&r), out);
    while (zj_http_next_field(&r, &name, &value)) {
        out->field_count++;
        if (!name.len && !out->error)
            out->error = "bad_field";
        take_field(out, name, value);
    }
    if (out->is_chunked && out->has_length && !out->error)
        out->error = "length_and_chunked";
}
