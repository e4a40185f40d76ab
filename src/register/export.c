/* Export: the rows a scope allows as CSV or as a workbook, and empty templates. What goes out comes
 * back in through import unchanged. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/temp.h"
#include "base/workbook.h"
#include "register/book.h"
#include "register/query.h"

/* Rows one after the other, as cells in field order. */
struct source {
    struct zj_store *store;
    const struct zj_scope *scope;
    struct zj_select select;
    struct zj_buf text;
    struct zj_span cells[ZJ_FIELDS_MAX];
};

static zj_err next_row(struct zj_job *job, struct source *s, bool *out_has)
{
    const struct zj_table *t = &s->select.table;
    size_t starts[ZJ_TABLE_COLS_MAX + 1];
    zj_err err = zj_stmt_step(job, s->select.rows, out_has);
    if (err || !*out_has)
        return err;
    s->text.len = 0;
    for (size_t i = 0; i < t->col_count && !err; i++) {
        starts[i] = s->text.len;
        if (t->cols[i].kind != ZJ_TABLE_FIELD)
            continue;
        const struct zj_field *f = &t->reg->fields[t->cols[i].field];
        if (zj_field_is_kept(s->scope, f))
            continue;
        if (!zj_field_is_masked(s->scope, f)) {
            err = zj_table_cell(job, s->store, t, s->select.rows, i, &s->text);
            continue;
        }
        ZJ_AUTO(zj_buf_release) struct zj_buf plain = {0};
        err = zj_table_cell(job, s->store, t, s->select.rows, i, &plain);
        if (!err && plain.len)
            zj_mask(f, zj_buf_all(&plain), &s->text);
    }
    starts[t->col_count] = s->text.len;
    for (size_t i = 0; i < t->col_count && !err; i++)
        if (t->cols[i].kind == ZJ_TABLE_FIELD)
            s->cells[t->cols[i].field] =
                zj_span_of(s->text.at + starts[i], starts[i + 1] - starts[i]);
    return err;
}

static zj_err flush(struct zj_job *job, FILE *file, struct zj_buf *out)
{
    const bool is_written = fwrite(out->at, 1, out->len, file) == out->len;
    out->len = 0;
    return is_written ? ZJ_OK : zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
}

zj_err zj_headers_parse(struct zj_job *job, const char *text, enum zj_headers *out)
{
    static const char *const names[] = {
        [ZJ_HEADERS_USUAL] = "",
        [ZJ_HEADERS_NAME] = "name",
        [ZJ_HEADERS_EN] = "en",
        [ZJ_HEADERS_ZH] = "zh",
    };
    for (size_t i = 0; i < ZJ_COUNT(names); i++)
        if (strcmp(text ? text : "", names[i]) == 0) {
            *out = (enum zj_headers)i;
            return ZJ_OK;
        }
    return zj_fail(job, ZJ_EUSAGE,
                   zj_tr(job, "no headers '%s'; zh, en or name", "没有表头形式“%s”，可用 zh、en 或 name"),
                   text);
}

const char *zj_header_of(const struct zj_field *f, enum zj_headers headers)
{
    switch (headers) {
    case ZJ_HEADERS_EN:
        return f->en;
    case ZJ_HEADERS_ZH:
        return f->zh;
    case ZJ_HEADERS_USUAL:
    case ZJ_HEADERS_NAME:
        break;
    }
    return f->name;
}

static zj_err write_csv(struct zj_job *job, struct source *source, const struct zj_register *reg,
                        enum zj_headers headers, FILE *file)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    struct zj_span names[ZJ_FIELDS_MAX];
    bool has_row = source != NULL;
    zj_err err = ZJ_OK;
    zj_buf_str(&out, ZJ_CSV_MARK);
    for (size_t i = 0; i < reg->field_count; i++)
        names[i] = zj_span_str(zj_header_of(&reg->fields[i], headers));
    zj_csv_row(&out, names, reg->field_count);
    while (source && !err && !(err = next_row(job, source, &has_row)) && has_row) {
        zj_csv_row(&out, source->cells, reg->field_count);
        if (out.len > 256 * 1024)
            err = flush(job, file, &out);
    }
    return err ? err : flush(job, file, &out);
}

static zj_err export_csv(struct zj_job *job, struct source *source, const struct zj_register *reg,
                         enum zj_headers headers, const char *path)
{
    if (strcmp(path, "-") == 0)
        return write_csv(job, source, reg, headers, job->out);
    const char *temporary = zj_arena_printf(&job->arena, "%s.part", path);
    FILE *file = fopen(temporary, "wb");
    if (!file)
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    zj_err err = write_csv(job, source, reg, headers, file);
    if (fclose(file) != 0 && !err)
        err = zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    if (!err && rename(temporary, path) != 0)
        err = zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    if (err)
        unlink(temporary);
    return err;
}

static zj_err write_book(struct zj_job *job, struct source *source, const struct zj_register *reg,
                         enum zj_headers headers, const char *path)
{
    ZJ_AUTO(zj_book_dropp) struct zj_book *book = NULL;
    bool has_row = source != NULL;
    zj_err err = zj_book_open(job, path, reg, headers, false, &book);
    if (err)
        return err;
    if (!source)
        zj_book_sample(book);
    while (source && !err && !(err = next_row(job, source, &has_row)) && has_row)
        err = zj_book_row(job, book, source->cells, NULL, 0);
    return err ? err : zj_book_close(job, ZJ_TAKE(book));
}

static zj_err export_book(struct zj_job *job, struct source *source, const struct zj_register *reg,
                          enum zj_headers headers, const char *path)
{
    char *temporary;
    if (strcmp(path, "-") != 0) {
        const zj_err err = write_book(job, source, reg, headers, path);
        return err == ZJ_EIO ? zj_fail(job, err, "%s", path) : err;
    }
    const int fd = zj_temp_file(&job->arena, "book", &temporary);
    if (fd < 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", temporary, zj_strerror(job, errno));
    close(fd);
    zj_err err = write_book(job, source, reg, headers, temporary);
    if (!err)
        err = zj_workbook_send(job, temporary, job->out);
    unlink(temporary);
    return err;
}

static bool holds_personal(const struct zj_register *reg)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (reg->fields[i].flags & ZJ_FIELD_PERSONAL)
            return true;
    return false;
}

static zj_err note_export(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg)
{
    const struct zj_audit_entry entry = {.org_id = scope->org_id,
                                         .action = "export",
                                         .object = reg->name,
                                         .note = !holds_personal(reg) ? ZJ_SPAN_LIT("")
                                                 : scope->sees_personal
                                                     ? ZJ_SPAN_LIT("with personal data")
                                                     : ZJ_SPAN_LIT("personal data masked")};
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = zj_audit_append(job, store, &entry);
    return zj_store_end(job, store, err);
}

zj_err zj_register_export(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, const struct zj_query *query,
                          const struct zj_export_opts *opts, const char *path)
{
    static const struct zj_query all = {0};
    struct source source = {.store = store, .scope = scope};
    struct source *from = opts->is_template ? NULL : &source;
    zj_err err = ZJ_OK;
    if (from)
        err = zj_select_open(job, store, scope, reg, query ? query : &all, 0, false,
                             &source.select);
    if (!err)
        err = opts->format == ZJ_SHEET_XLSX ? export_book(job, from, reg, opts->headers, path)
                                            : export_csv(job, from, reg, opts->headers, path);
    zj_select_close(&source.select);
    zj_buf_release(&source.text);
    return err || opts->is_template ? err : note_export(job, store, scope, reg);
}
