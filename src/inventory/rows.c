#include "inventory/rows.h"

#include "inventory/names.h"
#include "inventory/rules.h"

enum {
    LEAD_ROWS = 12, /* looked at before the columns are named */
    HEADER_ROWS = 10,
    LEAD_BYTES = 1 << 20,
};

struct zj_lead {
    const struct zj_scan *scan;
    struct lead_row {
        struct zj_buf bytes;
        struct zj_span *cells; /* of bytes, when all are in */
        size_t count, filled;
    } rows[LEAD_ROWS];
    size_t count, bytes;
};

/* Too long for a name, or found as data. */
static bool is_value(const struct zj_scan *scan, struct zj_span cell)
{
    const struct zj_find *finds;
    return cell.len > ZJ_TABLE_NAME_MAX || zj_identify_find(scan->scratch, cell, &finds);
}

static bool is_numeric(struct zj_span cell)
{
    size_t digits = 0;
    for (size_t k = 0; k < cell.len; k++)
        digits += cell.at[k] >= '0' && cell.at[k] <= '9';
    return digits * 2 > cell.len;
}

static bool is_header(const struct zj_scan *scan, const struct zj_span *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_numeric(zj_span_trim(cells[i])) || is_value(scan, zj_span_trim(cells[i])))
            return false;
    return count > 0;
}

static void add_unnamed(struct zj_inv_table *table, size_t at)
{
    char name[32];
    snprintf(name, sizeof name, "col%zu", at + 1);
    zj_inv_table_col(table, zj_span_str(name));
}

static void put_cells(struct zj_inv_table *table, const struct zj_span *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i >= table->count)
            add_unnamed(table, i);
        if (i < table->count)
            zj_inv_table_cell(table, i, cells[i]);
    }
}

/* --- where the names are -------------------------------------------------------------------------
 */
static struct zj_span trimmed(const struct lead_row *row, size_t at)
{
    return at < row->count ? zj_span_trim(row->cells[at]) : (struct zj_span){0};
}

static size_t width_of(const struct zj_lead *lead)
{
    size_t width = 0, most = 0;
    for (size_t i = 0; i < lead->count; i++) {
        size_t times = 0;
        for (size_t k = 0; k < lead->count; k++)
            times += lead->rows[k].filled == lead->rows[i].filled;
        if (times > most || (times == most && lead->rows[i].filled > width)) {
            width = lead->rows[i].filled;
            most = times;
        }
    }
    return width;
}

/* At least half of the cells under it are written in the same way. */
static bool is_as_below(const struct zj_lead *lead, size_t row, size_t col)
{
    uint8_t mine[ZJ_NAME_SHAPE], other[ZJ_NAME_SHAPE];
    const struct zj_span shape = zj_name_shape(trimmed(&lead->rows[row], col), mine);
    size_t seen = 0, same = 0;
    for (size_t i = row + 1; i < lead->count; i++) {
        const struct zj_span cell = trimmed(&lead->rows[i], col);
        seen += cell.len > 0;
        same += cell.len > 0 && zj_span_eq(zj_name_shape(cell, other), shape);
    }
    return seen && same * 2 >= seen;
}

/* What of the cells under one is what. */
struct below {
    size_t seen, values, people, same, repeated, as_long;
};

static struct below look_below(const struct zj_lead *lead, size_t row, size_t col)
{
    struct below out = {0};
    const struct zj_span mine = trimmed(&lead->rows[row], col);
    for (size_t i = row + 1; i < lead->count; i++) {
        const struct zj_span cell = trimmed(&lead->rows[i], col);
        bool is_again = false;
        if (!cell.len)
            continue;
        for (size_t k = row + 1; k < i && !is_again; k++)
            is_again = zj_span_eq(trimmed(&lead->rows[k], col), cell);
        out.seen++;
        out.repeated += is_again;
        out.same += zj_span_eq(cell, mine);
        out.as_long += cell.len == mine.len;
        out.values += is_numeric(cell) || is_value(lead->scan, cell);
        out.people += zj_name_is_person(lead->scan->scratch, cell);
    }
    return out;
}

static bool speaks_of_data(const struct zj_lead *lead, struct zj_span cell)
{
    bool speaks = false;
    char *name = zj_strndup(cell);
    for (unsigned t = 0; t < ZJ_TYPE_COUNT && !speaks; t++)
        speaks =
            zj_columns_speaks(lead->scan->rules->columns, (enum zj_identify_type)t, name, NULL);
    free(name);
    return speaks;
}

