/* Finds personal and vehicle data in files and folders, or in records with an id each. Files are
 * shared out among threads; what is printed comes in the order of the files all the same. */
#include <errno.h>
#include <fts.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/mask.h"
#include "cli/cli.h"
#include "identify/identify.h"

enum {
    CHUNK = 1 << 20, /* what is read stays near the processor until it is looked through */
    OUTPUT_HELD_MAX = 8 << 20, /* of a file whose turn to print has not come */
    ALL_HELD_MAX = 64 << 20,   /* of all files that are done before their turn */
    LINE_BYTES_MAX = 64 << 20,
    THREADS_MAX = 64,
};

struct args {
    const char *records;
    bool show, explain, types;
    int64_t threads;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, records, "records", "FILE.jsonl", "look through one record a line",
               "逐行检查记录文件"),
    ZJ_OPT_FLAG(struct args, show, "show", "print the values themselves", "显示原值（默认脱敏）"),
    ZJ_OPT_FLAG(struct args, explain, "explain", "say why: pattern, check, word, form",
                "说明依据：模式、校验、上下文词、编码"),
    ZJ_OPT_FLAG(struct args, types, "types", "list the types", "列出全部类型"),
    ZJ_OPT_INT(struct args, threads, "threads", "N", "threads (default: one a core)",
               "线程数（默认每核一个）"),
    ZJ_OPT_END,
};

struct tally {
    uint64_t of_type[ZJ_TYPE_COUNT];
};

struct file {
    const char *path;
    uint64_t bytes;
    struct tally tally;
    char *fault;       /* why it was not read, or not to its end */
    struct zj_buf out; /* where it was done before its turn to print */
    bool is_done;
};

struct run {
    struct zj_job *job;
    const struct args *args;
    struct zj_identifier *identifier;
    struct file *files;
    size_t count, room;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    size_t next; /* file that no thread has taken */
    size_t turn; /* file whose output goes out */
    size_t held; /* bytes of output that wait for it */
};

enum { WHYS = 128 };

/* A reason in Chinese, and as it is written: `,"why":…`. */
struct why {
    const char *why; /* NULL: not used */
    const char *zh;
    struct zj_buf json;
};

/* A file in the hands of a thread. */
struct reader {
    struct run *run;
    struct file *file;
    size_t index;
    bool has_turn;
    struct zj_buf out;
    struct zj_buf heads[ZJ_TYPE_COUNT]; /* of the object of a find: the file and the type */
    struct zj_buf text, value;          /* of a find: as UTF-8, and as it is shown */
    struct why whys[WHYS];              /* those seen last */
};

static void wait_for_turn(struct reader *r)
{
    struct run *run = r->run;
    if (r->has_turn)
        return;
    pthread_mutex_lock(&run->lock);
    while (run->turn != r->index)
        pthread_cond_wait(&run->turned, &run->lock);
    pthread_mutex_unlock(&run->lock);
    r->has_turn = true;
}

static bool is_turn(struct reader *r)
{
    pthread_mutex_lock(&r->run->lock);
    r->has_turn |= r->run->turn == r->index;
    pthread_mutex_unlock(&r->run->lock);
    return r->has_turn;
}

static void flush(struct reader *r)
{
    if (r->out.len)
        fwrite(r->out.at, 1, r->out.len, r->run->job->out);
    r->out.len = 0;
}

/* The turn goes on past all files that are done; what they held goes out. */
static void pass_turn(struct run *run)
{
    while (run->turn < run->count && run->files[run->turn].is_done) {
        struct zj_buf *out = &run->files[run->turn++].out;
        if (out->len)
            fwrite(out->at, 1, out->len, run->job->out);
        run->held -= out->len;
        zj_buf_release(out);
    }
    pthread_cond_broadcast(&run->turned);
}

/* A file is done. Where its turn has not come it leaves its output, so that its thread can go on,
 * unless too much waits already. */
static void leave_output(struct reader *r)
{
    struct run *run = r->run;
    pthread_mutex_lock(&run->lock);
    while (run->turn != r->index && run->held + r->out.len > ALL_HELD_MAX)
        pthread_cond_wait(&run->turned, &run->lock);
    r->file->out = r->out;
    r->file->is_done = true;
    r->out = (struct zj_buf){0};
    run->held += r->file->out.len;
    pass_turn(run);
    pthread_mutex_unlock(&run->lock);
}

static void write_reason(struct zj_json *j, const char *why)
{
    zj_json_kstr(j, "why", why);
    zj_json_kstr(j, "why_zh", zj_why_zh(why));
}

