/* The words of a codec's names: those go into files and stay as they are. */
#include <string.h>

#include "sense/detect/detect.h"

struct said {
    const char *name;
    struct zj_said words;
};

static const struct said table[] = {
#define ZJ_SAID(name, en, zh) {name, {en, zh}},
#include "sense/detect/said.def"
#undef ZJ_SAID
};

struct zj_said zj_said(const char *name)
{
    for (size_t i = 0; i < ZJ_COUNT(table); i++) {
        const size_t len = strlen(table[i].name);
        const bool is_begun = len > 3 && strcmp(table[i].name + len - 3, "_0x") == 0;
        if (is_begun ? strncmp(name, table[i].name, len) == 0 : strcmp(name, table[i].name) == 0)
            return table[i].words;
    }
    return (struct zj_said){name, name};
}
