/* Making a store, with the account of its first administrator. */
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/demo.h"
#include "facts/facts.h"
#include "register/register.h"
#include "server/server.h"

struct args {
    bool demo;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_FLAG(struct args, demo, "demo",
                "load a synthetic company, a bureau, their registers and traffic",
                "载入合成的企业、主管部门及其登记表和流量"),
    ZJ_OPT_END,
};

/* An account with the password that is shown once. */
struct made {
    const char *login, *name;
    unsigned roles;
    const char *org; /* of the demo, by its key; NULL: none */
    struct zj_buf password;
};

static zj_err make_account(struct zj_job *job, struct zj_store *store,
                           const struct zj_demo_result *demo, struct made *made)
{
    struct zj_account account = {.roles = made->roles, .must_change = true};
    int64_t id;
    snprintf(account.login, sizeof account.login, "%s", made->login);
    snprintf(account.name, sizeof account.name, "%s", made->name);
    zj_password_make(&made->password);
    for (size_t i = 0; i < demo->org_count && made->org; i++)
        if (strcmp(demo->orgs[i].key, made->org) == 0)
            account.org_id = demo->orgs[i].org_id;
    return zj_account_create(job, store, &account, zj_buf_all(&made->password), &id);
}

static void print_json(struct zj_job *job, const struct made *made, size_t count)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_json_object(&j);
    zj_json_kstr(&j, "store", job->db);
    zj_json_kstr(&j, "login", made->login);
    zj_json_kspan(&j, "password", zj_buf_all(&made->password));
    zj_json_key(&j, "accounts");
    zj_json_array(&j);
    for (size_t i = 0; i < count; i++) {
        zj_json_object(&j);
        zj_json_kstr(&j, "login", made[i].login);
        zj_json_kspan(&j, "password", zj_buf_all(&made[i].password));
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&text));
}

static void print_made(struct zj_job *job, const struct made *made, size_t count)
{
    if (job->output != ZJ_OUTPUT_TABLE) {
        print_json(job, made, count);
        return;
    }
    fprintf(job->out,
            zj_tr(job, "%s made, its key is %s.key. Back up both, and keep the copy of the key in another "
                  "place than that of the store: without it personal fields cannot be read.\n",
                  "已创建 %s，密钥文件为 %s.key。两者都要备份，且密钥副本须与库的副本存放在不同位置："
                  "缺少密钥则无法读取个人信息字段。\n"),
            job->db, job->db);
    for (size_t i = 0; i < count; i++)
        fprintf(job->out,
                zj_tr(job, "login: %s\npassword (shown once, to be changed at first login): %.*s\n",
                      "登录名：%s\n口令（仅显示一次，首次登录须修改）：%.*s\n"),
                made[i].login, (int)made[i].password.len, (const char *)made[i].password.at);
}

/* Of two at once one has the place: what it does not finish is then its own to remove. */
static zj_err take_place(struct zj_job *job)
{
    const int fd = open(job->db, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "%s is there already; give another with --db",
                             "%s 已存在，请用 --db 指定其他位置"),
                       job->db);
    if (fd < 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", job->db, zj_strerror(job, errno));
    close(fd);
    return ZJ_OK;
}

/* Nothing was there before, and what is there now would keep the next attempt from its place. */
static void remove_half(struct zj_job *job, bool with_key)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal", ".key"};
    for (size_t i = 0; i < ZJ_COUNT(parts) - !with_key; i++)
        unlink(zj_arena_printf(&job->arena, "%s%s", job->db, parts[i]));
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    const struct args *args = opaque;
    struct made made[] = {
        {"admin", "admin", ZJ_ROLE_ADMIN, NULL, {0}},
        {"officer", "演示车企安全负责人", ZJ_ROLE_OFFICER, "maker", {0}},
        {"bureau", "演示通信管理局人员", ZJ_ROLE_BUREAU, "bca", {0}},
        {"beit", "演示经信局人员", ZJ_ROLE_BUREAU, "beit", {0}},
        {"platform", "演示平台企业安全负责人", ZJ_ROLE_OFFICER, "platform", {0}},
        {"map", "演示地图企业安全负责人", ZJ_ROLE_OFFICER, "map", {0}},
        {"roadside", "演示路侧企业安全负责人", ZJ_ROLE_OFFICER, "roadside", {0}},
        {"driving", "演示自动驾驶企业安全负责人", ZJ_ROLE_OFFICER, "driving", {0}},
        {"assessor", "演示评测机构人员", ZJ_ROLE_OFFICER, "assessor", {0}},
    };
    struct zj_demo_result demo = {0};
    const size_t count = args->demo ? ZJ_COUNT(made) : 1;
    (void)argc, (void)argv; /* it takes no operands */
    const bool has_key = access(zj_arena_printf(&job->arena, "%s.key", job->db), F_OK) == 0;
    zj_err err = take_place(job);
    if (err)
        return err;
    err = zj_store_open(job, job->db, ZJ_STORE_CREATE, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_facts_migrate(job, store);
    if (!err && args->demo)
        err = zj_demo_load(job, store, &demo);
    for (size_t i = 0; i < count && !err; i++)
        err = make_account(job, store, &demo, &made[i]);
    if (!err)
        print_made(job, made, count);
    for (size_t i = 0; i < count; i++)
        zj_buf_release(&made[i].password);
    if (err) {
        zj_store_closep(&store);
        store = NULL;
        remove_half(job, !has_key);
    }
    return err;
}

const struct zj_verb zj_verb_init = {
    .name = "init",
    .en = "make the store and its first administrator",
    .zh = "创建存储和首个管理员账号",
    .examples = (const char *const[]){"zhuji init", "zhuji init --db /var/lib/zhuji/zhuji.db",
                                      "zhuji init --demo --db demo.db", NULL},
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
