/* A PDF on A4: title and what it is on the first page, a running head and "page x of y" on every page,
 * column heads on each, wrapped cells, no row cut in two.
 *
 * How many pages there are is known only once every row has found its place, so rows wait in a
 * temporary file with their heights in memory; the document is then walked twice, the first time
 * without drawing. */
#include <errno.h>

#include "base/clock.h"
#include "base/temp.h"
#include "paper/canvas.h"
#include "paper/maker.h"

#define A4_LONG 841.89
#define A4_SHORT 595.28
#define MARGIN 42.0
#define TOP 50.0    /* of what stands below the running head */
#define BOTTOM 44.0 /* above it; the foot stands below */
#define CELL_X 4.0
#define CELL_Y 3.2

static const char temporary[] = "a temporary file: %s";

enum { SECTIONS_MAX = 16, WIDE_LETTERS = 110, SPOOL_CELL_BYTES_MAX = 4 * ZJ_PAPER_CELL_CHARS_MAX };
enum { INK = 0x1f2630, SOFT = 0x6b7480, LINE = 0xd5dae1, HEAD = 0xe9eef5, RULE = 0x2b4a78,
       MARK = 0xa33a2a };

struct section {
    struct zj_paper_form form;
    size_t cols[ZJ_PAPER_COLS_MAX]; /* the columns on paper */
    size_t col_count;
    double widths[ZJ_PAPER_COLS_MAX];
    double size; /* of letters */
    double head_height;
    size_t row_count;
};

struct pdf {
    struct zj_job *job; /* while a call lasts */
    const struct zj_paper_head *head;
    FILE *out, *spool;
    struct zj_canvas *canvas;
    double width, height; /* of a page */
    struct section sections[SECTIONS_MAX];
    size_t section_count;
    float *heights; /* of rows */
    size_t row_count, row_cap;
    struct zj_buf cell;

    /* the walk */
    bool is_dry;
    int page, page_count;
    double y;
    size_t row;
};

static double room_across(const struct pdf *p)
{
    return p->width - 2 * MARGIN;
}

static double room_down(const struct pdf *p, const struct section *s)
{
    return p->height - TOP - BOTTOM - s->head_height - 8;
}

static zj_err open_pdf(struct zj_job *job, const struct zj_paper_head *head, FILE *out,
                       void **out_file)
{
    struct pdf *p = zj_alloc(sizeof *p);
    p->head = head;
    p->out = out;
    const int spool = zj_temp_nameless();
    p->spool = spool < 0 ? NULL : fdopen(spool, "w+b");
    *out_file = p;
    if (p->spool)
        return ZJ_OK;
    free(p);
    return zj_fail(job, ZJ_EIO, temporary, zj_strerror(job, errno));
}

/* --- rows come -----------------------------------------------------------------------------------
 */

static double letters(const struct section *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->col_count; i++)
        sum += s->form.cols[s->cols[i]].width;
    return sum;
}

/* The first table decides how the pages lie. */
static zj_err turn_page(struct zj_job *job, struct pdf *p, const struct section *s)
{
    if (p->canvas)
        return ZJ_OK;
    const bool is_wide = p->head->is_wide || letters(s) > WIDE_LETTERS;
    char now[ZJ_TIME_TEXT];
    p->width = is_wide ? A4_LONG : A4_SHORT;
    p->height = is_wide ? A4_SHORT : A4_LONG;
    const zj_err err = zj_canvas_open(job, p->width, p->height, p->out, &p->canvas);
    if (err)
        return err;
    zj_time_format(zj_now_ns(job), now);
    zj_canvas_about(p->canvas, p->head->title, p->head->org, now);
    return ZJ_OK;
}

static struct zj_ink ink_of_head(const struct section *s, const struct zj_paper_col *col)
{
    return (struct zj_ink){.size = s->size,
                           .is_bold = true,
                           .align = col->kind == ZJ_CELL_NUMBER || col->kind == ZJ_CELL_BYTES ||
                                            col->kind == ZJ_CELL_SHARE
                                        ? ZJ_ALIGN_RIGHT
                                        : ZJ_ALIGN_LEFT,
                           .colour = INK};
}

/* The widest word of a text; Chinese may be broken anywhere. */
static double widest_word(struct pdf *p, const char *text, const struct zj_ink *ink)
{
    double widest = 0;
    for (const char *at = text; *at; at += *at == ' ') {
        const size_t len = strcspn(at, " ");
        const double width =
            (uint8_t)*at < 0x80 ? zj_canvas_width(p->canvas, zj_span_of(at, len), ink) : 0;
        widest = width > widest ? width : widest;
        at += len;
    }
    return widest;
}

