/* Text and lines on pages of a PDF: Pango and Cairo, wrapped once. Lengths are points, from the top
 * left corner of the page. Inside of this room. */
#ifndef ZJ_PAPER_CANVAS_H
#define ZJ_PAPER_CANVAS_H

#include "paper/paper.h"

enum zj_align { ZJ_ALIGN_LEFT, ZJ_ALIGN_RIGHT, ZJ_ALIGN_CENTRE };

struct zj_ink {
    double size;
    bool is_bold;
    enum zj_align align;
    uint32_t colour; /* 0xRRGGBB */
};

struct zj_canvas;
/* Pages of width × height go to `out`. ZJ_ENOTFOUND: the libraries, or a font with Chinese characters,
 * are not installed; the message says what to install. */
zj_err zj_canvas_open(struct zj_job *job, double width, double height, FILE *out,
                      struct zj_canvas **out_canvas);
void zj_canvas_about(struct zj_canvas *canvas, const char *title, const char *author,
                     const char *made_at); /* made_at: RFC 3339 */
/* The height of the text, wrapped to the width; what is higher than height_max is cut with "…". */
double zj_canvas_measure(struct zj_canvas *canvas, struct zj_span text, const struct zj_ink *ink,
                         double width, double height_max);
double zj_canvas_text(struct zj_canvas *canvas, struct zj_span text, const struct zj_ink *ink,
                      double x, double y, double width, double height_max);
/* The width of one line of text. */
double zj_canvas_width(struct zj_canvas *canvas, struct zj_span text, const struct zj_ink *ink);
void zj_canvas_fill(struct zj_canvas *canvas, uint32_t colour, double x, double y, double width,
                    double height);
void zj_canvas_line(struct zj_canvas *canvas, uint32_t colour, double thick, double x1, double y1,
                    double x2, double y2);
void zj_canvas_outline(struct zj_canvas *canvas, const char *title, int page); /* from 1 */
void zj_canvas_end_page(struct zj_canvas *canvas);
/* Writes the rest. Frees the canvas, also where it fails. */
zj_err zj_canvas_close(struct zj_job *job, struct zj_canvas *canvas);
void zj_canvas_drop(struct zj_canvas *canvas); /* accepts NULL */

#endif
