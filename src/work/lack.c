/* What a guard says no for, and where that is mended: a row, a new one, or a list, of the case's own
 * form or of another register. */
#include <string.h>

#include "work/case.h"

static void put_text(struct zj_buf *out, const char *text, const char *key, const char *what)
{
    while (*text) {
        const size_t len = strcspn(text, "{");
        zj_buf_span(out, zj_span_of(text, len));
        text += len;
        if (strncmp(text, "{key}", 5) == 0) {
            zj_buf_str(out, key);
            text += 5;
        } else if (strncmp(text, "{what}", 6) == 0) {
            zj_buf_str(out, what);
            text += 6;
        } else if (*text) {
            zj_buf_byte(out, (uint8_t)*text++);
        }
    }
}

/* "round=code partner": the row's round is the form's code, its partner the form's partner. */
static void add_with(struct zj_act *act, const char *list, struct zj_work_link *link)
{
    struct zj_arena *arena = &act->desk->job->arena;
    struct zj_span word;
    for (size_t i = 0; i < ZJ_COUNT(link->with) && zj_word_next(&list, &word); i++) {
        const char *field = zj_arena_span(arena, word);
        const char *own = strchr(field, '=');
        link->with[i].field = own ? zj_arena_span(arena, zj_span_of(field, (size_t)(own - field)))
                                  : field;
        link->with[i].value = zj_act_text(act, own ? own + 1 : field);
    }
}

static zj_err find_org(struct zj_act *act, struct zj_work_link *link)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_job *job = act->desk->job;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, act->desk->store,
                                  "SELECT code FROM reg_organisations WHERE id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        link->org = has_row ? zj_arena_span(&job->arena, zj_stmt_text(stmt, 0)) : "";
    return err;
}

zj_err zj_act_lacks(struct zj_act *act, const struct zj_lack *lack, const char *what)
{
    struct zj_desk *desk = act->desk;
    struct zj_job *job = desk->job;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_work_link link = {.reg = lack->reg ? zj_register_find(lack->reg) : act->c->reg,
                                .field = lack->field,
                                .is_new = lack->is_new};
    zj_err err = find_org(act, &link);
    if (!lack->reg)
        link.row_id = act->c->row_id;
    if (!err && lack->key) {
        link.key = zj_act_text(act, lack->key);
        err = zj_row_by_key(desk, link.reg, act->c->org_id, link.key, &link.row_id);
    }
    if (err)
        return err;
    add_with(act, lack->with ? lack->with : "", &link);
    link.is_new |= lack->key && !link.row_id;
    desk->link = link;
    put_text(&text, zj_tr(job, lack->en, lack->zh), link.key ? link.key : "", what ? what : "");
    return zj_fail(job, ZJ_EREFUSED, "%s", zj_buf_cstr(&text));
}

void zj_work_link_put(const struct zj_work_link *link, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kstr(out, "register", link->reg->name);
    zj_json_kstr(out, "org", link->org);
    zj_json_key(out, "id");
    if (link->row_id)
        zj_json_int(out, link->row_id);
    else
        zj_json_null(out);
    zj_json_kstr(out, "key", link->key);
    zj_json_kstr(out, "field", link->field);
    zj_json_kbool(out, "is_new", link->is_new);
    zj_json_key(out, "with");
    zj_json_object(out);
    for (size_t i = 0; i < ZJ_COUNT(link->with) && link->with[i].field; i++)
        zj_json_kstr(out, link->with[i].field, link->with[i].value);
    zj_json_object_end(out);
    zj_json_object_end(out);
}
