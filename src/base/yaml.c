#include "base/yaml.h"

#include <dirent.h>
#include <errno.h>
#include <yaml.h>

#include "base/buf.h"

struct builder {
    struct zj_job *job;
    struct zj_arena *arena;
    const char *name;
    yaml_parser_t parser;
    int nodes;
};

static zj_err fault(struct builder *b, size_t line, const char *what)
{
    return zj_fail(b->job, ZJ_EPACK, "%s:%zu: %s", b->name, line + 1, what);
}

static zj_err next_event(struct builder *b, yaml_event_t *event)
{
    if (!yaml_parser_parse(&b->parser, event))
        return fault(b, b->parser.problem_mark.line,
                     b->parser.problem ? b->parser.problem : "not YAML");
    return ZJ_OK;
}

static zj_err read_node(struct builder *b, yaml_event_t *event, int depth, struct zj_yaml **out);

/* A member's key goes to *out_key; the event that starts its value replaces *event. */
static zj_err read_key(struct builder *b, const struct zj_yaml *map, yaml_event_t *event,
                       const char **out_key)
{
    if (event->type != YAML_SCALAR_EVENT)
        return fault(b, event->start_mark.line, "a key must be plain text");
    const char *key = zj_arena_strdup(b->arena, (const char *)event->data.scalar.value);
    const size_t line = event->start_mark.line;
    yaml_event_delete(event);
    event->type = YAML_NO_EVENT;
    if (zj_yaml_find(map, key))
        return fault(b, line, zj_arena_printf(b->arena, "'%s' stands here twice", key));
    *out_key = key;
    return next_event(b, event);
}

static zj_err read_children(struct builder *b, struct zj_yaml *parent, yaml_event_type_t end,
                            int depth)
{
    struct zj_yaml **tail = &parent->first;
    for (;;) {
        yaml_event_t event;
        zj_err err = next_event(b, &event);
        if (err)
            return err;
        if (event.type == end) {
            yaml_event_delete(&event);
            return ZJ_OK;
        }
        const char *key = NULL;
        if (parent->kind == ZJ_YAML_MAP)
            err = read_key(b, parent, &event, &key);
        struct zj_yaml *child = NULL;
        if (!err)
            err = read_node(b, &event, depth, &child);
        yaml_event_delete(&event);
        if (err)
            return err;
        child->key = key;
        *tail = child;
        tail = &child->next;
    }
}

/* The node that `event` starts; the caller deletes the event. */
static zj_err read_node(struct builder *b, yaml_event_t *event, int depth, struct zj_yaml **out)
{
    const size_t line = event->start_mark.line;
    if (depth >= ZJ_YAML_DEPTH_MAX)
        return fault(b, line, "nested too deep");
    if (++b->nodes > ZJ_YAML_NODES_MAX)
        return fault(b, line, "too many values");
    struct zj_yaml *node = zj_arena_alloc(b->arena, sizeof *node);
    node->line = (int)line + 1;
    *out = node;
    switch ((int)event->type) {
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.anchor || (event->data.scalar.tag))
            return fault(b, line, "anchors and tags are not used in packs");
        if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length)
            return fault(b, line, "a NUL byte inside text");
        node->kind = ZJ_YAML_SCALAR;
        node->text = zj_arena_strdup(b->arena, (const char *)event->data.scalar.value);
        return ZJ_OK;
    case YAML_SEQUENCE_START_EVENT:
        node->kind = ZJ_YAML_LIST;
        return read_children(b, node, YAML_SEQUENCE_END_EVENT, depth + 1);
    case YAML_MAPPING_START_EVENT:
        node->kind = ZJ_YAML_MAP;
        return read_children(b, node, YAML_MAPPING_END_EVENT, depth + 1);
    default:
        return fault(b, line, "a value was expected here");
    }
}

