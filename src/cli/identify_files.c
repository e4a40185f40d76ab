/* Files are shared out among threads; what is printed comes in the order of the files all the same.
 * A large file is read in parts, each of whole windows of its stream, which threads with nothing
 * else to do take too. A part is looked through with the state that the parts before it are thought
 * to leave (the header of a table, or none); in its turn that is known, and where it was another
 * the part is looked through again. So the number of threads makes no difference to what is found.
 */
#include <errno.h>
#include <fts.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mask.h"
#include "cli/identify_files.h"

enum {
    PART = 1 << 20, /* what is read stays near the processor until it is looked through */
    ROOM = PART + ZJ_IDENTIFY_WINDOW,
    OUTPUT_HELD_MAX = 8 << 20, /* of a file whose turn to print has not come */
    ALL_HELD_MAX = 64 << 20,   /* of all files that are done before their turn */
    THREADS_MAX = 64,
    EXAMPLES = 3, /* of a type in a file, for counts with an explanation */
    WHYS = 128,
};

struct tally {
    uint64_t of_type[ZJ_TYPE_COUNT];
};

/* An open file. What threads share of it is guarded by the lock of the run, but for the fields that
 * reading has. */
struct source {
    pthread_mutex_t reading;
    FILE *in;
    struct zj_buf carry;             /* read, behind the last whole window */
    uint64_t base;                   /* of the next part */
    size_t next;                     /* part */
    bool is_read;                    /* to its end */
    size_t committed;                /* parts whose finds are counted and printed */
    struct zj_identify_state *state; /* behind them */
    unsigned users;
    struct file *file;
    struct source *behind; /* the next of the open files that want threads */
};

struct file {
    const char *path;
    uint64_t bytes;
    struct tally tally;
    char *fault;            /* why it was not read, or not to its end */
    struct zj_buf out;      /* where it was done before its turn to print */
    struct zj_buf examples; /* JSON, open behind the last */
    uint8_t explained[ZJ_TYPE_COUNT];
    bool is_done;
};

struct run {
    struct zj_job *job;
    const struct zj_identify_args *args;
    const struct zj_identifier *identifier;
    struct file *files;
    size_t count, room;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    struct source *open; /* files that want more threads, in their order */
    size_t starting;     /* files whose first part is not done: more may be open soon */
    size_t next;         /* file that no thread has taken */
    size_t turn;         /* file whose output goes out */
    size_t held;         /* bytes of output that wait for it */
};

/* A reason in Chinese, and as it is written: `,"why":…`. */
struct why {
    const char *why; /* NULL: not used */
    const char *zh;
    struct zj_buf json;
};

/* A thread, with a part of a file. */
struct reader {
    struct run *run;
    struct file *file;
    struct source *source;
    struct zj_identify_scratch *scratch;
    struct zj_identify_state *guess, *state;
    uint8_t *bytes;
    size_t len;     /* of all windows */
    uint32_t *cuts; /* their lengths */
    size_t cut_count, cut_room;
    uint64_t base;      /* of the part */
    size_t index;       /* likewise */
    bool is_last;       /* likewise */
    struct tally tally; /* likewise */
    struct zj_buf out;
    struct zj_buf examples;
    struct {
        uint32_t at, len;
        uint8_t type;
    } example[EXAMPLES * ZJ_TYPE_COUNT];
    size_t example_count;
    struct zj_buf heads[ZJ_TYPE_COUNT]; /* of the object of a find: the file and the type */
    struct zj_buf text, value;          /* of a find: as UTF-8, and as it is shown */
    struct why whys[WHYS];              /* those seen last */
};

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
}

static size_t index_of(const struct run *run, const struct file *file)
{
    return (size_t)(file - run->files);
}

/* What the part has to print, in its turn among the parts of its file. The lock of the run is held,
 * and given up while it is written. */
