/* XLSX (ECMA-376): a ZIP of XML parts. Read with a SAX parser, one row at a time.
 *
 *   xl/workbook.xml -> the first visible sheet's id, the date system
 *   xl/_rels/workbook.xml.rels -> the sheet's part
 *   xl/styles.xml -> which cell formats show dates
 *   xl/sharedStrings.xml -> text, referred to by number
 *
 * Formulas give the value that was stored with them; a program that only writes workbooks stores
 * none. Document types, and with them entities, are
 * refused; so are parts that unpack to far more than they hold. */
#include <errno.h>
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>
#include <zip.h>

#include "base/clock.h"
#include "register/sheet.h"
#include "register/xlsx_strings.h"

enum {
    ENTRIES_MAX = 10000,
    STYLES_MAX = 65536,
    RATIO_MAX = 400,
    ROWS_MAX = 1048576,
    EXCEL_EPOCH = 25569, /* serial number of 1970-01-01 */
    EPOCH_1904 = 1462,
};
static const uint64_t ratio_free_bytes = 64 << 20;
static const uint64_t part_bytes_max = UINT64_C(8) << 30;

struct xlsx {
    struct zj_job *job;
    const struct zj_sheet_out *out;
    zip_t *zip;
    XML_Parser parser;
    zj_err err;
    struct zj_buf text;
    bool in_text;

    char sheet_id[64], sheet_part[256];
    bool is_1904;

    uint8_t *is_date; /* by cell format */
    size_t format_count;
    bool in_cell_formats;
    uint32_t date_codes[256]; /* custom number formats that show dates */
    size_t date_code_count;

    struct zj_strings *strings;
    unsigned phonetic; /* depth inside reading aids, whose text is none of the cell's */

    int64_t row;
    size_t col, count;
    char type; /* of the cell: n, s, d, b, e, or i for text in place */
    size_t format;
    bool is_formula, has_formula; /* the cell; the row has one without a value */
    struct zj_buf row_text;
    size_t starts[ZJ_SHEET_COLS_MAX], lens[ZJ_SHEET_COLS_MAX];
    enum zj_sheet_kind kinds[ZJ_SHEET_COLS_MAX];
};

static void stop(struct xlsx *x, zj_err err)
{
    x->err = err;
    XML_StopParser(x->parser, XML_FALSE);
}

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *want)
{
    return strcmp(local(name), want) == 0;
}

static const char *attribute(const char **attrs, const char *name)
{
    for (; attrs[0]; attrs += 2)
        if (strcmp(attrs[0], name) == 0)
            return attrs[1];
    return NULL;
}

static bool is_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static void XMLCALL on_text(void *ctx, const char *text, int len)
{
    struct xlsx *x = ctx;
    if (!x->in_text || x->phonetic)
        return;
    if (x->text.len + (size_t)len > ZJ_SHEET_CELL_BYTES_MAX) {
        stop(x, zj_fail(x->job, ZJ_ELIMIT,
                        zj_tr(x->job, "a cell near row %lld is over %d bytes",
                              "第 %lld 行附近有单元格超过 %d 字节"),
                        (long long)x->row, ZJ_SHEET_CELL_BYTES_MAX));
        return;
    }
    zj_buf_span(&x->text, zj_span_of(text, (size_t)len));
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int has_subset)
{
    struct xlsx *x = ctx;
    (void)name, (void)system, (void)public, (void)has_subset; /* none is allowed at all */
    stop(x, zj_fail(x->job, ZJ_EINPUT, "%s",
                    zj_tr(x->job, "a document type inside: no workbook of a spreadsheet",
                          "含有文档类型声明，不是电子表格生成的工作簿")));
}

/* --- parts ------------------------------------------------------------------------------------ */

struct handlers {
    XML_StartElementHandler start;
    XML_EndElementHandler end;
};

