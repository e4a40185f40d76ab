/* Test vectors of the standards: GB/T 32905-2016 (SM3), GB/T 32907-2016 (SM4), FIPS 180-2, RFC
 * 4648. HMAC-SM3: GM/T 0042-2015, annex. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/crypto.h"

static void assert_hex(const uint8_t *got, size_t len, const char *want)
{
    struct zj_buf text = {0};
    zj_buf_hex(&text, zj_span_of(got, len));
    assert_string_equal(zj_buf_cstr(&text), want);
    zj_buf_release(&text);
}

static struct zj_buf unhex(const char *text)
{
    struct zj_buf bytes = {0};
    assert_true(zj_buf_from_hex(&bytes, zj_span_str(text)));
    return bytes;
}

static void hashes(void **state)
{
    (void)state;
    uint8_t out[32];
    zj_sm3(ZJ_SPAN_LIT("abc"), out);
    assert_hex(out, 32, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    zj_sha256(ZJ_SPAN_LIT("abc"), out);
    assert_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    /* the second example of GB/T 32905: 64 bytes, in two parts, with a context used before */
    struct zj_hash *hash = zj_hash_new(ZJ_HASH_SM3);
    for (int round = 0; round < 2; round++) {
        zj_hash_begin(hash);
        zj_hash_add(hash, ZJ_SPAN_LIT("abcdabcdabcdabcdabcdabcdabcdabcd"));
        zj_hash_add(hash, ZJ_SPAN_LIT("abcdabcdabcdabcdabcdabcdabcdabcd"));
        zj_hash_end(hash, out);
        assert_hex(out, 32, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    }
    zj_hash_free(hash);
}

static void mac(void **state)
{
    (void)state;
    uint8_t out[32];
    struct zj_buf key = unhex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    struct zj_hmac *hmac = zj_hmac_new(zj_buf_all(&key));
    for (int round = 0; round < 2; round++) {
        zj_hmac(hmac,
                ZJ_SPAN_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
                            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                out);
        assert_hex(out, 32, "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
    }
    zj_hmac_free(hmac);
    zj_buf_release(&key);
}

/* Counter mode over the one block of GB/T 32907's first example: with the example's plaintext as
 * nonce and zeros as input the output is the example's ciphertext. */
static void cipher(void **state)
{
    (void)state;
    static const uint8_t zeros[16];
    uint8_t out[16];
    struct zj_buf key = unhex("0123456789abcdeffedcba9876543210");
    struct zj_sm4 *sm4 = zj_sm4_new(key.at);
    for (int round = 0; round < 2; round++) {
        zj_sm4_ctr(sm4, key.at, zj_span_of(zeros, sizeof zeros), out);
        assert_hex(out, 16, "681edf34d206965e86b3e94f536e4246");
    }
    zj_sm4_free(sm4);
    zj_buf_release(&key);
}

static void base64url(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_buf out = {0};
        zj_buf_base64url(&out, zj_span_str(cases[i][0]));
        assert_string_equal(zj_buf_cstr(&out), cases[i][1]);
        zj_buf_release(&out);
    }
    struct zj_buf out = {0};
    zj_buf_base64url(&out, ZJ_SPAN_LIT("\xfb\xff"));
    assert_string_equal(zj_buf_cstr(&out), "-_8");
    zj_buf_release(&out);
}

static void password(void **state)
{
    (void)state;
    struct zj_buf a = {0}, b = {0};
    zj_password_hash(ZJ_SPAN_LIT("correct horse"), &a);
    zj_password_hash(ZJ_SPAN_LIT("correct horse"), &b);
    assert_true(zj_span_starts(zj_buf_all(&a), ZJ_SPAN_LIT("$argon2id$v=19$m=65536,t=2,p=1$")));
    assert_string_not_equal(zj_buf_cstr(&a), zj_buf_cstr(&b)); /* salted */
    assert_true(zj_password_verify(zj_buf_cstr(&a), ZJ_SPAN_LIT("correct horse")));
    assert_false(zj_password_verify(zj_buf_cstr(&a), ZJ_SPAN_LIT("correct horsf")));
    assert_false(zj_password_verify("", ZJ_SPAN_LIT("")));
    assert_false(zj_password_verify("$argon2id$v=19$m=65536", ZJ_SPAN_LIT("x")));
    zj_buf_release(&a);
    zj_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),    cmocka_unit_test(mac),      cmocka_unit_test(cipher),
        cmocka_unit_test(base64url), cmocka_unit_test(password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
