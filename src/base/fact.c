#include "base/fact.h"

#define TAIL                                                                                       \
    {"first_seen", ZJ_COL_TIME, ZJ_FOLD_MIN, "First seen", "首次发现"},                            \
        {"last_seen", ZJ_COL_TIME, ZJ_FOLD_MAX, "Last seen", "最近发现"},                          \
        {"ev_source", ZJ_COL_TEXT, ZJ_FOLD_FIRST, "Capture", "采集来源"},                          \
        {"ev_packet", ZJ_COL_INT, ZJ_FOLD_FIRST, "Packet", "报文序号"},                            \
        {"ev_time", ZJ_COL_TIME, ZJ_FOLD_FIRST, "Time of evidence", "证据时间"},                   \
        {"ev_flow", ZJ_COL_TEXT, ZJ_FOLD_FIRST, "Flow", "会话"},                                   \
    {                                                                                              \
        "ev_frame", ZJ_COL_BLOB, ZJ_FOLD_FIRST, "Frame", "帧"                                      \
    }

/* clang-format off */
static const struct zj_col identity[] = {
    {"protocol",     ZJ_COL_TEXT, ZJ_FOLD_KEY,   "Protocol",            "协议"},
    {"vin",          ZJ_COL_TEXT, ZJ_FOLD_KEY,   "VIN",                 "车辆识别代号"},
    {"iccid",        ZJ_COL_TEXT, ZJ_FOLD_KEY,   "ICCID",               "卡号（ICCID）"},
    {"phone",        ZJ_COL_TEXT, ZJ_FOLD_KEY,   "Terminal number",     "终端手机号"},
    {"server",       ZJ_COL_ADDR, ZJ_FOLD_KEY,   "Platform address",    "平台地址"},
    {"port",         ZJ_COL_INT,  ZJ_FOLD_KEY,   "Port",                "端口"},
    {"security",     ZJ_COL_TEXT, ZJ_FOLD_KEY,   "Encryption",          "加密方式"},
    {"edition",      ZJ_COL_TEXT, ZJ_FOLD_LAST,  "Edition",             "协议版本"},
    {"client",       ZJ_COL_ADDR, ZJ_FOLD_LAST,  "Vehicle address",     "车端地址"},
    {"logins",       ZJ_COL_INT,  ZJ_FOLD_SUM,   "Logins",              "登入次数"},
    {"life_frames",  ZJ_COL_INT,  ZJ_FOLD_SUM,   "Link and life-safety frames", "链路维持与生命安全帧数"},
    {"other_frames", ZJ_COL_INT,  ZJ_FOLD_SUM,   "Other frames",        "其他帧数"},
    {"bytes",        ZJ_COL_INT,  ZJ_FOLD_SUM,   "Bytes",               "字节数"},
    {"firmware",     ZJ_COL_TEXT, ZJ_FOLD_LAST,  "Firmware",            "固件版本"},
    {"other_seen",   ZJ_COL_TIME, ZJ_FOLD_MAX,   "Other frames last seen", "其他帧最近发现"},
    TAIL,
};

