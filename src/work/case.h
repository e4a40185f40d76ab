/* A case in memory, and one act on it within its transaction. Not for other rooms. */
#ifndef ZJ_WORK_CASE_H
#define ZJ_WORK_CASE_H

#include "base/json_read.h"
#include "work/rules.h"

/* Texts live in the job's arena. */
struct zj_case {
    int64_t id, org_id, opener_org_id, row_id;
    int64_t round, opened_at, submitted_at, state_at, due_at, closed_at, version;
    const struct zj_case_type *type;
    const struct zj_case_state *state;
    const struct zj_register *reg;
    const char *opener, *opener_side, *subject, *title, *number, *assignee;
    bool is_companys_guest; /* who has loaded it: a third party that the company let in */
};

/* The case where the caller may know of it, and as what he stands at it. ZJ_ENOTFOUND otherwise,
 * in the words of a case that is not there. */
zj_err zj_case_load(struct zj_desk *desk, int64_t id, struct zj_case *out, unsigned *out_party);
/* What is written down of who did something: the party; of a company's guest "assessor". */
const char *zj_side_name(const struct zj_case *c, unsigned party);
/* The next version, hashed and in the audit chain. */
zj_err zj_case_save(struct zj_desk *desk, struct zj_case *c, const char *note);
zj_err zj_case_insert(struct zj_desk *desk, struct zj_case *c);
unsigned zj_opener_party(const struct zj_case *c);

/* Inserts or replaces a row with its hash and its entry in the audit chain. `values` are all
 * columns but id and row_hash, in the table's order; id 0: the next one, written back. */
zj_err zj_work_row_put(struct zj_desk *desk, const char *table, int64_t *id, bool is_new,
                       int64_t org_id, const struct zj_value *values, size_t count,
                       const char *note);
struct zj_value zj_value_int(const char *column, int64_t value);
struct zj_value zj_value_text(const char *column, const char *text); /* NULL: "" */

/* --- the form: form.c --------------------------------------------------------------------------
 */

/* The row as a JSON object, personal fields in plain text. */
zj_err zj_form_read(struct zj_desk *desk, const struct zj_case *c, struct zj_jdoc **out);
/* A field as text; "" where it is empty. In the job's arena. */
const char *zj_form_text(struct zj_desk *desk, const struct zj_jdoc *form, const char *field);
/* Writes fields of a row (id 0: a new one, written back); refusals go to the desk's faults. */
zj_err zj_form_write(struct zj_desk *desk, const struct zj_register *reg, int64_t org_id,
                     int64_t *row_id, const struct zj_work_field *fields, size_t count);
int zj_form_field(const struct zj_register *reg, const char *name); /* -1: none */
/* Which of the listed fields are empty, as faults of the desk. NULL: of those that the register
 * wants before a form is handed in. */
size_t zj_form_missing(struct zj_desk *desk, const struct zj_case *c, const struct zj_jdoc *form,
                       const char *list);
/* Is what the rule asks of the form so? */
bool zj_when_is(struct zj_desk *desk, const struct zj_case *c, const struct zj_when *when,
                const struct zj_jdoc *form);
/* Live row of a register by its key; 0: there is none. */
zj_err zj_row_by_key(struct zj_desk *desk, const struct zj_register *reg, int64_t org_id,
                     const char *key, int64_t *out_id);
/* A field of it as text; "" where there is none. */
const char *zj_text_in(struct zj_desk *desk, const struct zj_register *reg, int64_t org_id,
                       const char *key, const char *field);
void zj_desk_fault(struct zj_desk *desk, const struct zj_register *reg, int field, const char *en,
                   const char *zh);
void zj_desk_clear(struct zj_desk *desk);

/* --- snapshots: snapshot.c ---------------------------------------------------------------------
 */

zj_err zj_snapshot_take(struct zj_desk *desk, const struct zj_case *c, const char *kind,
                        const struct zj_jdoc *form, int64_t at, int64_t *out_id);
