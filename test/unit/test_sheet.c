/* The readers of CSV and XLSX, alone and behind the sandboxed child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <zip.h>

#include "base/csv.h"
#include "register/sheet.h"

/* Rows as text: "1:a|b\n"; a number's cell has #, a date's @, a fault's !, a
 * formula without a value =. */
static zj_err dump_row(struct zj_job *job, void *ctx, const struct zj_sheet_row *row)
{
    static const char *const marks[] = {"", "#", "@", "!", "="};
    struct zj_buf *out = ctx;
    (void)job; /* printing cannot fail */
    zj_buf_printf(out, "%lld:", (long long)row->number);
    for (size_t i = 0; i < row->count; i++) {
        zj_buf_printf(out, "%s%s", i ? "|" : "", marks[row->cells[i].kind]);
        zj_buf_span(out, row->cells[i].text);
    }
    zj_buf_byte(out, '\n');
    return ZJ_OK;
}

static void read_csv(struct zj_span bytes, size_t step, struct zj_buf *out)
{
    struct zj_job job;
    const struct zj_sheet_out sheet = {dump_row, out};
    zj_job_init(&job);
    job.lang = ZJ_EN;
    struct zj_csv *csv = zj_csv_new(&sheet);
    zj_err err = ZJ_OK;
    for (size_t at = 0; at < bytes.len && !err; at += step)
        err = zj_csv_feed(&job, csv, zj_span_part(bytes, at, step));
    if (!err)
        err = zj_csv_end(&job, csv);
    if (err)
        zj_buf_printf(out, "%s %s", zj_err_info(err)->name, job.message);
    zj_csv_free(csv);
    zj_job_release(&job);
}

#define BYTES(text) ZJ_SPAN_LIT(text)

static void test_csv(void **state)
{
    static const struct {
        const char *name;
        struct zj_span in;
        const char *want;
    } cases[] = {
        {"plain", BYTES("a,b\n1,2\n"), "1:a|b\n2:1|2\n"},
        {"no last line end", BYTES("a,b\r\n1,2"), "1:a|b\n2:1|2\n"},
        {"mark", BYTES("\xef\xbb\xbf" "a\n1\n"), "1:a\n2:1\n"},
        {"RFC 4180 quotes", BYTES("a,b\r\n\"x, y\",\"he said \"\"no\"\"\"\r\n"),
         "1:a|b\n2:x, y|he said \"no\"\n"},
        {"line end in quotes is one row", BYTES("a\n\"1\n2\"\n3\n"), "1:a\n2:1\n2\n3:3\n"},
        {"quote inside a cell is text", BYTES("a\n5\" pipe\n"), "1:a\n2:5\" pipe\n"},
        {"semicolons", BYTES("a;b\n1;2,5\n"), "1:a|b\n2:1|2,5\n"},
        {"tabs", BYTES("a\tb\n1\t2\n"), "1:a|b\n2:1|2\n"},
        {"blank lines count", BYTES("a\n\n\n1\n"), "1:a\n4:1\n"},
        {"lone CR", BYTES("a\r1\r"), "1:a\n2:1\n"},
        {"empty cells", BYTES("a,b,c\n,,\n1,,3\n"), "1:a|b|c\n3:1||3\n"},
        {"GB18030", BYTES("\xd7\xb4\xcc\xac,b\n\xbf\xe2\xb4\xe6,1\n"), "1:状态|b\n2:库存|1\n"},
        {"GB18030 of two characters that Notepad took for UTF-8", BYTES("a\n\xc1\xaa\xcd\xa8\n"),
         "1:a\n2:联通\n"},
        {"UTF-8", BYTES("状态\n库存\n"), "1:状态\n2:库存\n"},
        {"nothing", BYTES(""), ""},
        {"NUL", BYTES("a,b\n1,\0\n"),
         "1:a|b\nEINPUT row 2, column 2 holds a NUL byte: no CSV; save it as CSV UTF-8"},
        {"UTF-16", BYTES("\xff\xfe" "a\0"), "EINPUT the text is UTF-16; save it as CSV UTF-8"},
        {"cut off in quotes", BYTES("a\n\"1,2\n3,4\n"),
         "1:a\nEINPUT the quote opened in row 2 is not closed: the file is cut off"},
    };
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++)
        for (size_t step = 1; step <= 1000; step += 333) {
            ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
            read_csv(cases[i].in, step, &got);
            if (strcmp(zj_buf_cstr(&got), cases[i].want) != 0)
                fail_msg("%s, by %zu: got '%s', wanted '%s'", cases[i].name, step,
                         zj_buf_cstr(&got), cases[i].want);
        }
}