/* What a column needs so that no word of its head or of its own is broken, and of numbers of things
 * no 20 digits, as many as a card has. */
static double width_needed(struct pdf *p, const struct section *s, const struct zj_paper_col *col)
{
    static const char digits[] = "00000000000000000000";
    const struct zj_ink head = ink_of_head(s, col), plain = {.size = s->size};
    const size_t count = col->width < 4 ? 0 : (size_t)col->width - 4;
    double needed = widest_word(p, zj_tr(p->job, col->en, col->zh), &head), width = 0;
    if (col->kind == ZJ_CELL_CODE)
        width = widest_word(p, digits + (count < 20 ? 20 - count : 0), &plain);
    needed = width > needed ? width : needed;
    for (const struct zj_paper_word *w = col->words; w && w->value; w++) {
        width = widest_word(p, zj_tr(p->job, w->en, w->zh), &plain);
        needed = width > needed ? width : needed;
    }
    return needed + 2 * CELL_X + 0.5;
}

/* By the widths of the form; a column that needs more takes it from the others. */
static void share_room(struct pdf *p, struct section *s)
{
    double needed[ZJ_PAPER_COLS_MAX], room = room_across(p), sum = letters(s), needs = 0;
    bool is_set[ZJ_PAPER_COLS_MAX] = {false};
    for (size_t i = 0; i < s->col_count; i++)
        needs += needed[i] = width_needed(p, s, &s->form.cols[s->cols[i]]);
    for (bool again = needs < room; again;) {
        again = false;
        for (size_t i = 0; i < s->col_count; i++) {
            const double letters_of = s->form.cols[s->cols[i]].width;
            if (is_set[i] || room * letters_of / sum >= needed[i])
                continue;
            is_set[i] = again = true;
            s->widths[i] = needed[i];
            room -= needed[i];
            sum -= letters_of;
        }
    }
    for (size_t i = 0; i < s->col_count; i++)
        if (!is_set[i])
            s->widths[i] = room * s->form.cols[s->cols[i]].width / sum;
}

static void measure_heads(struct pdf *p, struct section *s)
{
    double highest = 0;
    for (size_t i = 0; i < s->col_count; i++) {
        const struct zj_paper_col *col = &s->form.cols[s->cols[i]];
        const struct zj_ink ink = ink_of_head(s, col);
        const double height =
            zj_canvas_measure(p->canvas, zj_span_str(zj_tr(p->job, col->en, col->zh)), &ink,
                              s->widths[i] - 2 * CELL_X, 0);
        highest = height > highest ? height : highest;
    }
    s->head_height = s->form.is_upright ? 0 : highest + 2 * CELL_Y;
}

static zj_err begin_pdf(struct zj_job *job, void *file, const struct zj_paper_form *form)
{
    struct pdf *p = file;
    if (p->section_count == SECTIONS_MAX)
        return zj_fail(job, ZJ_EBUG, "pdf: more than %d tables", SECTIONS_MAX);
    struct section *s = &p->sections[p->section_count];
    s->form = *form;
    for (size_t i = 0; i < form->col_count; i++)
        if (!form->cols[i].is_more && !(form->cols[i].is_org && p->head->is_one_org))
            s->cols[s->col_count++] = i;
    const zj_err err = turn_page(job, p, s);
    if (err)
        return err;
    const double sum = letters(s);
    const double fits = room_across(p) / (sum * 0.56);
    s->size = fits < 7 ? 7 : fits > 9 ? 9 : fits;
    p->job = job;
    share_room(p, s);
    measure_heads(p, s);
    p->section_count++;
    return ZJ_OK;
}

/* True where the text surely stands on one line: most cells do, and need not be laid out for it.
 * Chinese characters are as wide as they are high; Latin ones are taken as wider than any font has
 * them. */
static bool is_one_line(struct zj_span text, double size, double width)
{
    double sum = 0;
    for (size_t i = 0; i < text.len;) {
        const uint8_t c = text.at[i];
        if (c < 0x20 || c >= 0xf0 || (c >= 0x7f && c < 0xe3))
            return false;
        if (c < 0x7f) {
            const bool is_narrow = c >= 'a' || (c >= '0' && c <= '9') || c == ' ' || c == '-';
            sum += is_narrow && c != 'm' && c != 'w' ? 0.72 : 1.05;
            i++;
        } else {
            if (c == 0xea || c == 0xed || c == 0xee || c == 0xeb || c == 0xec)
                return false; /* Hangul and others, of another font */
            sum += 1;
            i += 3;
        }
        if (sum * size > width)
            return false;
    }
    return true;
}