/* A row of words that is one of people: a name above names, and no cell that is other than what is
 * under it, as a name of a column would be. */
static bool is_of_people(const struct zj_lead *lead, size_t at)
{
    const struct lead_row *row = &lead->rows[at];
    size_t people = 0;
    if (lead->count - at < 4)
        return false;
    for (size_t i = 0; i < row->count; i++) {
        const struct zj_span cell = trimmed(row, i);
        if (!cell.len)
            continue;
        const struct below b = look_below(lead, at, i);
        const bool is_other = b.repeated * 2 >= b.seen && !b.same && !b.as_long;
        if (!b.seen || b.values * 2 >= b.seen || is_other || speaks_of_data(lead, cell))
            return false;
        people += b.people * 5 >= b.seen * 4 && zj_name_is_person(lead->scan->scratch, cell);
    }
    return people > 0;
}

/* Names among which are months, years or codes: those look other than what is under them. */
static bool is_header_above(const struct zj_lead *lead, size_t at)
{
    const struct lead_row *row = &lead->rows[at];
    size_t names = 0;
    if (is_header(lead->scan, row->cells, row->count))
        return !is_of_people(lead, at);
    if (lead->count - at < 3)
        return false;
    for (size_t i = 0; i < row->count; i++) {
        const struct zj_span cell = trimmed(row, i);
        if (is_value(lead->scan, cell) || (is_numeric(cell) && is_as_below(lead, at, i)))
            return false;
        names += cell.len && !is_numeric(cell);
    }
    return names > 0;
}

/* Names of groups of columns, whose own names are in the next row: that has more of them, and what
 * follows has none. */
static bool is_of_groups(const struct zj_lead *lead, size_t at)
{
    return at + 1 < lead->count && lead->rows[at + 1].filled > lead->rows[at].filled &&
           is_header_above(lead, at + 1) &&
           (at + 2 >= lead->count || !is_header_above(lead, at + 2));
}

/* Titles, dates and empty rows fill at most half of what the others do: the first row behind them
 * is the header or there is none, which is SIZE_MAX. */
static size_t header_of(const struct zj_lead *lead)
{
    const size_t width = width_of(lead);
    for (size_t i = 0; i < lead->count && i < HEADER_ROWS; i++) {
        const struct lead_row *row = &lead->rows[i];
        if (row->filled * 2 <= width)
            continue;
        if (is_header_above(lead, i))
            return is_of_groups(lead, i) ? i + 1 : i;
        break;
    }
    const bool is_first = lead->count && lead->rows[0].filled > 1 && is_header_above(lead, 0);
    return is_first ? 0 : SIZE_MAX;
}

/* Names over two rows, where cells are joined: each row has what the other lacks. */
static bool is_continued(const struct zj_lead *lead, const struct lead_row *upper,
                         const struct lead_row *lower)
{
    bool upper_lacks = false, lower_lacks = false;
    for (size_t i = 0; i < upper->count || i < lower->count; i++) {
        const bool has_upper = trimmed(upper, i).len > 0, has_lower = trimmed(lower, i).len > 0;
        if (!has_upper && !has_lower)
            return false;
        upper_lacks |= !has_upper;
        lower_lacks |= !has_lower;
    }
    return upper_lacks && lower_lacks && is_header(lead->scan, lower->cells, lower->count);
}

static void name_columns(struct zj_inv_table *table, const struct lead_row *upper,
                         const struct lead_row *lower)
{
    const size_t count = upper->count > lower->count ? upper->count : lower->count;
    for (size_t i = 0; i < count; i++) {
        const struct zj_span under = trimmed(lower, i);
        const struct zj_span name = under.len ? under : trimmed(upper, i);
        const size_t before = table->count;
        if (name.len)
            zj_inv_table_col(table, name);
        if (i >= table->count && table->count == before) /* unnamed, or a second of this name */
            add_unnamed(table, i);
    }
}

/* A title is no row, but where it holds data. */
static void put_title(struct zj_inv_table *table, const struct lead_row *row)
{
    struct zj_find find;
    if (zj_identify_scan(zj_buf_all(&row->bytes), &find, 1))
        put_cells(table, row->cells, row->count);
}

/* A whole small table whose names stand in its first column: each other column is a record. Some of
 * the names speak of data; where the first row could be a header too, it is the values that tell.
 */
