/* Tables in HTML, and workbooks as XML of Excel 2003: what websites hand out as .xls. Each table is
 * one of rows; what stands outside of them is text. Tags need not be closed. */
#include <strings.h>

#include "inventory/rows.h"

enum { TAG_MAX = 32, COLS_MAX = 4096, CELL_MAX = 1 << 16, TEXT_BLOCK = 1 << 16, LOOK = 1 << 16 };

struct page {
    struct zj_scan *scan;
    const char *path;
    struct zj_inv_table *table; /* NULL: outside of one */
    struct zj_inv_table *text;  /* what stands outside */
    struct zj_buf outside, row; /* cells of the row, one behind the other */
    uint32_t from[COLS_MAX], len[COLS_MAX];
    struct zj_span cells[COLS_MAX];
    size_t count;
    const char *kind;
    unsigned tables, depth; /* tables in tables */
    bool in_cell;
    unsigned endless; /* kinds of what is passed over whose end does not come any more, by bits */
    zj_err err;
};

static bool is_tag(struct zj_span tag, const char *name)
{
    return tag.len == strlen(name) && strncasecmp((const char *)tag.at, name, tag.len) == 0;
}

/* The name of a tag without its namespace. */
static struct zj_span tag_name(struct zj_span tag)
{
    size_t len = 0, from = 0;
    for (; len < tag.len && tag.at[len] > ' ' && tag.at[len] != '/' && tag.at[len] != '>'; len++)
        from = tag.at[len] == ':' ? len + 1 : from;
    return zj_span_part(tag, from, len - from);
}

/* The value of an attribute of a tag; empty: it has none. */
static struct zj_span attribute_in(struct zj_span tag, const char *name)
{
    const size_t len = strlen(name);
    for (size_t at = 1; at + len + 2 < tag.len; at++) {
        if ((tag.at[at - 1] > ' ' && tag.at[at - 1] != ':') || tag.at[at + len] != '=' ||
            strncasecmp((const char *)tag.at + at, name, len) != 0)
            continue;
        const uint8_t quote = tag.at[at + len + 1];
        const size_t from = at + len + 2;
        const uint8_t *end =
            quote == '"' || quote == '\'' ? memchr(tag.at + from, quote, tag.len - from) : NULL;
        return end ? zj_span_of(tag.at + from, (size_t)(end - tag.at) - from) : (struct zj_span){0};
    }
    return (struct zj_span){0};
}

/* --- text ----------------------------------------------------------------------------------------
 */
static void put_code(struct zj_buf *out, uint32_t code)
{
    const uint8_t utf16[4] = {(uint8_t)code, (uint8_t)(code >> 8)};
    if (code > 0 && code < 0x10000)
        zj_text_from_utf16(out, zj_span_of(utf16, 2));
}

/* "&amp;" at the start of `s`: its length, 0 where it is none that is known. */
static size_t put_entity(struct zj_buf *out, struct zj_span s)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                 {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
    for (size_t i = 0; i < ZJ_COUNT(known); i++) {
        if (!zj_span_starts(s, zj_span_str(known[i].name)))
            continue;
        zj_buf_byte(out, (uint8_t)known[i].c);
        return strlen(known[i].name);
    }
    char text[12] = "";
    const uint8_t *end = s.len > 3 ? memchr(s.at, ';', s.len < 10 ? s.len : 10) : NULL;
    if (!end || s.at[1] != '#')
        return 0;
    memcpy(text, s.at + 2, (size_t)(end - s.at) - 2);
    const bool is_hex = (text[0] | 0x20) == 'x';
    put_code(out, (uint32_t)strtoul(text + is_hex, NULL, is_hex ? 16 : 10));
    return (size_t)(end - s.at) + 1;
}

static void put_plain(struct page *p, struct zj_span text)
{
    struct zj_buf *out = p->in_cell ? &p->row : &p->outside;
    if (p->in_cell && p->count && p->row.len - p->from[p->count - 1] + text.len > CELL_MAX)
        return;
    for (size_t at = 0; at < text.len;) {
        const uint8_t *mark = memchr(text.at + at, '&', text.len - at);
        const size_t to = mark ? (size_t)(mark - text.at) : text.len;
        zj_buf_span(out, zj_span_part(text, at, to - at));
        const size_t len = mark ? put_entity(out, zj_span_part(text, to, text.len)) : 0;
        if (mark && !len)
            zj_buf_byte(out, '&');
        at = to + (len ? len : mark ? 1 : 0);
    }
}

