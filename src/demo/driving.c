/* A supplier of automated driving: algorithms and their assessment. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"departments",
     "code=DEP-A|name=算法安全部（示例）|function=rnd|head=PE-1",
     NULL},
    {"people",
     "code=PE-1|name=示例戊|department=DEP-A|phone=13800000041|joined_on=@-500",
     NULL},
    {"appointments",
     "code=AP-1|post=responsible_person|person=PE-1|department=DEP-A|"
     "from_on=@-450|pledge_signed_on=@-440",
     NULL},
    {"policies",
     "code=PO-1|title=算法安全制度（示例）|area=algorithm|version=1.0|"
     "approved_by=PE-1|approved_on=@-180|effective_on=@-170",
     NULL},
    {"systems",
     "code=ADS-1|name=自动驾驶云控平台（示例）|kind=platform|level=3|"
     "addresses=203.0.113.60:443",
     NULL},
    {"models",
     "code=MD-1|name=端到端模型（示例）|function=城市自动驾驶|automation_level=4|"
     "version=1.4.0|vehicle_models=示例车型|owner=DEP-A|factory_on=@-20",
     NULL},
    {"models",
     "code=MD-2|name=泊车模型（示例）|function=自主泊车|automation_level=2|"
     "version=0.8.0|owner=DEP-A|factory_on=@+60",
     NULL},
    {"algorithm_rules",
     "code=AR-1|kind=permission|title=权限管理（示例）|version=1.0|"
     "effective_on=@-170",
     NULL},
    {"algorithm_rules",
     "code=AR-2|kind=emergency|title=应急处置（示例）|version=1.0|"
     "effective_on=@-170",
     NULL},
    {"algorithm_rules",
     "code=AR-3|kind=intervention|title=人工干预（示例）|version=1.0|"
     "effective_on=@-170",
     NULL},
    {"algorithm_assessments",
     "code=AA-1|model=MD-1|version=1.4.0|robustness=暴雨识别率 91%（示例）|"
     "controllability=远程接管可用（示例）|explainability=轨迹可回放（示例）|"
     "attacks=adversarial|thresholds=识别率不低于 95%（示例）|result=failed|"
     "assessed_on=@-35|report=SF-示例-9",
     "driving:assess@-40;driving:fail@-35"},
    {"special_assessments",
     "code=SA-1|subject=supplier|function=城市自动驾驶（示例）|automation_level=4|"
     "model=MD-1|assessed_on=@-30|conclusion=需整改后复评（示例）|"
     "report=ZX-示例-9|valid_to=@+330",
     "driving:start@-45;driving:conclude@-30"},
    {"pilots",
     "code=PI-1|call=PC-1|title=自动驾驶模型安全检测试点（示例）|kind=product|"
     "environment=research;test|description=对抗样本检测（示例）|applied_on=@-20",
     "driving:apply@-20;bca:ask_more@-10"},
    {0},
};

const struct zj_demo_org zj_demo_driving = {
    .key = "driving",
    .self = "code=91110000MA00000165|"
            "name=示例自动驾驶科技有限公司（合成数据）|kinds=ad_solution",
    .rows = rows,
};
