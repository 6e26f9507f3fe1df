*> Every conformance vector of decisions and of reviews, record by record. Numbers cross as scaled decimals where they are plain, as
*> text where they have an exponent, and by their bits where the vector says so.
identification division.
program-id. conformance.

environment division.
input-output section.
file-control.
    select vectors assign to dynamic vectors-path organization line sequential file status is vectors-status.

data division.
file section.
fd vectors.
01 vector-line       pic x(4096).

working-storage section.
copy "scoreline.cpy".
01 scorer            usage pointer value null.
01 application       usage pointer value null.
01 error-object      usage pointer value null.
01 code-returned     usage binary-long unsigned.

01 vectors-path      pic x(256).
01 model-path        pic x(256).
01 day-text          pic x(16).
01 as-of             usage binary-long.
01 vectors-status    pic xx.
   88 vectors-ok     value "00".
   88 vectors-end    value "10".

01 vector-name       pic x(256).
01 verdict           pic x(8).
01 expected          pic x(4096).
01 cell              pic x(512).
01 cell-length       usage binary-long.
01 field-name        pic x(128).
01 field-index       usage binary-double unsigned.
01 field-kind        usage binary-long unsigned.
01 cell-kind         pic x.
01 vector-length     usage binary-long.
01 next-part         usage binary-long.
01 next-in-cell      usage binary-long.
01 text-from         usage binary-long.
01 text-length       usage binary-double unsigned.
01 flag              usage binary-long unsigned.

*> Of a review: the tier that the account has and its first day.
01 vectors-kind      pic x value "d".
   88 of-decisions   value "d".
   88 of-reviews     value "r".
01 tier-text         pic x.
01 tier-letter       usage binary-char unsigned.
01 since-text        pic x(16).
01 since             usage binary-long.

01 digits            pic x(32).
01 digits-length     usage binary-long.
01 point-at          usage binary-long.
01 mantissa          usage binary-double.
01 scale             usage binary-long.

01 number-value      usage comp-2.
01 number-bits       redefines number-value usage binary-double unsigned.
01 hex-text          pic x(16).
01 hex-at            usage binary-long.
01 hex-digit         usage binary-long.
01 hex-digits        pic x(16) value "0123456789abcdef".

01 decision.
   copy "scoreline-decision.cpy" replacing ==:d:== by ==decision==.
01 review.
   copy "scoreline-review.cpy" replacing ==:r:== by ==review==.
01 line-room         usage binary-double unsigned value 4096.
01 line-length       usage binary-double unsigned.

*> The parts of an expected line, and what a member of the review says.
01 parts.
   05 part           pic x(1024) occurs 24 times.
01 part-at           usage binary-long.
01 part-shown        pic z9.
01 told              pic x(1024).
01 told-at           usage binary-long.
01 told-value        usage comp-2.
01 told-bits         redefines told-value usage binary-double unsigned.
01 told-number       usage binary-long unsigned.
01 told-day          usage binary-long.
01 told-money        usage binary-double.
01 number-shown      pic z(9)9.
01 money-shown       pic -(12)9.99.
01 day-digits        pic 9(8).
01 item-index        usage binary-double unsigned.
01 reason-at         usage binary-long unsigned.
01 letters           pic x(4) value "ABCD".
01 held-words        pic x(40) value "no      band    dwell   step    ceiling ".
01 held-table        redefines held-words.
   05 held-word      pic x(8) occurs 5 times.
01 change-words      pic x(40) value "keep      increase  decrease  unknown   ".
01 change-table      redefines change-words.
   05 change-word    pic x(10) occurs 4 times.

01 actual            pic x(4096).
01 actual-length     usage binary-long unsigned.
01 code-shown        pic 9.
01 first-problem     usage binary-double unsigned value 0.
01 name-pointer      usage pointer.

01 vector-count      pic 9(6) value 0.
01 passed            pic 9(6) value 0.
01 failed            pic 9(6) value 0.
01 passed-shown      pic z(5)9.
01 failed-shown      pic z(5)9.

