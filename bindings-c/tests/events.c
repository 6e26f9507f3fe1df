/* The conformance vectors of events: added one by one, straight and through text after each, the windows and the decision by
 * the bits. Then every misuse of events. */
#include "../examples/canonical.h"
#include "vectors.h"

#define ACCOUNTS "tests/artefacts/v1/current_accounts.json"
#define VECTORS "tests/conformance/events/current_accounts.tsv"

static const scoreline_scorer *scorer;
static const char *case_name;
static int32_t as_of;
/* The same events, one of them through text after each. */
static scoreline_events *straight, *stored;
static scoreline_row *record;

/* Sets a cell of a row: name=kind:value. */
static uint32_t set(scoreline_row *row, const char *cell, scoreline_error **error) {
    char name[128] = {0};
    size_t field = 0;
    const char *kind = strchr(cell, '=') + 1, *value = kind + 2;
    memcpy(name, cell, (size_t)(kind - cell - 1));
    uint32_t code = scoreline_row_field(row, name, &field, error);
    if (code != SCORELINE_OK) return code;
    switch (*kind) {
    case 'n': return scoreline_row_set_number(row, field, strtod(value, NULL), error);
    case 'b': return scoreline_row_set_number(row, field, from_bits(value), error);
    case 'c': return scoreline_row_set_category(row, field, value, strlen(value), error);
    case 'f': return scoreline_row_set_flag(row, field, strcmp(value, "true") == 0, error);
    case 'd': return scoreline_row_set_date(row, field, day(value), error);
    case 'm': return scoreline_row_set_missing(row, field, error);
    default: NEED(!"a known kind of cell"); return 0;
    }
}

static int32_t day_or_none(const char *text) {
    return *text == 0 ? SCORELINE_NO_DATE : day(text);
}

/* Adds source, day, publication, key and cells. A refusal may come when the row is made, when a cell is set or at the end. */
static uint32_t add(scoreline_events *events, char **parts, size_t count, scoreline_error **error) {
    scoreline_row *row = NULL;
    uint32_t code = scoreline_row_new_event(scorer, parts[0], &row, error);
    for (size_t i = 4; i < count && code == SCORELINE_OK; i++) code = set(row, parts[i], error);
    const char *id = *parts[3] == 0 ? NULL : parts[3];
    if (code == SCORELINE_OK) code = scoreline_events_add(events, row, day(parts[1]), day_or_none(parts[2]), id, strlen(parts[3]), error);
    scoreline_row_free(row);
    return code;
}

static char *written(const scoreline_events *events, size_t *length) {
    NEED(scoreline_events_json(events, NULL, 0, length, NULL) == SCORELINE_OK);
    char *text = malloc(*length + 1);
    NEED(text != NULL && scoreline_events_json(events, text, *length + 1, length, NULL) == SCORELINE_OK);
    CHECK(strlen(text) == *length);
    return text;
}

static void through_text(void) {
    size_t length = 0;
    char *text = written(stored, &length);
    scoreline_events_free(stored);
    NEED(scoreline_events_parse(scorer, text, length, &stored, NULL) == SCORELINE_OK);
    free(text);
}

static void begin(void) {
    scoreline_events_free(straight);
    scoreline_events_free(stored);
    NEED(scoreline_events_new(scorer, &straight, NULL) == SCORELINE_OK);
    NEED(scoreline_events_new(scorer, &stored, NULL) == SCORELINE_OK);
    NEED(scoreline_row_clear(record, NULL) == SCORELINE_OK);
}

static void refused(char **parts, size_t count) {
    size_t before_length = 0, after_length = 0;
    char *before = written(straight, &before_length), actual[256];
    scoreline_error *error = NULL;
    uint32_t code = add(straight, parts + 2, count - 2, &error);
    const char *field = scoreline_error_problem_field(error, 0);
    snprintf(actual, sizeof actual, "%u:%s", code, field == NULL ? "" : field);
    CHECK_TEXT(actual, parts[1]);
    scoreline_error_free(error);
    char *after = written(straight, &after_length);
    CHECK_TEXT(after, before);
    free(before);
    free(after);
}

