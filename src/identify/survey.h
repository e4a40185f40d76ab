/* What a piece of bytes holds besides plain UTF-8. */
#ifndef ZJ_IDENTIFY_SURVEY_H
#define ZJ_IDENTIFY_SURVEY_H

#include "base/span.h"

enum {
    ZJ_SEEN_NOT_UTF8 = 1,
    ZJ_SEEN_ESCAPE = 2, /* %XX, \uXXXX, &#…;, a full-width letter or digit */
};

unsigned zj_survey(struct zj_span in);
unsigned zj_survey_plain(struct zj_span in); /* the same without vector instructions */

#endif
