#include "base/crypto.h"

#include <argon2.h>
#include <errno.h>
#include <gcrypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>

/* These calls fail only where the library is broken or memory is out: neither is an input's doing.
 */
static void must(int is_one)
{
    if (is_one != 1)
        abort();
}

static EVP_MD *fetch_md(enum zj_hash_kind kind)
{
    EVP_MD *md = EVP_MD_fetch(NULL, kind == ZJ_HASH_SM3 ? "SM3" : "SHA256", NULL);
    must(md != NULL);
    return md;
}

static EVP_MD_CTX *new_md_ctx(void)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    must(ctx != NULL);
    return ctx;
}

struct zj_hash {
    EVP_MD *md;
    EVP_MD_CTX *ctx;
};

struct zj_hash *zj_hash_new(enum zj_hash_kind kind)
{
    struct zj_hash *hash = zj_alloc(sizeof *hash);
    hash->md = fetch_md(kind);
    hash->ctx = new_md_ctx();
    must(EVP_DigestInit_ex2(hash->ctx, hash->md, NULL));
    return hash;
}

void zj_hash_free(struct zj_hash *hash)
{
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->ctx);
    EVP_MD_free(hash->md);
    free(hash);
}

void zj_hash_begin(struct zj_hash *hash)
{
    must(EVP_DigestInit_ex2(hash->ctx, NULL, NULL));
}

void zj_hash_add(struct zj_hash *hash, struct zj_span bytes)
{
    must(EVP_DigestUpdate(hash->ctx, bytes.at, bytes.len));
}

void zj_hash_end(struct zj_hash *hash, uint8_t out[32])
{
    must(EVP_DigestFinal_ex(hash->ctx, out, NULL));
}

static void digest_once(enum zj_hash_kind kind, struct zj_span bytes, uint8_t *out)
{
    EVP_MD *md = fetch_md(kind);
    must(EVP_Digest(bytes.at, bytes.len, out, NULL, md, NULL));
    EVP_MD_free(md);
}

void zj_sm3(struct zj_span bytes, uint8_t out[ZJ_SM3_BYTES])
{
    digest_once(ZJ_HASH_SM3, bytes, out);
}

void zj_sha256(struct zj_span bytes, uint8_t out[ZJ_SHA256_BYTES])
{
    digest_once(ZJ_HASH_SHA256, bytes, out);
}

/* HMAC-SM3 and SM4 come from libgcrypt. SM4 works there on several blocks at once with the vector
 * instructions of the processor, at 96 bytes three times as fast as OpenSSL 3.0, and a fact costs
 * one call of each. */
static void must_be_zero(gcry_error_t error)
{
    must(error == 0);
}

/* Before main, so that no two threads are the first to use the library. */
__attribute__((constructor)) static void start_gcrypt(void)
{
    must(gcry_check_version("1.9.0") != NULL);
    must_be_zero(gcry_control(GCRYCTL_DISABLE_SECMEM, 0));
    must_be_zero(gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0));
}

/* Its state under the key alone is kept by the library, and each message begins from there. */
struct zj_hmac {
    gcry_mac_hd_t mac;
};

struct zj_hmac *zj_hmac_new(struct zj_span key)
{
    enum { BLOCK_BYTES = 64 };
    uint8_t block[BLOCK_BYTES] = {0}; /* zeros behind a short key change nothing: RFC 2104 */
    struct zj_hmac *hmac = zj_alloc(sizeof *hmac);
    if (key.len > sizeof block)
        zj_sm3(key, block);
    else if (key.len)
        memcpy(block, key.at, key.len);
    must_be_zero(gcry_mac_open(&hmac->mac, GCRY_MAC_HMAC_SM3, 0, NULL));
    must_be_zero(gcry_mac_setkey(hmac->mac, block, sizeof block));
    zj_wipe(block, sizeof block);
    return hmac;
}

void zj_hmac_free(struct zj_hmac *hmac)
{
    if (!hmac)
        return;
    gcry_mac_close(hmac->mac);
    free(hmac);
}

