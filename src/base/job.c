#include "base/job.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

void zj_job_init(struct zj_job *job)
{
    *job = (struct zj_job){.db = "zhuji.db", .out = stdout, .actor = "cli"};
}

void zj_job_release(struct zj_job *job)
{
    zj_arena_release(&job->arena);
}

int64_t zj_now_ns(const struct zj_job *job)
{
    if (job->fixed_now_ns)
        return job->fixed_now_ns;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

bool zj_is_interrupted(const struct zj_job *job)
{
    return job->interrupted && atomic_load_explicit(job->interrupted, memory_order_relaxed);
}

/* Puts `text` before what `message` holds. */
static void put_before(char *message, size_t size, char *text)
{
    const size_t len = strlen(text);
    if (message[0] && len + 2 < size)
        snprintf(text + len, size - len, ": %.*s", (int)(size - len - 3), message);
    memcpy(message, text, size);
}

zj_err zj_fail(struct zj_job *job, zj_err err, const char *format, ...)
{
    char text[sizeof job->message], other[sizeof job->other_message];
    va_list args;
    va_start(args, format);
    if (vsnprintf(text, sizeof text, format, args) < 0)
        text[0] = '\0';
    va_end(args);
    va_start(args, format);
    if (job->pairs && !zj_pairs_format(job->pairs, other, sizeof other, format, args))
        memcpy(other, text, sizeof other);
    va_end(args);
    if (job->pairs)
        put_before(job->other_message, sizeof other, other);
    put_before(job->message, sizeof text, text);
    return err;
}

void zj_job_clear(struct zj_job *job)
{
    job->message[0] = '\0';
    job->other_message[0] = '\0';
}

/* strerror() looks for a translation in a file, which a process that reads captures may not. */
static const char *described(int code)
{
    const char *text = strerrordesc_np(code);
    return text ? text : "?";
}

const char *zj_strerror(const struct zj_job *job, int code)
{
    static const struct {
        int code;
        const char *zh;
    } known[] = {
#define ZJ_ERRNO(name, zh) {name, zh},
#include "base/errno.def"
#undef ZJ_ERRNO
    };
    for (size_t i = 0; i < ZJ_COUNT(known); i++)
        if (known[i].code == code)
            return zj_tr(job, described(code), known[i].zh);
    return described(code);
}
