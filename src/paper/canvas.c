#include "paper/canvas.h"

#include <cairo-pdf.h>
#include <dlfcn.h>
#include <errno.h>
#include <pango/pangocairo.h>

/* The library of the highest floor; the others come with it. */
static const char library[] = "libpangocairo-1.0.so.0";
static const char families[] =
    "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, WenQuanYi Zen Hei, sans-serif";

struct calls {
#define ZJ_PDF_CALL(name) __typeof__(name) *name;
#include "paper/pdf_calls.def"
#undef ZJ_PDF_CALL
};

struct zj_canvas {
    struct calls c;
    void *library;
    FILE *out;
    bool is_short; /* a write failed */
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *map;
    PangoContext *context;
    PangoLayout *layout;
    PangoFontDescription *fonts[2]; /* regular, bold */
};

static zj_err find_calls(struct zj_job *job, struct zj_canvas *k)
{
    /* its types cannot be unloaded: the library stays once it is there */
    k->library = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const char *why = k->library ? NULL : dlerror();
#define ZJ_PDF_CALL(name)                                                                          \
    if (!why && !(k->c.name = (__typeof__(k->c.name))dlsym(k->library, #name)))                    \
        why = dlerror();
#include "paper/pdf_calls.def"
#undef ZJ_PDF_CALL
    if (!why)
        return ZJ_OK;
    return zj_fail(job, ZJ_ENOTFOUND,
                   zj_tr(job, "PDF needs Pango and Cairo (apt install libpangocairo-1.0-0): %s",
                         "生成 PDF 需要 Pango 和 Cairo（apt install libpangocairo-1.0-0）：%s"),
                   why);
}

static cairo_status_t take_bytes(void *ctx, const unsigned char *bytes, unsigned int len)
{
    struct zj_canvas *k = ctx;
    if (fwrite(bytes, 1, len, k->out) == len)
        return CAIRO_STATUS_SUCCESS;
    k->is_short = true;
    return CAIRO_STATUS_WRITE_ERROR;
}

static void make_tools(struct zj_canvas *k, double width, double height)
{
    const struct calls *c = &k->c;
    k->surface = c->cairo_pdf_surface_create_for_stream(take_bytes, k, width, height);
    k->cr = c->cairo_create(k->surface);
    k->map = c->pango_cairo_font_map_new(); /* not the thread's own: that would outlive us */
    c->pango_cairo_font_map_set_resolution((PangoCairoFontMap *)k->map, 72);
    k->context = c->pango_font_map_create_context(k->map);
    c->pango_context_set_language(k->context, c->pango_language_from_string("zh-cn"));
    c->pango_context_set_round_glyph_positions(k->context, FALSE);
    c->pango_cairo_update_context(k->cr, k->context);
    k->layout = c->pango_layout_new(k->context);
    c->pango_layout_set_wrap(k->layout, PANGO_WRAP_WORD_CHAR);
    PangoAttrList *attributes = c->pango_attr_list_new(); /* a broken address has no "-" in it */
    c->pango_attr_list_insert(attributes, c->pango_attr_insert_hyphens_new(FALSE));
    c->pango_layout_set_attributes(k->layout, attributes);
    c->pango_attr_list_unref(attributes);
    for (size_t i = 0; i < ZJ_COUNT(k->fonts); i++) {
        k->fonts[i] = c->pango_font_description_new();
        c->pango_font_description_set_family(k->fonts[i], families);
        c->pango_font_description_set_weight(k->fonts[i],
                                             i ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    }
}

static void set(struct zj_canvas *k, struct zj_span text, const struct zj_ink *ink, double width,
                double height_max)
{
    static const PangoAlignment aligns[] = {
        [ZJ_ALIGN_LEFT] = PANGO_ALIGN_LEFT,
        [ZJ_ALIGN_RIGHT] = PANGO_ALIGN_RIGHT,
        [ZJ_ALIGN_CENTRE] = PANGO_ALIGN_CENTER,
    };
    const struct calls *c = &k->c;
    PangoFontDescription *font = k->fonts[ink->is_bold];
    c->pango_font_description_set_absolute_size(font, ink->size * PANGO_SCALE);
    c->pango_layout_set_font_description(k->layout, font);
    c->pango_layout_set_alignment(k->layout, aligns[ink->align]);
    c->pango_layout_set_width(k->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    c->pango_layout_set_height(k->layout, height_max > 0 ? (int)(height_max * PANGO_SCALE) : -1);
    c->pango_layout_set_ellipsize(k->layout,
                                  height_max > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    c->pango_layout_set_text(k->layout, text.len ? (const char *)text.at : "", (int)text.len);
}

/* A document of boxes is worse than none. */
static zj_err look_for_font(struct zj_job *job, struct zj_canvas *k)
{
    static const struct zj_ink ink = {.size = 9};
    set(k, ZJ_SPAN_LIT("筑基数据安全"), &ink, 0, 0);
    if (k->c.pango_layout_get_unknown_glyphs_count(k->layout) == 0)
        return ZJ_OK;
    return zj_fail(job, ZJ_ENOTFOUND, "%s",
                   zj_tr(job,
                         "PDF needs a font with Chinese characters: apt install fonts-wqy-microhei "
                         "(or fonts-noto-cjk)",
                         "生成 PDF 需要中文字体：apt install fonts-wqy-microhei（或 "
                         "fonts-noto-cjk）"));
}

zj_err zj_canvas_open(struct zj_job *job, double width, double height, FILE *out,
                      struct zj_canvas **out_canvas)
{
    struct zj_canvas *k = zj_alloc(sizeof *k);
    k->out = out;
    zj_err err = find_calls(job, k);
    if (!err) {
        make_tools(k, width, height);
        err = look_for_font(job, k);
    }
    if (err) {
        zj_canvas_drop(k);
        return err;
    }
    *out_canvas = k;
    return ZJ_OK;
}

void zj_canvas_about(struct zj_canvas *k, const char *title, const char *author,
                     const char *made_at)
{
    const struct {
        cairo_pdf_metadata_t what;
        const char *value;
    } facts[] = {{CAIRO_PDF_METADATA_TITLE, title},
                 {CAIRO_PDF_METADATA_AUTHOR, author},
                 {CAIRO_PDF_METADATA_CREATE_DATE, made_at},
                 {CAIRO_PDF_METADATA_CREATOR, "Zhuji 筑基"}};
    for (size_t i = 0; i < ZJ_COUNT(facts); i++)
        if (facts[i].value)
            k->c.cairo_pdf_surface_set_metadata(k->surface, facts[i].what, facts[i].value);
}

static double points(int units)
{
    return (double)units / PANGO_SCALE;
}

double zj_canvas_measure(struct zj_canvas *k, struct zj_span text, const struct zj_ink *ink,
                         double width, double height_max)
{
    int height;
    set(k, text, ink, width, height_max);
    k->c.pango_layout_get_size(k->layout, NULL, &height);
    return points(height);
}

double zj_canvas_width(struct zj_canvas *k, struct zj_span text, const struct zj_ink *ink)
{
    int width;
    set(k, text, ink, 0, 0);
    k->c.pango_layout_get_size(k->layout, &width, NULL);
    return points(width);
}

static void set_colour(struct zj_canvas *k, uint32_t colour)
{
    k->c.cairo_set_source_rgb(k->cr, (double)(colour >> 16 & 0xff) / 255,
                              (double)(colour >> 8 & 0xff) / 255, (double)(colour & 0xff) / 255);
}

double zj_canvas_text(struct zj_canvas *k, struct zj_span text, const struct zj_ink *ink, double x,
                      double y, double width, double height_max)
{
    const double height = zj_canvas_measure(k, text, ink, width, height_max);
    set_colour(k, ink->colour);
    k->c.cairo_move_to(k->cr, x, y);
    k->c.pango_cairo_show_layout(k->cr, k->layout);
    return height;
}

void zj_canvas_fill(struct zj_canvas *k, uint32_t colour, double x, double y, double width,
                    double height)
{
    set_colour(k, colour);
    k->c.cairo_rectangle(k->cr, x, y, width, height);
    k->c.cairo_fill(k->cr);
}

void zj_canvas_line(struct zj_canvas *k, uint32_t colour, double thick, double x1, double y1,
                    double x2, double y2)
{
    set_colour(k, colour);
    k->c.cairo_set_line_width(k->cr, thick);
    k->c.cairo_move_to(k->cr, x1, y1);
    k->c.cairo_line_to(k->cr, x2, y2);
    k->c.cairo_stroke(k->cr);
}

void zj_canvas_outline(struct zj_canvas *k, const char *title, int page)
{
    char link[32];
    snprintf(link, sizeof link, "page=%d", page);
    k->c.cairo_pdf_surface_add_outline(k->surface, CAIRO_PDF_OUTLINE_ROOT, title, link,
                                       CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

void zj_canvas_end_page(struct zj_canvas *k)
{
    k->c.cairo_show_page(k->cr);
}

zj_err zj_canvas_close(struct zj_job *job, struct zj_canvas *k)
{
    zj_err err = ZJ_OK;
    k->c.cairo_surface_finish(k->surface);
    const cairo_status_t status = k->c.cairo_surface_status(k->surface);
    if (k->is_short)
        err = zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
    else if (status != CAIRO_STATUS_SUCCESS)
        err = zj_fail(job, ZJ_EIO, "pdf: %s", k->c.cairo_status_to_string(status));
    zj_canvas_drop(k);
    return err;
}

void zj_canvas_drop(struct zj_canvas *k)
{
    if (!k)
        return;
    if (k->surface) {
        for (size_t i = 0; i < ZJ_COUNT(k->fonts); i++)
            k->c.pango_font_description_free(k->fonts[i]);
        k->c.g_object_unref(k->layout);
        k->c.g_object_unref(k->context);
        k->c.g_object_unref(k->map);
        k->c.cairo_destroy(k->cr);
        k->c.cairo_surface_destroy(k->surface);
    }
    free(k);
}
