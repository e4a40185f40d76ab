/* The literal stage: words with a value behind them and heads of forms, all found in one pass by
 * Hyperscan. Literals only, no start of match: the end and the length say where one began. Of words
 * of which one begins another the shorter is looked for; the longer are told apart at the place. */
#include <hs/hs.h>

#include "base/job.h"
#include "identify/engine.h"

struct zj_literals {
    hs_database_t *database;
    struct zj_literal *all;
    size_t count;
    uint16_t *starts; /* the words that begin with a literal, those of each in a row */
    size_t start_count;
};

enum { LITERALS_MAX = 2000, STARTS_MAX = 20000 };

static const struct {
    enum zj_literal_kind kind;
    struct zj_span text;
    bool is_caseless;
} heads[] = {
    {ZJ_LIT_NMEA, ZJ_SPAN_LIT("$GP"), false},
    {ZJ_LIT_NMEA, ZJ_SPAN_LIT("$GN"), false},
    {ZJ_LIT_NMEA, ZJ_SPAN_LIT("$BD"), false},
    {ZJ_LIT_NMEA, ZJ_SPAN_LIT("$GB"), false},
    {ZJ_LIT_NMEA, ZJ_SPAN_LIT("$GL"), false},
    {ZJ_LIT_PEM, ZJ_SPAN_LIT("-----BEGIN "), false},
    {ZJ_LIT_JWT, ZJ_SPAN_LIT("eyJ"), false},
    {ZJ_LIT_CLOUD_KEY, ZJ_SPAN_LIT("AKIA"), false},
    {ZJ_LIT_CLOUD_KEY, ZJ_SPAN_LIT("ASIA"), false},
    {ZJ_LIT_CLOUD_KEY, ZJ_SPAN_LIT("LTAI"), false},
    {ZJ_LIT_CLOUD_KEY, ZJ_SPAN_LIT("AKID"), false},
    {ZJ_LIT_CLOUD_KEY, ZJ_SPAN_LIT("ghp_"), false},
    {ZJ_LIT_CLOUD_KEY, ZJ_SPAN_LIT("glpat-"), false},
    {ZJ_LIT_USERINFO, ZJ_SPAN_LIT("://"), false},
    {ZJ_LIT_FMR, ZJ_SPAN_LIT("464d5200"), true},
    {ZJ_LIT_FMR, ZJ_SPAN_LIT("Rk1SACAy"), false},
    {ZJ_LIT_FMR, ZJ_SPAN_LIT("FMR\0 20\0"), false},
    {ZJ_LIT_MAP, ZJ_SPAN_LIT("<OpenDRIVE"), false},
    {ZJ_LIT_MAP, ZJ_SPAN_LIT(".PCD v"), false},
    {ZJ_LIT_MAP, ZJ_SPAN_LIT("FeatureCollection"), false},
    {ZJ_LIT_MAP, ZJ_SPAN_LIT("lanelet"), false},
    {ZJ_LIT_GB32960, ZJ_SPAN_LIT("##\x01\xfe"), false},
    {ZJ_LIT_GB32960, ZJ_SPAN_LIT("##\x02\xfe"), false},
    {ZJ_LIT_GB32960, ZJ_SPAN_LIT("##\x03\xfe"), false},
    {ZJ_LIT_GB32960, ZJ_SPAN_LIT("##\x04\xfe"), false},
    {ZJ_LIT_JT808, ZJ_SPAN_LIT("\x7e\x02\x00"), false},
    {ZJ_LIT_JT808, ZJ_SPAN_LIT("\x7e\x07\x04"), false},
    {ZJ_LIT_INSERT, ZJ_SPAN_LIT("insert into"), true},
    {ZJ_LIT_MICRODEGREE, ZJ_SPAN_LIT("lat\""), true},
    {ZJ_LIT_MICRODEGREE, ZJ_SPAN_LIT("lat="), true},
    {ZJ_LIT_MICRODEGREE, ZJ_SPAN_LIT("lat:"), true},
    {ZJ_LIT_MICRODEGREE, ZJ_SPAN_LIT("latitude"), true},
    {ZJ_LIT_MICRODEGREE, ZJ_SPAN_LIT("纬度"), false},
};

/* Heads that count only before one of these: looked for with it, which spares the places where
 * another byte follows, and has no literal of two bytes, at which Hyperscan would go byte by byte.
 */
