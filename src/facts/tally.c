/* How many vehicles and identities there are, kept while they are stored: the fleet page asks for
 * it at a million rows and cannot count them. A vehicle is a VIN, or a terminal number without one.
 * By `protocol` a vehicle counts once, with however many platforms it speaks; an identity and a
 * protocol count under the edition they were first seen with. */
#include <stdio.h>

#include "facts/tables.h"

enum { LINES_MAX = 256 };

struct line {
    int64_t org_id;
    const char *what;
    struct zj_span protocol, edition, security;
    int64_t count;
};

struct tally {
    struct line lines[LINES_MAX];
    size_t count;
    struct zj_arena arena; /* texts of the lines */
};

struct tally *zj_tally_new(void)
{
    return zj_alloc(sizeof(struct tally));
}

void zj_tally_free(struct tally *t)
{
    if (!t)
        return;
    zj_arena_release(&t->arena);
    free(t);
}

void zj_tally_clear(struct tally *t)
{
    t->count = 0;
    zj_arena_reset(&t->arena);
}

static struct zj_span copy(struct tally *t, struct zj_span text)
{
    return zj_span_of(zj_arena_span(&t->arena, text), text.len);
}

static zj_err write_line(struct zj_job *job, struct zj_store *store, const struct line *line)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, store,
        "INSERT INTO fact_tally (org_id, what, protocol, edition, security, count) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, what, protocol, edition, security) "
        "DO UPDATE SET count = fact_tally.count + excluded.count",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, line->org_id);
    zj_stmt_bind_str(stmt, 2, line->what);
    zj_stmt_bind_span(stmt, 3, line->protocol);
    zj_stmt_bind_span(stmt, 4, line->edition);
    zj_stmt_bind_span(stmt, 5, line->security);
    zj_stmt_bind_int(stmt, 6, line->count);
    return zj_stmt_run(job, stmt);
}

zj_err zj_tally_write(struct zj_job *job, struct zj_store *store, struct tally *t)
{
    for (size_t i = 0; i < t->count; i++) {
        zj_err err = write_line(job, store, &t->lines[i]);
        if (err)
            return err;
    }
    zj_tally_clear(t);
    return ZJ_OK;
}

static zj_err count_one(struct zj_job *job, struct zj_store *store, struct tally *t, int64_t org_id,
                        const char *what, const struct zj_span names[3], int64_t more)
{
    if (!more)
        return ZJ_OK;

    for (size_t i = 0; i < t->count; i++) {
        struct line *line = &t->lines[i];
        if (line->org_id == org_id && strcmp(line->what, what) == 0 &&
            zj_span_eq(line->protocol, names[0]) && zj_span_eq(line->edition, names[1]) &&
            zj_span_eq(line->security, names[2])) {
            line->count += more;
            return ZJ_OK;
        }
    }
    if (t->count == LINES_MAX) {
        zj_err err = zj_tally_write(job, store, t);
        if (err)
            return err;
    }
    t->lines[t->count++] =
        (struct line){org_id, what, copy(t, names[0]), copy(t, names[1]), copy(t, names[2]), more};
    return ZJ_OK;
}

/* A vehicle, and which of its rows are asked for. */
struct question {
    struct zj_span vin, phone;
    int64_t org_id;
    const struct zj_cell *spoken; /* NULL: whatever it speaks; else this protocol and encryption */
    int64_t but_id;               /* not this row */
};

/* All of one index, whose page is about to be written anyway. */
static zj_err ask(struct zj_job *job, struct zj_store *store, const struct question *q, bool *out)
{
    static const char *const heads[] = {
        "SELECT 1 FROM fact_identity WHERE phone = $1 AND phone <> '' AND +vin = ''",
        "SELECT 1 FROM fact_identity WHERE vin = $1",
    };
    char sql[256];
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    snprintf(sql, sizeof sql, "%s AND +org_id = $2%s LIMIT 1", heads[q->vin.len != 0],
             q->spoken ? " AND protocol = $3 AND security = $4 AND id <> $5" : " AND id <> $3");
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, q->vin.len ? q->vin : q->phone);
    zj_stmt_bind_int(stmt, 2, q->org_id);
    if (q->spoken) {
        zj_stmt_bind_span(stmt, 3, q->spoken[ZJ_ID_PROTOCOL].text);
        zj_stmt_bind_span(stmt, 4, q->spoken[ZJ_ID_SECURITY].text);
    }
    zj_stmt_bind_int(stmt, q->spoken ? 5 : 3, q->but_id);
    return zj_stmt_step(job, stmt, out);
}

