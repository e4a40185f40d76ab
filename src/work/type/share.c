/* 数据共享: what is shared stays blocked until the partner is verified; evidence that ran out sends it back to
 * review (task 13). */
#include "work/case.h"

enum { CONTRACT, CLAUSES, EVIDENCE, CAPABILITY };
static const struct zj_lack lacks[] = {
    [CONTRACT] = {.field = "contract",
                  .en = "no contract is named",
                  .zh = "尚未填写所依据的合同"},
    [CLAUSES] = {.reg = "contracts",
                 .key = "contract",
                 .with = "partner",
                 .en = "contract {key} lacks: {what}",
                 .zh = "合同 {key} 缺少：{what}"},
    [EVIDENCE] = {.reg = "partner_evidence",
                  .is_new = true,
                  .with = "partner",
                  .en = "the partner has no verified evidence that is still valid",
                  .zh = "合作方没有已核验且在有效期内的证明材料"},
    [CAPABILITY] = {.reg = "capability_checks",
                    .is_new = true,
                    .with = "partner",
                    .en = "important data: the partner's capability was not verified",
                    .zh = "涉及重要数据，尚未核验合作方的数据安全保护能力"},
};

static zj_err contract_is_whole(struct zj_act *act)
{
    static const char *const clauses[] = {"has_data", "has_duties", "has_safeguards",
                                          "has_liability"};
    const struct zj_register *contracts = zj_register_find("contracts");
    const char *contract = zj_act_text(act, "contract"), *first = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf what = {0};
    for (size_t i = 0; i < ZJ_COUNT(clauses); i++) {
        const struct zj_field *f = &contracts->fields[zj_form_field(contracts, clauses[i])];
        if (strcmp(zj_act_text_in(act, "contracts", contract, clauses[i]), "yes") == 0)
            continue;
        zj_buf_str(&what, what.len ? zj_tr(act->desk->job, ", ", "、") : "");
        zj_buf_str(&what, zj_tr(act->desk->job, f->en, f->zh));
        first = first ? first : clauses[i];
    }
    if (!first)
        return ZJ_OK;
    struct zj_lack lack = lacks[contract[0] ? CLAUSES : CONTRACT];
    lack.field = contract[0] ? first : lack.field;
    return zj_act_lacks(act, &lack, zj_buf_cstr(&what));
}

static zj_err has_evidence(struct zj_act *act, bool *out)
{
    int64_t count = 0;
    zj_err err = zj_act_query(act,
                              "SELECT count(*) FROM reg_partner_evidence WHERE org_id = $1 AND"
                              " partner = $2 AND deleted_at = 0 AND COALESCE(verified_on, '') <> ''"
                              " AND COALESCE(valid_to, '') >= $3",
                              zj_act_text(act, "partner"), zj_act_today(act), &count);
    *out = count > 0;
    return err;
}

/* Evidence for every share, a check of the partner's capability for important data besides. */
static zj_err partner_is_verified(struct zj_act *act)
{
    bool has = false;
    int64_t checks = 0;
    zj_err err = has_evidence(act, &has);
    if (!err && !has)
        err = zj_act_lacks(act, &lacks[EVIDENCE], NULL);
    if (err || zj_act_is(act, "data_level", "general"))
        return err;
    err = zj_act_query(act,
                       "SELECT count(*) FROM reg_capability_checks WHERE org_id = $1 AND partner ="
                       " $2 AND deleted_at = 0 AND result = 'passed'",
                       zj_act_text(act, "partner"), NULL, &checks);
    if (!err && !checks)
        err = zj_act_lacks(act, &lacks[CAPABILITY], NULL);
    return err;
}

static zj_err may_be_active(struct zj_act *act)
{
    zj_err err = contract_is_whole(act);
    return err ? err : partner_is_verified(act);
}

static zj_err evidence_ran_out(struct zj_act *act)
{
    bool has = false;
    zj_err err = has_evidence(act, &has);
    return !err && has ? zj_act_refuse(act, "the evidence is still valid", "证明材料仍在有效期内")
                       : err;
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"proposed", "拟合作", "Proposed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"verifying", "核验", "Verifying", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"contracted", "签约", "Contracted", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"active", "生效", "In force", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"review", "复核", "Under review", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"ended", "终止", "Ended", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("verify", "开始核验", "Verify", "proposed", "verifying", ZJ_PARTY_COMPANY),
    ZJ_ACTION("contract", "签约", "Sign the contract", "verifying", "contracted", ZJ_PARTY_COMPANY,
              .fields = "contract", .needs = "contract", .guard = contract_is_whole),
    ZJ_ACTION("activate", "生效", "Put in force", "contracted review", "active", ZJ_PARTY_COMPANY,
              .needs = "scale purpose manner safeguards", .guard = may_be_active),
    ZJ_ACTION("review", "复核", "Review", "active", "review", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("lapse", "证明到期转复核", "Evidence ran out", "active", "review", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_BY_TIME, .guard = evidence_ran_out),
    ZJ_ACTION("end", "终止", "End", "proposed verifying contracted active review", "ended",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_share = {
    .name = "share",
    .zh = "数据共享",
    .en = "Share with a partner",
    .task = 13,
    .reg = "shares",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "partner",
    .clause = "第13项：与合作方共享数据的，签订合同，核验其数据安全保护能力",
    .states = states,
    .actions = actions,
};
