/* Every conformance vector: alone, among rows and in a batch of columns, by the bits. */
#include "../examples/canonical.h"
#include "model.h"

#define MAX_CASES 1024
#define MAX_PARTS 64

static const scoreline_scorer *scorer;
static int32_t as_of;

typedef struct vector {
    char *name, *expected, *cells[MAX_PARTS];
    size_t cell_count;
    int refused;
    scoreline_row *row;
    scoreline_decision decision;
} vector;

static vector vectors[MAX_CASES];
static size_t vector_count;

/* The columns of the batch, field by field. */
static double *numbers;
static const char **levels;
static uint8_t *flags;
static int32_t *days;

static double from_bits(const char *hex) {
    uint64_t bits = strtoull(hex, NULL, 16);
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Sets a cell of a row to kind:value. */
static uint32_t set_cell(scoreline_row *row, size_t field, char *kind, scoreline_error **error) {
    char *value = kind + 2;
    uint32_t declared = scoreline_scorer_field_kind(scorer, field);
    switch (*kind) {
    case 'n':
        if (declared != SCORELINE_KIND_NUMBER) return scoreline_row_set_number(row, field, strtod(value, NULL), error);
        return scoreline_row_set_text(row, field, value, strlen(value), error);
    case 'b': return scoreline_row_set_number(row, field, from_bits(value), error);
    case 'c': return scoreline_row_set_category(row, field, value, strlen(value), error);
    case 'f': return scoreline_row_set_flag(row, field, strcmp(value, "true") == 0, error);
    case 'm': return scoreline_row_set_missing(row, field, error);
    case 'd':
        if (declared != SCORELINE_KIND_DATE) return scoreline_row_set_date(row, field, day(value), error);
        return scoreline_row_set_text(row, field, value, strlen(value), error);
    default: NEED(!"a known kind of cell"); return 0;
    }
}

/* Sets a cell of a row: name=kind:value. A field that no decision reads may hold anything: its refusal does not matter. */
static uint32_t set(scoreline_row *row, char *cell, scoreline_error **error) {
    char name[128] = {0};
    size_t field = 0;
    memcpy(name, cell, (size_t)(strchr(cell, '=') - cell));
    uint32_t code = scoreline_scorer_field(scorer, name, &field, error);
    if (code != SCORELINE_OK) return code;
    if (scoreline_scorer_field_required(scorer, field)) return set_cell(row, field, strchr(cell, '=') + 1, error);
    set_cell(row, field, strchr(cell, '=') + 1, NULL);
    return SCORELINE_OK;
}

static void read_vectors(char *text) {
    vector_count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (*line == '#') continue;
        NEED(vector_count < MAX_CASES);
        vector *vector = &vectors[vector_count++];
        char *parts[MAX_PARTS];
        size_t count = 0;
        for (char *at = line; at != NULL; count++) {
            NEED(count < MAX_PARTS);
            parts[count] = at;
            at = strchr(at, '\t');
            if (at != NULL) *at++ = 0;
        }
        NEED(count >= 3);
        vector->name = parts[0];
        vector->refused = strcmp(parts[1], "error") == 0;
        vector->expected = parts[2];
        vector->cell_count = 0;
        for (size_t i = 3; i < count; i++) {
            if (*parts[i] != 0) vector->cells[vector->cell_count++] = parts[i];
        }
    }
}

/* The vector alone. A refusal may come when a cell is set or when the row is decided. */
static void alone(vector *vector) {
    scoreline_error *error = NULL;
    scoreline_decision decision = SCORELINE_DECISION_INIT;
    NEED(scoreline_row_new(scorer, &vector->row, NULL) == SCORELINE_OK);
    uint32_t code = SCORELINE_OK;
    for (size_t i = 0; i < vector->cell_count && code == SCORELINE_OK; i++) code = set(vector->row, vector->cells[i], &error);
    if (code == SCORELINE_OK) code = scoreline_decide(scorer, vector->row, as_of, &decision, &error);
    char actual[CANONICAL_SIZE];
    if (code == SCORELINE_OK) {
        line line;
        canonical(scorer, &decision, &line);
        memcpy(actual, line.text, sizeof actual);
    } else {
        const char *field = scoreline_error_problem_field(error, 0);
        snprintf(actual, sizeof actual, "%u:%s", code, field == NULL ? "" : field);
    }
    if ((code != SCORELINE_OK) != vector->refused || strcmp(actual, vector->expected) != 0) {
        failed++;
        fprintf(stderr, "%s:\n  expected %s\n  actual   %s\n", vector->name, vector->expected, actual);
    } else {
        passed++;
    }
    vector->decision = decision;
    scoreline_error_free(error);
}

