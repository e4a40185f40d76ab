/* Observations as files: the columns of each kind, with their names and words in the reader's
 * language. */
#include "server/core.h"
#include "server/detections.h"

static const struct zj_paper_word protocols[] = {
    {"gb32960", "GB/T 32960", "GB/T 32960", ZJ_TONE_PLAIN},
    {"jt808", "JT/T 808", "JT/T 808", ZJ_TONE_PLAIN},
    {"jt809", "JT/T 809", "JT/T 809", ZJ_TONE_PLAIN},
    {"jt1078", "JT/T 1078", "JT/T 1078", ZJ_TONE_PLAIN},
    {"mqtt", "MQTT", "MQTT", ZJ_TONE_PLAIN},
    {"tls", "TLS", "TLS", ZJ_TONE_PLAIN},
    {"http", "HTTP", "HTTP", ZJ_TONE_PLAIN},
    {"dns", "DNS", "DNS", ZJ_TONE_PLAIN},
    {"text", "text of no protocol", "无协议文本", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_paper_word securities[] = {
    {"none", "in clear", "明文", ZJ_TONE_WARN},
    {"tls", "TLS", "TLS 加密", ZJ_TONE_PLAIN},
    {"unit", "data unit encrypted", "数据单元加密", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_paper_word commands[] = {
    {"upgrade", "Upgrade", "升级", ZJ_TONE_PLAIN},
    {"control", "Remote control", "远程控制", ZJ_TONE_PLAIN},
    {"switch_server", "Switch of server", "切换服务器", ZJ_TONE_PLAIN},
    {"parameters", "Parameters", "参数设置", ZJ_TONE_PLAIN},
    {"passthrough", "Pass-through", "透传", ZJ_TONE_PLAIN},
    {"eavesdrop", "Listening-in", "监听", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_paper_word data_types[] = {
#define ZJ_DATA_TYPE(name, en, zh, is_personal) {#name, en, zh, ZJ_TONE_PLAIN},
#include "base/data_types.def"
#undef ZJ_DATA_TYPE
    {0},
};

static const struct zj_paper_word countries[] = {
    {"-", "Private network", "内网", ZJ_TONE_SOFT},
    {"", "Unknown", "未知", ZJ_TONE_WARN},
    {0},
};

/* How a column looks; those that are not here by their type. */
static const struct look {
    const char *name;
    enum zj_cell_kind kind;
    int width;
    bool is_more;
    const struct zj_paper_word *words;
} looks[] = {
    {"protocol", ZJ_CELL_TEXT, 12, false, protocols},
    {"security", ZJ_CELL_TEXT, 14, false, securities},
    {"data_type", ZJ_CELL_TEXT, 20, false, data_types},
    {"kind", ZJ_CELL_TEXT, 14, false, commands},
    {"country", ZJ_CELL_TEXT, 12, false, countries},
    {"vin", ZJ_CELL_CODE, 21, false, NULL},
    {"iccid", ZJ_CELL_CODE, 24, false, NULL},
    {"phone", ZJ_CELL_CODE, 17, false, NULL},
    {"target", ZJ_CELL_CODE, 21, false, NULL},
    {"host", ZJ_CELL_CODE, 24, false, NULL},
    {"name", ZJ_CELL_CODE, 24, false, NULL},
    {"partner", ZJ_CELL_TEXT, 22, false, NULL},
    {"sensor", ZJ_CELL_CODE, 40, false, NULL},
    {"counter", ZJ_CELL_TEXT, 30, false, NULL},
    {"port", ZJ_CELL_CODE, 8, false, NULL},
    {"bytes", ZJ_CELL_NUMBER, 12, true, NULL},
    {"client", ZJ_CELL_CODE, 16, true, NULL},
    {"firmware", ZJ_CELL_CODE, 16, true, NULL},
    {"path", ZJ_CELL_CODE, 30, true, NULL},
    {"other_seen", ZJ_CELL_TIME, 17, true, NULL},
    {"tls_version", ZJ_CELL_TEXT, 10, true, NULL},
    {"client_cert", ZJ_CELL_NUMBER, 10, true, NULL},
    {"first_seen", ZJ_CELL_TIME, 17, true, NULL},
    {"ev_source", ZJ_CELL_CODE, 40, true, NULL},
    {"ev_packet", ZJ_CELL_NUMBER, 10, true, NULL},
    {"ev_time", ZJ_CELL_TIME, 17, true, NULL},
    {"ev_flow", ZJ_CELL_CODE, 44, true, NULL},
};

static struct look look_of(const struct zj_col *col)
{
    for (size_t i = 0; i < ZJ_COUNT(looks); i++)
        if (strcmp(looks[i].name, col->name) == 0)
            return looks[i];
    struct look look = {.name = col->name, .kind = ZJ_CELL_TEXT, .width = 12};
    if (col->type == ZJ_COL_INT) {
        look.kind = ZJ_CELL_NUMBER;
        look.width = 9;
    } else if (col->type == ZJ_COL_TIME) {
        look.kind = ZJ_CELL_TIME;
        look.width = 17;
    } else if (col->type == ZJ_COL_ADDR || col->type == ZJ_COL_HOST) {
        look.kind = ZJ_CELL_CODE;
        look.width = 17;
    }
    return look;
}

/* What vehicles send has no address of its own. */
static enum zj_tone say_sender(const struct zj_job *job, const struct zj_paper_col *col,
                               const struct zj_jval *row, struct zj_buf *out)
{
    const struct zj_span src = zj_jval_text(zj_jval_at(row, col->path));
    if (src.len)
        zj_buf_span(out, src);
    else
        zj_buf_str(out, zj_tr(job, "Vehicles", "车辆"));
    return src.len ? ZJ_TONE_PLAIN : ZJ_TONE_SOFT;
}

/* The port of a client, which means nothing, is 0. */
static enum zj_tone say_port(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    (void)job; /* a number is the same in every language */
    const int64_t port = zj_jval_int(zj_jval_at(row, col->path), 0);
    if (port)
        zj_buf_i64(out, port);
    return ZJ_TONE_PLAIN;
}

static enum zj_tone say_counter(const struct zj_job *job, const struct zj_paper_col *col,
                                const struct zj_jval *row, struct zj_buf *out)
{
    const struct zj_span name = zj_jval_text(zj_jval_at(row, col->path));
    for (size_t i = 0; i < zj_counter_count; i++)
        if (zj_span_eq_str(name, zj_counter_infos[i].name)) {
            zj_buf_str(out, zj_tr(job, zj_counter_infos[i].en, zj_counter_infos[i].zh));
            return ZJ_TONE_PLAIN;
        }
    zj_buf_span(out, name);
    return ZJ_TONE_PLAIN;
}

static struct zj_paper_col paper_col(const struct zj_col *col)
{
    const struct look look = look_of(col);
    return (struct zj_paper_col){.path = col->name,
                                 .en = col->en,
                                 .zh = col->zh,
                                 .kind = look.kind,
                                 .width = look.width,
                                 .is_more = look.is_more,
                                 .words = look.words,
                                 .say = strcmp(col->name, "src") == 0       ? say_sender
                                        : strcmp(col->name, "port") == 0    ? say_port
                                        : strcmp(col->name, "counter") == 0 ? say_counter
                                                                            : NULL};
}

const struct zj_paper_table *zj_fact_paper(struct zj_call *call)
{
    static const struct zj_col beside[] = {
        {"country", ZJ_COL_TEXT, ZJ_FOLD_LAST, "Country", "国家或地区"},
        {"partner", ZJ_COL_TEXT, ZJ_FOLD_LAST, "Declared partner", "登记的合作方"},
    };
    static const struct zj_paper_col org =
        ZJ_COL("org", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_org = true);
    enum zj_fact_id id;
    if (!zj_facts_kind(call->args[0], &id) || id == ZJ_FACT_DETECTION)
        return &zj_paper_detections; /* a kind that is none is refused by the list itself */
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    struct zj_paper_table *t = zj_arena_alloc(call->arena, sizeof *t);
    struct zj_paper_col *cols = zj_arena_alloc(call->arena, (kind->col_count + 3) * sizeof *cols);
    *t = (struct zj_paper_table){
        .name = kind->name, .en = kind->en, .zh = kind->zh, .cols = cols, .is_wide = true};
    cols[t->col_count++] = org;
    for (size_t i = 0; i < kind->col_count; i++) {
        const bool is_evidence = strncmp(kind->cols[i].name, "ev_", 3) == 0;
        if (kind->cols[i].type == ZJ_COL_BLOB || (id == ZJ_FACT_SENSOR && is_evidence))
            continue;
        if (id == ZJ_FACT_TRANSFER && strcmp(kind->cols[i].name, "items") == 0)
            for (size_t k = 0; k < ZJ_COUNT(beside); k++)
                cols[t->col_count++] = paper_col(&beside[k]);
        cols[t->col_count++] = paper_col(&kind->cols[i]);
    }
    return t;
}
