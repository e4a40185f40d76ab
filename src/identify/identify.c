#include "identify/identify.h"

#include "identify/engine.h"

static const struct zj_identify_type_info infos[ZJ_TYPE_COUNT] = {
#define ZJ_DATA_TYPE(name, en, zh, is_personal) {#name, en, zh, is_personal},
#include "base/data_types.def"
#undef ZJ_DATA_TYPE
};

const struct zj_identify_type_info *zj_identify_type_info(enum zj_identify_type type)
{
    return &infos[type];
}

/* Without a pack. */
static const uint8_t plain_scores[ZJ_TYPE_COUNT] = {[0 ... ZJ_TYPE_COUNT - 1] = 85};

void zj_scan_init(struct zj_scan *s, struct zj_span in)
{
    *s = (struct zj_scan){
        .in = zj_span_part(in, 0, UINT32_MAX), .scores = plain_scores, .context_at = SIZE_MAX};
    s->track_find = SIZE_MAX;
}

bool zj_scan_make_room(struct zj_scan *s)
{
    struct zj_identify_scratch *scratch = s->scratch;
    if (!scratch)
        return false;
    scratch->find_max = scratch->find_max ? scratch->find_max * 2 : 256;
    scratch->finds = zj_realloc(scratch->finds, scratch->find_max * sizeof *scratch->finds);
    s->out = scratch->finds;
    s->max = scratch->find_max;
    return true;
}

size_t zj_identify_scan(struct zj_span bytes, struct zj_find *out, size_t max)
{
    struct zj_scan s;
    zj_scan_init(&s, bytes);
    s.out = out;
    s.max = max;
    zj_scan_all(&s);
    zj_sort_finds(out, s.count);
    return zj_resolve(NULL, out, s.count);
}

zj_err zj_identifier_open(struct zj_job *job, struct zj_identifier **out)
{
    struct zj_identifier *rules = zj_alloc(sizeof *rules);
    zj_err err = zj_pack_load(job, rules);
    if (!err)
        err = zj_literals_compile(job, rules);
    if (err) {
        zj_identifier_close(rules);
        return err;
    }
    rules->gbk = zj_gbk_table();
    *out = rules;
    return ZJ_OK;
}

void zj_identifier_close(struct zj_identifier *rules)
{
    if (!rules)
        return;
    zj_literals_free(rules->literals);
    zj_arena_release(&rules->arena);
    free(rules->gbk);
    free(rules);
}

const char *zj_identifier_version(const struct zj_identifier *rules)
{
    return rules->version;
}

struct zj_identify_scratch *zj_identify_scratch(const struct zj_identifier *rules)
{
    struct zj_identify_scratch *scratch = zj_alloc(sizeof *scratch);
    scratch->rules = rules;
    scratch->hs = zj_literals_scratch(rules->literals);
    scratch->memos = zj_alloc(ZJ_MEMOS * sizeof *scratch->memos);
    return scratch;
}

void zj_identify_scratch_free(struct zj_identify_scratch *scratch)
{
    if (!scratch)
        return;
    zj_literals_scratch_free(scratch->hs);
    zj_buf_release(&scratch->text);
    free(scratch->places);
    free(scratch->memos);
    free(scratch->hits);
    free(scratch->finds);
    free(scratch->room);
    free(scratch);
}

/* The finds from `from` on are sorted up to `first`, and from there on nearly. */
static void sort_finds(struct zj_identify_scratch *scratch, size_t from, size_t first)
{
    struct zj_find *finds = scratch->finds + from;
    const size_t count = scratch->find_count - from, late = scratch->find_count - first;
    zj_sort_finds(finds + (first - from), late);
    if (late > scratch->room_max) {
        scratch->room_max = late * 2;
        scratch->room = zj_realloc(scratch->room, scratch->room_max * sizeof *scratch->room);
    }
    zj_merge_finds(finds, first - from, count, scratch->room);
}

static void start_scan(struct zj_scan *s, struct zj_identify_scratch *scratch, struct zj_span in)
{
    zj_scan_init(s, in);
    s->rules = scratch->rules;
    s->scores = s->rules->score;
    s->scratch = scratch;
    s->out = scratch->finds;
    s->max = scratch->find_max;
    s->count = scratch->find_count;
}

/* A find in decoded text is put where it stands in the bytes. */
static void place_find(const struct zj_identify_scratch *scratch, struct zj_span raw,
                       enum zj_form form, struct zj_find *find)
{
    const uint32_t len = find->end - find->start;
    find->start = scratch->places[find->start];
    find->end = scratch->places[find->end];
    if (form == ZJ_FORM_ESCAPED) {
        find->end = (uint32_t)zj_visible_end(raw, find->start, find->end);
        form = zj_escaped_form(zj_span_part(raw, find->start, find->end - find->start), len);
    }
    find->form = (uint8_t)form;
}