/* Does the form say what was handed over last, the bureau's fields aside? */
zj_err zj_form_is_as_handed(struct zj_desk *desk, const struct zj_case *c,
                            const struct zj_jdoc *form, bool *out);
/* What this party sees of the form, as members of an object: the company the row, the others the
 * last snapshot with the official fields of the row. */
zj_err zj_form_show(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    struct zj_json *out);

/* Who the persons are that the form, as it was handed in, names to the bureau: members
 * "FIELD":{"name","phone"}. Nobody else is told. */
zj_err zj_form_tell(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    struct zj_json *out);

/* Is there a certificate of it, for who has loaded it? certificate.c */
bool zj_case_is_certified(const struct zj_case *c);

/* --- grades: grade.c ---------------------------------------------------------------------------
 */

/* What the rules propose for a field of the form; 0: nothing. */
int64_t zj_grade_of(struct zj_desk *desk, const struct zj_case *c, const struct zj_jdoc *form,
                    const char *field);
/* {"FIELD":grade} of all that is proposed for the form as it stands. */
zj_err zj_grades_put(struct zj_desk *desk, const struct zj_case *c, struct zj_json *out);

/* --- clocks and numbers: clocks.c --------------------------------------------------------------
 */

/* Does the rule run in this store? vouch.c */
zj_err zj_clock_is_on(struct zj_job *job, struct zj_store *store, const struct zj_clock_rule *rule,
                      bool *out);
/* Starts and meets what the packs say for this action; sets due_at of the case. */
zj_err zj_clocks_turn(struct zj_desk *desk, struct zj_case *c, const char *action,
                      const struct zj_jdoc *form, int64_t now_us);
/* Does the clock ask this party alone, also while the case is with the other, as an appeal does? Then
 * what such a case c and its clock k are, as SQL; else `out` is of no use. */
bool zj_clock_asks(const struct zj_clock_rule *rule, unsigned party, struct zj_buf *out);
zj_err zj_clocks_put(struct zj_desk *desk, const struct zj_case *c, struct zj_json *out);
zj_err zj_number_issue(struct zj_desk *desk, struct zj_case *c, int64_t now_us);

/* --- both bureaus: sign.c ----------------------------------------------------------------------
 */

/* Notes the verdict. *out_is_through: all that must have said yes. ZJ_EFORBIDDEN: he signs for none
 * of them. */
zj_err zj_sign(struct zj_desk *desk, const struct zj_case *c, const char *action, bool refuses,
               int64_t now_us, bool *out_is_through);
/* Verdicts given before the case moved on count no more. */
zj_err zj_signs_void(struct zj_desk *desk, const struct zj_case *c);
zj_err zj_signs_put(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    struct zj_json *out);
/* Which of the bureaus of packs/bureaus the caller is; "bureau" where the store knows none of them
 * by its name, "" where it knows them and he is neither. */
zj_err zj_bureau_role(struct zj_desk *desk, const char **out_role);
/* Does the list of "ROLE:FIELD" leave that field to the role? NULL: to any. */
bool zj_role_owns(const char *own_fields, const char *role, const char *field);
/* Has he given his verdict on it? */
zj_err zj_has_signed(struct zj_desk *desk, const struct zj_case *c, const char *action,
                     bool *out_has);

/* --- duties: duty.c ----------------------------------------------------------------------------
 */

/* "… AND …" of a row d of `duty`: no case stands for it. */
extern const char zj_duty_has_no_case[];
/* The duties that the case stands for, as an array. */
zj_err zj_case_duties_put(struct zj_desk *desk, const struct zj_case *c, struct zj_json *out);

/* --- an act: engine.c, act.c -------------------------------------------------------------------
 */

struct zj_act {
    struct zj_desk *desk;
    struct zj_case *c;
    const struct zj_case_action *action;
    const struct zj_work_deed *deed;
    unsigned party;
    int64_t now_us;
    struct zj_jdoc *form;
};

