/* The life of an act. Every step is here, in order, inside one transaction:
 *
 *   may he -> what he gives -> fields -> what must be there -> guard -> both bureaus -> state,
 *   round, number -> effects -> snapshot -> clocks -> event, notices -> the case's next version
 */
#include "base/clock.h"
#include "work/common.h"

static zj_err say_no(struct zj_desk *desk, zj_err err, const char *en, const char *zh)
{
    return zj_fail(desk->job, err, "%s", zj_tr(desk->job, en, zh));
}

/* --- who may what ------------------------------------------------------------------------------ */

static bool is_offered(const struct zj_case *c, unsigned party,
                       const struct zj_case_action *action)
{
    if (!(action->by & party))
        return false;
    if (action->flags & ZJ_ACT_COMMON)
        return zj_common_is_offered(c, party, action);
    return zj_word_in(action->from, c->state->name);
}

/* Accepting, reminding, handing on and copying are the same for many cases; a verdict, a number, a
 * field or an end is a word about one. `to` is the state it leads to; NULL: none. */
static bool is_for_one(const struct zj_case_type *type, const struct zj_case_action *action,
                       const char *to)
{
    const struct zj_case_state *state = to ? zj_case_state_find(type, to) : NULL;
    return action->fields || action->own_fields || action->needs ||
           action->flags & (ZJ_ACT_SUBMIT | ZJ_ACT_APPROVE | ZJ_ACT_NUMBER | ZJ_ACT_SIGN) ||
           (state && state->flags & (ZJ_STATE_FINAL | ZJ_STATE_RESTS));
}

static const char *target_of(const struct zj_act *act)
{
    return act->action->flags & ZJ_ACT_COMMON ? zj_common_target(act) : act->action->to;
}

/* What stands in the way of an action that asks for no fields, as member "blocked" in the caller's
 * language, and where it is mended as "blocked_link": a guard only reads. One with fields may look
 * different once they are given. */
static zj_err put_blocked(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                          const struct zj_case_action *action, struct zj_json *out)
{
    static const struct zj_work_deed nothing = {0};
    struct zj_case copy = *c;
    struct zj_act act = {.desk = desk,
                         .c = &copy,
                         .action = action,
                         .deed = &nothing,
                         .party = party,
                         .now_us = zj_now_us(desk->job)};
    if (!action->guard || action->fields || action->own_fields)
        return ZJ_OK;
    zj_err err = zj_form_read(desk, c, &act.form);
    desk->link = (struct zj_work_link){0};
    if (!err)
        err = action->guard(&act);
    zj_jdoc_free(act.form);
    if (err != ZJ_EREFUSED)
        return err;
    zj_json_object_reopen(out);
    zj_json_kstr(out, "blocked", desk->job->message);
    if (desk->link.reg) {
        zj_json_key(out, "blocked_link");
        zj_work_link_put(&desk->link, out);
    }
    zj_json_object_end(out);
    zj_job_clear(desk->job);
    return ZJ_OK;
}

zj_err zj_may_put(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                  struct zj_json *out)
{
    const struct zj_case_action *action;
    const char *role = "";
    zj_err err = party == ZJ_PARTY_BUREAU ? zj_bureau_role(desk, &role) : ZJ_OK;
    zj_json_array(out);
    for (size_t i = 0; !err && (action = zj_case_action_at(c->type, i)); i++) {
        bool has_signed = false;
        if (!desk->who.may_act || !is_offered(c, party, action))
            continue;
        if (action->flags & ZJ_ACT_SIGN)
            err = zj_has_signed(desk, c, action->name, &has_signed);
        if (has_signed)
            continue;
        zj_case_action_put(action, role, out);
        if (is_for_one(c->type, action, action->to)) {
            zj_json_object_reopen(out);
            zj_json_kbool(out, "is_for_one", true);
            zj_json_object_end(out);
        }
        if (!err)
            err = put_blocked(desk, c, party, action, out);
        if (!err && action->flags & ZJ_ACT_TO)
            err = zj_common_targets_put(desk, c, party, action, out);
    }
    zj_json_array_end(out);
    return err;
}

bool zj_may_edit(const struct zj_desk *desk, const struct zj_case *c, unsigned party)
{
    return desk->who.may_act && c->state->flags & ZJ_STATE_EDIT && c->state->side == party;
}

/* --- what he gives ----------------------------------------------------------------------------- */

static zj_err count_files(struct zj_act *act, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store,
                                  "SELECT count(*) FROM work_file WHERE case_id = $1 AND side = $2",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->id);
    zj_stmt_bind_str(stmt, 2, zj_party_name(act->party));
    err = zj_stmt_step(act->desk->job, stmt, &has_row);
    *out = zj_stmt_int(stmt, 0);
    return err;
}

