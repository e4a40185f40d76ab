/* Whose data it is: numbers of one type count once, however they are written and wherever they
 * stand. */
#include "inventory/subjects.h"

#include <ctype.h>

#include "base/hash.h"
#include "inventory/rules.h"

enum { NUMBER_BYTES_MAX = 40, MOBILE_DIGITS = 11 };

/* "86" or "0086" before the eleven digits of a mobile number. */
static size_t country_len(const char *text, size_t len)
{
    if (len == MOBILE_DIGITS + 2 && memcmp(text, "861", 3) == 0)
        return 2;
    return len == MOBILE_DIGITS + 4 && memcmp(text, "00861", 5) == 0 ? 4 : 0;
}

bool zj_subject_plain(struct zj_span value, struct zj_span *out, char text[ZJ_SUBJECT_BYTES])
{
    size_t len = 0;
    bool is_plain = value.len <= NUMBER_BYTES_MAX;
    if (!is_plain)
        return true;
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        const bool is_dot = c == 0xc2 && i + 1 < value.len && value.at[i + 1] == 0xb7; /* "·" */
        if (isalnum(c) || (c >= 0x80 && !is_dot))
            text[len++] = (char)toupper(c);
        is_plain &= isdigit(c) || isupper(c) || (c >= 0x80 && !is_dot);
        i += is_dot;
    }
    const size_t skip = country_len(text, len);
    *out = zj_span_of(text + skip, len - skip);
    return is_plain && !skip;
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
        if (zj_taxonomy_subject(taxonomy, UINT64_C(1) << type) == ZJ_TYPE_COUNT)
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