static void flush_outside(struct page *p)
{
    if (zj_span_trim(zj_buf_all(&p->outside)).len)
        zj_inv_table_lines(p->text, zj_buf_all(&p->outside));
    p->outside.len = 0;
}

/* --- tables --------------------------------------------------------------------------------------
 */
static void close_cell(struct page *p)
{
    if (p->in_cell && p->count)
        p->len[p->count - 1] = (uint32_t)p->row.len - p->from[p->count - 1];
    p->in_cell = false;
}

static void end_row(struct page *p)
{
    close_cell(p);
    for (size_t i = 0; i < p->count; i++)
        p->cells[i] = zj_span_of(p->row.at + p->from[i], p->len[i]);
    if (p->table && zj_span_trim(zj_buf_all(&p->row)).len)
        zj_rows_take(p->table, p->cells, p->count);
    p->count = 0;
    p->row.len = 0;
}

static void end_table(struct page *p)
{
    end_row(p);
    if (p->table && !p->err)
        p->err = zj_inv_table_emit(p->table);
    zj_inv_table_free(ZJ_TAKE(p->table));
    p->depth = 0;
}

/* The first table has the name of the file, the others their own or a number. */
static void start_table(struct page *p, struct zj_span name)
{
    if (p->depth++)
        return; /* a table in a table: its rows are rows */
    struct zj_arena *arena = &p->scan->job->arena;
    const char *place = p->path;
    p->tables++;
    if (name.len)
        place = zj_arena_printf(arena, "%s!%.*s", p->path, (int)(name.len < 200 ? name.len : 200),
                                (const char *)name.at);
    else if (p->tables > 1)
        place = zj_arena_printf(arena, "%s!%u", p->path, p->tables);
    p->table = zj_inv_table_new(p->scan, place, p->kind);
}

/* A cell may say in which column it stands, from 1 on. */
static void start_cell(struct page *p, struct zj_span tag)
{
    close_cell(p);
    size_t index = 0;
    const struct zj_span text = attribute_in(tag, "Index");
    for (size_t i = 0; i < text.len && index < COLS_MAX; i++)
        index = index * 10 + (size_t)(text.at[i] - '0') % 10;
    do {
        if (p->count == COLS_MAX)
            return;
        p->from[p->count] = (uint32_t)p->row.len;
        p->len[p->count++] = 0;
    } while (p->count < index);
    p->in_cell = true;
}

static void take_tag(struct page *p, struct zj_span tag)
{
    const bool is_end = tag.len && tag.at[0] == '/';
    const bool is_whole = tag.len && tag.at[tag.len - 1] == '/';
    const struct zj_span name = tag_name(zj_span_part(tag, is_end, tag.len));
    if (is_tag(name, "worksheet")) {
        end_table(p);
        if (!is_end)
            start_table(p, attribute_in(tag, "Name"));
    } else if (is_tag(name, "table") && !is_end) {
        start_table(p, (struct zj_span){0});
    } else if (is_tag(name, "table")) {
        if (p->depth && --p->depth == 0)
            end_table(p);
    } else if (!p->table) {
        if (is_tag(name, "br") || is_tag(name, "p") || is_tag(name, "div") || is_tag(name, "li"))
            zj_buf_byte(&p->outside, '\n');
    } else if (is_tag(name, "tr") || is_tag(name, "row")) {
        end_row(p);
    } else if (is_tag(name, "td") || is_tag(name, "th") || is_tag(name, "cell")) {
        if (is_end)
            close_cell(p);
        else
            start_cell(p, tag);
        if (is_whole)
            close_cell(p);
    } else if (p->in_cell && is_tag(name, "br")) {
        zj_buf_byte(&p->row, ' ');
    }
}

/* What is no text for people, up to its end. An end that is missing is looked for once: a page of
 * nothing but beginnings would be read as often as it has them. */
