/* Making a store, with the account of its first administrator. */
#include <string.h>
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

static zj_err make_admin(struct zj_job *job, struct zj_store *store, struct zj_buf *out_password)
{
    struct zj_account admin = {.roles = ZJ_ROLE_ADMIN, .must_change = true};
    int64_t id;
    memcpy(admin.login, "admin", sizeof "admin");
    memcpy(admin.name, "admin", sizeof "admin");
    zj_password_make(out_password);
    return zj_account_create(job, store, &admin, zj_buf_all(out_password), &id);
}

static void print_made(struct zj_job *job, struct zj_span password)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    if (job->output == ZJ_OUTPUT_TABLE) {
        fprintf(job->out,
                zj_tr(job,
                      "%s made, its key is %s.key: keep a copy of both apart.\n"
                      "login: admin\npassword (shown once, to be changed at first login): %.*s\n",
                      "已创建 %s，密钥文件为 %s.key，请分别备份。\n"
                      "登录名：admin\n口令（仅显示一次，首次登录须修改）：%.*s\n"),
                job->db, job->db, (int)password.len, (const char *)password.at);
        return;
    }
    zj_json_object(&j);
    zj_json_kstr(&j, "store", job->db);
    zj_json_kstr(&j, "login", "admin");
    zj_json_kspan(&j, "password", password);
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&text));
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0};
    const struct args *args = opaque;
    (void)argc, (void)argv; /* it takes no operands */
    if (access(job->db, F_OK) == 0)
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "%s is there already; give another with --db",
                             "%s 已存在，请用 --db 指定其他位置"),
                       job->db);
    zj_err err = zj_store_open(job, job->db, ZJ_STORE_CREATE, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_facts_migrate(job, store);
    if (!err && args->demo)
        err = zj_demo_load(job, store);
    if (!err)
        err = make_admin(job, store, &password);
    if (!err)
        print_made(job, zj_buf_all(&password));
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
