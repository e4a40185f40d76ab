/* Tables: the words of a header line speak for the cells below them, those of an INSERT for its
 * values. */
#include "identify/engine.h"

enum { CELL_MAX = 48, COUNT_DIGITS_MAX = 4, FORM_LINE_MAX = 256 };

struct cells {
    uint32_t start[ZJ_COLUMNS_MAX], end[ZJ_COLUMNS_MAX]; /* without quotes and spaces */
    unsigned count;
};

static size_t line_end(struct zj_span in, size_t at)
{
    const uint8_t *end = at < in.len ? memchr(in.at + at, '\n', in.len - at) : NULL;
    return end ? (size_t)(end - in.at) : in.len;
}

static void add_cell(struct zj_span in, struct cells *out, size_t start, size_t end)
{
    while (start < end && (in.at[start] <= ' ' || strchr("\"'=`", in.at[start])))
        start++;
    while (end > start && (in.at[end - 1] <= ' ' || strchr("\"'`", in.at[end - 1])))
        end--;
    out->start[out->count] = (uint32_t)start;
    out->end[out->count++] = (uint32_t)end;
}

/* Cells between delimiters; a delimiter between quotes is none. */
static bool split(struct zj_span in, size_t at, size_t end, uint8_t delimiter, struct cells *out)
{
    size_t start = at;
    bool is_quoted = false;
    out->count = 0;
    for (size_t i = at; i < end; i++) {
        if (in.at[i] == '"')
            is_quoted = !is_quoted;
        if (in.at[i] != delimiter || is_quoted)
            continue;
        if (out->count + 1 >= ZJ_COLUMNS_MAX)
            return false;
        add_cell(in, out, start, i);
        start = i + 1;
    }
    add_cell(in, out, start, end);
    return true;
}

static uint8_t delimiter_of(struct zj_span line)
{
    static const uint8_t all[] = {',', '\t', ';', '|'};
    size_t best = 0;
    uint8_t delimiter = 0;
    for (size_t k = 0; k < sizeof all; k++) {
        size_t count = 0;
        for (size_t i = 0; i < line.len; i++)
            count += line.at[i] == all[k];
        if (count > best) {
            best = count;
            delimiter = all[k];
        }
    }
    return delimiter;
}

/* Names of columns: short, without long numbers, with no colon or equals sign. */
static bool is_column_name(struct zj_span cell)
{
    size_t digits = 0;
    if (!cell.len || cell.len > CELL_MAX)
        return false;
    for (size_t i = 0; i < cell.len; i++) {
        const uint8_t c = cell.at[i];
        digits += zj_is_digit(c);
        if (c == ':' || c == '=' || c == '{' || c == '}' || c == '@')
            return false;
    }
    return digits <= COUNT_DIGITS_MAX;
}

static void set_columns(struct zj_scan *s, const struct cells *cells, uint8_t delimiter)
{
    struct zj_columns *c = &s->scratch->columns;
    unsigned known = 0;
    c->count = c->pair = 0;
    for (unsigned i = 0; i < cells->count; i++) {
        const struct zj_span cell =
            zj_span_part(s->in, cells->start[i], cells->end[i] - cells->start[i]);
        c->words[i] = NULL;
        c->groups[i] = zj_words_in(&s->rules->words, cell, &c->words[i]);
        known += c->groups[i] != 0;
        const uint64_t axes = ZJ_W(latitude) | ZJ_W(longitude);
        if (i && !c->pair && ((c->groups[i - 1] & axes) ^ (c->groups[i] & axes)) == axes)
            c->pair = i;
    }
    c->delimiter = delimiter;
    c->count = known ? cells->count : 0;
}

/* Takes the line for a header where all its cells look like names of columns and the next line has
 * as many cells. */
static bool read_header(struct zj_scan *s, size_t at, size_t end)
{
    const struct zj_span line = zj_span_part(s->in, at, end - at);
    struct cells cells, below;
    const uint8_t delimiter = delimiter_of(line);
    if (!delimiter || line.len > 4096 || !split(s->in, at, end, delimiter, &cells) ||
        cells.count < 2)
        return false;
    unsigned names = 0;
    for (unsigned i = 0; i < cells.count; i++) {
        const struct zj_span cell =
            zj_span_part(s->in, cells.start[i], cells.end[i] - cells.start[i]);
        if (!cell.len)
            continue;
        if (!is_column_name(cell))
            return false;
        names++;
    }
    if (names < 2 || end >= s->in.len)
        return false;
    size_t next = end + 1, next_end = line_end(s->in, next);
    if (delimiter == '|' && next < s->in.len && memchr(s->in.at + next, '-', next_end - next) &&
        !memchr(s->in.at + next, ' ', 1)) { /* the rule below the head of a table in Markdown */
        next = next_end + 1;
        next_end = line_end(s->in, next);
    }
    if (next >= s->in.len || !split(s->in, next, next_end, delimiter, &below) ||
        below.count != cells.count)
        return false;
    set_columns(s, &cells, delimiter);
    return s->scratch->columns.count != 0;
}

