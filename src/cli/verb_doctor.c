/* zhuji doctor: looks at everything a working installation needs and says what to do about each
 * fault. A check is one function and one line of the table. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/geo.h"
#include "base/json.h"
#include "base/paths.h"
#include "cli/cli.h"
#include "store/store.h"

enum state { GOOD, WARNING, FAULT, SKIPPED };

struct finding {
    enum state state;
    char text[400]; /* what was found */
    char todo[300]; /* what to do, where there is something */
};

struct patient {
    struct zj_job *job;
    struct zj_store *store; /* NULL: could not be opened */
};

__attribute__((format(printf, 3, 4))) static void found(struct finding *f, enum state state,
                                                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(f->text, sizeof f->text, format, args);
    va_end(args);
    f->state = state;
}

__attribute__((format(printf, 2, 3))) static void advise(struct finding *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(f->todo, sizeof f->todo, format, args);
    va_end(args);
}

/* A failure's sentence becomes the finding. */
static void failed(struct patient *p, struct finding *f)
{
    found(f, FAULT, "%s", p->job->message);
    zj_job_clear(p->job);
}

/* A file that is there and that this user may not use is no broken file. */
static bool is_denied(struct patient *p, struct finding *f, const char *path, int mode)
{
    if (access(path, mode) == 0 || errno != EACCES)
        return false;
    found(f, FAULT, "%s: %s", path, zj_strerror(p->job, EACCES));
    advise(f, "%s",
           zj_tr(p->job, "run it as the owner of the store, or give this user the right",
                 "以存储的所有者身份运行，或为当前用户授权"));
    return true;
}

static void check_store(struct patient *p, struct finding *f)
{
    struct zj_job *job = p->job;
    if (access(job->db, F_OK) != 0) {
        found(f, WARNING, zj_tr(job, "%s: no store there", "%s：尚无存储"), job->db);
        advise(f, "%s",
               zj_tr(job, "run 'zhuji init', or give --db PATH",
                     "运行 zhuji init，或用 --db 指定路径"));
        return;
    }
    if (is_denied(p, f, job->db, R_OK | W_OK))
        return;
    if (zj_store_open(job, job->db, ZJ_STORE_KEYLESS, &p->store)) {
        failed(p, f);
        advise(f, "%s", zj_tr(job, "put the last backup in its place", "用最近的备份恢复"));
        return;
    }
    found(f, GOOD, zj_tr(job, "%s opens", "%s 可以打开"), job->db);
}

static void check_key(struct patient *p, struct finding *f)
{
    struct zj_store *keyed;
    struct stat st;
    const char *key = zj_arena_printf(&p->job->arena, "%s.key", p->job->db);
    if (is_denied(p, f, key, R_OK))
        return;
    if (zj_store_open(p->job, p->job->db, 0, &keyed)) {
        failed(p, f);
        if (stat(key, &st) == 0 && st.st_mode & 077)
            advise(f, zj_tr(p->job, "run 'chmod 600 %s'", "执行 chmod 600 %s"), key);
        else
            advise(f, zj_tr(p->job, "put %s.key back from where it is kept", "从保管处恢复 %s.key"),
                   p->job->db);
        return;
    }
    zj_store_close(keyed);
    found(f, GOOD, "%s",
          zj_tr(p->job, "the key file is there and the right one", "密钥文件存在且正确"));
}

static void check_integrity(struct patient *p, struct finding *f)
{
    if (zj_store_check(p->job, p->store)) {
        failed(p, f);
        advise(f, "%s",
               zj_tr(p->job, "stop writing, put the last backup in its place, check the disk",
                     "停止写入，用最近的备份恢复，并检查磁盘"));
        return;
    }
    found(f, GOOD, "%s", zj_tr(p->job, "every page and index is sound", "数据页与索引完好"));
}

static void check_audit(struct patient *p, struct finding *f)
{
    struct zj_audit_report r;
    if (zj_audit_verify(p->job, p->store, &r)) {
        failed(p, f);
        return;
    }
    if (!r.bad_entry && !r.bad_rows && r.head_fits) {
        found(f, GOOD,
              zj_tr(p->job, "%" PRId64 " entries, %" PRId64 " rows as recorded",
                    "%" PRId64 " 条记录，%" PRId64 " 行与记录一致"),
              r.entries, r.rows);
        return;
    }
    found(f, FAULT,
          zj_tr(p->job, "first wrong entry %" PRId64 ", wrong rows %" PRId64,
                "首个异常记录 %" PRId64 "，异常数据行 %" PRId64),
          r.bad_entry, r.bad_rows);
    advise(f, "%s",
           zj_tr(p->job,
                 "run 'zhuji audit verify', compare with a backup, treat it as an "
                 "incident",
                 "运行 zhuji audit verify，与备份比对，并按安全事件处置"));
}

