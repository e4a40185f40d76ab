/* Dumps of databases as mysqldump and pg_dump write them: CREATE TABLE names the columns, their
 * types and comments; INSERT and COPY hold the rows. Everything else is passed over to its
 * semicolon. */
#include <strings.h>

#include "inventory/table.h"

enum { TOKEN_MAX = 1 << 20, COLS_MAX = ZJ_TABLE_COLS_MAX };

enum token { T_END, T_WORD, T_NAME, T_STRING, T_NUMBER, T_SIGN };

struct dump {
    struct zj_scan *scan;
    struct zj_in *in;
    const char *path;
    struct zj_span window;
    size_t at;
    struct zj_buf text; /* of the token */
    uint8_t sign;
    struct zj_inv_table *tables[ZJ_SCAN_TABLES_MAX];
    size_t table_count;
    size_t cols[COLS_MAX]; /* of the statement at hand, in its order */
    size_t col_count;
};

static int next(struct dump *d)
{
    if (d->at == d->window.len) {
        zj_in_skip(d->in, d->at);
        d->at = 0;
        d->window = zj_in_peek(d->in, 1);
        if (!d->window.len)
            return -1;
    }
    return d->window.at[d->at++];
}

static void keep_byte(struct dump *d, int c)
{
    if (d->text.len < TOKEN_MAX)
        zj_buf_byte(&d->text, (uint8_t)c);
}

/* One byte ahead; only right behind a next() that gave a byte. */
static int ahead(struct dump *d)
{
    const int c = next(d);
    if (c >= 0)
        d->at--;
    return c;
}

/* The rest of a quoted token: a doubled quote is one, and in strings a backslash escapes. */
static void quoted(struct dump *d, int quote)
{
    for (int c = next(d); c >= 0; c = next(d)) {
        if (c == '\\' && quote == '\'') {
            c = next(d);
            keep_byte(d, c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
        } else if (c != quote) {
            keep_byte(d, c);
        } else if (ahead(d) == quote) {
            keep_byte(d, next(d));
        } else {
            return;
        }
    }
}

static void skip_comment(struct dump *d)
{
    for (int c = next(d), last = 0; c >= 0; last = c, c = next(d))
        if (last == '*' && c == '/')
            return;
}

static bool is_word(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || c >= 0x80;
}

static enum token token(struct dump *d)
{
    int c = next(d);
    d->text.len = 0;
    for (;;) {
        if (c < 0)
            return T_END;
        if (c <= ' ') {
            c = next(d);
        } else if ((c == '-' && ahead(d) == '-') || c == '#') {
            while (c >= 0 && c != '\n')
                c = next(d);
        } else if (c == '/' && ahead(d) == '*') {
            skip_comment(d);
            c = next(d);
        } else {
            break;
        }
    }
    if (c == '\'' || c == '"' || c == '`') {
        quoted(d, c);
        return c == '\'' ? T_STRING : T_NAME;
    }
    if (!is_word(c) && c != '-' && c != '+' && c != '.') {
        d->sign = (uint8_t)c;
        return T_SIGN;
    }
    const bool is_number =
        !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80);
    keep_byte(d, c);
    while (is_word(c = ahead(d)) || (c == '.' && is_number))
        keep_byte(d, next(d));
    return is_number ? T_NUMBER : T_WORD;
}

static bool is(const struct dump *d, enum token t, const char *word)
{
    return t == T_WORD && d->text.len == strlen(word) &&
           strncasecmp((const char *)d->text.at, word, d->text.len) == 0;
}

static void skip_statement(struct dump *d, enum token t)
{
    while (t != T_END && !(t == T_SIGN && d->sign == ';'))
        t = token(d);
}

static struct zj_inv_table *table_of(struct dump *d, struct zj_span name)
{
    char *place = zj_arena_printf(&d->scan->job->arena, "%s!%.*s", d->path,
                                  (int)(name.len < 200 ? name.len : 200), (const char *)name.at);
    for (size_t i = d->table_count; i-- > 0;)
        if (strcmp(d->tables[i]->path, place) == 0)
            return d->tables[i];
    if (d->table_count == ZJ_SCAN_TABLES_MAX)
        return NULL;
    return d->tables[d->table_count++] = zj_inv_table_new(d->scan, place, "sql");
}

