/* Whose data it is: numbers of one type count once, however they are written and wherever they
 * stand. */
#include "inventory/subjects.h"

#include <ctype.h>

#include "base/hash.h"
#include "base/text.h"
#include "inventory/rules.h"

enum { RUN_MIN = 11, MOBILE_DIGITS = 11 };

/* "86", "0086" or "0" before the eleven digits of a mobile number. */
static size_t country_len(const uint8_t *text, size_t len)
{
    static const char *const heads[] = {"0", "86", "0086"};
    for (size_t i = 0; i < ZJ_COUNT(heads); i++) {
        const size_t head = strlen(heads[i]);
        if (len == MOBILE_DIGITS + head && memcmp(text, heads[i], head) == 0 && text[head] == '1' &&
            text[head + 1] >= '3')
            return head;
    }
    return 0;
}

/* What is said of a byte. */
enum { CAPITAL = 1, SMALL = 2, MARK = 4, HIGH = 8, ODD = 16 };

static unsigned looks_of(struct zj_span value)
{
    unsigned looks = 0;
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        looks |= c >= 0x80                              ? HIGH
                 : isdigit(c) || (c >= 'A' && c <= 'Z') ? CAPITAL
                 : islower(c)                           ? SMALL
                                                        : MARK;
        looks |= c == 0xc2 || c == 0xe2 || c == 0xef ? ODD : 0; /* "·", no width, full-width */
    }
    return looks;
}

/* May the digits go on behind the mark at `at`? */
static bool joins(struct zj_span in, size_t at)
{
    return strchr(" -._", in.at[at]) && in.at[at] && at && at + 1 < in.len &&
           isdigit(in.at[at - 1]) && isdigit(in.at[at + 1]);
}

/* The longest word of letters and digits, or the longest number in groups; empty: none is as long
 * as a number of a person or a vehicle is. */
static struct zj_span longest(struct zj_span in, bool has_groups, uint8_t text[ZJ_SUBJECT_BYTES])
{
    size_t best = 0, from = 0;
    for (size_t at = 0, start = 0, len = 0; at <= in.len; at++) {
        if (at < in.len && (isalnum(in.at[at]) || (has_groups && joins(in, at)))) {
            start = len ? start : at;
            len++;
            continue;
        }
        if (len > best)
            best = len, from = start;
        len = 0;
    }
    size_t len = 0;
    for (size_t at = from; at < from + best; at++)
        if (isalnum(in.at[at]))
            text[len++] = (uint8_t)toupper(in.at[at]);
    return zj_span_of(text, len >= RUN_MIN ? len : 0);
}

/* All of it in capitals, without marks. */
static struct zj_span whole(struct zj_span in, uint8_t text[ZJ_SUBJECT_BYTES])
{
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++) {
        const uint8_t c = in.at[i];
        const bool is_dot = c == 0xc2 && i + 1 < in.len && in.at[i + 1] == 0xb7; /* "·" */
        if (isalnum(c) || (c >= 0x80 && !is_dot))
            text[len++] = (uint8_t)toupper(c);
        i += is_dot;
    }
    return zj_span_of(text, len);
}

bool zj_subject_plain(struct zj_span value, struct zj_span *out, uint8_t text[ZJ_SUBJECT_BYTES])
{
    if (value.len > ZJ_SUBJECT_BYTES)
        return true;
    const unsigned looks = looks_of(value);
    if ((looks == CAPITAL && !country_len(value.at, value.len)) || looks == HIGH)
        return true;
    struct zj_buf folded = {0};
    struct zj_span in = value;
    if (looks & ODD) {
        zj_text_fold(&folded, value);
        in = zj_span_part(zj_buf_all(&folded), 0, ZJ_SUBJECT_BYTES);
    }
    struct zj_span number = longest(in, false, text);
    if (!number.len)
        number = longest(in, true, text);
    if (!number.len)
        number = whole(in, text);
    zj_buf_release(&folded);
    const size_t skip = country_len(number.at, number.len);
    *out = zj_span_part(number, skip, number.len);
    return zj_span_eq(*out, value);
}

