/* Random walks over every state machine by random people: no state that the table forbids is ever
 * reached, no snapshot is lost or changed, no stranger gets in, and the audit chain fits in the end.
 * The walk is seeded: a failure names the seed, and happens again. */
#include "work_desk.h"

#include "base/crypto.h"

enum { CASES_OF_TYPE = 10, STEPS = 150, SNAPSHOTS_MAX = 20000 };

struct walk {
    struct office *o;
    uint64_t random;
    char (*hashes)[65];
    int64_t snapshots; /* seen so far; their ids are 1 … snapshots */
    long done, refused;
    bool did[32][64]; /* by type and action */
};

static unsigned roll(struct walk *w, unsigned sides)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (unsigned)(w->random >> 33) % sides;
}

/* The samples of a register are a whole form. */
static const char *samples(struct office *o, const struct zj_register *reg, bool with_official)
{
    struct zj_buf text = {0};
    for (size_t i = 0; i < reg->field_count; i++)
        if (reg->fields[i].sample && (with_official || !(reg->fields[i].flags & ZJ_FIELD_OFFICIAL)))
            zj_buf_printf(&text, "%s=%s\n", reg->fields[i].name, reg->fields[i].sample);
    const char *kept = zj_arena_span(&o->job.arena, zj_buf_all(&text));
    zj_buf_release(&text);
    return kept;
}

/* Rows that guards and effects look for. */
static void furnish(struct office *o)
{
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *reg = zj_registers[i];
        if (!reg->is_global && !reg->is_case_form)
            put_row(o, reg->name, o->orgs[reg->side == ZJ_SIDE_BUREAU ? BCA : MAKER],
                    samples(o, reg, true));
    }
}

static bool leads_to(const struct zj_case_type *type, const char *from, const char *action,
                     const char *to)
{
    const struct zj_case_action *a = zj_case_action_find(type, action);
    const struct zj_case_state *target = zj_case_state_find(type, to);
    const bool stays = strcmp(from, to) == 0;
    if (!a || !target)
        return false;
    if (!(a->flags & ZJ_ACT_COMMON)) {
        if (!zj_word_in(a->from, from))
            return false;
        return (a->to && strcmp(a->to, to) == 0) ||
               (a->refused_to && strcmp(a->refused_to, to) == 0) ||
               (stays && (!a->to || a->flags & ZJ_ACT_SIGN));
    }
    if (strcmp(action, "withdraw") == 0)
        return zj_word_in(type->withdraw_from, from) && strcmp(type->withdraw_to, to) == 0;
    if (strcmp(action, "return") == 0)
        return !stays && !(target->flags & ZJ_STATE_FINAL);
    if (strcmp(action, "discard") == 0)
        return strcmp(to, "discarded") == 0;
    return stays;
}

static void snapshots_stay(struct walk *w)
{
    struct zj_stmt *stmt;
    bool has_row;
    int64_t at = 0;
    must(w->o, zj_store_prepare(&w->o->job, w->o->store,
                                "SELECT id, hash, body FROM work_snapshot ORDER BY id", &stmt));
    for (;; at++) {
        struct zj_buf hex = {0};
        uint8_t hash[ZJ_SM3_BYTES];
        must(w->o, zj_stmt_step(&w->o->job, stmt, &has_row));
        if (!has_row)
            break;
        zj_sm3(zj_stmt_text(stmt, 2), hash);
        zj_buf_hex(&hex, zj_span_of(hash, sizeof hash));
        assert_int_equal(zj_stmt_int(stmt, 0), at + 1);
        assert_true(zj_span_eq(zj_stmt_text(stmt, 1), zj_buf_all(&hex)));
        if (at < w->snapshots)
            assert_string_equal(w->hashes[at], zj_buf_cstr(&hex));
        assert_true(at < SNAPSHOTS_MAX);
        memcpy(w->hashes[at], zj_buf_cstr(&hex), 65);
        zj_buf_release(&hex);
    }
    zj_stmt_release(stmt);
    assert_true(at >= w->snapshots);
    w->snapshots = at;
}

