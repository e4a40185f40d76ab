/* What was handed over, as it was: kept once, never changed. A personal value stands in it
 * encrypted, as {"enc":"hex"}. */
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "work/case.h"
#include "work/rows.h"

enum { BODY_BYTES_MAX = 4 << 20, KEY_NAME = 100 };

static void key_name(const struct zj_register *reg, const struct zj_field *f, char out[KEY_NAME])
{
    snprintf(out, KEY_NAME, "%s.%s", reg->name, f->name);
}

static void put_secret(struct zj_desk *desk, const struct zj_register *reg,
                       const struct zj_field *f, const struct zj_jval *value, struct zj_json *j)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf cipher = {0};
    char name[KEY_NAME];
    key_name(reg, f, name);
    zj_store_encrypt(desk->store, name, zj_jval_text(value), &cipher);
    zj_json_object(j);
    zj_json_key(j, "enc");
    zj_json_hex(j, zj_buf_all(&cipher));
    zj_json_object_end(j);
}

static void put_plain(const struct zj_jval *value, struct zj_json *j)
{
    switch (zj_jval_type(value)) {
    case ZJ_J_NUMBER:
        zj_json_int(j, zj_jval_int(value, 0));
        return;
    case ZJ_J_BOOL:
        zj_json_bool(j, zj_jval_bool(value, false));
        return;
    case ZJ_J_STRING:
        zj_json_span(j, zj_jval_text(value));
        return;
    case ZJ_J_NONE:
    case ZJ_J_NULL:
    case ZJ_J_ARRAY:
    case ZJ_J_OBJECT:
        zj_json_null(j);
        return;
    }
}

static void make_body(struct zj_desk *desk, const struct zj_case *c, const struct zj_jdoc *form,
                      struct zj_buf *out)
{
    struct zj_json j = zj_json_to(out);
    zj_json_object(&j);
    for (size_t i = 0; i < c->reg->field_count; i++) {
        const struct zj_field *f = &c->reg->fields[i];
        const struct zj_jval *value = zj_jval_get(zj_jdoc_root(form), f->name);
        if (!value || zj_jval_type(value) == ZJ_J_NULL)
            continue;
        zj_json_key(&j, f->name);
        if (f->flags & ZJ_FIELD_PERSONAL)
            put_secret(desk, c->reg, f, value, &j);
        else
            put_plain(value, &j);
    }
    zj_json_object_end(&j);
}

static zj_err next_number(struct zj_desk *desk, int64_t case_id, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT COALESCE(max(n), 0) + 1 FROM work_snapshot"
                                  " WHERE case_id = $1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, case_id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    *out = zj_stmt_int(stmt, 0);
    return err;
}

static const char *hex_of(struct zj_desk *desk, struct zj_span bytes)
{
    struct zj_buf text = {0};
    zj_buf_hex(&text, bytes);
    const char *hex = zj_arena_span(&desk->job->arena, zj_buf_all(&text));
    zj_buf_release(&text);
    return hex;
}

zj_err zj_snapshot_take(struct zj_desk *desk, const struct zj_case *c, const char *kind,
                        const struct zj_jdoc *form, int64_t at, int64_t *out_id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf body = {0};
    uint8_t hash[ZJ_SM3_BYTES];
    int64_t n = 0, id = 0;
    zj_err err = next_number(desk, c->id, &n);
    if (err)
        return err;
    make_body(desk, c, form, &body);
    zj_sm3(zj_buf_all(&body), hash);
    const struct zj_value values[] = {
        zj_value_int("case_id", c->id),
        zj_value_int("n", n),
        zj_value_text("kind", kind),
        zj_value_int("at", at),
        zj_value_text("actor", desk->who.login),
        zj_value_int("round", c->round),
        {.column = "body", .type = ZJ_VALUE_TEXT, .bytes = zj_buf_all(&body)},
        zj_value_text("hash", hex_of(desk, zj_span_of(hash, sizeof hash))),
    };
    err = zj_work_row_put(desk, "work_snapshot", &id, true, c->org_id, values, ZJ_COUNT(values),
                          kind);
    if (!err)
        *out_id = id;
    return err;
}

/* --- showing ----------------------------------------------------------------------------------- */

