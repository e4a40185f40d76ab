/* The program: finds the verb, parses its options, opens the output, runs it, reports the end. */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/near.h"
#include "cli/cli.h"

#define ZJ_VERB(name) extern const struct zj_verb zj_verb_##name;
#include "cli/verbs.def"
#undef ZJ_VERB

const struct zj_verb *const zj_verbs[] = {
#define ZJ_VERB(name) &zj_verb_##name,
#include "cli/verbs.def"
#undef ZJ_VERB
};
const size_t zj_verb_count = ZJ_COUNT(zj_verbs);

static atomic_bool interrupted;
static atomic_int stop_signal;

static void on_signal(int number)
{
    atomic_store(&stop_signal, number);
    if (atomic_exchange(&interrupted, true))
        _exit(128 + number); /* asked twice: do not wait for a tidy end */
}

static const struct zj_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < zj_verb_count; i++)
        if (strcmp(zj_verbs[i]->name, name) == 0)
            return zj_verbs[i];
    return NULL;
}

static enum zj_lang language_of_locale(void)
{
    const char *names[] = {getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG")};
    for (size_t i = 0; i < ZJ_COUNT(names); i++)
        if (names[i] && names[i][0])
            return strncmp(names[i], "zh", 2) == 0 ? ZJ_ZH : ZJ_EN;
    return ZJ_EN;
}

static zj_err unknown_verb(struct zj_job *job, const char *name)
{
    const char *nearest = NULL;
    size_t best = 3;
    for (size_t i = 0; i < zj_verb_count; i++) {
        const size_t d = zj_word_distance(zj_span_str(name), zj_span_str(zj_verbs[i]->name));
        if (d < best) {
            best = d;
            nearest = zj_verbs[i]->name;
        }
    }
    if (nearest)
        return zj_fail(
            job, ZJ_EUSAGE,
            zj_tr(job, "no verb '%s'; did you mean '%s'?", "没有命令“%s”，是否想用“%s”？"), name,
            nearest);
    return zj_fail(job, ZJ_EUSAGE,
                   zj_tr(job, "no verb '%s'; 'zhuji help' lists them",
                         "没有命令“%s”，运行 zhuji help 查看列表"),
                   name);
}

/* A file is what its name says: a workbook or document that the verb cannot write is turned down. */
static zj_err check_output(struct zj_job *job, const struct zj_verb *verb)
{
    static const char *const known[] = {"xlsx", "xls", "ods",  "csv", "pdf", "docx",
                                        "doc",  "odt", "pptx", "ppt", "wps", "et"};
    const char *dot = job->out_path ? strrchr(job->out_path, '.') : NULL;
    for (size_t i = 0; dot && i < ZJ_COUNT(known); i++) {
        if (strcasecmp(dot + 1, known[i]) != 0)
            continue;
        const char *written = verb->papers ? verb->papers : "text, --json, --jsonl";
        const char *at = strstr(written, known[i]);
        const size_t len = strlen(known[i]);
        if (at && (at[len] == ',' || !at[len]))
            return ZJ_OK;
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%s: '%s' does not write .%s, only %s",
                             "%s：%s 不能生成 .%s 文件，可用格式：%s"),
                       job->out_path, verb->name, known[i], written);
    }
    return ZJ_OK;
}

/* -o FILE: data goes beside it first and takes its place only when all of it is written. What is no
 * plain file (/dev/null, a pipe, a link) is written to as it is: a rename would put a file there.
 */
static zj_err open_output(struct zj_job *job, char **out_temporary)
{
    struct stat there;
    if (!job->out_path || strcmp(job->out_path, "-") == 0)
        return ZJ_OK;
    const bool is_special = lstat(job->out_path, &there) == 0 && !S_ISREG(there.st_mode);
    char *temporary = is_special ? NULL : zj_arena_printf(&job->arena, "%s.part", job->out_path);
    const char *path = is_special ? job->out_path : temporary;
    job->out = fopen(path, "wb");
    if (!job->out) {
        job->out = stdout;
        return zj_fail(job, ZJ_EIO, "%s: %s", job->out_path, zj_strerror(job, errno));
    }
    *out_temporary = temporary;
    return ZJ_OK;
}

/* The write that failed may be long past, and its errno with it. */
static bool has_no_reader(int fd)
{
    struct pollfd end = {.fd = fd, .events = POLLOUT};
    return poll(&end, 1, 0) == 1 && (end.revents & (POLLERR | POLLHUP)) != 0;
}

