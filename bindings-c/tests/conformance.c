/* Every conformance vector of decisions: alone, among rows and in a batch of columns, by the bits. */
#include "../examples/canonical.h"
#include "vectors.h"

static vector vectors[MAX_CASES];
static size_t vector_count;
static scoreline_row *made[MAX_CASES];

/* The vector alone. A refusal may come when a cell is set or when the row is decided. */
static scoreline_decision alone(const scoreline_scorer *scorer, int32_t as_of, const vector *vector, scoreline_row *row) {
    scoreline_error *error = NULL;
    scoreline_decision decision = SCORELINE_DECISION_INIT;
    line line = {"", 0};
    uint32_t code = fill(scorer, row, vector, &error);
    if (code == SCORELINE_OK) code = scoreline_decide(scorer, row, as_of, &decision, &error);
    if (code == SCORELINE_OK) canonical(scorer, &decision, &line);
    judge(vector, code, line.text, error);
    return decision;
}

static void batched(const scoreline_scorer *scorer, int32_t as_of, vector *const *decided, const scoreline_decision *expected, size_t count) {
    columns columns = columns_of(scorer, decided, count);
    for (uint32_t threads = 0; threads < 3; threads++) {
        scoreline_decision *decisions = calloc(count, sizeof *decisions);
        scoreline_error *refused = (scoreline_error *)&threads;
        NEED(decisions != NULL);
        decisions[0].size = sizeof *decisions;
        CHECK(scoreline_decide_batch(scorer, columns.batch, as_of, threads, decisions, count, &refused, NULL) == SCORELINE_OK);
        CHECK(refused == NULL);
        for (size_t row = 0; row < count; row++) CHECK(same(&decisions[row], &expected[row]));
        free(decisions);
    }
    columns_free(&columns);
}

static void run(const char *path, const char *model, const char *date) {
    static vector *decided[MAX_CASES];
    static const scoreline_row *rows[MAX_CASES];
    static scoreline_decision expected[MAX_CASES], decisions[MAX_CASES];
    size_t length = 0, count = 0;
    char *text = read_file(path, &length);
    scoreline_scorer *scorer = load(model);
    int32_t as_of = day(date);
    vector_count = read_vectors(text, 0, vectors);
    CHECK(vector_count > 10);

    for (size_t i = 0; i < vector_count; i++) {
        NEED(scoreline_row_new(scorer, &made[i], NULL) == SCORELINE_OK);
        scoreline_decision decision = alone(scorer, as_of, &vectors[i], made[i]);
        if (vectors[i].refused) continue;
        decided[count] = &vectors[i];
        expected[count] = decision;
        rows[count++] = made[i];
    }
    decisions[0].size = sizeof *decisions;
    CHECK(scoreline_decide_rows(scorer, rows, count, as_of, decisions, count, NULL, NULL) == SCORELINE_OK);
    for (size_t i = 0; i < count; i++) CHECK(same(&decisions[i], &expected[i]));
    batched(scorer, as_of, decided, expected, count);

    for (size_t i = 0; i < vector_count; i++) scoreline_row_free(made[i]);
    scoreline_scorer_free(scorer);
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
