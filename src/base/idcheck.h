/* Check digits and shapes of identifiers. Each takes the bare value, no padding around it. */
#ifndef ZJ_BASE_IDCHECK_H
#define ZJ_BASE_IDCHECK_H

#include "base/span.h"

/* 17 characters without I, O, Q, upper case (GB 16735-2019). */
bool zj_vin_is_shaped(struct zj_span vin);
/* Shaped, and position 9 is the check digit (GB 16735-2019 annex; ISO 3779 leaves it free). */
bool zj_vin_has_check(struct zj_span vin);
/* China and North America require the check digit: first character L, 1–5. */
bool zj_vin_must_check(struct zj_span vin);

/* 15–19 digits ending in the Luhn digit (ISO/IEC 7812-1). */
bool zj_luhn_is_valid(struct zj_span digits);

/* 19 or 20 characters starting with 89; 20 digits: the last is Luhn over the first 19 (ITU-T E.118);
 * hex letters occur in the body of some issuers' cards, such and 19 digits pass by shape alone. */
bool zj_iccid_is_valid(struct zj_span iccid);

/* 18 characters: region digits, a real date of birth, check by GB 11643-1999 (MOD 11-2). */
bool zj_resident_id_is_valid(struct zj_span id);

/* 18 characters of GB 32100-2015, check by MOD 31-3. */
bool zj_uscc_is_valid(struct zj_span code);

bool zj_all_digits(struct zj_span s); /* ASCII 0-9; of nothing: true */

#endif