static const struct {
    enum zj_literal_kind kind;
    const char *text, *next;
    bool is_behind;    /* the one stands before the head */
    bool has_numerals; /* 学院路三十二号, 东风村三组: also before one of `numerals` */
} led[] = {
    {ZJ_LIT_ROAD, "路", "0123456789", false, true},
    {ZJ_LIT_ROAD, "街", "0123456789", false, true},
    {ZJ_LIT_ROAD, "道", "0123456789", false, true},
    {ZJ_LIT_ROAD, "巷", "0123456789", false, true},
    {ZJ_LIT_ROAD, "弄", "0123456789", false, false},
    {ZJ_LIT_ROAD, "胡同", "0123456789", false, true},
    {ZJ_LIT_ROAD, "村", "0123456789", false, true},
    {ZJ_LIT_ROAD, "园", "0123456789", false, true},
    {ZJ_LIT_ROAD, "小区", "0123456789", false, true},
    {ZJ_LIT_ROAD, "苑", "0123456789", false, true},
    {ZJ_LIT_ROAD, "段", "0123456789", false, false},
    {ZJ_LIT_TOWN, "镇", "0123456789", false, true},
    {ZJ_LIT_TOWN, "乡", "0123456789", false, true},
    {ZJ_LIT_TOWN, "屯", "0123456789", false, true},
    {ZJ_LIT_TOWN, "庄", "0123456789", false, true},
    {ZJ_LIT_TOWN, "社区", "0123456789", false, true},
    {ZJ_LIT_TOWN, "里", "0123456789", false, false},
    {ZJ_LIT_TOWN, "寨", "0123456789", false, true},
    {ZJ_LIT_TOWN, "坊", "0123456789", false, false},
    {ZJ_LIT_TOWN, "大厦", "0123456789", false, false},
    {ZJ_LIT_TOWN, "公寓", "0123456789", false, false},
    {ZJ_LIT_HAMLET, "组", "0123456789", false, false},
    {ZJ_LIT_HAMLET, "队", "0123456789", false, false},
    {ZJ_LIT_HAMLET, "社", "0123456789", false, false},
    {ZJ_LIT_AREA, "（0", "0123456789", false, false},
    {ZJ_LIT_DEGREE, "°", "0123456789 ", false, false},
    {ZJ_LIT_DEGREE, "度", "0123456789 ", false, false},
    {ZJ_LIT_MISSION, "使", "0123456789", false, false},
    {ZJ_LIT_MISSION, "使", "0123456789", true, false},
    {ZJ_LIT_MISSION, "WJ", "\xe4\xe5\xe6\xe7\xe8\xe9", false, false}, /* and a province */
    {ZJ_LIT_MISSION, "领", "0123456789", true, false},
};

static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

static const uint64_t with_value = 0
#define ZJ_WORDS(name, has_value) | (has_value ? ZJ_W(name) : 0)
#include "identify/words.def"
#undef ZJ_WORDS
    ;

static void put_literal(struct zj_literals *out, const char *text, size_t len,
                        enum zj_literal_kind kind, bool is_caseless)
{
    if (out->count < LITERALS_MAX)
        out->all[out->count++] = (struct zj_literal){
            .text = text, .len = (uint8_t)len, .kind = (uint8_t)kind, .is_caseless = is_caseless};
}

/* Is the beginning of the word a word itself, with no gap on the way? */
static bool has_shorter(const struct zj_words *words, const struct zj_word *word)
{
    for (size_t i = 1; i <= words->count; i++) {
        const struct zj_word *other = &words->all[i];
        if (other != word && (other->groups & with_value) && other->len < word->len &&
            other->len > 2 && memcmp(other->text, word->text, other->len) == 0 && !other->gaps &&
            !(word->gaps & ((UINT64_C(1) << (other->len & 63)) - 1)))
            return true;
    }
    return false;
}

/* Two letters are everywhere: only as a key. */
static void put_short(struct zj_identifier *rules, struct zj_literals *out,
                      const struct zj_word *word)
{
    static const char *const forms[] = {"\"%s\"", "%s=", "%s:", "%s>"};
    for (size_t k = 0; k < ZJ_COUNT(forms); k++) {
        char text[8];
        const int len = snprintf(text, sizeof text, forms[k], word->text);
        put_literal(out, zj_arena_strdup(&rules->arena, text), (size_t)len, ZJ_LIT_WORD, true);
    }
}

