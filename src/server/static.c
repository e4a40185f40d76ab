/* The console's files. A path that is no file's gets index.html, for the console finds its own way;
 * what has a suffix or lies under /assets/ is asked for as a file, and is there or is not. Hashed
 * assets never change, so browsers may keep them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/core.h"

static const char *type_of(const char *path)
{
    static const struct zj_pair types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < ZJ_COUNT(types); i++)
        if (strcmp(dot, types[i].name) == 0)
            return types[i].value;
    return "application/octet-stream";
}

/* Nothing but plain names between slashes: no "..", no hidden file. */
static bool is_plain(const char *path)
{
    if (path[0] != '/' || strlen(path) > 512)
        return false;
    for (const char *c = path; *c; c++)
        if ((c[0] == '/' && (c[1] == '.' || c[1] == '/')) || *c == '\\' || (unsigned char)*c < ' ')
            return false;
    return true;
}

static int open_file(struct zj_call *call, const char *name, const char *suffix, int64_t *out_bytes)
{
    const char *path =
        zj_arena_printf(&call->job->arena, "%s%s%s", call->server->web_dir, name, suffix);
    struct stat st;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0 && (fstat(file, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(file);
        file = -1;
    }
    if (file >= 0)
        *out_bytes = st.st_size;
    return file;
}

static bool takes_gzip(const struct zj_call *call)
{
    const char *codings = zj_http_header(call->req, "Accept-Encoding");
    return codings && strstr(codings, "gzip") && !strstr(codings, "gzip;q=0");
}

static bool send_file(struct zj_call *call, const char *name)
{
    struct zj_http_response *res = call->res;
    int64_t bytes = 0;
    int file = takes_gzip(call) ? open_file(call, name, ".gz", &bytes) : -1;
    if (file >= 0)
        zj_http_respond_header(res, "Content-Encoding", "gzip");
    else
        file = open_file(call, name, "", &bytes);
    if (file < 0)
        return false;
    res->file = file;
    res->file_bytes = bytes;
    res->content_type = type_of(name);
    zj_http_respond_header(res, "Vary", "Accept-Encoding");
    zj_http_respond_header(res, "Cache-Control",
                           strncmp(name, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable"
                                                             : "no-cache");
    return true;
}

void zj_static_serve(struct zj_call *call)
{
    const char *path = call->req->path;
    if (!call->server->web_dir) {
        zj_problem_status(call, 404, "ENOTFOUND",
                          "the console is not built; the API is under /api/v1",
                          "控制台尚未构建；接口位于 /api/v1");
        return;
    }
    const char *last = is_plain(path) ? strrchr(path, '/') : NULL;
    if (last && last[1] && send_file(call, path))
        return;
    const bool is_page = last && !strchr(last, '.') && strncmp(path, "/assets/", 8) != 0;
    if (!is_page || !send_file(call, "/index.html"))
        zj_problem(call, ZJ_ENOTFOUND);
}
