/* The communications bureau: briefings, progress rounds, praise and criticism. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"briefings",
     "code=BR-1|title=车联网定级备案与防护要求宣贯会（示例）|held_on=@-150|"
     "place=示例会议中心|kind=joint|materials=定级备案流程讲义、检查表（示例）",
     NULL},
    {"briefings",
     "code=BR-2|title=数据安全风险评估专题培训（示例）|held_on=@-40|"
     "place=示例培训教室|kind=standard|materials=风险评估八个要点（示例）|sign_in_until=@+30",
     NULL},
    {"briefing_questions",
     "code=BQ-1|briefing=BR-2|text=数据安全风险评估报告每年何时前报送？（示例）|"
     "options=6月30日;9月30日;12月31日|answer=B",
     NULL},
    {"briefing_questions",
     "code=BQ-2|briefing=BR-2|text=评估报告应在评估完成后几个工作日内报送？（示例）|"
     "options=5;10;20|answer=B",
     NULL},
    {"briefing_attendance",
     "code=BA-1|briefing=BR-1|organisation=$O(maker)|person=示例一|"
     "signed_in_on=@-150|quiz_score=92",
     NULL},
    {"briefing_attendance",
     "code=BA-2|briefing=BR-1|organisation=$O(platform)|person=示例二|"
     "signed_in_on=@-150|quiz_score=85",
     NULL},
    {"briefing_attendance",
     "code=BA-3|briefing=BR-1|organisation=$O(map)|person=示例三|"
     "signed_in_on=@-150|quiz_score=58",
     NULL},
    {"briefing_attendance",
     "code=BA-4|briefing=BR-2|organisation=$O(maker)|person=示例一|"
     "signed_in_on=@-40|quiz_score=96",
     NULL},
    {"briefing_attendance",
     "code=BA-5|briefing=BR-2|organisation=$O(driving)|person=示例五|"
     "signed_in_on=@-40|quiz_score=80",
     NULL},
    {"pilot_calls",
     "code=PC-1|title=车联网网络和数据安全技术应用试点征集（示例）|kind=technology|"
     "environment=test;application|opens_on=@-60|closes_on=@+30|"
     "description=面向车云通信、数据安全和自动驾驶模型安全（示例）",
     NULL},
    {"progress_marks",
     "code=PM-1|round=PG-1|organisation=$O(maker)|kind=praise|"
     "reason=定级备案和实名登记进展突出（示例）|facts=FIL-1;DR-1",
     NULL},
    {"progress_marks",
     "code=PM-2|round=PG-1|organisation=$O(map)|kind=criticism|"
     "reason=未按期报送数据安全风险评估报告（示例）|facts=T12.report",
     NULL},
    {"progress_rounds",
     "code=PG-1|title=上半年进度核查（示例）|as_of=@-60|scope=第3至第14项（示例）",
     "bca:start@-62;bca:conclude@-58;bca:publish@-55"},
    {0},
};

const struct zj_demo_org zj_demo_bca = {
    .key = "bca",
    .self = "name=示例通信管理局（合成数据）|kinds=bureau",
    .rows = rows,
};
