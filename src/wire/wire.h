/* Protocol codecs: bytes in, typed message out. Pure: no I/O, no allocation, no clock, no state but
 * what the caller hands in. A protocol is one file that ends in a descriptor, and one line in
 * protocols.def. A codec never reads past the bytes it is given and never loops without consuming.
 *
 * A stream is cut into frames by `frame`, a frame is read by `read` (what the sensor needs, fast)
 * or written out by `print` (every field, for people and for tests). */
#ifndef ZJ_WIRE_WIRE_H
#define ZJ_WIRE_WIRE_H

#include "base/json.h"
#include "base/span.h"

enum zj_over { ZJ_OVER_TCP = 1, ZJ_OVER_UDP = 2 };

enum zj_match { ZJ_MATCH_NO, ZJ_MATCH_MAYBE /* more bytes would tell */, ZJ_MATCH_YES };

enum zj_step {
    ZJ_STEP_MORE, /* the frame is not whole yet */
    ZJ_STEP_DONE, /* *out_len bytes are one whole frame (which may still be invalid) */
    ZJ_STEP_SKIP, /* *out_len (> 0) bytes are no frame: drop them and go on */
    ZJ_STEP_LOST, /* the stream cannot be cut any more: stop decoding this direction */
};

/* How a body is packed, as its head says. */
enum zj_coding { ZJ_CODING_NONE, ZJ_CODING_GZIP, ZJ_CODING_DEFLATE, ZJ_CODING_OTHER };

/* What the bytes of a frame alone do not tell; one for each direction of a flow, or from the
 * command line. Zeroed at the start; codecs keep what they learn here. */
struct zj_wire_state {
    bool is_from_server;   /* set by the caller: this direction flows from server to client */
    uint8_t mqtt_level;    /* 0 not known; 3, 4, 5; learnt from CONNECT, shared by both directions */
    uint8_t sim_bytes;     /* JT/T 1078: 6 or 10; 0: 6 */
    uint32_t m1, ia1, ic1; /* JT/T 809 key */
    uint64_t body_left;    /* HTTP: bytes of the current body still to come */
    uint32_t flags;        /* the codec's own */
    uint8_t coding;        /* enum zj_coding: how the present body is packed */
    uint8_t bodies;        /* counts the bodies that began, so that one is told from the next */
};

enum zj_msg_kind {
    ZJ_MSG_OTHER,
    ZJ_MSG_LOGIN,           /* vehicle login; authentication of a terminal */
    ZJ_MSG_LOGOUT,
    ZJ_MSG_REGISTER,        /* JT/T 808 0x0100 */
    ZJ_MSG_PLATFORM_LOGIN,
    ZJ_MSG_PLATFORM_LOGOUT,
    ZJ_MSG_HEARTBEAT,
    ZJ_MSG_REPORT,          /* realtime data, position */
    ZJ_MSG_REISSUE,         /* stored data sent later */
    ZJ_MSG_ATTRIBUTES,      /* terminal attributes: ICCID, firmware */
    ZJ_MSG_ANSWER,          /* of either side, to a message or a command */
    ZJ_MSG_UPGRADE,         /* command or package */
    ZJ_MSG_CONTROL,         /* remote control of vehicle or terminal */
    ZJ_MSG_SWITCH_SERVER,
    ZJ_MSG_PARAMETERS,      /* set */
    ZJ_MSG_QUERY,
    ZJ_MSG_PASSTHROUGH_DOWN, /* to the vehicle */
    ZJ_MSG_PASSTHROUGH_UP,
    ZJ_MSG_EAVESDROP,       /* call back, listen */
    ZJ_MSG_MEDIA,
    ZJ_MSG_CONNECT,         /* MQTT */
    ZJ_MSG_PUBLISH,
    ZJ_MSG_SUBSCRIBE,
    ZJ_MSG_REQUEST,         /* HTTP head, DNS query, TLS ClientHello */
    ZJ_MSG_RESPONSE,
    ZJ_MSG_CERT_REQUEST,    /* TLS: the server asks for a client certificate */
};

enum { ZJ_MSG_SCRATCH = 2048, ZJ_ANSWER_NONE = -1 };

/* One message, as far as facts and detections need it. Spans point into the frame or into
 * `scratch`; empty where the message does not have the thing. Cleared by the codec. */
