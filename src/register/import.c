/* Import: rows from a file into a register.
 *
 *   file -> child (CSV, XLSX) -> pipe -> draft -> checks -> writer -> store
 *
 * Rows go in by batches of BATCH_ROWS, each one transaction with its audit entries and the place in
 * the file it came to; all-or-nothing takes one transaction for all. ADR 3 says why. */
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/progress.h"
#include "register/book.h"
#include "register/doubt.h"
#include "register/suggest.h"
#include "register/table.h"

enum {
    BATCH_ROWS = 50000,
    SHORT_NS = 200000000, /* a batch while others wait to write */
    MARK_ROWS_MAX = 2000,
    BULK_ROWS = 100000,
    UNKNOWN_BYTES = 300, /* of headings that are told: one more after this many */
    TITLE_ROWS_MAX = 8,
    COLUMNS_BYTES = 880, /* of a message that lists the names of columns */
};

struct importer {
    struct zj_store *store;
    const struct zj_register *reg;
    const struct zj_import_opts *opts;
    const char *path, *name;
    void (*on_fault)(void *ctx, int64_t row, const struct zj_row_fault *fault,
                     struct zj_span value);
    void *ctx;
    struct zj_sheet *sheet;
    struct zj_writer *writer;
    struct zj_doubts *doubts;
    struct zj_book *book;
    struct zj_draft draft, sample;
    int columns[ZJ_SHEET_COLS_MAX]; /* field of each column, -1: passed over */
    size_t column_count;
    int64_t batch_id, last_row, kept_row;
    int64_t in_batch, batch_began_ns;
    bool is_bulk;
    struct zj_import_result result, kept;
};

/* --- the header ------------------------------------------------------------------------------- */

static bool is_error_column(struct zj_span head)
{
    head = zj_span_trim(head);
    return zj_span_eq_str(head, ZJ_BOOK_ERRORS_EN) || zj_span_eq_str(head, ZJ_BOOK_ERRORS_ZH) ||
           zj_span_eq_str(head, "errors");
}

/* "iccid, msisdn (Card number), …"; zh "ICCID（iccid）、卡号（msisdn）…". */
static void put_columns(const struct zj_register *reg, bool is_zh, struct zj_buf *out)
{
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        const char *label = is_zh ? f->zh : f->en;
        if (out->len > COLUMNS_BYTES) {
            zj_buf_str(out, is_zh ? "等" : " …");
            return;
        }
        zj_buf_str(out, !i ? "" : is_zh ? "、" : ", ");
        if (strcasecmp(label, f->name) == 0)
            zj_buf_str(out, f->name);
        else if (is_zh)
            zj_buf_printf(out, "%s（%s）", label, f->name);
        else
            zj_buf_printf(out, "%s (%s)", f->name, label);
    }
}

/* The headings that name no field, in both languages. */
struct unknown {
    struct zj_buf en, zh;
};

static void note_unknown(const struct importer *im, size_t col, struct zj_span head,
                         struct unknown *out)
{
    const struct zj_field *near = zj_suggest_field(im->reg, zj_span_trim(head));
    const int len = (int)(head.len < 60 ? head.len : 60);
    if (out->en.len > UNKNOWN_BYTES || out->zh.len > UNKNOWN_BYTES)
        return;
    zj_buf_printf(&out->en, "column %zu '%.*s' is none of %s; ", col + 1, len,
                  (const char *)head.at, im->reg->name);
    zj_buf_printf(&out->zh, "第 %zu 列“%.*s”不是%s的字段，", col + 1, len, (const char *)head.at,
                  im->reg->zh);
    if (near) {
        zj_buf_printf(&out->en, "did you mean '%s' (%s)? ", near->name, near->en);
        zj_buf_printf(&out->zh, "是否指“%s”（%s）？", near->zh, near->name);
    }
}

static zj_err fail_unknown(struct zj_job *job, const struct importer *im, struct unknown *unknown)
{
    zj_buf_str(&unknown->en, "its columns are: ");
    put_columns(im->reg, false, &unknown->en);
    zj_buf_str(&unknown->zh, "可用的列：");
    put_columns(im->reg, true, &unknown->zh);
    return zj_fail(job, ZJ_EINPUT, "%s",
                   zj_tr(job, zj_buf_cstr(&unknown->en), zj_buf_cstr(&unknown->zh)));
}

