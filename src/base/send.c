#include "base/send.h"

#define CURL_DISABLE_TYPECHECK /* its macros want the functions linked */
#include <curl/curl.h>
#include <string.h>

#include "base/clock.h"
#include "base/library.h"

enum { CONNECT_S = 10, WHOLE_S = 30, ANSWER_BYTES_MAX = 64 * 1024, BASE64_LINE = 57 };

#define CALLS(X)                                                                                   \
    X(curl_easy_init)                                                                              \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_strerror)                                                                          \
    X(curl_easy_cleanup)                                                                           \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)

struct calls {
    CALLS(ZJ_LIBRARY_CALL)
};

static zj_err load_calls(struct zj_job *job, struct calls *out)
{
    static const char *const names[] = {CALLS(ZJ_LIBRARY_NAME)};
    return zj_library_load(job, "libcurl.so.4", names, ZJ_COUNT(names), out);
}

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The host between "://" and the port or path is this machine. */
static bool is_loopback(const char *url)
{
    static const char *const hosts[] = {"127.0.0.1", "[::1]", "localhost"};
    const char *host = strstr(url, "://");
    for (size_t i = 0; host && i < ZJ_COUNT(hosts); i++) {
        const size_t len = strlen(hosts[i]);
        if (strncmp(host + 3, hosts[i], len) == 0 && strchr(":/", host[3 + len]))
            return true; /* strchr finds the end of the text as well */
    }
    return false;
}

static bool is_clean(const char *url)
{
    for (const char *c = url; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == '@' || (unsigned char)*c == 0x7f)
            return false;
    return true;
}

bool zj_send_url_is_good(const char *url)
{
    return is_clean(url) && ((has_prefix(url, "https://") && url[8] && url[8] != '/') ||
                             (has_prefix(url, "http://") && is_loopback(url)));
}

bool zj_send_mail_url_is_good(const char *url)
{
    return is_clean(url) && ((has_prefix(url, "smtps://") && url[8]) ||
                             (has_prefix(url, "smtp://") && url[7]));
}

bool zj_send_address_is_good(const char *address)
{
    const char *at = strchr(address, '@');
    if (!at || at == address || !at[1] || strchr(at + 1, '@') || strlen(address) > 254)
        return false;
    for (const char *c = address; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c == 0x7f || strchr("<>,;:\"\\()[]", *c))
            return false;
    return true;
}

static size_t drop_answer(char *bytes, size_t size, size_t count, void *ctx)
{
    size_t *seen = ctx;
    (void)bytes; /* what it says is not kept: the status is the receipt */
    *seen += size * count;
    return *seen > ANSWER_BYTES_MAX ? 0 : size * count;
}

static int stop_when_interrupted(void *ctx, curl_off_t down_total, curl_off_t down,
                                 curl_off_t up_total, curl_off_t up)
{
    (void)down_total, (void)down, (void)up_total, (void)up;
    return zj_is_interrupted(ctx);
}

static CURL *new_handle(struct zj_job *job, const struct calls *c, const char *url,
                        const char *protocols, size_t *seen)
{
    CURL *curl = c->curl_easy_init();
    if (!curl)
        abort(); /* memory is all it can lack */
    c->curl_easy_setopt(curl, CURLOPT_URL, url);
    c->curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    c->curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    c->curl_easy_setopt(curl, CURLOPT_PROXY, "");
    c->curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    c->curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WHOLE_S);
    c->curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_answer);
    c->curl_easy_setopt(curl, CURLOPT_WRITEDATA, seen);
    c->curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    c->curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, stop_when_interrupted);
    c->curl_easy_setopt(curl, CURLOPT_XFERINFODATA, job);
    return curl;
}

/* What the library says, in Chinese where a person can do something about it. */
static const char *reason_of(const struct zj_job *job, const struct calls *c, CURLcode code)
{
    static const struct {
        CURLcode code;
        const char *zh;
    } known[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "无法解析主机名"},
        {CURLE_COULDNT_CONNECT, "无法连接"},
        {CURLE_OPERATION_TIMEDOUT, "超时"},
        {CURLE_SSL_CONNECT_ERROR, "TLS 握手失败"},
        {CURLE_PEER_FAILED_VERIFICATION, "对方证书未通过验证"},
        {CURLE_GOT_NOTHING, "对方没有应答"},
        {CURLE_SEND_ERROR, "发送失败"},
        {CURLE_RECV_ERROR, "接收失败"},
        {CURLE_LOGIN_DENIED, "登录被拒绝"},
    };
    for (size_t i = 0; i < ZJ_COUNT(known); i++)
        if (known[i].code == code)
            return zj_tr(job, c->curl_easy_strerror(code), known[i].zh);
    return c->curl_easy_strerror(code);
}

static zj_err perform(struct zj_job *job, const struct calls *c, CURL *curl, const char *url,
                      long *out_code)
{
    const CURLcode code = c->curl_easy_perform(curl);
    c->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, out_code);
    if (code == CURLE_OK)
        return ZJ_OK;
    return zj_fail(job, zj_is_interrupted(job) ? ZJ_EINTR : ZJ_EIO, "%s: %s", url,
                   reason_of(job, c, code));
}

