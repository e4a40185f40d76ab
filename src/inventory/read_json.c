/* JSON and JSON Lines as they stream by: every scalar is a cell of the column its path names
 * ("owner.phone", "trips[].lat"). A row is a top-level value, or an element where the one top-level
 * value is an array. Text that is no JSON is passed over to the next line and counted. */
#include "base/hash.h"
#include "inventory/keys.h"
#include "inventory/maps.h"

enum { HEAD_BYTES = 64 * 1024, DEPTH_MAX = 64, PATH_MAX_BYTES = 1024, TEXT_MAX = 1 << 20 };

/* What a list holds: the kind whose lists are counted as records, the first before the others. */
enum element { OBJECTS, LISTS, SCALARS, ELEMENT_KINDS };

struct parser {
    struct zj_in *in;
    struct zj_inv_table *table;
    struct zj_span window;
    size_t at;
    unsigned depth;
    struct {
        size_t path_len; /* of its parent's path */
        bool is_array;
        uint64_t elements[ELEMENT_KINDS]; /* of an array; of an object those with keys of a map */
    } stack[DEPTH_MAX];
    struct zj_keys keys;
    struct zj_records records[ELEMENT_KINDS];
    struct zj_buf path, text;
    uint64_t top_values, elements, cells, faults, first_fault;
    bool is_deep;
};

static int next(struct parser *p)
{
    if (p->at == p->window.len) {
        zj_in_skip(p->in, p->at);
        p->at = 0;
        p->window = zj_in_peek(p->in, 1);
        if (!p->window.len)
            return -1;
    }
    return p->window.at[p->at++];
}

static void back(struct parser *p)
{
    p->at--; /* the byte just given is still in the window */
}

static int next_token(struct parser *p)
{
    int c;
    do {
        c = next(p);
    } while (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',');
    return c;
}

static void put_byte(struct parser *p, uint8_t byte)
{
    if (p->text.len < TEXT_MAX)
        zj_buf_byte(&p->text, byte);
}

static void put_code(struct parser *p, uint32_t c)
{
    if (c < 0x80) {
        put_byte(p, (uint8_t)c);
        return;
    }
    if (c >= 0x10000) {
        put_byte(p, (uint8_t)(0xf0 | c >> 18));
        put_byte(p, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
    } else if (c >= 0x800) {
        put_byte(p, (uint8_t)(0xe0 | c >> 12));
    } else {
        put_byte(p, (uint8_t)(0xc0 | c >> 6));
    }
    if (c >= 0x800)
        put_byte(p, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
    put_byte(p, (uint8_t)(0x80 | (c & 0x3f)));
}

static bool hex4(struct parser *p, uint32_t *out)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const int c = next(p);
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *out = value;
    return true;
}

static bool escape(struct parser *p)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const int c = next(p);
    const char *known = c > 0 ? memchr(from, c, sizeof from - 1) : NULL;
    if (known) {
        put_byte(p, (uint8_t)to[known - from]);
        return true;
    }
    uint32_t code, low;
    if (c != 'u' || !hex4(p, &code))
        return false;
    if (code >= 0xd800 && code < 0xdc00) {
        if (next(p) != '\\' || next(p) != 'u' || !hex4(p, &low))
            return false;
        code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
                                             : 0xfffd;
    }
    put_code(p, code);
    return true;
}

/* The rest of a string whose quote is taken, into text. */
static bool string(struct parser *p)
{
    p->text.len = 0;
    for (;;) {
        const int c = next(p);
        if (c == '"')
            return true;
        if (c < 0 || c == '\n' || (c == '\\' && !escape(p)))
            return false;
        if (c != '\\')
            put_byte(p, (uint8_t)c);
    }
}

static void cell(struct parser *p)
{
    const struct zj_span name = p->path.len ? zj_buf_all(&p->path) : ZJ_SPAN_LIT("(value)");
    zj_inv_table_cell(p->table, zj_inv_table_col(p->table, name), zj_buf_all(&p->text));
    p->cells++;
}

