/* Detections: each looks at the messages it asked for and raises an alarm once for a subject;
 * after that only the count grows. One file and one line in detections.def. */
#ifndef ZJ_SENSE_DETECT_DETECT_H
#define ZJ_SENSE_DETECT_DETECT_H

#include "base/addr.h"
#include "sense/sense.h"
#include "sense/facts_table.h"
#include "wire/wire.h"

struct zj_observer;
struct zj_sight;

#define ZJ_KIND(name) (UINT32_C(1) << ZJ_MSG_##name)

/* A number that the detection goes by; its value, from the pack, is sight->set[place in the list]. */
struct zj_detection_param {
    const char *name;
    int64_t min, max; /* what the code can bear */
};

struct zj_detection {
    const char *name;
    uint32_t id; /* signature_id of its alerts; never used twice */
    const struct zj_detection_param *params;
    size_t param_count; /* at most ZJ_DETECTION_PARAMS_MAX */
    uint32_t kinds; /* of messages it looks at: ZJ_KIND(LOGIN) | … */
    bool wants_bad; /* malformed frames too */
    void (*detect)(const struct zj_detection *rule, const struct zj_sight *sight);
};
extern const struct zj_detection *const zj_detection_rules[];
extern const size_t zj_detection_rule_count;

/* The rules that look at one kind of message, by their numbers. */
enum { ZJ_MSG_KINDS = ZJ_MSG_CERT_REQUEST + 2 };
struct zj_rules {
    uint8_t count;
    uint8_t numbers[ZJ_DETECTIONS_MAX];
};

/* A bounded memory of a rule about one subject in a window of packet time. */
enum { ZJ_TALLY_SEEN = 32 };
struct zj_tally {
    struct zj_link link;
    struct zj_tally_key {
        uint64_t subject; /* hash */
        uint32_t rule;
        uint32_t pad;
    } key;
    int64_t start_ns;
    uint32_t count;
    uint32_t distinct;
    uint32_t seen[ZJ_TALLY_SEEN]; /* hashes of distinct things, while there is room */
};

/* `detections` NULL: nothing is looked for. */
void zj_detect_init(struct zj_observer *obs, const struct zj_detections *detections,
                    int64_t memory_bytes);
void zj_detect_message(struct zj_sight *sight);

/* Counts one more about a subject, and `thing`, unless it is empty, where it was not there already.
 * Begins anew when `window_s` has passed. */
struct zj_tallied {
    uint32_t count, distinct;
};
struct zj_tallied zj_tally_add(const struct zj_detection *rule, const struct zj_sight *sight,
                               struct zj_span subject, int64_t window_s, struct zj_span thing);

/* How the ends of an alarm follow from the message that raised it. */
enum zj_alarm_ends {
    ZJ_ENDS_SENT,     /* the sender did it to the receiver */
    ZJ_ENDS_ANSWERED, /* the receiver did it: this is the answer */
    ZJ_ENDS_SERVICE,  /* of a service, whoever connects: only the first source is shown */
};

/* What an alarm is about. */
struct zj_subject {
    const char *kind; /* "vin", "phone", "address", "client" */
    struct zj_span id;
    enum zj_alarm_ends ends;
};

struct zj_subject zj_subject_vehicle(const struct zj_sight *sight);
struct zj_subject zj_subject_client(const struct zj_sight *sight); /* MQTT: client id or address */
struct zj_subject zj_subject_addr(const struct zj_addr *addr, char out_text[ZJ_ADDR_TEXT]);
struct zj_subject zj_subject_service(const struct zj_sight *sight, char out_text[64]);

/* Raises the alarm or counts one more. The note is one sentence of what was seen, in both languages
 * with the same arguments in the same order: a word that differs comes as "%s%.0s", the English one
 * first, and as "%.0s%s". */
__attribute__((format(printf, 4, 6), format(printf, 5, 6))) void
zj_alarm(const struct zj_detection *rule, const struct zj_sight *sight, struct zj_subject subject,
         const char *note, const char *note_zh, ...);

/* What a codec calls a command or an error, in words; the name itself where there are none. */
struct zj_said {
    const char *en, *zh;
};
struct zj_said zj_said(const char *name);

/* Distance on the ground, near enough for thresholds: a plane with the middle's circle of
 * latitude. */
int64_t zj_detect_metres(int32_t lat1_e6, int32_t lon1_e6, int32_t lat2_e6, int32_t lon2_e6);

/* Is the host named in a command the platform that sent it? By address or by known name. */
bool zj_is_host_of_platform(const struct zj_sight *sight, struct zj_span host);
bool zj_is_platform_of(const struct zj_sight *sight); /* which has a vehicle */
/* Refused so many times within the window: guessing. Shared by the three guessing rules, with these
 * as their params. */
enum { ZJ_GUESSING_REFUSALS, ZJ_GUESSING_WINDOW_S, ZJ_GUESSING_PARAMS };
extern const struct zj_detection_param zj_guessing_params[ZJ_GUESSING_PARAMS];
void zj_detect_guessing(const struct zj_detection *rule, const struct zj_sight *sight,
                        struct zj_subject subject);

#endif
