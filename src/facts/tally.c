/* How many vehicles and identities there are, kept while they are stored: the fleet page asks for
 * it at a million rows and cannot count them. A vehicle is a VIN, or a terminal number without one.
 * An identity counts under the edition it was first seen with. */
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
                        const char *what, const struct zj_span names[3])
{
    for (size_t i = 0; i < t->count; i++) {
        struct line *line = &t->lines[i];
        if (line->org_id == org_id && strcmp(line->what, what) == 0 &&
            zj_span_eq(line->protocol, names[0]) && zj_span_eq(line->edition, names[1]) &&
            zj_span_eq(line->security, names[2])) {
            line->count++;
            return ZJ_OK;
        }
    }
    if (t->count == LINES_MAX) {
        zj_err err = zj_tally_write(job, store, t);
        if (err)
            return err;
    }
    t->lines[t->count++] =
        (struct line){org_id, what, copy(t, names[0]), copy(t, names[1]), copy(t, names[2]), 1};
    return ZJ_OK;
}

/* Two questions of one index, whose page is about to be written anyway: is the vehicle there at
 * all, and is it there for this organisation. */
static zj_err ask(struct zj_job *job, struct zj_store *store, struct zj_span vin,
                  struct zj_span phone, const int64_t *org_id, bool *out)
{
    static const char *const sql[2][2] = {
        {"SELECT 1 FROM fact_identity WHERE phone = $1 AND +vin = '' LIMIT 1",
         "SELECT 1 FROM fact_identity WHERE phone = $1 AND +vin = '' AND +org_id = $2 LIMIT 1"},
        {"SELECT 1 FROM fact_identity WHERE vin = $1 LIMIT 1",
         "SELECT 1 FROM fact_identity WHERE vin = $1 AND +org_id = $2 LIMIT 1"},
    };
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store, sql[vin.len != 0][org_id != NULL], &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, vin.len ? vin : phone);
    if (org_id)
        zj_stmt_bind_int(stmt, 2, *org_id);
    return zj_stmt_step(job, stmt, out);
}

zj_err zj_tally_is_new_vehicle(struct zj_job *job, struct zj_store *store,
                               const struct zj_cell *cells, bool *out)
{
    const struct zj_span vin = cells[ZJ_ID_VIN].text, phone = cells[ZJ_ID_PHONE].text;
    bool is_there = true;
    zj_err err = vin.len || phone.len ? ask(job, store, vin, phone, NULL, &is_there) : ZJ_OK;
    if (!err)
        *out = !is_there;
    return err;
}

zj_err zj_tally_identity(struct zj_job *job, struct zj_store *store, struct tally *t,
                         int64_t org_id, const struct zj_cell *cells, bool is_new_vehicle)
{
    static const char identity[] = "identity", vehicle[] = "vehicle";
    const struct zj_span names[3] = {cells[ZJ_ID_PROTOCOL].text, cells[ZJ_ID_EDITION].text,
                                     cells[ZJ_ID_SECURITY].text};
    const struct zj_span none[3] = {{0}};
    const struct zj_span vin = cells[ZJ_ID_VIN].text, phone = cells[ZJ_ID_PHONE].text;
    bool is_known = !is_new_vehicle;
    zj_err err = count_one(job, store, t, org_id, identity, names);
    if (!err && is_known && (vin.len || phone.len))
        err = ask(job, store, vin, phone, &org_id, &is_known);
    return err || is_known ? err : count_one(job, store, t, org_id, vehicle, none);
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
        "SELECT org_id, 'vehicle', '', '', '', count(*) FROM (SELECT DISTINCT org_id, vin, "
        "CASE WHEN vin = '' THEN phone ELSE '' END AS phone FROM fact_identity "
        "WHERE vin <> '' OR phone <> '') AS v GROUP BY org_id");
}
