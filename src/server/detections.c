#include "server/detections.h"

#include "plan/plan.h"

static enum zj_tone by_language(const struct zj_job *job, const struct zj_paper_col *col,
                                const struct zj_jval *row, struct zj_buf *out)
{
    const struct zj_span zh = zj_jval_text(zj_jval_get(row, "note_zh"));
    const bool is_zh = job->lang == ZJ_ZH && zh.len;
    zj_buf_span(out, is_zh ? zh : zj_jval_text(zj_jval_at(row, col->path)));
    return ZJ_TONE_PLAIN;
}

/* Commands to a vehicle go to a port that means nothing: 0. */
static enum zj_tone with_port(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    (void)job; /* an address is the same in every language */
    const struct zj_span addr = zj_jval_text(zj_jval_at(row, col->path));
    const int64_t port = zj_jval_int(zj_jval_get(row, "port"), 0);
    const bool is_v6 = addr.len && memchr(addr.at, ':', addr.len);
    zj_buf_str(out, port && is_v6 ? "[" : "");
    zj_buf_span(out, addr);
    if (port)
        zj_buf_printf(out, "%s:%lld", is_v6 ? "]" : "", (long long)port);
    return ZJ_TONE_PLAIN;
}

static enum zj_tone references_of(const struct zj_job *job, const struct zj_paper_col *col,
                                  const struct zj_jval *row, struct zj_buf *out)
{
    const char *between = "";
    const struct zj_jval *all = zj_jval_at(row, col->path);
    for (const struct zj_jval *v = zj_jval_first(all); v; v = zj_jval_next(v)) {
        zj_buf_str(out, between);
        zj_buf_span(out, zj_jval_text(v));
        between = zj_tr(job, ", ", "、");
    }
    return ZJ_TONE_SOFT;
}

static const struct zj_paper_word subjects[] = {
    {"vin", "Vehicle", "车辆", ZJ_TONE_PLAIN},
    {"phone", "Terminal", "终端", ZJ_TONE_PLAIN},
    {"address", "Address", "地址", ZJ_TONE_PLAIN},
    {"client", "Client", "客户端", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_paper_col cols[] = {
    ZJ_COL("severity", "Severity", "级别", ZJ_CELL_TEXT, 9, .words = zj_words_severity),
    ZJ_COL("title", "Detection", "检测规则", ZJ_CELL_TEXT, 24),
    ZJ_COL("org", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_org = true),
    ZJ_COL("subject_kind", "About", "对象类别", ZJ_CELL_TEXT, 10, .is_more = true,
           .words = subjects),
    ZJ_COL("subject", "Subject", "对象", ZJ_CELL_CODE, 22),
    ZJ_COL("note", "What was seen", "说明", ZJ_CELL_TEXT, 40, .say = by_language),
    ZJ_COL("src", "From", "来源地址", ZJ_CELL_CODE, 16),
    ZJ_COL("dst", "To", "去向地址", ZJ_CELL_CODE, 20, .say = with_port),
    ZJ_COL("count", "Count", "次数", ZJ_CELL_NUMBER, 7),
    ZJ_COL("last_seen", "Last seen", "最近发现", ZJ_CELL_TIME, 17),
    ZJ_COL("references", "References", "依据", ZJ_CELL_TEXT, 28, .say = references_of),
    ZJ_COL("todo", "What to do", "处理建议", ZJ_CELL_TEXT, 48, .is_more = true),
    ZJ_COL("protocol", "Protocol", "协议", ZJ_CELL_CODE, 10, .is_more = true),
    ZJ_COL("first_seen", "First seen", "首次发现", ZJ_CELL_TIME, 17, .is_more = true),
    ZJ_COL("ev_source", "Capture", "采集来源", ZJ_CELL_CODE, 30, .is_more = true),
    ZJ_COL("ev_packet", "Packet", "报文序号", ZJ_CELL_NUMBER, 10, .is_more = true),
    ZJ_COL("ev_flow", "Flow", "会话", ZJ_CELL_CODE, 40, .is_more = true),
    ZJ_COL("rule", "Rule", "规则", ZJ_CELL_CODE, 26, .is_more = true),
};

const struct zj_paper_table zj_paper_detections = {
    .name = "detections",
    .en = "Detections",
    .zh = "威胁检测",
    .note_en = "What the sensors' detection rules saw. R155: UN Regulation No. 155, Annex 5, Table "
               "A1; ATM: Auto-ISAC Automotive Threat Matrix.",
    .note_zh = "探针检测规则的命中。R155 指联合国第 155 号法规附件 5 表 A1，ATM 指 Auto-ISAC "
               "汽车威胁矩阵。",
    .cols = cols,
    .col_count = ZJ_COUNT(cols),
    .is_wide = true,
};

struct telling {
    const struct zj_job *job;
    const struct zj_detections *rules;
};

static void tell_rule(const void *opaque, struct zj_span rule, struct zj_json *out)
{
    const struct telling *t = opaque;
    const struct zj_detection_info *info = NULL;
    for (size_t i = 0; i < t->rules->count && !info; i++)
        if (zj_span_eq_str(rule, t->rules->infos[i].name))
            info = &t->rules->infos[i];
    if (!info) {
        zj_json_kspan(out, "title", rule);
        return;
    }
    zj_json_kstr(out, "title", zj_tr(t->job, info->en, info->zh));
    zj_json_kstr(out, "about", zj_tr(t->job, info->about_en, info->about_zh));
    zj_json_kstr(out, "todo", zj_tr(t->job, info->todo_en, info->todo_zh));
    zj_json_key(out, "references");
    zj_json_array(out);
    for (const char *const *r = info->references; r && *r; r++)
        zj_json_str(out, *r);
    zj_json_array_end(out);
}

zj_err zj_detections_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_detections *rules, const struct zj_facts_query *query,
                          struct zj_json *out)
{
    const struct telling told = {job, rules};
    struct zj_facts_query asked = *query;
    asked.tell = tell_rule;
    asked.tell_ctx = &told;
    return zj_facts_list(job, store, scope, ZJ_FACT_DETECTION, &asked, out);
}