linkage section.
01 name-text         pic x(256).

procedure division.
main.
    move "tests/conformance/decide.tsv" to vectors-path
    move z"tests/artefacts/v1/south_german_credit.json" to model-path
    move z"2026-11-21" to day-text
    perform run-file
    move "tests/conformance/synthetic.tsv" to vectors-path
    move z"tests/artefacts/v1/synthetic.json" to model-path
    perform run-file
    move "tests/conformance/synthetic_2018.tsv" to vectors-path
    move z"2018-06-30" to day-text
    perform run-file
    move "tests/conformance/segmented.tsv" to vectors-path
    move z"tests/artefacts/v1/segmented.json" to model-path
    move z"2026-11-21" to day-text
    perform run-file
    move "tests/conformance/blended.tsv" to vectors-path
    move z"tests/artefacts/v1/blended.json" to model-path
    perform run-file
    move "tests/conformance/corporate.tsv" to vectors-path
    move z"tests/artefacts/v1/corporate.json" to model-path
    perform run-file
    set of-reviews to true
    move "tests/conformance/reviews/nightly.tsv" to vectors-path
    move z"tests/artefacts/v1/nightly.json" to model-path
    perform run-file
    if vector-count < 150
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

run-file.
    call static "scoreline_scorer_load" using by reference model-path scorer error-object returning code-returned
    perform must
    perform read-day
    call static "scoreline_row_new" using by value size auto scorer by reference application error-object returning code-returned
    perform must
    open input vectors
    if not vectors-ok
        display "the vectors cannot be read" upon syserr
        stop run returning 1
    end-if
    read vectors
    perform until vectors-end
        if vector-line(1:1) not = "#"
            perform run-vector
        end-if
        read vectors
    end-perform
    close vectors
    call static "scoreline_row_free" using by value size auto application returning omitted
    call static "scoreline_scorer_free" using by value size auto scorer returning omitted.

run-vector.
    add 1 to vector-count
    move 1 to next-part
    move spaces to vector-name verdict expected
    move function length(function trim(vector-line trailing)) to vector-length
    unstring vector-line(1:vector-length) delimited by x"09" into vector-name verdict expected with pointer next-part
    if of-reviews
        perform read-standing
    end-if
    call static "scoreline_row_clear" using by value size auto application by reference error-object returning code-returned
    perform must
    perform until next-part > vector-length or code-returned not = scoreline-ok
        move spaces to cell
        unstring vector-line(1:vector-length) delimited by x"09" into cell count in cell-length with pointer next-part
        if cell-length > 0
            perform set-cell
        end-if
    end-perform
    move spaces to actual
    evaluate true
        when code-returned not = scoreline-ok continue
        when of-decisions perform decide-row
        when of-reviews   perform review-row
    end-evaluate
    if code-returned not = scoreline-ok
        move code-returned to code-shown
        move 1 to actual-length
        string code-shown ":" delimited by size into actual with pointer actual-length
        call static "scoreline_error_problem_field" using by value size auto error-object first-problem returning name-pointer
        if name-pointer not = null
            set address of name-text to name-pointer
            string name-text delimited by x"00" into actual with pointer actual-length
        end-if
        call static "scoreline_error_free" using by value size auto error-object returning omitted
    end-if
    if actual = expected and ((verdict = "ok" and code-returned = 0) or (verdict = "error" and code-returned not = 0))
        add 1 to passed
    else
        add 1 to failed
        display function trim(vector-name) upon syserr
        display "  expected " function trim(expected) upon syserr
        display "  actual   " function trim(actual) upon syserr
    end-if.

decide-row.
    move scoreline-decision-size to decision-size
    call static "scoreline_decide" using by value size auto scorer application as-of by reference decision error-object
        returning code-returned
    if code-returned = scoreline-ok
        call "canonical" using scorer decision actual actual-length
    end-if.

read-day.
    call static "scoreline_date_parse" using by reference day-text as-of error-object returning code-returned
    perform must.

