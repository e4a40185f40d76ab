#include "paper/maker.h"

#include "base/clock.h"
#include "base/size.h"
#include "base/text.h"

const struct zj_tone_colour zj_tone_colours[ZJ_TONE_COUNT] = {
    [ZJ_TONE_SOFT] = {0, 0x8c8c8c},        [ZJ_TONE_GOOD] = {0xe6f4ea, 0x1e6b34},
    [ZJ_TONE_NOTE] = {0xe8f0fb, 0x1f4e8c}, [ZJ_TONE_WARN] = {0xfdf3dc, 0x7a4d00},
    [ZJ_TONE_BAD] = {0xfbe6e4, 0x9c1f14},
};

static const struct zj_maker *const makers[] = {
    [ZJ_PAPER_XLSX] = &zj_maker_xlsx,
    [ZJ_PAPER_CSV] = &zj_maker_csv,
    [ZJ_PAPER_PDF] = &zj_maker_pdf,
};

struct zj_paper {
    const struct zj_maker *maker;
    void *file;
    const struct zj_paper_table *table;
    int64_t rows;
    struct zj_buf text; /* of the row's cells, one behind the other */
};

bool zj_paper_format_find(const char *name, enum zj_paper_format *out)
{
    for (size_t i = 0; i < ZJ_COUNT(makers); i++)
        if (strcmp(makers[i]->name, name) == 0) {
            *out = (enum zj_paper_format)i;
            return true;
        }
    return false;
}

const char *zj_paper_suffix(enum zj_paper_format format)
{
    return makers[format]->name;
}

const char *zj_paper_media_type(enum zj_paper_format format)
{
    return makers[format]->media_type;
}

const char *zj_paper_label(struct zj_job *job, const struct zj_paper_col *col)
{
    const char *label = zj_tr(job, col->en, col->zh);
    return col->kind == ZJ_CELL_BYTES
               ? zj_arena_printf(&job->arena, zj_tr(job, "%s (bytes)", "%s（字节）"), label)
               : label;
}

const char *zj_paper_synthetic(const struct zj_job *job)
{
    return zj_tr(job, "SYNTHETIC DATA", "合成数据");
}

bool zj_paper_fact(struct zj_job *job, const struct zj_paper_head *head, size_t *at,
                   const char **out_label, const char **out_value)
{
    char now[ZJ_TIME_TEXT];
    zj_time_format(zj_now_ns(job), now);
    const struct {
        const char *label, *value;
    } facts[] = {
        {zj_tr(job, "Organisation", "单位"), head->org},
        {zj_tr(job, "Filter", "筛选条件"), head->filters},
        {zj_tr(job, "Exported", "导出时间"),
         zj_arena_printf(&job->arena, "%.10s %.5s", now, now + 11)},
        {zj_tr(job, "By", "导出人"), head->by},
        {zj_tr(job, "Data", "数据性质"), head->is_synthetic ? zj_paper_synthetic(job) : NULL},
    };
    while (*at < ZJ_COUNT(facts)) {
        const size_t i = (*at)++;
        if (!facts[i].value || !facts[i].value[0])
            continue;
        *out_label = facts[i].label;
        *out_value = facts[i].value;
        return true;
    }
    return false;
}

zj_err zj_paper_open(struct zj_job *job, enum zj_paper_format format,
                     const struct zj_paper_head *head, FILE *out, struct zj_paper **out_paper)
{
    void *file = NULL;
    const zj_err err = makers[format]->open(job, head, out, &file);
    if (err)
        return err;
    *out_paper = zj_alloc(sizeof **out_paper);
    (*out_paper)->maker = makers[format];
    (*out_paper)->file = file;
    return ZJ_OK;
}

static const struct zj_paper_col upright_cols[] = {
    ZJ_COL(NULL, "Item", "项目", ZJ_CELL_TEXT, 22),
    ZJ_COL(NULL, "Content", "内容", ZJ_CELL_TEXT, 80),
};

