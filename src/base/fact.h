/* What engines observe, as tables: a fact kind names its columns and how two rows of one key fold
 * into one. The same descriptor makes the sensor's output, the store's table and the API's rows.
 *
 * A producer sends a row the first time it sees a key, with the evidence of that moment, and later
 * rows that carry only what is new since (sums are differences). */
#ifndef ZJ_BASE_FACT_H
#define ZJ_BASE_FACT_H

#include "base/addr.h"
#include "base/span.h"

enum zj_col_type {
    ZJ_COL_TEXT,
    ZJ_COL_INT,
    ZJ_COL_BOOL,
    ZJ_COL_TIME, /* nanoseconds since 1970 UTC; the store keeps microseconds */
    ZJ_COL_ADDR, /* an address; the store keeps its text and, as NAME_key, its sorted form */
    ZJ_COL_HOST, /* a name or an address as text; the store also keeps NAME_key: the sorted form
                  * where it is an address, else '' */
    ZJ_COL_BLOB, /* raw bytes; encrypted in the store */
};

enum zj_col_fold {
    ZJ_FOLD_KEY, /* part of the key */
    ZJ_FOLD_SUM, /* counts: add */
    ZJ_FOLD_MIN,
    ZJ_FOLD_MAX,
    ZJ_FOLD_FIRST, /* keep the first that is not empty */
    ZJ_FOLD_LAST,  /* keep the last that is not empty */
    ZJ_FOLD_JOIN,  /* a set (base/distinct.h): what either has; the column before it counts it */
};

struct zj_col {
    const char *name;
    enum zj_col_type type;
    enum zj_col_fold fold;
    const char *en, *zh; /* labels */
};

/* One cell. Which member counts says the column's type: TEXT, HOST and BLOB text, ADDR addr, else
 * num. */
struct zj_cell {
    struct zj_span text;
    struct zj_addr addr;
    int64_t num;
};

enum { ZJ_FACT_COLS_MAX = 40 };

struct zj_fact_kind {
    const char *name; /* "identity"; the store's table is fact_identity */
    const char *en, *zh;
    const struct zj_col *cols;
    size_t col_count;
};

/* Columns of each kind, in order: for filling an array of cells by name. Every kind ends in the
 * times and the evidence of its first observation:
 *   first_seen, last_seen, ev_source, ev_packet, ev_time, ev_flow, ev_frame
 * The frame is kept up to its first ZJ_FACT_FRAME_MAX bytes; that of a transfer so far that what was
 * found in it is there, mostly. */
enum { ZJ_FACT_FRAME_MAX = 256, ZJ_FACT_FRAME_TRANSFER_MAX = 4096 };
#define ZJ_FACT_TAIL(P)                                                                            \
    P##_FIRST_SEEN, P##_LAST_SEEN, P##_EV_SOURCE, P##_EV_PACKET, P##_EV_TIME, P##_EV_FLOW,         \
        P##_EV_FRAME, P##_COLS

/* Who speaks: a vehicle, terminal or card with a platform. */
enum {
    ZJ_ID_PROTOCOL, /* codec name: gb32960, jt808, mqtt */
    ZJ_ID_VIN,      /* empty where not known */
    ZJ_ID_ICCID,
    ZJ_ID_PHONE,  /* the terminal's number without leading zeros */
    ZJ_ID_SERVER, /* the platform's side */
    ZJ_ID_PORT,
    ZJ_ID_SECURITY, /* none, tls, unit (the data unit is encrypted) */
    ZJ_ID_EDITION,
    ZJ_ID_CLIENT, /* the vehicle's side, last seen */
    ZJ_ID_LOGINS,
    ZJ_ID_LIFE_FRAMES,  /* link keeping and life-safety messages */
    ZJ_ID_OTHER_FRAMES, /* all others */
    ZJ_ID_BYTES,
    ZJ_ID_FIRMWARE,
    ZJ_ID_OTHER_SEEN, /* 0: none since it was told last */
    ZJ_FACT_TAIL(ZJ_ID)
};