*> The day of a review, the tier that the account has and its first day, of which both may be empty.
read-standing.
    move spaces to day-text tier-text since-text
    unstring vector-line(1:vector-length) delimited by x"09" into day-text tier-text since-text with pointer next-part
    string function trim(day-text) x"00" delimited by size into day-text
    perform read-day
    compute tier-letter = function ord(tier-text) - 1
    move scoreline-no-date to since
    if since-text not = spaces
        string function trim(since-text) x"00" delimited by size into since-text
        call static "scoreline_date_parse" using by reference since-text since error-object returning code-returned
        perform must
    end-if.

review-row.
    move scoreline-review-size to review-size
    call static "scoreline_review_row" using by value size auto scorer application tier-letter since as-of
        by reference review error-object returning code-returned
    if code-returned = scoreline-ok
        call static "scoreline_review_canonical" using by value size auto scorer by reference review actual
            by value size auto line-room by reference line-length error-object returning code-returned
        perform must
        move spaces to actual(line-length + 1:)
        perform check-members
    end-if.

*> The members against the parts of the line: the copybook names them right. Rules have no names here.
check-members.
    move 1 to next-in-cell
    move spaces to parts
    perform varying part-at from 1 by 1 until part-at > 24
        unstring expected delimited by "|" into part(part-at) with pointer next-in-cell
    end-perform
    move 1 to part-at   move review-score to told-value      perform must-have-bits
    move 2 to part-at   move review-pd to told-value         perform must-have-bits
    move 11 to part-at  move review-to-better to told-value  perform must-have-bits
    move 12 to part-at  move review-to-worse to told-value   perform must-have-bits
    move 3 to part-at   move letters(review-tier + 1:1) to told       perform must-be-told
    move 6 to part-at   move letters(review-indicated + 1:1) to told  perform must-be-told
    move 7 to part-at   move held-word(review-held + 1) to told       perform must-be-told
    move 19 to part-at  move change-word(review-change + 1) to told   perform must-be-told
    move 4 to part-at
    move "-" to told
    if review-previous not = scoreline-none
        move letters(review-previous + 1:1) to told
    end-if
    perform must-be-told
    move 8 to part-at   move review-forced to told-number    perform must-be-number
    move 9 to part-at   move review-refer to told-number     perform must-be-number
    move 10 to part-at  move review-decline to told-number   perform must-be-number
    move 13 to part-at  move review-warning to told-number   perform must-be-number
    move 24 to part-at  move review-unseen to told-number    perform must-be-number
    move 5 to part-at   move review-since to told-day        perform must-be-day
    move 22 to part-at  move review-next-review to told-day  perform must-be-day
    move 18 to part-at
    move "-" to told
    if review-limit not = scoreline-no-money
        compute money-shown = review-limit / 100
        move function trim(money-shown) to told
    end-if
    perform must-be-told

    move 20 to part-at
    move spaces to told
    move 1 to told-at
    move review-binding to item-index
    call static "scoreline_scorer_limit_binding" using by value size auto scorer item-index returning name-pointer
    perform tell-name
    perform must-be-told
    move 21 to part-at
    move spaces to told
    move 1 to told-at
    move review-action to item-index
    call static "scoreline_scorer_action_code" using by value size auto scorer item-index returning name-pointer
    perform tell-name
    perform must-be-told
    move 23 to part-at
    move spaces to told
    move 1 to told-at
    perform varying reason-at from 1 by 1 until reason-at > review-reason-count
        if reason-at > 1
            string "," delimited by size into told with pointer told-at
        end-if
        move review-reason(reason-at) to item-index
        call static "scoreline_scorer_reason_code" using by value size auto scorer item-index returning name-pointer
        perform tell-name
    end-perform
    perform must-be-told.

tell-name.
    set address of name-text to name-pointer
    string name-text delimited by x"00" into told with pointer told-at.

must-have-bits.
    if part(part-at) = "-"
        if told-bits < 9218868437227405312
            perform is-wrong
        end-if
    else
        move part(part-at) to hex-text
        perform read-bits
        if told-bits not = number-bits
            perform is-wrong
        end-if
    end-if.

