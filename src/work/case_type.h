/* What a case type is: its form (a register), its states and what leads from one to the next. One
 * file a type, which ends in a descriptor, and one line in cases.def. */
#ifndef ZJ_WORK_CASE_TYPE_H
#define ZJ_WORK_CASE_TYPE_H

#include "base/words.h"
#include "register/register.h"

/* Who stands where at a case. */
enum zj_party {
    ZJ_PARTY_NONE = 0,
    ZJ_PARTY_COMPANY = 1,
    ZJ_PARTY_BUREAU = 2,
    ZJ_PARTY_EXPERT = 4, /* an expert or assessor who was let in for one round */
};
const char *zj_party_name(unsigned party); /* "company", "bureau", "expert", "none" */

enum zj_state_flags {
    ZJ_STATE_FINAL = 1,
    ZJ_STATE_EDIT = 2, /* the side whose turn it is may change the form */
    ZJ_STATE_RESTS = 4, /* nobody must act now, though somebody may: no deadline runs in to-do */
};

struct zj_case_state {
    const char *name, *zh, *en;
    unsigned side; /* who must act now */
    unsigned flags;
};

enum zj_action_flags {
    ZJ_ACT_COMMENT = 1,   /* a reason is needed */
    ZJ_ACT_SUBMIT = 2,    /* the form is handed over: checked for completeness, kept as snapshot */
    ZJ_ACT_APPROVE = 4,   /* the same, kept as what was approved */
    ZJ_ACT_NUMBER = 8,    /* a number is issued, unless the case has one */
    ZJ_ACT_SIGN = 16,     /* each bureau says yes; one no leads to `refused_to` */
    ZJ_ACT_ROUND = 32,    /* a new round begins */
    ZJ_ACT_FILE = 64,     /* at least one attachment is needed */
    ZJ_ACT_INTERNAL = 128, /* the other side does not see it happened */
    ZJ_ACT_COMMON = 256,  /* of every type */
    ZJ_ACT_TO = 512,      /* needs a target: a state, a person */
    ZJ_ACT_BY_TIME = 1024, /* also done by itself, once its guard agrees */
    ZJ_ACT_ANEW = 2048,    /* one of its fields at least gets another value than it has */
};

struct zj_act;

struct zj_case_action {
    const char *name, *zh, *en;
    const char *from; /* states, blanks between */
    const char *to;   /* NULL: the state stays */
    unsigned by;      /* parties */
    unsigned flags;
    const char *fields; /* of the form that the actor may set with it, blanks between */
    /* Fields that only one of the bureaus sets with it: "ROLE:FIELD", roles of packs/bureaus. */
    const char *own_fields;
    const char *needs; /* fields that must be there once it is done */
    const char *refused_to; /* of SIGN */
    /* NULL: nothing to ask. A guard says no by zj_act_refuse. */
    zj_err (*guard)(struct zj_act *act);
    /* What else changes in the same transaction. */
    zj_err (*effect)(struct zj_act *act);
};

#define ZJ_ACTION(name_, zh_, en_, from_, to_, by_, ...)                                           \
    {                                                                                              \
        .name = name_, .zh = zh_, .en = en_, .from = from_, .to = to_, .by = by_, __VA_ARGS__      \
    }

struct zj_case_type {
    const char *name, *zh, *en;
    int task; /* of the plan; 0: a safeguard */
    const char *reg;
    unsigned opens;      /* parties */
    const char *subject; /* field that tells what it is about; NULL: the key */
    const char *title;   /* field for the title; NULL: the type's name and the subject */
    /* The first is where it begins, and of those at rest the first is where it usually ends. Ends with
     * a NULL name. */
    const struct zj_case_state *states;
    /* The usual way on stands before the others: the console leads with it. Ends with a NULL name. */
    const struct zj_case_action *actions;
    const char *withdraw_from; /* states in which the other side has not begun; NULL: never */
    const char *withdraw_to;
    bool invites_assessors; /* the company may let a third party work on it */
    const char *clause; /* of the plan, zh */
    /* What is counted for its page, as members of an object; NULL: nothing. */
    zj_err (*count)(struct zj_act *act, struct zj_json *out);
};

extern const struct zj_case_type *const zj_case_types[];
extern const size_t zj_case_type_count;
const struct zj_case_type *zj_case_type_find(const char *name); /* NULL: no such type */

/* States and actions of the type, then those that every type has. */
const struct zj_case_state *zj_case_state_find(const struct zj_case_type *type, const char *name);
const struct zj_case_action *zj_case_action_find(const struct zj_case_type *type, const char *name);
/* Calls of `at` from 0 on; NULL past the last. */
const struct zj_case_state *zj_case_state_at(const struct zj_case_type *type, size_t at);
const struct zj_case_action *zj_case_action_at(const struct zj_case_type *type, size_t at);

#endif