/* Fields given with one of two verdicts: held.c. Kept with the verdict just given; those in force;
 * and all of them and the deed's own into the form. */
zj_err zj_held_add(struct zj_act *act);
zj_err zj_held_load(struct zj_desk *desk, const struct zj_case *c, struct zj_work_field *out,
                    size_t *out_count); /* at most ZJ_WORK_FIELDS_MAX */
zj_err zj_held_write(struct zj_act *act);

const char *zj_act_text(struct zj_act *act, const char *field);
bool zj_act_is(struct zj_act *act, const char *field, const char *value);
/* Today as a Beijing date. */
const char *zj_act_today(struct zj_act *act);
zj_err zj_act_refuse(struct zj_act *act, const char *en, const char *zh);
/* What a guard may find lacking: a row of a table in the type's file. Texts have {key} and {what}
 * replaced. */
struct zj_lack {
    const char *reg;   /* where it is entered; NULL: the case's own form */
    const char *key;   /* field of the form that names the row there; NULL: none in particular */
    const char *field; /* of that row */
    bool is_new;       /* a new row is wanted */
    const char *with;  /* fields that such rows share with the form, "round=code partner" */
    const char *en, *zh;
};
zj_err zj_act_lacks(struct zj_act *act, const struct zj_lack *lack, const char *what);
/* The case's own form. */
zj_err zj_act_set(struct zj_act *act, const char *field, const char *text);
zj_err zj_act_set_today(struct zj_act *act, const char *field); /* where it is empty */
/* Fields of another register's row of the same organisation, by its key. A row that is not there:
 * nothing happens. */
zj_err zj_act_set_in(struct zj_act *act, const char *reg, const char *key,
                     const struct zj_work_field *fields, size_t count);
/* A field of another register's row; "" where there is none. */
const char *zj_act_text_in(struct zj_act *act, const char *reg, const char *key, const char *field);
/* A number by SQL: $1 is the organisation, $2 and $3 the texts (NULL: not in it). */
zj_err zj_act_query(struct zj_act *act, const char *sql, const char *second, const char *third,
                    int64_t *out);
/* A new row of another register. */
zj_err zj_act_add_in(struct zj_act *act, const char *reg, const struct zj_work_field *fields,
                     size_t count);
/* A case of that type for a row that has none, handed over at once. */
zj_err zj_act_spawn(struct zj_act *act, const char *type, int64_t row_id);

/* Everything the caller may do now, as actions in an array. */
zj_err zj_may_put(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                  struct zj_json *out);
bool zj_may_edit(const struct zj_desk *desk, const struct zj_case *c, unsigned party);
/* With the fields that this bureau may set; role NULL: with those of all. */
void zj_case_action_put(const struct zj_case_action *action, const char *role, struct zj_json *out);

zj_err zj_event_add(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    const char *action, const char *from_state, const char *note,
                    int64_t snapshot_id, int64_t now_us);
zj_err zj_notice_add(struct zj_desk *desk, const struct zj_case *c, unsigned side,
                     const char *login, const char *kind, int64_t now_us);

/* The title in a language: the form's title field, its label where it is one of a list of values,
 * or the type's name with the subject. Stored is the Chinese one. */
const char *zj_case_title(struct zj_desk *desk, const struct zj_case_type *type, const char *text,
                          const char *subject, enum zj_lang lang);
/* "title": what is stored, in the language of the job. */
void zj_case_put_title(struct zj_desk *desk, const struct zj_case_type *type, struct zj_span title,
                       struct zj_span subject, struct zj_json *out);

/* {"id","type",…} of a row of work_case as zj_case_columns selects it. */
extern const char zj_case_columns[];
void zj_case_row_put(struct zj_desk *desk, const struct zj_stmt *row, struct zj_json *out);

#endif