must-be-number.
    move "-" to told
    if told-number not = scoreline-none
        move told-number to number-shown
        move function trim(number-shown) to told
    end-if
    perform must-be-told.

must-be-day.
    move "-" to told
    if told-day not = scoreline-no-date
        compute day-digits = function date-of-integer(told-day + 134775)
        string day-digits(1:4) "-" day-digits(5:2) "-" day-digits(7:2) delimited by size into told
    end-if
    perform must-be-told.

must-be-told.
    if told not = part(part-at)
        perform is-wrong
    end-if.

is-wrong.
    add 1 to failed
    move part-at to part-shown
    display function trim(vector-name) ": a member does not say what part " part-shown " of the line says" upon syserr.

*> name=kind:value. A field that no decision reads may hold anything: its refusal does not matter.
set-cell.
    move 1 to next-in-cell
    move spaces to field-name
    unstring cell delimited by "=" into field-name with pointer next-in-cell
    move cell(next-in-cell:1) to cell-kind
    compute text-from = next-in-cell + 2
    compute text-length = cell-length - text-from + 1
    string function trim(field-name) x"00" delimited by size into field-name
    call static "scoreline_scorer_field" using by value size auto scorer by reference field-name field-index error-object
        returning code-returned
    if code-returned = scoreline-ok
        call static "scoreline_scorer_field_kind" using by value size auto scorer field-index returning field-kind
        evaluate cell-kind
            when "n" perform set-number
            when "b" perform set-bits
            when "f" perform set-flag
            when "m"
                call static "scoreline_row_set_missing" using by value size auto application field-index by reference error-object
                    returning code-returned
            when "d"
                call static "scoreline_row_set_text" using by value size auto application field-index by reference cell(text-from:)
                    by value size auto text-length by reference error-object returning code-returned
            when "c"
                call static "scoreline_row_set_category" using by value size auto application field-index
                    by reference cell(text-from:) by value size auto text-length by reference error-object returning code-returned
            when other
                display "an unknown kind of cell: " cell-kind upon syserr
                stop run returning 1
        end-evaluate
        if code-returned not = scoreline-ok
            call static "scoreline_scorer_field_required" using by value size auto scorer field-index returning flag
            if flag = 0
                call static "scoreline_error_free" using by value size auto error-object returning omitted
                move scoreline-ok to code-returned
            end-if
        end-if
    end-if.

*> 12.50 is 1250 with scale 2. A negative zero and numbers with an exponent go as text.
set-number.
    move spaces to digits
    move cell(text-from:) to digits
    move function length(function trim(digits)) to digits-length
    move 0 to scale
    move 0 to point-at
    inspect digits tallying point-at for characters before initial "."
    inspect digits tallying scale for all "e"
    if (scale > 0 or digits-length > 17 or digits(1:2) = "-0") and field-kind = scoreline-kind-number
        call static "scoreline_row_set_text" using by value size auto application field-index by reference cell(text-from:)
            by value size auto text-length by reference error-object returning code-returned
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
        call static "scoreline_row_set_decimal_ref" using by value size auto application field-index
            by reference mantissa by value size auto scale by reference error-object returning code-returned
    end-if.

set-bits.
    move cell(text-from:) to hex-text
    perform read-bits
    call static "scoreline_row_set_number" using by value size auto application field-index number-value by reference error-object
        returning code-returned.

read-bits.
    move 0 to number-bits
    perform varying hex-at from 1 by 1 until hex-at > 16
        move 0 to hex-digit
        inspect hex-digits tallying hex-digit for characters before initial hex-text(hex-at:1)
        compute number-bits = number-bits * 16 + hex-digit
    end-perform.

set-flag.
    move 0 to flag
    if cell(text-from:4) = "true"
        move 1 to flag
    end-if
    call static "scoreline_row_set_flag" using by value size auto application field-index flag by reference error-object
        returning code-returned.

must.
    if code-returned not = scoreline-ok
        display "cannot go on: code " code-returned upon syserr
        stop run returning 1
    end-if.
end program conformance.
