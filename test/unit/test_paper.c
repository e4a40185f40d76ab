/* Tables for people: what goes out as a workbook or CSV comes back through our own readers as it
 * was. Wanted cells were written down by hand from the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/workbook.h"
#include "paper/paper.h"
#include "register/sheet.h"

static const struct zj_paper_word states[] = {
    {"overdue", "Overdue", "逾期", ZJ_TONE_BAD},
    {"met", "Met", "已满足", ZJ_TONE_GOOD},
    {0},
};

static enum zj_tone say_both(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    (void)job, (void)col; /* says the same in every language */
    zj_buf_span(out, zj_jval_text(zj_jval_at(row, "subject.id")));
    zj_buf_span(out, zj_jval_text(zj_jval_at(row, "list.1")));
    return ZJ_TONE_WARN;
}

static const struct zj_paper_col cols[] = {
    ZJ_COL("state", "State", "状态", ZJ_CELL_TEXT, 8, .words = states),
    ZJ_COL("subject.id", "Subject", "对象", ZJ_CELL_CODE, 20),
    ZJ_COL("count", "Count", "数量", ZJ_CELL_NUMBER, 8),
    ZJ_COL("seen", "Seen", "时间", ZJ_CELL_TIME, 17),
    ZJ_COL("flag", "Flag", "标记", ZJ_CELL_FLAG, 6),
    ZJ_COL("list", "List", "列表", ZJ_CELL_TEXT, 20),
    ZJ_COL("", "Both", "合并", ZJ_CELL_TEXT, 20, .say = say_both),
};

static const struct zj_paper_table table = {
    .name = "things", .en = "Things", .zh = "事物", .cols = cols, .col_count = ZJ_COUNT(cols)};

static const char *const rows[] = {
    "{\"state\":\"overdue\",\"subject\":{\"id\":\"89860420000000002058\"},\"count\":3,"
    "\"seen\":\"2026-11-23T09:48:28+08:00\",\"flag\":true,\"list\":[\"甲\",\"met\"]}",
    "{\"state\":\"met\",\"subject\":{\"id\":\"=1+1\"},\"count\":-2,\"seen\":null,\"flag\":false,"
    "\"list\":[]}",
    "{\"state\":\"else\",\"subject\":{\"id\":\"@sum\"},\"count\":0,\"list\":[\"a\\\"b,c\\nd\"]}",
    "{\"subject\":{\"id\":\"-5 𠮷\"}}",
};

static zj_err dump_row(struct zj_job *job, void *ctx, const struct zj_sheet_row *row)
{
    static const char *const marks[] = {"", "#", "@", "!", "="};
    struct zj_buf *out = ctx;
    (void)job; /* printing cannot fail */
    for (size_t i = 0; i < row->count; i++) {
        zj_buf_printf(out, "%s%s", i ? "|" : "", marks[row->cells[i].kind]);
        zj_buf_span(out, row->cells[i].text);
    }
    zj_buf_byte(out, '\n');
    return ZJ_OK;
}

static void write_rows(struct zj_job *job, enum zj_paper_format format, FILE *out)
{
    const struct zj_paper_head head = {.title = "事物", .org = "示例单位", .is_synthetic = true};
    struct zj_paper *paper = NULL;
    assert_int_equal(zj_paper_open(job, format, &head, out, &paper), ZJ_OK);
    assert_int_equal(zj_paper_begin(job, paper, &table), ZJ_OK);
    for (size_t i = 0; i < ZJ_COUNT(rows); i++) {
        ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
        assert_int_equal(zj_jdoc_parse(job, zj_span_str(rows[i]), 4096, &doc), ZJ_OK);
        assert_int_equal(zj_paper_row(job, paper, zj_jdoc_root(doc)), ZJ_OK);
    }
    assert_int_equal(zj_paper_row_count(paper), ZJ_COUNT(rows));
    assert_int_equal(zj_paper_close(job, paper), ZJ_OK);
    fflush(out);
}

static void test_workbook(void **state)
{
    struct zj_job job;
    struct zj_buf text = {0};
    const struct zj_sheet_out sink = {dump_row, &text};
    FILE *file = tmpfile(), *spool = tmpfile();
    (void)state; /* no fixture */
    zj_job_init(&job);
    job.lang = ZJ_ZH;
    write_rows(&job, ZJ_PAPER_XLSX, file);
    assert_int_equal(zj_xlsx_read(&job, fileno(file), fileno(spool), &sink), ZJ_OK);
    assert_string_equal(zj_buf_cstr(&text),
                        "状态|对象|数量|时间|标记|列表|合并\n"
                        "逾期|89860420000000002058|#3|2026-11-23 09:48|是|甲；met|"
                        "89860420000000002058met\n"
                        "已满足|=1+1|#-2||||=1+1\n"
                        "else|@sum|#0|||a\"b,c\nd|@sum\n"
                        "|-5 𠮷|||||-5 𠮷\n");
    zj_buf_release(&text);
    fclose(file);
    fclose(spool);
    zj_job_release(&job);
}

/* A spreadsheet takes no cell for a formula: ' stands before it, but not before a number. */
static void test_csv(void **state)
{
    struct zj_job job;
    char bytes[2048];
    FILE *file = tmpfile();
    (void)state; /* no fixture */
    zj_job_init(&job);
    job.lang = ZJ_EN;
    write_rows(&job, ZJ_PAPER_CSV, file);
    rewind(file);
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    assert_string_equal(bytes,
                        "\xef\xbb\xbf" "State,Subject,Count,Seen,Flag,List,Both\r\n"
                        "Overdue,89860420000000002058,3,2026-11-23 09:48,yes,\"甲; met\","
                        "89860420000000002058met\r\n"
                        "Met,'=1+1,-2,,,,'=1+1\r\n"
                        "else,'@sum,0,,,\"a\"\"b,c\nd\",'@sum\r\n"
                        ",'-5 𠮷,,,,,'-5 𠮷\r\n");
    fclose(file);
    zj_job_release(&job);
}