static struct zj_ink ink_of_cell(const struct section *s, size_t at, bool is_number,
                                 enum zj_tone tone)
{
    const bool is_label = s->form.is_upright && at == 0;
    return (struct zj_ink){.size = s->size,
                           .is_bold = is_label,
                           .align = is_number && !s->form.is_upright ? ZJ_ALIGN_RIGHT
                                                                     : ZJ_ALIGN_LEFT,
                           .colour = zj_tone_colours[tone].ink ? zj_tone_colours[tone].ink : INK};
}

static zj_err keep_cell(struct zj_job *job, struct pdf *p, const struct zj_paper_cell *cell)
{
    const uint32_t len = (uint32_t)cell->text.len;
    const uint8_t kind[2] = {cell->is_number, (uint8_t)cell->tone};
    if (fwrite(kind, sizeof kind, 1, p->spool) == 1 && fwrite(&len, sizeof len, 1, p->spool) == 1 &&
        fwrite(cell->text.at, 1, len, p->spool) == len)
        return ZJ_OK;
    return zj_fail(job, ZJ_EIO, temporary, zj_strerror(job, errno));
}

static zj_err row_pdf(struct zj_job *job, void *file, const struct zj_paper_cell *cells)
{
    struct pdf *p = file;
    struct section *s = &p->sections[p->section_count - 1];
    double highest = s->size * 1.25;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < s->col_count && !err; i++) {
        const struct zj_paper_cell *cell = &cells[s->cols[i]];
        const struct zj_ink ink = ink_of_cell(s, i, cell->is_number, cell->tone);
        const double width = s->widths[i] - 2 * CELL_X;
        if (!is_one_line(cell->text, s->size, width)) {
            const double height =
                zj_canvas_measure(p->canvas, cell->text, &ink, width, room_down(p, s));
            highest = height > highest ? height : highest;
        }
        err = keep_cell(job, p, cell);
    }
    if (p->row_count == p->row_cap) {
        p->row_cap = p->row_cap ? 2 * p->row_cap : 1024;
        p->heights = zj_realloc(p->heights, p->row_cap * sizeof *p->heights);
    }
    p->heights[p->row_count++] = (float)(highest + 2 * CELL_Y);
    s->row_count++;
    return err;
}

/* --- the walk ------------------------------------------------------------------------------------
 */

static void text(struct pdf *p, const char *words, const struct zj_ink *ink, double x, double width)
{
    if (!p->is_dry)
        (void)zj_canvas_text(p->canvas, zj_span_str(words), ink, x, p->y, width, 0);
}

/* Boxed, at the right end. */
static void put_mark(struct pdf *p, double y)
{
    static const struct zj_ink ink = {.size = 9, .is_bold = true, .colour = MARK};
    if (p->is_dry || !p->head->is_synthetic)
        return;
    const struct zj_span words = zj_span_str(zj_paper_synthetic(p->job));
    const double width = zj_canvas_width(p->canvas, words, &ink);
    const double right = p->width - MARGIN, left = right - width - 10;
    zj_canvas_text(p->canvas, words, &ink, left + 5, y + 2, width + 2, 0);
    zj_canvas_line(p->canvas, MARK, 0.7, left, y, right, y);
    zj_canvas_line(p->canvas, MARK, 0.7, left, y + 16, right, y + 16);
    zj_canvas_line(p->canvas, MARK, 0.7, left, y, left, y + 16);
    zj_canvas_line(p->canvas, MARK, 0.7, right, y, right, y + 16);
}

static void put_foot(struct pdf *p)
{
    static const struct zj_ink left = {.size = 7.5, .colour = SOFT};
    static const struct zj_ink right = {.size = 7.5, .align = ZJ_ALIGN_RIGHT, .colour = SOFT};
    const double y = p->height - 30, across = room_across(p);
    char now[ZJ_TIME_TEXT];
    if (p->is_dry)
        return;
    zj_time_format(zj_now_ns(p->job), now);
    const char *who = p->head->by ? p->head->by : "";
    const char *made = zj_arena_printf(
        &p->job->arena, zj_tr(p->job, "Zhuji · exported %.10s %.5s %s", "筑基 · 导出于 %.10s %.5s %s"),
        now, now + 11, who);
    const char *pages = zj_arena_printf(&p->job->arena, zj_tr(p->job, "Page %d / %d", "第 %d / %d 页"),
                                        p->page, p->page_count);
    zj_canvas_line(p->canvas, LINE, 0.5, MARGIN, y - 5, p->width - MARGIN, y - 5);
    zj_canvas_text(p->canvas, zj_span_str(made), &left, MARGIN, y, across * 0.75, 0);
    zj_canvas_text(p->canvas, zj_span_str(pages), &right, p->width - MARGIN - across * 0.25, y,
                   across * 0.25, 0);
}