static void test_csv_limits(void **state)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf in = {0}, got = {0};
    (void)state;
    zj_buf_str(&in, "a\n");
    for (size_t i = 0; i <= ZJ_SHEET_CELL_BYTES_MAX; i++)
        zj_buf_byte(&in, 'x');
    read_csv(zj_buf_all(&in), 4096, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "ELIMIT row 2"));
    in.len = got.len = 0;
    for (size_t i = 0; i <= ZJ_SHEET_COLS_MAX; i++)
        zj_buf_byte(&in, ',');
    read_csv(zj_buf_all(&in), 4096, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "ELIMIT row 1 has more than"));
}

/* --- XLSX ------------------------------------------------------------------------------------- */

struct part {
    const char *name, *text;
};

static const char workbook[] = "<workbook xmlns:r='x'><workbookPr/><sheets>"
                               "<sheet name='hidden' state='hidden' r:id='rId1'/>"
                               "<sheet name='data' r:id='rId2'/></sheets></workbook>";
static const char workbook_1904[] = "<workbook xmlns:r='x'><workbookPr date1904='1'/><sheets>"
                                    "<sheet name='data' r:id='rId2'/></sheets></workbook>";
static const char rels[] = "<Relationships><Relationship Id='rId1' Target='worksheets/no.xml'/>"
                           "<Relationship Id='rId2' Target='worksheets/sheet1.xml'/>"
                           "</Relationships>";
static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy\"年\"m\"月\"'/>"
    "<numFmt numFmtId='165' formatCode='[Red]0.00\"d\"'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='165'/>"
    "</cellXfs></styleSheet>";