static void check_disk(struct patient *p, struct finding *f)
{
    enum { LOW_MIB = 2048, OUT_MIB = 256 };
    struct statvfs fs;
    const char *slash = strrchr(p->job->db, '/');
    const char *dir = slash
                          ? zj_arena_span(&p->job->arena,
                                          zj_span_of(p->job->db, (size_t)(slash - p->job->db + 1)))
                          : ".";
    if (statvfs(dir, &fs) != 0) {
        found(f, FAULT, "%s: %s", dir, zj_strerror(p->job, errno));
        return;
    }
    const uint64_t mib = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
    found(
        f,
        mib < OUT_MIB   ? FAULT
        : mib < LOW_MIB ? WARNING
                        : GOOD,
        zj_tr(p->job, "%" PRIu64 " MiB free beside the store", "存储所在磁盘剩余 %" PRIu64 " MiB"),
        mib);
    if (mib < LOW_MIB)
        advise(f, "%s",
               zj_tr(p->job, "make room, or move the store to a larger disk",
                     "清理空间或将存储移至更大的磁盘"));
}

/* Deadlines are counted by this clock: one that stands before this release was made is wrong, and
 * one that stands before what is stored already has been put back. */
static void check_clock(struct patient *p, struct finding *f)
{
    const int64_t now_us = zj_now_us(p->job);
    const int64_t made_us = (int64_t)zj_date_of(2026, 1, 1) * INT64_C(86400000000);
    int64_t last_us = 0;
    char now[ZJ_TIME_TEXT];
    if (p->store &&
        zj_store_query_int(p->job, p->store, "SELECT at FROM audit ORDER BY seq DESC LIMIT 1", 0,
                           &last_us))
        zj_job_clear(p->job);
    zj_time_format(now_us * 1000, now);
    const bool is_late = now_us < made_us || now_us + 60000000 < last_us;
    found(f, is_late ? FAULT : GOOD, "%s", now);
    if (is_late)
        advise(f, "%s",
               zj_tr(p->job, "set the clock, and keep it by NTP: deadlines are counted by it",
                     "校正系统时间并启用 NTP：期限按此计算"));
}

static void look_for(struct patient *p, struct finding *f, const char *name, const char *en,
                     const char *zh)
{
    const char *path = zj_data_path(p->job, name);
    if (path) {
        found(f, GOOD, "%s", path);
        return;
    }
    found(f, FAULT, zj_tr(p->job, "%s: not found", "%s：未找到"), name);
    advise(f, "%s", zj_tr(p->job, en, zh));
}

static void check_packs(struct patient *p, struct finding *f)
{
    look_for(p, f, "packs/gaps", "install Zhuji again, or set ZHUJI_SHARE to where packs lie",
             "重新安装，或用 ZHUJI_SHARE 指定规则包所在目录");
}

static void check_console(struct patient *p, struct finding *f)
{
    look_for(p, f, "web/dist/index.html", "run 'make web'; without it there is only the API",
             "运行 make web；缺少时只有接口可用");
}

static void check_geo(struct patient *p, struct finding *f)
{
    enum { STALE_DAYS = 400 };
    struct zj_geo *geo;
    char built[ZJ_TIME_TEXT];
    if (zj_geo_open(p->job, &geo)) {
        failed(p, f);
        return;
    }
    if (!geo) {
        found(f, WARNING, "%s",
              zj_tr(p->job, "no country database: every country is unknown",
                    "无国家地址库：所有国家按未知处理"));
        advise(f, "%s",
               zj_tr(p->job, "run 'make web', or set ZHUJI_GEO to a country MMDB",
                     "运行 make web，或用 ZHUJI_GEO 指定 MMDB 文件"));
        return;
    }
    const int32_t day = (int32_t)(zj_geo_built_at(geo) / 86400);
    zj_geo_close(geo);
    zj_date_format(day, built);
    const bool is_stale = zj_date_of_time(zj_now_ns(p->job)) - day > STALE_DAYS;
    found(f, is_stale ? WARNING : GOOD, zj_tr(p->job, "of %s", "版本日期 %s"), built);
    if (is_stale)
        advise(f, "%s", zj_tr(p->job, "bring a newer one", "请更新"));
}

