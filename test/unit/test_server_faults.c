/* What database servers say. Codes: PostgreSQL 15, Appendix A (57P01 admin_shutdown, 42P01
 * undefined_table, 08006 connection_failure); MariaDB, error codes (1146 ER_NO_SUCH_TABLE). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/inventory.h"
#include "inventory/source.h"

static const struct {
    const char *code, *said, *zh;
} cases[] = {
    {"57P01", "terminating connection due to administrator command",
     "数据库服务器终止了连接（terminating connection due to administrator command）"},
    {"1146", "Table 'big.z51' doesn't exist", "该表已不存在（Table 'big.z51' doesn't exist）"},
    {"42P01", "relation \"a (b)\" does not exist",
     "该表已不存在（relation \"a (b)\" does not exist）"},
    {"08006", "gone", "数据库连接中断（gone）"},
    {"28P01", "no", "登录被拒绝（no）"},
    {"99999", "no", "数据库服务器未执行（no）"},
    {"57014", "canceling statement due to statement timeout",
     "canceling statement due to statement timeout"}, /* which base/reason.def tells */
};

static void servers_are_told_in_both_languages(void **state)
{
    (void)state; /* needs no store */
    struct zj_job job;
    zj_job_init(&job);
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        job.lang = ZJ_EN;
        const char *en = zj_server_fault(&job, cases[i].code, cases[i].said);
        job.lang = ZJ_ZH;
        const char *zh = zj_server_fault(&job, cases[i].code, cases[i].said);
        assert_string_equal(zh, cases[i].zh);
        if (strcmp(zh, cases[i].said) == 0)
            continue;
        assert_string_equal(zj_inv_reason(&job, en), cases[i].zh); /* kept in the other one */
        job.lang = ZJ_EN;
        assert_string_equal(zj_inv_reason(&job, zh), en);
    }
    zj_job_release(&job);
}

static void kept_sentences_are_told_in_the_readers_language(void **state)
{
    (void)state; /* needs no store */
    struct zj_job job;
    zj_job_init(&job);
    job.lang = ZJ_ZH;
    assert_string_equal(zj_inv_reason(&job, "50 faults of encoding"), "50 处编码错误");
    assert_string_equal(zj_inv_reason(&job, "it is cut off at line 7: elements are not closed"),
                        "内容不完整：在第 7 行中断，元素未结束");
    zj_job_release(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_are_told_in_both_languages),
        cmocka_unit_test(kept_sentences_are_told_in_the_readers_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