void zj_hmac(struct zj_hmac *hmac, struct zj_span bytes, uint8_t out[ZJ_SM3_BYTES])
{
    size_t len = ZJ_SM3_BYTES;
    must_be_zero(gcry_mac_reset(hmac->mac));
    if (bytes.len)
        must_be_zero(gcry_mac_write(hmac->mac, bytes.at, bytes.len));
    must_be_zero(gcry_mac_read(hmac->mac, out, &len));
}

struct zj_sm4 {
    gcry_cipher_hd_t cipher;
};

struct zj_sm4 *zj_sm4_new(const uint8_t key[ZJ_SM4_KEY_BYTES])
{
    struct zj_sm4 *sm4 = zj_alloc(sizeof *sm4);
    must_be_zero(gcry_cipher_open(&sm4->cipher, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_CTR, 0));
    must_be_zero(gcry_cipher_setkey(sm4->cipher, key, ZJ_SM4_KEY_BYTES));
    return sm4;
}

void zj_sm4_free(struct zj_sm4 *sm4)
{
    if (!sm4)
        return;
    gcry_cipher_close(sm4->cipher);
    free(sm4);
}

void zj_sm4_ctr(struct zj_sm4 *sm4, const uint8_t nonce[ZJ_SM4_NONCE_BYTES], struct zj_span in,
                uint8_t *out)
{
    must_be_zero(gcry_cipher_setctr(sm4->cipher, nonce, ZJ_SM4_NONCE_BYTES));
    if (in.len)
        must_be_zero(gcry_cipher_encrypt(sm4->cipher, out, in.len, in.at, in.len));
}

void zj_random(void *out, size_t len)
{
    uint8_t *at = out;
    while (len) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        at += got;
        len -= (size_t)got;
    }
}

bool zj_const_eq(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void zj_wipe(void *at, size_t len)
{
    OPENSSL_cleanse(at, len);
}

void zj_buf_base64url(struct zj_buf *buf, struct zj_span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < bytes.len; i += 3) {
        const size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (k < n ? bytes.at[i + k] : 0);
        for (size_t k = 0; k <= n; k++)
            zj_buf_byte(buf, (uint8_t)digits[v >> (18 - 6 * k) & 63]);
    }
}

enum {
    ARGON2_PASSES = 2,
    ARGON2_KIB = 64 * 1024,
    ARGON2_LANES = 1,
    SALT_BYTES = 16,
    TAG_BYTES = 32
};

void zj_password_hash(struct zj_span password, struct zj_buf *out)
{
    uint8_t salt[SALT_BYTES];
    zj_random(salt, sizeof salt);
    const size_t cap = argon2_encodedlen(ARGON2_PASSES, ARGON2_KIB, ARGON2_LANES, SALT_BYTES,
                                         TAG_BYTES, Argon2_id);
    zj_buf_reserve(out, cap);
    char *at = (char *)out->at + out->len;
    must(argon2id_hash_encoded(ARGON2_PASSES, ARGON2_KIB, ARGON2_LANES, password.at, password.len,
                               salt, sizeof salt, TAG_BYTES, at, cap) == ARGON2_OK);
    out->len += strlen(at);
}

bool zj_password_verify(const char *encoded, struct zj_span password)
{
    return argon2id_verify(encoded, password.at, password.len) == ARGON2_OK;
}

void zj_hmac_sha256(struct zj_span key, struct zj_span bytes, uint8_t out[ZJ_SHA256_BYTES])
{
    enum { BLOCK = 64, INNER = 0x36, OUTER = 0x5c };
    uint8_t pad[BLOCK] = {0}, inner[ZJ_SHA256_BYTES];
    struct zj_hash *hash = zj_hash_new(ZJ_HASH_SHA256);
    if (key.len > BLOCK)
        zj_sha256(key, pad);
    else if (key.len)
        memcpy(pad, key.at, key.len);
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] ^= INNER;
    zj_hash_begin(hash);
    zj_hash_add(hash, zj_span_of(pad, BLOCK));
    zj_hash_add(hash, bytes);
    zj_hash_end(hash, inner);
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] ^= INNER ^ OUTER;
    zj_hash_begin(hash);
    zj_hash_add(hash, zj_span_of(pad, BLOCK));
    zj_hash_add(hash, zj_span_of(inner, sizeof inner));
    zj_hash_end(hash, out);
    zj_hash_free(hash);
    zj_wipe(pad, sizeof pad);
}
