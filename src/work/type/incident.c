/* 安全事件: up to three grades by three schemes, a clock for each (task 14). Which grade starts which
 * clock stands in packs/clocks. */
#include "work/case.h"

#include "base/clock.h"

static const char grades[] = "grade_214 grade_281 grade_national";

/* A grade other than what the numbers say wants a reason. */
static zj_err is_as_proposed(struct zj_act *act)
{
    const char *list = grades;
    struct zj_span word;
    const bool has_reason = act->deed->comment && act->deed->comment[0];
    while (!has_reason && zj_word_next(&list, &word)) {
        const char *field = zj_arena_span(&act->desk->job->arena, word);
        const char *given = zj_act_text(act, field);
        const int64_t proposed = zj_grade_of(act->desk, act->c, act->form, field);
        if (!proposed || !given[0] || given[0] == (char)('0' + proposed))
            continue;
        const int at = zj_form_field(act->c->reg, field);
        return zj_fail(act->desk->job, ZJ_EREFUSED,
                       zj_tr(act->desk->job, "%s: by the numbers it is level %lld: give a reason",
                             "%s：按所填数量应为第 %lld 级，与所选不同，请填写理由"),
                       zj_tr(act->desk->job, act->c->reg->fields[at].en, act->c->reg->fields[at].zh),
                       (long long)proposed);
    }
    return ZJ_OK;
}

/* What the numbers say stands where nothing was said. */
static zj_err fill_grades(struct zj_act *act)
{
    const char *list = grades;
    struct zj_span word;
    zj_err err = ZJ_OK;
    while (!err && zj_word_next(&list, &word)) {
        const char *field = zj_arena_span(&act->desk->job->arena, word);
        const int64_t proposed = zj_grade_of(act->desk, act->c, act->form, field);
        if (proposed && !zj_act_text(act, field)[0])
            err = zj_act_set(act, field,
                             zj_arena_printf(&act->desk->job->arena, "%lld", (long long)proposed));
    }
    return err;
}

static const struct zj_lack no_grade = {
    .field = "grade_214",
    .en = "grade it by one of the schemes",
    .zh = "请至少按一个预案判定级别",
};

static zj_err has_grade(struct zj_act *act)
{
    zj_err err = is_as_proposed(act);
    if (!err && (zj_grade_of(act->desk, act->c, act->form, "grade_214") ||
                 zj_grade_of(act->desk, act->c, act->form, "grade_281") ||
                 zj_grade_of(act->desk, act->c, act->form, "grade_national")))
        return ZJ_OK;
    if (err)
        return err;
    return zj_act_text(act, "grade_214")[0] || zj_act_text(act, "grade_281")[0] ||
                   zj_act_text(act, "grade_national")[0]
               ? ZJ_OK
               : zj_act_lacks(act, &no_grade, NULL);
}

/* Level IV, or none, by every scheme. */
static zj_err is_ordinary(struct zj_act *act)
{
    const char *list = grades;
    struct zj_span word;
    while (zj_word_next(&list, &word)) {
        const char *grade = zj_act_text(act, zj_arena_span(&act->desk->job->arena, word));
        if (grade[0] && strcmp(grade, "4") != 0)
            return zj_act_refuse(act, "an incident above level IV is reported",
                                 "较大及以上事件应当上报");
    }
    return ZJ_OK;
}

static zj_err set_now(struct zj_act *act, const char *field)
{
    char text[ZJ_TIME_TEXT];
    zj_time_format(act->now_us * 1000, text);
    return zj_act_text(act, field)[0] ? ZJ_OK : zj_act_set(act, field, text);
}

static zj_err on_first_report(struct zj_act *act)
{
    return set_now(act, "first_reported_at");
}

static zj_err on_follow_up(struct zj_act *act)
{
    return set_now(act, "followed_up_at");
}

static zj_err on_summary(struct zj_act *act)
{
    return zj_act_set_today(act, "summary_on");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"found", "发现", "Found", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"graded", "自判定级", "Graded", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"reported", "已上报", "Reported", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"responding", "响应", "Responding", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"ended", "响应结束", "Response ended", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"summarised", "已总结", "Summarised", ZJ_PARTY_BUREAU, 0},
    {"closed", "办结", "Closed", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("report", "上报", "Report", "graded", "reported", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .fields = "scope measures first_reported_at",
              .effect = on_first_report),
    ZJ_ACTION("grade", "判定级别", "Grade", "found graded", "graded", ZJ_PARTY_COMPANY,
              .fields = "grade_214 grade_281 grade_national is_cii is_danger persons loss_yuan outage_minutes",
              .guard = has_grade, .effect = fill_grades),
    ZJ_ACTION("close_ordinary", "一般事件办结", "Close as ordinary", "graded", "closed",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_COMMENT, .guard = is_ordinary),
    ZJ_ACTION("follow_up", "续报", "Follow up", "reported responding", NULL, ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .fields = "scope cause measures followed_up_at",
              .effect = on_follow_up),
    ZJ_ACTION("respond", "启动响应", "Respond", "reported", "responding", ZJ_PARTY_COMPANY),
    ZJ_ACTION("end", "响应结束", "End the response", "responding", "ended", ZJ_PARTY_COMPANY,
              .fields = "ended_on cause measures", .needs = "ended_on"),
    ZJ_ACTION("regrade", "调整级别", "Regrade", "reported responding", NULL, ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT | ZJ_ACT_COMMENT,
              .fields = "grade_214 grade_281 grade_national is_cii is_danger persons loss_yuan outage_minutes",
              .guard = has_grade, .effect = fill_grades),
    ZJ_ACTION("summarise", "提交总结", "Hand in the summary", "ended", "summarised",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_SUBMIT, .fields = "cause measures summary_on",
              .needs = "cause measures", .effect = on_summary),
    ZJ_ACTION("close", "办结", "Close", "summarised", "closed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE),
    ZJ_ACTION("ask_more", "要求补充", "Ask for more", "summarised", "ended", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_incident = {
    .name = "incident",
    .zh = "安全事件",
    .en = "Incident",
    .task = 14,
    .reg = "incidents",
    .opens = ZJ_PARTY_COMPANY,
    .title = "title",
    .clause = "第14项：发生数据安全事件后根据应急预案及时开展事件响应并报告",
    .states = states,
    .actions = actions,
};
