/* API and console. */
#include <sys/stat.h>

#include "cli/cli.h"
#include "server/server.h"

struct args {
    const char *listen, *web, *sense, *kafka, *org;
    bool log_requests;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, listen, "listen", "ADDR:PORT",
               "where to listen; default 127.0.0.1:8800", "监听地址，默认 127.0.0.1:8800"),
    ZJ_OPT_STR(struct args, sense, "sense", "IFACE|FILE",
               "also watch an interface, or captures (further operands are further files)",
               "同时观测网络接口或抓包文件（其后的参数为更多文件）"),
    ZJ_OPT_STR(struct args, kafka, "kafka", "BROKERS[/TOPIC]",
               "also take facts of 'zhuji sense --kafka'; TLS and SASL: $ZHUJI_KAFKA_CONF",
               "同时消费 zhuji sense --kafka 发送的事实；TLS、SASL 见 $ZHUJI_KAFKA_CONF"),
    ZJ_OPT_STR(struct args, org, "org", "CODE",
               "organisation of what the sensor sees outside all declared networks",
               "探针所见、不在任何已登记网段内的流量归属的单位"),
    ZJ_OPT_STR(struct args, web, "web", "DIR", "folder of the console's files", "控制台文件目录"),
    ZJ_OPT_FLAG(struct args, log_requests, "log-requests", "a log line for every request",
                "每个请求记录一行日志"),
    ZJ_OPT_END,
};

static const char *const examples[] = {
    "zhuji init && zhuji serve",
    "zhuji serve --sense eth1",
    "zhuji serve --kafka kafka1:9092,kafka2:9092",
    "zhuji serve --listen 0.0.0.0:8800 --db /var/lib/zhuji/zhuji.db",
    NULL,
};

static zj_err run(struct zj_job *job, const void *given, int argc, char **argv)
{
    const struct args *args = given;
    struct stat st;
    if (!args->sense && argc)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "files are for --sense", "文件参数须与 --sense 一同使用"));
    const bool is_file = args->sense && stat(args->sense, &st) == 0;
    const char **files = zj_arena_alloc(&job->arena, ((size_t)argc + 1) * sizeof *files);
    files[0] = args->sense;
    for (int i = 0; i < argc; i++)
        files[i + 1] = argv[i];
    const struct zj_serve_opts serve = {
        .captures = files,
        .capture_count = is_file ? (size_t)argc + 1 : 0,
        .interface = is_file ? NULL : args->sense,
        .org = args->org,
        .kafka = args->kafka,
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
    .argc_max = -1,
    .args_bytes = sizeof(struct args),
    .is_service = true,
    .run = run,
};