zj_err zj_send_post(struct zj_job *job, const char *url, const char *const *headers,
                    struct zj_span body, long *out_status)
{
    if (!zj_send_url_is_good(url))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "an address begins with https://", "地址须以 https:// 开头"));
    size_t seen = 0;
    struct calls calls;
    const struct calls *c = &calls;
    struct curl_slist *list = NULL;
    zj_err err = load_calls(job, &calls);
    if (err)
        return err;
    CURL *curl = new_handle(job, c, url, "http,https", &seen);
    for (size_t i = 0; headers[i]; i++)
        list = c->curl_slist_append(list, headers[i]);
    c->curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    c->curl_easy_setopt(curl, CURLOPT_POST, 1L);
    c->curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)body.at);
    c->curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    err = perform(job, c, curl, url, out_status);
    c->curl_slist_free_all(list);
    c->curl_easy_cleanup(curl);
    return err;
}

/* --- mail ---------------------------------------------------------------------------------------
 */

static void put_base64(struct zj_buf *out, struct zj_span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        const size_t left = bytes.len - i;
        const unsigned b = (unsigned)bytes.at[i] << 16 |
                           (left > 1 ? (unsigned)bytes.at[i + 1] << 8 : 0u) |
                           (left > 2 ? bytes.at[i + 2] : 0u);
        zj_buf_byte(out, (uint8_t)digits[b >> 18]);
        zj_buf_byte(out, (uint8_t)digits[b >> 12 & 63]);
        zj_buf_byte(out, left > 1 ? (uint8_t)digits[b >> 6 & 63] : '=');
        zj_buf_byte(out, left > 2 ? (uint8_t)digits[b & 63] : '=');
    }
}

/* Words of at most 75 characters: 45 octets of UTF-8 each, cut between characters. */
static void put_subject(struct zj_buf *out, const char *subject)
{
    const struct zj_span all = zj_span_str(subject);
    const char *gap = "Subject: ";
    for (size_t from = 0; from < all.len;) {
        size_t len = all.len - from < 45 ? all.len - from : 45;
        while (from + len < all.len && len > 1 && (all.at[from + len] & 0xc0) == 0x80)
            len--;
        zj_buf_printf(out, "%s=?UTF-8?B?", gap);
        put_base64(out, zj_span_part(all, from, len));
        zj_buf_str(out, "?=\r\n");
        gap = " ";
        from += len;
    }
}

/* RFC 5322: the date in the time of Beijing. */
static void put_mail_date(struct zj_buf *out, int64_t now_ns)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[ZJ_TIME_TEXT];
    int year, month, day;
    zj_date_split(zj_date_of_time(now_ns), &year, &month, &day);
    zj_time_format(now_ns, text);
    zj_buf_printf(out, "Date: %d %s %04d %.8s +0800\r\n", day, months[month - 1], year, text + 11);
}

static void put_mail(struct zj_buf *out, const struct zj_mail_server *server, const char *to,
                     const char *subject, struct zj_span text, int64_t now_ns)
{
    put_mail_date(out, now_ns);
    zj_buf_printf(out, "From: <%s>\r\nTo: <%s>\r\n", server->from, to);
    put_subject(out, subject);
    zj_buf_str(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    for (size_t from = 0; from < text.len; from += BASE64_LINE) {
        const size_t len = text.len - from < BASE64_LINE ? text.len - from : BASE64_LINE;
        put_base64(out, zj_span_part(text, from, len));
        zj_buf_str(out, "\r\n");
    }
}

struct upload {
    struct zj_span left;
};

static size_t give_mail(char *out, size_t size, size_t count, void *ctx)
{
    struct upload *u = ctx;
    const size_t len = u->left.len < size * count ? u->left.len : size * count;
    if (len)
        memcpy(out, u->left.at, len);
    u->left = zj_span_part(u->left, len, u->left.len - len);
    return len;
}

zj_err zj_send_mail(struct zj_job *job, const struct zj_mail_server *server, const char *to,
                    const char *subject, struct zj_span text, long *out_code)
{
    if (!zj_send_mail_url_is_good(server->url) || !zj_send_address_is_good(server->from) ||
        !zj_send_address_is_good(to))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "the mail server or an address is wrong",
                             "邮件服务器或邮件地址有误"));
    struct calls calls;
    const struct calls *c = &calls;
    zj_err err = load_calls(job, &calls);
    if (err)
        return err;
    ZJ_AUTO(zj_buf_release) struct zj_buf mail = {0};
    put_mail(&mail, server, to, subject, text, zj_now_ns(job));
    struct upload upload = {zj_buf_all(&mail)};
    size_t seen = 0;
    CURL *curl = new_handle(job, c, server->url, "smtp,smtps", &seen);
    struct curl_slist *recipients = c->curl_slist_append(NULL, to);
    if (!is_loopback(server->url))
        c->curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (server->user)
        c->curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
    if (server->password)
        c->curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password);
    c->curl_easy_setopt(curl, CURLOPT_MAIL_FROM, server->from);
    c->curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    c->curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    c->curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_mail);
    c->curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    err = perform(job, c, curl, server->url, out_code);
    c->curl_slist_free_all(recipients);
    c->curl_easy_cleanup(curl);
    return err;
}
