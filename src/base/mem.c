#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

void *zj_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        abort();
    return p;
}

void *zj_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        abort();
    return p;
}

char *zj_strdup(const char *text)
{
    return zj_strndup(zj_span_str(text));
}

char *zj_strndup(struct zj_span text)
{
    char *copy = zj_alloc(text.len + 1);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return copy;
}

enum { BLOCK_BYTES = 64 * 1024, ALIGN = 16 };

struct zj_arena_block {
    struct zj_arena_block *next;
    size_t size;
    _Alignas(ALIGN) unsigned char bytes[];
};

void *zj_arena_alloc(struct zj_arena *arena, size_t size)
{
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (!arena->head || arena->head->size - arena->used < size) {
        size_t want = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        struct zj_arena_block *block = malloc(sizeof *block + want);
        if (!block)
            abort();
        block->next = arena->head;
        block->size = want;
        arena->head = block;
        arena->used = 0;
    }
    void *p = arena->head->bytes + arena->used;
    arena->used += size;
    return memset(p, 0, size);
}

char *zj_arena_strdup(struct zj_arena *arena, const char *text)
{
    return zj_arena_span(arena, zj_span_str(text));
}

char *zj_arena_span(struct zj_arena *arena, struct zj_span text)
{
    char *copy = zj_arena_alloc(arena, text.len + 1);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return copy;
}

char *zj_arena_printf(struct zj_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        abort();
    char *text = zj_arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

void zj_arena_reset(struct zj_arena *arena)
{
    struct zj_arena_block *keep = arena->head;
    if (!keep)
        return;
    while (keep->next) {
        struct zj_arena_block *next = keep->next;
        keep->next = next->next;
        free(next);
    }
    arena->used = 0;
}

void zj_arena_release(struct zj_arena *arena)
{
    while (arena->head) {
        struct zj_arena_block *next = arena->head->next;
        free(arena->head);
        arena->head = next;
    }
    arena->used = 0;
}
