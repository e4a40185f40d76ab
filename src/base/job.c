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

zj_err zj_fail(struct zj_job *job, zj_err err, const char *format, ...)
{
    char text[sizeof job->message];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0)
        len = 0;
    if (job->message[0] && (size_t)len + 2 < sizeof text)
        snprintf(text + len, sizeof text - (size_t)len, ": %.*s",
                 (int)(sizeof text - (size_t)len - 3), job->message);
    memcpy(job->message, text, sizeof text);
    return err;
}

void zj_job_clear(struct zj_job *job)
{
    job->message[0] = '\0';
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
    if (job->lang == ZJ_ZH)
        for (size_t i = 0; i < ZJ_COUNT(known); i++)
            if (known[i].code == code)
                return known[i].zh;
    return strerror(code);
}
