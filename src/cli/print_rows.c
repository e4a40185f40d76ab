#include "cli/print_rows.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/text.h"

enum { ROW_BYTES_MAX = 1 << 20, COLS_MAX = 16, WIDTH_MAX = 120, SCREEN_WIDTH_MAX = 40 };

/* Columns on the screen of the UTF-8 character at the start of `s`. */
static int char_width(struct zj_span s)
{
    return s.at[0] >= 0xe3 ? 2 : 1; /* from U+3000 on: CJK and full-width forms */
}

/* Cells keep to their columns on a screen; elsewhere they are whole. */
static void print_cell(struct zj_job *job, struct zj_span text, int width, bool is_last)
{
    const bool is_cut = isatty(fileno(job->out)) == 1;
    int at = 0;
    for (size_t i = 0; i < text.len;) {
        size_t len = zj_utf8_len(zj_span_part(text, i, 4));
        len = len ? len : 1;
        const int w = char_width(zj_span_part(text, i, len));
        if (!is_last && is_cut && at + w > width)
            break;
        fwrite(text.at + i, 1, len, job->out);
        at += w;
        i += len;
    }
    if (!is_last)
        fprintf(job->out, "%*s", at > width ? 2 : width - at + 2, "");
}

static int width_of(struct zj_span text)
{
    int width = 0;
    for (size_t i = 0; i < text.len;) {
        const size_t len = zj_utf8_len(zj_span_part(text, i, 4));
        width += char_width(zj_span_part(text, i, len ? len : 1));
        i += len ? len : 1;
    }
    return width;
}

/* The cell as the paper of these rows has it; false: it has no words for it. */
static bool say_cell(struct zj_job *job, const struct zj_print_col *col,
                     const struct zj_jval *row, struct zj_span *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf said = {0};
    const struct zj_paper_col *like = NULL;
    for (size_t i = 0; col->table && !like && i < col->table->col_count; i++)
        if (strcmp(col->table->cols[i].path, col->path) == 0)
            like = &col->table->cols[i];
    if (!like || (!like->say && !like->words))
        return false;
    const struct zj_span text = zj_jval_text(zj_jval_at(row, col->path));
    if (like->say)
        like->say(job, like, row, &said);
    for (const struct zj_paper_word *w = like->words; !like->say && w->value; w++)
        if (zj_span_eq_str(text, w->value))
            zj_buf_str(&said, zj_tr(job, w->en, w->zh));
    *out = zj_span_str(zj_arena_span(&job->arena, zj_buf_all(&said)));
    return true;
}

static struct zj_span text_of(struct zj_job *job, const struct zj_print_col *col,
                              const struct zj_jval *row, char number[32])
{
    const struct zj_jval *value = zj_jval_at(row, col->path);
    struct zj_span said;
    if (say_cell(job, col, row, &said))
        return said;
    if (zj_jval_type(value) == ZJ_J_NUMBER) {
        snprintf(number, 32, "%lld", (long long)zj_jval_int(value, 0));
        return zj_span_str(number);
    }
    const struct zj_span text = zj_jval_text(value);
    for (const struct zj_paper_word *w = col->words; w && w->value; w++)
        if (zj_span_eq_str(text, w->value))
            return zj_span_str(zj_tr(job, w->value, w->zh));
    return text;
}

/* What is done with a row: its cells are measured, or printed. */
static void take_row(struct zj_job *job, const struct zj_print_col *cols, size_t count,
                     const struct zj_jval *row, int *widths, bool prints)
{
    const int width_max = isatty(fileno(job->out)) == 1 ? SCREEN_WIDTH_MAX : WIDTH_MAX;
    char number[32];
    for (size_t i = 0; i < count; i++) {
        const struct zj_span text = text_of(job, &cols[i], row, number);
        const int width = prints ? 0 : width_of(text);
        if (prints)
            print_cell(job, text, widths[i], i + 1 == count);
        else if (width > widths[i])
            widths[i] = width < width_max ? width : width_max;
    }
    if (prints)
        fputc('\n', job->out);
}

static zj_err take_rows(struct zj_job *job, const struct zj_print_col *cols, size_t count,
                        struct zj_span lines, int *widths, bool prints)
{
    while (lines.len) {
        const uint8_t *end = memchr(lines.at, '\n', lines.len);
        const size_t len = end ? (size_t)(end - lines.at) : lines.len;
        ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
        zj_err err = zj_jdoc_parse(job, zj_span_of(lines.at, len), ROW_BYTES_MAX, &doc);
        if (err)
            return err;
        take_row(job, cols, count, zj_jdoc_root(doc), widths, prints);
        lines = zj_span_part(lines, len + 1, lines.len);
    }
    return ZJ_OK;
}

zj_err zj_print_rows(struct zj_job *job, const struct zj_print_col *cols, size_t count,
                     struct zj_span lines)
{
    int widths[COLS_MAX];
    assert(count <= COLS_MAX);
    for (size_t i = 0; i < count; i++)
        widths[i] = cols[i].width;
    zj_err err = take_rows(job, cols, count, lines, widths, false);
    if (err)
        return err;
    for (size_t i = 0; i < count; i++)
        print_cell(job, zj_span_str(zj_tr(job, cols[i].en, cols[i].zh)), widths[i], i + 1 == count);
    fputc('\n', job->out);
    return take_rows(job, cols, count, lines, widths, true);
}