static bool is_on_its_side(const struct zj_lead *lead, bool has_header)
{
    size_t speaking = 0, values = 0;
    if (lead->count < 2 || lead->count == LEAD_ROWS)
        return false;
    for (size_t i = 0; i < lead->count; i++) {
        const struct zj_span name = trimmed(&lead->rows[i], 0);
        if (!name.len || lead->rows[i].count < 2 || is_numeric(name) || is_value(lead->scan, name))
            return false;
        for (size_t k = 0; k < i; k++)
            if (zj_span_eq(trimmed(&lead->rows[k], 0), name))
                return false;
        speaking += speaks_of_data(lead, name);
        for (size_t at = 1; has_header && at < lead->rows[i].count; at++) {
            const struct zj_span cell = trimmed(&lead->rows[i], at);
            if (i == 0 && speaks_of_data(lead, cell))
                return false;
            values += is_value(lead->scan, cell);
        }
    }
    return has_header ? speaking > 1 && values : speaking > 0;
}

static void put_on_its_side(struct zj_inv_table *table, const struct zj_lead *lead)
{
    size_t width = 0;
    for (size_t i = 0; i < lead->count; i++) {
        zj_inv_table_col(table, trimmed(&lead->rows[i], 0));
        width = lead->rows[i].count > width ? lead->rows[i].count : width;
    }
    table->named = table->count;
    for (size_t at = 1; at < width; at++) {
        for (size_t i = 0; i < lead->count && i < table->count; i++)
            zj_inv_table_cell(table, i, trimmed(&lead->rows[i], at));
        zj_inv_table_row(table);
    }
}

static void name_and_put(struct zj_inv_table *table, const struct zj_lead *lead)
{
    const size_t header = header_of(lead);
    size_t first = 0;
    if (is_on_its_side(lead, header != SIZE_MAX)) {
        put_on_its_side(table, lead);
        return;
    }
    if (header != SIZE_MAX) {
        const struct lead_row *upper = &lead->rows[header], *lower = upper;
        first = header + 1;
        if (first < lead->count && is_continued(lead, upper, lower + 1))
            lower = &lead->rows[first++];
        else if (header && lead->rows[header - 1].filled > 1 &&
                 is_continued(lead, &lead->rows[header - 1], lower))
            upper = &lead->rows[header - 1];
        name_columns(table, upper, lower);
        table->named = table->count;
        for (size_t i = 0; i < header; i++)
            put_title(table, &lead->rows[i]);
    }
    for (size_t i = first; i < lead->count; i++) {
        put_cells(table, lead->rows[i].cells, lead->rows[i].count);
        zj_inv_table_row(table);
        table->named = table->named ? table->named : table->count;
    }
}

/* --- rows ----------------------------------------------------------------------------------------
 */
static void keep_row(struct zj_lead *lead, const struct zj_span *cells, size_t count)
{
    struct lead_row *row = &lead->rows[lead->count++];
    size_t at = 0;
    row->count = count;
    row->cells = zj_alloc((count + 1) * sizeof *row->cells);
    for (size_t i = 0; i < count; i++) {
        zj_buf_span(&row->bytes, cells[i]);
        zj_buf_byte(&row->bytes, '\t');
        row->filled += zj_span_trim(cells[i]).len > 0;
    }
    for (size_t i = 0; i < count; i++) {
        row->cells[i] = zj_span_of(row->bytes.at + at, cells[i].len);
        at += cells[i].len + 1;
    }
    lead->bytes += row->bytes.len;
}

void zj_rows_free(struct zj_lead *lead)
{
    for (size_t i = 0; lead && i < lead->count; i++) {
        zj_buf_release(&lead->rows[i].bytes);
        free(lead->rows[i].cells);
    }
    free(lead);
}

void zj_rows_end(struct zj_inv_table *table)
{
    struct zj_lead *lead = ZJ_TAKE(table->lead);
    if (lead)
        name_and_put(table, lead);
    zj_rows_free(lead);
}

void zj_rows_take(struct zj_inv_table *table, const struct zj_span *cells, size_t count)
{
    const struct zj_inv_table *names = table->count ? NULL : table->scan->names;
    for (size_t i = 0; names && i < names->named; i++)
        zj_inv_table_col(table, zj_span_str(names->cols[i].name));
    if (table->count) {
        put_cells(table, cells, count);
        zj_inv_table_row(table);
        return;
    }
    if (!table->lead)
        table->lead = zj_alloc(sizeof *table->lead);
    table->lead->scan = table->scan;
    keep_row(table->lead, cells, count);
    if (table->lead->count == LEAD_ROWS || table->lead->bytes > LEAD_BYTES)
        zj_rows_end(table);
}