static zj_err check_given(struct zj_act *act)
{
    const struct zj_work_deed *deed = act->deed;
    const unsigned flags = act->action->flags;
    const bool has_comment = deed->comment && zj_span_trim(zj_span_str(deed->comment)).len;
    int64_t files = 1;
    if (deed->is_one_of_many && is_for_one(act->c->type, act->action, target_of(act)))
        return say_no(act->desk, ZJ_EREFUSED, "this is done case by case", "该操作须逐件办理");
    if ((flags & ZJ_ACT_COMMENT || deed->refuses) && !has_comment)
        return say_no(act->desk, ZJ_EREFUSED, "give a reason", "请填写理由");
    if (deed->comment && strlen(deed->comment) > ZJ_COMMENT_BYTES_MAX)
        return say_no(act->desk, ZJ_EREFUSED, "the comment is too long", "意见过长");
    if (flags & ZJ_ACT_TO && !(deed->to && deed->to[0]))
        return say_no(act->desk, ZJ_EREFUSED, "say to whom or to which step",
                      "请指明转给谁或退回到哪一步");
    if (deed->refuses && !(flags & ZJ_ACT_SIGN))
        return say_no(act->desk, ZJ_EUSAGE, "only what both bureaus sign is refused so",
                      "仅会签事项可以表示不同意");
    zj_err err = flags & ZJ_ACT_FILE ? count_files(act, &files) : ZJ_OK;
    if (!err && files == 0)
        return say_no(act->desk, ZJ_EREFUSED, "attach the document first", "请先上传附件");
    return err;
}

static zj_err check_fields(struct zj_act *act)
{
    const char *role = "";
    zj_err err = act->party == ZJ_PARTY_BUREAU ? zj_bureau_role(act->desk, &role) : ZJ_OK;
    for (size_t i = 0; i < act->deed->field_count && !err; i++) {
        const char *name = act->deed->fields[i].name;
        if (!zj_word_in(act->action->fields, name) &&
            !zj_role_owns(act->action->own_fields, role, name))
            return zj_fail(act->desk->job, ZJ_EREFUSED,
                           zj_tr(act->desk->job, "'%.60s' is not set with this action",
                                 "该操作不能填写“%.60s”"),
                           name);
    }
    return err;
}

/* What is given to be changed says something else than what is there. */
static zj_err check_anew(struct zj_act *act)
{
    struct zj_desk *desk = act->desk;
    const struct zj_register *reg = act->c->reg;
    const char *fields = act->action->fields;
    struct zj_span word;
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    bool is_new = false;
    zj_err err = zj_form_read(desk, act->c, &form);
    for (size_t i = 0; i < act->deed->field_count && !err; i++) {
        const struct zj_work_field *f = &act->deed->fields[i];
        is_new |= !zj_span_eq_str(zj_span_trim(f->value), zj_form_text(desk, form, f->name));
    }
    if (err || is_new || !zj_word_next(&fields, &word))
        return err;
    const int at = zj_form_field(reg, zj_arena_span(&desk->job->arena, word));
    zj_desk_clear(desk);
    zj_desk_fault(desk, reg, at, "is what it was: give another value",
                  "与现有内容相同，请填写新的内容");
    return zj_fail(desk->job, ZJ_EREFUSED,
                   zj_tr(desk->job, "'%s' stays as it was (%s): give another value",
                         "“%s”与现有内容（%s）相同，请填写新的内容"),
                   zj_tr(desk->job, reg->fields[at].en, reg->fields[at].zh),
                   zj_form_text(desk, form, reg->fields[at].name));
}

static zj_err take_fields(struct zj_act *act)
{
    struct zj_desk *desk = act->desk;
    const bool waits = act->action->flags & ZJ_ACT_SIGN; /* for the word of both */
    zj_err err = check_fields(act);
    if (!err && act->action->flags & ZJ_ACT_ANEW)
        err = check_anew(act);
    if (!err && act->deed->field_count && !waits)
        err = zj_form_write(desk, act->c->reg, act->c->org_id, &act->c->row_id,
                            act->deed->fields, act->deed->field_count);
    return err ? err : zj_form_read(desk, act->c, &act->form);
}

static zj_err check_form(struct zj_act *act)
{
    struct zj_desk *desk = act->desk;
    const struct zj_case_action *action = act->action;
    size_t missing = 0;
    zj_desk_clear(desk);
    if (action->flags & ZJ_ACT_SUBMIT && act->party == ZJ_PARTY_COMPANY)
        missing = zj_form_missing(desk, act->c, act->form, NULL);
    if (action->needs)
        missing += zj_form_missing(desk, act->c, act->form, action->needs);
    for (size_t i = 0; i < desk->work->need_count; i++) {
        const struct zj_need_rule *rule = &desk->work->needs[i];
        if (strcmp(rule->type, act->c->type->name) == 0 && zj_mark_is_on(rule->mark) &&
            zj_word_in(rule->action, action->name) &&
            zj_when_is(desk, act->c, &rule->when, act->form))
            missing += zj_form_missing(desk, act->c, act->form, rule->fields);
    }
    return missing ? zj_fail(desk->job, ZJ_EREFUSED,
                             zj_tr(desk->job, "%zu fields are missing", "有 %zu 项未填写"),
                             missing)
                   : ZJ_OK;
}

