/* ClientHello and ServerHello of TLS 1.0 to 1.3 (RFC 5246, RFC 8446) and TLCP (GB/T 38636). */
#ifndef ZJ_WIRE_TLS_HELLO_H
#define ZJ_WIRE_TLS_HELLO_H

#include "base/span.h"

enum { ZJ_TLS_LIST_MAX = 128 }; /* ciphers, extensions, … kept of one hello; more are counted */

/* 16-bit numbers of one list, GREASE (RFC 8701) left out. */
struct zj_tls_list {
    uint16_t at[ZJ_TLS_LIST_MAX];
    size_t count; /* may exceed what is kept */
};

struct zj_tls_hello {
    const char *error;
    uint16_t legacy_version;
    uint16_t version; /* highest offered, or chosen */
    uint16_t cipher;  /* chosen */
    bool has_server_name;
    struct zj_span server_name; /* borrowed from the message */
    struct zj_span alpn;        /* the first offered, or the chosen */
    struct zj_tls_list ciphers, extensions, versions, signatures;
};

/* The body of the handshake message, without its four bytes of head. */
void zj_tls_client_hello(struct zj_span body, struct zj_tls_hello *out);
void zj_tls_server_hello(struct zj_span body, struct zj_tls_hello *out);

/* "TLS 1.3"; NULL where it is none. */
const char *zj_tls_version_name(uint16_t version);

/* The JA4 fingerprint of a ClientHello over TCP, NUL-terminated; 36 characters. */
void zj_tls_ja4(const struct zj_tls_hello *hello, char out[40]);

#endif
