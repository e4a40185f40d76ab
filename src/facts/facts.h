/* The observed side of the store: the tables of base/fact.h, a sink that fills them, and what the
 * console reads from them. */
#ifndef ZJ_FACTS_FACTS_H
#define ZJ_FACTS_FACTS_H

#include "base/json.h"
#include "base/sink.h"
#include "store/store.h"

/* Makes fact_* tables that are missing and adds columns that are; then as zj_facts_attribute.
 * Called by whoever opens a store for writing. */
zj_err zj_facts_migrate(struct zj_job *job, struct zj_store *store);

/* Gives stored facts to the organisations whose networks hold their own-side addresses, and what is
 * nobody's to the only company, or to those whose registers have the vehicle or the card. Cheap
 * where nothing of it changed since the last call: whoever evaluates rules calls it before. */
zj_err zj_facts_attribute(struct zj_job *job, struct zj_store *store);
/* The one company of the store; 0: none or several. */
zj_err zj_facts_only_org(struct zj_job *job, struct zj_store *store, int64_t *out);
/* How many facts belong to nobody. */
zj_err zj_facts_nobodys(struct zj_job *job, struct zj_store *store, int64_t *out);

/* A sink that folds rows into the tables: upserts in batches of 1 s or 100,000 rows, each batch one
 * transaction. A fact belongs to the organisation whose networks hold its own-side address
 * (identity, service, hourly: server; transfer: src; command: sender; detection: dst, then src);
 * a transfer from outside to an organisation's network is the receiver's, with src empty;
 * where none does, to `default_org`, else to the store's only company, else by its VIN or ICCID to
 * whose registers have it, else to nobody (0: seen by the bureau only). Does not own the store,
 * which is to have no open transaction when rows or flush arrive. */
struct zj_sink *zj_facts_sink(struct zj_store *store, int64_t default_org);
/* For a sensor that goes on for ever: while others write, rows wait and are tried again until the
 * job is to stop; how often is a counter of the facts (sensor "store", "store_waits"). Otherwise
 * ZJ_EBUSY ends the batch, for a caller that sends it again. */
void zj_facts_sink_waits(struct zj_sink *sink);

/* For a sensor that reads files: they may overlap what was read before, or be read again. The sink
 * keeps what was counted, and the counters of a file are those of its last reading. */
void zj_facts_sink_files(struct zj_sink *sink);
/* What runs over files have counted for `default_org`, for zj_sense_opts.seen; free() it. */
zj_err zj_facts_seen(struct zj_job *job, struct zj_store *store, int64_t default_org,
                     struct zj_seen **out, size_t *out_count);

/* The digest of a capture. A path that is no regular file, or none, has none: sha256 is empty. */
struct zj_capture_digest {
    const char *path; /* as evidence has it, in the job's arena */
    char sha256[65];
    int64_t bytes;
};
zj_err zj_facts_digest(struct zj_job *job, const char *path, struct zj_capture_digest *out);
/* Of a capture that was read into the store: its path, digest, size and times, and once an entry of the
 * audit chain, which a later doubt is settled by. */
zj_err zj_facts_keep_digest(struct zj_job *job, struct zj_store *store, int64_t org_id,
                            const struct zj_capture_digest *digest);

/* --- reading; the tenant filter is added here, never by the caller
 * -------------------------------- */
enum { ZJ_FACTS_FILTERS_MAX = 8, ZJ_FACTS_PAGE = 5000 };

struct zj_facts_query {
    struct {
        const char *column; /* a column of the kind; of transfers also "partner" */
        const char *value;  /* equal; "x*": starts with x; ">=x", "<=x" for numbers and times */
    } filters[ZJ_FACTS_FILTERS_MAX];
    size_t filter_count;
    const char *search; /* in text and addresses; of identities: the start of VIN, ICCID, phone */
    /* A column, "-column" descending; of transfers also "worst": what leaves for abroad or the
     * unknown, then for strangers, then for partners, then what stays. NULL: newest first. */
    const char *sort;
    bool outside_only; /* of transfers: those from the organisation's networks to others */
    int64_t org_id;     /* only this organisation; 0: all in scope */
    int64_t before_id;  /* keyset paging: rows older than this cursor (0: the first page) */
    int64_t offset;     /* for page numbers */
    int limit;          /* 0: 50; rows are written as they are read */
    /* More members of each row, by the value of its first column (of a detection, its rule); NULL:
     * none. */
    void (*tell)(const void *ctx, struct zj_span first, struct zj_json *out);
    const void *tell_ctx;
    int64_t *next; /* not NULL: rows as lines and nothing around them; the next cursor, 0: no more */
};

/* Writes {"rows":[{"id","org","column":…}],"total":N,"next":cursor or null}, newest first. The
 * cursor is of that order: of another there are pages by offset. Times
 * are RFC 3339 text; ev_frame is hex where the scope sees personal data, else left out. ZJ_EUSAGE
 * names a filter's unknown column. */
zj_err zj_facts_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     enum zj_fact_id kind, const struct zj_facts_query *query, struct zj_json *out);
/* One row as an object. ZJ_ENOTFOUND also where it is another organisation's. */
zj_err zj_facts_get(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                    enum zj_fact_id kind, int64_t id, struct zj_json *out);
/* [{"sha256","bytes","first_read","last_read"}]: what was read under the name of the capture of this
 * fact, which the caller may see; several where files of one name differed. */
zj_err zj_facts_captures(struct zj_job *job, struct zj_store *store, enum zj_fact_id kind,
                         int64_t id, struct zj_json *out);
/* The name of column number `at` that a list of the kind may be filtered by; NULL behind the last. */
const char *zj_facts_column(enum zj_fact_id kind, size_t at);
/* The kind by its name ("identity"); false where there is none. */
bool zj_facts_kind(const char *name, enum zj_fact_id *out);

/* Over the hours from_us … to_us (0: no limit), of one organisation or all in scope; vehicles are
 * those of these hours (to 256 exact, beyond within 3 %), without a limit all there are. A vehicle
 * that speaks two protocols, or encrypts at times, counts with each:
 * {"vehicles":N,"protocols":[{"protocol","edition","security","vehicles","bytes"}],
 *  "services":[{"protocol","security","count"}],
 *  "hours":[{"hour","protocol","security","vehicles","frames","bytes"}],"versions":[…firmware]} */
zj_err zj_facts_fleet(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      int64_t org_id, int64_t from_us, int64_t to_us, struct zj_json *out);

/* Data types to destinations to countries, for a Sankey diagram:
 * {"nodes":[{"id","kind":"type|destination|country","name","is_partner"}],
 *  "links":[{"source","target","items","bytes"}]}; a destination is the partner whose ledger row
 * covers it, else the host name, else the address. outside_only: what leaves the organisation's
 * networks, which is what the plan calls a transfer; else also what comes in and stays. */
zj_err zj_facts_transfers(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          int64_t org_id, bool outside_only, struct zj_json *out);

#endif
