#include <scoreline.h>

#include "check.h"

int main(void) {
    CHECK_TEXT(scoreline_version(), SCORELINE_VERSION);
    CHECK_TEXT(scoreline_code_name(SCORELINE_INVALID_DATA), "invalid_data");
    CHECK(scoreline_code_name(12345) == NULL);

    int32_t days = -1;
    scoreline_error *error = (scoreline_error *)&days; /* success must clear it */
    CHECK(scoreline_date_parse("2024-02-29", &days, &error) == SCORELINE_OK);
    CHECK(days == 19782);
    CHECK(error == NULL);

    CHECK(scoreline_date_parse("2024-02-30", &days, &error) == SCORELINE_INVALID_DATA);
    CHECK(days == 19782);
    CHECK(scoreline_error_code(error) == SCORELINE_INVALID_DATA);
    CHECK(strstr(scoreline_error_message(error), "invalid_data: ") == scoreline_error_message(error));
    CHECK(strstr(scoreline_error_message(error), "2024") == NULL);
    CHECK(scoreline_error_problem_count(error) == 1);
    CHECK(scoreline_error_problem_field(error, 0) == NULL);
    CHECK(scoreline_error_problem_row(error, 0) == -1);
    CHECK(scoreline_error_problem_position(error, 0) == -1);
    CHECK(scoreline_error_problem_what(error, 0) != NULL);
    CHECK(scoreline_error_problem_what(error, 1) == NULL);
    scoreline_error_free(error);

    /* The error object is optional; a null argument is an error, not a crash. */
    CHECK(scoreline_date_parse("x", &days, NULL) == SCORELINE_INVALID_DATA);
    CHECK(scoreline_date_parse("\xff", &days, NULL) == SCORELINE_INVALID_DATA);
    CHECK(scoreline_date_parse(NULL, NULL, &error) == SCORELINE_INVALID_DATA);
    CHECK_TEXT(scoreline_error_problem_field(error, 0), "days");
    scoreline_error_free(error);

    CHECK(scoreline_error_code(NULL) == SCORELINE_OK);
    CHECK_TEXT(scoreline_error_message(NULL), "");
    CHECK(scoreline_error_problem_count(NULL) == 0);
    CHECK(scoreline_error_problem_row(NULL, 0) == -1);
    CHECK(scoreline_error_iterations(NULL) == -1);
    CHECK(scoreline_error_gradient(NULL) != scoreline_error_gradient(NULL)); /* NaN */
    scoreline_error_free(NULL);
    return finish();
}
