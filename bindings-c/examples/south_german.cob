*> Decides the rows of a CSV file with a saved model, one by one and as one batch, and prints the SHA-256 of the canonical lines
*> of all decisions. The programs in the other languages print the same two hashes.
*>
*> Numbers cross as scaled decimals, never as comp-2; categories as text of a fixed width. See scoreline.cpy.
*>
*> usage: south_german MODEL.json DATA.csv AS_OF
identification division.
program-id. south-german.

environment division.
input-output section.
file-control.
    select csv assign to dynamic data-path organization line sequential file status is csv-status.

data division.
file section.
fd csv.
01 csv-line          pic x(1024).

working-storage section.
copy "scoreline.cpy".
01 scorer            usage pointer value null.
01 application       usage pointer value null.
01 batch             usage pointer value null.
01 digest            usage pointer value null.
01 error-object      usage pointer value null.
01 refused           usage pointer value null.
01 code-returned     usage binary-long unsigned.

01 model-path        pic x(512).
01 data-path         pic x(512).
01 day-text          pic x(64).
01 as-of             usage binary-long.
01 csv-status        pic xx.
   88 csv-ok         value "00".
   88 csv-end        value "10".

*> Where each column of the file goes: the index of its field from 0, or -1 for the columns that are no inputs.
01 column-count      usage binary-long value 0.
01 column-name       pic x(64).
01 file-columns.
   05 file-column    occurs 64 times.
      10 column-field usage binary-long value -1.
      10 column-kind  usage binary-long unsigned.
01 column-at         usage binary-long.
01 field-index       usage binary-double unsigned.
01 next-cell         usage binary-long.

*> Cells by column, for the batch; the library reads them where they lie.
01 row-limit         constant as 2000.
01 cell-width        constant as 16.
01 number-cells.
   05 number-column  occurs 64 times.
      10 mantissa    usage binary-double occurs row-limit times.
01 level-cells.
   05 level-column   occurs 64 times.
      10 level       pic x(cell-width) occurs row-limit times.
01 cell              pic x(cell-width).
01 scale             usage binary-long value 2.
01 width             usage binary-double unsigned value cell-width.

01 row-count         usage binary-double unsigned value 0.
01 row-at            usage binary-long.
01 decision-table.
   05 decision       occurs row-limit times.
      copy "scoreline-decision.cpy" replacing ==:d:== by ==decision==.
01 thread-count      usage binary-long unsigned value 0.

01 way               pic x(6).
01 line-text         pic x(4096).
01 line-length       usage binary-long unsigned.
01 byte-count        usage binary-double unsigned.
01 hex               pic x(scoreline-digest-size).
01 hex-size          usage binary-double unsigned value scoreline-digest-size.
01 message-pointer   usage pointer.

linkage section.
01 message-text      pic x(2048).

procedure division.
main.
    accept model-path from argument-value
    accept data-path from argument-value
    accept day-text from argument-value
    string function trim(model-path) x"00" delimited by size into model-path
    string function trim(day-text) x"00" delimited by size into day-text
    call static "scoreline_scorer_load" using by reference model-path scorer error-object returning code-returned
    perform check
    call static "scoreline_date_parse" using by reference day-text as-of error-object returning code-returned
    perform check
    call static "scoreline_row_new" using by value size auto scorer by reference application error-object returning code-returned
    perform check

    open input csv
    if not csv-ok
        display "the data cannot be read" upon syserr
        stop run returning 1
    end-if
    read csv
    perform read-names
    read csv
    perform until csv-end
        perform decide-line
        read csv
    end-perform
    close csv
    move "single" to way
    perform print-hash

    perform decide-batch
    move "batch" to way
    perform print-hash

    call static "scoreline_batch_free" using by value size auto batch returning omitted
    call static "scoreline_row_free" using by value size auto application returning omitted
    call static "scoreline_scorer_free" using by value size auto scorer returning omitted
    stop run returning 0.

