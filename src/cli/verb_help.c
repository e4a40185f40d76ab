/* Help for people, and what packaging takes from the same descriptors: the man page and the
 * completion. */
#include <string.h>

#include "cli/cli.h"
#include "register/register.h"

struct args {
    bool man;
    bool completion;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_FLAG(struct args, man, "man", "print the man page (roff)", "输出 man 手册页"),
    ZJ_OPT_FLAG(struct args, completion, "completion", "print completion for bash",
                "输出 bash 补全脚本"),
    ZJ_OPT_END,
};

static void print_opts(struct zj_job *job, const struct zj_opt *o)
{
    for (; o->type != ZJ_OPT_T_END; o++) {
        char head[64];
        snprintf(head, sizeof head, "%s%c%s--%s%s%s", o->letter ? "-" : "",
                 o->letter ? o->letter : ' ', o->letter ? ", " : "", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        fprintf(job->out, "  %-26s %s\n", head[0] == ' ' ? head + 1 : head, zj_tr(job, o->en, o->zh));
    }
}

static void print_verb(struct zj_job *job, const struct zj_verb *verb)
{
    fprintf(job->out, "zhuji %s%s%s\n%s\n", verb->name, verb->args ? " " : "",
            verb->args ? verb->args : "", zj_tr(job, verb->en, verb->zh));
    if (verb->opts) {
        fprintf(job->out, "\n%s\n", zj_tr(job, "Options", "选项"));
        print_opts(job, verb->opts);
    }
    fprintf(job->out, "\n%s\n", zj_tr(job, "Options of every verb", "通用选项"));
    print_opts(job, zj_common_opts);
    if (!verb->examples)
        return;
    fprintf(job->out, "\n%s\n", zj_tr(job, "Examples", "示例"));
    for (const char *const *e = verb->examples; *e; e++)
        fprintf(job->out, "  %s\n", *e);
}

static void print_all(struct zj_job *job)
{
    fprintf(job->out, "%s\n\n",
            zj_tr(job, "zhuji VERB [options]: what is declared, what is observed, and the gap",
                  "zhuji 命令 [选项]：申报了什么、实际是什么、差距在哪里"));
    for (size_t i = 0; i < zj_verb_count; i++)
        fprintf(job->out, "  %-12s %s\n", zj_verbs[i]->name,
                zj_tr(job, zj_verbs[i]->en, zj_verbs[i]->zh));
    fprintf(job->out, "\n%s\n",
            zj_tr(job, "zhuji VERB --help tells more of one.", "zhuji 命令 --help 查看详情。"));
}

/* Text for roff: a line that begins with its marks is none of its own. */
static void print_roff(struct zj_job *job, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", job->out);
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            fputs(*text == '-' ? "\\-" : "\\e", job->out);
        else
            fputc(*text, job->out);
    }
    fputc('\n', job->out);
}

static void print_man_opts(struct zj_job *job, const struct zj_opt *o)
{
    for (; o && o->type != ZJ_OPT_T_END; o++) {
        fputs(".TP\n.B ", job->out);
        if (o->letter)
            fprintf(job->out, "\\-%c, ", o->letter);
        fprintf(job->out, "\\-\\-%s %s\n", o->name, o->value ? o->value : "");
        print_roff(job, zj_tr(job, o->en, o->zh));
    }
}

static const char man_head_en[] =
    ".TH ZHUJI 1\n.SH NAME\nzhuji \\- connected-vehicle security: declared, observed, gap\n"
    ".SH SYNOPSIS\n.B zhuji\n.I VERB\n[options]\n.SH VERBS\n";
static const char man_head_zh[] = "'\\\" -*- coding: UTF-8 -*-\n"
                                  ".TH ZHUJI 1\n.ad l\n.SH 名称\nzhuji \\- 车联网安全：申报、观测与差距\n"
                                  ".SH 概述\n.B zhuji\n.I 命令\n[选项]\n.SH 命令\n";

