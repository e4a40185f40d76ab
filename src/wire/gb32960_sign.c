/* The 2025 edition signs the data unit. Keys of terminals are registered with the platform and not
 * public; the one key below belongs to the published sample frames and serves to show that what
 * a signature covers is read rightly. */
#include "wire/gb32960.h"

#include <openssl/bn.h>
#include <openssl/sha.h>

enum { KEY_BYTES = 256 };

static const char sample_modulus[] =
    "b57a66f635bc7c1ee7e55eb290f0d75ac95c2d0b933e8ffe181f7e3d5e7f7ed5e9f2e7858ae196f0bea1bdff86cc"
    "c48cbc88e297c8e2ee223007014025ce4c9b4433183049d53b3cbc144b3c8e11dd76af61af6411289f0f23526c7f"
    "0b9f7bc78ed24475f0745190b31489fdafcccef8d8e3ec8e588aeb5acb0bc94fe50c19a8417b181b25d71d372b04"
    "0aff5c37c9953bf9934b1e5bb1b87dc8caaabb967f27ded15174dc87f8ffc0431c5a08ad94b985ad131746eeda4f"
    "af4ccba9061b5970ef3ece71bfbae4bf6313282625c340c06e1c9eaf69c0840198437bed9c9ea48a3ff144114c41"
    "429c4cab77e7beef521b6b0356d921dae1cf9f6b445f460e848b";

/* 00 01 FF … FF 00 and the DigestInfo of SHA-256 (RFC 8017, 9.2). */
static void pad_digest(struct zj_span message, uint8_t out[KEY_BYTES])
{
    static const uint8_t info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                   0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    const size_t tail = sizeof info + SHA256_DIGEST_LENGTH;
    memset(out, 0xff, KEY_BYTES);
    out[0] = 0;
    out[1] = 1;
    out[KEY_BYTES - tail - 1] = 0;
    memcpy(out + KEY_BYTES - tail, info, sizeof info);
    SHA256(message.at, message.len, out + KEY_BYTES - SHA256_DIGEST_LENGTH);
}

bool zj_gb_verifies_with_sample_key(struct zj_span signed_bytes, struct zj_span signature)
{
    if (signature.len != KEY_BYTES)
        return false;
    uint8_t want[KEY_BYTES], got[KEY_BYTES];
    pad_digest(signed_bytes, want);
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *n = NULL, *e = BN_new(), *r = BN_new();
    BIGNUM *s = BN_bin2bn(signature.at, KEY_BYTES, NULL);
    const bool is_done = ctx && e && r && s && BN_hex2bn(&n, sample_modulus) &&
                         BN_set_word(e, 65537) && BN_mod_exp(r, s, e, n, ctx) &&
                         BN_bn2binpad(r, got, KEY_BYTES) == KEY_BYTES;
    BN_free(s);
    BN_free(r);
    BN_free(e);
    BN_free(n);
    BN_CTX_free(ctx);
    return is_done && memcmp(want, got, KEY_BYTES) == 0;
}
