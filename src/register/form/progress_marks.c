/* Praise and criticism of a progress round, each with the facts it rests on. */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"praise", "Praise", "表扬"},
    {"criticism", "Criticism", "通报"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("PM-SAMPLE-001"),
    {"round", "Round", "进度核查", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "progress_rounds", .sample = "PG-SAMPLE-001"},
    {"organisation", "Organisation", "单位", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN | UPPER,
     .max_chars = 18, .check = zj_check_uscc, .refers = "organisations",
     .sample = "91110000MA0000000H"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "保障措施（二）：对工作成效突出的单位予以表扬，对责任落实不到位的单位予以通报",
     .sample = "praise"},
    {"reason", "Reason", "理由", ZJ_FIELD_NOTE, NEEDED, .sample = "定级备案全部完成（示例）"},
    {"facts", "Facts", "依据的事实", ZJ_FIELD_TEXT_LIST, NEEDED | SHOWN, .max_chars = 4000,
     .help_en = "filings, gaps or duties it rests on, ';' between",
     .help_zh = "所依据的备案、差距或任务编号，用分号分隔", .sample = "FIL-SAMPLE-001"},
};

const struct zj_register zj_register_progress_marks = {
    .name = "progress_marks",
    .en = "Praise and criticism",
    .zh = "表扬与通报",
    .side = ZJ_SIDE_BUREAU,
    /* whom it names, once the round is published */
    .told = "r.organisation = me.code AND EXISTS (SELECT 1 FROM reg_progress_rounds p JOIN"
            " work_case w ON w.register = 'progress_rounds' AND w.row_id = p.id AND w.state ="
            " 'published' WHERE p.code = r.round AND p.org_id = r.org_id AND p.deleted_at = 0)",
    ZJ_FIELDS(fields),
};
