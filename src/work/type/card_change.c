/* 车联网卡变更: transfer, replacement, scrapping, end of test (task 6). A replacement keeps the vehicle
 * and makes a new binding. */
#include "work/case.h"

static zj_err is_kind(struct zj_act *act, const char *kinds)
{
    return zj_word_in(kinds, zj_act_text(act, "kind"))
               ? ZJ_OK
               : zj_act_refuse(act, "this step is not one of this kind of change",
                               "该变更类型没有这一步");
}

static zj_err moves_on(struct zj_act *act)
{
    return is_kind(act, "transfer replacement");
}

static zj_err ends(struct zj_act *act)
{
    return is_kind(act, "scrap test_end");
}

/* The old owner's data go: they are no longer needed. */
static zj_err on_unbound(struct zj_act *act)
{
    static const struct zj_work_field freed[] = {
        {"state", ZJ_SPAN_LIT("awaiting")},   {"registered_on", ZJ_SPAN_LIT("")},
        {"owner_kind", ZJ_SPAN_LIT("")},      {"owner_name", ZJ_SPAN_LIT("")},
        {"owner_id_kind", ZJ_SPAN_LIT("")},   {"owner_id_number", ZJ_SPAN_LIT("")},
        {"owner_phone", ZJ_SPAN_LIT("")},
    };
    if (!zj_act_is(act, "kind", "transfer"))
        return ZJ_OK;
    return zj_act_set_in(act, "cards", zj_act_text(act, "iccid"), freed, ZJ_COUNT(freed));
}

enum { CARD, NEW_CARD, OWNER };
static const struct zj_lack lacks[] = {
    [CARD] = {.reg = "cards",
              .key = "iccid",
              .en = "card {key} is not in the register of cards: add it first",
              .zh = "卡登记表中没有卡 {key}，请先登记"},
    [NEW_CARD] = {.reg = "cards",
                  .key = "new_iccid",
                  .en = "card {key} is not in the register of cards: add it first",
                  .zh = "卡登记表中没有卡 {key}，请先登记"},
    [OWNER] = {.reg = "cards",
               .key = "iccid",
               .field = "owner_name",
               .en = "the new owner's data are not in the register of cards yet",
               .zh = "卡登记表中尚无新用户的实名信息"},
};

static zj_err new_owner_is_there(struct zj_act *act)
{
    const struct zj_lack *none = &lacks[zj_act_is(act, "kind", "transfer") ? CARD : NEW_CARD];
    const char *card = zj_act_text(act, none->key);
    if (zj_act_text_in(act, "cards", card, "state")[0] == '\0')
        return zj_act_lacks(act, none, NULL);
    if (zj_act_is(act, "kind", "transfer") &&
        !zj_act_text_in(act, "cards", card, "owner_name")[0])
        return zj_act_lacks(act, &lacks[OWNER], NULL);
    return ZJ_OK;
}

/* The vehicle keeps its history: the old binding ends, the new one begins. */
static zj_err bind_anew(struct zj_act *act, const char *old_card, const char *new_card,
                        const char *vin, const char *on)
{
    int64_t binding = 0;
    struct zj_arena *arena = &act->desk->job->arena;
    const struct zj_work_field over[] = {{"to_on", zj_span_str(on)}};
    const struct zj_work_field fresh[] = {
        {"code", zj_span_str(zj_arena_printf(arena, "card_change-%lld-%lld",
                                             (long long)act->c->id, (long long)act->c->version))},
        {"iccid", zj_span_str(new_card)},
        {"vin", zj_span_str(vin)},
        {"from_on", zj_span_str(on)},
    };
    zj_err err = zj_act_query(act,
                              "SELECT id FROM reg_bindings WHERE org_id = $1 AND iccid = $2 AND"
                              " deleted_at = 0 AND COALESCE(to_on, '') = '' ORDER BY id LIMIT 1",
                              old_card, NULL, &binding);
    if (!err && binding)
        err = zj_form_write(act->desk, zj_register_find("bindings"), act->c->org_id, &binding,
                            over, ZJ_COUNT(over));
    return err ? err : zj_act_add_in(act, "bindings", fresh, ZJ_COUNT(fresh));
}

static zj_err on_registered(struct zj_act *act)
{
    const char *on = zj_act_text(act, "registered_on");
    const char *old_card = zj_act_text(act, "iccid"), *new_card = zj_act_text(act, "new_iccid");
    const char *vin = zj_act_text_in(act, "cards", old_card, "vin");
    const struct zj_work_field registered[] = {{"state", ZJ_SPAN_LIT("registered")},
                                               {"registered_on", zj_span_str(on)}};
    const struct zj_work_field placed[] = {{"vin", zj_span_str(vin)}};
    static const struct zj_work_field scrapped[] = {{"state", ZJ_SPAN_LIT("scrapped")}};
    if (zj_act_is(act, "kind", "transfer"))
        return zj_act_set_in(act, "cards", old_card, registered, ZJ_COUNT(registered));
    zj_err err = zj_act_set_in(act, "cards", old_card, scrapped, ZJ_COUNT(scrapped));
    if (!err)
        err = zj_act_set_in(act, "cards", new_card, placed, ZJ_COUNT(placed));
    return err || !vin[0] ? err : bind_anew(act, old_card, new_card, vin, on);
}

static zj_err on_ended(struct zj_act *act)
{
    const char *state = zj_act_is(act, "kind", "scrap") ? "scrapped" : "for_sale";
    const struct zj_work_field fields[] = {{"state", zj_span_str(state)}};
    return zj_act_set_in(act, "cards", zj_act_text(act, "iccid"), fields, ZJ_COUNT(fields));
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"requested", "申请", "Requested", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"unbound", "已解绑", "Unbound", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"registered", "已重新登记", "Registered anew", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {"ended", "已终结", "Ended", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("unbind", "解绑", "Unbind", "requested", "unbound", ZJ_PARTY_COMPANY,
              .fields = "unbound_on", .needs = "unbound_on", .guard = moves_on,
              .effect = on_unbound),
    ZJ_ACTION("register", "重新登记", "Register anew", "unbound", "registered", ZJ_PARTY_COMPANY,
              .fields = "registered_on", .needs = "registered_on", .guard = new_owner_is_there,
              .effect = on_registered),
    ZJ_ACTION("end", "报废或结束测试", "Scrap or end the test", "requested", "ended",
              ZJ_PARTY_COMPANY, .guard = ends, .effect = on_ended),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_card_change = {
    .name = "card_change",
    .zh = "车联网卡变更",
    .en = "Change of a card",
    .task = 6,
    .reg = "card_changes",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "iccid",
    .clause = "第6项：严格落实车联网卡实名登记",
    .states = states,
    .actions = actions,
};
