#include <ctype.h>

#include "inventory/table.h"

struct hint {
    const char *type, *words, *chinese;
};

static const struct hint hints[] = {
#define ZJ_INV_HINT(type, words, chinese) {#type, words, chinese},
#include "inventory/hints.def"
#undef ZJ_INV_HINT
};

enum { PARTS_MAX = 16, PART_BYTES = 32 };

/* The parts of a name in small letters: "OwnerPhone_no" gives owner, phone, no. */
static size_t split(const char *name, char parts[PARTS_MAX][PART_BYTES])
{
    size_t count = 0, len = 0;
    for (const char *p = name; count < PARTS_MAX; p++) {
        const unsigned char c = (unsigned char)*p;
        const bool is_start = isupper(c) && p > name && islower((unsigned char)p[-1]);
        if ((!isalnum(c) || is_start) && len) {
            parts[count++][len] = '\0';
            len = 0;
        }
        if (!c || count == PARTS_MAX)
            break;
        if (isalnum(c) && len < PART_BYTES - 1)
            parts[count][len++] = (char)tolower(c);
    }
    return count;
}

static bool is_one_of(const char *word, const char *list)
{
    const size_t len = strlen(word);
    for (const char *at = list; *at;) {
        const size_t word_len = strcspn(at, "|");
        if (word_len == len && memcmp(at, word, len) == 0)
            return true;
        at += word_len + (at[word_len] == '|');
    }
    return false;
}

static bool has_one_of(const char *text, const char *list)
{
    for (const char *at = list; *at;) {
        const size_t len = strcspn(at, "|");
        if (memmem(text, strlen(text), at, len))
            return true;
        at += len + (at[len] == '|');
    }
    return false;
}

/* Any single part, or the last two or three together ("plate_no", "ownerPhoneNumber"). */
static bool name_says(const char *name, const char *words)
{
    char parts[PARTS_MAX][PART_BYTES];
    const size_t count = split(name, parts);
    for (size_t from = 0; from < count; from++) {
        char joined[3 * PART_BYTES];
        size_t len = 0;
        for (size_t i = from; i < count && i < from + 3; i++) {
            const size_t part = strlen(parts[i]);
            memcpy(joined + len, parts[i], part + 1);
            len += part;
            const bool is_last = i + 1 == count;
            if ((i == from && is_last) || (i == from && strlen(joined) > 2) ||
                (i > from && is_last))
                if (is_one_of(joined, words))
                    return true;
        }
    }
    return false;
}

bool zj_hint_speaks(const char *type, const char *name, const char *comment)
{
    for (size_t i = 0; i < ZJ_COUNT(hints); i++) {
        if (strcmp(hints[i].type, type) != 0)
            continue;
        if (name_says(name, hints[i].words) || has_one_of(name, hints[i].chinese))
            return true;
        return comment && has_one_of(comment, hints[i].chinese);
    }
    return false;
}
