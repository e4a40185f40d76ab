/* Hashes, ciphers and passwords, wrapped once over OpenSSL and libargon2. A context object is made
 * once and used many times by one thread: fetching an algorithm costs more than a short message. */
#ifndef ZJ_BASE_CRYPTO_H
#define ZJ_BASE_CRYPTO_H

#include "base/buf.h"

enum { ZJ_SM3_BYTES = 32, ZJ_SHA256_BYTES = 32, ZJ_SM4_KEY_BYTES = 16, ZJ_SM4_NONCE_BYTES = 16 };

/* In one call, for what is not hashed in loops. */
void zj_sm3(struct zj_span bytes, uint8_t out[ZJ_SM3_BYTES]);
void zj_sha256(struct zj_span bytes, uint8_t out[ZJ_SHA256_BYTES]);

/* A running hash: begin, add …, end; again and again. */
struct zj_hash;
enum zj_hash_kind { ZJ_HASH_SM3, ZJ_HASH_SHA256 };
struct zj_hash *zj_hash_new(enum zj_hash_kind kind);
void zj_hash_free(struct zj_hash *hash); /* accepts NULL */
void zj_hash_begin(struct zj_hash *hash);
void zj_hash_add(struct zj_hash *hash, struct zj_span bytes);
void zj_hash_end(struct zj_hash *hash, uint8_t out[32]);
static inline void zj_hash_freep(struct zj_hash **hash)
{
    zj_hash_free(*hash);
}

/* HMAC-SM3 under one key. */
struct zj_hmac;
struct zj_hmac *zj_hmac_new(struct zj_span key);
void zj_hmac_free(struct zj_hmac *hmac); /* accepts NULL */
void zj_hmac(struct zj_hmac *hmac, struct zj_span bytes, uint8_t out[ZJ_SM3_BYTES]);

/* HMAC-SHA-256 in one call, for receivers that know no SM3. */
void zj_hmac_sha256(struct zj_span key, struct zj_span bytes, uint8_t out[ZJ_SHA256_BYTES]);

/* SM4 in counter mode under one key: the same call encrypts and decrypts. A nonce is used once. */
struct zj_sm4;
struct zj_sm4 *zj_sm4_new(const uint8_t key[ZJ_SM4_KEY_BYTES]);
void zj_sm4_free(struct zj_sm4 *sm4); /* accepts NULL */
void zj_sm4_ctr(struct zj_sm4 *sm4, const uint8_t nonce[ZJ_SM4_NONCE_BYTES], struct zj_span in,
                uint8_t *out);

void zj_random(void *out, size_t len); /* from the kernel; ends the process where there is none */
bool zj_const_eq(const void *a, const void *b, size_t len); /* in constant time */
void zj_wipe(void *at, size_t len);                         /* not optimised away */

/* Unpadded base64url (RFC 4648 section 5), for tokens. */
void zj_buf_base64url(struct zj_buf *buf, struct zj_span bytes);

/* argon2id, 64 MiB, two passes: "$argon2id$v=19$…". Verifying takes as long as hashing. */
void zj_password_hash(struct zj_span password, struct zj_buf *out);
bool zj_password_verify(const char *encoded, struct zj_span password);

#endif
