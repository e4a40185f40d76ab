/* Accounts, sessions and tokens over a store in memory, with the clock in the test's hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "server/accounts.h"
#include "server/core.h"

static const char good[] = "Long-Enough-42";
static const struct zj_session_from from = {"::1", NULL};

struct world {
    struct zj_job job;
    struct zj_store *store;
    int64_t id;
};

static int setup(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    zj_job_init(&w->job);
    w->job.fixed_now_ns = INT64_C(1800000000) * ZJ_NS_PER_S;
    assert_int_equal(zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store), ZJ_OK);
    const struct zj_account account = {
        .login = "wang", .name = "W", .org_id = 7, .roles = ZJ_ROLE_OFFICER};
    assert_int_equal(zj_account_create(&w->job, w->store, &account, zj_span_str(good), &w->id),
                     ZJ_OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

static void pass(struct world *w, int64_t seconds)
{
    w->job.fixed_now_ns += seconds * ZJ_NS_PER_S;
    zj_job_clear(&w->job);
}

static zj_err try_login(struct world *w, const char *login, const char *password)
{
    struct zj_account account;
    zj_job_clear(&w->job);
    return zj_account_login(&w->job, w->store, login, zj_span_str(password), NULL, &account, NULL);
}

static void login_is_checked(void **state)
{
    struct world *w = *state;
    struct zj_account account;
    assert_int_equal(
        zj_account_login(&w->job, w->store, "wang", zj_span_str(good), NULL, &account, NULL),
        ZJ_OK);
    assert_int_equal(account.id, w->id);
    assert_int_equal(account.org_id, 7);
    assert_int_equal(try_login(w, "wang", "long-enough-42"), ZJ_EAUTH);
    assert_int_equal(try_login(w, "nobody", good), ZJ_EAUTH);
}

static void keep_wait(void *ctx, const struct zj_account *account, int64_t last_login_us)
{
    (void)last_login_us; /* nobody came in */
    if (strcmp(account->login, "wang") == 0)
        *(int64_t *)ctx = account->waits_until_us;
}

/* Until when "wang" waits, as the list of accounts has it. */
static int64_t wait_of(struct world *w)
{
    const struct zj_scope all = {.sees_all = true};
    int64_t until = -1;
    assert_int_equal(zj_account_list(&w->job, w->store, &all, keep_wait, &until), ZJ_OK);
    return until;
}

static void five_failures_lock_for_ten_minutes(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_login(w, "wang", "wrong"), ZJ_EAUTH);
    assert_int_equal(try_login(w, "wang", good), ZJ_ERATE);
    assert_int_equal(wait_of(w), zj_now_us(&w->job) + 600 * INT64_C(1000000));
    pass(w, 590);
    assert_int_equal(try_login(w, "wang", good), ZJ_ERATE);
    pass(w, 11);
    assert_int_equal(wait_of(w), 0);
    assert_int_equal(try_login(w, "wang", good), ZJ_OK);
}

static void an_unknown_login_locks_too(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_login(w, "ghost", "wrong"), ZJ_EAUTH);
    assert_int_equal(try_login(w, "ghost", "wrong"), ZJ_ERATE);
    assert_int_equal(try_login(w, "wang", good), ZJ_OK);
}

static void a_success_forgets_failures(void **state)
{
    struct world *w = *state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++)
            assert_int_equal(try_login(w, "wang", "wrong"), ZJ_EAUTH);
        assert_int_equal(try_login(w, "wang", good), ZJ_OK);
    }
}

static zj_err find(struct world *w, struct zj_buf *token, struct zj_account *out)
{
    int64_t session;
    zj_job_clear(&w->job);
    return zj_session_find(&w->job, w->store, zj_buf_all(token), out, &session);
}

static zj_err find_token(struct world *w, struct zj_buf *token, unsigned *out_scopes)
{
    struct zj_account account;
    int64_t id;
    return zj_token_find(&w->job, w->store, zj_buf_all(token), &account, out_scopes, &id);
}

