/* The economy bureau, which signs beside the communications bureau. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"briefings",
     "code=BR-9|title=智能网联汽车准入试点座谈（示例）|held_on=@-90|"
     "place=示例会议室|kind=policy|materials=试点要求摘要（示例）|"
     "invited=$O(maker);$O(driving)",
     NULL},
    {0},
};

const struct zj_demo_org zj_demo_beit = {
    .key = "beit",
    .self = "code=91110000MA0000011M|name=示例经济和信息化局（合成数据）|kinds=bureau",
    .rows = rows,
};