/* Scans text as it stands, or decoded where it has a form; `base` is its place in the piece. */
static void scan_text(struct zj_identify_scratch *scratch, struct zj_span raw, uint32_t base,
                      enum zj_form form, uint64_t groups, const char *word)
{
    struct zj_scan s;
    if (form)
        zj_text_decode(scratch, raw, form);
    const struct zj_span in = form ? zj_buf_all(&scratch->text) : raw;
    start_scan(&s, scratch, in);
    s.outer = groups;
    s.outer_word = word;
    const size_t from = s.count;
    zj_scan_all(&s);
    const size_t first = s.count;
    if (first > from)
        zj_sort_finds(s.out + from, first - from);
    s.outer = 0;
    if (groups)
        zj_scan_keyed(&s, groups, word, 0, true);
    zj_literals_find(scratch, in);
    zj_scan_hits(&s);
    zj_scan_columns(&s, scratch->is_start);
    scratch->is_start = false;
    scratch->find_count = s.count;
    if (s.count > first)
        sort_finds(scratch, from, first);
    for (size_t i = from; i < s.count && (form || base); i++) {
        struct zj_find *find = &scratch->finds[i];
        if (form)
            place_find(scratch, raw, form, find);
        find->start += base;
        find->end += base;
    }
}

static bool is_ascii(struct zj_span in)
{
    for (size_t i = 0; i < in.len; i++)
        if (in.at[i] >= 0x80)
            return false;
    return true;
}

/* The form of the first two lines of a stream: a header belongs to what stands below it. Lines that
 * need no decoding may be decoded with others; where one may not, both keep theirs. */
static enum zj_form join_forms(struct zj_span first, enum zj_form form, enum zj_form *io_next)
{
    if (form == ZJ_FORM_PLAIN && (*io_next == ZJ_FORM_ESCAPED || is_ascii(first)))
        return *io_next;
    if (form == ZJ_FORM_ESCAPED && *io_next == ZJ_FORM_PLAIN)
        *io_next = form;
    return form;
}

/* Lines of one form in a row are scanned together. */
static void scan_lines(struct zj_identify_scratch *scratch, struct zj_span in, uint64_t groups,
                       const char *word)
{
    size_t start = 0, at = 0, first_end = 0;
    enum zj_form form = ZJ_FORM_PLAIN;
    while (at <= in.len) {
        const uint8_t *nl = at < in.len ? memchr(in.at + at, '\n', in.len - at) : NULL;
        const size_t end = nl ? (size_t)(nl - in.at) + 1 : in.len;
        enum zj_form next = zj_line_form(zj_span_part(in, at, end - at));
        const bool is_last = at == in.len;
        if (scratch->is_start && at && at == first_end && !is_last)
            form = join_forms(zj_span_part(in, 0, at), form, &next);
        first_end = at ? first_end : end;
        if (at > start && (next != form || is_last)) {
            const struct zj_span part = zj_span_part(in, start, at - start);
            scan_text(scratch, part, (uint32_t)start, form, groups, word);
            start = at;
        }
        if (is_last)
            break;
        form = next;
        at = end;
    }
}

/* What a whole piece is by its first bytes; true where nothing else is to be looked for. */
static bool is_content(struct zj_identify_scratch *scratch, struct zj_span in)
{
    struct zj_scan s;
    if (!zj_may_be_content(in))
        return false;
    start_scan(&s, scratch, in);
    const bool is_media = zj_scan_content(&s);
    scratch->find_count = s.count;
    return is_media;
}

void zj_scan_piece(struct zj_identify_scratch *scratch, struct zj_span in, uint64_t groups,
                   const char *word)
{
    if (!in.len || (scratch->is_start && is_content(scratch, in)))
        return;
    const enum zj_text_kind kind = zj_text_kind(in);
    switch (kind) {
    case ZJ_TEXT_PLAIN:
        scan_text(scratch, in, 0, ZJ_FORM_PLAIN, groups, word);
        break;
    case ZJ_TEXT_LINES:
        scan_lines(scratch, in, groups, word);
        break;
    case ZJ_TEXT_UTF16LE:
        scan_text(scratch, in, 0, ZJ_FORM_UTF16, groups, word);
        break;
    case ZJ_TEXT_UTF16BE:
        scan_text(scratch, in, 0, ZJ_FORM_UTF16BE, groups, word);
        break;
    }
    scratch->find_count = zj_resolve(scratch->rules, scratch->finds, scratch->find_count);
}

static void begin_piece(struct zj_identify_scratch *scratch)
{
    scratch->find_count = 0;
    scratch->columns.count = 0;
    scratch->is_start = true;
}

size_t zj_identify_find(struct zj_identify_scratch *scratch, struct zj_span bytes,
                        const struct zj_find **out)
{
    begin_piece(scratch);
    zj_scan_piece(scratch, zj_span_part(bytes, 0, UINT32_MAX), 0, NULL);
    *out = scratch->finds;
    return scratch->find_count;
}

size_t zj_identify_value(struct zj_identify_scratch *scratch, struct zj_span key,
                         struct zj_span value, const struct zj_find **out)
{
    const char *word = NULL;
    const uint64_t groups = zj_words_in(&scratch->rules->words, key, &word);
    begin_piece(scratch);
    zj_scan_piece(scratch, zj_span_part(value, 0, UINT32_MAX), groups, word);
    *out = scratch->finds;
    return scratch->find_count;
}