static zj_err map_column(struct zj_job *job, struct importer *im, size_t col, struct zj_span head,
                         bool seen[ZJ_FIELDS_MAX], struct unknown *unknown)
{
    im->columns[col] = -1;
    if (zj_span_trim(head).len == 0 || is_error_column(head))
        return ZJ_OK;
    const int field = zj_register_header(im->reg, head);
    if (field < 0) {
        note_unknown(im, col, head, unknown);
        return ZJ_OK;
    }
    if (seen[field])
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "column '%s' stands there twice", "列“%s”重复出现"),
                       im->reg->fields[field].name);
    seen[field] = true;
    im->columns[col] = field;
    return ZJ_OK;
}

/* How many cells of the row hold something, and how many of them name a field. */
static size_t headings_in(const struct importer *im, const struct zj_sheet_row *row,
                          size_t *out_filled)
{
    size_t named = 0;
    *out_filled = 0;
    for (size_t i = 0; i < row->count; i++) {
        const struct zj_span head = zj_span_trim(row->cells[i].text);
        *out_filled += head.len > 0;
        named += head.len && zj_register_header(im->reg, head) >= 0;
    }
    return named;
}

/* The row of headings: the first, or where a title stands above the table, the first of the next few
 * of which half and more name a field. */
static zj_err find_header(struct zj_job *job, struct importer *im, struct zj_sheet_row *row)
{
    size_t filled;
    bool has_row;
    zj_err err = zj_sheet_next(job, im->sheet, row, &has_row);
    if (!err && !has_row)
        return zj_fail(
            job, ZJ_EINPUT, "%s",
            zj_tr(job, "no rows; the first row names the columns", "没有内容；第一行应为列名"));
    if (err || headings_in(im, row, &filled))
        return err;
    struct unknown unknown = {0};
    for (size_t i = 0; i < row->count; i++)
        if (zj_span_trim(row->cells[i].text).len)
            note_unknown(im, i, row->cells[i].text, &unknown);
    for (unsigned i = 0; i < TITLE_ROWS_MAX && !err && has_row; i++) {
        err = zj_sheet_next(job, im->sheet, row, &has_row);
        const size_t named = !err && has_row ? headings_in(im, row, &filled) : 0;
        if (named && named * 2 >= filled)
            break;
        has_row = i + 1 < TITLE_ROWS_MAX && has_row;
    }
    if (!err && !has_row) {
        zj_buf_str(&unknown.en, "headings belong in the first row of the first sheet, or below its title; ");
        zj_buf_str(&unknown.zh, "列名应在第一个工作表的第一行，或紧接在标题之下；");
        err = fail_unknown(job, im, &unknown);
    }
    zj_buf_release(&unknown.en);
    zj_buf_release(&unknown.zh);
    return err;
}

static zj_err read_header(struct zj_job *job, struct importer *im)
{
    struct zj_sheet_row row;
    struct unknown unknown = {0};
    bool seen[ZJ_FIELDS_MAX] = {0};
    zj_err err = find_header(job, im, &row);
    for (size_t i = 0; !err && i < row.count; i++)
        err = row.cells[i].kind == ZJ_SHEET_FORMULA
                  ? zj_fail(job, ZJ_EINPUT, zj_tr(job, "heading of column %zu: %s", "第 %zu 列的列名：%s"),
                            i + 1, zj_tr(job, ZJ_SHEET_FORMULA_EN, ZJ_SHEET_FORMULA_ZH))
                  : map_column(job, im, i, row.cells[i].text, seen, &unknown);
    if (!err && unknown.en.len)
        err = fail_unknown(job, im, &unknown);
    zj_buf_release(&unknown.en);
    zj_buf_release(&unknown.zh);
    if (err)
        return err;
    im->column_count = row.count;
    for (size_t i = 0; i < im->reg->field_count; i++)
        if (im->reg->fields[i].flags & ZJ_FIELD_REQUIRED && !seen[i])
            return zj_fail(
                job, ZJ_EINPUT, zj_tr(job, "column '%s' (%s) is missing", "缺少列“%s”（%s）"),
                im->reg->fields[i].name, zj_tr(job, im->reg->fields[i].en, im->reg->fields[i].zh));
    return ZJ_OK;
}

