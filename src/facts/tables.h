/* How the observed side lies in the store. Not for other rooms.
 *
 *   fact_KIND (id, org_id, fact_key, columns of base/fact.h …, country)
 *
 * fact_key is 16 bytes of SHA-256 over the key columns: one narrow index finds a row whatever its
 * key is made of. Where a kind has an order (order_by), its column stands first in that index: a
 * batch then writes it from one end to the other, and the column needs no index of its own. Stores
 * made before have two indexes instead; every statement is good for both. Times are microseconds since 1970 UTC. */
#ifndef ZJ_FACTS_TABLES_H
#define ZJ_FACTS_TABLES_H

#include "base/crypto.h"
#include "base/distinct.h"
#include "base/geo.h"
#include "facts/facts.h"

enum { FACT_KEY_BYTES = 16 };

struct fact_index {
    const char *name, *columns;
};

/* What the store knows of a kind beyond its columns. */
struct fact_table {
    int own_side[2];  /* columns whose address says the organisation, in turn; -1: none */
    int place_of;     /* ADDR column whose country is kept as `country`; -1: none */
    int dirty_key[3]; /* columns that name the subject for rules: the first that is not empty */
    bool dirty_is_endpoint; /* the subject is ADDR:PORT of the first two of dirty_key */
    int watched[3];         /* columns of which rules ask whether they are more than 0; -1: none */
    bool has_day; /* a sighting on another day is a change too: rules tell when it was last */
    int order_by; /* TEXT column a batch is written in the order of, for its indexes; -1: as it came
                   */
    const struct fact_index *indexes; /* ends with a NULL name */
};
extern const struct fact_table zj_fact_tables[ZJ_FACT_KIND_COUNT];

/* An address, or a name that may be one: NAME_key beside it holds the sorted form. */
bool zj_fact_has_key_column(const struct zj_col *col);

/* Statements over one row; parameters are numbered in the order of the columns.
 *   find:    $1 fact_key, $2 org_id, $3 the column of the order, if any; gives id, last_seen, the watched columns
 *   insert:  $1 fact_key, $2 org_id, every column (an ADDR or HOST and its key), country
 *   update:  $1 id, every column but the key's, those of the first sighting only `with_first` */
void zj_fact_find_sql(enum zj_fact_id kind, struct zj_buf *out);
void zj_fact_insert_sql(enum zj_fact_id kind, struct zj_buf *out);
void zj_fact_update_sql(enum zj_fact_id kind, bool with_first, struct zj_buf *out);
/* Whether update has this column. */
bool zj_fact_is_updated(const struct zj_col *col, bool with_first);

/* --- one terminal, one row: facts/merge.c
 * --------------------------------------------------------- */
enum { MERGE_NAMES = 3, MERGE_VIN = 0, MERGE_ICCID, MERGE_PHONE };
struct merge {
    int64_t id;      /* of the row that is this terminal; 0: none */
    bool is_renamed; /* it lacks some of the names: zj_merge_rename first */
    bool had_vin;
    char names[MERGE_NAMES][80]; /* what both know together */
};
/* For an identity that is not stored by its key. */
zj_err zj_merge_find(struct zj_job *job, struct zj_store *store, int64_t org_id,
                     const struct zj_cell *cells, struct merge *out);
struct zj_span zj_merge_name(const struct merge *m, int i);
/* fact_key: of the names in `m`. */
zj_err zj_merge_rename(struct zj_job *job, struct zj_store *store, const struct merge *m,
                       const uint8_t *fact_key);

/* --- what was counted: facts/seen.c --------------------------------------------------------------
 */
/* struct zj_seen, one after the other. In a transaction. */
zj_err zj_seen_write(struct zj_job *job, struct zj_store *store, int64_t org_id,
                     struct zj_span rows);

/* --- how many of what, so that nobody counts a million rows: facts/tally.c
 * ------------------------ */
struct tally;
struct tally *zj_tally_new(void);
void zj_tally_free(struct tally *t); /* accepts NULL */
/* No identity of this vehicle is stored, for nobody: then this one is not either. No *out_has_number:
 * nor any with its terminal number. */
zj_err zj_tally_is_new_vehicle(struct zj_job *job, struct zj_store *store,
                               const struct zj_cell *cells, bool *out, bool *out_has_number);
/* An identity that is not stored yet is about to be. */
zj_err zj_tally_identity(struct zj_job *job, struct zj_store *store, struct tally *t,
                         int64_t org_id, const struct zj_cell *cells, bool is_new_vehicle);