static const struct zj_col service[] = {
    {"addr",        ZJ_COL_ADDR, ZJ_FOLD_KEY,  "Address",        "地址"},
    {"port",        ZJ_COL_INT,  ZJ_FOLD_KEY,  "Port",           "端口"},
    {"protocol",    ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Protocol",       "协议"},
    {"security",    ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Encryption",     "加密方式"},
    {"edition",     ZJ_COL_TEXT, ZJ_FOLD_LAST, "Edition",        "协议版本"},
    {"name",        ZJ_COL_TEXT, ZJ_FOLD_LAST, "Server name",    "服务器名称"},
    {"is_public",   ZJ_COL_BOOL, ZJ_FOLD_MAX,  "Public address", "涉公网地址"},
    {"is_vehicle",  ZJ_COL_BOOL, ZJ_FOLD_MAX,  "Vehicle protocol", "车联网协议"},
    {"tls_version", ZJ_COL_TEXT, ZJ_FOLD_LAST, "TLS version",    "TLS 版本"},
    {"client_cert", ZJ_COL_INT,  ZJ_FOLD_MAX,  "Client certificate asked", "要求客户端证书"},
    {"flows",       ZJ_COL_INT,  ZJ_FOLD_SUM,  "Connections",    "连接数"},
    {"frames",      ZJ_COL_INT,  ZJ_FOLD_SUM,  "Frames",         "帧数"},
    {"bad_frames",  ZJ_COL_INT,  ZJ_FOLD_SUM,  "Malformed frames", "异常帧数"},
    {"bytes",       ZJ_COL_INT,  ZJ_FOLD_SUM,  "Bytes",          "字节数"},
    TAIL,
};

static const struct zj_col transfer[] = {
    {"src",       ZJ_COL_ADDR, ZJ_FOLD_KEY, "From",         "来源地址"},
    {"dst",       ZJ_COL_ADDR, ZJ_FOLD_KEY, "To",           "去向地址"},
    {"port",      ZJ_COL_INT,  ZJ_FOLD_KEY, "Port",         "端口"},
    {"protocol",  ZJ_COL_TEXT, ZJ_FOLD_KEY, "Protocol",     "协议"},
    {"host",      ZJ_COL_TEXT, ZJ_FOLD_KEY, "Host name",    "主机名"},
    {"data_type", ZJ_COL_TEXT, ZJ_FOLD_KEY, "Data type",    "数据类型"},
    {"items",     ZJ_COL_INT,  ZJ_FOLD_SUM, "Items",        "条数"},
    {"bytes",     ZJ_COL_INT,  ZJ_FOLD_SUM, "Bytes",        "字节数"},
    TAIL,
};

static const struct zj_col command[] = {
    {"kind",     ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Command",   "指令类别"},
    {"protocol", ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Protocol",  "协议"},
    {"sender",   ZJ_COL_ADDR, ZJ_FOLD_KEY,  "Sender",    "下发地址"},
    {"port",     ZJ_COL_INT,  ZJ_FOLD_KEY,  "Port",      "端口"},
    {"version",  ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Version",   "版本"},
    {"host",     ZJ_COL_HOST, ZJ_FOLD_KEY,  "Host",      "主机"},
    {"path",     ZJ_COL_TEXT, ZJ_FOLD_LAST, "Address in the command", "指令中的地址"},
    {"target",   ZJ_COL_TEXT, ZJ_FOLD_LAST, "Vehicle",   "车辆"},
    {"count",    ZJ_COL_INT,  ZJ_FOLD_SUM,  "Count",     "次数"},
    TAIL,
};

static const struct zj_col detection[] = {
    {"rule",         ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Detection",    "检测规则"},
    {"subject_kind", ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Subject kind", "对象类别"},
    {"subject",      ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Subject",      "对象"},
    {"src",          ZJ_COL_ADDR, ZJ_FOLD_KEY,  "From",         "来源地址"},
    {"dst",          ZJ_COL_ADDR, ZJ_FOLD_KEY,  "To",           "目的地址"},
    {"port",         ZJ_COL_INT,  ZJ_FOLD_KEY,  "Port",         "端口"},
    {"protocol",     ZJ_COL_TEXT, ZJ_FOLD_KEY,  "Protocol",     "协议"},
    {"severity",     ZJ_COL_TEXT, ZJ_FOLD_LAST, "Severity",     "级别"},
    {"note",         ZJ_COL_TEXT, ZJ_FOLD_LAST, "What was seen", "说明"},
    {"note_zh",      ZJ_COL_TEXT, ZJ_FOLD_LAST, "What was seen, in Chinese", "说明（中文）"},
    {"count",        ZJ_COL_INT,  ZJ_FOLD_SUM,  "Count",        "次数"},
    TAIL,
};

static const struct zj_col hourly[] = {
    {"hour",     ZJ_COL_TIME, ZJ_FOLD_KEY, "Hour",             "小时"},
    {"server",   ZJ_COL_ADDR, ZJ_FOLD_KEY, "Platform address", "平台地址"},
    {"port",     ZJ_COL_INT,  ZJ_FOLD_KEY, "Port",             "端口"},
    {"protocol", ZJ_COL_TEXT, ZJ_FOLD_KEY, "Protocol",         "协议"},
    {"security", ZJ_COL_TEXT, ZJ_FOLD_KEY, "Encryption",       "加密方式"},
    {"vehicles", ZJ_COL_INT,  ZJ_FOLD_MAX, "Vehicles",         "车辆数"},
    {"vehicles_seen", ZJ_COL_BLOB, ZJ_FOLD_JOIN, "Set of vehicles", "车辆集合"},
    {"frames",   ZJ_COL_INT,  ZJ_FOLD_SUM, "Frames",           "帧数"},
    {"bytes",    ZJ_COL_INT,  ZJ_FOLD_SUM, "Bytes",            "字节数"},
    TAIL,
};

static const struct zj_col sensor[] = {
    {"sensor",  ZJ_COL_TEXT, ZJ_FOLD_KEY, "Sensor",  "探针"},
    {"counter", ZJ_COL_TEXT, ZJ_FOLD_KEY, "Counter", "计数器"},
    {"value",   ZJ_COL_INT,  ZJ_FOLD_SUM, "Value",   "数值"},
    TAIL,
};

#define KIND(name, en, zh) {#name, en, zh, name, ZJ_COUNT(name)}
const struct zj_fact_kind zj_fact_kinds[ZJ_FACT_KIND_COUNT] = {
    [ZJ_FACT_IDENTITY]  = KIND(identity,  "Vehicles and cards on the wire", "在网车辆与卡"),
    [ZJ_FACT_SERVICE]   = KIND(service,   "Services on the wire",           "在网服务"),
    [ZJ_FACT_TRANSFER]  = KIND(transfer,  "Data transfers",                 "数据流向"),
    [ZJ_FACT_COMMAND]   = KIND(command,   "Commands to vehicles",           "对车指令"),
    [ZJ_FACT_DETECTION] = KIND(detection, "Detections",                     "威胁检测"),
    [ZJ_FACT_HOURLY]    = KIND(hourly,    "Load by the hour",               "小时流量"),
    [ZJ_FACT_SENSOR]    = KIND(sensor,    "Sensor counters",                "探针计数"),
};
/* clang-format on */

_Static_assert(ZJ_COUNT(identity) == ZJ_ID_COLS, "identity columns and their enum differ");
_Static_assert(ZJ_COUNT(service) == ZJ_SV_COLS, "service columns and their enum differ");
_Static_assert(ZJ_COUNT(transfer) == ZJ_TR_COLS, "transfer columns and their enum differ");
_Static_assert(ZJ_COUNT(command) == ZJ_CM_COLS, "command columns and their enum differ");
_Static_assert(ZJ_COUNT(detection) == ZJ_DT_COLS, "detection columns and their enum differ");
_Static_assert(ZJ_COUNT(hourly) == ZJ_HR_COLS, "hourly columns and their enum differ");
_Static_assert(ZJ_COUNT(sensor) == ZJ_SN_COLS, "sensor columns and their enum differ");
