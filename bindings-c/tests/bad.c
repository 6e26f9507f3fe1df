/* Every bad input has a defined answer: a code, the argument or field by name, and nothing written. */
#include <math.h>

#include "model.h"

static void files(void) {
    scoreline_scorer *scorer = (scoreline_scorer *)&scorer;
    REFUSED(scoreline_scorer_load(NULL, &scorer, &error), SCORELINE_INVALID_DATA, "file");
    CHECK(scorer == NULL);
    REFUSED(scoreline_scorer_load(SYNTHETIC, NULL, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_scorer_load("no/such/file", &scorer, &error), SCORELINE_IO, "no/such/file");
    REFUSED(scoreline_scorer_load("tests", &scorer, &error), SCORELINE_IO, "tests");
    CHECK(scoreline_scorer_load(NULL, NULL, NULL) == SCORELINE_INVALID_DATA);

    size_t length = 0;
    char *good = read_file(SYNTHETIC, &length), *text = malloc(length + 1);
    NEED(text != NULL);
    memcpy(text, good, length + 1);
    CHECK(scoreline_scorer_parse(good, length, &scorer, NULL) == SCORELINE_OK);
    CHECK(scorer != NULL);
    scoreline_scorer_free(scorer);
    REFUSED(scoreline_scorer_parse(NULL, length, &scorer, &error), SCORELINE_INVALID_DATA, "json");
    CHECK(scorer == NULL);
    REFUSED(scoreline_scorer_parse(good, 0, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    REFUSED(scoreline_scorer_parse(good, length / 2, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    REFUSED(scoreline_scorer_parse(good, length - 3, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    REFUSED(scoreline_scorer_parse("{}", 2, &scorer, &error), SCORELINE_ARTEFACT, "format");
    REFUSED(scoreline_scorer_parse("null", 4, &scorer, &error), SCORELINE_ARTEFACT, "format");
    REFUSED(scoreline_scorer_parse("\xff\xfe{", 3, &scorer, &error), SCORELINE_INVALID_DATA, "json");
    REFUSED(scoreline_scorer_parse("{\0}", 3, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    REFUSED(scoreline_scorer_parse(good, (size_t)-1, &scorer, &error), SCORELINE_INVALID_DATA, "json");

    char *at = strstr(text, "\"intercept\"");
    NEED(at != NULL);
    at += strcspn(at, "123456789");
    *at = *at == '9' ? '8' : (char)(*at + 1);
    REFUSED(scoreline_scorer_parse(text, length, &scorer, &error), SCORELINE_ARTEFACT, "hash");
    memcpy(text, good, length);
    at = strstr(text, "\"version\": 1");
    NEED(at != NULL);
    at[11] = '2';
    REFUSED(scoreline_scorer_parse(text, length, &scorer, &error), SCORELINE_ARTEFACT, "version");

    size_t many = 100u << 20;
    char *brackets = malloc(many);
    NEED(brackets != NULL);
    memset(brackets, '[', many);
    REFUSED(scoreline_scorer_parse(brackets, many, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    REFUSED(scoreline_scorer_parse(brackets, 60u << 20, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    for (size_t i = 0; i + 4 < many; i += 5) memcpy(brackets + i, "{\"a\":", 5);
    REFUSED(scoreline_scorer_parse(brackets, 60u << 20, &scorer, &error), SCORELINE_ARTEFACT, NULL);
    CHECK(scorer == NULL);
    free(brackets);
    free(text);
    free(good);
}

static void names(const scoreline_scorer *scorer) {
    size_t index = 77;
    REFUSED(scoreline_scorer_field(scorer, "utilization", &index, &error), SCORELINE_INVALID_DATA, "utilization");
    REFUSED(scoreline_scorer_field(scorer, "", &index, &error), SCORELINE_INVALID_DATA, "");
    REFUSED(scoreline_scorer_field(scorer, "\xff", &index, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_scorer_field(scorer, NULL, &index, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_scorer_field(scorer, "income", NULL, &error), SCORELINE_INVALID_DATA, "index");
    REFUSED(scoreline_scorer_field(NULL, "income", &index, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(index == 77);

    CHECK(strlen(scoreline_scorer_hash(scorer)) == 64 && scoreline_scorer_hash(NULL) == NULL);
    CHECK(scoreline_scorer_decimals(scorer) == 3 && scoreline_scorer_decimals(NULL) == 0);
    CHECK(scoreline_scorer_field_count(scorer) == 12 && scoreline_scorer_field_count(NULL) == 0);
    CHECK_TEXT(scoreline_scorer_field_name(scorer, 2), "utilisation");
    CHECK(scoreline_scorer_field_name(scorer, 12) == NULL && scoreline_scorer_field_name(NULL, 0) == NULL);
    CHECK(scoreline_scorer_field_kind(scorer, 2) == SCORELINE_KIND_NUMBER);
    CHECK(scoreline_scorer_field_kind(scorer, field_of(scorer, "opened")) == SCORELINE_KIND_DATE);
    CHECK(scoreline_scorer_field_kind(scorer, field_of(scorer, "homeowner")) == SCORELINE_KIND_FLAG);
    CHECK(scoreline_scorer_field_kind(scorer, field_of(scorer, "job")) == SCORELINE_KIND_CATEGORY);
    CHECK(scoreline_scorer_field_kind(scorer, (size_t)-1) == SCORELINE_NONE && scoreline_scorer_field_kind(NULL, 0) == SCORELINE_NONE);
    CHECK(scoreline_scorer_field_required(scorer, 2) == 1 && scoreline_scorer_field_required(scorer, 99) == 0);
    CHECK(scoreline_scorer_reason_count(scorer) > 4 && scoreline_scorer_reason_count(NULL) == 0);
    CHECK(scoreline_scorer_reason_code(scorer, 0) != NULL && scoreline_scorer_reason_text(scorer, 0) != NULL);
    CHECK(scoreline_scorer_reason_code(scorer, SCORELINE_NONE) == NULL && scoreline_scorer_reason_text(NULL, 0) == NULL);
    CHECK_TEXT(scoreline_scorer_limit_name(scorer, 0), "debt service");
    CHECK(scoreline_scorer_limit_name(scorer, SCORELINE_NONE) == NULL && scoreline_scorer_limit_name(NULL, 0) == NULL);
}

static void cells(const scoreline_scorer *scorer, scoreline_row *row) {
    size_t number = field_of(scorer, "utilisation"), level = field_of(scorer, "job");
    size_t flag = field_of(scorer, "homeowner"), date = field_of(scorer, "opened"), none = scoreline_scorer_field_count(scorer);
    scoreline_row *made = (scoreline_row *)&made;
    REFUSED(scoreline_row_new(NULL, &made, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(made == NULL);
    REFUSED(scoreline_row_new(scorer, NULL, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_clear(NULL, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_missing(NULL, number, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_number(NULL, number, 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_decimal(NULL, number, 1, 0, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_decimal_ref(NULL, number, NULL, 0, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_decimal_ref(row, number, NULL, 0, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_category(NULL, level, "x", 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_flag(NULL, flag, 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_date(NULL, date, 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_text(NULL, number, "1", 1, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_row_set_padded(NULL, number, "1", 1, &error), SCORELINE_INVALID_DATA, "row");

    REFUSED(scoreline_row_set_number(row, none, 1, &error), SCORELINE_INVALID_DATA, "field");
    REFUSED(scoreline_row_set_missing(row, (size_t)-1, &error), SCORELINE_INVALID_DATA, "field");

    REFUSED(scoreline_row_set_number(row, number, INFINITY, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_number(row, number, -INFINITY, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_decimal(row, number, 1, -400, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, "1e999", 5, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, "inf", 3, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, "nan", 3, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, "12,5", 4, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, " 1", 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, "0x10", 4, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_text(row, number, NULL, 1, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_category(row, number, "many", 4, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_flag(row, number, 1, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_date(row, number, 1, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_row_set_number(row, level, 1, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_row_set_category(row, level, "\xff", 1, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_row_set_category(row, level, NULL, 0, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_row_set_category(row, level, "x", (size_t)-1, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_row_set_padded(row, level, NULL, 3, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_row_set_flag(row, flag, 2, &error), SCORELINE_INVALID_DATA, "homeowner");
    REFUSED(scoreline_row_set_text(row, flag, "yes", 3, &error), SCORELINE_INVALID_DATA, "homeowner");
    REFUSED(scoreline_row_set_text(row, date, "2024-02-30", 10, &error), SCORELINE_INVALID_DATA, "opened");
    REFUSED(scoreline_row_set_number(row, date, 1, &error), SCORELINE_INVALID_DATA, "opened");
}

static void decisions(const scoreline_scorer *scorer, const scoreline_scorer *foreign, scoreline_row *row) {
    scoreline_decision decision = SCORELINE_DECISION_INIT, absent = SCORELINE_DECISION_INIT, untouched[2];
    scoreline_row *other = NULL;
    int32_t as_of = day("2026-11-21");
    size_t number = field_of(scorer, "utilisation");
    NEED(scoreline_row_new(foreign, &other, NULL) == SCORELINE_OK);

    /* A refused value is not forgotten: the row of the record before is not decided again. */
    CHECK(scoreline_row_clear(row, NULL) == SCORELINE_OK);
    CHECK(scoreline_row_set_number(row, number, 0.5, NULL) == SCORELINE_OK);
    CHECK(scoreline_decide(scorer, row, as_of, &decision, NULL) == SCORELINE_OK);
    CHECK(decision.status == SCORELINE_OK && decision.pd > 0);
    CHECK(scoreline_row_set_number(row, number, INFINITY, NULL) == SCORELINE_INVALID_DATA);
    REFUSED(scoreline_decide(scorer, row, as_of, &decision, &error), SCORELINE_INVALID_DATA, "utilisation");
    absent.status = SCORELINE_INVALID_DATA;
    CHECK(same(&decision, &absent));
    CHECK(scoreline_row_set_number(row, number, 0.25, NULL) == SCORELINE_OK);
    CHECK(scoreline_decide(scorer, row, as_of, &decision, NULL) == SCORELINE_OK);

    REFUSED(scoreline_decide(NULL, row, as_of, &decision, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(same(&decision, &absent));
    REFUSED(scoreline_decide(scorer, NULL, as_of, &decision, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_decide(scorer, row, as_of, NULL, &error), SCORELINE_INVALID_DATA, "decision");
    REFUSED(scoreline_decide(scorer, other, as_of, &decision, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_decide(scorer, row, SCORELINE_NO_DATE, &decision, &error), SCORELINE_INVALID_DATA, "as_of");
    for (uint32_t size = 0; size < 400; size += 4) {
        memset(untouched, 0xee, sizeof untouched);
        untouched[0].size = size;
        scoreline_decision before = untouched[0];
        if (size == sizeof before) continue;
        CHECK(scoreline_decide(scorer, row, as_of, untouched, NULL) == SCORELINE_INVALID_DATA);
        CHECK(same(untouched, &before));
    }
    memset(&decision, 0, sizeof decision);
    REFUSED(scoreline_decide(scorer, row, as_of, &decision, &error), SCORELINE_INVALID_DATA, "decision.size");

    /* Many rows: one bad row loses nothing of the others. */
    const scoreline_row *rows[] = {row, NULL, other, row};
    scoreline_decision many[4];
    scoreline_error *refused = NULL;
    memset(many, 0xee, sizeof many);
    many[0].size = sizeof *many;
    scoreline_decision before = many[0];
    REFUSED(scoreline_decide_rows(scorer, rows, 4, as_of, many, 3, &refused, &error), SCORELINE_INVALID_DATA, "decisions");
    CHECK(same(&many[0], &before) && refused == NULL);
    REFUSED(scoreline_decide_rows(scorer, NULL, 4, as_of, many, 4, &refused, &error), SCORELINE_INVALID_DATA, "rows");
    REFUSED(scoreline_decide_rows(scorer, rows, 4, as_of, NULL, 4, &refused, &error), SCORELINE_INVALID_DATA, "decisions");
    REFUSED(scoreline_decide_rows(scorer, rows, (size_t)-1, as_of, many, 4, &refused, &error), SCORELINE_INVALID_DATA, "rows");
    REFUSED(scoreline_decide_rows(NULL, rows, 4, as_of, many, 4, &refused, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(scoreline_decide_rows(scorer, NULL, 0, as_of, NULL, 0, NULL, NULL) == SCORELINE_OK);
    CHECK(same(&many[0], &before));
    CHECK(scoreline_decide_rows(scorer, rows, 4, as_of, many, 4, &refused, NULL) == SCORELINE_OK);
    CHECK(many[0].status == SCORELINE_OK && same(&many[0], &many[3]));
    CHECK(same(&many[1], &absent) && same(&many[2], &absent));
    CHECK(scoreline_error_code(refused) == SCORELINE_INVALID_DATA && scoreline_error_problem_count(refused) == 2);
    CHECK(scoreline_error_problem_row(refused, 0) == 1 && scoreline_error_problem_row(refused, 1) == 2);
    scoreline_error_free(refused);
    scoreline_row_free(other);
}

static void batches(const scoreline_scorer *scorer, const scoreline_scorer *foreign) {
    scoreline_batch *batch = (scoreline_batch *)&batch, *other = NULL;
    int32_t as_of = day("2026-11-21"), codes[] = {0, 2}, days[] = {1, 2};
    double numbers[] = {0.5, INFINITY}, finite[] = {1, 2};
    int64_t decimals[] = {5, 6};
    const char *texts[] = {"a", "\xff"}, *words[] = {"a", NULL}, *unreadable[] = {"1", "x"};
    uint8_t flags[] = {1, 3};
    size_t number = field_of(scorer, "utilisation"), level = field_of(scorer, "job");
    size_t flag = field_of(scorer, "homeowner"), date = field_of(scorer, "opened");
    scoreline_decision many[2] = {SCORELINE_DECISION_INIT, SCORELINE_DECISION_INIT};

    REFUSED(scoreline_batch_new(NULL, 2, &batch, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(batch == NULL);
    REFUSED(scoreline_batch_new(scorer, 2, NULL, &error), SCORELINE_INVALID_DATA, "batch");
    REFUSED(scoreline_batch_new(scorer, (size_t)-1, &batch, &error), SCORELINE_INVALID_DATA, "rows");
    NEED(scoreline_batch_new(scorer, 2, &batch, NULL) == SCORELINE_OK);
    NEED(scoreline_batch_new(foreign, 2, &other, NULL) == SCORELINE_OK);

    REFUSED(scoreline_batch_set_numbers(NULL, number, numbers, 2, &error), SCORELINE_INVALID_DATA, "batch");
    REFUSED(scoreline_batch_set_numbers(batch, 99, numbers, 2, &error), SCORELINE_INVALID_DATA, "field");
    REFUSED(scoreline_batch_set_numbers(batch, number, NULL, 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_numbers(batch, number, numbers, 1, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_numbers(batch, number, numbers, (size_t)-1, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_numbers(batch, number, (double *)((char *)numbers + 1), 1, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_numbers(batch, level, numbers, 2, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_decimals(batch, date, decimals, 2, 2, &error), SCORELINE_INVALID_DATA, "opened");
    REFUSED(scoreline_batch_set_decimals(batch, number, NULL, 2, 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_categories(batch, number, words, 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_categories(batch, level, texts, 2, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_categories(batch, level, NULL, 2, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_levels(batch, level, codes, 2, words, 1, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_levels(batch, level, codes, 2, words, 2, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_levels(batch, level, NULL, 2, words, 1, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_levels(batch, level, codes, 2, NULL, 1, &error), SCORELINE_INVALID_DATA, "levels");
    REFUSED(scoreline_batch_set_flags(batch, flag, flags, 2, &error), SCORELINE_INVALID_DATA, "homeowner");
    REFUSED(scoreline_batch_set_flags(batch, flag, NULL, 2, &error), SCORELINE_INVALID_DATA, "homeowner");
    REFUSED(scoreline_batch_set_dates(batch, number, days, 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_dates(batch, date, NULL, 2, &error), SCORELINE_INVALID_DATA, "opened");
    REFUSED(scoreline_batch_set_texts(batch, number, unreadable, 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    REFUSED(scoreline_batch_set_texts(batch, date, NULL, 2, &error), SCORELINE_INVALID_DATA, "opened");
    REFUSED(scoreline_batch_set_padded(batch, level, "ab", 0, 2, &error), SCORELINE_INVALID_DATA, "width");
    REFUSED(scoreline_batch_set_padded(batch, level, "ab", (size_t)-1, 2, &error), SCORELINE_INVALID_DATA, "width");
    REFUSED(scoreline_batch_set_padded(batch, level, NULL, 1, 2, &error), SCORELINE_INVALID_DATA, "job");
    REFUSED(scoreline_batch_set_padded(batch, level, "a\xff", 1, 2, &error), SCORELINE_INVALID_DATA, "job");
    scoreline_error *named = NULL;
    CHECK(scoreline_batch_set_texts(batch, number, unreadable, 2, &named) == SCORELINE_INVALID_DATA);
    CHECK(scoreline_error_problem_row(named, 0) == 1);
    scoreline_error_free(named);

    CHECK(scoreline_batch_set_numbers(batch, number, numbers, 2, NULL) == SCORELINE_OK);
    REFUSED(scoreline_batch_set_numbers(batch, number, numbers, 2, &error), SCORELINE_INVALID_DATA, "utilisation");
    scoreline_decision before = many[0];
    CHECK(scoreline_decide_batch(scorer, batch, as_of, 1, many, 2, NULL, NULL) == SCORELINE_INVALID_DATA); /* columns lack */
    CHECK(same(&many[0], &before));
    for (size_t field = 0; field < scoreline_scorer_field_count(scorer); field++) {
        if (field == number || !scoreline_scorer_field_required(scorer, field)) continue;
        uint32_t kind = scoreline_scorer_field_kind(scorer, field);
        if (kind == SCORELINE_KIND_NUMBER) CHECK(scoreline_batch_set_numbers(batch, field, finite, 2, NULL) == SCORELINE_OK);
        if (kind == SCORELINE_KIND_CATEGORY) CHECK(scoreline_batch_set_categories(batch, field, words, 2, NULL) == SCORELINE_OK);
        if (kind == SCORELINE_KIND_DATE) CHECK(scoreline_batch_set_dates(batch, field, days, 2, NULL) == SCORELINE_OK);
        if (kind == SCORELINE_KIND_FLAG) CHECK(scoreline_batch_set_padded(batch, field, "true false", 5, 2, NULL) == SCORELINE_OK);
    }
    REFUSED(scoreline_decide_batch(scorer, NULL, as_of, 1, many, 2, NULL, &error), SCORELINE_INVALID_DATA, "batch");
    REFUSED(scoreline_decide_batch(NULL, batch, as_of, 1, many, 2, NULL, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_decide_batch(scorer, other, as_of, 1, many, 2, NULL, &error), SCORELINE_INVALID_DATA, "batch");
    REFUSED(scoreline_decide_batch(scorer, batch, as_of, 1, many, 1, NULL, &error), SCORELINE_INVALID_DATA, "decisions");
    REFUSED(scoreline_decide_batch(scorer, batch, as_of, 1, NULL, 2, NULL, &error), SCORELINE_INVALID_DATA, "decisions");
    REFUSED(scoreline_decide_batch(scorer, batch, SCORELINE_NO_DATE, 1, many, 2, NULL, &error), SCORELINE_INVALID_DATA, "as_of");
    CHECK(same(&many[0], &before));

    /* The infinite number costs its own row only. */
    scoreline_error *refused = NULL;
    CHECK(scoreline_decide_batch(scorer, batch, as_of, UINT32_MAX, many, 2, &refused, NULL) == SCORELINE_OK);
    scoreline_decision absent = SCORELINE_DECISION_INIT;
    absent.status = SCORELINE_INVALID_DATA;
    CHECK(many[0].status == SCORELINE_OK && many[0].pd > 0 && same(&many[1], &absent));
    CHECK(scoreline_error_problem_count(refused) == 1 && scoreline_error_problem_row(refused, 0) == 1);
    CHECK_TEXT(scoreline_error_problem_field(refused, 0), "utilisation");
    scoreline_error_free(refused);
    scoreline_batch_free(batch);
    scoreline_batch_free(other);

    NEED(scoreline_batch_new(scorer, 0, &batch, NULL) == SCORELINE_OK);
    for (size_t field = 0; field < scoreline_scorer_field_count(scorer); field++) {
        CHECK(scoreline_batch_set_texts(batch, field, NULL, 0, NULL) == SCORELINE_OK);
    }
    CHECK(scoreline_decide_batch(scorer, batch, as_of, 0, NULL, 0, NULL, NULL) == SCORELINE_OK);
    scoreline_batch_free(batch);
}

static void digests(void) {
    scoreline_digest *digest = NULL;
    char hex[SCORELINE_DIGEST_SIZE] = "untouched";
    REFUSED(scoreline_digest_new(NULL, &error), SCORELINE_INVALID_DATA, "digest");
    NEED(scoreline_digest_new(&digest, NULL) == SCORELINE_OK);
    REFUSED(scoreline_digest_update(NULL, "a", 1, &error), SCORELINE_INVALID_DATA, "digest");
    REFUSED(scoreline_digest_update(digest, NULL, 1, &error), SCORELINE_INVALID_DATA, "bytes");
    CHECK(scoreline_digest_update(digest, NULL, 0, NULL) == SCORELINE_OK);
    CHECK(scoreline_digest_update(digest, "a", 1, NULL) == SCORELINE_OK);
    CHECK(scoreline_digest_update(digest, "bc", 2, NULL) == SCORELINE_OK);
    REFUSED(scoreline_digest_hex(digest, NULL, 65, &error), SCORELINE_INVALID_DATA, "hex");
    REFUSED(scoreline_digest_hex(NULL, hex, 65, &error), SCORELINE_INVALID_DATA, "digest");
    REFUSED(scoreline_digest_hex(digest, hex, 64, &error), SCORELINE_INVALID_DATA, "hex");
    CHECK_TEXT(hex, "untouched");
    CHECK(scoreline_digest_hex(digest, hex, sizeof hex, NULL) == SCORELINE_OK);
    CHECK_TEXT(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-4: "abc" */
    CHECK(scoreline_digest_hex(digest, hex, sizeof hex, NULL) == SCORELINE_OK);
    CHECK_TEXT(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"); /* of nothing: it began anew */
    scoreline_digest_free(digest);
}

int main(void) {
    files();
    scoreline_scorer *scorer = load(SYNTHETIC), *foreign = load(SYNTHETIC);
    scoreline_row *row = NULL;
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK);
    names(scorer);
    cells(scorer, row);
    decisions(scorer, foreign, row);
    batches(scorer, foreign);
    digests();

    /* A row outlives its scorer, and all may be released in any order; NULL may be released. */
    scoreline_scorer_free(scorer);
    CHECK(scoreline_row_set_number(row, 2, 0.5, NULL) == SCORELINE_OK);
    scoreline_row_free(row);
    scoreline_scorer_free(foreign);
    scoreline_scorer_free(NULL);
    scoreline_row_free(NULL);
    scoreline_batch_free(NULL);
    scoreline_digest_free(NULL);
    return finish();
}
