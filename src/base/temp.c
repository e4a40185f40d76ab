#include "base/temp.h"

#include <fcntl.h>
#include <sys/mman.h>

const char *zj_temp_folder(void)
{
    const char *dir = getenv("TMPDIR");
    return dir && dir[0] ? dir : "/tmp";
}

static char *pattern(struct zj_arena *arena, const char *what)
{
    return zj_arena_printf(arena, "%s/zhuji-%s-XXXXXX", zj_temp_folder(), what);
}

int zj_temp_file(struct zj_arena *arena, const char *what, char **out_path)
{
    *out_path = pattern(arena, what);
    return mkostemp(*out_path, O_CLOEXEC);
}

int zj_temp_nameless(void)
{
    const int fd = open(zj_temp_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 ? fd : memfd_create("zhuji", MFD_CLOEXEC);
}

bool zj_temp_dir(struct zj_arena *arena, const char *what, char **out_path)
{
    *out_path = pattern(arena, what);
    return mkdtemp(*out_path) != NULL;
}
