/* What of a DSN may be shown. A "/", "@" or "?" of a password that is not written as %XX moves the
 * ends of its parts, so that a client takes a piece of the password for a host and says so. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "inventory/source.h"

/* user:password@host:port/path?query, each cut where RFC 3986 cuts it; what is not there is empty. */
struct parts {
    struct zj_span user, host, path, query; /* user: with its password */
    bool has_user;
};

static struct parts parts_of(const char *dsn)
{
    const char *from = strstr(dsn, "://") + 3;
    const char *slash = from + strcspn(from, "/?#");
    const char *mark = slash + strcspn(slash, "?#");
    const char *at = memrchr(from, '@', (size_t)(slash - from));
    return (struct parts){
        .user = zj_span_of(from, at ? (size_t)(at - from) : 0),
        .host = at ? zj_span_of(at + 1, (size_t)(slash - at - 1))
                   : zj_span_of(from, (size_t)(slash - from)),
        .path = zj_span_of(slash, (size_t)(mark - slash)),
        .query = zj_span_str(mark),
        .has_user = at != NULL,
    };
}

static bool holds(struct zj_span text, char c)
{
    return text.len && memchr(text.at, c, text.len);
}

static bool has_lone_percent(struct zj_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '%' &&
            (i + 2 >= text.len || !isxdigit(text.at[i + 1]) || !isxdigit(text.at[i + 2])))
            return true;
    return false;
}

/* A password with a "?" ends up in the query: there an "@" stands in a value only, and not where
 * what looks like host and port may be the user and the rest of the password. */
static bool is_cut_query(const struct parts *p)
{
    const uint8_t *at = p->query.len ? memchr(p->query.at, '@', p->query.len) : NULL;
    return at && (!memchr(p->query.at, '=', (size_t)(at - p->query.at)) ||
                  (!p->has_user && holds(p->host, ':')));
}

static bool is_number(struct zj_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isdigit(text.at[i]))
            return false;
    return true;
}

/* Without a user, what follows the host's ":" is a port; of several hosts each has its own. */
static bool has_odd_port(struct zj_span host)
{
    const uint8_t *colon = host.len ? memrchr(host.at, ':', host.len) : NULL;
    if (!colon || host.at[0] == '[' || holds(host, ','))
        return false;
    return !is_number(zj_span_part(host, (size_t)(colon - host.at) + 1, host.len));
}

static bool is_cut(const char *dsn)
{
    const struct parts p = parts_of(dsn);
    return holds(p.user, '@') || holds(p.path, '@') || has_lone_percent(p.user) ||
           has_odd_port(p.host) || is_cut_query(&p);
}

static bool is_scheme(const char *text, const char *end)
{
    for (; text < end; text++)
        if (!isalnum((unsigned char)*text) && !strchr("+.-", *text))
            return false;
    return true;
}

/* "oracle://…": nothing that is read here, and no file either. */
static bool is_foreign(const char *source)
{
    const char *end = strstr(source, "://");
    return end && end > source && is_scheme(source, end) && !zj_source_find(source) &&
           access(source, F_OK) != 0;
}

const char *zj_inv_source_fault(struct zj_job *job, const char *source)
{
    if (is_foreign(source))
        return zj_tr(job, "no database of this kind is read: postgresql:// and mysql:// are",
                     "不支持该类数据库，可读取 postgresql:// 与 mysql://");
    if (!zj_source_find(source) || !is_cut(source))
        return NULL;
    return zj_tr(job,
                 "the address cannot be taken apart: in a user's name or password, characters such "
                 "as @ / : ? # % are to be percent-encoded (@ is %40, / is %2F, % is %25)",
                 "数据库地址无法解析：用户名或口令中的 @ / : ? # % 等字符须用百分号编码"
                 "（@ 写作 %40，/ 写作 %2F，% 写作 %25）");
}

/* "postgresql://user@host/db": neither the password before the "@" nor what stands behind "?"; of
 * one that cannot be taken apart the scheme alone. */
const char *zj_inv_source_name(struct zj_job *job, const char *dsn)
{
    const bool is_known = zj_source_find(dsn) != NULL;
    if (!is_known && !is_foreign(dsn))
        return dsn;
    const struct parts p = parts_of(dsn);
    const int scheme = (int)(strstr(dsn, "://") + 3 - dsn);
    if (!is_known || is_cut(dsn))
        return zj_arena_printf(&job->arena, "%.*s***", scheme, dsn);
    const uint8_t *colon = p.user.len ? memchr(p.user.at, ':', p.user.len) : NULL;
    const size_t user = colon ? (size_t)(colon - p.user.at) : p.user.len;
    return zj_arena_printf(&job->arena, "%.*s%.*s%s%.*s%.*s", scheme, dsn, (int)user,
                           (const char *)p.user.at, p.has_user ? "@" : "", (int)p.host.len,
                           (const char *)p.host.at, (int)p.path.len, (const char *)p.path.at);
}
