/* 备案证明: one page that says which number a filing has, for whom and what, from what both bureaus
 * approved last. The official form was not found: the page says so. */
#include <string.h>

#include "base/clock.h"
#include "work/case.h"

static const struct zj_paper_word levels[] = {
    {"1", "Level 1", "一级", ZJ_TONE_PLAIN}, {"2", "Level 2", "二级", ZJ_TONE_PLAIN},
    {"3", "Level 3", "三级", ZJ_TONE_PLAIN}, {"4", "Level 4", "四级", ZJ_TONE_PLAIN},
    {"5", "Level 5", "五级", ZJ_TONE_PLAIN}, {0},
};

static const struct zj_paper_word kinds[] = {
    {"new", "First filing", "首次备案", ZJ_TONE_PLAIN},
    {"change", "Change", "变更备案", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_paper_col cols[] = {
    ZJ_COL("number", "Filing number", "定级备案号", ZJ_CELL_CODE, 30),
    ZJ_COL("org.name", "Organisation", "备案单位", ZJ_CELL_TEXT, 40),
    ZJ_COL("org.code", "Unified social credit code", "统一社会信用代码", ZJ_CELL_CODE, 24),
    ZJ_COL("system.name", "System", "网络设施和系统", ZJ_CELL_TEXT, 40),
    ZJ_COL("system.code", "Code of the system", "系统编号", ZJ_CELL_CODE, 24),
    ZJ_COL("level", "Level", "安全保护等级", ZJ_CELL_TEXT, 12, .words = levels),
    ZJ_COL("kind", "Kind", "备案类别", ZJ_CELL_TEXT, 16, .words = kinds),
    ZJ_COL("filed_on", "Filed on", "备案日期", ZJ_CELL_TEXT, 12),
    ZJ_COL("decided_on", "Last decision", "最近审核日期", ZJ_CELL_TEXT, 12),
    ZJ_COL("signed", "Approved by", "审核部门", ZJ_CELL_TEXT, 60),
    ZJ_COL("opinion_bca", "Opinion of the communications bureau", "通信管理局意见", ZJ_CELL_TEXT, 60),
    ZJ_COL("opinion_beit", "Opinion of the economy bureau", "经济和信息化局意见", ZJ_CELL_TEXT, 60),
    ZJ_COL("case", "Case", "事项编号", ZJ_CELL_NUMBER, 9),
};

const struct zj_paper_table zj_paper_certificate = {
    .name = "filing-certificate",
    .en = "Certificate of filing",
    .zh = "定级备案证明",
    .note_en = "By what both bureaus approved. The pattern of the number and the official form of a"
               " certificate are to be confirmed.",
    .note_zh = "依据两部门审核通过的内容出具。备案号格式和证明的正式样式待确认。",
    .cols = cols,
    .col_count = ZJ_COUNT(cols),
    .is_upright = true,
};

static zj_err load_approved(struct zj_desk *desk, int64_t case_id, struct zj_jdoc **out)
{
    enum { BODY_BYTES_MAX = 4 << 20 };
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT body FROM work_snapshot WHERE case_id = $1"
                                  " AND kind = 'approved' ORDER BY n DESC LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, case_id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && !has_row)
        return zj_fail(desk->job, ZJ_ECONFLICT, "%s",
                       zj_tr(desk->job, "nothing was approved yet", "该事项尚未审核通过"));
    return err ? err : zj_jdoc_parse(desk->job, zj_stmt_text(stmt, 0), BODY_BYTES_MAX, out);
}

static zj_err put_org(struct zj_desk *desk, int64_t org_id, struct zj_json *j)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT name, code FROM reg_organisations WHERE id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (err || !has_row)
        return err;
    zj_json_key(j, "org");
    zj_json_object(j);
    zj_json_kspan(j, "name", zj_stmt_text(stmt, 0));
    zj_json_kspan(j, "code", zj_stmt_text(stmt, 1));
    zj_json_object_end(j);
    return ZJ_OK;
}

static const char *bureau_name(struct zj_desk *desk, struct zj_span role)
{
    for (size_t i = 0; i < desk->work->bureau_count; i++) {
        const struct zj_bureau_rule *bureau = &desk->work->bureaus[i];
        if (zj_span_eq_str(role, bureau->role))
            return zj_tr(desk->job, bureau->en, bureau->zh);
    }
    return zj_arena_span(&desk->job->arena, role);
}

/* The bureaus whose word it rests on, each with the day of its last yes. */
static zj_err put_signed(struct zj_desk *desk, int64_t case_id, struct zj_json *j)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    char day[ZJ_TIME_TEXT];
    bool has_row = true;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT role, max(at) FROM work_sign WHERE case_id = $1 AND"
                                  " action = 'pass' AND verdict = 'agree' GROUP BY role"
                                  " ORDER BY min(id)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, case_id);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        zj_date_format(zj_date_of_time(zj_stmt_int(stmt, 1) * 1000), day);
        zj_buf_printf(&text, "%s%s (%s)", text.len ? zj_tr(desk->job, "; ", "；") : "",
                      bureau_name(desk, zj_stmt_text(stmt, 0)), day);
    }
    zj_json_kspan(j, "signed", zj_buf_all(&text));
    return err;
}

