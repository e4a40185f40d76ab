#include "wire/tls_hello.h"

#include <stdio.h>

#include "base/crypto.h"

enum {
    EXT_SERVER_NAME = 0x0000,
    EXT_SIGNATURES = 0x000d,
    EXT_ALPN = 0x0010,
    EXT_VERSIONS = 0x002b,
};

static bool is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void add(struct zj_tls_list *list, uint16_t value)
{
    if (is_grease(value))
        return;
    if (list->count < ZJ_TLS_LIST_MAX)
        list->at[list->count] = value;
    list->count++;
}

static size_t kept(const struct zj_tls_list *list)
{
    return list->count < ZJ_TLS_LIST_MAX ? list->count : ZJ_TLS_LIST_MAX;
}

const char *zj_tls_version_name(uint16_t version)
{
    switch (version) {
    case 0x0101:
        return "TLCP 1.1";
    case 0x0300:
        return "SSL 3.0";
    case 0x0301:
        return "TLS 1.0";
    case 0x0302:
        return "TLS 1.1";
    case 0x0303:
        return "TLS 1.2";
    case 0x0304:
        return "TLS 1.3";
    default:
        return NULL;
    }
}

static void add_all(struct zj_tls_list *list, struct zj_span values)
{
    struct zj_reader r = zj_reader_of(values);
    while (zj_rd_left(&r) >= 2)
        add(list, zj_rd_be16(&r));
}

/* list length(2) { type(1) length(2) name } */
static void read_server_name(struct zj_reader r, struct zj_tls_hello *out)
{
    out->has_server_name = true;
    zj_rd_be16(&r);
    while (zj_rd_left(&r)) {
        const uint8_t type = zj_rd_u8(&r);
        const struct zj_span name = zj_rd_span(&r, zj_rd_be16(&r));
        if (type == 0 && !r.ran_out) {
            out->server_name = name;
            return;
        }
    }
}

static void read_alpn(struct zj_reader r, struct zj_tls_hello *out)
{
    zj_rd_be16(&r);
    const struct zj_span name = zj_rd_span(&r, zj_rd_u8(&r));
    if (!r.ran_out)
        out->alpn = name;
}

static void read_versions(struct zj_span data, bool is_client, struct zj_tls_hello *out)
{
    struct zj_reader r = zj_reader_of(data);
    add_all(&out->versions, is_client ? zj_rd_span(&r, zj_rd_u8(&r)) : data);
    for (size_t i = 0; i < kept(&out->versions); i++)
        if (i == 0 || out->versions.at[i] > out->version)
            out->version = out->versions.at[i];
}

static void read_extensions(struct zj_reader *r, bool is_client, struct zj_tls_hello *out)
{
    if (!zj_rd_left(r)) /* allowed before TLS 1.3 */
        return;
    struct zj_reader list = zj_reader_of(zj_rd_span(r, zj_rd_be16(r)));
    while (zj_rd_left(&list)) {
        const uint16_t type = zj_rd_be16(&list);
        const struct zj_span data = zj_rd_span(&list, zj_rd_be16(&list));
        if (list.ran_out)
            break;
        add(&out->extensions, type);
        if (type == EXT_SERVER_NAME && is_client)
            read_server_name(zj_reader_of(data), out);
        else if (type == EXT_ALPN)
            read_alpn(zj_reader_of(data), out);
        else if (type == EXT_VERSIONS)
            read_versions(data, is_client, out);
        else if (type == EXT_SIGNATURES && data.len > 2)
            add_all(&out->signatures, zj_span_part(data, 2, data.len));
    }
    if (list.ran_out || r->ran_out)
        out->error = "truncated";
    else if (zj_rd_left(r))
        out->error = "trailing_bytes";
}

/* version(2) random(32) session(1+n): the head of both hellos. */
static void read_head(struct zj_reader *r, struct zj_tls_hello *out)
{
    out->error = NULL;
    out->legacy_version = out->version = zj_rd_be16(r);
    out->cipher = 0;
    out->has_server_name = false;
    out->server_name = out->alpn = (struct zj_span){0};
    out->ciphers.count = out->extensions.count = 0;
    out->versions.count = out->signatures.count = 0;
    zj_rd_span(r, 32);
    const size_t session_len = zj_rd_u8(r);
    if (session_len > 32)
        out->error = "bad_session_id";
    zj_rd_span(r, session_len);
}