/* With each mark in each gap. */
static void put_word(struct zj_identifier *rules, struct zj_literals *out,
                     const struct zj_word *word)
{
    static const char marks[] = " _-";
    unsigned forms = 1;
    for (uint64_t gaps = word->gaps; gaps; gaps &= gaps - 1)
        forms *= 4;
    for (unsigned form = 0; form < forms && forms <= 64; form++) {
        char text[300];
        size_t len = 0;
        unsigned rest = form;
        for (size_t i = 0; i < word->len; i++) {
            if (i < 64 && (word->gaps >> i & 1)) {
                if (rest % 4)
                    text[len++] = marks[rest % 4 - 1];
                rest /= 4;
            }
            text[len++] = word->text[i];
        }
        put_literal(out, zj_arena_span(&rules->arena, zj_span_of(text, len)), len, ZJ_LIT_WORD,
                    true);
    }
}

static void put_numerals(struct zj_identifier *rules, struct zj_literals *out, const char *text,
                         enum zj_literal_kind kind)
{
    for (size_t i = 0; i < ZJ_COUNT(numerals); i++) {
        const char *both = zj_arena_printf(&rules->arena, "%s%s", text, numerals[i]);
        put_literal(out, both, strlen(both), kind, false);
    }
}

static void collect(struct zj_identifier *rules, struct zj_literals *out)
{
    const struct zj_words *words = &rules->words;
    for (size_t i = 0; i < ZJ_COUNT(heads); i++)
        put_literal(out, (const char *)heads[i].text.at, heads[i].text.len, heads[i].kind,
                    heads[i].is_caseless);
    for (size_t i = 0; i < ZJ_COUNT(led); i++)
        for (const char *next = led[i].next; *next; next++) {
            const char *text = led[i].is_behind
                                   ? zj_arena_printf(&rules->arena, "%c%s", *next, led[i].text)
                                   : zj_arena_printf(&rules->arena, "%s%c", led[i].text, *next);
            put_literal(out, text, strlen(text), led[i].kind, false);
        }
    for (size_t i = 0; i < ZJ_COUNT(led); i++)
        if (led[i].has_numerals)
            put_numerals(rules, out, led[i].text, led[i].kind);
    for (size_t i = 1; i <= words->count; i++) {
        const struct zj_word *word = &words->all[i];
        if (!(word->groups & with_value) || has_shorter(words, word))
            continue;
        if (word->len > 2)
            put_word(rules, out, word);
        else
            put_short(rules, out, word);
    }
}

/* In the order of the look-up of words: of two of one length the first there is taken. */
static void list_words(const struct zj_words *words, struct zj_literals *out)
{
    for (size_t k = 0; k < out->count; k++) {
        struct zj_literal *literal = &out->all[k];
        const struct zj_span text = zj_span_of(literal->text, literal->len);
        literal->first = literal->last = (uint16_t)out->start_count;
        if (literal->kind != ZJ_LIT_WORD || out->start_count + words->count > STARTS_MAX)
            continue;
        for (size_t i = words->count; i > 0; i--)
            if (words->all[i].text[0] == (char)(text.at[0] | (zj_is_letter(text.at[0]) ? 32 : 0)) &&
                zj_word_begins(&words->all[i], text))
                out->starts[out->start_count++] = (uint16_t)i;
        literal->last = (uint16_t)out->start_count;
    }
}

const struct zj_word *zj_literal_word(const struct zj_identifier *rules,
                                      const struct zj_literal *literal, struct zj_span in,
                                      size_t at, size_t *out_len)
{
    const struct zj_literals *all = rules->literals;
    const struct zj_word *word =
        zj_words_among(&rules->words, all->starts + literal->first,
                       (size_t)(literal->last - literal->first), in, at, out_len);
    return word ? word : zj_words_at(&rules->words, in, at, out_len); /* a shorter one */
}

