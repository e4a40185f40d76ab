/* Accounts from the command line: for the first administrator, and for scripts. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/print_rows.h"
#include "server/server.h"

struct args {
    const char *name, *org, *roles, *scopes, *separation;
    int64_t days;
    bool from_stdin;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, name, "name", "NAME", "the person's or the token's name",
               "姓名或令牌名称"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "organisation he belongs to", "所属单位代码"),
    ZJ_OPT_STR(struct args, roles, "roles", "LIST",
               "of admin, officer, auditor, viewer, bureau, expert, assessor, or one of sysadmin, "
               "secadmin, auditadmin; ',' between",
               "角色：admin、officer、auditor、viewer、bureau、expert、assessor，或三员 "
               "sysadmin、secadmin、auditadmin 之一，以逗号分隔"),
    ZJ_OPT_STR(struct args, separation, "separation", "on|off",
               "of mode: whether administration is divided among three persons",
               "mode 命令：是否启用三员分立"),
    ZJ_OPT_STR(struct args, scopes, "scopes", "LIST", "of a token: read, write, ingest",
               "令牌用途：read、write、ingest"),
    ZJ_OPT_INT(struct args, days, "days", "N", "life of a token; default 365",
               "令牌有效天数，默认 365"),
    ZJ_OPT_FLAG(struct args, from_stdin, "password-stdin",
                "take the password from the first line of stdin; else one is made and printed",
                "从标准输入第一行读取口令；否则生成并输出"),
    ZJ_OPT_END,
};

static const char *const examples[] = {
    "zhuji user add wang --name 王安全 --org 91110000MA00000017 --roles officer",
    "zhuji user list",
    "zhuji user mode --separation on",
    "zhuji user token wang --name sensor-1 --scopes ingest",
    NULL,
};

static zj_err org_id_of(struct zj_job *job, struct zj_store *store, const char *code,
                        int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    if (!code)
        return ZJ_OK;
    zj_err err = zj_store_prepare(
        job, store, "SELECT id FROM reg_organisations WHERE code = $1 AND deleted_at = 0", &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, code);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no organisation '%s'", "没有单位“%s”"), code);
    if (!err)
        *out_id = zj_stmt_int(stmt, 0);
    return err;
}

/* A wrong word is answered with those that there are. */
static zj_err bits_of(struct zj_job *job, const struct zj_role_info *infos, const char *text,
                      unsigned *out_bits)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf known = {0};
    struct zj_span wrong;
    if (zj_names_to_bits(infos, zj_span_str(text), out_bits, &wrong))
        return ZJ_OK;
    for (const struct zj_role_info *info = infos; info->name; info++)
        zj_buf_printf(&known, "%s%s", known.len ? ", " : "", info->name);
    return zj_fail(job, ZJ_EUSAGE,
                   infos == zj_role_infos
                       ? zj_tr(job, "no role '%.*s'; there are: %s", "没有角色“%.*s”，可用：%s")
                       : zj_tr(job, "no scope '%.*s'; there are: %s", "没有用途“%.*s”，可用：%s"),
                   (int)wrong.len, (const char *)wrong.at, zj_buf_cstr(&known));
}

static zj_err get_password(struct zj_job *job, const struct args *args, struct zj_buf *out)
{
    char line[512];
    if (!args->from_stdin) {
        zj_password_make(out);
        return ZJ_OK;
    }
    if (!fgets(line, sizeof line, stdin))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "no password on stdin", "标准输入中没有口令"));
    zj_buf_span(out, zj_span_of(line, strcspn(line, "\r\n")));
    return ZJ_OK;
}

/* The secret alone on stdout, for scripts; what it is on stderr, for people. */
static void show_secret(struct zj_job *job, bool is_token, const char *login, struct zj_buf *secret)
{
    if (job->output == ZJ_OUTPUT_TABLE) {
        fprintf(stderr,
                is_token ? zj_tr(job, "token of %s, shown once: ", "%s 的令牌，仅显示一次：")
                         : zj_tr(job, "password of %s, shown once, to be changed at first login: ",
                                 "%s 的口令，仅显示一次，首次登录须修改："),
                login);
        fflush(stderr);
        fprintf(job->out, "%s\n", zj_buf_cstr(secret));
        return;
    }
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_json_object(&j);
    zj_json_kspan(&j, is_token ? "token" : "password", zj_buf_all(secret));
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&text));
}

/* Where administration is divided, a security administrator grants it in the console. */
static zj_err ask(struct zj_job *job, struct zj_store *store, const struct zj_approval *approval)
{
    int64_t id = 0;
    zj_err err = zj_approval_ask(job, store, approval, NULL, &id);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_TABLE)
        fprintf(job->out,
                zj_tr(job, "asked for: approval %lld waits for a security administrator\n",
                      "已提交：审批 %lld 待安全管理员批准\n"),
                (long long)id);
    else
        fprintf(job->out, "{\"approval\":%lld}\n", (long long)id);
    return ZJ_OK;
}

