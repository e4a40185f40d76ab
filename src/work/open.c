/* Opening a case, changing its form, and the page of one case. */
#include <stdio.h>

#include "base/clock.h"
#include "work/common.h"

static zj_err say_no(struct zj_desk *desk, zj_err err, const char *en, const char *zh)
{
    return zj_fail(desk->job, err, "%s", zj_tr(desk->job, en, zh));
}

static const char *key_field(const struct zj_register *reg)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (reg->fields[i].flags & ZJ_FIELD_KEY)
            return reg->fields[i].name;
    return reg->fields[0].name;
}

/* Subject and title from the form as it stands. */
static void name_case(struct zj_desk *desk, struct zj_case *c, const struct zj_jdoc *form)
{
    const char *subject = c->type->subject ? c->type->subject : key_field(c->reg);
    c->subject = zj_form_text(desk, form, subject);
    const char *title = c->type->title ? zj_form_text(desk, form, c->type->title) : "";
    c->title = zj_case_title(desk, c->type, title, c->subject, ZJ_ZH);
}

/* --- opening ----------------------------------------------------------------------------------- */

static zj_err start_case(struct zj_desk *desk, const struct zj_work_new *what, struct zj_case *c,
                         unsigned *out_party)
{
    const struct zj_work_who *who = &desk->who;
    const unsigned party = who->is_bureau ? ZJ_PARTY_BUREAU : ZJ_PARTY_COMPANY;
    const struct zj_case_type *type = zj_case_type_find(what->type);
    if (!type || !zj_register_find(type->reg))
        return zj_fail(desk->job, ZJ_ENOTFOUND,
                       zj_tr(desk->job, "no case type '%.60s'", "没有事项类型“%.60s”"), what->type);
    if (!who->may_act)
        return say_no(desk, ZJ_EFORBIDDEN, "this account may read only", "该账号只有查看权限");
    if (!(type->opens & party))
        return say_no(desk, ZJ_EFORBIDDEN, "the other side opens cases of this type",
                      "该类事项由对方发起");
    *c = (struct zj_case){
        .type = type,
        .state = &type->states[0],
        .reg = zj_register_find(type->reg),
        .org_id = what->org_id ? what->org_id : who->org_id,
        .opener_org_id = who->org_id,
        .opener = who->login,
        .opener_side = zj_party_name(party),
        .row_id = what->row_id,
        .round = 1,
        .version = 1,
        .opened_at = zj_now_us(desk->job),
        .state_at = zj_now_us(desk->job),
        .number = "",
        .assignee = "",
    };
    *out_party = party;
    if (c->reg->side == ZJ_SIDE_BUREAU)
        c->org_id = who->org_id;
    if (!c->org_id && c->reg->side == ZJ_SIDE_BUREAU)
        return say_no(desk, ZJ_EUSAGE, "this account belongs to no bureau",
                      "当前账号没有所属主管部门");
    if (!c->org_id)
        return say_no(desk, ZJ_EUSAGE, "say which organisation the case is about",
                      "请指明事项所属单位");
    if (party == ZJ_PARTY_COMPANY && c->org_id != who->org_id)
        return say_no(desk, ZJ_ENOTFOUND, "no such organisation", "没有该单位");
    return ZJ_OK;
}

/* Bureaus and assessors are no companies: nothing is opened about them. */
static zj_err check_org(struct zj_desk *desk, const struct zj_case *c, unsigned party)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool is_other = false;
    if (party != ZJ_PARTY_BUREAU || c->reg->side == ZJ_SIDE_BUREAU)
        return ZJ_OK;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT 1 FROM reg_item WHERE register = 'organisations' AND"
                                  " row_id = $1 AND field = 'kinds' AND value IN ('bureau',"
                                  " 'assessor')",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->org_id);
    err = zj_stmt_step(desk->job, stmt, &is_other);
    if (!err && is_other)
        err = say_no(desk, ZJ_EUSAGE, "the case is about a company, not a bureau or an assessor",
                     "事项的对象应为企业，不能是主管部门或评测机构");
    return err;
}