static void note_element(struct parser *p, enum element kind)
{
    if (p->depth && p->stack[p->depth - 1].is_array)
        p->stack[p->depth - 1].elements[kind]++;
}

static void value_ends(struct parser *p)
{
    p->top_values += p->depth == 0;
    p->elements += p->depth == 1 && p->stack[0].is_array;
    if (p->depth && !p->stack[p->depth - 1].is_array && p->depth <= DEPTH_MAX)
        p->path.len = p->stack[p->depth - 1].path_len;
}

static bool open_value(struct parser *p, bool is_array)
{
    if (p->depth == DEPTH_MAX) {
        p->is_deep = true;
        return false;
    }
    note_element(p, is_array ? LISTS : OBJECTS);
    if (is_array && p->depth && p->path.len < PATH_MAX_BYTES)
        zj_buf_str(&p->path, "[]");
    p->stack[p->depth].path_len = p->path.len;
    p->stack[p->depth].is_array = is_array;
    memset(p->stack[p->depth++].elements, 0, sizeof p->stack[0].elements);
    return true;
}

static bool close_value(struct parser *p, bool is_array)
{
    if (!p->depth || p->stack[p->depth - 1].is_array != is_array)
        return false;
    p->depth--;
    p->path.len = p->stack[p->depth].path_len;
    for (size_t kind = 0; kind < ELEMENT_KINDS; kind++)
        if (p->stack[p->depth].elements[kind])
            zj_records_add(&p->records[kind], zj_hash(zj_buf_all(&p->path), 0),
                           p->stack[p->depth].elements[kind]);
    p->path.len = p->depth ? p->stack[p->depth - 1].path_len : 0;
    value_ends(p);
    return true;
}

