#include "sense/pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, HUGE_BYTES = 2 * 1024 * 1024 };

static void *reserve(size_t bytes, bool is_huge)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        abort();
    if (is_huge)
        (void)madvise(at, bytes, MADV_HUGEPAGE); /* a wish; without it only slower */
    return at;
}

void *zj_pages_reserve(size_t bytes)
{
    return reserve(bytes, bytes >= HUGE_BYTES);
}

void zj_pages_release(void *at, size_t bytes)
{
    if (at)
        munmap(at, bytes);
}

void zj_pages_init(struct zj_pages *pages, size_t size)
{
    /* the last large page is begun for little: of a small budget that is too much */
    *pages = (struct zj_pages){.at = reserve(size, size >= 32 * HUGE_BYTES), .size = size};
}

void *zj_pages_take(struct zj_pages *pages, size_t bytes)
{
    const size_t room = (bytes + LINE - 1) / LINE * LINE;
    if (room > pages->size - pages->used)
        abort(); /* the budget is less than what was reserved */
    void *at = pages->at + pages->used;
    pages->used += room;
    return at;
}

void zj_pages_end(struct zj_pages *pages)
{
    zj_pages_release(pages->at, pages->size);
    *pages = (struct zj_pages){0};
}