/* A row that is there already: of this organisation, without a case. */
static zj_err check_row(struct zj_desk *desk, const struct zj_case *c)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT (SELECT count(*) FROM work_case WHERE register = $1 AND row_id = $2)"
                        " FROM reg_%s WHERE id = $2 AND org_id = $3 AND deleted_at = 0",
                        c->reg->name),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, c->reg->name);
    zj_stmt_bind_int(stmt, 2, c->row_id);
    zj_stmt_bind_int(stmt, 3, c->org_id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && !has_row)
        return say_no(desk, ZJ_ENOTFOUND, "no such row", "没有该记录");
    if (!err && zj_stmt_int(stmt, 0))
        err = say_no(desk, ZJ_ECONFLICT, "this row has a case already", "该记录已有事项");
    return err;
}

/* The caller's fields; a key where he gave none, so that nobody must invent one. */
static zj_err write_form(struct zj_desk *desk, const struct zj_work_new *what, struct zj_case *c)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    const char *key = key_field(c->reg);
    ZJ_AUTO(zj_buf_release) struct zj_buf code = {0};
    size_t count = 0;
    const struct zj_scope all = {.sees_all = true};
    bool has_key = c->row_id != 0;
    for (; count < what->field_count && count + 1 < ZJ_WORK_FIELDS_MAX; count++) {
        fields[count] = what->fields[count];
        has_key |= strcmp(fields[count].name, key) == 0 && fields[count].value.len > 0;
    }
    zj_err err = has_key ? ZJ_OK
                         : zj_register_next_code(desk->job, desk->store, &all, c->reg, c->org_id, &code);
    if (!err && code.len)
        fields[count++] = (struct zj_work_field){
            key, zj_span_str(zj_arena_span(&desk->job->arena, zj_buf_all(&code)))};
    return err || !count
               ? err
               : zj_form_write(desk, c->reg, c->org_id, &c->row_id, fields, count);
}

static bool is_official(const struct zj_register *reg, const char *name)
{
    const int at = zj_form_field(reg, name);
    return at >= 0 && reg->fields[at].flags & ZJ_FIELD_OFFICIAL;
}

static zj_err check_fields(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                           const struct zj_work_field *fields, size_t count)
{
    zj_desk_clear(desk);
    for (size_t i = 0; i < count && party == ZJ_PARTY_COMPANY; i++)
        if (is_official(c->reg, fields[i].name))
            zj_desk_fault(desk, c->reg, zj_form_field(c->reg, fields[i].name),
                          "only a bureau fills this in", "该项由主管部门填写");
    return desk->fault_count ? say_no(desk, ZJ_EREFUSED, "a field is the bureau's",
                                      "包含由主管部门填写的字段")
                             : ZJ_OK;
}

/* The case of a row that is written. Where the other side has the turn from the first state on, it
 * is handed over with that. */
static zj_err begin_case(struct zj_desk *desk, struct zj_case *c, unsigned party)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    int64_t snapshot = 0;
    const bool is_handed_over = c->state->side != party && c->state->side != ZJ_PARTY_NONE;
    zj_err err = zj_form_read(desk, c, &form);
    if (err)
        return err;
    name_case(desk, c, form);
    c->submitted_at = is_handed_over ? c->opened_at : 0;
    err = zj_case_insert(desk, c);
    if (!err && is_handed_over)
        err = zj_snapshot_take(desk, c, "submitted", form, c->opened_at, &snapshot);
    if (!err)
        err = zj_event_add(desk, c, party, "open", "", NULL, snapshot, c->opened_at);
    if (!err)
        err = zj_clocks_turn(desk, c, "open", form, c->opened_at);
    return err || !c->due_at ? err : zj_case_save(desk, c, "open");
}

zj_err zj_act_spawn(struct zj_act *act, const char *type_name, int64_t row_id)
{
    struct zj_desk *desk = act->desk;
    const struct zj_case_type *type = zj_case_type_find(type_name);
    struct zj_case c = {
        .type = type,
        .state = &type->states[0],
        .reg = zj_register_find(type->reg),
        .org_id = act->c->org_id,
        .opener_org_id = desk->who.org_id,
        .opener = desk->who.login,
        .opener_side = zj_party_name(act->party),
        .row_id = row_id,
        .round = 1,
        .version = 1,
        .opened_at = act->now_us,
        .state_at = act->now_us,
        .number = "",
        .assignee = "",
    };
    zj_err err = begin_case(desk, &c, act->party);
    return err ? err
               : zj_notice_add(desk, &c, c.state->side, "", "open", act->now_us);
}

