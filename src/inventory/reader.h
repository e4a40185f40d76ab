/* Readers of file kinds. One is a file that ends in a descriptor, and a line in readers.def. It
 * gives what it reads to tables (table.h), and what it cannot read to zj_scan_unread. */
#ifndef ZJ_INVENTORY_READER_H
#define ZJ_INVENTORY_READER_H

#include "identify/identify.h"
#include "inventory/input.h"
#include "inventory/inventory.h"

enum {
    ZJ_SCAN_DEPTH_MAX = 4,         /* archives in archives */
    ZJ_SCAN_ENTRIES_MAX = 200000,  /* of one file, all its archives together */
    ZJ_SCAN_WHOLE_MAX = 512 << 20, /* what a reader may hold in memory of a packed member */
    ZJ_SCAN_RATIO_MAX = 250,       /* inflated to packed bytes, looked at above: */
    ZJ_SCAN_RATIO_FROM = 64 << 20,
    ZJ_SCAN_RECORD_MAX = 16 << 20, /* a record or line held at once */
    ZJ_SCAN_TABLES_MAX = 4096,     /* of one file */
};

/* The reading of one file, with all that is packed in it. */
struct zj_scan {
    struct zj_job *job;
    const struct zj_inv_sink *sink;
    const struct zj_inv_rules *rules;
    struct zj_identify_scratch *scratch;
    const char *source;
    unsigned depth;
    uint64_t packed, inflated, inflated_max;
    uint32_t entries, tables, too_deep;
    bool is_over; /* a limit was passed: nothing more is unpacked */
    /* Of a slice of a file (slices.h): where its table is put when it is full, to be judged with
     * the others. NULL: tables are judged by themselves. */
    struct zj_inv_table **keeps;
    bool is_later_slice;
    const struct zj_inv_table
        *names; /* of a later slice: its columns as the file's head names them */
};

struct zj_reader_kind {
    const char *name;
    const char *en, *zh;
    bool is_text; /* wants UTF-8 */
    /* How surely this is its kind: 0 not, 100 by its magic bytes, less by extension or looks. */
    int (*probe)(struct zj_span head, const char *extension);
    /* Reads all of `in`; `path` is what the object is called. A failure tells what is missing. */
    zj_err (*read)(struct zj_scan *scan, struct zj_in *in, const char *path);
    /* Of kinds whose files can be cut between lines: `rest`, which stands behind a line end of the
     * file that begins with `head`, is the start of a record. NULL: they are read in one piece. */
    bool (*starts_record)(struct zj_span head, struct zj_span rest);
    /* How long the record at the start of `rest` is, 0 where its end is not seen. NULL: a line. */
    size_t (*record_len)(struct zj_span head, struct zj_span rest);
};

/* Finds the reader by the first bytes and reads. Failures of the input are told to the sink, and
 * only those of the sink come back. */
zj_err zj_scan_input(struct zj_scan *scan, struct zj_in *in, const char *path);
/* The reader for what begins so, by the extension of its name; NULL: none. */
const struct zj_reader_kind *zj_scan_reader(struct zj_span head, const char *name,
                                            enum zj_charset charset);
/* Text by a reader that wants UTF-8; faults of the input are told. */
zj_err zj_scan_text(struct zj_scan *scan, const struct zj_reader_kind *reader, struct zj_in *in,
                    enum zj_charset charset, const char *path);
zj_err zj_scan_unread(struct zj_scan *scan, const char *place, const char *reason);

/* What was unpacked is too much, by itself or for what it was unpacked from. Sets is_over. */
bool zj_scan_is_bomb(struct zj_scan *scan);

/* Counts what was unpacked; true, and why in `fault`, where it is too much. */
bool zj_scan_took(struct zj_scan *scan, uint64_t bytes, char *fault, size_t size);
zj_err zj_scan_too_deep(struct zj_scan *scan, const char *path); /* tells it */

struct archive;
const char *zj_archive_fault(struct archive *a);      /* what the library says of it */
extern const struct zj_reader_kind zj_reader_archive; /* also of what a packed file holds */
extern const struct zj_reader_kind zj_reader_binary;  /* also of compound files of other kinds */

const char *zj_extension_of(const char *name); /* "" where it has none; NULL for a name is none */
bool zj_extension_is(const char *extension, const char *list); /* "csv|tsv" */

#endif
