#include "work/common.h"

#include "base/clock.h"

/* Bits of user_account.roles: bureau staff; experts and assessors who see what they are invited to. */
enum { BUREAU_ROLE = 16, GUEST_ROLES = 32 | 64, KEY_CHARS_MAX = 200 };

static bool is(const struct zj_case_action *action, const char *name)
{
    return strcmp(action->name, name) == 0;
}

/* Has the type its own way back from here? Then nobody is shown two. Nor does a company return what a
 * bureau has opened: it answers. */
static bool may_return(const struct zj_case *c, unsigned party)
{
    for (const struct zj_case_action *own = c->type->actions; own->name; own++)
        if (strcmp(own->name, "send_back") == 0 && own->by & party &&
            zj_word_in(own->from, c->state->name))
            return false;
    return party == ZJ_PARTY_BUREAU || zj_opener_party(c) == party;
}

bool zj_common_is_offered(const struct zj_case *c, unsigned party,
                          const struct zj_case_action *action)
{
    const bool is_over = c->state->flags & ZJ_STATE_FINAL;
    const bool has_turn = c->state->side == party && !is_over;
    if (is(action, "withdraw"))
        return party == zj_opener_party(c) && zj_word_in(c->type->withdraw_from, c->state->name);
    if (is(action, "return"))
        return has_turn && c->submitted_at && may_return(c, party);
    if (is(action, "reassign"))
        return has_turn;
    if (is(action, "remind"))
        return c->submitted_at && !is_over && c->state->side != ZJ_PARTY_NONE && !has_turn;
    if (is(action, "discard"))
        return party == zj_opener_party(c) && !c->submitted_at && !is_over;
    if (is(action, "invite"))
        return !is_over && (party == ZJ_PARTY_COMPANY ? c->type->invites_assessors
                                                      : c->submitted_at > 0);
    if (is(action, "opine"))
        return !is_over;
    return true; /* copy */
}

const char *zj_common_target(const struct zj_act *act)
{
    if (is(act->action, "withdraw"))
        return act->c->type->withdraw_to;
    if (is(act->action, "return"))
        return act->deed->to;
    return act->action->to;
}

static zj_err refuse_to(struct zj_act *act, const char *en, const char *zh)
{
    return zj_fail(act->desk->job, ZJ_EREFUSED, "%s", zj_tr(act->desk->job, en, zh));
}

/* Not to where it would be over, and a company sends nothing to the bureau. Nor does a bureau take a
 * case back into a draft of its own that the other side would watch. */
static bool may_go_back_to(const struct zj_case *c, unsigned party, const struct zj_case_state *to)
{
    return !(to->flags & ZJ_STATE_FINAL) && to != c->state &&
           !(to->side == party && to->flags & ZJ_STATE_EDIT && party == ZJ_PARTY_BUREAU) &&
           !(party == ZJ_PARTY_COMPANY && to->side != ZJ_PARTY_COMPANY);
}

/* Has the case been there in this round? */
static zj_err has_been_at(struct zj_desk *desk, const struct zj_case *c, const char *state,
                          bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT 1 FROM work_event WHERE case_id = $1 AND round = $2"
                                  " AND from_state = $3 LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_int(stmt, 2, c->round);
    zj_stmt_bind_str(stmt, 3, state);
    return zj_stmt_step(desk->job, stmt, out);
}

static zj_err check_return(struct zj_act *act)
{
    bool has_been = false;
    const struct zj_case_state *to = zj_case_state_find(act->c->type, act->deed->to);
    if (!to || !may_go_back_to(act->c, act->party, to))
        return refuse_to(act, "it cannot go back to that step", "不能退回到该步骤");
    zj_err err = has_been_at(act->desk, act->c, to->name, &has_been);
    if (!err && !has_been)
        err = refuse_to(act, "the case has not been at that step in this round",
                        "本轮尚未经过该步骤");
    return err;
}

