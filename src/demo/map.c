/* A map service: it has filed, and owes its data report. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"departments",
     "code=DEP-S|name=安全与合规部（示例）|function=compliance|head=PE-1",
     NULL},
    {"people",
     "code=PE-1|name=示例丙|department=DEP-S|phone=13800000021|joined_on=@-900",
     NULL},
    {"appointments",
     "code=AP-1|post=responsible_person|person=PE-1|department=DEP-S|"
     "from_on=@-400|pledge_signed_on=@-390",
     NULL},
    {"policies",
     "code=PO-1|title=地理信息数据管理规定（示例）|area=data|stage=use|"
     "data_level=important|version=1.0|approved_by=PE-1|approved_on=@-200|"
     "effective_on=@-190",
     NULL},
    {"systems",
     "code=MAP-1|name=高精地图服务平台（示例）|kind=platform|level=2|"
     "filing_number=11000-示例-41|filed_on=@-200|addresses=203.0.113.40:443",
     NULL},
    {"gradings",
     "code=GR-1|system=MAP-1|i=2|v=2|r=3|method=telecom|level=2|decided_on=@-230",
     NULL},
    {"assessments",
     "code=AS-1|system=MAP-1|kind=conformity|by=self|started_on=@-150|"
     "finished_on=@-140|result=conform|report=PC-示例-41|uploaded_on=@-120",
     "map:start@-150;map:finish@-140;map:report@-120;bca:close@-110"},
    {"data_stores",
     "code=DS-1|name=地图库（示例）|system=MAP-1|kind=database|"
     "location=示例数据中心C|is_encrypted=yes",
     NULL},
    {"data_assets",
     "code=DA-1|name=道路影像（示例）|category=operation|level=important|"
     "is_personal=no|store=DS-1|system=MAP-1|records=9000000|bytes=7000000000000|"
     "purpose=制图",
     NULL},
    {"important_data",
     "code=ID-1|title=道路影像（示例）|source=采集车采集|category=operation|"
     "level=important|records=9000000|bytes=7000000000000|carrier=数据库|"
     "purpose=制图，人工与系统处理|used_in=制图部门|responsible=安全与合规部|"
     "sharing=无|export=无|safeguards=加密、分区",
     "map:submit@-25"},
    {"inventory_runs",
     "code=IR-1|year=@Y-1|scope=地图业务（示例）|operators=PE-1|started_on=@-420|"
     "finished_on=@-400",
     NULL},
    {0},
};

const struct zj_demo_org zj_demo_map = {
    .key = "map",
    .self = "code=91110000MA0000014Y|"
            "name=示例地图服务有限公司（合成数据）|kinds=navigation;map",
    .rows = rows,
};
