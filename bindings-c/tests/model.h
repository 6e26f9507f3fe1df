/* Model files and decisions in tests. Tests run in the root of the repository. */
#ifndef MODEL_H
#define MODEL_H

#include <scoreline.h>
#include <stdlib.h>

#include "check.h"

#define SYNTHETIC "tests/artefacts/v1/synthetic.json"
#define SOUTH_GERMAN "tests/artefacts/v1/south_german_credit.json"
#define NIGHTLY "tests/artefacts/v1/nightly.json"

/* Stops when the rest of a test makes no sense. */
#define NEED(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: cannot go on without: %s\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

/* A call whose last argument is `&error` must fail with `code`, naming `field` (NULL for none). */
#define REFUSED(call, code, field) \
    do { \
        scoreline_error *error = NULL; \
        CHECK((call) == (code)); \
        CHECK(scoreline_error_code(error) == (code)); \
        if (!names_field(error, field)) { \
            failed++; \
            fprintf(stderr, "%s:%d: %s should name %s: %s\n", __FILE__, __LINE__, #call, #field, scoreline_error_message(error)); \
        } \
        scoreline_error_free(error); \
    } while (0)

static inline int names_field(const scoreline_error *error, const char *field) {
    const char *named = scoreline_error_problem_field(error, 0);
    return named == NULL || field == NULL ? named == field : strcmp(named, field) == 0;
}

static inline char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    NEED(file != NULL && fseek(file, 0, SEEK_END) == 0);
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*length + 1);
    NEED(text != NULL && fread(text, 1, *length, file) == *length);
    text[*length] = 0;
    fclose(file);
    return text;
}

static inline scoreline_scorer *load(const char *path) {
    scoreline_scorer *scorer = NULL;
    scoreline_error *error = NULL;
    if (scoreline_scorer_load(path, &scorer, &error) != SCORELINE_OK) fprintf(stderr, "%s\n", scoreline_error_message(error));
    NEED(scorer != NULL && error == NULL);
    return scorer;
}

static inline size_t field_of(const scoreline_scorer *scorer, const char *name) {
    size_t field = 0;
    NEED(scoreline_scorer_field(scorer, name, &field, NULL) == SCORELINE_OK);
    return field;
}

static inline int32_t day(const char *text) {
    int32_t days = 0;
    NEED(scoreline_date_parse(text, &days, NULL) == SCORELINE_OK);
    return days;
}

static inline int same(const scoreline_decision *one, const scoreline_decision *other) {
    return memcmp(one, other, sizeof *one) == 0;
}

#endif