zj_err zj_tally_is_new_vehicle(struct zj_job *job, struct zj_store *store,
                               const struct zj_cell *cells, bool *out, bool *out_has_number)
{
    static const char *const sql[] = {
        "SELECT 1 FROM fact_identity WHERE phone = $2 AND phone <> '' AND +vin = ''"
        " LIMIT 1",
        "SELECT 1 FROM fact_identity WHERE vin = $1 LIMIT 1",
        /* one statement, and for a vehicle that is there one look: the second half is not begun */
        ("SELECT 1 FROM fact_identity WHERE vin = $1 UNION ALL "
         "SELECT 2 FROM fact_identity WHERE phone = $2 AND phone <> '' LIMIT 1"),
    };
    const struct zj_span vin = cells[ZJ_ID_VIN].text, phone = cells[ZJ_ID_PHONE].text;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    *out = false;
    *out_has_number = true;
    if (!vin.len && !phone.len)
        return ZJ_OK;
    zj_err err =
        zj_store_prepare(job, store, sql[vin.len && phone.len ? 2 : vin.len != 0], &stmt);
    if (err)
        return err;
    if (vin.len)
        zj_stmt_bind_span(stmt, 1, vin);
    if (phone.len)
        zj_stmt_bind_span(stmt, 2, phone);
    err = zj_stmt_step(job, stmt, &has_row);
    *out = !has_row || zj_stmt_int(stmt, 0) == 2;
    *out_has_number = has_row || !vin.len;
    return err;
}

static const char identity[] = "identity", protocol[] = "protocol", vehicle[] = "vehicle";
static const struct zj_span nothing[3] = {{0}};

zj_err zj_tally_identity(struct zj_job *job, struct zj_store *store, struct tally *t,
                         int64_t org_id, const struct zj_cell *cells, bool is_new_vehicle)
{
    const struct zj_span names[3] = {cells[ZJ_ID_PROTOCOL].text, cells[ZJ_ID_EDITION].text,
                                     cells[ZJ_ID_SECURITY].text};
    struct question q = {cells[ZJ_ID_VIN].text, cells[ZJ_ID_PHONE].text, org_id, NULL, 0};
    const bool is_vehicle = q.vin.len || q.phone.len;
    bool is_known = !is_new_vehicle, is_spoken = is_known;
    zj_err err = count_one(job, store, t, org_id, identity, names, 1);
    if (!err && is_known && is_vehicle)
        err = ask(job, store, &q, &is_known);
    q.spoken = cells;
    is_spoken &= is_known;
    if (!err && is_spoken && is_vehicle)
        err = ask(job, store, &q, &is_spoken);
    if (!err)
        err = count_one(job, store, t, org_id, vehicle, nothing, !is_known);
    return err ? err : count_one(job, store, t, org_id, protocol, names, !is_spoken);
}

zj_err zj_tally_named(struct zj_job *job, struct zj_store *store, struct tally *t, int64_t org_id,
                      const struct zj_cell *cells, const struct merge *m)
{
    const struct zj_span names[3] = {cells[ZJ_ID_PROTOCOL].text, cells[ZJ_ID_EDITION].text,
                                     cells[ZJ_ID_SECURITY].text};
    zj_err err = ZJ_OK;
    for (int i = 0; i < 2 && !err; i++) {
        bool has_vin, has_number;
        struct question q = {.vin = cells[ZJ_ID_VIN].text,
                             .org_id = org_id,
                             .spoken = i ? cells : NULL,
                             .but_id = m->id};
        err = ask(job, store, &q, &has_vin);
        q.vin = (struct zj_span){0};
        q.phone = cells[ZJ_ID_PHONE].text;
        if (!err)
            err = ask(job, store, &q, &has_number);
        if (!err) /* the VIN is new, the number alone is nobody's any more */
            err = count_one(job, store, t, org_id, i ? protocol : vehicle, i ? names : nothing,
                            (int64_t)!has_vin - !has_number);
    }
    return err;
}

zj_err zj_tally_rebuild(struct zj_job *job, struct zj_store *store)
{
    return zj_store_exec(
        job, store,
        "DELETE FROM fact_tally;"
        "INSERT INTO fact_tally (org_id, what, protocol, edition, security, count) "
        "SELECT org_id, 'identity', protocol, edition, security, count(*) FROM fact_identity "
        "GROUP BY org_id, protocol, edition, security;"
        "INSERT INTO fact_tally (org_id, what, protocol, edition, security, count) "
        "SELECT org_id, 'protocol', protocol, edition, security, count(*) FROM (SELECT org_id, "
        "protocol, security, min(edition) AS edition FROM fact_identity GROUP BY org_id, protocol, "
        "security, vin, CASE WHEN vin = '' THEN phone ELSE '' END) AS p "
        "GROUP BY org_id, protocol, edition, security;"
        "INSERT INTO fact_tally (org_id, what, protocol, edition, security, count) "
        "SELECT org_id, 'vehicle', '', '', '', count(*) FROM (SELECT DISTINCT org_id, vin, "
        "CASE WHEN vin = '' THEN phone ELSE '' END AS phone FROM fact_identity "
        "WHERE vin <> '' OR phone <> '') AS v GROUP BY org_id");
}