zj_err zj_paper_begin(struct zj_job *job, struct zj_paper *paper,
                      const struct zj_paper_table *table)
{
    const struct zj_paper_form form = {
        .title = zj_tr(job, table->en, table->zh),
        .note = table->note_en ? zj_tr(job, table->note_en, table->note_zh) : NULL,
        .cols = table->is_upright ? upright_cols : table->cols,
        .col_count = table->is_upright ? ZJ_COUNT(upright_cols) : table->col_count,
        .is_upright = table->is_upright,
    };
    paper->table = table;
    return paper->maker->begin(job, paper->file, &form);
}

static void say_bytes(double bytes, struct zj_buf *out)
{
    char size[ZJ_SIZE_TEXT];
    zj_size_text(bytes > 0 ? (uint64_t)bytes : 0, size);
    zj_buf_str(out, size);
}

/* "1,234,567" */
static void say_grouped(int64_t number, struct zj_buf *out)
{
    char digits[24];
    const int len = snprintf(digits, sizeof digits, "%lld", (long long)(number < 0 ? -number : number));
    if (number < 0)
        zj_buf_byte(out, '-');
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            zj_buf_byte(out, ',');
        zj_buf_byte(out, (uint8_t)digits[i]);
    }
}

static void say_number(double number, bool is_code, struct zj_buf *out)
{
    if (is_code) /* a year, a number of something */
        zj_buf_printf(out, "%.15g", number);
    else if (number == (double)(int64_t)number)
        say_grouped((int64_t)number, out);
    else
        zj_buf_printf(out, "%.6g", number);
}

static enum zj_tone say_text(const struct zj_job *job, const struct zj_paper_col *col,
                             struct zj_span text, struct zj_buf *out)
{
    for (const struct zj_paper_word *w = col->words; w && w->value; w++)
        if (zj_span_eq_str(text, w->value)) {
            zj_buf_str(out, zj_tr(job, w->en, w->zh));
            return w->tone;
        }
    if (col->kind == ZJ_CELL_TIME && text.len >= 16 && text.at[10] == 'T') {
        zj_buf_span(out, zj_span_part(text, 0, 10));
        zj_buf_byte(out, ' ');
        zj_buf_span(out, zj_span_part(text, 11, 5));
    } else {
        zj_buf_span(out, text);
    }
    return ZJ_TONE_PLAIN;
}

/* The value as text behind what is in `out`; is_number and number of the cell where it is one. */
static enum zj_tone say_value(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *value, struct zj_buf *out,
                              struct zj_paper_cell *cell)
{
    enum zj_tone tone = ZJ_TONE_PLAIN;
    switch (zj_jval_type(value)) {
    case ZJ_J_NUMBER:
        cell->number = zj_jval_num(value, 0);
        cell->is_number = true;
        if (col->kind == ZJ_CELL_BYTES)
            say_bytes(cell->number, out);
        else if (col->kind == ZJ_CELL_SHARE)
            zj_buf_printf(out, "%.4g%%", cell->number * 100);
        else
            say_number(cell->number, col->kind == ZJ_CELL_CODE, out);
        return ZJ_TONE_PLAIN;
    case ZJ_J_STRING:
        return say_text(job, col, zj_jval_text(value), out);
    case ZJ_J_BOOL:
        if (zj_jval_bool(value, false))
            zj_buf_str(out, zj_tr(job, "yes", "是"));
        return ZJ_TONE_PLAIN;
    case ZJ_J_ARRAY:
        for (const struct zj_jval *v = zj_jval_first(value); v; v = zj_jval_next(v)) {
            if (v != zj_jval_first(value))
                zj_buf_str(out, zj_tr(job, "; ", "；"));
            tone = say_text(job, col, zj_jval_text(v), out);
        }
        return tone;
    case ZJ_J_NONE:
    case ZJ_J_NULL:
    case ZJ_J_OBJECT:
        break;
    }
    return ZJ_TONE_PLAIN;
}