/* A row without a VIN has one now, and was renamed already. */
zj_err zj_tally_named(struct zj_job *job, struct zj_store *store, struct tally *t, int64_t org_id,
                      const struct zj_cell *cells, const struct merge *m);
/* Writes what was counted, in the transaction of the batch; clear: forgets it after a failure. */
zj_err zj_tally_write(struct zj_job *job, struct zj_store *store, struct tally *t);
void zj_tally_clear(struct tally *t);
/* Counts all again, after rows moved to other organisations. */
zj_err zj_tally_rebuild(struct zj_job *job, struct zj_store *store);

/* --- rows met before: facts/known.c
 * ---------------------------------------------------------------- */
struct known_row {
    uint8_t key[FACT_KEY_BYTES]; /* fact_key with the organisation mixed in */
    int64_t id;                  /* 0: free */
    int32_t day;                 /* of the last sighting */
    uint32_t flags;              /* bit i: watched column i is more than 0 */
};
struct known;
struct known *zj_known_new(void);
void zj_known_free(struct known *k);
void zj_known_clear(struct known *k);
/* NULL where it is not known; good until the next add. */
struct known_row *zj_known_find(struct known *k, const uint8_t key[FACT_KEY_BYTES]);
void zj_known_add(struct known *k, const struct known_row *row);

/* --- vehicles of an hour: facts/hours.c
 * ------------------------------------------------------------ */
/* Under what name blobs are encrypted. */
#define ZJ_FACT_BLOB "fact.ev_frame"
/* Before cells fold into a row that is there: its vehicles and those of the cells, in `room`. */
zj_err zj_hours_join(struct zj_job *job, struct zj_store *store, int64_t row_id,
                     struct zj_cell *cells, uint8_t room[ZJ_DISTINCT_BYTES]);
struct conditions;
/* The hours that the conditions on fact_hourly f leave, newest first, each protocol and encryption
 * once: a vehicle that speaks with two servers in an hour is one. */
zj_err zj_hours_write(struct zj_job *job, struct zj_store *store, struct conditions *c,
                      struct zj_json *out);
/* Vehicles of all hours that the conditions on fact_hourly f leave. */
zj_err zj_hours_count(struct zj_job *job, struct zj_store *store, struct conditions *c,
                      int64_t *out);

/* --- where destinations are: facts/places.c ------------------------------------------------------
 */
/* Cheap where the database of countries is that of the last time. */
zj_err zj_facts_places(struct zj_job *job, struct zj_store *store);

/* --- whose address it is: facts/networks.c -------------------------------------------------------
 */
struct networks;
struct networks *zj_networks_new(void);
void zj_networks_free(struct networks *n); /* accepts NULL */
/* Reads the register again where it changed since; sets *out_changed. */
zj_err zj_networks_refresh(struct zj_job *job, struct zj_store *store, struct networks *n,
                           bool *out_changed);
/* The organisation with the narrowest network that holds the address; 0: none. */
int64_t zj_networks_find(struct networks *n, const struct zj_addr *addr);
/* Gives rows stored before to the organisations that own their addresses now. In a transaction. */
zj_err zj_networks_reassign(struct zj_job *job, struct zj_store *store, struct networks *n);
/* The one company of the store, whose all is that is nobody's; 0: none or several. */
int64_t zj_networks_only_org(const struct networks *n);
/* There are registers of vehicles and cards. */
bool zj_networks_has_declared(const struct networks *n);
/* " AND o.COLUMN = fact_KIND.COLUMN" of the kind's order, so that the index of both is used. */
const char *zj_fact_same_order(struct zj_job *job, enum zj_fact_id id);

/* --- whose it is where no network tells: facts/owners.c
 * ------------------------------------------- */
zj_err zj_owners_only(struct zj_job *job, struct zj_store *store, int64_t *out);
/* The organisation that has this vehicle or card in its registers; 0: none. */
zj_err zj_owners_declared(struct zj_job *job, struct zj_store *store, enum zj_fact_id id,
                          const struct zj_cell *cells, int64_t *out);
/* Rows stored before that are nobody's: to one organisation, or to those that declared them. In a
 * transaction; *out_moved only ever becomes true. */
zj_err zj_owners_adopt(struct zj_job *job, struct zj_store *store, int64_t org_id, bool *out_moved);
zj_err zj_owners_claim(struct zj_job *job, struct zj_store *store, bool *out_moved);

#endif
