#include "cli/print_rows.h"

#include <sys/stat.h>

#include "base/json_read.h"
#include "base/text.h"

enum { ROW_BYTES_MAX = 1 << 20 };

/* Columns on the screen of the UTF-8 character at the start of `s`. */
static int char_width(struct zj_span s)
{
    return s.at[0] >= 0xe3 ? 2 : 1; /* from U+3000 on: CJK and full-width forms */
}

/* Cells keep to their columns on a screen; a file holds them whole. */
static void print_cell(struct zj_job *job, struct zj_span text, int width, bool is_last)
{
    struct stat out;
    const bool is_cut = fstat(fileno(job->out), &out) != 0 || !S_ISREG(out.st_mode);
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

static void print_value(struct zj_job *job, const struct zj_jval *value, int width, bool is_last)
{
    char number[32];
    if (zj_jval_type(value) == ZJ_J_NUMBER) {
        snprintf(number, sizeof number, "%lld", (long long)zj_jval_int(value, 0));
        print_cell(job, zj_span_str(number), width, is_last);
    } else {
        print_cell(job, zj_jval_text(value), width, is_last);
    }
}

zj_err zj_print_rows(struct zj_job *job, const struct zj_print_col *cols, size_t count,
                     struct zj_span lines)
{
    for (size_t i = 0; i < count; i++)
        print_cell(job, zj_span_str(zj_tr(job, cols[i].en, cols[i].zh)), cols[i].width,
                   i + 1 == count);
    fputc('\n', job->out);
    while (lines.len) {
        const uint8_t *end = memchr(lines.at, '\n', lines.len);
        const size_t len = end ? (size_t)(end - lines.at) : lines.len;
        ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
        zj_err err = zj_jdoc_parse(job, zj_span_of(lines.at, len), ROW_BYTES_MAX, &doc);
        if (err)
            return err;
        for (size_t i = 0; i < count; i++)
            print_value(job, zj_jval_at(zj_jdoc_root(doc), cols[i].path), cols[i].width, i + 1 == count);
        fputc('\n', job->out);
        lines = zj_span_part(lines, len + 1, lines.len);
    }
    return ZJ_OK;
}