static void step(struct walk *w, const struct zj_case_type *type, int64_t id)
{
    struct office *o = w->o;
    size_t actions = 0, states = 0;
    while (zj_case_action_at(type, actions))
        actions++;
    while (zj_case_state_at(type, states))
        states++;
    const char *before = state_of(o, id);
    const struct zj_case_action *action = zj_case_action_at(type, roll(w, (unsigned)actions));
    /* mostly what the table offers, by who may: or the walk would not get far */
    for (int tries = 0; tries < 40 && roll(w, 8) && !zj_word_in(action->from, before); tries++)
        action = zj_case_action_at(type, roll(w, (unsigned)actions));
    int who = (int)roll(w, ORGS);
    if (roll(w, 4) && !(action->by & ZJ_PARTY_EXPERT))
        who = action->by & ZJ_PARTY_COMPANY ? MAKER : roll(w, 2) ? BCA : BEIT;
    static const char *const people[] = {"maker", "other", "bca", "beit", "assessor", "nobody"};
    const char *to = roll(w, 2) ? zj_case_state_at(type, roll(w, (unsigned)states))->name
                                : people[roll(w, ZJ_COUNT(people))];
    if (strcmp(action->name, "discard") == 0 && roll(w, 4))
        return; /* or most cases would end on their first page */
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    size_t count = 0;
    if (action->fields && roll(w, 3)) {
        const struct zj_register *reg = zj_register_find(type->reg);
        for (size_t i = 0; i < reg->field_count; i++)
            if (zj_word_in(action->fields, reg->fields[i].name) && reg->fields[i].sample)
                fields[count++] = (struct zj_work_field){reg->fields[i].name,
                                                         zj_span_str(reg->fields[i].sample)};
    }
    const struct zj_work_deed deed = {.action = action->name,
                                      .comment = roll(w, 4) ? "because" : NULL,
                                      .to = to,
                                      .refuses = action->flags & ZJ_ACT_SIGN && !roll(w, 4),
                                      .fields = fields,
                                      .field_count = count};
    o->job.fixed_now_ns += roll(w, 100) * 3600 * ZJ_NS_PER_S;
    const zj_err err = zj_work_do(at_desk(o, who), id, &deed);
    const char *after = state_of(o, id);
    if (err == ZJ_EBUG || err == ZJ_ESTORE || err == ZJ_EIO)
        fail_msg("%s: %s in %s: %s", type->name, action->name, before, o->job.message);
    if (err && strcmp(before, after) != 0)
        fail_msg("%s: %s failed, yet %s became %s", type->name, action->name, before, after);
    if (!err && !leads_to(type, before, action->name, after))
        fail_msg("%s: %s led from %s to %s", type->name, action->name, before, after);
    if (!err && who == OTHER)
        fail_msg("%s: a stranger did %s", type->name, action->name);
    const unsigned party = who == MAKER ? ZJ_PARTY_COMPANY
                           : who == BCA || who == BEIT ? ZJ_PARTY_BUREAU
                                                       : ZJ_PARTY_EXPERT;
    if (!err && !(action->by & party))
        fail_msg("%s: %s by the wrong side", type->name, action->name);
    *(err ? &w->refused : &w->done) += 1;
    for (size_t t = 0; !err && t < zj_case_type_count; t++)
        for (size_t a = 0; zj_case_types[t] == type && a < actions; a++)
            w->did[t][a] |= zj_case_action_at(type, a) == action;
    struct zj_json j = zj_json_to(&o->text);
    o->text.len = 0;
    if (zj_work_get(at_desk(o, OTHER), id, &j) != ZJ_ENOTFOUND)
        fail_msg("%s: a stranger sees case %lld", type->name, (long long)id);
    zj_job_clear(&o->job);
}

static void walk_type(struct walk *w, const struct zj_case_type *type, int n)
{
    struct office *o = w->o;
    const struct zj_register *reg = zj_register_find(type->reg);
    const int who = type->opens & ZJ_PARTY_COMPANY ? MAKER : BCA;
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    char sha[65];
    int64_t id = 0;
    char key[48];
    size_t count = fields_of(samples(o, reg, who == BCA), fields, &o->job.arena);
    snprintf(key, sizeof key, "%.20s-%d", type->name, n);
    for (size_t i = 0; i < reg->field_count; i++)
        if (reg->fields[i].flags & ZJ_FIELD_KEY)
            for (size_t k = 0; k < count; k++)
                if (strcmp(fields[k].name, reg->fields[i].name) == 0)
                    fields[k].value = zj_span_str(key);
    struct zj_desk *desk = at_desk(o, who);
    const struct zj_work_new what = {.type = type->name,
                                     .fields = fields,
                                     .field_count = count,
                                     .org_id = who == BCA ? o->orgs[MAKER] : 0};
    zj_err err = zj_work_open(desk, &what, &id);
    for (size_t i = 0; err && i < desk->fault_count; i++)
        print_message("%s: field %d: %s\n", type->name, desk->faults[i].field,
                      desk->faults[i].en);
    must(o, err);
    must(o, zj_work_file_add(desk, id, "", "paper.pdf", zj_span_str(key), sha));
    for (int i = 0; i < STEPS; i++) {
        step(w, type, id);
        if (zj_case_state_find(type, state_of(o, id))->flags & ZJ_STATE_FINAL && roll(w, 3) == 0)
            break;
    }
    snapshots_stay(w);
}

static void nothing_forbidden_is_reached(void **state)
{
    (void)state;
    struct walk w = {.o = open_office(":memory:"), .random = 0x5eed2026};
    w.hashes = zj_alloc(SNAPSHOTS_MAX * sizeof *w.hashes);
    furnish(w.o);
    for (int n = 0; n < CASES_OF_TYPE; n++)
        for (size_t t = 0; t < zj_case_type_count; t++)
            walk_type(&w, zj_case_types[t], n);
    print_message("%ld acts done, %ld refused, %lld snapshots\n", w.done, w.refused,
                  (long long)w.snapshots);
    assert_true(w.done > 1000 && w.refused > 1000 && w.snapshots > 300);
    for (size_t t = 0; t < zj_case_type_count; t++)
        for (size_t a = 0; zj_case_types[t]->actions[a].name; a++)
            if (!w.did[t][a])
                print_message("never done: %s %s\n", zj_case_types[t]->name,
                              zj_case_types[t]->actions[a].name);
    int64_t holes = 0;
    must(w.o, zj_store_query_int(&w.o->job, w.o->store,
                                 "SELECT count(*) FROM (SELECT type, year, count(*) AS c, max(n) AS"
                                 " m FROM work_number GROUP BY type, year) WHERE c <> m",
                                 0, &holes));
    assert_int_equal(holes, 0);
    chain_fits(w.o);
    free(w.hashes);
    close_office(w.o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_forbidden_is_reached)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
