/* Personal fields. The master key is 32 random bytes in PATH.key, outside the database; every field
 * has keys of its own, derived from it by name. The store holds a check value of the key, so that a
 * wrong file is refused at once and not found out by unreadable rows.
 *
 *   stored field:  nonce(16)  SM4-CTR(plain)  tag(16)
 *                  '----------- tag is HMAC-SM3 of these, cut to 16 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/backend.h"

enum { TAG_BYTES = 16, OVERHEAD = ZJ_SM4_NONCE_BYTES + TAG_BYTES, KEY_FILE_MAX = 256 };

static const char key_head[] = "zhuji key 1\n";

struct zj_field_key {
    struct zj_field_key *next;
    char *field;
    struct zj_sm4 *cipher;
    struct zj_hmac *tag, *index;
};

static bool derive(const struct zj_keys *keys, const char *use, const char *field,
                   uint8_t out[ZJ_SM3_BYTES])
{
    if (!keys->is_known)
        return false;
    struct zj_buf label = {0};
    zj_buf_printf(&label, "%s:%s", use, field);
    struct zj_hmac *hmac = zj_hmac_new(zj_span_of(keys->master, sizeof keys->master));
    zj_hmac(hmac, zj_buf_all(&label), out);
    zj_hmac_free(hmac);
    zj_buf_release(&label);
    return true;
}

static struct zj_hmac *derive_hmac(const struct zj_keys *keys, const char *use, const char *field)
{
    uint8_t key[ZJ_SM3_BYTES];
    const bool is_known = derive(keys, use, field, key);
    assert(is_known); /* a store opened KEYLESS is not for personal fields */
    struct zj_hmac *hmac = zj_hmac_new(zj_span_of(key, sizeof key));
    zj_wipe(key, sizeof key);
    return hmac;
}

static struct zj_field_key *key_of(struct zj_store *store, const char *field)
{
    struct zj_keys *keys = &store->keys;
    for (struct zj_field_key *k = keys->fields; k; k = k->next)
        if (strcmp(k->field, field) == 0)
            return k;
    uint8_t key[ZJ_SM3_BYTES];
    struct zj_field_key *k = zj_alloc(sizeof *k);
    k->field = zj_strdup(field);
    k->tag = derive_hmac(keys, "tag", field);
    k->index = derive_hmac(keys, "index", field);
    derive(keys, "cipher", field, key);
    k->cipher = zj_sm4_new(key);
    zj_wipe(key, sizeof key);
    k->next = keys->fields;
    keys->fields = k;
    return k;
}

/* Nonces in bulk: a call into the kernel for each would cost more than the cipher. */
static void take_nonce(struct zj_keys *keys, uint8_t out[ZJ_SM4_NONCE_BYTES])
{
    if (keys->pool_left < ZJ_SM4_NONCE_BYTES) {
        zj_random(keys->pool, sizeof keys->pool);
        keys->pool_left = sizeof keys->pool;
    }
    keys->pool_left -= ZJ_SM4_NONCE_BYTES;
    memcpy(out, keys->pool + keys->pool_left, ZJ_SM4_NONCE_BYTES);
}

void zj_store_encrypt(struct zj_store *store, const char *field, struct zj_span plain,
                      struct zj_buf *out)
{
    const struct zj_field_key *key = key_of(store, field);
    uint8_t tag[ZJ_SM3_BYTES];
    zj_buf_reserve(out, plain.len + OVERHEAD);
    uint8_t *nonce = out->at + out->len;
    take_nonce(&store->keys, nonce);
    zj_sm4_ctr(key->cipher, nonce, plain, nonce + ZJ_SM4_NONCE_BYTES);
    zj_hmac(key->tag, zj_span_of(nonce, ZJ_SM4_NONCE_BYTES + plain.len), tag);
    memcpy(nonce + ZJ_SM4_NONCE_BYTES + plain.len, tag, TAG_BYTES);
    out->len += plain.len + OVERHEAD;
}

bool zj_store_decrypt(struct zj_store *store, const char *field, struct zj_span cipher,
                      struct zj_buf *out)
{
    if (!store->keys.is_known || cipher.len < OVERHEAD)
        return false;
    const struct zj_field_key *key = key_of(store, field);
    const struct zj_span tagged = {cipher.at, cipher.len - TAG_BYTES};
    uint8_t tag[ZJ_SM3_BYTES];
    zj_hmac(key->tag, tagged, tag);
    if (!zj_const_eq(tag, cipher.at + tagged.len, TAG_BYTES))
        return false;
    const struct zj_span body = zj_span_part(tagged, ZJ_SM4_NONCE_BYTES, tagged.len);
    zj_buf_reserve(out, body.len);
    zj_sm4_ctr(key->cipher, cipher.at, body, out->at + out->len);
    out->len += body.len;
    return true;
}

void zj_store_blind_index(struct zj_store *store, const char *field, struct zj_span plain,
                          uint8_t out[16])
{
    uint8_t mac[ZJ_SM3_BYTES];
    zj_hmac(key_of(store, field)->index, plain, mac);
    memcpy(out, mac, 16);
}

bool zj_keys_mac(struct zj_store *store, const char *purpose, struct zj_span bytes,
                 uint8_t out[ZJ_SM3_BYTES])
{
    if (!store->keys.is_known)
        return false;
    zj_hmac(key_of(store, purpose)->tag, bytes, out);
    return true;
}

