/* The list of case types, and the states and actions that all of them have. */
#include "work/case_type.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "work/case.h"

#define ZJ_CASE(name) extern const struct zj_case_type zj_case_##name;
#include "work/cases.def"
#undef ZJ_CASE

const struct zj_case_type *const zj_case_types[] = {
#define ZJ_CASE(name) &zj_case_##name,
#include "work/cases.def"
#undef ZJ_CASE
};
const size_t zj_case_type_count = ZJ_COUNT(zj_case_types);

/* clang-format off */
static const struct zj_case_state common_states[] = {
    {"discarded", "已作废", "Discarded", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

/* What they ask of the case stands in engine.c: it depends on who began it and who has the turn. */
static const struct zj_case_action common_actions[] = {
    {"withdraw", "撤回", "Withdraw", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON},
    {"return", "退回", "Return", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON | ZJ_ACT_COMMENT | ZJ_ACT_TO},
    {"reassign", "转办", "Reassign", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON | ZJ_ACT_TO | ZJ_ACT_INTERNAL},
    {"remind", "催办", "Remind", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON},
    {"copy", "抄送", "Copy", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON | ZJ_ACT_TO | ZJ_ACT_INTERNAL},
    {"invite", "邀请专家", "Invite an expert", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON | ZJ_ACT_TO | ZJ_ACT_INTERNAL},
    {"opine", "专家意见", "Give an opinion", .by = ZJ_PARTY_EXPERT,
     .flags = ZJ_ACT_COMMON | ZJ_ACT_COMMENT | ZJ_ACT_INTERNAL},
    {"discard", "作废", "Discard", .to = "discarded", .by = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
     .flags = ZJ_ACT_COMMON | ZJ_ACT_COMMENT},
    {0},
};
/* clang-format on */

const char *zj_party_name(unsigned party)
{
    switch (party) {
    case ZJ_PARTY_COMPANY:
        return "company";
    case ZJ_PARTY_BUREAU:
        return "bureau";
    case ZJ_PARTY_EXPERT:
        return "expert";
    default:
        return "none";
    }
}

const struct zj_case_type *zj_case_type_find(const char *name)
{
    for (size_t i = 0; i < zj_case_type_count; i++)
        if (strcmp(zj_case_types[i]->name, name) == 0)
            return zj_case_types[i];
    return NULL;
}

const struct zj_case_state *zj_case_state_at(const struct zj_case_type *type, size_t at)
{
    size_t own = 0;
    while (type->states[own].name && own < at)
        own++;
    if (type->states[own].name)
        return &type->states[own];
    at -= own;
    return at < ZJ_COUNT(common_states) && common_states[at].name ? &common_states[at] : NULL;
}

const struct zj_case_action *zj_case_action_at(const struct zj_case_type *type, size_t at)
{
    size_t own = 0;
    while (type->actions[own].name && own < at)
        own++;
    if (type->actions[own].name)
        return &type->actions[own];
    at -= own;
    return at < ZJ_COUNT(common_actions) && common_actions[at].name ? &common_actions[at] : NULL;
}

const struct zj_case_state *zj_case_state_find(const struct zj_case_type *type, const char *name)
{
    const struct zj_case_state *state;
    for (size_t i = 0; (state = zj_case_state_at(type, i)); i++)
        if (strcmp(state->name, name) == 0)
            return state;
    return NULL;
}

const struct zj_case_action *zj_case_action_find(const struct zj_case_type *type, const char *name)
{
    const struct zj_case_action *action;
    for (size_t i = 0; (action = zj_case_action_at(type, i)); i++)
        if (strcmp(action->name, name) == 0)
            return action;
    return NULL;
}

/* --- for forms and the API --------------------------------------------------------------------- */

static void put_words(struct zj_json *j, const char *key, const char *list)
{
    struct zj_span word;
    zj_json_key(j, key);
    zj_json_array(j);
    while (list && zj_word_next(&list, &word))
        zj_json_span(j, word);
    zj_json_array_end(j);
}

static void put_fields(const struct zj_case_action *action, const char *role, struct zj_json *j)
{
    const char *list = action->fields, *own = action->own_fields;
    struct zj_span word;
    char name[64];
    zj_json_key(j, "fields");
    zj_json_array(j);
    while (list && zj_word_next(&list, &word))
        zj_json_span(j, word);
    while (own && zj_word_next(&own, &word)) {
        const uint8_t *colon = memchr(word.at, ':', word.len);
        assert(colon);
        snprintf(name, sizeof name, "%.*s", (int)(word.at + word.len - colon - 1),
                 (const char *)colon + 1);
        if (zj_role_owns(action->own_fields, role, name))
            zj_json_str(j, name);
    }
    zj_json_array_end(j);
}

void zj_case_action_put(const struct zj_case_action *action, const char *role, struct zj_json *j)
{
    static const struct {
        unsigned flag;
        const char *word;
    } needs[] = {{ZJ_ACT_COMMENT, "comment"}, {ZJ_ACT_TO, "to"}, {ZJ_ACT_SIGN, "sign"},
                 {ZJ_ACT_FILE, "file"}};
    zj_json_object(j);
    zj_json_kstr(j, "name", action->name);
    zj_json_kstr(j, "zh", action->zh);
    zj_json_kstr(j, "en", action->en);
    put_words(j, "from", action->from);
    zj_json_kstr(j, "to", action->to);
    zj_json_key(j, "side");
    if (action->flags & ZJ_ACT_COMMON && action->by == (ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU))
        zj_json_str(j, "both");
    else
        zj_json_str(j, zj_party_name(action->by));
    zj_json_key(j, "needs");
    zj_json_array(j);
    for (size_t i = 0; i < ZJ_COUNT(needs); i++)
        if (action->flags & needs[i].flag)
            zj_json_str(j, needs[i].word);
    if (action->fields || action->own_fields)
        zj_json_str(j, "fields");
    zj_json_array_end(j);
    put_fields(action, role, j);
    put_words(j, "required", action->needs);
    zj_json_kbool(j, "is_common", action->flags & ZJ_ACT_COMMON);
    zj_json_object_end(j);
}

static void put_type(const struct zj_case_type *type, struct zj_json *j)
{
    const struct zj_case_state *state;
    const struct zj_case_action *action;
    zj_json_object(j);
    zj_json_kstr(j, "name", type->name);
    zj_json_kstr(j, "zh", type->zh);
    zj_json_kstr(j, "en", type->en);
    zj_json_kint(j, "task", type->task);
    zj_json_kstr(j, "register", type->reg);
    zj_json_kstr(j, "opens",
                 type->opens == (ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU) ? "both"
                                                                     : zj_party_name(type->opens));
    const struct zj_register *reg = zj_register_find(type->reg);
    zj_json_kbool(j, "is_bureaus_own", reg && reg->side == ZJ_SIDE_BUREAU);
    zj_json_kstr(j, "clause", type->clause);
    zj_json_key(j, "states");
    zj_json_array(j);
    for (size_t i = 0; (state = zj_case_state_at(type, i)); i++) {
        zj_json_object(j);
        zj_json_kstr(j, "name", state->name);
        zj_json_kstr(j, "zh", state->zh);
        zj_json_kstr(j, "en", state->en);
        zj_json_kstr(j, "side", zj_party_name(state->side));
        zj_json_kbool(j, "is_final", state->flags & ZJ_STATE_FINAL);
        zj_json_kbool(j, "is_editable", state->flags & ZJ_STATE_EDIT);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    zj_json_key(j, "actions");
    zj_json_array(j);
    for (size_t i = 0; (action = zj_case_action_at(type, i)); i++)
        zj_case_action_put(action, NULL, j);
    zj_json_array_end(j);
    zj_json_object_end(j);
}

void zj_work_types(struct zj_json *out)
{
    zj_json_object(out);
    zj_json_key(out, "types");
    zj_json_array(out);
    for (size_t i = 0; i < zj_case_type_count; i++)
        put_type(zj_case_types[i], out);
    zj_json_array_end(out);
    zj_json_object_end(out);
}
