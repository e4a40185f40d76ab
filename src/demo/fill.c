#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "demo/world.h"
#include "work/work.h"

static const struct zj_demo_org *const orgs[] = {
#define ZJ_DEMO_ORG(name) &zj_demo_##name,
#include "demo/orgs.def"
#undef ZJ_DEMO_ORG
};

enum { CELLS_MAX = ZJ_WORK_FIELDS_MAX, DAY_S = 86400, MORNING_S = 9 * 3600 + 1800 };

struct filler {
    struct zj_job *job;
    struct zj_store *store;
    struct zj_work *work;
    struct zj_demo_result *result;
    const struct zj_demo_org *org;
    int64_t org_id, now_ns;
    int32_t today;
    struct zj_buf text; /* the cells of a row, tokens replaced */
};

/* --- tokens ----------------------------------------------------------------------------------- */

static int64_t take_number(const char **at)
{
    int64_t n = 0;
    const bool minus = **at == '-';
    if (**at == '-' || **at == '+')
        ++*at;
    for (; **at >= '0' && **at <= '9'; ++*at)
        n = n * 10 + (**at - '0');
    return minus ? -n : n;
}

static int64_t org_of(const struct filler *f, const char *key, size_t len)
{
    for (size_t i = 0; i < f->result->org_count; i++)
        if (strlen(f->result->orgs[i].key) == len && memcmp(f->result->orgs[i].key, key, len) == 0)
            return f->result->orgs[i].org_id;
    return 0;
}

static zj_err put_cell_of(struct filler *f, const char *sql, int64_t arg)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(f->job, f->store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, arg);
    err = zj_stmt_step(f->job, stmt, &has_row);
    if (!err && has_row)
        zj_buf_span(&f->text, zj_stmt_text(stmt, 0));
    return err;
}

/* $C3, $V3: of the maker's cards in the order of the register; $O(key): code of an organisation. */
static zj_err put_name(struct filler *f, const char **at)
{
    static const char card[] = "SELECT iccid FROM reg_cards WHERE state = 'registered' AND "
                               "deleted_at = 0 ORDER BY id LIMIT 1 OFFSET $1";
    static const char vehicle[] = "SELECT vin FROM reg_cards WHERE state = 'registered' AND "
                                  "deleted_at = 0 ORDER BY id LIMIT 1 OFFSET $1";
    static const char code[] = "SELECT code FROM reg_organisations WHERE id = $1";
    const char what = (*at)[1];
    *at += 2;
    if (what != 'O')
        return put_cell_of(f, what == 'C' ? card : vehicle, take_number(at));
    const char *key = ++*at, *end = strchr(key, ')');
    *at = end + 1;
    return put_cell_of(f, code, org_of(f, key, (size_t)(end - key)));
}

static void put_date(struct filler *f, const char **at)
{
    char text[ZJ_TIME_TEXT];
    int year, month, day;
    ++*at;
    if (**at == 'Y') {
        ++*at;
        zj_date_split(f->today, &year, &month, &day);
        zj_buf_printf(&f->text, "%" PRId64, year + (**at == '-' ? take_number(at) : 0));
        return;
    }
    zj_date_format(f->today + (int32_t)take_number(at), text);
    zj_buf_str(&f->text, text);
}

static bool is_date(const char *at)
{
    return at[0] == '@' && (at[1] == 'Y' || at[1] == '-' || at[1] == '+');
}

