/* From what was counted to what is proposed. The share of values that are of a type is judged by
 * the lower bound of Wilson's interval, so that five values of five convince less than two
 * thousand. A name or a comment that speaks of the type lowers what is asked; alone it makes a
 * suspicion. */
#include <inttypes.h>
#include <math.h>

#include "base/mask.h"
#include "inventory/classes.h"
#include "inventory/codes.h"
#include "inventory/names.h"
#include "inventory/rules.h"
#include "inventory/subjects.h"

const char *zj_inv_state_name(enum zj_inv_state state)
{
    static const char *const names[] = {"suspected", "contains", "confirmed"};
    return names[state];
}

const char *zj_inv_grade_name(int grade)
{
    return grade > 0 && grade < ZJ_GRADE_COUNT ? zj_data_grade_name((enum zj_data_grade)grade) : "";
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

/* The value of the sample at *at, and *at to the next. */
static struct zj_sampled next_value(const struct zj_col_state *col, size_t *at,
                                    struct zj_span *out_value)
{
    struct zj_sampled head;
    memcpy(&head, col->sample.at + *at, sizeof head);
    *out_value = zj_span_of(col->sample.at + *at + sizeof head, head.len);
    *at += sizeof head + head.len;
    return head;
}

/* What the sample shows of each type. */
struct counts {
    uint64_t looked;                                   /* values met, the same ones again */
    uint32_t whole[ZJ_TYPE_COUNT];                     /* values that are of the type */
    uint32_t part[ZJ_TYPE_COUNT];                      /* values that hold it among other text */
    uint64_t times[ZJ_TYPE_COUNT];                     /* of the first, each as often as met */
    uint32_t first[ZJ_TYPE_COUNT][ZJ_INV_SAMPLES_MAX]; /* offsets in the sample of the first ones */
};

static void count_find(struct counts *out, const struct zj_find *f, const struct zj_sampled *head,
                       uint32_t offset, unsigned whole_percent)
{
    const bool is_whole = (size_t)(f->end - f->start) * 100 >= (size_t)head->len * whole_percent;
    const uint32_t seen = out->whole[f->type] + out->part[f->type];
    if (seen < ZJ_INV_SAMPLES_MAX)
        out->first[f->type][seen] = offset;
    out->times[f->type] += is_whole ? head->times : 0;
    ++*(is_whole ? &out->whole[f->type] : &out->part[f->type]);
}

/* Each value of the sample by itself, known by `key` where it is not empty; `coded` may be NULL. */
static void look(const struct zj_inv_table *table, const struct zj_col_state *col, const char *key,
                 struct counts *out, struct zj_coded *coded)
{
    const unsigned whole = table->scan->rules->columns->whole_percent;
    const struct zj_span name = zj_span_str(key);
    size_t at = 0;
    for (uint32_t i = 0; i < col->sampled; i++) {
        struct zj_span value;
        const struct zj_find *finds;
        const uint32_t from = (uint32_t)at;
        const struct zj_sampled head = next_value(col, &at, &value);
        const size_t count = name.len ? zj_identify_value(table->scan->scratch, name, value, &finds)
                                      : zj_identify_find(table->scan->scratch, value, &finds);
        uint64_t seen = 0; /* types of this value */
        for (size_t k = 0; k < count; k++) {
            if (!(seen >> finds[k].type & 1))
                count_find(out, &finds[k], &head, from, whole);
            seen |= UINT64_C(1) << finds[k].type;
        }
        out->looked += head.times;
        if (coded)
            coded[i] = (struct zj_coded){zj_code_shape(value), seen};
    }
}

/* The digits of a value as a number, its first 18. */
static double digits_as_number(struct zj_span value)
{
    int64_t n = 0;
    for (size_t i = 0, digits = 0; i < value.len && digits < 18; i++)
        if (value.at[i] >= '0' && value.at[i] <= '9') {
            n = n * 10 + (value.at[i] - '0');
            digits++;
        }
    return (double)n;
}

/* Numbers that only grow, and by little, are a sequence or a time, whatever their form. A key or an
 * export in order grows too, but through most of what its type can be. */
static bool is_sequence(const struct zj_columns *columns, const struct zj_col_state *col)
{
    size_t at = 0, ups = 0;
    struct zj_span last = {0};
    double first = 0;
    for (uint32_t i = 0; i < col->sampled; i++) {
        struct zj_span value;
        (void)next_value(col, &at, &value);
        if (last.len == value.len && memcmp(last.at, value.at, value.len) < 0)
            ups++;
        first = i ? first : digits_as_number(value);
        last = value;
    }
    return col->sampled >= columns->sequence_from && col->sampled > 1 &&
           ups * 100 >= (col->sampled - 1) * (size_t)columns->rising_percent &&
           digits_as_number(last) - first < first * columns->spread_percent / 100;
}

/* Degrees inside China with four decimals or more, or integers of millionths or ten-millionths. */
static bool is_degrees(const char *text)
{
    char *end;
    const char *dot = strchr(text, '.');
    double value = strtod(text, &end);
    if (*end || end == text || (dot && end - dot <= 4))
        return false;
    const size_t digits = strspn(text, "0123456789");
    if (!dot && (digits < 7 || digits > 10 || text[digits]))
        return false;
    if (!dot)
        value /= value > 180e6 ? 1e7 : 1e6;
    return (value >= 3.86 && value <= 53.56) || (value >= 73.50 && value <= 135.09);
}

/* A column named for one coordinate whose values are degrees: half of a position, which no scan of
 * single values can know. */
static uint32_t count_degrees(const struct zj_col_state *col)
{
    size_t at = 0;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < col->sampled; i++) {
        char text[32];
        struct zj_span bytes;
        (void)next_value(col, &at, &bytes);
        if (bytes.len < sizeof text) {
            memcpy(text, bytes.at, bytes.len);
            text[bytes.len] = '\0';
            hits += is_degrees(text);
        }
    }
    return hits;
}

