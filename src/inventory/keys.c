#include "inventory/keys.h"

#include <ctype.h>

#include "base/hash.h"
#include "inventory/maps.h"
#include "inventory/names.h"

enum { PATH_BYTES_MAX = 1024, FOLD_FROM = 512, WAYS = 8 };

static bool is_value(struct zj_keys *keys, struct zj_span key)
{
    const uint64_t hash = zj_hash(key, 0) | 1;
    uint64_t *known = &keys->known[(hash >> 1) % (ZJ_KEYS_KNOWN / WAYS) * WAYS];
    for (size_t i = 0; i < WAYS; i++)
        if ((known[i] | 1) == hash && known[i])
            return known[i] & 1;
    known += (hash >> 32) % WAYS;
    *known = hash ^ !zj_name_is_value(keys->table->scan->scratch, key);
    return *known & 1;
}

/* Names of elements begin with a letter: "u13800138000" stands for a number. */
static struct zj_span without_letter(struct zj_span key)
{
    size_t at = 0, end;
    while (at < key.len && (isalpha(key.at[at]) || key.at[at] == '_'))
        at++;
    for (end = at; end < key.len && isdigit(key.at[end]);)
        end++;
    return end == key.len && end > at ? zj_span_part(key, at, key.len) : key;
}

bool zj_keys_put(struct zj_keys *keys, struct zj_buf *path, struct zj_span key, const char *mark)
{
    if (path->len >= PATH_BYTES_MAX)
        return false;
    if (path->len || *mark == '@')
        zj_buf_str(path, mark);
    keys->table->has_paths = true;
    if (keys->table->count >= (keys->fold_at ? keys->fold_at : FOLD_FROM)) {
        zj_maps_fold(keys->table);
        keys->fold_at = keys->table->count * 2 > FOLD_FROM ? keys->table->count * 2 : FOLD_FROM;
    }
    if (!is_value(keys, key) && !zj_maps_has(keys->table, zj_buf_all(path))) {
        zj_buf_span(path, zj_span_part(key, 0, ZJ_TABLE_NAME_MAX));
        return false;
    }
    const size_t len = path->len;
    zj_buf_str(path, "(key)");
    zj_inv_table_cell(keys->table, zj_inv_table_col(keys->table, zj_buf_all(path)),
                      without_letter(key));
    path->len = len;
    zj_buf_str(path, "(value)");
    return true;
}

void zj_records_add(struct zj_records *records, uint64_t place, uint64_t count)
{
    place |= 1;
    for (size_t i = 0; i < ZJ_RECORDS_PATHS; i++) {
        if (records->lists[i].place && records->lists[i].place != place)
            continue;
        records->lists[i].place = place;
        records->lists[i].total += count;
        if (records->lists[i].most < count)
            records->lists[i].most = count;
        return;
    }
}

uint64_t zj_records_count(const struct zj_records *records)
{
    uint64_t most = 0, total = 0;
    for (size_t i = 0; i < ZJ_RECORDS_PATHS && records->lists[i].place; i++)
        if (records->lists[i].most > most) {
            most = records->lists[i].most;
            total = records->lists[i].total;
        }
    return total;
}