static size_t passed_over(struct page *p, struct zj_span s)
{
    static const struct {
        const char *from, *to;
    } kinds[] = {{"<!--", "-->"},
                 {"<script", "</script"},
                 {"<style", "</style"},
                 {"<Styles", "</Styles"},
                 {"<![CDATA[", "<![CDATA["},
                 {"<DocumentProperties", "</DocumentProperties"}};
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++) {
        const size_t len = strlen(kinds[i].from);
        if (s.len < len || strncasecmp((const char *)s.at, kinds[i].from, len) != 0)
            continue;
        const struct zj_span to = zj_span_str(kinds[i].to);
        const uint8_t *end =
            p->endless & 1u << i ? NULL : memmem(s.at, s.len, to.at, to.len);
        p->endless |= end ? 0 : 1u << i;
        return end ? (size_t)(end - s.at) + to.len : 0;
    }
    return 0;
}

static void take_page(struct page *p, struct zj_span s)
{
    for (size_t at = 0; at < s.len && !p->err;) {
        const uint8_t *mark = memchr(s.at + at, '<', s.len - at);
        const size_t to = mark ? (size_t)(mark - s.at) : s.len;
        put_plain(p, zj_span_part(s, at, to - at));
        if (p->outside.len > TEXT_BLOCK)
            flush_outside(p);
        if (!mark)
            break;
        const size_t passed = passed_over(p, zj_span_part(s, to, s.len));
        const uint8_t *end = passed ? NULL : memchr(mark, '>', s.len - to);
        if (!passed && !end) { /* no tag */
            put_plain(p, zj_span_part(s, to, s.len));
            break;
        }
        if (!passed)
            take_tag(p, zj_span_of(mark + 1, (size_t)(end - mark) - 1));
        at = passed ? to + passed : (size_t)(end - s.at) + 1;
    }
    end_table(p);
    flush_outside(p);
}

static bool holds(struct zj_span head, const char *word)
{
    const size_t len = strlen(word);
    for (size_t at = 0; at + len <= head.len; at++) {
        const uint8_t *next = memchr(head.at + at, word[0], head.len - at);
        if (!next || (size_t)(next - head.at) + len > head.len)
            return false;
        at = (size_t)(next - head.at);
        if (strncasecmp((const char *)next, word, len) == 0)
            return true;
    }
    return false;
}

static int probe(struct zj_span head, const char *extension)
{
    head = zj_span_trim(zj_span_part(head, 0, LOOK));
    if (!head.len || head.at[0] != '<')
        return 0;
    if (holds(head, "<Workbook") && holds(head, "urn:schemas-microsoft-com:office:spreadsheet"))
        return 95;
    const bool is_html = holds(head, "<html") || holds(head, "<table") || holds(head, "<!doctype");
    return is_html && zj_extension_is(extension, "html|htm|xls|xlsx|shtml|asp|jsp|php") ? 92
           : is_html && holds(head, "<tr")                                              ? 60
                                                                                        : 0;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct zj_span bytes;
    if (!zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes))
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "too large, or cut off", "文件过大或不完整"));
    struct page *p = zj_alloc(sizeof *p);
    *p = (struct page){.scan = scan, .path = path};
    p->kind = holds(zj_span_part(bytes, 0, LOOK), "<Workbook") ? "xml" : "html";
    p->text = zj_inv_table_new(scan, path, "text");
    take_page(p, bytes);
    const bool shares_name = p->tables > 0;
    if (shares_name) { /* the first table is called as the file is */
        free(p->text->path);
        p->text->path = zj_strdup(zj_arena_printf(&scan->job->arena, "%s!0", path));
    }
    p->text->is_bytes = shares_name; /* only where something is found */
    zj_err err = p->err;
    if (!err)
        err = zj_inv_table_emit(p->text);
    zj_inv_table_free(p->text);
    zj_buf_release(&p->outside);
    zj_buf_release(&p->row);
    free(p);
    return err;
}

const struct zj_reader_kind zj_reader_markup = {
    .name = "markup",
    .en = "tables in HTML and XML workbooks",
    .zh = "网页表格与 XML 电子表格",
    .is_text = true,
    .probe = probe,
    .read = read,
};