static void values(const scoreline_events *events, char **parts, size_t count) {
    NEED(scoreline_events_read(events, as_of, record, NULL) == SCORELINE_OK);
    for (size_t i = 1; i < count; i++) {
        char *kind = strchr(parts[i], '=') + 1;
        double expected = *kind == 'm' ? NAN : strtod(kind + 2, NULL), actual = 0;
        kind[-1] = 0;
        CHECK(scoreline_row_number(record, field_of(scorer, parts[i]), &actual, NULL) == SCORELINE_OK);
        int alike = *kind == 'm' ? isnan(actual) : memcmp(&actual, &expected, sizeof actual) == 0;
        if (!alike) fprintf(stderr, "%s, %s: %a is not %a\n", case_name, parts[i], actual, expected);
        CHECK(alike);
        kind[-1] = '=';
    }
}

static void cut(const scoreline_events *events, char **parts, size_t count) {
    for (size_t i = 1; i < count; i++) CHECK_TEXT(scoreline_events_cut(events, as_of, i - 1), parts[i]);
    CHECK(scoreline_events_cut(events, as_of, count - 1) == NULL);
}

static void decided(const char *expected) {
    scoreline_decision decision = SCORELINE_DECISION_INIT;
    line line;
    NEED(scoreline_decide(scorer, record, as_of, &decision, NULL) == SCORELINE_OK);
    canonical(scorer, &decision, &line);
    CHECK_TEXT(line.text, expected);
}

static void later(char **parts, size_t count) {
    NEED(add(straight, parts + 1, count - 1, NULL) == SCORELINE_OK);
    double before = 0, after = 0;
    NEED(scoreline_row_number(record, 1, &before, NULL) == SCORELINE_OK);
    REFUSED(scoreline_events_read(straight, as_of, record, &error), SCORELINE_INVALID_DATA, "as_of");
    CHECK(scoreline_events_cut(straight, as_of, 0) == NULL);
    CHECK(scoreline_row_number(record, 1, &after, NULL) == SCORELINE_OK && before == after);
}

static void vectors(void) {
    size_t length = 0, cases = 0;
    char *text = read_file(VECTORS, &length), *parts[MAX_PARTS];
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        size_t count = split(line, parts, '\t');
        const char *what = parts[0];
        if (strcmp(what, "case") == 0) {
            case_name = parts[1];
            as_of = day(parts[2]);
            cases++;
            begin();
        } else if (strcmp(what, "record") == 0) {
            for (size_t i = 1; i < count; i++) NEED(set(record, parts[i], NULL) == SCORELINE_OK);
        } else if (strcmp(what, "event") == 0) {
            NEED(add(straight, parts + 1, count - 1, NULL) == SCORELINE_OK && add(stored, parts + 1, count - 1, NULL) == SCORELINE_OK);
            through_text();
        } else if (strcmp(what, "refused") == 0) {
            refused(parts, count);
        } else if (strcmp(what, "values") == 0) {
            values(straight, parts, count);
            values(stored, parts, count);
        } else if (strcmp(what, "cut") == 0) {
            cut(straight, parts, count);
            cut(stored, parts, count);
        } else if (strcmp(what, "line") == 0) {
            decided(parts[1]);
        } else if (strcmp(what, "later") == 0) {
            later(parts, count);
        } else {
            NEED(!"a known kind of line");
        }
    }
    CHECK(cases > 20);
    free(text);
}