/* The same cells as columns. */
static void batched(vector **decided, size_t count) {
    size_t fields = scoreline_scorer_field_count(scorer);
    numbers = malloc(fields * count * sizeof *numbers);
    levels = calloc(fields * count, sizeof *levels);
    flags = malloc(fields * count);
    days = malloc(fields * count * sizeof *days);
    NEED(numbers != NULL && levels != NULL && flags != NULL && days != NULL);
    for (size_t i = 0; i < fields * count; i++) {
        numbers[i] = NAN;
        flags[i] = SCORELINE_NO_FLAG;
        days[i] = SCORELINE_NO_DATE;
    }
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < decided[row]->cell_count; i++) {
            char *cell = decided[row]->cells[i], *kind = strchr(cell, '=') + 1, *value = kind + 2;
            char name[128] = {0};
            memcpy(name, cell, (size_t)(kind - cell - 1));
            size_t at = field_of(scorer, name) * count + row;
            if (*kind == 'n') numbers[at] = strtod(value, NULL); /* the C locale is in force */
            if (*kind == 'b') numbers[at] = from_bits(value);
            if (*kind == 'c') levels[at] = value;
            if (*kind == 'f') flags[at] = strcmp(value, "true") == 0;
            if (*kind == 'd') days[at] = day(value);
        }
    }
    scoreline_batch *batch = NULL;
    NEED(scoreline_batch_new(scorer, count, &batch, NULL) == SCORELINE_OK);
    for (size_t field = 0; field < fields; field++) {
        size_t at = field * count;
        switch (scoreline_scorer_field_kind(scorer, field)) {
        case SCORELINE_KIND_NUMBER: CHECK(scoreline_batch_set_numbers(batch, field, numbers + at, count, NULL) == SCORELINE_OK); break;
        case SCORELINE_KIND_CATEGORY: CHECK(scoreline_batch_set_categories(batch, field, levels + at, count, NULL) == SCORELINE_OK); break;
        case SCORELINE_KIND_FLAG: CHECK(scoreline_batch_set_flags(batch, field, flags + at, count, NULL) == SCORELINE_OK); break;
        case SCORELINE_KIND_DATE: CHECK(scoreline_batch_set_dates(batch, field, days + at, count, NULL) == SCORELINE_OK); break;
        default: NEED(!"a known kind of field");
        }
    }
    for (uint32_t threads = 0; threads < 3; threads++) {
        scoreline_decision *decisions = calloc(count, sizeof *decisions);
        scoreline_error *refused = (scoreline_error *)&threads;
        NEED(decisions != NULL);
        decisions[0].size = sizeof *decisions;
        CHECK(scoreline_decide_batch(scorer, batch, as_of, threads, decisions, count, &refused, NULL) == SCORELINE_OK);
        CHECK(refused == NULL);
        for (size_t row = 0; row < count; row++) CHECK(same(&decisions[row], &decided[row]->decision));
        free(decisions);
    }
    scoreline_batch_free(batch);
    free(numbers);
    free(levels);
    free(flags);
    free(days);
}

static void run(const char *path, const char *model, const char *date) {
    size_t length = 0;
    char *text = read_file(path, &length);
    scoreline_scorer *loaded = load(model);
    scorer = loaded;
    as_of = day(date);
    read_vectors(text);
    CHECK(vector_count > 10);

    static vector *decided[MAX_CASES];
    static const scoreline_row *rows[MAX_CASES];
    size_t count = 0;
    for (size_t i = 0; i < vector_count; i++) alone(&vectors[i]);
    for (size_t i = 0; i < vector_count; i++) {
        if (vectors[i].refused) continue;
        decided[count] = &vectors[i];
        rows[count++] = vectors[i].row;
    }
    static scoreline_decision decisions[MAX_CASES];
    decisions[0].size = sizeof *decisions;
    CHECK(scoreline_decide_rows(scorer, rows, count, as_of, decisions, count, NULL, NULL) == SCORELINE_OK);
    for (size_t i = 0; i < count; i++) CHECK(same(&decisions[i], &decided[i]->decision));
    batched(decided, count);

    for (size_t i = 0; i < vector_count; i++) scoreline_row_free(vectors[i].row);
    scoreline_scorer_free(loaded);
    free(text);
}

int main(void) {
    run("tests/conformance/decide.tsv", SOUTH_GERMAN, "2026-11-21");
    run("tests/conformance/synthetic.tsv", SYNTHETIC, "2026-11-21");
    run("tests/conformance/synthetic_2018.tsv", SYNTHETIC, "2018-06-30");
    run("tests/conformance/segmented.tsv", "tests/artefacts/v1/segmented.json", "2026-11-21");
    run("tests/conformance/blended.tsv", "tests/artefacts/v1/blended.json", "2026-11-21");
    run("tests/conformance/corporate.tsv", "tests/artefacts/v1/corporate.json", "2026-11-21");
    return finish();
}
