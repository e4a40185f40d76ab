/* zhuji backup: a consistent copy of the store while it is in use. */
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/progress.h"
#include "cli/cli.h"
#include "store/store.h"

struct args {
    bool without_key, force;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_FLAG(struct args, without_key, "without-key",
                "leave the key file out: personal fields of the copy stay unreadable",
                "不复制密钥文件：副本中的个人信息字段无法读取"),
    ZJ_OPT_FLAG(struct args, force, "force", "take the place of a file that is there",
                "覆盖已存在的文件"),
    ZJ_OPT_END,
};

struct shown {
    struct zj_progress progress;
    struct zj_job *job;
    bool is_started;
};

static void show(void *opaque, int64_t done, int64_t total)
{
    struct shown *s = opaque;
    if (!s->is_started)
        zj_progress_start(&s->progress, s->job, zj_tr(s->job, "backup", "备份"), (uint64_t)total,
                          false);
    s->is_started = true;
    s->progress.unit_en = " pages";
    s->progress.unit_zh = " 页";
    zj_progress_at(&s->progress, (uint64_t)done);
}

/* An older copy, or anything else that has this name, is not lost by a slip of the hand. */
static zj_err check_place(struct zj_job *job, const char *path)
{
    const char *const names[] = {path, zj_arena_printf(&job->arena, "%s.key", path)};
    for (size_t i = 0; i < ZJ_COUNT(names); i++)
        if (access(names[i], F_OK) == 0)
            return zj_fail(job, ZJ_ECONFLICT,
                           zj_tr(job, "%s: there already; another name, or --force",
                                 "%s：文件已存在，请换一个文件名或使用 --force"),
                           names[i]);
    return ZJ_OK;
}

/* A copy is wanted most when the disk of the store is full: then there is no room for what SQLite
 * makes beside a store that several use. Where nobody else has it open it can be read without. */
static zj_err open_store(struct zj_job *job, unsigned flags, struct zj_store **out)
{
    const zj_err err = zj_store_open(job, job->db, flags, out);
    if (err != ZJ_EIO)
        return err;
    const char *why = zj_arena_span(&job->arena, zj_span_str(job->message));
    zj_job_clear(job);
    if (!zj_store_open(job, job->db, flags | ZJ_STORE_READONLY | ZJ_STORE_ALONE, out))
        return ZJ_OK;
    zj_job_clear(job);
    return zj_fail(job, err, "%s", why);
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *a = opaque;
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    struct shown shown = {.job = job};
    (void)argc; /* one: the descriptor says so */
    zj_err err = a->force ? ZJ_OK : check_place(job, argv[0]);
    if (!err)
        err = open_store(job, a->without_key ? ZJ_STORE_KEYLESS : 0, &store);
    if (!err)
        err = zj_store_backup(job, store, argv[0], !a->without_key, show, &shown);
    if (shown.is_started)
        zj_progress_end(&shown.progress);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_TABLE) {
        fprintf(job->out, zj_tr(job, "Copied to %s%s\n", "已备份到 %s%s\n"), argv[0],
                a->without_key ? ""
                               : zj_tr(job, ", its key beside it: keep it apart from the copy",
                                       "，密钥在其旁，请与副本分开保管"));
        return ZJ_OK;
    }
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    struct zj_json j = zj_json_to(&out);
    zj_json_object(&j);
    zj_json_kstr(&j, "path", argv[0]);
    zj_json_kbool(&j, "with_key", !a->without_key);
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&out));
    return ZJ_OK;
}

const struct zj_verb zj_verb_backup = {
    .name = "backup",
    .args = "FILE",
    .en = "copy the store while it is in use",
    .zh = "在线备份存储",
    .examples = (const char *const[]){"zhuji backup /backup/zhuji-$(date +%F).db", NULL},
    .opts = opts,
    .argc_min = 1,
    .argc_max = 1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