/* A server that speaks a protocol. */
enum {
    ZJ_SV_ADDR,
    ZJ_SV_PORT,
    ZJ_SV_PROTOCOL,
    ZJ_SV_SECURITY,
    ZJ_SV_EDITION,
    ZJ_SV_NAME,       /* TLS server name or HTTP host */
    ZJ_SV_IS_PUBLIC,  /* either end was a public address */
    ZJ_SV_IS_VEHICLE, /* a vehicle protocol: what T3 and T4 mean */
    ZJ_SV_TLS_VERSION,
    ZJ_SV_CLIENT_CERT, /* 1 asked for, 0 not, -1 not seen */
    ZJ_SV_FLOWS,
    ZJ_SV_FRAMES,
    ZJ_SV_BAD_FRAMES,
    ZJ_SV_BYTES,
    ZJ_FACT_TAIL(ZJ_SV)
};

/* Identified data that left one address for another. */
enum {
    ZJ_TR_SRC,
    ZJ_TR_DST,
    ZJ_TR_PORT,
    ZJ_TR_PROTOCOL,
    ZJ_TR_HOST,      /* name of the destination, where one was seen */
    ZJ_TR_DATA_TYPE, /* identify's type name */
    ZJ_TR_ITEMS,
    ZJ_TR_BYTES, /* of the messages that held it */
    ZJ_FACT_TAIL(ZJ_TR)
};

/* A command to vehicles: upgrade, switch of server, control. */
enum {
    ZJ_CM_KIND, /* upgrade, control, switch_server, parameters, passthrough, eavesdrop */
    ZJ_CM_PROTOCOL,
    ZJ_CM_SENDER,
    ZJ_CM_PORT,
    ZJ_CM_VERSION, /* of the release named, empty where none is */
    ZJ_CM_HOST,    /* download or server host named */
    ZJ_CM_PATH,    /* the address or URL as it stands in the command */
    ZJ_CM_TARGET,  /* vin or phone, last seen */
    ZJ_CM_COUNT,
    ZJ_FACT_TAIL(ZJ_CM)
};

/* A detection of a rule. */
enum {
    ZJ_DT_RULE,         /* name in sense/detections.def */
    ZJ_DT_SUBJECT_KIND, /* vin, phone, address, client */
    ZJ_DT_SUBJECT,
    ZJ_DT_SRC,
    ZJ_DT_DST,
    ZJ_DT_PORT,
    ZJ_DT_PROTOCOL,
    ZJ_DT_SEVERITY, /* high, medium, low */
    ZJ_DT_NOTE,     /* one sentence, last */
    ZJ_DT_NOTE_ZH,
    ZJ_DT_COUNT,
    ZJ_FACT_TAIL(ZJ_DT)
};

/* Load by the hour, for the fleet view. */
enum {
    ZJ_HR_HOUR, /* start of the hour */
    ZJ_HR_SERVER,
    ZJ_HR_PORT,
    ZJ_HR_PROTOCOL,
    ZJ_HR_SECURITY,
    ZJ_HR_VEHICLES, /* distinct in the hour */
    ZJ_HR_VEHICLES_SEEN, /* which, as a set */
    ZJ_HR_FRAMES,
    ZJ_HR_BYTES,
    ZJ_FACT_TAIL(ZJ_HR)
};

/* Counters of a sensor. */
enum {
    ZJ_SN_SENSOR, /* interface or file */
    ZJ_SN_COUNTER,
    ZJ_SN_VALUE,
    ZJ_FACT_TAIL(ZJ_SN)
};

enum zj_fact_id {
    ZJ_FACT_IDENTITY,
    ZJ_FACT_SERVICE,
    ZJ_FACT_TRANSFER,
    ZJ_FACT_COMMAND,
    ZJ_FACT_DETECTION,
    ZJ_FACT_HOURLY,
    ZJ_FACT_SENSOR,
    ZJ_FACT_KIND_COUNT
};

extern const struct zj_fact_kind zj_fact_kinds[ZJ_FACT_KIND_COUNT];

#endif