/* A name that may have a schema before it; its last part stays in text. Gives what follows. */
static enum token table_name(struct dump *d, struct zj_inv_table **out)
{
    enum token t = token(d);
    while (is(d, t, "IF") || is(d, t, "NOT") || is(d, t, "EXISTS") || is(d, t, "ONLY"))
        t = token(d);
    struct zj_buf name = {0};
    while (t == T_WORD || t == T_NAME) {
        name.len = 0;
        zj_buf_span(&name, zj_buf_all(&d->text));
        t = token(d);
        if (t == T_NUMBER && d->text.len && d->text.at[0] == '.') { /* ".cars" */
            name.len = 0;
            zj_buf_span(&name, zj_span_part(zj_buf_all(&d->text), 1, d->text.len));
            t = token(d);
            if (name.len)
                break;
            name.len = 0;
            continue;
        }
        break;
    }
    if (t == T_NAME) { /* `db`.`cars`: the dot was a token of its own */
        name.len = 0;
        zj_buf_span(&name, zj_buf_all(&d->text));
        t = token(d);
    }
    *out = name.len ? table_of(d, zj_buf_all(&name)) : NULL;
    zj_buf_release(&name);
    return t;
}

/* Column definitions, behind the opening bracket. */
static void definitions(struct dump *d, struct zj_inv_table *table)
{
    static const char *const others[] = {"PRIMARY", "UNIQUE", "KEY",      "INDEX",   "CONSTRAINT",
                                         "FOREIGN", "CHECK",  "FULLTEXT", "SPATIAL", "EXCLUDE"};
    unsigned depth = 1;
    bool is_start = true, wants_type = false, is_comment = false;
    size_t col = SIZE_MAX;
    struct zj_buf type = {0};
    for (enum token t = token(d); t != T_END && depth; t = token(d)) {
        if (t == T_SIGN && d->sign == '(') {
            depth++;
        } else if (t == T_SIGN && d->sign == ')') {
            depth--;
        } else if (t == T_SIGN && d->sign == ',' && depth == 1) {
            is_start = true;
            col = SIZE_MAX;
        } else if (is_start) {
            is_start = false;
            bool is_other = false;
            for (size_t i = 0; i < ZJ_COUNT(others); i++)
                is_other |= is(d, t, others[i]);
            col = is_other ? SIZE_MAX : zj_inv_table_col(table, zj_buf_all(&d->text));
            wants_type = !is_other;
        } else if (wants_type) {
            type.len = 0;
            zj_buf_span(&type, zj_span_part(zj_buf_all(&d->text), 0, 64));
            zj_inv_table_describe(table, col, zj_buf_all(&type), (struct zj_span){0});
            wants_type = false;
        } else if (is_comment && t == T_STRING && col != SIZE_MAX) {
            zj_inv_table_describe(table, col, zj_buf_all(&type), zj_buf_all(&d->text));
        }
        is_comment = is(d, t, "COMMENT");
        if (!depth)
            break;
    }
    zj_buf_release(&type);
}

/* The names in brackets behind a table's name; without them, the table's own order. */
static enum token column_list(struct dump *d, struct zj_inv_table *table, enum token t)
{
    d->col_count = 0;
    if (t == T_SIGN && d->sign == '(') {
        for (t = token(d); t != T_END && !(t == T_SIGN && d->sign == ')'); t = token(d))
            if ((t == T_WORD || t == T_NAME) && d->col_count < COLS_MAX)
                d->cols[d->col_count++] = zj_inv_table_col(table, zj_buf_all(&d->text));
        t = token(d);
    }
    for (size_t i = 0, has_list = d->col_count; !has_list && i < table->count; i++)
        d->cols[d->col_count++] = i;
    return t;
}

static void take_cell(struct dump *d, struct zj_inv_table *table, size_t at, struct zj_span value)
{
    char name[32];
    if (at >= COLS_MAX)
        return;
    while (at >= d->col_count) {
        snprintf(name, sizeof name, "col%zu", d->col_count + 1);
        d->cols[d->col_count++] = zj_inv_table_col(table, zj_span_str(name));
    }
    zj_inv_table_cell(table, d->cols[at], value);
}

