/* A store with two companies and both bureaus, and a desk for whoever is asked for. */
#ifndef WORK_DESK_H
#define WORK_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "work/work.h"

enum { MAKER, OTHER, BCA, BEIT, ASSESSOR, ORGS };

struct office {
    struct zj_job job;
    struct zj_store *store;
    struct zj_work *work;
    int64_t orgs[ORGS];
    struct zj_desk desk;
    struct zj_buf text;
    struct zj_jdoc *doc;
};

static inline void must(struct office *o, zj_err err)
{
    if (err)
        fail_msg("%s: %s", zj_err_info(err)->name, o->job.message);
}

/* As if each had one account; numbers of accounts are those of the organisations plus one. */
static inline struct zj_desk *at_desk(struct office *o, int org)
{
    static const char *const logins[] = {"maker", "other", "bca", "beit", "assessor"};
    o->desk = (struct zj_desk){.job = &o->job,
                               .store = o->store,
                               .work = o->work,
                               .who = {.user_id = org + 1,
                                       .org_id = o->orgs[org],
                                       .login = logins[org],
                                       .is_bureau = org == BCA || org == BEIT,
                                       .sees_all = org == BCA || org == BEIT,
                                       .may_act = true,
                                       .sees_personal = org == MAKER || org == OTHER}};
    zj_job_clear(&o->job);
    return &o->desk;
}

/* "field=value\n" a line. */
static inline size_t fields_of(const char *text, struct zj_work_field *out, struct zj_arena *arena)
{
    size_t count = 0;
    while (text && *text) {
        const size_t line = strcspn(text, "\n"), name = strcspn(text, "=");
        out[count].name = zj_arena_span(arena, zj_span_of(text, name));
        out[count++].value = zj_span_of(text + name + 1, line - name - 1);
        text += line + (text[line] == '\n');
    }
    return count;
}

static inline int64_t put_row(struct office *o, const char *reg_name, int64_t org_id,
                              const char *text)
{
    const struct zj_register *reg = zj_register_find(reg_name);
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    struct zj_span cells[ZJ_WORK_FIELDS_MAX] = {0};
    struct zj_row_fault faults[8];
    size_t fault_count = 0;
    int64_t id = 0;
    assert_non_null(reg);
    const size_t count = fields_of(text, fields, &o->job.arena);
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < reg->field_count; f++)
            if (strcmp(reg->fields[f].name, fields[i].name) == 0)
                cells[f] = fields[i].value;
    must(o, zj_store_begin(&o->job, o->store));
    zj_err err =
        zj_register_set(&o->job, o->store, reg, org_id, 0, cells, &id, faults, 8, &fault_count);
    for (size_t i = 0; err && i < fault_count; i++)
        print_message("%s: field %d: %s\n", reg_name, faults[i].field, faults[i].en);
    must(o, err);
    must(o, zj_store_commit(&o->job, o->store));
    return id;
}

static inline void add_account(struct office *o, int org, const char *login, int roles)
{
    struct zj_buf sql = {0};
    zj_buf_printf(&sql,
                  "INSERT INTO user_account VALUES (%d, %lld, '%s', '%s', %d, '', 0, 0, 0, NULL)",
                  org + 1, (long long)o->orgs[org], login, login, roles);
    must(o, zj_store_exec(&o->job, o->store, zj_buf_cstr(&sql)));
    zj_buf_release(&sql);
}

static inline struct office *open_office(const char *path)
{
    /* check characters by GB 32100, computed outside this code from its weights */
    static const char *const orgs[ORGS] = {
        "code=911100001000000033\nname=示例汽车有限公司\nkinds=vehicle_maker;tsp",
        "code=91110000100000011X\nname=另一家公司\nkinds=vehicle_maker",
        "code=11110000000000001R\nname=北京市通信管理局\nkinds=bureau",
        "code=11110000000000002W\nname=北京市经济和信息化局\nkinds=bureau",
        "code=91110000100000020U\nname=评测机构\nkinds=assessor",
    };
    struct office *o = zj_alloc(sizeof *o);
    zj_job_init(&o->job);
    o->job.actor = "test";
    o->job.lang = ZJ_EN;
    o->job.fixed_now_ns = zj_time_of_beijing(2026, 3, 2, 10, 0, 0) * ZJ_NS_PER_S; /* a Monday */
    must(o, zj_store_open(&o->job, path, ZJ_STORE_CREATE, &o->store));
    must(o, zj_registers_migrate(&o->job, o->store));
    must(o, zj_work_load(&o->job, "packs", &o->work));
    for (int i = 0; i < ORGS; i++)
        o->orgs[i] = put_row(o, "organisations", 0, orgs[i]);
    add_account(o, MAKER, "maker", 2);
    add_account(o, OTHER, "other", 2);
    add_account(o, BCA, "bca", 16);
    add_account(o, BEIT, "beit", 16);
    add_account(o, ASSESSOR, "assessor", 2);
    return o;
}