static zj_err mode(struct zj_job *job, struct zj_store *store, const struct args *args,
                   const char *login)
{
    const char *word = args->separation;
    bool is_on = false;
    (void)login; /* of nobody */
    if (word && strcmp(word, "on") != 0 && strcmp(word, "off") != 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "--separation is on or off", "--separation 应为 on 或 off"));
    if (word)
        return ask(job, store,
                   &(struct zj_approval){.kind = ZJ_APPROVE_MODE,
                                         .separation = strcmp(word, "on") == 0});
    zj_err err = zj_separation_is_on(job, store, &is_on);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_TABLE)
        fprintf(job->out, "%s\n",
                is_on ? zj_tr(job, "administration is divided", "三员分立：已启用")
                      : zj_tr(job, "administration is not divided", "三员分立：未启用"));
    else
        fprintf(job->out, "{\"separation\":%s}\n", is_on ? "true" : "false");
    return ZJ_OK;
}

static zj_err add(struct zj_job *job, struct zj_store *store, const struct args *args,
                  const char *login)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0};
    struct zj_account account = {.must_change = true};
    int64_t id;
    if (strlen(login) > ZJ_LOGIN_CHARS || strlen(args->name ? args->name : "") > ZJ_NAME_CHARS)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "login or name too long", "登录名或姓名过长"));
    memcpy(account.login, login, strlen(login));
    memcpy(account.name, args->name ? args->name : login, strlen(args->name ? args->name : login));
    bool is_asked = false;
    zj_err err = bits_of(job, zj_role_infos, args->roles ? args->roles : "viewer", &account.roles);
    if (!err)
        err = org_id_of(job, store, args->org, &account.org_id);
    if (!err)
        err = zj_separation_is_on(job, store, &is_asked);
    if (!err && is_asked)
        return ask(job, store, &(struct zj_approval){.account = account});
    if (!err)
        err = get_password(job, args, &password);
    if (!err)
        err = zj_account_create(job, store, &account, zj_buf_all(&password), &id);
    if (!err && !args->from_stdin)
        show_secret(job, false, login, &password);
    return err;
}

static zj_err passwd(struct zj_job *job, struct zj_store *store, const struct args *args,
                     const char *login)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0};
    struct zj_account account;
    zj_err err = zj_account_find(job, store, login, &account);
    if (!err)
        err = get_password(job, args, &password);
    if (!err)
        err = zj_account_set_password(job, store, account.id, zj_buf_all(&password), true, 0);
    if (!err && !args->from_stdin)
        show_secret(job, false, login, &password);
    return err;
}

static zj_err set_lock(struct zj_job *job, struct zj_store *store, const char *login,
                       bool is_locked)
{
    struct zj_account account;
    zj_err err = zj_account_find(job, store, login, &account);
    account.is_locked = is_locked;
    return err ? err : zj_account_update(job, store, &account);
}

static zj_err lock(struct zj_job *job, struct zj_store *store, const struct args *args,
                   const char *login)
{
    (void)args; /* takes no option */
    return set_lock(job, store, login, true);
}

static zj_err unlock(struct zj_job *job, struct zj_store *store, const struct args *args,
                     const char *login)
{
    (void)args; /* takes no option */
    zj_err err = set_lock(job, store, login, false);
    return err ? err : zj_account_forget_failures(job, store, login);
}

static zj_err token(struct zj_job *job, struct zj_store *store, const struct args *args,
                    const char *login)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_account account;
    unsigned scopes = 0;
    zj_err err = zj_account_find(job, store, login, &account);
    if (!err)
        err = bits_of(job, zj_token_scope_infos, args->scopes ? args->scopes : "read", &scopes);
    if (!err)
        err = zj_token_create(job, store, account.id, args->name ? args->name : "cli", scopes,
                              args->days, &text);
    if (!err)
        show_secret(job, true, login, &text);
    return err;
}

struct listing {
    struct zj_stmt *find_org;
    struct zj_job *job;
    struct zj_buf lines;
    zj_err err;
};

/* The organisation's code; "" for one who belongs to none. */
static void put_org(struct listing *l, int64_t org_id, struct zj_json *j)
{
    bool has_row = false;
    zj_stmt_bind_int(l->find_org, 1, org_id);
    l->err = zj_stmt_step(l->job, l->find_org, &has_row);
    zj_json_kspan(j, "org", has_row ? zj_stmt_text(l->find_org, 0) : ZJ_SPAN_LIT(""));
    zj_stmt_reset(l->find_org);
}