static void print_part(struct reader *r)
{
    struct run *run = r->run;
    struct zj_buf *held = &r->file->out;
    const size_t index = index_of(run, r->file);
    while (run->turn != index && held->len + r->out.len > OUTPUT_HELD_MAX)
        pthread_cond_wait(&run->turned, &run->lock);
    if (run->turn != index) {
        zj_buf_span(held, zj_buf_all(&r->out));
        run->held += r->out.len;
        return;
    }
    run->held -= held->len;
    pthread_mutex_unlock(&run->lock);
    if (held->len)
        fwrite(held->at, 1, held->len, run->job->out);
    if (r->out.len)
        fwrite(r->out.at, 1, r->out.len, run->job->out);
    zj_buf_release(held);
    pthread_mutex_lock(&run->lock);
}

void zj_identify_put_why(struct zj_json *j, const char *why)
{
    zj_json_kstr(j, "why", why);
    zj_json_kstr(j, "why_zh", zj_why_zh(why));
}

void zj_identify_put_context(struct zj_json *j, const struct zj_find *find)
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
        zj_identify_put_why(&j, why);
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

static void put_place(struct reader *r, struct zj_json *j, uint64_t base,
                      const struct zj_find *find)
{
    zj_json_kint(j, "start", (int64_t)(base + find->start));
    zj_json_kint(j, "end", (int64_t)(base + find->end));
    zj_json_kfixed(j, "score", find->score, 2);
    zj_buf_span(j->out, zj_buf_all(&reason_of(r, find->why)->json));
    zj_identify_put_context(j, find);
    zj_json_kspan(j, "value", zj_buf_all(&r->value));
    zj_json_object_end(j);
}

