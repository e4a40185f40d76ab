/* CSV by the piece: the first byte says how large the pieces are; each way of cutting gives the same
 * rows. */
#include <assert.h>

#include "register/sheet.h"

static zj_err take(struct zj_job *job, void *ctx, const struct zj_sheet_row *row)
{
    struct zj_buf *out = ctx;
    (void)job; /* nothing can fail */
    assert(row->count <= ZJ_SHEET_COLS_MAX && row->number > 0);
    zj_buf_i64(out, row->number);
    for (size_t i = 0; i < row->count; i++) {
        zj_buf_byte(out, '|');
        zj_buf_span(out, row->cells[i].text);
    }
    zj_buf_byte(out, '\n');
    return ZJ_OK;
}

static zj_err read_all(struct zj_span bytes, size_t step, struct zj_buf *out)
{
    struct zj_job job;
    const struct zj_sheet_out sheet = {take, out};
    zj_err err = ZJ_OK;
    zj_job_init(&job);
    struct zj_csv *csv = zj_csv_new(&sheet);
    for (size_t at = 0; at < bytes.len && !err; at += step)
        err = zj_csv_feed(&job, csv, zj_span_part(bytes, at, step));
    if (!err)
        err = zj_csv_end(&job, csv);
    zj_csv_free(csv);
    zj_job_release(&job);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zj_buf whole = {0}, pieces = {0};
    if (size < 1)
        return 0;
    const struct zj_span bytes = {data + 1, size - 1};
    const zj_err err = read_all(bytes, size, &whole);
    /* below the length that is looked at for the delimiter, cutting changes nothing at all */
    if (size < 8192) {
        assert(read_all(bytes, 1 + data[0], &pieces) == err);
        assert(zj_span_eq(zj_buf_all(&whole), zj_buf_all(&pieces)));
    }
    zj_buf_release(&whole);
    zj_buf_release(&pieces);
    return 0;
}