*> The first line names the columns. A column that the model does not know is no input.
read-names.
    move 1 to next-cell
    perform until next-cell > function length(function trim(csv-line trailing))
        move spaces to column-name
        unstring csv-line delimited by "," into column-name with pointer next-cell
        add 1 to column-count
        string function trim(column-name) x"00" delimited by size into column-name
        call static "scoreline_scorer_field" using by value size auto scorer by reference column-name field-index error-object
            returning code-returned
        if code-returned = scoreline-ok
            move field-index to column-field(column-count)
            call static "scoreline_scorer_field_kind" using by value size auto scorer field-index returning column-kind(column-count)
        else
            call static "scoreline_error_free" using by value size auto error-object returning omitted
        end-if
    end-perform.

decide-line.
    add 1 to row-count
    if row-count > row-limit
        display "the data have more rows than this program holds" upon syserr
        stop run returning 1
    end-if
    call static "scoreline_row_clear" using by value size auto application by reference error-object returning code-returned
    perform check
    move 1 to next-cell
    perform varying column-at from 1 by 1 until column-at > column-count
        move spaces to cell
        unstring csv-line delimited by "," into cell with pointer next-cell
        if column-field(column-at) >= 0
            move column-field(column-at) to field-index
            if column-kind(column-at) = scoreline-kind-number
                perform set-number
            else
                move cell to level(column-at, row-count)
                call static "scoreline_row_set_padded" using by value size auto application field-index by reference cell
                    by value size auto width by reference error-object returning code-returned
                perform check
            end-if
        end-if
    end-perform
    move scoreline-decision-size to decision-size(row-count)
    call static "scoreline_decide" using by value size auto scorer application as-of by reference decision(row-count) error-object
        returning code-returned
    perform check.

*> Hundredths as a whole number: exact, or refused.
set-number.
    if cell = spaces
        move scoreline-no-decimal to mantissa(column-at, row-count)
    else
        if function test-numval(cell) not = 0
            display "a number was expected in column " column-at upon syserr
            stop run returning 1
        end-if
        compute mantissa(column-at, row-count) = function numval(cell) * 100
            on size error
                display "a number is too large in column " column-at upon syserr
                stop run returning 1
        end-compute
    end-if
    call static "scoreline_row_set_decimal_ref" using by value size auto application field-index
        by reference mantissa(column-at, row-count) by value size auto scale by reference error-object returning code-returned
    perform check.

decide-batch.
    call static "scoreline_batch_new" using by value size auto scorer row-count by reference batch error-object returning code-returned
    perform check
    perform varying column-at from 1 by 1 until column-at > column-count
        if column-field(column-at) >= 0
            move column-field(column-at) to field-index
            if column-kind(column-at) = scoreline-kind-number
                call static "scoreline_batch_set_decimals" using by value size auto batch field-index
                    by reference mantissa(column-at, 1) by value size auto scale row-count by reference error-object
                    returning code-returned
            else
                call static "scoreline_batch_set_padded" using by value size auto batch field-index by reference level(column-at, 1)
                    by value size auto width row-count by reference error-object returning code-returned
            end-if
            perform check
        end-if
    end-perform
    initialize decision-table
    move scoreline-decision-size to decision-size(1)
    call static "scoreline_decide_batch" using by value size auto scorer batch as-of thread-count by reference decision-table
        by value size auto row-count by reference refused error-object returning code-returned
    perform check
    if refused not = null
        move refused to error-object
        move scoreline-invalid-data to code-returned
        perform check
    end-if.

print-hash.
    call static "scoreline_digest_new" using by reference digest error-object returning code-returned
    perform check
    perform varying row-at from 1 by 1 until row-at > row-count
        call "canonical" using scorer decision(row-at) line-text line-length
        add 1 to line-length
        move x"0a" to line-text(line-length:1)
        move line-length to byte-count
        call static "scoreline_digest_update" using by value size auto digest by reference line-text by value size auto byte-count
            by reference error-object returning code-returned
        perform check
    end-perform
    call static "scoreline_digest_hex" using by value size auto digest by reference hex by value size auto hex-size by reference error-object
        returning code-returned
    perform check
    display "cobol   " way " " hex(1:64)
    call static "scoreline_digest_free" using by value size auto digest returning omitted.

check.
    if code-returned not = scoreline-ok
        call static "scoreline_error_message" using by value size auto error-object returning message-pointer
        set address of message-text to message-pointer
        move spaces to line-text
        string message-text delimited by x"00" into line-text
        display function trim(line-text) upon syserr
        stop run returning 1
    end-if.
end program south-german.
