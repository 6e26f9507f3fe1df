/* Conformance vectors: their lines, and their cells as a row and as columns. Cells are name=kind:value. */
#ifndef VECTORS_H
#define VECTORS_H

#include "model.h"

#define MAX_CASES 1024
#define MAX_PARTS 64

typedef struct vector {
    char *name, *expected;
    int refused;
    /* What stands between the expected line and the cells. */
    char **head, **cells;
    size_t cell_count;
    char *parts[MAX_PARTS];
} vector;

static inline size_t split(char *line, char **parts, char between) {
    size_t count = 0;
    for (char *at = line; at != NULL; count++) {
        NEED(count < MAX_PARTS);
        parts[count] = at;
        at = strchr(at, between);
        if (at != NULL) *at++ = 0;
    }
    return count;
}

/* Reads the lines of `text`, which have `head` parts between the expected line and the cells; returns their number. */
static inline size_t read_vectors(char *text, size_t head, vector *vectors) {
    size_t count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (*line == '#') continue;
        NEED(count < MAX_CASES);
        vector *vector = &vectors[count++];
        size_t parts = split(line, vector->parts, '\t');
        NEED(parts >= 3 + head);
        vector->name = vector->parts[0];
        vector->refused = strcmp(vector->parts[1], "error") == 0;
        vector->expected = vector->parts[2];
        vector->head = vector->parts + 3;
        vector->cells = vector->head + head;
        vector->cell_count = parts - 3 - head;
    }
    return count;
}

static inline double from_bits(const char *hex) {
    uint64_t bits = strtoull(hex, NULL, 16);
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Sets a cell of a row to kind:value. */
static inline uint32_t set_cell(const scoreline_scorer *scorer, scoreline_row *row, size_t field, const char *kind, scoreline_error **error) {
    const char *value = kind + 2;
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

/* Sets the cells of a row. A field that nothing reads may hold anything: its refusal does not matter. */
static inline uint32_t fill(const scoreline_scorer *scorer, scoreline_row *row, const vector *vector, scoreline_error **error) {
    for (size_t i = 0; i < vector->cell_count; i++) {
        const char *cell = vector->cells[i], *kind = strchr(cell, '=') + 1;
        char name[128] = {0};
        size_t field = 0;
        memcpy(name, cell, (size_t)(kind - cell - 1));
        uint32_t code = scoreline_scorer_field(scorer, name, &field, error);
        if (code != SCORELINE_OK) return code;
        int required = scoreline_scorer_field_required(scorer, field) == 1;
        code = set_cell(scorer, row, field, kind, required ? error : NULL);
        if (required && code != SCORELINE_OK) return code;
    }
    return SCORELINE_OK;
}

/* Compares what a vector came to: its line, or code and field of its error, which is released. */
static inline void judge(const vector *vector, uint32_t code, const char *line, scoreline_error *error) {
    char refusal[256];
    if (code != SCORELINE_OK) {
        const char *field = scoreline_error_problem_field(error, 0);
        snprintf(refusal, sizeof refusal, "%u:%s", code, field == NULL ? "" : field);
        line = refusal;
    }
    int holds = (code != SCORELINE_OK) == vector->refused && strcmp(line, vector->expected) == 0;
    if (!holds) fprintf(stderr, "%s:\n  expected %s\n  actual   %s\n", vector->name, vector->expected, line);
    CHECK(holds);
    scoreline_error_free(error);
}

/* The same cells field by field. A batch reads the columns where they are. */
typedef struct columns {
    scoreline_batch *batch;
    double *numbers;
    const char **levels;
    uint8_t *flags;
    int32_t *days;
} columns;

static inline columns columns_of(const scoreline_scorer *scorer, vector *const *vectors, size_t count) {
    size_t fields = scoreline_scorer_field_count(scorer);
    columns made = {NULL, malloc(fields * count * sizeof(double)), calloc(fields * count, sizeof(char *)), malloc(fields * count),
                    malloc(fields * count * sizeof(int32_t))};
    NEED(made.numbers != NULL && made.levels != NULL && made.flags != NULL && made.days != NULL);
    for (size_t i = 0; i < fields * count; i++) {
        made.numbers[i] = NAN;
        made.flags[i] = SCORELINE_NO_FLAG;
        made.days[i] = SCORELINE_NO_DATE;
    }
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < vectors[row]->cell_count; i++) {
            const char *cell = vectors[row]->cells[i], *kind = strchr(cell, '=') + 1, *value = kind + 2;
            char name[128] = {0};
            memcpy(name, cell, (size_t)(kind - cell - 1));
            size_t at = field_of(scorer, name) * count + row;
            if (*kind == 'n') made.numbers[at] = strtod(value, NULL); /* the C locale is in force */
            if (*kind == 'b') made.numbers[at] = from_bits(value);
            if (*kind == 'c') made.levels[at] = value;
            if (*kind == 'f') made.flags[at] = strcmp(value, "true") == 0;
            if (*kind == 'd') made.days[at] = day(value);
        }
    }
    NEED(scoreline_batch_new(scorer, count, &made.batch, NULL) == SCORELINE_OK);
    for (size_t field = 0; field < fields; field++) {
        size_t at = field * count;
        uint32_t code = SCORELINE_INTERNAL;
        switch (scoreline_scorer_field_kind(scorer, field)) {
        case SCORELINE_KIND_NUMBER: code = scoreline_batch_set_numbers(made.batch, field, made.numbers + at, count, NULL); break;
        case SCORELINE_KIND_CATEGORY: code = scoreline_batch_set_categories(made.batch, field, made.levels + at, count, NULL); break;
        case SCORELINE_KIND_FLAG: code = scoreline_batch_set_flags(made.batch, field, made.flags + at, count, NULL); break;
        case SCORELINE_KIND_DATE: code = scoreline_batch_set_dates(made.batch, field, made.days + at, count, NULL); break;
        default: NEED(!"a known kind of field");
        }
        CHECK(code == SCORELINE_OK);
    }
    return made;
}

static inline void columns_free(columns *columns) {
    scoreline_batch_free(columns->batch);
    free(columns->numbers);
    free((void *)columns->levels);
    free(columns->flags);
    free(columns->days);
}

#endif