static zj_err damaged(struct xlsx *x, const char *part, const char *why)
{
    return zj_fail(x->job, ZJ_EINPUT, zj_tr(x->job, "%s is damaged: %s", "%s 已损坏：%s"), part,
                   why);
}

static zj_err parse_stream(struct xlsx *x, const char *part, zip_file_t *file,
                           const zip_stat_t *stat)
{
    uint64_t total = 0;
    for (;;) {
        void *room = XML_GetBuffer(x->parser, 64 * 1024);
        if (!room)
            return damaged(x, part, XML_ErrorString(XML_GetErrorCode(x->parser)));
        const zip_int64_t n = zip_fread(file, room, 64 * 1024);
        if (n < 0)
            return damaged(x, part, zip_file_strerror(file));
        total += (uint64_t)n;
        if (total > part_bytes_max ||
            (total > ratio_free_bytes && total / RATIO_MAX > stat->comp_size))
            return zj_fail(x->job, ZJ_ELIMIT,
                           zj_tr(x->job, "%s unpacks to far more than it should",
                                 "%s 解压后大小异常"),
                           part);
        if (XML_ParseBuffer(x->parser, (int)n, n == 0) == XML_STATUS_ERROR)
            return x->err ? x->err
                          : damaged(x, part, XML_ErrorString(XML_GetErrorCode(x->parser)));
        if (n == 0)
            return ZJ_OK;
    }
}

static zj_err parse_part(struct xlsx *x, const char *part, const struct handlers *handlers,
                         bool is_needed)
{
    zip_stat_t stat;
    const zip_int64_t index = zip_name_locate(x->zip, part, ZIP_FL_NOCASE);
    if (index < 0) {
        if (!is_needed)
            return ZJ_OK;
        return zj_fail(x->job, ZJ_EINPUT, zj_tr(x->job, "no %s inside: no workbook",
                                                "缺少 %s，不是工作簿"),
                       part);
    }
    if (zip_stat_index(x->zip, (zip_uint64_t)index, 0, &stat) != 0 ||
        !(stat.valid & ZIP_STAT_COMP_SIZE))
        return damaged(x, part, zip_strerror(x->zip));
    zip_file_t *file = zip_fopen_index(x->zip, (zip_uint64_t)index, 0);
    if (!file)
        return damaged(x, part, zip_strerror(x->zip));
    x->parser = XML_ParserCreate(NULL);
    if (!x->parser)
        abort();
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, handlers->start, handlers->end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    x->text.len = 0;
    x->in_text = false;
    zj_err err = parse_stream(x, part, file, &stat);
    XML_ParserFree(x->parser);
    x->parser = NULL;
    zip_fclose(file);
    return err;
}

/* --- workbook, relations, styles -------------------------------------------------------------- */

static void XMLCALL workbook_start(void *ctx, const char *name, const char **attrs)
{
    struct xlsx *x = ctx;
    if (is(name, "workbookPr"))
        x->is_1904 = is_true(attribute(attrs, "date1904"));
    if (!is(name, "sheet") || x->sheet_id[0])
        return;
    const char *state = attribute(attrs, "state");
    if (state && strcmp(state, "visible") != 0)
        return;
    for (; attrs[0]; attrs += 2) /* r:id, by whatever prefix */
        if (strchr(attrs[0], ':') && is(attrs[0], "id"))
            snprintf(x->sheet_id, sizeof x->sheet_id, "%s", attrs[1]);
}

static void XMLCALL rels_start(void *ctx, const char *name, const char **attrs)
{
    struct xlsx *x = ctx;
    const char *id = attribute(attrs, "Id"), *target = attribute(attrs, "Target");
    if (!is(name, "Relationship") || !id || !target || strcmp(id, x->sheet_id) != 0)
        return;
    if (target[0] == '/')
        snprintf(x->sheet_part, sizeof x->sheet_part, "%s", target + 1);
    else
        snprintf(x->sheet_part, sizeof x->sheet_part, "xl/%s", target);
}