/* *out_unread: nobody reads stdout any more, which is no fault. */
static zj_err close_output(struct zj_job *job, const char *temporary, zj_err err, bool *out_unread)
{
    errno = 0;
    bool is_written = fflush(job->out) == 0 && !ferror(job->out);
    *out_unread =
        !temporary && !is_written && (errno == EPIPE || has_no_reader(fileno(job->out)));
    if (*out_unread)
        return err == ZJ_EIO ? ZJ_OK : err;
    if (temporary && ferror(job->out) && err == ZJ_EIO && !strstr(job->message, job->out_path))
        zj_fail(job, err, "%s", job->out_path);
    if (!temporary)
        return is_written || err
                   ? err
                   : zj_fail(job, ZJ_EIO, "stdout: %s", zj_strerror(job, errno));
    is_written &= fclose(job->out) == 0;
    job->out = stdout;
    const int status = zj_err_info(err)->exit_status;
    const bool keep = is_written && (status == 0 || status == 1 || err == ZJ_EINPUT);
    if (keep && rename(temporary, job->out_path) == 0)
        return err;
    unlink(temporary);
    return err ? err : zj_fail(job, ZJ_EIO, "%s: %s", job->out_path, zj_strerror(job, errno));
}

static zj_err check_operands(struct zj_job *job, const struct zj_verb *verb, int argc, char **argv)
{
    const bool is_short = argc < verb->argc_min;
    const char *args = verb->args ? verb->args : "";
    if (!is_short && (verb->argc_max < 0 || argc <= verb->argc_max))
        return ZJ_OK;
    zj_fail(job, ZJ_EUSAGE,
            zj_tr(job, "usage: zhuji %s%s%s [options]; 'zhuji help %s' tells more",
                  "用法：zhuji %s%s%s [选项]，详见 zhuji help %s"),
            verb->name, args[0] ? " " : "", args, verb->name);
    if (is_short)
        return ZJ_EUSAGE;
    return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "'%s' is one word too many", "多余的参数“%s”"),
                   argv[verb->argc_max]);
}

static zj_err run(struct zj_job *job, int argc, char **argv, bool *out_unread)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return find_verb("help")->run(job, NULL, 0, NULL);
    const struct zj_verb *verb = find_verb(strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
    if (!verb)
        return unknown_verb(job, argv[1]);
    argc -= 2;
    argv += 2;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return find_verb("help")->run(job, NULL, 1, (char *[]){(char *)verb->name, NULL});
    ZJ_AUTO(zj_freep) void *args = zj_alloc(verb->args_bytes);
    zj_err err = zj_opt_parse(job, verb->opts, args, &argc, argv);
    if (err)
        return zj_fail(job, err, "%s", verb->name);
    err = check_operands(job, verb, argc, argv);
    if (err)
        return err;
    char *temporary = NULL;
    err = check_output(job, verb);
    if (!err)
        err = open_output(job, &temporary);
    if (err)
        return err;
    return close_output(job, temporary, verb->run(job, args, argc, argv), out_unread);
}

/* "zhuji --json import …" is what it looks like: options of every verb may stand before it. */
static void put_verb_first(int argc, char **argv)
{
    int at = 1;
    for (int words = 1; at < argc && words; at += words)
        words = zj_opt_common_words(argv[at]);
    if (at == 1 || at >= argc)
        return;
    char *verb = argv[at];
    memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof *argv);
    argv[1] = verb;
}

int main(int argc, char **argv)
{
    struct zj_job job;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");

    zj_job_init(&job);
    job.lang = language_of_locale();
    job.interrupted = &interrupted;
    const char *db = getenv("ZHUJI_DB");
    if (db && db[0]) {
        job.db = db;
        job.has_db = true;
    }
    for (int i = 1; i + 1 < argc; i++) /* the language also of what is wrong with the options */
        if (strcmp(argv[i], "--lang") == 0 && strcmp(argv[i + 1], "--") != 0)
            job.lang = strcmp(argv[i + 1], "zh") == 0 ? ZJ_ZH : ZJ_EN;
    while (argc > 2 && strcmp(argv[1], "--lang") == 0 &&
           (strcmp(argv[2], "zh") == 0 || strcmp(argv[2], "en") == 0)) {
        argc -= 2;
        memmove(argv + 1, argv + 3, (size_t)(argc - 1) * sizeof *argv);
    }
    put_verb_first(argc, argv);
    bool is_unread = false;
    zj_err err = run(&job, argc, argv, &is_unread);
    if (err && job.message[0])
        fprintf(stderr, "zhuji: %s\n", job.message);
    else if (err && err != ZJ_EFOUND)
        fprintf(stderr, "zhuji: %s\n", zj_tr(&job, zj_err_info(err)->en, zj_err_info(err)->zh));
    const struct zj_verb *verb = argc > 1 ? find_verb(argv[1]) : NULL;
    const bool is_asked_end = verb && verb->is_service && atomic_load(&stop_signal) == SIGTERM;
    if (err == ZJ_OK && atomic_load(&interrupted) && !is_asked_end)
        err = ZJ_EINTR;
    zj_job_release(&job);
    if (is_unread && err == ZJ_OK) { /* as everybody ends whose reader has seen enough */
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return zj_err_info(err)->exit_status;
}