static const char man_foot_en[] =
    ".SH EXIT STATUS\n0 done; 1 findings at or above \\-\\-fail\\-on, or some rows refused; "
    "2 usage; 3 input unreadable or only partly read; 4 a fault of Zhuji; 5 pack or feed "
    "missing, stale or badly signed; 6 time limit reached; 130 interrupted.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B ZHUJI_DB\nthe store where \\-\\-db is not given\n"
    ".TP\n.B ZHUJI_SHARE\nthe folder of packs and console files\n"
    ".TP\n.B ZHUJI_GEO\nthe country database (MMDB)\n"
    ".TP\n.B ZHUJI_TOKEN\nthe token of sense \\-\\-to\n"
    ".TP\n.B ZHUJI_KAFKA_CONF\na file of librdkafka properties for \\-\\-kafka\n"
    ".TP\n.B TMPDIR\nwhere temporary files are made, /tmp where it is not set\n"
    ".SH FILES\n.TP\n.I zhuji.db.key\nthe key of personal fields and of the audit chain, "
    "beside the store: without it they cannot be read\n";
static const char man_foot_zh[] =
    ".SH 退出状态\n0 完成；1 有达到 \\-\\-fail\\-on 级别的发现，或部分行被拒绝；2 用法错误；"
    "3 输入无法读取或只读取了一部分；4 筑基自身故障；5 规则包或情报源缺失、过期或签名无效；"
    "6 达到时间上限；130 被中断。\n"
    ".SH 环境变量\n"
    ".TP\n.B ZHUJI_DB\n未给出 \\-\\-db 时使用的存储\n"
    ".TP\n.B ZHUJI_SHARE\n规则包和控制台文件所在目录\n"
    ".TP\n.B ZHUJI_GEO\n国家地址库（MMDB）\n"
    ".TP\n.B ZHUJI_TOKEN\nsense \\-\\-to 使用的令牌\n"
    ".TP\n.B ZHUJI_KAFKA_CONF\n\\-\\-kafka 使用的 librdkafka 配置文件\n"
    ".TP\n.B TMPDIR\n临时文件目录，未设置时为 /tmp\n"
    ".SH 文件\n.TP\n.I zhuji.db.key\n个人信息字段和审计链的密钥，位于存储旁：缺少它无法读取这些内容\n";

static void print_man(struct zj_job *job)
{
    fputs(zj_tr(job, man_head_en, man_head_zh), job->out);
    for (size_t i = 0; i < zj_verb_count; i++) {
        const struct zj_verb *verb = zj_verbs[i];
        fprintf(job->out, ".SS %s %s\n", verb->name, verb->args ? verb->args : "");
        print_roff(job, zj_tr(job, verb->en, verb->zh));
        print_man_opts(job, verb->opts);
        if (verb->examples)
            fputs(".PP\n.EX\n", job->out);
        for (const char *const *e = verb->examples; e && *e; e++)
            print_roff(job, *e);
        if (verb->examples)
            fputs(".EE\n", job->out);
    }
    fputs(zj_tr(job, ".SH OPTIONS OF EVERY VERB\nThey may stand before the verb too.\n",
                ".SH 通用选项\n也可写在命令之前。\n"),
          job->out);
    print_man_opts(job, zj_common_opts);
    fputs(zj_tr(job, man_foot_en, man_foot_zh), job->out);
}

/* What an option may be, where its value names that: "zh|en". */
static void print_choices(struct zj_job *job, const char *verb, const struct zj_opt *o)
{
    for (; o && o->type != ZJ_OPT_T_END; o++) {
        if (!o->value || !strchr(o->value, '|') ||
            strspn(o->value, "abcdefghijklmnopqrstuvwxyz_|") != strlen(o->value))
            continue;
        fprintf(job->out, "    %s:--%s) words=\"", verb, o->name);
        for (const char *c = o->value; *c; c++)
            fputc(*c == '|' ? ' ' : *c, job->out);
        fputs("\" ;;\n", job->out);
    }
}