/* A format code shows a date where a y or d stands outside quotes and brackets. */
static bool shows_date(const char *code)
{
    char closing = 0;
    for (; *code; code++) {
        if (closing) {
            if (*code == closing)
                closing = 0;
        } else if (*code == '"') {
            closing = '"';
        } else if (*code == '[') {
            closing = ']';
        } else if (*code == '\\' && code[1]) {
            code++;
        } else if ((*code | 0x20) == 'y' || (*code | 0x20) == 'd') {
            return true;
        }
    }
    return false;
}

static bool is_date_code(const struct xlsx *x, uint32_t id)
{
    /* built-in formats: ECMA-376 18.8.30, with those of Chinese and Japanese editions */
    if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
        (id >= 50 && id <= 54) || id == 57 || id == 58)
        return true;
    for (size_t i = 0; i < x->date_code_count; i++)
        if (x->date_codes[i] == id)
            return true;
    return false;
}

static void XMLCALL styles_start(void *ctx, const char *name, const char **attrs)
{
    struct xlsx *x = ctx;
    const char *id = attribute(attrs, "numFmtId");
    const uint32_t number = id ? (uint32_t)strtoul(id, NULL, 10) : 0;
    if (is(name, "numFmt")) {
        const char *code = attribute(attrs, "formatCode");
        if (code && shows_date(code) && x->date_code_count < ZJ_COUNT(x->date_codes))
            x->date_codes[x->date_code_count++] = number;
    } else if (is(name, "cellXfs")) {
        x->in_cell_formats = true;
        x->is_date = zj_realloc(x->is_date, STYLES_MAX);
    } else if (is(name, "xf") && x->in_cell_formats && x->format_count < STYLES_MAX) {
        x->is_date[x->format_count++] = is_date_code(x, number);
    }
}

static void XMLCALL styles_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    if (is(name, "cellXfs"))
        x->in_cell_formats = false;
}

/* --- shared strings --------------------------------------------------------------------------- */

static void XMLCALL strings_start(void *ctx, const char *name, const char **attrs)
{
    struct xlsx *x = ctx;
    (void)attrs; /* none matters */
    if (is(name, "si"))
        x->text.len = 0;
    else if (is(name, "rPh"))
        x->phonetic++;
    else if (is(name, "t"))
        x->in_text = true;
}

static void XMLCALL strings_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    if (is(name, "t"))
        x->in_text = false;
    else if (is(name, "rPh"))
        x->phonetic--;
    else if (is(name, "si")) {
        zj_err err = zj_strings_add(x->job, x->strings, zj_buf_all(&x->text));
        if (err)
            stop(x, err);
    }
}

/* --- the sheet -------------------------------------------------------------------------------- */

/* "BC12" gives column 54 (from 0); SIZE_MAX where it is none. */
static size_t column_of(const char *ref)
{
    size_t col = 0;
    int letters = 0;
    for (; *ref >= 'A' && *ref <= 'Z' && letters < 4; ref++, letters++)
        col = col * 26 + (size_t)(*ref - 'A' + 1);
    return letters && letters < 4 ? col - 1 : SIZE_MAX;
}

static void start_cell(struct xlsx *x, const char **attrs)
{
    const char *ref = attribute(attrs, "r"), *type = attribute(attrs, "t");
    const char *format = attribute(attrs, "s");
    const size_t col = ref ? column_of(ref) : x->col;
    x->col = col;
    x->format = format ? strtoul(format, NULL, 10) : 0;
    x->text.len = 0;
    x->is_formula = false;
    x->type = 'n';
    if (type && strcmp(type, "inlineStr") == 0)
        x->type = 'i';
    else if (type && strcmp(type, "str") == 0)
        x->type = 'i';
    else if (type && type[0] && strchr("sbed", type[0]))
        x->type = type[0];
}

