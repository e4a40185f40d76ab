/* Inside the room: the parts of the GB/T 32960 codec. */
#ifndef ZJ_WIRE_GB32960_H
#define ZJ_WIRE_GB32960_H

#include "wire/walk.h"

/* The items of commands 02 and 03, from the reader's place to its end. `unit` is the whole data
 * unit: a signature covers it up to its own item. */
void zj_gb_items(struct zj_walk *w, bool is_2025, struct zj_span unit);

/* Commands 80–82 behind their time; is_answer: sent by the terminal. */
void zj_gb_query(struct zj_walk *w, bool is_2025, bool is_answer);
void zj_gb_set(struct zj_walk *w, bool is_2025);
void zj_gb_control(struct zj_walk *w);

/* {algorithm, R, S}; `signed_bytes` is what it covers, empty where no key to check it is known. */
void zj_gb_signature(struct zj_walk *w, struct zj_span signed_bytes);

/* RSA PKCS#1 v1.5 with SHA-256 under the key of the published 2025 samples. */
bool zj_gb_verifies_with_sample_key(struct zj_span signed_bytes, struct zj_span signature);

#endif
