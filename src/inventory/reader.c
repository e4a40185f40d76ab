#include "inventory/reader.h"

#include <inttypes.h>
#include <strings.h>

#include "base/reason.h"
#include "base/size.h"

#define ZJ_READER(name) extern const struct zj_reader_kind zj_reader_##name;
#include "inventory/readers.def"
#undef ZJ_READER

static const struct zj_reader_kind *const readers[] = {
#define ZJ_READER(name) &zj_reader_##name,
#include "inventory/readers.def"
#undef ZJ_READER
};

enum { HEAD_BYTES = 64 * 1024, TOO_DEEP_TOLD = 10 };

bool zj_extension_is(const char *extension, const char *list)
{
    const size_t len = strlen(extension);
    for (const char *word = list; len && *word;) {
        const size_t word_len = strcspn(word, "|");
        if (word_len == len && strncasecmp(word, extension, len) == 0)
            return true;
        word += word_len + (word[word_len] == '|');
    }
    return false;
}

const char *zj_extension_of(const char *name)
{
    const char *dot = name ? strrchr(name, '.') : NULL;
    return dot && dot != name ? dot + 1 : "";
}

static bool is_ascii(const char *text)
{
    while (*text && !((uint8_t)*text & 0x80))
        text++;
    return !*text;
}

zj_err zj_scan_unread(struct zj_scan *scan, const char *place, const char *reason)
{
    const char *told = zj_reason(scan->job, reason);
    if (scan->job->lang == ZJ_ZH && told == reason && is_ascii(reason))
        told = zj_arena_printf(&scan->job->arena, "内容损坏或无法读取（%s）", reason);
    return scan->sink->unread(scan->job, scan->sink->ctx, place, told);
}

bool zj_scan_is_bomb(struct zj_scan *scan)
{
    const bool is_much = scan->packed && scan->inflated > ZJ_SCAN_RATIO_FROM &&
                         scan->inflated / ZJ_SCAN_RATIO_MAX > scan->packed;
    scan->is_over |= is_much || scan->inflated > scan->inflated_max;
    return scan->is_over;
}

bool zj_scan_took(struct zj_scan *scan, uint64_t bytes, char *fault, size_t size)
{
    scan->inflated += bytes;
    if (!zj_scan_is_bomb(scan))
        return false;
    char inflated[ZJ_SIZE_TEXT], packed[ZJ_SIZE_TEXT];
    zj_size_text(scan->inflated, inflated);
    zj_size_text(scan->packed, packed);
    snprintf(fault, size,
             zj_tr(scan->job, "unpacks to more than %s from %s: a bomb, left alone",
                   "解压后超过 %s（原 %s），疑似压缩炸弹，已停止"),
             inflated, packed);
    return true;
}

zj_err zj_scan_too_deep(struct zj_scan *scan, const char *path)
{
    if (++scan->too_deep > TOO_DEEP_TOLD)
        return ZJ_OK; /* counted */
    return zj_scan_unread(scan, path,
                          zj_tr(scan->job, "archives nested deeper than 4: not unpacked",
                                "压缩包嵌套超过 4 层，未解压"));
}

static const struct zj_reader_kind *find_reader(struct zj_span head, const char *extension,
                                                int *out_score)
{
    const struct zj_reader_kind *best = NULL;
    int best_score = 0;
    for (size_t i = 0; i < ZJ_COUNT(readers); i++) {
        const int score = readers[i]->probe(head, extension);
        if (score > best_score) {
            best_score = score;
            best = readers[i];
        }
    }
    *out_score = best_score;
    return best;
}

/* A failure of the input is told with its place; what a failed sink says comes back. */
static zj_err tell_fault(struct zj_scan *scan, const char *path, zj_err err, const char *fault)
{
    if (!err && !fault)
        return ZJ_OK;
    if (err && err != ZJ_EINPUT && err != ZJ_ELIMIT)
        return err;
    char reason[sizeof scan->job->message];
    snprintf(reason, sizeof reason, "%s", err ? scan->job->message : fault);
    zj_job_clear(scan->job);
    return zj_scan_unread(scan, path, reason);
}

static zj_err tell_faults(struct zj_scan *scan, const char *path, uint64_t faults)
{
    char reason[80];
    if (!faults)
        return ZJ_OK;
    snprintf(reason, sizeof reason,
             zj_tr(scan->job, "%" PRIu64 " faults of encoding", "%" PRIu64 " 处编码错误"), faults);
    return zj_scan_unread(scan, path, reason);
}

/* A charset is told by one that decoded: what stays is for the readers' kinds. */
zj_err zj_scan_text(struct zj_scan *scan, const struct zj_reader_kind *reader, struct zj_in *in,
                    enum zj_charset charset, const char *path)
{
    struct zj_in text;
    struct zj_utf8 *utf8 = zj_utf8_new(in, charset, &text);
    zj_err err = reader->read(scan, &text, path);
    err = tell_fault(scan, path, err, text.fault);
    err = err ? err : tell_faults(scan, path, zj_utf8_faults(utf8));
    zj_in_release(&text);
    zj_utf8_free(utf8);
    return err;
}

const struct zj_reader_kind *zj_scan_reader(struct zj_span head, const char *name,
                                            enum zj_charset charset)
{
    const char *extension = zj_extension_of(name);
    int score, text_score;
    const struct zj_reader_kind *reader = find_reader(head, extension, &score);
    if (charset == ZJ_CHARSET_UTF8)
        return reader;
    /* readers tell text by its characters */
    struct zj_buf text = {0};
    struct zj_in copy = {.window = {(uint8_t *)head.at, head.len, head.len}, .is_ended = true};
    struct zj_in decoded;
    struct zj_utf8 *utf8 = zj_utf8_new(&copy, charset, &decoded);
    zj_buf_span(&text, zj_in_peek(&decoded, HEAD_BYTES));
    zj_in_release(&decoded);
    zj_utf8_free(utf8);
    const struct zj_reader_kind *by_text = find_reader(zj_buf_all(&text), extension, &text_score);
    zj_buf_release(&text);
    return by_text && by_text->is_text && text_score > score ? by_text : reader;
}

static zj_err scan_input(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    const struct zj_span head = zj_span_part(zj_in_peek(in, HEAD_BYTES), 0, HEAD_BYTES);
    if (!head.len)
        return tell_fault(scan, path, ZJ_OK, in->fault);
    const enum zj_charset charset = zj_charset_of(head);
    const struct zj_reader_kind *reader = zj_scan_reader(head, in->name, charset);
    if (!reader)
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "of no known kind", "无法识别的文件类型"));
    if (reader->is_text)
        return zj_scan_text(scan, reader, in, charset, path);
    const zj_err err = reader->read(scan, in, path);
    return tell_fault(scan, path, err, in->fault);
}

zj_err zj_scan_input(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    const zj_err err = scan_input(scan, in, path);
    if (err || scan->depth || scan->too_deep <= TOO_DEEP_TOLD)
        return err;
    char reason[128];
    snprintf(reason, sizeof reason,
             zj_tr(scan->job, "%u more archives nested deeper than 4: not unpacked",
                   "另有 %u 个压缩包嵌套超过 4 层，未解压"),
             scan->too_deep - TOO_DEEP_TOLD);
    scan->too_deep = 0;
    return zj_scan_unread(scan, path, reason);
}
