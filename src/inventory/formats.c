#include "inventory/formats.h"

#include "inventory/compound.h"
#include "inventory/reader.h"

enum { LOOK_BYTES = 4096, INNER_AT_MAX = 64 << 20, HEADER = 512 };

/* What a person can do; the last ones are counted. */
enum way {
    SAVE_XLSX,
    SAVE_DOCX,
    SAVE_PPTX,
    SAVE_TEXT,
    SAVE_PDF,
    EXPORT_CSV,
    EXPORT_DB,
    DUMP_SQL,
    UNPACK,
    DECRYPT,
    MOUNT,
    OPEN,
    COUNTED_FROM,
    PROGRAM = COUNTED_FROM,
    FONT,
    SYSTEM,
};

static const struct {
    const char *en, *zh;
} ways[COUNTED_FROM] = {
    [SAVE_XLSX] = {"save it as .xlsx or .csv", "请另存为 .xlsx 或 .csv 后再盘点"},
    [SAVE_DOCX] = {"save it as .docx", "请另存为 .docx 后再盘点"},
    [SAVE_PPTX] = {"save it as .pptx", "请另存为 .pptx 后再盘点"},
    [SAVE_TEXT] = {"save the messages as text, and their attachments as files",
                   "请将邮件另存为文本，附件另存为文件后再盘点"},
    [SAVE_PDF] = {"save it as PDF", "请另存为 PDF 后再盘点"},
    [EXPORT_CSV] = {"export it as CSV or JSON", "请导出为 CSV 或 JSON 后再盘点"},
    [EXPORT_DB] = {"inventory the database itself, or export its tables as CSV",
                   "请直接盘点该数据库，或将各表导出为 CSV"},
    [DUMP_SQL] = {"turn it into SQL (pg_restore -f), or inventory the database itself",
                  "请用 pg_restore -f 转为 SQL，或直接盘点该数据库"},
    [UNPACK] = {"unpack it", "请解压后再盘点"},
    [DECRYPT] = {"store it without a password for the inventory", "请解密后再盘点"},
    [MOUNT] = {"mount it and inventory its files", "请挂载后盘点其中的文件"},
    [OPEN] = {"look into it with the program that wrote it", "请用生成它的程序查看"},
};

static const struct known {
    size_t at;
    struct zj_span magic;
    const char *extensions;
    enum way way;
    const char *en, *zh;
} formats[] = {
#define ZJ_FORMAT(at, magic, extensions, way, en, zh)                                              \
    {at, ZJ_SPAN_LIT(magic), extensions, way, en, zh},
#define ZJ_INNER(name, way, en, zh)
#include "inventory/formats.def"
#undef ZJ_FORMAT
#undef ZJ_INNER
};

static const struct inner {
    const char *name;
    enum way way;
    const char *en, *zh;
} inners[] = {
#define ZJ_FORMAT(at, magic, extensions, way, en, zh)
#define ZJ_INNER(name, way, en, zh) {name, way, en, zh},
#include "inventory/formats.def"
#undef ZJ_FORMAT
#undef ZJ_INNER
};

bool zj_head_is_text(struct zj_span head)
{
    size_t controls = 0;
    head = zj_span_part(head, 0, LOOK_BYTES);
    for (size_t i = 0; i < head.len; i++)
        controls += (head.at[i] < ' ' && !(head.at[i] >= '\t' && head.at[i] <= '\r') &&
                     head.at[i] != 0x1b) ||
                    head.at[i] == 0x7f;
    return controls * 100 <= head.len;
}

/* The first of the names that stands in the first sector of the folder. */
static const struct inner *find_inner(struct zj_span head, struct zj_in *in)
{
    if (head.len < HEADER || !in)
        return NULL;
    const size_t sector = zj_compound_sector(head);
    const uint64_t at = ((uint64_t)zj_le32(head, ZJ_COMPOUND_FOLDER_AT) + 1) * sector;
    if (at > INNER_AT_MAX)
        return NULL;
    const struct zj_span all = in->whole.len ? in->whole : zj_in_peek(in, (size_t)at + sector);
    const struct zj_span folder = zj_span_part(all, (size_t)at, INNER_AT_MAX);
    for (size_t i = 0; i < ZJ_COUNT(inners); i++)
        for (size_t from = 0; from < sector; from += ZJ_COMPOUND_ENTRY)
            if (zj_compound_is_named(zj_span_part(folder, from, ZJ_COMPOUND_ENTRY), inners[i].name))
                return &inners[i];
    return NULL;
}

static const struct known *find_known(struct zj_span head, const char *extension)
{
    for (size_t i = 0; i < ZJ_COUNT(formats); i++) {
        const struct known *f = &formats[i];
        if (f->magic.len && zj_span_starts(zj_span_part(head, f->at, f->magic.len), f->magic))
            return f;
    }
    for (size_t i = 0; i < ZJ_COUNT(formats); i++)
        if (zj_extension_is(extension, formats[i].extensions))
            return &formats[i];
    return NULL;
}

bool zj_format_of(struct zj_span head, const char *extension, struct zj_in *in,
                  struct zj_format *out)
{
    const struct known *known = zj_head_is_text(head) ? NULL : find_known(head, extension);
    if (!known)
        return false;
    enum way way = known->way;
    *out = (struct zj_format){.en = known->en, .zh = known->zh};
    const struct inner *inner = known == formats ? find_inner(head, in) : NULL;
    if (inner) {
        *out = (struct zj_format){.en = inner->en, .zh = inner->zh};
        way = inner->way;
    }
    if (way >= COUNTED_FROM) {
        out->other = (enum zj_inv_other)(way - COUNTED_FROM);
    } else {
        out->way_en = ways[way].en;
        out->way_zh = ways[way].zh;
    }
    return true;
}
