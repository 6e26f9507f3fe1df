/* Handles that were released or are of another kind, as far as they can be told. This reads memory that was given back, so
 * it is not for valgrind. */
#include "model.h"

/* COBOL has one type for all handles. */
#define AS(type, handle) ((type *)(void *)(handle))

int main(void) {
    scoreline_scorer *scorer = load(SYNTHETIC);
    scoreline_row *row = NULL;
    scoreline_batch *batch = NULL;
    scoreline_digest *digest = NULL;
    scoreline_error *failure = NULL;
    scoreline_decision decision = SCORELINE_DECISION_INIT;
    int32_t as_of = day("2026-11-21");
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK && scoreline_batch_new(scorer, 1, &batch, NULL) == SCORELINE_OK);
    NEED(scoreline_digest_new(&digest, NULL) == SCORELINE_OK);
    NEED(scoreline_row_clear(NULL, &failure) == SCORELINE_INVALID_DATA);

    /* Of another kind. */
    REFUSED(scoreline_decide(AS(scoreline_scorer, row), row, as_of, &decision, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_decide(scorer, AS(scoreline_row, scorer), as_of, &decision, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_clear(AS(scoreline_row, batch), &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_decide_batch(scorer, AS(scoreline_batch, digest), as_of, 1, &decision, 1, NULL, &error), SCORELINE_INVALID_DATA, "batch");
    REFUSED(scoreline_digest_update(AS(scoreline_digest, failure), "a", 1, &error), SCORELINE_INVALID_DATA, "digest");
    CHECK(scoreline_scorer_hash(AS(scoreline_scorer, digest)) == NULL);
    CHECK(scoreline_error_code(AS(scoreline_error, row)) == SCORELINE_OK);
    scoreline_row_free(AS(scoreline_row, scorer)); /* frees nothing */
    scoreline_scorer_free(AS(scoreline_scorer, row));
    scoreline_error_free(AS(scoreline_error, digest));
    CHECK(scoreline_decide(scorer, row, as_of, &decision, NULL) == SCORELINE_OK);

    /* Events are a kind of their own. */
    scoreline_scorer *accounts = load("tests/artefacts/v1/current_accounts.json");
    scoreline_events *events = NULL;
    size_t length = 0;
    NEED(scoreline_events_new(accounts, &events, NULL) == SCORELINE_OK);
    REFUSED(scoreline_events_read(AS(scoreline_events, row), as_of, row, &error), SCORELINE_INVALID_DATA, "events");
    REFUSED(scoreline_events_read(events, as_of, AS(scoreline_row, events), &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_events_add(events, AS(scoreline_row, scorer), as_of, as_of, NULL, 0, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_clear(AS(scoreline_row, events), &error), SCORELINE_INVALID_DATA, "row");
    CHECK(scoreline_events_cut(AS(scoreline_events, scorer), as_of, 0) == NULL);
    scoreline_events_free(AS(scoreline_events, row)); /* frees nothing */
    scoreline_events_free(events);
    REFUSED(scoreline_events_json(events, NULL, 0, &length, &error), SCORELINE_INVALID_DATA, "events");
    scoreline_events_free(events);
    scoreline_scorer_free(accounts);

    /* Released, used again, released again. */
    scoreline_row_free(row);
    CHECK(scoreline_row_clear(row, NULL) == SCORELINE_INVALID_DATA);
    CHECK(scoreline_decide(scorer, row, as_of, &decision, NULL) == SCORELINE_INVALID_DATA);
    scoreline_row_free(row);
    scoreline_batch_free(batch);
    scoreline_batch_free(batch);
    scoreline_digest_free(digest);
    CHECK(scoreline_digest_update(digest, "a", 1, NULL) == SCORELINE_INVALID_DATA);
    scoreline_digest_free(digest);
    scoreline_error_free(failure);
    scoreline_error_free(failure);
    scoreline_scorer_free(scorer);
    CHECK(scoreline_scorer_field_count(scorer) == 0);
    scoreline_scorer_free(scorer);
    return finish();
}
