#include "inventory/table.h"

#include "base/hash.h"
#include "base/mask.h"
#include "base/text.h"
#include "inventory/maps.h"
#include "inventory/names.h"
#include "inventory/rows.h"
#include "inventory/rules.h"
#include "inventory/subjects.h"

enum {
    SEEN_SLOTS = 8192,
    LONG_CELL = 16, /* bytes from which a cell is looked into as text */
    BATCH_BYTES = 64 * 1024,
    CUT_BACK = 4096,
};

static const uint64_t seed = UINT64_C(0x7a6875696a69696e); /* one for all: sketches are merged */

struct zj_inv_table *zj_inv_table_new(struct zj_scan *scan, const char *path, const char *kind)
{
    struct zj_inv_table *table = zj_alloc(sizeof *table);
    table->scan = scan;
    table->path = zj_strdup(path);
    table->kind = kind;
    table->names_cap = 64;
    table->names = zj_alloc(table->names_cap * sizeof *table->names);
    return table;
}

static void release_col(struct zj_col_state *col)
{
    free(col->name), free(col->data_type), free(col->comment);
    free(col->distinct), free(col->numbers);
    free(col->seen), free(col->seen_at);
    zj_buf_release(&col->sample);
    zj_buf_release(&col->batch);
    for (size_t i = 0; col->hits && i < ZJ_TYPE_COUNT; i++)
        free(col->hits[i]);
    free(col->hits);
}

void zj_inv_table_free(struct zj_inv_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++)
        release_col(&table->cols[i]);
    zj_rows_free(table->lead);
    free(table->cols), free(table->names), free(table->path);
    zj_arena_release(&table->arena);
    free(table);
}

static size_t name_slot(const struct zj_inv_table *table, struct zj_span name)
{
    size_t at = zj_hash(name, seed) & (table->names_cap - 1);
    while (table->names[at] && !zj_span_eq_str(name, table->cols[table->names[at] - 1].name))
        at = (at + 1) & (table->names_cap - 1);
    return at;
}

static void grow_columns(struct zj_inv_table *table)
{
    table->cap = table->cap ? table->cap * 2 : 16;
    table->cols = zj_realloc(table->cols, table->cap * sizeof *table->cols);
    if (table->cap * 2 <= table->names_cap)
        return;
    table->names_cap = table->cap * 4;
    free(table->names);
    table->names = zj_alloc(table->names_cap * sizeof *table->names);
    for (size_t i = 0; i < table->count; i++)
        table->names[name_slot(table, zj_span_str(table->cols[i].name))] = (uint32_t)i + 1;
}

size_t zj_inv_table_col(struct zj_inv_table *table, struct zj_span name)
{
    name = zj_span_part(name, 0, ZJ_TABLE_NAME_MAX);
    const uint8_t *nul = memchr(name.at, 0, name.len);
    name.len = nul ? (size_t)(nul - name.at) : name.len;
    size_t slot = name_slot(table, name);
    if (table->names[slot])
        return table->names[slot] - 1;
    if (table->count == ZJ_TABLE_COLS_MAX) {
        table->is_full = true;
        return table->count - 1;
    }
    if (table->count == table->cap) {
        grow_columns(table);
        slot = name_slot(table, name);
    }
    struct zj_col_state *col = &table->cols[table->count];
    *col = (struct zj_col_state){.name = zj_strndup(name), .stride = 1};
    col->distinct = zj_alloc(sizeof *col->distinct);
    table->names[slot] = (uint32_t)++table->count;
    return table->count - 1;
}

void zj_inv_table_describe(struct zj_inv_table *table, size_t at, struct zj_span data_type,
                           struct zj_span comment)
{
    struct zj_col_state *col = &table->cols[at];
    free(col->data_type), free(col->comment);
    col->data_type = data_type.len ? zj_strndup(data_type) : NULL;
    col->comment = comment.len ? zj_strndup(zj_span_part(comment, 0, ZJ_TABLE_NAME_MAX)) : NULL;
}

/* --- looking into text ---------------------------------------------------------------------------
 */
