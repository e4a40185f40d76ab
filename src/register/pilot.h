/* What a pilot is of and where it runs: the same words in calls and applications (plan, task 17). */
#ifndef ZJ_REGISTER_PILOT_H
#define ZJ_REGISTER_PILOT_H

#include "register/form.h"

static const struct zj_field_value zj_pilot_kinds[] = {
    {"technology", "Technology", "技术应用"},
    {"product", "Product", "产品"},
    {"solution", "Solution", "解决方案"},
    {0},
};

static const struct zj_field_value zj_pilot_environments[] = {
    {"research", "Research", "研发"},
    {"test", "Test", "测试"},
    {"adaptation", "Adaptation", "适配"},
    {"application", "Application", "应用"},
    {0},
};

#endif
