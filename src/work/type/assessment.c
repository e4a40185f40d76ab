/* 符合性评测 and 安全风险评估: planned, done, reported; findings become rectification orders (task 5). */
#include "work/case.h"

static const char open_findings[] =
    "SELECT count(*) FROM reg_findings WHERE org_id = $1 AND assessment = $2 AND deleted_at = 0"
    " AND COALESCE(rectified_on, '') = ''";

static const struct zj_lack open_is_left = {
    .reg = "findings",
    .field = "rectified_on",
    .with = "assessment=code",
    .en = "findings are not rectified yet: order it, or wait",
    .zh = "仍有问题未整改，请下达整改要求或等待整改完成",
};
static const struct zj_lack nothing_is_found = {
    .reg = "control_results",
    .with = "assessment=code",
    .en = "every item is met or stands among the findings",
    .zh = "没有尚未列入问题的不符合项",
};

static zj_err nothing_is_open(struct zj_act *act)
{
    int64_t open = 0;
    zj_err err = zj_act_query(act, open_findings, zj_act_text(act, "code"), NULL, &open);
    if (!err && open)
        err = zj_act_lacks(act, &open_is_left, NULL);
    return err;
}

static zj_err something_is_open(struct zj_act *act)
{
    int64_t open = 0;
    zj_err err = zj_act_query(act, open_findings, zj_act_text(act, "code"), NULL, &open);
    if (!err && !open)
        err = zj_act_refuse(act, "there is no open finding: close the case", "没有未整改的问题，可直接办结");
    return err;
}

/* The checklist's results that belong to it. */
static zj_err count_results(struct zj_act *act, struct zj_json *out)
{
    static const char *const results[] = {"met", "partly", "unmet", "na"};
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < ZJ_COUNT(results) && !err; i++) {
        int64_t n = 0;
        err = zj_act_query(act,
                           "SELECT count(*) FROM reg_control_results WHERE org_id = $1 AND"
                           " assessment = $2 AND result = $3 AND deleted_at = 0",
                           zj_act_text(act, "code"), results[i], &n);
        zj_json_kint(out, results[i], n);
    }
    return err;
}

#define WANTING                                                                                    \
    " FROM reg_control_results r WHERE r.org_id = $1 AND r.assessment = $2 AND r.deleted_at = 0"    \
    " AND r.result IN ('partly', 'unmet') AND NOT EXISTS (SELECT 1 FROM reg_findings f WHERE"      \
    " f.org_id = r.org_id AND f.assessment = r.assessment AND f.item = r.item AND"                 \
    " f.deleted_at = 0)"

static zj_err items_are_wanting(struct zj_act *act)
{
    int64_t n = 0;
    zj_err err = zj_act_query(act, "SELECT count(*)" WANTING, zj_act_text(act, "code"), NULL, &n);
    if (!err && !n)
        err = zj_act_lacks(act, &nothing_is_found, NULL);
    return err;
}

static zj_err add_finding(struct zj_act *act, int64_t result_id)
{
    struct zj_desk *desk = act->desk;
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *result = NULL;
    const struct zj_case row = {.org_id = act->c->org_id,
                                .reg = zj_register_find("control_results"),
                                .row_id = result_id};
    zj_err err = zj_form_read(desk, &row, &result);
    if (err)
        return err;
    const char *item = zj_form_text(desk, result, "item");
    const char *evidence = zj_form_text(desk, result, "evidence");
    const char *code = zj_arena_printf(&desk->job->arena, "%.30s-%s", zj_act_text(act, "code"), item);
    const struct zj_work_field fields[] = {
        {"code", zj_span_str(code)},
        {"assessment", zj_span_str(zj_act_text(act, "code"))},
        {"system", zj_span_str(zj_act_text(act, "system"))},
        {"item", zj_span_str(item)},
        {"severity", ZJ_SPAN_LIT("medium")},
        {"description", zj_span_str(evidence[0] ? evidence : item)},
        {"plan", zj_span_str(zj_form_text(desk, result, "measure"))},
        {"due_on", zj_span_str(zj_form_text(desk, result, "planned_on"))},
    };
    return zj_act_add_in(act, "findings", fields, ZJ_COUNT(fields));
}

/* A finding for each item that is not met and is not among them yet. */
static zj_err on_take_findings(struct zj_act *act)
{
    int64_t result = 0;
    zj_err err;
    do {
        err = zj_act_query(act, "SELECT COALESCE(min(r.id), 0)" WANTING, zj_act_text(act, "code"),
                           NULL, &result);
        if (!err && result)
            err = add_finding(act, result);
    } while (!err && result);
    return err;
}

static zj_err on_uploaded(struct zj_act *act)
{
    return zj_act_set_today(act, "uploaded_on");
}

/* A rectification order for each open finding that has none. */
static zj_err on_order(struct zj_act *act)
{
    int64_t finding = 0;
    zj_err err;
    do {
        err = zj_act_query(act,
                           "SELECT f.id FROM reg_findings f WHERE f.org_id = $1 AND f.assessment ="
                           " $2 AND f.deleted_at = 0 AND COALESCE(f.rectified_on, '') = '' AND NOT"
                           " EXISTS (SELECT 1 FROM work_case c WHERE c.register = 'findings' AND"
                           " c.row_id = f.id) ORDER BY f.id LIMIT 1",
                           zj_act_text(act, "code"), NULL, &finding);
        if (!err && finding)
            err = zj_act_spawn(act, "rectification", finding);
    } while (!err && finding);
    return err;
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"planned", "计划", "Planned", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"ongoing", "进行中", "Under way", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"finished", "完成", "Finished", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"reported", "已上报", "Reported", ZJ_PARTY_BUREAU, 0},
    {"rectifying", "整改中", "Rectifying", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"closed", "关闭", "Closed", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("start", "开始", "Start", "planned", "ongoing", ZJ_PARTY_COMPANY,
              .fields = "started_on", .needs = "started_on"),
    ZJ_ACTION("finish", "完成", "Finish", "ongoing", "finished", ZJ_PARTY_COMPANY,
              .fields = "finished_on result report", .needs = "finished_on result"),
    ZJ_ACTION("take_findings", "不符合项列为问题", "Take unmet items as findings",
              "ongoing finished rectifying", NULL, ZJ_PARTY_COMPANY, .guard = items_are_wanting,
              .effect = on_take_findings),
    ZJ_ACTION("report", "上报结果", "Report", "finished", "reported", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .fields = "uploaded_on receipt_no", .effect = on_uploaded),
    ZJ_ACTION("order", "下达整改", "Order rectification", "reported", "rectifying", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT, .guard = something_is_open, .effect = on_order),
    ZJ_ACTION("rectified", "整改完成上报", "Report rectification", "rectifying", "reported",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_SUBMIT, .guard = nothing_is_open),
    ZJ_ACTION("send_back", "退回补充", "Send back", "reported", "finished", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("close", "办结", "Close", "reported", "closed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .guard = nothing_is_open),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_assessment = {
    .name = "assessment",
    .zh = "评测与评估",
    .en = "Assessment",
    .task = 5,
    .reg = "assessments",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "system",
    .withdraw_from = "reported",
    .withdraw_to = "finished",
    .clause = "第5项：三级及以上每年、二级每两年开展符合性评测和安全风险评估，结果上传",
    .invites_assessors = true,
    .count = count_results,
    .states = states,
    .actions = actions,
};