static void note_find(struct zj_inv_table *table, struct zj_col_state *col,
                      const struct zj_find *find, struct zj_span value)
{
    if (!col->hits)
        col->hits = zj_alloc(ZJ_TYPE_COUNT * sizeof *col->hits);
    if (!col->hits[find->type])
        col->hits[find->type] = zj_alloc(sizeof *col->hits[find->type]);
    struct zj_hits *hits = col->hits[find->type];
    if (hits->count < ZJ_INV_SAMPLES_MAX) {
        struct zj_buf masked = {0};
        zj_mask_value(&masked, zj_span_part(value, 0, 64));
        hits->samples[hits->count] = zj_arena_span(&table->arena, zj_buf_all(&masked));
        zj_buf_release(&masked);
    }
    hits->count++;
    struct zj_buf decoded = {0};
    if (find->form == ZJ_FORM_UTF16 || find->form == ZJ_FORM_UTF16BE ||
        find->form == ZJ_FORM_PERCENT || find->form == ZJ_FORM_ESCAPED) {
        zj_identify_text(table->scan->rules->identifier, value, find->form, &decoded);
        value = zj_buf_all(&decoded);
    }
    uint8_t text[ZJ_SUBJECT_BYTES];
    struct zj_span number;
    const bool is_plain = zj_subject_plain(value, &number, text);
    zj_hll_add(&hits->subjects, zj_hash(is_plain ? value : number, seed));
    zj_buf_release(&decoded);
}

static void look_into(struct zj_inv_table *table, struct zj_col_state *col, struct zj_span text)
{
    while (text.len) {
        struct zj_span part = text;
        if (part.len > BATCH_BYTES)
            part.len = zj_text_cut(zj_span_part(text, 0, BATCH_BYTES));
        const struct zj_find *finds;
        uint32_t last[ZJ_TYPE_COUNT] = {0}; /* end of the last find of the type */
        const size_t count = zj_identify_find(table->scan->scratch, part, &finds);
        for (size_t i = 0; i < count; i++) {
            const struct zj_find *find = &finds[i];
            const uint32_t from = last[find->type];
            note_find(table, col, find, zj_span_part(part, find->start, find->end - find->start));
            if (!from || (from < find->start && memchr(part.at + from, '\n', find->start - from)))
                col->hits[find->type]->lines++;
            last[find->type] = (uint32_t)find->end;
        }
        text = zj_span_part(text, part.len, text.len);
    }
}

void zj_inv_table_head(struct zj_inv_table *table, struct zj_span head)
{
    const struct zj_find *finds;
    if (table->scan->is_later_slice)
        return;
    const size_t count = zj_identify_find(table->scan->scratch, head, &finds);
    for (size_t i = 0; i < count; i++) {
        if (finds[i].type != ZJ_TYPE_MAP_DATA)
            continue;
        const size_t at = zj_inv_table_col(table, ZJ_SPAN_LIT("(content)")); /* may move them */
        struct zj_col_state *col = &table->cols[at];
        col->values = 1;
        note_find(table, col, &finds[i], ZJ_SPAN_LIT("")); /* it has no value to show */
        return;
    }
}

size_t zj_text_cut(struct zj_span block)
{
    const size_t floor = block.len > CUT_BACK ? block.len - CUT_BACK : 0;
    for (size_t at = block.len; at > floor; at--)
        if (block.at[at - 1] == '\n')
            return at;
    for (size_t at = block.len; at > floor; at--)
        if (block.at[at - 1] <= ' ')
            return at;
    return block.len;
}

void zj_inv_table_lines(struct zj_inv_table *table, struct zj_span block)
{
    table->rows += zj_text_line_ends(block);
    zj_inv_table_text(table, block);
}

void zj_inv_table_text(struct zj_inv_table *table, struct zj_span block)
{
    const size_t at = zj_inv_table_col(table, ZJ_SPAN_LIT("(text)")); /* may move the columns */
    struct zj_col_state *col = &table->cols[at];
    col->values++;
    col->bytes += block.len;
    col->lines += block.len && block.at[block.len - 1] != '\n';
    col->lines += zj_text_line_ends(block);
    table->bytes += block.len;
    look_into(table, col, block);
}

static void add_to_batch(struct zj_inv_table *table, struct zj_col_state *col, struct zj_span value)
{
    if (col->batch.len + value.len + 1 > BATCH_BYTES && col->batch.len) {
        look_into(table, col, zj_buf_all(&col->batch));
        col->batch.len = 0;
    }
    if (value.len >= BATCH_BYTES) {
        look_into(table, col, value);
        return;
    }
    zj_buf_span(&col->batch, value);
    zj_buf_byte(&col->batch, '\n');
}

/* --- the sample ----------------------------------------------------------------------------------
 */
