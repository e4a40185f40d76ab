#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "fleet/fleet.h"

struct args {
    int64_t seed, vehicles, seconds;
    const char *start, *scenario, *registers, *connect;
    int64_t serve;
    bool list;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_INT(struct args, seed, "seed", "N", "equal seeds give equal bytes (default 1)",
               "随机种子，相同种子结果相同（默认 1）"),
    ZJ_OPT_INT(struct args, vehicles, "vehicles", "N", "healthy vehicles (default 40)",
               "正常车辆数（默认 40）"),
    ZJ_OPT_INT(struct args, seconds, "seconds", "N", "packet time (default 600)",
               "报文时长，秒（默认 600）"),
    ZJ_OPT_STR(struct args, start, "start", "TIME", "time of the first packet", "首个报文的时间"),
    ZJ_OPT_STR(struct args, scenario, "scenario", "NAME", "one scenario, or none (default: all)",
               "单个场景或 none（默认全部）"),
    ZJ_OPT_STR(struct args, registers, "registers", "DIR",
               "write the registers and the expected answer there", "登记簿与预期结果写入该目录"),
    ZJ_OPT_STR(struct args, connect, "connect", "127.0.0.1:PORT",
               "drive live against a server of this machine instead of writing a capture",
               "实时连接本机服务端，不写报文文件"),
    ZJ_OPT_INT(struct args, serve, "serve", "PORT",
               "be that server on 127.0.0.1 (--seconds: for so long)",
               "在 127.0.0.1 上充当平台并应答（--seconds 为时长）"),
    ZJ_OPT_FLAG(struct args, list, "list", "list the scenarios", "列出场景"),
    ZJ_OPT_END,
};

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *a = opaque;
    int64_t start_ns = 0;
    (void)argc, (void)argv; /* takes no operands */
    for (size_t i = 0; a->list && i < zj_fleet_scenario_count; i++)
        fprintf(job->out, "%-22s %s\n", zj_fleet_scenarios[i].name,
                zj_tr(job, zj_fleet_scenarios[i].en, zj_fleet_scenarios[i].zh));
    if (a->list)
        return ZJ_OK;
    if (a->serve < 0 || a->serve > UINT16_MAX)
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "--serve: no port", "--serve：不是端口"));
    if (a->serve)
        return zj_fleet_serve(job, (uint16_t)a->serve, a->seconds);
    if (!job->out_path && !a->connect)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "-o FILE.pcap is wanted (- for stdout)",
                             "请用 -o FILE.pcap 指定输出（- 为标准输出）"));
    if (a->start && !zj_time_parse(zj_span_str(a->start), &start_ns))
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "--start %s: no time", "--start %s：不是时间"),
                       a->start);
    if (a->vehicles < 0 || a->vehicles > 2000000 || a->seconds < 0)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "at most 2000000 vehicles, no negative time",
                             "车辆数最多 2000000，时长不能为负"));
    if (a->registers && mkdir(a->registers, 0777) != 0 && errno != EEXIST)
        return zj_fail(job, ZJ_EIO, "%s: %s", a->registers, zj_strerror(job, errno));
    const struct zj_fleet_opts fleet = {
        .seed = a->seed ? (uint64_t)a->seed : 1,
        .vehicles = a->vehicles ? a->vehicles : 40,
        .seconds = a->seconds ? a->seconds : 600,
        .start_ns = start_ns,
        .scenario = a->scenario,
    };
    if (a->connect)
        return zj_fleet_connect(job, &fleet, a->connect, a->registers);
    return zj_fleet_write(job, &fleet, job->out, a->registers);
}

const struct zj_verb zj_verb_fleet = {
    .name = "fleet",
    .en = "simulate a fleet: a capture, its registers and the gaps that must follow",
    .zh = "模拟车队：生成报文、登记簿和应得的差距",
    .examples = (const char *const[]){"zhuji fleet -o fleet.pcap --registers demo",
                                      "zhuji fleet --scenario card_two_vins -o two.pcap",
                                      "zhuji fleet --serve 32960 & zhuji fleet --connect "
                                      "127.0.0.1:32960 --scenario none",
                                      NULL},
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
