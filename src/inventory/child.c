#include "inventory/child.h"

#include "inventory/subjects.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void send_line(struct zj_buf *line)
{
    zj_buf_byte(line, '\n');
    for (size_t at = 0; at < line->len;) {
        const ssize_t n = write(ZJ_CHILD_FD, line->at + at, line->len - at);
        if (n < 0 && errno != EINTR)
            _exit(1);
        at += n > 0 ? (size_t)n : 0;
    }
    line->len = 0;
}

static zj_err send_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct zj_child *child = ctx;
    struct zj_json j = zj_json_to(&child->line);
    (void)job; /* writing ends the child where it fails */
    zj_json_object(&j);
    zj_json_key(&j, "object");
    zj_inv_object_write(&j, object);
    if (object->sketch_count) {
        zj_json_key(&j, "sketches");
        zj_sketches_write(&j, object);
    }
    zj_json_object_end(&j);
    send_line(&child->line);
    return ZJ_OK;
}

void zj_put_unread(struct zj_buf *line, const char *place, const char *reason)
{
    struct zj_json j = zj_json_to(line);
    zj_json_object(&j);
    zj_json_key(&j, "unread");
    zj_json_array(&j);
    zj_json_str(&j, place);
    zj_json_str(&j, reason);
    zj_json_array_end(&j);
    zj_json_object_end(&j);
}

void zj_child_unread(struct zj_child *child, const char *place, const char *reason)
{
    zj_put_unread(&child->line, place, reason);
    send_line(&child->line);
}

static zj_err send_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    (void)job; /* as above */
    zj_child_unread(ctx, place, reason);
    return ZJ_OK;
}

static zj_err send_other(struct zj_job *job, void *ctx, enum zj_inv_other kind)
{
    (void)job; /* as above */
    zj_child_number(ctx, "other", kind);
    return ZJ_OK;
}

void zj_child_init(struct zj_child *child)
{
    *child = (struct zj_child){
        .sink = {.object = send_object, .unread = send_unread, .other = send_other}};
    child->sink.ctx = child;
}

void zj_child_number(struct zj_child *child, const char *key, uint64_t value)
{
    zj_buf_printf(&child->line, "{\"%s\":%llu}", key, (unsigned long long)value);
    send_line(&child->line);
}

void zj_child_keep_only(int fd, int *fds, size_t count)
{
    const int high = 512; /* above all that come from the parent: moves cannot collide */
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            fds[i] = fcntl(fds[i], F_DUPFD, high);
    const int moved = fcntl(fd, F_DUPFD, high);
    const int null = open("/dev/null", O_RDWR);
    if (moved < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        dup2(moved, ZJ_CHILD_FD) < 0)
        _exit(1);
    close_range(ZJ_CHILD_FD + 1, (unsigned)high - 1, 0);
    close(moved);
}

/* --- the parent's side ---------------------------------------------------------------------------
 */
bool zj_child_is_result(struct zj_span line)
{
    return zj_span_starts(line, ZJ_SPAN_LIT("{\"object\"")) ||
           zj_span_starts(line, ZJ_SPAN_LIT("{\"unread\"")) ||
           zj_span_starts(line, ZJ_SPAN_LIT("{\"other\""));
}

/* "a.zip", "a.zip!b.csv" and "a.csv @17" are of "a.zip" and "a.csv". */
static bool is_within(const char *place, const char *path)
{
    const size_t len = strlen(path);
    return strncmp(place, path, len) == 0 && strchr("! ", place[len]);
}

/* What is no UTF-8 in a path comes back as JSON has it. */
static bool is_of_task(struct zj_job *scratch, const char *place, const char *path)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf line = {0};
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    if (!place || is_within(place, path))
        return place != NULL;
    zj_put_unread(&line, path, "");
    if (zj_jdoc_parse(scratch, zj_buf_all(&line), ZJ_CHILD_LINE_MAX, &doc))
        return false;
    const struct zj_jval *told = zj_jval_first(zj_jval_get(zj_jdoc_root(doc), "unread"));
    return is_within(place, zj_jval_cstr(told, "?"));
}

static zj_err tell_nonsense(struct zj_job *job, const struct zj_inv_sink *sink,
                            const struct zj_child_task *task)
{
    return sink->unread(job, sink->ctx, task->path,
                        zj_tr(job, "the reader told nonsense of it", "读取进程返回了无效结果"));
}

zj_err zj_child_take(struct zj_job *job, struct zj_job *scratch, const struct zj_inv_sink *sink,
                     const struct zj_child_task *task, struct zj_span line)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    zj_job_clear(scratch);
    zj_arena_reset(&scratch->arena);
    if (zj_jdoc_parse(scratch, line, ZJ_CHILD_LINE_MAX, &doc))
        return tell_nonsense(job, sink, task);
    const struct zj_jval *root = zj_jdoc_root(doc);
    const struct zj_jval *unread = zj_jval_first(zj_jval_get(root, "unread"));
    if (unread) {
        const char *place = zj_jval_cstr(unread, NULL);
        return is_of_task(scratch, place, task->path)
                   ? sink->unread(job, sink->ctx, place, zj_jval_cstr(zj_jval_next(unread), "?"))
                   : tell_nonsense(job, sink, task);
    }
    const struct zj_jval *other = zj_jval_get(root, "other");
    if (other) {
        const int64_t kind = zj_jval_int(other, -1);
        return kind >= 0 && kind < ZJ_INV_OTHERS && sink->other
                   ? sink->other(job, sink->ctx, (enum zj_inv_other)kind)
                   : ZJ_OK;
    }
    struct zj_inv_object object;
    if (zj_inv_object_read(scratch, zj_jval_get(root, "object"), &object) ||
        !is_of_task(scratch, object.path, task->path))
        return tell_nonsense(job, sink, task);
    object.source = task->source;
    zj_sketches_read(scratch, zj_jval_get(root, "sketches"), &object);
    return sink->object(job, sink->ctx, &object);
}

void zj_child_end_reason(const struct zj_job *job, int status, char *out, size_t cap)
{
    const int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (sig == SIGXCPU || sig == SIGKILL)
        snprintf(out, cap, "%s",
                 zj_tr(job, "reading took too long or too much memory and was ended",
                       "读取耗时或占用内存过多，已终止"));
    else if (sig == SIGBUS) /* of a mapped file */
        snprintf(out, cap, "%s",
                 zj_tr(job, "it became shorter while it was read", "文件在读取期间变短"));
    else
        snprintf(out, cap,
                 zj_tr(job, "the reader broke down on it (signal %d)",
                       "读取时出错，读取进程已终止（信号 %d），其余文件照常读取"),
                 sig);
}
