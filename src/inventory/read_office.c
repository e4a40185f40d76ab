/* Workbooks and documents of Office Open XML: sheets as tables, the text of documents and slides as
 * text. The parts are XML in a zip; what they unpack to is bounded like any archive. */
#include <expat.h>
#include <zip.h>

#include "inventory/rows.h"

enum {
    STRINGS_MAX = 4 << 20,
    STRING_BYTES_MAX = 256 << 20,
    CELL_MAX = 1 << 16,
    STEP = 1 << 16,
    SHEETS_MAX = 1024,
    ROW_COLS_MAX = ZJ_TABLE_COLS_MAX
};

struct book {
    struct zj_scan *scan;
    zip_t *zip;
    const char *path;
    struct zj_buf strings; /* shared ones, one behind the other */
    uint32_t *string_ends;
    size_t string_count, string_cap;
    struct {
        char *name, *id;
    } sheets[SHEETS_MAX];
    size_t sheet_count;
    struct zj_buf text; /* of the element at hand */
    bool takes_text;

    struct zj_inv_table *table; /* of the sheet being read */
    struct zj_buf row;          /* cells of the row, one behind the other */
    uint32_t ends[ROW_COLS_MAX];
    struct zj_span cells[ROW_COLS_MAX];
    size_t cell_count, cell_at;
    char cell_type; /* s shared, other: as it stands */
    char *target;   /* of the relation looked for */
    const char *wanted_id;
};

typedef void XMLCALL start_fn(void *ctx, const char *name, const char **attributes);
typedef void XMLCALL end_fn(void *ctx, const char *name);