static void XMLCALL sheet_start(void *ctx, const char *name, const char **attrs)
{
    struct xlsx *x = ctx;
    if (is(name, "row")) {
        const char *number = attribute(attrs, "r");
        x->row = number ? strtoll(number, NULL, 10) : x->row + 1;
        x->col = x->count = 0;
        x->row_text.len = 0;
        x->has_formula = false;
        if (x->row < 1 || x->row > ROWS_MAX)
            stop(x, zj_fail(x->job, ZJ_EINPUT,
                            zj_tr(x->job, "row number %lld is none", "行号 %lld 无效"),
                            (long long)x->row));
    } else if (is(name, "c")) {
        start_cell(x, attrs);
    } else if (is(name, "v") || is(name, "t")) {
        x->in_text = true;
    } else if (is(name, "rPh")) {
        x->phonetic++;
    } else if (is(name, "f")) {
        x->is_formula = true;
    }
}

static bool date_of_serial(const struct xlsx *x, struct zj_span number, char out[ZJ_TIME_TEXT])
{
    char copy[64];
    if (number.len == 0 || number.len >= sizeof copy)
        return false;
    memcpy(copy, number.at, number.len);
    copy[number.len] = '\0';
    const double moment = strtod(copy, NULL), day = floor(moment);
    const double serial = day + (x->is_1904 ? EPOCH_1904 : 0);
    if (!(serial >= 1 && serial <= 2958465))
        return false;
    /* 60 is 1900-02-29, a day that never was: before it the count is one off */
    zj_date_format((int32_t)serial - EXCEL_EPOCH + (serial < 60), out);
    const int second = (int)lround((moment - day) * 86400);
    if (second > 0 && second < 86400)
        snprintf(out + 10, ZJ_TIME_TEXT - 10, " %02d:%02d:%02d", second / 3600, second / 60 % 60,
                 second % 60);
    return true;
}

static zj_err put_value(struct xlsx *x, enum zj_sheet_kind *out_kind)
{
    const struct zj_span value = zj_buf_all(&x->text);
    char date[ZJ_TIME_TEXT];
    *out_kind = ZJ_SHEET_TEXT;
    if (x->type == 's')
        return zj_strings_get(x->job, x->strings, strtoul(zj_buf_cstr(&x->text), NULL, 10),
                              &x->row_text);
    if (x->type == 'b')
        zj_buf_str(&x->row_text, zj_span_eq_str(value, "1") ? "TRUE" : "FALSE");
    else if (x->type == 'd') /* ISO 8601 with a time */
        zj_buf_span(&x->row_text, zj_span_part(value, 0, 19));
    else if (x->type == 'n' && x->format < x->format_count && x->is_date[x->format] &&
             date_of_serial(x, value, date)) {
        *out_kind = ZJ_SHEET_DATE;
        zj_buf_str(&x->row_text, date);
    } else {
        if (x->type == 'n')
            *out_kind = ZJ_SHEET_NUMBER;
        if (x->type == 'e')
            *out_kind = ZJ_SHEET_FAULT;
        zj_buf_span(&x->row_text, value);
    }
    return ZJ_OK;
}