/* (1,'a',NULL),(2,'b',X'00') … up to the semicolon. */
static void values(struct dump *d, struct zj_inv_table *table)
{
    unsigned depth = 0;
    size_t at = 0;
    for (enum token t = token(d); t != T_END; t = token(d)) {
        if (t == T_SIGN && d->sign == '(') {
            at = depth++ ? at : 0;
        } else if (t == T_SIGN && d->sign == ')') {
            depth -= depth > 0;
            if (!depth)
                zj_inv_table_row(table);
        } else if (t == T_SIGN && d->sign == ',' && depth == 1) {
            at++;
        } else if (t == T_SIGN && d->sign == ';' && !depth) {
            return;
        } else if (depth == 1 && t != T_SIGN && !is(d, t, "NULL")) {
            take_cell(d, table, at, zj_buf_all(&d->text));
        }
    }
}

/* Lines of cells with tabs between, up to the line "\.". */
static void copy_rows(struct dump *d, struct zj_inv_table *table)
{
    for (int c = next(d); c >= 0 && c != '\n';)
        c = next(d);
    for (;;) {
        size_t at = 0;
        d->text.len = 0;
        int c = next(d);
        if (c == '\\' && ahead(d) == '.') {
            while (c >= 0 && c != '\n')
                c = next(d);
            return;
        }
        if (c < 0)
            return;
        for (; c >= 0 && c != '\n'; c = next(d)) {
            if (c == '\t') {
                take_cell(d, table, at++, zj_buf_all(&d->text));
                d->text.len = 0;
            } else if (c == '\\' && ahead(d) != 'N') {
                c = next(d);
                keep_byte(d, c == 'n' ? '\n' : c == 't' ? '\t' : c);
            } else {
                keep_byte(d, c);
            }
        }
        take_cell(d, table, at, zj_buf_all(&d->text));
        zj_inv_table_row(table);
    }
}

static void statement(struct dump *d, enum token t)
{
    struct zj_inv_table *table = NULL;
    if (is(d, t, "CREATE")) {
        for (t = token(d); is(d, t, "TEMPORARY") || is(d, t, "UNLOGGED");)
            t = token(d);
        if (is(d, t, "TABLE")) {
            t = table_name(d, &table);
            if (table && t == T_SIGN && d->sign == '(') {
                definitions(d, table);
                t = token(d);
            }
        }
    } else if (is(d, t, "INSERT") || is(d, t, "REPLACE")) {
        for (t = token(d); t != T_END && !is(d, t, "INTO") && t != T_SIGN;)
            t = token(d);
        t = is(d, t, "INTO") ? table_name(d, &table) : t;
        if (table) {
            t = column_list(d, table, t);
            while (t == T_WORD && !is(d, t, "VALUES"))
                t = token(d);
            if (is(d, t, "VALUES")) {
                values(d, table);
                return;
            }
        }
    } else if (is(d, t, "COPY")) {
        t = table_name(d, &table);
        t = table ? column_list(d, table, t) : t;
        const bool is_from = is(d, t, "FROM");
        t = token(d);
        if (table && is_from && is(d, t, "STDIN")) {
            skip_statement(d, t);
            copy_rows(d, table);
            return;
        }
    }
    skip_statement(d, t);
}

static bool has(struct zj_span text, const char *word)
{
    return memmem(text.at, text.len, word, strlen(word)) != NULL;
}

static int probe(struct zj_span head, const char *extension)
{
    const bool is_dump = has(head, "-- MySQL dump") || has(head, "-- MariaDB dump") ||
                         has(head, "-- PostgreSQL database dump") ||
                         has(head, "PRAGMA foreign_keys=OFF");
    const bool has_rows = has(head, "INSERT INTO") || has(head, "insert into") ||
                          has(head, "CREATE TABLE") || has(head, "create table");
    if (is_dump)
        return 90;
    return has_rows && zj_extension_is(extension, "sql|dump") ? 80 : 0;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct dump *d = zj_alloc(sizeof *d);
    *d = (struct dump){.scan = scan, .in = in, .path = path};
    for (enum token t = token(d); t != T_END; t = token(d))
        statement(d, t);
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < d->table_count; i++) {
        if (!err)
            err = zj_inv_table_emit(d->tables[i]);
        zj_inv_table_free(d->tables[i]);
    }
    if (!err && d->table_count == ZJ_SCAN_TABLES_MAX)
        err = zj_scan_unread(scan, path,
                             zj_tr(scan->job, "more than 4096 tables: the rest is not read",
                                   "超过 4096 张表，其余未读取"));
    zj_buf_release(&d->text);
    free(d);
    return err;
}

const struct zj_reader_kind zj_reader_sql = {
    .name = "sql",
    .en = "dumps of databases",
    .zh = "数据库导出脚本",
    .is_text = true,
    .probe = probe,
    .read = read,
};
