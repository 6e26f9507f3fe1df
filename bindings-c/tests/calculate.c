/* Every conformance vector of calculations, alone and line by line; columns; and what is no call. */
#include "model.h"

enum { MAX_LINES = 1024 };

typedef struct vector {
    char *name, *input, *line;
} vector;

static vector vectors[MAX_LINES];
static size_t vector_count;

static void read_vectors(char *text) {
    for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n")) {
        NEED(vector_count < MAX_LINES);
        vector *vector = &vectors[vector_count++];
        vector->name = at;
        vector->input = strchr(at, '\t');
        NEED(vector->input != NULL);
        *vector->input++ = 0;
        vector->line = strchr(vector->input, '\t');
        NEED(vector->line != NULL);
        *vector->line++ = 0;
    }
}

/* A call alone says what stands in the line: the answer, or the code and the field of the error. */
static void alone(const vector *vector) {
    static const char before[] = "{\"answer\":", refused[] = "{\"error\":{\"code\":";
    scoreline_answer *answer = NULL;
    scoreline_error *error = NULL;
    size_t length = 0;
    uint32_t code = scoreline_calculate(vector->name, vector->input, strlen(vector->input), &answer, &error);
    const char *text = scoreline_answer_text(answer, &length);
    if (strncmp(vector->line, before, sizeof before - 1) == 0) {
        const char *expected = vector->line + sizeof before - 1;
        CHECK(code == SCORELINE_OK && error == NULL && text != NULL && length == strlen(text));
        CHECK(length + 1 == strlen(expected) && strncmp(text, expected, length) == 0);
    } else {
        CHECK(strncmp(vector->line, refused, sizeof refused - 1) == 0);
        CHECK(code == (uint32_t)(vector->line[sizeof refused - 1] - '0') && answer == NULL && text == NULL);
        const char *field = scoreline_error_problem_field(error, 0);
        NEED(field != NULL);
        CHECK(strstr(vector->line, field) != NULL);
    }
    scoreline_answer_free(answer);
    scoreline_error_free(error);
}

/* Neighbours of one name go into one call; its lines are those of the file. */
static void line_by_line(void) {
    for (size_t first = 0, next; first < vector_count; first = next) {
        static char inputs[1 << 16], expected[1 << 17];
        size_t inputs_length = 0, expected_length = 0, length = 0;
        for (next = first; next < vector_count && strcmp(vectors[next].name, vectors[first].name) == 0; next++) {
            NEED(inputs_length + strlen(vectors[next].input) + 2 < sizeof inputs);
            NEED(expected_length + strlen(vectors[next].line) + 2 < sizeof expected);
            inputs_length += (size_t)sprintf(inputs + inputs_length, "%s\n", vectors[next].input);
            expected_length += (size_t)sprintf(expected + expected_length, "%s\n", vectors[next].line);
        }
        scoreline_answer *answer = NULL;
        CHECK(scoreline_calculate_lines(vectors[first].name, inputs, inputs_length, 1, &answer, NULL) == SCORELINE_OK);
        CHECK_TEXT(scoreline_answer_text(answer, &length), expected);
        CHECK(length == expected_length);
        scoreline_answer_free(answer);
    }
}

static const char EXPOSURE[] = "{\"framework\": \"basel3\", \"exposure\": {\"class\": \"other_retail\", \"pd\": 0.01, \"lgd\": 0.45}}";

static void columns(void) {
    enum { ROWS = 20000 };
    static double pd[ROWS], lgd[ROWS];
    for (int i = 0; i < ROWS; i++) {
        pd[i] = (i % 500 + 1) / 1000.0;
        lgd[i] = i == 7 ? 3.0 : 0.30 + (i % 7) / 10.0;
    }
    const scoreline_figures figures[] = {{"pd", pd}, {"lgd", lgd}};
    scoreline_columns *one = NULL;
    scoreline_error *refused = NULL;
    size_t length = sizeof EXPOSURE - 1;
    CHECK(scoreline_calculate_columns("irb_capital", EXPOSURE, length, figures, 2, ROWS, 1, &one, &refused, NULL) == SCORELINE_OK);
    const double *k = scoreline_columns_figures(one, "k"), *weight = scoreline_columns_figures(one, "risk_weight");
    const uint8_t *status = scoreline_columns_status(one);
    NEED(k != NULL && weight != NULL && status != NULL);
    CHECK(status[7] == SCORELINE_INVALID_DATA && isnan(k[7]));
    CHECK(scoreline_error_problem_count(refused) == 1 && scoreline_error_problem_row(refused, 0) == 7);
    CHECK_TEXT(scoreline_error_problem_field(refused, 0), "lgd");
    for (int i = 0; i < ROWS; i++) CHECK(i == 7 || (status[i] == SCORELINE_OK && weight[i] == 12.5 * k[i]));
    CHECK(scoreline_columns_figures(one, "raroc") == NULL && scoreline_columns_figures(one, NULL) == NULL);
    scoreline_error_free(refused);
    scoreline_columns_free(one);

    const double published[] = {0.01, 0.30 / 100};
    const scoreline_figures pds[] = {{"pd", published}};
    CHECK(scoreline_calculate_columns("irb_capital", EXPOSURE, length, pds, 1, 2, 1, &one, NULL, NULL) == SCORELINE_OK);
    weight = scoreline_columns_figures(one, "risk_weight");
    NEED(weight != NULL);
    CHECK(fabs(weight[0] - 0.4577) < 1e-4); /* published */
    scoreline_columns_free(one);
}

