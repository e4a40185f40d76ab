/* The packs of the detections: what is refused and where, and what is in force. */
#include <unistd.h>

#include "base/paths.h"
#include "unit/observe.h"

/* Every rule of the list has words in both languages, references and a number of its own. */
static void the_list_is_whole(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    assert_int_equal(b->detections->count, zj_detection_rule_count);
    for (size_t i = 0; i < b->detections->count; i++) {
        const struct zj_detection_info *d = &b->detections->infos[i];
        assert_true(d->name[0] && d->en[0] && d->zh[0] && d->about_en[0] && d->about_zh[0]);
        assert_non_null(d->references[0]);
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(d->id, b->detections->infos[k].id);
            assert_string_not_equal(d->name, b->detections->infos[k].name);
        }
    }
    bench_free(b);
}

static void copy_file(const char *from, const char *to, const char *word, const char *other)
{
    static char text[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in && out);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    char *at = word ? strstr(text, word) : NULL;
    if (at)
        fprintf(out, "%.*s%s%s", (int)(at - text), text, other, at + strlen(word));
    else
        fputs(text, out);
    fclose(in);
    fclose(out);
}

/* A copy of the packs in which one file has `other` for `word`; an empty file is left out. */
static const char *pack_with(struct bench *b, const char *name, const char *word, const char *other)
{
    char *dir = zj_arena_strdup(&b->job.arena, "/tmp/zhuji-detections-XXXXXX");
    assert_non_null(mkdtemp(dir));
    const char *from = zj_data_path(&b->job, "packs/detections");
    for (size_t i = 0; i < zj_detection_rule_count; i++) {
        const char *rule = zj_detection_rules[i]->name;
        const bool is_it = strcmp(rule, name) == 0;
        if (is_it && !word)
            continue;
        copy_file(zj_arena_printf(&b->job.arena, "%s/%s.yaml", from, rule),
                  zj_arena_printf(&b->job.arena, "%s/%s.yaml", dir, rule), is_it ? word : NULL,
                  other);
    }
    return dir;
}

static void drop_pack(struct bench *b, const char *dir)
{
    for (size_t i = 0; i < zj_detection_rule_count; i++)
        unlink(zj_arena_printf(&b->job.arena, "%s/%s.yaml", dir, zj_detection_rules[i]->name));
    assert_int_equal(rmdir(dir), 0);
}

/* Lines by hand: `settings` is the twelfth line of a pack, its numbers follow. */
static void a_wrong_pack_is_refused_by_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *name, *word, *other, *said;
    } cases[] = {
        {"duplicate-vehicle", "value: 2,", "value: 0,", "duplicate-vehicle.yaml:13: 'frames' is '0'; "
                                                        "a whole number from 1 to 1000000"},
        {"duplicate-vehicle", "value: 600,", "value: ten,", "duplicate-vehicle.yaml:14: 'window_s'"},
        {"duplicate-vehicle", "value: 600,", "value: 600.5,", "duplicate-vehicle.yaml:14:"},
        {"registration-flood", "value: 20,", "value: 33,", "from 2 to 32"},
        {"fleet-control", "  vehicles:", "  cars:", "fleet-control.yaml:13: the detection has no "
                                                    "number 'cars'"},
        {"weak-tls", "  version_min:", "#", "weak-tls.yaml:12:"},
        {"weak-tls", "severity: medium", "severity: grave", "weak-tls.yaml:2: severity is high"},
        {"weak-tls", "mark: likely", "mark: maybe", "weak-tls.yaml:11: mark is"},
        {"weak-tls", "detection: weak-tls", "detection: strong-tls", "no detection 'strong-tls'"},
        {"weak-tls", "detection: weak-tls", "detection: eavesdropping", "weak-tls.yaml:1: "
                                                                        "'eavesdropping' stands in"},
        {"weak-tls", "mark: likely", "mark: likely\ncolour: red", "weak-tls.yaml:12: unknown key"},
        {"weak-tls", NULL, NULL, "no file for the detection 'weak-tls'"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct bench *b = bench_new(0);
        struct zj_detections *other = NULL;
        const char *dir = pack_with(b, cases[i].name, cases[i].word, cases[i].other);
        assert_int_equal(zj_detections_load(&b->job, dir, &other), ZJ_EPACK);
        assert_null(other);
        if (!strstr(b->job.message, cases[i].said))
            fail_msg("case %zu: %s", i, b->job.message);
        drop_pack(b, dir);
        bench_free(b);
    }
}

/* Alarms that nine bad frames of a session raise with this change in the pack. */
static int64_t alarms_with(const char *word, const char *other)
{
    struct bench *b = bench_new(0);
    const char *dir = pack_with(b, "malformed-flood", word, other);
    zj_observer_free(b->obs);
    zj_detections_free(b->detections);
    assert_int_equal(zj_detections_load(&b->job, dir, &b->detections), ZJ_OK);
    b->opts.detections = b->detections;
    b->obs = zj_observer_new(&b->job, &b->opts, &b->out.sink, &b->stats, 0, NULL);
    struct flow f = flow_of("gb32960", "203.0.113.50", "198.51.100.10", 32960);
    for (int n = 0; n < 9; n++) {
        message(b, ZJ_MSG_OTHER, 0)->error = "bad_bcc";
        send(b, &f, 0);
    }
    flush(b, true);
    const struct row *row = row_of(b, ZJ_FACT_DETECTION, ZJ_DT_RULE, "malformed-flood");
    const int64_t count = row ? row->num[ZJ_DT_COUNT] : 0;
    end_flow(b, &f);
    drop_pack(b, dir);
    bench_free(b);
    return count;
}

static void the_numbers_are_those_of_the_pack(void **state)
{
    (void)state;
    assert_int_equal(alarms_with("value: 10,", "value: 10,"), 0);
    assert_int_equal(alarms_with("value: 10,", "value: 9,"), 1);
    assert_int_equal(alarms_with("value: 10,", "value: 1,"), 9);
}

static void what_is_turned_off_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(alarms_with("value: 10,", "value: 1,"), 9);
    assert_int_equal(alarms_with("settings:\n  frames: {value: 10,",
                                 "enabled: no\nsettings:\n  frames: {value: 1,"), 0);
    assert_int_equal(alarms_with("mark: likely\nsettings:\n  frames: {value: 10,",
                                 "mark: unverified\nsettings:\n  frames: {value: 1,"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_whole),
        cmocka_unit_test(a_wrong_pack_is_refused_by_file_and_line),
        cmocka_unit_test(the_numbers_are_those_of_the_pack),
        cmocka_unit_test(what_is_turned_off_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