static void write_context(struct zj_json *j, const struct zj_find *find)
{
    if (find->context)
        zj_json_kstr(j, "context", find->context);
    if (find->form) {
        zj_json_kstr(j, "form", zj_form_name((enum zj_form)find->form));
        zj_json_kstr(j, "form_zh", zj_form_zh((enum zj_form)find->form));
    }
}

/* There are few reasons, so each is made ready once; two may share a place. */
static const struct why *reason_of(struct reader *r, const char *why)
{
    struct why *kept = &r->whys[(uintptr_t)why * 0x9e3779b97f4a7c15u >> 57];
    if (kept->why != why) {
        kept->why = why;
        kept->zh = zj_why_zh(why);
        kept->json.len = 0;
        struct zj_json j = zj_json_to(&kept->json);
        zj_json_object(&j);
        write_reason(&j, why);
        kept->json.at[0] = ',';
    }
    return kept;
}

static struct zj_span head_of(struct reader *r, enum zj_identify_type type)
{
    struct zj_buf *head = &r->heads[type];
    if (!head->len) {
        struct zj_json j = zj_json_to(head);
        zj_json_object(&j);
        zj_json_kstr(&j, "file", r->file->path);
        zj_json_kstr(&j, "type", zj_identify_type_info(type)->name);
        zj_json_object_end(&j);
    }
    return zj_buf_all(head);
}

static void write_find(struct reader *r, uint64_t base, const struct zj_find *find)
{
    zj_buf_span(&r->out, head_of(r, (enum zj_identify_type)find->type));
    struct zj_json j = zj_json_to(&r->out);
    zj_json_object_reopen(&j);
    zj_json_kint(&j, "start", (int64_t)(base + find->start));
    zj_json_kint(&j, "end", (int64_t)(base + find->end));
    zj_json_kfixed(&j, "score", find->score, 2);
    zj_buf_span(&r->out, zj_buf_all(&reason_of(r, find->why)->json));
    write_context(&j, find);
    zj_json_kspan(&j, "value", zj_buf_all(&r->value));
    zj_json_object_end(&j);
    zj_buf_byte(&r->out, '\n');
}

static void print_line(struct reader *r, uint64_t base, const struct zj_find *find)
{
    const struct zj_identify_type_info *info =
        zj_identify_type_info((enum zj_identify_type)find->type);
    zj_buf_str(&r->out, r->file->path);
    zj_buf_byte(&r->out, ':');
    zj_buf_u64(&r->out, base + find->start);
    zj_buf_byte(&r->out, '-');
    zj_buf_u64(&r->out, base + find->end);
    zj_buf_byte(&r->out, '\t');
    zj_buf_str(&r->out, zj_tr(r->run->job, info->name, info->zh));
    zj_buf_byte(&r->out, '\t');
    for (size_t i = 0; i < r->value.len; i++)
        r->value.at[i] = r->value.at[i] < ' ' ? ' ' : r->value.at[i];
    zj_buf_span(&r->out, zj_buf_all(&r->value));
    if (r->run->args->explain) {
        const unsigned score = find->score < 100 ? find->score : 99;
        zj_buf_str(&r->out, score < 10 ? "\t0.0" : "\t0.");
        zj_buf_u64(&r->out, score);
        zj_buf_byte(&r->out, '\t');
        zj_buf_str(&r->out, zj_tr(r->run->job, find->why, reason_of(r, find->why)->zh));
        if (find->context) {
            zj_buf_str(&r->out, zj_tr(r->run->job, "; word \"", "；上下文“"));
            zj_buf_str(&r->out, find->context);
            zj_buf_str(&r->out, zj_tr(r->run->job, "\"", "”"));
        }
        if (find->form) {
            zj_buf_str(&r->out, zj_tr(r->run->job, "; ", "；"));
            zj_buf_str(&r->out, zj_tr(r->run->job, zj_form_name((enum zj_form)find->form),
                                      zj_form_zh((enum zj_form)find->form)));
        }
    }
    zj_buf_byte(&r->out, '\n');
}

