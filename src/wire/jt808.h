/* Inside the room: the parts of the JT/T 808 codec. */
#ifndef ZJ_WIRE_JT808_H
#define ZJ_WIRE_JT808_H

#include "wire/walk.h"

/* 28 bytes, written as members of the object that is open. */
void zj_j8_position(struct zj_walk *w);
/* The same and the extra items up to the reader's end. */
void zj_j8_position_and_extras(struct zj_walk *w);

struct zj_j8_message {
    uint16_t id;
    const char *name;
    enum zj_msg_kind kind;
    const struct zj_j8_field *fields;
    uint8_t field_count;
    void (*walk)(struct zj_walk *w, bool is_2019); /* what the fields cannot say, behind them */
};

/* NULL for an unknown id. */
const struct zj_j8_message *zj_j8_find(uint16_t id);
void zj_j8_body(struct zj_walk *w, const struct zj_j8_message *message, bool is_2019);

/* Bodies of their own. */
void zj_j8_register(struct zj_walk *w, bool is_2019);
void zj_j8_register_answer(struct zj_walk *w, bool is_2019);
void zj_j8_authenticate(struct zj_walk *w, bool is_2019);
void zj_j8_attributes(struct zj_walk *w, bool is_2019);
void zj_j8_params(struct zj_walk *w, bool is_2019);
void zj_j8_param_ids(struct zj_walk *w, bool is_2019);
void zj_j8_control(struct zj_walk *w, bool is_2019);
void zj_j8_vehicle_control(struct zj_walk *w, bool is_2019);
void zj_j8_areas(struct zj_walk *w, uint16_t id, bool is_2019);

/* Text behind a length of one or two bytes. */
struct zj_span zj_j8_text(struct zj_walk *w, unsigned length_bytes);
/* BCD[6] as time, BCD[4] as date. */
void zj_j8_time(struct zj_walk *w, const char *key);
void zj_j8_date(struct zj_walk *w, const char *key);

#endif