static void misuse(void) {
    scoreline_answer *answer = NULL;
    scoreline_columns *found = NULL;
    const double one[] = {0.1};
    const scoreline_figures good[] = {{"pd", one}}, nameless[] = {{NULL, one}}, empty[] = {{"pd", NULL}}, twice[] = {{"pd", one}, {"pd", one}};
    size_t length = sizeof EXPOSURE - 1;
    REFUSED(scoreline_calculate(NULL, "{}", 2, &answer, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_calculate("rarok", "{}", 2, &answer, &error), SCORELINE_INVALID_CONFIG, "calculation");
    REFUSED(scoreline_calculate("raroc", NULL, 2, &answer, &error), SCORELINE_INVALID_DATA, "input");
    REFUSED(scoreline_calculate("raroc", "\xff{", 2, &answer, &error), SCORELINE_INVALID_DATA, "input");
    REFUSED(scoreline_calculate("raroc", "{", 1, &answer, &error), SCORELINE_INVALID_DATA, "input");
    REFUSED(scoreline_calculate("raroc", "{}", 2, NULL, &error), SCORELINE_INVALID_DATA, "answer");
    REFUSED(scoreline_calculate_lines("rarok", "{}", 2, 1, &answer, &error), SCORELINE_INVALID_CONFIG, "calculation");
#define COLUMNS(name, figures, count, rows) \
    scoreline_calculate_columns(name, EXPOSURE, length, figures, count, rows, 1, &found, NULL, &error)
    REFUSED(COLUMNS("capm_hurdle", good, 1, 1), SCORELINE_INVALID_CONFIG, "calculation");
    REFUSED(COLUMNS("irb_capital", NULL, 1, 1), SCORELINE_INVALID_DATA, "figures");
    REFUSED(COLUMNS("irb_capital", NULL, 0, 1), SCORELINE_INVALID_DATA, "columns");
    REFUSED(COLUMNS("irb_capital", nameless, 1, 1), SCORELINE_INVALID_DATA, "figures");
    REFUSED(COLUMNS("irb_capital", empty, 1, 1), SCORELINE_INVALID_DATA, "pd");
    REFUSED(COLUMNS("irb_capital", twice, 2, 1), SCORELINE_INVALID_DATA, "pd");
    CHECK(answer == NULL && found == NULL);

    /* Handles of another kind and released ones are told. */
    static const char capm[] = "{\"risk_free\": 0, \"beta\": 1, \"premium\": 0.5}";
    CHECK(scoreline_calculate("capm_hurdle", capm, sizeof capm - 1, &answer, NULL) == SCORELINE_OK);
    CHECK_TEXT(scoreline_answer_text(answer, NULL), "{\"hurdle\":\"0.5\"}");
    CHECK(scoreline_columns_status((const scoreline_columns *)answer) == NULL);
    CHECK(scoreline_answer_text(NULL, NULL) == NULL && scoreline_columns_status(NULL) == NULL);
    scoreline_answer_free(answer);
    scoreline_answer_free(NULL);
    scoreline_columns_free(NULL);
}

int main(void) {
    size_t length = 0;
    char *text = read_file("tests/conformance/calculations.tsv", &length);
    read_vectors(text);
    NEED(vector_count >= 100);
    for (size_t i = 0; i < vector_count; i++) alone(&vectors[i]);
    line_by_line();
    columns();
    misuse();
    free(text);
    return finish();
}
