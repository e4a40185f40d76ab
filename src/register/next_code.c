/* A code for a new row, so that nobody has to invent one: people count their own on. */
#include <string.h>

#include "register/query.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at_end(struct zj_span code)
{
    size_t n = 0;
    while (n < code.len && is_digit(code.at[code.len - 1 - n]))
        n++;
    return n;
}

/* What stands before the number, and how wide that is: of the last row's code, else of the form's
 * sample, "PE-" of "PE-SAMPLE-001". */
static zj_err find_form(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                        int64_t org_id, struct zj_buf *out_prefix, size_t *out_width)
{
    static const char sample[] = "SAMPLE-";
    enum { WIDTH_MAX = 9 }; /* a longer number is not a count */
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    const char *model = reg->fields[zj_register_key(reg)].sample;
    const char *word = strstr(model, sample);
    zj_err err = zj_store_prepare(job, store,
                                  zj_arena_printf(&job->arena,
                                                  "SELECT code FROM reg_%s"
                                                  " WHERE ($1 = 0 OR org_id = $1) AND"
                                                  " deleted_at = 0 ORDER BY id DESC LIMIT 1",
                                                  reg->name),
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    const struct zj_span last = has_row ? zj_stmt_text(stmt, 0) : (struct zj_span){0};
    const size_t digits = digits_at_end(last);
    if (digits > 0 && digits <= WIDTH_MAX) {
        zj_buf_span(out_prefix, zj_span_part(last, 0, last.len - digits));
        *out_width = last.at[last.len - digits] == '0' ? digits : 1;
    } else {
        zj_buf_span(out_prefix, zj_span_of(model, word ? (size_t)(word - model) : 0));
        *out_width = 1;
    }
    return err;
}

/* The highest number that a live row has behind the prefix. */
static zj_err find_highest(struct zj_job *job, struct zj_store *store,
                           const struct zj_register *reg, int64_t org_id, struct zj_span prefix,
                           int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(&job->arena,
                        "SELECT COALESCE(MAX(CAST(substr(code, length($2) + 1) AS INTEGER)), 0)"
                        " FROM reg_%s WHERE ($1 = 0 OR org_id = $1) AND deleted_at = 0 AND"
                        " substr(code, 1, length($2)) = $2 AND length(code) > length($2) AND"
                        " length(code) <= length($2) + 9 AND"
                        " rtrim(substr(code, length($2) + 1), '0123456789') = ''",
                        reg->name),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_span(stmt, 2, prefix);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_register_next_code(struct zj_job *job, struct zj_store *store,
                             const struct zj_scope *scope, const struct zj_register *reg,
                             int64_t org_id, struct zj_buf *out)
{
    const struct zj_field *key = &reg->fields[zj_register_key(reg)];
    ZJ_AUTO(zj_buf_release) struct zj_buf prefix = {0};
    size_t width = 1;
    int64_t highest = 0;
    zj_err err = zj_rows_may_be_read(job, scope, reg);
    if (err || reg->is_global || strcmp(key->name, "code") != 0 || key->check)
        return err;
    err = find_form(job, store, reg, org_id, &prefix, &width);
    if (!err)
        err = find_highest(job, store, reg, org_id, zj_buf_all(&prefix), &highest);
    if (err)
        return err;
    zj_buf_span(out, zj_buf_all(&prefix));
    zj_buf_printf(out, "%0*lld", (int)width, (long long)highest + 1);
    return ZJ_OK;
}