void zj_keys_release(struct zj_store *store)
{
    while (store->keys.fields) {
        struct zj_field_key *k = store->keys.fields;
        store->keys.fields = k->next;
        zj_sm4_free(k->cipher);
        zj_hmac_free(k->tag);
        zj_hmac_free(k->index);
        free(k->field);
        free(k);
    }
    zj_wipe(&store->keys, sizeof store->keys);
}

static zj_err read_key(struct zj_job *job, const char *path, uint8_t out[32], bool *out_found)
{
    char text[KEY_FILE_MAX];
    *out_found = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT
                   ? ZJ_OK
                   : zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    struct stat st;
    const ssize_t got = read(fd, text, sizeof text);
    const bool is_private = fstat(fd, &st) == 0 && (st.st_mode & 077) == 0;
    close(fd);
    if (got < 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    if (!is_private)
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "%s: others may read it; run chmod 600 on it first",
                             "%s：其他用户可读取该密钥，请先执行 chmod 600"),
                       path);
    ZJ_AUTO(zj_buf_release) struct zj_buf key = {0};
    const struct zj_span all = zj_span_of(text, (size_t)got), head = zj_span_str(key_head);
    const bool is_key = zj_span_starts(all, head) &&
                        zj_buf_from_hex(&key, zj_span_part(all, head.len, all.len)) &&
                        key.len == 32;
    zj_wipe(text, sizeof text);
    if (!is_key)
        return zj_fail(job, ZJ_EINPUT, zj_tr(job, "%s: not a key file", "%s：不是密钥文件"), path);
    memcpy(out, key.at, 32);
    zj_wipe(key.at, key.len);
    *out_found = true;
    return ZJ_OK;
}

/* On disk before the store names its check value: a key is never lost that something was encrypted
 * with. */
static zj_err write_key(struct zj_job *job, const char *path, const uint8_t key[32])
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    zj_buf_str(&text, key_head);
    zj_buf_hex(&text, zj_span_of(key, 32));
    zj_buf_byte(&text, '\n');
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    const bool is_written = write(fd, text.at, text.len) == (ssize_t)text.len && fsync(fd) == 0;
    const int why = errno;
    close(fd);
    zj_wipe(text.at, text.len);
    if (!is_written) {
        unlink(path);
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, why));
    }
    return ZJ_OK;
}

static void check_value(struct zj_store *store, struct zj_buf *out)
{
    uint8_t mac[ZJ_SM3_BYTES];
    zj_keys_mac(store, "key check", (struct zj_span){0}, mac);
    zj_buf_hex(out, zj_span_of(mac, sizeof mac));
}

static zj_err make_key(struct zj_job *job, struct zj_store *store, const char *path)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf want = {0}, known = {0};
    bool has_file = false, has_check = false;
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = zj_store_meta_get(job, store, "key_check", &known, &has_check);
    if (!err && path)
        err = read_key(job, path, store->keys.master, &has_file);
    if (!err && !has_check && !has_file) {
        zj_random(store->keys.master, sizeof store->keys.master);
        err = path ? write_key(job, path, store->keys.master) : ZJ_OK;
    }
    store->keys.is_known = !err;
    if (!err && !has_check) {
        check_value(store, &want);
        err = zj_store_meta_set(job, store, "key_check", zj_buf_all(&want));
    }
    return zj_store_end(job, store, err);
}

static zj_err check_key(struct zj_job *job, struct zj_store *store, const char *path,
                        struct zj_span known)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf want = {0};
    const bool is_keyless = store->flags & ZJ_STORE_KEYLESS;
    bool has_file = false;
    zj_err err = read_key(job, path, store->keys.master, &has_file);
    if (!err && !has_file)
        err = zj_fail(job, ZJ_EINPUT,
                      zj_tr(job,
                            "%s: missing; personal fields cannot be read without it, put it back "
                            "from its backup",
                            "%s：密钥文件缺失，缺少它无法读取个人信息字段，请从备份恢复"),
                      path);
    if (!err) {
        store->keys.is_known = true;
        check_value(store, &want);
        if (!zj_span_eq(zj_buf_all(&want), known)) {
            zj_keys_release(store);
            err = zj_fail(job, ZJ_EINPUT,
                          zj_tr(job, "%s: the key of another store", "%s：不是本存储的密钥"), path);
        }
    }
    if (err && is_keyless) {
        zj_job_clear(job);
        return ZJ_OK;
    }
    return err;
}

zj_err zj_keys_open(struct zj_job *job, struct zj_store *store)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf known = {0};
    bool has_check;
    const bool in_memory = strcmp(store->dsn, ":memory:") == 0;
    const char *path = in_memory ? NULL : zj_arena_printf(&job->arena, "%s.key", store->dsn);
    zj_err err = zj_store_meta_get(job, store, "key_check", &known, &has_check);
    if (!err && !has_check && !(store->flags & (ZJ_STORE_READONLY | ZJ_STORE_KEYLESS))) {
        err = make_key(job, store, path);
        if (!err)
            err = zj_store_meta_get(job, store, "key_check", &known, &has_check);
    }
    if (err || !has_check || !path)
        return err;
    return check_key(job, store, path, zj_buf_all(&known));
}
