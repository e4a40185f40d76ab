/* Number plans and shapes of numbers: regions, mobile networks, cards. All take bare digits. */
#ifndef ZJ_IDENTIFY_PLAN_H
#define ZJ_IDENTIFY_PLAN_H

#include "base/span.h"

unsigned zj_number_at(const uint8_t *p, unsigned digits);
bool zj_is_repeated(struct zj_span digits); /* one digit throughout */

/* The first four digits of a region of GB/T 2260, present or past. */
bool zj_is_region(unsigned province, unsigned prefecture);
bool zj_is_province(unsigned province);
bool zj_is_city_province(unsigned province); /* ruled without prefectures */

bool zj_is_resident_id(struct zj_span id);  /* 18: region, date, check */
bool zj_is_resident_id15(const uint8_t *p); /* 15: region, date */
bool zj_is_foreign_pr_id(const uint8_t *p); /* 18: 9, nationality, date, check */
bool zj_is_uscc(struct zj_span code);       /* 18: department, both check characters */
bool zj_is_battery_code(const uint8_t *p);  /* 24 of GB/T 34014 */

bool zj_is_mobile(const uint8_t *p);     /* 11 */
bool zj_is_iot_msisdn(const uint8_t *p); /* 13 */
bool zj_is_imsi(const uint8_t *p);       /* 15 */
size_t zj_area_len(const uint8_t *p);    /* digits of the area code with its 0; 0: none */

enum zj_issuer { ZJ_ISSUER_NONE, ZJ_ISSUER_UNIONPAY, ZJ_ISSUER_OTHER };
enum zj_issuer zj_card_issuer(struct zj_span digits); /* by prefix and length */

#endif