static zj_err put_steps(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                        struct zj_json *out)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; c->type->states[i].name && !err; i++) {
        bool has_been = false;
        if (may_go_back_to(c, party, &c->type->states[i]))
            err = has_been_at(desk, c, c->type->states[i].name, &has_been);
        if (has_been)
            zj_json_str(out, c->type->states[i].name);
    }
    return err;
}

/* Experts work for assessors; the others are those of the caller's own side. */
static zj_err put_people(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                         bool are_experts, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        are_experts ? "SELECT u.login FROM user_account u WHERE u.is_locked = 0 AND u.org_id <> $1"
                      " AND $2 = $2 AND (roles / 32 % 4 > 0 OR EXISTS (SELECT 1 FROM reg_item i"
                      " WHERE i.register = 'organisations' AND i.field = 'kinds' AND i.value ="
                      " 'assessor' AND i.row_id = u.org_id)) ORDER BY u.login LIMIT 200"
                    : "SELECT login FROM user_account WHERE is_locked = 0 AND (roles / 16 % 2) = $2"
                      " AND ($2 = 1 OR org_id = $1) ORDER BY login LIMIT 200",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->org_id);
    zj_stmt_bind_int(stmt, 2, party == ZJ_PARTY_BUREAU);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row)
        zj_json_span(out, zj_stmt_text(stmt, 0));
    return err;
}

zj_err zj_common_targets_put(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                             const struct zj_case_action *action, struct zj_json *out)
{
    zj_json_object_reopen(out);
    zj_json_key(out, "targets");
    zj_json_array(out);
    zj_err err = is(action, "return") ? put_steps(desk, c, party, out)
                                      : put_people(desk, c, party, is(action, "invite"), out);
    zj_json_array_end(out);
    zj_json_object_end(out);
    return err;
}

struct person {
    int64_t id, org_id;
    bool is_bureau, is_guest;
};

static zj_err find_person(struct zj_act *act, const char *login, struct person *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store,
                                  "SELECT id, org_id, roles FROM user_account"
                                  " WHERE login = $1 AND is_locked = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, login);
    err = zj_stmt_step(act->desk->job, stmt, &has_row);
    if (!err && !has_row)
        return refuse_to(act, "there is no such person", "没有该人员");
    *out = (struct person){zj_stmt_int(stmt, 0), zj_stmt_int(stmt, 1),
                           zj_stmt_int(stmt, 2) & BUREAU_ROLE,
                           zj_stmt_int(stmt, 2) & GUEST_ROLES};
    return err;
}

/* One of the actor's own side. */
static zj_err check_colleague(struct zj_act *act, const char *login)
{
    struct person person;
    zj_err err = find_person(act, login, &person);
    if (err)
        return err;
    const bool is_own = act->party == ZJ_PARTY_BUREAU
                            ? person.is_bureau
                            : !person.is_bureau && person.org_id == act->c->org_id;
    return is_own ? ZJ_OK : refuse_to(act, "there is no such person", "没有该人员");
}

static zj_err reassign(struct zj_act *act)
{
    zj_err err = check_colleague(act, act->deed->to);
    if (!err)
        act->c->assignee = act->deed->to;
    return err ? err
               : zj_notice_add(act->desk, act->c, act->party, act->deed->to, "reassign",
                               act->now_us);
}

/* To one of one's own side, or to the whole of either. */
static zj_err copy(struct zj_act *act)
{
    const unsigned sides[] = {ZJ_PARTY_COMPANY, ZJ_PARTY_BUREAU};
    for (size_t i = 0; i < ZJ_COUNT(sides); i++)
        if (strcmp(act->deed->to, zj_party_name(sides[i])) == 0)
            return act->c->submitted_at || sides[i] == act->party
                       ? zj_notice_add(act->desk, act->c, sides[i], "", "copy", act->now_us)
                       : refuse_to(act, "the other side does not know of the case yet",
                                   "对方尚不能查看该事项");
    zj_err err = check_colleague(act, act->deed->to);
    return err ? err
               : zj_notice_add(act->desk, act->c, act->party, act->deed->to, "copy", act->now_us);
}