/* Looks at one cell under the words of its column. */
static void take_cell(struct zj_scan *s, size_t start, size_t end, uint64_t groups,
                      const char *word)
{
    const struct zj_span whole = s->in;
    size_t len = 0, digits = 0;
    if (end <= start)
        return;
    s->in = zj_span_part(whole, 0, end);
    s->outer = groups;
    s->outer_word = word;
    s->context_at = SIZE_MAX;
    zj_scan_keyed(s, groups, word, start, true);
    if (end - start > 2 && s->in.at[start + 1] == '.') /* 1.38E10 */
        start += 2;
    while (start + len < end && zj_is_alnum(s->in.at[start + len])) {
        if (digits == len && zj_is_digit(s->in.at[start + len]))
            digits++;
        len++;
    }
    const bool is_whole =
        start + len == end || (start + len + 2 == end && memcmp(s->in.at + end - 2, ".0", 2) == 0);
    if (is_whole && len >= 11 && len <= 24)
        zj_scan_run(s, start, len, digits);
    s->in = whole;
    s->outer = 0;
    s->context_at = SIZE_MAX;
}

/* Two cells side by side whose columns are called latitude and longitude. */
static void take_pair(struct zj_scan *s, const struct cells *cells, unsigned second)
{
    const struct zj_columns *c = &s->scratch->columns;
    const unsigned first = second - 1;
    const struct zj_span a =
        zj_span_part(s->in, cells->start[first], cells->end[first] - cells->start[first]);
    const struct zj_span b =
        zj_span_part(s->in, cells->start[second], cells->end[second] - cells->start[second]);
    const bool lat_is_a = c->groups[first] & ZJ_W(latitude);
    if (zj_are_degrees(lat_is_a ? a : b, lat_is_a ? b : a))
        zj_scan_add_near(s, ZJ_TYPE_GEO_COORD, cells->start[first], cells->end[second], 5,
                         "columns of latitude and longitude", c->words[second]);
}

static void take_row(struct zj_scan *s, const struct cells *cells)
{
    const struct zj_columns *c = &s->scratch->columns;
    for (unsigned i = 0; i < cells->count; i++)
        if (c->groups[i])
            take_cell(s, cells->start[i], cells->end[i], c->groups[i], c->words[i]);
    if (c->pair)
        take_pair(s, cells, c->pair);
}

/* Rows under the header until a line has another number of cells. */
static size_t take_rows(struct zj_scan *s, size_t at)
{
    struct zj_columns *c = &s->scratch->columns;
    struct cells cells;
    while (at < s->in.len) {
        const size_t end = line_end(s->in, at);
        if (!split(s->in, at, end, c->delimiter, &cells) || cells.count != c->count) {
            c->count = 0;
            return at;
        }
        take_row(s, &cells);
        at = end + 1;
    }
    return at;
}

/* Is the whole cell one of the words, a colon behind it apart? */
static const struct zj_word *word_of_cell(const struct zj_scan *s, const struct cells *cells,
                                          unsigned i)
{
    const struct zj_span in = zj_span_part(s->in, 0, cells->end[i]);
    const size_t at = cells->start[i];
    size_t len = 0, end = in.len;
    while (end > at && in.at[end - 1] == ':')
        end--;
    if (end >= at + 3 && zj_span_starts(zj_span_part(in, end - 3, 3), ZJ_SPAN_LIT("：")))
        end -= 3;
    const struct zj_word *word = end > at + 1 ? zj_words_at(&s->rules->words, in, at, &len) : NULL;
    return word && at + len == end ? word : NULL;
}

/* The only two cells of a line that hold something; those of a table in Markdown have an empty one
 * at each side. */
static bool two_cells(const struct cells *cells, unsigned *out_first, unsigned *out_second)
{
    unsigned found[2], count = 0;
    for (unsigned i = 0; i < cells->count; i++) {
        if (cells->end[i] <= cells->start[i])
            continue;
        if (count == ZJ_COUNT(found))
            return false;
        found[count++] = i;
    }
    if (count < 2 || found[1] != found[0] + 1)
        return false;
    *out_first = found[0];
    *out_second = found[1];
    return true;
}

/* A line of a form: a word in the first cell, its value in the second. A header of two columns has
 * words in both, and none at the beginning of the line below. */