static bool is_name(const char *at)
{
    return at[0] == '$' && (at[1] == 'C' || at[1] == 'V' || at[1] == 'O');
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Cells as names and values; they point into f->text. */
static zj_err read_cells(struct filler *f, const char *cells, struct zj_work_field *out,
                         size_t *out_count)
{
    size_t starts[CELLS_MAX + 1], count = 0;
    zj_err err = ZJ_OK;
    f->text.len = 0;
    while (*cells && !err && count < CELLS_MAX) {
        const char *equals = strchr(cells, '=');
        out[count].name = zj_arena_printf(&f->job->arena, "%.*s", (int)(equals - cells), cells);
        starts[count++] = f->text.len;
        for (cells = equals + 1; *cells && *cells != '|' && !err;) {
            if (is_date(cells))
                put_date(f, &cells);
            else if (is_name(cells))
                err = put_name(f, &cells);
            else
                zj_buf_byte(&f->text, (uint8_t)*cells++);
        }
        cells += *cells == '|';
    }
    starts[count] = f->text.len;
    zj_buf_byte(&f->text, 0);
    for (size_t i = 0; i < count; i++)
        out[i].value = zj_span_of(f->text.at + starts[i], starts[i + 1] - starts[i]);
    *out_count = count;
    return err;
}

static zj_err say_fault(struct filler *f, const struct zj_demo_row *row,
                        const struct zj_register *reg, const struct zj_row_fault *fault)
{
    return zj_fail(f->job, ZJ_EBUG, "%s: %.60s: %s: %s", row->reg, row->cells,
                   fault->field < 0 ? "" : reg->fields[fault->field].name, fault->en);
}

static zj_err set_row(struct filler *f, const struct zj_demo_row *row, int64_t org_id, int64_t id,
                      int64_t *out_id)
{
    struct zj_work_field fields[CELLS_MAX];
    struct zj_span cells[CELLS_MAX] = {0};
    struct zj_row_fault fault;
    const struct zj_register *reg = zj_register_find(row->reg);
    size_t count, faults;
    zj_err err = read_cells(f, row->cells, fields, &count);
    for (size_t i = 0; i < count && !err; i++) {
        size_t at = 0;
        while (at < reg->field_count && strcmp(reg->fields[at].name, fields[i].name) != 0)
            at++;
        if (at == reg->field_count)
            return zj_fail(f->job, ZJ_EBUG, "%s has no %s", row->reg, fields[i].name);
        cells[at] = fields[i].value;
    }
    if (!err)
        err = zj_register_set(f->job, f->store, reg, org_id, id, cells, out_id, &fault, 1,
                              &faults);
    return err == ZJ_EREFUSED && faults ? say_fault(f, row, reg, &fault) : err;
}

/* --- cases ------------------------------------------------------------------------------------ */

static const struct zj_case_type *type_of(const char *reg)
{
    for (size_t i = 0; i < zj_case_type_count; i++)
        if (strcmp(zj_case_types[i]->reg, reg) == 0)
            return zj_case_types[i];
    return NULL;
}

static bool is_bureau(const struct filler *f, int64_t org_id)
{
    return org_id == org_of(f, "bca", 3) || org_id == org_of(f, "beit", 4);
}

static struct zj_desk desk_of(struct filler *f, int64_t org_id)
{
    const bool bureau = is_bureau(f, org_id);
    return (struct zj_desk){.job = f->job,
                            .store = f->store,
                            .work = f->work,
                            .who = {.org_id = org_id,
                                    .login = bureau ? "bureau" : "officer",
                                    .is_bureau = bureau,
                                    .sees_all = bureau,
                                    .may_act = true,
                                    .sees_personal = !bureau}};
}

/* The morning of a day; each act of the day comes a minute after the one before. */
static void stand_at(struct filler *f, int64_t day, int nth)
{
    const int64_t s = ((int64_t)f->today + day) * DAY_S + MORNING_S + nth * 60 -
                      ZJ_BEIJING_OFFSET_S;
    const int64_t ns = s * ZJ_NS_PER_S;
    f->job->fixed_now_ns = ns < f->now_ns ? ns : f->now_ns;
}

/* "key:action@-20(field=value|…)", the parentheses or not; "key:+file@-20" attaches a file. */
static zj_err act(struct filler *f, int64_t case_id, const char *text, size_t len, int nth)
{
    struct zj_work_field fields[CELLS_MAX];
    char *copy = zj_arena_printf(&f->job->arena, "%.*s", (int)len, text);
    char *action = strchr(copy, ':'), *day = strrchr(copy, '@'), *open = strchr(copy, '(');
    size_t count = 0;
    if (open) {
        *open = '\0';
        open[strlen(open + 1)] = '\0'; /* the closing one */
        day = strrchr(copy, '@');
    }
    const char *when = day + 1;
    const int64_t org_id = org_of(f, copy, (size_t)(action - copy));
    zj_err err = open ? read_cells(f, open + 1, fields, &count) : ZJ_OK;
    if (err)
        return err;
    *day = '\0';
    stand_at(f, take_number(&when), nth);
    struct zj_desk desk = desk_of(f, org_id);
    if (action[1] == '+') {
        char sha256[65];
        return zj_work_file_add(&desk, case_id, NULL, "示例附件.txt",
                                ZJ_SPAN_LIT("示例附件（合成数据）\n"), sha256);
    }
    const struct zj_work_deed deed = {.action = action + 1,
                                      .comment = "示例意见（合成数据）",
                                      .fields = fields,
                                      .field_count = count};
    return zj_work_do(&desk, case_id, &deed);
}

/* An act that is refused ends the case's story, and is counted. */
static zj_err act_all(struct filler *f, int64_t case_id, const char *acts)
{
    for (int nth = 0; acts && *acts; nth++) {
        const size_t len = strcspn(acts, ";");
        const zj_err err = act(f, case_id, acts, len, nth);
        if (err == ZJ_EREFUSED || err == ZJ_EFORBIDDEN || err == ZJ_EUSAGE || err == ZJ_ECONFLICT ||
            err == ZJ_ENOTFOUND) {
            f->result->stopped++;
            snprintf(f->result->stopped_why, sizeof f->result->stopped_why, "%.*s: %.200s",
                     (int)len, acts, f->job->message);
            zj_job_clear(f->job);
            return ZJ_OK;
        }
        if (err)
            return err;
        acts += len + (acts[len] == ';');
    }
    return ZJ_OK;
}

/* The day on which a case was opened is that of its first act. */
static zj_err open_case(struct filler *f, const struct zj_case_type *type,
                        const struct zj_demo_row *row)
{
    struct zj_work_field fields[CELLS_MAX];
    size_t count;
    int64_t id;
    const char *first = row->acts ? strchr(row->acts, '@') : NULL;
    if (first)
        first++;
    zj_err err = read_cells(f, row->cells, fields, &count);
    if (err)
        return err;
    stand_at(f, first ? take_number(&first) : 0, -1);
    const bool opens = type->opens & ZJ_PARTY_COMPANY || is_bureau(f, f->org_id);
    struct zj_desk desk = desk_of(f, opens ? f->org_id : org_of(f, "bca", 3));
    const struct zj_work_new what = {
        .type = type->name, .org_id = f->org_id, .fields = fields, .field_count = count};
    err = zj_work_open(&desk, &what, &id);
    if (err == ZJ_EREFUSED && desk.fault_count)
        return say_fault(f, row, desk.fault_register, &desk.faults[0]);
    f->result->cases += !err;
    return err ? err : act_all(f, id, row->acts);
}

/* --- organisations ---------------------------------------------------------------------------- */

static zj_err add_org(struct filler *f, const struct zj_demo_org *org, int64_t id)
{
    const struct zj_demo_row self = {"organisations", org->self, NULL};
    zj_err err = org->self ? set_row(f, &self, id, id, &id) : ZJ_OK;
    if (err)
        return err;
    f->result->orgs[f->result->org_count].key = org->key;
    f->result->orgs[f->result->org_count++].org_id = id;
    return ZJ_OK;
}

static zj_err in_one(struct filler *f, zj_err (*what)(struct filler *f))
{
    zj_err err = zj_store_begin(f->job, f->store);
    if (!err)
        err = what(f);
    return zj_store_end(f->job, f->store, err);
}

static zj_err add_rows(struct filler *f)
{
    zj_err err = ZJ_OK;
    for (const struct zj_demo_row *row = f->org->rows; row->reg && !err; row++) {
        int64_t id;
        if (type_of(row->reg))
            continue;
        err = set_row(f, row, f->org_id, 0, &id);
        f->result->rows += !err;
    }
    return err;
}

static zj_err add_cases(struct filler *f)
{
    zj_err err = ZJ_OK;
    for (const struct zj_demo_row *row = f->org->rows; row->reg && !err; row++) {
        const struct zj_case_type *type = type_of(row->reg);
        if (type)
            err = open_case(f, type, row);
    }
    f->job->fixed_now_ns = 0;
    return err;
}

static zj_err fill_all(struct filler *f)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < ZJ_COUNT(orgs) && !err; i++) {
        f->org = orgs[i];
        f->org_id = org_of(f, orgs[i]->key, strlen(orgs[i]->key));
        err = in_one(f, add_rows);
    }
    for (size_t i = 0; i < ZJ_COUNT(orgs) && !err; i++) {
        f->org = orgs[i];
        f->org_id = org_of(f, orgs[i]->key, strlen(orgs[i]->key));
        err = add_cases(f);
    }
    return err;
}

zj_err zj_demo_fill(struct zj_job *job, struct zj_store *store, int64_t maker_id,
                    int64_t bureau_id, struct zj_demo_result *out)
{
    const int64_t was_fixed = job->fixed_now_ns;
    struct filler f = {.job = job,
                       .store = store,
                       .result = out,
                       .now_ns = zj_now_ns(job),
                       .today = zj_date_of_time(zj_now_ns(job))};
    *out = (struct zj_demo_result){0};
    zj_err err = zj_work_load(job, NULL, &f.work);
    if (!err)
        err = zj_store_begin(job, store);
    for (size_t i = 0; i < ZJ_COUNT(orgs) && !err; i++)
        err = add_org(&f, orgs[i],
                      strcmp(orgs[i]->key, "maker") == 0 ? maker_id
                      : strcmp(orgs[i]->key, "bca") == 0 ? bureau_id
                                                         : 0);
    err = zj_store_end(job, store, err);
    if (!err)
        err = fill_all(&f);
    job->fixed_now_ns = was_fixed;
    zj_work_free(f.work);
    zj_buf_release(&f.text);
    return err;
}