/* Who reads another's case works for an assessor, or for nobody who files here. */
static zj_err check_expert(struct zj_act *act, const struct person *person)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool is_assessor = person->org_id == 0 || person->is_guest;
    if (person->is_bureau || person->org_id == act->c->org_id)
        return refuse_to(act, "an expert belongs to neither side",
                         "专家不能是本事项任何一方的人员");
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store,
                                  "SELECT 1 FROM reg_item WHERE register = 'organisations' AND"
                                  " field = 'kinds' AND value = 'assessor' AND row_id = $1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, person->org_id);
    if (!is_assessor)
        err = zj_stmt_step(act->desk->job, stmt, &is_assessor);
    if (!err && !is_assessor)
        err = refuse_to(act, "an expert works for an assessor, not for a company",
                        "专家应来自评测机构，不能来自其他企业");
    return err;
}

static zj_err invite(struct zj_act *act)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct person person;
    zj_err err = find_person(act, act->deed->to, &person);
    if (!err)
        err = check_expert(act, &person);
    if (!err)
        err = zj_store_prepare(act->desk->job, act->desk->store,
                               "INSERT INTO work_grant (case_id, user_id, kind, round, until)"
                               " VALUES ($1, $2, $4, $3, 0)"
                               " ON CONFLICT (case_id, user_id, round) DO UPDATE SET until = 0",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->id);
    zj_stmt_bind_int(stmt, 2, person.id);
    zj_stmt_bind_int(stmt, 3, act->c->round);
    zj_stmt_bind_str(stmt, 4, act->party == ZJ_PARTY_COMPANY ? "assessor" : "expert");
    err = zj_stmt_run(act->desk->job, stmt);
    return err ? err
               : zj_notice_add(act->desk, act->c, ZJ_PARTY_EXPERT, act->deed->to, "invite",
                               act->now_us);
}

zj_err zj_common_do(struct zj_act *act)
{
    if (act->deed->to && strlen(act->deed->to) > KEY_CHARS_MAX)
        return refuse_to(act, "there is no such person", "没有该人员");
    if (is(act->action, "return"))
        return check_return(act);
    if (is(act->action, "reassign"))
        return reassign(act);
    if (is(act->action, "copy"))
        return copy(act);
    if (is(act->action, "invite"))
        return invite(act);
    if (is(act->action, "remind"))
        return zj_notice_add(act->desk, act->c, act->c->state->side, act->c->assignee, "remind",
                             act->now_us);
    return ZJ_OK;
}

/* --- requests that come twice ------------------------------------------------------------------ */

zj_err zj_once_find(struct zj_desk *desk, const char *key, const char *what, int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    *out_id = 0;
    if (!key || !key[0])
        return ZJ_OK;
    if (strlen(key) > KEY_CHARS_MAX)
        return zj_fail(desk->job, ZJ_EUSAGE, "%s",
                       zj_tr(desk->job, "the Idempotency-Key is too long", "幂等键过长"));
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT deed, case_id FROM work_once"
                                  " WHERE user_id = $1 AND key = $2",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, desk->who.user_id);
    zj_stmt_bind_str(stmt, 2, key);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (err || !has_row)
        return err;
    if (!zj_span_eq_str(zj_stmt_text(stmt, 0), what))
        return zj_fail(desk->job, ZJ_ECONFLICT, "%s",
                       zj_tr(desk->job, "this Idempotency-Key was used for another request",
                             "该幂等键已用于其他请求"));
    *out_id = zj_stmt_int(stmt, 1);
    return ZJ_OK;
}

zj_err zj_once_keep(struct zj_desk *desk, const char *key, const char *what, int64_t id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    if (!key || !key[0])
        return ZJ_OK;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "INSERT INTO work_once (user_id, key, deed, case_id, at)"
                                  " VALUES ($1, $2, $3, $4, $5)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, desk->who.user_id);
    zj_stmt_bind_str(stmt, 2, key);
    zj_stmt_bind_str(stmt, 3, what);
    zj_stmt_bind_int(stmt, 4, id);
    zj_stmt_bind_int(stmt, 5, zj_now_us(desk->job));
    return zj_stmt_run(desk->job, stmt);
}