/* n 0: the last one. */
static zj_err load_body(struct zj_desk *desk, int64_t case_id, int64_t n, struct zj_jdoc **out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT body FROM work_snapshot WHERE case_id = $1"
                                  " AND ($2 = 0 OR n = $2) ORDER BY n DESC LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, case_id);
    zj_stmt_bind_int(stmt, 2, n);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && !has_row)
        return zj_fail(desk->job, ZJ_ENOTFOUND,
                       zj_tr(desk->job, "no snapshot %lld", "没有快照 %lld"), (long long)n);
    return err ? err : zj_jdoc_parse(desk->job, zj_stmt_text(stmt, 0), BODY_BYTES_MAX, out);
}

/* A value of a snapshot as text. Personal ones in plain only for who sees them. */
static void value_text(struct zj_desk *desk, const struct zj_register *reg,
                       const struct zj_field *f, const struct zj_jval *value, bool sees_personal,
                       struct zj_buf *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf cipher = {0};
    char name[KEY_NAME];
    if (f->flags & ZJ_FIELD_PERSONAL) {
        const struct zj_jval *secret = zj_jval_get(value, "enc");
        struct zj_span plain = zj_jval_text(value);
        key_name(reg, f, name);
        if (!sees_personal && !(f->flags & ZJ_FIELD_FOR_BUREAU && desk->who.is_bureau))
            zj_buf_str(out, secret || plain.len ? "***" : "");
        else if (!secret)
            zj_buf_span(out, plain);
        else if (zj_buf_from_hex(&cipher, zj_jval_text(secret)))
            (void)zj_store_decrypt(desk->store, name, zj_buf_all(&cipher), out); /* else empty */
        return;
    }
    if (zj_jval_type(value) == ZJ_J_NUMBER)
        zj_buf_i64(out, zj_jval_int(value, 0));
    else if (zj_jval_type(value) == ZJ_J_BOOL)
        zj_buf_str(out, zj_jval_bool(value, false) ? "yes" : "no");
    else
        zj_buf_span(out, zj_jval_text(value));
}

static void show_field(struct zj_desk *desk, const struct zj_register *reg,
                       const struct zj_field *f, const struct zj_jval *value, bool sees_personal,
                       struct zj_json *out)
{
    zj_json_key(out, f->name);
    if (!(f->flags & ZJ_FIELD_PERSONAL)) {
        put_plain(value, out);
        return;
    }
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    value_text(desk, reg, f, value, sees_personal, &text);
    zj_json_span(out, zj_buf_all(&text));
}

zj_err zj_form_show(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    struct zj_json *out)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *row = NULL, *handed = NULL;
    zj_err err = zj_form_read(desk, c, &row);
    const bool is_draft_of_bureau = !c->submitted_at && zj_opener_party(c) == ZJ_PARTY_BUREAU;
    const bool sees_row =
        party == ZJ_PARTY_COMPANY || is_draft_of_bureau || c->is_companys_guest;
    if (!err && !sees_row)
        err = load_body(desk, c->id, 0, &handed);
    if (err)
        return err;
    const bool sees_personal = party == ZJ_PARTY_COMPANY && desk->who.sees_personal;
    struct zj_work_field held[ZJ_WORK_FIELDS_MAX];
    size_t held_count = 0;
    if (party == ZJ_PARTY_BUREAU)
        err = zj_held_load(desk, c, held, &held_count);
    for (size_t i = 0; i < c->reg->field_count && !err; i++) {
        const struct zj_field *f = &c->reg->fields[i];
        size_t h = held_count;
        while (h > 0 && strcmp(held[h - 1].name, f->name) != 0)
            h--;
        if (h > 0) {
            zj_json_kspan(out, f->name, held[h - 1].value);
            continue;
        }
        const struct zj_jdoc *from = sees_row || f->flags & ZJ_FIELD_OFFICIAL ? row : handed;
        show_field(desk, c->reg, f, zj_jval_get(zj_jdoc_root(from), f->name), sees_personal, out);
    }
    return err;
}

static void tell_person(struct zj_desk *desk, const struct zj_case *c, const struct zj_field *f,
                        const char *code, struct zj_json *out)
{
    static const char *const told[] = {"name", "phone"};
    const struct zj_register *people = zj_register_find(f->refers);
    zj_json_key(out, f->name);
    zj_json_object(out);
    for (size_t i = 0; people && i < ZJ_COUNT(told); i++)
        zj_json_kstr(out, told[i], zj_text_in(desk, people, c->org_id, code, told[i]));
    zj_json_object_end(out);
}