static void bad(void) {
    scoreline_scorer *other = load(ACCOUNTS), *without = load(SYNTHETIC);
    scoreline_events *events = (scoreline_events *)&events, *made = NULL;
    scoreline_row *row = NULL, *foreign = NULL, *event = (scoreline_row *)&event;
    size_t length = 0, field = 77;
    double number = 7;
    char room[4] = "abc";
    int32_t date = day("2026-08-01");
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK);

    REFUSED(scoreline_row_new_event(NULL, "repayments", &event, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(event == NULL);
    REFUSED(scoreline_row_new_event(without, "repayments", &event, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_row_new_event(scorer, "repayment", &event, &error), SCORELINE_INVALID_DATA, "repayment");
    REFUSED(scoreline_row_new_event(scorer, NULL, &event, &error), SCORELINE_INVALID_DATA, "source");
    REFUSED(scoreline_row_new_event(scorer, "repayments", NULL, &error), SCORELINE_INVALID_DATA, "row");
    NEED(scoreline_row_new_event(scorer, "transactions", &event, NULL) == SCORELINE_OK);
    NEED(scoreline_row_new_event(other, "transactions", &foreign, NULL) == SCORELINE_OK);

    REFUSED(scoreline_row_field(NULL, "amount", &field, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_field(event, NULL, &field, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_row_field(event, "median", &field, &error), SCORELINE_INVALID_DATA, "median");
    REFUSED(scoreline_row_field(event, "amount", NULL, &error), SCORELINE_INVALID_DATA, "index");
    CHECK(field == 77);
    CHECK(scoreline_row_field(row, "median", &field, NULL) == SCORELINE_OK && field == field_of(scorer, "median"));
    REFUSED(scoreline_row_number(NULL, 0, &number, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_number(row, 0, NULL, &error), SCORELINE_INVALID_DATA, "value");
    REFUSED(scoreline_row_number(row, 999, &number, &error), SCORELINE_INVALID_DATA, "field");
    CHECK(number == 7);
    CHECK(scoreline_row_number(row, 0, &number, NULL) == SCORELINE_OK && isnan(number));

    REFUSED(scoreline_events_new(NULL, &events, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(events == NULL);
    REFUSED(scoreline_events_new(without, &events, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_events_new(scorer, NULL, &error), SCORELINE_INVALID_DATA, "events");
    NEED(scoreline_events_new(scorer, &events, NULL) == SCORELINE_OK);

    /* A refused cell is not forgotten, rows of decisions are no events, and the day must be there. */
    CHECK(scoreline_row_field(event, "amount", &field, NULL) == SCORELINE_OK);
    CHECK(scoreline_row_set_number(event, field, INFINITY, NULL) == SCORELINE_INVALID_DATA);
    REFUSED(scoreline_events_add(events, event, date, date, "a", 1, &error), SCORELINE_INVALID_DATA, "amount");
    CHECK(scoreline_row_set_number(event, field, 12.5, NULL) == SCORELINE_OK);
    REFUSED(scoreline_events_add(events, event, date, date, "a", 1, &error), SCORELINE_INVALID_DATA, "currency");
    CHECK(scoreline_row_field(event, "currency", &field, NULL) == SCORELINE_OK);
    CHECK(scoreline_row_set_category(event, field, "EUR", 3, NULL) == SCORELINE_OK);
    REFUSED(scoreline_events_add(events, event, SCORELINE_NO_DATE, date, "a", 1, &error), SCORELINE_INVALID_DATA, "booked");
    REFUSED(scoreline_events_add(events, event, INT32_MAX, date, "a", 1, &error), SCORELINE_INVALID_DATA, "booked");
    REFUSED(scoreline_events_add(events, event, date, SCORELINE_NO_DATE, "a", 1, &error), SCORELINE_INVALID_DATA, "known");
    REFUSED(scoreline_events_add(events, event, date, date, NULL, 0, &error), SCORELINE_INVALID_DATA, "reference");
    REFUSED(scoreline_events_add(events, event, date, date, NULL, 1, &error), SCORELINE_INVALID_DATA, "id");
    REFUSED(scoreline_events_add(events, event, date, date, "\xff", 1, &error), SCORELINE_INVALID_DATA, "id");
    REFUSED(scoreline_events_add(NULL, event, date, date, "a", 1, &error), SCORELINE_INVALID_DATA, "events");
    REFUSED(scoreline_events_add(events, NULL, date, date, "a", 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_events_add(events, row, date, date, "a", 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_events_add(events, foreign, date, date, "a", 1, &error), SCORELINE_INVALID_DATA, "row");
    CHECK(scoreline_events_add(events, event, date, date, "a", 1, NULL) == SCORELINE_OK);

    scoreline_decision decision = SCORELINE_DECISION_INIT;
    REFUSED(scoreline_decide(scorer, event, date, &decision, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_events_read(NULL, date, row, &error), SCORELINE_INVALID_DATA, "events");
    REFUSED(scoreline_events_read(events, date, NULL, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_events_read(events, date, event, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_events_read(events, SCORELINE_NO_DATE, row, &error), SCORELINE_INVALID_DATA, "as_of");
    REFUSED(scoreline_events_read(events, date - 1, row, &error), SCORELINE_INVALID_DATA, "as_of");
    CHECK(scoreline_events_read(events, date, row, NULL) == SCORELINE_OK);
    CHECK(scoreline_row_number(row, field_of(scorer, "median"), &number, NULL) == SCORELINE_OK && number == 12.5);
    CHECK(scoreline_events_cut(NULL, date, 0) == NULL && scoreline_events_cut(events, date, (size_t)-1) == NULL);

    REFUSED(scoreline_events_json(NULL, room, 3, &length, &error), SCORELINE_INVALID_DATA, "events");
    REFUSED(scoreline_events_json(events, room, sizeof room, NULL, &error), SCORELINE_INVALID_DATA, "length");
    REFUSED(scoreline_events_json(events, NULL, 3, &length, &error), SCORELINE_INVALID_DATA, "json");
    REFUSED(scoreline_events_json(events, room, sizeof room, &length, &error), SCORELINE_INVALID_DATA, "json");
    CHECK(length > 100 && strcmp(room, "abc") == 0);
    char *text = written(events, &length);
    REFUSED(scoreline_events_json(events, text, length, &length, &error), SCORELINE_INVALID_DATA, "json");
    REFUSED(scoreline_events_parse(NULL, text, length, &made, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_events_parse(without, text, length, &made, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_events_parse(scorer, NULL, length, &made, &error), SCORELINE_INVALID_DATA, "json");
    REFUSED(scoreline_events_parse(scorer, text, length, NULL, &error), SCORELINE_INVALID_DATA, "events");
    REFUSED(scoreline_events_parse(scorer, text, length / 2, &made, &error), SCORELINE_INCOMPATIBLE, "state");
    REFUSED(scoreline_events_parse(scorer, "{}", 2, &made, &error), SCORELINE_INCOMPATIBLE, "state");
    char *set_of = strstr(text, "\"set\":\"");
    NEED(set_of != NULL);
    set_of[7] = set_of[7] == '0' ? '1' : '0';
    REFUSED(scoreline_events_parse(scorer, text, length, &made, &error), SCORELINE_INCOMPATIBLE, "state");
    CHECK(made == NULL);
    free(text);

    /* Events and their rows outlive the scorer. */
    scoreline_scorer_free(other);
    scoreline_scorer_free(without);
    scoreline_row_free(foreign);
    scoreline_row_free(event);
    scoreline_row_free(row);
    scoreline_events_free(events);
    scoreline_events_free(NULL);
}

int main(void) {
    scoreline_scorer *loaded = load(ACCOUNTS);
    scorer = loaded;
    NEED(scoreline_row_new(scorer, &record, NULL) == SCORELINE_OK);
    vectors();
    bad();
    scoreline_row_free(record);
    scoreline_scorer_free(loaded);
    size_t length = 0;
    char *text = written(straight, &length);
    CHECK(length > 100);
    free(text);
    scoreline_events_free(straight);
    scoreline_events_free(stored);
    return finish();
}