/* --- batches ---------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static zj_err begin_import(struct zj_job *job, struct importer *im)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, im->store,
                                  "INSERT INTO reg_batch (register, org_id, source, actor, state, "
                                  "last_row, inserted, updated, refused, started_at, changed_at) "
                                  "VALUES ($1, $2, $3, $4, 'running', 0, 0, 0, 0, $5, $5)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, im->reg->name);
    zj_stmt_bind_int(stmt, 2, im->opts->org_id);
    zj_stmt_bind_str(stmt, 3, base_name(im->name));
    zj_stmt_bind_str(stmt, 4, job->actor ? job->actor : "");
    zj_stmt_bind_int(stmt, 5, zj_now_us(job));
    err = zj_stmt_run(job, stmt);
    im->batch_id = zj_store_last_id(im->store);
    return err;
}

static zj_err note_batch(struct zj_job *job, const struct importer *im, const char *state)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, im->store,
                                  "UPDATE reg_batch SET state = $2, last_row = $3, inserted = $4, "
                                  "updated = $5, refused = $6, changed_at = $7 WHERE id = $1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, im->batch_id);
    zj_stmt_bind_str(stmt, 2, state);
    zj_stmt_bind_int(stmt, 3, im->last_row);
    zj_stmt_bind_int(stmt, 4, im->result.inserted);
    zj_stmt_bind_int(stmt, 5, im->result.updated);
    zj_stmt_bind_int(stmt, 6, im->result.refused);
    zj_stmt_bind_int(stmt, 7, zj_now_us(job));
    return zj_stmt_run(job, stmt);
}

static zj_err note_import(struct zj_job *job, const struct importer *im)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf note = {0};
    const struct zj_import_result *r = &im->result;
    zj_buf_printf(&note,
                  "%s: read %" PRId64 ", inserted %" PRId64 ", updated %" PRId64
                  ", unchanged %" PRId64 ", refused %" PRId64,
                  base_name(im->name), r->read, r->inserted, r->updated, r->unchanged, r->refused);
    const struct zj_audit_entry entry = {.org_id = im->opts->org_id,
                                         .action = "import",
                                         .object = im->reg->name,
                                         .note = zj_buf_all(&note)};
    return zj_audit_append(job, im->store, &entry);
}

static zj_err commit_batch(struct zj_job *job, struct importer *im, const char *state)
{
    zj_err err = zj_writer_settle(job, im->writer);
    if (!err)
        err = note_batch(job, im, state);
    if (!err && strcmp(state, "running") != 0)
        err = note_import(job, im);
    if (!err)
        err = zj_store_commit(job, im->store);
    if (!err) {
        im->kept = im->result;
        im->kept_row = im->last_row;
        im->in_batch = 0;
    }
    return err;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void fill_sample(struct importer *im)
{
    struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
    for (size_t i = 0; i < im->reg->field_count; i++)
        raw[i].text = zj_span_str(im->reg->fields[i].sample);
    zj_draft_fill(&im->sample, im->reg, raw);
}

/* The template's sample row is no data. */
static bool is_sample(const struct importer *im)
{
    for (size_t i = 0; i < im->reg->field_count; i++)
        if (!zj_span_eq(im->draft.cells[i], im->sample.cells[i]))
            return false;
    return true;
}

static void tell(struct importer *im, int64_t number, const struct zj_sheet_cell *raw)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf masked = {0};
    for (size_t i = 0; i < im->draft.faults.count && im->on_fault; i++) {
        const struct zj_row_fault *fault = &im->draft.faults.at[i];
        struct zj_span value = {0};
        if (fault->field >= 0) {
            const struct zj_field *f = &im->reg->fields[fault->field];
            value = zj_span_part(zj_span_trim(raw[fault->field].text), 0, 200);
            masked.len = 0;
            if (f->flags & ZJ_FIELD_PERSONAL) {
                zj_mask(f, value, &masked);
                value = zj_buf_all(&masked);
            }
        }
        im->on_fault(im->ctx, number, fault, value);
    }
}

static zj_err count_row(struct zj_job *job, struct importer *im, enum zj_put_result put,
                        const struct zj_sheet_cell *raw, bool is_told_in_sum)
{
    struct zj_import_result *r = &im->result;
    struct zj_span cells[ZJ_FIELDS_MAX];
    switch (put) {
    case ZJ_PUT_INSERTED:
        r->inserted++;
        break;
    case ZJ_PUT_UPDATED:
        r->updated++;
        break;
    case ZJ_PUT_UNCHANGED:
        r->unchanged++;
        break;
    case ZJ_PUT_REFUSED:
        r->refused++;
        if (!im->book)
            return ZJ_OK;
        for (size_t i = 0; i < im->reg->field_count; i++)
            cells[i] = raw[i].text;
        return zj_book_row(job, im->book, cells, im->draft.faults.at, im->draft.faults.count);
    }
    r->warned += im->draft.faults.count > 0 || is_told_in_sum;
    return ZJ_OK;
}