static void start_page(struct pdf *p)
{
    static const struct zj_ink ink = {.size = 8, .colour = SOFT};
    if (p->page && !p->is_dry)
        zj_canvas_end_page(p->canvas);
    p->page++;
    put_foot(p);
    p->y = TOP;
    if (p->page == 1)
        return;
    if (!p->is_dry) {
        const char *words = zj_arena_printf(&p->job->arena, "%s%s%s", p->head->title,
                                            p->head->org ? " · " : "",
                                            p->head->org ? p->head->org : "");
        zj_canvas_text(p->canvas, zj_span_str(words), &ink, MARGIN, 30, room_across(p) * 0.8, 10);
        zj_canvas_line(p->canvas, LINE, 0.5, MARGIN, TOP - 6, p->width - MARGIN, TOP - 6);
    }
    put_mark(p, 25);
}

/* Title, whose rows they are, what was asked for, when, by whom. */
static void put_title(struct pdf *p)
{
    static const struct zj_ink big = {.size = 18, .is_bold = true, .colour = RULE};
    static const struct zj_ink label = {.size = 9, .colour = SOFT};
    static const struct zj_ink value = {.size = 9, .colour = INK};
    const char *name, *what;
    put_mark(p, p->y + 3);
    const double across = room_across(p);
    const struct zj_span title = zj_span_str(p->head->title);
    text(p, p->head->title, &big, MARGIN, across * 0.8);
    p->y += zj_canvas_measure(p->canvas, title, &big, across * 0.8, 0) + 6;
    if (!p->is_dry)
        zj_canvas_line(p->canvas, RULE, 1.2, MARGIN, p->y, p->width - MARGIN, p->y);
    p->y += 7;
    for (size_t i = 0; zj_paper_fact(p->job, p->head, &i, &name, &what);) {
        text(p, name, &label, MARGIN, 80);
        text(p, what, &value, MARGIN + 80, across - 80);
        p->y += zj_canvas_measure(p->canvas, zj_span_str(what), &value, across - 80, 0) + 3;
    }
    p->y += 8;
}

static void put_heads(struct pdf *p, const struct section *s)
{
    double x = MARGIN;
    if (!p->is_dry && s->head_height > 0) {
        zj_canvas_fill(p->canvas, HEAD, MARGIN, p->y, room_across(p), s->head_height);
        for (size_t i = 0; i < s->col_count; x += s->widths[i++]) {
            const struct zj_paper_col *col = &s->form.cols[s->cols[i]];
            const struct zj_ink ink = ink_of_head(s, col);
            zj_canvas_text(p->canvas, zj_span_str(zj_tr(p->job, col->en, col->zh)), &ink,
                           x + CELL_X, p->y + CELL_Y, s->widths[i] - 2 * CELL_X, 0);
        }
        zj_canvas_line(p->canvas, RULE, 0.8, MARGIN, p->y + s->head_height, p->width - MARGIN,
                       p->y + s->head_height);
    }
    p->y += s->head_height;
}

static zj_err next_cell(struct pdf *p, bool *out_is_number, enum zj_tone *out_tone)
{
    uint8_t kind[2];
    uint32_t len;
    if (fread(kind, sizeof kind, 1, p->spool) != 1 || fread(&len, sizeof len, 1, p->spool) != 1 ||
        len > SPOOL_CELL_BYTES_MAX)
        return zj_fail(p->job, ZJ_EIO, temporary, zj_strerror(p->job, errno));
    p->cell.len = 0;
    zj_buf_reserve(&p->cell, len);
    if (fread(p->cell.at, 1, len, p->spool) != len)
        return zj_fail(p->job, ZJ_EIO, temporary, zj_strerror(p->job, errno));
    p->cell.len = len;
    *out_is_number = kind[0];
    *out_tone = (enum zj_tone)(kind[1] % ZJ_TONE_COUNT);
    return ZJ_OK;
}

