/* Decides the rows of a CSV file with a saved model, one by one and as one batch, and prints the SHA-256 of the canonical
 * lines of all decisions. The programs in the other languages print the same two hashes.
 *
 * usage: south_german MODEL.json DATA.csv AS_OF
 */
#include <scoreline.h>
#include <stdlib.h>

#include "canonical.h"

/* A CSV file in memory, without quotes: row 0 holds the names. */
typedef struct table {
    char *text;
    const char **cells;
    size_t rows, columns;
} table;

static void stop(const char *what, scoreline_error *error) {
    fprintf(stderr, "%s%s%s\n", what, error == NULL ? "" : ": ", scoreline_error_message(error));
    scoreline_error_free(error);
    exit(EXIT_FAILURE);
}

/* Runs a call whose last argument is `&error`, and stops the program when it fails. */
#define MUST(call) \
    do { \
        if ((call) != SCORELINE_OK) stop(#call, error); \
    } while (0)

static void *room(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (memory == NULL) stop("there is no memory", NULL);
    return memory;
}

static table read_table(const char *path) {
    table table = {NULL, NULL, 0, 1};
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) stop("the data cannot be read", NULL);
    size_t length = (size_t)ftell(file);
    rewind(file);
    table.text = room(length, 1);
    if (fread(table.text, 1, length, file) != length) stop("the data cannot be read", NULL);
    fclose(file);

    size_t lines = 0;
    for (size_t i = 0; i < length; i++) lines += table.text[i] == '\n';
    for (size_t i = 0; i < length && table.text[i] != '\n'; i++) table.columns += table.text[i] == ',';
    table.cells = room(lines * table.columns, sizeof *table.cells);
    char *at = table.text;
    for (; table.rows < lines; table.rows++) {
        for (size_t column = 0; column < table.columns; column++) {
            table.cells[table.rows * table.columns + column] = at;
            at += strcspn(at, ",\r\n");
            char end = *at;
            *at++ = 0;
            if (end == '\r') at++;
            if ((end == ',') != (column + 1 < table.columns)) stop("a row has more or fewer cells than there are names", NULL);
        }
    }
    return table;
}

static size_t column_of(const table *table, const char *name) {
    for (size_t column = 0; column < table->columns; column++) {
        if (strcmp(table->cells[column], name) == 0) return column;
    }
    stop("the data lack a column", NULL);
    return 0;
}

static void print_hash(const scoreline_scorer *scorer, const char *mode, const scoreline_decision *decisions, size_t count) {
    scoreline_error *error = NULL;
    scoreline_digest *digest = NULL;
    char hex[SCORELINE_DIGEST_SIZE];
    MUST(scoreline_digest_new(&digest, &error));
    for (size_t i = 0; i < count; i++) {
        line line;
        canonical(scorer, &decisions[i], &line);
        line_add(&line, "\n");
        MUST(scoreline_digest_update(digest, line.text, line.length, &error));
    }
    MUST(scoreline_digest_hex(digest, hex, sizeof hex, &error));
    printf("%-7s %-6s %s\n", "c", mode, hex);
    scoreline_digest_free(digest);
}

int main(int count, char **arguments) {
    if (count != 4) stop("usage: south_german MODEL.json DATA.csv AS_OF", NULL);
    scoreline_error *error = NULL;
    scoreline_scorer *scorer = NULL;
    scoreline_row *row = NULL;
    scoreline_batch *batch = NULL;
    int32_t as_of = SCORELINE_NO_DATE;
    MUST(scoreline_scorer_load(arguments[1], &scorer, &error));
    MUST(scoreline_date_parse(arguments[3], &as_of, &error));
    table table = read_table(arguments[2]);
    size_t rows = table.rows - 1, fields = scoreline_scorer_field_count(scorer);

    /* The cells, field by field. */
    const char **cells = room(fields * rows, sizeof *cells);
    for (size_t field = 0; field < fields; field++) {
        size_t column = column_of(&table, scoreline_scorer_field_name(scorer, field));
        for (size_t i = 0; i < rows; i++) cells[field * rows + i] = table.cells[(i + 1) * table.columns + column];
    }

    scoreline_decision *decisions = room(rows, sizeof *decisions);
    MUST(scoreline_row_new(scorer, &row, &error));
    for (size_t i = 0; i < rows; i++) {
        MUST(scoreline_row_clear(row, &error));
        for (size_t field = 0; field < fields; field++) {
            const char *cell = cells[field * rows + i];
            MUST(scoreline_row_set_text(row, field, cell, strlen(cell), &error));
        }
        decisions[i].size = sizeof decisions[i];
        MUST(scoreline_decide(scorer, row, as_of, &decisions[i], &error));
    }
    print_hash(scorer, "single", decisions, rows);

    scoreline_decision *batched = room(rows, sizeof *batched);
    scoreline_error *refused = NULL;
    MUST(scoreline_batch_new(scorer, rows, &batch, &error));
    for (size_t field = 0; field < fields; field++) {
        MUST(scoreline_batch_set_texts(batch, field, &cells[field * rows], rows, &error));
    }
    batched[0].size = sizeof batched[0];
    MUST(scoreline_decide_batch(scorer, batch, as_of, 0, batched, rows, &refused, &error));
    if (refused != NULL) stop("some rows were not decided", refused);
    print_hash(scorer, "batch", batched, rows);

    scoreline_batch_free(batch);
    scoreline_row_free(row);
    scoreline_scorer_free(scorer);
    free(batched);
    free(decisions);
    free(cells);
    free(table.cells);
    free(table.text);
    return EXIT_SUCCESS;
}
