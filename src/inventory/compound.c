#include "inventory/compound.h"

enum {
    /* of the header, [MS-CFB] 2.2 */
    MINI_BELOW_AT = 56,
    MINI_FAT_AT = 60,
    DIFAT_AT = 68,
    DIFAT = 76,
    DIFAT_COUNT = 109,
    /* of an entry, 2.6 */
    NAME_BYTES = 64,
    START_AT = 116,
    SIZE_AT = 120,
    MINI_SECTOR = 64,
};

static struct zj_span sector_of(const struct zj_compound *c, uint32_t number)
{
    const uint64_t at = ((uint64_t)number + 1) * c->sector;
    return at < c->bytes.len ? zj_span_part(c->bytes, (size_t)at, c->sector) : (struct zj_span){0};
}

/* A chain longer than the file has sectors goes round. */
static void put_chain(const struct zj_compound *c, uint32_t first, struct zj_buf *out)
{
    const struct zj_span fat = zj_buf_all(&c->fat);
    const size_t sectors = c->bytes.len / c->sector;
    uint32_t number = first;
    for (size_t i = 0; i <= sectors && number < fat.len / 4; i++) {
        const struct zj_span part = sector_of(c, number);
        if (!part.len)
            return;
        zj_buf_span(out, part);
        number = zj_le32(fat, (size_t)number * 4);
    }
}

/* The sectors of the allocation table: the first ones in the header, the others in a chain. */
static void read_fat(struct zj_compound *c)
{
    const size_t sectors = c->bytes.len / c->sector, tables = sectors / (c->sector / 4) + 1;
    size_t done = 0;
    for (size_t i = 0; i < DIFAT_COUNT && done < tables; i++, done++)
        zj_buf_span(&c->fat, sector_of(c, zj_le32(c->bytes, DIFAT + i * 4)));
    uint32_t number = zj_le32(c->bytes, DIFAT_AT);
    for (size_t steps = 0; done < tables && steps < tables; steps++) {
        const struct zj_span list = sector_of(c, number);
        if (list.len < c->sector)
            return;
        for (size_t at = 0; at + 4 < c->sector && done < tables; at += 4, done++)
            zj_buf_span(&c->fat, sector_of(c, zj_le32(list, at)));
        number = zj_le32(list, c->sector - 4);
    }
}

bool zj_compound_open(struct zj_span bytes, struct zj_compound *out)
{
    *out = (struct zj_compound){.bytes = bytes, .sector = zj_compound_sector(bytes)};
    if (bytes.len < 3 * 512 || !zj_span_starts(bytes, ZJ_COMPOUND_MAGIC))
        return false;
    read_fat(out);
    put_chain(out, zj_le32(bytes, ZJ_COMPOUND_FOLDER_AT), &out->folder);
    put_chain(out, zj_le32(bytes, MINI_FAT_AT), &out->mini_fat);
    const struct zj_span root = zj_span_part(zj_buf_all(&out->folder), 0, ZJ_COMPOUND_ENTRY);
    if (root.len < ZJ_COMPOUND_ENTRY)
        return false;
    put_chain(out, zj_le32(root, START_AT), &out->mini);
    return true;
}

bool zj_compound_is_named(struct zj_span entry, const char *name)
{
    const size_t len = strlen(name);
    if (entry.len < ZJ_COMPOUND_ENTRY || (len + 1) * 2 > NAME_BYTES)
        return false;
    for (size_t i = 0; i <= len; i++)
        if (entry.at[i * 2] != (uint8_t)name[i] || entry.at[i * 2 + 1])
            return false;
    return true;
}

/* The table may be larger than what it is of: no more is put than there is. */
static void put_mini_chain(const struct zj_compound *c, uint32_t first, struct zj_buf *out)
{
    const struct zj_span fat = zj_buf_all(&c->mini_fat), mini = zj_buf_all(&c->mini);
    uint32_t number = first;
    for (size_t i = 0; i <= mini.len / MINI_SECTOR && number < fat.len / 4; i++) {
        zj_buf_span(out, zj_span_part(mini, (size_t)number * MINI_SECTOR, MINI_SECTOR));
        number = zj_le32(fat, (size_t)number * 4);
    }
}

bool zj_compound_stream(const struct zj_compound *c, const char *name, struct zj_buf *out)
{
    const struct zj_span folder = zj_buf_all(&c->folder);
    for (size_t at = 0; at + ZJ_COMPOUND_ENTRY <= folder.len; at += ZJ_COMPOUND_ENTRY) {
        const struct zj_span entry = zj_span_part(folder, at, ZJ_COMPOUND_ENTRY);
        if (!zj_compound_is_named(entry, name))
            continue;
        const uint32_t size = zj_le32(entry, SIZE_AT), first = zj_le32(entry, START_AT);
        const size_t before = out->len;
        if (size < zj_le32(c->bytes, MINI_BELOW_AT))
            put_mini_chain(c, first, out);
        else
            put_chain(c, first, out);
        if (out->len - before > size)
            out->len = before + size;
        return true;
    }
    return false;
}

void zj_compound_release(struct zj_compound *c)
{
    zj_buf_release(&c->fat);
    zj_buf_release(&c->mini_fat);
    zj_buf_release(&c->folder);
    zj_buf_release(&c->mini);
}
