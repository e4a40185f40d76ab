/* A workbook's reader. The input is the sheet's XML, put into an otherwise sound workbook, or, after
 * a first byte of 'P', the whole ZIP. */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "register/sheet.h"

static zj_err take(struct zj_job *job, void *ctx, const struct zj_sheet_row *row)
{
    (void)job, (void)ctx; /* only bounds are looked at */
    assert(row->count <= ZJ_SHEET_COLS_MAX && row->number > 0);
    for (size_t i = 0; i < row->count; i++)
        assert(row->cells[i].text.len <= ZJ_SHEET_ROW_BYTES_MAX + ZJ_SHEET_CELL_BYTES_MAX);
    return ZJ_OK;
}

static void add(zip_t *zip, const char *name, const void *at, size_t len)
{
    zip_source_t *source = zip_source_buffer(zip, at, len, 0);
    const zip_int64_t index = zip_file_add(zip, name, source, 0);
    assert(index >= 0);
    zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
}

static void write_book(int fd, struct zj_span sheet)
{
    static const char workbook[] = "<workbook xmlns:r='x'><sheets><sheet r:id='a'/></sheets>"
                                   "</workbook>";
    static const char rels[] = "<R><Relationship Id='a' Target='s.xml'/></R>";
    static const char styles[] = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
                                 "</cellXfs></styleSheet>";
    static const char strings[] = "<sst><si><t>a</t></si><si><t>b</t></si></sst>";
    zip_error_t error;
    zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
    zip_source_keep(buffer);
    add(zip, "xl/workbook.xml", workbook, sizeof workbook - 1);
    add(zip, "xl/_rels/workbook.xml.rels", rels, sizeof rels - 1);
    add(zip, "xl/styles.xml", styles, sizeof styles - 1);
    add(zip, "xl/sharedStrings.xml", strings, sizeof strings - 1);
    add(zip, "xl/s.xml", sheet.at, sheet.len);
    assert(zip_close(zip) == 0);
    uint8_t bytes[4096];
    zip_int64_t n;
    assert(zip_source_open(buffer) == 0);
    while ((n = zip_source_read(buffer, bytes, sizeof bytes)) > 0)
        assert(write(fd, bytes, (size_t)n) == n);
    zip_source_close(buffer);
    zip_source_free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct zj_sheet_out out = {take, NULL};
    struct zj_job job;
    const int fd = memfd_create("book", MFD_CLOEXEC), spool = memfd_create("spool", MFD_CLOEXEC);
    assert(fd >= 0 && spool >= 0);
    if (size && data[0] == 'P')
        assert(write(fd, data, size) == (ssize_t)size);
    else
        write_book(fd, zj_span_of(data, size));
    lseek(fd, 0, SEEK_SET);
    zj_job_init(&job);
    (void)zj_xlsx_read(&job, fd, spool, &out); /* any verdict is right */
    zj_job_release(&job);
    close(fd);
    close(spool);
    return 0;
}
