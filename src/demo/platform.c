/* A platform operator: late with several things. */
#include "demo/world.h"

static const struct zj_demo_row rows[] = {
    {"departments",
     "code=DEP-S|name=安全部（示例）|function=cybersecurity|head=PE-1",
     NULL},
    {"departments",
     "code=DEP-O|name=运营部（示例）|function=it|head=PE-2",
     NULL},
    {"people",
     "code=PE-1|name=示例甲|department=DEP-S|phone=13800000011|joined_on=@-800",
     NULL},
    {"people",
     "code=PE-2|name=示例乙|department=DEP-O|phone=13800000012|joined_on=@-600",
     NULL},
    {"appointments",
     "code=AP-1|post=responsible_person|person=PE-1|department=DEP-S|"
     "from_on=@-500|pledge_signed_on=@-490",
     NULL},
    {"policies",
     "code=PO-1|title=平台安全防护制度（示例）|area=protection|version=1.0|"
     "approved_by=PE-1|approved_on=@-700|effective_on=@-690",
     NULL},
    {"systems",
     "code=TSP-1|name=车联网服务平台（示例）|kind=platform|level=3|"
     "filing_number=11000-示例-31|filed_on=@-500|addresses=198.51.100.10:443",
     NULL},
    {"systems",
     "code=TSP-2|name=应用分发系统（示例）|kind=system|addresses=198.51.100.20:443",
     NULL},
    {"gradings",
     "code=GR-1|system=TSP-1|i=3|v=4|r=3|method=telecom|level=3|decided_on=@-560|"
     "rationale=多家车企接入（示例）",
     NULL},
    {"findings",
     "code=FD-1|assessment=AS-1|system=TSP-1|item=F8|severity=high|"
     "description=未划分安全域（示例）|due_on=@-60",
     NULL},
    {"assessments",
     "code=AS-1|system=TSP-1|kind=conformity|by=self|started_on=@-480|"
     "finished_on=@-460|result=not|report=PC-示例-9|uploaded_on=@-400",
     "platform:start@-480;platform:finish@-460;platform:report@-400;bca:order@-380"},
    {"monitor_sources",
     "code=MS-1|name=平台日志（示例）|kind=syslog|scope=platform|system=TSP-1|"
     "started_on=@-200|log_months=4",
     NULL},
    {"data_stores",
     "code=DS-1|name=业务库（示例）|system=TSP-1|kind=database|location=示例云|"
     "is_encrypted=no",
     NULL},
    {"data_assets",
     "code=DA-1|name=用户账号（示例）|category=service|level=general|"
     "is_personal=yes|store=DS-1|system=TSP-1|records=400000|subjects=390000|"
     "purpose=登录",
     NULL},
    {"partners",
     "code=P-1|name=示例短信服务商（合成数据）|country=CN|endpoints=198.51.100.80|"
     "data_types=CN_MOBILE|data_level=general|purpose=短信",
     NULL},
    {"courses",
     "code=CS-1|title=安全意识（示例）|year=@Y|kind=all|hours=2|held_on=@-100",
     NULL},
    {"emergency_plans",
     "code=EP-1|title=应急预案（示例）|scheme=281|data_level=general|version=1.0|"
     "approved_on=@-600",
     NULL},
    {"drills",
     "code=DR-1|plan=EP-1|held_on=@-420|scenario=平台被入侵（示例）|"
     "participants=10|result=fair",
     NULL},
    {"filings",
     "code=FIL-1|system=TSP-2|kind=new|function=应用分发（示例）|coverage=nation",
     NULL},
    {"risk_reports",
     "code=RR-1|category=intrusion|found_at=@-3T03:15|"
     "description=主机异常进程（示例）|scope=一台主机|measures=隔离（示例）|"
     "reported_on=@-2",
     "platform:report@-2"},
    {"threat_notices",
     "code=TN-1|title=管理后台弱口令（示例）|target=198.51.100.10:8443|"
     "severity=super|found_on=@-30|detail=默认口令可登录（示例）|due_on=@-10",
     "bca:notify@-30;platform:receive@-28;bca:supervise@-5"},
    {"incidents",
     "code=IN-1|title=配置错误致数据公开（示例）|category=disclosure|"
     "found_at=@-20T08:00|grade_214=4|persons=3000|scope=一个存储桶（示例）|"
     "measures=关闭公开访问（示例）",
     "platform:grade@-20"},
    {0},
};

const struct zj_demo_org zj_demo_platform = {
    .key = "platform",
    .self = "code=91110000MA0000013U|"
            "name=示例车联网平台运营有限公司（合成数据）|kinds=tsp;app_platform;ota_service",
    .rows = rows,
};
