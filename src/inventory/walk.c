#include "inventory/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/hash.h"

enum { FOLDER_DEPTH_MAX = 200, HEAD_BYTES = 65536 };

struct walk {
    struct zj_job *job;
    const struct zj_inv_sink *sink;
    struct zj_files *files;
    char *source;
    char root[PATH_MAX]; /* resolved */
    struct seen {
        dev_t dev;
        ino_t ino;
    } * seen; /* open-addressed; ino 0: free */
    size_t seen_count, seen_cap;
    struct zj_buf left_out; /* folders of the kernel, one behind the other */
};

static size_t seen_slot(const struct walk *w, const struct stat *st)
{
    const uint64_t key[2] = {(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    size_t at = zj_hash(zj_span_of(key, sizeof key), 0) & (w->seen_cap - 1);
    while (w->seen[at].ino && (w->seen[at].ino != st->st_ino || w->seen[at].dev != st->st_dev))
        at = (at + 1) & (w->seen_cap - 1);
    return at;
}

static bool is_seen(struct walk *w, const struct stat *st)
{
    if (w->seen_count * 2 >= w->seen_cap) {
        struct seen *old = w->seen;
        const size_t old_cap = w->seen_cap;
        w->seen_cap = old_cap ? old_cap * 2 : 1024;
        w->seen = zj_alloc(w->seen_cap * sizeof *w->seen);
        for (size_t i = 0; i < old_cap; i++) {
            const struct stat was = {.st_dev = old[i].dev, .st_ino = old[i].ino};
            if (old[i].ino)
                w->seen[seen_slot(w, &was)] = old[i];
        }
        free(old);
    }
    const size_t slot = seen_slot(w, st);
    if (w->seen[slot].ino)
        return true;
    w->seen[slot] = (struct seen){st->st_dev, st->st_ino};
    w->seen_count++;
    return false;
}

static zj_err tell_walk(struct walk *w, const char *path, const char *reason)
{
    return w->sink->unread(w->job, w->sink->ctx, path, reason);
}

static void add_file(struct walk *w, const char *path, const struct stat *st)
{
    struct zj_files *f = w->files;
    if (f->count == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 64;
        f->at = zj_realloc(f->at, f->cap * sizeof *f->at);
    }
    f->at[f->count++] = (struct zj_file){
        .source = w->source,
        .path = zj_strdup(path),
        .size = st->st_size > 0 ? (uint64_t)st->st_size : 0,
        .mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
    };
    f->bytes += st->st_size > 0 ? (uint64_t)st->st_size : 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Devices lie in a tmpfs, as other files may: where the null device is, they are. */
static bool holds_devices(const char *path)
{
    char null[PATH_MAX];
    struct stat st;
    const int len = snprintf(null, sizeof null, "%s/null", path);
    return len < (int)sizeof null && lstat(null, &st) == 0 && S_ISCHR(st.st_mode) &&
           st.st_rdev == makedev(1, 3);
}

/* What the kernel shows as files and no disk holds. */
static bool is_of_kernel(const char *path)
{
    static const unsigned long kinds[] = {
        PROC_SUPER_MAGIC,
        SYSFS_MAGIC,
        DEVPTS_SUPER_MAGIC,
        CGROUP_SUPER_MAGIC,
        TRACEFS_MAGIC,
        CGROUP2_SUPER_MAGIC,
        DEBUGFS_MAGIC,
        SECURITYFS_MAGIC,
        BPF_FS_MAGIC,
        BINFMTFS_MAGIC,
        EFIVARFS_MAGIC,
        PSTOREFS_MAGIC,
        NSFS_MAGIC,
        SELINUX_MAGIC,
        HUGETLBFS_MAGIC,
        AUTOFS_SUPER_MAGIC,
        0x19800202 /* mqueue */,
        0x62656570 /* configfs */,
        0x65735543 /* fusectl */,
    };
    struct statfs fs;
    if (statfs(path, &fs) != 0)
        return false;
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if ((unsigned long)fs.f_type == kinds[i])
            return true;
    return fs.f_type == TMPFS_MAGIC && holds_devices(path);
}

static zj_err tell_left_out(struct walk *w)
{
    if (!w->left_out.len)
        return ZJ_OK;
    const char *reason = zj_arena_printf(
        &w->job->arena,
        zj_tr(w->job, "left out, since the kernel shows them and no disk holds them: %s",
              "内核虚拟文件系统，不含数据文件，已略过：%s"),
        zj_buf_cstr(&w->left_out));
    return tell_walk(w, w->source, reason);
}

static zj_err visit(struct walk *w, const char *path, unsigned depth, dev_t within);

static zj_err visit_folder(struct walk *w, const char *path, unsigned depth, dev_t within)
{
    if (depth > FOLDER_DEPTH_MAX)
        return tell_walk(w, path, zj_tr(w->job, "folders nested too deep", "目录嵌套过深"));
    DIR *dir = opendir(path);
    if (!dir)
        return tell_walk(w, path, zj_strerror(w->job, errno));
    char **names = NULL;
    size_t count = 0, cap = 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count == cap) {
            cap = cap ? cap * 2 : 32;
            names = zj_realloc(names, cap * sizeof *names);
        }
        names[count++] = zj_strdup(entry->d_name);
    }
    closedir(dir);
    if (count)
        qsort(names, count, sizeof *names, by_name);
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < count; i++) {
        char child[PATH_MAX];
        const int len = snprintf(child, sizeof child, "%s%s%s", path,
                                 path[strlen(path) - 1] == '/' ? "" : "/", names[i]);
        if (!err && !zj_is_interrupted(w->job))
            err = len < (int)sizeof child
                      ? visit(w, child, depth + 1, within)
                      : tell_walk(w, path, zj_tr(w->job, "a path is too long", "路径过长"));
        free(names[i]);
    }
    free(names);
    return err;
}