static zj_err open_now(struct zj_desk *desk, const struct zj_work_new *what, int64_t *out_id)
{
    struct zj_case c;
    unsigned party = 0;
    zj_err err = start_case(desk, what, &c, &party);
    if (!err)
        err = check_org(desk, &c, party);
    if (!err)
        err = check_fields(desk, &c, party, what->fields, what->field_count);
    if (!err && c.row_id)
        err = check_row(desk, &c);
    if (!err)
        err = write_form(desk, what, &c);
    if (!err)
        err = begin_case(desk, &c, party);
    if (!err)
        *out_id = c.id;
    return err;
}

zj_err zj_work_open(struct zj_desk *desk, const struct zj_work_new *what, int64_t *out_id)
{
    const char *deed = zj_arena_printf(&desk->job->arena, "open %s", what->type);
    int64_t id = 0, done_id = 0;
    zj_desk_clear(desk);
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = zj_once_find(desk, what->key, deed, &done_id);
    if (!err && !done_id) {
        err = open_now(desk, what, &id);
        if (!err)
            err = zj_once_keep(desk, what->key, deed, id);
    }
    err = zj_store_end(desk->job, desk->store, err);
    if (!err)
        *out_id = done_id ? done_id : id;
    return err;
}

/* --- changing the form ------------------------------------------------------------------------- */

static zj_err check_edit(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                         int64_t version)
{
    if (!desk->who.may_act)
        return say_no(desk, ZJ_EFORBIDDEN, "this account may read only", "该账号只有查看权限");
    if (version && version != c->version)
        return zj_fail(desk->job, ZJ_ECONFLICT,
                       zj_tr(desk->job,
                             "somebody has changed this case meanwhile (version %lld, you have "
                             "%lld): read it again",
                             "该事项已被他人修改（当前版本 %lld，您打开的是 %lld），请刷新后再操作"),
                       (long long)c->version, (long long)version);
    if (!zj_may_edit(desk, c, party))
        return zj_fail(desk->job, ZJ_ECONFLICT,
                       zj_tr(desk->job, "the form cannot be changed in the state '%s'",
                             "“%s”状态下不能修改表单"),
                       zj_tr(desk->job, c->state->en, c->state->zh));
    return ZJ_OK;
}

/* The number of a bureau's notice is the bureau's. */
static bool is_openers_key(const struct zj_case *c, unsigned party, const struct zj_field *f)
{
    return f->flags & ZJ_FIELD_KEY && party == ZJ_PARTY_COMPANY &&
           zj_opener_party(c) == ZJ_PARTY_BUREAU;
}

static zj_err check_key(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                        const struct zj_work_field *fields, size_t count)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    zj_err err = zj_form_read(desk, c, &form);
    for (size_t i = 0; i < count && !err; i++) {
        const int at = zj_form_field(c->reg, fields[i].name);
        if (at < 0 || !is_openers_key(c, party, &c->reg->fields[at]) ||
            zj_span_eq_str(fields[i].value, zj_form_text(desk, form, fields[i].name)))
            continue;
        zj_desk_fault(desk, c->reg, at, "given by the bureau that opened the case",
                      "编号由发起事项的主管部门确定");
        err = say_no(desk, ZJ_EREFUSED, "a field is the bureau's", "包含由主管部门填写的字段");
    }
    return err;
}

static zj_err edit_now(struct zj_desk *desk, int64_t id, int64_t version,
                       const struct zj_work_field *fields, size_t count)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = check_edit(desk, &c, party, version);
    if (!err)
        err = check_fields(desk, &c, party, fields, count);
    if (!err)
        err = check_key(desk, &c, party, fields, count);
    if (!err)
        err = zj_form_write(desk, c.reg, c.org_id, &c.row_id, fields, count);
    if (!err)
        err = zj_form_read(desk, &c, &form);
    if (err)
        return err;
    name_case(desk, &c, form);
    err = zj_event_add(desk, &c, party, "edit", c.state->name, NULL, 0,
                       zj_now_us(desk->job));
    return err ? err : zj_case_save(desk, &c, "edit");
}

zj_err zj_work_edit(struct zj_desk *desk, int64_t id, int64_t version,
                    const struct zj_work_field *fields, size_t field_count)
{
    zj_desk_clear(desk);
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = edit_now(desk, id, version, fields, field_count);
    return zj_store_end(desk->job, desk->store, err);
}

/* --- the page of a case ------------------------------------------------------------------------ */

