/* Questions and their marking, whichever register holds them: rows of SELECT code, text, options,
 * answer. */
#ifndef ZJ_REGISTER_QUIZ_H
#define ZJ_REGISTER_QUIZ_H

#include "register/register.h"

/* [{"code","text","options":[…],"is_multiple"}], never the answers. */
zj_err zj_quiz_put(struct zj_job *job, struct zj_stmt *rows, struct zj_json *out);

/* All questions of one weight; one that is not answered is wrong. ZJ_ENOTFOUND: there are none. */
zj_err zj_quiz_mark(struct zj_job *job, struct zj_stmt *rows, const struct zj_exam_answer *answers,
                    size_t count, int *out_right, int *out_asked);

#endif