/* Without the prefix of its namespace. */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(local(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

static void XMLCALL on_text(void *ctx, const char *text, int len)
{
    struct book *b = ctx;
    if (b->takes_text && len > 0 && b->text.len + (size_t)len <= CELL_MAX)
        zj_buf_span(&b->text, zj_span_of(text, (size_t)len));
}

static const char *no_part(struct book *b)
{
    return zj_tr(b->scan->job, "a part is missing or broken", "缺少部件或部件损坏");
}

/* Reads one part through expat; NULL: it is whole, else what is wrong. */
static const char *read_part(struct book *b, const char *name, start_fn *on_start, end_fn *on_end)
{
    zip_file_t *file = zip_fopen(b->zip, name, 0);
    if (!file)
        return no_part(b);
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetUserData(parser, b);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    uint8_t *block = zj_alloc(STEP);
    const char *fault = NULL;
    struct zj_scan *scan = b->scan;
    for (zip_int64_t got = 1; got > 0 && !fault;) {
        got = zip_fread(file, block, STEP);
        scan->inflated += got > 0 ? (uint64_t)got : 0;
        if (got < 0)
            fault = no_part(b);
        else if (zj_scan_is_bomb(scan))
            fault = zj_tr(scan->job, "unpacks to far more than it is: a bomb, left alone",
                          "解压后远超原大小，疑似压缩炸弹，已停止");
        else if (XML_Parse(parser, (const char *)block, (int)got, got == 0) != XML_STATUS_OK)
            fault = XML_ErrorString(XML_GetErrorCode(parser));
    }
    free(block);
    XML_ParserFree(parser);
    zip_fclose(file);
    b->takes_text = false;
    b->text.len = 0;
    return fault;
}

/* --- shared strings ------------------------------------------------------------------------------
 */
static void XMLCALL on_string_start(void *ctx, const char *name, const char **attributes)
{
    struct book *b = ctx;
    (void)attributes; /* say how it looks */
    name = local(name);
    if (strcmp(name, "si") == 0)
        b->text.len = 0;
    b->takes_text = strcmp(name, "t") == 0;
}

static void XMLCALL on_string_end(void *ctx, const char *name)
{
    struct book *b = ctx;
    b->takes_text = false;
    if (strcmp(local(name), "si") != 0 || b->string_count >= STRINGS_MAX ||
        b->strings.len + b->text.len > STRING_BYTES_MAX)
        return;
    if (b->string_count == b->string_cap) {
        b->string_cap = b->string_cap ? b->string_cap * 2 : 1024;
        b->string_ends = zj_realloc(b->string_ends, b->string_cap * sizeof *b->string_ends);
    }
    zj_buf_span(&b->strings, zj_buf_all(&b->text));
    b->string_ends[b->string_count++] = (uint32_t)b->strings.len;
}

static struct zj_span shared_string(const struct book *b, struct zj_span number)
{
    size_t at = 0;
    for (size_t i = 0; i < number.len && at < b->string_count; i++)
        at = at * 10 + (size_t)(number.at[i] - '0') % 10;
    if (at >= b->string_count)
        return (struct zj_span){0};
    const size_t from = at ? b->string_ends[at - 1] : 0;
    return zj_span_of(b->strings.at + from, b->string_ends[at] - from);
}

/* --- sheets --------------------------------------------------------------------------------------
 */
static void XMLCALL on_book_start(void *ctx, const char *name, const char **attributes)
{
    struct book *b = ctx;
    const char *title = attribute(attributes, "name"), *id = NULL;
    for (size_t i = 0; attributes[i]; i += 2) /* r:id, not sheetId */
        if (strchr(attributes[i], ':') && strcmp(local(attributes[i]), "id") == 0)
            id = attributes[i + 1];
    if (strcmp(local(name), "sheet") != 0 || !title || !id || b->sheet_count == SHEETS_MAX)
        return;
    b->sheets[b->sheet_count].name = zj_strdup(title);
    b->sheets[b->sheet_count++].id = zj_strdup(id);
}

static void XMLCALL on_relation(void *ctx, const char *name, const char **attributes)
{
    struct book *b = ctx;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (strcmp(local(name), "Relationship") != 0 || !id || !target || b->target ||
        strcmp(id, b->wanted_id) != 0)
        return;
    struct zj_buf path = {0};
    zj_buf_printf(&path, "%s%s", target[0] == '/' ? "" : "xl/", target + (target[0] == '/'));
    b->target = zj_strdup(zj_buf_cstr(&path));
    zj_buf_release(&path);
}

static void XMLCALL on_nothing(void *ctx, const char *name)
{
    (void)ctx, (void)name; /* what matters stands in the start of an element */
}

/* "AB12" is column 27. */
static size_t column_of(const char *reference, size_t otherwise)
{
    size_t col = 0;
    if (!reference || reference[0] < 'A' || reference[0] > 'Z')
        return otherwise;
    for (; *reference >= 'A' && *reference <= 'Z' && col < ROW_COLS_MAX; reference++)
        col = col * 26 + (size_t)(*reference - 'A') + 1;
    return col - 1;
}

static void XMLCALL on_sheet_start(void *ctx, const char *name, const char **attributes)
{
    struct book *b = ctx;
    name = local(name);
    if (strcmp(name, "row") == 0) {
        b->row.len = 0;
        b->cell_count = 0;
    } else if (strcmp(name, "c") == 0) {
        const char *type = attribute(attributes, "t");
        b->cell_type = type && strcmp(type, "s") == 0 ? 's' : 'v';
        b->cell_at = column_of(attribute(attributes, "r"), b->cell_count);
        b->text.len = 0;
    }
    b->takes_text = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
}

static void end_cell(struct book *b)
{
    if (b->cell_at >= ROW_COLS_MAX || b->cell_at < b->cell_count)
        return;
    while (b->cell_count < b->cell_at) /* cells left out are empty */
        b->ends[b->cell_count++] = (uint32_t)b->row.len;
    zj_buf_span(&b->row, b->cell_type == 's' ? shared_string(b, zj_buf_all(&b->text))
                                             : zj_buf_all(&b->text));
    b->ends[b->cell_count++] = (uint32_t)b->row.len;
    b->text.len = 0;
}

static void XMLCALL on_sheet_end(void *ctx, const char *name)
{
    struct book *b = ctx;
    name = local(name);
    b->takes_text = false;
    if (strcmp(name, "c") == 0)
        end_cell(b);
    if (strcmp(name, "row") != 0 || !b->row.len)
        return;
    for (size_t i = 0; i < b->cell_count; i++) {
        const size_t from = i ? b->ends[i - 1] : 0;
        b->cells[i] = zj_span_of(b->row.at + from, b->ends[i] - from);
    }
    zj_rows_take(b->table, b->cells, b->cell_count);
}

static zj_err read_sheet(struct book *b, size_t at)
{
    struct zj_scan *scan = b->scan;
    const char *place =
        zj_arena_printf(&scan->job->arena, "%s!%.200s", b->path, b->sheets[at].name);
    b->wanted_id = b->sheets[at].id;
    free(ZJ_TAKE(b->target));
    const char *fault = read_part(b, "xl/_rels/workbook.xml.rels", on_relation, on_nothing);
    if (fault || !b->target)
        return zj_scan_unread(scan, place, fault ? fault : no_part(b));
    b->table = zj_inv_table_new(scan, place, "xlsx");
    fault = read_part(b, b->target, on_sheet_start, on_sheet_end);
    zj_err err = zj_inv_table_emit(b->table);
    zj_inv_table_free(ZJ_TAKE(b->table));
    if (!err && fault)
        err = zj_scan_unread(scan, place, fault);
    return err;
}

static zj_err read_workbook(struct book *b)
{
    zj_err err = ZJ_OK;
    const char *fault = read_part(b, "xl/workbook.xml", on_book_start, on_nothing);
    if (!fault && zip_name_locate(b->zip, "xl/sharedStrings.xml", 0) >= 0)
        fault = read_part(b, "xl/sharedStrings.xml", on_string_start, on_string_end);
    if (fault)
        err = zj_scan_unread(b->scan, b->path, fault);
    for (size_t i = 0; !err && i < b->sheet_count && !b->scan->is_over; i++)
        err = read_sheet(b, i);
    return err;
}

/* --- documents -----------------------------------------------------------------------------------
 */
static void XMLCALL on_document_start(void *ctx, const char *name, const char **attributes)
{
    struct book *b = ctx;
    (void)attributes; /* say how it looks */
    name = local(name);
    b->takes_text = strcmp(name, "t") == 0;
    if (strcmp(name, "tab") == 0)
        zj_buf_byte(&b->text, '\t');
}

static void XMLCALL on_document_end(void *ctx, const char *name)
{
    struct book *b = ctx;
    b->takes_text = false;
    if (strcmp(local(name), "p") != 0 || !b->text.len)
        return;
    zj_buf_byte(&b->text, '\n');
    zj_inv_table_text(b->table, zj_buf_all(&b->text));
    zj_inv_table_row(b->table);
    b->text.len = 0;
}

static bool is_text_part(const char *name)
{
    return strcmp(name, "word/document.xml") == 0 || strcmp(name, "word/footnotes.xml") == 0 ||
           strcmp(name, "word/comments.xml") == 0 || strncmp(name, "word/header", 11) == 0 ||
           strncmp(name, "word/footer", 11) == 0 || strncmp(name, "ppt/slides/slide", 16) == 0;
}

static zj_err read_document(struct book *b)
{
    const char *fault = NULL;
    b->table = zj_inv_table_new(b->scan, b->path, "docx");
    const zip_int64_t count = zip_get_num_entries(b->zip, 0);
    for (zip_int64_t i = 0; !fault && i < count && i < ZJ_SCAN_ENTRIES_MAX; i++) {
        const char *name = zip_get_name(b->zip, (zip_uint64_t)i, 0);
        if (name && is_text_part(name))
            fault = read_part(b, name, on_document_start, on_document_end);
    }
    zj_err err = zj_inv_table_emit(b->table);
    zj_inv_table_free(ZJ_TAKE(b->table));
    if (!err && fault)
        err = zj_scan_unread(b->scan, b->path, fault);
    return err;
}

/* --- the door ------------------------------------------------------------------------------------
 */
static int probe(struct zj_span head, const char *extension)
{
    if (!zj_span_starts(head, ZJ_SPAN_LIT("PK\x03\x04")))
        return 0;
    if (zj_extension_is(extension, "xlsx|xlsm|docx|docm|pptx"))
        return 100;
    return memmem(head.at, head.len, "[Content_Types].xml", 19) ? 96 : 0;
}

static void release(struct book *b)
{
    for (size_t i = 0; i < b->sheet_count; i++)
        free(b->sheets[i].name), free(b->sheets[i].id);
    free(b->string_ends), free(b->target);
    zj_buf_release(&b->strings);
    zj_buf_release(&b->text);
    zj_buf_release(&b->row);
    free(b);
}

static zj_err read_parts(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct zj_span bytes;
    if (!zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes))
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "too large, or cut off", "文件过大或不完整"));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        const zj_err err = zj_scan_unread(scan, path, zip_error_strerror(&error));
        zip_source_free(source);
        zip_error_fini(&error);
        return err;
    }
    if (zip_name_locate(zip, "xl/workbook.bin", 0) >= 0) {
        zip_discard(zip);
        zip_error_fini(&error);
        return zj_scan_unread(
            scan, path,
            zj_tr(scan->job,
                  "binary Excel workbook (.xlsb): its content is not read; save it as .xlsx",
                  "二进制 Excel 工作簿（.xlsb）：未读取其内容，请另存为 .xlsx 后再盘点"));
    }
    struct book *b = zj_alloc(sizeof *b);
    *b = (struct book){.scan = scan, .zip = zip, .path = path};
    const zj_err err =
        zip_name_locate(zip, "xl/workbook.xml", 0) >= 0 ? read_workbook(b) : read_document(b);
    release(b);
    zip_discard(zip);
    zip_error_fini(&error);
    return err;
}

const struct zj_reader_kind zj_reader_office = {
    .name = "office",
    .en = "workbooks and documents (XLSX, DOCX, PPTX)",
    .zh = "电子表格与文档（XLSX、DOCX、PPTX）",
    .probe = probe,
    .read = read_parts,
};