static bool take_form_line(struct zj_scan *s, size_t at, size_t end)
{
    const struct zj_span line = zj_span_part(s->in, at, end - at);
    struct cells cells;
    unsigned first, second;
    const uint8_t delimiter = line.len <= FORM_LINE_MAX ? delimiter_of(line) : 0;
    if (!delimiter || !split(s->in, at, end, delimiter, &cells) ||
        !two_cells(&cells, &first, &second))
        return false;
    const struct zj_word *word = word_of_cell(s, &cells, first);
    if (!word || word_of_cell(s, &cells, second))
        return false;
    const struct zj_span value =
        zj_span_part(s->in, cells.start[second], cells.end[second] - cells.start[second]);
    if (is_column_name(value)) {
        const size_t below = end + 1, below_end = line_end(s->in, below);
        if (below >= s->in.len || !split(s->in, below, below_end, delimiter, &cells) ||
            !two_cells(&cells, &first, &second) || !word_of_cell(s, &cells, first))
            return false;
    }
    take_cell(s, (size_t)(value.at - s->in.at), (size_t)(value.at - s->in.at) + value.len,
              word->groups, word->shown);
    return true;
}

static size_t line_start(struct zj_span in, size_t at)
{
    const uint8_t *start = at ? memrchr(in.at, '\n', at) : NULL;
    return start ? (size_t)(start - in.at) + 1 : 0;
}

static bool touches_delimiter(struct zj_span in, size_t at)
{
    const uint8_t c = zj_byte_at(in, at);
    return c == ',' || c == '\t' || c == ';' || c == '|' ||
           ((c == '"' || c == ' ') && zj_byte_at(in, at + 1) != ':' &&
            strchr(",\t;|", zj_byte_at(in, at + 1)) && zj_byte_at(in, at + 1));
}

/* The first line may be a header, and each line with a word that a delimiter follows. */
void zj_scan_columns(struct zj_scan *s, bool is_start)
{
    const struct zj_identify_scratch *scratch = s->scratch;
    size_t done = 0;
    if (scratch->columns.count) {
        done = take_rows(s, 0);
    } else if (is_start && s->in.len && s->in.at[0] != '{') {
        const size_t end = line_end(s->in, 0);
        if (take_form_line(s, 0, end))
            done = end;
        else if (end + 1 < s->in.len && read_header(s, 0, end))
            done = take_rows(s, end + 1);
    }
    for (size_t i = 0; i < scratch->hit_count; i++) {
        const struct zj_hit hit = scratch->hits[i];
        if (hit.end <= done || zj_literal(s->rules, hit.literal)->kind != ZJ_LIT_WORD ||
            !touches_delimiter(s->in, hit.end))
            continue;
        const size_t start = line_start(s->in, hit.end), end = line_end(s->in, hit.end);
        done = end;
        if (!take_form_line(s, start, end) && read_header(s, start, end))
            done = take_rows(s, end + 1);
    }
}

/* The cells of "(a, 'b', …)" at `at`; where it ends, 0: no such list. */
static size_t read_list(struct zj_span in, size_t at, struct cells *out)
{
    uint8_t quote = 0;
    out->count = 0;
    while (at < in.len && (in.at[at] <= ' ' || in.at[at] == ','))
        at++;
    if (zj_byte_at(in, at) != '(')
        return 0;
    size_t start = ++at;
    for (; at < in.len && out->count + 1 < ZJ_COLUMNS_MAX; at++) {
        const uint8_t c = in.at[at];
        if (quote) {
            if (c == '\\')
                at++;
            else if (c == quote)
                quote = 0;
            continue;
        }
        if (c == '\'' || c == '"' || c == '`')
            quote = c;
        if (c != ',' && c != ')')
            continue;
        add_cell(in, out, start, at);
        start = at + 1;
        if (c == ')')
            return at + 1;
    }
    return 0;
}

/* insert into t (a, b) values (…), (…): `at` is behind "into". */
void zj_scan_insert(struct zj_scan *s, size_t at)
{
    static const char values[] = "values";
    struct cells names, row;
    size_t open = at;
    while (open < s->in.len && open - at < 200 && s->in.at[open] != '(' && s->in.at[open] != ';')
        open++;
    size_t end = read_list(s->in, open, &names);
    if (!end)
        return;
    while (end < s->in.len && s->in.at[end] <= ' ')
        end++;
    for (size_t i = 0; values[i]; i++)
        if ((zj_byte_at(s->in, end + i) | 32) != (uint8_t)values[i])
            return;
    const struct zj_columns kept = s->scratch->columns;
    set_columns(s, &names, ',');
    end += sizeof values - 1;
    while (s->scratch->columns.count && (end = read_list(s->in, end, &row)) != 0)
        if (row.count == names.count)
            take_row(s, &row);
    s->scratch->columns = kept;
}