zj_err zj_yaml_parse(struct zj_job *job, struct zj_arena *arena, const char *name,
                     struct zj_span text, struct zj_yaml **out)
{
    struct builder b = {.job = job, .arena = arena, .name = name};
    if (text.len > ZJ_YAML_BYTES_MAX)
        return zj_fail(job, ZJ_EPACK, "%s: %zu bytes, the limit is %d", name, text.len,
                       ZJ_YAML_BYTES_MAX);
    if (!yaml_parser_initialize(&b.parser))
        abort();
    yaml_parser_set_input_string(&b.parser, text.at, text.len);
    struct zj_yaml *root = NULL;
    zj_err err = ZJ_OK;
    bool is_done = false;
    while (!err && !is_done) {
        yaml_event_t event;
        err = next_event(&b, &event);
        if (err)
            break;
        if (event.type == YAML_STREAM_END_EVENT) {
            is_done = true;
        } else if (event.type != YAML_STREAM_START_EVENT &&
                   event.type != YAML_DOCUMENT_START_EVENT &&
                   event.type != YAML_DOCUMENT_END_EVENT) {
            err = root ? fault(&b, event.start_mark.line, "a second document")
                       : read_node(&b, &event, 0, &root);
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&b.parser);
    if (!err && !root)
        err = zj_fail(job, ZJ_EPACK, "%s: empty", name);
    if (!err)
        *out = root;
    return err;
}

zj_err zj_yaml_load(struct zj_job *job, struct zj_arena *arena, const char *path,
                    struct zj_yaml **out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return zj_fail(job, ZJ_EPACK, "%s: %s", path, zj_strerror(job, errno));
    enum { STEP = 16 * 1024 };
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    size_t got = STEP;
    while (got == STEP && text.len <= ZJ_YAML_BYTES_MAX) {
        zj_buf_reserve(&text, STEP);
        got = fread(text.at + text.len, 1, STEP, file);
        text.len += got;
    }
    const bool has_failed = ferror(file) != 0;
    fclose(file);
    if (has_failed)
        return zj_fail(job, ZJ_EPACK, "%s: not readable", path);
    return zj_yaml_parse(job, arena, path, zj_buf_all(&text), out);
}

const struct zj_yaml *zj_yaml_find(const struct zj_yaml *map, const char *key)
{
    for (const struct zj_yaml *child = map->first; child; child = child->next)
        if (child->key && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

static const struct zj_yaml_field *field_of(const struct zj_yaml_field *fields, size_t count,
                                            const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

zj_err zj_yaml_read(struct zj_job *job, const char *name, const struct zj_yaml *map,
                    const struct zj_yaml_field *fields, size_t count, void *out)
{
    static const char *const kinds[] = {"text", "a list", "a map"};
    if (map->kind != ZJ_YAML_MAP)
        return zj_fail(job, ZJ_EPACK, "%s:%d: a map is wanted", name, map->line);
    for (const struct zj_yaml *child = map->first; child; child = child->next) {
        const struct zj_yaml_field *field = field_of(fields, count, child->key);
        if (!field)
            return zj_fail(job, ZJ_EPACK, "%s:%d: unknown key '%s'", name, child->line, child->key);
        if (field->kind != child->kind)
            return zj_fail(job, ZJ_EPACK, "%s:%d: '%s' must be %s", name, child->line, child->key,
                           kinds[field->kind]);
        char *at = (char *)out + field->offset;
        if (child->kind == ZJ_YAML_SCALAR)
            memcpy(at, &child->text, sizeof child->text);
        else
            memcpy(at, &child, sizeof child);
    }
    for (size_t i = 0; i < count; i++)
        if (fields[i].is_required && !zj_yaml_find(map, fields[i].key))
            return zj_fail(job, ZJ_EPACK, "%s:%d: '%s' is missing", name, map->line, fields[i].key);
    return ZJ_OK;
}

zj_err zj_yaml_fault(struct zj_job *job, const char *file, int line, const char *what)
{
    return zj_fail(job, ZJ_EPACK, "%s:%d: %s", file, line, what);
}

static int is_yaml(const struct dirent *entry)
{
    const size_t len = strlen(entry->d_name);
    return len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

zj_err zj_yaml_each(struct zj_job *job, struct zj_arena *arena, const char *dir,
                    zj_err (*take)(void *ctx, struct zj_job *job, const char *file), void *ctx)
{
    struct dirent **entries;
    const int count = scandir(dir, &entries, is_yaml, alphasort);
    zj_err err = ZJ_OK;
    for (int i = 0; i < count; i++) {
        if (!err)
            err = take(ctx, job, zj_arena_printf(arena, "%s/%s", dir, entries[i]->d_name));
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return err;
}