static int strength(const struct zj_inv_proposal *p)
{
    return (int)p->state * 1000 + p->grade * 100 + (int)(p->bound * 99);
}

void zj_inv_propose(const struct zj_inv_table *table, struct zj_inv_column *out, size_t type,
                    struct zj_inv_proposal p)
{
    enum zj_data_grade grade = ZJ_GRADE_NONE;
    const struct zj_category *category =
        zj_taxonomy_of(table->scan->rules->taxonomy, (enum zj_identify_type)type, &grade);
    if (!category)
        return;
    p.type = zj_identify_type_info((enum zj_identify_type)type)->name;
    p.category = category->id;
    p.grade = (int)grade;
    p.is_personal = category->is_personal;
    p.is_sensitive = category->is_sensitive;
    if (!zj_taxonomy_counts(table->scan->rules->taxonomy, (enum zj_identify_type)type))
        p.subjects = 0; /* a position or an address stands for nobody */
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

static void explain(struct zj_inv_table *table, uint64_t hits, uint64_t looked, bool is_hinted,
                    struct zj_inv_proposal *p)
{
    const bool is_inside = p->state == ZJ_INV_CONTAINS;
    p->why = zj_arena_printf(&table->arena, "%" PRIu64 "/%" PRIu64 " %s, ≥%.0f%%%s", hits, looked,
                             is_inside ? "hold it inside text" : "values", floor(100 * p->bound),
                             is_hinted ? ", named so" : "");
    p->why_zh = zj_arena_printf(&table->arena,
                                "抽样 %" PRIu64 " 个值中%s %" PRIu64 " 个，占比不低于 %.0f%%%s",
                                looked, is_inside ? "文本内含" : "吻合", hits,
                                floor(100 * p->bound), is_hinted ? "，列名或注释吻合" : "");
}

static void explain_sequence(struct zj_inv_table *table, struct zj_inv_proposal *p)
{
    p->why = zj_arena_printf(&table->arena, "%s, rising evenly as a sequence does", p->why);
    p->why_zh = zj_arena_printf(&table->arena, "%s，逐个递增，也可能是流水号", p->why_zh);
}

static void explain_other(struct zj_inv_table *table, struct zj_inv_proposal *p)
{
    p->why = zj_arena_printf(&table->arena, "%s, but the name speaks of something else", p->why);
    p->why_zh = zj_arena_printf(&table->arena, "%s，但列名或注释指向其他内容", p->why_zh);
}

/* Running text has no values: its lines count. */
static void explain_lines(struct zj_inv_table *table, uint64_t lines, uint64_t hits,
                          struct zj_inv_proposal *p)
{
    p->ratio = fmin(1, (double)hits / (double)lines);
    p->bound = wilson(fmin((double)hits, (double)lines), (double)lines);
    p->why = zj_arena_printf(&table->arena, "%" PRIu64 "/%" PRIu64 " lines hold it", hits, lines);
    p->why_zh = zj_arena_printf(&table->arena, "查看 %" PRIu64 " 行文本，其中 %" PRIu64 " 行含有",
                                lines, hits);
}

/* A column that is named for the type may say the same value again and again: then its values
 * count, not only the distinct ones. Without a name one value that is often met convinces nobody.
 */
static void count_again(const struct counts *counts, size_t type, struct zj_inv_proposal *p,
                        uint64_t *looked)
{
    const double hits = (double)counts->times[type], n = (double)counts->looked;
    const double bound = wilson(hits, n);
    if (bound <= p->bound)
        return;
    p->hits = counts->times[type];
    p->bound = bound;
    p->ratio = hits / n;
    *looked = counts->looked;
}

/* Words are written with letters: a column of plain numbers holds no names and no addresses,
 * whatever it is called. */
static bool is_of_digits(const struct zj_col_state *col)
{
    size_t at = 0;
    uint32_t numbers = 0;
    for (uint32_t i = 0; i < col->sampled; i++) {
        struct zj_span value;
        (void)next_value(col, &at, &value);
        size_t digits = 0;
        while (digits < value.len && value.at[digits] >= '0' && value.at[digits] <= '9')
            digits++;
        numbers += digits == value.len;
    }
    return numbers == col->sampled;
}

/* Text that holds it: what was found in all long cells counts, not only in the sample. `found` is
 * of the sample, `looked` what the proposal rests on so far. */
static void contain(struct zj_inv_table *table, const struct zj_col_state *col,
                    const struct zj_hits *inside, uint32_t found, struct zj_inv_proposal *p,
                    uint64_t looked, bool is_hinted)
{
    const struct zj_inv_proposal again = *p;
    p->state = ZJ_INV_CONTAINS;
    p->hits = inside && inside->count > found ? inside->count : found;
    p->ratio = col->values ? fmin(1, (double)p->hits / (double)col->values) : 0;
    p->bound = wilson(fmin((double)p->hits, (double)col->values), (double)col->values);
    p->subjects = inside ? zj_hll_count(&inside->subjects) : found;
    if (inside && p->subjects > inside->count)
        p->subjects = inside->count;
    if (col->factor > 0)
        p->subjects = (uint64_t)((double)p->subjects * col->factor);
    if (col->lines && !col->sampled && inside) {
        explain_lines(table, col->lines, inside->lines, p);
        return;
    }
    const bool is_again = looked > col->sampled && again.ratio > p->ratio;
    if (is_again)
        p->hits = again.hits, p->ratio = again.ratio, p->bound = again.bound;
    explain(table, is_again ? p->hits : found, is_again ? looked : col->sampled, is_hinted, p);
}

/* Of codes some have the form of a type by chance: is the share of them no more than that? */
static bool is_chance(struct zj_inv_table *table, const struct zj_col_state *col, size_t type,
                      const struct zj_coded *coded, struct zj_inv_proposal *p)
{
    const struct zj_columns *columns = table->scan->rules->columns;
    const struct zj_code_share share =
        zj_code_share(coded, col->sampled, type, columns->codes_percent);
    const double bound = wilson(share.hits, share.looked);
    const double chance = columns->shares[columns->types[type].accept].chance;
    if (!share.is_codes || chance <= 0 || bound > chance)
        return false;
    p->state = ZJ_INV_SUSPECTED;
    p->subjects = 0;
    p->hits = share.hits;
    p->ratio = share.looked ? (double)share.hits / share.looked : 0;
    p->bound = bound;
    p->why = zj_arena_printf(
        &table->arena, "%" PRIu32 "/%" PRIu32 " codes of this form, no more than chance gives",
        share.hits, share.looked);
    p->why_zh = zj_arena_printf(
        &table->arena, "同形编码 %" PRIu32 " 个中吻合 %" PRIu32 " 个，不超过偶然吻合的比例",
        share.looked, share.hits);
    return true;
}

/* Distinct numbers of the type, each however it is written, where `hits` values of the sample are
 * it or hold it. */
static uint64_t count_subjects(const struct zj_col_state *col, const struct zj_inv_column *out,
                               uint64_t hits)
{
    const double factor = col->factor > 0 ? col->factor : 1, most = (double)out->distinct;
    const double numbers = col->numbers ? (double)zj_hll_count(col->numbers) * factor : most;
    if (!col->sampled || hits > col->sampled)
        return (uint64_t)fmin(numbers, most);
    return (uint64_t)(fmin(numbers, most) * (double)hits / col->sampled + 0.5);
}

/* One type of one column: what the values say bare, what they say behind the column's name. */
static void judge_type(struct zj_inv_table *table, const struct zj_col_state *col, size_t type,
                       const struct counts *bare, const struct counts *named,
                       const struct zj_coded *coded, struct zj_inv_column *out)
{
    const char *name = zj_identify_type_info((enum zj_identify_type)type)->name;
    const struct zj_columns *columns = table->scan->rules->columns;
    const enum zj_accept how = columns->types[type].accept;
    const struct zj_accept_share *share = &columns->shares[how];
    const bool is_named =
        zj_columns_speaks(columns, (enum zj_identify_type)type, col->name, col->comment);
    const bool is_hinted = is_named || named->whole[type] > bare->whole[type];
    uint32_t hits = bare->whole[type];
    if (is_hinted && named->whole[type] > hits)
        hits = named->whole[type];
    if (is_hinted && strcmp(name, "GEO_COORD") == 0 && count_degrees(col) > hits)
        hits = count_degrees(col);
    const double n = col->sampled, bound = wilson(hits, n);
    const double wanted = is_hinted ? share->named : share->bare;
    const uint32_t hits_min = col->sampled < share->hits_min ? col->sampled : share->hits_min;
    const bool counts_up = !is_hinted && how == ZJ_ACCEPT_SHAPE && is_sequence(columns, col);
    const uint32_t beside = (is_hinted ? named : bare)->part[type];
    struct zj_inv_proposal p = {.hits = hits,
                                .bound = bound,
                                .ratio = n > 0 ? hits / n : 0,
                                .subjects = count_subjects(col, out, hits + beside)};
    uint64_t looked = col->sampled;
    if (is_hinted)
        count_again(named->times[type] > bare->times[type] ? named : bare, type, &p, &looked);
    if (hits && hits >= hits_min && p.bound >= wanted) {
        const bool is_other = !is_named && zj_columns_denies(columns, (enum zj_identify_type)type,
                                                             col->name, col->comment);
        p.state = counts_up || is_other ? ZJ_INV_SUSPECTED : ZJ_INV_CONFIRMED;
        p.subjects = counts_up || is_other ? 0 : p.subjects;
        explain(table, p.hits, looked, is_hinted, &p);
        if (counts_up)
            explain_sequence(table, &p);
        if (is_other)
            explain_other(table, &p);
        zj_inv_propose(table, out, type, p);
        return;
    }
    const struct zj_hits *inside = col->hits ? col->hits[type] : NULL;
    const uint32_t parts = bare->part[type] + named->part[type] * is_hinted;
    const bool is_proof = how != ZJ_ACCEPT_SHAPE && hits;
    if (parts || is_proof || (inside && inside->count > bare->whole[type])) {
        if (is_hinted || !is_chance(table, col, type, coded, &p))
            contain(table, col, inside, parts + hits, &p, looked, is_hinted);
        zj_inv_propose(table, out, type, p);
    } else if (hits && hits == col->values && !counts_up) { /* all, but few */
        p.state = ZJ_INV_SUSPECTED;
        p.subjects = 0;
        explain(table, p.hits, looked, is_hinted, &p);
        zj_inv_propose(table, out, type, p);
    } else if (is_named && col->sampled && !counts_up &&
               !(how == ZJ_ACCEPT_WORDS && is_of_digits(col))) {
        p.state = ZJ_INV_SUSPECTED;
        p.subjects = 0;
        explain(table, p.hits, looked, true, &p);
        zj_inv_propose(table, out, type, p);
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
            struct zj_span value;
            size_t at = counts->first[type][i];
            masked.len = 0;
            (void)next_value(col, &at, &value);
            zj_mask_value(&masked, zj_span_part(value, 0, 64));
            out->samples[out->sample_count++] = zj_arena_span(&table->arena, zj_buf_all(&masked));
        } else {
            break;
        }
    }
    zj_buf_release(&masked);
}