static inline void close_office(struct office *o)
{
    zj_jdoc_free(o->doc);
    zj_buf_release(&o->text);
    zj_work_free(o->work);
    zj_store_close(o->store);
    zj_job_release(&o->job);
    free(o);
}

static inline int64_t open_case(struct office *o, int org, const char *type, const char *text)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    const size_t count = fields_of(text, fields, &o->job.arena);
    struct zj_desk *desk = at_desk(o, org);
    const struct zj_work_new what = {.type = type,
                                     .fields = fields,
                                     .field_count = count,
                                     .org_id = desk->who.is_bureau ? o->orgs[MAKER] : 0};
    int64_t id = 0;
    zj_err err = zj_work_open(desk, &what, &id);
    for (size_t i = 0; err && i < desk->fault_count; i++)
        print_message("%s: %s\n", type, desk->faults[i].en);
    must(o, err);
    return id;
}

static inline zj_err act(struct office *o, int org, int64_t id, const char *action,
                         const char *comment, const char *to, const char *text)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    const struct zj_work_deed deed = {.action = action,
                                      .comment = comment,
                                      .to = to,
                                      .fields = fields,
                                      .field_count = fields_of(text, fields, &o->job.arena)};
    o->job.fixed_now_ns += 60 * ZJ_NS_PER_S;
    return zj_work_do(at_desk(o, org), id, &deed);
}

static inline void must_act(struct office *o, int org, int64_t id, const char *action,
                            const char *text)
{
    zj_err err = act(o, org, id, action, "because", NULL, text);
    for (size_t i = 0; err && i < o->desk.fault_count; i++)
        print_message("%s: %s\n", action, o->desk.faults[i].en);
    if (err)
        fail_msg("%s: %s: %s", action, zj_err_info(err)->name, o->job.message);
}

static inline const struct zj_jval *page(struct office *o, int org, int64_t id)
{
    o->text.len = 0;
    zj_jdoc_free(o->doc);
    o->doc = NULL;
    struct zj_json j = zj_json_to(&o->text);
    must(o, zj_work_get(at_desk(o, org), id, &j));
    must(o, zj_jdoc_parse(&o->job, zj_buf_all(&o->text), 1 << 22, &o->doc));
    return zj_jdoc_root(o->doc);
}

static inline const char *state_of(struct office *o, int64_t id)
{
    struct zj_stmt *stmt;
    bool has_row;
    must(o, zj_store_prepare(&o->job, o->store, "SELECT state FROM work_case WHERE id = $1",
                             &stmt));
    zj_stmt_bind_int(stmt, 1, id);
    must(o, zj_stmt_step(&o->job, stmt, &has_row));
    const char *state = zj_arena_span(&o->job.arena, zj_stmt_text(stmt, 0));
    zj_stmt_release(stmt);
    return state;
}

static inline const char *cell(struct office *o, const char *reg, int64_t id, const char *field)
{
    struct zj_stmt *stmt;
    bool has_row;
    must(o, zj_store_prepare(&o->job, o->store,
                             zj_arena_printf(&o->job.arena,
                                             "SELECT COALESCE(%s, '') FROM reg_%s WHERE id = $1",
                                             field, reg),
                             &stmt));
    zj_stmt_bind_int(stmt, 1, id);
    must(o, zj_stmt_step(&o->job, stmt, &has_row));
    const char *text = zj_arena_span(&o->job.arena, zj_stmt_text(stmt, 0));
    zj_stmt_release(stmt);
    return text;
}

static inline void chain_fits(struct office *o)
{
    struct zj_audit_report report = {0};
    /* accounts here were not made through the chain */
    must(o, zj_store_exec(&o->job, o->store, "DELETE FROM user_account"));
    must(o, zj_audit_verify(&o->job, o->store, &report));
    if (report.bad_entry || report.bad_rows || !report.head_fits)
        fail_msg("audit: entry %lld, %lld bad rows, first %s %lld", (long long)report.bad_entry,
                 (long long)report.bad_rows, report.bad_table, (long long)report.bad_row_id);
}

#endif