static zj_err put_facts(struct zj_desk *desk, const struct zj_case *c, const struct zj_jdoc *form,
                        struct zj_json *j)
{
    static const char *const own[] = {"kind", "decided_on", "opinion_bca", "opinion_beit"};
    const struct zj_register *systems = zj_register_find("systems");
    const char *system = zj_form_text(desk, form, "system");
    zj_json_object(j);
    zj_json_kstr(j, "number", c->number);
    zj_json_kint(j, "case", c->id);
    zj_err err = put_org(desk, c->org_id, j);
    if (!err)
        err = put_signed(desk, c->id, j);
    zj_json_key(j, "system");
    zj_json_object(j);
    zj_json_kstr(j, "code", system);
    zj_json_kstr(j, "name", zj_text_in(desk, systems, c->org_id, system, "name"));
    zj_json_object_end(j);
    zj_json_kstr(j, "level", zj_text_in(desk, systems, c->org_id, system, "level"));
    zj_json_kstr(j, "filed_on", zj_text_in(desk, systems, c->org_id, system, "filed_on"));
    for (size_t i = 0; i < ZJ_COUNT(own); i++)
        zj_json_kstr(j, own[i], zj_form_text(desk, form, own[i]));
    zj_json_object_end(j);
    return err;
}

bool zj_case_is_certified(const struct zj_case *c)
{
    return strcmp(c->type->name, "filing") == 0 && c->number[0] &&
           !(c->state->flags & ZJ_STATE_FINAL) && !c->is_companys_guest;
}

zj_err zj_work_certificate(struct zj_desk *desk, int64_t id, struct zj_paper *paper)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL, *facts = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (err)
        return err;
    if (!zj_case_is_certified(&c))
        return zj_fail(desk->job, ZJ_ECONFLICT, "%s",
                       zj_tr(desk->job, "only a filing that has its number has a certificate",
                             "仅已核发定级备案号且未注销的备案可出具证明"));
    err = load_approved(desk, id, &form);
    if (!err)
        err = put_facts(desk, &c, form, &j);
    if (!err)
        err = zj_jdoc_parse(desk->job, zj_buf_all(&text), text.len + 1, &facts);
    if (!err)
        err = zj_paper_begin(desk->job, paper, &zj_paper_certificate);
    return err ? err : zj_paper_row(desk->job, paper, zj_jdoc_root(facts));
}

zj_err zj_work_org(struct zj_desk *desk, int64_t id, int64_t *out_org_id)
{
    struct zj_case c;
    unsigned party = 0;
    const zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        *out_org_id = c.org_id;
    return err;
}