static void a_session_ends_when_idle_or_old(void **state)
{
    struct world *w = *state;
    struct zj_account account;
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    int64_t session;
    assert_int_equal(zj_session_open(&w->job, w->store, w->id, &from, &token), ZJ_OK);
    assert_int_equal(find(w, &token, &account), ZJ_OK);
    assert_string_equal(account.login, "wang");
    pass(w, 29 * 60);
    assert_int_equal(zj_session_find(&w->job, w->store, zj_buf_all(&token), &account, &session),
                     ZJ_OK);
    assert_int_equal(zj_sessions_touch(&w->job, w->store, &session, 1), ZJ_OK);
    pass(w, 29 * 60);
    assert_int_equal(find(w, &token, &account), ZJ_OK);
    pass(w, 2 * 60);
    assert_int_equal(find(w, &token, &account), ZJ_EAUTH);

    token.len = 0;
    assert_int_equal(zj_session_open(&w->job, w->store, w->id, &from, &token), ZJ_OK);
    for (int i = 0; i < 12 * 60 / 20; i++) {
        pass(w, 20 * 60);
        if (zj_session_find(&w->job, w->store, zj_buf_all(&token), &account, &session) == ZJ_OK)
            assert_int_equal(zj_sessions_touch(&w->job, w->store, &session, 1), ZJ_OK);
    }
    assert_int_equal(find(w, &token, &account), ZJ_EAUTH);
}

static void a_lock_ends_sessions_and_tokens(void **state)
{
    struct world *w = *state;
    struct zj_account account;
    ZJ_AUTO(zj_buf_release) struct zj_buf session = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    unsigned scopes;
    assert_int_equal(zj_session_open(&w->job, w->store, w->id, &from, &session), ZJ_OK);
    assert_int_equal(zj_token_create(&w->job, w->store, w->id, "t", ZJ_TOKEN_INGEST, 1, &token),
                     ZJ_OK);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_OK);
    assert_int_equal(scopes, ZJ_TOKEN_INGEST);
    assert_int_equal(zj_account_get(&w->job, w->store, w->id, &account), ZJ_OK);
    account.is_locked = true;
    assert_int_equal(zj_account_update(&w->job, w->store, &account), ZJ_OK);
    assert_int_equal(find(w, &session, &account), ZJ_EAUTH);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_EAUTH);
    assert_int_equal(try_login(w, "wang", good), ZJ_EAUTH);
}

static void a_token_expires(void **state)
{
    struct world *w = *state;
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    unsigned scopes;
    assert_int_equal(zj_token_create(&w->job, w->store, w->id, "t", ZJ_TOKEN_READ, 1, &token),
                     ZJ_OK);
    pass(w, 86399);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_OK);
    pass(w, 2);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_EAUTH);
}

static void a_new_password_ends_other_sessions(void **state)
{
    struct world *w = *state;
    struct zj_account account;
    ZJ_AUTO(zj_buf_release) struct zj_buf kept = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf ended = {0};
    int64_t session;
    assert_int_equal(zj_session_open(&w->job, w->store, w->id, &from, &kept), ZJ_OK);
    assert_int_equal(zj_session_open(&w->job, w->store, w->id, &from, &ended), ZJ_OK);
    assert_int_equal(zj_session_find(&w->job, w->store, zj_buf_all(&kept), &account, &session),
                     ZJ_OK);
    assert_int_equal(zj_account_set_password(&w->job, w->store, w->id,
                                             zj_span_str("Other-Words-43"), false, session),
                     ZJ_OK);
    assert_int_equal(find(w, &kept, &account), ZJ_OK);
    assert_int_equal(find(w, &ended, &account), ZJ_EAUTH);
    assert_int_equal(try_login(w, "wang", good), ZJ_EAUTH);
    assert_int_equal(try_login(w, "wang", "Other-Words-43"), ZJ_OK);
}

static void a_reset_ends_tokens_and_a_change_does_not(void **state)
{
    struct world *w = *state;
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    const struct zj_span secret = zj_span_str("Other-Words-43");
    unsigned scopes;
    assert_int_equal(zj_token_create(&w->job, w->store, w->id, "t", ZJ_TOKEN_READ, 1, &token),
                     ZJ_OK);
    assert_int_equal(zj_account_set_password(&w->job, w->store, w->id, secret, false, 0), ZJ_OK);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_OK);
    assert_int_equal(zj_account_set_password(&w->job, w->store, w->id, secret, true, 0), ZJ_OK);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_EAUTH);
}

