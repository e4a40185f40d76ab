/* What identify finds in a text, and why: for those who check the rules. Nothing is stored. */
#include "identify/identify.h"

#include "server/core.h"

enum { TEXT_KIB_MAX = 512 }; /* beside its escapes it fits a request of 1 MiB */

static void print_find(struct zj_json *j, const struct zj_taxonomy *taxonomy,
                       const struct zj_find *find)
{
    const enum zj_identify_type type = (enum zj_identify_type)find->type;
    enum zj_data_grade grade;
    const struct zj_category *category = zj_taxonomy_of(taxonomy, type, &grade);
    zj_json_object(j);
    zj_json_kstr(j, "type", zj_identify_type_info(type)->name);
    zj_json_kint(j, "start", find->start);
    zj_json_kint(j, "end", find->end);
    zj_json_kfixed(j, "score", find->score, 2);
    zj_json_kstr(j, "why", find->why);
    zj_json_kstr(j, "why_zh", zj_why_zh(find->why));
    if (find->context)
        zj_json_kstr(j, "context", find->context);
    zj_json_kstr(j, "form", zj_form_name((enum zj_form)find->form));
    zj_json_kstr(j, "form_zh", zj_form_zh((enum zj_form)find->form));
    zj_json_kstr(j, "category", category->id);
    zj_json_kstr(j, "grade", zj_data_grade_name(grade));
    zj_json_object_end(j);
}

static void print_finds(struct zj_call *call, const struct zj_identifier *identifier,
                        const struct zj_taxonomy *taxonomy, struct zj_span text)
{
    const struct zj_find *finds;
    struct zj_identify_scratch *scratch = zj_identify_scratch(identifier);
    const size_t count = zj_identify_find(scratch, text, &finds);
    zj_json_object(&call->json);
    zj_json_kstr(&call->json, "version", zj_identifier_version(identifier));
    zj_json_key(&call->json, "finds");
    zj_json_array(&call->json);
    for (size_t i = 0; i < count; i++)
        print_find(&call->json, taxonomy, &finds[i]);
    zj_json_array_end(&call->json);
    zj_json_object_end(&call->json);
    zj_identify_scratch_free(scratch);
}

/* The pack is read anew: it takes some ten milliseconds, and a changed pack shows at once. */
static zj_err test(struct zj_call *call)
{
    const struct zj_jval *text = zj_jval_get(zj_jdoc_root(call->body), "text");
    const struct zj_span bytes = zj_jval_text(text);
    struct zj_identifier *identifier = NULL;
    struct zj_taxonomy *taxonomy = NULL;
    if (zj_jval_type(text) != ZJ_J_STRING)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "'text' is wanted", "缺少 text"));
    if (bytes.len > (size_t)TEXT_KIB_MAX << 10)
        return zj_fail(call->job, ZJ_ELIMIT,
                       zj_tr(call->job,
                             "the text has %zu KiB, more than %d: use zhuji identify for files",
                             "文本为 %zu KiB，超过上限 %d KiB：文件请用 zhuji identify 识别"),
                       (bytes.len + 1023) >> 10, TEXT_KIB_MAX);
    zj_err err = zj_identifier_open(call->job, &identifier);
    if (!err)
        err = zj_taxonomy_open(call->job, &taxonomy);
    if (!err)
        print_finds(call, identifier, taxonomy, bytes);
    zj_taxonomy_close(taxonomy);
    zj_identifier_close(identifier);
    return err;
}

static const struct zj_param test_fields[] = {
    {"text", "string", NULL, "what to look through, at most 512 KiB", "待检测文本，不超过 512 KiB",
     true},
    {0},
};

const struct zj_route zj_routes_identify[] = {
    {.method = ZJ_POST,
     .path = "/api/v1/identify/test",
     .en = "What is found in a text, and why; the text is not kept",
     .zh = "检测一段文本并说明依据，文本不保存",
     .need = ZJ_NEED_READ,
     .body = ZJ_BODY_JSON,
     .fields = test_fields,
     .answer = "{version, finds: [{type, start, end, score, why, why_zh, context, form, form_zh, "
               "category, grade}]}",
     .handle = test},
    {0},
};