static zj_err draw_row(struct pdf *p, const struct section *s, double height)
{
    double x = MARGIN;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < s->col_count && !err && !p->is_dry; x += s->widths[i++]) {
        bool is_number = false;
        enum zj_tone tone = ZJ_TONE_PLAIN;
        err = next_cell(p, &is_number, &tone);
        if (err || !p->cell.len)
            continue;
        const struct zj_ink ink = ink_of_cell(s, i, is_number, tone);
        if (zj_tone_colours[tone].ground)
            zj_canvas_fill(p->canvas, zj_tone_colours[tone].ground, x + 1, p->y + 1,
                           s->widths[i] - 2, height - 2);
        zj_canvas_text(p->canvas, zj_buf_all(&p->cell), &ink, x + CELL_X, p->y + CELL_Y,
                       s->widths[i] - 2 * CELL_X, room_down(p, s));
    }
    p->y += height;
    if (!p->is_dry)
        zj_canvas_line(p->canvas, LINE, 0.4, MARGIN, p->y, p->width - MARGIN, p->y);
    return err;
}

static bool fits(const struct pdf *p, double height)
{
    return p->y + height <= p->height - BOTTOM;
}

/* A section's title and sentence, with room for its heads and first row below. */
static void put_section_title(struct pdf *p, const struct section *s)
{
    static const struct zj_ink title = {.size = 12, .is_bold = true, .colour = RULE};
    static const struct zj_ink note = {.size = 8.5, .colour = SOFT};
    const bool is_alone = p->section_count == 1;
    const double first = s->row_count ? p->heights[p->row] : 16;
    if (!fits(p, 50 + s->head_height + first))
        start_page(p);
    if (!p->is_dry && !is_alone)
        zj_canvas_outline(p->canvas, s->form.title, p->page);
    if (!is_alone) {
        text(p, s->form.title, &title, MARGIN, room_across(p));
        p->y += 20;
    }
    const char *said = s->form.note ? s->form.note : "";
    if (!s->form.is_upright)
        said = zj_arena_printf(&p->job->arena, zj_tr(p->job, "%s%s%zu rows.", "%s%s共 %zu 条。"), said,
                               zj_tr(p->job, said[0] ? " " : "", ""), s->row_count);
    if (!said[0])
        return;
    text(p, said, &note, MARGIN, room_across(p));
    p->y += zj_canvas_measure(p->canvas, zj_span_str(said), &note, room_across(p), 0) + 6;
}

static zj_err walk_section(struct pdf *p, const struct section *s)
{
    static const struct zj_ink soft = {.size = 9, .colour = SOFT};
    zj_err err = ZJ_OK;
    put_section_title(p, s);
    put_heads(p, s);
    if (!s->row_count) {
        p->y += CELL_Y;
        text(p, zj_tr(p->job, "No rows.", "没有记录。"), &soft, MARGIN + CELL_X, room_across(p));
        p->y += 16;
    }
    for (size_t i = 0; i < s->row_count && !err; i++) {
        const double height = p->heights[p->row++];
        if (!fits(p, height)) {
            start_page(p);
            put_heads(p, s);
        }
        err = draw_row(p, s, height);
        if (!err && zj_is_interrupted(p->job))
            err = ZJ_EINTR;
    }
    p->y += 16;
    return err;
}

static zj_err walk(struct pdf *p, bool is_dry)
{
    zj_err err = ZJ_OK;
    p->is_dry = is_dry;
    p->page = 0;
    p->row = 0;
    start_page(p);
    put_title(p);
    for (size_t i = 0; i < p->section_count && !err; i++)
        err = walk_section(p, &p->sections[i]);
    p->page_count = p->page;
    return err;
}

static void free_pdf(struct pdf *p)
{
    fclose(p->spool);
    free(p->heights);
    zj_buf_release(&p->cell);
    free(p);
}

static zj_err close_pdf(struct zj_job *job, void *file)
{
    struct pdf *p = file;
    zj_err err = ZJ_OK;
    p->job = job;
    if (!p->canvas)
        err = zj_fail(job, ZJ_EBUG, "pdf: no table");
    if (!err)
        err = walk(p, true);
    rewind(p->spool);
    if (!err)
        err = walk(p, false);
    if (!err) {
        zj_canvas_end_page(p->canvas);
        err = zj_canvas_close(job, ZJ_TAKE(p->canvas));
    }
    zj_canvas_drop(p->canvas);
    free_pdf(p);
    return err;
}

static void drop_pdf(void *file)
{
    struct pdf *p = file;
    zj_canvas_drop(p->canvas);
    free_pdf(p);
}

const struct zj_maker zj_maker_pdf = {
    .open = open_pdf,
    .begin = begin_pdf,
    .row = row_pdf,
    .close = close_pdf,
    .drop = drop_pdf,
    .rows_max = ZJ_PAPER_PDF_ROWS_MAX,
    .name = "pdf",
    .media_type = "application/pdf",
};