struct zj_msg {
    const char *error;   /* static name of the first thing wrong; NULL: valid */
    const char *edition; /* static: "2016" */
    enum zj_msg_kind kind;
    uint32_t command;      /* the protocol's own number of the message */
    const char *name;      /* static, of the command: "realtime"; NULL: not known */
    int answer;            /* ZJ_ANSWER_NONE; 0 accepted; else the protocol's own code */
    uint32_t answered;     /* number of the command answered, where it is named */
    bool is_down;          /* by its kind: from platform to vehicle */
    bool is_encrypted;     /* the data unit is */
    bool is_life_safety;   /* emergency alarm */
    bool has_position, has_serial, has_time;
    uint8_t coordinates;   /* 0, 1 WGS-84; 2 GCJ-02; 3 other */
    int32_t lat_e6, lon_e6;
    uint32_t serial;
    uint32_t answered_serial;
    int64_t time_s;        /* the message's own time, seconds since 1970 UTC */
    struct zj_span vin;    /* as sent, 17 bytes */
    struct zj_span iccid;
    struct zj_span phone;  /* digits without leading zeros, in scratch */
    struct zj_span user;   /* platform user, MQTT user */
    struct zj_span secret; /* password or authentication code, as sent */
    struct zj_span client; /* MQTT client id, terminal id */
    struct zj_span topic;  /* MQTT topic or first filter; HTTP path; DNS name */
    struct zj_span version; /* of the release a command names; firmware of attributes */
    struct zj_span host;   /* named in a command, HTTP Host, TLS server name */
    struct zj_span url;
    struct zj_span payload; /* free bytes: MQTT payload, HTTP body part, pass-through, text */
    const char *tls_version;
    bool retain;
    uint8_t qos;
    uint32_t answer_ttl;     /* DNS */
    uint8_t address_count;   /* DNS answers: addresses below, 16 bytes each (IPv4 mapped) */
    char ja4[40];            /* TLS ClientHello; NUL-terminated */
    /* from here on not cleared */
    uint8_t addresses[4][16];
    uint8_t scratch[ZJ_MSG_SCRATCH];
};

/* By the library: what the compiler puts in its place takes as long as reading the frame. */
static inline void zj_msg_clear(struct zj_msg *msg)
{
    size_t size = offsetof(struct zj_msg, addresses);
    __asm__("" : "+r"(size));
    memset(msg, 0, size);
}

struct zj_codec {
    const char *name; /* "gb32960": --protocol, app_proto, the EVE object */
    const char *en, *zh;
    unsigned over;         /* ZJ_OVER_TCP | ZJ_OVER_UDP */
    const uint16_t *ports; /* usual ones, 0-terminated: a hint after the content */
    bool is_vehicle;       /* a vehicle protocol by itself (MQTT is one by its topics) */
    bool is_binary;        /* fields carry the data: the payload scan looks at msg.payload only */
    bool has_bodies;       /* a frame may be a piece of a body, which by itself it does not tell */

    /* Is this the start of a direction of this protocol? Looks at no more than 64 bytes. */
    enum zj_match (*probe)(struct zj_span start);
    /* Cuts the next frame off the start of `in`. *out_len is set for DONE and SKIP. */
    enum zj_step (*frame)(struct zj_wire_state *state, struct zj_span in, size_t *out_len);
    /* Bytes are missing before `in`, or its beginning was not seen: where does a frame start that
     * shows itself to be one, by its check, by its head or by what follows it? `is_known`: of the
     * protocol they are for certain, or at home on the port. DONE: at *out_at. MORE: in what is
     * behind *out_at more bytes would tell. SKIP: nowhere; *out_at is in.len. Looks at each byte a
     * bounded number of times. NULL: one can only try where a segment starts. */
    enum zj_step (*find)(struct zj_wire_state *state, struct zj_span in, bool is_known,
                         size_t *out_at);
    /* Reads one frame as cut by `frame`. Always fills `out`; a bad one has out->error. */
    void (*read)(struct zj_wire_state *state, struct zj_span frame, struct zj_msg *out);
    /* Writes the members of "fields" (the caller opened the object) and gives the error's static
     * name or NULL, and the edition. May have written some fields before the error. */
    const char *(*print)(struct zj_wire_state *state, struct zj_span frame, struct zj_json *fields,
                         const char **out_edition);
    /* The member of "fields" that says what a frame is ("cmd", "msg_id"), as the list of a stream's
     * frames gives it; NULL: none does. */
    const char *id_field;
    /* Bytes a frame may have at most: what reassembly buffers for it. */
    size_t frame_bytes_max;
};

/* All codecs in the order of protocols.def; find gives NULL for an unknown name. */
extern const struct zj_codec *const zj_codecs[];
extern const size_t zj_codec_count;
const struct zj_codec *zj_codec_find(struct zj_span name);

/* The codec whose content the first bytes of a direction show; NULL where none or not yet
 * (*out_maybe: more bytes would help). Content decides; the port only breaks ties. */
const struct zj_codec *zj_codec_recognise(struct zj_span start, unsigned over, uint16_t port,
                                          bool *out_maybe);

/* The codec of which a frame starts inside bytes whose beginning was not seen, at *out_at. A codec
 * at home on one of the two ports believes less and goes first. NULL: none; *out_keep bytes at the
 * end may be the start of a frame. */
const struct zj_codec *zj_codec_search(struct zj_span in, unsigned over, const uint16_t ports[2],
                                       size_t *out_at, size_t *out_keep);
/* Is one of them the usual port of a codec that can search? */
bool zj_codec_is_at_home(unsigned over, const uint16_t ports[2]);

#endif