static void on_finds(void *ctx, struct zj_span bytes, uint64_t base, const struct zj_find *finds,
                     size_t count)
{
    struct reader *r = ctx;
    r->file->bytes = base + bytes.len;
    for (size_t i = 0; i < count; i++) {
        const struct zj_find *find = &finds[i];
        r->file->tally.of_type[find->type]++;
        if (r->run->job->output == ZJ_OUTPUT_JSON)
            continue;
        r->text.len = r->value.len = 0;
        zj_identify_text(r->run->identifier,
                         zj_span_part(bytes, find->start, find->end - find->start),
                         (enum zj_form)find->form, &r->text);
        if (r->run->args->show)
            zj_buf_span(&r->value, zj_buf_all(&r->text));
        else
            zj_mask_value(&r->value, zj_buf_all(&r->text));
        if (r->run->job->output == ZJ_OUTPUT_JSONL)
            write_find(r, base, find);
        else
            print_line(r, base, find);
    }
    if (r->out.len && is_turn(r))
        flush(r);
    if (r->out.len > OUTPUT_HELD_MAX) {
        wait_for_turn(r);
        flush(r);
    }
}

static void write_tally(struct zj_json *j, const struct tally *tally)
{
    zj_json_object(j);
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
        if (tally->of_type[i])
            zj_json_kint(j, zj_identify_type_info((enum zj_identify_type)i)->name,
                         (int64_t)tally->of_type[i]);
    zj_json_object_end(j);
}

/* A packed file shows nothing to a scan of its bytes, and places in it are no places of what is
 * inside: the name of its kind, else NULL. */
static const char *packed_kind(struct zj_span head)
{
    static const struct {
        struct zj_span magic;
        const char *name;
    } kinds[] = {
        {ZJ_SPAN_LIT("PK\x03\x04"), "zip, xlsx, docx"},
        {ZJ_SPAN_LIT("\x1f\x8b"), "gzip"},
        {ZJ_SPAN_LIT("\xfd"
                     "7zXZ"),
         "xz"},
        {ZJ_SPAN_LIT("7z\xbc\xaf"), "7z"},
        {ZJ_SPAN_LIT("\x28\xb5\x2f\xfd"), "zstd"},
        {ZJ_SPAN_LIT("BZh"), "bzip2"},
        {ZJ_SPAN_LIT("Rar!\x1a\x07"), "rar"},
        {ZJ_SPAN_LIT("%PDF-"), "pdf"},
        {ZJ_SPAN_LIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "doc, xls"},
    };
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if (zj_span_starts(head, kinds[i].magic))
            return kinds[i].name;
    return NULL;
}

static void set_fault(struct file *file, const char *format, const char *reason)
{
    struct zj_buf text = {0};
    zj_buf_printf(&text, "%s: ", file->path);
    for (; *format; format++)
        if (format[0] == '%')
            zj_buf_str(&text, reason), format++;
        else
            zj_buf_byte(&text, (uint8_t)*format);
    free(file->fault);
    file->fault = zj_strdup(zj_buf_cstr(&text));
    zj_buf_release(&text);
}

static void scan_one(struct reader *r, struct zj_identify_stream *stream, uint8_t *chunk)
{
    const struct zj_job *job = r->run->job;
    const bool is_stdin = strcmp(r->file->path, "-") == 0;
    FILE *in = is_stdin ? stdin : fopen(r->file->path, "rb");
    if (!in) {
        set_fault(r->file, "%s", zj_strerror(job, errno));
        return;
    }
    const char *packed = NULL;
    size_t got;
    bool is_first = true;
    errno = 0;
    while ((got = fread(chunk, 1, CHUNK, in)) > 0 && !zj_is_interrupted(job)) {
        if (is_first && (packed = packed_kind(zj_span_of(chunk, got))) != NULL)
            break;
        is_first = false;
        zj_identify_feed(stream, zj_span_of(chunk, got));
    }
    zj_identify_finish(stream);
    if (ferror(in))
        set_fault(r->file, "%s", zj_strerror(job, errno));
    else if (packed)
        set_fault(r->file,
                  zj_tr(job, "packed (%s), not looked into: zhuji inventory reads such files",
                        "压缩或封装文件（%s），未识别：请用 zhuji inventory 盘点，或解包后再识别"),
                  packed);
    if (!is_stdin)
        fclose(in);
}

static void *work(void *ctx)
{
    struct run *run = ctx;
    struct reader r = {.run = run};
    struct zj_identify_stream *stream = zj_identify_stream(run->identifier, on_finds, &r);
    uint8_t *chunk = zj_alloc(CHUNK);
    for (;;) {
        pthread_mutex_lock(&run->lock);
        r.index = run->next < run->count ? run->next++ : run->count;
        pthread_mutex_unlock(&run->lock);
        if (r.index == run->count)
            break;
        r.file = &run->files[r.index];
        r.has_turn = false;
        for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
            r.heads[i].len = 0;
        if (!zj_is_interrupted(run->job))
            scan_one(&r, stream, chunk);
        leave_output(&r);
    }
    free(chunk);
    zj_identify_stream_free(stream);
    for (size_t i = 0; i < WHYS; i++)
        zj_buf_release(&r.whys[i].json);
    zj_buf_release(&r.out);
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
        zj_buf_release(&r.heads[i]);
    zj_buf_release(&r.text);
    zj_buf_release(&r.value);
    return NULL;
}