zj_err zj_literals_compile(struct zj_job *job, struct zj_identifier *rules)
{
    struct zj_literals *out = zj_alloc(sizeof *out);
    rules->literals = out;
    out->all = zj_arena_alloc(&rules->arena, LITERALS_MAX * sizeof *out->all);
    out->starts = zj_arena_alloc(&rules->arena, STARTS_MAX * sizeof *out->starts);
    collect(rules, out);
    list_words(&rules->words, out);
    const char **texts = zj_arena_alloc(&rules->arena, out->count * sizeof *texts);
    unsigned *flags = zj_arena_alloc(&rules->arena, out->count * sizeof *flags);
    unsigned *ids = zj_arena_alloc(&rules->arena, out->count * sizeof *ids);
    size_t *lens = zj_arena_alloc(&rules->arena, out->count * sizeof *lens);
    for (size_t i = 0; i < out->count; i++) {
        texts[i] = out->all[i].text;
        flags[i] = out->all[i].is_caseless ? HS_FLAG_CASELESS : 0;
        ids[i] = (unsigned)i;
        lens[i] = out->all[i].len;
    }
    hs_compile_error_t *error = NULL;
    if (hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)out->count, HS_MODE_BLOCK, NULL,
                             &out->database, &error) == HS_SUCCESS)
        return ZJ_OK;
    const zj_err err = zj_fail(job, ZJ_EPACK, "identify: %s", error ? error->message : "libhs");
    hs_free_compile_error(error);
    return err;
}

void zj_literals_free(struct zj_literals *literals)
{
    if (literals)
        hs_free_database(literals->database);
    free(literals);
}

void *zj_literals_scratch(const struct zj_literals *literals)
{
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(literals->database, &scratch) != HS_SUCCESS)
        abort();
    return scratch;
}

void zj_literals_scratch_free(void *scratch)
{
    hs_free_scratch(scratch);
}

const struct zj_literal *zj_literal(const struct zj_identifier *rules, unsigned id)
{
    return &rules->literals->all[id];
}

size_t zj_literal_count(const struct zj_identifier *rules)
{
    return rules->literals->count;
}

/* What most places of a literal lack, seen at once: no hit is kept for them. */
bool zj_literal_is_wanted(const struct zj_literal *literal, struct zj_span in, size_t end)
{
    const size_t at = end - literal->len;
    switch ((enum zj_literal_kind)literal->kind) {
    case ZJ_LIT_DEGREE:
        return at && zj_is_digit(in.at[at - 1]);
    case ZJ_LIT_JWT:
        return !at || !zj_is_alnum(in.at[at - 1]);
    case ZJ_LIT_WORD: {
        const uint8_t first = in.at[at], before = at ? in.at[at - 1] : 0;
        return !zj_is_letter(first) || !zj_is_letter(before) || (first <= 'Z' && before >= 'a');
    }
    case ZJ_LIT_ROAD:
    case ZJ_LIT_TOWN:
    case ZJ_LIT_HAMLET:
    case ZJ_LIT_AREA:
    case ZJ_LIT_MISSION:
    case ZJ_LIT_NMEA:
    case ZJ_LIT_PEM:
    case ZJ_LIT_CLOUD_KEY:
    case ZJ_LIT_USERINFO:
    case ZJ_LIT_FMR:
    case ZJ_LIT_MAP:
    case ZJ_LIT_GB32960:
    case ZJ_LIT_JT808:
    case ZJ_LIT_INSERT:
    case ZJ_LIT_MICRODEGREE:
        return true;
    }
    return true;
}

static void keep_hit(struct zj_identify_scratch *scratch, unsigned id, size_t end)
{
    if (scratch->hit_count == scratch->hit_max) {
        scratch->hit_max = scratch->hit_max ? scratch->hit_max * 2 : 1024;
        scratch->hits = zj_realloc(scratch->hits, scratch->hit_max * sizeof *scratch->hits);
    }
    scratch->hits[scratch->hit_count++] =
        (struct zj_hit){.end = (uint32_t)end, .literal = (uint16_t)id};
}

struct pass {
    struct zj_identify_scratch *scratch;
    const struct zj_literal *all;
    struct zj_span in;
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *ctx)
{
    struct pass *pass = ctx;
    (void)from;
    (void)flags;
    if (zj_literal_is_wanted(&pass->all[id], pass->in, (size_t)to))
        keep_hit(pass->scratch, id, (size_t)to);
    return 0;
}

void zj_literals_find(struct zj_identify_scratch *scratch, struct zj_span in)
{
    const struct zj_literals *literals = scratch->rules->literals;
    struct pass pass = {scratch, literals->all, in};
    scratch->hit_count = 0;
    if (in.len < 4)
        return;
    if (hs_scan(literals->database, (const char *)in.at, (unsigned)in.len, 0, scratch->hs, on_match,
                &pass) != HS_SUCCESS)
        abort(); /* only for a wrong scratch or database */
}