/* `place` is where the value is to be put in the sample; one that is there is counted. */
static bool is_new(struct zj_col_state *col, uint32_t hash, size_t place, uint32_t times)
{
    hash = hash ? hash : 1;
    for (size_t at = hash % SEEN_SLOTS;; at = (at + 1) % SEEN_SLOTS) {
        if (col->seen[at] == hash) {
            struct zj_sampled head;
            memcpy(&head, col->sample.at + col->seen_at[at], sizeof head);
            head.times += times < UINT32_MAX - head.times ? times : UINT32_MAX - head.times;
            memcpy(col->sample.at + col->seen_at[at], &head, sizeof head);
            return false;
        }
        if (!col->seen[at]) {
            col->seen[at] = hash;
            col->seen_at[at] = (uint32_t)place;
            return true;
        }
    }
}

/* Every second value goes, and from now on half as many are looked at: what stays is spread evenly
 * over what was read so far. */
static void thin_out(struct zj_col_state *col)
{
    size_t from = 0, to = 0;
    uint32_t kept = 0;
    memset(col->seen, 0, SEEN_SLOTS * sizeof *col->seen);
    for (uint32_t i = 0; i < col->sampled; i++) {
        struct zj_sampled head;
        memcpy(&head, col->sample.at + from, sizeof head);
        const size_t size = sizeof head + head.len;
        if (i % 2 == 0) {
            const struct zj_span value = zj_span_of(col->sample.at + from + sizeof head, head.len);
            (void)is_new(col, (uint32_t)zj_hash(value, seed), to, 0); /* all differ */
            memmove(col->sample.at + to, col->sample.at + from, size);
            to += size;
            kept++;
        }
        from += size;
    }
    col->sampled = kept;
    col->sample.len = to;
    col->stride *= 2;
}

static void add_to_sample(struct zj_col_state *col, struct zj_span value, uint64_t hash,
                          uint32_t times)
{
    if (value.len > ZJ_TABLE_VALUE_MAX) {
        value.len = ZJ_TABLE_VALUE_MAX;
        hash = zj_hash(value, seed);
    }
    if (!col->seen)
        col->seen = zj_alloc(SEEN_SLOTS * sizeof *col->seen);
    if (!col->seen_at)
        col->seen_at = zj_alloc(SEEN_SLOTS * sizeof *col->seen_at);
    if (!is_new(col, (uint32_t)hash, col->sample.len, times))
        return;
    const struct zj_sampled head = {(uint32_t)value.len, times};
    zj_buf_span(&col->sample, zj_span_of(&head, sizeof head));
    zj_buf_span(&col->sample, value);
    col->sampled++;
    if (col->sampled == ZJ_TABLE_SAMPLE || col->sample.len > ZJ_TABLE_SAMPLE_BYTES)
        thin_out(col);
}

/* What databases and their exports write where nothing is. */
static bool is_nothing(struct zj_span value)
{
    static const char *const words[] = {"\\N", "NULL", "null", "-", "--", "N/A", "无", "None"};
    if (value.len > 4)
        return false;
    for (size_t i = 0; i < ZJ_COUNT(words); i++)
        if (zj_span_eq_str(value, words[i]))
            return true;
    return value.len == 0;
}

/* Kept beside the distinct values from the first one on that is written with more than it needs. */
static void add_number(struct zj_col_state *col, struct zj_span value, uint64_t hash)
{
    uint8_t text[ZJ_SUBJECT_BYTES];
    struct zj_span number;
    const bool is_plain = zj_subject_plain(value, &number, text);
    if (!is_plain && !col->numbers) {
        col->numbers = zj_alloc(sizeof *col->numbers);
        *col->numbers = *col->distinct;
    }
    if (col->numbers)
        zj_hll_add(col->numbers, is_plain ? hash : zj_hash(number, seed));
}

void zj_inv_table_cell(struct zj_inv_table *table, size_t at, struct zj_span value)
{
    struct zj_col_state *col = &table->cols[at];
    table->bytes += value.len;
    value = zj_span_trim(value);
    if (is_nothing(value))
        return;
    const uint64_t hash = zj_hash(value, seed);
    add_number(col, value, hash);
    zj_hll_add(col->distinct, hash);
    col->bytes += value.len;
    if (col->values++ % col->stride == 0)
        add_to_sample(col, value, hash, 1);
    if (value.len >= LONG_CELL)
        add_to_batch(table, col, value);
}

