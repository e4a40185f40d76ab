/* The route tables: every path is found as it is meant, and every descriptor is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "server/route.h"

static void paths_are_found(void **state)
{
    (void)state;
    static const struct {
        enum zj_method method;
        const char *path;
        const char *want; /* pattern; NULL: none */
        const char *args[2];
        unsigned allow;
    } cases[] = {
        {ZJ_GET, "/api/v1/registers", "/api/v1/registers", {0}, 0},
        {ZJ_GET, "/api/v1/registers/cards", "/api/v1/registers/{name}", {"cards"}, 0},
        {ZJ_GET, "/api/v1/registers/cards/7", "/api/v1/registers/{name}/{id}", {"cards", "7"}, 0},
        {ZJ_GET, "/api/v1/registers/cards/export", "/api/v1/registers/{name}/export", {"cards"}, 0},
        {ZJ_GET, "/api/v1/imports/12/errors.xlsx", "/api/v1/imports/{id}/errors.xlsx", {"12"}, 0},
        {ZJ_GET, "/api/v1/registers/", NULL, {0}, 0},
        {ZJ_GET, "/api/v1/registers//7", NULL, {0}, 0},
        {ZJ_GET, "/api/v1/registers/cards/7/", NULL, {0}, 0},
        {ZJ_GET, "/api/v1/registers/cards/7/nothing", NULL, {0}, 0},
        {ZJ_GET, "/api/v1/gapsy", NULL, {0}, 0},
        {ZJ_GET, "", NULL, {0}, 0},
        {ZJ_GET, "/api/v1/login", NULL, {0}, 1u << ZJ_POST},
        {ZJ_METHOD_OTHER,
         "/api/v1/registers/cards/7",
         NULL,
         {0},
         1u << ZJ_GET | 1u << ZJ_PUT | 1u << ZJ_DELETE},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_arena arena = {0};
        const char *args[ZJ_ROUTE_ARGS_MAX] = {0};
        unsigned allow;
        const struct zj_route *found =
            zj_route_find(cases[i].method, cases[i].path, &arena, args, &allow);
        if (!cases[i].want) {
            assert_null(found);
            assert_int_equal(allow, cases[i].allow);
        } else {
            assert_non_null(found);
            assert_string_equal(found->path, cases[i].want);
            for (size_t a = 0; a < 2 && cases[i].args[a]; a++)
                assert_string_equal(args[a], cases[i].args[a]);
        }
        zj_arena_release(&arena);
    }
}

static bool is_unsafe(const struct zj_route *r)
{
    return r->method != ZJ_GET;
}

static void descriptors_are_whole(void **state)
{
    (void)state;
    for (size_t t = 0; t < zj_route_table_count; t++)
        for (const struct zj_route *r = zj_route_tables[t]; r->path; r++) {
            assert_true(r->path[0] == '/' && r->en && r->zh && r->answer && r->handle);
            assert_true(r->method < ZJ_METHOD_OTHER && r->need < ZJ_NEED_COUNT);
            assert_true(r->need != ZJ_NEED_NOTHING || !is_unsafe(r) ||
                        strcmp(r->path, "/api/v1/login") == 0);
            assert_true(r->body != ZJ_BODY_JSON || r->fields);
            assert_true(r->body == ZJ_BODY_NONE || is_unsafe(r));
            assert_false((r->flags & ZJ_ROUTE_CACHED) && is_unsafe(r));
            for (const struct zj_param *p = r->query; p && p->name; p++) {
                const size_t stem = strcspn(p->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
                assert_true(p->type && p->en && p->zh);
                assert_true(!p->name[stem] || r->column); /* it stands for columns: which? */
            }
            for (const struct zj_param *p = r->fields; p && p->name; p++)
                assert_true(p->type && p->en && p->zh);
        }
}

/* A path and method stand once, and all methods of a path in one table: the document's order. */
static void paths_stand_once(void **state)
{
    (void)state;
    for (size_t t = 0; t < zj_route_table_count; t++)
        for (const struct zj_route *r = zj_route_tables[t]; r->path; r++)
            for (size_t u = 0; u < zj_route_table_count; u++)
                for (const struct zj_route *o = zj_route_tables[u]; o->path; o++) {
                    if (o == r || strcmp(o->path, r->path) != 0)
                        continue;
                    assert_int_equal(t, u);
                    assert_int_not_equal(o->method, r->method);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_found),
        cmocka_unit_test(descriptors_are_whole),
        cmocka_unit_test(paths_stand_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
