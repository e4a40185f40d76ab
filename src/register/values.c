#include "register/form.h"

const struct zj_field_value zj_values_data_level[] = {
    {"general", "General", "一般数据"},
    {"important", "Important", "重要数据"},
    {"core", "Core", "核心数据"},
    {0},
};

const struct zj_field_value zj_values_level[] = {
    {"1", "Level 1", "第一级"}, {"2", "Level 2", "第二级"}, {"3", "Level 3", "第三级"},
    {"4", "Level 4", "第四级"}, {"5", "Level 5", "第五级"}, {0},
};

/* GB/T 30279-2020 */
const struct zj_field_value zj_values_severity[] = {
    {"super", "Critical", "超危"},
    {"high", "High", "高危"},
    {"medium", "Medium", "中危"},
    {"low", "Low", "低危"},
    {0},
};

const struct zj_field_value zj_values_automation[] = {
    {"0", "L0 emergency assistance", "0级 应急辅助"},
    {"1", "L1 partial driver assistance", "1级 部分驾驶辅助"},
    {"2", "L2 combined driver assistance", "2级 组合驾驶辅助"},
    {"3", "L3 conditionally automated", "3级 有条件自动驾驶"},
    {"4", "L4 highly automated", "4级 高度自动驾驶"},
    {"5", "L5 fully automated", "5级 完全自动驾驶"},
    {0},
};

const struct zj_field_value zj_values_release_class[] = {
    {"none", "No change of main parameters", "不涉及主要技术参数变更"},
    {"parameters", "Changes main parameters", "涉及主要技术参数变更"},
    {"automation", "Automated driving", "涉及自动驾驶功能"},
    {"recall", "For a recall", "实施召回"},
    {0},
};

const struct zj_field_value zj_values_data_category[] = {
    {"research", "Research and development", "研发数据"},
    {"operation", "Production and operation", "生产运行数据"},
    {"management", "Management", "管理数据"},
    {"maintenance", "Maintenance", "运维数据"},
    {"service", "Business service", "业务服务数据"},
    {"other", "Other", "其他"},
    {0},
};

const struct zj_field_value zj_values_stage[] = {
    {"collect", "Collection", "收集"},   {"store", "Storage", "存储"},
    {"use", "Use", "使用"},              {"process", "Processing", "加工"},
    {"transmit", "Transmission", "传输"}, {"provide", "Provision", "提供"},
    {"publish", "Publication", "公开"},  {0},
};