static void make_book(const char *path, const struct part *parts, size_t count)
{
    int code;
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE, &code);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        assert_true(zip_file_add(zip, parts[i].name, source, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
}

/* What would be a formula to a spreadsheet (= + - @, tab, line ends: OWASP, CSV injection) is written
 * with a mark, and every cell comes back as it was. */
static void test_formulas(void **state)
{
    static const struct {
        const char *cell, *written;
    } cases[] = {
        {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
        {"+86 10", "'+86 10"},
        {"-", "'-"},
        {"@SUM(1)", "'@SUM(1)"},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"'=1", "''=1"},
        {"''-", "'''-"},
        {"'plain", "'plain"},
        {"1-2", "1-2"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf line = {0}, got = {0}, want = {0};
        const struct zj_span cells[2] = {ZJ_SPAN_LIT("a"), zj_span_str(cases[i].cell)};
        zj_csv_row(&line, cells, 2);
        zj_buf_printf(&want, "a,%s\r\n", cases[i].written);
        assert_string_equal(zj_buf_cstr(&line), zj_buf_cstr(&want));
        want.len = 0;
        zj_buf_printf(&want, "1:a|%s\n", cases[i].cell);
        read_csv(zj_buf_all(&line), 7, &got);
        assert_string_equal(zj_buf_cstr(&got), zj_buf_cstr(&want));
    }
}

/* Through the child, as import does. */
static void read_book(const char *path, struct zj_buf *out)
{
    struct zj_job job;
    ZJ_AUTO(zj_sheet_closep) struct zj_sheet *sheet = NULL;
    struct zj_sheet_row row;
    bool has_row = true;
    zj_job_init(&job);
    job.lang = ZJ_EN;
    zj_err err = zj_sheet_open(&job, path, path, &sheet);
    while (!err && !(err = zj_sheet_next(&job, sheet, &row, &has_row)) && has_row)
        dump_row(&job, out, &row);
    if (err)
        zj_buf_printf(out, "%s %s", zj_err_info(err)->name, job.message);
    zj_job_release(&job);
}

static void check_book(const char *name, const struct part *parts, size_t count, const char *want)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
    char path[] = "/tmp/zhuji-sheet-XXXXXX";
    close(mkstemp(path));
    make_book(path, parts, count);
    read_book(path, &got);
    unlink(path);
    const bool is_error = want[0] == 'E';
    if (is_error ? !strstr(zj_buf_cstr(&got), want) || !strstr(zj_buf_cstr(&got), path)
                 : strcmp(zj_buf_cstr(&got), want) != 0)
        fail_msg("%s: got '%s', wanted '%s'", name, zj_buf_cstr(&got), want);
}

static void check_sheet(const char *name, const char *book, const char *sheet, const char *strings,
                        const char *want)
{
    const struct part parts[] = {{"[Content_Types].xml", "<Types/>"},
                                 {"xl/workbook.xml", book},
                                 {"xl/_rels/workbook.xml.rels", rels},
                                 {"xl/styles.xml", styles},
                                 {"xl/worksheets/sheet1.xml", sheet},
                                 {"xl/sharedStrings.xml", strings}};
    check_book(name, parts, strings ? 6 : 5, want);
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void test_xlsx(void **state)
{
    static const char strings[] = "<sst><si><t>状态</t></si><si><r><t>in </t></r><r><t>parts</t></r>"
                                  "<rPh><t>aid</t></rPh></si><si><t/></si></sst>";
    (void)state;
    check_sheet("shared strings", workbook,
                SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
                      "<c r='C1' t='s'><v>2</v></c></row>"),
                strings, "1:状态|in parts|\n");
    check_sheet("gaps between cells and rows", workbook,
                SHEET("<row r='2'><c r='B2' t='inlineStr'><is><t>b</t></is></c></row>"
                      "<row r='3'/><row r='7'><c r='A7'><v>12.50</v></c></row>"),
                NULL, "2:|b\n7:#12.50\n");
    check_sheet("no references", workbook,
                SHEET("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), NULL,
                "1:#1|#2\n2:#3\n");
    /* serial numbers: Excel shows 45931 as 2025-10-01, 61.75 as 1900-03-01 18:00, 59 as
     * 1900-02-28 */
    check_sheet("dates by style", workbook,
                SHEET("<row r='1'><c s='1'><v>45931</v></c><c s='2'><v>61.75</v></c>"
                      "<c s='1'><v>59</v></c><c s='0'><v>45931</v></c><c s='3'><v>45931</v></c>"
                      "</row>"),
                NULL, "1:@2025-10-01|@1900-03-01 18:00:00|@1900-02-28|#45931|#45931\n");
    /* 0 in the 1904 system is 1904-01-01; 44469 is 45931 in the other */
    check_sheet("1904 system", workbook_1904, SHEET("<row r='1'><c s='1'><v>44469</v></c></row>"),
                NULL, "1:@2025-10-01\n");
    check_sheet("values of formulas, booleans, errors", workbook,
                SHEET("<row r='1'><c t='str'><f>A1&amp;B1</f><v>x</v></c><c t='b'><v>1</v></c>"
                      "<c t='e'><v>#N/A</v></c></row>"),
                NULL, "1:x|TRUE|!#N/A\n");
    /* as openpyxl writes them; "" is what Excel stores for ="" (ECMA-376 18.18.11, str) */
    check_sheet("formulas without a value", workbook,
                SHEET("<row r='1'><c r='A1'><f>1+1</f><v></v></c><c r='B1'><f>1+1</f><v/></c>"
                      "<c r='C1' t='n'><f t='shared' si='0'/></c>"
                      "<c r='D1' t='str'><f>\"\"</f><v></v></c><c r='E1'><v>5</v></c></row>"
                      "<row r='2'><c r='B2'><f>A1</f></c></row><row r='3'><c r='A3'/></row>"),
                NULL, "1:=|=|=||#5\n2:|=\n");
}

static void test_xlsx_refused(void **state)
{
    static const struct part none[] = {{"readme.txt", "not a workbook"}};
    (void)state;
    check_book("no workbook", none, 1, "EINPUT");
    check_sheet("entity", workbook,
                "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" SHEET(
                    "<row r='1'><c><v>&a;</v></c></row>"),
                NULL, "EINPUT");
    check_sheet("no such string", workbook, SHEET("<row r='1'><c t='s'><v>7</v></c></row>"),
                "<sst/>", "EINPUT");
    check_sheet("cut off", workbook, "<worksheet><sheetData><row r='1'>", NULL, "EINPUT");
    check_sheet("far column", workbook, SHEET("<row r='1'><c r='ZZZ1'><v>7</v></c></row>"), NULL,
                "ELIMIT");
    check_sheet("row 0", workbook, SHEET("<row r='0'><c><v>7</v></c></row>"), NULL, "EINPUT");
}

/* 256 MiB of blanks in a few hundred kilobytes. */
static void test_xlsx_bomb(void **state)
{
    const size_t len = (size_t)256 << 20;
    char *text = malloc(len + 1);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', len);
    memcpy(text, "<worksheet>", 11);
    text[len] = '\0';
    check_sheet("bomb", workbook, text, NULL, "ELIMIT");
    free(text);
}

static void test_other_files(void **state)
{
    static const struct {
        struct zj_span bytes;
        const char *want;
    } cases[] = {
        {BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "EINPUT"}, /* old or encrypted workbook */
        {BYTES("PK\3\4 and no more"), "EINPUT"},
        {BYTES("a,b\n1,2\n"), "1:a|b\n2:1|2\n"},
    };
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
        char path[] = "/tmp/zhuji-sheet-XXXXXX";
        const int fd = mkstemp(path);
        assert_int_equal(write(fd, cases[i].bytes.at, cases[i].bytes.len),
                         (ssize_t)cases[i].bytes.len);
        close(fd);
        read_book(path, &got);
        unlink(path);
        assert_memory_equal(zj_buf_cstr(&got), cases[i].want, strlen(cases[i].want));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),          cmocka_unit_test(test_csv_limits),
        cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_xlsx),         cmocka_unit_test(test_xlsx_refused),
        cmocka_unit_test(test_xlsx_bomb),    cmocka_unit_test(test_other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