zj_err zj_form_tell(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    struct zj_json *out)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *handed = NULL;
    const bool was_handed_in = c->submitted_at && zj_opener_party(c) == ZJ_PARTY_COMPANY;
    if (party != ZJ_PARTY_BUREAU || !was_handed_in || !desk->who.is_bureau)
        return ZJ_OK;
    zj_err err = load_body(desk, c->id, 0, &handed);
    for (size_t i = 0; i < c->reg->field_count && !err; i++) {
        const struct zj_field *f = &c->reg->fields[i];
        const char *code = zj_form_text(desk, handed, f->name);
        if (f->type == ZJ_FIELD_REF && f->flags & ZJ_FIELD_FOR_BUREAU && code[0])
            tell_person(desk, c, f, code, out);
    }
    return err;
}

zj_err zj_form_is_as_handed(struct zj_desk *desk, const struct zj_case *c,
                            const struct zj_jdoc *form, bool *out)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *handed = NULL;
    bool is_same = true;
    zj_err err = load_body(desk, c->id, 0, &handed);
    for (size_t i = 0; i < c->reg->field_count && is_same && !err; i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf had = {0}, has = {0};
        const struct zj_field *f = &c->reg->fields[i];
        if (f->flags & ZJ_FIELD_OFFICIAL)
            continue;
        value_text(desk, c->reg, f, zj_jval_get(zj_jdoc_root(handed), f->name), true, &had);
        value_text(desk, c->reg, f, zj_jval_get(zj_jdoc_root(form), f->name), true, &has);
        is_same = zj_span_eq(zj_buf_all(&had), zj_buf_all(&has));
    }
    if (!err)
        *out = is_same;
    return err;
}

zj_err zj_work_snapshots(struct zj_desk *desk, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = zj_store_prepare(desk->job, desk->store,
                               "SELECT n, kind, at, actor, round, hash FROM work_snapshot"
                               " WHERE case_id = $1 ORDER BY n",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    static const struct zj_row_col cols[] = {
        {"n", ZJ_ROW_INT}, {"kind", ZJ_ROW_TEXT}, {"at", ZJ_ROW_TIME}, {"actor", ZJ_ROW_TEXT},
        {"round", ZJ_ROW_INT}, {"hash", ZJ_ROW_TEXT},
    };
    return zj_work_put_rows(desk->job, stmt, cols, ZJ_COUNT(cols), out);
}

static void diff_field(struct zj_desk *desk, const struct zj_case *c, const struct zj_field *f,
                       const struct zj_jdoc *from, const struct zj_jdoc *to, bool sees_personal,
                       struct zj_json *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf a = {0}, b = {0};
    const struct zj_jval *was = zj_jval_get(zj_jdoc_root(from), f->name);
    const struct zj_jval *is = zj_jval_get(zj_jdoc_root(to), f->name);
    value_text(desk, c->reg, f, was, true, &a); /* compared in plain, whoever looks */
    value_text(desk, c->reg, f, is, true, &b);
    if (zj_span_eq(zj_buf_all(&a), zj_buf_all(&b)))
        return;
    a.len = b.len = 0;
    value_text(desk, c->reg, f, was, sees_personal, &a);
    value_text(desk, c->reg, f, is, sees_personal, &b);
    zj_json_object(out);
    zj_json_kstr(out, "field", f->name);
    zj_json_kstr(out, "zh", f->zh);
    zj_json_kstr(out, "en", f->en);
    zj_json_kspan(out, "from", zj_buf_all(&a));
    zj_json_kspan(out, "to", zj_buf_all(&b));
    zj_json_object_end(out);
}

zj_err zj_work_diff(struct zj_desk *desk, int64_t id, int64_t from, int64_t to,
                    struct zj_json *out)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *a = NULL, *b = NULL;
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err && (from < 1 || (to < 1 && party != ZJ_PARTY_COMPANY)))
        return zj_fail(desk->job, ZJ_EUSAGE, "%s",
                       zj_tr(desk->job, "from and to are numbers of snapshots",
                             "from 和 to 应为快照编号"));
    if (!err)
        err = load_body(desk, id, from, &a);
    if (!err)
        err = to < 1 ? zj_form_read(desk, &c, &b) : load_body(desk, id, to, &b);
    if (err)
        return err;
    const bool sees_personal = party == ZJ_PARTY_COMPANY && desk->who.sees_personal;
    zj_json_array(out);
    for (size_t i = 0; i < c.reg->field_count; i++)
        diff_field(desk, &c, &c.reg->fields[i], a, b, sees_personal, out);
    zj_json_array_end(out);
    return ZJ_OK;
}