static zj_err take_row(struct zj_job *job, struct importer *im, const struct zj_sheet_row *row)
{
    struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
    enum zj_put_result put = ZJ_PUT_REFUSED;
    int64_t id;
    bool is_blank = true, in_sum = false;
    for (size_t i = 0; i < im->column_count; i++) {
        if (im->columns[i] < 0)
            continue;
        struct zj_sheet_cell *cell = &raw[im->columns[i]];
        *cell = i < row->count ? row->cells[i] : (struct zj_sheet_cell){ZJ_SPAN_LIT(""), 0};
        is_blank &= zj_span_trim(cell->text).len == 0 && cell->kind != ZJ_SHEET_FORMULA;
    }
    im->last_row = row->number;
    if (is_blank)
        return ZJ_OK;
    zj_draft_fill(&im->draft, im->reg, raw);
    if (is_sample(im))
        return ZJ_OK;
    im->result.read++;
    zj_err err =
        zj_writer_put(job, im->writer, ZJ_PUT_UPSERT, im->opts->org_id, 0, &im->draft, &put, &id);
    if (!err && put != ZJ_PUT_REFUSED)
        err = zj_doubts_check(job, im->doubts, id, row->number, &im->draft, &in_sum);
    if (err)
        return zj_fail(job, err, zj_tr(job, "row %lld", "第 %lld 行"), (long long)row->number);
    tell(im, row->number, raw);
    im->in_batch++;
    return count_row(job, im, put, raw, in_sum);
}

static bool is_batch_full(const struct importer *im)
{
    if (im->in_batch >= BATCH_ROWS)
        return true;
    return im->in_batch && im->result.read % 64 == 0 &&
           zj_tick_ns() - im->batch_began_ns >= SHORT_NS &&
           (im->opts->gives_way || zj_store_is_wanted(im->store));
}