static void add_file(struct run *run, const char *path)
{
    if (run->count == run->room) {
        run->room = run->room ? run->room * 2 : 64;
        run->files = zj_realloc(run->files, run->room * sizeof *run->files);
    }
    run->files[run->count++] = (struct file){.path = zj_arena_strdup(&run->job->arena, path)};
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* All regular files under a folder; links are not followed. */
static void add_path(struct run *run, const char *path)
{
    char *roots[] = {zj_arena_strdup(&run->job->arena, path), NULL};
    FTS *tree =
        strcmp(path, "-") == 0 ? NULL : fts_open(roots, FTS_COMFOLLOW | FTS_PHYSICAL, by_name);
    FTSENT *entry = tree ? fts_read(tree) : NULL;
    if (!entry || entry->fts_info != FTS_D) {
        add_file(run, path);
    } else {
        while ((entry = fts_read(tree)) != NULL) {
            if (entry->fts_info == FTS_F || entry->fts_info == FTS_DNR ||
                entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS)
                add_file(run, entry->fts_path);
        }
    }
    if (tree)
        fts_close(tree);
}

static void write_total(struct run *run)
{
    struct zj_buf text = {0};
    struct tally total = {0};
    struct zj_json j = zj_json_to(&text);
    zj_json_object(&j);
    zj_json_key(&j, "files");
    zj_json_array(&j);
    for (size_t i = 0; i < run->count; i++) {
        const struct file *file = &run->files[i];
        if (file->fault && !file->bytes)
            continue;
        zj_json_object(&j);
        zj_json_kstr(&j, "file", file->path);
        zj_json_kint(&j, "bytes", (int64_t)file->bytes);
        zj_json_key(&j, "types");
        write_tally(&j, &file->tally);
        zj_json_object_end(&j);
        for (size_t t = 0; t < ZJ_TYPE_COUNT; t++)
            total.of_type[t] += file->tally.of_type[t];
    }
    zj_json_array_end(&j);
    zj_json_key(&j, "types");
    write_tally(&j, &total);
    zj_json_object_end(&j);
    fprintf(run->job->out, "%s\n", zj_buf_cstr(&text));
    zj_buf_release(&text);
}

static size_t thread_count(const struct run *run)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads =
        run->args->threads > 0 ? (size_t)run->args->threads : (size_t)(cores > 0 ? cores : 1);
    threads = threads > THREADS_MAX ? THREADS_MAX : threads;
    return threads > run->count ? run->count : threads;
}

/* Goes on after a file that cannot be read; the first failure is the one told, the others are
 * counted. */
static zj_err scan_files(struct run *run, int argc, char **argv)
{
    pthread_t threads[THREADS_MAX];
    for (int i = 0; i < argc; i++)
        add_path(run, argv[i]);
    const size_t count = thread_count(run);
    size_t started = 0;
    for (size_t i = 1; i < count; i++)
        started += pthread_create(&threads[started], NULL, work, run) == 0;
    work(run);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (run->job->output == ZJ_OUTPUT_JSON)
        write_total(run);
    size_t faults = 0;
    for (size_t i = 0; i < run->count; i++)
        faults += run->files[i].fault != NULL;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < run->count; i++) {
        if (run->files[i].fault && !err)
            err = faults == 1
                      ? zj_fail(run->job, ZJ_EINPUT, "%s", run->files[i].fault)
                      : zj_fail(run->job, ZJ_EINPUT,
                                zj_tr(run->job, "%s (and %zu more)", "%s（另有 %zu 个文件）"),
                                run->files[i].fault, faults - 1);
        free(run->files[i].fault);
    }
    free(run->files);
    return err;
}