static void check_capture(struct patient *p, struct finding *f)
{
    enum { CAP_NET_RAW = 13 };
    FILE *status = fopen("/proc/self/status", "re");
    char line[256];
    uint64_t caps = 0;
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "CapEff:", 7) == 0)
            caps = strtoull(line + 7, NULL, 16);
    if (status)
        fclose(status);
    if (caps >> CAP_NET_RAW & 1) {
        found(f, GOOD, "%s", zj_tr(p->job, "may listen on interfaces", "有权监听网络接口"));
        return;
    }
    found(f, WARNING, "%s",
          zj_tr(p->job, "may not listen on interfaces; capture files can be read",
                "无权监听网络接口；仍可读取抓包文件"));
    advise(f, "%s",
           zj_tr(p->job, "run 'setcap cap_net_raw+ep zhuji' as root, or run it as root",
                 "以 root 执行 setcap cap_net_raw+ep zhuji，或以 root 运行"));
}

struct check {
    const char *name, *zh;
    bool needs_store;
    void (*run)(struct patient *p, struct finding *f);
};

static const struct check checks[] = {
    {"store", "存储", false, check_store},
    {"key", "密钥", true, check_key},
    {"integrity", "完整性", true, check_integrity},
    {"audit", "审计链", true, check_audit},
    {"disk", "磁盘", false, check_disk},
    {"clock", "时钟", false, check_clock},
    {"packs", "规则包", false, check_packs},
    {"console", "控制台", false, check_console},
    {"countries", "国家地址库", false, check_geo},
    {"capture", "抓包权限", false, check_capture},
};

static const char *const state_names[] = {"good", "warning", "fault", "skipped"};

static void print_text(struct zj_job *job, const struct check *c, const struct finding *f)
{
    static const char *const zh[] = {"正常", "注意", "故障", "跳过"};
    fprintf(job->out, "%-8s %-10s %s\n", zj_tr(job, state_names[f->state], zh[f->state]),
            zj_tr(job, c->name, c->zh), f->text);
    if (f->todo[0])
        fprintf(job->out, "%-8s %-10s → %s\n", "", "", f->todo);
}

static void print_finding(struct zj_json *j, const struct check *c, const struct finding *f)
{
    zj_json_object(j);
    zj_json_kstr(j, "check", c->name);
    zj_json_kstr(j, "state", state_names[f->state]);
    zj_json_kstr(j, "found", f->text);
    zj_json_kstr(j, "todo", f->todo[0] ? f->todo : NULL);
    zj_json_object_end(j);
}

static zj_err run(struct zj_job *job, const void *args, int argc, char **argv)
{
    (void)args, (void)argc, (void)argv; /* takes none */
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    struct zj_json j = zj_json_to(&out);
    struct patient p = {.job = job};
    bool is_healthy = true;
    zj_json_object(&j);
    zj_json_key(&j, "checks");
    zj_json_array(&j);
    for (size_t i = 0; i < ZJ_COUNT(checks); i++) {
        struct finding f = {0};
        if (checks[i].needs_store && !p.store)
            found(&f, SKIPPED, "%s", zj_tr(job, "needs an open store", "需要可打开的存储"));
        else
            checks[i].run(&p, &f);
        is_healthy &= f.state != FAULT;
        if (job->output == ZJ_OUTPUT_TABLE)
            print_text(job, &checks[i], &f);
        else
            print_finding(&j, &checks[i], &f);
    }
    zj_json_array_end(&j);
    zj_json_kbool(&j, "healthy", is_healthy);
    zj_json_object_end(&j);
    if (job->output != ZJ_OUTPUT_TABLE)
        fprintf(job->out, "%s\n", zj_buf_cstr(&out));
    zj_store_close(p.store);
    if (access(job->db, F_OK) != 0)
        return zj_fail(job, ZJ_ENOTFOUND,
                       zj_tr(job, "%s: no store there; 'zhuji init' makes one",
                             "%s：存储不存在，请先运行 zhuji init"),
                       job->db);
    return is_healthy ? ZJ_OK : ZJ_EFOUND;
}

const struct zj_verb zj_verb_doctor = {
    .name = "doctor",
    .en = "check this installation and say what to do",
    .zh = "自检并给出处理办法",
    .examples = (const char *const[]){"zhuji doctor --json", NULL},
    .run = run,
};
