*> The conformance vectors of events: added one by one, straight and through text after each, then the windows by their bits, the
*> features that left events out, and the decision.
identification division.
program-id. events.

environment division.
input-output section.
file-control.
    select vectors assign to "tests/conformance/events/current_accounts.tsv" organization line sequential
        file status is vectors-status.

data division.
file section.
fd vectors.
01 vector-line       pic x(4096).

working-storage section.
copy "scoreline.cpy".
01 scorer            usage pointer value null.
01 application       usage pointer value null.
*> A row of the values that are expected: text is read by the library, and not as comp-2 by COBOL.
01 wanted            usage pointer value null.
01 event-row         usage pointer value null.
01 straight          usage pointer value null.
01 stored            usage pointer value null.
01 which-events      usage pointer value null.
01 which-row         usage pointer value null.
01 error-object      usage pointer value null.
01 code-returned     usage binary-long unsigned.

01 model-path        pic x(64) value z"tests/artefacts/v1/current_accounts.json".
01 vectors-status    pic xx.
   88 vectors-ok     value "00".
   88 vectors-end    value "10".

01 vector-length     usage binary-long.
01 next-part         usage binary-long.
01 what              pic x(8).
01 case-name         pic x(256).
01 part              pic x(512).
01 part-length       usage binary-long.
01 expected          pic x(512).
01 source-name       pic x(64).
01 day-text          pic x(16).
01 as-of             usage binary-long.
01 day-read          usage binary-long.
01 event-day         usage binary-long.
01 published-day     usage binary-long.
01 event-id          pic x(64).
01 event-id-length   usage binary-double unsigned.
01 id-pointer        usage pointer.

01 field-name        pic x(128).
01 field-index       usage binary-double unsigned.
01 next-in-cell      usage binary-long.
01 text-from         usage binary-long.
01 text-length       usage binary-double unsigned.
01 cell-kind         pic x.
01 flag              usage binary-long unsigned.
01 digits            pic x(32).
01 digits-length     usage binary-long.
01 point-at          usage binary-long.
01 mantissa          usage binary-double.
01 scale             usage binary-long.
01 number-value      usage comp-2.
01 number-bits       redefines number-value usage binary-double unsigned.
01 hex-at            usage binary-long.
01 hex-digit         usage binary-long.
01 hex-digits        pic x(16) value "0123456789abcdef".
01 actual-value      usage comp-2.
01 actual-bits       redefines actual-value usage binary-double unsigned.
01 cut-index         usage binary-double unsigned.

01 state-text        pic x(65536).
01 state-size        usage binary-double unsigned value 65536.
01 state-length      usage binary-double unsigned.

01 decision.
   copy "scoreline-decision.cpy" replacing ==:d:== by ==decision==.
01 actual            pic x(4096).
01 actual-length     usage binary-long unsigned.
01 code-shown        pic 9.
01 first-problem     usage binary-double unsigned value 0.
01 name-pointer      usage pointer.

01 case-count        pic 9(6) value 0.
01 passed            pic 9(6) value 0.
01 failed            pic 9(6) value 0.
01 passed-shown      pic z(5)9.
01 failed-shown      pic z(5)9.

linkage section.
01 name-text         pic x(256).

procedure division.
main.
    call static "scoreline_scorer_load" using by reference model-path scorer error-object returning code-returned
    perform must
    call static "scoreline_row_new" using by value size auto scorer by reference application error-object returning code-returned
    perform must
    call static "scoreline_row_new" using by value size auto scorer by reference wanted error-object returning code-returned
    perform must
    open input vectors
    if not vectors-ok
        display "the vectors cannot be read" upon syserr
        stop run returning 1
    end-if
    read vectors
    perform until vectors-end
        perform run-line
        read vectors
    end-perform
    close vectors
    perform release-events
    call static "scoreline_row_free" using by value size auto application returning omitted
    call static "scoreline_row_free" using by value size auto wanted returning omitted
    call static "scoreline_scorer_free" using by value size auto scorer returning omitted
    if case-count < 20
        display "there are too few vectors" upon syserr
        add 1 to failed
    end-if
    move passed to passed-shown
    move failed to failed-shown
    display function trim(passed-shown) " passed, " function trim(failed-shown) " failed"
    if failed > 0
        stop run returning 1
    end-if
    stop run returning 0.