/* The first operand: a register, a verb, or one of the words that `args` begins with and has after
 * each '|'. */
static void print_operands(struct zj_job *job, const struct zj_verb *verb)
{
    const char *args = verb->args ? verb->args : "";
    fprintf(job->out, "    %s:2) words=\"", verb->name);
    if (strstr(args, "REGISTER") == args || strcmp(args, "[REGISTER]") == 0)
        for (size_t i = 0; i < zj_register_count; i++)
            fprintf(job->out, "%s ", zj_registers[i]->name);
    else if (strcmp(args, "[VERB]") == 0)
        for (size_t i = 0; i < zj_verb_count; i++)
            fprintf(job->out, "%s ", zj_verbs[i]->name);
    else
        for (const char *at = args; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
            at += strspn(at, " ");
            const size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz");
            if (len && strchr(" |", at[len]))
                fprintf(job->out, "%.*s ", (int)len, at);
        }
    fputs("\" ;;\n", job->out);
}

static void print_completion(struct zj_job *job)
{
    fputs("_zhuji() {\n  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
          "  COMPREPLY=()\n"
          "  if [ \"$COMP_CWORD\" = 1 ]; then\n    COMPREPLY=($(compgen -W \"",
          job->out);
    for (size_t i = 0; i < zj_verb_count; i++)
        fprintf(job->out, "%s%s", i ? " " : "", zj_verbs[i]->name);
    fputs("\" -- \"$cur\"))\n    return\n  fi\n  case ${COMP_WORDS[1]}:$before in\n", job->out);
    for (size_t i = 0; i < zj_verb_count; i++)
        print_choices(job, zj_verbs[i]->name, zj_verbs[i]->opts);
    print_choices(job, "*", zj_common_opts);
    fputs("  esac\n  if [ -n \"$words\" ]; then\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "    return\n  fi\n  case ${COMP_WORDS[1]}:$COMP_CWORD in\n",
          job->out);
    for (size_t i = 0; i < zj_verb_count; i++)
        print_operands(job, zj_verbs[i]);
    fputs("  esac\n  case ${COMP_WORDS[1]} in\n", job->out);
    for (size_t i = 0; i < zj_verb_count; i++) {
        fprintf(job->out, "    %s) words=\"$words ", zj_verbs[i]->name);
        for (const struct zj_opt *o = zj_verbs[i]->opts; o && o->type != ZJ_OPT_T_END; o++)
            fprintf(job->out, "--%s ", o->name);
        fputs("\" ;;\n", job->out);
    }
    fputs("  esac\n  words=\"$words", job->out);
    for (const struct zj_opt *o = zj_common_opts; o->type != ZJ_OPT_T_END; o++)
        fprintf(job->out, " --%s", o->name);
    fputs("\"\n  COMPREPLY=($(compgen -W \"$words\" -f -- \"$cur\"))\n}\n"
          "complete -o filenames -F _zhuji zhuji\n",
          job->out);
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    if (args && args->man) {
        print_man(job);
        return ZJ_OK;
    }
    if (args && args->completion) {
        print_completion(job);
        return ZJ_OK;
    }
    if (argc == 0) {
        print_all(job);
        return ZJ_OK;
    }
    for (size_t i = 0; i < zj_verb_count; i++)
        if (strcmp(zj_verbs[i]->name, argv[0]) == 0) {
            print_verb(job, zj_verbs[i]);
            return ZJ_OK;
        }
    return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no verb '%s'", "没有命令“%s”"), argv[0]);
}

const struct zj_verb zj_verb_help = {
    .name = "help",
    .args = "[VERB]",
    .en = "tell about the verbs, or about one",
    .zh = "查看命令列表或某个命令",
    .opts = opts,
    .argc_max = 1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
