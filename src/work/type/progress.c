/* 进度核查: the bureaus check how the plan is carried out, and praise or criticise citing facts
 * (part four of the plan). */
#include "work/case.h"

enum { MARKS, FACTS };
static const struct zj_lack lacks[] = {
    [MARKS] = {.reg = "progress_marks",
               .is_new = true,
               .with = "round=code",
               .en = "the round praises and criticises nobody yet",
               .zh = "本轮核查还没有表扬或通报"},
    [FACTS] = {.reg = "progress_marks",
               .field = "facts",
               .with = "round=code",
               .en = "every praise and criticism cites facts",
               .zh = "每条表扬和通报都应列明依据的事实"},
};

static zj_err cites_facts(struct zj_act *act)
{
    int64_t bare = 0, marks = 0;
    const char *round = zj_act_text(act, "code");
    zj_err err = zj_act_query(act,
                              "SELECT count(*) FROM reg_progress_marks WHERE org_id = $1 AND"
                              " round = $2 AND deleted_at = 0",
                              round, NULL, &marks);
    if (!err)
        err = zj_act_query(act,
                           "SELECT count(*) FROM reg_progress_marks WHERE org_id = $1 AND round ="
                           " $2 AND deleted_at = 0 AND (COALESCE(facts, '') = '' OR"
                           " COALESCE(reason, '') = '')",
                           round, NULL, &bare);
    if (!err && !marks)
        err = zj_act_lacks(act, &lacks[MARKS], NULL);
    if (!err && bare)
        err = zj_act_lacks(act, &lacks[FACTS], NULL);
    return err;
}

/* Each company that is named is told. */
static zj_err on_published(struct zj_act *act)
{
    int64_t org = 0, last = 0;
    zj_err err;
    do {
        err = zj_act_query(act,
                           "SELECT o.id FROM reg_progress_marks m JOIN reg_organisations o ON"
                           " o.code = m.organisation AND o.deleted_at = 0 WHERE m.org_id = $1 AND"
                           " m.round = $2 AND m.deleted_at = 0 AND o.id > CAST($3 AS INTEGER)"
                           " ORDER BY o.id LIMIT 1",
                           zj_act_text(act, "code"),
                           zj_arena_printf(&act->desk->job->arena, "%lld", (long long)last), &org);
        struct zj_case named = *act->c;
        named.org_id = last = org;
        if (!err && org)
            err = zj_notice_add(act->desk, &named, ZJ_PARTY_COMPANY, "", "publish", act->now_us);
    } while (!err && org);
    return err;
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"planned", "计划", "Planned", ZJ_PARTY_BUREAU, ZJ_STATE_EDIT},
    {"checking", "核查中", "Checking", ZJ_PARTY_BUREAU, ZJ_STATE_EDIT},
    {"concluded", "已形成结论", "Concluded", ZJ_PARTY_BUREAU, ZJ_STATE_EDIT},
    {"published", "已通报", "Published", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("start", "开始核查", "Start", "planned", "checking", ZJ_PARTY_BUREAU),
    ZJ_ACTION("conclude", "形成结论", "Conclude", "checking", "concluded", ZJ_PARTY_BUREAU,
              .guard = cites_facts),
    ZJ_ACTION("reopen", "继续核查", "Check on", "concluded", "checking", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("publish", "通报", "Publish", "concluded", "published", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .guard = cites_facts, .effect = on_published),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_progress = {
    .name = "progress",
    .zh = "进度核查",
    .en = "Progress round",
    .task = 0,
    .reg = "progress_rounds",
    .opens = ZJ_PARTY_BUREAU,
    .subject = "code",
    .title = "title",
    .clause = "保障措施（二）：定期核查任务推进情况，对好的予以表扬，对推进不力的予以通报",
    .states = states,
    .actions = actions,
};
