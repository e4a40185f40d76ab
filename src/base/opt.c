#include "base/opt.h"

#include <errno.h>
#include <string.h>

const struct zj_opt zj_common_opts[] = {
    {ZJ_OPT_T_STR, offsetof(struct zj_job, db), "db", 0, "PATH|DSN",
     "the store (default: $ZHUJI_DB, else zhuji.db)", "数据库（默认 $ZHUJI_DB，否则 zhuji.db）"},
    {ZJ_OPT_T_FLAG, 0, "json", 0, NULL, "print one JSON object", "输出一个 JSON 对象"},
    {ZJ_OPT_T_FLAG, 0, "jsonl", 0, NULL, "print JSON Lines", "输出 JSON Lines"},
    {ZJ_OPT_T_STR, offsetof(struct zj_job, out_path), "output", 'o', "FILE", "write data to FILE",
     "将数据写入 FILE"},
    {ZJ_OPT_T_STR, 0, "lang", 0, "zh|en", "language of messages", "消息语言"},
    {ZJ_OPT_T_FLAG, offsetof(struct zj_job, quiet), "quiet", 'q', NULL, "no progress", "不显示进度"},
    ZJ_OPT_END,
};

bool zj_size_parse(const char *text, int64_t *out_bytes)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || value < 0)
        return false;
    int shift = 0;
    if (*end == 'k' || *end == 'K')
        shift = 10;
    else if (*end == 'm' || *end == 'M')
        shift = 20;
    else if (*end == 'g' || *end == 'G')
        shift = 30;
    if (shift)
        end++;
    if (*end == 'i' || *end == 'B')
        end += strcmp(end, "iB") == 0 ? 2 : strcmp(end, "B") == 0 ? 1 : 0;
    if (*end || value > (INT64_MAX >> shift))
        return false;
    *out_bytes = (int64_t)value << shift;
    return true;
}

static const struct zj_opt *find(const struct zj_opt *opts, const char *name, size_t len)
{
    for (; opts->type != ZJ_OPT_T_END; opts++) {
        if (len == 1 && opts->letter == name[0])
            return opts;
        if (strlen(opts->name) == len && strncmp(opts->name, name, len) == 0)
            return opts;
    }
    return NULL;
}

int zj_opt_common_words(const char *word)
{
    if (word[0] != '-' || !word[1])
        return 0;
    const char *name = word + (word[1] == '-' ? 2 : 1);
    const size_t len = word[1] == '-' ? strcspn(name, "=") : strlen(name);
    const struct zj_opt *opt = find(zj_common_opts, name, len);
    if (!opt)
        return 0;
    return opt->type == ZJ_OPT_T_FLAG || name[len] ? 1 : 2;
}

static zj_err set_number(struct zj_job *job, const struct zj_opt *opt, void *args, const char *value)
{
    int64_t number;
    char *end;
    if (opt->type == ZJ_OPT_T_SIZE) {
        if (!zj_size_parse(value, &number))
            return zj_fail(job, ZJ_EUSAGE,
                           zj_tr(job, "--%s %s: a size such as 512M is wanted",
                                 "--%s %s：应为大小，如 512M"),
                           opt->name, value);
    } else {
        errno = 0;
        number = strtoll(value, &end, 10);
        if (errno || end == value || *end)
            return zj_fail(
                job, ZJ_EUSAGE,
                zj_tr(job, "--%s %s: a whole number is wanted", "--%s %s：应为整数"), opt->name,
                value);
    }
    memcpy((char *)args + opt->offset, &number, sizeof number);
    return ZJ_OK;
}

static zj_err set_common(struct zj_job *job, const struct zj_opt *opt, const char *value)
{
    if (strcmp(opt->name, "json") == 0) {
        job->output = ZJ_OUTPUT_JSON;
    } else if (strcmp(opt->name, "jsonl") == 0) {
        job->output = ZJ_OUTPUT_JSONL;
    } else if (strcmp(opt->name, "lang") == 0) {
        job->lang = strcmp(value, "zh") == 0 ? ZJ_ZH : ZJ_EN;
    } else if (strcmp(opt->name, "quiet") == 0) {
        job->quiet = true;
    } else if (strcmp(opt->name, "db") == 0) {
        job->db = value;
        job->has_db = true;
    } else {
        memcpy((char *)job + opt->offset, &value, sizeof value);
    }
    return ZJ_OK;
}

/* A value whose name in the help is a list of words, "open|closed|all", is one of them. Names in
 * capitals stand for anything: "FILE.csv|FILE.xlsx". */
static bool takes_word(const char *words, const char *value)
{
    if (!strchr(words, '|'))
        return true;
    for (const char *c = words; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            return true;
    const size_t len = strlen(value);
    for (const char *word = words;; word++) {
        const size_t word_len = strcspn(word, "|");
        if (word_len == len && strncmp(word, value, len) == 0)
            return true;
        word += word_len;
        if (!*word)
            return false;
    }
}

static zj_err set(struct zj_job *job, const struct zj_opt *opt, bool is_common, void *args,
                  const char *value)
{
    const bool yes = true;
    if (opt->type != ZJ_OPT_T_FLAG && !takes_word(opt->value, value))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "--%s %s: one of %s is wanted", "--%s %s：应为 %s 之一"),
                       opt->name, value, opt->value);
    if (is_common)
        return set_common(job, opt, value);
    if (opt->type == ZJ_OPT_T_FLAG)
        memcpy((char *)args + opt->offset, &yes, sizeof yes);
    else if (opt->type == ZJ_OPT_T_STR)
        memcpy((char *)args + opt->offset, &value, sizeof value);
    else
        return set_number(job, opt, args, value);
    return ZJ_OK;
}

zj_err zj_opt_parse(struct zj_job *job, const struct zj_opt *opts, void *args, int *argc,
                    char **argv)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        const char *word = argv[i];
        if (word[0] != '-' || word[1] == '\0') {
            argv[kept++] = argv[i];
            continue;
        }
        if (strcmp(word, "--") == 0) {
            while (++i < *argc)
                argv[kept++] = argv[i];
            break;
        }
        const char *name = word + (word[1] == '-' ? 2 : 1);
        const char *equals = word[1] == '-' ? strchr(name, '=') : NULL;
        const size_t len = equals ? (size_t)(equals - name) : strlen(name);
        bool is_common = false;
        const struct zj_opt *opt = opts ? find(opts, name, len) : NULL;
        if (!opt) {
            opt = find(zj_common_opts, name, len);
            is_common = true;
        }
        if (!opt)
            return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "unknown option %s", "未知选项 %s"), word);
        const char *value = equals ? equals + 1 : NULL;
        if (opt->type == ZJ_OPT_T_FLAG) {
            if (value)
                return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "%s takes no value", "%s 不带值"), word);
        } else if (!value) {
            if (i + 1 >= *argc)
                return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "%s needs a value (%s)", "%s 需要值（%s）"),
                               word, opt->value);
            value = argv[++i];
        }
        zj_err err = set(job, opt, is_common, args, value);
        if (err)
            return err;
    }
    *argc = kept;
    return ZJ_OK;
}
