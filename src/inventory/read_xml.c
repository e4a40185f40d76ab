/* XML as it streams by: the text of an element and every attribute is a cell of the column its path
 * names ("owner.phone", "car@vin"). Entities that a document defines are not expanded. */
#include <expat.h>

#include "base/hash.h"
#include "inventory/keys.h"

enum { TEXT_MAX = 1 << 20, BLOCK = 1 << 16, DEPTH_MAX = 512 };

struct document {
    struct zj_inv_table *table;
    struct zj_keys keys;
    struct zj_records records, plain; /* lists of elements that have others, and that have none */
    struct zj_buf path, text;
    struct open {
        size_t len;                       /* of the path, before it */
        bool has_more, is_run_of_records; /* than text; some of the run have */
        uint64_t run, run_place;          /* elements of one name without a break */
    } open[DEPTH_MAX];
    uint64_t cells, root_run; /* the longest of the root's */
    unsigned depth;
    bool is_deep;
};

static void cell(struct document *d, const char *attribute, struct zj_span text)
{
    const size_t len = d->path.len;
    if (attribute)
        zj_keys_put(&d->keys, &d->path, zj_span_str(attribute), "@");
    const struct zj_span name = d->path.len ? zj_buf_all(&d->path) : ZJ_SPAN_LIT("(text)");
    zj_inv_table_cell(d->table, zj_inv_table_col(d->table, name), text);
    d->cells++;
    d->path.len = len;
}

static void XMLCALL on_start(void *ctx, const char *name, const char **attributes)
{
    struct document *d = ctx;
    if (d->depth >= DEPTH_MAX) {
        d->is_deep = true;
        d->depth++;
        return;
    }
    if (d->depth)
        d->open[d->depth - 1].has_more = true;
    d->open[d->depth++] = (struct open){.len = d->path.len, .has_more = attributes[0] != NULL};
    if (d->depth > 1) /* the root is in every path */
        zj_keys_put(&d->keys, &d->path, zj_span_str(name), ".");
    for (size_t i = 0; attributes[i]; i += 2)
        cell(d, attributes[i], zj_span_str(attributes[i + 1]));
    d->text.len = 0;
}

static void end_run(struct document *d, struct open *in)
{
    if (in->run)
        zj_records_add(in->is_run_of_records ? &d->records : &d->plain, in->run_place, in->run);
    if (in == d->open && d->root_run < in->run)
        d->root_run = in->run;
    in->run = 0;
    in->is_run_of_records = false;
}

static void XMLCALL on_end(void *ctx, const char *name)
{
    struct document *d = ctx;
    (void)name; /* well-formed: it is the one that was opened last */
    if (d->depth-- > DEPTH_MAX)
        return;
    const struct zj_span text = zj_span_trim(zj_buf_all(&d->text));
    if (text.len)
        cell(d, NULL, text);
    d->text.len = 0;
    end_run(d, &d->open[d->depth]);
    if (d->depth) {
        struct open *in = &d->open[d->depth - 1];
        const uint64_t place = zj_hash(zj_buf_all(&d->path), 0);
        if (in->run_place != place)
            end_run(d, in);
        in->run_place = place;
        in->run++;
        in->is_run_of_records |= d->open[d->depth].has_more;
    }
    d->path.len = d->open[d->depth].len;
    if (d->depth == 1)
        zj_inv_table_row(d->table);
}

/* Where no name comes twice under the root, it is an envelope: its longest list holds the records.
 * A list of plain values does only where most of what there is stands in it. */
static void count_records(struct document *d)
{
    const uint64_t records = zj_records_count(&d->records), plain = zj_records_count(&d->plain);
    if (d->root_run > 1)
        return;
    if (records > 1 || plain * 2 > d->cells)
        d->table->rows = records > 1 ? records : plain;
}

static void XMLCALL on_text(void *ctx, const char *text, int len)
{
    struct document *d = ctx;
    if (len > 0 && d->text.len + (size_t)len <= TEXT_MAX)
        zj_buf_span(&d->text, zj_span_of(text, (size_t)len));
}

static int probe(struct zj_span head, const char *extension)
{
    const struct zj_span text = zj_span_trim(head);
    if (zj_span_starts(text, ZJ_SPAN_LIT("<?xml")))
        return 90;
    const bool is_element = text.len > 1 && text.at[0] == '<' &&
                            ((text.at[1] | 0x20) >= 'a' && (text.at[1] | 0x20) <= 'z');
    return is_element && zj_extension_is(extension, "xml|kml|gpx|osm|xodr|svg|arxml") ? 80 : 0;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "xml");
    struct document d = {.table = table, .keys = {.table = table}};
    zj_inv_table_head(table, zj_span_part(zj_in_peek(in, BLOCK), 0, BLOCK));
    XML_Parser parser = XML_ParserCreate("UTF-8"); /* whatever it says: it is transcoded already */
    XML_SetUserData(parser, &d);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    enum XML_Status status = XML_STATUS_OK;
    while (status == XML_STATUS_OK) {
        const struct zj_span block = zj_span_part(zj_in_peek(in, BLOCK), 0, BLOCK);
        if (!block.len)
            break;
        status = XML_Parse(parser, (const char *)block.at, (int)block.len, 0);
        zj_in_skip(in, block.len);
    }
    const bool is_cut = status == XML_STATUS_OK && d.depth > 0;
    if (status == XML_STATUS_OK)
        status = XML_Parse(parser, "", 0, 1);
    char reason[200];
    const unsigned long line = XML_GetCurrentLineNumber(parser);
    if (is_cut)
        snprintf(reason, sizeof reason,
                 zj_tr(scan->job, "it is cut off at line %lu: elements are not closed",
                       "内容不完整：在第 %lu 行中断，元素未结束"),
                 line);
    else
        snprintf(reason, sizeof reason, zj_tr(scan->job, "line %lu: %s", "第 %lu 行：%s"), line,
                 XML_ErrorString(XML_GetErrorCode(parser)));
    XML_ParserFree(parser);
    count_records(&d);
    zj_buf_release(&d.path);
    zj_buf_release(&d.text);
    zj_err err = zj_inv_table_emit(table);
    if (!err && status != XML_STATUS_OK)
        err = zj_scan_unread(scan, path, reason);
    if (!err && d.is_deep)
        err = zj_scan_unread(
            scan, path,
            zj_tr(scan->job, "elements nested deeper than 512 levels", "元素嵌套超过 512 层"));
    return err;
}

const struct zj_reader_kind zj_reader_xml = {
    .name = "xml",
    .en = "XML",
    .zh = "XML",
    .is_text = true,
    .probe = probe,
    .read = read,
};