run-line.
    move 1 to next-part
    move function length(function trim(vector-line trailing)) to vector-length
    perform take-part
    move part to what
    evaluate what
        when "case" perform begin-case
        when "record" perform set-record
        when "event" perform add-event
        when "refused" perform refuse-event
        when "values" perform check-values
        when "cut" perform check-cut
        when "line" perform check-line
        when "later" perform add-later
        when other
            display "an unknown kind of line: " what upon syserr
            stop run returning 1
    end-evaluate.

take-part.
    move spaces to part
    move 0 to part-length
    if next-part <= vector-length
        unstring vector-line(1:vector-length) delimited by x"09" into part count in part-length with pointer next-part
    end-if.

begin-case.
    add 1 to case-count
    perform take-part
    move part to case-name
    perform take-part
    string part(1:part-length) x"00" delimited by size into day-text
    call static "scoreline_date_parse" using by reference day-text as-of error-object returning code-returned
    perform must
    perform release-events
    call static "scoreline_events_new" using by value size auto scorer by reference straight error-object returning code-returned
    perform must
    call static "scoreline_events_new" using by value size auto scorer by reference stored error-object returning code-returned
    perform must
    call static "scoreline_row_clear" using by value size auto application by reference error-object returning code-returned
    perform must.

release-events.
    call static "scoreline_events_free" using by value size auto straight returning omitted
    call static "scoreline_events_free" using by value size auto stored returning omitted.

set-record.
    set which-row to application
    perform take-part
    perform until part-length = 0
        perform set-cell
        perform must
        perform take-part
    end-perform.

add-event.
    perform read-event
    perform must
    set which-events to straight
    perform pass-event
    perform must
    set which-events to stored
    perform pass-event
    perform must
    perform release-row
    call static "scoreline_events_json" using by value size auto stored by reference state-text by value size auto state-size
        by reference state-length error-object returning code-returned
    perform must
    call static "scoreline_events_free" using by value size auto stored returning omitted
    call static "scoreline_events_parse" using by value size auto scorer by reference state-text by value size auto state-length
        by reference stored error-object returning code-returned
    perform must.

refuse-event.
    perform take-part
    move part to expected
    perform read-event
    if code-returned = scoreline-ok
        set which-events to straight
        perform pass-event
    end-if
    perform release-row
    perform compare-error.

*> An event that becomes known later: the day before can no longer be asked.
add-later.
    perform read-event
    perform must
    set which-events to straight
    perform pass-event
    perform must
    perform release-row
    call static "scoreline_events_read" using by value size auto straight as-of application by reference error-object
        returning code-returned
    move "2:as_of" to expected
    perform compare-error.

*> Source, day, publication and key, each perhaps empty, then the cells of a new row.
read-event.
    perform take-part
    string part(1:part-length) x"00" delimited by size into source-name
    perform take-part
    perform read-day
    move day-read to event-day
    move scoreline-no-date to published-day
    perform take-part
    if part-length > 0
        perform read-day
        move day-read to published-day
    end-if
    perform take-part
    move part to event-id
    move part-length to event-id-length
    call static "scoreline_row_new_event" using by value size auto scorer by reference source-name event-row error-object
        returning code-returned
    set which-row to event-row
    perform take-part
    perform until part-length = 0 or code-returned not = scoreline-ok
        perform set-cell
        perform take-part
    end-perform.

read-day.
    string part(1:part-length) x"00" delimited by size into day-text
    call static "scoreline_date_parse" using by reference day-text day-read error-object returning code-returned
    perform must.

pass-event.
    set id-pointer to null
    if event-id-length > 0
        set id-pointer to address of event-id
    end-if
    call static "scoreline_events_add" using by value size auto which-events event-row event-day published-day id-pointer
        event-id-length by reference error-object returning code-returned.

release-row.
    call static "scoreline_row_free" using by value size auto event-row returning omitted
    set event-row to null.

*> name=kind:value into which-row.
set-cell.
    perform name-cell
    call static "scoreline_row_field" using by value size auto which-row by reference field-name field-index error-object
        returning code-returned
    if code-returned = scoreline-ok
        evaluate cell-kind
            when "b" perform set-bits
            when "f"
                move 0 to flag
                if part(text-from:4) = "true"
                    move 1 to flag
                end-if
                call static "scoreline_row_set_flag" using by value size auto which-row field-index flag by reference error-object
                    returning code-returned
            when "m"
                call static "scoreline_row_set_missing" using by value size auto which-row field-index by reference error-object
                    returning code-returned
            when "c"
                call static "scoreline_row_set_category" using by value size auto which-row field-index
                    by reference part(text-from:) by value size auto text-length by reference error-object returning code-returned
            when "n" perform set-number
            when "d" perform set-text
            when other
                display "an unknown kind of cell: " cell-kind upon syserr
                stop run returning 1
        end-evaluate
    end-if.

