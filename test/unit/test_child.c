/* What a reader in a child may say: of what it was given to read, and nothing of other places. It
 * parses bytes of strangers and is not trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/child.h"

struct heard {
    int objects, unread;
    char source[64], path[64], place[64], reason[64];
    double ratio;
};

static zj_err hear_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    struct heard *h = ctx;
    (void)job;
    h->objects++;
    snprintf(h->source, sizeof h->source, "%s", object->source);
    snprintf(h->path, sizeof h->path, "%s", object->path);
    if (object->column_count && object->columns[0].proposal_count) {
        h->ratio = object->columns[0].proposals[0].ratio;
        assert_non_null(object->columns[0].proposals[0].why);
    }
    return ZJ_OK;
}

static zj_err hear_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    struct heard *h = ctx;
    (void)job;
    h->unread++;
    snprintf(h->place, sizeof h->place, "%s", place);
    snprintf(h->reason, sizeof h->reason, "%s", reason);
    return ZJ_OK;
}

static struct heard hear_of(const char *path, const char *line)
{
    const struct zj_child_task task = {"/data", path};
    struct zj_job job, scratch;
    struct heard h = {0};
    const struct zj_inv_sink sink = {.object = hear_object, .unread = hear_unread, .ctx = &h};
    zj_job_init(&job);
    zj_job_init(&scratch);
    assert_int_equal(zj_child_take(&job, &scratch, &sink, &task, zj_span_str(line)), ZJ_OK);
    zj_job_release(&job);
    zj_job_release(&scratch);
    return h;
}

#define OBJECT(source, path)                                                                       \
    "{\"object\":{\"source\":\"" source "\",\"path\":\"" path "\",\"kind\":\"csv\",\"columns\":[]}}"

static void takes_what_is_of_the_task(void **state)
{
    (void)state;
    static const char *const lines[] = {
        OBJECT("/data", "/data/a.zip"), OBJECT("/data", "/data/a.zip!b/c.csv"),
        OBJECT("postgresql://crm", "/data/a.zip!b.csv")}; /* the source is the parent's to say */
    for (size_t i = 0; i < ZJ_COUNT(lines); i++) {
        const struct heard h = hear_of("/data/a.zip", lines[i]);
        assert_int_equal(h.objects, 1);
        assert_int_equal(h.unread, 0);
        assert_string_equal(h.source, "/data");
    }
    const struct heard cut = hear_of("/data/a.csv", "{\"unread\":[\"/data/a.csv @17\",\"long\"]}");
    assert_string_equal(cut.place, "/data/a.csv @17");
    assert_string_equal(cut.reason, "long");
    /* JSON has U+FFFD for a byte that is no UTF-8 */
    const struct heard odd = hear_of("/data/\xff.csv", OBJECT("/data", "/data/\xef\xbf\xbd.csv"));
    assert_int_equal(odd.objects, 1);
}

static void tells_nonsense(void **state)
{
    (void)state;
    static const char *const lines[] = {
        OBJECT("/data", "/data/b.csv"),
        OBJECT("/data", "/data/a.zip2"),
        OBJECT("/data", "/data/a.zi"),
        "{\"unread\":[\"/data/b.csv\",\"gone\"]}",
        "{\"unread\":[7,\"gone\"]}",
        "{\"object\":{\"path\":\"/data/a.zip\"}}",
        "{\"object\":",
    };
    for (size_t i = 0; i < ZJ_COUNT(lines); i++) {
        const struct heard h = hear_of("/data/a.zip", lines[i]);
        assert_int_equal(h.objects, 0);
        assert_int_equal(h.unread, 1);
        assert_string_equal(h.place, "/data/a.zip");
        assert_string_equal(h.reason, "the reader told nonsense of it");
    }
}

static void keeps_shares_in_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        double is;
    } cases[] = {{"1e300", 1}, {"-1e300", 0}, {"0.25", 0.25}, {"\"x\"", 0}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        char line[300];
        snprintf(line, sizeof line,
                 "{\"object\":{\"source\":\"s\",\"path\":\"/a\",\"kind\":\"csv\",\"columns\":[{\"name\":\"c\","
                 "\"proposals\":[{\"type\":\"VIN\",\"state\":\"confirmed\",\"ratio\":%s}]}]}}",
                 cases[i].said);
        assert_true(hear_of("/a", line).ratio == cases[i].is);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_of_the_task),
        cmocka_unit_test(tells_nonsense),
        cmocka_unit_test(keeps_shares_in_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