void zj_inv_table_unclosed(struct zj_inv_table *table)
{
    if (table->unclosed < ZJ_TABLE_PLACES_MAX)
        table->unclosed_at[table->unclosed] = table->lines + 1;
    table->unclosed++;
}

/* --- slices --------------------------------------------------------------------------------------
 */
static void merge_sample(struct zj_col_state *to, struct zj_col_state *from)
{
    while (from->sampled && from->stride < to->stride)
        thin_out(from);
    while (to->sampled && to->stride < from->stride)
        thin_out(to);
    to->stride = from->stride > to->stride ? from->stride : to->stride;
    size_t at = 0;
    for (uint32_t i = 0; i < from->sampled; i++) {
        struct zj_sampled head;
        memcpy(&head, from->sample.at + at, sizeof head);
        const struct zj_span value = zj_span_of(from->sample.at + at + sizeof head, head.len);
        add_to_sample(to, value, zj_hash(value, seed), head.times);
        at += sizeof head + head.len;
    }
}

static void merge_hits(struct zj_inv_table *table, struct zj_col_state *to,
                       const struct zj_col_state *from)
{
    if (!to->hits)
        to->hits = zj_alloc(ZJ_TYPE_COUNT * sizeof *to->hits);
    for (size_t type = 0; type < ZJ_TYPE_COUNT; type++) {
        const struct zj_hits *more = from->hits[type];
        if (!more)
            continue;
        if (!to->hits[type])
            to->hits[type] = zj_alloc(sizeof *to->hits[type]);
        struct zj_hits *hits = to->hits[type];
        for (uint64_t i = 0; i < more->count && hits->count + i < ZJ_INV_SAMPLES_MAX; i++)
            hits->samples[hits->count + i] = zj_arena_strdup(&table->arena, more->samples[i]);
        hits->count += more->count;
        hits->lines += more->lines;
        zj_hll_merge(&hits->subjects, &more->subjects);
    }
}

static void merge_column(struct zj_inv_table *table, struct zj_col_state *to,
                         struct zj_col_state *from)
{
    if (from->numbers && !to->numbers) {
        to->numbers = zj_alloc(sizeof *to->numbers);
        *to->numbers = *to->distinct;
    }
    if (to->numbers)
        zj_hll_merge(to->numbers, from->numbers ? from->numbers : from->distinct);
    zj_hll_merge(to->distinct, from->distinct);
    to->values += from->values;
    to->bytes += from->bytes;
    to->lines += from->lines;
    merge_sample(to, from);
    if (from->hits)
        merge_hits(table, to, from);
}

static void end_batch(struct zj_inv_table *table, struct zj_col_state *col)
{
    look_into(table, col, zj_buf_all(&col->batch));
    col->batch.len = 0;
}

void zj_inv_table_rename(struct zj_inv_table *table,
                         struct zj_span (*name_of)(void *ctx, const char *name), void *ctx)
{
    struct zj_col_state *cols = ZJ_TAKE(table->cols);
    const size_t count = table->count;
    table->count = table->cap = 0;
    memset(table->names, 0, table->names_cap * sizeof *table->names);
    for (size_t i = 0; i < count; i++) {
        const size_t before = table->count;
        const size_t at = zj_inv_table_col(table, name_of(ctx, cols[i].name));
        end_batch(table, &cols[i]);
        if (table->count > before) {
            char *name = ZJ_TAKE(table->cols[at].name);
            release_col(&table->cols[at]);
            free(cols[i].name);
            cols[i].name = name;
            table->cols[at] = cols[i];
        } else {
            merge_column(table, &table->cols[at], &cols[i]);
            release_col(&cols[i]);
        }
    }
    free(cols);
}

void zj_inv_table_merge(struct zj_inv_table *table, struct zj_inv_table *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const size_t at = zj_inv_table_col(table, zj_span_str(from->cols[i].name));
        merge_column(table, &table->cols[at], &from->cols[i]);
    }
    for (uint64_t i = 0; i < from->unclosed && table->unclosed + i < ZJ_TABLE_PLACES_MAX; i++)
        table->unclosed_at[table->unclosed + i] = table->lines + from->unclosed_at[i];
    table->unclosed += from->unclosed;
    table->lines += from->lines;
    table->rows += from->rows;
    table->bytes += from->bytes;
    table->is_full |= from->is_full;
    zj_maps_merge(table, from);
}

/* --- the end -------------------------------------------------------------------------------------
 */