static void end_cell(struct xlsx *x)
{
    const size_t col = x->col++;
    /* one that was calculated to nothing is of the type str */
    const bool has_no_value = x->text.len == 0 && x->is_formula && x->type != 'i';
    if (x->text.len == 0 && !has_no_value)
        return;
    if (col >= ZJ_SHEET_COLS_MAX) {
        stop(x, zj_fail(x->job, ZJ_ELIMIT,
                        zj_tr(x->job, "row %lld has more than %d columns",
                              "第 %lld 行超过 %d 列"),
                        (long long)x->row, ZJ_SHEET_COLS_MAX));
        return;
    }
    for (; x->count <= col; x->count++) {
        x->lens[x->count] = 0;
        x->starts[x->count] = 0;
        x->kinds[x->count] = ZJ_SHEET_TEXT;
    }
    x->starts[col] = x->row_text.len;
    x->kinds[col] = ZJ_SHEET_FORMULA;
    x->has_formula |= has_no_value;
    zj_err err = has_no_value ? ZJ_OK : put_value(x, &x->kinds[col]);
    x->lens[col] = x->row_text.len - x->starts[col];
    if (!err && x->row_text.len > ZJ_SHEET_ROW_BYTES_MAX)
        err = zj_fail(x->job, ZJ_ELIMIT,
                      zj_tr(x->job, "row %lld is over %d bytes", "第 %lld 行超过 %d 字节"),
                      (long long)x->row, ZJ_SHEET_ROW_BYTES_MAX);
    if (err)
        stop(x, err);
}

static void XMLCALL sheet_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    if (x->err)
        return;
    if (is(name, "v") || is(name, "t")) {
        x->in_text = false;
    } else if (is(name, "rPh")) {
        x->phonetic--;
    } else if (is(name, "c")) {
        end_cell(x);
    } else if (is(name, "row") && (x->row_text.len || x->has_formula)) {
        struct zj_sheet_cell cells[ZJ_SHEET_COLS_MAX];
        for (size_t i = 0; i < x->count; i++)
            cells[i] = (struct zj_sheet_cell){
                zj_span_of(x->row_text.at + x->starts[i], x->lens[i]), x->kinds[i]};
        const struct zj_sheet_row row = {x->row, x->count, cells};
        zj_err err = x->out->row(x->job, x->out->ctx, &row);
        if (err)
            stop(x, err);
    }
}

static zj_err read_parts(struct xlsx *x)
{
    static const struct handlers workbook = {workbook_start, NULL}, rels = {rels_start, NULL},
                                 styles = {styles_start, styles_end},
                                 strings = {strings_start, strings_end},
                                 sheet = {sheet_start, sheet_end};
    zj_err err = parse_part(x, "xl/workbook.xml", &workbook, true);
    if (!err)
        err = parse_part(x, "xl/_rels/workbook.xml.rels", &rels, true);
    if (!err && !x->sheet_part[0])
        err = zj_fail(x->job, ZJ_EINPUT, "%s",
                      zj_tr(x->job, "the workbook has no visible sheet", "工作簿没有可见的工作表"));
    if (!err)
        err = parse_part(x, "xl/styles.xml", &styles, false);
    if (!err)
        err = parse_part(x, "xl/sharedStrings.xml", &strings, false);
    if (!err)
        err = parse_part(x, x->sheet_part, &sheet, true);
    return err;
}

zj_err zj_xlsx_read(struct zj_job *job, int fd, int spool_fd, const struct zj_sheet_out *out)
{
    int code = 0;
    const int own = dup(fd);
    if (own < 0)
        return zj_fail(job, ZJ_EIO, "dup: %s", zj_strerror(job, errno));
    zip_t *zip = zip_fdopen(own, 0, &code);
    if (!zip) {
        close(own);
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "the workbook is damaged or cut off: its ZIP cannot be read",
                             "工作簿已损坏或不完整：无法读取其 ZIP"));
    }
    if (zip_get_num_entries(zip, 0) > ENTRIES_MAX) {
        zip_discard(zip);
        return zj_fail(job, ZJ_ELIMIT, zj_tr(job, "more than %d parts inside", "部件超过 %d 个"),
                       ENTRIES_MAX);
    }
    struct xlsx *x = zj_alloc(sizeof *x);
    x->job = job;
    x->out = out;
    x->zip = zip;
    x->strings = zj_strings_new(spool_fd);
    zj_err err = read_parts(x);
    zj_strings_free(x->strings);
    zj_buf_release(&x->text);
    zj_buf_release(&x->row_text);
    free(x->is_date);
    free(x);
    zip_discard(zip);
    return err;
}