/* Roles and lock: for programs as a list and true or false, for a table as words. */
static void put_state(const struct zj_job *job, const struct zj_account *account, struct zj_json *j)
{
    if (job->output != ZJ_OUTPUT_TABLE) {
        zj_json_key(j, "roles");
        zj_bits_to_names(zj_role_infos, account->roles, j);
        zj_json_kbool(j, "locked", account->is_locked);
        zj_json_ktime(j, "waits_until", account->waits_until_us);
        zj_json_kbool(j, "must_change", account->must_change);
        return;
    }
    ZJ_AUTO(zj_buf_release) struct zj_buf roles = {0};
    for (const struct zj_role_info *info = zj_role_infos; info->name; info++)
        if (account->roles & info->bit)
            zj_buf_printf(&roles, "%s%s", roles.len ? "," : "", info->name);
    zj_json_kspan(j, "roles", zj_buf_all(&roles));
    if (account->waits_until_us && !account->is_locked) {
        char until[ZJ_TIME_TEXT];
        zj_time_format(account->waits_until_us * 1000, until);
        zj_json_key(j, "locked"); /* "2026-11-23T22:10:00…": the hour is enough for ten minutes */
        zj_json_printf(j, zj_tr(job, "till %.8s", "至 %.8s"), until + 11);
        return;
    }
    zj_json_kstr(j, "locked", account->is_locked ? zj_tr(job, "yes", "是") : zj_tr(job, "no", "否"));
}

static void add_account(void *ctx, const struct zj_account *account, int64_t last_login_us)
{
    struct listing *l = ctx;
    struct zj_json j = zj_json_to(&l->lines);
    if (l->err)
        return;
    zj_json_object(&j);
    zj_json_kint(&j, "id", account->id);
    zj_json_kstr(&j, "login", account->login);
    zj_json_kstr(&j, "name", account->name);
    zj_json_kint(&j, "org_id", account->org_id);
    put_org(l, account->org_id, &j);
    put_state(l->job, account, &j);
    zj_json_ktime(&j, "last_login", last_login_us);
    zj_json_object_end(&j);
    zj_buf_byte(&l->lines, '\n');
}

static zj_err print_accounts(struct zj_job *job, struct zj_span lines)
{
    static const struct zj_print_col cols[] = {
        ZJ_PRINT("login", "login", "登录名", 10),
        ZJ_PRINT("name", "name", "姓名", 10),
        ZJ_PRINT("org", "organisation", "单位", 18),
        ZJ_PRINT("roles", "roles", "角色", 12),
        ZJ_PRINT("locked", "locked", "已锁定", 13),
        ZJ_PRINT("last_login", "last login", "最近登录", 20),
    };
    if (job->output == ZJ_OUTPUT_TABLE)
        return zj_print_rows(job, cols, ZJ_COUNT(cols), lines);
    fwrite(lines.at, 1, lines.len, job->out); /* a failure shows when the output is closed */
    return ZJ_OK;
}

static zj_err list_all(struct zj_job *job, struct zj_store *store, const struct args *args,
                       const char *login)
{
    const struct zj_scope everything = {.sees_all = true};
    struct listing l = {.job = job};
    (void)args, (void)login; /* all of them */
    zj_err err = zj_store_prepare(
        job, store, "SELECT code FROM reg_organisations WHERE id = $1", &l.find_org);
    if (!err)
        err = zj_account_list(job, store, &everything, add_account, &l);
    if (!err && !l.err)
        err = print_accounts(job, zj_buf_all(&l.lines));
    zj_stmt_release(l.find_org);
    zj_buf_release(&l.lines);
    return err ? err : l.err;
}

static const struct action {
    const char *name;
    bool wants_login;
    zj_err (*run)(struct zj_job *job, struct zj_store *store, const struct args *args,
                  const char *login);
} actions[] = {
    {"add", true, add},       {"list", false, list_all}, {"lock", true, lock},
    {"unlock", true, unlock}, {"passwd", true, passwd},  {"token", true, token},
    {"mode", false, mode},
};

static zj_err run(struct zj_job *job, const void *given, int argc, char **argv)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    for (size_t i = 0; i < ZJ_COUNT(actions); i++) {
        if (strcmp(argv[0], actions[i].name) != 0)
            continue;
        if (actions[i].wants_login != (argc == 2))
            break;
        zj_err err = zj_store_open(job, job->db, 0, &store);
        if (err)
            return err;
        err = actions[i].run(job, store, given, argc == 2 ? argv[1] : NULL);
        /* what was typed is at fault: a name that there is, or is not, or what goes not together */
        return err == ZJ_ENOTFOUND || err == ZJ_ECONFLICT || err == ZJ_EREFUSED ? ZJ_EUSAGE : err;
    }
    return zj_fail(job, ZJ_EUSAGE, "%s",
                   zj_tr(job, "usage: zhuji user list | mode | add|lock|unlock|passwd|token LOGIN",
                         "用法：zhuji user list | mode | add|lock|unlock|passwd|token 登录名"));
}

const struct zj_verb zj_verb_user = {
    .name = "user",
    .args = "list | mode | add|lock|unlock|passwd|token LOGIN",
    .en = "accounts: who may log in, with which roles",
    .zh = "账号：谁可以登录、有哪些角色",
    .examples = examples,
    .opts = opts,
    .argc_min = 1,
    .argc_max = 2,
    .args_bytes = sizeof(struct args),
    .run = run,
};
