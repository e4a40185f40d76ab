#include "cli/paper_out.h"

#include "register/register.h"

enum { LINE_BYTES_MAX = 1 << 20 };

static const char *suffix_of(const char *path)
{
    const char *dot = path ? strrchr(path, '.') : NULL;
    return dot ? dot + 1 : "";
}

zj_err zj_paper_wanted(struct zj_job *job, const char *format, bool *out_is_paper,
                       enum zj_paper_format *out_format)
{
    const bool is_known = zj_paper_format_find(format ? format : suffix_of(job->out_path), out_format);
    if (format && !is_known)
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no format '%s'; xlsx, csv or pdf",
                                             "没有格式“%s”，可用 xlsx、csv 或 pdf"),
                       format);
    if (is_known && *out_format != ZJ_PAPER_CSV && !job->out_path)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%s needs a file: -o FILE.%s (or -o - for a pipe)",
                             "%s 需要写入文件：-o FILE.%s（管道用 -o -）"),
                       format, format);
    *out_is_paper = is_known;
    return ZJ_OK;
}

zj_err zj_paper_head_of(struct zj_job *job, struct zj_store *store, const char *title,
                        int64_t org_id, struct zj_paper_head *out)
{
    *out = (struct zj_paper_head){.title = title, .is_one_org = org_id != 0};
    return zj_org_name(job, store, org_id, &out->org, &out->is_synthetic);
}

zj_err zj_paper_lines(struct zj_job *job, struct zj_paper *paper, struct zj_span lines)
{
    zj_err err = ZJ_OK;
    while (lines.len && !err) {
        const uint8_t *end = memchr(lines.at, '\n', lines.len);
        const size_t len = end ? (size_t)(end - lines.at) : lines.len;
        ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
        err = zj_jdoc_parse(job, zj_span_of(lines.at, len), LINE_BYTES_MAX, &doc);
        if (!err)
            err = zj_paper_row(job, paper, zj_jdoc_root(doc));
        lines = zj_span_part(lines, len + 1, lines.len);
    }
    return err;
}