static void write_find(struct reader *r, uint64_t base, const struct zj_find *find)
{
    zj_buf_span(&r->out, head_of(r, (enum zj_identify_type)find->type));
    struct zj_json j = zj_json_to(&r->out);
    zj_json_object_reopen(&j);
    put_place(r, &j, base, find);
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

/* The first of each type in a file explain its counts. */
static void keep_example(struct reader *r, uint64_t base, const struct zj_find *find)
{
    struct zj_json j = zj_json_to(&r->examples);
    const uint32_t at = (uint32_t)r->examples.len;
    zj_json_object(&j);
    zj_json_kstr(&j, "type", zj_identify_type_info((enum zj_identify_type)find->type)->name);
    put_place(r, &j, base, find);
    r->example[r->example_count].at = at;
    r->example[r->example_count].len = (uint32_t)r->examples.len - at;
    r->example[r->example_count++].type = find->type;
}

static void take_examples(struct reader *r)
{
    struct file *file = r->file;
    for (size_t i = 0; i < r->example_count; i++) {
        if (file->explained[r->example[i].type] >= EXAMPLES)
            continue;
        file->explained[r->example[i].type]++;
        zj_buf_byte(&file->examples, file->examples.len ? ',' : '[');
        zj_buf_span(&file->examples,
                    zj_span_part(zj_buf_all(&r->examples), r->example[i].at, r->example[i].len));
    }
}

static void take_finds(struct reader *r, struct zj_span bytes, uint64_t base,
                       const struct zj_find *finds, size_t count)
{
    const bool is_counted = r->run->job->output == ZJ_OUTPUT_JSON;
    for (size_t i = 0; i < count; i++) {
        const struct zj_find *find = &finds[i];
        const uint64_t seen = r->tally.of_type[find->type]++;
        if (is_counted && (!r->run->args->explain || seen >= EXAMPLES))
            continue;
        r->text.len = r->value.len = 0;
        zj_identify_text(r->run->identifier,
                         zj_span_part(bytes, find->start, find->end - find->start),
                         (enum zj_form)find->form, &r->text);
        if (r->run->args->show)
            zj_buf_span(&r->value, zj_buf_all(&r->text));
        else
            zj_mask_value(&r->value, zj_buf_all(&r->text));
        if (is_counted)
            keep_example(r, base, find);
        else if (r->run->job->output == ZJ_OUTPUT_JSONL)
            write_find(r, base, find);
        else
            print_line(r, base, find);
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

/* Its mark, or letters and characters of Chinese in each four bytes. */
static bool is_utf32(struct zj_span head)
{
    const size_t units = head.len / 4 < 64 ? head.len / 4 : 64;
    size_t ascii = 0, others = 0;
    const bool is_big = head.len >= 4 && !head.at[0];
    for (size_t i = 0; i < units; i++) {
        const uint8_t *p = head.at + 4 * i;
        const unsigned low = is_big ? p[3] : p[0], high = is_big ? p[2] : p[1];
        const bool is_plain = is_big ? !p[0] && !p[1] : !p[2] && !p[3];
        ascii += is_plain && !high && (low >= ' ' || low == '\n' || low == '\r' || low == '\t');
        others += is_plain && high >= 0x4e;
    }
    return zj_span_starts(head, ZJ_SPAN_LIT("\xff\xfe\0\0")) ||
           zj_span_starts(head, ZJ_SPAN_LIT("\0\0\xfe\xff")) ||
           (units >= 8 && ascii + others == units && ascii * 4 >= units);
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

/* Looks through the part; r->state goes with its windows. */
static void scan_part(struct reader *r)
{
    size_t at = 0;
    r->out.len = r->examples.len = r->example_count = 0;
    r->tally = (struct tally){0};
    for (size_t i = 0; i < r->cut_count && !zj_is_interrupted(r->run->job); i++) {
        const struct zj_find *finds;
        const struct zj_span window = zj_span_of(r->bytes + at, r->cuts[i]);
        const size_t count = zj_identify_next(r->scratch, r->state, window, &finds);
        take_finds(r, window, r->base + at, finds, count);
        at += r->cuts[i];
    }
}

static void cut_part(struct reader *r, size_t len, bool is_end)
{
    size_t next;
    r->len = r->cut_count = 0;
    while ((next = zj_identify_window(zj_span_of(r->bytes + r->len, len - r->len), is_end)) != 0) {
        if (r->cut_count == r->cut_room) {
            r->cut_room = r->cut_room ? r->cut_room * 2 : 64;
            r->cuts = zj_realloc(r->cuts, r->cut_room * sizeof *r->cuts);
        }
        r->cuts[r->cut_count++] = (uint32_t)next;
        r->len += next;
    }
}

/* The next part of the file; false: there is none any more. */
static bool read_part(struct reader *r)
{
    struct source *source = r->source;
    struct run *run = r->run;
    pthread_mutex_lock(&source->reading);
    if (source->is_read) {
        pthread_mutex_unlock(&source->reading);
        return false;
    }
    r->index = source->next++;
    r->base = source->base;
    size_t len = source->carry.len;
    if (len)
        memcpy(r->bytes, source->carry.at, len);
    errno = 0;
    if (!zj_is_interrupted(run->job))
        len += fread(r->bytes + len, 1, ROOM - len, source->in);
    r->is_last = len < ROOM;
    const char *packed = r->index ? NULL : packed_kind(zj_span_of(r->bytes, len));
    if (ferror(source->in))
        set_fault(r->file, "%s", zj_strerror(run->job, errno));
    else if (packed)
        set_fault(r->file,
                  zj_tr(run->job, "packed (%s), not looked into: zhuji inventory reads such files",
                        "压缩或封装文件（%s），未识别：请用 zhuji inventory 盘点，或解包后再识别"),
                  packed);
    const bool is_wide = !r->index && is_utf32(zj_span_of(r->bytes, len));
    if (is_wide)
        set_fault(r->file, "%s",
                  zj_tr(run->job, "UTF-32, not looked into: convert it to UTF-8",
                        "UTF-32 编码，未识别：请先转换为 UTF-8"));
    packed = is_wide ? "UTF-32" : packed;
    r->is_last |= packed != NULL;
    cut_part(r, packed ? 0 : len, r->is_last);
    source->base += r->len;
    source->carry.len = 0;
    if (!r->is_last)
        zj_buf_span(&source->carry, zj_span_of(r->bytes + r->len, len - r->len));
    pthread_mutex_lock(&run->lock);
    source->is_read = r->is_last;
    zj_identify_state_copy(r->guess, source->state);
    pthread_mutex_unlock(&run->lock);
    pthread_mutex_unlock(&source->reading);
    return true;
}

/* In its turn among the parts of the file: what the part says is counted and printed. */
static void commit_part(struct reader *r)
{
    struct run *run = r->run;
    struct source *source = r->source;
    struct file *file = r->file;
    pthread_mutex_lock(&run->lock);
    while (source->committed != r->index)
        pthread_cond_wait(&run->turned, &run->lock);
    if (!zj_identify_state_same(r->guess, source->state)) {
        zj_identify_state_copy(r->state, source->state);
        pthread_mutex_unlock(&run->lock);
        scan_part(r);
        pthread_mutex_lock(&run->lock);
    }
    zj_identify_state_copy(source->state, r->state);
    file->bytes += r->len;
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
        file->tally.of_type[i] += r->tally.of_type[i];
    take_examples(r);
    if (r->out.len)
        print_part(r);
    if (r->is_last) {
        while (run->turn != index_of(run, file) && run->held > ALL_HELD_MAX)
            pthread_cond_wait(&run->turned, &run->lock);
        file->is_done = true;
        pass_turn(run);
    }
    source->committed++;
    pthread_cond_broadcast(&run->turned);
    pthread_mutex_unlock(&run->lock);
}

/* The file is no longer this thread's. The last closes it. */
static void leave_source(struct run *run, struct source *source)
{
    struct source **at = &run->open;
    pthread_mutex_lock(&run->lock);
    const bool is_over = --source->users == 0 && source->is_read;
    while (is_over && *at && *at != source)
        at = &(*at)->behind;
    if (is_over && *at)
        *at = source->behind;
    pthread_mutex_unlock(&run->lock);
    if (!is_over)
        return;
    if (source->in != stdin)
        fclose(source->in);
    zj_buf_release(&source->carry);
    zj_identify_state_free(source->state);
    pthread_mutex_destroy(&source->reading);
    free(source);
}

/* Nothing of the file can be read: its turn is passed. */
static void pass_file(struct run *run, struct file *file)
{
    pthread_mutex_lock(&run->lock);
    file->is_done = true;
    run->starting--;
    pass_turn(run);
    pthread_cond_broadcast(&run->turned);
    pthread_mutex_unlock(&run->lock);
}

/* Behind all that are open already: files are taken in their order. */
static void offer_source(struct run *run, struct source *source)
{
    struct source **at = &run->open;
    pthread_mutex_lock(&run->lock);
    run->starting--;
    if (!source->is_read) {
        while (*at && (*at)->file < source->file)
            at = &(*at)->behind;
        source->behind = *at;
        *at = source;
    }
    pthread_cond_broadcast(&run->turned);
    pthread_mutex_unlock(&run->lock);
}

static bool take_part(struct reader *r)
{
    if (!read_part(r))
        return false;
    zj_identify_state_copy(r->state, r->guess);
    scan_part(r);
    commit_part(r);
    return true;
}

/* The first part of a file, behind which others may help. */
static void begin_file(struct reader *r)
{
    struct run *run = r->run;
    const bool is_stdin = strcmp(r->file->path, "-") == 0;
    FILE *in = zj_is_interrupted(run->job) ? NULL : is_stdin ? stdin : fopen(r->file->path, "rb");
    if (!in) {
        if (!zj_is_interrupted(run->job))
            set_fault(r->file, "%s", zj_strerror(run->job, errno));
        pass_file(run, r->file);
        return;
    }
    struct source *source = zj_alloc(sizeof *source);
    *source = (struct source){.in = in, .state = zj_identify_state(), .users = 1, .file = r->file};
    pthread_mutex_init(&source->reading, NULL);
    r->source = source;
    take_part(r);
    offer_source(run, source);
    leave_source(run, source);
}

static void begin_reader(struct reader *r)
{
    if (r->bytes)
        return;
    r->bytes = zj_alloc(ROOM);
    r->scratch = zj_identify_scratch(r->run->identifier);
    r->guess = zj_identify_state();
    r->state = zj_identify_state();
}

static void end_reader(struct reader *r)
{
    free(r->bytes);
    free(r->cuts);
    zj_identify_scratch_free(r->scratch);
    zj_identify_state_free(r->guess);
    zj_identify_state_free(r->state);
    for (size_t i = 0; i < WHYS; i++)
        zj_buf_release(&r->whys[i].json);
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
        zj_buf_release(&r->heads[i]);
    zj_buf_release(&r->out);
    zj_buf_release(&r->examples);
    zj_buf_release(&r->text);
    zj_buf_release(&r->value);
    free(r);
}

static void set_file(struct reader *r, struct file *file)
{
    if (r->file == file)
        return;
    r->file = file;
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
        r->heads[i].len = 0;
}

/* What is to be done next: more of an open file, or a new one. False: nothing any more. */
static bool take_work(struct reader *r)
{
    struct run *run = r->run;
    struct file *file = NULL;
    r->source = NULL;
    pthread_mutex_lock(&run->lock);
    while (!file) {
        for (struct source *at = run->open; at && !r->source; at = at->behind)
            r->source = at->is_read ? NULL : at;
        if (r->source) {
            r->source->users++;
            file = r->source->file;
        } else if (run->next < run->count) {
            file = &run->files[run->next++];
            run->starting++;
        } else if (run->starting) {
            pthread_cond_wait(&run->turned, &run->lock);
        } else {
            break;
        }
    }
    pthread_mutex_unlock(&run->lock);
    if (file)
        set_file(r, file);
    return file != NULL;
}

static void *work(void *ctx)
{
    struct reader *r = zj_alloc(sizeof *r);
    r->run = ctx;
    while (take_work(r)) {
        begin_reader(r);
        if (!r->source) {
            begin_file(r);
            continue;
        }
        while (take_part(r))
            continue;
        leave_source(r->run, r->source);
    }
    end_reader(r);
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
        if (run->args->explain) {
            zj_json_key(&j, "examples");
            zj_buf_str(&run->files[i].examples, run->files[i].examples.len ? "]" : "[]");
            zj_json_raw(&j, zj_buf_all(&run->files[i].examples));
        }
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

/* Goes on after a file that cannot be read; the first failure is the one told, the others are
 * counted. */
static zj_err first_fault(const struct run *run)
{
    size_t faults = 0, first = 0;
    for (size_t i = run->count; i-- > 0;)
        if (run->files[i].fault) {
            faults++;
            first = i;
        }
    if (!faults)
        return ZJ_OK;
    if (faults == 1)
        return zj_fail(run->job, ZJ_EINPUT, "%s", run->files[first].fault);
    return zj_fail(run->job, ZJ_EINPUT,
                   zj_tr(run->job, "%s (and %zu more)", "%s（另有 %zu 个文件）"),
                   run->files[first].fault, faults - 1);
}

zj_err zj_identify_files(struct zj_job *job, const struct zj_identify_args *args,
                         const struct zj_identifier *identifier, int argc, char **argv)
{
    struct run run = {.job = job, .args = args, .identifier = identifier};
    pthread_t threads[THREADS_MAX];
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long wanted = args->threads > 0 ? (long)args->threads : cores;
    size_t started = 0;
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.turned, NULL);
    for (int i = 0; i < argc; i++)
        add_path(&run, argv[i]);
    for (long i = 1; i < wanted && i < THREADS_MAX; i++)
        started += pthread_create(&threads[started], NULL, work, &run) == 0;
    work(&run);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (job->output == ZJ_OUTPUT_JSON)
        write_total(&run);
    const zj_err err = first_fault(&run);
    for (size_t i = 0; i < run.count; i++) {
        free(run.files[i].fault);
        zj_buf_release(&run.files[i].examples);
    }
    free(run.files);
    pthread_cond_destroy(&run.turned);
    pthread_mutex_destroy(&run.lock);
    return err;
}
