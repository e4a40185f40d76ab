/* packs/inventory/columns.yaml: what share of a column's values must be of a type, and which names
 * of columns speak of one. Inside of this room. */
#ifndef ZJ_INVENTORY_COLUMNS_H
#define ZJ_INVENTORY_COLUMNS_H

#include "base/yaml.h"
#include "identify/identify.h"

/* What kind of proof a value of the type is. */
enum zj_accept {
    ZJ_ACCEPT_CHECK,
    ZJ_ACCEPT_SHAPE,
    ZJ_ACCEPT_WORDS,
    ZJ_ACCEPT_ONE,
    ZJ_ACCEPT_COUNT
};

struct zj_accept_share {
    double bare, named; /* 0–1: without and with a name that speaks of the type */
    double chance;      /* what share of codes may have the form by chance; 0: none */
    unsigned hits_min;
};

struct zj_column_type {
    enum zj_accept accept;
    const struct zj_yaml *names, *chinese; /* lists of words; NULL: none */
    const struct zj_yaml *others;          /* of what has the form and is none, of both kinds */
};

struct zj_column_words {
    const struct zj_yaml *names, *chinese; /* lists of words; NULL: none */
};

/* What makes a table one of tracks. */
struct zj_column_track {
    unsigned points;   /* rows a vehicle */
    uint64_t vehicles; /* types, one bit each */
    struct zj_column_words time, longitude, latitude;
};

struct zj_columns {
    struct zj_arena arena;
    const char *version;
    struct zj_accept_share shares[ZJ_ACCEPT_COUNT];
    unsigned whole_percent, rising_percent, spread_percent, sequence_from, codes_percent;
    struct zj_column_track track;
    struct zj_column_type types[ZJ_TYPE_COUNT];
};

/* Failures are ZJ_EPACK with file and line. */
zj_err zj_columns_open(struct zj_job *job, struct zj_columns **out);
void zj_columns_close(struct zj_columns *columns); /* accepts NULL */

/* The same from a tree that lives in columns->arena; `path` stands in messages. */
zj_err zj_columns_read(struct zj_job *job, const char *path, const struct zj_yaml *root,
                       struct zj_columns *columns);

/* Does the name or the comment (may be NULL) of a column speak of this type? */
bool zj_columns_speaks(const struct zj_columns *columns, enum zj_identify_type type,
                       const char *name, const char *comment);

/* Does it speak of something else that has the form of this type? */
bool zj_columns_denies(const struct zj_columns *columns, enum zj_identify_type type,
                       const char *name, const char *comment);

bool zj_columns_says(const struct zj_column_words *words, const char *name, const char *comment);

#endif
