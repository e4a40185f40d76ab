/* A body that assesses for others. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"departments",
     "code=DEP-T|name=测评部（示例）|function=other|head=PE-T1",
     NULL},
    {"people",
     "code=PE-T1|name=示例测评师|department=DEP-T|joined_on=@-900",
     NULL},
    {0},
};

const struct zj_demo_org zj_demo_assessor = {
    .key = "assessor",
    .self = "code=91110000MA0000012Q|name=示例评测中心（合成数据）|kinds=assessor",
    .rows = rows,
};
