#include "plan/why.h"

#include "base/clock.h"

enum { LISTED_MAX = 12 };

int zj_why_col(const struct zj_stmt *row, struct zj_span name)
{
    for (int i = 0; i < zj_stmt_col_count(row); i++)
        if (zj_span_eq_str(name, zj_stmt_col_name(row, i)))
            return i;
    return -1;
}

/* What a value of a column is called; itself where it has no other name, a dash where it is empty.
 */
static struct zj_span word_of(const struct zj_yaml *words, struct zj_span col, struct zj_span value)
{
    char key[64];
    const bool is_none = value.len == 0 || zj_span_eq_str(value, "-");
    const struct zj_span texts[] = {col, is_none ? ZJ_SPAN_LIT("none") : value};
    for (size_t i = 0; words && i < ZJ_COUNT(texts); i++) {
        if (texts[i].len >= sizeof key)
            return value;
        memcpy(key, texts[i].at, texts[i].len);
        key[texts[i].len] = '\0';
        words = zj_yaml_find(words, key);
    }
    return words ? zj_span_str(words->text) : is_none ? ZJ_SPAN_LIT("-") : value;
}

/* What stands between { and } at the start of the text; no bytes where nothing does. */
static struct zj_span name_at(const char *at)
{
    const char *close = *at == '{' ? strchr(at, '}') : NULL;
    return zj_span_of(at + 1, close ? (size_t)(close - at - 1) : 0);
}

static bool is_list(struct zj_span name)
{
    return name.len > 1 && name.at[name.len - 1] == '+';
}

/* The template with {column} replaced by what the row's value is called; lists stay as they stand
 * until all rows are known. */
static void render(struct zj_buf *out, const char *template, const struct zj_yaml *words,
                   const struct zj_stmt *row)
{
    out->len = 0;
    for (const char *at = template; *at;) {
        const struct zj_span name = name_at(at);
        const int col = name.len ? zj_why_col(row, name) : -1;
        if (col < 0) {
            zj_buf_byte(out, (uint8_t)*at++);
            continue;
        }
        zj_time_tell(out, word_of(words, name, zj_stmt_text(row, col)));
        at += name.len + 2;
    }
}

/* Both languages of a rule list the same columns, in an order of their own. */
static void find_lists(struct zj_why *why, const char *template)
{
    why->list_count = 0;
    for (const char *at = strchr(template, '{'); at; at = strchr(at + 1, '{')) {
        const struct zj_span name = name_at(at);
        if (!is_list(name) || why->list_count == ZJ_WHY_LISTS_MAX)
            continue;
        struct zj_why_list *list = &why->lists[why->list_count++];
        list->column = zj_span_of(name.at, name.len - 1);
        list->count = 0;
        list->seen.len = list->en.len = list->zh.len = 0;
        zj_buf_byte(&list->seen, '\0');
    }
}

/* True for a value that was not there before. */
static bool take_value(struct zj_why_list *list, struct zj_span value)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf between = {0};
    zj_buf_byte(&between, '\0');
    zj_buf_span(&between, value);
    zj_buf_byte(&between, '\0');
    if (memmem(list->seen.at, list->seen.len, between.at, between.len))
        return false;
    zj_buf_span(&list->seen, zj_span_of(between.at + 1, between.len - 1));
    return true;
}

void zj_why_add(struct zj_why *why, const struct zj_plan *plan, const struct zj_stmt *row)
{
    for (size_t i = 0; i < why->list_count; i++) {
        struct zj_why_list *list = &why->lists[i];
        const int col = zj_why_col(row, list->column);
        const struct zj_span value = col < 0 ? (struct zj_span){0} : zj_stmt_text(row, col);
        if (!take_value(list, value) || list->count++ >= LISTED_MAX)
            continue;
        zj_buf_str(&list->en, list->count > 1 ? ", " : "");
        zj_buf_str(&list->zh, list->count > 1 ? "、" : "");
        zj_time_tell(&list->en, word_of(plan->words_en, list->column, value));
        zj_time_tell(&list->zh, word_of(plan->words_zh, list->column, value));
    }
}

void zj_why_begin(struct zj_why *why, const struct zj_plan *plan, const struct zj_rule *rule,
                  const struct zj_stmt *row)
{
    find_lists(why, rule->why_en);
    render(&why->en, rule->why_en, plan->words_en, row);
    render(&why->zh, rule->why_zh, plan->words_zh, row);
}

static void put_list(struct zj_buf *sentence, const struct zj_why_list *list,
                     const struct zj_buf *values, const char *more)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    const char *const text = zj_buf_cstr(sentence);
    for (const char *at = text; *at;) {
        const struct zj_span name = name_at(at);
        if (!is_list(name) || !zj_span_eq(list->column, zj_span_of(name.at, name.len - 1))) {
            zj_buf_byte(&out, (uint8_t)*at++);
            continue;
        }
        zj_buf_span(&out, zj_buf_all(values));
        if (list->count > LISTED_MAX)
            zj_buf_str(&out, more);
        at += name.len + 2;
    }
    sentence->len = 0;
    zj_buf_span(sentence, zj_buf_all(&out));
}

void zj_why_end(struct zj_why *why)
{
    for (size_t i = 0; i < why->list_count; i++) {
        put_list(&why->en, &why->lists[i], &why->lists[i].en, " and others");
        put_list(&why->zh, &why->lists[i], &why->lists[i].zh, "等");
    }
}

void zj_why_release(struct zj_why *why)
{
    zj_buf_release(&why->en);
    zj_buf_release(&why->zh);
    for (size_t i = 0; i < ZJ_WHY_LISTS_MAX; i++) {
        zj_buf_release(&why->lists[i].seen);
        zj_buf_release(&why->lists[i].en);
        zj_buf_release(&why->lists[i].zh);
    }
}