/* People in a column that nobody named, or in the keys of a map: known by all that are there. */
static void guess_people(const struct zj_inv_table *table, const struct zj_col_state *col,
                         struct counts *bare)
{
    const struct zj_columns *columns = table->scan->rules->columns;
    const enum zj_accept how = columns->types[ZJ_TYPE_PERSON_NAME].accept;
    if (!zj_name_is_given_here(col->name))
        return;
    struct counts *named = zj_alloc(sizeof *named);
    look(table, col, "姓名", named, NULL);
    const uint32_t people = named->whole[ZJ_TYPE_PERSON_NAME];
    const bool is_key = strstr(col->name, "(key)") != NULL; /* no other words are so many */
    const struct zj_accept_share *share = &columns->shares[how];
    if (wilson(people, col->sampled) >= (is_key ? share->named : share->bare)) {
        bare->whole[ZJ_TYPE_PERSON_NAME] = people;
        memcpy(bare->first[ZJ_TYPE_PERSON_NAME], named->first[ZJ_TYPE_PERSON_NAME],
               sizeof bare->first[ZJ_TYPE_PERSON_NAME]);
    }
    free(named);
}

void zj_inv_table_judge(struct zj_inv_table *table, struct zj_col_state *col,
                        struct zj_inv_column *out)
{
    *out = (struct zj_inv_column){.name = col->name,
                                  .data_type = col->data_type,
                                  .comment = col->comment,
                                  .values = col->values,
                                  .sampled = col->sampled,
                                  .is_unread = col->is_unread,
                                  .distinct = zj_hll_count(col->distinct)};
    if (col->stride == 1 && col->sampled) /* all of them are in the sample */
        out->distinct = col->sampled;
    if (col->factor > 0) {
        out->distinct = (uint64_t)((double)out->distinct * col->factor);
        out->values = (uint64_t)((double)out->values * col->factor);
    }
    if (out->distinct > out->values) /* a sketch errs to either side */
        out->distinct = out->values;
    struct counts *counts = zj_alloc(3 * sizeof *counts);
    struct zj_coded *coded = zj_alloc((col->sampled + 1) * sizeof *coded);
    if (col->sampled) {
        look(table, col, "", &counts[0], coded);
        guess_people(table, col, &counts[0]);
        look(table, col, col->name, &counts[1], NULL);
        if (col->comment)
            look(table, col, col->comment, &counts[2], NULL);
    }
    size_t by_name = 0, by_comment = 0;
    for (size_t type = 0; type < ZJ_TYPE_COUNT; type++) {
        by_name += counts[1].whole[type];
        by_comment += counts[2].whole[type];
    }
    if (by_comment > by_name)
        counts[1] = counts[2];
    for (size_t type = 0; type < ZJ_TYPE_COUNT; type++)
        judge_type(table, col, type, &counts[0], &counts[1], coded, out);
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
    free(coded);
    free(counts);
}

