#include "inventory/maps.h"

#include "base/hash.h"
#include "inventory/names.h"
#include "inventory/rules.h"

enum {
    PEOPLE_MIN = 5,   /* members whose keys are names of people */
    RECORDS_MIN = 20, /* members that are objects with the same names */
    CODES_MIN = 64,   /* members whose keys have the same form, with figures */
    ANY_MIN = 1000,
    PARTS_MAX = 64, /* columns of one member */
    SPEAKING_PERCENT = 1,
};

/* A column as the part of a path: parent, key and what is behind the key. */
struct member {
    uint64_t parent, key, rest;
    uint32_t col;
    uint16_t from, to; /* of the key in the name */
};

struct members {
    struct member *at;
    size_t count, cap;
};

static void add_members(struct members *m, const char *name, uint32_t col)
{
    const size_t len = strlen(name);
    for (size_t from = 0; from < len;) {
        from += from == 0 && name[0] == '@';
        const size_t to = from + strcspn(name + from, ".@[");
        if (m->count == m->cap) {
            m->cap = m->cap ? m->cap * 2 : 256;
            m->at = zj_realloc(m->at, m->cap * sizeof *m->at);
        }
        if (to > from && name[from] != '(')
            m->at[m->count++] =
                (struct member){.parent = zj_hash(zj_span_of(name, from), 0),
                                .key = zj_hash(zj_span_of(name + from, to - from), 0),
                                .rest = zj_hash(zj_span_of(name + to, len - to), 0),
                                .col = col,
                                .from = (uint16_t)from,
                                .to = (uint16_t)to};
        from = to + strcspn(name + to, ".@") + 1;
    }
}

