/* An operator of roadside facilities: at the beginning. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"departments",
     "code=DEP-S|name=运维部（示例）|function=it|head=PE-1",
     NULL},
    {"people",
     "code=PE-1|name=示例丁|department=DEP-S|phone=13800000031|joined_on=@-300",
     NULL},
    {"systems",
     "code=RSU-1|name=路侧单元网络（示例）|kind=facility|level=2|"
     "addresses=192.0.2.0/26",
     NULL},
    {"assets",
     "code=AST-1|system=RSU-1|kind=facility|name=路侧单元（示例）|vendor=示例厂商|"
     "model=RSU-2|quantity=120|location=示例示范区",
     NULL},
    {"gradings",
     "code=GR-1|system=RSU-1|i=2|v=3|r=2|method=telecom|level=2|decided_on=@-10|"
     "rationale=示范区范围（示例）",
     NULL},
    {"filings",
     "code=FIL-1|system=RSU-1|kind=new|grading=GR-1|function=车路协同（示例）|"
     "users_count=5000|coverage=part_of_city|topology=边缘与中心两层（示例）|"
     "boundary=专线一条（示例）|site=示例示范区|responsible_person=PE-1|"
     "contact=13800000031",
     "roadside:submit@-8;bca:accept@-6"},
    {"pool_items",
     "code=PL-1|title=路侧设备接入认证方案（示例）|kind=solution|tags=车路协同;"
     "认证|solves=T3;T4|description=证书接入（示例）|contact=rsu@sample.example|"
     "published_on=@-12",
     NULL},
    {0},
};

const struct zj_demo_org zj_demo_roadside = {
    .key = "roadside",
    .self = "code=91110000MA00000152|"
            "name=示例路侧设施运营有限公司（合成数据）|kinds=facility;v2x_facility",
    .rows = rows,
};