name-cell.
    move 1 to next-in-cell
    move spaces to field-name
    unstring part delimited by "=" into field-name with pointer next-in-cell
    move part(next-in-cell:1) to cell-kind
    compute text-from = next-in-cell + 2
    compute text-length = part-length - text-from + 1
    string function trim(field-name) x"00" delimited by size into field-name.

set-text.
    call static "scoreline_row_set_text" using by value size auto which-row field-index by reference part(text-from:)
        by value size auto text-length by reference error-object returning code-returned.

*> 12.50 is 1250 with scale 2. What has an exponent or too many digits, and what is expected, goes as text.
set-number.
    move spaces to digits
    move part(text-from:) to digits
    move function length(function trim(digits)) to digits-length
    move 0 to scale
    move 0 to point-at
    inspect digits tallying point-at for characters before initial "."
    inspect digits tallying scale for all "e"
    if scale > 0 or digits-length > 17 or digits(1:2) = "-0" or which-row = wanted
        perform set-text
    else
        move 0 to scale
        if point-at < digits-length
            compute scale = digits-length - point-at - 1
        end-if
        compute mantissa = function numval(digits) * 10 ** scale
            on size error
                display "a number is too large" upon syserr
                stop run returning 1
        end-compute
        call static "scoreline_row_set_decimal_ref" using by value size auto which-row field-index
            by reference mantissa by value size auto scale by reference error-object returning code-returned
    end-if.

set-bits.
    move 0 to number-bits
    perform varying hex-at from 0 by 1 until hex-at = 16
        move 0 to hex-digit
        inspect hex-digits tallying hex-digit for characters before initial part(text-from + hex-at:1)
        compute number-bits = number-bits * 16 + hex-digit
    end-perform
    call static "scoreline_row_set_number" using by value size auto which-row field-index number-value by reference error-object
        returning code-returned.

check-values.
    set which-events to stored
    perform compare-values
    move 1 to next-part
    perform take-part
    set which-events to straight
    perform compare-values.

compare-values.
    call static "scoreline_events_read" using by value size auto which-events as-of application by reference error-object
        returning code-returned
    perform must
    set which-row to wanted
    perform take-part
    perform until part-length = 0
        perform set-cell
        perform must
        call static "scoreline_row_number" using by value size auto wanted field-index by reference number-value error-object
            returning code-returned
        perform must
        call static "scoreline_row_number" using by value size auto application field-index by reference actual-value error-object
            returning code-returned
        perform must
        if number-bits = actual-bits
            add 1 to passed
        else
            add 1 to failed
            display function trim(case-name) ": " function trim(part) " is " actual-value upon syserr
        end-if
        perform take-part
    end-perform.

check-cut.
    move 0 to cut-index
    perform take-part
    perform until part-length = 0
        move part to expected
        perform read-cut
        perform compare-texts
        add 1 to cut-index
        perform take-part
    end-perform
    move "none" to expected
    perform read-cut
    perform compare-texts.

read-cut.
    move "none" to actual
    call static "scoreline_events_cut" using by value size auto stored as-of cut-index returning name-pointer
    if name-pointer not = null
        move spaces to actual
        set address of name-text to name-pointer
        string name-text delimited by x"00" into actual
    end-if.

check-line.
    perform take-part
    move part to expected
    move scoreline-decision-size to decision-size
    call static "scoreline_decide" using by value size auto scorer application as-of by reference decision error-object
        returning code-returned
    perform must
    move spaces to actual
    call "canonical" using scorer decision actual actual-length
    perform compare-texts.

compare-texts.
    if actual = expected
        add 1 to passed
    else
        add 1 to failed
        display function trim(case-name) upon syserr
        display "  expected " function trim(expected) upon syserr
        display "  actual   " function trim(actual) upon syserr
    end-if.

*> code:field of the error, which is released.
compare-error.
    move spaces to actual
    move code-returned to code-shown
    move 1 to actual-length
    string code-shown ":" delimited by size into actual with pointer actual-length
    call static "scoreline_error_problem_field" using by value size auto error-object first-problem returning name-pointer
    if name-pointer not = null
        set address of name-text to name-pointer
        string name-text delimited by x"00" into actual with pointer actual-length
    end-if
    call static "scoreline_error_free" using by value size auto error-object returning omitted
    perform compare-texts.

must.
    if code-returned not = scoreline-ok
        display "cannot go on: code " code-returned " in " function trim(case-name) upon syserr
        stop run returning 1
    end-if.
end program events.