static bool is_inside(const struct walk *w, const char *path)
{
    char target[PATH_MAX];
    const size_t len = strlen(w->root);
    return realpath(path, target) && strncmp(target, w->root, len) == 0 &&
           (target[len] == '/' || target[len] == '\0' || w->root[len - 1] == '/');
}

static zj_err visit(struct walk *w, const char *path, unsigned depth, dev_t within)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return tell_walk(w, path, zj_strerror(w->job, errno));
    if (S_ISLNK(st.st_mode) && depth) {
        if (stat(path, &st) != 0)
            return tell_walk(w, path, zj_strerror(w->job, errno)); /* leads nowhere, or to itself */
        if (!is_inside(w, path))
            return tell_walk(w, path,
                             zj_tr(w->job, "a link that leads out of the source: not followed",
                                   "指向数据源之外的链接，未跟随"));
        if (S_ISDIR(st.st_mode))
            return tell_walk(w, path,
                             zj_tr(w->job, "a link to a folder of this source, which is read there",
                                   "指向本数据源内目录的链接，内容在该目录读取，不重复"));
        return ZJ_OK; /* the file is read where it lies */
    } else if (S_ISLNK(st.st_mode) && stat(path, &st) != 0) {
        return tell_walk(w, path, zj_strerror(w->job, errno));
    }
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return tell_walk(w, path,
                         zj_tr(w->job, "no file with bytes (a device, pipe or socket)",
                               "不是普通文件（设备、管道或套接字）"));
    if (is_seen(w, &st))
        return ZJ_OK;
    if (S_ISDIR(st.st_mode) && st.st_dev != within && is_of_kernel(path)) {
        zj_buf_printf(&w->left_out, "%s%s", w->left_out.len ? zj_tr(w->job, ", ", "、") : "", path);
        return ZJ_OK;
    }
    if (S_ISDIR(st.st_mode))
        return visit_folder(w, path, depth, st.st_dev);
    add_file(w, path, &st);
    return ZJ_OK;
}

zj_err zj_walk(struct zj_job *job, const char *source, const struct zj_inv_sink *sink,
               struct zj_files *files)
{
    struct walk w = {.job = job, .sink = sink, .files = files};
    files->sources = zj_realloc(files->sources, (files->source_count + 1) * sizeof *files->sources);
    w.source = files->sources[files->source_count++] = zj_strdup(source);
    if (strcmp(source, "-") == 0) {
        add_file(&w, source, &(struct stat){0});
        return ZJ_OK;
    }
    char *path = zj_arena_strdup(&job->arena, source);
    for (size_t len = strlen(path); len > 1 && path[len - 1] == '/';)
        path[--len] = '\0';
    if (!realpath(path, w.root))
        return tell_walk(&w, source, zj_strerror(w.job, errno));
    zj_err err = visit(&w, path, 0, (dev_t)-1);
    if (!err)
        err = tell_left_out(&w);
    zj_buf_release(&w.left_out);
    free(w.seen);
    return err;
}

void zj_files_release(struct zj_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->at[i].path);
        zj_buf_release(&files->at[i].lines);
    }
    for (size_t i = 0; i < files->source_count; i++)
        free(files->sources[i]);
    free(files->sources), free(files->at);
}

void zj_file_state(const struct zj_file *file, const char *rules, char *out, size_t size)
{
    out[0] = '\0';
    const int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    uint8_t *head = zj_alloc(HEAD_BYTES);
    const ssize_t got = read(fd, head, HEAD_BYTES);
    close(fd);
    if (got >= 0)
        snprintf(out, size, "%" PRIu64 ":%" PRId64 ":%016" PRIx64 ":%s", file->size, file->mtime_ns,
                 zj_hash(zj_span_of(head, (size_t)got), 0), rules);
    free(head);
}
