/* Heap memory. The allocator aborts on exhaustion, so no caller checks it; a size that comes from
 * outside is checked against a limit before it gets here. */
#ifndef ZJ_BASE_MEM_H
#define ZJ_BASE_MEM_H

#include <stddef.h>
#include <stdlib.h>

#include "base/span.h"

void *zj_alloc(size_t size);  /* zeroed; free() */
void *zj_realloc(void *old, size_t size);
char *zj_strdup(const char *text);
char *zj_strndup(struct zj_span text); /* NUL-terminated copy */

/* Cleanup at the end of the scope: ZJ_AUTO(freep) char *text = ...; defines follow each type. */
#define ZJ_AUTO(fn) __attribute__((cleanup(fn)))
/* Gives the pointer away and clears it, so that ZJ_AUTO does not free it. */
#define ZJ_TAKE(ptr)                                                                               \
    ({                                                                                             \
        __auto_type taken_ = (ptr);                                                                \
        (ptr) = NULL;                                                                              \
        taken_;                                                                                    \
    })

static inline void zj_freep(void *ptr_to_ptr)
{
    free(*(void **)ptr_to_ptr);
}

/* Lives as long as a job or a packet; nothing in it has a destructor. */
struct zj_arena_block;
struct zj_arena {
    struct zj_arena_block *head;
    size_t used; /* of the head block */
};

void *zj_arena_alloc(struct zj_arena *arena, size_t size); /* zeroed, 16-byte aligned */
char *zj_arena_strdup(struct zj_arena *arena, const char *text);
char *zj_arena_span(struct zj_arena *arena, struct zj_span text); /* NUL-terminated copy */
__attribute__((format(printf, 2, 3))) char *zj_arena_printf(struct zj_arena *arena,
                                                            const char *format, ...);
void zj_arena_reset(struct zj_arena *arena);   /* keeps one block for the next use */
void zj_arena_release(struct zj_arena *arena); /* gives all memory back */

#endif
