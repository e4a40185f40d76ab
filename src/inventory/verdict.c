/* From what was counted to what is proposed. The share of values that are of a type is judged by
 * the lower bound of Wilson's interval, so that five values of five convince less than two
 * thousand. A name or a comment that speaks of the type lowers what is asked; alone it makes a
 * suspicion. */
#include <math.h>

#include "base/mask.h"
#include "base/json.h"
#include "inventory/table.h"

/* How a type is accepted: without and with a name that speaks of it. */
enum accept { ACCEPT_CHECK, ACCEPT_SHAPE, ACCEPT_WORDS, ACCEPT_ONE };
static const struct {
    double bare, hinted;
    unsigned hits_min;
} accepts[] = {
    [ACCEPT_CHECK] = {0.2, 0.1, 3},
    [ACCEPT_SHAPE] = {0.6, 0.2, 3},
    [ACCEPT_WORDS] = {0.8, 0.5, 3},
    [ACCEPT_ONE] = {0.0, 0.0, 1},
};

static const struct entry {
    struct zj_inv_type type;
    enum accept accept;
} entries[] = {
#define ZJ_INV_TYPE(name, category, grade, personal, sensitive, how)                               \
    {{#name, category, grade, personal, sensitive}, ACCEPT_##how},
#include "inventory/taxonomy.def"
#undef ZJ_INV_TYPE
};

enum { GRADE_GENERAL_MAX = 4, NAME_PREFIX_MAX = 64, MONOTONE_MIN = 50 };
#define PERSONS_IMPORTANT UINT64_C(100000) /* above: important data (AutoData art. 3, item 5) */

const char *zj_inv_rules_version(void)
{
    return "2026.1";
}

const char *zj_inv_state_name(enum zj_inv_state state)
{
    static const char *const names[] = {"suspected", "contains", "confirmed"};
    return names[state];
}

const char *zj_inv_grade_name(int grade)
{
    static const char *const names[] = {"", "L1", "L2", "L3", "L4", "important", "core"};
    return grade > 0 && grade < (int)ZJ_COUNT(names) ? names[grade] : "";
}

static const struct entry *entry_of(const char *type)
{
    for (size_t i = 0; i < ZJ_COUNT(entries); i++)
        if (strcmp(entries[i].type.name, type) == 0)
            return &entries[i];
    return NULL;
}

const struct zj_inv_type *zj_inv_type_find(const char *name)
{
    const struct entry *entry = entry_of(name);
    return entry ? &entry->type : NULL;
}

static const struct zj_identify_type_info *info_of(const char *name)
{
    for (size_t t = 0; t < ZJ_TYPE_COUNT; t++) {
        const struct zj_identify_type_info *info = zj_identify_type_info((enum zj_identify_type)t);
        if (strcmp(info->name, name) == 0)
            return info;
    }
    return NULL;
}

void zj_inv_types_write(struct zj_json *j)
{
    zj_json_array(j);
    for (size_t i = 0; i < ZJ_COUNT(entries); i++) {
        const struct zj_inv_type *type = &entries[i].type;
        const struct zj_identify_type_info *info = info_of(type->name);
        zj_json_object(j);
        zj_json_kstr(j, "name", type->name);
        zj_json_kstr(j, "en", info ? info->en : type->name);
        zj_json_kstr(j, "zh", info ? info->zh : type->name);
        zj_json_kstr(j, "category", type->category);
        zj_json_kstr(j, "grade", zj_inv_grade_name(type->grade));
        zj_json_kbool(j, "is_personal", type->is_personal);
        zj_json_kbool(j, "is_sensitive", type->is_sensitive);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
}

static double wilson(double hits, double n)
{
    const double z = 1.96; /* 95 % */
    if (n <= 0)
        return 0;
    const double p = hits / n, z2 = z * z;
    const double bound =
        (p + z2 / (2 * n) - z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n);
    return bound > 0 ? bound : 0;
}

/* What the sample shows of each type. */
struct counts {
    uint32_t whole[ZJ_TYPE_COUNT];                     /* values that are of the type */
    uint32_t part[ZJ_TYPE_COUNT];                      /* values that hold it among other text */
    uint32_t first[ZJ_TYPE_COUNT][ZJ_INV_SAMPLES_MAX]; /* offsets in the sample of the first ones */
};

/* Looks into all values of the sample at once, a line each; with `prefix` ("owner_phone:") as the
 * key that stands before a value in a record. */
static void look(const struct zj_col_state *col, const char *prefix, struct counts *out)
{
    const size_t prefix_len = strlen(prefix), finds_max = 1 << 15;
    struct zj_buf text = {0};
    uint32_t *starts = zj_alloc((col->sampled + 1) * sizeof *starts);
    uint32_t *offsets = zj_alloc((col->sampled + 1) * sizeof *offsets);
    size_t at = 0;
    for (uint32_t i = 0; i < col->sampled; i++) {
        uint32_t len;
        memcpy(&len, col->sample.at + at, sizeof len);
        zj_buf_span(&text, zj_span_of(prefix, prefix_len));
        starts[i] = (uint32_t)text.len;
        offsets[i] = (uint32_t)at;
        zj_buf_span(&text, zj_span_of(col->sample.at + at + sizeof len, len));
        zj_buf_byte(&text, '\n');
        at += sizeof len + len;
    }
    starts[col->sampled] = (uint32_t)(text.len + prefix_len);
    struct zj_find *finds = zj_alloc(finds_max * sizeof *finds);
    const size_t count = zj_identify_scan(zj_buf_all(&text), finds, finds_max);
    uint32_t row = 0, last_row[ZJ_TYPE_COUNT];
    memset(last_row, 0xff, sizeof last_row);
    for (size_t i = 0; i < count; i++) {
        const struct zj_find *f = &finds[i];
        while (row + 1 < col->sampled && f->start >= starts[row + 1] - prefix_len)
            row++;
        const size_t len = starts[row + 1] - prefix_len - starts[row] - 1;
        if (f->end <= starts[row] || last_row[f->type] == row)
            continue;
        last_row[f->type] = row;
        const bool is_whole = (size_t)(f->end - f->start) * 10 >= len * 7;
        uint32_t *n = is_whole ? &out->whole[f->type] : &out->part[f->type];
        const uint32_t seen = out->whole[f->type] + out->part[f->type];
        if (seen < ZJ_INV_SAMPLES_MAX)
            out->first[f->type][seen] = offsets[row];
        ++*n;
    }
    free(finds), free(starts), free(offsets);
    zj_buf_release(&text);
}

/* Numbers that only grow are a sequence or a time, whatever their form. */
static bool is_monotone(const struct zj_col_state *col)
{
    size_t at = 0, ups = 0;
    struct zj_span last = {0};
    for (uint32_t i = 0; i < col->sampled; i++) {
        uint32_t len;
        memcpy(&len, col->sample.at + at, sizeof len);
        const struct zj_span value = zj_span_of(col->sample.at + at + sizeof len, len);
        at += sizeof len + len;
        if (last.len == value.len && memcmp(last.at, value.at, value.len) < 0)
            ups++;
        last = value;
    }
    return col->sampled >= MONOTONE_MIN && ups * 100 >= (col->sampled - 1) * (size_t)97;
}

/* A column named for one coordinate whose values are degrees inside China with four decimals or
 * more: half of a position, which no scan of single values can know. */
static uint32_t count_degrees(const struct zj_col_state *col)
{
    size_t at = 0;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < col->sampled; i++) {
        char text[32];
        uint32_t len;
        memcpy(&len, col->sample.at + at, sizeof len);
        if (len < sizeof text) {
            memcpy(text, col->sample.at + at + sizeof len, len);
            text[len] = '\0';
            char *end;
            const double value = strtod(text, &end);
            const char *dot = strchr(text, '.');
            const bool is_inside =
                (value >= 3.86 && value <= 53.56) || (value >= 73.50 && value <= 135.09);
            hits += !*end && dot && end - dot > 4 && is_inside;
        }
        at += sizeof len + len;
    }
    return hits;
}

static int strength(const struct zj_inv_proposal *p)
{
    return (int)p->state * 1000 + p->grade * 100 + (int)(p->bound * 99);
}

static void propose(struct zj_inv_column *out, const struct entry *entry, struct zj_inv_proposal p)
{
    p.type = entry->type.name;
    p.category = entry->type.category;
    p.grade = entry->type.grade;
    p.is_personal = entry->type.is_personal;
    p.is_sensitive = entry->type.is_sensitive;
    size_t at = out->proposal_count;
    while (at > 0 && strength(&out->proposals[at - 1]) < strength(&p))
        at--;
    if (at == ZJ_INV_PROPOSALS_MAX)
        return;
    if (out->proposal_count < ZJ_INV_PROPOSALS_MAX)
        out->proposal_count++;
    memmove(&out->proposals[at + 1], &out->proposals[at],
            (out->proposal_count - at - 1) * sizeof p);
    out->proposals[at] = p;
}

static const char *explain(struct zj_inv_table *table, const struct zj_col_state *col,
                           uint32_t hits, double bound, bool is_hinted, const char *what)
{
    const struct zj_job *job = table->scan->job;
    return zj_arena_printf(&table->arena, "%u/%u %s, ≥%.0f%%%s", hits, col->sampled, what,
                           100 * bound, is_hinted ? zj_tr(job, ", named so", "，名称吻合") : "");
}

/* One type of one column: what the values say bare, what they say behind the column's name. */
static void judge_type(struct zj_inv_table *table, const struct zj_col_state *col, size_t type,
                       const struct counts *bare, const struct counts *named,
                       struct zj_inv_column *out)
{
    const char *name = zj_identify_type_info((enum zj_identify_type)type)->name;
    const struct entry *entry = entry_of(name);
    if (!entry)
        return;
    const struct zj_job *job = table->scan->job;
    const bool is_hinted = zj_hint_speaks(name, col->name, col->comment);
    uint32_t hits = bare->whole[type];
    if (is_hinted && named->whole[type] > hits)
        hits = named->whole[type];
    if (is_hinted && strcmp(name, "GEO_COORD") == 0 && count_degrees(col) > hits)
        hits = count_degrees(col);
    const double n = col->sampled, bound = wilson(hits, n), distinct = (double)out->distinct;
    const double wanted = is_hinted ? accepts[entry->accept].hinted : accepts[entry->accept].bare;
    const uint32_t hits_min = col->sampled < accepts[entry->accept].hits_min
                                  ? col->sampled
                                  : accepts[entry->accept].hits_min;
    const bool is_sequence = !is_hinted && entry->accept == ACCEPT_SHAPE && is_monotone(col);
    struct zj_inv_proposal p = {.hits = hits,
                                .bound = bound,
                                .ratio = n > 0 ? hits / n : 0,
                                .subjects = n > 0 ? (uint64_t)(distinct * hits / n + 0.5) : 0};
    if (hits && hits >= hits_min && bound >= wanted && !is_sequence) {
        p.state = ZJ_INV_CONFIRMED;
        p.why = explain(table, col, hits, bound, is_hinted, zj_tr(job, "values", "个值"));
        propose(out, entry, p);
        return;
    }
    const struct zj_hits *inside = col->hits ? col->hits[type] : NULL;
    const uint32_t parts = bare->part[type] + named->part[type] * is_hinted;
    const bool is_proof = entry->accept != ACCEPT_SHAPE && hits;
    if (parts || is_proof || (inside && inside->count > bare->whole[type])) {
        p.state = ZJ_INV_CONTAINS;
        p.hits = inside && inside->count > parts + hits ? inside->count : parts + hits;
        p.ratio = col->values ? fmin(1, (double)p.hits / (double)col->values) : 0;
        p.bound = wilson(fmin((double)p.hits, (double)col->values), (double)col->values);
        p.subjects = inside ? zj_hll_count(&inside->subjects) : parts + hits;
        if (col->factor > 0)
            p.subjects = (uint64_t)((double)p.subjects * col->factor);
        p.why = explain(table, col, parts + hits, p.bound, is_hinted,
                        zj_tr(job, "hold it inside text", "处文本中包含"));
        propose(out, entry, p);
    } else if (is_hinted && col->sampled && !is_sequence) {
        p.state = ZJ_INV_SUSPECTED;
        p.subjects = 0;
        p.why = explain(table, col, hits, bound, true, zj_tr(job, "values", "个值"));
        propose(out, entry, p);
    }
}

/* Types that this engine does not look for, told by the name of the column alone. */
static void suspect_others(const struct zj_inv_table *table, const struct zj_col_state *col,
                           struct zj_inv_column *out)
{
    for (size_t i = 0; i < ZJ_COUNT(entries); i++) {
        bool is_looked_for = false;
        for (size_t t = 0; t < ZJ_TYPE_COUNT && !is_looked_for; t++)
            is_looked_for = strcmp(entries[i].type.name,
                                   zj_identify_type_info((enum zj_identify_type)t)->name) == 0;
        if (is_looked_for || !col->sampled ||
            !zj_hint_speaks(entries[i].type.name, col->name, col->comment))
            continue;
        const struct zj_inv_proposal p = {.state = ZJ_INV_SUSPECTED,
                                          .why = zj_tr(table->scan->job, "named so", "名称吻合")};
        propose(out, &entries[i], p);
    }
}

static void take_samples(struct zj_inv_table *table, const struct zj_col_state *col,
                         const struct counts *counts, struct zj_inv_column *out)
{
    if (!out->proposal_count || out->proposals[0].state == ZJ_INV_SUSPECTED)
        return;
    size_t type = 0;
    while (strcmp(zj_identify_type_info((enum zj_identify_type)type)->name,
                  out->proposals[0].type) != 0)
        type++;
    const struct zj_hits *hits = col->hits ? col->hits[type] : NULL;
    const uint32_t found = counts->whole[type] + counts->part[type];
    const bool is_text = out->proposals[0].state == ZJ_INV_CONTAINS && hits;
    struct zj_buf masked = {0};
    while (out->sample_count < ZJ_INV_SAMPLES_MAX) {
        const size_t i = out->sample_count;
        if (is_text && i < hits->count) {
            out->samples[out->sample_count++] = zj_arena_strdup(&table->arena, hits->samples[i]);
        } else if (!is_text && i < found) {
            uint32_t len;
            masked.len = 0;
            memcpy(&len, col->sample.at + counts->first[type][i], sizeof len);
            zj_mask_value(&masked, zj_span_of(col->sample.at + counts->first[type][i] + sizeof len,
                                              len < 64 ? len : 64));
            out->samples[out->sample_count++] = zj_arena_span(&table->arena, zj_buf_all(&masked));
        } else {
            break;
        }
    }
    zj_buf_release(&masked);
}

void zj_inv_table_judge(struct zj_inv_table *table, struct zj_col_state *col,
                        struct zj_inv_column *out)
{
    *out = (struct zj_inv_column){.name = col->name,
                                  .data_type = col->data_type,
                                  .comment = col->comment,
                                  .values = col->values,
                                  .sampled = col->sampled,
                                  .distinct = zj_hll_count(col->distinct)};
    if (col->factor > 0) {
        out->distinct = (uint64_t)((double)out->distinct * col->factor);
        out->values = (uint64_t)((double)out->values * col->factor);
    }
    char prefix[NAME_PREFIX_MAX];
    snprintf(prefix, sizeof prefix, "%.60s:", col->name);
    struct counts *counts = zj_alloc(2 * sizeof *counts);
    if (col->sampled) {
        look(col, "", &counts[0]);
        look(col, prefix, &counts[1]);
    }
    for (size_t type = 0; type < ZJ_TYPE_COUNT; type++)
        judge_type(table, col, type, &counts[0], &counts[1], out);
    suspect_others(table, col, out);
    if (out->proposal_count) {
        const struct counts *best = &counts[1];
        size_t type = 0;
        while (type < ZJ_TYPE_COUNT &&
               strcmp(zj_identify_type_info((enum zj_identify_type)type)->name,
                      out->proposals[0].type) != 0)
            type++;
        if (type < ZJ_TYPE_COUNT &&
            counts[0].whole[type] + counts[0].part[type] >= best->whole[type] + best->part[type])
            best = &counts[0];
        if (type < ZJ_TYPE_COUNT)
            take_samples(table, col, best, out);
    }
    free(counts);
}

static bool is_named(const struct zj_inv_object *object, const char *type)
{
    for (size_t i = 0; i < object->column_count; i++)
        for (size_t k = 0; k < object->columns[i].proposal_count; k++)
            if (object->columns[i].proposals[k].state == ZJ_INV_CONFIRMED &&
                strcmp(object->columns[i].proposals[k].type, type) == 0)
                return true;
    return false;
}

/* The best key there is tells how many persons: one of them for one of those. */
static uint64_t count_subjects(const struct zj_inv_object *object)
{
    static const char *const keys[] = {"CN_RESIDENT_ID", "CN_MOBILE", "VIN", "ICCID", NULL};
    uint64_t best = 0;
    for (size_t k = 0; k < ZJ_COUNT(keys); k++) {
        for (size_t i = 0; i < object->column_count; i++) {
            const struct zj_inv_column *col = &object->columns[i];
            for (size_t p = 0; p < col->proposal_count; p++) {
                const struct zj_inv_proposal *prop = &col->proposals[p];
                const bool is_key = keys[k] ? strcmp(prop->type, keys[k]) == 0 : prop->is_personal;
                if (is_key && prop->state != ZJ_INV_SUSPECTED && prop->subjects > best)
                    best = prop->subjects;
            }
        }
        if (best)
            break;
    }
    return best;
}

void zj_object_grade(struct zj_inv_table *table, struct zj_inv_object *object)
{
    static const char *const joined[] = {"PERSON_NAME", "CN_RESIDENT_ID", "CN_MOBILE",
                                         "ADDRESS",     "CN_PLATE",       "VEHICLE_TRACK"};
    size_t together = 0;
    for (size_t i = 0; i < object->column_count; i++) {
        for (size_t k = 0; k < object->columns[i].proposal_count; k++) {
            const struct zj_inv_proposal *p = &object->columns[i].proposals[k];
            if (p->state == ZJ_INV_SUSPECTED)
                continue;
            object->grade = p->grade > object->grade ? p->grade : object->grade;
            object->is_personal |= p->is_personal;
            object->is_sensitive |= p->is_sensitive;
        }
    }
    object->subjects = count_subjects(object);
    for (size_t i = 0; i < ZJ_COUNT(joined); i++)
        together += is_named(object, joined[i]);
    if (together >= 3 && object->grade < GRADE_GENERAL_MAX) {
        object->grade++;
        object->grade_why = zj_tr(table->scan->job,
                                  "R9: three or more of name, id, phone, address, plate, track "
                                  "in a row",
                                  "R9：同一行含姓名、证件、电话、地址、号牌、轨迹中的三项以上");
    }
    if (object->is_personal && object->subjects > PERSONS_IMPORTANT) {
        object->grade =
            object->grade > ZJ_INV_GRADE_IMPORTANT ? object->grade : ZJ_INV_GRADE_IMPORTANT;
        object->grade_why =
            zj_arena_printf(&table->arena,
                            zj_tr(table->scan->job, "R1: %llu persons, above 100000",
                                  "R1：涉及 %llu 人，超过 10 万人"),
                            (unsigned long long)object->subjects);
    }
}
