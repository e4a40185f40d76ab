/* Checks that several registers share. A field check says what is wrong in English and, through
 * out_zh, in Chinese, each with what to do; NULL: right. */
#ifndef ZJ_REGISTER_CHECK_H
#define ZJ_REGISTER_CHECK_H

#include "register/register.h"

const char *zj_check_vin(struct zj_span value, const char **out_zh);
const char *zj_check_iccid(struct zj_span value, const char **out_zh);
const char *zj_check_msisdn(struct zj_span value, const char **out_zh);
const char *zj_check_imsi(struct zj_span value, const char **out_zh);
const char *zj_check_uscc(struct zj_span value, const char **out_zh);
const char *zj_check_phone(struct zj_span value, const char **out_zh);
const char *zj_check_country(struct zj_span value, const char **out_zh);
const char *zj_check_sha256(struct zj_span value, const char **out_zh);
const char *zj_check_type_name(struct zj_span value, const char **out_zh);
const char *zj_check_email(struct zj_span value, const char **out_zh);
const char *zj_check_purl(struct zj_span value, const char **out_zh);
const char *zj_check_letters(struct zj_span value, const char **out_zh); /* A, ACD: each once */
const char *zj_check_control_item(struct zj_span value, const char **out_zh);
const char *zj_check_cve(struct zj_span value, const char **out_zh);
const char *zj_check_cnnvd(struct zj_span value, const char **out_zh);
const char *zj_check_cnvd(struct zj_span value, const char **out_zh);
/* Of a shape that telephones (of cards) in China do not have. */
const char *zj_doubt_phone(struct zj_span value, const char **out_zh);
const char *zj_doubt_msisdn(struct zj_span value, const char **out_zh);
/* Text about data that holds some of the data: numbers of persons, vehicles or cards, places. */
const char *zj_check_no_content(struct zj_span value, const char **out_zh);

/* Collects what is wrong across the fields of a row. */
struct zj_row_faults {
    struct zj_row_fault *at;
    size_t count, max;
};

void zj_row_fault_add(struct zj_row_faults *faults, int field, bool is_warning, const char *en,
                      const char *zh);
/* Refuses where the field is empty. */
void zj_row_needs(struct zj_row_faults *faults, const struct zj_row *row, int field, const char *en,
                  const char *zh);
/* Refuses where both dates are given and `to` lies before `from`. */
void zj_row_in_order(struct zj_row_faults *faults, const struct zj_row *row, int from, int to,
                     const char *en, const char *zh);
/* A row of a bank of questions: two options or more, and an answer that names some of them. */
size_t zj_check_question(const struct zj_row *row, int options_at, int answer_at,
                         struct zj_row_fault *out, size_t max);

#endif
