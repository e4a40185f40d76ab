/* One terminal, one row. A terminal says who it is bit by bit: its number in every frame, its VIN
 * and its card once in a session, or in one session of many. A row that lacks what is known now is
 * the same terminal with the same platform: it takes the fuller name; and what comes later with
 * less is counted in the row that says more. Two that differ in what both say stay two: a card that
 * moved to another vehicle is what rules look for. */
#include "facts/tables.h"

enum { CANDIDATES_MAX = 16 };

static struct zj_span name_of(const struct merge *m, int i)
{
    return zj_span_of(m->names[i], strnlen(m->names[i], sizeof m->names[i]));
}

struct zj_span zj_merge_name(const struct merge *m, int i)
{
    return name_of(m, i);
}

static const int name_cols[MERGE_NAMES] = {ZJ_ID_VIN, ZJ_ID_ICCID, ZJ_ID_PHONE};

/* What a candidate has of the names: all, some, or something else. */
enum fit { OTHER, FITS, HAS_ALL };

static enum fit fit_of(const struct zj_stmt *stmt, const struct zj_cell *cells)
{
    enum fit fit = HAS_ALL;
    for (int i = 0; i < MERGE_NAMES; i++) {
        const struct zj_span has = zj_stmt_text(stmt, 1 + i), is = cells[name_cols[i]].text;
        if (!is.len || zj_span_eq(has, is))
            continue;
        if (has.len)
            return OTHER;
        fit = FITS;
    }
    return fit;
}

static void take_names(struct merge *m, const struct zj_stmt *stmt, const struct zj_cell *cells)
{
    for (int i = 0; i < MERGE_NAMES; i++) {
        const struct zj_span has = zj_stmt_text(stmt, 1 + i);
        const struct zj_span name = has.len ? has : cells[name_cols[i]].text;
        if (name.len)
            memcpy(m->names[i], name.at,
                   name.len < sizeof m->names[i] ? name.len : sizeof m->names[i] - 1);
    }
    m->id = zj_stmt_int(stmt, 0);
    m->had_vin = zj_stmt_text(stmt, 1).len > 0;
}

zj_err zj_merge_find(struct zj_job *job, struct zj_store *store, int64_t org_id,
                     const struct zj_cell *cells, struct merge *out)
{
    static const char *const sql[2] = {
        "SELECT id, vin, iccid, phone FROM fact_identity WHERE vin = $1 AND +org_id = $2 AND "
        "protocol = $3 AND server = $4 AND port = $5 AND security = $6 ORDER BY last_seen DESC",
        "SELECT id, vin, iccid, phone FROM fact_identity WHERE phone = $1 AND phone <> '' AND "
        "+org_id = $2 AND protocol = $3 AND server = $4 AND port = $5 AND security = $6 ORDER BY last_seen DESC",
    };
    const struct zj_span vin = cells[ZJ_ID_VIN].text, phone = cells[ZJ_ID_PHONE].text;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char server[ZJ_ADDR_TEXT];
    bool has_row = false;
    *out = (struct merge){.id = 0};
    zj_err err = zj_store_prepare(job, store, sql[phone.len != 0], &stmt);
    if (err)
        return err;
    zj_addr_format(&cells[ZJ_ID_SERVER].addr, server);
    zj_stmt_bind_span(stmt, 1, phone.len ? phone : vin);
    zj_stmt_bind_int(stmt, 2, org_id);
    zj_stmt_bind_span(stmt, 3, cells[ZJ_ID_PROTOCOL].text);
    zj_stmt_bind_str(stmt, 4, server);
    zj_stmt_bind_int(stmt, 5, cells[ZJ_ID_PORT].num);
    zj_stmt_bind_span(stmt, 6, cells[ZJ_ID_SECURITY].text);
    for (int i = 0; i < CANDIDATES_MAX && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row;
         i++) {
        const enum fit fit = fit_of(stmt, cells);
        if (fit == OTHER || (fit == FITS && out->id))
            continue;
        *out = (struct merge){.is_renamed = fit == FITS};
        take_names(out, stmt, cells);
        if (fit == HAS_ALL) /* nothing can be better */
            break;
    }
    return err;
}

zj_err zj_merge_rename(struct zj_job *job, struct zj_store *store, const struct merge *m,
                       const uint8_t *fact_key)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "UPDATE fact_identity SET vin = $2, iccid = $3, phone = $4, "
                                  "fact_key = $5 WHERE id = $1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, m->id);
    for (int i = 0; i < MERGE_NAMES; i++)
        zj_stmt_bind_span(stmt, 2 + i, name_of(m, i));
    zj_stmt_bind_blob(stmt, 5, zj_span_of(fact_key, FACT_KEY_BYTES));
    return zj_stmt_run(job, stmt);
}