static void a_token_is_ended_by_its_owner_alone(void **state)
{
    struct world *w = *state;
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf list = {0};
    struct zj_json j = zj_json_to(&list);
    const struct zj_account other = {.login = "li", .org_id = 7, .roles = ZJ_ROLE_OFFICER};
    int64_t li = 0;
    unsigned scopes;
    assert_int_equal(zj_account_create(&w->job, w->store, &other, zj_span_str(good), &li), ZJ_OK);
    assert_int_equal(zj_token_create(&w->job, w->store, w->id, "t", ZJ_TOKEN_READ, 1, &token),
                     ZJ_OK);
    assert_int_equal(zj_token_end(&w->job, w->store, 1, li), ZJ_ENOTFOUND);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_OK);
    assert_int_equal(zj_token_list(&w->job, w->store, w->id, &j), ZJ_OK);
    assert_string_equal(zj_buf_cstr(&list),
                        "[{\"id\":1,\"name\":\"t\",\"scopes\":[\"read\"],"
                        "\"created_at\":\"2027-01-15T16:00:00+08:00\","
                        "\"expires_at\":\"2027-01-16T16:00:00+08:00\",\"last_used\":null}]");
    pass(w, 60);
    assert_int_equal(zj_sessions_touch(&w->job, w->store, (const int64_t[]){-1}, 1), ZJ_OK);
    list.len = 0;
    struct zj_json again = zj_json_to(&list);
    assert_int_equal(zj_token_list(&w->job, w->store, w->id, &again), ZJ_OK);
    assert_non_null(strstr(zj_buf_cstr(&list), "\"last_used\":\"2027-01-15T16:01:00+08:00\"}]"));
    assert_int_equal(zj_token_end(&w->job, w->store, 1, w->id), ZJ_OK);
    assert_int_equal(find_token(w, &token, &scopes), ZJ_EAUTH);
}

/* RFC 4291: the low 64 bits are the host's own choice. */
static void failures_count_by_address_and_by_network_of_ipv6(void **state)
{
    (void)state;
    static const struct {
        const char *fails, *asks;
        bool is_blocked;
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"2001:db8:0:1::1", "2001:db8:0:1:ffff::9", true},
        {"2001:db8:0:1::1", "2001:db8:0:2::1", false},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_guard guard = {.lock = PTHREAD_MUTEX_INITIALIZER, .seed = i};
        struct zj_addr fails, asks;
        assert_true(zj_addr_parse(zj_span_str(cases[i].fails), &fails));
        assert_true(zj_addr_parse(zj_span_str(cases[i].asks), &asks));
        for (int n = 0; n < 30; n++) {
            assert_true(zj_guard_allows(&guard, &asks, 0));
            zj_guard_count(&guard, &fails, 0);
        }
        assert_int_equal(!zj_guard_allows(&guard, &asks, 0), cases[i].is_blocked);
        assert_true(zj_guard_allows(&guard, &asks, 600 * ZJ_NS_PER_S));
    }
}

static void the_store_holds_no_secret(void **state)
{
    struct world *w = *state;
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    int64_t found = -1;
    assert_int_equal(zj_session_open(&w->job, w->store, w->id, &from, &token), ZJ_OK);
    char *sql = zj_arena_printf(&w->job.arena,
                                "SELECT count(*) FROM session WHERE instr(CAST(token_hash AS TEXT),"
                                " '%s') > 0 OR token_hash = CAST('%s' AS BLOB)",
                                zj_buf_cstr(&token), zj_buf_cstr(&token));
    assert_int_equal(zj_store_query_int(&w->job, w->store, sql, -1, &found), ZJ_OK);
    assert_int_equal(found, 0);
}

