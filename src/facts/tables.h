/* How the observed side lies in the store. Not for other rooms.
 *
 *   fact_KIND (id, org_id, fact_key, changed_at, columns of base/fact.h …, country)
 *
 * fact_key is 16 bytes of SHA-256 over the key columns: one narrow index finds a row whatever its
 * key is made of. changed_at is when a rule would last have seen a difference. Times are
 * microseconds since 1970 UTC. */
#ifndef ZJ_FACTS_TABLES_H
#define ZJ_FACTS_TABLES_H

#include "base/crypto.h"
#include "base/geo.h"
#include "facts/facts.h"

enum { FACT_KEY_BYTES = 16 };

/* What the store knows of a kind beyond its columns. */
struct fact_table {
    int own_side[2];    /* columns whose address says the organisation, in turn; -1: none */
    int place_of;       /* ADDR column whose country is kept as `country`; -1: none */
    int dirty_key[3];   /* columns that name the subject for rules: the first that is not empty */
    bool dirty_is_endpoint; /* the subject is ADDR:PORT of the first two of dirty_key */
    const char *watched; /* SQL: true where an update changes what rules look at; NULL: never */
    const char *const *indexes; /* column lists, NULL-terminated */
};
extern const struct fact_table zj_fact_tables[ZJ_FACT_KIND_COUNT];

/* An address, or a name that may be one: NAME_key beside it holds the sorted form. */
bool zj_fact_has_key_column(const struct zj_col *col);

/* The one statement that folds a row in: $1 org_id, $2 fact_key, $3 changed_at, then the columns
 * (an ADDR or HOST and its key), then country where the kind has a place. Returns changed_at: the time given
 * where the row is new or a watched column changed. */
void zj_fact_upsert_sql(enum zj_fact_id kind, struct zj_buf *out);

/* --- whose address it is: facts/networks.c ------------------------------------------------------- */
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

#endif
