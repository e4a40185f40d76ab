#include "catalog/rows.h"

#include "base/clock.h"

static bool ends_with(const char *name, const char *end)
{
    const size_t len = strlen(name), end_len = strlen(end);
    return len >= end_len && strcmp(name + len - end_len, end) == 0;
}

static void write_list(struct zj_json *j, struct zj_span text, char between)
{
    zj_json_array(j);
    while (text.len) {
        const uint8_t *end = memchr(text.at, between, text.len);
        const size_t len = end ? (size_t)(end - text.at) : text.len;
        zj_json_span(j, zj_span_of(text.at, len));
        text = zj_span_part(text, len + 1, text.len);
    }
    zj_json_array_end(j);
}

void zj_catalog_rules_words(const struct zj_job *job, const char *name, struct zj_buf *out)
{
    unsigned judgement;
    char types[32], classes[32], columns[32];
    if (sscanf(name, "%u-%31[^-]-%31[^-]-%31[^-]", &judgement, types, classes, columns) != 4) {
        zj_buf_str(out, name);
        return;
    }
    zj_buf_printf(out,
                  zj_tr(job, "identifiers %s, taxonomy %s, columns %s, judgement %u",
                        "识别规则 %s，分类目录 %s，列规则 %s，判定方法 %u"),
                  types, classes, columns, judgement);
}

/* A column "rules" has "rules_text" beside it, "kind" and "carrier" have theirs. */
static void write_words(struct zj_job *job, struct zj_json *j, const char *name,
                        struct zj_span text)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf words = {0};
    if (ends_with(name, "rules"))
        zj_catalog_rules_words(job, zj_arena_span(&job->arena, text), &words);
    else if (strcmp(name, "kind") == 0 || strcmp(name, "carrier") == 0)
        zj_buf_str(&words, zj_catalog_kind_words(job, zj_arena_span(&job->arena, text)));
    else
        return;
    zj_json_kstr(j, zj_arena_printf(&job->arena, "%s_text", name), zj_buf_cstr(&words));
}

static bool names_place(const char *name)
{
    static const char *const places[] = {"source", "path", "place", "scope"};
    for (size_t i = 0; i < ZJ_COUNT(places); i++)
        if (strcmp(name, places[i]) == 0)
            return true;
    return false;
}

/* Places, one a line, by their last parts: where a company keeps its files is no bureau's to know. */
static void write_last_parts(struct zj_json *j, struct zj_span lines)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf parts = {0};
    size_t from = 0;
    for (size_t i = 0; i <= lines.len; i++) {
        const bool ends = i == lines.len || lines.at[i] == '\n';
        if (ends)
            zj_buf_span(&parts, zj_span_part(lines, from, i - from));
        if (ends && i < lines.len)
            zj_buf_byte(&parts, '\n');
        if (ends || lines.at[i] == '/')
            from = i + 1;
    }
    zj_json_span(j, zj_buf_all(&parts));
}

static void write_cell(struct zj_job *job, const struct zj_scope *scope, struct zj_json *j,
                       const struct zj_stmt *stmt, int col)
{
    const char *name = zj_stmt_col_name(stmt, col);
    char text[ZJ_TIME_TEXT];
    if (strcmp(name, "unread_reason") == 0) { /* in the language of the run that told it */
        zj_json_kstr(j, "reason",
                     zj_inv_reason(job, zj_arena_span(&job->arena, zj_stmt_text(stmt, col))));
        return;
    }
    zj_json_key(j, name);
    if (names_place(name) && zj_scope_supervises(scope)) {
        write_last_parts(j, zj_stmt_text(stmt, col));
    } else if (ends_with(name, "grade")) {
        zj_json_str(j, zj_inv_grade_name((int)zj_stmt_int(stmt, col)));
    } else if (strncmp(name, "is_", 3) == 0) {
        zj_json_bool(j, zj_stmt_int(stmt, col) != 0);
    } else if (ends_with(name, "_at") || strcmp(name, "at") == 0) {
        zj_time_format(zj_stmt_int(stmt, col) * 1000, text);
        zj_json_str(j, zj_stmt_int(stmt, col) ? text : "");
    } else if (strcmp(name, "samples") == 0) {
        write_list(j, zj_stmt_text(stmt, col), '\n');
    } else if (strcmp(name, "others") == 0 || strcmp(name, "types") == 0) {
        write_list(j, zj_stmt_text(stmt, col), ';');
    } else if (zj_stmt_is_null(stmt, col)) {
        zj_json_null(j);
    } else if (zj_stmt_type(stmt, col) == ZJ_VALUE_INT) {
        zj_json_int(j, zj_stmt_int(stmt, col));
    } else if (zj_stmt_type(stmt, col) == ZJ_VALUE_REAL) {
        zj_json_double(j, zj_stmt_double(stmt, col));
    } else {
        zj_json_span(j, zj_stmt_text(stmt, col));
    }
}

static zj_err open_query(struct zj_job *job, struct zj_store *store, const char *sql,
                         const struct zj_scope *scope, const struct zj_catalog_filter *filter,
                         const struct zj_rows_query *query, struct zj_stmt **out)
{
    const zj_err err = zj_store_prepare(job, store, sql, out);
    if (err)
        return err;
    int at = 1;
    zj_stmt_bind_int(*out, at++, scope->sees_all);
    zj_stmt_bind_int(*out, at++, scope->org_id);
    zj_stmt_bind_int(*out, at++, filter->org_id);
    for (size_t i = 0; i < query->text_count; i++)
        zj_stmt_bind_str(*out, at++, query->texts[i] ? query->texts[i] : "");
    for (size_t i = 0; i < query->int_count; i++)
        zj_stmt_bind_int(*out, at++, query->ints[i]);
    return ZJ_OK;
}

zj_err zj_rows_write(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const struct zj_catalog_filter *filter, const struct zj_rows_query *query,
                     struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char *sql = zj_arena_printf(&job->arena, "%s LIMIT %d OFFSET %lld", query->sql,
                                filter->limit > 0 ? filter->limit : ZJ_ROWS_LIMIT,
                                (long long)filter->offset);
    bool has_row;
    zj_err err = open_query(job, store, sql, scope, filter, query, &stmt);
    zj_json_array(out);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        for (int col = 0; col < zj_stmt_col_count(stmt); col++)
            write_cell(job, scope, out, stmt, col);
        for (int col = 0; col < zj_stmt_col_count(stmt); col++)
            write_words(job, out, zj_stmt_col_name(stmt, col), zj_stmt_text(stmt, col));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

zj_err zj_rows_count(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const struct zj_catalog_filter *filter, const struct zj_rows_query *query,
                     int64_t *out_total)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    if (!out_total)
        return ZJ_OK;
    char *sql = zj_arena_printf(&job->arena, "SELECT count(*) FROM (%s) counted", query->sql);
    zj_err err = open_query(job, store, sql, scope, filter, query, &stmt);
    if (!err)
        err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out_total = zj_stmt_int(stmt, 0);
    return err;
}