static void scopes_follow_roles(void **state)
{
    (void)state;
    static const struct {
        unsigned roles;
        int64_t org;
        bool sees_all, may_write, sees_personal;
    } cases[] = {
        {ZJ_ROLE_ADMIN, 0, true, true, false},
        {ZJ_ROLE_ADMIN, 7, false, true, false},
        {ZJ_ROLE_OFFICER, 7, false, true, true},
        {ZJ_ROLE_VIEWER, 7, false, false, false},
        {ZJ_ROLE_AUDITOR, 7, false, false, false},
        {ZJ_ROLE_AUDITOR, 0, true, false, false},
        {ZJ_ROLE_BUREAU, 9, true, false, false},
        {ZJ_ROLE_BUREAU | ZJ_ROLE_OFFICER | ZJ_ROLE_ADMIN, 9, true, false, false},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const struct zj_account account = {.roles = cases[i].roles, .org_id = cases[i].org};
        const struct zj_scope scope = zj_account_scope(&account);
        assert_int_equal(scope.org_id, cases[i].org);
        assert_int_equal(scope.sees_all, cases[i].sees_all);
        assert_int_equal(scope.may_write, cases[i].may_write);
        assert_int_equal(scope.sees_personal, cases[i].sees_personal);
    }
}

static void weak_passwords_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *password, *login;
        bool is_good;
    } cases[] = {
        {"", "wang", false},
        {"Short-42", "wang", false},
        {"onlyletters", "wang", false},
        {"letters-and-more", "wang", true}, /* 16 of any kind */
        {"Three-kinds1", "wang", true},
        {"口令口令口令口令口令口令口令口令", "wang", true},
        {"a-login-of-sixteen", "a-login-of-sixteen", false},
        {"\xff\xfe-not-text-Aa1", "wang", false},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const char *zh = NULL;
        const char *en = zj_password_fault(zj_span_str(cases[i].password), cases[i].login, &zh);
        assert_int_equal(en == NULL, cases[i].is_good);
        assert_int_equal(zh == NULL, cases[i].is_good);
    }
}

static void accounts_that_make_no_sense_are_refused(void **state)
{
    struct world *w = *state;
    static const struct {
        struct zj_account account;
        zj_err want;
    } cases[] = {
        {{.login = "wang", .org_id = 7, .roles = ZJ_ROLE_VIEWER}, ZJ_ECONFLICT},
        {{.login = "Upper", .org_id = 7, .roles = ZJ_ROLE_VIEWER}, ZJ_EREFUSED},
        {{.login = "", .org_id = 7, .roles = ZJ_ROLE_VIEWER}, ZJ_EREFUSED},
        {{.login = "li", .org_id = 7, .roles = 0}, ZJ_EREFUSED},
        {{.login = "li", .org_id = 0, .roles = ZJ_ROLE_OFFICER}, ZJ_EREFUSED},
        {{.login = "li", .org_id = 0, .roles = ZJ_ROLE_ADMIN}, ZJ_OK},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        int64_t id;
        zj_job_clear(&w->job);
        assert_int_equal(
            zj_account_create(&w->job, w->store, &cases[i].account, zj_span_str(good), &id),
            cases[i].want);
    }
}

static void a_role_changed_behind_our_back_is_found(void **state)
{
    struct world *w = *state;
    struct zj_audit_report report;
    assert_int_equal(zj_audit_verify(&w->job, w->store, &report), ZJ_OK);
    assert_int_equal(report.bad_rows, 0);
    assert_true(report.rows >= 1);
    assert_int_equal(zj_store_exec(&w->job, w->store, "UPDATE user_account SET roles = 1"), ZJ_OK);
    zj_audit_verify(&w->job, w->store, &report);
    assert_int_equal(report.bad_rows, 1);
    assert_string_equal(report.bad_table, "user_account");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(login_is_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(five_failures_lock_for_ten_minutes, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unknown_login_locks_too, setup, teardown),
        cmocka_unit_test_setup_teardown(a_success_forgets_failures, setup, teardown),
        cmocka_unit_test_setup_teardown(a_session_ends_when_idle_or_old, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lock_ends_sessions_and_tokens, setup, teardown),
        cmocka_unit_test_setup_teardown(a_token_expires, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_password_ends_other_sessions, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reset_ends_tokens_and_a_change_does_not, setup, teardown),
        cmocka_unit_test_setup_teardown(a_token_is_ended_by_its_owner_alone, setup, teardown),
        cmocka_unit_test(failures_count_by_address_and_by_network_of_ipv6),
        cmocka_unit_test_setup_teardown(the_store_holds_no_secret, setup, teardown),
        cmocka_unit_test(scopes_follow_roles),
        cmocka_unit_test(weak_passwords_are_refused),
        cmocka_unit_test_setup_teardown(accounts_that_make_no_sense_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_role_changed_behind_our_back_is_found, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
