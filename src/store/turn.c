#include "store/turn.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* Locks of the open file, not of the process: threads of one process are told apart, and closing
 * another descriptor takes none away. */
static bool turn_path(const char *store_path, char out[static PATH_MAX])
{
    const int len = snprintf(out, PATH_MAX, "%s-turn", store_path);
    return store_path[0] && len > 0 && len < PATH_MAX;
}

int zj_turn_wait(const char *store_path)
{
    char path[PATH_MAX];
    struct flock shared = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    if (!turn_path(store_path, path))
        return -1;
    const int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &shared) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

void zj_turn_end(const char *store_path, int turn)
{
    char path[PATH_MAX];
    if (turn < 0)
        return;
    close(turn);
    if (!zj_turn_is_wanted(store_path) && turn_path(store_path, path))
        unlink(path); /* one who began to wait just now waits unseen: as long as any writer did */
}

bool zj_turn_is_wanted(const char *store_path)
{
    char path[PATH_MAX];
    struct flock any = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int fd = turn_path(store_path, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (fd < 0)
        return false;
    const bool is_wanted = fcntl(fd, F_OFD_GETLK, &any) == 0 && any.l_type != F_UNLCK;
    close(fd);
    return is_wanted;
}