/* A number, true, false or null, whose first character is `c`. */
static bool word(struct parser *p, int c)
{
    p->text.len = 0;
    for (; (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' ||
           c == 'E';
         c = next(p))
        put_byte(p, (uint8_t)c);
    if (c >= 0)
        back(p);
    if (!p->text.len)
        return false;
    const struct zj_span text = zj_buf_all(&p->text);
    const bool is_number = (text.at[0] >= '0' && text.at[0] <= '9') || text.at[0] == '-';
    if (!is_number && !zj_span_eq_str(text, "true") && !zj_span_eq_str(text, "false") &&
        !zj_span_eq_str(text, "null"))
        return false;
    cell(p);
    note_element(p, SCALARS);
    value_ends(p);
    return true;
}

/* A key of the object that is open: its name is put behind the path. */
static bool key(struct parser *p)
{
    if (!string(p) || next_token(p) != ':')
        return false;
    p->path.len = p->stack[p->depth - 1].path_len;
    p->stack[p->depth - 1].elements[OBJECTS] +=
        zj_keys_put(&p->keys, &p->path, zj_buf_all(&p->text), ".");
    return true;
}

static bool value(struct parser *p, int c)
{
    if (c == '{' || c == '[')
        return open_value(p, c == '[');
    if (c != '"')
        return word(p, c);
    if (!string(p))
        return false;
    cell(p);
    note_element(p, SCALARS);
    value_ends(p);
    return true;
}

static bool step(struct parser *p, int c)
{
    const bool in_object = p->depth && !p->stack[p->depth - 1].is_array;
    if (c == '}' || c == ']')
        return close_value(p, c == ']');
    if (!in_object)
        return value(p, c);
    return c == '"' && key(p) && value(p, next_token(p));
}

static void note_fault(struct parser *p)
{
    if (!p->faults++)
        p->first_fault = p->in->taken + p->at;
    p->depth = 0;
    p->path.len = 0;
    for (int c = next(p); c >= 0 && c != '\n';)
        c = next(p);
}

static zj_err tell_faults(struct zj_scan *scan, const struct parser *p, const char *path)
{
    char reason[256];
    if (!p->faults && !p->depth)
        return ZJ_OK;
    if (p->is_deep)
        snprintf(
            reason, sizeof reason,
            zj_tr(scan->job, "deeper than %d levels at byte %llu", "嵌套超过 %d 层，位于字节 %llu"),
            DEPTH_MAX, (unsigned long long)p->first_fault);
    else if (p->faults)
        snprintf(reason, sizeof reason,
                 zj_tr(scan->job, "%llu places are no JSON, the first at byte %llu",
                       "有 %llu 处不是合法 JSON，首处位于字节 %llu"),
                 (unsigned long long)p->faults, (unsigned long long)p->first_fault);
    else
        snprintf(reason, sizeof reason, "%s",
                 zj_tr(scan->job, "ends inside of a value", "文件在值中间结束"));
    return zj_scan_unread(scan, path, reason);
}

static int probe(struct zj_span head, const char *extension)
{
    const struct zj_span text = zj_span_trim(head);
    if (!text.len || (text.at[0] != '{' && text.at[0] != '['))
        return 0;
    if (zj_extension_is(extension, "json|jsonl|ndjson|geojson"))
        return 90;
    const struct zj_span rest = zj_span_trim(zj_span_part(text, 1, 64));
    if (!rest.len)
        return 0;
    return text.at[0] == '{' ? (rest.at[0] == '"' ? 50 : 0)
                             : (rest.at[0] == '{' || rest.at[0] == '[' ? 50 : 0);
}

/* One value is one record, unless it is an envelope of others: the elements of its longest list are
 * them. Of a list of plain values they are it only where most of what there is stands in it. */
static uint64_t records_in(const struct parser *p)
{
    uint64_t count = zj_records_count(&p->records[OBJECTS]);
    const uint64_t scalars = zj_records_count(&p->records[SCALARS]);
    count = count ? count : zj_records_count(&p->records[LISTS]);
    count = count || scalars * 2 <= p->cells ? count : scalars;
    if (count < zj_maps_members(p->table)) /* some were read before it was known as a map */
        count = zj_maps_members(p->table);
    return count ? count : 1;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "json");
    struct parser p = {.in = in, .table = table, .keys = {.table = table}};
    zj_inv_table_head(table, zj_span_part(zj_in_peek(in, HEAD_BYTES), 0, HEAD_BYTES));
    for (int c = next_token(&p); c >= 0; c = next_token(&p))
        if (!step(&p, c))
            note_fault(&p);
    zj_buf_release(&p.path);
    zj_buf_release(&p.text);
    table->rows = p.elements > 1 && p.top_values == 1 ? p.elements : p.top_values;
    if (table->rows == 1 && !scan->keeps)
        table->rows = records_in(&p);
    table->kind = p.top_values > 1 ? "jsonl" : "json";
    const zj_err err = zj_inv_table_emit(table);
    return err ? err : tell_faults(scan, &p, path);
}

/* A line that holds a whole object. */
static bool is_object_line(struct zj_span text, size_t *out_len)
{
    const uint8_t *end = memchr(text.at, '\n', text.len);
    if (!end)
        return false;
    *out_len = (size_t)(end - text.at) + 1;
    const struct zj_span line = zj_span_trim(zj_span_of(text.at, *out_len));
    return line.len > 1 && line.at[0] == '{' && line.at[line.len - 1] == '}';
}

/* JSON Lines, by the first two of the file and the first behind the cut. */
static bool starts_record(struct zj_span head, struct zj_span rest)
{
    size_t len;
    return is_object_line(head, &len) && is_object_line(zj_span_part(head, len, head.len), &len) &&
           is_object_line(rest, &len);
}

const struct zj_reader_kind zj_reader_json = {
    .name = "json",
    .en = "JSON, JSON Lines",
    .zh = "JSON、JSON Lines",
    .is_text = true,
    .probe = probe,
    .read = read,
    .starts_record = starts_record,
};