static void write_record(struct run *run, struct zj_identify_scratch *scratch, const char *id,
                         struct zj_span bytes)
{
    const struct zj_find *finds;
    struct zj_buf line = {0};
    const size_t count = zj_identify_find(scratch, bytes, &finds);
    struct zj_json j = zj_json_to(&line);
    zj_json_object(&j);
    zj_json_kstr(&j, "id", id);
    zj_json_key(&j, "found");
    zj_json_array(&j);
    for (size_t i = 0; i < count; i++) {
        zj_json_object(&j);
        zj_json_kstr(&j, "type", zj_identify_type_info((enum zj_identify_type)finds[i].type)->name);
        zj_json_kint(&j, "start", finds[i].start);
        zj_json_kint(&j, "end", finds[i].end);
        zj_json_kfixed(&j, "score", finds[i].score, 2);
        if (run->args->explain) {
            write_reason(&j, finds[i].why);
            write_context(&j, &finds[i]);
        }
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    zj_buf_byte(&line, '\n');
    fwrite(line.at, 1, line.len, run->job->out);
    zj_buf_release(&line);
}

static zj_err scan_record(struct run *run, struct zj_identify_scratch *scratch, struct zj_span text)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    const zj_err err = zj_jdoc_parse(run->job, text, LINE_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_jval *root = zj_jdoc_root(doc), *hex = zj_jval_get(root, "hex");
    const char *id = zj_jval_cstr(zj_jval_get(root, "id"), NULL);
    if (!hex) {
        write_record(run, scratch, id, zj_jval_text(zj_jval_get(root, "text")));
        return ZJ_OK;
    }
    struct zj_buf bytes = {0};
    const bool is_hex = zj_buf_from_hex(&bytes, zj_jval_text(hex));
    if (is_hex)
        write_record(run, scratch, id, zj_buf_all(&bytes));
    zj_buf_release(&bytes);
    return is_hex ? ZJ_OK
                  : zj_fail(run->job, ZJ_EINPUT,
                            zj_tr(run->job, "hex: no hex digits", "hex：不是十六进制"));
}

static zj_err scan_records(struct run *run, const char *path)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!in)
        return zj_fail(run->job, ZJ_EINPUT, "%s: %s", path, zj_strerror(run->job, errno));
    struct zj_identify_scratch *scratch = zj_identify_scratch(run->identifier);
    ZJ_AUTO(zj_freep) char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t len;
    zj_err worst = ZJ_OK;
    while ((len = getline(&line, &room, in)) >= 0 && !zj_is_interrupted(run->job)) {
        number++;
        const struct zj_span text = zj_span_trim(zj_span_of(line, (size_t)len));
        if (!text.len)
            continue;
        if (!worst)
            zj_job_clear(run->job);
        const zj_err err = scan_record(run, scratch, text);
        if (err && !worst)
            worst = zj_fail(run->job, err, zj_tr(run->job, "%s: line %zu", "%s：第 %zu 行"), path,
                            number);
    }
    if (in != stdin)
        fclose(in);
    zj_identify_scratch_free(scratch);
    return worst;
}

static zj_err list_types(struct zj_job *job)
{
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++) {
        const struct zj_identify_type_info *info = zj_identify_type_info((enum zj_identify_type)i);
        struct zj_buf line = {0};
        if (job->output == ZJ_OUTPUT_TABLE) {
            zj_buf_printf(&line, "%-20s %s", info->name, zj_tr(job, info->en, info->zh));
        } else {
            struct zj_json j = zj_json_to(&line);
            zj_json_object(&j);
            zj_json_kstr(&j, "type", info->name);
            zj_json_kstr(&j, "en", info->en);
            zj_json_kstr(&j, "zh", info->zh);
            zj_json_kbool(&j, "is_personal", info->is_personal);
            zj_json_object_end(&j);
        }
        fprintf(job->out, "%s\n", zj_buf_cstr(&line));
        zj_buf_release(&line);
    }
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    if (args->types)
        return list_types(job);
    if (!!args->records == (argc > 0))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "give FILE... or --records FILE.jsonl",
                             "请给出 FILE… 或 --records FILE.jsonl"));
    struct run run = {.job = job, .args = args};
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.turned, NULL);
    zj_err err = zj_identifier_open(job, &run.identifier);
    if (!err)
        err = args->records ? scan_records(&run, args->records) : scan_files(&run, argc, argv);
    zj_identifier_close(run.identifier);
    pthread_cond_destroy(&run.turned);
    pthread_mutex_destroy(&run.lock);
    return err;
}

static const char *const examples[] = {
    "zhuji identify export.csv telemetry.log",
    "zhuji identify --explain /var/log/tsp",
    "zhuji identify --jsonl --show - < dump.json",
    "zhuji identify --records records.jsonl",
    NULL,
};

const struct zj_verb zj_verb_identify = {
    .name = "identify",
    .args = "(FILE... | - | --records FILE.jsonl | --types)",
    .en = "find personal and vehicle data in files",
    .zh = "在文件中识别个人信息与车辆数据",
    .examples = examples,
    .opts = opts,
    .argc_max = -1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