/* --- what changes ------------------------------------------------------------------------------ */

static zj_err move(struct zj_act *act, const char *to)
{
    struct zj_case *c = act->c;
    const struct zj_case_state *state = zj_case_state_find(c->type, to);
    if (!state)
        return zj_fail(act->desk->job, ZJ_EBUG, "%s: no state %s", c->type->name, to);
    if (state->side != c->state->side)
        c->assignee = ""; /* who had it for the one side does not have it for the other */
    c->state = state;
    c->state_at = act->now_us;
    c->closed_at = state->flags & ZJ_STATE_FINAL ? act->now_us : 0;
    return zj_signs_void(act->desk, c);
}

static void put_states(struct zj_buf *sql, const struct zj_case_type *type, bool is_bureaus)
{
    const struct zj_case_state *state;
    const char *gap = "(";
    for (size_t i = 0; (state = zj_case_state_at(type, i)); i++)
        if ((state->side == ZJ_PARTY_BUREAU) == is_bureaus) {
            zj_buf_printf(sql, "%s'%s'", gap, state->name);
            gap = ", ";
        }
    zj_buf_byte(sql, ')');
}

/* Has the bureau given back what the company had handed over? Then handing it over again begins a new
 * round; to take it back oneself before the bureau began does not. */
static zj_err was_sent_back(struct zj_act *act, bool *out_was)
{
    const struct zj_case *c = act->c;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    if (c->state->side != ZJ_PARTY_BUREAU || act->party != ZJ_PARTY_COMPANY || !c->submitted_at)
        return ZJ_OK;
    zj_buf_str(&sql, "SELECT 1 FROM work_event h JOIN work_event b ON b.case_id = h.case_id AND"
                     " b.id > h.id AND b.side = 'bureau' AND b.round = h.round WHERE"
                     " h.case_id = $1 AND h.round = $2 AND h.side = 'company' AND h.from_state IN ");
    put_states(&sql, c->type, false);
    zj_buf_str(&sql, " AND h.to_state IN ");
    put_states(&sql, c->type, true);
    zj_buf_str(&sql, " AND b.from_state IN ");
    put_states(&sql, c->type, true);
    zj_buf_str(&sql, " AND b.to_state IN ");
    put_states(&sql, c->type, false);
    zj_buf_str(&sql, " LIMIT 1");
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_int(stmt, 2, c->round);
    return zj_stmt_step(act->desk->job, stmt, out_was);
}

/* Of what leads on: everything but a refusal and what all types have. */
static zj_err go_on(struct zj_act *act, int64_t *out_snapshot)
{
    const struct zj_case_action *action = act->action;
    struct zj_case *c = act->c;
    zj_err err = ZJ_OK;
    if (action->to)
        err = move(act, action->to);
    bool is_new_round = action->flags & ZJ_ACT_ROUND;
    if (!err && !is_new_round && action->flags & ZJ_ACT_SUBMIT)
        err = was_sent_back(act, &is_new_round);
    if (is_new_round)
        c->round++;
    if (!err && action->flags & ZJ_ACT_NUMBER)
        err = zj_number_issue(act->desk, c, act->now_us);
    if (!err && action->effect)
        err = action->effect(act);
    if (!err && action->flags & (ZJ_ACT_SUBMIT | ZJ_ACT_APPROVE))
        err = zj_snapshot_take(act->desk, c,
                               action->flags & ZJ_ACT_APPROVE ? "approved" : "submitted",
                               act->form, act->now_us, out_snapshot);
    if (!err && action->flags & ZJ_ACT_SUBMIT && !c->submitted_at)
        c->submitted_at = act->now_us;
    return err ? err : zj_clocks_turn(act->desk, c, action->name, act->form, act->now_us);
}

static zj_err tell_others(struct zj_act *act)
{
    const struct zj_case *c = act->c;
    const bool is_bureaus = act->party != ZJ_PARTY_COMPANY;
    if (act->action->flags & (ZJ_ACT_INTERNAL | ZJ_ACT_COMMON) || !c->submitted_at)
        return ZJ_OK;
    if (is_bureaus)
        return zj_notice_add(act->desk, c, ZJ_PARTY_COMPANY, "", act->action->name, act->now_us);
    return c->state->side == ZJ_PARTY_BUREAU
               ? ZJ_OK /* it is in their to-do already */
               : zj_notice_add(act->desk, c, ZJ_PARTY_BUREAU, "", act->action->name, act->now_us);
}

