/* API and console. */
#include "cli/cli.h"
#include "server/server.h"

struct args {
    const char *listen, *web;
    bool log_requests;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, listen, "listen", "ADDR:PORT", "where to listen; default 127.0.0.1:8800",
               "监听地址，默认 127.0.0.1:8800"),
    ZJ_OPT_STR(struct args, web, "web", "DIR", "folder of the console's files", "控制台文件目录"),
    ZJ_OPT_FLAG(struct args, log_requests, "log-requests", "a log line for every request",
                "每个请求记录一行日志"),
    ZJ_OPT_END,
};

static const char *const examples[] = {
    "zhuji init && zhuji serve",
    "zhuji serve --listen 0.0.0.0:8800 --db /var/lib/zhuji/zhuji.db",
    NULL,
};

static zj_err run(struct zj_job *job, const void *given, int argc, char **argv)
{
    const struct args *args = given;
    (void)argc, (void)argv; /* no operands */
    const struct zj_serve_opts serve = {
        .listen = args->listen ? args->listen : "127.0.0.1:8800",
        .web_dir = args->web,
        .logs_requests = args->log_requests,
    };
    return zj_serve(job, &serve);
}

const struct zj_verb zj_verb_serve = {
    .name = "serve",
    .en = "serve the API and the console",
    .zh = "启动接口与控制台",
    .examples = examples,
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