/* Parents that are nearer to the root first. */
static int by_parent(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->col < y->col ? -1 : x->col > y->col;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static size_t distinct_of(uint64_t *numbers, size_t count, size_t *out_most)
{
    size_t distinct = 0, times = 0;
    *out_most = 0;
    qsort(numbers, count, sizeof *numbers, by_number);
    for (size_t i = 0; i < count; i++) {
        const bool is_new = !i || numbers[i] != numbers[i - 1];
        distinct += is_new;
        times = is_new ? 1 : times + 1;
        *out_most = times > *out_most ? times : *out_most;
    }
    return distinct;
}

static struct zj_span member_key(const struct zj_inv_table *table, const struct member *m)
{
    return zj_span_of(table->cols[m->col].name + m->from, (size_t)(m->to - m->from));
}

/* One parent's members. */
struct group {
    const struct zj_inv_table *table;
    const struct member *at;
    size_t count;          /* columns */
    size_t keys, parts;    /* distinct keys, distinct columns of a member */
    uint64_t values, most; /* members met, and those of the key with the most */
    size_t people, coded;  /* keys that are people's names; that have one form, with figures */
    size_t speaking;       /* keys that name data */
};

static bool speaks(const struct group *g, struct zj_span key)
{
    bool is_speaking = false;
    char *name = zj_strndup(key);
    for (unsigned t = 0; t < ZJ_TYPE_COUNT && !is_speaking; t++)
        is_speaking =
            zj_columns_speaks(g->table->scan->rules->columns, (enum zj_identify_type)t, name, NULL);
    free(name);
    return is_speaking;
}

static void count_keys(struct group *g)
{
    uint64_t *numbers = zj_alloc((g->count + 1) * sizeof *numbers), values = 0;
    for (size_t i = 0; i < g->count; i++) {
        const uint64_t here = g->table->cols[g->at[i].col].values;
        const bool is_new = !i || g->at[i].key != g->at[i - 1].key;
        g->keys += is_new;
        g->values += is_new ? here : here > values ? here - values : 0;
        values = is_new || here > values ? here : values;
        g->most = values > g->most ? values : g->most;
        numbers[i] = g->at[i].rest;
    }
    size_t ignored;
    g->parts = distinct_of(numbers, g->count, &ignored);
    free(numbers);
}

static void look_at_keys(struct group *g)
{
    size_t with_figures = 0;
    uint8_t shape[ZJ_NAME_SHAPE];
    uint64_t *shapes = zj_alloc((g->keys + 1) * sizeof *shapes);
    for (size_t i = 0; i < g->count; i++) {
        const struct zj_span key = member_key(g->table, &g->at[i]);
        if (i && g->at[i].key == g->at[i - 1].key)
            continue;
        const struct zj_span form = zj_name_shape(key, shape);
        if (form.len && memchr(form.at, '9', form.len))
            shapes[with_figures++] = zj_hash(form, 0);
        g->people += zj_name_is_person(g->table->scan->scratch, key);
        g->speaking += speaks(g, key);
    }
    (void)distinct_of(shapes, with_figures, &g->coded);
    free(shapes);
}

/* Members have the same columns, and are not in every record as fields are; no field is so alike.
 */
static bool is_map(struct group *g)
{
    count_keys(g);
    if (g->keys < PEOPLE_MIN || g->parts > PARTS_MAX || g->count * 10 < g->keys * g->parts * 8)
        return false;
    look_at_keys(g);
    if (g->speaking * 100 > g->keys * SPEAKING_PERCENT)
        return false;
    if (g->people * 5 >= g->keys * 4)
        return true;
    const bool is_once = g->values == g->keys;
    const bool is_sparse = g->values * 2 < g->keys * g->most && g->values < 8 * g->keys;
    return (is_once || is_sparse) &&
           ((g->keys >= RECORDS_MIN && g->parts > 1) ||
            (g->keys >= CODES_MIN && g->coded * 5 >= g->keys * 4) || g->keys >= ANY_MIN);
}

/* --- folding -------------------------------------------------------------------------------------
 */
struct fold {
    char *parent;
    size_t len;
    struct zj_buf name;
};

static struct zj_span name_folded(void *ctx, const char *name)
{
    struct fold *f = ctx;
    const bool is_member =
        strncmp(name, f->parent, f->len) == 0 && name[f->len] && !strchr("(.@[", name[f->len]);
    if (!is_member)
        return zj_span_str(name);
    f->name.len = 0;
    zj_buf_printf(&f->name, "%s(value)%s", f->parent,
                  name + f->len + strcspn(name + f->len, ".@["));
    return zj_buf_all(&f->name);
}

static void fold(struct zj_inv_table *table, const struct group *g)
{
    struct fold f = {.len = g->at[0].from};
    f.parent = zj_strndup(zj_span_of(table->cols[g->at[0].col].name, f.len));
    char **keys = zj_alloc(g->keys * sizeof *keys);
    uint64_t *times = zj_alloc(g->keys * sizeof *times);
    size_t count = 0;
    for (size_t i = 0; i < g->count; i++) {
        const uint64_t values = table->cols[g->at[i].col].values;
        if (!i || g->at[i].key != g->at[i - 1].key)
            keys[count++] = zj_strndup(member_key(table, &g->at[i]));
        times[count - 1] = values > times[count - 1] ? values : times[count - 1];
    }
    zj_inv_table_rename(table, name_folded, &f);
    f.name.len = 0;
    zj_buf_printf(&f.name, "%s(key)", f.parent);
    const size_t at = zj_inv_table_col(table, zj_buf_all(&f.name));
    for (size_t i = 0; i < count; i++) {
        zj_inv_table_cell(table, at, zj_span_str(keys[i]));
        table->cols[at].values += times[i] ? times[i] - 1 : 0;
        free(keys[i]);
    }
    if (table->map_count < ZJ_TABLE_MAPS_MAX && !zj_maps_has(table, zj_span_str(f.parent)))
        table->maps[table->map_count++] = g->at[0].parent;
    zj_buf_release(&f.name);
    free(keys), free(times), free(f.parent);
}

static bool fold_first(struct zj_inv_table *table)
{
    struct members m = {0};
    bool is_folded = false;
    for (size_t i = 0; i < table->count; i++)
        add_members(&m, table->cols[i].name, (uint32_t)i);
    if (m.count)
        qsort(m.at, m.count, sizeof *m.at, by_parent);
    for (size_t from = 0, to; from < m.count && !is_folded; from = to) {
        for (to = from + 1; to < m.count && m.at[to].parent == m.at[from].parent;)
            to++;
        struct group g = {.table = table, .at = m.at + from, .count = to - from};
        const struct zj_span parent = zj_span_of(table->cols[m.at[from].col].name, m.at[from].from);
        is_folded = is_map(&g) || zj_maps_has(table, parent);
        if (is_folded)
            fold(table, &g);
    }
    free(m.at);
    return is_folded;
}

void zj_maps_fold(struct zj_inv_table *table)
{
    for (size_t i = 0; i < ZJ_TABLE_MAPS_MAX && fold_first(table); i++)
        ;
}

bool zj_maps_has(const struct zj_inv_table *table, struct zj_span path)
{
    const uint64_t hash = table->map_count ? zj_hash(path, 0) : 0;
    for (size_t i = 0; i < table->map_count; i++)
        if (table->maps[i] == hash)
            return true;
    return false;
}

uint64_t zj_maps_members(const struct zj_inv_table *table)
{
    uint64_t most = 0;
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->cols[i].name, *key = strstr(name, "(key)");
        if (key && !key[5] && !strchr(name, '[') && !strstr(name, "(value)"))
            most = table->cols[i].values > most ? table->cols[i].values : most;
    }
    return most;
}

void zj_maps_merge(struct zj_inv_table *table, const struct zj_inv_table *from)
{
    table->has_paths |= from->has_paths;
    for (size_t i = 0; i < from->map_count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < table->map_count; k++)
            is_known |= table->maps[k] == from->maps[i];
        if (!is_known && table->map_count < ZJ_TABLE_MAPS_MAX)
            table->maps[table->map_count++] = from->maps[i];
    }
}