static void put_edits(const struct zj_desk *desk, const struct zj_case *c, unsigned party,
                      struct zj_json *out)
{
    const bool may = zj_may_edit(desk, c, party);
    zj_json_kbool(out, "may_edit", may);
    zj_json_key(out, "edits");
    zj_json_array(out);
    for (size_t i = 0; i < c->reg->field_count && may; i++)
        if (party == ZJ_PARTY_BUREAU || (!(c->reg->fields[i].flags & ZJ_FIELD_OFFICIAL) &&
                                         !is_openers_key(c, party, &c->reg->fields[i])))
            zj_json_str(out, c->reg->fields[i].name);
    zj_json_array_end(out);
}

static zj_err put_faults(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                         struct zj_json *out)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    zj_err err = ZJ_OK;
    zj_desk_clear(desk);
    if (party == ZJ_PARTY_COMPANY && c->state->flags & ZJ_STATE_EDIT)
        err = zj_form_read(desk, c, &form);
    if (form)
        zj_form_missing(desk, c, form, NULL);
    zj_json_array(out);
    for (size_t i = 0; i < desk->fault_count; i++) {
        zj_json_object(out);
        zj_json_kstr(out, "field", c->reg->fields[desk->faults[i].field].name);
        zj_json_kstr(out, "en", desk->faults[i].en);
        zj_json_kstr(out, "zh", desk->faults[i].zh);
        zj_json_kbool(out, "warning", true);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_desk_clear(desk);
    return err;
}

static zj_err count_of(struct zj_desk *desk, const char *sql, int64_t id, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    *out = zj_stmt_int(stmt, 0);
    return err;
}

static zj_err put_row(struct zj_desk *desk, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  zj_arena_printf(&desk->job->arena,
                                                  "SELECT %s FROM work_case c LEFT JOIN"
                                                  " reg_organisations o ON o.id = c.org_id"
                                                  " WHERE c.id = $1",
                                                  zj_case_columns),
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    zj_case_row_put(desk, stmt, out);
    return err;
}

static zj_err put_counts(struct zj_desk *desk, struct zj_case *c, struct zj_json *out)
{
    struct zj_act act = {.desk = desk, .c = c, .now_us = zj_now_us(desk->job)};
    zj_err err = ZJ_OK;
    zj_json_object(out);
    if (c->type->count)
        err = zj_form_read(desk, c, &act.form);
    if (!err && c->type->count)
        err = c->type->count(&act, out);
    zj_jdoc_free(act.form);
    zj_json_object_end(out);
    return err;
}

zj_err zj_work_get(struct zj_desk *desk, int64_t id, struct zj_json *out)
{
    struct zj_case c;
    unsigned party = 0;
    int64_t files = 0, comments = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = count_of(desk, "SELECT count(*) FROM work_file WHERE case_id = $1", id, &files);
    if (!err)
        err = count_of(desk,
                       "SELECT count(*) FROM work_comment WHERE case_id = $1 AND resolved_at = 0",
                       id, &comments);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_key(out, "case");
    err = put_row(desk, id, out);
    zj_json_kstr(out, "party", zj_party_name(party));
    zj_json_key(out, "fields");
    zj_json_object(out);
    if (!err)
        err = zj_form_show(desk, &c, party, out);
    zj_json_object_end(out);
    zj_json_key(out, "told");
    zj_json_object(out);
    if (!err)
        err = zj_form_tell(desk, &c, party, out);
    zj_json_object_end(out);
    zj_json_key(out, "faults");
    if (!err)
        err = put_faults(desk, &c, party, out);
    zj_json_key(out, "may");
    if (!err)
        err = zj_may_put(desk, &c, party, out);
    put_edits(desk, &c, party, out);
    zj_json_key(out, "clocks");
    if (!err)
        err = zj_clocks_put(desk, &c, out);
    zj_json_key(out, "unverified");
    if (!err)
        err = zj_work_unverified(desk->job, desk->store, desk->work, c.type->name, out);
    zj_json_key(out, "signs");
    if (!err)
        err = zj_signs_put(desk, &c, party, out);
    zj_json_key(out, "counts");
    if (!err)
        err = put_counts(desk, &c, out);
    zj_json_key(out, "proposed");
    if (!err && party == ZJ_PARTY_COMPANY)
        err = zj_grades_put(desk, &c, out);
    else
        zj_json_null(out);
    zj_json_key(out, "duties");
    if (!err)
        err = zj_case_duties_put(desk, &c, out);
    zj_json_kbool(out, "has_certificate", zj_case_is_certified(&c));
    zj_json_kint(out, "files", files);
    zj_json_kint(out, "open_comments", comments);
    zj_json_object_end(out);
    return err;
}