static const struct zj_paper_table upright = {.name = "sheet",
                                             .en = "Sheet",
                                             .zh = "记录",
                                             .note_en = "One thing.",
                                             .note_zh = "一件事。",
                                             .cols = cols,
                                             .col_count = ZJ_COUNT(cols),
                                             .is_upright = true};

static void put(struct zj_job *job, struct zj_paper *paper, const char *text)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    assert_int_equal(zj_jdoc_parse(job, zj_span_str(text), 1 << 20, &doc), ZJ_OK);
    assert_int_equal(zj_paper_row(job, paper, zj_jdoc_root(doc)), ZJ_OK);
}

/* What its text is, test/e2e/paper.sh reads with Poppler; here: every kind of section, a cell that is
 * longer than a page, and an end. */
static void test_pdf(void **state)
{
    static const struct zj_paper_head head = {.title = "报告", .is_wide = true};
    struct zj_job job;
    struct zj_paper *paper = NULL;
    struct zj_buf text = {0}, bytes = {0};
    FILE *file = tmpfile();
    (void)state; /* no fixture */
    zj_job_init(&job);
    job.lang = ZJ_ZH;
    assert_int_equal(zj_paper_open(&job, ZJ_PAPER_PDF, &head, file, &paper), ZJ_OK);
    assert_int_equal(zj_paper_begin(&job, paper, &upright), ZJ_OK);
    put(&job, paper, rows[0]);
    assert_int_equal(zj_paper_begin(&job, paper, &table), ZJ_OK);
    for (int i = 0; i < 100; i++)
        put(&job, paper, rows[i % 4]);
    zj_buf_str(&text, "{\"state\":\"");
    for (int i = 0; i < 9000; i++)
        zj_buf_str(&text, "长𠮷a ");
    zj_buf_str(&text, "\"}");
    put(&job, paper, zj_buf_cstr(&text));
    assert_int_equal(zj_paper_begin(&job, paper, &table), ZJ_OK); /* without a row */
    assert_int_equal(zj_paper_close(&job, paper), ZJ_OK);
    fflush(file);
    const long len = ftell(file);
    assert_in_range(len, 5000, 2000000);
    zj_buf_reserve(&bytes, (size_t)len);
    rewind(file);
    assert_int_equal(fread(bytes.at, 1, (size_t)len, file), len);
    assert_memory_equal(bytes.at, "%PDF-1.", 7);
    assert_memory_equal(bytes.at + len - 6, "%%EOF\n", 6);
    zj_buf_release(&text);
    zj_buf_release(&bytes);
    fclose(file);
    zj_job_release(&job);
}

static void test_limits(void **state)
{
    static const struct zj_paper_head head = {.title = "t"};
    struct zj_job job;
    struct zj_paper *paper = NULL;
    FILE *file = tmpfile();
    (void)state; /* no fixture */
    zj_job_init(&job);
    job.lang = ZJ_EN;
    assert_int_equal(zj_paper_open(&job, ZJ_PAPER_CSV, &head, file, &paper), ZJ_OK);
    assert_int_equal(zj_paper_begin(&job, paper, &table), ZJ_OK);
    assert_int_equal(zj_paper_begin(&job, paper, &table), ZJ_EUSAGE); /* a second table */
    zj_paper_drop(paper);
    enum zj_paper_format format;
    assert_false(zj_paper_format_find("docx", &format));
    assert_true(zj_paper_format_find("xlsx", &format));
    fclose(file);
    zj_job_release(&job);
}

static int open_files(void)
{
    int count = 0;
    for (int fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void *wait_for_end(void *opaque)
{
    char byte;
    assert_int_equal(read(*(const int *)opaque, &byte, 1), 0);
    return NULL;
}

/* /dev/full takes no byte, and the library tells that on stderr. In a server, which has more threads
 * than one, the log stays ours all the same, and no file stays open. */
static void test_full(void **state)
{
    struct zj_job job;
    pthread_t other;
    int ends[2];
    lxw_worksheet *sheet;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    (void)state; /* no fixture */
    zj_job_init(&job);
    job.lang = ZJ_EN;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pthread_create(&other, NULL, wait_for_end, &ends[0]), 0);
    const int log = memfd_create("log", MFD_CLOEXEC), kept = dup(STDERR_FILENO);
    assert_true(log >= 0 && dup2(log, STDERR_FILENO) == STDERR_FILENO);
    const int before = open_files();
    lxw_workbook *book = workbook_new_opt("/dev/full", &options);
    zj_err err = zj_workbook_sheet(&job, book, "a", &sheet);
    for (lxw_row_t i = 0; !err && i < 1000; i++)
        worksheet_write_number(sheet, i, 0, 0.1 * i, NULL);
    if (!err)
        err = zj_workbook_close(&job, book, "/dev/full", NULL);
    const int after = open_files();
    const off_t said = lseek(log, 0, SEEK_END);
    const bool is_heard = write(STDERR_FILENO, "x", 1) == 1 && lseek(log, 0, SEEK_END) == said + 1;
    dup2(kept, STDERR_FILENO);
    assert_int_equal(err, ZJ_EIO);
    assert_string_equal(job.message, "No space left on device");
    assert_int_equal(said, 0);
    assert_true(is_heard);
    assert_int_equal(after, before);
    close(kept);
    close(log);
    close(ends[1]);
    pthread_join(other, NULL);
    close(ends[0]);
    zj_job_release(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workbook),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_pdf),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
