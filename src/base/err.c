#include "base/err.h"

static const struct zj_err_info infos[] = {
    {"OK", 0, 200, "done", "完成"},
#define ZJ_ERR(name, exit_status, http_status, en, zh) {#name, exit_status, http_status, en, zh},
#include "base/err.def"
#undef ZJ_ERR
};

const struct zj_err_info *zj_err_info(zj_err err)
{
    return &infos[err];
}