static zj_err take_rows(struct zj_job *job, struct importer *im)
{
    const bool by_batches = !im->opts->dry_run && !im->opts->all_or_nothing;
    struct zj_progress progress;
    struct zj_sheet_row row;
    int64_t done, total;
    bool has_row;
    im->batch_began_ns = zj_tick_ns();
    zj_sheet_progress(im->sheet, &done, &total);
    zj_progress_start(&progress, job, base_name(im->name), (uint64_t)total, total > 0);
    progress.unit_en = " rows";
    progress.unit_zh = " 行";
    zj_err err = ZJ_OK;
    while (!err && !(err = zj_sheet_next(job, im->sheet, &row, &has_row)) && has_row) {
        err = take_row(job, im, &row);
        if (!err && by_batches && is_batch_full(im)) {
            err = commit_batch(job, im, "running");
            zj_store_give_way(im->store);
            if (!err)
                err = zj_store_begin(job, im->store);
            im->batch_began_ns = zj_tick_ns();
        }
        if (im->result.read % 256 == 0) {
            zj_sheet_progress(im->sheet, &done, &total);
            zj_progress_at(&progress, (uint64_t)(progress.total ? done : im->last_row));
            if (!err && zj_is_interrupted(job))
                err = ZJ_EINTR;
        }
    }
    zj_progress_end(&progress);
    return err;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Says what of the file is in the store, for an import that did not come to its end. */
static zj_err say_kept(struct zj_job *job, const struct importer *im, zj_err err)
{
    if (im->kept_row == 0)
        return zj_fail(job, err, "%s", zj_tr(job, "nothing of it was written", "没有写入任何内容"));
    return zj_fail(job, err,
                   zj_tr(job,
                         "rows up to %lld are kept (%lld written); import the file again to go on",
                         "第 %lld 行及之前的内容已保存（写入 %lld 行），重新导入该文件即可继续"),
                   (long long)im->kept_row, (long long)(im->kept.inserted + im->kept.updated));
}

static zj_err finish(struct zj_job *job, struct importer *im, zj_err err)
{
    const bool keeps_part = !im->opts->dry_run && !im->opts->all_or_nothing;
    const bool is_all_good = !im->opts->all_or_nothing || im->result.refused == 0;
    if (!err && !im->opts->dry_run && is_all_good) {
        err = commit_batch(job, im, "done");
        im->result.is_written =
            !err && (im->result.refused == 0 || im->result.refused < im->result.read);
        return err ? say_kept(job, im, err) : ZJ_OK;
    }
    /* a file that ends badly, or a wish to stop: what was read until then is good */
    if ((err == ZJ_EINPUT || err == ZJ_ELIMIT || err == ZJ_EINTR) && keeps_part) {
        char why[sizeof job->message], other[sizeof job->other_message];
        memcpy(why, job->message, sizeof why);
        memcpy(other, job->other_message, sizeof other);
        zj_job_clear(job);
        zj_err late = commit_batch(job, im, err == ZJ_EINTR ? "interrupted" : "failed");
        if (late)
            return say_kept(job, im, late);
        im->result.is_written = im->kept_row > 0;
        memcpy(job->message, why, sizeof why);
        memcpy(job->other_message, other, sizeof other);
    }
    zj_store_rollback(im->store);
    return err && !im->opts->dry_run ? say_kept(job, im, err) : err;
}

/* How many rows the file may hold, from its size alone; 0 where that is not known. */
static int64_t guess_rows(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    const size_t len = strlen(path);
    const bool is_packed = len > 5 && strcasecmp(path + len - 5, ".xlsx") == 0;
    return (int64_t)st.st_size / (is_packed ? 40 : 120) + 1;
}

static zj_err drop_indexes(struct zj_job *job, struct importer *im, int64_t rows)
{
    int64_t live = 0;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    if (im->opts->dry_run || im->opts->gives_way || rows < BULK_ROWS)
        return ZJ_OK;
    zj_err err = zj_store_prepare(job, im->store,
                                  "SELECT COALESCE(SUM(live), 0) FROM reg_count WHERE "
                                  "register = $1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, im->reg->name);
    err = zj_stmt_step(job, stmt, &has_row);
    live = err ? 0 : zj_stmt_int(stmt, 0);
    zj_stmt_reset(stmt);
    im->is_bulk = !err && rows > live / 4;
    return err || !im->is_bulk ? err : zj_table_drop_indexes(job, im->store, im->reg);
}

static zj_err run_import(struct zj_job *job, struct importer *im)
{
    const int64_t rows = guess_rows(im->path);
    zj_err err = ZJ_OK;
    if (!im->opts->dry_run)
        err = zj_store_begin(job, im->store);
    if (!err && !im->opts->dry_run)
        err = begin_import(job, im);
    if (!err)
        err = drop_indexes(job, im, rows);
    /* marking each row is worth it while they are few; of a large file rules are told once */
    const struct zj_writer_opts opts = {.batch_id = im->batch_id,
                                        .is_dry = im->opts->dry_run,
                                        .marks_rows = rows > 0 && rows < MARK_ROWS_MAX,
                                        .refuses_twice = true,
                                        .keeps_official = im->opts->keeps_official,
                                        .keeps_held = true,
                                        .is_free = im->opts->is_free};
    const struct zj_doubts_opts doubts = {.org_id = im->opts->org_id,
                                          .is_dry = im->opts->dry_run,
                                          .is_import = true,
                                          .has_no_index = im->is_bulk};
    if (!err)
        err = zj_writer_open(job, im->store, im->reg, &opts, &im->writer);
    if (!err)
        err = zj_doubts_open(job, im->store, im->reg, &doubts, &im->doubts);
    if (!err)
        err = finish(job, im, take_rows(job, im));
    if (im->doubts && im->on_fault)
        zj_doubts_tell(im->doubts, im->on_fault, im->ctx);
    zj_doubts_close(im->doubts);
    zj_store_rollback(im->store);
    zj_writer_close(im->writer);
    if (im->is_bulk) {
        zj_err late = zj_table_make_indexes(job, im->store, im->reg);
        err = err ? err : late;
    }
    return err;
}

static zj_err run_all(struct zj_job *job, struct importer *im)
{
    zj_err err = zj_sheet_open(job, im->path, im->name, &im->sheet);
    fill_sample(im);
    if (!err)
        err = read_header(job, im);
    if (!err && im->opts->errors_path) {
        err = zj_book_open(job, im->opts->errors_path, im->reg, ZJ_HEADERS_USUAL, true,
                           &im->book);
        if (err)
            zj_fail(job, err, "%s", im->opts->errors_path);
    }
    if (!err)
        err = run_import(job, im);
    if (im->book && !err) {
        err = zj_book_close(job, ZJ_TAKE(im->book));
        if (err)
            zj_fail(job, err, zj_tr(job, "the import is done, but not its list of errors: %s",
                                    "导入已完成，但错误表未能写出：%s"),
                    im->opts->errors_path);
    }
    zj_book_drop(im->book);
    zj_sheet_close(im->sheet);
    zj_draft_release(&im->draft);
    zj_draft_release(&im->sample);
    return err;
}

zj_err zj_register_import(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                          const char *path, const struct zj_import_opts *opts,
                          void (*on_fault)(void *ctx, int64_t row, const struct zj_row_fault *fault,
                                           struct zj_span value),
                          void *ctx, struct zj_import_result *out)
{
    struct importer *im = zj_alloc(sizeof *im);
    im->store = store;
    im->reg = reg;
    im->path = path;
    im->name = opts->name ? opts->name : path;
    im->opts = opts;
    im->on_fault = on_fault;
    im->ctx = ctx;
    zj_err err = run_all(job, im);
    *out = im->result;
    free(im);
    return err;
}
