/* What a kind of file must be able to do. Inside of this room. */
#ifndef ZJ_PAPER_MAKER_H
#define ZJ_PAPER_MAKER_H

#include "paper/paper.h"

struct zj_paper_cell {
    struct zj_span text; /* as people read it */
    bool is_number;
    double number;
    enum zj_tone tone;
};

/* A table as the makers see it: upright ones are laid down already. */
struct zj_paper_form {
    const char *title, *note; /* note NULL: none */
    const struct zj_paper_col *cols;
    size_t col_count;
    bool is_upright; /* two columns: what, and its value */
};

struct zj_maker {
    zj_err (*open)(struct zj_job *job, const struct zj_paper_head *head, FILE *out,
                   void **out_file);
    zj_err (*begin)(struct zj_job *job, void *file, const struct zj_paper_form *form);
    zj_err (*row)(struct zj_job *job, void *file, const struct zj_paper_cell *cells);
    zj_err (*close)(struct zj_job *job, void *file); /* frees it */
    void (*drop)(void *file);
    int64_t rows_max;
    const char *name, *media_type;
};

extern const struct zj_maker zj_maker_xlsx, zj_maker_csv, zj_maker_pdf;

/* As the pages of the console have them; 0: as everything else. */
struct zj_tone_colour {
    uint32_t ground, ink;
};
extern const struct zj_tone_colour zj_tone_colours[ZJ_TONE_COUNT];

/* "导出时间 …" and what else stands under a title, one after the other: *at counts from 0. False
 * past the last. Texts are good until the next call. */
bool zj_paper_fact(struct zj_job *job, const struct zj_paper_head *head, size_t *at,
                   const char **out_label, const char **out_value);
/* A column's name in a file for programs too: one that holds plain numbers says of what. */
const char *zj_paper_label(struct zj_job *job, const struct zj_paper_col *col);
const char *zj_paper_synthetic(const struct zj_job *job); /* the words for it */

#endif