static void say_mark(const struct zj_paper_col *col, const struct zj_jval *row, struct zj_buf *out)
{
    const struct zj_jval *value = zj_jval_at(row, col->path);
    if (zj_jval_type(value) != ZJ_J_NUMBER || zj_jval_num(value, 0) <= 0)
        return;
    if (col->least && zj_jval_bool(zj_jval_get(row, col->least), false))
        zj_buf_str(out, "≥ ");
    else if (col->about &&
             (!col->about[0] || zj_jval_bool(zj_jval_get(row, col->about), false)))
        zj_buf_str(out, "≈ ");
}

/* At most so many characters, whole ones. */
static size_t cut(struct zj_span text)
{
    if (text.len <= ZJ_PAPER_CELL_CHARS_MAX)
        return text.len;
    size_t len = ZJ_PAPER_CELL_CHARS_MAX;
    while (len && (text.at[len] & 0xc0) == 0x80)
        len--;
    return len;
}

static void read_cells(const struct zj_job *job, struct zj_paper *paper, const struct zj_jval *row,
                       struct zj_paper_cell *cells)
{
    const struct zj_paper_table *t = paper->table;
    size_t starts[ZJ_PAPER_COLS_MAX + 1];
    paper->text.len = 0;
    for (size_t i = 0; i < t->col_count; i++) {
        const struct zj_paper_col *col = &t->cols[i];
        starts[i] = paper->text.len;
        cells[i] = (struct zj_paper_cell){0};
        say_mark(col, row, &paper->text);
        cells[i].tone = col->say ? col->say(job, col, row, &paper->text)
                                 : say_value(job, col, zj_jval_at(row, col->path), &paper->text,
                                             &cells[i]);
        paper->text.len = starts[i] + cut(zj_span_part(zj_buf_all(&paper->text), starts[i],
                                                       paper->text.len));
    }
    starts[t->col_count] = paper->text.len;
    for (size_t i = 0; i < t->col_count; i++)
        cells[i].text = zj_span_of(paper->text.at + starts[i], starts[i + 1] - starts[i]);
}

zj_err zj_paper_expect(struct zj_job *job, const struct zj_paper *paper, int64_t rows)
{
    if (rows <= paper->maker->rows_max)
        return ZJ_OK;
    const bool is_pdf = paper->maker == &zj_maker_pdf;
    return zj_fail(job, ZJ_ELIMIT,
                   zj_tr(job, "%lld rows, %s holds %lld: set a filter%s",
                         "共 %lld 行，%s 最多容纳 %lld 行，请先筛选%s"),
                   (long long)rows, paper->maker->name, (long long)paper->maker->rows_max,
                   is_pdf ? zj_tr(job, ", or take xlsx", "，或改用 xlsx") : "");
}

zj_err zj_paper_row(struct zj_job *job, struct zj_paper *paper, const struct zj_jval *row)
{
    struct zj_paper_cell cells[ZJ_PAPER_COLS_MAX];
    const struct zj_paper_table *t = paper->table;
    zj_err err = ZJ_OK;
    if (paper->rows >= paper->maker->rows_max)
        return zj_paper_expect(job, paper, paper->rows + 1);
    paper->rows++;
    read_cells(job, paper, row, cells);
    if (!t->is_upright)
        return paper->maker->row(job, paper->file, cells);
    for (size_t i = 0; i < t->col_count && !err; i++) {
        const struct zj_paper_cell line[] = {
            {.text = zj_span_str(zj_tr(job, t->cols[i].en, t->cols[i].zh))}, cells[i]};
        err = paper->maker->row(job, paper->file, line);
    }
    return err;
}

int64_t zj_paper_row_count(const struct zj_paper *paper)
{
    return paper->rows;
}

zj_err zj_paper_close(struct zj_job *job, struct zj_paper *paper)
{
    const zj_err err = paper->maker->close(job, paper->file);
    zj_buf_release(&paper->text);
    free(paper);
    return err;
}

void zj_paper_drop(struct zj_paper *paper)
{
    if (!paper)
        return;
    paper->maker->drop(paper->file);
    zj_buf_release(&paper->text);
    free(paper);
}