static void merge_column(struct zj_inv_union *u, const struct zj_col_state *col,
                         const struct zj_inv_proposal *p, size_t type)
{
    const struct zj_hits *hits = col->hits ? col->hits[type] : NULL;
    if (p->state == ZJ_INV_CONFIRMED)
        zj_inv_union_add(u, col->numbers ? col->numbers : col->distinct, p->subjects);
    else if (p->state == ZJ_INV_CONTAINS && hits)
        zj_inv_union_add(u, &hits->subjects, p->subjects);
    else if (p->state == ZJ_INV_CONTAINS)
        zj_inv_union_add(u, &(const struct zj_hll){0}, p->subjects);
}

void zj_object_sketches(struct zj_inv_table *table, struct zj_inv_object *object)
{
    const struct zj_taxonomy *taxonomy = table->scan->rules->taxonomy;
    for (size_t type = 0; type < ZJ_TYPE_COUNT; type++) {
        const char *name = zj_identify_type_info((enum zj_identify_type)type)->name;
        struct zj_inv_union *u = NULL;
        if (!zj_taxonomy_counts(taxonomy, (enum zj_identify_type)type))
            continue;
        for (size_t i = 0; i < object->column_count; i++)
            for (size_t k = 0; k < object->columns[i].proposal_count; k++) {
                const struct zj_inv_proposal *p = &object->columns[i].proposals[k];
                if (p->state == ZJ_INV_SUSPECTED || strcmp(p->type, name) != 0)
                    continue;
                if (!u)
                    u = zj_arena_alloc(&table->arena, sizeof *u);
                merge_column(u, &table->cols[i], p, type);
            }
        if (u && object->sketch_count < ZJ_INV_SKETCHES_MAX)
            object->sketches[object->sketch_count++] =
                (struct zj_inv_sketch){name, zj_inv_union_count(u), &u->seen};
    }
}

void zj_inv_union_add(struct zj_inv_union *u, const struct zj_hll *seen, uint64_t subjects)
{
    zj_hll_merge(&u->seen, seen);
    u->parts += subjects;
    u->counted += zj_hll_count(seen);
    u->most = subjects > u->most ? subjects : u->most;
}

uint64_t zj_inv_union_count(const struct zj_inv_union *u)
{
    const double scale = u->counted ? (double)u->parts / (double)u->counted : 1;
    const uint64_t count = (uint64_t)((double)zj_hll_count(&u->seen) * scale + 0.5);
    return count < u->most ? u->most : count > u->parts ? u->parts : count;
}

/* --- between processes ---------------------------------------------------------------------------
 */
void zj_sketches_write(struct zj_json *j, const struct zj_inv_object *object)
{
    struct zj_buf packed = {0};
    zj_json_array(j);
    for (size_t i = 0; i < object->sketch_count; i++) {
        const struct zj_inv_sketch *s = &object->sketches[i];
        packed.len = 0;
        zj_hll_pack(s->seen, &packed);
        zj_json_object(j);
        zj_json_kstr(j, "type", s->type);
        zj_json_kint(j, "subjects", (int64_t)s->subjects);
        zj_json_key(j, "seen");
        zj_json_hex(j, zj_buf_all(&packed));
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    zj_buf_release(&packed);
}

void zj_sketches_read(struct zj_job *job, const struct zj_jval *list, struct zj_inv_object *out)
{
    for (const struct zj_jval *v = zj_jval_first(list);
         v && out->sketch_count < ZJ_INV_SKETCHES_MAX; v = zj_jval_next(v)) {
        struct zj_buf packed = {0};
        struct zj_hll *seen = zj_arena_alloc(&job->arena, sizeof *seen);
        const char *type = zj_jval_cstr(zj_jval_get(v, "type"), "");
        const int64_t subjects = zj_jval_int(zj_jval_get(v, "subjects"), 0);
        if (zj_buf_from_hex(&packed, zj_jval_text(zj_jval_get(v, "seen"))) &&
            zj_hll_unpack(zj_buf_all(&packed), seen) && zj_inv_type_is_known(type) && subjects > 0)
            out->sketches[out->sketch_count++] = (struct zj_inv_sketch){
                zj_arena_strdup(&job->arena, type), (uint64_t)subjects, seen};
        zj_buf_release(&packed);
    }
}
