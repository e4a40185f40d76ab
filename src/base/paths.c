#include "base/paths.h"

#include <string.h>
#include <unistd.h>

/* The folder `levels` above the program's own file. */
static const char *above_program(struct zj_job *job, int levels)
{
    char path[4096];
    const ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0)
        return NULL;
    path[len] = '\0';
    for (int i = 0; i <= levels; i++) {
        char *slash = strrchr(path, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
    }
    return zj_arena_strdup(&job->arena, path);
}

const char *zj_data_path(struct zj_job *job, const char *name)
{
    /* build/zhuji, build/asan/zhuji and build/test/test_x or build/asan/test/test_x */
    const char *prefix = above_program(job, 1); /* bin/zhuji, wherever that was installed */
    const char *roots[] = {
        getenv("ZHUJI_SHARE"),
        prefix,
        above_program(job, 2),
        above_program(job, 3),
        prefix ? zj_arena_printf(&job->arena, "%s/share/zhuji", prefix) : NULL,
        ZJ_PREFIX "/share/zhuji",
    };
    for (size_t i = 0; i < ZJ_COUNT(roots); i++) {
        if (!roots[i] || !roots[i][0])
            continue;
        const char *path = zj_arena_printf(&job->arena, "%s/%s", roots[i], name);
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}