/* A verdict; *out_goes_on: the others have agreed too. */
static zj_err sign(struct zj_act *act, bool *out_goes_on)
{
    zj_err err = zj_sign(act->desk, act->c, act->action->name, act->deed->refuses, act->now_us,
                         out_goes_on);
    if (!err)
        err = *out_goes_on || act->deed->refuses ? zj_held_write(act) : zj_held_add(act);
    if (!err && act->deed->refuses)
        err = move(act, act->action->refused_to);
    return err;
}

static zj_err carry_out(struct zj_act *act)
{
    const struct zj_case_action *action = act->action;
    const char *from = act->c->state->name;
    int64_t snapshot = 0;
    bool goes_on = true;
    zj_err err = ZJ_OK;
    if (action->guard && !act->deed->refuses)
        err = action->guard(act);
    if (!err && action->flags & ZJ_ACT_COMMON)
        err = zj_common_do(act);
    if (!err && action->flags & ZJ_ACT_SIGN)
        err = sign(act, &goes_on);
    const char *to = target_of(act);
    if (!err && action->flags & ZJ_ACT_COMMON && to) {
        err = move(act, to);
        if (!err)
            err = zj_clocks_turn(act->desk, act->c, action->name, act->form, act->now_us);
    } else if (!err && goes_on && !(action->flags & ZJ_ACT_COMMON)) {
        err = go_on(act, &snapshot);
    }
    if (!err)
        err = zj_event_add(act->desk, act->c, act->party, action->name, from, act->deed->comment,
                           snapshot, act->now_us);
    if (!err && (goes_on || act->deed->refuses)) /* one word of two is nothing to tell yet */
        err = tell_others(act);
    return err ? err : zj_case_save(act->desk, act->c, action->name);
}

static zj_err check_rights(struct zj_act *act)
{
    struct zj_desk *desk = act->desk;
    const struct zj_case *c = act->c;
    if (!desk->who.may_act)
        return say_no(desk, ZJ_EFORBIDDEN, "this account may read only", "该账号只有查看权限");
    if (act->deed->version && act->deed->version != c->version)
        return zj_fail(desk->job, ZJ_ECONFLICT,
                       zj_tr(desk->job,
                             "somebody has changed this case meanwhile (version %lld, you have "
                             "%lld): read it again",
                             "该事项已被他人修改（当前版本 %lld，您打开的是 %lld），请刷新后再操作"),
                       (long long)c->version, (long long)act->deed->version);
    act->action = zj_case_action_find(c->type, act->deed->action);
    if (!act->action)
        return zj_fail(desk->job, ZJ_EUSAGE,
                       zj_tr(desk->job, "%s has no action '%.60s'", "%s没有操作“%.60s”"),
                       zj_tr(desk->job, c->type->en, c->type->zh), act->deed->action);
    if (!(act->action->by & act->party))
        return say_no(desk, ZJ_EFORBIDDEN, "this action is the other side's", "该操作由对方执行");
    if (!is_offered(c, act->party, act->action))
        return zj_fail(desk->job, ZJ_ECONFLICT,
                       zj_tr(desk->job, "'%s' is not possible in the state '%s'",
                             "“%s”不能在“%s”状态下执行"),
                       zj_tr(desk->job, act->action->en, act->action->zh),
                       zj_tr(desk->job, c->state->en, c->state->zh));
    return ZJ_OK;
}

static zj_err act_now(struct zj_desk *desk, int64_t id, const struct zj_work_deed *deed)
{
    struct zj_case c;
    struct zj_act act = {
        .desk = desk, .c = &c, .deed = deed, .now_us = zj_now_us(desk->job)};
    zj_err err = zj_case_load(desk, id, &c, &act.party);
    if (!err)
        err = check_rights(&act);
    if (!err)
        err = check_given(&act);
    if (!err)
        err = take_fields(&act);
    if (!err && !deed->refuses)
        err = check_form(&act);
    if (!err)
        err = carry_out(&act);
    zj_jdoc_free(act.form);
    return err;
}

zj_err zj_work_do(struct zj_desk *desk, int64_t id, const struct zj_work_deed *deed)
{
    const char *what =
        zj_arena_printf(&desk->job->arena, "%lld %s", (long long)id, deed->action);
    int64_t done_id = 0;
    zj_desk_clear(desk);
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = zj_once_find(desk, deed->key, what, &done_id);
    if (!err && !done_id)
        err = act_now(desk, id, deed);
    if (!err && !done_id)
        err = zj_once_keep(desk, deed->key, what, id);
    return zj_store_end(desk->job, desk->store, err);
}