static size_t type_named(const char *name)
{
    size_t type = 0;
    while (type < ZJ_TYPE_COUNT &&
           strcmp(zj_identify_type_info((enum zj_identify_type)type)->name, name) != 0)
        type++;
    return type;
}

void zj_object_grade(struct zj_inv_table *table, struct zj_inv_object *object)
{
    const struct zj_taxonomy *taxonomy = table->scan->rules->taxonomy;
    struct zj_asset asset = {0};
    struct zj_grading grading = {0};
    for (size_t i = 0; i < object->column_count; i++)
        for (size_t k = 0; k < object->columns[i].proposal_count; k++) {
            const struct zj_inv_proposal *p = &object->columns[i].proposals[k];
            if (p->state == ZJ_INV_SUSPECTED)
                continue;
            asset.types |= UINT64_C(1) << type_named(p->type);
            if (p->state == ZJ_INV_CONFIRMED)
                asset.row_types |= UINT64_C(1) << type_named(p->type);
        }
    if (!asset.types)
        return;
    zj_object_sketches(table, object);
    for (size_t i = 0; i < object->sketch_count; i++)
        if (object->sketches[i].subjects > object->subjects)
            object->subjects = object->sketches[i].subjects;
    asset.subjects = object->subjects;
    zj_taxonomy_grade(taxonomy, &asset, &grading);
    object->grade = (int)grading.grade;
    object->is_personal = grading.is_personal;
    object->is_sensitive = grading.is_sensitive;
    zj_grading_words(&table->arena, &grading, &object->grade_why, &object->grade_why_zh);
}