void zj_tls_client_hello(struct zj_span body, struct zj_tls_hello *out)
{
    struct zj_reader r = zj_reader_of(body);
    read_head(&r, out);
    const struct zj_span ciphers = zj_rd_span(&r, zj_rd_be16(&r));
    add_all(&out->ciphers, ciphers);
    zj_rd_span(&r, zj_rd_u8(&r)); /* compression methods */
    if (r.ran_out && !out->error)
        out->error = "truncated";
    else if (ciphers.len % 2)
        out->error = "bad_length";
    if (!out->error)
        read_extensions(&r, true, out);
}

void zj_tls_server_hello(struct zj_span body, struct zj_tls_hello *out)
{
    struct zj_reader r = zj_reader_of(body);
    read_head(&r, out);
    out->cipher = zj_rd_be16(&r);
    zj_rd_u8(&r); /* compression */
    if (r.ran_out && !out->error)
        out->error = "truncated";
    if (!out->error)
        read_extensions(&r, false, out);
}

/* JA4, after the published specification of FoxIO (BSD 3-Clause part: JA4 TLS client). */

static void sort(uint16_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const uint16_t value = values[i];
        size_t at = i;
        for (; at && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

struct text {
    char at[2 * ZJ_TLS_LIST_MAX * 5 + 1];
    size_t len;
};

static void put(struct text *t, const uint16_t *values, size_t count)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        if (i)
            t->at[t->len++] = ',';
        for (int shift = 12; shift >= 0; shift -= 4)
            t->at[t->len++] = hex[values[i] >> shift & 15];
    }
}

static void hash12(const struct text *t, char out[13])
{
    uint8_t digest[ZJ_SHA256_BYTES];
    if (!t->len) {
        memcpy(out, "000000000000", 13);
        return;
    }
    zj_sha256(zj_span_of(t->at, t->len), digest);
    snprintf(out, 13, "%02x%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3],
             digest[4], digest[5]);
}

static bool is_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static void alpn_mark(struct zj_span alpn, char out[3])
{
    static const char hex[] = "0123456789abcdef";
    memcpy(out, "00", 3);
    if (!alpn.len)
        return;
    const uint8_t first = alpn.at[0], last = alpn.at[alpn.len - 1];
    const bool is_plain = is_alnum(first) && is_alnum(last);
    out[0] = is_plain ? (char)first : hex[first >> 4];
    out[1] = is_plain ? (char)last : hex[last & 15];
}

static const char *version_mark(uint16_t version)
{
    static const char *const marks[] = {"s3", "10", "11", "12", "13"};
    if (version == 0x0002)
        return "s2";
    return version >= 0x0300 && version <= 0x0304 ? marks[version - 0x0300] : "00";
}

void zj_tls_ja4(const struct zj_tls_hello *hello, char out[40])
{
    uint16_t values[ZJ_TLS_LIST_MAX];
    struct text text = {.len = 0};
    char cipher_hash[13], extension_hash[13], alpn[3];

    size_t count = kept(&hello->ciphers);
    memcpy(values, hello->ciphers.at, count * sizeof values[0]);
    sort(values, count);
    put(&text, values, count);
    hash12(&text, cipher_hash);

    count = 0;
    for (size_t i = 0; i < kept(&hello->extensions); i++)
        if (hello->extensions.at[i] != EXT_SERVER_NAME && hello->extensions.at[i] != EXT_ALPN)
            values[count++] = hello->extensions.at[i];
    sort(values, count);
    text.len = 0;
    put(&text, values, count);
    if (count && hello->signatures.count) {
        text.at[text.len++] = '_';
        put(&text, hello->signatures.at, kept(&hello->signatures));
    }
    hash12(&text, extension_hash);

    alpn_mark(hello->alpn, alpn);
    const size_t ciphers = hello->ciphers.count < 99 ? hello->ciphers.count : 99;
    const size_t extensions = hello->extensions.count < 99 ? hello->extensions.count : 99;
    snprintf(out, 40, "t%s%c%02u%02u%s_%s_%s", version_mark(hello->version),
             hello->has_server_name ? 'd' : 'i', (unsigned)ciphers, (unsigned)extensions, alpn,
             cipher_hash, extension_hash);
}