static zj_err hand_over(struct zj_inv_table *table, struct zj_inv_table **to)
{
    for (size_t i = 0; i < table->count; i++)
        end_batch(table, &table->cols[i]);
    *to = zj_alloc(sizeof **to);
    **to = *table;
    *table = (struct zj_inv_table){.scan = table->scan};
    return ZJ_OK;
}

static zj_err tell_unclosed(const struct zj_inv_table *table)
{
    char at[128], reason[320];
    size_t len = 0;
    for (size_t i = 0; i < table->unclosed && i < ZJ_TABLE_PLACES_MAX; i++)
        len += (size_t)snprintf(at + len, sizeof at - len, "%s%llu",
                                i ? zj_tr(table->scan->job, ", ", "、") : "",
                                (unsigned long long)table->unclosed_at[i]);
    const char *more = table->unclosed > ZJ_TABLE_PLACES_MAX ? " …" : "";
    snprintf(reason, sizeof reason,
             zj_tr(table->scan->job,
                   "unclosed quotes: %llu (line %s%s), read as a character like others",
                   "%llu 处引号未闭合（第 %s%s 行），已按普通字符读取，后续各行照常读取"),
             (unsigned long long)table->unclosed, at, more);
    return zj_scan_unread(table->scan, table->path, reason);
}

/* Of names that are the same when masked, the second has a number behind it. */
static void mask_names(struct zj_inv_table *table, struct zj_inv_column *cols)
{
    struct zj_identify_scratch *scratch = table->scan->scratch;
    for (size_t i = 0; i < table->count; i++) {
        const char *name = zj_name_masked(scratch, &table->arena, cols[i].name), *plain = name;
        if (name != cols[i].name)
            for (size_t k = 0, times = 1; k < table->count; k++)
                if (k != i && strcmp(cols[k].name, name) == 0) {
                    name = zj_arena_printf(&table->arena, "%s (%zu)", plain, ++times);
                    k = SIZE_MAX; /* from the first again */
                }
        cols[i].name = name;
        cols[i].comment = zj_name_masked(scratch, &table->arena, cols[i].comment);
        cols[i].data_type = zj_name_masked(scratch, &table->arena, cols[i].data_type);
    }
    table->comment = zj_name_masked(scratch, &table->arena, table->comment);
}

zj_err zj_inv_table_emit(struct zj_inv_table *table)
{
    struct zj_scan *scan = table->scan;
    zj_rows_end(table);
    if (!table->count)
        return ZJ_OK;
    if (scan->keeps)
        return hand_over(table, scan->keeps);
    if (table->has_paths)
        zj_maps_fold(table);
    if (table->rows == 1 && zj_maps_members(table)) /* they are the records of a document */
        table->rows = zj_maps_members(table);
    if (scan->tables++ >= ZJ_SCAN_TABLES_MAX) {
        if (scan->tables > ZJ_SCAN_TABLES_MAX + 1)
            return ZJ_OK;
        return zj_scan_unread(scan, table->path,
                              zj_tr(scan->job, "more tables in one file than are kept (4096)",
                                    "单个文件中的表过多（上限 4096）"));
    }
    size_t found = 0;
    struct zj_inv_column *cols = zj_alloc(table->count * sizeof *cols);
    for (size_t i = 0; i < table->count; i++) {
        struct zj_col_state *col = &table->cols[i];
        end_batch(table, col);
        zj_inv_table_judge(table, col, &cols[i]);
        found += cols[i].proposal_count;
    }
    /* of a container that was stopped, too, what came out is no data */
    if ((scan->is_over || table->is_bytes) && !found) {
        free(cols);
        return ZJ_OK;
    }
    if (scan->is_over)
        table->bytes = table->rows = 0;
    zj_inv_table_track(table, cols);
    mask_names(table, cols);
    struct zj_inv_object object = {
        .source = scan->source,
        .path = table->path,
        .kind = table->kind,
        .comment = table->comment,
        .rows = table->rows,
        .bytes = table->bytes,
        .is_estimate = table->is_estimate,
        .is_least = table->is_least,
        .is_partial = table->is_partial,
        .column_count = table->count,
        .columns = cols,
    };
    zj_object_grade(table, &object);
    zj_err err = scan->sink->object(scan->job, scan->sink->ctx, &object);
    if (!err && table->is_full)
        err = zj_scan_unread(
            scan, table->path,
            zj_tr(scan->job, "more columns than are kept (4096)", "列数过多（上限 4096）"));
    if (!err && table->unclosed)
        err = tell_unclosed(table);
    free(cols);
    return err;
}
